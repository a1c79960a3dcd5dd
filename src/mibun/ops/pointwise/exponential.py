"""Exponentials and the logistic function: `exp`, `exp2`, `expm1`, `sigmoid`, and its inverse `logit`.

As PyTorch does, a rule keeps the output rather than the input where the derivative can be written with it.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.registry import Array
from ...dispatch.declare import op, pointwise

LN2 = math.log(2.0)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out))
def exp(xp, input):
    """The exponential e ** input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    The derivative is the result itself, which is what backward keeps.

    >>> import mibun as torch
    >>> torch.exp(torch.tensor([0., 1.]))
    tensor([1.0000, 2.7183])
    """
    return xp.exp(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out * LN2))
def exp2(xp, input):
    """2 ** input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.exp2(torch.tensor([3, -1]))
    tensor([8.0000, 0.5000])
    """
    return xp.exp2(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out + 1))
def expm1(xp, input):
    """exp(input) - 1, elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
    tensor([1.0000e-10], dtype=torch.float64)
    """
    return xp.expm1(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj((1 - out) * out))
def sigmoid(xp, input):
    """The logistic function 1 / (1 + exp(-input)), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    Its derivative, written with the result y, is y * (1 - y).

    >>> import mibun as torch
    >>> torch.sigmoid(torch.tensor([0., 100.]))
    tensor([0.5000, 1.0000])
    """
    return _sigmoid(xp, input)


def _sigmoid(xp: Any, x: Array) -> Array:
    if xp.isdtype(x.dtype, "complex floating"):  # where exp overflows it makes NaN of its imaginary part
        left = xp.real(x) < 0
        decay = xp.exp(xp.where(left, x, -x))
        return xp.where(left, decay, 1.0) / (1 + decay)
    return 1 / (1 + xp.exp(-x))


# The sigmoid for the use of other operators' rules. Its derivatives are made of its input: those made of its output
# have no digits in places, y (1 - y) where y is next to 1, and y (1 - y) (1 - 2y) next to input 0.
@op(
    pointwise,
    name="logistic",
    node="SigmoidBackward0",
    public=False,
    refuses="biu",
    vjp=lambda xp, g, input: g * xp.conj(xp.logistic_slope(input)),
)
def _logistic(xp, input):
    return _sigmoid(xp, input)


@op(
    pointwise,
    name="logistic_slope",
    public=False,
    refuses="biu",
    vjp=lambda xp, g, input, out: g * xp.conj(out * -xp.tanh(input / 2)),
)
def _logistic_slope(xp, input):
    return _sigmoid(xp, input) * _sigmoid(xp, -input)


def _logit_rule(xp, g, input, eps):
    inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
    if eps is None:
        return xp.where((input < 0) | (input > 1), math.nan, inside)
    return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)


@op(pointwise, dtype="float", refuses="c", vjp=_logit_rule)
def logit(xp, input, *, eps: float | None = None):
    """log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

    With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

    >>> import mibun as torch
    >>> torch.logit(torch.tensor([0.5, 0.9]))
    tensor([0.0000, 2.1972])
    """
    if eps is not None:
        low, high = xp.scalar(eps, input.dtype), xp.scalar(1 - eps, input.dtype)
        input = xp.where(input < low, low, xp.where(input > high, high, input))
    return xp.log(input / (1 - input))
