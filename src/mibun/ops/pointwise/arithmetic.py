"""Sums, differences and products, elementwise: `add`, `sub`, `rsub`, `neg`, `positive`, `mul`.

The plain forms (`x + y`) are operators of two operands on the fast path; PyTorch's longer signatures (`alpha=`) are
functions beside them that choose among operators. Quotients and remainders are in `division.py`, powers in `powers.py`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from ...core.dtypes import result_dtype
from ...core.node import raw
from ...core.tensor import Tensor, bind_method
from ...dispatch.apply import SCALARS, apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op, pointwise
from ...dispatch.forms import function_of
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish, floating, number
from ...dispatch.public import public
from ...dispatch.torch_function import ask_infix
from ..annotations import Number

_BOOLS_SUB = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator "
    "instead."
)
_BOOL_SUB = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the "
    "`~` or `logical_not()` operator instead."
)
_NO_BOOLS = {"any b": _BOOL_SUB, "all b": _BOOLS_SUB}


# --- sums and differences ---


@op(pointwise, name="add", public=False, vjp={"input": lambda xp, g: g, "other": lambda xp, g: g})
def _add(xp, input, other):
    return xp.add(input, other)


@op(
    pointwise,
    name="add_scaled",
    node="AddBackward0",
    public=False,
    vjp={
        "input": lambda xp, g: g,
        "other": lambda xp, g, alpha: g * alpha.conjugate(),
    },
)
def _add_scaled(xp, input, other, *, alpha):
    return input + other * xp.scalar(alpha, other.dtype)


@op(pointwise, name="sub", public=False, refuses=_NO_BOOLS, vjp={"input": lambda xp, g: g, "other": lambda xp, g: -g})
def _sub(xp, input, other):
    return xp.subtract(input, other)


@op(
    pointwise,
    name="sub_scaled",
    node="SubBackward0",
    public=False,
    refuses=_NO_BOOLS,
    vjp={
        "input": lambda xp, g: g,
        "other": lambda xp, g, alpha: -g * alpha.conjugate(),
    },
)
def _sub_scaled(xp, input, other, *, alpha):
    return input - other * xp.scalar(alpha, other.dtype)


@op(
    pointwise,
    name="rsub_tensor",
    node="RsubBackward0",
    public=False,
    refuses={"any b": _BOOL_SUB},
    vjp={
        "input": lambda xp, g, alpha: -g * alpha.conjugate(),
        "other": lambda xp, g: g,
    },
)
def _rsub_tensor(xp, input, other, *, alpha):
    return other - (input if alpha == 1 else input * xp.scalar(alpha, input.dtype))


@op(
    pointwise,
    name="rsub_scalar",
    node="RsubBackward1",
    public=False,
    refuses={"any b": _BOOL_SUB},
    vjp=lambda xp, g, alpha: -g * alpha.conjugate(),
)
def _rsub_scalar(xp, input, *, other, alpha):
    # In an integer dtype `other` has to wrap around as the elements do.
    if xp.isdtype(input.dtype, "integral"):
        other = xp.scalar(other, input.dtype)
    return other - (input if alpha == 1 else input * alpha)


def _alpha(name: str, alpha: Number, input: Tensor | Number, other: Tensor | Number) -> complex:
    """`alpha` as a Python number, refused where the dtype of the result cannot hold it."""
    factor = number(alpha, name, "alpha")
    kind = result_dtype([raw(input), raw(other)]).kind
    if isinstance(factor, builtins.bool) and kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if isinstance(factor, float) and kind in "biu":
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(factor, complex) and kind != "c":
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")
    return factor


def _scaled(
    name: str,
    plain: Op,
    scaled: Op,
    input: Tensor | Number,
    other: Tensor | Number,
    alpha: Number,
    form: Callable[..., Tensor] = apply,
) -> Tensor:
    """Apply the operator without `alpha` where it is 1, else the one with it."""
    if type(alpha) is int and alpha == 1:
        return form(plain, (input, other), {})
    for value in (input, other):
        if not isinstance(value, Tensor) and not isinstance(value, SCALARS):
            return form(plain, (input, other), {})  # which says what is wrong
    return form(scaled, (input, other), {"alpha": _alpha(name, alpha, input, other)})


_plain_add, _plain_sub = function_of(_add, named=False), function_of(_sub, named=False)


@public("add", plain=_add)
def add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The sum input + alpha * other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.
        alpha: a number that the dtype of the result can hold.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the broadcast shape and the promoted dtype.

    Raises:
        RuntimeError: where the shapes do not broadcast, or `alpha` does not fit the dtype of the result.

    >>> import mibun as torch
    >>> torch.add(torch.tensor([1., 2.]), torch.tensor([10., 20.]), alpha=0.5)
    tensor([ 6., 12.])
    """
    if type(alpha) is int and alpha == 1:
        return _plain_add(input, other, out=out)
    return finish(_scaled("add", _add, _add_scaled, input, other, alpha), out, "add")


@public("add_", function=False)
def add_(self: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Add `alpha * other` in place."""
    return _scaled("add", _add, _add_scaled, self, other, alpha, apply_inplace)


@public("sub", "subtract", plain=_sub)
def sub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference input - alpha * other, elementwise.

    Args:
        input, other, alpha, out: as for `add`.

    Raises:
        RuntimeError: for bools (use `^` or `logical_xor()`), and as for `add`.

    >>> import mibun as torch
    >>> torch.sub(torch.tensor([5, 7]), 2)
    tensor([3, 5])
    """
    if type(alpha) is int and alpha == 1:
        return _plain_sub(input, other, out=out)
    return finish(_scaled("sub", _sub, _sub_scaled, input, other, alpha), out, "sub")


@public("sub_", "subtract_", function=False)
def sub_(self: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Subtract `alpha * other` in place."""
    return _scaled("sub", _sub, _sub_scaled, self, other, alpha, apply_inplace)


@public("rsub", method=False)
def rsub(input: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """The difference other - alpha * input, elementwise: subtraction with the operands the other way round.

    Args:
        other: a Tensor that broadcasts, or a number.
        alpha: a number that the dtype of the result can hold.

    Raises:
        RuntimeError: for bools.

    >>> import mibun as torch
    >>> torch.rsub(torch.tensor([1., 2.]), 10)
    tensor([9., 8.])
    """
    check_tensor(input, "rsub")
    if isinstance(other, Tensor):
        return apply(_rsub_tensor, (input, other), {"alpha": _alpha("rsub", alpha, input, other)})
    other = number(other, "rsub", "other")
    alpha = _alpha("rsub", alpha, input, other)
    if input._array_.dtype.kind == "b" or isinstance(other, builtins.bool):
        raise RuntimeError(_BOOL_SUB)
    return apply(_rsub_scalar, (floating(input, other),), {"other": other, "alpha": alpha})


@public("__rsub__", function=False)
def _rsub_infix(self: Tensor, other: Tensor | Number) -> Any:
    if (type(other) is float or type(other) is int) and self._array_.dtype.kind in "fc":
        return apply(_rsub_scalar, (self,), {"other": other, "alpha": 1})
    if isinstance(other, Tensor) or isinstance(other, SCALARS):
        return rsub(self, other)
    return ask_infix("__rsub__", self, other)


# --- signs ---


@op(
    pointwise,
    aliases=("negative",),
    refuses={
        "b": "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use "
        "the `~` or `logical_not()` operator instead."
    },
    vjp=lambda xp, g: -g,
)
def neg(xp, input):
    """The negative -input, elementwise.

    Args:
        input: of any shape and any dtype but bool.

    Raises:
        RuntimeError: for bool; `~` and `logical_not()` invert masks.

    >>> import mibun as torch
    >>> torch.neg(torch.tensor([1., -2.]))
    tensor([-1.,  2.])
    """
    return xp.negative(input)


@public("positive")
def positive(input: Tensor) -> Tensor:
    """The Tensor itself: what unary `+` gives. RuntimeError for bool.

    >>> import mibun as torch
    >>> torch.positive(torch.tensor([1., -2.]))
    tensor([ 1., -2.])
    """
    check_tensor(input, "positive")
    if input._array_.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


bind_method("__pos__", positive)


# --- products ---


@op(
    pointwise,
    aliases=("multiply",),
    vjp={
        "input": lambda xp, g, other: g * xp.conj(other),
        "other": lambda xp, g, input: g * xp.conj(input),
    },
)
def mul(xp, input, other):
    """The product input * other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

    Returns:
        a Tensor of the broadcast shape and the promoted dtype.

    Raises:
        RuntimeError: where the shapes do not broadcast.

    The gradient for each is g * conj(the other one).

    >>> import mibun as torch
    >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    return xp.multiply(input, other)
