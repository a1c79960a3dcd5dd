"""How a loss is reduced to one number, and the older arguments that said so."""

from __future__ import annotations

import warnings
from typing import Any

from ...core.registry import FUNCTIONS
from ...core.site import stacklevel


def legacy_reduction(size_average: Any, reduce: Any) -> str:
    """The `reduction=` that PyTorch's older arguments size_average and reduce stand for, with its warning."""
    size_average = True if size_average is None else size_average
    reduce = True if reduce is None else reduce
    reduction = "mean" if size_average and reduce else "sum" if reduce else "none"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
        stacklevel=stacklevel(),
    )
    return reduction


def check_reduction(reduction: Any) -> None:
    """ValueError for anything but 'none', 'mean' and 'sum'."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction: use 'none', 'mean' or 'sum'")


def reduce_loss(loss: Any, reduction: str) -> Any:
    """The losses themselves, their mean or their sum."""
    if reduction == "mean":
        return FUNCTIONS["mean"](loss)
    if reduction == "sum":
        return FUNCTIONS["sum"](loss)
    check_reduction(reduction)
    return loss


def reduce_in_kernel(xp: Any, loss: Any, reduction: str) -> Any:
    """The same in a kernel, on raw arrays."""
    if reduction == "none":
        return loss
    return xp.mean(loss) if reduction == "mean" else xp.sum(loss)


def scale_of_mean(g: Any, reduction: str, loss_size: int) -> Any:
    """The gradient of each loss from that of the reduced loss."""
    return g / loss_size if reduction == "mean" and loss_size else g
