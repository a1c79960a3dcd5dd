"""The graph as the user sees it: `Node`, `GradientEdge` and what can be asked of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from .node import AccumulateGrad, Node, as_node
from .saved import disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks
from .views import bump_version, edge_of


class GradientEdge(NamedTuple):
    """A place in the graph at which a gradient arrives: output `output_nr` of `node`."""

    node: Node
    output_nr: int
    ownership_token: Any = None


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The place in the graph at which the gradient of `tensor` arrives. RuntimeError if it does not require grad."""
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return GradientEdge(*as_node(edge))


def increment_version(tensor: Any) -> None:
    """Tell autograd that the memory of a tensor (or of each of several) was modified by other means."""
    for one in tensor if isinstance(tensor, (list, tuple)) else (tensor,):
        bump_version(one, "increment_version")


__all__ = [
    "AccumulateGrad", "GradientEdge", "Node", "disable_saved_tensors_hooks", "get_gradient_edge", "increment_version",
    "save_on_cpu", "saved_tensors_hooks",
]  # fmt: skip
