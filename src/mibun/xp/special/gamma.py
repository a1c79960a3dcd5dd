"""The incomplete gamma functions and Hurwitz's zeta function, of two arrays, over any array namespace.

Functions `(xp, x, y)` of the standard's names alone, for float64 arrays of shapes that broadcast. The number of terms
that some of them add up depends on the values.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .functions import _BERNOULLI, _series, lgamma

_LARGE = 60.0  # from here on the incomplete gamma functions are integrated


def _log_less_linear(xp: Any, d: Any) -> Any:
    """log(1 + d) - d, without loss of digits for small d."""
    small = xp.abs(d) < 0.1
    near = xp.where(small, d, 0.0)
    # With d = 2r / (1 - r) it is 2 (r + r³/3 + ...) - d, and 2r - d = -r d.
    r = near / (2 + near)
    square = r * r
    series = _series(xp, square, [2 / (2 * k + 3) for k in range(9)])
    return xp.where(small, r * square * series - r * near, xp.log1p(xp.where(small, 0.0, d)) - d)


def _density(xp: Any, a: Any, x: Any) -> Any:
    """x ** a exp(-x) / gamma(a + 1)."""
    return xp.exp(a * xp.log(x) - x - lgamma(xp, a + 1))


def _series_over_density(a: Any, x: Any) -> Any:
    """P(a, x) over the density, for x up to about a (Abramowitz and Stegun 6.5.29). a: an array, or a Taylor series."""
    term = 1 + 0 * a
    total = term
    for k in range(1, 220):
        term = term * x / (a + k)
        total = total + term
    return total


def _fraction_under_density(a: Any, x: Any) -> Any:
    """a times the density over Q(a, x), for x from about a (ibid. 6.5.31), evaluated from its far end."""
    value = x
    for k in range(250, 0, -1):
        value = (k - a) / (1 + k / value) + x
    return value


def _smaller_integral(xp: Any, a: Any, x: Any, factor: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Whether x is right of the peak of t ** (a - 1) exp(-t) / gamma(a), for large a; and the integral of that, times
    factor(t), over the side of x that does not hold the peak."""
    from numpy.polynomial.legendre import leggauss  # here, as it takes a while to import

    top = a - 1
    width = xp.sqrt(top)
    right = x > top
    # From x away from the peak, as far as the density matters: it falls at least as fast as it does at x.
    slope = xp.abs(top / xp.where(x > 0, x, 1e-300) - 1)
    reach = xp.minimum(15 * width, 42 / xp.where(slope > 1e-300, slope, 1e-300))
    upper = xp.where(right, x + reach, x)
    lower = xp.where(right, x, xp.maximum(0 * x, x - reach))
    total = xp.zeros_like(x)
    for node, weight in zip(*leggauss(64), strict=True):
        t = (lower + upper) / 2 + (upper - lower) / 2 * float(node)
        total = total + float(weight) * xp.exp(top * _log_less_linear(xp, (t - top) / top)) * factor(t)
    # top ** top exp(-top) / gamma(a), by Stirling's series.
    terms = [b / ((2 * k + 2) * (2 * k + 1)) for k, b in enumerate(_BERNOULLI[:8])]
    scale = xp.exp(-_series(xp, 1 / (top * top), terms) / top) / xp.sqrt(2 * math.pi * top)
    return right, total * (upper - lower) / 2 * scale


def _by_integral(xp: Any, a: Any, x: Any) -> tuple[Any, Any]:
    """P and Q for large a."""
    right, part = _smaller_integral(xp, a, x, lambda t: 1.0)
    part = xp.minimum(part, xp.ones_like(x))
    return xp.where(right, 1 - part, part), xp.where(right, part, 1 - part)


def _incomplete(xp: Any, a: Any, x: Any) -> tuple[Any, Any]:
    """P(a, x) and Q(a, x) = 1 - P(a, x)."""
    a, x = xp.broadcast_arrays(a, x)
    valid = (a > 0) & (x > 0) & xp.isfinite(a) & xp.isfinite(x)
    large = valid & (a > _LARGE)
    lower = valid & ~large & (x <= a + 1)
    upper = valid & ~large & ~lower
    a_low, x_low = xp.where(lower, a, 1.0), xp.where(lower, x, 1.0)
    p_low = _series_over_density(a_low, x_low) * _density(xp, a_low, x_low)
    a_high, x_high = xp.where(upper, a, 1.0), xp.where(upper, x, 3.0)
    q_high = a_high * _density(xp, a_high, x_high) / _fraction_under_density(a_high, x_high)
    p_large, q_large = _by_integral(xp, xp.where(large, a, 100.0), xp.where(large, x, 100.0))
    p = xp.where(large, p_large, xp.where(lower, p_low, 1 - q_high))
    q = xp.where(large, q_large, xp.where(lower, 1 - p_low, q_high))
    none = xp.isnan(a) | xp.isnan(x) | (a < 0) | (x < 0) | ((a == 0) & (x == 0)) | ((a == math.inf) & (x == math.inf))
    p_edge = xp.where((a == 0) | ((x == math.inf) & (a != math.inf)), xp.ones_like(x), 0.0)
    p = xp.where(valid, p, p_edge)
    q = xp.where(valid, q, 1 - p_edge)
    return xp.where(none, math.nan, p), xp.where(none, math.nan, q)


def igamma(xp: Any, a: Any, x: Any) -> Any:
    """The regularised lower incomplete gamma function P(a, x)."""
    return _incomplete(xp, a, x)[0]


def igammac(xp: Any, a: Any, x: Any) -> Any:
    """The regularised upper incomplete gamma function Q(a, x)."""
    return _incomplete(xp, a, x)[1]


def zeta(xp: Any, s: Any, q: Any) -> Any:
    """The sum of (q + k) ** -s over k from 0, by the Euler-Maclaurin formula from some term on."""
    s, q = xp.broadcast_arrays(s, q)
    whole_s, whole_q = xp.floor(s) == s, xp.floor(q) == q
    pole = (q <= 0) & whole_q
    valid = (s > 1) & ~pole & ~((q < 0) & ~whole_s) & xp.isfinite(s) & xp.isfinite(q)
    power = xp.where(valid, s, 2.0)
    start = xp.where(valid, q, 1.0)
    total = xp.zeros_like(start)
    # Ten terms at least, and then up to where the formula's terms fall: at about s, unless what is left is nothing.
    end = xp.maximum(start + 9.5, xp.where(power < 60, power, 60.0))
    steps = int(xp.max(end - start)) + 1 if math.prod(start.shape) else 0
    for _ in range(steps):
        below = start < end
        base = xp.where(below, start, 1.0)
        # A negative base has a whole exponent here.
        size = xp.abs(base) ** -power
        odd = (base < 0) & (xp.remainder(power, xp.full_like(power, 2.0)) == 1)
        total = total + xp.where(below, xp.where(odd, -size, size), 0.0)
        start = xp.where(below, start + 1, start)
    total = total + start ** (1 - power) / (power - 1) + 0.5 * start**-power
    factor = power * start ** (-power - 1)
    for k, b in enumerate(_BERNOULLI):
        total = total + factor * (b / math.factorial(2 * k + 2))
        factor = factor * ((power + 2 * k + 1) * (power + 2 * k + 2)) / (start * start)
    edge = xp.where((s == 1) | ((s > 1) & pole), xp.full_like(s, math.inf), math.nan)
    return xp.where(valid, total, xp.where(xp.isnan(s) | xp.isnan(q), math.nan, edge))
