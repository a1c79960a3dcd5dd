"""Powers, roots, exponentials and logarithms.

All are holomorphic, so their rules conjugate the derivative (PyTorch's convention for complex gradients); as PyTorch
does, a rule keeps the output rather than the input where the derivative can be written with it.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

from ...core import dtypes
from ...core.registry import METHODS
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, floating, name_public, number
from ...dispatch.public import public

LN2 = math.log(2.0)
LN10 = math.log(10.0)

_NO_BOOL = {"b": "\"pow\" not implemented for 'Bool'"}

# --- powers ---


def _number_power(xp: Any, x: Any, exponent: Any) -> Any:
    """x ** number, with the commonest exponents by multiplication and square root, as PyTorch computes them."""
    if xp.isdtype(x.dtype, "integral"):
        if exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        return x * x if exponent == 2 else x ** int(exponent)
    if exponent == 2:
        return x * x
    if exponent == 3:
        return x * x * x
    if exponent == 0.5:
        return xp.sqrt(x)
    if exponent == -0.5:
        return 1 / xp.sqrt(x)
    if exponent == -1:
        return 1 / x
    if exponent == -2:
        return 1 / (x * x)
    return x**exponent


def _number_power_rule(xp, g, input, exponent):
    if exponent == 0:
        return xp.zeros_like(g)
    if exponent == 2:
        return g * xp.conj(2 * input)
    if exponent == 0.5:  # as PyTorch computes it: -inf at -0
        return g * xp.conj(0.5 / xp.sqrt(input))
    return g * xp.conj(exponent * input ** (exponent - 1))


@op(pointwise, name="pow_number", node="PowBackward0", public=False, refuses=_NO_BOOL,
    vjp=_number_power_rule)  # fmt: skip
def _pow_number(xp, input, *, exponent):
    return _number_power(xp, input, exponent)


def _integer_power(xp: Any, base: Any, exponent: Any, negative: Any) -> Any:
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


@op(pointwise, name="pow_tensor", node="PowBackward1", public=False, refuses=_NO_BOOL,
    vjp={"input": _input_rule, "exponent": _exponent_rule})  # fmt: skip
def _pow_tensor(xp, input, exponent):
    if xp.isdtype(exponent.dtype, "integral"):
        return _integer_power(xp, input, exponent, exponent < 0)
    return input**exponent


def _log_number(base: Any, complex_result: bool) -> Any:
    if base == 0:
        return -math.inf
    if complex_result:
        return cmath.log(base)
    return math.log(base) if base > 0 else math.nan


def _base_rule(xp, g, out, exponent, base):
    logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
    if base == 0:
        logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
    return g * xp.conj(out * logarithm)


@op(pointwise, name="pow_base", node="PowBackward2", public=False, refuses=_NO_BOOL,
    vjp=_base_rule)  # fmt: skip
def _pow_base(xp, exponent, *, base):
    if xp.isdtype(exponent.dtype, "integral"):
        return _integer_power(xp, xp.full_like(exponent, xp.scalar(base, exponent.dtype)), exponent, exponent < 0)
    return base**exponent


_choose_pow = by_number(_pow_tensor, _pow_number, "exponent")


def _power(input: Any, exponent: Any, name: str = "pow") -> Any:
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


def _pow(input: Any, exponent: Any, *, out: Any = None) -> Any:
    """input ** exponent, elementwise; either may be a number. A negative base of a fractional power gives NaN.

    RuntimeError where integers are raised to a negative number. At base 0 the gradient for the exponent is 0.

    >>> import mibun as torch
    >>> torch.pow(torch.tensor([2., 3.]), 2), 2 ** torch.tensor([1., 3.])
    (tensor([4., 9.]), tensor([2., 8.]))
    """
    return finish(_power(input, exponent), out, "pow")


def _pow_(self: Any, exponent: Any) -> Any:
    """Raise to a power in place."""
    return _choose_pow(self, exponent, apply_inplace, "pow_")


name_public(_pow, "pow")
name_public(_pow_, "pow_", function_too=False)


def _infix_pow(self: Any, exponent: Any) -> Any:
    if (type(exponent) is int or type(exponent) is float) and self._array_.dtype.kind in "fc":
        return apply(_pow_number, (self,), {"exponent": exponent})
    return _choose_pow(self, exponent) if isinstance(exponent, Tensor) or isinstance(exponent, SCALARS) else NotImplemented


def _infix_rpow(self: Any, base: Any) -> Any:
    return _power(base, self) if isinstance(base, SCALARS) else NotImplemented


METHODS["__pow__"] = _infix_pow
METHODS["__rpow__"] = _infix_rpow
METHODS["__ipow__"] = _pow_


def _wide(value: Any, numbers: tuple) -> Any:
    if not isinstance(value, Tensor):
        return value
    complex_result = value._array_.dtype.kind == "c" or any(isinstance(n, complex) for n in numbers)
    return value.to(dtypes.complex128 if complex_result else dtypes.float64)


@public()
def float_power(input: Any, exponent: Any, *, out: Any = None) -> Any:
    """input ** exponent, computed in float64 (complex128 if either is complex), elementwise; either may be a number."""
    numbers = tuple(v for v in (input, exponent) if not isinstance(v, Tensor))
    return finish(_power(_wide(input, numbers), _wide(exponent, numbers), "float_power"), out, "float_power")


@public(function=False)
def float_power_(self: Any, exponent: Any) -> Any:
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


@public()
def square(input: Any, *, out: Any = None) -> Any:
    """The square, elementwise."""
    if not isinstance(input, Tensor):
        raise TypeError(f"square(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(_choose_pow(input, 2), out, "square")


@public(function=False)
def square_(self: Any) -> Any:
    """The square in place."""
    return _choose_pow(self, 2, apply_inplace, "square_")


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g / xp.conj(2 * out))
def sqrt(xp, input):
    """Square root, elementwise; NaN below 0 for real dtypes. Integers give the default dtype."""
    return xp.sqrt(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: -0.5 * g * xp.conj(out * out * out))
def rsqrt(xp, input):
    """1 / sqrt(input), elementwise. Integers give the default dtype."""
    return 1 / xp.sqrt(input)


# --- exponentials ---


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out))
def exp(xp, input):
    """Exponential, elementwise. Integers give the default dtype."""
    return xp.exp(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out * LN2))
def exp2(xp, input):
    """2 ** input, elementwise. Integers give the default dtype."""
    return xp.exp2(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj(out + 1))
def expm1(xp, input):
    """exp(input) - 1, elementwise, exact near 0. Integers give the default dtype."""
    return xp.expm1(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, out: g * xp.conj((1 - out) * out))
def sigmoid(xp, input):
    """The logistic function 1 / (1 + exp(-input)), elementwise. Integers give the default dtype."""
    return 1 / (1 + xp.exp(-input))


# --- logarithms ---


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input))
def log(xp, input):
    """Natural logarithm, elementwise; -inf at 0 and NaN below it. Integers give the default dtype."""
    return xp.log(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input * LN2))
def log2(xp, input):
    """Logarithm to base 2, elementwise; -inf at 0 and NaN below it. Integers give the default dtype."""
    return xp.log2(input)


@op(pointwise, dtype="float", vjp=lambda xp, g, input: g / xp.conj(input * LN10))
def log10(xp, input):
    """Logarithm to base 10, elementwise; -inf at 0 and NaN below it. Integers give the default dtype."""
    return xp.log10(input)


@op(pointwise, dtype="float", node="Log1PBackward0", vjp=lambda xp, g, input: g / xp.conj(input + 1))
def log1p(xp, input):
    """log(1 + input), elementwise, exact near 0. Integers give the default dtype."""
    return xp.log1p(input)


# Each operand's share of the sum of exponentials: 1 / (1 + base ** (its rival - itself)).
@op(pointwise, scalars=False, inplace=False, refuses="biu", vjp={
    "input": lambda xp, g, input, other: g / xp.conj(1 + xp.exp(other - input)),
    "other": lambda xp, g, input, other: g / xp.conj(1 + xp.exp(input - other)),
})  # fmt: skip
def logaddexp(xp, input, other):
    """log(exp(input) + exp(other)), elementwise, without overflow. Complex dtypes too."""
    if xp.isdtype(input.dtype, "complex floating"):
        swap = xp.real(input) < xp.real(other)
        larger, smaller = xp.where(swap, other, input), xp.where(swap, input, other)
        return larger + xp.log1p(xp.exp(smaller - larger))
    return xp.logaddexp(input, other)


@op(pointwise, scalars=False, inplace=False, refuses="biuc", vjp={
    "input": lambda xp, g, input, other: g / xp.conj(1 + xp.exp2(other - input)),
    "other": lambda xp, g, input, other: g / xp.conj(1 + xp.exp2(input - other)),
})  # fmt: skip
def logaddexp2(xp, input, other):
    """log2(2 ** input + 2 ** other), elementwise, without overflow."""
    return xp.logaddexp2(input, other)


_NO_COMPLEX_XLOGY = {"c": "\"xlogy_cpu\" not implemented for '{dtype}'"}


def _x_log_y(xp: Any, x: Any, y: Any) -> Any:
    return xp.where((x == 0) & (y == y), 0.0, x * xp.log(y))


def _log_factor(xp: Any, g: Any, x: Any, y: Any) -> Any:
    # Where x is 0 the function is 0 however large |log(y)| is.
    return xp.where((x == 0) & (y <= 0), 0.0, g * xp.log(y))


@op(pointwise, dtype="float", name="xlogy_tensor", node="XlogyBackward0", public=False, refuses=_NO_COMPLEX_XLOGY, vjp={
    "input": lambda xp, g, input, other: _log_factor(xp, g, input, other),
    "other": lambda xp, g, input, other: g * input / other,
})  # fmt: skip
def _xlogy_tensor(xp, input, other):
    return _x_log_y(xp, input, other)


@op(pointwise, dtype="float", name="xlogy_factor", node="XlogyBackward1", public=False, refuses=_NO_COMPLEX_XLOGY,
    vjp=lambda xp, g, other, factor: g * factor / other)  # fmt: skip
def _xlogy_factor(xp, other, *, factor):
    return _x_log_y(xp, xp.full_like(other, factor), other)


@op(pointwise, dtype="float", name="xlogy_number", node="XlogyBackward2", public=False, refuses=_NO_COMPLEX_XLOGY,
    vjp=lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other)))  # fmt: skip
def _xlogy_number(xp, input, *, other):
    return _x_log_y(xp, input, xp.full_like(input, other))


_choose_xlogy = by_number(_xlogy_tensor, _xlogy_number)


@public()
def xlogy(input: Any, other: Any, *, out: Any = None) -> Any:
    """input * log(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number."""
    if isinstance(input, Tensor):
        result = _choose_xlogy(input, other)
    elif isinstance(other, Tensor) and isinstance(input, SCALARS):
        result = apply(_xlogy_factor, (other,), {"factor": number(input, "xlogy", "input")})
    else:
        raise TypeError(
            f"xlogy() received an invalid combination of arguments - got ({type(input).__name__}, "
            f"{type(other).__name__}), but expected at least one Tensor"
        )
    return finish(result, out, "xlogy")


@public(function=False)
def xlogy_(self: Any, other: Any) -> Any:
    """`xlogy` in place."""
    return _choose_xlogy(self, other, apply_inplace, "xlogy_")


def _logit_rule(xp, g, input, eps):
    inside = g / (input * (1 - input))
    if eps is None:
        return xp.where((input < 0) | (input > 1), math.nan, inside)
    return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)


@op(pointwise, dtype="float", refuses="c", vjp=_logit_rule)
def logit(xp, input, *, eps=None):
    """log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

    With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.
    """
    if eps is not None:
        low, high = xp.scalar(eps, input.dtype), xp.scalar(1 - eps, input.dtype)
        input = xp.where(input < low, low, xp.where(input > high, high, input))
    return xp.log(input / (1 - input))

