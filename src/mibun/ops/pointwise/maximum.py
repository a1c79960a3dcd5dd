"""The larger and the smaller of two Tensors, elementwise: `maximum`, `minimum`, `fmax`, `fmin`.

The extremes of one Tensor are in `reductions/extremes.py`.
"""

from __future__ import annotations

from ...dispatch.declare import op, pointwise


def _winner(better: str) -> dict:
    """The rules of maximum and minimum: ties share the gradient half and half."""

    def for_input(xp, g, input, other):
        return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))

    def for_other(xp, g, input, other):
        return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))

    return {"input": for_input, "other": for_other}


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "maximum not implemented for complex tensors."},
    vjp=_winner("greater"),
)
def maximum(xp, input, other):
    """The larger of two Tensors, elementwise; NaN if either is NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, each gets half of the gradient.

    >>> import mibun as torch
    >>> torch.maximum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
    tensor([3., 5.])
    """
    return xp.maximum(input, other)


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "minimum not implemented for complex tensors."},
    vjp=_winner("less"),
)
def minimum(xp, input, other):
    """The smaller of two Tensors, elementwise; NaN if either is NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, each gets half of the gradient.

    >>> import mibun as torch
    >>> torch.minimum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
    tensor([1., 2.])
    """
    return xp.minimum(input, other)


def _number_wins(better: str) -> dict:
    """The rules of fmax and fmin: ties go to the first operand, and NaN loses to any number."""

    def first(xp, input, other):
        return getattr(xp, better)(input, other) | xp.isnan(other)

    return {
        "input": lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0),
        "other": lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g),
    }


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "fmax not implemented for complex tensors."},
    vjp=_number_wins("greater_equal"),
)
def fmax(xp, input, other):
    """The larger of two Tensors, elementwise; a number is preferred to NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, the gradient goes to `input`.

    >>> import mibun as torch
    >>> torch.fmax(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
    tensor([3., 2.])
    """
    return xp.fmax(input, other)


@op(
    pointwise,
    scalars=False,
    inplace=False,
    refuses={"c": "fmin not implemented for complex tensors."},
    vjp=_number_wins("less_equal"),
)
def fmin(xp, input, other):
    """The smaller of two Tensors, elementwise; a number is preferred to NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, the gradient goes to `input`.

    >>> import mibun as torch
    >>> torch.fmin(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
    tensor([1., 2.])
    """
    return xp.fmin(input, other)
