"""`torch.Stream` and `torch.Event`: queues of a device's work, and marks in them. The CPU's work is done at once.

So its only stream is always empty, and an event has nothing to wait for; PyTorch records none on a CPU either.
"""

from __future__ import annotations

from typing import Any, NoReturn

from ..core.device import device as Device


def _cpu_only(device: Any) -> Any:
    """The CPU. RuntimeError for any other device, TypeError for what is none."""
    if device is None:
        return Device("cpu")
    if isinstance(device, int) and not isinstance(device, bool):
        raise RuntimeError("Cannot access accelerator device when none is available.")
    device = Device(device)
    if device.type != "cpu":
        raise RuntimeError(f"PyTorch is not linked with support for {device.type} devices")
    return device


def _no_events() -> NoReturn:
    raise RuntimeError("cpu backend doesn't support events.")


class Stream:
    """A queue of a device's work. On the CPU, the only device here, it is always empty.

    device: the CPU, also if none is given. stream_id, device_index, device_type: of a stream that is there, instead.
    A context manager, which changes nothing. RuntimeError for other devices.

    >>> import mibun as torch
    >>> torch.Stream("cpu").query()
    True
    """

    def __init__(self, device: Any = None, *, priority: int = 0, **given: Any) -> None:
        of_another = set(given) == {"stream_id", "device_index", "device_type"}
        if given and not of_another:
            raise TypeError(f"Stream() got an unexpected keyword argument '{next(iter(given))}'")
        self.device = _cpu_only(device)
        self.stream_id = given.get("stream_id", 0)
        self.device_index = given.get("device_index", -1)
        self.device_type = given.get("device_type", 0)

    def query(self) -> bool:
        """Whether all work is done: True."""
        return True

    def synchronize(self) -> None:
        """Wait until all work is done: it is."""

    def wait_event(self, event: Event) -> None:
        """Let later work wait for an event: there is none to wait for."""

    def wait_stream(self, other: Stream) -> None:
        """Let later work wait for another stream's. RuntimeError: that takes an event, which the CPU has none of."""
        _no_events()

    def record_event(self, event: Event | None = None) -> Event:
        """Mark this place in the queue. RuntimeError: the CPU has no events."""
        _no_events()

    def is_capturing(self) -> bool:
        """Whether the work is recorded as a graph: False."""
        return False

    @property
    def native_handle(self) -> int:
        """The device's own handle. RuntimeError: the CPU has none."""
        raise RuntimeError("Backend doesn't support getting stream native handle.")

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def _key(self) -> tuple:
        return self.device_type, self.device_index, self.stream_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"torch.Stream device_type=cpu, device_index={self.device_index}, stream_id={self.stream_id}"


class Event:
    """A mark in a stream. On the CPU it is always reached.

    device: the CPU, also if none is given. enable_timing: whether times between events are asked for. RuntimeError for
    other devices.

    >>> import mibun as torch
    >>> torch.Event("cpu").query()
    True
    """

    def __init__(
        self,
        device: Any = None,
        *,
        enable_timing: bool = False,
        blocking: bool = False,
        interprocess: bool = False,
    ) -> None:
        self.device = _cpu_only(device)
        self.event_id = 0
        self._timed = bool(enable_timing)

    def record(self, stream: Stream | None = None) -> None:
        """Put the mark into a stream. RuntimeError: the CPU has no events."""
        _no_events()

    def wait(self, stream: Stream | None = None) -> None:
        """Let a stream wait for the mark: it has been reached."""

    def query(self) -> bool:
        """Whether the mark has been reached: True."""
        return True

    def synchronize(self) -> None:
        """Wait for the mark: it has been reached."""

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds between two marks. ValueError: none is ever recorded."""
        if not (self._timed and end_event._timed):
            raise ValueError("Both events must be created with argument 'enable_timing=True'.")
        raise ValueError("Both events must be recorded before calculating elapsed time.")

    def ipc_handle(self) -> bytes:
        """What another process knows the mark by. NotImplementedError."""
        raise NotImplementedError("torch.Event ipc is not supported: the CPU has no events")

    @classmethod
    def from_ipc_handle(cls, device: Any, handle: bytes) -> Event:
        """A mark of another process. NotImplementedError."""
        raise NotImplementedError("torch.Event ipc is not supported: the CPU has no events")

    def __repr__(self) -> str:
        return f"torch.Event device_type=cpu, device_index=-1, event_flag={int(self._timed)}, event_id=0"


__all__ = ["Event", "Stream"]
