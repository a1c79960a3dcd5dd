"""The gamma function's wider family: the incomplete gamma functions, the multivariate one, and Hurwitz's zeta function.

How they are computed is in `xp/gamma_functions.py`.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish, refusals
from ...dispatch.public import public
from .normal import choose, real_only


def _unknown(name: str) -> Any:
    """The rule of an operand that PyTorch has no derivative for, nor do we."""

    def rule(xp, g):
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")

    return rule


def _peak(xp, g, input, other):
    """The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a)."""
    return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))


@op(pointwise, scalars=False, refuses=refusals("igamma_cpu", "biuc"),
    vjp={"input": _unknown("igamma: input"), "other": _peak})  # fmt: skip
def igamma(xp, input, other):
    """The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

    Differentiable with respect to `other` only: for `input` the backward raises NotImplementedError.
    """
    return xp.igamma(input, other)


@op(pointwise, scalars=False, refuses=refusals("igammac_cpu", "biuc"),
    vjp={"input": _unknown("igammac: input"),
         "other": lambda xp, g, input, other: -_peak(xp, g, input, other)})  # fmt: skip
def igammac(xp, input, other):
    """The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`."""
    return xp.igammac(input, other)


@op(pointwise, dtype="float", name="special_zeta", public=False, refuses=real_only("zeta_cpu"),
    vjp={"input": _unknown("zeta"),
         "other": lambda xp, g, input, other: -g * input * xp.special_zeta(input + 1, other)})  # fmt: skip
def _zeta(xp, input, other):
    return xp.zeta(input, other)


@op(pointwise, dtype="float", name="special_zeta_order", node="SpecialZetaBackward1", public=False,
    refuses=real_only("zeta_cpu"),
    vjp=lambda xp, g, other, input: -g * input * xp.special_zeta_order(other, input=input + 1))  # fmt: skip
def _zeta_order(xp, other, *, input):
    return xp.zeta(xp.full_like(other, input), other)


@op(pointwise, dtype="float", name="special_zeta_number", node="SpecialZetaBackward2", public=False,
    refuses=real_only("zeta_cpu"), vjp=_unknown("zeta"))  # fmt: skip
def _zeta_number(xp, input, *, other):
    return xp.zeta(input, xp.full_like(input, other))


def zeta(input: Any, other: Any, *, out: Any = None) -> Any:
    """Hurwitz's zeta function, the sum of (other + k) ** -input over k from 0, elementwise; either may be a number.

    Differentiable with respect to `other` only: for `input` the backward raises NotImplementedError.
    """
    return finish(choose("special_zeta", input, other, _zeta, _zeta_order, _zeta_number), out, "special_zeta")


def _mvlgamma_rule(xp, g, input, p):
    total = xp.digamma(input)
    for j in range(1, p):
        total = total + xp.digamma(input - j / 2)
    return g * total


@op(pointwise, dtype="float", name="mvlgamma_of", node="MvlgammaBackward0", public=False,

    refuses=real_only("mvlgamma_cpu"), vjp=_mvlgamma_rule)  # fmt: skip
def _mvlgamma(xp, input, *, p):
    total = xp.lgamma(input)
    for j in range(1, p):
        total = total + xp.lgamma(input - j / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)


def _apply_mvlgamma(input: Any, p: Any, form: Any, *name: str) -> Any:
    if isinstance(p, bool) or not isinstance(p, int):
        raise TypeError(f"mvlgamma(): argument 'p' (position 2) must be int, not {type(p).__name__}")
    if isinstance(input, Tensor) and input._array_.dtype.kind == "b":
        raise RuntimeError("The input tensor may not be a boolean tensor. (In mvlgamma.)")
    if p < 1:
        raise RuntimeError(f"p has to be greater than or equal to 1, but mvlgamma() got {p}")
    return form(_mvlgamma, (input,), {"p": p}, *name)


@public()
def mvlgamma(input: Any, p: int, *, out: Any = None) -> Any:
    """The logarithm of the multivariate gamma function of dimension p, elementwise.

    It is p (p - 1) / 4 log(pi) plus the sum of lgamma(input - j / 2) over j from 0 to p - 1. RuntimeError for p < 1.
    """
    return finish(_apply_mvlgamma(input, p, apply), out, "mvlgamma")


@public(function=False)
def mvlgamma_(self: Any, p: int) -> Any:
    """`mvlgamma` in place."""
    return _apply_mvlgamma(self, p, apply_inplace, "mvlgamma_")
