"""Numbers taken apart: mantissas and exponents, neighbouring floats, common divisors and multiples of integers."""

from __future__ import annotations

import math
from typing import Any

from ...dispatch import return_types
from ...dispatch.declare import nondifferentiable, op, pointwise
from ...dispatch.overloads import refusals
from ...dispatch.public import public
from ..reductions.extremes import finish_pair


@op(pointwise, dtype="float", scalars=False, vjp={
    "input": lambda xp, g, other: g * xp.conj(xp.exp2(other)),
    "other": lambda xp, g, out: g * xp.conj(out) * math.log(2),
})  # fmt: skip
def ldexp(xp, input, other):
    """input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast."""
    return input * xp.exp2(other)


@op(name="frexp_parts", node="FrexpBackward0", dtype=None, outputs=("mantissa", "exponent"), n_differentiable=1,
    refuses=dict.fromkeys("biuc", "torch.frexp() only supports floating-point dtypes"), public=False,
    vjp=lambda xp, g, exponent: g / xp.exp2(xp.astype(exponent, g.dtype)))  # fmt: skip
def _frexp(xp, input):
    return xp.frexp(input)


@public()
def frexp(input: Any, *, out: Any = None) -> Any:
    """Mantissas of magnitude in [0.5, 1), and int32 exponents of 2: input = mantissa * 2 ** exponent, elementwise.

    0, infinities and NaN are their own mantissas, with exponent 0. The exponents count as constants in the gradient.
    RuntimeError for integers and complex numbers.
    """
    return finish_pair(return_types.frexp, _frexp(input), out, "frexp")


@op(pointwise, scalars=False, refuses=refusals("nextafter_cpu", "biuc"), vjp={
    "input": lambda xp, g, input, other: xp.where(input == other, 0.0, g),
    "other": lambda xp, g: xp.zeros_like(g),
})  # fmt: skip
def nextafter(xp, input, other):
    """The float next to input in the direction of other, elementwise. Tensors that broadcast."""
    return xp.nextafter(input, other)


@op(nondifferentiable, scalars=False, refuses=refusals("gcd_cpu", "bfcV"), public=True)
def gcd(xp, input, other):
    """The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0."""
    return xp.greatest_divisor(input, other)


@op(nondifferentiable, scalars=False, refuses=refusals("lcm_cpu", "bfcV"), public=True)
def lcm(xp, input, other):
    """The least common multiple of integers, elementwise, never negative; 0 where one of them is."""
    divisor = xp.greatest_divisor(input, other)
    return xp.abs(xp.floor_divide(input, xp.where(divisor == 0, xp.ones_like(divisor), divisor)) * other)
