"""Casts to and from float16 in whole-array steps: NumPy's own loop takes one element after the other, 2 ns for each.

A float16 has 5 bits of exponent and 10 of significand; those of a float32 with the exponent bias lowered by 112 are
the same bits, 13 places higher.
"""

from __future__ import annotations

from typing import Any

from .library import np
from .pieces import buffers_for, in_memory_order, pieces_of
from .selection import SMALL

_FLOAT16, _FLOAT32 = np.dtype(np.float16), np.dtype(np.float32)
_INFINITY = 0x7C00  # the bits of the float16
# Scalars as arrays, which ufuncs take more readily than Python's numbers.
_SPLIT, _DOWN, _UP = [np.array(value, np.float32) for value in (8193, 2.0**-112, 2.0**112)]
_LEAST, _MOST = np.float32(0.75), np.float32(np.inf)
_13, _NOT_COPIED = np.array(13, np.uint32), np.array(0x8FFFFFFF, np.uint32)
_15 = np.array(15, np.uint16)


def to_half(x: Any) -> Any:
    """x in float16, rounded to nearest even; of float64 by way of float32, as PyTorch does."""
    if x.dtype.kind == "f" and x.dtype.itemsize > 4:
        x = x.astype(_FLOAT32, "K")
    if type(x) is np.ndarray and x.size > SMALL and x.dtype == _FLOAT32:
        return _rounded(x)
    return x.astype(_FLOAT16, "K")


@in_memory_order
def _rounded(x: Any) -> Any:
    """float32 in float16.

    r = 8193 |x| has the leading bit 13 places above that of |x|, so that r - |x| is rounded to 11 bits of |x|, and
    r - (r - |x|) is |x| in 11 bits (Dekker 1971; that ties go to even was found by trying all significands). Where r is
    raised to 0.75, the last of its bits is worth 2**-24, which is as far as float16 goes.
    """
    result = np.empty(x.shape, _FLOAT16)
    buffers = buffers_for(result, 2, _FLOAT32)
    for part, given in pieces_of(result.view(np.uint16), x):
        size, rounded = buffers[:, : part.size]
        np.abs(given, out=size)
        np.multiply(size, _SPLIT, out=rounded)
        rounded.clip(_LEAST, _MOST, rounded)
        np.subtract(rounded, size, out=size)
        np.subtract(rounded, size, out=rounded)
        np.multiply(rounded, _DOWN, out=rounded)  # the bias; what is too small for it becomes a subnormal number
        bits = rounded.view(np.uint32)
        np.right_shift(bits, _13, out=bits)
        if np.maximum.reduce(bits) > _INFINITY:  # NaN, infinities, and what will be
            part[...] = given.astype(_FLOAT16).view(np.uint16)
            continue
        part[...] = bits
        negative = np.signbit(given)
        if negative.any():
            sign = negative.astype(np.uint16)
            np.left_shift(sign, _15, out=sign)
            np.bitwise_or(part, sign, out=part)
    return result


def from_half(x: Any, dtype: Any) -> Any:
    """float16 in another dtype; in a wider floating one by its bits."""
    if type(x) is np.ndarray and x.size > SMALL and dtype.kind in "fc":
        return _widened(x).astype(dtype, "K", copy=False)
    return x.astype(dtype, "K")


@in_memory_order
def _widened(x: Any) -> Any:
    """float16 in float32: the sign, copied into the places above it, 13 places higher, without the copies."""
    bits = x.view(np.int16).astype(np.int32).view(np.uint32)
    np.left_shift(bits, _13, out=bits)
    np.bitwise_and(bits, _NOT_COPIED, out=bits)
    result = bits.view(_FLOAT32)
    np.multiply(result, _UP, out=result)
    special = np.abs(result) >= 65536
    if special.any():  # infinities and NaN
        result[special] = x[special].astype(_FLOAT32)
    return result
