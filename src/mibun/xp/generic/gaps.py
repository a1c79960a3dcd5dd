"""The table of gaps: what the formulas need and the standard lacks, as functions of the namespace and its arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

GAPS: dict[str, Callable] = {}


def gap(function: Callable) -> Callable:
    """Register a gap: its first argument is the namespace."""
    GAPS[function.__name__.rstrip("_")] = function
    return function


def library_dtype(xp: Any, dtype: Any) -> Any:
    """A dtype of the library for one of its own, of NumPy or of mibun."""
    name = getattr(dtype, "name", None)
    if name is not None and type(dtype).__module__.split(".")[0] in ("numpy", "mibun"):
        return getattr(xp.base, name)
    if isinstance(dtype, type):  # NumPy's scalar types
        return getattr(xp.base, dtype.__name__.rstrip("_"))
    return dtype


def is_complex(xp: Any, x: Any) -> bool:
    """Whether an array is complex."""
    return xp.base.isdtype(x.dtype, "complex floating")
