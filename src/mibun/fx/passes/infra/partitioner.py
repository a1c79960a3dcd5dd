"""Steps that something supports gathered into as few groups as can be, each made into one call."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from ...graph_module import GraphModule
from ...node import Node, _get_qualified_name
from ..operator_support import OperatorSupportBase
from ..utils.fuser_utils import fuse_by_partitions


class Partition:
    """One group of Nodes."""

    def __init__(
        self,
        id: int | None = None,  # noqa: A002
        nodes: Iterable[Node] | None = None,
        node_orders: Iterable[int] | None = None,
    ) -> None:
        self.id = id
        given = [] if nodes is None else list(nodes)
        orders: Any = itertools.repeat(None) if node_orders is None else list(node_orders)
        self.nodes: dict[Node, int | None] = dict(zip(given, orders, strict=False))

    def __repr__(self) -> str:
        return str(self.nodes)

    def add_node(self, node: Node, node_order: int | None = None) -> None:
        """Add a Node."""
        self.nodes[node] = node_order

    def remove_node(self, node: Node) -> None:
        """Remove a Node."""
        del self.nodes[node]

    def size(self) -> int:
        """How many Nodes there are."""
        return len(self.nodes)


class _DependencyViewer:
    """For each Node all that depend on it."""

    def __init__(self, graph_module: GraphModule) -> None:
        self.downstreams: dict[Node, set[Node]] = {}
        for node in reversed(graph_module.graph.nodes):
            found: set[Node] = set(node.users)
            for user in node.users:
                found |= self.downstreams[user]
            self.downstreams[node] = found

    def downstreams_of(self, node: Node) -> set[Node]:
        """All Nodes that depend on this one."""
        return self.downstreams[node]


class CapabilityBasedPartitioner:
    """Finds groups of supported Nodes, none of which depends on itself by way of others, and fuses them.

    allows_single_node_partition: groups of one count too. non_compute_ops: functions by name that are no work, so that
    a group must have two others; allowed_single_node_partition_ops: those of which one is enough.
    skip_horizontal_fusion: only Nodes that are connected are put together.
    """

    def __init__(
        self,
        graph_module: GraphModule,
        operator_support: OperatorSupportBase,
        allows_single_node_partition: bool = False,
        non_compute_ops: Sequence[str] | None = None,
        allowed_single_node_partition_ops: Sequence[str] | None = None,
        skip_horizontal_fusion: bool = False,
    ) -> None:
        self.graph_module = graph_module
        self.operator_support = operator_support
        self.allows_single_node_partition = allows_single_node_partition
        self.non_compute_ops = non_compute_ops or []
        self.allowed_single_node_partition_ops = allowed_single_node_partition_ops or []
        self.skip_horizontal_fusion = skip_horizontal_fusion
        self.dependency_viewer = _DependencyViewer(graph_module)

    def _is_node_supported(self, node: Node) -> bool:
        return self.operator_support.is_node_supported(dict(self.graph_module.named_modules()), node)

    def propose_partitions(self) -> list[Partition]:
        """The groups, those at the end of the graph first found."""
        assignment: dict[Node, Partition] = {}
        order = {node: index for index, node in enumerate(self.graph_module.graph.nodes)}
        numbers = itertools.count()
        partitions: dict[int, Partition] = {}

        def depends_on_itself(members: set[Node]) -> bool:
            """Whether a way leads out of these Nodes and back in, groups being taken as one Node each."""
            pending = [user for node in members for user in node.users if user not in members]
            seen: set[Node] = set()
            while pending:
                node = pending.pop()
                if node in seen:
                    continue
                seen.add(node)
                if node in members:
                    return True
                group = assignment.get(node)
                for one in [node] if group is None else list(group.nodes):
                    seen.add(one)
                    pending.extend(one.users)
            return False

        for node in reversed(self.graph_module.graph.nodes):
            if node.op not in ("call_function", "call_module", "call_method", "get_attr"):
                continue
            if not self._is_node_supported(node):
                continue
            number = next(numbers)
            group = partitions[number] = Partition(number, [node], [order[node]])
            assignment[node] = group
            neighbours = {id(assignment[user]): assignment[user] for user in node.users if user in assignment}
            candidates = list(neighbours.values())
            if not self.skip_horizontal_fusion:
                candidates += [one for one in partitions.values() if id(one) not in neighbours and one is not group]
            for other in candidates:
                merged = {*group.nodes, *other.nodes}
                if depends_on_itself(merged):
                    continue
                for member, place in other.nodes.items():
                    group.add_node(member, place)
                    assignment[member] = group
                del partitions[other.id]  # type: ignore[arg-type]
        found = [self._in_order(one) for one in partitions.values()]
        return found if self.allows_single_node_partition else [one for one in found if self._is_work(one)]

    @staticmethod
    def _in_order(partition: Partition) -> Partition:
        partition.nodes = dict(sorted(partition.nodes.items(), key=lambda item: item[1] or 0))
        return partition

    def _is_work(self, partition: Partition) -> bool:
        """Whether a group has enough in it."""
        count = 0
        for node in partition.nodes:
            if node.op != "call_function":
                count += node.op != "get_attr"
                continue
            name = _get_qualified_name(node.target)  # type: ignore[arg-type]
            if name in self.allowed_single_node_partition_ops:
                return True
            if name not in self.non_compute_ops and name != "_operator.getitem":
                count += 1
        return count > 1

    def fuse_partitions(self, partitions: list[Partition], prefix: str = "fused_") -> GraphModule:
        """Make each group into a call of a Module. Changes the GraphModule, and returns it."""
        return fuse_by_partitions(self.graph_module, [one.nodes for one in partitions], prefix=prefix)

    def remove_bookend_non_compute_ops(self, partitions: list[Partition]) -> None:
        """Take the Nodes that are no work out of the groups' beginnings and ends."""

        def is_idle(node: Node) -> bool:
            return node.op == "call_function" and _get_qualified_name(node.target) in self.non_compute_ops  # type: ignore[arg-type]

        for partition in partitions:
            changed = True
            while changed:
                changed = False
                for node in list(partition.nodes):
                    inside_before = any(used in partition.nodes for used in node.all_input_nodes)
                    inside_after = any(user in partition.nodes for user in node.users)
                    if is_idle(node) and not (inside_before and inside_after):
                        partition.remove_node(node)
                        changed = True

    def partition_and_fuse(self, prefix: str = "fused_") -> GraphModule:
        """Find the groups and fuse them."""
        return self.fuse_partitions(self.propose_partitions(), prefix=prefix)
