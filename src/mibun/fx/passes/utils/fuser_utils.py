"""Several steps of a graph made into one: a call of a Module that does them."""

from __future__ import annotations

import copy
from typing import Any

from ..._compatibility import compatibility
from ...graph import Graph
from ...graph_module import GraphModule
from ...node import Node
from .common import lift_subgraph_as_module
from .partitions import topo_sort, validate_partition

NodeList = list[Node]
NodeSet = set[Node]
__all__ = [
    "erase_nodes",
    "fuse_as_graphmodule",
    "fuse_by_partitions",
    "insert_subgm",
    "topo_sort",
    "validate_partition",
]


@compatibility(is_backward_compatible=False)
def fuse_as_graphmodule(
    gm: GraphModule,
    nodes: list[Node],
    module_name: str,
    partition_lookup_table: dict[Node, int | None] | None = None,
    *,
    always_return_tuple: bool = False,
) -> tuple[GraphModule, tuple[Node, ...], tuple[Node, ...]]:
    """A GraphModule that does some steps of `gm`, which stays as it is.

    Returns it, what it needs, and what others use of it, both in the order of its arguments and results. AssertionError
    where the steps are of different graphs, or cannot be made into one.
    """
    members: Any = dict.fromkeys(nodes) if partition_lookup_table is None else partition_lookup_table
    for node in nodes:
        if node.graph.owning_module is not gm:
            raise AssertionError(f"{node} doesn't belong to passed in graph module {gm._get_name()}")
        if node._erased:
            raise AssertionError(f"{node} has been removed from owning graph")
    if not validate_partition(nodes):
        raise AssertionError("Invalid partition, found dependency cycles")
    subgraph = Graph()
    inputs: dict[Node, Node] = {}
    copies: dict[Node, Node] = {}

    def own(used: Node) -> Node:
        if used in copies:
            return copies[used]
        if used not in inputs:
            inputs[used] = subgraph.placeholder(used.name, type_expr=used.type)
            inputs[used].meta = copy.copy(used.meta)
        return inputs[used]

    for node in nodes:
        copies[node] = subgraph.node_copy(node, own)
    outputs = {node: copies[node] for node in nodes if any(user not in members for user in node.users)}
    results = tuple(outputs.values())
    subgraph.output(results[0] if len(results) == 1 and not always_return_tuple else results)
    subgraph.lint()
    made, _ = lift_subgraph_as_module(gm, subgraph, comp_name="", class_name=module_name)
    return made, tuple(inputs), tuple(outputs)


@compatibility(is_backward_compatible=False)
def insert_subgm(
    gm: GraphModule,
    sub_gm: GraphModule,
    orig_inputs: tuple[Node, ...],
    orig_outputs: tuple[Node, ...],
    insertion_point: Node | None = None,
) -> GraphModule:
    """Let a GraphModule take the place of `orig_outputs` in `gm`; it is called with `orig_inputs`.

    insertion_point: the Node after which the call comes; by default the last of the outputs.
    """
    name = sub_gm.__class__.__name__
    gm.add_submodule(name, sub_gm)
    point = max(orig_outputs) if insertion_point is None else insertion_point
    with gm.graph.inserting_after(point):
        call = gm.graph.call_module(name, args=orig_inputs, kwargs=None)
        result = sub_gm.graph.output_node().args[0]
        if len(orig_outputs) == 1 and not isinstance(result, tuple):
            orig_outputs[0].replace_all_uses_with(call, propagate_meta=True)
        else:
            after = call
            for index, old in enumerate(orig_outputs):
                with gm.graph.inserting_after(after):
                    part = _item(gm, call, index)
                old.replace_all_uses_with(part, propagate_meta=True)
                after = part
    return gm


def _item(gm: GraphModule, call: Node, index: int) -> Node:
    from ...proxy import Proxy

    return Proxy(call)[index].node


@compatibility(is_backward_compatible=False)
def erase_nodes(gm: GraphModule, nodes: list[Node]) -> None:
    """Remove Nodes that only each other use, given in the graph's order."""
    for node in reversed(nodes):
        gm.graph.erase_node(node)


@compatibility(is_backward_compatible=False)
def fuse_by_partitions(
    gm: GraphModule,
    partitions: list[dict[Node, int | None]],
    prefix: str = "fused_",
    always_return_tuple: bool = False,
) -> GraphModule:
    """Make each group of steps into a call of a Module named `prefix` and a number. Changes `gm`, and returns it."""
    from ..tools_common import legalize_graph

    for number, partition in enumerate(partitions):
        ordered = sorted(partition)
        made, inputs, outputs = fuse_as_graphmodule(
            gm, ordered, f"{prefix}{number}", partition, always_return_tuple=always_return_tuple
        )
        insert_subgm(gm, made, inputs, outputs)
        erase_nodes(gm, ordered)
    legalize_graph(gm)
    return gm
