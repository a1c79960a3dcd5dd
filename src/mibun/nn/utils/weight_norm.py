"""The older form of weight normalisation: a hook that computes the weight before each call. See `parametrizations`."""

from __future__ import annotations

import warnings
from typing import Any

from ...core.site import stacklevel
from ...ops.nn.weight_norm import norm_except_dim, weight_normed
from ..modules.module import Module
from ..parameter import Parameter
from .weight_hook import WeightHook


class WeightNorm(WeightHook):
    """The hook of `weight_norm`."""

    kind = "weight_norm"

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Module) -> Any:
        """g v / |v|."""
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return weight_normed(v, g, dim=None if self.dim == -1 else self.dim % v.dim())

    def remove(self, module: Module) -> None:
        """Make the weight a parameter again."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        del module._parameters[self.name + "_g"]
        del module._parameters[self.name + "_v"]
        setattr(module, self.name, Parameter(weight.detach()))


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Replace a weight by `name_g`, its length, and `name_v`, its direction: `w = g v / ‖v‖`. FutureWarning.

    `parametrizations.weight_norm` is the newer form, whose arguments these are. RuntimeError where it was replaced
    before.

    Source: Salimans and Kingma, Weight Normalization, 2016.

    >>> import mibun as torch
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = torch.nn.utils.weight_norm(torch.nn.Linear(3, 2))
    >>> sorted(name for name, parameter in layer.named_parameters())
    ['bias', 'weight_g', 'weight_v']
    """
    warnings.warn(
        "`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    WeightNorm.refuse_second(module, name)
    function = WeightNorm(name, dim)
    weight = getattr(module, name)
    del module._parameters[name]
    norms = norm_except_dim(weight, 2, function.dim)
    module.register_parameter(name + "_g", Parameter(norms.detach()))
    module.register_parameter(name + "_v", Parameter(weight.detach()))
    setattr(module, name, function.compute_weight(module))
    module.register_forward_pre_hook(function)
    return module


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight a parameter again, with the value that it has. ValueError where it is none of `weight_norm`'s.

    >>> import mibun as torch
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = torch.nn.utils.weight_norm(torch.nn.Linear(3, 2))
    >>> sorted(name for name, parameter in torch.nn.utils.remove_weight_norm(layer).named_parameters())
    ['bias', 'weight']
    """
    return WeightNorm.take_from(module, name)
