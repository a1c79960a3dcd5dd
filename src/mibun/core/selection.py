"""What of a graph a backward has to run that is asked for the gradients of some tensors only."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from operator import itemgetter
from typing import Any

from .node import Node


def on_paths_to(targets: Collection[Any], roots: Sequence[Any]) -> set[Node]:
    """The nodes from which one of the targets can be reached (the targets themselves only if another lies behind).

    targets, roots: nodes and leaves. What a node depends on has a smaller sequence number.
    """
    oldest = min([target.sequence_nr if isinstance(target, Node) else -1 for target in targets])
    stack = list({root for root in roots if isinstance(root, Node)})
    seen = set(stack)
    nodes = []
    while stack:
        node = stack.pop()
        edges = node.edges
        nodes.append((node.sequence_nr, node, edges))
        for edge in edges:
            if edge is not None and edge[1] is not None:
                target = edge[0]
                if target not in seen and target.sequence_nr >= oldest:
                    seen.add(target)
                    stack.append(target)
    nodes.sort(key=_NUMBER)
    needed: set[Node] = set()
    for _, node, edges in nodes:
        for edge in edges:
            if edge is not None and (edge[0] in targets or edge[0] in needed):
                needed.add(node)
                break
    return needed


_NUMBER = itemgetter(0)


def without_the_rest(node: Node, needed: Container, captured: Container) -> Node:
    """A node that computes only what is asked of the gradients of its inputs: itself, or a copy that may run once."""
    if not node.pure:
        return node
    edges = tuple([edge if edge is None or edge[0] in needed or edge[0] in captured else None for edge in node.edges])
    if edges == node.edges:
        return node
    return node.with_edges(edges)


__all__ = ["on_paths_to", "without_the_rest"]
