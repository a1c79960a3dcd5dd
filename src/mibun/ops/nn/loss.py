"""Losses: how far predictions are from targets, elementwise or reduced to one number."""

from __future__ import annotations

import warnings
from typing import Any

from .. import _op
from .._op import op
from .reduction import check_reduction, legacy_reduction, reduce_in_kernel, scale_of_mean


def _size_of(xp: Any, x: Any) -> int:
    n = 1
    for size in x.shape:
        n *= size
    return n


def _mse_rule(xp: Any, g: Any, input: Any, target: Any, reduction: str) -> Any:
    difference = input - target
    if reduction == "mean":
        return difference * (g * (2 / (_size_of(xp, difference) or 1)))
    return difference * (g * 2)


@op(name="mse", node="MseLossBackward0", scalars=False, refuses="biuc",
    vjp={
        "input": lambda xp, g, input, target, reduction: _mse_rule(xp, g, input, target, reduction),
        "target": lambda xp, g, input, target, reduction: -_mse_rule(xp, g, input, target, reduction),
    })  # fmt: skip
def _mse(xp, input, target, *, reduction):
    difference = input - target
    return reduce_in_kernel(xp, difference * difference, reduction)


def _warn_of_sizes(name: str, input: Any, target: Any) -> None:
    if target._array.shape != input._array.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will likely "
            "lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )
        _op.check_broadcast([input._array.shape, target._array.shape])


def mse_loss(
    input: Any, target: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean", weight: Any = None
) -> Any:
    """(input - target)**2, for shapes that broadcast; with a warning where they differ.

    weight: factors of the shape of the input; "mean" then divides by their sum.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    check_reduction(reduction)
    _warn_of_sizes("mse_loss", input, target)
    if weight is None:
        return _op.apply(_mse, (input, target), {"reduction": reduction})
    return weighted(_op.apply(_mse, (input, target), {"reduction": "none"}), weight, input, reduction)


def weighted(losses: Any, weight: Any, input: Any, reduction: str) -> Any:
    """Losses times weights, reduced; the mean is over the weights."""
    if weight._array.shape != input._array.shape:
        raise ValueError("Weights and input must have the same size.")
    losses = losses * weight
    if reduction == "mean":
        return losses.sum() / weight.sum()
    return losses.sum() if reduction == "sum" else losses


__all__ = ["mse_loss", "scale_of_mean"]
