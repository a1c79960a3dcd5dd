"""Quotients and remainders, elementwise: `div`, `floor_divide`, `reciprocal`, `remainder`, `fmod`, `gcd`, `lcm`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.declare import nondifferentiable, op, pointwise
from ...dispatch.forms import function_of
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, not_differentiable, refusals
from ...dispatch.public import public
from ...dispatch.torch_function import ask_infix
from ..annotations import Number

# --- quotients ---


@op(
    pointwise,
    dtype="float",
    name="div",
    public=False,
    vjp={
        "input": lambda xp, g, other: g / xp.conj(other),
        "other": lambda xp, g, input, other: -g * xp.conj(input / other / other),
    },
)
def _div(xp, input, other):
    return xp.divide(input, other)


_plain_div = function_of(_div, named=False)


def truncated_quotient(xp: Any, input: Array, other: Array) -> Array:
    """input / other rounded towards zero, in the operands' common dtype."""
    if not xp.isdtype(input.dtype, "integral"):
        return xp.trunc(input / other)
    quotient = xp.floor_divide(input, other)
    # The floor lies below the truncation only where the quotient is negative and not exact.
    return quotient + xp.astype((quotient < 0) & (quotient * other != input), quotient.dtype)


# Rounded quotients are constant wherever they have a derivative at all.
@op(
    pointwise,
    name="div_rounded",
    node="DivBackward2",
    public=False,
    refuses=refusals("div_floor_cpu"),
    vjp={"input": lambda xp, g: xp.zeros_like(g), "other": lambda xp, g: xp.zeros_like(g)},
)
def _div_rounded(xp, input, other, *, rounding_mode):
    return xp.floor_divide(input, other) if rounding_mode == "floor" else truncated_quotient(xp, input, other)


def _rounded(
    name: str, input: Tensor | Number, other: Tensor | Number, rounding_mode: str | None, form: Callable[..., Tensor]
) -> Tensor:
    if rounding_mode is None:
        return form(_div, (input, other), {})
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            f"{name} expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}"
        )
    return form(_div_rounded, (input, other), {"rounding_mode": rounding_mode})


@public("div", "divide", plain=_div)
def div(
    input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None
) -> Tensor:
    """The quotient input / other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast, or one of them a number. Integers give the default dtype.
        rounding_mode: None, "floor" (down) or "trunc" (towards zero). Where it is given, integers stay integers and
            the gradient is 0.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: "ZeroDivisionError" for integers divided by 0 in a rounding mode, and for other rounding modes.

    >>> import mibun as torch
    >>> torch.div(torch.tensor([7, -7]), 2)
    tensor([ 3.5000, -3.5000])
    >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
    tensor([ 3, -3])
    """
    if rounding_mode is None:
        return _plain_div(input, other, out=out)
    return finish(_rounded("div", input, other, rounding_mode, apply), out, "div")


@public("div_", "divide_", function=False)
def div_(self: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """Divide in place."""
    return _rounded("div", self, other, rounding_mode, apply_inplace)


@public("true_divide", plain=_div)
def true_divide(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The quotient input / other, elementwise: `div` without rounding.

    >>> import mibun as torch
    >>> torch.true_divide(torch.tensor([1, 3]), 2)
    tensor([0.5000, 1.5000])
    """
    return _plain_div(input, other, out=out)


@public("true_divide_", function=False)
def true_divide_(self: Tensor, other: Tensor | Number) -> Tensor:
    """Divide in place."""
    return apply_inplace(_div, (self, other), {}, "true_divide_")


@op(pointwise, dtype="float", vjp=lambda xp, g, out: -g * xp.conj(out * out))
def reciprocal(xp, input):
    """1 / input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.reciprocal(torch.tensor([2., -4.]))
    tensor([ 0.5000, -0.2500])
    """
    return xp.reciprocal(input)


@public("__rtruediv__", function=False)
def _rtruediv(self: Tensor, other: Tensor | Number) -> Tensor:
    """`other / self`: a number times the reciprocal, as PyTorch computes it."""
    if isinstance(other, Tensor):
        return apply(_div, (other, self), {})
    return reciprocal(self) * other if isinstance(other, SCALARS) else ask_infix("__rtruediv__", self, other)


@public("__rdiv__", function=False)
def _rdiv(self: Tensor, other: Tensor | Number) -> Tensor:
    """`other / self`, under its older name."""
    return _rtruediv(self, other)


@op(
    pointwise,
    node="NotImplemented",
    refuses=refusals("div_floor_cpu"),
    vjp={"input": not_differentiable("floor_divide"), "other": not_differentiable("floor_divide")},
)
def floor_divide(xp, input, other):
    """The quotient rounded down, floor(input / other), elementwise, in the common dtype.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

    >>> import mibun as torch
    >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
    tensor([ 3., -4.])
    """
    return xp.floor_divide(input, other)


# --- remainders ---


# input - floor(input / other) * other: the quotient is constant almost everywhere.
@op(
    pointwise,
    name="remainder",
    node="RemainderBackward1",
    public=False,
    refuses="bc",
    vjp={
        "input": lambda xp, g: g,
        "other": lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor"),
    },
)
def _remainder(xp, input, other):
    return xp.remainder(input, other)


@op(
    pointwise,
    name="remainder_scalar",
    node="RemainderBackward0",
    public=False,
    refuses=refusals("remainder_cpu"),
    vjp=lambda xp, g: g,
)
def _remainder_scalar(xp, input, *, other):
    return xp.remainder(input, xp.scalar(other, input.dtype))


@op(
    pointwise,
    name="fmod_tensor",
    node="FmodBackward1",
    public=False,
    refuses=refusals("fmod_cpu"),
    vjp={
        "input": lambda xp, g: g,
        "other": lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="trunc"),
    },
)
def _fmod_tensor(xp, input, other):
    return xp.fmod(input, other)


@op(
    pointwise, name="fmod_scalar", node="FmodBackward0", public=False, refuses=refusals("fmod_cpu"), vjp=lambda xp, g: g
)
def _fmod_scalar(xp, input, *, other):
    return xp.fmod(input, xp.scalar(other, input.dtype))


_choose_remainder = by_number(_remainder, _remainder_scalar)
_choose_fmod = by_number(_fmod_tensor, _fmod_scalar)


@public("remainder")
def remainder(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input - floor(input / other) * other, elementwise: it has the sign of `other`, as Python's `%`.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: "ZeroDivisionError" where integers are divided by 0 (floats give NaN).
        NotImplementedError: for bool and complex dtypes.

    >>> import mibun as torch
    >>> torch.remainder(torch.tensor([7, -7]), 3)
    tensor([1, 2])
    """
    return finish(_choose_remainder(input, other), out, "remainder")


@public("remainder_", function=False)
def remainder_(self: Tensor, other: Tensor | Number) -> Tensor:
    """The remainder in place."""
    return _choose_remainder(self, other, apply_inplace, "remainder_")


@public("__mod__", function=False)
def _mod(self: Tensor, other: Tensor | Number) -> Tensor:
    return (
        _choose_remainder(self, other)
        if isinstance(other, Tensor) or isinstance(other, SCALARS)
        else ask_infix("__mod__", self, other)
    )


@public("fmod")
def fmod(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input - trunc(input / other) * other, elementwise: it has the sign of `input`, as C's `fmod`.

    Args:
        input: of a real dtype.
        other: a Tensor that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where integers are divided by 0, and for bool and complex dtypes.

    >>> import mibun as torch
    >>> torch.fmod(torch.tensor([7, -7]), 3)
    tensor([ 1, -1])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"fmod(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(_choose_fmod(input, other), out, "fmod")


@public("fmod_", function=False)
def fmod_(self: Tensor, other: Tensor | Number) -> Tensor:
    """The remainder, rounded towards zero, in place."""
    return _choose_fmod(self, other, apply_inplace, "fmod_")


# --- common divisors and multiples ---


@op(nondifferentiable, scalars=False, refuses=refusals("gcd_cpu", "bfcV"), public=True)
def gcd(xp, input, other):
    """The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0.

    Args:
        input, other: integer Tensors of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.gcd(torch.tensor([12, 7]), torch.tensor([18, 0]))
    tensor([6, 7])
    """
    return xp.greatest_divisor(input, other)


@op(nondifferentiable, scalars=False, refuses=refusals("lcm_cpu", "bfcV"), public=True)
def lcm(xp, input, other):
    """The least common multiple of integers, elementwise, never negative; 0 where one of them is.

    Args:
        input, other: integer Tensors of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.lcm(torch.tensor([4, 3]), torch.tensor([6, 0]))
    tensor([12,  0])
    """
    divisor = xp.greatest_divisor(input, other)
    return xp.abs(xp.floor_divide(input, xp.where(divisor == 0, xp.ones_like(divisor), divisor)) * other)
