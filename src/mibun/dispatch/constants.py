"""Python numbers as arrays of no dimension, which NumPy takes in half the time that it takes a number in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

# dtype -> number -> the array that stands for it: there are some of float32 and float64.
REALS: dict[Any, dict[float, ndarray]] = {np.dtype(name): {} for name in ("float16", "float32", "float64")}
NUMBERS = {**REALS, **{np.dtype(name): {} for name in ("complex64", "complex128")}}
_MOST = 1000  # numbers that are kept for each dtype
_LARGEST = 1 << 24  # which both dtypes hold exactly, so that there is one way to round an integer


def constant(number: float, array: Any) -> Any:
    """What may stand for a number beside a real array: an array of its dtype, or the number itself where none may.

    (Zero has two signs, which are equal as keys of a dict; NumPy's scalars take Python's numbers quickly.) The texts of
    calls look into the tables by themselves first, and ask here for what is not in them.
    """
    if type(array) is not ndarray or not number:
        return number
    dtype = array.dtype
    cache = REALS.get(dtype)
    if cache is None or dtype.itemsize == 2:
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


__all__ = ["NUMBERS", "REALS", "constant"]
