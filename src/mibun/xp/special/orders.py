"""Derivatives of any order with respect to the *order* of a function: of the incomplete gamma functions and of zeta.

These have no closed form. The series, the continued fraction, the integral and the sum that the functions are computed
by are differentiated instead, term by term, in the arithmetic of Taylor series (Griewank and Walther, Evaluating
Derivatives, 2nd ed., chapter 13). Functions `(xp, n, order, x)` of the standard's names alone, n a Python integer from
1 on, for float64 arrays of shapes that broadcast.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from .functions import _BERNOULLI, digamma, lgamma, polygamma
from .gamma import _LARGE, _fraction_under_density, _series_over_density, _smaller_integral


class Taylor:
    """A power series in a small step, up to some power: arrays, or numbers where they are the same everywhere."""

    __array_ufunc__ = None  # NumPy's arrays leave their operators with one to it

    def __init__(self, terms: Sequence[Any]) -> None:
        self.terms = list(terms)

    def _lift(self, other: Any) -> list:
        return other.terms if isinstance(other, Taylor) else [other, *[0.0] * (len(self.terms) - 1)]

    def __add__(self, other: Any) -> Taylor:
        return Taylor([p + q for p, q in zip(self.terms, self._lift(other), strict=True)])

    def __neg__(self) -> Taylor:
        return Taylor([-p for p in self.terms])

    def __sub__(self, other: Any) -> Taylor:
        return self + -other

    def __rsub__(self, other: Any) -> Taylor:
        return -self + other

    def __mul__(self, other: Any) -> Taylor:
        if not isinstance(other, Taylor):
            return Taylor([p * other for p in self.terms])
        return Taylor([sum(self.terms[j] * other.terms[k - j] for j in range(k + 1)) for k in range(len(self.terms))])

    def __truediv__(self, other: Any) -> Taylor:
        if not isinstance(other, Taylor):
            return Taylor([p / other for p in self.terms])
        first, *rest = other.terms
        quotient: list = []
        for k, p in enumerate(self.terms):
            quotient.append((p - sum(rest[j] * quotient[k - 1 - j] for j in range(k))) / first)
        return Taylor(quotient)

    def __rtruediv__(self, other: Any) -> Taylor:
        return Taylor(self._lift(other)) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self, xp: Any) -> Taylor:
        """The exponential, from y' = exponent' y."""
        first, *rest = self.terms
        result = [xp.exp(first)]
        for k in range(1, len(self.terms)):
            result.append(sum((j + 1) * rest[j] * result[k - 1 - j] for j in range(k)) / k)
        return Taylor(result)


def _log_gamma_slopes(xp: Any, n: int, a: Any) -> list:
    """The derivatives of log gamma from the first to the n-th."""
    return [digamma(xp, a) if k == 0 else polygamma(xp, k, a) for k in range(n)]


def _density(xp: Any, n: int, a: Any, x: Any) -> Taylor:
    """x ** a exp(-x) / gamma(a + 1) as a series in a."""
    logarithm = xp.log(x)
    slopes = [(logarithm if k == 0 else 0.0) - slope for k, slope in enumerate(_log_gamma_slopes(xp, n, a + 1))]
    terms = [slope / math.factorial(k) for k, slope in enumerate(slopes, 1)]
    return Taylor([a * logarithm - x - lgamma(xp, a + 1), *terms]).exp(xp)


def igamma_slope(xp: Any, n: int, a: Any, x: Any) -> Any:
    """The n-th derivative of P(a, x) by a; minus that of Q(a, x). By the same ways as P and Q: see `gamma.py`."""
    a, x = xp.broadcast_arrays(a, x)
    valid = (a >= 0) & (x > 0) & xp.isfinite(a) & xp.isfinite(x)
    large = valid & (a > _LARGE)
    lower = valid & ~large & (x <= a + 1)
    upper = valid & ~large & ~lower

    def choose(where: Any, usual_a: float, usual_x: float) -> tuple[Any, Any, Taylor]:
        chosen = xp.where(where, a, usual_a)
        return chosen, xp.where(where, x, usual_x), Taylor([chosen, 1.0, *[0.0] * (n - 1)])

    order, argument, series = choose(lower, 1.0, 1.0)
    p = _series_over_density(series, argument) * _density(xp, n, order, argument)
    order, argument, series = choose(upper, 1.0, 3.0)
    q = series * _density(xp, n, order, argument) / _fraction_under_density(series, argument)
    order, argument, _ = choose(large, 100.0, 100.0)
    right, part = _smaller_integral(xp, order, argument, _factor(xp, n, order))
    value = xp.where(lower, p.terms[n], -q.terms[n]) * math.factorial(n)
    value = xp.where(large, xp.where(right, -part, part), value)
    # Nothing depends on the order where x is 0 or infinite.
    none = xp.isnan(a) | xp.isnan(x) | (a < 0) | (x < 0) | ((a == 0) & (x == 0))
    return xp.where(valid, value, xp.where(none, math.nan, xp.zeros_like(x)))


def _factor(xp: Any, n: int, a: Any) -> Callable[[Any], Any]:
    """By what n derivatives by a multiply t ** (a - 1) exp(-t) / gamma(a): a function of t."""
    slopes = _log_gamma_slopes(xp, n, a)

    def factor(t: Any) -> Any:
        logarithm = xp.log(xp.where(t > 0, t, 1e-300))
        first = (logarithm - slopes[0], *[-slope for slope in slopes[1:]])
        return slopes_of_exponential(first)[n]

    return factor


def slopes_of_exponential(slopes: Sequence[Any]) -> list:
    """The derivatives of exp(f) over exp(f), from the zeroth, of those of f from the first: Bell's polynomials."""
    bell: list = [1.0]
    for m in range(len(slopes)):
        bell.append(sum(math.comb(m, k) * bell[m - k] * slopes[k] for k in range(m + 1)))
    return bell


def zeta_slope(xp: Any, n: int, s: Any, q: Any) -> Any:
    """The n-th derivative by s of the sum of (q + k) ** -s over k from 0: for s > 1 and q > 0, elsewhere NaN."""
    s, q = xp.broadcast_arrays(s, q)
    valid = (s > 1) & (q > 0) & xp.isfinite(s) & xp.isfinite(q)
    power, start = xp.where(valid, s, 2.0), xp.where(valid, q, 1.0)
    series = Taylor([power, 1.0, *[0.0] * (n - 1)])

    def to_minus_power(base: Any) -> Taylor:
        logarithm = -xp.log(base)
        return Taylor([logarithm * power, logarithm, *[0.0] * (n - 1)]).exp(xp)

    total: Any = 0.0
    steps = 12
    for k in range(steps):
        total = to_minus_power(start + k) + total
    # The rest by the Euler-Maclaurin formula. Its terms fall while 2k is less than about 6 (q + steps); for large s,
    # where they do not, they are nothing beside the first of all.
    end = start + steps
    tail = to_minus_power(end)
    total = total + tail * end / (series - 1) + tail * 0.5
    factor = tail * series / end
    for k, b in enumerate(_BERNOULLI):
        total = total + factor * (b / math.factorial(2 * k + 2))
        factor = factor * ((series + (2 * k + 1)) * (series + (2 * k + 2))) / (end * end)
    value = math.factorial(n) * total.terms[n]
    nothing = (s == math.inf) & (q > 1)
    return xp.where(valid, value, xp.where(nothing, xp.zeros_like(s), math.nan))


__all__ = ["igamma_slope", "zeta_slope"]
