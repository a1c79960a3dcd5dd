"""What starts and stops NVIDIA's profilers: AssertionErrors, as there are no GPUs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..compat.absent_devices import Functions
from ._utils import attribute_error, unavailable

_functions = Functions(globals())
_functions.refusing("start() stop() cudart()", unavailable, "Needs a GPU")
_functions.refusing("check_error(res)", attribute_error, "Needs a GPU")


@contextlib.contextmanager
def profile() -> Iterator[None]:
    """A context that is profiled. AssertionError where it is entered."""
    raise unavailable("profiler.profile")
    yield


__all__ = [*_functions.names, "profile"]  # pyright: ignore[reportUnsupportedDunderAll]
