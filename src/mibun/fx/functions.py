"""How PyTorch's functions hand their arguments on to `__torch_function__`: what a traced call's arguments look like.

Functions that PyTorch has in C++ tell of a call as it was made. Those that it has in Python tell of it with the
arguments that must be given by position, and all the others, defaults included, by name: `F.relu(x)` is recorded as
`torch.nn.functional.relu(x, inplace = False)`.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from ..core.registry import FUNCTIONS
from .naming import qualified_name, torch_path

# Python functions that tell of their calls in that way; those of several tensors (`*tensors`) as they are called.
_BY_NAME = frozenset(
    f"torch.nn.functional.{name}"
    for name in (
        "adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d "
        "adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices adaptive_max_pool3d_with_indices "
        "affine_grid alpha_dropout batch_norm binary_cross_entropy binary_cross_entropy_with_logits celu "
        "cosine_embedding_loss cross_entropy ctc_loss dropout dropout1d dropout2d dropout3d elu embedding "
        "embedding_bag feature_alpha_dropout fold fractional_max_pool2d fractional_max_pool3d "
        "fractional_max_pool2d_with_indices fractional_max_pool3d_with_indices gaussian_nll_loss glu grid_sample "
        "group_norm gumbel_softmax hardsigmoid hardswish hardtanh hinge_embedding_loss huber_loss instance_norm "
        "interpolate kl_div l1_loss layer_norm leaky_relu linear_cross_entropy local_response_norm log_softmax "
        "lp_pool1d lp_pool2d "
        "lp_pool3d margin_ranking_loss max_pool1d max_pool2d max_pool3d max_pool1d_with_indices "
        "max_pool2d_with_indices max_pool3d_with_indices max_unpool1d max_unpool2d max_unpool3d mish mse_loss "
        "multi_head_attention_forward multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss "
        "normalize pad poisson_nll_loss relu relu6 rms_norm rrelu selu silu smooth_l1_loss soft_margin_loss softmax "
        "softmin softsign tanhshrink _threshold triplet_margin_loss triplet_margin_with_distance_loss unfold"
    ).split()
) | {
    *(f"torch.functional.{name}" for name in "cdist norm split stft tensordot".split()),
    *(f"torch._lowrank.{name}" for name in ("pca_lowrank", "svd_lowrank")),
}
# What differs from the order and the defaults of the signature.
_NOT_TOLD = {"torch.nn.functional.l1_loss": ("weight",)}
_FORMS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "torch.functional.unique": (
        ("input",),
        {"sorted": True, "return_inverse": False, "return_counts": False, "dim": None},
    ),
    "torch.functional.unravel_index": (("indices", "shape"), {}),
    "torch.functional.lu": (("A",), {"pivot": True, "get_infos": False, "out": None}),
    "torch.functional.unique_consecutive": (
        ("input",),
        {"return_inverse": False, "return_counts": False, "dim": None},
    ),
}
# Functions that only look at what they are given, and are not recorded.
_ONLY_LOOK = frozenset(("is_storage", "is_tensor"))
# Functions that call `interpolate`: the arguments that it gets from them beside their own.
RESAMPLING = {
    "torch.nn.functional.upsample": {},
    "torch.nn.functional.upsample_bilinear": {"mode": "bilinear", "align_corners": True},
    "torch.nn.functional.upsample_nearest": {"mode": "nearest"},
}
# Functions that are a call of a method.
_METHODS = {"torch.nn.functional.sigmoid": "sigmoid", "torch.nn.functional.tanh": "tanh"}
_NAMESPACES = ("", ".nn.functional", ".linalg", ".special", ".fft")


@cache
def _form(function: Callable, name: str) -> tuple[inspect.Signature, list[str], list[str]] | None:
    """The signature, the names that are given by position, and those given by name; None: as the call was made."""
    if name in _FORMS:
        positional, defaults = _FORMS[name]
        parameters = [inspect.Parameter(one, inspect.Parameter.POSITIONAL_OR_KEYWORD) for one in positional]
        parameters += [
            inspect.Parameter(one, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value)
            for one, value in defaults.items()
        ]
        return inspect.Signature(parameters), list(positional), list(defaults)
    if name not in _BY_NAME:
        return None
    signature = inspect.signature(inspect.unwrap(function))
    required = [p.name for p in signature.parameters.values() if p.default is p.empty]
    left_out = (*required, *_NOT_TOLD.get(name, ()))
    return signature, required, [name for name in _order(name, signature) if name not in left_out]


def _order(name: str, signature: inspect.Signature) -> list[str]:
    names = list(signature.parameters)
    if name == "torch.nn.functional.multi_head_attention_forward":
        names.remove("is_causal")
        names.insert(names.index("attn_mask") + 1, "is_causal")
    return names


def as_told(
    function: Callable, args: tuple, kwargs: dict[str, Any], name: str | None = None
) -> tuple[tuple, dict[str, Any]]:
    """The arguments of a call in the form in which PyTorch's function tells of it, which has this name.

    TypeError where the function does not take them.
    """
    name = name or qualified_name(function)
    form = _form(function, name)
    if form is None:
        if name == "torch.functional.meshgrid":
            return args, {"indexing": None, **kwargs}
        return args, kwargs
    signature, positional, by_name = form
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{function.__name__}() {error}") from None
    bound.apply_defaults()
    given = bound.arguments
    if name == "torch.functional.unravel_index":
        return (given["indices"],), {"shape": given["shape"]}
    return tuple([given[name] for name in positional]), {name: given[name] for name in by_name}


def method_called_by(name: str) -> str | None:
    """The method of the first argument that PyTorch's function of this name calls and does nothing else, or None."""
    return _METHODS.get(name)


def public_functions() -> list[tuple[dict[str, Any], str, FunctionType, str]]:
    """(namespace, name, function, PyTorch's name of it) of all functions that `__torch_function__` is told of."""
    found = []
    root = __name__.partition(".")[0]
    top = vars(importlib.import_module(root))
    check = getattr(top.get("_assert"), "_records", top.get("_assert"))
    if check is not None:
        found.append((top, "_assert", check, "torch._assert"))
    for rest in _NAMESPACES:
        names = vars(importlib.import_module(root + rest))
        for name, value in names.items():
            value = getattr(value, "_records", value)  # a trace is running
            known = bool(rest) or (name in FUNCTIONS and name not in _ONLY_LOOK)
            if known and type(value) is FunctionType and not name.startswith("_"):
                found.append((names, name, value, torch_path(f"torch{rest}", name)))
    return found
