"""The normal distribution's functions and their kin: `entr`, `erfcx`, `ndtr`, `log_ndtr`, `ndtri`, `xlog1py`.

They are public as `torch.special`'s; how they are computed is in `xp/normal_functions.py`.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS
from ...dispatch.declare import op, pointwise
from ...dispatch.overloads import finish, floating, number


def real_only(name: str) -> dict[str, str | None]:
    """Refuse complex numbers, in PyTorch's words."""
    return {"c": f"\"{name}\" not implemented for '{{dtype}}'"}


_ROOT_TWO_PI = math.sqrt(2 * math.pi)


@op(pointwise, dtype="float", name="special_entr", public=False, refuses=real_only("entr_cpu"),
    vjp=lambda xp, g, input: g * (-xp.log(input) - 1))  # fmt: skip
def entr(xp, input):
    """-input * log(input), elementwise: 0 at 0 and -inf below. The entropy of a distribution is its sum."""
    positive = input > 0
    value = -input * xp.log(xp.where(positive, input, 1.0))
    return xp.where(positive | (input != input), value, xp.where(input == 0, xp.zeros_like(input), -math.inf))


@op(pointwise, dtype="float", name="special_erfcx", public=False, refuses=real_only("erfcx_cpu"),
    vjp=lambda xp, g, input, out: g * (2 * input * out - 2 / math.sqrt(math.pi)))  # fmt: skip
def erfcx(xp, input):
    """exp(input²) * erfc(input), elementwise: erfc without its decay."""
    return xp.erfcx(input)


def _density(xp, g, input):
    return g * xp.exp(-0.5 * (input * input)) / _ROOT_TWO_PI


@op(pointwise, dtype="float", name="special_ndtr", node="MulBackward1", public=False,
    refuses=real_only("erf_vml_cpu"), vjp=_density)  # fmt: skip
def ndtr(xp, input):
    """The distribution function of the normal distribution, elementwise: (1 + erf(input / sqrt(2))) / 2."""
    return xp.ndtr(input)


@op(pointwise, dtype="float", name="special_log_ndtr", public=False, refuses=real_only("log_ndtr_cpu"),
    vjp=lambda xp, g, input: g * math.sqrt(2 / math.pi) / xp.special_erfcx(input * -math.sqrt(0.5)))  # fmt: skip
def log_ndtr(xp, input):
    """The logarithm of `ndtr`, elementwise, also where that underflows."""
    return xp.log_ndtr(input)


@op(pointwise, dtype="float", name="special_ndtri", public=False, refuses=real_only("ndtri_cpu"),
    vjp=lambda xp, g, out: g * _ROOT_TWO_PI * xp.exp(0.5 * (out * out)))  # fmt: skip
def ndtri(xp, input):
    """The inverse of `ndtr`, elementwise: the quantiles of the normal distribution; NaN outside of [0, 1]."""
    return xp.ndtri(input)


def _log1p_factor(xp, g, input, other):
    # Where input is 0 the function is 0 however large |log1p(other)| is.
    return xp.where((input == 0) & (other <= -1), 0.0, g * xp.log1p(other))


def _x_log1p_y(xp, x, y):
    return xp.where((x == 0) & (y == y), 0.0, x * xp.log1p(y))


@op(pointwise, dtype="float", name="special_xlog1py", node="SpecialXlog1PyBackward0", public=False,
    refuses=real_only("xlog1py_cpu"),
    vjp={"input": _log1p_factor, "other": lambda xp, g, input, other: g * input / (other + 1)})  # fmt: skip
def _xlog1py(xp, input, other):
    return _x_log1p_y(xp, input, other)


@op(pointwise, dtype="float", name="special_xlog1py_factor", node="SpecialXlog1PyBackward1", public=False,
    refuses=real_only("xlog1py_cpu"), vjp=lambda xp, g, other, input: g * input / (other + 1))  # fmt: skip
def _xlog1py_factor(xp, other, *, input):
    return _x_log1p_y(xp, xp.full_like(other, input), other)


@op(pointwise, dtype="float", name="special_xlog1py_number", node="SpecialXlog1PyBackward2", public=False,
    refuses=real_only("xlog1py_cpu"),
    vjp=lambda xp, g, input, other: _log1p_factor(xp, g, input, xp.full_like(input, other)))  # fmt: skip
def _xlog1py_number(xp, input, *, other):
    return _x_log1p_y(xp, input, xp.full_like(input, other))


def choose(name: str, input: Any, other: Any, both: Any, first_a_number: Any, second_a_number: Any) -> Any:
    """Apply the operator for two Tensors, or that for a number and a Tensor. TypeError for two numbers."""
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


def xlog1py(input: Any, other: Any, *, out: Any = None) -> Any:
    """input * log1p(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number."""
    result = choose("special_xlog1py", input, other, _xlog1py, _xlog1py_factor, _xlog1py_number)
    return finish(result, out, "special_xlog1py")
