"""Logarithms: `log`, `log1p`, of sums of exponentials (`logaddexp`), and products with them: `xlogy`, `entr`.

`xlog1py` and `entr` are public as `torch.special`'s.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.declare import Op, op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, floating, number, refusals
from ...dispatch.public import public
from ..annotations import Number

LN2 = math.log(2.0)
LN10 = math.log(10.0)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input))
def log(xp, input):
    """The natural logarithm, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log(torch.tensor([1., 0., -1.]))
    tensor([0., -inf, nan])
    """
    return xp.log(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input * LN2))
def log2(xp, input):
    """The logarithm to base 2, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log2(torch.tensor([8, 1]))
    tensor([3., 0.])
    """
    return xp.log2(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input * LN10))
def log10(xp, input):
    """The logarithm to base 10, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log10(torch.tensor([100, 1]))
    tensor([2.0000, 0.0000])
    """
    return xp.log10(input)


@op(pointwise, dtype="float", node="Log1PBackward0", vjp=lambda xp, g, input: g / xp.conj(input + 1))
def log1p(xp, input):
    """log(1 + input), elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log1p(torch.tensor([0., -1.]))
    tensor([0., -inf])
    """
    return xp.log1p(input)


# --- of sums of exponentials ---


# Each operand's share of the sum of exponentials: 1 / (1 + base ** (its rival - itself)).
@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses="biu",
    vjp={
        "input": lambda xp, g, input, other: g * xp.conj(xp.logistic(input - other)),
        "other": lambda xp, g, input, other: g * xp.conj(xp.logistic(other - input)),
    },
)
def logaddexp(xp, input, other):
    """log(exp(input) + exp(other)), elementwise, without overflow.

    Args:
        input, other: Tensors of shapes that broadcast and floating or complex dtypes.

    Raises:
        NotImplementedError: for integers and bools.

    >>> import mibun as torch
    >>> torch.logaddexp(torch.tensor([1000.]), torch.tensor([1000.]))
    tensor([1000.6932])
    """
    if xp.isdtype(input.dtype, "complex floating"):
        swap = xp.real(input) < xp.real(other)
        larger, smaller = xp.where(swap, other, input), xp.where(swap, input, other)
        return larger + xp.log1p(xp.exp(smaller - larger))
    return xp.logaddexp(input, other)


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses="biuc",
    vjp={
        "input": lambda xp, g, input, other: g * xp.logistic((input - other) * LN2),
        "other": lambda xp, g, input, other: g * xp.logistic((other - input) * LN2),
    },
)
def logaddexp2(xp, input, other):
    """log2(2 ** input + 2 ** other), elementwise, without overflow.

    >>> import mibun as torch
    >>> torch.logaddexp2(torch.tensor([3.]), torch.tensor([3.]))
    tensor([4.])
    """
    return xp.logaddexp2(input, other)


# --- products with logarithms ---


_NO_COMPLEX_XLOGY = {"c": "\"xlogy_cpu\" not implemented for '{dtype}'"}


def _x_log_y(xp: Any, x: Array, y: Array) -> Array:
    return xp.where((x == 0) & (y == y), 0.0, x * xp.log(y))


def _log_factor(xp: Any, g: Array, x: Array, y: Array) -> Array:
    # Where x is 0 the function is 0 however large |log(y)| is.
    return xp.where((x == 0) & (y <= 0), 0.0, g * xp.log(y))


@op(
    pointwise,
    dtype="float",
    name="xlogy_tensor",
    node="XlogyBackward0",
    public=False,
    refuses=_NO_COMPLEX_XLOGY,
    vjp={
        "input": lambda xp, g, input, other: _log_factor(xp, g, input, other),
        "other": lambda xp, g, input, other: g * input / other,
    },
)
def _xlogy_tensor(xp, input, other):
    return _x_log_y(xp, input, other)


@op(
    pointwise,
    dtype="float",
    name="xlogy_factor",
    node="XlogyBackward1",
    public=False,
    refuses=_NO_COMPLEX_XLOGY,
    vjp=lambda xp, g, other, factor: g * factor / other,
)
def _xlogy_factor(xp, other, *, factor):
    return _x_log_y(xp, xp.full_like(other, factor), other)


@op(
    pointwise,
    dtype="float",
    name="xlogy_number",
    node="XlogyBackward2",
    public=False,
    refuses=_NO_COMPLEX_XLOGY,
    vjp=lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other)),
)
def _xlogy_number(xp, input, *, other):
    return _x_log_y(xp, input, xp.full_like(input, other))


_choose_xlogy = by_number(_xlogy_tensor, _xlogy_number)


def _check_real(name: str, *operands: Any) -> None:
    """NotImplementedError for a complex number, which must not lose its imaginary part in a real Tensor."""
    if any(isinstance(operand, complex) for operand in operands):
        double = any(isinstance(operand, Tensor) and operand._array_.dtype.itemsize == 8 for operand in operands)
        kind = "ComplexDouble" if double else "ComplexFloat"
        raise NotImplementedError(f"\"{name.removeprefix('special_')}_cpu\" not implemented for '{kind}'")


@public("xlogy")
def xlogy(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

    >>> import mibun as torch
    >>> torch.xlogy(torch.tensor([0., 2.]), torch.tensor([0., 1.]))
    tensor([0., 0.])
    """
    _check_real("xlogy", input, other)
    if isinstance(input, Tensor):
        result = _choose_xlogy(input, other)
    elif isinstance(other, Tensor) and isinstance(input, complex):
        result = apply(_xlogy_tensor, (input, other), {})  # which says that it has no complex numbers
    elif isinstance(other, Tensor) and isinstance(input, SCALARS):
        result = apply(_xlogy_factor, (other,), {"factor": number(input, "xlogy", "input")})
    else:
        raise TypeError(
            f"xlogy() received an invalid combination of arguments - got ({type(input).__name__}, "
            f"{type(other).__name__}), but expected at least one Tensor"
        )
    return finish(result, out, "xlogy")


@public("xlogy_")
def xlogy_(input: Tensor, other: Tensor | Number) -> Tensor:
    """`xlogy` in place."""
    _check_real("xlogy", input, other)
    return _choose_xlogy(input, other, apply_inplace, "xlogy_")


def _log1p_factor(xp, g, input, other):
    # Where input is 0 the function is 0 however large |log1p(other)| is.
    return xp.where((input == 0) & (other <= -1), 0.0, g * xp.log1p(other))


def _x_log1p_y(xp, x, y):
    return xp.where((x == 0) & (y == y), 0.0, x * xp.log1p(y))


@op(
    pointwise,
    dtype="float",
    name="special_xlog1py",
    node="SpecialXlog1PyBackward0",
    public=False,
    refuses=refusals("xlog1py_cpu", "c"),
    vjp={"input": _log1p_factor, "other": lambda xp, g, input, other: g * input / (other + 1)},
)
def _xlog1py(xp, input, other):
    return _x_log1p_y(xp, input, other)


@op(
    pointwise,
    dtype="float",
    name="special_xlog1py_factor",
    node="SpecialXlog1PyBackward1",
    public=False,
    refuses=refusals("xlog1py_cpu", "c"),
    vjp=lambda xp, g, other, input: g * input / (other + 1),
)
def _xlog1py_factor(xp, other, *, input):
    return _x_log1p_y(xp, xp.full_like(other, input), other)


@op(
    pointwise,
    dtype="float",
    name="special_xlog1py_number",
    node="SpecialXlog1PyBackward2",
    public=False,
    refuses=refusals("xlog1py_cpu", "c"),
    vjp=lambda xp, g, input, other: _log1p_factor(xp, g, input, xp.full_like(input, other)),
)
def _xlog1py_number(xp, input, *, other):
    return _x_log1p_y(xp, input, xp.full_like(input, other))


def choose_by_numbers(
    name: str, input: Tensor | Number, other: Tensor | Number, both: Op, first_a_number: Op, second_a_number: Op
) -> Tensor:
    """Apply the operator for two Tensors, or that for a number and a Tensor. TypeError for two numbers."""
    _check_real(name, input, other)
    if isinstance(input, Tensor):
        if isinstance(other, Tensor):
            return both(input, other)
        if isinstance(other, SCALARS):
            return second_a_number(floating(input, other), other=number(other, name, "other"))
    elif isinstance(other, Tensor) and isinstance(input, SCALARS):
        return first_a_number(floating(other, input), input=number(input, name, "input"))
    raise TypeError(
        f"{name}() received an invalid combination of arguments - got ({type(input).__name__}, "
        f"{type(other).__name__}), but expected at least one Tensor, and otherwise numbers"
    )


def xlog1py(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log1p(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

    >>> import mibun as torch
    >>> torch.special.xlog1py(torch.tensor([0., 2.]), torch.tensor([-1., 0.]))
    tensor([0., 0.])
    """
    result = choose_by_numbers("special_xlog1py", input, other, _xlog1py, _xlog1py_factor, _xlog1py_number)
    return finish(result, out, "special_xlog1py")


@op(
    pointwise,
    dtype="float",
    name="special_entr",
    public=False,
    refuses=refusals("entr_cpu", "c"),
    vjp=lambda xp, g, input: g * (-xp.log(input) - 1),
)
def entr(xp, input):
    """-input * log(input), elementwise: 0 at 0 and -inf below. The entropy of a distribution is its sum.

    >>> import mibun as torch
    >>> torch.special.entr(torch.tensor([0., 0.5, 1.]))
    tensor([0.0000, 0.3466, -0.0000])
    """
    positive = input > 0
    value = -input * xp.log(xp.where(positive, input, 1.0))
    return xp.where(positive | (input != input), value, xp.where(input == 0, xp.zeros_like(input), -math.inf))
