"""Functions of each element, by the Array API standard: PyTorch's, on operands cast to one dtype first.

Most have no more to say than which function of PyTorch they are.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor
from ..ops.annotations import Number
from ..ops.creation.filled import full
from ..ops.pointwise.complexes import complex as _complex
from ..ops.pointwise.rounding import round as _round
from .creation import zeros_like
from .dtypes import iinfo, nan, promoted, with_floating

Array = Tensor | Number
_OfOne = Callable[[Tensor], Tensor]
_OfTwo = Callable[[Array, Array], Tensor]

# --- PyTorch's, under the standard's names ---


def _of_one(name: str, what: str, torch_name: str | None = None, floating: builtins.bool = False) -> _OfOne:
    torch_function = FUNCTIONS[torch_name or name]  # made from its declaration, it stands in this table alone

    def function(x: Tensor, /) -> Tensor:
        return torch_function(with_floating(x) if floating else x)

    integers = ", integers cast to the default floating dtype" if floating else ""
    function.__doc__ = (
        f"{what}\n\nx: of any shape{integers}. It is `mibun.{torch_name or name}`, with its derivative.\n"
    )
    return _called(function, name)


def _of_two(name: str, what: str, torch_name: str | None = None, floating: builtins.bool = False) -> _OfTwo:
    torch_function = FUNCTIONS[torch_name or name]

    def function(x1: Array, x2: Array, /) -> Tensor:
        return torch_function(*promoted(x1, x2, floating=floating))

    function.__doc__ = (
        f"{what}\n\nx1, x2: Tensors, or one of them a number, cast to the dtype that `result_type` gives"
        f"{' (no integers: the default floating dtype)' if floating else ''}, and broadcast. It is `mibun."
        f"{torch_name or name}`, with its derivative.\n"
    )
    return _called(function, name)


def _called(function: Any, name: str) -> Any:
    function.__name__ = function.__qualname__ = name
    return function


abs = _of_one("abs", "The absolute value; for complex numbers the modulus, which is real.")
acos = _of_one("acos", "The inverse cosine, in [0, π].", floating=True)
acosh = _of_one("acosh", "The inverse hyperbolic cosine.", floating=True)
asin = _of_one("asin", "The inverse sine, in [-π/2, π/2].", floating=True)
asinh = _of_one("asinh", "The inverse hyperbolic sine.", floating=True)
atan = _of_one("atan", "The inverse tangent, in [-π/2, π/2].", floating=True)
atanh = _of_one("atanh", "The inverse hyperbolic tangent.", floating=True)
bitwise_invert = _of_one("bitwise_invert", "All bits inverted; of bool: not.", "bitwise_not")
ceil = _of_one("ceil", "The smallest whole number that is not less, in the dtype of x.")
cos = _of_one("cos", "The cosine.", floating=True)
cosh = _of_one("cosh", "The hyperbolic cosine.", floating=True)
exp = _of_one("exp", "The exponential.", floating=True)
expm1 = _of_one("expm1", "exp(x) - 1, without cancellation near 0.", floating=True)
floor = _of_one("floor", "The largest whole number that is not greater, in the dtype of x.")
isfinite = _of_one("isfinite", "Whether each element is neither infinite nor NaN.")
isinf = _of_one("isinf", "Whether each element is infinite; of complex numbers, whether one of its parts is.")
isnan = _of_one("isnan", "Whether each element is NaN; of complex numbers, whether one of its parts is.")
log = _of_one("log", "The natural logarithm.", floating=True)
log10 = _of_one("log10", "The logarithm to base 10.", floating=True)
log1p = _of_one("log1p", "log(1 + x), without cancellation near 0.", floating=True)
log2 = _of_one("log2", "The logarithm to base 2.", floating=True)
logical_not = _of_one("logical_not", "Not, of bool.")
negative = _of_one("negative", "-x.", "neg")
positive = _of_one("positive", "+x.")
reciprocal = _of_one("reciprocal", "1 / x.", floating=True)
signbit = _of_one("signbit", "Whether the sign bit is set: of negative numbers, and of -0.")
sin = _of_one("sin", "The sine.", floating=True)
sinh = _of_one("sinh", "The hyperbolic sine.", floating=True)
sqrt = _of_one("sqrt", "The square root, principal for complex numbers.", floating=True)
square = _of_one("square", "x * x.")
tan = _of_one("tan", "The tangent.", floating=True)
tanh = _of_one("tanh", "The hyperbolic tangent.", floating=True)
trunc = _of_one("trunc", "The whole number next to x on the way to 0, in the dtype of x.")

add = _of_two("add", "x1 + x2.")
atan2 = _of_two("atan2", "The angle of the point (x2, x1), in [-π, π].", floating=True)
bitwise_and = _of_two("bitwise_and", "The bits that are set in both; of bool: and.")
bitwise_left_shift = _of_two("bitwise_left_shift", "The bits of x1 moved up by x2 places, x2 ≥ 0.")
bitwise_or = _of_two("bitwise_or", "The bits that are set in either; of bool: or.")
bitwise_right_shift = _of_two(
    "bitwise_right_shift", "The bits of x1 moved down by x2 places, x2 ≥ 0, keeping the sign."
)
bitwise_xor = _of_two("bitwise_xor", "The bits that are set in one of both; of bool: either, not both.")
copysign = _of_two("copysign", "|x1| with the sign of x2.", floating=True)
divide = _of_two("divide", "x1 / x2.", "div", floating=True)
equal = _of_two("equal", "Whether x1 = x2.", "eq")
floor_divide = _of_two("floor_divide", "The largest whole number that is not greater than x1 / x2.")
greater = _of_two("greater", "Whether x1 > x2.", "gt")
greater_equal = _of_two("greater_equal", "Whether x1 ≥ x2.", "ge")
hypot = _of_two("hypot", "√(x1² + x2²), without overflow in between.", floating=True)
less = _of_two("less", "Whether x1 < x2.", "lt")
less_equal = _of_two("less_equal", "Whether x1 ≤ x2.", "le")
logaddexp = _of_two("logaddexp", "log(exp(x1) + exp(x2)), without overflow in between.", floating=True)
logical_and = _of_two("logical_and", "Whether both are true.")
logical_or = _of_two("logical_or", "Whether one or both are true.")
logical_xor = _of_two("logical_xor", "Whether one of both is true, but not both.")
maximum = _of_two("maximum", "The greater one; NaN where one is NaN.")
minimum = _of_two("minimum", "The smaller one; NaN where one is NaN.")
multiply = _of_two("multiply", "x1 x2.", "mul")
nextafter = _of_two("nextafter", "The next floating point number after x1 towards x2.", floating=True)
not_equal = _of_two("not_equal", "Whether x1 ≠ x2.", "ne")
pow = _of_two("pow", "x1 to the power x2.")
remainder = _of_two("remainder", "x1 - floor(x1 / x2) x2, which has the sign of x2.")
subtract = _of_two("subtract", "x1 - x2.", "sub")


# --- those that PyTorch has otherwise ---


def clip(x: Tensor, /, min: Array | None = None, max: Array | None = None) -> Tensor:
    """`x`, but what is below `min` replaced by it, and what is above `max` by that; in the dtype of x.

    Args:
        min, max: numbers or Tensors, broadcast against x; None for no limit. NaN gives NaN.

    The gradient flows to what each element came from: x, min or max.

    >>> from mibun import array_api as xp
    >>> xp.clip(xp.asarray([-3, 0, 300], dtype=xp.int16), 0, xp.asarray(255))
    tensor([  0,   0, 255], dtype=torch.int16)
    """
    result = x
    # An integer that no x reaches has nothing to replace, and need not fit into the dtype of x.
    if min is not None and not _beyond(x, min, below=True):
        low, value = promoted(min, result)
        result = FUNCTIONS["where"](FUNCTIONS["isnan"](low) | (value < low), low, value)
    if max is not None and not _beyond(x, max, below=False):
        high, value = promoted(max, result)
        result = FUNCTIONS["where"](FUNCTIONS["isnan"](high) | (value > high), high, value)
    return result.clone() if result is x else result.to(x.dtype)


def _beyond(x: Tensor, limit: Array, below: builtins.bool) -> builtins.bool:
    if not isinstance(limit, int) or x.dtype.category != 1:
        return False
    limits = iinfo(x)
    return limit < limits.min if below else limit > limits.max


def conj(x: Tensor, /) -> Tensor:
    """The complex conjugate; of real numbers, x itself.

    >>> from mibun import array_api as xp
    >>> xp.conj(xp.asarray([1 + 2j]))
    tensor([1.-2.j])
    """
    return FUNCTIONS["conj_physical"](x)


def imag(x: Tensor, /) -> Tensor:
    """The imaginary part: zeros for real numbers.

    >>> from mibun import array_api as xp
    >>> xp.imag(xp.asarray([1 + 2j]))
    tensor([2.])
    """
    return FUNCTIONS["imag"](x) if x.dtype.is_complex else zeros_like(x)


def real(x: Tensor, /) -> Tensor:
    """The real part: of real numbers, x itself.

    >>> from mibun import array_api as xp
    >>> xp.real(xp.asarray([1 + 2j]))
    tensor([1.])
    """
    return FUNCTIONS["real"](x)


def round(x: Tensor, /) -> Tensor:
    """The nearest whole number, the even one of two, in the dtype of x; of complex numbers, of each part.

    >>> from mibun import array_api as xp
    >>> xp.round(xp.asarray([0.5, 1.5, -1.2]))
    tensor([ 0.,  2., -1.])
    """
    if x.dtype.is_complex:
        return _complex(_round(FUNCTIONS["real"](x)), _round(FUNCTIONS["imag"](x)))
    return _round(x)


def sign(x: Tensor, /) -> Tensor:
    """-1, 0 or 1 by the sign; of complex numbers x / |x|, and 0 for 0. NaN for NaN, where PyTorch has 0.

    >>> from mibun import array_api as xp
    >>> xp.sign(xp.asarray([-2.0, 0.0, xp.nan]))
    tensor([-1.,  0., nan])
    """
    result = FUNCTIONS["sgn"](x)
    if x.dtype.category < 2:
        return result
    not_a_number = full((), complex(nan, nan) if x.dtype.is_complex else nan, dtype=x.dtype)
    return FUNCTIONS["where"](FUNCTIONS["isnan"](x), not_a_number, result)
