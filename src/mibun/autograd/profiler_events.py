"""What the profiler has found: events, their sums by name, and the table and the trace file made of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any


def _time(us: float) -> str:
    if us >= 1e6:
        return f"{us / 1e6:.3f}s"
    return f"{us / 1e3:.3f}ms" if us >= 1e3 else f"{us:.3f}us"


def _memory(count: int) -> str:
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


class _Times:
    """The properties that events and their sums share, all from `count`, the total and the self time."""

    count: int
    cpu_time_total: float
    self_cpu_time_total: float

    @property
    def cpu_time(self) -> float:
        """Microseconds per call, with everything inside."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def cpu_time_str(self) -> str:
        """`cpu_time`, written."""
        return _time(self.cpu_time)

    @property
    def cpu_time_total_str(self) -> str:
        """`cpu_time_total`, written."""
        return _time(self.cpu_time_total)

    @property
    def self_cpu_time_total_str(self) -> str:
        """`self_cpu_time_total`, written."""
        return _time(self.self_cpu_time_total)


class FunctionEvent(_Times):
    """One call of an operator, Function or node, or one part marked by `record_function`."""

    count = 1

    def __init__(
        self,
        id: int,
        name: str,
        thread: int,
        *,
        input_shapes: list | None = None,
        sequence_nr: int = -1,
        scope: int = 0,
        is_user_annotation: bool = False,
    ) -> None:
        self.id = id
        self.name = name
        self.thread = thread
        self.time_range = Interval()
        self.input_shapes = input_shapes or []
        self.sequence_nr = sequence_nr  # of the node that the operator recorded, or that runs: the same in both
        self.scope = scope  # 1 for what runs in backward
        self.is_user_annotation = is_user_annotation
        self.stack: list[str] = []
        self.args: str | None = None
        self.cpu_parent: FunctionEvent | None = None
        self.cpu_children: list[FunctionEvent] = []
        self.self_cpu_memory_usage = 0

    @property
    def key(self) -> str:
        """What events are grouped by."""
        return self.name

    def add_memory(self, count: int) -> None:
        """Note bytes allocated by this event itself."""
        self.self_cpu_memory_usage += count

    @property
    def cpu_memory_usage(self) -> int:
        """Bytes allocated, with everything inside."""
        return self.self_cpu_memory_usage + sum(child.cpu_memory_usage for child in self.cpu_children)

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
            f"<FunctionEvent id={self.id} name={self.name} cpu_time={self.cpu_time_str} "
            f"start_us={self.time_range.start:.3f} end_us={self.time_range.end:.3f} "
            f"cpu_children={[child.id for child in self.cpu_children]} thread={self.thread} "
            f"input_shapes={self.input_shapes} cpu_memory_usage={self.cpu_memory_usage} seq_nr={self.sequence_nr}>"
        )


class FunctionEventAvg(_Times):
    """Events of one name added up."""

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        self.count = 0
        self.cpu_time_total = 0.0
        self.self_cpu_time_total = 0.0
        self.cpu_memory_usage = 0
        self.self_cpu_memory_usage = 0
        self.input_shapes: list = []
        self.stack: list[str] = []
        self.scope = 0
        self.is_user_annotation = False

    @property
    def name(self) -> str | None:
        """The key."""
        return self.key

    def add(self, event: FunctionEvent | FunctionEventAvg) -> FunctionEventAvg:
        """Add one event (or a sum); returns self."""
        if self.count == 0:
            self.input_shapes, self.stack, self.scope = event.input_shapes, event.stack, event.scope
            self.is_user_annotation = event.is_user_annotation
        self.count += event.count
        self.cpu_time_total += event.cpu_time_total
        self.self_cpu_time_total += event.self_cpu_time_total
        self.cpu_memory_usage += event.cpu_memory_usage
        self.self_cpu_memory_usage += event.self_cpu_memory_usage
        return self

    def __iadd__(self, event: FunctionEvent | FunctionEventAvg) -> FunctionEventAvg:
        return self.add(event)

    def __repr__(self) -> str:
        return (
            f"<FunctionEventAvg key={self.key} self_cpu_time={self.self_cpu_time_total_str} "
            f"cpu_time={self.cpu_time_str} input_shapes={self.input_shapes} cpu_memory_usage={self.cpu_memory_usage}>"
        )


class EventList(list):
    """A list of events, or of their sums, that can be printed as a table."""

    def __init__(self, events: Iterable = (), *, profile_memory: bool = False, with_stack: bool = False) -> None:
        super().__init__(events)
        self._profile_memory = profile_memory
        self._with_stack = with_stack

    @property
    def self_cpu_time_total(self) -> float:
        """The self times added up, in microseconds."""
        return sum(event.self_cpu_time_total for event in self)

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> EventList:
        """The events added up by name; by the shapes of the operands, and by line, where asked for."""
        sums: dict[tuple, FunctionEventAvg] = {}
        for event in self:
            shapes = str(event.input_shapes) if group_by_input_shape else ""
            key = (event.key, shapes, tuple(event.stack[:group_by_stack_n]))
            total = sums.get(key)
            if total is None:
                total = sums[key] = FunctionEventAvg(event.key)
            total.add(event)
        result = EventList(sums.values(), profile_memory=self._profile_memory, with_stack=self._with_stack)
        for total in result:
            if not group_by_input_shape:
                total.input_shapes = []
            total.stack = total.stack[:group_by_stack_n]
        return result

    def total_average(self) -> FunctionEventAvg:
        """All events added up: the total time counts what is inside of an event again, the self time does not."""
        total = FunctionEventAvg("Total")
        for event in self:
            total.add(event)
        total.input_shapes, total.stack = [], []
        return total

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_name_column_width: int = 55,
        max_shapes_column_width: int = 80,
        max_src_column_width: int = 75,
        header: str | None = None,
        top_level_events_only: bool = False,
    ) -> str:
        """The events as a table. sort_by: the name of an attribute, such as "self_cpu_time_total", "cpu_time_total",
        "cpu_time", "count" or "cpu_memory_usage", largest first (AttributeError for others). row_limit: -1 for all."""
        if not self:
            return ""
        events = list(self)
        if top_level_events_only:
            events = [event for event in events if getattr(event, "cpu_parent", None) is None]
        if sort_by is not None:
            events.sort(key=lambda event: getattr(event, sort_by), reverse=True)
        total = sum(event.self_cpu_time_total for event in self) or 1.0
        columns: list[tuple[str, Any]] = [
            ("Name", lambda e: _shortened(e.key, max_name_column_width)),
            ("Self CPU %", lambda e: f"{100 * e.self_cpu_time_total / total:.2f}%"),
            ("Self CPU", lambda e: e.self_cpu_time_total_str),
            ("CPU total %", lambda e: f"{100 * e.cpu_time_total / total:.2f}%"),
            ("CPU total", lambda e: e.cpu_time_total_str),
            ("CPU time avg", lambda e: e.cpu_time_str),
        ]
        if self._profile_memory:
            columns += [
                ("CPU Mem", lambda e: _memory(e.cpu_memory_usage)),
                ("Self CPU Mem", lambda e: _memory(e.self_cpu_memory_usage)),
            ]
        columns.append(("# of Calls", lambda e: str(e.count)))
        if any(event.input_shapes for event in events):
            columns.append(("Input Shapes", lambda e: _shortened(str(e.input_shapes), max_shapes_column_width)))
        if any(event.stack for event in events):
            columns.append(("Source Location", lambda e: _shortened("; ".join(e.stack), max_src_column_width)))
        rows = [[title for title, _ in columns]]
        rows += [[write(event) for _, write in columns] for event in (events if row_limit < 0 else events[:row_limit])]
        widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
        rule = "  ".join("-" * width for width in widths)
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        parts = [] if header is None else ["=" * len(rule), header]
        parts += [rule, lines[0], rule, *lines[1:], rule]
        parts.append(f"Self CPU time total: {_time(self.self_cpu_time_total)}\n")
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.table()

    def export_chrome_trace(self, path: str | os.PathLike) -> None:
        """Write the events as a file for chrome://tracing or Perfetto: slices, and arrows from forward to backward."""
        process = os.getpid()
        threads = {thread: i for i, thread in enumerate(dict.fromkeys(event.thread for event in self))}
        entries: list[dict] = [{
            "ph": "M", "name": "process_name", "pid": process, "tid": 0, "ts": 0, "args": {"name": "mibun"},
        }]  # fmt: skip
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
                    made = forward[event.sequence_nr]
                    arrow = {"cat": "fwdbwd", "name": "fwdbwd", "id": event.sequence_nr, "pid": process}
                    entries.append({"ph": "s", "ts": made.time_range.start, "tid": threads[made.thread], **arrow})
                    entries.append({"ph": "f", "bp": "e", "ts": start, "tid": where["tid"], **arrow})
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"traceEvents": entries, "displayTimeUnit": "ms"}, file)


def _shortened(text: str | None, width: int) -> str:
    text = text or ""
    return text if len(text) <= width else text[: width - 3] + "..."


__all__ = ["EventList", "FunctionEvent", "FunctionEventAvg", "Interval"]
