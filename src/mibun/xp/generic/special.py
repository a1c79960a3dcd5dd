"""Special functions in pure Array API: mibun's own, computed in float64; and the parts of floats and integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..special import bessel as bessel_functions
from ..special import gamma as gamma_functions
from ..special import normal as normal_functions
from ..special import orders, polynomials, quantile_slopes, slopes
from .gaps import GAPS, gap, is_complex

_NAMES = {
    normal_functions: (
        "erfcx",
        "log_ndtr",
        "ndtr",
        "ndtri",
    ),
    bessel_functions: (
        "airy_ai",
        "bessel_j0",
        "bessel_j1",
        "bessel_y0",
        "bessel_y1",
        "i0e",
        "i1e",
        "modified_bessel_k0",
        "modified_bessel_k1",
        "scaled_modified_bessel_k0",
        "scaled_modified_bessel_k1",
        "spherical_bessel_j0",
    ),
    gamma_functions: (
        "igamma",
        "igammac",
        "zeta",
    ),
    polynomials: (
        "chebyshev_polynomial_t",
        "chebyshev_polynomial_u",
        "chebyshev_polynomial_v",
        "chebyshev_polynomial_w",
        "hermite_polynomial_h",
        "hermite_polynomial_he",
        "laguerre_polynomial_l",
        "legendre_polynomial_p",
        "shifted_chebyshev_polynomial_t",
        "shifted_chebyshev_polynomial_u",
        "shifted_chebyshev_polynomial_v",
        "shifted_chebyshev_polynomial_w",
    ),
    quantile_slopes: (
        "beta_quantile_slope",
        "gamma_quantile_slope",
        "von_mises_quantile_slope",
    ),
}


@gap
def quick_ndtr(xp, x):
    return xp.ndtr(x)


@gap
def times_ndtr(xp, x):
    return x * xp.ndtr(x)


def _register(own: Callable) -> None:
    def function(xp: Any, x: Any, *y: Any) -> Any:
        wide = [xp.base.astype(a, xp.base.float64) for a in (x, *y)]
        return xp.base.astype(own(xp, *wide), x.dtype)

    GAPS[own.__name__] = function


for _module, _names in _NAMES.items():
    for _name in _names:
        _own = getattr(_module, _name)
        _own.__name__ = _name
        _register(_own)


def _register_order(own: Callable) -> None:
    def function(xp: Any, n: int, x: Any, *y: Any) -> Any:
        wide = xp.base.complex128 if is_complex(xp, x) else xp.base.float64
        return xp.base.astype(own(xp, n, *[xp.base.astype(a, wide) for a in (x, *y)]), x.dtype)

    GAPS[own.__name__] = function


for _module in (slopes, orders):
    for _name in _module.__all__:
        _register_order(getattr(_module, _name))


@gap
def frexp(xp, x):
    """Mantissa and exponent: the exponent from the logarithm, then put right where that was rounded."""
    plain = xp.base.isfinite(x) & (x != 0)
    size = xp.base.abs(xp.base.where(plain, x, xp.base.ones_like(x)))
    exponent = xp.base.floor(xp.base.log2(size)) + 1
    half = xp.base.floor(exponent / 2)  # in two steps, as 2 ** exponent may be out of range
    two = xp.base.full_like(x, 2)
    mantissa = size / two**half / two ** (exponent - half)
    for low, factor, step in ((mantissa < 0.5, 2, -1), (mantissa >= 1, 0.5, 1)):
        mantissa = xp.base.where(low, mantissa * factor, mantissa)
        exponent = xp.base.where(low, exponent + step, exponent)
    mantissa = xp.base.where(x < 0, -mantissa, mantissa)
    whole = xp.base.astype(xp.base.where(plain, exponent, xp.base.zeros_like(x)), xp.base.int32)
    return xp.base.where(plain, mantissa, x), whole


@gap
def greatest_divisor(xp, x, y):
    """Euclid's algorithm, as often as the largest integers may need."""
    x, y = xp.base.broadcast_arrays(xp.base.abs(x), xp.base.abs(y))
    for _ in range(92):
        done = y == 0
        rest = xp.base.remainder(x, xp.base.where(done, xp.base.ones_like(y), y))
        x, y = xp.base.where(done, x, y), xp.base.where(done, y, rest)
    return x
