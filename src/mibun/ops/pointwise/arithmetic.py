"""Arithmetic: add, subtract, multiply, divide, remainders, and their kin, with scalars on either side.

The plain forms (`x + y`) are operators of two operands on the fast path; PyTorch's longer signatures (`alpha=`,
`rounding_mode=`) are functions beside them that choose among operators. Powers and roots are in `exponential.py`.
"""

from __future__ import annotations

import builtins
from typing import Any

from ...core.dtypes import result_dtype
from ...core.node import raw
from ...core.registry import FUNCTIONS, METHODS
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.declare import op, pointwise
from ...dispatch.forms import function_of
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import (
    by_number,
    finish,
    floating,
    not_differentiable,
    number,
    refusals,
)
from ...dispatch.public import public

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


@op(pointwise, public=False, vjp={"input": lambda xp, g: g, "other": lambda xp, g: g})
def add(xp, input, other):
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


@op(pointwise, public=False, refuses=_NO_BOOLS, vjp={"input": lambda xp, g: g, "other": lambda xp, g: -g})
def sub(xp, input, other):
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


def _alpha(name: str, alpha: Any, input: Any, other: Any) -> Any:
    """`alpha` as a Python number, refused where the dtype of the result cannot hold it."""
    alpha = number(alpha, name, "alpha")
    kind = result_dtype([raw(input), raw(other)]).kind
    if isinstance(alpha, builtins.bool) and kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if isinstance(alpha, float) and kind in "biu":
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, complex) and kind != "c":
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")
    return alpha


def _scaled(name: str, plain: Any, scaled: Any, input: Any, other: Any, alpha: Any, form: Any = apply) -> Any:
    """Apply the operator without `alpha` where it is 1, else the one with it."""
    if type(alpha) is int and alpha == 1:
        return form(plain, (input, other), {})
    for value in (input, other):
        if not isinstance(value, Tensor) and not isinstance(value, SCALARS):
            return form(plain, (input, other), {})  # which says what is wrong
    return form(scaled, (input, other), {"alpha": _alpha(name, alpha, input, other)})


_plain_add, _plain_sub = function_of(add), function_of(sub)


@public("add_", function=False)
def add_(self: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Add `alpha * other` in place."""
    return _scaled("add", add, _add_scaled, self, other, alpha, apply_inplace)


@public("add")
def _add(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """Sum `input + alpha * other`, elementwise. Tensors that broadcast, of any dtypes, or numbers.

    RuntimeError where `alpha` does not fit the dtype of the result.

    >>> import mibun as torch
    >>> torch.add(torch.tensor([1., 2.]), torch.tensor([10., 20.]), alpha=0.5)
    tensor([ 6., 12.])
    """
    if type(alpha) is int and alpha == 1:
        return _plain_add(input, other, out=out)
    return finish(_scaled("add", add, _add_scaled, input, other, alpha), out, "add")


@public("sub", "subtract")
def _sub(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """Difference `input - alpha * other`, elementwise. RuntimeError for bool: use `^` or `logical_xor()`."""
    if type(alpha) is int and alpha == 1:
        return _plain_sub(input, other, out=out)
    return finish(_scaled("sub", sub, _sub_scaled, input, other, alpha), out, "sub")


@public("sub_", "subtract_", function=False)
def _sub_(self: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Subtract `alpha * other` in place."""
    return _scaled("sub", sub, _sub_scaled, self, other, alpha, apply_inplace)


@public("rsub", method=False)
def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """`other - alpha * input`, elementwise: subtraction with the operands the other way round."""
    if isinstance(other, Tensor):
        return apply(_rsub_tensor, (input, other), {"alpha": _alpha("rsub", alpha, input, other)})
    other = number(other, "rsub", "other")
    alpha = _alpha("rsub", alpha, input, other)
    if input._array_.dtype.kind == "b":
        raise RuntimeError(_BOOL_SUB)
    return apply(_rsub_scalar, (floating(input, other),), {"other": other, "alpha": alpha})


@public("__rsub__", function=False)
def _rsub_infix(self: Any, other: Any) -> Any:
    if (type(other) is float or type(other) is int) and self._array_.dtype.kind in "fc":
        return apply(_rsub_scalar, (self,), {"other": other, "alpha": 1})
    return rsub(self, other) if isinstance(other, Tensor) or isinstance(other, SCALARS) else NotImplemented


@op(
    pointwise,
    aliases=("negative",),
    refuses={
        "b": "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the "
        "`~` or `logical_not()` operator instead."
    },
    vjp=lambda xp, g: -g,
)
def neg(xp, input):
    """Negative, elementwise. RuntimeError for bool."""
    return xp.negative(input)


@public("positive")
def positive(input: Any) -> Any:
    """The Tensor itself: what unary `+` gives. RuntimeError for bool."""
    if input._array_.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


METHODS["__pos__"] = positive

# --- products and quotients ---


@op(
    pointwise,
    aliases=("multiply",),
    vjp={
        "input": lambda xp, g, other: g * xp.conj(other),
        "other": lambda xp, g, input: g * xp.conj(input),
    },
)
def mul(xp, input, other):
    """Product, elementwise. input, other: any dtypes and shapes that broadcast; a number may stand for one of them."""
    return xp.multiply(input, other)


@op(
    pointwise,
    dtype="float",
    public=False,
    vjp={
        "input": lambda xp, g, other: g / xp.conj(other),
        "other": lambda xp, g, input, other: -g * xp.conj(input / other / other),
    },
)
def div(xp, input, other):
    return xp.divide(input, other)


_plain_div = function_of(div)


def truncated_quotient(xp: Any, input: Any, other: Any) -> Any:
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


def _rounded(name: str, input: Any, other: Any, rounding_mode: Any, form: Any) -> Any:
    if rounding_mode is None:
        return form(div, (input, other), {})
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            f"{name} expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}"
        )
    return form(_div_rounded, (input, other), {"rounding_mode": rounding_mode})


@public("div", "divide")
def _div(input: Any, other: Any, *, rounding_mode: str | None = None, out: Any = None) -> Any:
    """Quotient, elementwise; integers give the default dtype.

    With `rounding_mode` "floor" or "trunc" it is rounded down or towards zero, and integers stay integers (RuntimeError
    `ZeroDivisionError` where they are divided by 0); the gradient is 0 then.

    >>> import mibun as torch
    >>> torch.div(torch.tensor([7, -7]), 2), torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
    (tensor([ 3.5000, -3.5000]), tensor([ 3, -3]))
    """
    if rounding_mode is None:
        return _plain_div(input, other, out=out)
    return finish(_rounded("div", input, other, rounding_mode, apply), out, "div")


@public("div_", "divide_", function=False)
def _div_(self: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """Divide in place."""
    return _rounded("div", self, other, rounding_mode, apply_inplace)


@public("true_divide")
def true_divide(input: Any, other: Any, *, out: Any = None) -> Any:
    """Quotient, elementwise: `div` without rounding."""
    return _plain_div(input, other, out=out)


@public("true_divide_", function=False)
def true_divide_(self: Any, other: Any) -> Any:
    """Divide in place."""
    return apply_inplace(div, (self, other), {}, "true_divide_")


@public("__rtruediv__", function=False)
def _rtruediv(self: Any, other: Any) -> Any:
    """`other / self`: a number times the reciprocal, as PyTorch computes it."""
    if isinstance(other, Tensor):
        return apply(div, (other, self), {})
    return FUNCTIONS["reciprocal"](self) * other if isinstance(other, SCALARS) else NotImplemented


@op(pointwise, dtype="float", vjp=lambda xp, g, out: -g * xp.conj(out * out))
def reciprocal(xp, input):
    """1 / input, elementwise. Integers give the default dtype."""
    return xp.reciprocal(input)


@op(
    pointwise,
    node="NotImplemented",
    refuses=refusals("div_floor_cpu"),
    vjp={"input": not_differentiable("floor_divide"), "other": not_differentiable("floor_divide")},
)
def floor_divide(xp, input, other):
    """Quotient rounded down, elementwise, in the common dtype. RuntimeError when integers are divided by 0."""
    return xp.floor_divide(input, other)


# input - floor(input / other) * other: the quotient is constant almost everywhere.
@op(
    pointwise,
    public=False,
    node="RemainderBackward1",
    refuses="bc",
    vjp={
        "input": lambda xp, g: g,
        "other": lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor"),
    },
)
def remainder(xp, input, other):
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


_choose_remainder = by_number(remainder, _remainder_scalar)
_choose_fmod = by_number(_fmod_tensor, _fmod_scalar)


@public("remainder")
def _remainder(input: Any, other: Any, *, out: Any = None) -> Any:
    """The remainder of the division rounded down, elementwise: it has the sign of `other`, as Python's `%`.

    RuntimeError `ZeroDivisionError` when integers are divided by 0; floats give NaN.
    """
    return finish(_choose_remainder(input, other), out, "remainder")


@public("remainder_", function=False)
def _remainder_(self: Any, other: Any) -> Any:
    """The remainder in place."""
    return _choose_remainder(self, other, apply_inplace, "remainder_")


@public("__mod__", function=False)
def _mod(self: Any, other: Any) -> Any:
    return _choose_remainder(self, other) if isinstance(other, Tensor) or isinstance(other, SCALARS) else NotImplemented


@public("fmod")
def fmod(input: Any, other: Any, *, out: Any = None) -> Any:
    """The remainder of the division rounded towards zero, elementwise: it has the sign of `input`, as C's `fmod`."""
    if not isinstance(input, Tensor):
        raise TypeError(f"fmod(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(_choose_fmod(input, other), out, "fmod")


@public("fmod_", function=False)
def fmod_(self: Any, other: Any) -> Any:
    """The remainder, rounded towards zero, in place."""
    return _choose_fmod(self, other, apply_inplace, "fmod_")


# --- magnitude and sign ---


@op(
    public=True,
    aliases=("absolute",),
    inplace=False,
    refuses="b",
    vjp=lambda xp, g, input: g * xp.sgn(input),
    jvp=lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input))),
)
def abs(xp, input):
    """Absolute value, elementwise; the modulus, a real number, of complex ones. The gradient at 0 is 0."""
    return xp.abs(input)


@public("abs_", "absolute_", function=False)
def abs_(self: Any) -> Any:
    """Absolute value in place. RuntimeError for complex dtypes, which cannot hold the modulus."""
    if self._array_.dtype.kind == "c":
        raise RuntimeError("In-place abs is not supported for complex tensors.")
    return apply_inplace(abs, (self,), {}, "abs_")


def _signs(xp: Any, x: Any) -> Any:
    # NaN and -0 give 0 in PyTorch.
    return xp.astype(x > 0, x.dtype) - xp.astype(x < 0, x.dtype)


@op(
    pointwise,
    refuses={"c": "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."},
    vjp=lambda xp, g: xp.zeros_like(g),
)
def sign(xp, input):
    """-1, 0 or 1, elementwise; 0 for NaN. RuntimeError for complex dtypes: use `sgn`."""
    return input if xp.isdtype(input.dtype, "bool") else _signs(xp, input)


def _sgn_tangent(xp, t, input, out):
    """d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint."""
    if not xp.isdtype(input.dtype, "complex floating"):
        return xp.zeros_like(t)
    size = xp.abs(input)
    across = t - out * xp.real(xp.conj(out) * t)
    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))


@op(public=True, vjp=_sgn_tangent, jvp=_sgn_tangent)
def sgn(xp, input):
    """input / |input|, elementwise, and 0 at 0: the sign, for complex dtypes too."""
    if xp.isdtype(input.dtype, "complex floating"):
        size = xp.abs(input)
        return xp.where(size == 0, xp.zeros_like(input), input / size)
    return input if xp.isdtype(input.dtype, "bool") else _signs(xp, input)


# --- maximum and minimum ---


def _winner(better: str) -> dict:
    """The rules of maximum and minimum: ties share the gradient half and half."""

    def for_input(xp, g, input, other):
        return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))

    def for_other(xp, g, input, other):
        return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))

    return {"input": for_input, "other": for_other}


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "maximum not implemented for complex tensors."},
    vjp=_winner("greater"),
)
def maximum(xp, input, other):
    """The larger of two Tensors, elementwise; NaN if either is NaN. Where they tie, each gets half of the gradient."""
    return xp.maximum(input, other)


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "minimum not implemented for complex tensors."},
    vjp=_winner("less"),
)
def minimum(xp, input, other):
    """The smaller of two Tensors, elementwise; NaN if either is NaN. Where they tie, each gets half of the gradient."""
    return xp.minimum(input, other)


def _number_wins(better: str) -> dict:
    """The rules of fmax and fmin: ties go to the first operand, and NaN loses to any number."""

    def first(xp, input, other):
        return getattr(xp, better)(input, other) | xp.isnan(other)

    return {
        "input": lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0),
        "other": lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g),
    }


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "fmax not implemented for complex tensors."},
    vjp=_number_wins("greater_equal"),
)
def fmax(xp, input, other):
    """The larger of two Tensors, elementwise; a number is preferred to NaN."""
    return xp.fmax(input, other)


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "fmin not implemented for complex tensors."},
    vjp=_number_wins("less_equal"),
)
def fmin(xp, input, other):
    """The smaller of two Tensors, elementwise; a number is preferred to NaN."""
    return xp.fmin(input, other)


# --- fused forms ---


@op(
    pointwise,
    scalars=False,
    refuses=refusals("addcmul_cpu_out", "b"),
    vjp={
        "input": lambda xp, g: g,
        "tensor1": lambda xp, g, tensor2, value: g * xp.conj(tensor2 * value),
        "tensor2": lambda xp, g, tensor1, value: g * xp.conj(tensor1 * value),
    },
)
def addcmul(xp, input, tensor1, tensor2, *, value=1):
    """input + value * tensor1 * tensor2, elementwise, for Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.addcmul(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([3., 4.]), value=0.5)
    tensor([1.5000, 4.0000])
    """
    return input + tensor1 * tensor2 * xp.scalar(value, input.dtype)


@op(
    pointwise,
    scalars=False,
    refuses=dict.fromkeys(
        "biu",
        (
            "Integer division with addcdiv is no longer supported, and in a future release addcdiv will perform a true "
            "division of tensor1 and tensor2. Convert an operand to a floating dtype first."
        ),
    ),
    vjp={
        "input": lambda xp, g: g,
        "tensor1": lambda xp, g, tensor2, value: g * xp.conj(value / tensor2),
        "tensor2": lambda xp, g, tensor1, tensor2, value: -g * xp.conj(value * tensor1 / (tensor2 * tensor2)),
    },
)
def addcdiv(xp, input, tensor1, tensor2, *, value=1):
    """input + value * tensor1 / tensor2, elementwise, for Tensors that broadcast. RuntimeError for integers.

    >>> import mibun as torch
    >>> torch.addcdiv(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([4., 4.]), value=2)
    tensor([0.5000, 1.0000])
    """
    return input + tensor1 / tensor2 * xp.scalar(value, input.dtype)


def _interpolate(xp: Any, start: Any, end: Any, weight: Any) -> Any:
    """start + weight * (end - start), computed from the nearer end, so that weight 1 gives `end` exactly."""
    near = weight.real**2 + weight.imag**2 < 0.25 if isinstance(weight, complex) else -0.5 < weight < 0.5
    return start + weight * (end - start) if near else end - (end - start) * (1 - weight)


@op(
    pointwise,
    name="lerp_scalar",
    node="LerpBackward0",
    public=False,
    scalars=False,
    refuses=refusals("lerp_kernel_scalar", "biu"),
    vjp={
        "input": lambda xp, g, weight: g * (1 - weight).conjugate(),
        "end": lambda xp, g, weight: g * weight.conjugate(),
    },
)
def _lerp_scalar(xp, input, end, *, weight):
    return _interpolate(xp, input, end, weight)


@op(
    pointwise,
    name="lerp_tensor",
    node="LerpBackward1",
    public=False,
    scalars=False,
    refuses=refusals("lerp_kernel_tensor", "biu"),
    vjp={
        "input": lambda xp, g, weight: g * xp.conj(1 - weight),
        "end": lambda xp, g, weight: g * xp.conj(weight),
        "weight": lambda xp, g, input, end: g * xp.conj(end - input),
    },
)
def _lerp_tensor(xp, input, end, weight):
    difference = end - input
    near = xp.abs(weight) < 0.5
    return xp.where(near, input + weight * difference, end - difference * (1 - weight))


def _lerp(input: Any, end: Any, weight: Any, form: Any) -> Any:
    for name, value in (("end", end), ("weight", weight)):
        if isinstance(value, Tensor) and value._array_.dtype != input._array_.dtype:
            if name == "weight" and value._array_.ndim == 0:
                continue
            expected, got = input.dtype.cpp_name, value.dtype.cpp_name
            raise RuntimeError(f"expected dtype {expected} for `{name}` but got dtype {got}")
    if isinstance(weight, Tensor):
        return form(_lerp_tensor, (input, end, weight), {})
    return form(_lerp_scalar, (input, end), {"weight": number(weight, "lerp", "weight")})


@public("lerp")
def lerp(input: Any, end: Any, weight: Any, *, out: Any = None) -> Any:
    """Linear interpolation input + weight * (end - input), elementwise.

    All of one floating or complex dtype (RuntimeError otherwise) and of shapes that broadcast; weight may be a number.

    >>> import mibun as torch
    >>> torch.lerp(torch.tensor([0., 10.]), torch.tensor([10., 20.]), 0.25)
    tensor([ 2.5000, 12.5000])
    """
    return finish(_lerp(input, end, weight, apply), out, "lerp")


@public("lerp_", function=False)
def lerp_(self: Any, end: Any, weight: Any) -> Any:
    """Interpolate in place."""
    return _lerp(self, end, weight, apply_inplace)
