"""What passes share: names of targets, groups of steps that belong together, the order of a graph."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.tensor import Tensor
from ...nn.modules.module import Module
from .._compatibility import compatibility
from ..graph import Graph
from ..graph_module import GraphModule
from ..naming import torch_module
from ..node import Node, _get_qualified_name

__all__ = [
    "get_acc_ops_name",
    "get_node_target",
    "is_node_output_tensor",
    "FxNetAccFusionsFinder",
    "legalize_graph",
    "stable_topological_sort",
]

Tensors = tuple[Tensor, ...] | list[Tensor]
TensorOrTensors = Tensor | Tensors
NodeList = list[Node]
NodeSet = set[Node]
Names = list[str]
CALLABLE_NODE_OPS = {"call_module", "call_function", "call_method"}


@compatibility(is_backward_compatible=False)
def get_acc_ops_name(k: str | type) -> str:
    """A target's name, by its last package where it is one of an accelerator's operators."""
    if isinstance(k, str):
        return k
    if k.__module__ and "acc_ops" in k.__module__:
        return f"acc_ops.{k.__name__}"
    module = torch_module(k.__module__).replace("torch._ops", "torch.ops")
    return f"{module}.{k.__name__}" if module else k.__name__


@compatibility(is_backward_compatible=False)
def get_node_target(submodules: Mapping[str, Module], node: Node) -> str:
    """What a computing Node does, as a name: the class of a Module, a function, a method. AssertionError for others."""
    if node.op not in CALLABLE_NODE_OPS:
        raise AssertionError(f"Expect op types of {', '.join(sorted(CALLABLE_NODE_OPS))}, but found {node.op}")
    if node.op == "call_module":
        module = submodules[node.target]  # type: ignore[index]
        return get_acc_ops_name(getattr(module, "_base_class_origin", type(module)))
    if node.op == "call_function":
        function: Any = node.target
        return (
            f"acc_ops.{function.__name__}"
            if "acc_ops" in (function.__module__ or "")
            else (_get_qualified_name(function))
        )
    return str(node.target)


@compatibility(is_backward_compatible=False)
def is_node_output_tensor(node: Node) -> bool:
    """Whether a Node gives a Tensor, by what ShapeProp has noted."""
    kind = node.meta.get("type")
    return kind is not None and issubclass(kind, Tensor)


@compatibility(is_backward_compatible=False)
class FxNetAccFusionsFinder:
    """Finds steps that must stay together since what goes between them is no Tensor.

    Called, it gives for each of such Nodes the set that it belongs to.
    """

    def __init__(self, module: GraphModule, acc_nodes: set[Node]) -> None:
        self.module = module
        self.nodes = list(module.graph.nodes)
        self.acc_nodes = acc_nodes

    @dataclass
    class FusionGroup:
        """Nodes that belong together: where the topmost is, what they need from outside, what is still to be looked
        at."""

        top_node_idx: int
        nodes: set[Node]
        inputs: set[Node]
        nodes_need_process: set[Node]

        def add_node(self, node: Node) -> None:
            """Add a Node."""
            if node in self.nodes:
                return
            self.nodes_need_process.add(node)
            self.nodes.add(node)
            self.inputs.discard(node)
            self.inputs.update(
                {used for used in node.all_input_nodes if used.op in CALLABLE_NODE_OPS and used not in self.nodes}
            )

    def recursive_add_node(
        self,
        fusion_group: FxNetAccFusionsFinder.FusionGroup,
        inputs: set[Node] | list[Node],
        visited: set[Node] | None = None,
    ) -> bool:
        """Add the inputs that depend on the group itself, with all between. Returns whether there were any."""
        found = False
        for arg in inputs:
            if visited is not None:
                if arg in visited:
                    continue
                visited.add(arg)
            if arg.op not in CALLABLE_NODE_OPS or self.nodes.index(arg) < fusion_group.top_node_idx:
                continue
            if arg in fusion_group.nodes or self.recursive_add_node(fusion_group, arg.all_input_nodes, visited):
                fusion_group.add_node(arg)
                found = True
        return found

    def __call__(self) -> dict[Node, set[Node]]:
        result: dict[Node, set[Node]] = {}
        remaining = list(self.acc_nodes)
        for node in remaining:
            if node in result or node.op not in CALLABLE_NODE_OPS or is_node_output_tensor(node):
                continue
            if node not in self.acc_nodes:
                continue
            group = self.FusionGroup(self.nodes.index(node), {node}, set(node.all_input_nodes), {node})
            while group.nodes_need_process:
                one = group.nodes_need_process.pop()
                self.recursive_add_node(group, group.inputs, visited=set())
                if not is_node_output_tensor(one):
                    for user in one.users:
                        if user.op in CALLABLE_NODE_OPS and user not in group.nodes:
                            group.add_node(user)
                            self.recursive_add_node(group, group.inputs, visited=set())
                for used in one.all_input_nodes:
                    if used.op in CALLABLE_NODE_OPS and not is_node_output_tensor(used) and used not in group.nodes:
                        group.add_node(used)
                        group.top_node_idx = min(group.top_node_idx, self.nodes.index(used))
                        self.recursive_add_node(group, group.inputs, visited=set())
            if not group.nodes <= self.acc_nodes:
                self.acc_nodes -= group.nodes
            else:
                for member in group.nodes:
                    result[member] = group.nodes
        return result


def _sorted_anew(gm: GraphModule, order: Sequence[Node]) -> GraphModule:
    """Give a GraphModule a graph with its Nodes in another order."""
    if len(order) < len(gm.graph.nodes):
        raise RuntimeError(
            f"Input graph has cycles, unable to add {[node for node in gm.graph.nodes if node not in set(order)]}"
        )
    made = Graph()
    made._codegen = gm.graph._codegen
    copies: dict[Node, Node] = {}
    for node in order:
        copies[node] = made.node_copy(node, lambda one: copies[one])
    gm.graph = made
    return gm


@compatibility(is_backward_compatible=False)
def legalize_graph(gm: GraphModule) -> GraphModule:
    """Put the Nodes in an order in which each comes after what it uses: breadth first, inputs and attributes first.

    Changes `gm`, and returns it. RuntimeError where there is no such order.
    """
    missing = {node: len(node.all_input_nodes) for node in gm.graph.nodes}
    ready = [node for node in gm.graph.nodes if missing[node] == 0]
    # (Attributes at once, so that they do not end among the steps.)
    order: list[Node] = []
    pending = list(ready)
    while pending:
        node = pending.pop(0)
        order.append(node)
        for user in node.users:
            missing[user] -= 1
            if missing[user] == 0:
                pending.append(user)
    return _sorted_anew(gm, order)


@compatibility(is_backward_compatible=False)
def stable_topological_sort(gm: GraphModule) -> GraphModule:
    """The same, with as little moved as can be: of the Nodes that may come next, the one that was first."""
    position = {node: index for index, node in enumerate(gm.graph.nodes)}
    missing = {node: len(node.all_input_nodes) for node in position}
    heap = [(position[node], node) for node in position if missing[node] == 0]
    heapq.heapify(heap)
    order = []
    while heap:
        _, node = heapq.heappop(heap)
        order.append(node)
        for user in node.users:
            missing[user] -= 1
            if missing[user] == 0:
                heapq.heappush(heap, (position[user], user))
    return _sorted_anew(gm, order)
