"""How a loss is reduced to one number, and the older arguments that said so."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...core.dtypes import get_default_dtype
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor


def legacy_reduction(size_average: bool | None, reduce: bool | None) -> str:
    """The `reduction=` that PyTorch's older arguments size_average and reduce stand for, with its warning."""
    reduction = meant_reduction(size_average, reduce)
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
        stacklevel=stacklevel(),
    )
    return reduction


def meant_reduction(size_average: bool | None, reduce: bool | None) -> str:
    """The same without the warning."""
    size_average = True if size_average is None else size_average
    reduce = True if reduce is None else reduce
    return "mean" if size_average and reduce else "sum" if reduce else "none"


def check_reduction(reduction: str) -> None:
    """ValueError for anything but 'none', 'mean' and 'sum'."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'none', 'mean' or 'sum'")


def reduce_loss(loss: Tensor, reduction: str) -> Tensor:
    """The losses themselves, their mean or their sum."""
    if reduction == "mean":
        return loss.mean()
    if reduction == "sum":
        return loss.sum()
    check_reduction(reduction)
    return loss


def check_castable(input: Tensor, target: Tensor) -> None:
    """RuntimeError where losses, which have the dtype of the input, cannot be given in that."""
    if input._array_.dtype.kind in "biu" or target.dtype.category > input.dtype.category:
        computed = target.dtype if target.dtype.category > 2 else get_default_dtype()
        raise RuntimeError(
            f"result type {computed.scalar_name} can't be cast to the desired output type {input.dtype.scalar_name}"
        )


def reduce_in_kernel(xp: Any, loss: Array, reduction: str) -> Array:
    """The same in a kernel, on raw arrays."""
    if reduction == "none":
        return loss
    return xp.mean(loss) if reduction == "mean" else xp.sum(loss)


def mean_share(xp: Any, g: Array, losses: Array, reduction: str) -> Array:
    """The gradient of each loss from that of the reduced loss."""
    return g / (math.prod(losses.shape) or 1) if reduction == "mean" else g


def weighted(losses: Tensor, weight: Tensor, input: Tensor, reduction: str) -> Tensor:
    """Losses times weights, reduced; the mean is over the weights. ValueError where their shapes differ."""
    if weight._array_.shape != input._array_.shape:
        raise ValueError("Weights and input must have the same size.")
    losses = losses * weight
    if reduction == "mean":
        return losses.sum() / weight.sum()
    return losses.sum() if reduction == "sum" else losses
