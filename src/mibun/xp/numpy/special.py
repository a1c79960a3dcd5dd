"""The special functions of the NumPy namespace: SciPy's compiled ones where it is installed, else mibun's own.

SciPy is imported when one of them is first called. Where its functions are less exact than mibun's (the gamma functions
near their zeros, Bessel functions of large arguments), mibun's own are used in any case.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from ..special import (
    bessel as bessel_functions,
)
from ..special import (
    functions as special_functions,
)
from ..special import (
    gamma as gamma_functions,
)
from ..special import (
    normal as normal_functions,
)
from ..special import (
    orders,
    polynomials,
    quantile_slopes,
    slopes,
)
from . import single
from .library import compiled as compiled_by
from .library import from_size, np
from .pieces import PIECE, in_memory_order, pieces_of

SMALL = from_size(100)  # elements; below it a call of SciPy's takes less time than the steps of a polynomial
_FEW = from_size(PIECE // 8)  # elements: the formulas make many arrays of float64 on their way


def _in_float64(function: Callable, x: Any, *y: Any) -> Any:
    """An elementwise function in float64, of large arrays piece by piece."""
    if x.size <= _FEW:
        return function(np, x.astype(np.float64), *[other.astype(np.float64) for other in y]).astype(x.dtype)
    first, *others = np.broadcast_arrays(x, *y) if y else (x,)
    return _long_in_float64(first, function, *others)


@in_memory_order
def _long_in_float64(x: Any, function: Callable, *y: Any) -> Any:
    result = np.empty(x.shape, x.dtype)
    for out, *operands in pieces_of(result, x, *y, size=_FEW):
        out[...] = function(np, *[operand.astype(np.float64) for operand in operands])
    return result


@functools.cache
def _of_scipy(name: str) -> Callable | None:
    return compiled_by("special", name)


def _prefer_scipy(own: Callable, name: str | None = None, safe: Callable | None = None) -> Callable:
    """SciPy's function of that name where SciPy is installed, else mibun's own.

    safe: where SciPy's is as exact, a mask of the operands; elsewhere the own one decides.
    """

    def function(x: Any, *y: Any) -> Any:
        compiled = _of_scipy(name or own.__name__)
        if compiled is None or x.dtype.kind != "f" or x.dtype.itemsize == 2:
            return _in_float64(own, x, *y)
        doubtful = np.logical_not(safe(x, *y)) if safe is not None else None
        if doubtful is not None and doubtful.all():
            return _in_float64(own, x, *y)
        result = compiled(x, *y)
        if doubtful is not None and doubtful.any():
            result = np.asarray(result)
            parts = [part[doubtful] for part in np.broadcast_arrays(x, *y)]
            result[doubtful] = _in_float64(own, *parts)
            result = result[()]
        return result

    function.__name__ = own.__name__
    function.__doc__ = own.__doc__
    return function


# --- where SciPy's functions are exact ---


def _not_far(x: Any) -> Any:
    """Its Bessel functions lose the phase of large arguments."""
    return np.abs(x) < 1e6


def _single(x: Any) -> Any:
    """What is exact enough for float32 only."""
    return np.full(x.shape, x.dtype == np.float32)


def _away_from_zeros(x: Any) -> Any:
    """lgamma is 0 at 1 and 2, and between the poles."""
    if x.dtype == np.float32:
        return x > -1e6
    return (x > 0) & (np.abs(x - 1.5) > 0.7) | ((x > 1.2) & (x < 1.8))


def _positive(x: Any) -> Any:
    return (x > 0) | (x.dtype == np.float32)


def _inside_quadrant(a: Any, x: Any) -> Any:
    return (a > 0) & (x > 0) & (a < np.inf) & (x < np.inf)


def _converging(s: Any, q: Any) -> Any:
    return (s > 1) & (q > 0)


_erfc_of_any = _prefer_scipy(special_functions.erfc)
_erf_of_any = _prefer_scipy(special_functions.erf)
_erfinv_of_any = _prefer_scipy(special_functions.erfinv)


def erf(x: Any) -> Any:
    """The error function; large arrays of float32 to 1.1 ulp, up to 2.3 below 1/2 (`single.py`)."""
    return _erf_of_any(x) if x.dtype != np.float32 or x.size < SMALL else single.erf(x)


def erfc(x: Any) -> Any:
    """1 - erf(x); large arrays of float32 by their own way, as exact (`single.py`)."""
    return _erfc_of_any(x) if x.dtype != np.float32 or x.size < SMALL else single.erfc(x, _erfc_of_any)


def erfinv(x: Any) -> Any:
    """The inverse of erf; large arrays of float32 to 4 ulp (`single.py`)."""
    return _erfinv_of_any(x) if x.dtype != np.float32 or x.size < SMALL else single.erfinv(x)


def _by_series(of_any: Callable, quick: Callable) -> Callable:
    """A modified Bessel function; large arrays of float32 to 5 ulp by its series, up to 8 (`single.py`)."""

    def function(x: Any) -> Any:
        return of_any(x) if x.dtype != np.float32 or x.size < SMALL else quick(x, of_any)

    function.__name__, function.__doc__ = of_any.__name__, of_any.__doc__
    return function


def _left_by_series(of_any: Callable, quick: Callable) -> Callable:
    """An incomplete gamma function; of large arrays of float32 up to its middle to 1 ulp by a series (`single.py`)."""

    def function(a: Any, x: Any) -> Any:
        large = max(a.size, x.size) >= SMALL
        return quick(a, x, of_any) if large and a.dtype == x.dtype == np.float32 else of_any(a, x)

    function.__name__, function.__doc__ = of_any.__name__, of_any.__doc__
    return function


i0 = _by_series(_prefer_scipy(special_functions.i0), single.i0)
i1 = _by_series(_prefer_scipy(special_functions.i1), single.i1)
lgamma = _prefer_scipy(special_functions.lgamma, "gammaln", _away_from_zeros)
digamma = _prefer_scipy(special_functions.digamma, "psi", _positive)
erfcx = _prefer_scipy(normal_functions.erfcx, safe=_single)
log_ndtr = _prefer_scipy(normal_functions.log_ndtr)
_ndtr_of_any = _prefer_scipy(normal_functions.ndtr)


def ndtr(x: Any) -> Any:
    """The normal distribution function; large arrays of float32 by their own way, to 1 ulp (`single.py`)."""
    return _ndtr_of_any(x) if x.dtype != np.float32 or x.size < SMALL else single.ndtr(x, _ndtr_of_any)


def times_ndtr(x: Any) -> Any:
    """x ndtr(x); large arrays of float32 as exact as 1 + erf would give it, which suits products (`single.py`)."""
    return x * ndtr(x) if x.dtype != np.float32 or x.size < SMALL else single.gelu(x)


def quick_ndtr(x: Any) -> Any:
    """ndtr(x) to be added to something; large arrays of float32 to 2e-7 (`single.py`)."""
    return ndtr(x) if x.dtype != np.float32 or x.size < SMALL else single.quick_ndtr(x)


ndtri = _prefer_scipy(normal_functions.ndtri)
bessel_j0 = _prefer_scipy(bessel_functions.bessel_j0, "j0", _not_far)
bessel_j1 = _prefer_scipy(bessel_functions.bessel_j1, "j1", _not_far)
bessel_y0 = _prefer_scipy(bessel_functions.bessel_y0, "y0", _not_far)
bessel_y1 = _prefer_scipy(bessel_functions.bessel_y1, "y1", _not_far)
i0e = _by_series(_prefer_scipy(bessel_functions.i0e), single.i0e)
i1e = _by_series(_prefer_scipy(bessel_functions.i1e), single.i1e)
modified_bessel_k0 = _prefer_scipy(bessel_functions.modified_bessel_k0, "k0")
modified_bessel_k1 = _prefer_scipy(bessel_functions.modified_bessel_k1, "k1")
scaled_modified_bessel_k0 = _prefer_scipy(bessel_functions.scaled_modified_bessel_k0, "k0e")
scaled_modified_bessel_k1 = _prefer_scipy(bessel_functions.scaled_modified_bessel_k1, "k1e")
igamma = _left_by_series(_prefer_scipy(gamma_functions.igamma, "gammainc", _inside_quadrant), single.igamma)
igammac = _left_by_series(_prefer_scipy(gamma_functions.igammac, "gammaincc", _inside_quadrant), single.igammac)
zeta = _prefer_scipy(gamma_functions.zeta, "zeta", _converging)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of digamma."""
    right = n > 0 and bool(((x > 0) & (x < np.inf)).all())
    if right:
        first = 3 if n <= 6 and x.dtype.itemsize <= 4 else 10
        return _in_float64(lambda xp, x: special_functions.polygamma_positive(xp, n, x, first), x)
    return _in_float64(lambda xp, x: special_functions.polygamma(xp, n, x), x)


def _own(function: Callable) -> Callable:
    """mibun's own function of one or two arrays, computed in float64."""

    def call(x: Any, *y: Any) -> Any:
        return _in_float64(function, x, *y)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


airy_ai = _own(bessel_functions.airy_ai)
spherical_bessel_j0 = _own(bessel_functions.spherical_bessel_j0)
chebyshev_polynomial_t = _own(polynomials.chebyshev_polynomial_t)
chebyshev_polynomial_u = _own(polynomials.chebyshev_polynomial_u)
chebyshev_polynomial_v = _own(polynomials.chebyshev_polynomial_v)
chebyshev_polynomial_w = _own(polynomials.chebyshev_polynomial_w)
hermite_polynomial_h = _own(polynomials.hermite_polynomial_h)
hermite_polynomial_he = _own(polynomials.hermite_polynomial_he)
laguerre_polynomial_l = _own(polynomials.laguerre_polynomial_l)
legendre_polynomial_p = _own(polynomials.legendre_polynomial_p)
shifted_chebyshev_polynomial_t = _own(polynomials.shifted_chebyshev_polynomial_t)
shifted_chebyshev_polynomial_u = _own(polynomials.shifted_chebyshev_polynomial_u)
shifted_chebyshev_polynomial_v = _own(polynomials.shifted_chebyshev_polynomial_v)
shifted_chebyshev_polynomial_w = _own(polynomials.shifted_chebyshev_polynomial_w)
gamma_quantile_slope = _own(quantile_slopes.gamma_quantile_slope)
beta_quantile_slope = _own(quantile_slopes.beta_quantile_slope)
von_mises_quantile_slope = _own(quantile_slopes.von_mises_quantile_slope)


# --- derivatives of any order ---


class _NumpyAndSpecial:
    """NumPy's functions, and those above by which derivatives are computed."""

    i0, i1, i0e, i1e, erfcx = (staticmethod(function) for function in (i0, i1, i0e, i1e, erfcx))

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def _wide_bessel(order: int, scaled: bool, of_any: Callable) -> Callable:
    """I_order(x), or that times exp(-|x|), in float64, up to 8 by the power series (Abramowitz and Stegun 9.6.10)."""
    series = [1 / (math.factorial(k) * math.factorial(k + order)) for k in range(40)]

    def function(x: Any) -> Any:
        far = np.abs(x) > 8
        near = np.where(far, 0.0, x)
        square = near * near / 4
        largest = float(square.max()) if square.size else 0.0
        count = next((k for k in range(1, 40) if series[k] * largest**k < 1e-15), 40)
        total = np.full_like(x, series[count - 1])
        for value in reversed(series[: count - 1]):
            total *= square
            total += value
        if scaled:
            total *= np.exp(-np.abs(near))
        if order:
            total *= near / 2
        if far.any():
            total[far] = of_any(x[far])
        return total

    return function


class _ForSingle(_NumpyAndSpecial):
    """What is exact enough, in float64, for results in float32, and quicker: SciPy's erfcx, and power series."""

    i0, i1 = staticmethod(_wide_bessel(0, False, i0)), staticmethod(_wide_bessel(1, False, i1))
    i0e, i1e = staticmethod(_wide_bessel(0, True, i0e)), staticmethod(_wide_bessel(1, True, i1e))

    @staticmethod
    def erfcx(x: Any) -> Any:
        compiled = _of_scipy("erfcx")
        return erfcx(x) if compiled is None else compiled(x)


_ALL, _ALL_FOR_SINGLE = _NumpyAndSpecial(), _ForSingle()


def _exact_enough_for(x: Any) -> Any:
    return _ALL_FOR_SINGLE if x.dtype.itemsize <= 4 else _ALL


def _of_order(function: Callable) -> Callable:
    """mibun's own function of an order and a real or complex array, computed in double precision."""

    def call(n: int, x: Any) -> Any:
        if x.dtype.kind == "c":
            return function(_ALL, n, x.astype(np.complex128)).astype(x.dtype)
        return _in_float64(lambda _, wide: function(_exact_enough_for(x), n, wide), x)

    return call


def _by_border(function: slopes.ByBorder) -> Callable:
    """The same for a function by two formulas: only those are computed that any element needs."""

    def of_piece(namespace: Any, n: int, x: Any) -> Any:
        if x.size < 2:
            return function(namespace, n, x)
        least, most = x.min(), x.max()
        if least == most:  # rules put a constant where they have another formula
            return np.full(x.shape, function(namespace, n, x.reshape(-1)[:1])[0])
        border = function.border(n)
        formula = function.within if most <= border else function.beyond if least > border else function
        return formula(namespace, n, x)

    return lambda n, x: _in_float64(lambda _, wide: of_piece(_exact_enough_for(x), n, wide), x)


def _of_order_and_two(function: Callable) -> Callable:
    """mibun's own function of an order and two arrays, computed in float64."""

    def call(n: int, x: Any, y: Any) -> Any:
        return _in_float64(lambda xp, *wide: function(xp, n, *wide), x, y)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


bessel_i0_scaled_slope = _by_border(slopes.bessel_i0_scaled_slope)
bessel_i0_slope = _of_order(slopes.bessel_i0_slope)
bessel_i_over_power_scaled = _of_order(slopes.bessel_i_over_power_scaled)
erfcx_slope = _by_border(slopes.erfcx_slope)
igamma_slope = _of_order_and_two(orders.igamma_slope)
sinc_slope = _of_order(slopes.sinc_slope)
zeta_slope = _of_order_and_two(orders.zeta_slope)
