"""The classical orthogonal polynomials over any array namespace, by their recurrences of three terms.

Each is a function `(xp, x, n)` of float64 arrays that broadcast; every place has a degree of its own (truncated to a
whole number; below 0 the polynomial is 0). Source: Abramowitz and Stegun 22.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

# name -> (p0, p1, the next from k, x, the last and the one before)
_Step = Callable[[int, Any, Any, Any], Any]


def _polynomial(first: Callable[[Any], Any], step: _Step) -> Callable:
    def evaluate(xp: Any, x: Any, n: Any) -> Any:
        x, n = xp.broadcast_arrays(x, n)
        degree = xp.trunc(n)
        before, current = xp.ones_like(x), first(x)
        value = xp.where(degree == 0, before, xp.where(degree == 1, current, xp.zeros_like(x)))
        highest = int(xp.max(degree)) if math.prod(x.shape) else 0
        for k in range(1, highest):
            before, current = current, step(k, x, current, before)
            value = xp.where(degree == k + 1, current, value)
        return value

    return evaluate


def _chebyshev_step(k: int, x: Any, current: Any, before: Any) -> Any:
    return 2 * x * current - before


def _shifted(evaluate: Callable) -> Callable:
    def shifted(xp: Any, x: Any, n: Any) -> Any:
        return evaluate(xp, 2 * x - 1, n)

    return shifted


chebyshev_polynomial_t = _polynomial(lambda x: x, _chebyshev_step)
chebyshev_polynomial_u = _polynomial(lambda x: 2 * x, _chebyshev_step)
chebyshev_polynomial_v = _polynomial(lambda x: 2 * x - 1, _chebyshev_step)
chebyshev_polynomial_w = _polynomial(lambda x: 2 * x + 1, _chebyshev_step)
hermite_polynomial_h = _polynomial(lambda x: 2 * x, lambda k, x, p, q: 2 * (x * p - k * q))
hermite_polynomial_he = _polynomial(lambda x: x, lambda k, x, p, q: x * p - k * q)
laguerre_polynomial_l = _polynomial(lambda x: 1 - x, lambda k, x, p, q: ((2 * k + 1 - x) * p - k * q) / (k + 1))
legendre_polynomial_p = _polynomial(lambda x: x, lambda k, x, p, q: ((2 * k + 1) * x * p - k * q) / (k + 1))
shifted_chebyshev_polynomial_t = _shifted(chebyshev_polynomial_t)
shifted_chebyshev_polynomial_u = _shifted(chebyshev_polynomial_u)
shifted_chebyshev_polynomial_v = _shifted(chebyshev_polynomial_v)
shifted_chebyshev_polynomial_w = _shifted(chebyshev_polynomial_w)
