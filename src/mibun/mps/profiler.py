"""`torch.mps.profiler`, what marks the work of Apple's GPUs for its profilers: errors, as there are none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..compat.absent_devices import Functions

_C_NAMES = {"start": "profilerStartTrace", "stop": "profilerStopTrace"}


def _no_mps(name: str) -> RuntimeError:
    return RuntimeError(f"Cannot execute {_C_NAMES[name]}() without MPS backend.")


_functions = Functions(globals())
_functions.refusing("start(mode='interval', wait_until_completed=False) stop()", _no_mps, "Needs an Apple GPU")
_functions.refusing(
    "is_capturing_metal() is_metal_capture_enabled()",
    lambda name: AttributeError(f"{name}() needs an Apple GPU"),
    "Needs an Apple GPU",
)


@contextlib.contextmanager
def profile(mode: str = "interval", wait_until_completed: bool = False) -> Iterator[None]:
    """A context that is profiled. RuntimeError where it is entered."""
    raise _no_mps("start")
    yield


@contextlib.contextmanager
def metal_capture(fname: str) -> Iterator[None]:
    """A context whose work is written into a file. AttributeError where it is entered."""
    raise AttributeError("metal_capture() needs an Apple GPU")
    yield


__all__ = [*_functions.names, "metal_capture", "profile"]  # pyright: ignore[reportUnsupportedDunderAll]
