"""The gamma function's family: `lgamma` and its derivatives, `mvlgamma`, incomplete gamma functions, `zeta`.

Real dtypes only; integers give the default dtype. How they are computed is in `xp/special/functions.py` and
`xp/special/gamma.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish, refusals
from ...dispatch.public import public
from ...xp.special.orders import slopes_of_exponential
from ..annotations import Number
from .logarithms import choose_by_numbers


@op(pointwise, dtype="float", refuses=refusals("lgamma_vml_cpu", "c"), vjp=lambda xp, g, input: g * xp.digamma(input))
def lgamma(xp, input):
    """log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lgamma(torch.tensor([3., 0.5]))
    tensor([0.6931, 0.5724])
    """
    return xp.lgamma(input)


@op(
    pointwise, dtype="float", refuses=refusals("digamma", "c"), vjp=lambda xp, g, input: g * xp.polygamma_of(input, n=1)
)
def digamma(xp, input):
    """The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.digamma(torch.tensor([1., 2.]))
    tensor([-0.5772,  0.4228])
    """
    return xp.digamma(input)


@op(
    pointwise,
    dtype="float",
    name="polygamma_of",
    node="PolygammaBackward0",
    public=False,
    refuses=refusals("polygamma", "c"),
    vjp=lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1),
)
def _polygamma_of(xp, input, *, n):
    return xp.polygamma(n, input)


def _order(n: int) -> int:
    if not isinstance(n, int):
        raise TypeError(f"polygamma(): argument 'n' (position 1) must be int, not {type(n).__name__}")
    if n < 0:
        raise RuntimeError(f"polygamma(n, x) does not support negative n, but n is {n}.")
    return n


@public("polygamma", method=False)
def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`, elementwise. RuntimeError for negative n.

    >>> import mibun as torch
    >>> torch.polygamma(1, torch.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"polygamma(): argument 'input' (position 2) must be Tensor, not {type(input).__name__}")
    return finish(_apply_order(input, _order(n), apply), out, "polygamma")


def _apply_order(input: Tensor, n: int, form: Callable[..., Tensor], *name: str) -> Tensor:
    return form(_polygamma_of, (input,), {"n": n}, *name)


@public("polygamma", function=False)
def _polygamma_method(self: Tensor, n: int) -> Tensor:
    """The n-th derivative of `digamma`, elementwise."""
    return polygamma(n, self)


@public("polygamma_", function=False)
def polygamma_(self: Tensor, n: int) -> Tensor:
    """`polygamma` in place."""
    return _apply_order(self, _order(n), apply_inplace, "polygamma_")


# --- several dimensions ---


def _mvlgamma_rule(xp, g, input, p):
    total = xp.digamma(input)
    for j in range(1, p):
        total = total + xp.digamma(input - j / 2)
    return g * total


@op(
    pointwise,
    dtype="float",
    name="mvlgamma_of",
    node="MvlgammaBackward0",
    public=False,
    refuses=refusals("mvlgamma_cpu", "c"),
    vjp=_mvlgamma_rule,
)
def _mvlgamma(xp, input, *, p):
    total = xp.lgamma(input)
    for j in range(1, p):
        total = total + xp.lgamma(input - j / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)


def _apply_mvlgamma(input: Tensor, p: int, form: Callable[..., Tensor], *name: str) -> Tensor:
    if isinstance(p, bool) or not isinstance(p, int):
        raise TypeError(f"mvlgamma(): argument 'p' (position 2) must be int, not {type(p).__name__}")
    if isinstance(input, Tensor) and input._array_.dtype.kind == "b":
        raise RuntimeError("The input tensor may not be a boolean tensor. (In mvlgamma.)")
    if p < 1:
        raise RuntimeError(f"p has to be greater than or equal to 1, but mvlgamma() got {p}")
    return form(_mvlgamma, (input,), {"p": p}, *name)


@public("mvlgamma")
def mvlgamma(input: Tensor, p: int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension p, elementwise.

    It is p (p - 1) / 4 log(pi) plus the sum of lgamma(input - j / 2) over j from 0 to p - 1. RuntimeError for p < 1.

    >>> import mibun as torch
    >>> torch.mvlgamma(torch.tensor([3.]), 2)
    tensor([1.5502])
    """
    return finish(_apply_mvlgamma(input, p, apply), out, "mvlgamma")


@public("mvlgamma_", function=False)
def mvlgamma_(self: Tensor, p: int) -> Tensor:
    """`mvlgamma` in place."""
    return _apply_mvlgamma(self, p, apply_inplace, "mvlgamma_")


# --- incomplete gamma functions ---


def _peak(xp, g, input, other):
    """The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a)."""
    return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))


def _peak_slope(xp, g, input, other, n):
    """The n-th derivative of that by a: of a times x ** (a - 1) exp(-x) / gamma(a + 1), smooth at a = 0, too."""
    above = input + 1
    slopes = [xp.log(other) - xp.digamma(above), *[-xp.polygamma_of(above, n=k) for k in range(1, n)]]
    bell = slopes_of_exponential(slopes)
    density = xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(above))
    # Where that is 0, infinite logarithms change nothing.
    return xp.where(other > 0, g * density * (input * bell[n] + n * bell[n - 1]), 0.0)


# The n-th derivative of P(a, x) by a.
@op(
    pointwise,
    name="igamma_order_derivative",
    public=False,
    scalars=False,
    vjp={
        "input": lambda xp, g, input, other, n: g * xp.igamma_order_derivative(input, other, n=n + 1),
        "other": _peak_slope,
    },
)
def _igamma_order_derivative(xp, input, other, *, n):
    return xp.igamma_slope(n, input, other)


@op(
    pointwise,
    scalars=False,
    refuses=refusals("igamma_cpu", "biuc"),
    vjp={
        "input": lambda xp, g, input, other: g * xp.igamma_order_derivative(input, other, n=1),
        "other": _peak,
    },
)
def igamma(xp, input, other):
    """The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

    Differentiable with respect to both, where PyTorch has no derivative for `input`.

    >>> import mibun as torch
    >>> torch.igamma(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.8647])
    """
    return xp.igamma(input, other)


@op(
    pointwise,
    scalars=False,
    refuses=refusals("igammac_cpu", "biuc"),
    vjp={
        "input": lambda xp, g, input, other: -g * xp.igamma_order_derivative(input, other, n=1),
        "other": lambda xp, g, input, other: -_peak(xp, g, input, other),
    },
)
def igammac(xp, input, other):
    """The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`.

    >>> import mibun as torch
    >>> torch.igammac(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.1353])
    """
    return xp.igammac(input, other)


# --- Hurwitz's zeta function ---


def _zeta_slope_rule(xp, g, input, other, n):
    # n derivatives by s of -s zeta(s + 1, q).
    following = input * xp.zeta_order_derivative(input + 1, other, n=n)
    before = xp.special_zeta(input + 1, other) if n == 1 else xp.zeta_order_derivative(input + 1, other, n=n - 1)
    return -g * (following + n * before)


# The n-th derivative of zeta(s, q) by s.
@op(
    pointwise,
    name="zeta_order_derivative",
    public=False,
    scalars=False,
    vjp={
        "input": lambda xp, g, input, other, n: g * xp.zeta_order_derivative(input, other, n=n + 1),
        "other": _zeta_slope_rule,
    },
)
def _zeta_order_derivative(xp, input, other, *, n):
    return xp.zeta_slope(n, input, other)


@op(
    pointwise,
    dtype="float",
    name="special_zeta",
    public=False,
    refuses=refusals("zeta_cpu", "c"),
    vjp={
        "input": lambda xp, g, input, other: g * xp.zeta_order_derivative(input, other, n=1),
        "other": lambda xp, g, input, other: -g * input * xp.special_zeta(input + 1, other),
    },
)
def _zeta(xp, input, other):
    return xp.zeta(input, other)


@op(
    pointwise,
    dtype="float",
    name="special_zeta_order",
    node="SpecialZetaBackward1",
    public=False,
    refuses=refusals("zeta_cpu", "c"),
    vjp=lambda xp, g, other, input: -g * input * xp.special_zeta_order(other, input=input + 1),
)
def _zeta_order(xp, other, *, input):
    return xp.zeta(xp.full_like(other, input), other)


@op(
    pointwise,
    dtype="float",
    name="special_zeta_number",
    node="SpecialZetaBackward2",
    public=False,
    refuses=refusals("zeta_cpu", "c"),
    vjp=lambda xp, g, input, other: g * xp.zeta_order_derivative(input, xp.full_like(input, other), n=1),
)
def _zeta_number(xp, input, *, other):
    return xp.zeta(input, xp.full_like(input, other))


def zeta(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Hurwitz's zeta function, the sum of (other + k) ** -input over k from 0, elementwise; either may be a number.

    Differentiable with respect to both, where PyTorch has no derivative for `input`.

    >>> import mibun as torch
    >>> torch.special.zeta(torch.tensor([2.]), 1)
    tensor([1.6449])
    """
    return finish(
        choose_by_numbers("special_zeta", input, other, _zeta, _zeta_order, _zeta_number), out, "special_zeta"
    )
