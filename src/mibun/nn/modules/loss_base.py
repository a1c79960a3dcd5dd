"""What the losses share: `reduction`, the weight of classes, and PyTorch's older arguments.

`reduction` is "mean" (over elements, or samples where there are classes), "sum" or "none". The older arguments
`size_average` and `reduce` are understood, with PyTorch's warning.
"""

from __future__ import annotations

import warnings

from ...core.site import stacklevel
from ...core.tensor import Tensor
from .module import Module


def _reduction(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    """The `reduction` that the older arguments ask for, if they are given."""
    if size_average is None and reduce is None:
        return reduction
    reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
        stacklevel=stacklevel(),
    )
    return reduction


class _Loss(Module):
    __constants__ = ["reduction"]
    reduction: str

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean") -> None:
        super().__init__()
        self.reduction = _reduction(size_average, reduce, reduction)


class _WeightedLoss(_Loss):
    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
