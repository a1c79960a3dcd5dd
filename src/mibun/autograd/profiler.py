"""The profiler: which operator takes how much time and memory, in forward and in backward.

`profile` is a watcher (see `watching.py`): inside of it every operator, user-written Function and node of the graph is
an event, with its children inside; outside, nothing is measured and nothing is paid. Each thread or task profiles
itself.
"""

from __future__ import annotations

import functools
import json
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from types import FrameType
from typing import Any, ClassVar

from ..core.mode import MODE, ModeContext
from ..core.node import raw
from ..core.site import creation_site, describe
from ..core.tensor import Tensor
from ..core.watching import Watcher
from ..ops.aten import event_name
from .profiler_calls import calls, shape_of, shapes_of_arguments
from .profiler_flops import flops
from .profiler_util import EventList, FunctionEvent, FunctionEventAvg

_active: ContextVar[tuple[profile, ...]] = ContextVar("mibun_profilers", default=())


def kineto_available() -> bool:
    """Whether profiles are made by PyTorch's library for that: never."""
    return False


def _profiler_enabled() -> bool:
    """Whether a profile is being made in this thread or task."""
    return bool(_active.get())


class _ExperimentalConfig:
    """Options of the library that PyTorch's profiler is built on: about GPUs' counters, and how its files are written.

    They can be given, under PyTorch's names (TypeError for others), and asked for; there are no such counters here.
    """

    _NAMES = frozenset(
        """
        profiler_metrics profiler_measure_per_kernel verbose performance_events enable_cuda_sync_events
        adjust_profiler_step disable_external_correlation profile_all_threads capture_overload_names
        record_python_gc_info expose_kineto_event_metadata custom_profiler_config adjust_timestamps trace_only
        """.split()
    )

    def __init__(self, profiler_metrics: Sequence[str] = (), **options: Any) -> None:
        unknown = set(options) - self._NAMES
        if unknown:
            raise TypeError(f"_ExperimentalConfig() got an unexpected keyword argument '{sorted(unknown)[0]}'")
        self.profiler_metrics = list(profiler_metrics)
        self.custom_profiler_config, self.trace_only = "", False
        vars(self).update(options)


class profile(Watcher):
    """Records an event for every operator, Function and node that runs inside, in this thread or task.

    enabled: False makes it do nothing. record_shapes: note the shapes of the operands. with_flops: count floating-point
    operations of forward (see `profiler_flops`). profile_memory: note the bytes of the new arrays that an operator
    returns. with_stack: note the user's line. with_modules: Modules that are called are events too. use_kineto,
    use_cpu, use_device, use_cuda: there is one profiler, for one device; a device that is not there warns,
    `use_cpu=False` is an AssertionError. experimental_config: see `_ExperimentalConfig`. acc_events: keep the events
    of several cycles; here is one, whose events are always kept. custom_trace_id_callback: gives `trace_id`, which
    else is drawn. Then `key_averages()`, `table()`, `export_chrome_trace(path)`, `function_events`. RuntimeError if it
    is entered twice.

    >>> import mibun as torch
    >>> x = torch.ones(100, requires_grad=True)
    >>> with torch.autograd.profiler.profile() as profiler:
    ...     x.exp().sum().backward()
    >>> [event.name for event in profiler.function_events if "engine" not in event.name]
    ['aten::exp', 'aten::sum', 'SumBackward0', 'ExpBackward0']
    """

    def __init__(
        self,
        enabled: bool = True,
        *,
        use_cuda: bool = False,
        use_device: str | None = None,
        record_shapes: bool = False,
        with_flops: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_modules: bool = False,
        use_kineto: bool = False,
        use_cpu: bool = True,
        experimental_config: _ExperimentalConfig | None = None,
        acc_events: bool = False,
        custom_trace_id_callback: Callable[[], str] | None = None,
    ) -> None:
        super().__init__()
        if experimental_config is not None and not isinstance(experimental_config, _ExperimentalConfig):
            kind = type(experimental_config).__name__
            raise TypeError(f"profile(): experimental_config has to be an _ExperimentalConfig or None, not {kind}")
        if use_cuda:
            warnings.warn(
                "The attribute `use_cuda` will be deprecated soon, please use `use_device = 'cuda'` instead.",
                FutureWarning,
                stacklevel=2,
            )
            warnings.warn("CUDA is not available, disabling CUDA profiling", stacklevel=2)
        if not use_cpu:
            raise AssertionError("Device-only events supported only with Kineto: profile(use_cpu=False) has no device")
        if use_device is not None:
            warnings.warn(f"The {use_device} is not a valid device option: there is only the CPU.", stacklevel=2)
        self.enabled = bool(enabled)
        self.use_device = None
        self.use_cpu = True
        self.use_kineto = bool(use_kineto)
        self.record_shapes = bool(record_shapes or with_flops)
        self.with_flops = bool(with_flops)
        self.profile_memory = bool(profile_memory)
        self.with_stack = bool(with_stack)
        self.with_modules = bool(with_modules)
        self.acc_events = bool(acc_events)
        self.custom_trace_id_callback = custom_trace_id_callback
        self.trace_id = ""
        self.entered = False
        self.function_events: EventList | None = None
        self._events: list[FunctionEvent] = []
        self._open: list[tuple[FunctionEvent, FrameType | None]] = []  # with the call that an event is of, if it is one
        self._start = 0.0

    def clone(self) -> ModeContext:
        raise RuntimeError("a profile cannot be used as a decorator, since it can be entered only once: use `with`")

    def __enter__(self) -> Any:
        if not self.enabled:
            return None
        if self.entered:
            raise RuntimeError("Profiler context manager is not reentrant")
        self.entered = True
        self.trace_id = self.custom_trace_id_callback() if self.custom_trace_id_callback else uuid.uuid4().hex.upper()
        super().__enter__()
        _active.set((*_active.get(), self))
        self._start = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        if not self.enabled:
            return
        self._close_calls([])
        self._open.clear()
        _active.set(tuple(one for one in _active.get() if one is not self))
        super().__exit__(*error)
        for event in reversed(self._events):  # what is inside was opened later
            if event.cpu_parent is not None:
                event.cpu_parent.cpu_memory_usage += event.cpu_memory_usage
        self.function_events = EventList(
            self._events, profile_memory=self.profile_memory, with_flops=self.with_flops, with_stack=self.with_stack
        )

    # --- what runs ---

    def toggle_collection_dynamic(self, enabled: bool, activities: Any) -> None:
        """Go on recording, or pause, while the profile is entered."""
        mode = MODE.get()
        others = tuple([one for one in mode.watchers if one is not self])
        MODE.set(mode.replace(watchers=(*others, self) if enabled else others))

    def _now(self) -> float:
        return (time.perf_counter() - self._start) * 1e6

    def start(self, name: str, in_calls: bool = False, **attributes: Any) -> FunctionEvent:
        """Open an event inside of the innermost open one. in_calls: with the public functions that it is called by."""
        here = calls(self) if in_calls else []
        self._close_calls(here)
        known = [frame for _, frame in self._open]
        for frame, called in here:
            if called != name and frame not in known:
                shapes = shapes_of_arguments(frame) if self.record_shapes and not called.startswith("nn.") else []
                self._begin(called, frame, input_shapes=shapes)
        return self._begin(name, None, **attributes)

    def _begin(self, name: str, frame: FrameType | None, **attributes: Any) -> FunctionEvent:
        now = self._now()
        event = FunctionEvent(
            len(self._events), name, threading.get_ident(), now, now, **{"input_shapes": [], **attributes}
        )
        event.stack = [describe(creation_site())] if self.with_stack else []
        if self._open:
            event.set_cpu_parent(self._open[-1][0])
            self._open[-1][0].append_cpu_child(event)
        self._events.append(event)
        self._open.append((event, frame))
        event.time_range.start = event.time_range.end = self._now()
        return event

    def _close_calls(self, here: list[tuple[FrameType, str]]) -> None:
        """Close the calls that are no longer in progress: they ended when what they did last ended."""
        frames = [frame for frame, _ in here]
        while self._open and self._open[-1][1] is not None and self._open[-1][1] not in frames:
            self._open.pop()

    def stop(self, event: FunctionEvent) -> None:
        """Close an event, and those inside that an exception has left open."""
        end = self._now()
        while self._open:
            last, _ = self._open.pop()
            last.time_range.end = end
            if last is event:
                break
        for outer, frame in reversed(self._open):
            if frame is None:
                break
            outer.time_range.end = end

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        shapes = []
        if self.record_shapes:
            shapes = [shape_of(list(operands))] if op.variadic else [shape_of(operand) for operand in operands]
        event = self.start(event_name(op, name), in_calls=True, input_shapes=shapes)
        try:
            result = run(op)
        finally:
            self.stop(event)
        tensors = [t for t in (result if isinstance(result, tuple) else (result,)) if isinstance(t, Tensor)]
        if self.profile_memory and not op.view and name == op.name:
            event.cpu_memory_usage = sum(tensor._array_.nbytes for tensor in tensors)
        if self.with_flops and tensors:
            event.flops = flops(op, operands, tensors[0])
            outer = event.cpu_parent
            if event.name == "aten::convolution" and outer is not None and outer.name.startswith("aten::conv"):
                outer.flops, event.flops = event.flops, None  # counted where PyTorch counts it
        grad_fn = next((edge[0] for t in tensors if type(edge := t._edge_) is tuple and edge[1] is not None), None)
        if grad_fn is not None:
            event.sequence_nr = grad_fn.sequence_nr
        return result

    def overload(self, func: Any, args: tuple, kwargs: dict, run: Callable) -> Any:
        shapes = [shape_of(arg) for arg in args] if self.record_shapes else []
        event = self.start(func.name(), input_shapes=shapes)
        try:
            return run()
        finally:
            self.stop(event)

    def function(self, cls: Any, args: tuple, run: Callable) -> Any:
        if getattr(cls, "_of_library", False):  # it is seen as the operator that it is
            return run()
        shapes = [shape_of(arg) for arg in args] if self.record_shapes else []
        event = self.start(cls.__name__, input_shapes=shapes)
        try:
            return run()
        finally:
            self.stop(event)

    def node(self, node: Any, grad: Any, run: Callable) -> Any:
        grads = grad if isinstance(grad, list) else [grad]
        shapes = [[] if g is None else list(g.shape) for g in grads] if self.record_shapes else []
        attributes = {"input_shapes": shapes, "sequence_nr": node.sequence_nr, "scope": 1}
        outer = self.start(f"autograd::engine::evaluate_function: {node.name()}", **attributes)
        event = self.start(node.name(), **attributes)
        if self.with_stack:
            outer.stack = event.stack = [describe(node.site)]  # the forward line
        try:
            results = run()
        finally:
            self.stop(event)
            self.stop(outer)
        if self.profile_memory and not event.cpu_children:
            arrays = [raw(r) for r in results if r is not None]
            # A gradient that is passed on as it came, or as a view, is no new memory.
            event.cpu_memory_usage = sum(
                a.nbytes for a in arrays if getattr(a, "base", None) is None and all(a is not g for g in grads)
            )
        return results

    # --- what was found ---

    def _finished(self) -> EventList:
        if self.function_events is None:
            raise RuntimeError("Profiler didn't finish running: leave its `with` block first")
        return self.function_events

    def key_averages(
        self, group_by_input_shape: bool = False, group_by_stack_n: int = 0, group_by_overload_name: bool = False
    ) -> EventList:
        """The events added up by name (and by shapes, and by line where asked for)."""
        return self._finished().key_averages(group_by_input_shape, group_by_stack_n, group_by_overload_name)

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
        write_trace(path, self._finished(), {})

    def export_stacks(self, path: Any, metric: str = "self_cpu_time_total") -> None:
        """Write the events by line of the program; see `EventList.export_stacks`. Needs `with_stack=True`."""
        events = self._finished()
        if not self.with_stack:
            raise AssertionError("export_stacks() requires with_stack=True")
        events.export_stacks(path, metric)

    def __repr__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else repr(self.function_events)

    def __str__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else str(self.function_events)


def write_trace(path: Any, events: EventList, metadata: dict[str, Any]) -> None:
    """Write events, and what else is known of the run, as a file for chrome://tracing or Perfetto."""
    process = {"ph": "M", "name": "process_name", "tid": 0, "ts": 0, "args": {"name": "mibun"}}
    entries = events._trace_entries()
    entries.insert(0, {**process, "pid": entries[0]["pid"] if entries else 0})
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**metadata, "traceEvents": entries, "displayTimeUnit": "ms"}, file)


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
            if any(one is event for one, _ in profiler._open):
                profiler.stop(event)

    def __call__(self, function: Callable) -> Callable:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name, self.args):
                return function(*args, **kwargs)

        return wrapper


class EnforceUnique:
    """Raises RuntimeError for a key that it has seen before.

    >>> import mibun as torch
    >>> torch.autograd.profiler.EnforceUnique().see("a")
    """

    def __init__(self) -> None:
        self.seen: set = set()

    def see(self, *key: Any) -> None:
        """Note a key."""
        if key in self.seen:
            raise RuntimeError("duplicate key: " + str(key))
        self.seen.add(key)


class KinetoStepTracker:
    """The step that a program is in, by the count of whoever has counted furthest: optimizers, profilers, the user.

    >>> import mibun as torch
    >>> tracker = torch.autograd.profiler.KinetoStepTracker
    >>> tracker.init_step_count("mine")
    >>> tracker.increment_step("mine") == tracker.current_step()
    True
    >>> tracker.erase_step_count("mine")
    True
    """

    _current_step = 0
    _step_dict: ClassVar[dict[str, int]] = {}

    @classmethod
    def init_step_count(cls, requester: str) -> None:
        """Let somebody count from now on."""
        cls._step_dict[requester] = cls._current_step

    @classmethod
    def erase_step_count(cls, requester: str) -> bool:
        """Let somebody count no more; whether they have."""
        return cls._step_dict.pop(requester, None) is not None

    @classmethod
    def increment_step(cls, requester: str) -> int:
        """Somebody is one step further; gives the step that the program is in."""
        cls._step_dict[requester] = cls._step_dict.get(requester, cls._current_step) + 1
        cls._current_step = max(cls._current_step, *cls._step_dict.values())
        return cls._current_step

    @classmethod
    def current_step(cls) -> int:
        """The step that the program is in."""
        return cls._current_step


class emit_nvtx:
    """A context in which each operator is a range in NVIDIA's profiler. AssertionError where it is entered.

    enabled: False does nothing. record_shapes: would note shapes. There are no GPUs.
    """

    def __init__(self, enabled: bool = True, record_shapes: bool = False) -> None:
        self.enabled, self.record_shapes, self.entered = enabled, record_shapes, False

    def __enter__(self) -> Any:
        if not self.enabled:
            return None
        if self.entered:
            raise RuntimeError("NVTX annotation context manager is not reentrant")
        self.entered = True
        raise AssertionError("Torch not compiled with CUDA enabled: emit_nvtx() needs a GPU")

    def __exit__(self, *error: object) -> bool:
        return False


class emit_itt(emit_nvtx):
    """A context in which each operator is a range in Intel's VTune. RuntimeError where it is entered.

    enabled: False does nothing. record_shapes: would note shapes. There is no library for it.
    """

    def __enter__(self) -> Any:
        if not self.enabled:
            return None
        raise RuntimeError("ITT functions not installed. Are you sure you have a ITT build?")


__all__ = [
    "EnforceUnique",
    "EventList",
    "FunctionEvent",
    "FunctionEventAvg",
    "KinetoStepTracker",
    "emit_itt",
    "emit_nvtx",
    "kineto_available",
    "profile",
    "record_function",
]
