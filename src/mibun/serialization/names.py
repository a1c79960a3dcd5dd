"""The names that things have in files: PyTorch's, so that files can be exchanged with it.

A class of mibun's stands in a file under the name of the module where PyTorch has it, and a name of PyTorch's is looked
for in mibun's module of that name.
"""

from __future__ import annotations

import importlib
from types import FunctionType
from typing import Any

from ..core.registry import public_module

# Where PyTorch has what these modules of mibun's define, where that is not the module of the same name: the first of
# the places in which mibun has it, too, else the last.
_PLACES = {
    "autograd.graph": ("autograd.graph",),
    "core.mode": ("autograd.grad_mode",),
    "core.tensor": ("",),
    "core.size": ("",),
    "core.device": ("",),
    "distributions.composed_transforms": ("distributions.transforms",),
    "distributions.matrix_transforms": ("distributions.transforms",),
    "distributions.pointwise_transforms": ("distributions.transforms",),
    "distributions.transform": ("distributions.transforms",),
    "func.debugging": ("func",),
    "func.differentiation": ("func",),
    "func.forward": ("func",),
    "func.functionalization": ("func",),
    "func.jacobians": ("func",),
    "func.modules": ("func",),
    "func.rearranging": ("func",),
    "func.vectorization": ("func",),
    "fx.code_generation": ("fx.graph",),
    "nn.functional_names": ("nn.functional",),
    "nn.linear_cross_entropy": ("nn.modules.linear_cross_entropy_options",),
    "nn.modules.attention": ("nn.modules.activation", "nn.modules.linear"),
    "nn.modules.batchnorm": ("nn.modules.instancenorm", "nn.modules.batchnorm"),
    "nn.modules.class_loss": ("nn.modules.loss",),
    "nn.modules.lazy": (
        *("nn.modules.batchnorm", "nn.modules.conv", "nn.modules.instancenorm", "nn.modules.linear"),
        "nn.modules.lazy",
    ),
    "nn.modules.loss_base": ("nn.modules.loss",),
    "nn.modules.margin_loss": ("nn.modules.loss",),
    "nn.modules.piecewise_linear": ("nn.modules.activation",),
    "nn.modules.recurrent_cells": ("nn.modules.rnn",),
    "nn.modules.recurrent_layers": ("nn.modules.rnn",),
    "nn.modules.regression_loss": ("nn.modules.loss",),
    "nn.modules.resampling": (
        *("nn.modules.channelshuffle", "nn.modules.fold", "nn.modules.pixelshuffle", "nn.modules.upsampling"),
    ),
    "nn.modules.smooth_activation": ("nn.modules.activation",),
    "nn.modules.softmax": ("nn.modules.activation",),
    "nn.modules.sync_batchnorm": ("nn.modules.batchnorm",),
    "nn.modules.unpooling": ("nn.modules.pooling",),
    "nn.uninitialized": ("nn.parameter",),
    "nn.utils.orthogonal": ("nn.utils.parametrizations",),
    "ops.conversion.typed_storages": ("storage", ""),
    "ops.conversion.untyped_storages": ("storage",),
    "optim.adafactor": ("optim",),
    "optim.adam": ("optim.adamax", "optim.adamw", "optim.nadam", "optim.radam", "optim.adam"),
    "optim.adaptive": ("optim.adadelta", "optim.adagrad", "optim.rmsprop"),
    "optim.lr_scheduler.base": ("optim.lr_scheduler",),
    "optim.lr_scheduler.composed": ("optim.lr_scheduler",),
    "optim.lr_scheduler.cycle": ("optim.lr_scheduler",),
    "optim.lr_scheduler.decay": ("optim.lr_scheduler",),
    "optim.lr_scheduler.plateau": ("optim.lr_scheduler",),
    "optim.muon": ("optim",),
    "optim.swapping": ("optim",),
    "utils.data._utils.worker_info": ("utils.data._utils.worker",),
    "utils.swapping": ("utils",),
}
# Packages of mibun's that are nowhere in PyTorch.
_OWN = {"core", "xp", "dispatch", "ops", "compat", "array_api", "cli"}


def torch_name(obj: Any, qualified: str | None = None) -> tuple[str, str] | None:
    """(module, name) that PyTorch has for something of mibun's; None for what is not mibun's, or has no such name."""
    module, name = getattr(obj, "__module__", None), qualified or getattr(obj, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        return None
    if module == "mibun.overrides" and "/" in name:  # a function that has been exchanged there for one that asks
        module, _, name = name.replace("/", ".").rpartition(".")
        return "torch" + module.removeprefix("mibun"), name
    root, _, rest = module.partition(".")
    if root != "mibun":
        return None
    places = _PLACES.get(rest, () if rest.partition(".")[0] in _OWN else (rest,))
    shown = public_module(obj) if isinstance(obj, (type, FunctionType)) else module
    if shown != module:  # an index says where users find it
        places = (shown.removeprefix("mibun").removeprefix("."), *places)
    for place in (*places, "", "nn.functional"):
        if _in_module(f"mibun.{place}".rstrip("."), name) is obj:
            return f"torch.{place}".rstrip("."), name
    return (f"torch.{places[-1]}", name) if places and _in_module(module, name) is obj else None


def find(place: str, name: str) -> Any:
    """What mibun has under a name of `torch.<place>`; None if nothing."""
    found = _in_module(f"mibun.{place}".rstrip("."), name)
    if found is None:
        for own, places in _PLACES.items():
            if place in places and found is None:
                found = _in_module(f"mibun.{own}", name)
    return found


def _in_module(module: str, name: str) -> Any:
    try:
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return found
