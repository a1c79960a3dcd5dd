"""Powers and roots, elementwise: `pow`, `float_power`, `square`, `sqrt`, `rsqrt`.

All are holomorphic, so their rules conjugate the derivative (PyTorch's convention for complex gradients); as PyTorch
does, a rule keeps the output rather than the input where the derivative can be written with it.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

from ...core import dtypes
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, floating, number
from ...dispatch.public import public
from ...dispatch.torch_function import ask_infix
from ..annotations import Number

_NO_BOOL = {"b": "\"pow\" not implemented for 'Bool'"}


def _number_power(xp: Any, x: Array, exponent: Array) -> Array:
    """x ** number, with the commonest exponents by multiplication and square root, as PyTorch computes them."""
    if isinstance(exponent, complex):
        return x**exponent
    if exponent == 2:
        return x * x
    if exponent == 3:
        return x * x * x
    if xp.isdtype(x.dtype, "bool"):
        return x if exponent else xp.ones_like(x)
    if xp.isdtype(x.dtype, "integral"):
        if exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        if exponent > xp.iinfo(x.dtype).max:
            raise RuntimeError(f"value cannot be converted to type {x.dtype} without overflow: {exponent}")
        return x ** int(exponent)
    if exponent == 0.5:
        return xp.sqrt(x)
    if exponent == -0.5:
        return 1 / xp.sqrt(x)
    if exponent == -1:
        return 1 / x
    if exponent == -2:
        return 1 / (x * x)
    return x**exponent


# To PyTorch the derivative of x² is 2 x¹, whose own is a power too: its derivative is zero and recorded.
@op(pointwise, public=False, flat=("input",), vjp=lambda xp, g: 2 * g)
def twice(xp, input):
    """The derivative of the square."""
    return 2 * input


def _number_power_rule(xp, g, input, exponent):
    if exponent == 0:
        return xp.zeros_like(g)
    if exponent == 2:
        return g * xp.conj(xp.twice(input))
    # By the operator itself, which takes roots of -0 as PyTorch does.
    return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))


@op(pointwise, name="pow_number", node="PowBackward0", public=False, vjp=_number_power_rule)
def _pow_number(xp, input, *, exponent):
    return _number_power(xp, input, exponent)


def _integer_power(xp: Any, base: Array, exponent: Array, negative: Array) -> Array:
    """base ** exponent of integers; a negative exponent rounds towards zero, so that only 1 and -1 are not lost."""
    one = xp.ones_like(base)
    of_minus_one = xp.where(exponent % 2 == 0, one, base)
    units = xp.where(base == 1, one, xp.where(base * base == 1, of_minus_one, 0))
    return xp.where(negative, units, base ** xp.where(negative, 0, exponent))


def _exponent_rule(xp, g, input, exponent, out):
    # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
    constant = (input == 0) & (xp.real(exponent) >= 0)
    return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))


def _input_rule(xp, g, input, exponent):
    # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
    constant = (exponent == 0) & ~(xp.abs(input) > 0)
    return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))


@op(
    pointwise,
    name="pow_tensor",
    node="PowBackward1",
    public=False,
    refuses=_NO_BOOL,
    vjp={"input": _input_rule, "exponent": _exponent_rule},
)
def _pow_tensor(xp, input, exponent):
    if xp.isdtype(exponent.dtype, "integral"):
        return _integer_power(xp, input, exponent, exponent < 0)
    return input**exponent


def _log_number(base: complex, complex_result: bool) -> complex:
    if base == 0:
        return -math.inf
    if complex_result:
        return cmath.log(base)
    return math.log(base.real) if base.real > 0 else math.nan


def _base_rule(xp, g, out, exponent, base):
    logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
    if base == 0:
        logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
    return g * xp.conj(out * logarithm)


@op(pointwise, name="pow_base", node="PowBackward2", public=False, refuses=_NO_BOOL, vjp=_base_rule)
def _pow_base(xp, exponent, *, base):
    if xp.isdtype(exponent.dtype, "integral"):
        return _integer_power(xp, xp.full_like(exponent, xp.scalar(base, exponent.dtype)), exponent, exponent < 0)
    return base**exponent


_choose_pow = by_number(_pow_tensor, _pow_number, "exponent")


def _power(input: Tensor | Number, exponent: Tensor | Number, name: str = "pow") -> Tensor:
    if isinstance(input, Tensor):
        return _choose_pow(input, exponent)
    if not isinstance(exponent, Tensor) or not isinstance(input, SCALARS):
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({type(input).__name__}, "
            f"{type(exponent).__name__}), but expected a Tensor for the input or the exponent, and a Tensor or Number "
            "for the other"
        )
    base = number(input, name, "input")
    return apply(_pow_base, (floating(exponent, base),), {"base": base})


@public("pow")
def pow(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input ** exponent, elementwise.

    Args:
        input, exponent: Tensors of shapes that broadcast, or one of them a number. A negative real base of a fractional
            power gives NaN.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where integers are raised to a negative number.

    At base 0 the gradient for the exponent is 0.

    >>> import mibun as torch
    >>> torch.pow(torch.tensor([2., 3.]), 2)
    tensor([4., 9.])
    >>> 2 ** torch.tensor([1., 3.])
    tensor([2., 8.])
    """
    return finish(_power(input, exponent), out, "pow")


@public("pow_", function=False)
def pow_(self: Tensor, exponent: Tensor | Number) -> Tensor:
    """Raise to a power in place."""
    return _choose_pow(self, exponent, apply_inplace, "pow_")


@public("__pow__", function=False)
def _infix_pow(self: Tensor, exponent: Tensor | Number) -> Tensor:
    if (type(exponent) is int or type(exponent) is float) and self._array_.dtype.kind in "fc":
        return apply(_pow_number, (self,), {"exponent": exponent})
    if isinstance(exponent, Tensor):
        return apply(_pow_tensor, (self, exponent), {})
    if isinstance(exponent, SCALARS):
        return _choose_pow(self, exponent)
    return ask_infix("__pow__", self, exponent)


@public("__rpow__", function=False)
def _infix_rpow(self: Tensor, base: Tensor | Number) -> Tensor:
    return _power(base, self) if isinstance(base, (Tensor, *SCALARS)) else ask_infix("__rpow__", self, base)


def _wide(value: Any, numbers: tuple) -> Any:
    """A Tensor in the dtype that `float_power` computes in; a number as it is."""
    if not isinstance(value, Tensor):
        return value
    complex_result = value._array_.dtype.kind == "c" or any(isinstance(n, complex) for n in numbers)
    return value.to(dtypes.complex128 if complex_result else dtypes.float64)


@public("float_power")
def float_power(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input ** exponent, computed in float64 (complex128 if either is complex), elementwise.

    Args:
        input, exponent: Tensors of shapes that broadcast, or one of them a number.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.float_power(torch.tensor([2, 3]), -1)
    tensor([0.5000, 0.3333], dtype=torch.float64)
    """
    numbers = tuple(v for v in (input, exponent) if not isinstance(v, Tensor))
    return finish(_power(_wide(input, numbers), _wide(exponent, numbers), "float_power"), out, "float_power")


@public("float_power_", function=False)
def float_power_(self: Tensor, exponent: Tensor | Number) -> Tensor:
    """`float_power` in place. RuntimeError unless the dtype is float64 or complex128 already."""
    wanted = _wide(exponent, ()).dtype if isinstance(exponent, Tensor) else None
    needs_complex = self.dtype.is_complex or isinstance(exponent, complex) or (wanted and wanted.is_complex)
    target = dtypes.complex128 if needs_complex else dtypes.float64
    if self.dtype is not target:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {self.dtype.scalar_name} but the operation's result requires "
            f"dtype {target.scalar_name}"
        )
    return _choose_pow(self, _wide(exponent, ()), apply_inplace, "float_power_")


# --- squares and square roots ---


@public("square")
def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square input * input, elementwise, in the same dtype.

    Args:
        input: of any shape and any dtype but bool, which gives int64.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.square(torch.tensor([-3, 4]))
    tensor([ 9, 16])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"square(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(_choose_pow(input, 2), out, "square")


@public("square_")
def square_(input: Tensor) -> Tensor:
    """The square in place."""
    return _choose_pow(input, 2, apply_inplace, "square_")


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g / xp.conj(2 * out))
def sqrt(xp, input):
    """The square root, elementwise; NaN below 0 for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    The gradient at 0 is infinite.

    >>> import mibun as torch
    >>> torch.sqrt(torch.tensor([4., -1.]))
    tensor([2., nan])
    """
    return xp.sqrt(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: -0.5 * g * xp.conj(out * out * out))
def rsqrt(xp, input):
    """1 / sqrt(input), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.rsqrt(torch.tensor([4., 0.]))
    tensor([0.5000,    inf])
    """
    return 1 / xp.sqrt(input)
