"""Floating point numbers taken apart and put together: `frexp`, `ldexp`, and `nextafter`, the neighbouring float."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.declare import op, pointwise
from ...dispatch.overloads import refusals
from ...dispatch.public import public
from ..reductions.extremes import finish_pair


@op(
    pointwise,
    dtype="float",
    scalars=False,
    vjp={
        "input": lambda xp, g, other: g * xp.conj(xp.exp2(other)),
        "other": lambda xp, g, out: g * xp.conj(out) * math.log(2),
    },
)
def ldexp(xp, input, other):
    """input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([4]))
    tensor([24.])
    """
    return input * xp.exp2(other)


@op(
    name="frexp_parts",
    node="FrexpBackward0",
    dtype=None,
    outputs=("mantissa", "exponent"),
    n_differentiable=1,
    refuses=dict.fromkeys("biuc", "torch.frexp() only supports floating-point dtypes"),
    public=False,
    vjp=lambda xp, g, exponent: g / xp.exp2(xp.astype(exponent, g.dtype)),
)
def _frexp(xp, input):
    return xp.frexp(input)


@public("frexp")
def frexp(input: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """Mantissas of magnitude in [0.5, 1), and int32 exponents of 2: input = mantissa * 2 ** exponent, elementwise.

    0, infinities and NaN are their own mantissas, with exponent 0. The exponents count as constants in the gradient.
    RuntimeError for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.frexp(torch.tensor([12.]))
    torch.return_types.frexp(
    mantissa=tensor([0.7500]),
    exponent=tensor([4], dtype=torch.int32))
    """
    return finish_pair(return_types.frexp, _frexp(input), out, "frexp")


@op(
    pointwise,
    scalars=False,
    refuses=refusals("nextafter_cpu", "biuc"),
    vjp={
        "input": lambda xp, g, input, other: xp.where(input == other, 0.0, g),
        "other": lambda xp, g: xp.zeros_like(g),
    },
)
def nextafter(xp, input, other):
    """The float next to input in the direction of other, elementwise. Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.nextafter(torch.tensor([1.]), torch.tensor([2.])) - 1
    tensor([1.1921e-07])
    """
    return xp.nextafter(input, other)
