"""`torch.profiler`: profiles of many steps, of which a schedule says which are recorded.

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

from .autograd import profiler as _profiler
from .autograd.profiler import kineto_available, record_function, write_trace
from .autograd.profiler_util import DeviceType, EventList


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
    cycles, instead of the last one's. The rest is as for `autograd.profiler.profile`.

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
        acc_events: bool = False,
    ) -> None:
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
        }
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
        self.current_action = ProfilerAction.NONE

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

    def _start_record(self) -> None:
        self.profiler = _profiler.profile(**self._options)
        self.profiler.__enter__()
        self._recording = True

    def _finish_record(self) -> None:
        assert self.profiler is not None
        self.profiler.__exit__(None, None, None)
        self._recording = False
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
