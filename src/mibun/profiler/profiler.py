"""`torch.profiler.profile`: profiles of many steps, of which a schedule says which are recorded.

It makes one `autograd.profiler.profile` after the other, and calls `on_trace_ready` when one is finished.
"""

from __future__ import annotations

import enum
import gzip
import json
import os
import shutil
import socket
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from ..autograd import profiler as _profiler
from ..autograd.profiler import _ExperimentalConfig, kineto_available, record_function, write_trace
from ..autograd.profiler_util import DeviceType, EventList
from ..core.site import stacklevel
from .execution_trace import ExecutionTraceObserver


class ProfilerActivity(enum.Enum):
    """What is profiled: the CPU; asking for another device warns."""

    CPU = 0
    XPU = 1
    MTIA = 2
    CUDA = 3
    HPU = 4
    PrivateUse1 = 5


class ProfilerAction(enum.Enum):
    """What is done in a step."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3
    DEVICE_STOPPED = 4


_RECORDING = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


def supported_activities() -> set[ProfilerActivity]:
    """What can be profiled."""
    return {ProfilerActivity.CPU}


def schedule(
    *, wait: int, warmup: int, active: int, repeat: int = 0, skip_first: int = 0, skip_first_wait: int = 0
) -> Callable[[int], ProfilerAction]:
    """Cycles of `wait` steps without a profile, `warmup` without a record, and `active` that are recorded.

    repeat: how many cycles, 0 for any number. skip_first: steps before the first. skip_first_wait: not 0 leaves out
    the first `wait`. AssertionError for numbers that are negative, or an `active` of 0.

    >>> import mibun as torch
    >>> plan = torch.profiler.schedule(wait=1, warmup=0, active=1)
    >>> [plan(step).name for step in range(4)]
    ['NONE', 'RECORD_AND_SAVE', 'NONE', 'RECORD_AND_SAVE']
    """
    if min(wait, warmup, repeat, skip_first) < 0 or active <= 0:
        raise AssertionError(
            f"Invalid profiler schedule arguments. Got wait={wait} (need >= 0), warmup={warmup} (need >= 0), "
            f"active={active} (need > 0), repeat={repeat} (need >= 0), skip_first={skip_first} (need >= 0)."
        )
    length = wait + warmup + active

    def action(step: int) -> ProfilerAction:
        if step < 0:
            raise AssertionError(f"Step must be non-negative. Got {step}.")
        step -= skip_first
        if step < 0:
            return ProfilerAction.NONE
        if skip_first_wait:
            step += wait
        cycle, place = divmod(step, length)
        if (repeat and cycle >= repeat) or place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        return ProfilerAction.RECORD_AND_SAVE if place == length - 1 else ProfilerAction.RECORD

    return action


def tensorboard_trace_handler(dir_name: str, worker_name: str | None = None, use_gzip: bool = False) -> Callable:
    """An `on_trace_ready` that writes each trace into a folder, under names that TensorBoard's plug-in finds."""

    def handler(profiler: profile) -> None:
        os.makedirs(dir_name, exist_ok=True)
        worker = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        name = f"{worker}.{time.time_ns()}.pt.trace.json"
        profiler.export_chrome_trace(os.path.join(dir_name, name + ".gz" * use_gzip))

    return handler


class profile:
    """A profile of a program's steps, in this thread or task.

    activities: what is to be profiled (all that there is). schedule: see the function of that name; without it all is
    recorded. on_trace_ready: called with this object whenever a record is finished. acc_events: keep the events of all
    cycles, instead of the last one's. execution_trace_observer: is started and stopped with the records. use_cuda: what
    activities are now, with a warning. post_processing_timeout_s: of PyTorch's work on a record when it is finished,
    which here is none. The rest is as for `autograd.profiler.profile`.

    >>> import mibun as torch
    >>> with torch.profiler.profile(record_shapes=True) as profiler:
    ...     with torch.profiler.record_function("square"):
    ...         _ = torch.ones(3) ** 2
    >>> [event.name for event in profiler.events()]
    ['square', 'aten::pow']
    """

    def __init__(
        self,
        *,
        activities: Iterable[ProfilerActivity] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[[profile], Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
        experimental_config: _ExperimentalConfig | None = None,
        execution_trace_observer: ExecutionTraceObserver | None = None,
        acc_events: bool = False,
        use_cuda: bool | None = None,
        custom_trace_id_callback: Callable[[], str] | None = None,
        post_processing_timeout_s: float | None = None,
    ) -> None:
        if use_cuda is not None:
            warnings.warn(
                "`use_cuda` is deprecated, use `activities` argument instead", FutureWarning, stacklevel=stacklevel()
            )
        self.activities = supported_activities() if activities is None else set(activities)
        if not self.activities or not all(isinstance(one, ProfilerActivity) for one in self.activities):
            raise AssertionError("No valid profiler activities found")
        for device in sorted(one.name for one in self.activities - supported_activities()):
            warnings.warn(f"{device} is not available, disabling {device} profiling", stacklevel=2)
        if ProfilerActivity.CPU not in self.activities:
            raise AssertionError("No activities specified for the profiler")
        self._schedule = schedule or (lambda step: ProfilerAction.RECORD)
        self._marks_steps = schedule is not None
        self.on_trace_ready = on_trace_ready
        self.acc_events = bool(acc_events)
        self._options: dict[str, Any] = {
            "record_shapes": record_shapes,
            "profile_memory": profile_memory,
            "with_stack": with_stack,
            "with_flops": with_flops,
            "with_modules": with_modules,
            "experimental_config": experimental_config,
            "custom_trace_id_callback": custom_trace_id_callback,
        }
        self.execution_trace_observer = execution_trace_observer
        self.post_processing_timeout_s = post_processing_timeout_s
        self.step_num = 0
        self.current_action = self._schedule(0)
        self.profiler: _profiler.profile | None = None
        self.step_rec_fn: record_function | None = None
        self._recording = False
        self._accumulated: EventList | None = None
        self._metadata: dict[str, Any] = {}

    # --- steps ---

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, as `with` does."""
        if self.current_action in _RECORDING:
            self._start_record()
        self._mark_step()

    def stop(self) -> None:
        """End, as leaving `with` does: what was being recorded is finished."""
        self._end_mark()
        if self._recording:
            self._finish_record()
        if self.execution_trace_observer is not None:
            self.execution_trace_observer.cleanup()
        self.current_action = ProfilerAction.NONE

    def toggle_collection_dynamic(self, enable: bool, activities: Iterable[ProfilerActivity]) -> None:
        """Go on recording some activities, or pause, within a record. There is one activity, the CPU's.

        AssertionError outside of a record.
        """
        if self.profiler is None:
            raise AssertionError("Profiler must be initialized before toggling what it collects")
        if ProfilerActivity.CPU in set(activities):
            self.profiler.toggle_collection_dynamic(enable, activities)

    def step(self) -> None:
        """Say that the next step of the program begins."""
        self._end_mark()
        before, self.step_num = self.current_action, self.step_num + 1
        self.current_action = self._schedule(self.step_num)
        if self._recording and (before is ProfilerAction.RECORD_AND_SAVE or self.current_action not in _RECORDING):
            self._finish_record()
        if self.current_action in _RECORDING and not self._recording:
            self._start_record()
        self._mark_step()

    # The parts of a record, for who starts and stops them one by one.

    def prepare_trace(self) -> None:
        """What comes before a record: nothing has to be prepared."""

    def start_trace(self) -> None:
        """Begin a record."""
        if not self._recording:
            self._start_record()

    def stop_trace(self) -> None:
        """Finish the record."""
        if self._recording:
            self._finish_record()

    def _start_record(self) -> None:
        if self.execution_trace_observer is not None:
            self.execution_trace_observer.start()
        self.profiler = _profiler.profile(**self._options)
        self.profiler.__enter__()
        self._recording = True

    def _finish_record(self) -> None:
        assert self.profiler is not None
        self.profiler.__exit__(None, None, None)
        self._recording = False
        if self.execution_trace_observer is not None:
            self.execution_trace_observer.stop()
        if self.acc_events:
            events = self.profiler._finished()
            if self._accumulated is not None:
                events[:0] = self._accumulated
            self._accumulated = events
        if self.on_trace_ready is not None:
            self.on_trace_ready(self)

    def _mark_step(self) -> None:
        if self._marks_steps and self._recording:
            self.step_rec_fn = record_function(f"ProfilerStep#{self.step_num}")
            self.step_rec_fn.__enter__()

    def _end_mark(self) -> None:
        if self.step_rec_fn is not None:
            self.step_rec_fn.__exit__(None, None, None)
            self.step_rec_fn = None

    # --- what was found ---

    def _found(self, what: str) -> EventList:
        if self.profiler is None:
            raise AssertionError(f"Profiler must be initialized before {what}")
        return self.profiler._finished()

    def events(self) -> EventList:
        """The events of the last record. AssertionError if there is none."""
        return self._found("accessing events")

    def key_averages(
        self, group_by_input_shape: bool = False, group_by_stack_n: int = 0, group_by_overload_name: bool = False
    ) -> EventList:
        """The events of the last record added up by name (and by shapes, and by line where asked for)."""
        found = self._found("getting key averages")
        return found.key_averages(group_by_input_shape, group_by_stack_n, group_by_overload_name)

    def export_chrome_trace(self, path: str) -> None:
        """Write the last record for chrome://tracing or Perfetto; compressed if the name ends in `.gz`."""
        events = self._found("exporting chrome trace")
        if not str(path).endswith(".gz"):
            write_trace(path, events, self._metadata)
            return
        plain = str(path)[: -len(".gz")]
        write_trace(plain, events, self._metadata)
        with open(plain, "rb") as source, gzip.open(path, "wb") as target:
            shutil.copyfileobj(source, target)
        os.remove(plain)

    def get_trace_id(self) -> str | None:
        """What the last record is known by: what `custom_trace_id_callback` gave, or 32 hexadecimal digits; or None."""
        return None if self.profiler is None else self.profiler.trace_id

    def set_custom_trace_id_callback(self, callback: Callable[[], str]) -> None:
        """Let the records to come be known by what a function gives."""
        self._options["custom_trace_id_callback"] = callback

    def export_stacks(self, path: str, metric: str = "self_cpu_time_total") -> None:
        """Write the last record by line of the program. AssertionError without `with_stack=True`."""
        self._found("exporting stacks")
        assert self.profiler is not None
        self.profiler.export_stacks(path, metric)

    def add_metadata(self, key: str, value: str) -> None:
        """Note something about the run in the files that `export_chrome_trace` writes."""
        self._metadata[key] = value

    def add_metadata_json(self, key: str, value: str) -> None:
        """The same for a value that is JSON (ValueError if it is not)."""
        self._metadata[key] = json.loads(value)

    preset_metadata_json = add_metadata_json


class _KinetoProfile(profile):
    """A profile without a schedule, which `start` and `stop` record: the base class of PyTorch's `profile`."""

    def __init__(self, **options: Any) -> None:
        for name in ("schedule", "on_trace_ready", "use_cuda"):
            if name in options:
                raise TypeError(f"_KinetoProfile() got an unexpected keyword argument '{name}'")
        super().__init__(**options)


__all__ = [
    "DeviceType",
    "ProfilerAction",
    "ProfilerActivity",
    "kineto_available",
    "profile",
    "record_function",
    "schedule",
    "supported_activities",
    "tensorboard_trace_handler",
]
