"""Arithmetic: add, subtract, multiply, divide, powers and their kin, with scalars on either side."""

from __future__ import annotations

from ._op import linear, op, pointwise


@op(pointwise, aliases=("multiply",),
    vjp={"input": lambda xp, g, other: g * xp.conj(other),
         "other": lambda xp, g, input: g * xp.conj(input)})  # fmt: skip
def mul(xp, input, other):
    """Product, elementwise. input, other: any dtypes and shapes that broadcast; a number may stand for one of them."""
    return xp.multiply(input, other)


@op(pointwise, dtype="float", vjp={"input": lambda xp, g, other: g / xp.conj(other),
     "other": lambda xp, g, input, other: -g * xp.conj(input / other / other)})
def div(xp, input, other):
    return xp.divide(input, other)


@op(pointwise, aliases=("negative",), vjp=lambda xp, g: -g)
def neg(xp, input):
    """Negative, elementwise. RuntimeError for bool."""
    return xp.negative(input)


@op(linear, node="AddBackward0", public=True, vjp={"input": lambda xp, g: g, "other": lambda xp, g: g})
def add(xp, input, other):
    return xp.add(input, other)


@op(linear, public=True, vjp={"input": lambda xp, g: g, "other": lambda xp, g: -g})
def sub(xp, input, other):
    return xp.subtract(input, other)


@op(name="_pow_scalar", node="PowBackward0",
    vjp=lambda xp, g, input, exponent: g * xp.conj(exponent * input ** (exponent - 1)))  # fmt: skip
def _pow_scalar(xp, input, *, exponent):
    return input**exponent

@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input))
def log(xp, input):
    """Natural logarithm, elementwise; -inf at 0 and NaN below it. Integers give the default dtype."""
    return xp.log(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out))
def exp(xp, input):
    """Exponential, elementwise. Integers give the default dtype."""
    return xp.exp(input)
