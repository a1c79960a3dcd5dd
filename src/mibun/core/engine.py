"""The engine: one pass over the graph, from the outputs to the leaves.

Sequence numbers grow as operations are recorded, so a heap ordered by them visits every node after all of its users,
without a traversal beforehand and without recursion. Gradients of leaves are collected on the side and added to `.grad`
at the end, or when hooks may look at it, and then taken back if something fails: a failed backward changes nothing.

The same loop runs in two ways. Over raw arrays (the usual case) no Tensor is made; over Tensors (`create_graph=True`)
the rules are recorded, which gives gradients that can be differentiated again.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

import numpy as np

from .accumulation import Accumulation, add_to_leaves, takes_gradient
from .fitting import add_to, fit, total_of
from .hook_calls import call_post_accumulate_hooks, call_post_hooks, call_pre_hooks, call_tensor_hooks
from .mode import MODE, NO_GRAD, PLAIN
from .nesting import IN_PROGRESS, MOST_THREADS, current_execution, run_in_thread, stack_is_deep
from .nesting import RUNNING as _running
from .node import LEAF, OWN_DTYPE, AccumulateGrad, Edge, Node, accumulate_grad, check_gradients
from .plain import drain as drain_plainly
from .plain import leads_only_to, send_to_one_of_several
from .quiet import FILTER, NUMERICAL, hushed
from .registry import HOME, NAMESPACES, OPERATOR_NODES, is_elsewhere
from .selection import on_paths_to, without_the_rest
from .site import shorten
from .watching import watched_node


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
    outer: _Execution | None = None,
) -> list[Any]:
    """Send gradients from `roots` through the graph.

    grads: one for each root; raw arrays, or Tensors with `create_graph` or inside a dual level (see `over_tensors`).
    captures: edge -> position. If given, only what lies on a path to one of these edges is computed; the gradients that
        arrive at them are returned in the order of the positions (as for grads), or added
        to the leaves' `.grad` instead with `accumulate_captured`.
    outer: the backward whose hook or Function has called this one, if that is not to be found on the stack.
    """
    in_new_thread = outer is not None
    if _running and outer is None:
        outer = current_execution()
        if outer is not None and stack_is_deep():
            arguments = (roots, grads, keep_graph, create_graph, captures, accumulate_captured, outer)
            return run_in_thread(run, arguments)
    mode = MODE.get()
    if (warnings.filters or FILTER)[0] is not FILTER:
        hushed()
    left: tuple | None = None
    if mode.plain and not create_graph and outer is None and len(roots) == 1:
        node, output_nr = roots[0]
        if output_nr is not None and node.metas is None:
            if captures is None:
                left = run_plainly(node, grads[0], keep_graph)
                if left is None:
                    return []
                grads = ()
            elif not accumulate_captured and all([edge[1] is None for edge in captures]):
                leaves = {id(edge[0]): edge[0] for edge in captures}
                if leads_only_to(node, leaves):
                    received: dict = {}
                    left = run_plainly(node, grads[0], keep_graph, received)
                    if left is None:
                        return [received[id(edge[0])][1] if id(edge[0]) in received else None for edge in captures]
                    grads = ()
    return run_generally(
        roots, grads, keep_graph, create_graph, captures, accumulate_captured, outer, in_new_thread, left
    )


def run_plainly(node: Node, grad: Any, keep_graph: bool, captured: dict | None = None) -> tuple | None:
    """A backward from one node of one output, while no switch is set and no other is in progress.

    captured: where to leave what the leaves have received, which is else added to their `.grad`. None if that is all;
    else what it has left to the general one: see `plain.drain`.
    """
    heap: list = []
    buffers: dict = {}
    leaves: dict = {} if captured is None else captured
    owned: set = set()
    try:
        met = drain_plainly(heap, buffers, leaves, owned, keep_graph, node, grad)
        if met is None:
            if captured is None:
                add_to_leaves(leaves)
            return None
    except Exception as error:
        shorten(error, 2)
        raise
    return met, heap, buffers, leaves, owned


def run_generally(
    roots: Sequence[Edge],
    grads: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    captures: dict[Edge, int] | None = None,
    accumulate_captured: bool = False,
    outer: _Execution | None = None,
    in_new_thread: bool = False,
    left: tuple | None = None,
) -> list[Any]:
    """`run`, whatever is asked for; or the rest of a plain backward, which it has left."""
    mode = MODE.get()
    wanted = mode.replace(grad=create_graph) if not mode.plain else PLAIN if create_graph else NO_GRAD
    # Over dual numbers the backward computes tangents too, which only Tensors carry.
    recorded = create_graph or mode.dual_level >= 0
    execution = _Execution(keep_graph, recorded, captures, accumulate_captured)
    home = _constants_beside(grads) if recorded else None
    try:
        _running.add(execution)
        MODE.set(wanted)
        try:
            if outer is not None:
                execution.join(outer)
                execution.threads = outer.threads + in_new_thread
                if execution.threads > MOST_THREADS:
                    raise RecursionError("maximum recursion depth exceeded: a backward calls itself in its own hooks")
            if left is not None:
                execution.select(roots)
                met, execution.heap, execution.buffers, execution.leaves, execution.owned = left
                left = None
                execution.go_on(met)
            else:
                execution.seed(roots, grads)
                if mode.plain and captures is None and not create_graph and execution.waiting is None:
                    met = drain_plainly(
                        execution.heap, execution.buffers, execution.leaves, execution.owned, keep_graph
                    )
                    if met is not None:
                        execution.go_on(met)
                else:
                    execution.drain()
            execution.finish()
        except BaseException as error:
            execution.roll_back()
            if isinstance(error, Exception):
                shorten(error, 2)
            raise
        return execution.captured
    finally:
        try:
            MODE.set(mode)  # first of all: Ctrl-C may come in between
        finally:
            _running.discard(execution)
            if home is not None:
                HOME.reset(home)
            if execution.undoable:
                execution.close()


def _constants_beside(grads: Sequence[Any]) -> Any:
    """Let rules over Tensors make their constants in the library of the gradients; None if that is NumPy anyway."""
    for grad in grads:
        kind = type(grad._array_)
        if is_elsewhere(kind):
            return HOME.set(NAMESPACES[kind])
    return None


class _Execution(Accumulation):
    """One backward call: its heap, its buffers, and what it will change if it succeeds."""

    reachable: set | None = None  # see `reaches`
    waiting: dict[Any, int] | None = None  # leaf -> how many gradients are still to come; counted only if one has hooks
    callbacks: list | None = None  # what is to be called at the end, see `queue_callback`
    threads = 0  # how many threads wait for it, see `_run_in_thread`

    def __init__(
        self, keep_graph: bool, recorded: bool, captures: dict[Edge, int] | None, accumulate_captured: bool
    ) -> None:
        self.journal = []
        self.pending = []
        self.retained = []
        self.recorded = recorded
        self.keep_graph = keep_graph
        self.heap: list = []
        self.buffers: dict[Node, Any] = {}
        self.leaves: dict[int, list] = {}  # id -> [leaf, what it has received, whether that is a sum made here]
        self.owned: set = set()  # whose buffer is a sum made here, which may be added to in place
        self.ready: list[Any] = []  # leaves that have received all that they will, in the order in which they did
        self.accumulates = captures is None or accumulate_captured
        self.captures = captures
        self.captured: list[Any] = [] if captures is None else [None] * len(captures)
        self.needed: Any = None
        self.capture_nodes: dict[Node, list[tuple[int, int]]] = {}

    def select(self, roots: Sequence[Edge]) -> None:
        """Note where the backward starts, and what it has to run."""
        self.roots = roots
        captures = self.captures
        if captures is not None:
            for (node, output_nr), position in captures.items():
                self.capture_nodes.setdefault(node, []).append((output_nr, position))
            self.needed = on_paths_to(set(self.capture_nodes), [edge[0] for edge in roots])
            if self.accumulates:
                self.needed.update(self.capture_nodes)  # they run, and are freed, though nothing behind them does

    def seed(self, roots: Sequence[Edge], grads: Sequence[Any]) -> None:
        self.select(roots)
        captures, needed = self.captures, self.needed
        if captures is None and len(roots) == 1:  # the usual case
            self.send(*roots[0], grads[0])
            roots = grads = ()
        for (node, output_nr), grad in zip(roots, grads, strict=True):
            # A root that nothing asks for does not run, not even its tensors' hooks, unless it is the only one.
            if needed is None or len(roots) == 1 or node in needed or node in self.capture_nodes:
                self.send(node, output_nr, grad)
        if self.leaves:
            leaves = [entry[0] for entry in self.leaves.values()]
            if any([leaf._leaf_hooks_ is not None for leaf in leaves]):
                self.wait_for_leaves(())

    def send(self, node: Node, output_nr: int, grad: Any) -> None:
        """Add a gradient to what a node's output has received so far."""
        if output_nr is None:  # a leaf
            self.receive(node, grad)
        elif node.metas is None:
            if node not in self.buffers:
                self.wait(node, grad)
            elif grad is not None:
                self.buffers[node] = total_of(self.buffers[node], grad, node, self.owned)
        else:
            send_to_one_of_several(self.heap, self.buffers, self.owned, node, output_nr, grad)

    def receive(self, leaf: Any, grad: Any) -> None:
        """Add a gradient to what a leaf has received so far."""
        entry = self.leaves.get(id(leaf))
        if entry is None:
            self.leaves[id(leaf)] = [leaf, grad, False]
        elif grad is not None:
            add_to(entry, grad)

    def drain(self) -> None:
        """Run every node, last made first."""
        (operator_node,) = OPERATOR_NODES
        heap, buffers, owned = self.heap, self.buffers, self.owned
        needed = self.needed
        capture_nodes = self.capture_nodes
        recorded = self.recorded
        keep_graph = self.keep_graph
        waiting = self.waiting
        ready = self.ready
        mode = MODE.get()
        watched = mode.batched or not mode.fast
        selective = not recorded and mode.fast
        if ready:
            self.run_leaves()
        # Most of the time there is one node that can run next: it waits here, and not in the heap. `following` is the
        # one that is found while the heap is empty, `received` the gradient that it has got so far.
        following: Any = None
        received: Any = None
        while following is not None or heap:
            if following is not None:
                node, grad = following, received
                following = received = None
            else:
                node = heappop(heap)[1]
                grad = buffers.pop(node)
            hooks = node.hooks
            if hooks is not None:
                grad = self.before(node, hooks, grad)
            if capture_nodes and node in capture_nodes:
                self.capture(node, grad)
            compact: Any = None  # the edges of a node that has them in slots: see `dispatch/nodes.py`
            if type(node) is operator_node and node.many is None:
                compact = (
                    None if node.e0 is None else (node.e0, node.n0),
                    None if node.e1 is None else (node.e1, node.n1),
                )
            if needed is not None:
                if node not in needed:
                    continue
                if selective and (compact is None or (compact[0] is not None and compact[1] is not None)):
                    lean = without_the_rest(node, needed, capture_nodes)
                    if lean is not node:
                        compact = None
                        if not keep_graph:
                            node.release()
                    node = lean
            if hooks is not None and hooks.pre:
                grads = list(grad) if node.metas is not None else [grad]
                grads = call_pre_hooks(node, hooks, grads, recorded)
                grad = grads if node.metas is not None else grads[0]
            once = False  # whether the node has freed what it had saved by itself
            try:
                if watched:
                    results = watched_node(node, grad, recorded)
                elif type(node) is not operator_node:
                    results = node.run_recorded(grad) if recorded else node.run(grad)
                elif recorded:
                    results = node.op.run_recorded(node, grad)
                else:
                    once = not keep_graph and hooks is None
                    results = node.op.run_once(node, grad) if once else node.op.run(node, grad)
            except NUMERICAL:
                # The user wants errors of overflow or 0/0, PyTorch has none: the rules are pure, so they can run again.
                if not node.pure:
                    raise
                run = node.run_recorded if recorded else node.run_batched if mode.batched else node.run
                with np.errstate(all="ignore"):
                    results = run(grad)
                once = False
            if hooks is not None and hooks.post:
                grads = grad if node.metas is not None else (grad,)
                results = call_post_hooks(node, hooks, self.as_sent(node, results), grads, recorded)
            if not keep_graph and not once:
                node.release()
            index = 0
            for edge in compact or node.edges:
                if edge is not None:
                    target, output_nr = edge
                    if needed is None or target in needed or target in capture_nodes:
                        result = results[index]
                        if output_nr is None:
                            leaf = target._array_
                            if result is not None:
                                raw = result._array_ if recorded else result
                                if raw.shape != leaf.shape or raw.dtype is not leaf.dtype:
                                    result = fit(result, leaf.shape, leaf.dtype, recorded, node, index)
                            self.receive(target, result)
                            if target._leaf_hooks_ is not None or waiting is not None:
                                if following is not None:
                                    self.wait(following, received)
                                    following = received = None
                                if waiting is None:
                                    waiting = self.wait_for_leaves(node.edges[index + 1 :])
                                else:
                                    self.arrived(target)
                        elif target.metas is None:
                            if result is not None:
                                raw = result._array_ if recorded else result
                                if raw.shape != target.shape or raw.dtype is not target.dtype:
                                    result = fit(result, target.shape, target.dtype, recorded, node, index)
                            if target is following:
                                received = total_of(received, result, target, owned)
                            elif heap:
                                if target in buffers:
                                    buffers[target] = total_of(buffers[target], result, target, owned)
                                else:
                                    buffers[target] = result
                                    heappush(heap, (-target.sequence_nr, target))
                            elif following is None:
                                following, received = target, result
                            else:
                                self.wait(following, received)
                                self.wait(target, result)
                                following = received = None
                        else:
                            if following is not None:
                                self.wait(following, received)
                                following = received = None
                            if result is not None:
                                shape, dtype = target.metas[output_nr]
                                result = fit(result, shape, dtype, recorded, node, index)
                            self.send(target, output_nr, result)
                index += 1
            if ready:
                grad = grads = results = result = raw = None  # so that a leaf can have its gradient without a copy
                self.run_leaves()

    def go_on(self, met: tuple[Node, int]) -> None:
        """Do what a plain backward has left: `met` is what `plain.drain` has come across."""
        node, index = met
        if index >= 0:  # a leaf with hooks: all that has come since it was sent a gradient is counted
            rest = node.edges[index + 1 :]
            self.wait_for_leaves(rest)
            for edge in rest:
                if edge is not None and edge[1] is None:
                    self.arrived(edge[0])
        self.drain()

    def wait(self, node: Node, grad: Any) -> None:
        """Put a node of one output in line, with the first gradient that it gets."""
        self.buffers[node] = grad
        heappush(self.heap, (-node.sequence_nr, node))

    def as_sent(self, node: Node, results: Sequence[Any]) -> list[Any]:
        """The gradients of a node's inputs as they will be sent on: of their inputs' shapes, None if not needed."""
        sent: list[Any] = []
        for index, (edge, result) in enumerate(zip(node.edges, results, strict=True)):
            if edge is None or result is None:
                sent.append(None if node.pure else result)  # what the user's own backward returned is shown
                continue
            target, output_nr = edge
            if self.needed is not None and target not in self.needed and target not in self.capture_nodes and node.pure:
                sent.append(None)  # a user's Function shows what it has returned
                continue
            leaf = output_nr is None
            shape, dtype = (target._array_.shape, target._array_.dtype) if leaf else target.meta(output_nr)
            sent.append(fit(result, shape, dtype, self.recorded, node, index))
        return sent

    def wait_for_leaves(self, edges: Sequence[Edge | None]) -> dict[Any, int]:
        """A leaf with hooks has received a gradient: from now on note when a leaf has received all that it will.

        It runs then, since hooks may look at any `.grad`. Without hooks nobody can tell, and nothing is counted.
        edges: those along which the node that is running has yet to send.
        """
        waiting = self.waiting = self.still_to_come(edges)
        self.ready.extend([entry[0] for entry in self.leaves.values() if entry[0] not in waiting])
        return waiting

    def arrived(self, leaf: Any) -> None:
        """Note that a leaf has received a gradient; it is `ready` if that was the last one."""
        waiting: Any = self.waiting
        waiting[leaf] -= 1
        if waiting[leaf] == 0:
            del waiting[leaf]
            self.ready.append(leaf)

    def still_to_come(self, edges: Sequence[Edge | None]) -> dict[Any, int]:
        """For each leaf, how many gradients will be sent to it: along these edges, and by the nodes still to run."""
        needed, captured = self.needed, self.capture_nodes
        counts: dict[Any, int] = {}
        seen = {node for _, node in self.heap}
        stack = list(seen)
        while True:
            for edge in edges:
                if edge is not None and (needed is None or edge[0] in needed or edge[0] in captured):
                    if edge[1] is None:
                        counts[edge[0]] = counts.get(edge[0], 0) + 1
                    elif edge[0] not in seen:
                        seen.add(edge[0])
                        stack.append(edge[0])
            edges = ()
            while stack and not edges:
                node = stack.pop()
                if needed is None or node in needed:
                    edges = node.edges
            if not edges:
                return counts

    def reaches(self, target: Any) -> bool:
        """Whether a node or leaf is among those that this backward runs."""
        if self.needed is not None and target not in self.needed and target not in self.capture_nodes:
            return False
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

    def before(self, node: Node, hooks: Any, grad: Any) -> Any:
        """Tensor hooks, then retained gradients."""
        several = node.metas is not None
        grads = list(grad) if several else [grad]
        call_tensor_hooks(node, hooks, grads, self.recorded)
        for output_nr, reference in hooks.retain.items():
            tensor = reference()
            if tensor is not None and grads[output_nr] is not None:
                self.retained.append((tensor, grads[output_nr]))
        return grads if several else grads[0]

    def run_leaves(self) -> None:
        """Run the leaves that are ready, first come first."""
        for leaf in self.ready:
            self.run_leaf(leaf)
        self.ready.clear()

    def run_leaf(self, leaf: Any) -> None:
        """A leaf has received everything: its hooks, and its `.grad` if one of them may look at that now."""
        grad = self.leaves.pop(id(leaf))[1]
        hooks: Any = leaf._leaf_hooks_
        node: Any = None if hooks is None else accumulate_grad(leaf)
        if hooks is not None:
            wanted = hooks.grad_dtype
            if wanted is not OWN_DTYPE and wanted is not None and grad is not None:
                grad = NAMESPACES[type(grad)].astype(grad, wanted.np)
            grad = self.before(node, hooks, grad)
        for _, position in self.capture_nodes.get(leaf, ()):
            self.captured[position] = grad
        if not self.accumulates or (self.captures is not None and leaf not in self.capture_nodes):
            return
        if hooks is not None and hooks.pre:
            (grad,) = call_pre_hooks(node, hooks, [grad], self.recorded)
        requires_grad = leaf._edge_ is LEAF or takes_gradient(leaf)
        if requires_grad:
            self.pending.append((leaf, grad))
        if hooks is not None and (hooks.post or hooks.post_accumulate):
            grads = (grad,) if hooks.post else ()
            del grad
            self.commit(keep_values=True)
            if requires_grad:
                call_post_accumulate_hooks(leaf, hooks)
            if hooks.post:
                call_post_hooks(node, hooks, (), grads, self.recorded)

    def finish(self) -> None:
        """Add what is left to `.grad`, and call the callbacks: the end of a backward that has succeeded."""
        leaves = self.leaves
        if self.captures is None:
            for entry in leaves.values():
                leaf = entry[0]
                if leaf._leaf_hooks_ is not None or leaf._edge_ is not LEAF:
                    break
            else:  # nothing to ask of any of them
                self.pending += leaves.values()
                leaves.clear()
        while leaves:
            entry = leaves.popitem()[1]
            leaf = entry[0]
            if leaf._leaf_hooks_ is None and self.captures is None:
                if leaf._edge_ is LEAF or takes_gradient(leaf):
                    self.pending.append((leaf, entry[1]))
            else:
                leaves[id(leaf)] = entry
                entry = None
                self.run_leaf(leaf)
        entry = None  # so that the leaf can have its gradient without a copy
        if self.pending or self.retained:
            self.commit(keep_values=self.callbacks is not None)
        if self.callbacks is not None:
            for callback in self.callbacks:  # which may queue more
                callback()


def add_to_grad(node: Any, grad: Any) -> None:
    """What the node of a leaf does when the user calls it: the last step of a backward alone."""
    leaf = node.variable
    execution = _Execution(True, MODE.get().grad, None, True)
    outer = current_execution() if _running else None
    if outer is not None:
        execution.join(outer)
    if grad is not None:
        grad = fit(grad, leaf._array_.shape, leaf._array_.dtype, True, node, 0)
        execution.pending.append((leaf, grad if execution.recorded else grad._array_))
        del grad
    try:
        execution.commit(keep_values=True)
        if leaf._leaf_hooks_ is not None:
            call_post_accumulate_hooks(leaf, leaf._leaf_hooks_)
    except BaseException:
        execution.roll_back()
        raise
    finally:
        if execution.undoable:
            execution.close()


def _call_accumulate_grad(self: AccumulateGrad, *grads: Any) -> tuple:
    """Add a gradient (or None) to the leaf's `.grad`, and call the hooks for that."""
    if len(grads) != 1:
        raise TypeError(f"expected 1 arguments, got {len(grads)} instead: {self.name()} takes one gradient")
    check_gradients(grads)
    add_to_grad(self, grads[0])
    return ()


AccumulateGrad.__call__ = _call_accumulate_grad  # type: ignore[method-assign]


IN_PROGRESS.update([_Execution.drain.__code__, _Execution.finish.__code__])
