"""Python numbers as arrays of no dimension, which NumPy takes in half the time that it takes a number in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_CACHES: dict[Any, dict[float, ndarray]] = {_FLOAT32: {}, _FLOAT64: {}}
_OF_FLOAT32, _OF_FLOAT64 = _CACHES[_FLOAT32], _CACHES[_FLOAT64]
_MOST = 1000  # numbers that are kept for each dtype
_LARGEST = 1 << 24  # which both dtypes hold exactly, so that there is one way to round an integer


def constant(number: float, array: Any) -> Any:
    """What may stand for a number beside a real array: an array of its dtype, or the number itself where none may.

    (Zero has two signs, which are equal as keys of a dict; NumPy's scalars take Python's numbers quickly.)
    """
    if type(array) is not ndarray or not number:
        return number
    dtype = array.dtype
    cache = _OF_FLOAT32 if dtype is _FLOAT32 else _OF_FLOAT64 if dtype is _FLOAT64 else None
    if cache is None:
        return number
    found = cache.get(number)
    if found is None:
        if type(number) is not float and type(number) is not int:
            return number
        if not -_LARGEST <= number <= _LARGEST:
            return number
        if len(cache) >= _MOST:
            cache.clear()
        found = np.array(number, dtype)
        found.flags.writeable = False
        cache[number] = found
    return found


__all__ = ["constant"]
