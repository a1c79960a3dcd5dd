"""Elementwise operators.

arithmetic: sums, differences, products. division: quotients, remainders, common divisors. fused: several operations in
one, interpolation. powers: powers and roots. exponential, logarithms. trigonometric: and hyperbolic. rounding.
clamping: limits, relu. signs: magnitudes, signs, steps. maximum: the larger or smaller of two. compare: equality,
order, closeness. logical, bitwise. where. special_values: NaN and infinities. floats: mantissas and exponents.
complexes: parts, conjugates, angles. error_functions: and the normal distribution. gamma: and incomplete gamma and zeta
functions. bessel, polynomials: as in `torch.special`.
"""

from . import (
    arithmetic,
    bessel,
    bitwise,
    clamping,
    compare,
    complexes,
    division,
    error_functions,
    exponential,
    floats,
    fused,
    gamma,
    logarithms,
    logical,
    maximum,
    polynomials,
    powers,
    rounding,
    signs,
    special_values,
    trigonometric,
    where,
)
