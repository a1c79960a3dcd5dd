"""Trigonometric and hyperbolic functions and their inverses, in radians.

Integers give the default dtype; all but `atan2`, `hypot` and the conversions of degrees take complex dtypes too.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.registry import Array
from ...dispatch.declare import op, pointwise
from ...xp.special.slopes import first_sinc_slope


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g * xp.conj(xp.cos(input)))
def sin(xp, input):
    """The sine of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.sin(torch.tensor([0., 1.]))
    tensor([0.0000, 0.8415])
    """
    return xp.sin(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: -g * xp.conj(xp.sin(input)))
def cos(xp, input):
    """The cosine of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.cos(torch.tensor([0., 1.]))
    tensor([1.0000, 0.5403])
    """
    return xp.cos(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(1 + out * out))
def tan(xp, input):
    """The tangent of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.tan(torch.tensor([0., 1.]))
    tensor([0.0000, 1.5574])
    """
    return xp.tan(input)


@op(
    pointwise,
    dtype="float",
    aliases=("arcsin",),
    vjp=lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input)),
)
def asin(xp, input):
    """Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.asin(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5236])
    """
    return xp.asin(input)


@op(
    pointwise,
    dtype="float",
    aliases=("arccos",),
    vjp=lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input)),
)
def acos(xp, input):
    """Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.acos(torch.tensor([0., 0.5]))
    tensor([1.5708, 1.0472])
    """
    return xp.acos(input)


@op(
    pointwise,
    dtype="float",
    aliases=("arctan",),
    vjp=lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input)),
)
def atan(xp, input):
    """Inverse tangent, elementwise.

    >>> import mibun as torch
    >>> torch.atan(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4636])
    """
    return xp.atan(input)


def _over_square(xp: Any, g: Array, numerator: Array, input: Array, other: Array) -> Array:
    """g * numerator / (input² + other²), and 0 at the origin, where the angle has no derivative."""
    square = input * input + other * other
    # The reciprocal's own rule is made of it, so that nothing is infinite in it where the square overflows.
    return g * numerator * xp.where(square == 0, 0.0, xp.reciprocal(xp.where(square == 0, 1.0, square)))


@op(
    pointwise,
    dtype="float",
    aliases=("arctan2",),
    scalars=False,
    refuses="c",
    vjp={
        "input": lambda xp, g, input, other: _over_square(xp, g, other, input, other),
        "other": lambda xp, g, input, other: _over_square(xp, g, -input, input, other),
    },
)
def atan2(xp, input, other):
    """The angle of the point (other, input), elementwise, from -π to π.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

    Its gradient at the origin is 0.

    >>> import mibun as torch
    >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
    tensor([ 1.5708, -2.3562])
    """
    return xp.atan2(input, other)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g * xp.conj(xp.cosh(input)))
def sinh(xp, input):
    """Hyperbolic sine, elementwise.

    >>> import mibun as torch
    >>> torch.sinh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5211])
    """
    return xp.sinh(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g * xp.conj(xp.sinh(input)))
def cosh(xp, input):
    """Hyperbolic cosine, elementwise.

    >>> import mibun as torch
    >>> torch.cosh(torch.tensor([0., 0.5]))
    tensor([1.0000, 1.1276])
    """
    return xp.cosh(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(1 - out * out))
def tanh(xp, input):
    """The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    Its derivative, written with the result y, is 1 - y².

    >>> import mibun as torch
    >>> torch.tanh(torch.tensor([0., 1.]))
    tensor([0.0000, 0.7616])
    """
    return xp.tanh(input)


@op(
    pointwise,
    dtype="float",
    aliases=("arcsinh",),
    vjp=lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1)),
)
def asinh(xp, input):
    """Inverse hyperbolic sine, elementwise.

    >>> import mibun as torch
    >>> torch.asinh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4812])
    """
    return xp.asinh(input)


def _acosh_rule(xp, g, input):
    if xp.isdtype(input.dtype, "complex floating"):
        # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
        return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
    return g * xp.rsqrt(input * input - 1)


@op(pointwise, dtype="float", aliases=("arccosh",), vjp=_acosh_rule)
def acosh(xp, input):
    """Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

    >>> import mibun as torch
    >>> torch.acosh(torch.tensor([1., 2.]))
    tensor([0.0000, 1.3170])
    """
    return xp.acosh(input)


@op(pointwise, dtype="float", aliases=("arctanh",), vjp=lambda xp, g, input: g / xp.conj(1 - input * input))
def atanh(xp, input):
    """Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

    >>> import mibun as torch
    >>> torch.atanh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5493])
    """
    return xp.atanh(input)


# (cos(πx) - sinc(x)) / x has no digits near 0, still less its derivatives: those of every order are a function of `xp`.
@op(
    pointwise,
    name="sinc_derivative",
    public=False,
    vjp=lambda xp, g, input, n: g * xp.conj(xp.sinc_derivative(input, n=n + 1)),
)
def _sinc_derivative(xp, input, *, n):
    return first_sinc_slope(xp, input) if n == 1 else xp.sinc_slope(n, input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1)))
def sinc(xp, input):
    """sin(πx) / (πx), elementwise, and 1 at 0.

    >>> import mibun as torch
    >>> torch.sinc(torch.tensor([0., 0.5]))
    tensor([1.0000, 0.6366])
    """
    angle = input * math.pi
    zero = input == 0
    return xp.where(zero, xp.ones_like(angle), xp.sin(angle) / xp.where(zero, 1.0, angle))


@op(
    pointwise,
    dtype="float",
    node="Deg2RadBackward0",
    refuses={"c": "deg2rad is not supported for complex tensors."},
    vjp=lambda xp, g: g * (math.pi / 180),
)
def deg2rad(xp, input):
    """Degrees to radians, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.deg2rad(torch.tensor([180., 90.]))
    tensor([3.1416, 1.5708])
    """
    return input * (math.pi / 180)


@op(
    pointwise,
    dtype="float",
    node="Rad2DegBackward0",
    refuses={"c": "rad2deg is not supported for complex tensors."},
    vjp=lambda xp, g: g * (180 / math.pi),
)
def rad2deg(xp, input):
    """Radians to degrees, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.rad2deg(torch.tensor([1.]))
    tensor([57.2958])
    """
    return input * (180 / math.pi)


@op(
    pointwise,
    scalars=False,
    refuses="biuc",
    vjp={
        "input": lambda xp, g, input, out: g * (input / out),
        "other": lambda xp, g, other, out: g * (other / out),
    },
)
def hypot(xp, input, other):
    """sqrt(input² + other²), elementwise, without overflow.

    >>> import mibun as torch
    >>> torch.hypot(torch.tensor([3.]), torch.tensor([4.]))
    tensor([5.])
    """
    return xp.hypot(input, other)
