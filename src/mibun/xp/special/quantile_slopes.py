"""How a sample moves with the parameter of its distribution, at a fixed quantile: what implicit gradients are made of.

If F(x; a) is a distribution function and f its density, F(x(a); a) = const gives dx/da = -(∂F/∂a) / f (Figurnov,
Mohamed and Mnih, "Implicit reparameterization gradients", 2018). The densities here are of exponential families in the
parameter, ∂f/∂a = (T(x) - E[T]) f, so that

    dx/da = ∫ over the left of x of (E[T] - T(t)) f(t)/f(x) dt = ∫ over the right of x of (T(t) - E[T]) f(t)/f(x) dt.

Where T(x) is below its mean (T is monotonic) the first integrand is positive, elsewhere the second one is. Of these one
is taken, so nothing cancels, in a variable in which the density is log-concave and smooth: it is integrated by Gauss's
rule from x to where it has fallen by exp(-40), with a break at its knee. So results have 10 digits and more over the
whole domain. Functions `(xp, ...)` of the standard's names alone, for float64 arrays of one shape.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from .bessel import i0e, i1e
from .functions import digamma

_FALL = 40.0  # exp(-40) of a density is less than its last digit
_NODES = 32  # for each piece
_STEPS = 24  # of Newton's method; far from a root of a parabola each of them halves the distance


def _rule() -> list[tuple[float, float]]:
    """Nodes and weights of Gauss's rule on [0, 1]."""
    from numpy.polynomial.legendre import leggauss  # here, as it takes a while to import

    nodes, weights = leggauss(_NODES)
    return [((1 + float(x)) / 2, float(w) / 2) for x, w in zip(nodes, weights, strict=True)]


def _integral(xp: Any, integrand: Callable[[Any], Any], length: Any, knee: Any) -> Any:
    """∫ of the integrand from 0 to `length` (not negative), in pieces: the knee's own, and longer ones further away."""
    zero = 0 * length
    knee = xp.maximum(knee, zero)  # (behind the knee there is still some of it left)
    breaks = [zero, *[xp.minimum(xp.maximum(knee + side, zero), length) for side in (-24.0, -6.0, 6.0, 24.0)], length]
    pieces = [(start, end - start) for start, end in itertools.pairwise(breaks)]
    if getattr(xp, "known", lambda _: True)(length):
        pieces = [(start, width) for start, width in pieces if bool(xp.any(width > 0))]
    total = zero
    for node, weight in _rule():
        for start, width in pieces:
            total = total + (weight * width) * integrand(start + node * width)
    return total


def _fallen(log_density: Callable[[Any], tuple[Any, Any]], start: Any) -> Any:
    """Where a concave log-density has fallen to -_FALL, by Newton's method from a place beyond: it stays beyond."""
    place = start
    for _ in range(_STEPS):
        value, slope = log_density(place)
        place = place - (value + _FALL) / slope
    return place


def gamma_quantile_slope(xp: Any, a: Any, x: Any) -> Any:
    """dx/da of a gamma number x of shape a: T = log x, E[T] = ψ(a), and the variable is log x.

    The density of d = log(t / x) is exp(a d - x (exp(d) - 1)) times that at x; its knee is at t = 1 if a is small.
    """
    valid = (a > 0) & (x > 0) & (x < math.inf) & (a < math.inf)
    zero = x == 0
    a, x = xp.where(valid, a, 1.0), xp.where(valid, x, 1.0)
    offset = xp.log(x) - digamma(xp, a)
    sign = xp.where(offset <= 0, 0 * x - 1, 1.0)  # which way the integral goes: e = |d|

    def log_density(e: Any) -> tuple[Any, Any]:
        d = sign * e
        return a * d - x * xp.expm1(d), sign * (a - x * xp.exp(d))

    # Beyond the fall: to the left, a d + x is above the log-density. To the right, (a - x) d - x d²/2 is; or, for
    # a < 1, a log(1 + K/x) - K for exp(d) = 1 + K/x, where a log(1/x) <= -a ψ(a) < 2 and a log(1 + K) < 4.
    slope = a - x
    parabola = (slope + xp.sqrt(slope * slope + 2 * _FALL * x)) / x
    right = xp.where(a < 1, xp.log1p((_FALL + 6) / x), parabola)
    length = _fallen(log_density, xp.where(sign < 0, (_FALL + x) / a, right))

    def integrand(e: Any) -> Any:
        return xp.exp(log_density(e)[0]) * xp.abs(sign * e + offset)

    slope = x * _integral(xp, integrand, length, -sign * xp.log(x))
    return xp.where(valid, slope, xp.where(zero, 0 * x, math.nan))


def beta_quantile_slope(xp: Any, a: Any, b: Any, x: Any) -> Any:
    """dx/da / (1 - x) of a beta number x of parameters a and b: T = log x, E[T] = ψ(a) - ψ(a + b), variable logit x.

    Of a Dirichlet vector x is a part; where it grows by dx, the others shrink by the factor 1 - dx / (1 - x).
    With e = |d|, d = logit(t) - logit(x), and y = x to the left, 1 - x to the right of x, the density of d is
    exp(-a e) or exp(-b e) times (1 + y (exp(-e) - 1)) ** -(a + b) times that at x. Its knee is where the right has
    (a + b) t/(1 - t) = 1, and the left (a + b) (1 - t)/t = 1, if that is less than 1.
    """
    total = a + b
    valid = (a > 0) & (b > 0) & (x > 0) & (x < 1) & (total < math.inf)
    zero = x == 0
    a, b, x = xp.where(valid, a, 1.0), xp.where(valid, b, 1.0), xp.where(valid, x, 0.5)
    total = a + b
    log_x, log_rest = xp.log(x), xp.log1p(-x)
    offset = log_x - digamma(xp, a) + digamma(xp, total)
    left = offset <= 0
    rate, y, other = xp.where(left, a, b), xp.where(left, x, 1 - x), xp.where(left, 1 - x, x)
    one_side = xp.where(left, 0 * x + 1, 0.0)

    def log_growth(e: Any) -> Any:
        growth = y * xp.expm1(-e)
        small = growth > -0.5
        return xp.where(small, xp.log1p(xp.where(small, growth, 0.0)), xp.log(other + y * xp.exp(-e)))

    def log_density(e: Any) -> tuple[Any, Any]:
        slope = total * y * xp.exp(-e) / (other + y * xp.exp(-e)) - rate
        return -rate * e - total * log_growth(e), slope

    # Beyond the fall: on the asymptote, which is above a concave function.
    length = _fallen(log_density, (_FALL - total * xp.where(left, log_rest, log_x)) / rate)

    def integrand(e: Any) -> Any:
        growth = log_growth(e)
        return xp.exp(-rate * e - total * growth) * xp.abs(offset - growth - one_side * e)

    knee = xp.where(left, log_x - log_rest, log_rest - log_x) - xp.log(xp.maximum(total, 1 + 0 * total))
    slope = x * _integral(xp, integrand, length, knee)
    return xp.where(valid, slope, xp.where(zero, 0 * x, math.nan))


def von_mises_quantile_slope(xp: Any, concentration: Any, angle: Any) -> Any:
    """dt/dκ of a von Mises angle t in [-π, π] of mean 0: T = cos t, E[T] = I1(κ)/I0(κ), odd in t.

    T is not monotonic, but even: where it is above its mean, as far as ±arccos E[T], ∫ from 0 to t is taken for the
    integral from the left, which is 0 at 0; and else the integral from |t| to π, of both of which the signs are known.
    """
    valid = (concentration > 0) & (concentration < math.inf) & (xp.abs(angle) <= math.pi)
    k, t = xp.where(valid, concentration, 1.0), xp.where(valid, xp.abs(angle), 0.0)
    mean = i1e(xp, k) / i0e(xp, k)
    inside = xp.cos(t) > mean
    # To the right the density has fallen where k (cos t - cos end) = _FALL, that is, with sines of half angles, here.
    half = xp.sin(t / 2)
    end = 2 * xp.asin(xp.minimum(xp.sqrt(half * half + _FALL / (2 * k)), 0 * t + 1))
    start = xp.where(inside, 0 * t, t)
    width = xp.where(inside, t, end) - start
    total = 0 * t
    for node, weight in _rule():
        place = start + node * width
        growth = -2 * k * xp.sin((place + t) / 2) * xp.sin((place - t) / 2)
        total = total + (weight * width) * xp.exp(growth) * xp.abs(xp.cos(place) - mean)
    slope = xp.where(angle < 0, total, -total)
    # At κ = 0 the density is constant and the integral of cos t is sin t.
    return xp.where(valid, slope, xp.where(concentration == 0, -xp.sin(angle), math.nan))
