"""Functions of float32 arrays by polynomials, as far as possible in float32, where the library's own take much longer.

The polynomials of ndtr (by which erf and erfc are computed) and erfinv are least squares fits at Chebyshev points of
the exact functions, weighted for the error of the result and weighted anew until all extremes were alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from .library import np
from .pieces import PIECE, buffers_for, in_memory_order, pieces_of


def _single(coefficients: Iterable[float]) -> list[Any]:
    """float32 scalars as arrays, which ufuncs take more readily than numbers."""
    return [np.array(coefficient, np.float32) for coefficient in coefficients]


# atanh(erf(x)) / x - 1 in powers of x², for 0 <= x <= 4; the error of erf is 2e-8, relative.
_ERF = _single(
    [
        0.12837917857786474,
        0.10277216136455536,
        -0.00020662603492382914,
        -0.0005953602376393974,
        6.936745921848342e-05,
        1.3048432947471156e-06,
        -1.2833926348321256e-06,
        1.5536870989762974e-07,
        -8.41222114189577e-09,
        1.7713180922029892e-10,
    ]
)
_ERF_END = np.float32(4.25)
_ONE = np.array(1, np.float32)
# log2(ndtr(-x) / ndtr(x)) / x in powers of x², for 0 <= x <= 5.2, and growing beyond; ndtr is exact to 3e-8.
_GELU = _single(
    [
        -2.302209296193814,
        -0.10483512432587241,
        9.40502130540587e-05,
        0.00015958016952134595,
        -1.1439950065614286e-05,
        3.8164386310469513e-07,
        -5.067643696497331e-09,
    ]
)
_GELU_END = np.float32(6.99)  # where this ndtr(-x) is 2**-115
# log(ndtr(-x) / ndtr(x)) / x in powers of x², for 0 <= x <= 5.6, beyond which ndtr(x) is 1 in float32. The error of
# ndtr(x), and up to 3 that of ndtr(-x), is 8e-9, relative.
_LOG_ODDS = [
    -1.595769129812791,
    -0.07267112492463626,
    7.385043136309832e-05,
    0.00010434965224703774,
    -5.670118298439775e-06,
    -1.8313717475848534e-07,
    4.768891415096732e-08,
    -3.4414424643358643e-09,
    1.338957555940823e-10,
    -2.8037080036097395e-12,
    2.465235182875017e-14,
]
_FARTHEST = 5.6
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
    """The error function, as the tanh of a polynomial: to 1.1 units in the last place, up to 2.3 below 1/2."""
    result = np.empty(x.shape, x.dtype)
    buffers = buffers_for(result, 2)
    for part, given in pieces_of(result, x):
        near, square = buffers[:, : part.size]
        given.clip(-_ERF_END, _ERF_END, near)
        np.square(near, out=square)
        _polynomial(_ERF, square, part)
        np.multiply(part, near, out=part)
        np.add(part, near, out=part)
        np.tanh(part, out=part)
    return result


def _by_quick_ndtr(times_x: bool) -> Callable:
    @in_memory_order
    def function(x: Any) -> Any:
        result = np.empty(x.shape, x.dtype)
        squares = buffers_for(result, 1)[0]
        for part, given in pieces_of(result, x):
            near, square = given, squares[: part.size]
            np.square(near, out=square)
            if np.fmax.reduce(square) > _GELU_END * _GELU_END:
                near = given.clip(-_GELU_END, _GELU_END)
                np.square(near, out=square)
            _polynomial(_GELU, square, part)
            np.multiply(part, near, out=part)
            np.exp2(part, out=part)
            np.add(part, _ONE, out=part)
            np.divide(given if times_x else _ONE, part, out=part)
            if near is not given and times_x:
                far = np.flatnonzero(given < -_GELU_END)
                part[far] = given[far] * np.float32(0)
        return result

    return function


gelu = _by_quick_ndtr(True)  # to 3.5 units in the last place above -1/2, and below to 3e-8 |x|
quick_ndtr = _by_quick_ndtr(False)  # to 2e-7


_HALF = PIECE // 2  # elements: much of this is in float64


def _times_ndtr(scale: float, numerator: float) -> Callable:
    """numerator * ndtr(scale * x), as a function of x.

    That is numerator / (1 + odds), where odds = exp(y (c0 + c1 y² + ...)), y = scale * x. What c0 and c1 are not is so
    small that its rounding in float32 costs nothing; the rest is in float64.
    """
    first, second = [np.array(_LOG_ODDS[k] * scale ** (2 * k + 1)) for k in (0, 1)]
    others = _single([c * scale ** (2 * k + 1) for k, c in enumerate(_LOG_ODDS) if k > 1])
    limit = np.float32(_FARTHEST / abs(scale))
    one, above = np.array(1.0), np.array(numerator)

    @in_memory_order
    def function(x: Any) -> Any:
        result = np.empty(x.shape, x.dtype)
        size = min(_HALF, result.size)
        squares, wide = np.empty(size, np.float32), np.empty((2, size))
        for part, given in pieces_of(result, x, size=_HALF):
            square = squares[: part.size]
            near, total = wide[:, : part.size]
            given.clip(-limit, limit, part)
            near[...] = part
            np.square(part, out=square)
            np.multiply(_polynomial(others, square, part), square, out=part)
            total[...] = part
            np.add(total, second, out=total)
            np.multiply(total, near, out=total)
            np.multiply(total, near, out=total)
            np.add(total, first, out=total)
            np.multiply(total, near, out=total)
            np.exp(total, out=total)
            np.add(total, one, out=total)
            np.divide(above, total, out=total)
            part[...] = total
        return result

    return function


def _but_far(near: Callable, far: Callable) -> Callable:
    """near(x), but where far(x) is true another function of x."""

    def function(x: Any, beyond: Callable) -> Any:
        result = near(x)
        others = far(x)
        if others.any():
            result[others] = beyond(x[others])
        return result

    return function


# To 0.6 units in the last place, ndtr up to 1 below -2.5.
ndtr = _but_far(_times_ndtr(1.0, 1.0), lambda x: x < np.float32(-3))
erfc = _but_far(_times_ndtr(-math.sqrt(2), 2.0), lambda x: x > np.float32(1.5))


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
