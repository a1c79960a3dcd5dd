"""Attributes of Modules written onto the Nodes that call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import nn
from ...nn.modules.module import Module
from .._compatibility import compatibility
from ..graph_module import GraphModule

_LINEAR = ["weight", "bias"]
_CONV = [*_LINEAR, "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode"]
_NORM = [*_LINEAR, "running_mean", "running_var", "eps"]
# class -> (version, its parameters, how an attribute of an older version is called now)
module_fetch_book: dict[type, tuple[int, list[str], Callable[[str, int], str]]] = {}


@compatibility(is_backward_compatible=False)
def default_matching(name: str, target_version: int) -> str:
    """The name, as attributes are called in all versions."""
    return name


for _kind, _names in ((nn.Linear, _LINEAR), (nn.Conv2d, _CONV), (nn.BatchNorm2d, _NORM)):
    module_fetch_book[_kind] = (getattr(_kind, "_version", None) or 1, _names, default_matching)
for _kind, _names in ((nn.ReLU, ["inplace"]), (nn.AdaptiveAvgPool2d, [])):
    module_fetch_book[_kind] = (1, _names, default_matching)
module_fetch_book[nn.MaxPool2d] = (
    1,
    ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"],
    default_matching,
)


@compatibility(is_backward_compatible=False)
def extract_attrs_for_lowering(mod: Module) -> dict[str, Any]:
    """Attributes of a Module by name. RuntimeError for a class that is not in `module_fetch_book`."""
    found: dict[str, Any] = {"name": f"{type(mod).__module__}.{type(mod).__name__}"}
    if type(mod) not in module_fetch_book:
        raise RuntimeError(f"{found['name']} is not in the module_fetch_book yet, please add an entry first.")
    version, names, matching = module_fetch_book[type(mod)]
    current = getattr(mod, "_version", None) or 1
    if version < current:
        raise RuntimeError(
            f"Fetcher version {version} try to fetch {mod._get_name()} version {current}, please upgrade the "
            "module_fetch_book, open an issue and @842974287 or report a bug to AIACC team directly."
        )
    for name in names:
        found[name] = getattr(mod, matching(name, current))
    return found


@compatibility(is_backward_compatible=False)
def lift_lowering_attrs_to_nodes(fx_module: GraphModule) -> None:
    """Note these attributes on each Node that calls a Module (`attrs_for_lowering`), also in inner GraphModules."""
    submodules = dict(fx_module.named_modules())
    for node in fx_module.graph.nodes:
        if node.op != "call_module":
            continue
        module = submodules[node.target]
        if isinstance(module, GraphModule):
            lift_lowering_attrs_to_nodes(module)
        else:
            node.attrs_for_lowering = extract_attrs_for_lowering(module)
