"""Marks for Intel's VTune: RuntimeErrors, as of PyTorch where it was built without."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..compat.absent_devices import Functions


def _not_installed(name: str) -> RuntimeError:
    return RuntimeError("ITT functions not installed. Are you sure you have a ITT build?")


def is_available() -> bool:
    """Whether VTune can be told: False.

    >>> import mibun as torch
    >>> torch.profiler.itt.is_available()
    False
    """
    return False


_functions = Functions(globals())
_functions.refusing("range_push(msg) range_pop() mark(msg)", _not_installed, "Needs Intel's library for it")


@contextlib.contextmanager
def range(msg: str, *args: Any, **kwargs: Any) -> Iterator[None]:
    """A context that is a range in VTune. RuntimeError where it is entered."""
    raise _not_installed("range")
    yield


__all__ = [*_functions.names, "is_available", "range"]  # pyright: ignore[reportUnsupportedDunderAll]
