"""The engine: one pass over the graph, from the outputs to the leaves.

Sequence numbers grow as operations are recorded, so a heap ordered by them visits every node after all of its users,
without a traversal beforehand and without recursion. Gradients of leaves are collected on the side and added to `.grad`
only when everything has succeeded: a failed backward changes nothing.

The same loop runs in two ways. Over raw arrays (the usual case) no Tensor is made; over Tensors (`create_graph=True`)
the rules are recorded, which gives gradients that can be differentiated again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from heapq import heappop, heappush
from sys import getrefcount
from typing import Any

import numpy as np

from ..xp import NAMESPACES
from .grad_mode import MODE, NO_GRAD, PLAIN
from .node import AccumulateGrad, Edge, Node

_commit_lock = threading.RLock()
_EMPTY: frozenset = frozenset()


def _wrap(array: Any) -> Any:
    from ..ops._op import wrap

    return wrap(array)


def run(
    roots: Sequence[Edge],
    grads: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    captures: dict[Edge, int] | None = None,
    accumulate_captured: bool = False,
) -> list[Any]:
    """Send gradients from `roots` through the graph.

    grads: one for each root; raw arrays, or Tensors with `create_graph`.
    captures: edge -> position. If given, only what lies on a path to one of these edges is computed; the gradients that
        arrive at them are returned in the order of the positions (raw arrays, or Tensors with `create_graph`), or added
        to the leaves' `.grad` instead with `accumulate_captured`.
    """
    mode = MODE.get()
    wanted = mode.replace(grad=create_graph) if not mode.fast else PLAIN if create_graph else NO_GRAD
    if wanted is not mode:
        MODE.set(wanted)
    try:
        execution = _Execution(keep_graph, create_graph, captures)
        execution.seed(roots, grads)
        execution.drain()
        execution.finish(accumulate_captured)
        return execution.captured
    finally:
        if wanted is not mode:
            MODE.set(mode)


class _Execution:
    """One backward call: its heap, its buffers, and what it will change if it succeeds."""

    def __init__(self, keep_graph: bool, create_graph: bool, captures: dict[Edge, int] | None) -> None:
        self.keep_graph = keep_graph
        self.create_graph = create_graph
        self.heap: list = []
        self.buffers: dict[Node, Any] = {}
        self.leaves: dict[AccumulateGrad, Any] = {}
        self.owned: set = set()  # whose buffer is a sum made here, which may be added to in place
        self.retained: list[tuple[Any, Any]] = []  # (tensor, gradient) for retain_grad
        self.captures = captures
        self.captured: list[Any] = [] if captures is None else [None] * len(captures)
        self.needed: Any = None
        self.capture_nodes: dict[Node, list[tuple[int, int]]] = {}

    def seed(self, roots: Sequence[Edge], grads: Sequence[Any]) -> None:
        captures = self.captures
        if captures is not None:
            for (node, output_nr), position in captures.items():
                self.capture_nodes.setdefault(node, []).append((output_nr, position))
            self.needed = _on_paths_to(set(self.capture_nodes), [edge[0] for edge in roots])
        for (node, output_nr), grad in zip(roots, grads, strict=True):
            self.send(node, output_nr, grad)

    def send(self, node: Node, output_nr: int, grad: Any) -> None:
        """Add a gradient to what a node's output has received so far."""
        table = self.leaves if type(node) is AccumulateGrad else self.buffers
        if node.metas is None and node.n_outputs == 1:
            if node not in table:
                table[node] = grad
                if table is self.buffers:
                    heappush(self.heap, (-node.sequence_nr, node))
            elif grad is not None:
                table[node] = self.add(table[node], grad, node)
        else:
            slots = table.get(node)
            if slots is None:
                slots = table[node] = [None] * node.n_outputs
                heappush(self.heap, (-node.sequence_nr, node))
            slots[output_nr] = self.add(slots[output_nr], grad, (node, output_nr))

    def add(self, total: Any, grad: Any, key: Any) -> Any:
        """The sum of two gradients, in place where the first one is a sum made by this execution."""
        if grad is None:
            return total
        if total is None:
            return grad
        if key in self.owned and type(total) is np.ndarray:
            return np.add(total, grad, out=total)
        self.owned.add(key)
        return total + grad

    def drain(self) -> None:
        """Run every node, last made first."""
        heap = self.heap
        buffers = self.buffers
        leaves = self.leaves
        needed = self.needed
        capture_nodes = self.capture_nodes
        create_graph = self.create_graph
        keep_graph = self.keep_graph
        while heap:
            node = heappop(heap)[1]
            grad = buffers.pop(node)
            hooks = node.hooks
            if hooks is not None:
                grad = self.before(node, hooks, grad)
            if capture_nodes and node in capture_nodes:
                self.capture(node, grad)
            if needed is not None and node not in needed:
                continue
            results = node.run_recorded(grad) if create_graph else node.run(grad)
            if hooks is not None and hooks.post:
                results = self.after(node, hooks, results, grad)
            if not keep_graph:
                node.release()
            index = 0
            for edge in node.edges:
                if edge is not None:
                    target, output_nr = edge
                    if needed is None or target in needed or target in capture_nodes:
                        result = results[index]
                        metas = target.metas
                        if result is not None:
                            raw = result._array if create_graph else result
                            shape, dtype = (target.shape, target.dtype) if metas is None else metas[output_nr]
                            if raw.shape != shape or raw.dtype is not dtype:
                                result = fit(result, shape, dtype, create_graph, node, index)
                        if metas is None:
                            table = leaves if type(target) is AccumulateGrad else buffers
                            if target in table:
                                if result is not None:
                                    table[target] = self.add(table[target], result, target)
                            else:
                                table[target] = result
                                if table is buffers:
                                    heappush(heap, (-target.sequence_nr, target))
                        else:
                            self.send(target, output_nr, result)
                index += 1

    def capture(self, node: Node, grad: Any) -> None:
        for output_nr, position in self.capture_nodes[node]:
            self.captured[position] = grad if node.metas is None else grad[output_nr]

    def _tensor(self, grad: Any) -> Any:
        return grad if grad is None or self.create_graph else _wrap(grad)

    def _unwrap(self, grad: Any, node: Node, output_nr: int) -> Any:
        """What a hook returned, checked, as the execution holds gradients."""
        if grad is None:
            return None
        array = getattr(grad, "_array", None)
        if array is None:
            raise TypeError(f"a hook of {node.name()} must return None or a Tensor, but returned {type(grad).__name__}")
        shape, dtype = node.meta(output_nr)
        if array.shape != shape:
            raise RuntimeError(
                f"hook has changed the size of the value: expected {list(shape)}, got {list(array.shape)} "
                f"(a hook of {node.where()})"
            )
        if array.dtype != dtype:
            raise RuntimeError(
                f"hook has changed the type of the value: expected {dtype}, got {array.dtype} (a hook of {node.where()})"
            )
        return grad if self.create_graph else array

    def before(self, node: Node, hooks: Any, grad: Any) -> Any:
        """Tensor hooks, then retained gradients, then the node's pre-hooks."""
        several = node.metas is not None
        grads = list(grad) if several else [grad]
        for output_nr, registered in hooks.tensor.items():
            for hook in list(registered.values()):
                value = grads[output_nr]
                if value is None:
                    continue
                result = hook(self._tensor(value))
                if result is not None:
                    grads[output_nr] = self._unwrap(result, node, output_nr)
        for output_nr, reference in hooks.retain.items():
            tensor = reference()
            if tensor is not None and grads[output_nr] is not None:
                self.retained.append((tensor, grads[output_nr]))
        if hooks.pre:
            for hook in list(hooks.pre.values()):
                result = hook(tuple(self._tensor(value) for value in grads))
                if result is not None:
                    results = result if isinstance(result, (tuple, list)) else (result,)
                    grads = [self._unwrap(value, node, i) for i, value in enumerate(results)]
        return grads if several else grads[0]

    def after(self, node: Node, hooks: Any, results: Any, grad: Any) -> Any:
        """The node's post-hooks."""
        grads = tuple(self._tensor(value) for value in (grad if node.metas is not None else (grad,)))
        results = tuple(results)
        for hook in list(hooks.post.values()):
            changed = hook(tuple(self._tensor(value) for value in results), grads)
            if changed is not None:
                changed = changed if isinstance(changed, (tuple, list)) else (changed,)
                if len(changed) != len(results):
                    raise RuntimeError(
                        f"hook has returned an incorrect number of values: got {len(changed)}, but expected "
                        f"{len(results)} (a hook of {node.where()})"
                    )
                results = tuple(None if v is None else v if self.create_graph else v._array for v in changed)
        return results

    def finish(self, accumulate_captured: bool) -> None:
        """Run the hooks of the leaves, then add to `.grad`: the only part that changes anything that the user sees."""
        pending = []
        accumulate = self.captures is None or accumulate_captured
        leaves = self.leaves
        while leaves:
            node, grad = leaves.popitem()
            hooks = node.hooks
            if hooks is not None:
                grad = self.before(node, hooks, grad)
            if node in self.capture_nodes:
                self.capture(node, grad)
            if accumulate:
                pending.append((node, grad))
        if pending or self.retained:
            pending.reverse()  # popitem took the last first
            self._commit_pending(pending)

    def _commit_pending(self, pending: list) -> None:
        journal: list[tuple[Any, Any, Any]] = []
        hooked = any(node.variable._post_accumulate_hooks or (node.hooks and node.hooks.post) for node, _ in pending)
        with _commit_lock:
            try:
                for tensor, grad in self.retained:
                    old = tensor._grad
                    journal.append((tensor, old, None))
                    new = grad if self.create_graph else _wrap(_own(grad, 4))
                    tensor._grad = new if old is None else old + new
                while pending:
                    node, grad = pending.pop(0)
                    variable = node.variable
                    if grad is not None:
                        old = variable._grad
                        journal.append((variable, old, _copy(old._array) if hooked and old is not None else None))
                        self.accumulate(variable, old, grad)
                    if node.hooks is not None and node.hooks.post:
                        self.after(node, node.hooks, (), grad)
                    if variable._post_accumulate_hooks:
                        for hook in list(variable._post_accumulate_hooks.values()):
                            hook(variable)
            except BaseException:
                for tensor, old, values in reversed(journal):
                    tensor._grad = old
                    if values is not None and old is not None:
                        old._array = values
                raise

    def accumulate(self, variable: Any, old: Any, grad: Any) -> None:
        """`variable.grad += grad`, in place where PyTorch does it in place."""
        if self.create_graph:
            variable._grad = grad if old is None else old + grad
            return
        if old is None:
            # 4: this frame's name, its caller's, that of _own and the argument of getrefcount.
            variable._grad = _wrap(_own(grad, 4))
            return
        target = old._array
        if type(target) is np.ndarray and target.flags.writeable and old._edge is None:
            np.add(target, grad, out=target)
            counter = old._version_counter
            if counter is not None:
                counter.version += 1
                counter.modified_by = ("backward", None)
        elif old._edge is None:
            old._array = target + grad
        else:
            variable._grad = _wrap(target + grad)


def _copy(array: Any) -> Any:
    return array.copy() if hasattr(array, "copy") else array


def _own(grad: Any, references: int) -> Any:
    """A gradient that nothing else can see or change: itself if that is so already, else a copy.

    The array may be the user's, a saved value, or shared between leaves; that nobody else holds it is told by its
    reference count (`references`: what the callers themselves account for).
    """
    if type(grad) is np.ndarray:
        if grad.base is None and getrefcount(grad) <= references and grad.flags.writeable:
            return grad
        return grad.copy()
    return grad if isinstance(grad, np.generic) else NAMESPACES[type(grad)].copy(grad)


def fit(result: Any, shape: tuple, dtype: Any, recorded: bool, node: Node, index: int) -> Any:
    """Sum a gradient down to the shape, and cast it to the dtype, of what it is the gradient of."""
    raw = result._array if recorded else result
    if recorded:
        from ..xp import tensor as xp
    else:
        xp = NAMESPACES[type(raw)]
    if raw.shape != shape:
        try:
            expandable = tuple(np.broadcast_shapes(shape, raw.shape)) == tuple(raw.shape)
        except ValueError:
            expandable = False
        if not expandable:
            raise RuntimeError(
                f"Function {node.name()} returned an invalid gradient at index {index} - got {list(raw.shape)} but "
                f"expected shape compatible with {list(shape)}. The node is {node.where()}"
            )
        result = xp.sum_to(result, shape)
    if raw.dtype != dtype:
        result = xp.astype(result, dtype)
    return result


def _on_paths_to(targets: set[Node], roots: Sequence[Node]) -> set[Node]:
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
