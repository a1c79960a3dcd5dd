"""Derivatives of any order of functions whose usual formulas lose their digits: erfcx, sinc, modified Bessel functions.

The derivatives of such a function belong to one family, so that each is got from the next and none as a difference of
large numbers. Functions `(xp, n, x)` of the standard's names alone, n a Python integer, x a float64 array (of
`sinc_slope` complex, too).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .functions import _I1_LARGE, _I1_SMALL, _bessel


class ByBorder:
    """The n-th derivative of a function by two formulas `(xp, n, x)`: one up to a border, which may depend on n.

    Each is computed with the border in the place of what it is not for; who can look at x may call just one of them.
    """

    def __init__(self, name: str, border: Callable[[int], float], within: Callable, beyond: Callable) -> None:
        self.__name__, self.border, self.within, self.beyond = name, border, within, beyond

    def __call__(self, xp: Any, n: int, x: Any) -> Any:
        border = self.border(n)
        far = x > border
        return xp.where(far, self.beyond(xp, n, xp.where(far, x, border)), self.within(xp, n, xp.where(far, border, x)))


def _erfcx_border(n: int) -> float:
    return 5.0 if n == 1 else 2.0  # one step up loses little


def _erfcx_slope_within(xp: Any, n: int, x: Any) -> Any:
    before, current = xp.full_like(x, 2 / math.sqrt(math.pi)), xp.erfcx(x)
    for k in range(1, n + 1):
        before, current = current, (before - 2 * x * current) / (2 * k)
    return (-2.0) ** n * math.factorial(n) * current


def _erfcx_slope_beyond(xp: Any, n: int, x: Any) -> Any:
    ratio, product = xp.zeros_like(x), xp.erfcx(x)
    for k in range(20 if n == 1 else n + 70, 0, -1):  # few suffice further out
        ratio = 1 / (2 * x + 2 * (k + 1) * ratio)
        if k <= n:
            product = product * ratio
    return (-2.0) ** n * math.factorial(n) * product


# The n-th derivative of erfcx: (-2)^n n! E_n(x), with E_n(x) = exp(x²) times the n-th integral of erfc.
#
# E_n' = -2 (n + 1) E_(n+1), and 2n E_n = E_(n-2) - 2x E_(n-1), where E_(-1) = 2/sqrt(pi) (Abramowitz and Stegun 7.2.5).
# That loses nothing below 0 and little up to 2; beyond, E_n is the smallest solution of the recurrence, and the ratios
# r_n = E_n / E_(n-1) = 1 / (2x + 2 (n + 1) r_(n+1)) are computed from far above down (Gautschi, SIAM Rev. 9, 1967).
erfcx_slope = ByBorder("erfcx_slope", _erfcx_border, _erfcx_slope_within, _erfcx_slope_beyond)


def first_sinc_slope(xp: Any, x: Any) -> Any:
    """The first derivative of sin(pi x) / (pi x) in the dtype of x: see `sinc_slope`."""
    z = math.pi * x
    near = xp.abs(z) < 1
    far, small = xp.where(near, 1.0, z), xp.where(near, z, 0.0)
    square = small * small
    total = xp.zeros_like(z)
    for j in range(9, 0, -1):
        total = total * square + (-1) ** j * 2 * j / math.factorial(2 * j + 1)
    return math.pi * xp.where(near, total * small + 0.0, (xp.cos(far) - xp.sin(far) / far) / far)


def sinc_slope(xp: Any, n: int, x: Any) -> Any:
    """The n-th derivative of sin(pi x) / (pi x).

    Of s(z) = sin(z)/z, by differentiating z s(z) = sin(z): s_n = (sin(z + n pi/2) - n s_(n-1)) / z, which divides
    errors by z; where |z| is less than about n, the power series.
    """
    z = math.pi * x
    near = xp.abs(z) < n + 1
    far = xp.where(near, n + 1.0, z)
    sine, cosine = xp.sin(far), xp.cos(far)
    waves = (sine, cosine, -sine, -cosine)
    value = sine / far
    for k in range(1, n + 1):
        value = (waves[k % 4] - k * value) / far
    small = xp.where(near, z, 0.0)
    square = small * small
    # The terms (-1)^j z^(2j - n) (2j)! / ((2j - n)! (2j + 1)!) from 2j >= n on, by Horner's scheme in z².
    first = (n + 1) // 2
    total = xp.zeros_like(z)
    for j in range(first + 12 + n, first - 1, -1):
        term = (-1) ** j * math.perm(2 * j, n) / math.factorial(2 * j + 1)
        total = total * square + term
    series = total * small + 0.0 if n % 2 else total  # + 0: 0 and not -0 at 0
    return math.pi**n * xp.where(near, series, value)


def bessel_i_over_power_scaled(xp: Any, n: int, x: Any) -> Any:
    """exp(-|x|) I_n(x) / x^n for n from 1 on: by its power series (ibid. 9.6.10), all of whose terms are positive, or
    where |x| is large by the recurrence I_(n+1) = I_(n-1) - 2n/x I_n (ibid. 9.6.26)."""
    if n == 1:
        scaled, size = _bessel(xp, x, _I1_SMALL, _I1_LARGE)  # over |x| already up to 8
        return xp.where(size <= 8, scaled, scaled / xp.where(size <= 8, 1.0, size))
    size = xp.abs(x)
    near = size <= 16
    small = xp.where(near, size, 0.0)
    quarter = small * small / 4
    total = xp.zeros_like(x)
    for k in range(45, -1, -1):
        total = total * quarter + 1 / (math.factorial(k) * math.factorial(n + k))
    series = total * xp.exp(-small) / 2.0**n
    far = xp.where(near, 17.0, size)
    before, current = xp.i0e(far), xp.i1e(far)
    for k in range(1, n):
        before, current = current, before - 2 * k / far * current
    for _ in range(n):
        current = current / far
    return xp.where(near, series, current)


def _scaled_slope_within(xp: Any, n: int, x: Any) -> Any:
    if n <= 2:  # which are exp(-x) I0(x) and differences that lose two digits at most: this is quicker
        zeroth, first = xp.i0e(x), xp.i1e(x)
        return (zeroth, zeroth - first, 2 * (zeroth - first) - first / x)[n]
    total = xp.zeros_like(x)
    points = 64
    for k in range(1, points // 2 + 1):  # t and -t give the same, and t = 0 gives nothing
        height = 1 - math.cos(2 * math.pi * k / points)
        total = total + (1 if 2 * k == points else 2) / points * height**n * xp.exp(-height * x)
    return total


def _scaled_slope_beyond(xp: Any, n: int, x: Any) -> Any:
    term = math.gamma(n + 0.5) / (math.pi * math.sqrt(2))
    series = xp.zeros_like(x)
    terms = [term]
    for k in range(1, 24 + n):
        terms.append(terms[-1] * (k - 0.5) / (2 * k) * (n + k - 0.5))
    for value in reversed(terms):
        series = series / x + value
    series = series / xp.sqrt(x)
    for _ in range(n):
        series = series / x
    return series


# The mean of (1 - cos t)^n exp(-x (1 - cos t)) over a period, for x > 0: (-d/dx)^n of exp(-x) I0(x).
#
# It follows from I0's integral (Abramowitz and Stegun 9.6.16), all of whose values are positive. Up to 25 by the
# trapezoidal rule, which is exact to rounding for a periodic function; beyond by Watson's lemma: with u = 1 - cos t the
# integrand is u^(n - 1/2) exp(-x u) / (pi sqrt(2 - u)), and the root is expanded in powers of u.
bessel_i0_scaled_slope = ByBorder("bessel_i0_scaled_slope", lambda n: 25.0, _scaled_slope_within, _scaled_slope_beyond)


def bessel_i0_slope(xp: Any, n: int, x: Any) -> Any:
    """The n-th derivative of I0, the mean of cos(t)^n exp(x cos(t)) over a period, n from 2 on.

    With sinh or cosh in the place of exp, as n is odd or even, which changes nothing in the mean, all values have one
    sign. From 25 on cos(t)^n is expanded in powers of 1 - cos(t).
    """
    if n == 2:  # I0 - I1/x, which is quicker; where I0 overflows, so does this
        zero = x == 0
        near = xp.where(zero, 1.0, x)
        base = xp.i0(x)
        return xp.where(zero, 0.5, xp.where(base == math.inf, base, base - xp.i1(near) / near))
    size = xp.abs(x)
    large = xp.where(size <= 25, 26.0, size)
    half = xp.exp(large / 2)  # exp(x) itself overflows before the product does
    near = xp.where(size <= 25, x, 0.0)
    wave = xp.sinh if n % 2 else xp.cosh
    points = 64  # at t, -t, pi - t and pi + t the values are the same; at 0 and pi they are, at pi/2 there is none
    inside = wave(near) * (2 / points)
    for k in range(1, points // 4):
        height = math.cos(2 * math.pi * k / points)
        inside = inside + wave(height * near) * (height**n * 4 / points)
    outside = xp.zeros_like(x)
    for k in range(n + 1):
        outside = outside + (-1) ** k * math.comb(n, k) * bessel_i0_scaled_slope(xp, k, large)
    outside = xp.where((x < 0) & (n % 2 == 1), -outside, outside)
    return xp.where(size <= 25, inside, outside * half * half)


__all__ = ["bessel_i0_scaled_slope", "bessel_i0_slope", "bessel_i_over_power_scaled", "erfcx_slope", "sinc_slope"]
