"""Functions of each element for itself: broadcasting does all."""

from __future__ import annotations

from typing import Any

from .array import Batched
from .rules import POINTWISE, among_unbatched, below, looking, pointwise

__all__ = ["POINTWISE"]

pointwise(
    *"""abs acos acosh add airy_ai asin asinh atan atan2 atanh beta_quantile_slope bessel_i0_scaled_slope
    bessel_i0_slope bessel_i_over_power_scaled bessel_j0 bessel_j1 bessel_y0 bessel_y1 bitwise_and bitwise_invert
    bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor ceil chebyshev_polynomial_t
    chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w clip copysign cos cosh digamma divide
    equal erf erfc erfcx erfcx_slope erfinv exp exp2 expm1 floor floor_divide fmax fmin fmod frexp
    gamma_quantile_slope greater greater_equal greatest_divisor hermite_polynomial_h hermite_polynomial_he hypot
    i0 i0e i1 i1e igamma igamma_slope igammac imag isfinite isinf isnan keep_where laguerre_polynomial_l
    legendre_polynomial_p less less_equal lgamma log log10 log1p log2 log_ndtr logaddexp logaddexp2 logical_and
    logical_not logical_or logical_xor make_complex maximum minimum modified_bessel_k0 modified_bessel_k1 multiply
    ndtr ndtri negative nextafter not_equal polygamma power quick_ndtr real reciprocal remainder replace_special
    round scaled_modified_bessel_k0 scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t
    shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w shift_to_zero
    sign sign_or_zero signbit sin sinc_slope sinh spherical_bessel_j0 sqrt square subtract tan tanh times_ndtr trunc
    von_mises_quantile_slope where with_nan_of zero_within zeta zeta_slope""".split()
)


@looking("conj")
def conj(x: Any) -> Any:
    """Of real numbers these themselves."""
    if type(x) is not Batched:
        return among_unbatched("conj", x)
    return Batched(below("conj")(x.array), x.levels) if x.dtype.kind == "c" else x
