"""Pointwise functions of the NumPy namespace that NumPy computes one element at a time: in whole-array steps if large.

The remainders give what NumPy gives, bit for bit, the others the same but for the last digit. What they were not made
for is left to NumPy: small arrays, infinities, NaN, other dtypes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .library import ndarray, np, up_to
from .pieces import PIECE, in_memory_order, pieces_of
from .selection import SMALL, copysign

_WIDE = PIECE // 4  # elements of float64


def _large(x: Any, kinds: str) -> bool:
    return type(x) is ndarray and x.size > SMALL and x.dtype.char in kinds


def _fits(x: Any, y: Any) -> bool:
    """Whether y is an array of the shape and dtype of x, or a number of its dtype."""
    if type(y) is ndarray:
        return y.dtype is x.dtype and y.shape == x.shape
    return type(y) is x.dtype.type


def _in_pieces(function: Callable, x: Any, y: Any) -> Any:
    """function(x, y) on one part of the arrays after the other; None as soon as it is None for one."""
    result = np.empty(x.shape, x.dtype)
    for out, part, other in pieces_of(result, x, y, size=_WIDE):
        found = function(part, other)
        if found is None:
            return None
        out[...] = found
    return result


def _float32_quotient(rounded: Callable, x: Any, y: Any, limit: float) -> tuple[Any, Any, Any] | None:
    """(q, x, y) in float64, q being x / y rounded; None if a quotient is not finite or is as large as the limit.

    Below 2**27 no quotient of float32 numbers is so near to a whole number that its float64 would be rounded across,
    and q * y has no more than 53 bits, so that x - q * y is exact.
    """
    a, b = x.astype(np.float64), y.astype(np.float64)
    q = a / b
    rounded(q, out=q)
    largest = max(q.max(), -q.min())
    return (q, a, b) if largest < limit else None


def _rest(rounded: Callable) -> Callable:
    def rest(x: Any, y: Any) -> Any:
        found = _float32_quotient(rounded, x, y, 2.0**27)
        if found is None:
            return None
        q, a, b = found
        np.multiply(q, b, out=q)
        return np.subtract(a, q, out=q)

    return rest


def _whole(x: Any, y: Any) -> Any:
    found = _float32_quotient(np.floor, x, y, 2.0**22)
    return None if found is None else found[0]


_fmod, _remainder = _rest(np.trunc), _rest(np.floor)


@in_memory_order
def fmod(x: Any, y: Any) -> Any:
    """x - trunc(x / y) y; zeros have the sign of x."""
    if _large(x, "f") and _fits(x, y):
        found = _in_pieces(_fmod, x, y)
        if found is not None:
            return copysign(found, x)
    return np.fmod(x, y)


@in_memory_order
def remainder(x: Any, y: Any) -> Any:
    """x - floor(x / y) y; zeros have the sign of y."""
    if _large(x, "f") and _fits(x, y):
        found = _in_pieces(_remainder, x, y)
        if found is not None:
            return found if type(y) is not ndarray and y > 0 else copysign(found, y)
    return np.remainder(x, y)


@in_memory_order
def floor_divide(x: Any, y: Any) -> Any:
    """floor(x / y)."""
    if _large(x, "f") and _fits(x, y):
        found = _in_pieces(_whole, x, y)
        if found is not None:
            return found
    return np.floor_divide(x, y)


def _float32_hypot(x: Any, y: Any) -> Any:
    total, other = x.astype(np.float64), y.astype(np.float64)
    np.multiply(total, total, out=total)
    np.multiply(other, other, out=other)
    np.add(total, other, out=total)
    return np.sqrt(total, out=total)


@in_memory_order
def hypot(x: Any, y: Any) -> Any:
    """sqrt(x² + y²); of float32 in float64, where nothing overflows."""
    if _large(x, "f") and type(y) is ndarray and _fits(x, y):
        result = _in_pieces(_float32_hypot, x, y)
        lost = np.isnan(result)
        if lost.any():  # infinity beside NaN is infinity
            result[lost] = np.hypot(x[lost], y[lost])
        return result
    return np.hypot(x, y)


def _log_of_sum(ufunc: Callable, exp: Callable, scale: float) -> Callable:
    def function(x: Any, y: Any) -> Any:
        """The logarithm of a sum of exponentials, the larger taken out; equal infinities are left to NumPy."""
        if not (_large(x, "fd") and _fits(x, y)):
            return ufunc(x, y)
        rest = np.subtract(x, y)
        np.negative(np.abs(rest, out=rest), out=rest)
        np.log1p(exp(rest, out=rest), out=rest)
        if scale != 1:
            rest *= x.dtype.type(scale)
        rest += np.maximum(x, y)
        lost = np.isnan(rest)
        if lost.any():
            rest[lost] = ufunc(x[lost], y[lost] if type(y) is ndarray else y)
        return rest

    return function


logaddexp = _log_of_sum(np.logaddexp, np.exp, 1.0)
logaddexp2 = _log_of_sum(np.logaddexp2, np.exp2, 1 / math.log(2))


_WIDTH = 1024
_ONES = {char: np.ones(_WIDTH, char) for char in "fd"}


def total(x: Any) -> Any:
    """The sum of all elements: of a long array first those of its pieces, by BLAS, then that of the sums."""
    if _large(x, "fd") and x.flags.c_contiguous:
        flat = x.reshape(-1)
        whole = flat.size // _WIDTH * _WIDTH
        sums = np.vecdot(flat[:whole].reshape(-1, _WIDTH), _ONES[x.dtype.char])
        return np.add.reduce(sums) + np.add.reduce(flat[whole:])
    return np.add.reduce(x, axis=None, dtype=x.dtype)


def product(x: Any) -> Any:
    """The product of all elements: of a long array first element by element of its pieces."""
    if _large(x, "fd") and x.flags.c_contiguous:
        flat = x.reshape(-1)
        whole = flat.size // _WIDTH * _WIDTH
        pieces = np.multiply.reduce(flat[:whole].reshape(-1, _WIDTH), axis=0)
        return np.multiply.reduce(pieces) * np.multiply.reduce(flat[whole:])
    return np.multiply.reduce(x, axis=None, dtype=x.dtype)


@in_memory_order
def nextafter(x: Any, y: Any) -> Any:
    """The next number from x towards y: bits of the same sign are in the order of the numbers."""
    if not (_large(x, "fd") and type(y) is ndarray and _fits(x, y)):
        return np.nextafter(x, y)
    result = np.empty(x.shape, x.dtype)
    bits = np.dtype(f"i{x.dtype.itemsize}")
    for part, a, b in pieces_of(result, x, y):
        away = np.equal(b > a, a > 0)  # from 0, which is a step up in bits
        np.add(a.view(bits), away.view(np.int8) * np.int8(2) - np.int8(1), out=part.view(bits))
        special = np.logical_not(np.logical_and(a != 0, np.logical_or(a < b, a > b)))
        if special.any():  # zeros, equal ones and NaN
            special = np.flatnonzero(special)
            part[special] = np.nextafter(a[special], b[special])
    return result


_LONGEST = up_to(1 << 16)  # elements that BLAS may add up in a row, which it does one after the other in a few lanes


def mean_of_products(x: Any, y: Any, axis: tuple[int, ...]) -> Any:
    """The mean of x * y over axes, which are kept: (0, 2, 3, ...), or the last ones. Without making the products."""
    ndim = x.ndim
    kept = ndim - len(axis)
    if _large(x, "fd") and _fits(x, y) and x.flags.c_contiguous and type(y) is ndarray and y.flags.c_contiguous:
        whole = math.prod([x.shape[a] for a in axis])
        if axis == tuple(range(kept, ndim)) and whole <= _LONGEST:
            rows = (*x.shape[:kept], whole)
            total = np.vecdot(x.reshape(rows), y.reshape(rows))
            return (total / x.dtype.type(whole)).reshape(*x.shape[:kept], *[1] * len(axis))
        if axis == (0, *range(2, ndim)) and x.size <= _LONGEST * x.shape[0] * x.shape[1] and ndim > 2:
            rows = (*x.shape[:2], -1)
            total = np.add.reduce(np.vecdot(x.reshape(rows), y.reshape(rows)), axis=0)
            return (total / x.dtype.type(whole)).reshape(1, -1, *[1] * (ndim - 2))
    product = x * y
    dtype = np.float32 if product.dtype.itemsize == 2 else product.dtype
    total = np.add.reduce(product, axis=axis, keepdims=True, dtype=dtype)
    return (total / total.dtype.type(math.prod([x.shape[a] for a in axis]))).astype(product.dtype, copy=False)
