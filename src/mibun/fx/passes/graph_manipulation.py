"""Targets exchanged, and how much memory the values of a graph need."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...core.tensor import Tensor
from .._compatibility import compatibility
from ..graph import Graph
from ..graph_module import GraphModule
from ..node import Node, Target, map_aggregate, map_arg
from .shape_prop import ShapeProp, TensorMetadata

__all__ = ["replace_target_nodes_with", "size_bytes", "get_size_of_all_nodes", "get_tensor_meta", "get_size_of_node"]


@compatibility(is_backward_compatible=False)
def replace_target_nodes_with(
    fx_module: GraphModule, old_op: str, old_target: Target, new_op: str, new_target: Target
) -> None:
    """Let all Nodes that do one thing do another, with the same arguments. The module gets a new graph."""
    new_graph = Graph()
    copies: dict[Node, Node] = {}
    for node in fx_module.graph.nodes:
        if node.op == old_op and node.target == old_target:
            args = map_arg(node.args, lambda one: copies[one])
            kwargs = map_arg(node.kwargs, lambda one: copies[one])
            copies[node] = new_graph.create_node(new_op, new_target, args, dict(kwargs), node.name)
        else:
            copies[node] = new_graph.node_copy(node, lambda one: copies[one])
    fx_module.graph = new_graph


@compatibility(is_backward_compatible=False)
class size_bytes(NamedTuple):  # noqa: N801
    """The bytes of a Node's result, and of that with all that the Node itself holds."""

    output_size: int
    total_size: int


@compatibility(is_backward_compatible=False)
def get_size_of_all_nodes(fx_module: GraphModule, args: list[Tensor] | None = None) -> None:
    """Note on each Node its `size_bytes`. args: example inputs, by which the shapes are found first."""
    if args is not None:
        ShapeProp(fx_module).propagate(*args)
    for node in fx_module.graph.nodes:
        if node.op == "output":
            break
        node.size_bytes = get_size_of_node(fx_module, node)


@compatibility(is_backward_compatible=False)
def get_tensor_meta(node: Node) -> TensorMetadata:
    """The TensorMetadata of a Node. RuntimeError where ShapeProp has not been."""
    found = node.meta.get("tensor_meta")
    if not found:
        raise RuntimeError(
            f"Node {node} has no tensor metadata associated with it! Check that shape propagation has run."
        )
    return found


@compatibility(is_backward_compatible=False)
def get_size_of_node(fx_module: GraphModule, node: Node) -> size_bytes:
    """The memory of a Node's result, and with it of its parameters and buffers, by the noted shapes."""
    total = 0
    if node.op == "call_module":
        module = dict(fx_module.named_modules())[node.target]  # type: ignore[index]
        total += sum(parameter.numel() * parameter.element_size() for parameter in module.parameters())
        total += sum(buffer.numel() * buffer.element_size() for buffer in module.buffers())
    output = 0

    def count(leaf: Any) -> Any:
        nonlocal output
        if isinstance(leaf, TensorMetadata):
            output += leaf.shape.numel() * leaf.dtype.itemsize
        return leaf

    found = get_tensor_meta(node)
    if isinstance(found, TensorMetadata):
        count(found)
    else:
        map_aggregate(found, count)
    return size_bytes(output, total + output)
