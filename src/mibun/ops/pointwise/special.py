"""Special functions: the error function and its kin, the gamma function's logarithm and derivatives, Bessel functions.

Real dtypes only; integers give the default dtype. How they are computed is in `xp/special_functions.py`.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.registry import METHODS
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public


def _real_only(name: str) -> dict[str, str | None]:
    return {"c": f"\"{name}\" not implemented for '{{dtype}}'"}


@op(pointwise, dtype="float", refuses=_real_only("erf_vml_cpu"),
    vjp=lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * xp.exp(-(input * input)))  # fmt: skip
def erf(xp, input):
    """The error function, elementwise: 2/sqrt(pi) times the integral of exp(-t²) from 0 to input."""
    return xp.erf(input)


@op(pointwise, dtype="float", refuses=_real_only("erfc_vml_cpu"),
    vjp=lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * xp.exp(-(input * input)))  # fmt: skip
def erfc(xp, input):
    """1 - erf(input), elementwise, without loss of digits where that is small."""
    return xp.erfc(input)


def _erfinv_rule(xp, g, input):
    root = xp.erfinv(input)
    return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)


@op(pointwise, dtype="float", refuses=_real_only("erfinv_vml_cpu"), vjp=_erfinv_rule)
def erfinv(xp, input):
    """The inverse of `erf`, elementwise: infinite at ±1, NaN beyond."""
    return xp.erfinv(input)


@op(pointwise, dtype="float", refuses=_real_only("lgamma_vml_cpu"), vjp=lambda xp, g, input: g * xp.digamma(input))
def lgamma(xp, input):
    """log |gamma(input)|, elementwise; infinite at 0 and the negative integers."""
    return xp.lgamma(input)


@op(pointwise, dtype="float", refuses=_real_only("digamma"),
    vjp=lambda xp, g, input: g * xp.polygamma_of(input, n=1))  # fmt: skip
def digamma(xp, input):
    """The derivative of `lgamma`, elementwise; infinite at 0, NaN at the negative integers."""
    return xp.digamma(input)


@op(pointwise, dtype="float", name="polygamma_of", node="PolygammaBackward0", public=False,
    refuses=_real_only("polygamma"),
    vjp=lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1))  # fmt: skip
def _polygamma_of(xp, input, *, n):
    return xp.polygamma(n, input)


def _order(n: Any) -> int:
    if not isinstance(n, int):
        raise TypeError(f"polygamma(): argument 'n' (position 1) must be int, not {type(n).__name__}")
    if n < 0:
        raise RuntimeError(f"polygamma(n, x) does not support negative n, but n is {n}.")
    return n


@public(method=False)
def polygamma(n: int, input: Any, *, out: Any = None) -> Any:
    """The n-th derivative of `digamma`, elementwise. RuntimeError for negative n.

    >>> import mibun as torch
    >>> torch.polygamma(1, torch.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"polygamma(): argument 'input' (position 2) must be Tensor, not {type(input).__name__}")
    return finish(_apply_order(input, _order(n), apply), out, "polygamma")


def _apply_order(input: Any, n: int, form: Any, *name: str) -> Any:
    return form(_polygamma_of, (input,), {"n": n}, *name)


@public("polygamma", function=False)
def _polygamma_method(self: Any, n: int) -> Any:
    """The n-th derivative of `digamma`, elementwise."""
    return polygamma(n, self)


@public("polygamma_", function=False)
def _polygamma_inplace(self: Any, n: int) -> Any:
    """`polygamma` in place."""
    return _apply_order(self, _order(n), apply_inplace, "polygamma_")


del METHODS["_polygamma_method"], METHODS["_polygamma_inplace"]


@op(pointwise, dtype="float", refuses=_real_only("i0_vml_cpu"), vjp=lambda xp, g, input: g * xp.bessel_i1(input))
def i0(xp, input):
    """The modified Bessel function of the first kind of order 0, elementwise."""
    return xp.i0(input)


def _i1_rule(xp, g, input, out):
    # I1' = I0 - I1/x, which tends to 1/2 at 0.
    zero = input == 0
    return g * xp.where(zero, 0.5, xp.i0(input) - out / xp.where(zero, 1.0, input))


@op(pointwise, dtype="float", name="bessel_i1", node="SpecialI1Backward0", public=False, refuses=_real_only("i1_cpu"),
    vjp=_i1_rule)  # fmt: skip
def _bessel_i1(xp, input):
    return xp.i1(input)
