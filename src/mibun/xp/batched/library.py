"""The namespace below the batched arrays: NumPy's, or the one that these modules are bound to (see `bind`)."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from ..numpy import namespace as numpy_namespace

xp: Any = getattr(sys.modules[str(__package__)], "array_namespace", numpy_namespace)
# The tools for strides, of libraries whose arrays have memory that can be written to.
_tools: Any = importlib.import_module(f"{xp.__spec__.parent}.library") if xp.mutable else None


def is_array(x: Any) -> bool:
    """Whether an operand that is not batched is an array: no number, and no scalar of NumPy's."""
    return isinstance(x, np.ndarray) or (hasattr(x, "reshape") and not isinstance(x, np.generic))


def contiguous(array: Any) -> Any:
    """The array with elements that follow each other in memory, where a library's arrays can have them otherwise."""
    return xp.contiguous(array) if xp.mutable else array


def in_order(array: Any) -> bool:
    """Whether the elements follow each other in memory, as far as a library's arrays tell."""
    flags = getattr(array, "flags", None)
    return flags is None or flags.c_contiguous


def address_of(array: Any) -> int:
    """Where the first element is in memory; 0 where a library does not say."""
    return 0 if _tools is None else _tools.address(array)


def as_strided(array: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """A view of these strides, in bytes, on memory that can be written to."""
    return _tools.as_strided(array, shape, strides)


def places_of(shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
    """The number of each element of a view of these strides, from the first one on."""
    places = np.zeros(shape, np.int64)
    for axis, (size, stride) in enumerate(zip(shape, strides, strict=True)):
        places += (np.arange(size) * stride).reshape((-1, *(1,) * (len(shape) - axis - 1)))
    return places
