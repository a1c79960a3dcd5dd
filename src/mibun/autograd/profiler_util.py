"""What the profiler has found: events, their sums by name, and the table and the files made of them."""

from __future__ import annotations

import enum
import json
import os
import warnings
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core.site import stacklevel

MEMORY_EVENT_NAME = "[memory]"
OUT_OF_MEMORY_EVENT_NAME = "[OutOfMemory]"


class DeviceType(enum.IntEnum):
    """Where an event ran: always on the CPU."""

    CPU = 0
    CUDA = 1

    def __str__(self) -> str:
        return f"DeviceType.{self.name}"


def _format_time(us: float, unit: str | None = None) -> str:
    unit = unit or ("s" if us >= 1e6 else "ms" if us >= 1e3 else "us")
    if unit not in _UNITS:
        raise ValueError(f"time_unit must be one of {list(_UNITS)}, but got {unit!r}")
    return f"{us / _UNITS[unit]:.3f}{unit}"


_UNITS = {"s": 1e6, "ms": 1e3, "us": 1.0}


def _format_memory(count: int) -> str:
    for size, unit in ((2**30, "GB"), (2**20, "MB"), (2**10, "KB")):
        if abs(count) >= size:
            return f"{count / size:.2f} {unit}"
    return f"{count} B"


class Interval:
    """From `start` to `end`, in microseconds since the profile began."""

    def __init__(self, start: float = 0.0, end: float = 0.0) -> None:
        self.start = start
        self.end = end

    def elapsed_us(self) -> float:
        """The length."""
        return self.end - self.start

    def __repr__(self) -> str:
        return f"Interval(start={self.start:.3f}, end={self.end:.3f})"


class Kernel(NamedTuple):
    """Work of an event on another device: there is none, and so no event has any."""

    name: str
    device: int
    duration: float


class FormattedTimesMixin:
    """The properties that events and their sums share, all from `count`, the total and the self time."""

    count: int
    cpu_time_total: float
    self_cpu_time_total: float
    # On another device than the CPU nothing runs, and nothing is allocated.
    device_time_total = self_device_time_total = 0
    device_memory_usage = self_device_memory_usage = 0

    @property
    def cpu_time(self) -> float:
        """Microseconds per call, with everything inside."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def cpu_time_str(self) -> str:
        """`cpu_time`, written."""
        return _format_time(self.cpu_time)

    @property
    def cpu_time_total_str(self) -> str:
        """`cpu_time_total`, written."""
        return _format_time(self.cpu_time_total)

    @property
    def self_cpu_time_total_str(self) -> str:
        """`self_cpu_time_total`, written."""
        return _format_time(self.self_cpu_time_total)

    @property
    def device_time(self) -> float:
        """Microseconds per call on another device: 0."""
        return 0.0

    @property
    def device_time_str(self) -> str:
        """`device_time`, written."""
        return _format_time(self.device_time)

    @property
    def device_time_total_str(self) -> str:
        """`device_time_total`, written."""
        return _format_time(self.device_time_total)

    @property
    def self_device_time_total_str(self) -> str:
        """`self_device_time_total`, written."""
        return _format_time(self.self_device_time_total)

    @property
    def cuda_time(self) -> float:
        """`device_time` by its older name, with a FutureWarning."""
        warnings.warn(
            "`cuda_time` is deprecated, please use `device_time` instead.", FutureWarning, stacklevel=stacklevel()
        )
        return self.device_time


def _older(name: str) -> Any:
    """The property of an event about another device, by its older name, with a FutureWarning."""
    older, newer = name, name.replace("cuda", "device")

    def get(event: Any) -> Any:
        warnings.warn(f"`{older}` is deprecated. Use `{newer}` instead.", FutureWarning, stacklevel=stacklevel())
        return getattr(event, newer)

    return property(get, doc=f"`{newer}` by its older name, with a FutureWarning.")


class FunctionEvent(FormattedTimesMixin):
    """One call of an operator, Function or node, or one part marked by `record_function`.

    Times are in microseconds since the profile began. `cpu_memory_usage` counts bytes, with everything inside; `scope`
    is 1 for what runs in backward, and `sequence_nr` that of the node: the same for forward and backward.
    """

    count = 1
    cuda_time_total = _older("cuda_time_total")
    self_cuda_time_total = _older("self_cuda_time_total")
    self_cuda_memory_usage = _older("self_cuda_memory_usage")

    def __init__(
        self,
        id: int,
        name: str,
        thread: int,
        start_us: float,
        end_us: float,
        overload_name: str | None = None,
        fwd_thread: int | None = None,
        input_shapes: list | None = None,
        stack: list[str] | None = None,
        scope: int = 0,
        use_device: str | None = None,
        cpu_memory_usage: int = 0,
        is_async: bool = False,
        is_remote: bool = False,
        sequence_nr: int = -1,
        node_id: int = -1,
        device_type: DeviceType = DeviceType.CPU,
        device_index: int = 0,
        is_legacy: bool = False,
        flops: int | None = None,
        trace_name: str | None = None,
        concrete_inputs: list | None = None,
        is_user_annotation: bool = False,
    ) -> None:
        self.id = id
        self.node_id = node_id
        self.name = name
        self.overload_name = overload_name
        self.trace_name = trace_name or name
        self.time_range = Interval(start_us, end_us)
        self.thread = thread
        self.fwd_thread = fwd_thread
        self.kernels: list[Kernel] = []
        self.cpu_children: list[FunctionEvent] = []
        self.cpu_parent: FunctionEvent | None = None
        self.input_shapes = input_shapes
        self.concrete_inputs = concrete_inputs
        self.stack = stack
        self.scope = scope
        self.use_device = use_device
        self.cpu_memory_usage = cpu_memory_usage
        self.is_async = is_async
        self.is_remote = is_remote
        self.sequence_nr = sequence_nr
        self.device_type = device_type
        self.device_index = device_index
        self.is_legacy = is_legacy
        self.flops = flops
        self.is_user_annotation = is_user_annotation
        self.args: str | None = None  # the note given to `record_function`

    @property
    def key(self) -> str:
        """What events are grouped by."""
        return self.name

    def append_cpu_child(self, child: FunctionEvent) -> None:
        """Put an event inside of this one."""
        self.cpu_children.append(child)

    def set_cpu_parent(self, parent: FunctionEvent) -> None:
        """Say which event this one is inside of."""
        self.cpu_parent = parent

    @property
    def self_cpu_memory_usage(self) -> int:
        """Bytes allocated, without the events inside."""
        return self.cpu_memory_usage - sum(child.cpu_memory_usage for child in self.cpu_children)

    @property
    def cpu_time_total(self) -> float:  # type: ignore[override]
        """Microseconds, with everything inside."""
        return self.time_range.elapsed_us()

    @property
    def self_cpu_time_total(self) -> float:  # type: ignore[override]
        """Microseconds, without the events inside."""
        return self.cpu_time_total - sum(child.cpu_time_total for child in self.cpu_children)

    def __repr__(self) -> str:
        return (
            f"<FunctionEvent id={self.id} name={self.name} overload_name={self.overload_name} "
            f"device_type={self.device_type} node_id={self.node_id} cpu_time={self.cpu_time_str} "
            f"start_us={self.time_range.start:.3f} end_us={self.time_range.end:.3f} "
            f"cpu_children={[child.id for child in self.cpu_children]} thread={self.thread} "
            f"input_shapes={self.input_shapes} cpu_memory_usage={self.cpu_memory_usage} is_async={self.is_async} "
            f"is_remote={self.is_remote} seq_nr={self.sequence_nr} is_legacy={self.is_legacy}>"
        )


class FunctionEventAvg(FormattedTimesMixin):
    """Events of one name added up."""

    def __init__(self) -> None:
        self.key: str | None = None
        self.count = 0
        self.node_id = 0
        self.is_async = False
        self.is_remote = False
        self.use_device: str | None = None
        self.cpu_time_total = 0.0
        self.self_cpu_time_total = 0.0
        self.input_shapes: list | None = None
        self.overload_name: str | None = None
        self.stack: list[str] | None = None
        self.scope: int | None = None
        self.cpu_memory_usage = 0
        self.self_cpu_memory_usage = 0
        self.cpu_children: list | None = None
        self.cpu_parent: FunctionEvent | None = None
        self.device_type = DeviceType.CPU
        self.is_legacy = False
        self.flops = 0
        self.is_user_annotation = False

    @property
    def name(self) -> str | None:
        """The key."""
        return self.key

    def add(self, other: FunctionEvent | FunctionEventAvg) -> FunctionEventAvg:
        """Add one event (or a sum) of the same name; returns self. AssertionError for another name."""
        if self.key is None:
            self.key, self.node_id, self.scope = other.key, other.node_id, other.scope
            self.cpu_parent, self.cpu_children = other.cpu_parent, other.cpu_children
            self.input_shapes, self.overload_name, self.stack = other.input_shapes, other.overload_name, other.stack
            self.is_user_annotation = other.is_user_annotation
        if not isinstance(other, (FunctionEvent, FunctionEventAvg)):
            raise AssertionError(f"expected a FunctionEvent or a FunctionEventAvg, but got {type(other).__name__}")
        if other.key != self.key:
            raise AssertionError(f"Expected keys to match, but got {other.key} vs {self.key}")
        self.count += other.count
        self.cpu_time_total += other.cpu_time_total
        self.self_cpu_time_total += other.self_cpu_time_total
        self.cpu_memory_usage += other.cpu_memory_usage
        self.self_cpu_memory_usage += other.self_cpu_memory_usage
        self.flops += other.flops or 0
        return self

    def __iadd__(self, other: FunctionEvent | FunctionEventAvg) -> FunctionEventAvg:
        return self.add(other)

    def __repr__(self) -> str:
        return (
            f"<FunctionEventAvg key={self.key} self_cpu_time={self.self_cpu_time_total_str} "
            f"cpu_time={self.cpu_time_str} input_shapes={self.input_shapes} cpu_memory_usage={self.cpu_memory_usage}>"
        )


class EventList(list):
    """A list of events, or of their sums, that can be printed as a table."""

    supported_export_stacks_metrics = ("self_cpu_time_total",)

    def __init__(
        self,
        events: Iterable = (),
        *,
        profile_memory: bool = False,
        with_flops: bool = False,
        with_stack: bool = False,
    ) -> None:
        super().__init__(events)
        self._profile_memory = profile_memory
        self._with_flops = with_flops
        self._with_stack = with_stack

    @property
    def self_cpu_time_total(self) -> float:
        """The self times added up, in microseconds."""
        return sum(event.self_cpu_time_total for event in self)

    def key_averages(
        self, group_by_input_shapes: bool = False, group_by_stack_n: int = 0, group_by_overload_name: bool = False
    ) -> EventList:
        """The events added up by name; by the shapes of the operands, and by line, where asked for."""
        sums: dict[tuple, FunctionEventAvg] = {}
        for event in self:
            shapes = str(event.input_shapes) if group_by_input_shapes else ""
            overload = event.overload_name if group_by_overload_name else ""
            key = (event.key, shapes, overload, tuple((event.stack or ())[:group_by_stack_n]))
            total = sums.get(key)
            if total is None:
                total = sums[key] = FunctionEventAvg()
            total.add(event)
        result = EventList(
            sums.values(), profile_memory=self._profile_memory, with_flops=self._with_flops, with_stack=self._with_stack
        )
        for total in result:
            total.stack = (total.stack or [])[:group_by_stack_n]
            if not group_by_input_shapes:
                total.input_shapes = None
            if not group_by_overload_name:
                total.overload_name = None
        return result

    def total_average(self) -> FunctionEventAvg:
        """All events added up: the total time counts what is inside of an event again, the self time does not."""
        total = FunctionEventAvg()
        for event in self:
            total.key = event.key if total.count else None
            total.add(event)
        total.key, total.input_shapes, total.stack = "Total", None, None
        return total

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int = 55,
        max_shapes_column_width: int = 80,
        header: str | None = None,
        top_level_events_only: bool = False,
        time_unit: str | None = None,
    ) -> str:
        """The events as a table. sort_by: the name of an attribute, such as "self_cpu_time_total", "cpu_time_total",
        "cpu_time", "count", "flops" or "cpu_memory_usage", largest first (AttributeError for others). row_limit: -1 for
        all. time_unit: "s", "ms" or "us" (ValueError for others); None takes what suits each."""
        if not self:
            return ""
        events = list(self)
        if sort_by is not None:
            for kind in ("cuda", "xpu", "privateuseone"):
                sort_by = sort_by.replace(kind, "device")
            events.sort(key=lambda event: getattr(event, sort_by) or 0, reverse=True)
        if top_level_events_only:
            events = [event for event in events if event.cpu_parent is None]
        total = sum(event.self_cpu_time_total for event in self) or 1.0

        def time(us: float) -> str:
            return _format_time(us, time_unit)

        columns: list[tuple[str, Any]] = [
            ("Name", lambda e: _shortened(e.key, max_name_column_width)),
            ("Self CPU %", lambda e: f"{100 * e.self_cpu_time_total / total:.2f}%"),
            ("Self CPU", lambda e: time(e.self_cpu_time_total)),
            ("CPU total %", lambda e: f"{100 * e.cpu_time_total / total:.2f}%"),
            ("CPU total", lambda e: time(e.cpu_time_total)),
            ("CPU time avg", lambda e: time(e.cpu_time)),
        ]
        if self._profile_memory:
            columns += [
                ("CPU Mem", lambda e: _format_memory(e.cpu_memory_usage)),
                ("Self CPU Mem", lambda e: _format_memory(e.self_cpu_memory_usage)),
            ]
        columns.append(("# of Calls", lambda e: str(e.count)))
        if any(event.overload_name for event in events):
            columns.insert(1, ("Overload Name", lambda e: e.overload_name or ""))
        if any(event.input_shapes for event in events):
            columns.append(("Input Shapes", lambda e: _shortened(str(e.input_shapes), max_shapes_column_width)))
        if any(event.stack for event in events):
            columns.append(("Source Location", lambda e: _shortened("; ".join(e.stack or ()), max_src_column_width)))
        if self._with_flops:
            scale, prefix = _flops_unit(max((event.flops or 0) for event in events))
            columns.append((f"Total {prefix}FLOPs", lambda e: f"{e.flops / scale:.3f}" if e.flops else "--"))
        rows = [[title for title, _ in columns]]
        rows += [[write(event) for _, write in columns] for event in (events if row_limit < 0 else events[:row_limit])]
        widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
        rule = "  ".join("-" * width for width in widths)
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        parts = [] if header is None else ["=" * len(rule), header]
        if top_level_events_only:
            parts += ["=" * len(rule), "This report only display top-level ops statistics"]
        parts += [rule, lines[0], rule, *lines[1:], rule]
        parts.append(f"Self CPU time total: {time(self.self_cpu_time_total)}\n")
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.table()

    def export_stacks(self, path: str | os.PathLike, metric: str = "self_cpu_time_total") -> None:
        """Write for every line of the program what its events took, as the input of a flame graph.

        A line of the file: the places, outermost first, joined by ";", and the whole microseconds. ValueError for a
        metric other than "self_cpu_time_total".
        """
        if metric not in self.supported_export_stacks_metrics:
            raise ValueError(f"metric should be one of: {list(self.supported_export_stacks_metrics)}")
        with open(path, "w", encoding="utf-8") as file:
            for event in self:
                if event.stack and int(event.self_cpu_time_total) > 0:
                    places = ";".join(place.replace(" ", "_").replace(";", ",") for place in reversed(event.stack))
                    file.write(f"{places};{event.key.replace(' ', '_')} {int(event.self_cpu_time_total)}\n")

    def _trace_entries(self) -> list[dict]:
        """The events as chrome://tracing has them: slices, and arrows from forward to backward."""
        process = os.getpid()
        threads = {thread: i for i, thread in enumerate(dict.fromkeys(event.thread for event in self))}
        entries: list[dict] = []
        forward: dict[int, FunctionEvent] = {}
        for event in self:
            start, length = event.time_range.start, event.time_range.elapsed_us()
            category = "user_annotation" if event.is_user_annotation else "backward" if event.scope else "cpu_op"
            where = {"pid": process, "tid": threads[event.thread]}
            args: dict[str, Any] = {"Sequence number": event.sequence_nr} if event.sequence_nr >= 0 else {}
            if event.input_shapes:
                args["Input Dims"] = event.input_shapes
            if event.self_cpu_memory_usage:
                args["Bytes"] = event.self_cpu_memory_usage
            if event.flops:
                args["FLOPs"] = event.flops
            if event.stack:
                args["Source"] = event.stack
            if event.args is not None:
                args["Note"] = event.args
            entries.append(
                {"ph": "X", "cat": category, "name": event.name, "ts": start, "dur": length, **where, "args": args}
            )
            if event.sequence_nr >= 0:
                if not event.scope:
                    forward[event.sequence_nr] = event
                elif event.sequence_nr in forward:
                    made = forward.pop(event.sequence_nr)
                    arrow = {"cat": "fwdbwd", "name": "fwdbwd", "id": event.sequence_nr, "pid": process}
                    entries.append({"ph": "s", "ts": made.time_range.start, "tid": threads[made.thread], **arrow})
                    entries.append({"ph": "f", "bp": "e", "ts": start, "tid": where["tid"], **arrow})
        return entries

    def export_chrome_trace(self, path: str | os.PathLike) -> None:
        """Write the events as a list, for chrome://tracing or Perfetto."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self._trace_entries(), file)


def _shortened(text: str | None, width: int | None) -> str:
    text = text or ""
    return text if width is None or len(text) <= width else text[: max(width - 3, 0)] + "..."


def _flops_unit(largest: float) -> tuple[float, str]:
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K")):
        if largest >= size:
            return size, prefix
    return 1.0, ""


__all__ = ["EventList", "FormattedTimesMixin", "FunctionEvent", "FunctionEventAvg", "Interval", "Kernel"]
