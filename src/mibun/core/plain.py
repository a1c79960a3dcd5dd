"""The backward that nearly every call is: over raw arrays, everything wanted, nobody watching.

It is the loop of `engine.py` without what such a backward never needs. What has a hook, and what runs the user's code,
is left to that one, with all that comes after it.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from typing import Any

import numpy as np

from .fitting import add_to, fit, total_of
from .node import Node
from .quiet import NUMERICAL
from .registry import OPERATOR_NODES

_SCALARS = frozenset(np.sctypeDict.values())


def drain(
    heap: list, buffers: dict, leaves: dict, owned: set, keep_graph: bool, node: Any = None, grad: Any = None
) -> tuple[Node, int] | None:
    """Run every node, last made first, beginning with `node` (or the first of the heap), which has received `grad`.

    heap: (- sequence number, node). buffers: node -> what it has received, a list where it has several outputs. leaves:
    id -> [leaf, what it has received, whether that is a sum made here]. owned: the nodes whose buffers are such sums.

    Returns None when all have run. Else there is something for the general loop, which finds the rest in these: the
    node of which a gradient was sent to a leaf with hooks, and along which edge the first of them went; or the node
    with hooks or code of the user's that is to run next, and -1.
    """
    (operator_node,) = OPERATOR_NODES
    # The newest of the nodes that are found while one runs is most often the one that runs next: it waits here, and not
    # in the heap. `received` is the gradient that it has got so far.
    following, received = node, grad
    at_leaf: Any = None
    while True:
        if following is not None:
            if heap and heap[0][0] < -following.sequence_nr:
                buffers[following] = received
                node = heapreplace(heap, (-following.sequence_nr, following))[1]
                grad = buffers.pop(node)
            else:
                node, grad = following, received
            following = received = None
        elif heap:
            node = heappop(heap)[1]
            grad = buffers.pop(node)
        else:
            return None
        if node.hooks is not None:
            _wait(heap, buffers, node, grad)
            return node, -1
        if type(node) is operator_node:
            op = node.op
            run = op.run if keep_graph else op.run_once
            try:
                results = run(node, grad)
            except NUMERICAL:
                # The user wants errors of overflow or 0/0, PyTorch has none: the rules are pure, so they can run again.
                with np.errstate(all="ignore"):
                    results = run(node, grad)
            edges = node.many
        else:
            if not node.plain:
                _wait(heap, buffers, node, grad)
                return node, -1
            try:
                results = node.run(grad)
            except NUMERICAL:
                with np.errstate(all="ignore"):
                    results = node.run(grad)
            if not keep_graph:
                node.release()
            edges = node.edges
        if edges is None:  # a compact node: see `dispatch/nodes.py`
            target = node.e0
            if target is None:
                index, target = 1, node.e1
                output_nr = None if target is None else node.n1  # (both edges may have turned out to lead nowhere)
            else:
                index, output_nr = 0, node.n0
        else:
            index = -1
            target = None
        met = None
        while True:
            if target is not None:
                result = results[index]
                if output_nr is None:
                    if target is not at_leaf:  # (the same one may come again and again)
                        at_leaf, entry = target, leaves.get(id(target))
                        kind, shape, dtype = type(target._array_), target._array_.shape, target._array_.dtype
                    # (NumPy's scalars of one type have one shape and dtype.)
                    if result is not None and (type(result) is not kind or kind not in _SCALARS):
                        if result.shape != shape or result.dtype is not dtype:
                            result = fit(result, shape, dtype, False, node, index)
                    if entry is None:
                        entry = leaves[id(target)] = [target, result, False]
                    elif result is not None:
                        add_to(entry, result)
                    if target._leaf_hooks_ is not None and met is None:
                        met = node, index
                elif target.metas is None:
                    if result is not None and (result.shape != target.shape or result.dtype is not target.dtype):
                        result = fit(result, target.shape, target.dtype, False, node, index)
                    if target is following:
                        received = total_of(received, result, target, owned)
                    elif buffers and target in buffers:
                        buffers[target] = total_of(buffers[target], result, target, owned)
                    elif following is None:
                        following, received = target, result
                    elif target.sequence_nr < following.sequence_nr:
                        buffers[target] = result
                        heappush(heap, (-target.sequence_nr, target))
                    else:
                        buffers[following] = received
                        heappush(heap, (-following.sequence_nr, following))
                        following, received = target, result
                else:
                    if following is not None:
                        _wait(heap, buffers, following, received)
                        following = received = None
                    if result is not None:
                        of_output = target.meta(output_nr)
                        result = fit(result, of_output[0], of_output[1], False, node, index)
                    send_to_one_of_several(heap, buffers, owned, target, output_nr, result)
            index += 1
            if edges is None:
                if index == 2:
                    break
                target = node.e1
                if target is None:
                    break
                output_nr = node.n1
            elif index == len(edges):
                break
            else:
                edge = edges[index]
                if edge is None:
                    target = None
                else:
                    target, output_nr = edge
        if met is not None:
            if following is not None:
                _wait(heap, buffers, following, received)
            return met


def leads_only_to(root: Node, leaves: dict[int, Any]) -> bool:
    """Whether each leaf behind a node is among these (id -> leaf), and whether a plain backward can run all that is.

    Then nothing has to be left out where the gradients of these leaves alone are asked for.
    """
    (operator_node,) = OPERATOR_NODES
    seen = {root}
    pending = [root]
    while pending:
        node = pending.pop()
        if node.hooks is not None:
            return False
        if type(node) is operator_node:
            edges = node.many
            if edges is None:
                edges = node.edges if node.e1 is not None else () if node.e0 is None else ((node.e0, node.n0),)
        elif node.plain:
            edges = node.edges
        else:
            return False
        for edge in edges:
            if edge is not None:
                target = edge[0]
                if edge[1] is None:
                    if id(target) not in leaves or target._leaf_hooks_ is not None:
                        return False
                elif target not in seen:
                    seen.add(target)
                    pending.append(target)
    return True


def _wait(heap: list, buffers: dict, node: Any, grad: Any) -> None:
    """Put a node in line, with the first gradient that it gets."""
    buffers[node] = grad
    heappush(heap, (-node.sequence_nr, node))


def send_to_one_of_several(heap: list, buffers: dict, owned: set, node: Any, output_nr: int, grad: Any) -> None:
    """Add a gradient to what one output of a node with several has received so far."""
    slots = buffers.get(node)
    if slots is None:
        slots = buffers[node] = [None] * node.n_outputs
        heappush(heap, (-node.sequence_nr, node))
    slots[output_nr] = total_of(slots[output_nr], grad, (node, output_nr), owned)


__all__ = ["drain", "leads_only_to", "send_to_one_of_several"]
