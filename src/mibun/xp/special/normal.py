"""The normal distribution and its kin over any array namespace: scaled erfc, the distribution function and its inverse.

Each is a function `(xp, x)` of the standard's names alone, for a float64 array, as in `special_functions.py`.
"""

from __future__ import annotations

import math
from typing import Any

from .functions import _ERFC, chebyshev, erfc, erfinv

_ROOT_HALF = math.sqrt(0.5)


def erfcx(xp: Any, x: Any) -> Any:
    """exp(x²) erfc(x), by the series of `erfc` (Shepherd and Laframboise); below 0 by erfc(-x) = 2 - erfc(x)."""
    size = xp.abs(x)
    bounded = xp.where(size < 1e300, size, 1e300)
    value = chebyshev(_ERFC, (bounded - 3.75) / (bounded + 3.75)) / (1 + 2 * bounded)
    value = xp.where(size == math.inf, 0.0, value)
    inside = xp.where(x < 0, xp.where(x < -27, -27.0, x), 0.0)
    # exp(x²) multiplies the rounding error of x² by x²: the square is split, as in erfc.
    head = xp.floor(inside * 16) / 16
    growth = xp.exp(head * head) * xp.exp((inside - head) * (inside + head))
    reflected = xp.where(x < -26.7, math.inf, 2 * growth - value)
    value = xp.where(x < 0, reflected, value)
    return xp.where(xp.isnan(x), x, value)


def ndtr(xp: Any, x: Any) -> Any:
    """The normal distribution function, exact where it is small."""
    return 0.5 * erfc(xp, -_ROOT_HALF * x)


def log_ndtr(xp: Any, x: Any) -> Any:
    """The logarithm of the normal distribution function, also where that underflows."""
    left = x < -1
    low = xp.where(left, x, -1.0)
    tail = xp.log(erfcx(xp, -_ROOT_HALF * low) / 2) - low * low / 2
    right = xp.log1p(-erfc(xp, _ROOT_HALF * xp.where(left, 0.0, x)) / 2)
    return xp.where(x == -math.inf, -math.inf, xp.where(left, tail, right))


def ndtri(xp: Any, p: Any) -> Any:
    """The inverse of `ndtr`: by erfinv in the middle, else Newton's method on log_ndtr from Hastings's formula.

    Start: Abramowitz and Stegun 26.2.23, good to 4.5e-4.
    """
    inside = (p > 0) & (p < 1)
    middle = xp.abs(p - 0.5) < 0.3
    centre = math.sqrt(2) * erfinv(xp, xp.where(middle, 2 * p - 1, 0.0))
    tail = xp.where(inside & ~middle, xp.where(p > 0.5, 1 - p, p), 0.1)
    target = xp.log(tail)
    t = xp.sqrt(-2 * target)
    x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in range(4):
        # The derivative of log_ndtr is sqrt(2 / pi) / erfcx(-x / sqrt(2)).
        x = x - (log_ndtr(xp, x) - target) * erfcx(xp, -_ROOT_HALF * x) * math.sqrt(math.pi / 2)
    value = xp.where(middle, centre, xp.where(p > 0.5, -x, x))
    edge = xp.where(p == 0, -math.inf, xp.where(p == 1, xp.full_like(p, math.inf), math.nan))
    return xp.where(inside, value, edge)
