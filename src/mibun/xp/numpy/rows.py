"""Rows in the NumPy namespace: elementwise functions on long ones, extremes, sums and moments of short ones.

Where operands broadcast, or are cut out of larger arrays, NumPy copies them into a buffer of some rows, of 8192
elements, so that short rows cost less. Rows of a few hundred elements are quicker where they are, which is so when the
buffer is too small for one (`np.setbufsize`, which holds for the thread, or the task, alone).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from .large import mean_of_products
from .library import from_size, np, up_to

_LONG = 256  # elements of a row that the buffer only delays
_MANY = from_size(1 << 15)  # elements for which it is worth asking NumPy to
_SMALLEST = 16


def row_by_row(function: Callable, shape: Sequence[int], *operands: Any) -> Any:
    """function(*operands), an elementwise one whose result has this shape."""
    size = 1
    for n in shape:
        size *= n
    if size < _MANY or shape[-1] < _LONG:
        return function(*operands)
    return _without_buffer(function, *operands)


def _without_buffer(function: Callable, *arguments: Any, **params: Any) -> Any:
    before = np.setbufsize(_SMALLEST)
    try:
        return function(*arguments, **params)
    finally:
        np.setbufsize(before)


def line_by_line(function: Callable, x: Any, *arguments: Any, **params: Any) -> Any:
    """function(*arguments, **params), which combines images x (batch, channels, ...) with a factor for each channel."""
    if x.size < _MANY or math.prod(x.shape[2:]) < 2 * _LONG:
        return function(*arguments, **params)
    return _without_buffer(function, *arguments, **params)


# `maximum.reduce` and `add.reduce` have a start-up for each row, which is most of their time up to some length.
_SHORT = 512
_FEW = from_size(500)  # elements in all


def _has_short_rows(x: Any, axis: Any) -> bool:
    """Whether this axis, or tuple of them, is the last one, and its elements follow each other, not too many."""
    last = x.ndim - 1
    if last < 1 or (axis != last and axis != -1 and axis != (last,)) or x.dtype.char not in "fd":
        return False
    return x.size > _FEW and 1 < x.shape[last] <= _SHORT and x.flags.c_contiguous


def extremes(place: Callable, reduction: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """reduction.reduce, of `np.maximum` or `np.minimum`, where `place` is `argmax` or `argmin`: half the time."""
    if not _has_short_rows(x, axis):
        return reduction.reduce(x, axis=axis, keepdims=keepdims)
    n, shape = x.shape[-1], x.shape[:-1]
    places = place(x.reshape(-1, n), axis=1)
    places += np.arange(0, x.size, n)
    return x.reshape(-1).take(places).reshape((*shape, 1) if keepdims else shape)


def row_sums(x: Any, axis: Any) -> Any:
    """The sum over an axis, which is kept: by BLAS for short rows, as exact, in another order."""
    if _has_short_rows(x, axis):
        return np.vecdot(x, np.ones(x.shape[-1], x.dtype))[..., None]
    dtype = np.float32 if x.dtype.itemsize == 2 else x.dtype
    return np.add.reduce(x, axis=axis, keepdims=True, dtype=dtype).astype(x.dtype, copy=False)


_LONGEST = up_to(1 << 12)  # elements of a row that BLAS may add up, in some lanes, instead of NumPy, in pairs


def _rows_of(x: Any, axis: Any) -> Any:
    """x as rows over its last axes, or None where they are not these, or their elements do not follow each other."""
    if type(axis) is not tuple or x.dtype.char not in "fd" or not x.flags.c_contiguous:
        return None
    kept = x.ndim - len(axis)
    n = math.prod(x.shape[kept:])
    return x.reshape(-1, n) if axis == tuple(range(kept, x.ndim)) and 1 < n <= _LONGEST else None


def row_means(x: Any, axis: Any) -> Any:
    """The mean over the last axes, or over all but axis 1, which are kept, by BLAS; None where nothing is gained."""
    if axis == (0, 2, 3) or axis == (0, 2) or axis == (0, 2, 3, 4):
        rows = _rows_of(x, axis[1:])
        if rows is None or len(axis) != x.ndim - 1:
            return None
        totals = np.vecdot(rows, np.ones(rows.shape[1], x.dtype)).reshape(x.shape[:2])
        return (np.add.reduce(totals, axis=0) / x.dtype.type(x.size // x.shape[1])).reshape(1, -1, *[1] * (x.ndim - 2))
    rows = _rows_of(x, axis)
    if rows is None:
        return None
    n = rows.shape[1]
    return (np.vecdot(rows, np.ones(n, x.dtype)) / x.dtype.type(n)).reshape(*x.shape[: -len(axis)], *[1] * len(axis))


def moments(x: Any, axis: tuple[int, ...]) -> tuple[Any, Any]:
    """The mean and the variance, divided by n, over axes, which are kept."""
    mean = row_means(x, axis)
    if mean is None:
        mean = np.add.reduce(x, axis=axis, keepdims=True)
        mean = mean / mean.dtype.type(math.prod([x.shape[a] for a in axis]))
        centred = x - mean
        return mean, mean_of_products(centred, centred, axis)
    return mean, variance_about(x, mean, axis)


def variance_about(x: Any, mean: Any, axis: tuple[int, ...]) -> Any:
    """The variance, divided by n, over axes, which are kept, about the mean.

    By the mean of squares where that is not much larger than the variance, so that the difference has its digits.
    """
    square = mean * mean
    variance = mean_of_products(x, x, axis) - square
    if (variance >= square).all():
        return variance
    centred = x - mean
    return mean_of_products(centred, centred, axis)


_WIDE = up_to(1 << 10)  # elements of a row of which BLAS is quicker to add up many


def sum_of_rows(x: Any, lead: int) -> Any:
    """The sum over the first axes, by BLAS, which adds in the same order; None where nothing is gained."""
    if x.dtype.char not in "fd" or not x.flags.c_contiguous or x.size < _MANY:
        return None
    rows = math.prod(x.shape[:lead])
    width = x.size // rows
    if not 4 <= width <= _WIDE or rows < 16:
        return None
    return np.matmul(np.ones(rows, x.dtype), x.reshape(rows, width)).reshape(x.shape[lead:])


def add_rows(x: Any, lead: int, out: Any) -> None:
    """Write the sum over the first axes to `out`."""
    total = sum_of_rows(x, lead)
    if total is None:
        np.add.reduce(x, axis=tuple(range(lead)), out=out)
    else:
        out[...] = total
