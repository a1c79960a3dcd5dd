"""The special functions of the NumPy namespace: SciPy's compiled ones where it is installed, else mibun's own.

SciPy is imported when one of them is first called. Its gamma functions are less exact near their zeros than mibun's,
which are used in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

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
    slopes,
)


def _in_float64(x: Any, function: Callable) -> Any:
    return function(np, x.astype(np.float64)).astype(x.dtype)


def _prefer_scipy(name: str) -> Callable:
    own = getattr(special_functions, name)
    found: list = []

    def function(x: Any) -> Any:
        if not found:
            try:
                import scipy.special

                found.append(getattr(scipy.special, name))
            except ImportError:
                found.append(None)
        if found[0] is not None and x.dtype.kind == "f" and x.dtype.itemsize > 2:
            return found[0](x)
        return _in_float64(x, own)

    function.__name__ = name
    function.__doc__ = own.__doc__
    return function


erf = _prefer_scipy("erf")
erfc = _prefer_scipy("erfc")
erfinv = _prefer_scipy("erfinv")
i0 = _prefer_scipy("i0")
i1 = _prefer_scipy("i1")


def lgamma(x: Any) -> Any:
    """log |gamma(x)|."""
    return _in_float64(x, special_functions.lgamma)


def digamma(x: Any) -> Any:
    """The derivative of log gamma."""
    return _in_float64(x, special_functions.digamma)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of digamma."""
    return special_functions.polygamma(np, n, x.astype(np.float64)).astype(x.dtype)


def _own(function: Callable) -> Callable:
    """mibun's own function of one or two arrays, computed in float64."""

    def call(x: Any, *y: Any) -> Any:
        return function(np, x.astype(np.float64), *[a.astype(np.float64) for a in y]).astype(x.dtype)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


def _of_order(function: Callable) -> Callable:
    """mibun's own function of an order and a real or complex array, computed in double precision."""

    def call(n: int, x: Any) -> Any:
        return function(np, n, x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)).astype(x.dtype)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


def _of_two(function: Callable) -> Callable:
    """mibun's own derivative, of an order and two arrays, computed in float64."""

    def call(n: int, x: Any, y: Any) -> Any:
        return function(np, n, x.astype(np.float64), y.astype(np.float64)).astype(x.dtype)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


igamma_slope = _of_two(orders.igamma_slope)
zeta_slope = _of_two(orders.zeta_slope)
bessel_i0_scaled_slope = _of_order(slopes.bessel_i0_scaled_slope)
bessel_i0_slope = _of_order(slopes.bessel_i0_slope)
bessel_i_over_power_scaled = _of_order(slopes.bessel_i_over_power_scaled)
erfcx_slope = _of_order(slopes.erfcx_slope)
sinc_slope = _of_order(slopes.sinc_slope)
erfcx = _own(normal_functions.erfcx)
log_ndtr = _own(normal_functions.log_ndtr)
ndtr = _own(normal_functions.ndtr)
ndtri = _own(normal_functions.ndtri)
airy_ai = _own(bessel_functions.airy_ai)
bessel_j0 = _own(bessel_functions.bessel_j0)
bessel_j1 = _own(bessel_functions.bessel_j1)
bessel_y0 = _own(bessel_functions.bessel_y0)
bessel_y1 = _own(bessel_functions.bessel_y1)
i0e = _own(bessel_functions.i0e)
i1e = _own(bessel_functions.i1e)
modified_bessel_k0 = _own(bessel_functions.modified_bessel_k0)
modified_bessel_k1 = _own(bessel_functions.modified_bessel_k1)
scaled_modified_bessel_k0 = _own(bessel_functions.scaled_modified_bessel_k0)
scaled_modified_bessel_k1 = _own(bessel_functions.scaled_modified_bessel_k1)
spherical_bessel_j0 = _own(bessel_functions.spherical_bessel_j0)
igamma = _own(gamma_functions.igamma)
igammac = _own(gamma_functions.igammac)
zeta = _own(gamma_functions.zeta)
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
