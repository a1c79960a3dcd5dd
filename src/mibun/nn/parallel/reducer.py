"""Averaging gradients over processes while the backward is still running: buckets of gradients.

Each parameter tells, by a post-accumulate hook, when its gradient is complete. It is copied into its bucket, and when a
bucket is full its all-reduce begins, without waiting, while the backward goes on. The last bucket has a callback run at
the end of the backward, which waits for all of them and puts the averages into `.grad`. Buckets are begun in one order
on all ranks, whatever the order of their backward. (Li et al., PyTorch Distributed: Experiences on Accelerating Data
Parallel Training, VLDB 2020, describes the method.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ...core.dtypes import strided
from ...core.nesting import current_execution
from ...core.node import Node
from ...core.tensor import Tensor, wrap
from ...core.views import bump_version, edge_of, own_array
from ...distributed.debugging import DebugLevel, get_debug_level
from ...distributed.gradient_buckets import GradBucket
from ...distributed.process_group import AllreduceOptions, ProcessGroup
from ..parameter import Parameter


class _Bucket:
    """Parameters of one dtype, and room for their gradients."""

    def __init__(self, index: int, parameters: list[Parameter]) -> None:
        self.index, self.parameters = index, parameters
        dtype = parameters[0]._array_.dtype
        self.array = np.zeros(sum(p._array_.size for p in parameters), dtype)
        self.buffer = wrap(self.array)
        self.parts: list[np.ndarray] = []
        start = 0
        for parameter in parameters:
            end = start + parameter._array_.size
            self.parts.append(self.array[start:end].reshape(parameter._array_.shape))
            start = end
        self.missing = len(parameters)
        self.work: Any = None
        self.future: Any = None


def _divide(parameters: Sequence[Parameter], limits: Sequence[int]) -> list[list[Parameter]]:
    """Lists of parameters of one dtype, the last parameter first; list i has at most `limits[i]` bytes if it can.

    The backward reaches the last layers first, so their gradients can go first.
    """
    done: list[list[Parameter]] = []
    filling: dict[Any, list[Parameter]] = {}
    sizes: dict[Any, int] = {}
    for parameter in reversed(parameters):
        dtype = parameter._array_.dtype
        filling.setdefault(dtype, []).append(parameter)
        sizes[dtype] = sizes.get(dtype, 0) + parameter._array_.nbytes
        if sizes[dtype] >= limits[min(len(done), len(limits) - 1)]:
            done.append(filling.pop(dtype))
            del sizes[dtype]
    return done + list(filling.values())


class Reducer:
    """The buckets of a module's parameters, and how far the present backward has filled them.

    Args:
        parameters: with their names; those that require grad.
        group: whose processes average.
        limits: bytes of the first bucket, the second, ...; the last number is for all that follow.
        find_unused: look in the graph for parameters that get no gradient.
        as_view: let `.grad` be the place in the bucket.
        static_graph: what is used, and how often, is as in the first backward.
    """

    def __init__(
        self,
        parameters: Sequence[tuple[str, Parameter]],
        group: ProcessGroup,
        limits: Sequence[int],
        find_unused: bool,
        as_view: bool,
        static_graph: bool,
    ) -> None:
        self.names = {parameter: name for name, parameter in parameters}
        self.numbers = {parameter: number for number, (_, parameter) in enumerate(parameters)}
        self.group, self.limits = group, list(limits)
        self.find_unused, self.as_view, self.static_graph = find_unused, as_view, static_graph
        self.hook: tuple[Any, Callable] | None = None
        self.divisor: float = group.size()
        self.buckets = [_Bucket(i, part) for i, part in enumerate(_divide([p for _, p in parameters], limits))]
        self.place = {
            parameter: (bucket, number) for bucket in self.buckets for number, parameter in enumerate(bucket.parameters)
        }
        self.expects = False  # a forward that is to be synchronized has been run
        self.begun = False  # ... and its backward
        self.unused: set[Parameter] = set()
        self.used_here: set[Parameter] = set()
        self.ready: set[Parameter] = set()
        self.used_work: Any = None
        self.used_counts: np.ndarray | None = None
        self.next = 0
        self.sparse: dict[
            Parameter, int
        ] = {}  # sparse gradients travel dense, and become sparse again: by how many dims
        self.calls: dict[Parameter, int] = {}  # static graph: how often each hook ran in the first backward
        self.left: dict[Parameter, int] = {}
        self.first = True
        self.handles = [p.register_post_accumulate_grad_hook(self._received) for p in self.numbers]

    def remove_hooks(self) -> None:
        """The parameters tell nothing any more."""
        for handle in self.handles:
            handle.remove()

    # --- before ---

    def check_finished(self) -> None:
        """RuntimeError if the last backward has left parameters without gradient: other ranks may be waiting."""
        if not self.begun:
            return
        missing = [p for p in self.numbers if p not in self.ready]
        numbers = " ".join(str(self.numbers[p]) for p in missing)
        names = ""
        if get_debug_level() is not DebugLevel.OFF:
            names = f" ({', '.join(self.names[p] for p in missing)})"
        raise RuntimeError(
            "Expected to have finished reduction in the prior iteration before starting a new one. This error "
            "indicates "
            "that your module has parameters that were not used in producing loss. You can enable unused parameter "
            "detection by passing the keyword argument `find_unused_parameters=True` to "
            "`torch.nn.parallel.DistributedDataParallel`, and by making sure all `forward` function outputs "
            "participate "
            "in calculating loss.\nParameter indices which did not receive grad for rank "
            f"{self.group.rank()}: {numbers}{names}\nTORCH_DISTRIBUTED_DEBUG=INFO in the environment names them."
        )

    def prepare_for_backward(self, outputs: Iterable[Tensor]) -> None:
        """A forward has been run, whose backward is to be synchronized."""
        self.expects = True
        self.ready.clear()
        self.next = 0
        self.unused, self.used_here = set(), set(self.numbers)
        for bucket in self.buckets:
            bucket.missing, bucket.work, bucket.future = len(bucket.parameters), None, None
        if self.static_graph:
            self.left = dict(self.calls)
            if not self.first:
                self.unused = set(self.numbers) - set(self.calls)
                self.used_here = set(self.calls)
        elif self.find_unused:
            self.used_here = _leaves_behind(outputs) & set(self.numbers)
            self.unused = set(self.numbers) - self.used_here

    def _rebuild_buckets(self) -> bool:
        """Whether the buckets are others than before: never. (Libraries that prepare a backward themselves call it.)"""
        return False

    # --- during ---

    def _received(self, parameter: Any) -> None:
        """The hook of a parameter: its gradient is complete."""
        if not self.expects:
            return
        if not self.begun:
            self.begun = True
            if self.static_graph and self.first:
                _at_the_end(self._after_first)
            for unused in self.unused:
                self._mark(unused)
        if self.static_graph:
            if self.first:
                self.calls[parameter] = self.calls.get(parameter, 0) + 1
                return
            self.left[parameter] = self.left.get(parameter, 0) - 1
            if self.left[parameter] > 0:
                return
        self._mark(parameter)
        self._go_on()

    def _after_first(self) -> None:
        """Static graph, the end of the first backward: now it is known what is used, and all are reduced."""
        self.used_here = set(self.calls)
        for parameter in self.numbers:
            self._mark(parameter)
        self.first = False

    def _mark(self, parameter: Parameter) -> None:
        """Put a gradient, or zeros, into its bucket; begin what is full."""
        if parameter in self.ready:
            raise RuntimeError(
                "Expected to mark a variable ready only once. The gradient of a parameter was completed twice in one "
                "iteration: its module is used in several reentrant backward passes (such as checkpoints with "
                "use_reentrant=True), or outside of `forward`. If the graph is the same in every iteration, "
                "static_graph=True allows it.\n"
                f"Parameter at index {self.numbers[parameter]} with name {self.names[parameter]} has been marked as "
                "ready twice."
            )
        self.ready.add(parameter)
        bucket, number = self.place[parameter]
        part = bucket.parts[number]
        # The sum of quotients, so that a sum of halves does not overflow; a hook divides for itself.
        divisor = self.divisor if self.hook is None else 1
        if parameter.grad is None or parameter not in self.used_here:
            # (An unused parameter's old `.grad` belongs to an earlier backward.)
            part[...] = 0
        else:
            grad = parameter.grad
            if grad.layout is not strided:
                self.sparse[parameter] = grad.sparse_dim()
                grad = grad.to_dense()
            own = grad._array_
            if isinstance(own, np.ndarray) and np.shares_memory(own, part):
                if divisor != 1:
                    part /= divisor
            else:
                np.divide(own, divisor, out=part, casting="unsafe") if divisor != 1 else np.copyto(part, own)
        bucket.missing -= 1
        while self.next < len(self.buckets) and self.buckets[self.next].missing == 0:
            self._begin(self.buckets[self.next])
            self.next += 1

    def _begin(self, bucket: _Bucket) -> None:
        last = bucket.index == len(self.buckets) - 1
        if self.hook is None:
            bucket.work = self.group.allreduce([bucket.buffer], AllreduceOptions())
        else:
            state, hook = self.hook
            views = [wrap(part) for part in bucket.parts]
            bucket.future = hook(state, GradBucket(bucket.index, last, bucket.buffer, views, list(bucket.parameters)))
        if last:
            if self.find_unused or self.static_graph:
                used = [parameter in self.used_here for parameter in self.numbers]
                self.used_counts = np.array(used, np.int32)
                self.used_work = self.group.allreduce([wrap(self.used_counts)], AllreduceOptions())
            if self.static_graph and self.first:
                self._finish()  # this is the end of the backward already
            else:
                _at_the_end(self._finish)

    def _go_on(self) -> None:
        """Some libraries do nothing unless they are asked how far they are."""
        for bucket in self.buckets[: self.next]:
            if bucket.work is not None and not bucket.work.is_completed():
                return

    # --- after ---

    def _finish(self) -> None:
        """The end of the backward: the averages into `.grad`."""
        self.expects = False
        counts = None
        if self.used_work is not None:
            self.used_work.wait()
            counts, self.used_work = self.used_counts, None
        for bucket in self.buckets:
            if bucket.future is not None:
                value = bucket.future.wait()
                result = value[0] if isinstance(value, (list, tuple)) else value
                if result is not bucket.buffer:
                    np.copyto(bucket.array, result._array_, casting="unsafe")
            else:
                bucket.work.wait()
            for parameter, part in zip(bucket.parameters, bucket.parts, strict=True):
                if counts is None or counts[self.numbers[parameter]]:
                    self._put(parameter, part)
        self.begun = False

    def _put(self, parameter: Parameter, part: np.ndarray) -> None:
        if parameter in self.sparse:
            parameter.grad = wrap(part.copy()).to_sparse(self.sparse[parameter])
            return
        grad = parameter.grad
        if self.as_view:
            if grad is None or not np.shares_memory(own_array(grad), part):
                parameter.grad = wrap(part)
            else:
                bump_version(grad, "DistributedDataParallel")
        elif grad is None:
            parameter.grad = wrap(part.copy())
        else:
            own_array(grad)[...] = part
            bump_version(grad, "DistributedDataParallel")

    # --- for ranks that have no more inputs (`Join`) ---

    def shadow(self) -> None:
        """Take part, with zeros, in the reductions of a backward that other ranks run."""
        for bucket in self.buckets:
            bucket.array[...] = 0
            bucket.missing, bucket.work, bucket.future = 0, None, None
        self.used_here = set()
        works = []
        for bucket in self.buckets:
            if self.hook is None:
                works.append(self.group.allreduce([bucket.buffer], AllreduceOptions()))
            else:
                last = bucket.index == len(self.buckets) - 1
                views = [wrap(part) for part in bucket.parts]
                bucket_ = GradBucket(bucket.index, last, bucket.buffer, views, list(bucket.parameters))
                works.append(self.hook[1](self.hook[0], bucket_))
        if self.find_unused or self.static_graph:
            works.append(self.group.allreduce([wrap(np.zeros(len(self.numbers), np.int32))], AllreduceOptions()))
        for work in works:
            work.wait()


def _at_the_end(callback: Callable[[], None]) -> None:
    """Call something at the end of the backward in progress: of the outermost, if a checkpoint runs another."""
    execution = current_execution()
    execution = execution.root or execution
    if execution.callbacks is None:
        execution.callbacks = []
    execution.callbacks.append(callback)


def _leaves_behind(outputs: Iterable[Tensor]) -> set:
    """The leaves that a backward from these Tensors would reach."""
    found: set = set()
    seen: set[Node] = set()
    stack: list[Node] = []
    for output in outputs:
        edge = edge_of(output)
        if type(edge) is tuple:
            stack.append(edge[0])
        elif edge is not None:
            found.add(output)
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        for edge in node.edges:
            if edge is not None:
                if edge[1] is None:
                    found.add(edge[0])
                elif edge[0] not in seen:
                    stack.append(edge[0])
    return found
