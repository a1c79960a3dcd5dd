"""Warnings that are given once in a process, as PyTorch gives them: a program may do the same at every step."""

from __future__ import annotations

import warnings
from typing import Any

from ..core.site import stacklevel

WARN_ALWAYS: list[bool] = []  # not empty: they are given each time, see `set_warn_always`
_GIVEN: set[str] = set()


def warn_once(what: str, message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the user's program, unless it was warned of the same before."""
    if what not in _GIVEN or WARN_ALWAYS:
        _GIVEN.add(what)
        warnings.warn(message, category, stacklevel=stacklevel())


def warn_of_lost_imaginary_parts(given: Any, target: Any) -> None:
    """Warn that numbers of the dtype `given`, NumPy's, are about to be written as ones of `target`, if that is real.

    Not if it is bool, which asks whether they are zero.
    """
    if given.kind == "c" and target.kind not in "cb":
        warn_once("imaginary parts", "Casting complex values to real discards the imaginary part")
