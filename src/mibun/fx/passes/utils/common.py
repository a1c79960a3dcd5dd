"""A part of a graph as a Module of its own, and whether two graphs are the same."""

from __future__ import annotations

from typing import Any

from ....nn.modules.module import Module
from ..._compatibility import compatibility
from ...graph import Graph
from ...graph_module import GraphModule
from .matcher_utils import SubgraphMatcher

__all__ = ["HolderModule", "lift_subgraph_as_module", "compare_graphs"]


@compatibility(is_backward_compatible=False)
class HolderModule(Module):
    """A Module with the given parts, which does nothing itself."""

    def __init__(self, d: dict[str, Module | None]) -> None:
        super().__init__()
        for name, module in d.items():
            self.add_module(name, module)


@compatibility(is_backward_compatible=False)
def lift_subgraph_as_module(
    gm: GraphModule, subgraph: Graph, comp_name: str = "", class_name: str = "GraphModule"
) -> tuple[GraphModule, dict[str, str]]:
    """A GraphModule of a graph whose targets are parts of `gm`, with these parts.

    Returns it, and the dotted name of each part within it, after `comp_name`, -> that within `gm`.
    """
    parts: dict[str, Module] = {}
    names: dict[str, str] = {}
    holder = HolderModule({})
    for node in subgraph.nodes:
        if node.op not in ("call_module", "get_attr"):
            continue
        target = node.target
        assert isinstance(target, str)
        *path, field = target.split(".")
        original: Any = gm
        current: Any = holder
        for part in path:
            names.setdefault(f"{comp_name}.{part}", part)
            if not hasattr(current, part):
                current.add_module(part, HolderModule({}))
            current = getattr(current, part)
            original = getattr(original, part)
        value = getattr(original, field)
        if isinstance(value, Module):
            parts[target] = value
        setattr(current, field, value)
        names[f"{comp_name}.{target}"] = target
    return GraphModule(holder, subgraph, class_name), names


@compatibility(is_backward_compatible=False)
def compare_graphs(left: Graph, right: Graph) -> bool:
    """Whether two graphs do the same, whatever the names of their Nodes."""
    return len(SubgraphMatcher(left, match_output=True, match_placeholder=True).match(right)) > 0
