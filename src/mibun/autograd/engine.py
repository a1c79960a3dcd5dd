"""The engine: one pass over the graph, from the outputs to the leaves.

Sequence numbers grow as operations are recorded, so a heap ordered by them visits every node after all of its users,
without a traversal beforehand and without recursion. Gradients of leaves are collected on the side and added to `.grad`
only when everything has succeeded: a failed backward changes nothing.

The same loop runs in two ways. Over raw arrays (the usual case) no Tensor is made; over Tensors (`create_graph=True`)
the rules are recorded, which gives gradients that can be differentiated again.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from heapq import heappop, heappush
from sys import getrefcount
from typing import Any

import numpy as np

from ..xp import NAMESPACES
from .grad_mode import MODE, NO_GRAD, PLAIN
from .node import Edge, Node, accumulate_grad
from .watching import watched_node

_commit_lock = threading.RLock()
_EMPTY: frozenset = frozenset()


def _wrap(array: Any) -> Any:
    from ..ops._op import wrap

    return wrap(array)


def over_tensors(create_graph: bool) -> bool:
    """Whether a backward now goes over Tensors: to be recorded, or because dual numbers carry tangents."""
    return create_graph or MODE.get().dual_level >= 0


def run(
    roots: Sequence[Edge],
    grads: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    captures: dict[Edge, int] | None = None,
    accumulate_captured: bool = False,
) -> list[Any]:
    """Send gradients from `roots` through the graph.

    grads: one for each root; raw arrays, or Tensors with `create_graph` or inside a dual level (see `over_tensors`).
    captures: edge -> position. If given, only what lies on a path to one of these edges is computed; the gradients that
        arrive at them are returned in the order of the positions (as for grads), or added
        to the leaves' `.grad` instead with `accumulate_captured`.
    """
    mode = MODE.get()
    wanted = mode.replace(grad=create_graph) if not mode.fast else PLAIN if create_graph else NO_GRAD
    if wanted is not mode:
        MODE.set(wanted)
    try:
        # Over dual numbers the backward computes tangents too, which only Tensors carry.
        execution = _Execution(keep_graph, create_graph or mode.dual_level >= 0, captures)
        execution.seed(roots, grads, accumulate_captured)
        execution.drain()
        execution.finish(accumulate_captured)
        return execution.captured
    finally:
        if wanted is not mode:
            MODE.set(mode)


class _Execution:
    """One backward call: its heap, its buffers, and what it will change if it succeeds."""

    reachable: set | None = None  # see `reaches`

    def __init__(self, keep_graph: bool, recorded: bool, captures: dict[Edge, int] | None) -> None:
        self.keep_graph = keep_graph
        self.recorded = recorded
        self.heap: list = []
        self.buffers: dict[Node, Any] = {}
        self.leaves: dict[Any, Any] = {}  # leaf -> what it has received
        self.owned: set = set()  # whose buffer is a sum made here, which may be added to in place
        self.retained: list[tuple[Any, Any]] = []  # (tensor, gradient) for retain_grad
        self.captures = captures
        self.captured: list[Any] = [] if captures is None else [None] * len(captures)
        self.needed: Any = None
        self.capture_nodes: dict[Node, list[tuple[int, int]]] = {}

    def seed(self, roots: Sequence[Edge], grads: Sequence[Any], accumulate_captured: bool) -> None:
        self.roots = roots
        captures = self.captures
        if captures is not None:
            for (node, output_nr), position in captures.items():
                self.capture_nodes.setdefault(node, []).append((output_nr, position))
            self.needed = _on_paths_to(set(self.capture_nodes), [edge[0] for edge in roots])
            if accumulate_captured:
                self.needed.update(self.capture_nodes)  # they run, and are freed, though nothing behind them does
        for (node, output_nr), grad in zip(roots, grads, strict=True):
            self.send(node, output_nr, grad)

    def send(self, node: Node, output_nr: int, grad: Any) -> None:
        """Add a gradient to what a node's output has received so far."""
        if output_nr is None:  # a leaf
            self.leaves[node] = self.add(self.leaves[node], grad, node) if node in self.leaves else grad
        elif node.metas is None:
            if node not in self.buffers:
                self.buffers[node] = grad
                heappush(self.heap, (-node.sequence_nr, node))
            elif grad is not None:
                self.buffers[node] = self.add(self.buffers[node], grad, node)
        else:
            slots = self.buffers.get(node)
            if slots is None:
                slots = self.buffers[node] = [None] * node.n_outputs
                heappush(self.heap, (-node.sequence_nr, node))
            slots[output_nr] = self.add(slots[output_nr], grad, (node, output_nr))

    def add(self, total: Any, grad: Any, key: Any) -> Any:
        """The sum of two gradients, in place where the first one is a sum made by this execution."""
        if grad is None:
            return total
        if total is None:
            return grad
        out_of_place = True
        try:
            if key in self.owned and type(total) is np.ndarray and type(grad) is np.ndarray:
                out_of_place = False
                return np.add(total, grad, out=total)
            self.owned.add(key)
            return total + grad
        except RuntimeWarning:
            # inf - inf, where the user made warnings errors. NumPy raises after it has written all of `out`, so only a
            # sum that was to be a new array is still to be made.
            with np.errstate(all="ignore"):
                return total + grad if out_of_place else total

    def drain(self) -> None:
        """Run every node, last made first."""
        heap = self.heap
        buffers = self.buffers
        leaves = self.leaves
        needed = self.needed
        capture_nodes = self.capture_nodes
        recorded = self.recorded
        keep_graph = self.keep_graph
        watched = not MODE.get().fast
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
            try:
                if watched:
                    results = watched_node(node, grad, recorded)
                else:
                    results = node.run_recorded(grad) if recorded else node.run(grad)
            except RuntimeWarning:
                # The user made warnings errors, and NumPy has one for 0/0: the rules are pure, so they can run again.
                if not node.pure:
                    raise
                with np.errstate(all="ignore"):
                    results = node.run_recorded(grad) if recorded else node.run(grad)
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
                        if output_nr is None:
                            leaf = target._array
                            if result is not None:
                                raw = result._array if recorded else result
                                if raw.shape != leaf.shape or raw.dtype is not leaf.dtype:
                                    result = fit(result, leaf.shape, leaf.dtype, recorded, node, index)
                            if target in leaves:
                                result = self.add(leaves[target], result, target)
                            leaves[target] = result
                        elif target.metas is None:
                            if result is not None:
                                raw = result._array if recorded else result
                                if raw.shape != target.shape or raw.dtype is not target.dtype:
                                    result = fit(result, target.shape, target.dtype, recorded, node, index)
                            if target in buffers:
                                buffers[target] = self.add(buffers[target], result, target)
                            else:
                                buffers[target] = result
                                heappush(heap, (-target.sequence_nr, target))
                        else:
                            if result is not None:
                                shape, dtype = target.metas[output_nr]
                                result = fit(result, shape, dtype, recorded, node, index)
                            self.send(target, output_nr, result)
                index += 1

    def reaches(self, target: Any) -> bool:
        """Whether a node or leaf is among those that this backward runs."""
        if self.needed is not None:
            return target in self.needed or target in self.capture_nodes
        if self.reachable is None:
            self.reachable = seen = set()
            stack = [edge[0] for edge in self.roots]
            while stack:
                node = stack.pop()
                if node not in seen:
                    seen.add(node)
                    if isinstance(node, Node):
                        stack.extend([edge[0] for edge in node.edges if edge is not None])
        return target in self.reachable

    def capture(self, node: Node, grad: Any) -> None:
        for output_nr, position in self.capture_nodes[node]:
            self.captured[position] = grad if node.metas is None else grad[output_nr]

    def _tensor(self, grad: Any) -> Any:
        return grad if grad is None or self.recorded else _wrap(grad)

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
                f"hook has changed the type of the value: expected {dtype}, got {array.dtype} "
                f"(a hook of {node.where()})"
            )
        return grad if self.recorded else array

    def before(self, node: Node, hooks: Any, grad: Any) -> Any:
        """Tensor hooks, then retained gradients, then the node's pre-hooks."""
        several = node.metas is not None
        grads = list(grad) if several else [grad]
        for output_nr, registered in hooks.tensor.items():
            for hook in list(registered.values()):
                result = hook(self._tensor(grads[output_nr]))  # a gradient may be None, as in PyTorch
                if result is not None:
                    if grads[output_nr] is None:
                        raise RuntimeError(
                            f"can't replace a None gradient with a non-None value (a hook of {node.where()})"
                        )
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
                results = tuple(None if v is None else v if self.recorded else v._array for v in changed)
        return results

    def finish(self, accumulate_captured: bool) -> None:
        """Run the hooks of the leaves, then add to `.grad`: the only part that changes anything that the user sees."""
        pending = []
        accumulate = self.captures is None or accumulate_captured
        leaves = self.leaves
        while leaves:
            leaf, grad = leaves.popitem()
            hooks = leaf._leaf_hooks
            if hooks is not None:
                grad = self.before(accumulate_grad(leaf), hooks, grad)
            if leaf in self.capture_nodes:
                for _, position in self.capture_nodes[leaf]:
                    self.captured[position] = grad
            # A leaf that has stopped requiring grad since then gets none.
            if accumulate and leaf._edge is not None and (self.captures is None or leaf in self.capture_nodes):
                pending.append((leaf, grad))
        if pending or self.retained:
            self._commit_pending(pending)

    def _commit_pending(self, pending: list) -> None:
        journal: list[tuple[Any, Any, Any]] = []
        hooked = any([leaf._post_accumulate_hooks or leaf._leaf_hooks for leaf, _ in pending])
        with _commit_lock:
            try:
                for tensor, grad in self.retained:
                    old = tensor._grad
                    journal.append((tensor, old, None))
                    new = grad if self.recorded else _wrap(_own(grad, 4))
                    tensor._grad = new if old is None else old + new
                while pending:
                    variable, grad = pending.pop()
                    if grad is not None:
                        old = variable._grad
                        journal.append((variable, old, _copy(old._array) if hooked and old is not None else None))
                        self.accumulate(variable, old, grad)
                    hooks = variable._leaf_hooks
                    if hooks is not None and hooks.post:
                        self.after(accumulate_grad(variable), hooks, (), grad)
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
        if self.recorded:
            if old is not None:
                variable._grad = old + grad
            else:
                # A copy of its own, recorded under the name that PyTorch gives it.
                variable._grad = _wrap(np.empty_like(grad._array)).copy_(grad)
            return
        if old is None:
            # 4: this frame's name, its caller's, that of _own and the argument of getrefcount.
            variable._grad = _wrap(_own(grad, 4))
            return
        target = old._array
        if type(target) is np.ndarray and target.flags.writeable and 0 not in target.strides:
            np.add(target, grad, out=target)
            counter = old._version_counter
            if counter is not None:
                counter.version += 1
                counter.modified_by = ("backward", None)
        else:
            old._array = target + grad


def current_execution() -> Any:
    """The innermost backward in progress in this thread, None outside of any.

    It is found on the stack, so that a backward in which nobody asks pays nothing for it.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code in _IN_PROGRESS:
            return frame.f_locals["self"]
        frame = frame.f_back
    return None


_IN_PROGRESS = frozenset((_Execution.drain.__code__, _Execution.finish.__code__))


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
