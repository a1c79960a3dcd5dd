"""The profiler: which operator takes how much time and memory, in forward and in backward.

`profile` is a watcher (see `watching.py`): inside of it every operator, user-written Function and node of the graph is
an event, with its children inside; outside, nothing is measured and nothing is paid. Each thread or task profiles
itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from .grad_mode import ModeContext
from .profiler_events import EventList, FunctionEvent, FunctionEventAvg
from .site import creation_site, describe
from .watching import Watcher

_active: ContextVar[tuple[profile, ...]] = ContextVar("mibun_profilers", default=())


class profile(Watcher):
    """Records an event for every operator, Function and node that runs inside, in this thread or task.

    enabled: False makes it do nothing. record_shapes: note the shapes of the operands. profile_memory: note the bytes
    of the new arrays that an operator returns. with_stack: note the user's line. Then `key_averages()`, `table()`,
    `export_chrome_trace(path)`, `function_events`. RuntimeError if it is entered twice.

    >>> import mibun as torch
    >>> x = torch.ones(100, requires_grad=True)
    >>> with torch.autograd.profiler.profile() as profiler:
    ...     x.exp().sum().backward()
    >>> [event.name for event in profiler.function_events]
    ['aten::exp', 'aten::sum', 'SumBackward0', 'ExpBackward0']
    """

    def __init__(
        self,
        enabled: bool = True,
        *,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
    ) -> None:
        super().__init__()
        self.enabled = bool(enabled)
        self.record_shapes = bool(record_shapes)
        self.profile_memory = bool(profile_memory)
        self.with_stack = bool(with_stack)
        self.entered = False
        self.function_events: EventList | None = None
        self._events: list[FunctionEvent] = []
        self._open: list[FunctionEvent] = []
        self._start = 0.0

    def clone(self) -> ModeContext:
        raise RuntimeError("a profile cannot be used as a decorator, since it can be entered only once: use `with`")

    def __enter__(self) -> Any:
        if not self.enabled:
            return self
        if self.entered:
            raise RuntimeError("Profiler context manager is not reentrant")
        self.entered = True
        super().__enter__()
        _active.set((*_active.get(), self))
        self._start = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        if not self.enabled:
            return
        _active.set(tuple(one for one in _active.get() if one is not self))
        super().__exit__(*error)
        self.function_events = EventList(self._events, profile_memory=self.profile_memory, with_stack=self.with_stack)

    # --- what runs ---

    def start(self, name: str, **attributes: Any) -> FunctionEvent:
        """Open an event inside of the innermost open one."""
        event = FunctionEvent(len(self._events), name, threading.get_ident(), **attributes)
        if self.with_stack:
            event.stack = [describe(creation_site())]
        if self._open:
            event.cpu_parent = self._open[-1]
            self._open[-1].cpu_children.append(event)
        self._events.append(event)
        self._open.append(event)
        event.time_range.start = (time.perf_counter() - self._start) * 1e6
        return event

    def stop(self, event: FunctionEvent) -> None:
        """Close an event, and those inside that an exception has left open."""
        end = (time.perf_counter() - self._start) * 1e6
        while self._open:
            last = self._open.pop()
            last.time_range.end = end
            if last is event:
                break

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        shapes = [list(o.shape) if hasattr(o, "_array") else [] for o in operands] if self.record_shapes else []
        event = self.start(f"aten::{name}", input_shapes=shapes)
        try:
            result = run(op)
        finally:
            self.stop(event)
        tensors = [t for t in (result if isinstance(result, tuple) else (result,)) if hasattr(t, "_array")]
        if self.profile_memory and not op.view and name == op.name:
            event.add_memory(sum(tensor._array.nbytes for tensor in tensors))
        grad_fn = next((edge[0] for t in tensors if type(edge := t._edge) is tuple and edge[1] is not None), None)
        if grad_fn is not None:
            event.sequence_nr = grad_fn.sequence_nr
        return result

    def function(self, cls: Any, args: tuple, run: Callable) -> Any:
        shapes = [list(a.shape) if hasattr(a, "_array") else [] for a in args] if self.record_shapes else []
        event = self.start(cls.__name__, input_shapes=shapes)
        try:
            return run()
        finally:
            self.stop(event)

    def node(self, node: Any, grad: Any, run: Callable) -> Any:
        grads = grad if isinstance(grad, list) else [grad]
        shapes = [[] if g is None else list(g.shape) for g in grads] if self.record_shapes else []
        event = self.start(node.name(), input_shapes=shapes, sequence_nr=node.sequence_nr, scope=1)
        if self.with_stack:
            event.stack = [describe(node.site)]  # the forward line
        try:
            results = run()
        finally:
            self.stop(event)
        if self.profile_memory and not event.cpu_children:
            arrays = [getattr(r, "_array", r) for r in results if r is not None]
            # A gradient that is passed on as it came, or as a view, is no new memory.
            event.add_memory(
                sum(a.nbytes for a in arrays if getattr(a, "base", None) is None and all(a is not g for g in grads))
            )
        return results

    # --- what was found ---

    def _finished(self) -> EventList:
        if self.function_events is None:
            raise RuntimeError("Profiler didn't finish running: leave its `with` block first")
        return self.function_events

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> EventList:
        """The events added up by name (and by shapes, and by line where asked for)."""
        return self._finished().key_averages(group_by_input_shape, group_by_stack_n)

    def table(self, sort_by: str | None = None, row_limit: int = 100, **options: Any) -> str:
        """All events as a table; see `EventList.table`."""
        return self._finished().table(sort_by=sort_by, row_limit=row_limit, **options)

    def total_average(self) -> FunctionEventAvg:
        """All events added up."""
        return self._finished().total_average()

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all events, in microseconds."""
        return self._finished().self_cpu_time_total

    def export_chrome_trace(self, path: Any) -> None:
        """Write the events as a file for chrome://tracing or Perfetto."""
        self._finished().export_chrome_trace(path)

    def __repr__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else repr(self.function_events)

    def __str__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else str(self.function_events)


class record_function:
    """Marks a part of the program as an event of its own in the profiles that are active; also a decorator.

    args: a note shown with the event.

    >>> import mibun as torch
    >>> with torch.autograd.profiler.profile() as profiler:
    ...     with torch.autograd.profiler.record_function("my part"):
    ...         _ = torch.ones(3).exp()
    >>> profiler.function_events[0].name
    'my part'
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self.args = args
        self._open: list[list[tuple[profile, FunctionEvent]]] = []

    def __enter__(self) -> record_function:
        started = []
        for profiler in _active.get():
            event = profiler.start(self.name, is_user_annotation=True)
            event.args = self.args
            started.append((profiler, event))
        self._open.append(started)
        return self

    def __exit__(self, *error: object) -> None:
        for profiler, event in reversed(self._open.pop()):
            if event in profiler._open:
                profiler.stop(event)

    def __call__(self, function: Callable) -> Callable:
        import functools

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name, self.args):
                return function(*args, **kwargs)

        return wrapper


__all__ = ["EventList", "FunctionEvent", "FunctionEventAvg", "profile", "record_function"]
