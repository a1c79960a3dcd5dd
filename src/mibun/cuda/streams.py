"""The streams and events of GPUs: classes for `isinstance` and annotations, of which no instance can be made."""

from __future__ import annotations

from ..compat.absent_devices import dummy_class

Stream = dummy_class(
    "Stream",
    __name__,
    lambda: RuntimeError("torch.cuda.Stream requires CUDA support: there are no GPUs"),
    "A queue of a GPU's work: RuntimeError where one is made.",
)
ExternalStream = type("ExternalStream", (Stream,), {"__module__": __name__, "__doc__": "A stream of another library."})
Event = dummy_class(
    "Event",
    __name__,
    lambda: RuntimeError("Tried to instantiate dummy base class Event: there are no GPUs"),
    "A mark in a stream: RuntimeError where one is made.",
)

__all__ = ["Event", "ExternalStream", "Stream"]
