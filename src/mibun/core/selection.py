"""What of a graph a backward has to run that is asked for the gradients of some tensors only."""

from __future__ import annotations

from collections.abc import Container, Sequence

from .node import Node


def on_paths_to(targets: set[Node], roots: Sequence[Node]) -> set[Node]:
    """The nodes from which one of the targets can be reached (the targets themselves only if another lies behind)."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[Node] = list(roots)
    users: dict[Node, list[Node]] = {}
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        order.append(node)
        if not isinstance(node, Node):  # a leaf
            continue
        for edge in node.edges:
            if edge is not None:
                users.setdefault(edge[0], []).append(node)
                if edge[0] not in seen:
                    stack.append(edge[0])
    needed: set[Node] = set()
    stack = [node for node in targets if node in seen]
    while stack:
        for user in users.get(stack.pop(), ()):
            if user not in needed:
                needed.add(user)
                stack.append(user)
    return needed


def without_the_rest(node: Node, needed: Container, captured: Container) -> Node:
    """A node that computes only what is asked of the gradients of its inputs: itself, or a copy that may run once."""
    if not node.pure:
        return node
    edges = tuple([edge if edge is None or edge[0] in needed or edge[0] in captured else None for edge in node.edges])
    if edges == node.edges:
        return node
    copy = object.__new__(type(node))
    vars(copy).update(vars(node))
    copy.edges = edges
    return copy


__all__ = ["on_paths_to", "without_the_rest"]
