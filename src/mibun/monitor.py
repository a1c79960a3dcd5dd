"""`torch.monitor`: numbers that a program reports about itself, summed up over a time, and handlers that are told.

A `Stat` gathers values; when its time is over it makes an `Event` of what they come to, which all handlers get.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from .core.missing import explain_missing_names as _explain_missing_names

STAT_EVENT = "torch.monitor.Stat"
data_value_t = str | float | int | bool


class Aggregation(enum.Enum):
    """What the values of a Stat come to."""

    VALUE = 0  # the last one
    MEAN = 1
    COUNT = 2
    SUM = 3
    MAX = 4
    MIN = 5


VALUE = Aggregation.VALUE
MEAN = Aggregation.MEAN
COUNT = Aggregation.COUNT
SUM = Aggregation.SUM
MAX = Aggregation.MAX
MIN = Aggregation.MIN

_COMPUTED: dict[Aggregation, Callable[[list[float]], float]] = {
    VALUE: lambda values: values[-1],
    MEAN: lambda values: sum(values) / len(values),
    COUNT: len,
    SUM: sum,
    MAX: max,
    MIN: min,
}


class Event:
    """Something that happened: its name, when, and what is to be said about it (str, float, int or bool by name)."""

    def __init__(self, name: str, timestamp: datetime, data: dict[str, data_value_t]) -> None:
        self.name, self.timestamp, self.data = name, timestamp, data


class EventHandlerHandle:
    """What `register_event_handler` returns, and `unregister_event_handler` takes."""

    def __init__(self, callback: Callable[[Event], None]) -> None:
        self._callback = callback


_handlers: list[EventHandlerHandle] = []


def register_event_handler(callback: Callable[[Event], None]) -> EventHandlerHandle:
    """Call `callback(event)` with every event from now on.

    >>> import mibun as torch
    >>> from datetime import datetime
    >>> handle = torch.monitor.register_event_handler(lambda event: print(event.name, event.data))
    >>> torch.monitor.log_event(torch.monitor.Event("step", datetime.now(), {"loss": 0.5}))
    step {'loss': 0.5}
    >>> torch.monitor.unregister_event_handler(handle)
    """
    handle = EventHandlerHandle(callback)
    _handlers.append(handle)
    return handle


def unregister_event_handler(handler: EventHandlerHandle) -> None:
    """Call the handler no more."""
    if handler in _handlers:
        _handlers.remove(handler)


def log_event(event: Event) -> None:
    """Give an event to all handlers, in this thread."""
    for handle in list(_handlers):
        handle._callback(event)


class Stat:
    """Values of one kind, and what they come to over a time.

    Args:
        name: of the kind.
        aggregations: what is computed of them.
        window_size: the time. Once it is over, the next `add` or `get` makes an event of what there is.
        max_samples: the most values that count in one time; an event is made when they are reached.

    >>> import mibun as torch
    >>> from datetime import timedelta
    >>> losses = torch.monitor.Stat("loss", [torch.monitor.MEAN], timedelta(hours=1))
    >>> losses.add(1.0); losses.add(3.0)
    >>> losses.get()
    {<Aggregation.MEAN: 1>: 2.0}
    """

    def __init__(
        self, name: str, aggregations: Sequence[Aggregation], window_size: timedelta, max_samples: int | None = None
    ) -> None:
        self.name = name
        self._aggregations = list(aggregations)
        self._window, self._most = window_size, max_samples
        self._values: list[float] = []
        self._until = datetime.now() + window_size
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many values there are in this time."""
        return len(self._values)

    def add(self, v: float) -> None:
        """Add a value."""
        self._turn()
        with self._lock:
            if self._most is None or len(self._values) < self._most:
                self._values.append(float(v))
        if self._most is not None and len(self._values) >= self._most:
            self._turn(full=True)

    def get(self) -> dict[Aggregation, float]:
        """What the values of this time come to; zeros without any."""
        with self._lock:
            return self._results(self._values)

    def _results(self, values: list[float]) -> dict[Aggregation, float]:
        return {one: float(_COMPUTED[one](values)) if values else 0.0 for one in self._aggregations}

    def _turn(self, full: bool = False) -> None:
        """Make an event of what there is, if the time is over."""
        with self._lock:
            now = datetime.now()
            if not full and now < self._until:
                return
            values, self._values = self._values, []
            self._until = now + self._window
        if values:
            data = {f"{self.name}.{one.name.lower()}": value for one, value in self._results(values).items()}
            log_event(Event(STAT_EVENT, now, data))  # type: ignore[arg-type]


class TensorboardEventHandler:
    """A handler that writes the events of Stats by a `SummaryWriter`, as scalars."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def __call__(self, event: Event) -> None:
        if event.name == STAT_EVENT:
            for name, value in event.data.items():
                self._writer.add_scalar(name, value, walltime=event.timestamp.timestamp())


class _WaitCounter:
    """Something that is waited for; how long could be counted by PyTorch's own servers, and nobody does here."""

    def __init__(self, key: str) -> None:
        self.key = key

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around the wait."""
        yield


_explain_missing_names(__name__)
