"""`torch.mps.Event`, a mark in the work of an Apple GPU: RuntimeError where one is made."""

from ..compat.absent_devices import dummy_class

Event = dummy_class(
    "Event",
    __name__,
    lambda: RuntimeError("Cannot execute acquireEvent() without MPS backend."),
    "A mark in the work of an Apple GPU: RuntimeError where one is made.",
)

__all__ = ["Event"]
