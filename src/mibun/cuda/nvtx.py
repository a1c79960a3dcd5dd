"""Marks for NVIDIA's profilers: RuntimeErrors, as of PyTorch where it has no CUDA."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..compat.absent_devices import Functions
from ._utils import attribute_error


def _not_installed(name: str) -> RuntimeError:
    return RuntimeError("NVTX functions not installed. Are you sure you have a CUDA build?")


_functions = Functions(globals())
_functions.refusing("mark(msg) range_push(msg) range_pop()", _not_installed, "Needs a GPU")
_functions.refusing("range_start(msg) range_end(range_id)", attribute_error, "Needs a GPU")


@contextlib.contextmanager
def range(msg: str, *args: Any, **kwargs: Any) -> Iterator[None]:
    """A context that is a range in the profile. RuntimeError where it is entered."""
    raise _not_installed("range")
    yield


__all__ = [*_functions.names, "range"]  # pyright: ignore[reportUnsupportedDunderAll]
