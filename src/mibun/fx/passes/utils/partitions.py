"""Whether steps of a graph can be taken together, and in which order they come."""

from __future__ import annotations

from collections import deque

from ..._compatibility import compatibility
from ...node import Node


@compatibility(is_backward_compatible=False)
def topo_sort(nodes: list[Node]) -> list[Node]:
    """The Nodes in an order in which each comes after those among them that it uses (Kahn 1962).

    AssertionError where there is none.
    """
    members = set(nodes)
    missing = {node: sum(used in members for used in node.all_input_nodes) for node in nodes}
    ready = deque([node for node in nodes if missing[node] == 0])
    found: list[Node] = []
    while ready:
        node = ready.popleft()
        found.append(node)
        for user in node.users:
            if user in missing:
                missing[user] -= 1
                if missing[user] == 0:
                    ready.append(user)
    if len(found) != len(nodes):
        raise AssertionError("topological sorted nodes doesn't have same length as input nodes")
    return found


@compatibility(is_backward_compatible=False)
def validate_partition(partition: list[Node]) -> bool:
    """Whether the steps can be made into one: no way leads out of them and back in."""
    members = set(partition)
    pending = [user for node in partition for user in node.users if user not in members]
    seen = set(pending)
    while pending:
        node = pending.pop()
        if node in members:
            return False
        for user in node.users:
            if user not in seen:
                seen.add(user)
                pending.append(user)
    return True
