"""Functions of float32 arrays by polynomials in float32, where the library's own take the time of float64.

The polynomials of erf, ndtr and erfinv are least squares fits at Chebyshev points of the exact functions, weighted for
the error of the result and weighted anew until all extremes were alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .pieces import buffers_for, in_memory_order, pieces_of


def _single(coefficients: Iterable[float]) -> list[Any]:
    """float32 scalars as arrays, which ufuncs take more readily than numbers."""
    return [np.array(coefficient, np.float32) for coefficient in coefficients]


# atanh(erf(x)) / x in powers of x², for 0 <= x <= 4; the relative error of erf is 7e-8.
_ERF = _single(
    [
        1.128379225730896,
        0.1027698665857315,
        -0.00019528759003151208,
        -0.0006148390239104629,
        8.459703531116247e-05,
        -4.79472919323598e-06,
        2.759138695296315e-08,
        5.42092015720641e-09,
    ]
)
# log2(ndtr(-x) / ndtr(x)) / x in powers of x², for 0 <= x <= 5.6. Its error is that of ndtr(-x), relative: up to 3.5 it
# is 3e-7 times 1 + half the logarithm; beyond only ndtr(x) is exact to 6e-8.
_NDTR = _single(
    [
        -2.3022113479548336,
        -0.10482656069525337,
        8.538957794987802e-05,
        0.0001629421468723441,
        -1.2020599128336995e-05,
        4.2623343083324725e-07,
        -6.297674177757909e-09,
    ]
)
_ONE = np.array(1, np.float32)
# erfinv(x) / x in powers of w - 2.5, where w = -log(1 - x²) < 5; the relative error is 6e-9.
_ERFINV = _single(
    [
        1.5014094114303589,
        0.24664027988910675,
        -0.004177386872470379,
        -0.0012527419021353126,
        0.00021834444487467408,
        -4.963347691955278e-06,
        -3.4627048535185168e-06,
        4.6617066118415096e-07,
        2.3232644252857426e-08,
        -8.791056771428885e-09,
    ]
)
# The same in powers of sqrt(w) - 3, for 5 <= w <= 16.8; the relative error is 1e-8. (1 - x² is 1.2e-7 or more.)
_ERFINV_NEAR_ONE = _single(
    [
        2.832976818084717,
        1.0016748905181885,
        0.00944519229233265,
        -0.007636955473572016,
        0.005687808617949486,
        -0.0035989878233522177,
        0.0014828541316092014,
        -5.376330591388978e-05,
        -0.00030774736660532653,
        0.00011363990779500455,
    ]
)


def _polynomial(coefficients: list[Any], x: Any, out: Any) -> Any:
    np.multiply(x, coefficients[-1], out=out)
    for coefficient in coefficients[-2:0:-1]:
        np.add(out, coefficient, out=out)
        np.multiply(out, x, out=out)
    return np.add(out, coefficients[0], out=out)


@in_memory_order
def erf(x: Any) -> Any:
    """The error function, as the tanh of a polynomial: to 3.1 units in the last place."""
    result = np.empty(x.shape, x.dtype)
    buffers = buffers_for(result, 2)
    for part, given in pieces_of(result, x):
        near, square = buffers[:, : part.size]
        given.clip(np.float32(-4), np.float32(4), near)
        np.square(near, out=square)
        _polynomial(_ERF, square, part)
        np.multiply(part, near, out=part)
        np.tanh(part, out=part)
    return result


@in_memory_order
def ndtr(x: Any, beyond: Callable) -> Any:
    """The normal distribution function, as 1 / (1 + ndtr(-x) / ndtr(x)); below -3.5 by another function."""
    result = np.empty(x.shape, x.dtype)
    buffers = buffers_for(result, 2)
    for part, given in pieces_of(result, x):
        near, square = buffers[:, : part.size]
        least = np.fmin.reduce(given)
        if least >= -5.6 and np.fmax.reduce(given) <= 5.6:
            near = given
        else:
            given.clip(np.float32(-5.6), np.float32(5.6), near)
        np.square(near, out=square)
        _polynomial(_NDTR, square, part)
        np.multiply(part, near, out=part)
        np.exp2(part, out=part)
        np.add(part, _ONE, out=part)
        np.divide(_ONE, part, out=part)
        if least < -3.5:
            far = np.flatnonzero(given < -3.5)
            part[far] = beyond(given[far])
    return result


@in_memory_order
def erfinv(x: Any) -> Any:
    """The inverse of erf: to 4 units in the last place; infinite at -1 and 1, NaN beyond."""
    result = np.empty(x.shape, x.dtype)
    for part, given in pieces_of(result, x):
        w = (1 - given) * (1 + given)
        with np.errstate(all="ignore"):  # beyond -1 and 1
            np.negative(np.log(w, out=w), out=w)
        far = np.flatnonzero(w >= 5)
        tail = np.sqrt(w[far]) - np.float32(3)
        w -= np.float32(2.5)
        with np.errstate(all="ignore"):
            np.multiply(_polynomial(_ERFINV, w, part), given, out=part)
        if far.size:
            tail[np.isinf(tail)] = 0
            ends = given[far]
            found = _polynomial(_ERFINV_NEAR_ONE, tail, np.empty_like(tail)) * ends
            part[far] = np.where(np.abs(ends) == 1, np.copysign(np.float32(np.inf), ends), found)
    return result


# I0(x) = sum of z**k / k!**2 and 2 I1(x) / x = sum of z**k / (k! (k+1)!), z = (x / 2)**2 (NIST Handbook 10.25.2). All
# terms are positive, so that nothing cancels; up to x = 8 sixteen of them are enough.
_I0 = np.array([1 / math.factorial(k) ** 2 for k in range(17)])
_I1 = np.array([1 / (math.factorial(k) * math.factorial(k + 1)) for k in range(17)])


def _modified_bessel(series: Any, odd: bool, scaled: bool) -> Callable:
    @in_memory_order
    def function(x: Any, beyond: Callable) -> Any:
        result = np.empty(x.shape, x.dtype)
        buffers = buffers_for(result, 2)
        for part, given in pieces_of(result, x):
            near, square = buffers[:, : part.size]
            np.clip(given, np.float32(-8), np.float32(8), out=near)
            np.multiply(near, np.float32(0.5), out=square)
            np.multiply(square, square, out=square)
            largest = float(np.fmax.reduce(square))
            needed = np.flatnonzero(series * largest ** np.arange(len(series)) > 1e-9)
            _polynomial(_single(series[: max(needed[-1] + 1, 2) if needed.size else 2]), square, part)
            if odd:
                np.multiply(part, near, out=part)
                np.multiply(part, np.float32(0.5), out=part)
            if scaled:
                np.negative(np.abs(near, out=near), out=near)
                np.multiply(part, np.exp(near, out=near), out=part)
            if largest == 16:
                far = np.flatnonzero(np.abs(given) > 8)
                part[far] = beyond(given[far])
        return result

    return function


i0 = _modified_bessel(_I0, False, False)
i1 = _modified_bessel(_I1, True, False)
i0e = _modified_bessel(_I0, False, True)
i1e = _modified_bessel(_I1, True, True)


def _lower_gamma(a: Any, x: Any) -> Any:
    """P(a, x) in float64 to 13 digits, for x up to about a + 1 (Abramowitz and Stegun 6.5.29), and 0 < a < 50."""
    # Gamma(a + 1) by Stirling's series at z = a + 9 (ibid. 6.1.41).
    z = a + 9
    exponent, inverse = a * np.log(x) - x - (z - 0.5) * np.log(z) + z, 1 / z
    square = inverse * inverse
    rest = square * (1 / 1188) - 1 / 1680
    for coefficient in (1 / 1260, -1 / 360, 1 / 12):
        rest *= square
        rest += coefficient
    exponent -= rest * inverse
    density = np.exp(exponent) / math.sqrt(2 * math.pi)
    divisor, total, term = a.copy(), np.ones_like(a), np.ones_like(a)
    part = np.empty_like(a)
    for k in range(1, 200):
        divisor += 1
        if k <= 8:
            density *= divisor
        term *= np.divide(x, divisor, out=part)
        total += term
        if k >= 8 and k % 4 == 0 and term.max() < 1e-13:
            break
    total *= density
    return total


_FEW = 16384  # elements: in float64, and several arrays of them


def _incomplete_gamma(upper: bool) -> Callable:
    def function(a: Any, x: Any, beyond: Callable) -> Any:
        a, x = np.broadcast_arrays(a, x)
        result = np.empty(a.shape, np.float32)
        flat_a, flat_x, out = a.reshape(-1), x.reshape(-1), result.reshape(-1)
        for start in range(0, out.size, _FEW):
            piece = slice(start, start + _FEW)
            order, limit = flat_a[piece].astype(np.float64), flat_x[piece].astype(np.float64)
            # For smaller orders 1 - P loses digits.
            inside = (limit > 0) & (limit <= order + 1) & (order > 1e-3) & (order < 50)
            everywhere = inside.all()
            if not everywhere:
                order, limit = np.where(inside, order, 1.0), np.where(inside, limit, 1.0)
            found = _lower_gamma(order, limit)
            out[piece] = 1 - found if upper else found
            if not everywhere:
                others = np.flatnonzero(~inside)
                out[start + others] = beyond(flat_a[start + others], flat_x[start + others])
        return result

    return function


igamma = _incomplete_gamma(False)
igammac = _incomplete_gamma(True)
