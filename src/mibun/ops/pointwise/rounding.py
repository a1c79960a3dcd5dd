"""Rounding, elementwise: `floor`, `ceil`, `trunc`, `frac`, `round`. The derivatives are 0, that of `frac` is 1."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public


def _refusals(name: str, complex_words: str | None = None, kinds: str = "bc") -> dict[str, str | None]:
    words: dict[str, str | None] = {kind: f"\"{name}\" not implemented for '{{dtype}}'" for kind in kinds}
    if complex_words is not None:
        words["c"] = complex_words
    return words


@op(
    pointwise,
    refuses=_refusals("floor_vml_cpu", "floor is not supported for complex inputs"),
    vjp=lambda xp, g: xp.zeros_like(g),
)
def floor(xp, input):
    """The largest integer not above, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.floor(torch.tensor([1.7, -1.2]))
    tensor([ 1., -2.])
    """
    return xp.floor(input)


@op(
    pointwise,
    refuses=_refusals("ceil_vml_cpu", "ceil is not supported for complex inputs"),
    vjp=lambda xp, g: xp.zeros_like(g),
)
def ceil(xp, input):
    """The smallest integer not below, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.ceil(torch.tensor([1.2, -1.7]))
    tensor([ 2., -1.])
    """
    return xp.ceil(input)


@op(
    pointwise,
    aliases=("fix",),
    refuses=_refusals("trunc_vml_cpu", "trunc is not supported for complex inputs"),
    vjp=lambda xp, g: xp.zeros_like(g),
)
def trunc(xp, input):
    """The integer part, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.trunc(torch.tensor([1.7, -1.7]))
    tensor([ 1., -1.])
    """
    return xp.trunc(input)


@op(pointwise, refuses=_refusals("frac_cpu", None, "biuc"), vjp=lambda xp, g: g)
def frac(xp, input):
    """The fractional part, with the sign of the input, elementwise: input - trunc(input).

    >>> import mibun as torch
    >>> torch.frac(torch.tensor([1.5, -1.25]))
    tensor([ 0.5000, -0.2500])
    """
    return input - xp.trunc(input)


@op(
    pointwise,
    name="round_whole",
    node="RoundBackward0",
    public=False,
    refuses=_refusals("round_vml_cpu"),
    vjp=lambda xp, g: xp.zeros_like(g),
)
def _round_whole(xp, input):
    return xp.round(input)


@op(
    pointwise,
    name="round_decimals",
    node="RoundBackward1",
    public=False,
    refuses=_refusals("round_cpu", None, "biuc"),
    vjp=lambda xp, g: xp.zeros_like(g),
)
def _round_decimals(xp, input, *, decimals):
    scale = xp.scalar(10.0 ** builtins.abs(decimals), input.dtype)
    return xp.round(input * scale) / scale if decimals > 0 else xp.round(input / scale) * scale


@public("round")
def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest integer, the even one of two, elementwise; or the nearest multiple of 10 ** -decimals.

    Args:
        decimals: how many digits after the point to keep; negative to round before it.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the same dtype.

    Raises:
        NotImplementedError: for complex dtypes and bool, and for integers with `decimals`.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 2.6]))
    tensor([0., 2., 3.])
    >>> torch.round(torch.tensor([3.14159]), decimals=2)
    tensor([3.1400])
    """
    result = apply(_round_whole, (input,), {}) if decimals == 0 else _to_decimals(input, decimals, apply)
    return finish(result, out, "round")


def _to_decimals(input: Tensor, decimals: int, form: Callable[..., Tensor]) -> Tensor:
    return form(_round_decimals, (input,), {"decimals": decimals})


@public("round_")
def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Round in place."""
    if decimals == 0:
        return apply_inplace(_round_whole, (input,), {}, "round_")
    return _to_decimals(input, decimals, apply_inplace)
