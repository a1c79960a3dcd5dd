"""`torch.nn._reduction`: the reductions of losses as the numbers that PyTorch's operators take."""

from __future__ import annotations

import warnings

from ..core.site import stacklevel
from ..ops.nn.loss_reduction import check_reduction, legacy_reduction, meant_reduction

_NUMBERS = {"none": 0, "mean": 1, "sum": 2}


def get_enum(reduction: str) -> int:
    """0, 1 or 2 for "none", "mean" or "sum". ValueError for others; "elementwise_mean" is deprecated.

    >>> from mibun.nn._reduction import get_enum
    >>> get_enum("sum")
    2
    """
    if reduction == "elementwise_mean":
        warnings.warn(
            "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.", stacklevel=stacklevel()
        )
        reduction = "mean"
    check_reduction(reduction)
    return _NUMBERS[reduction]


def legacy_get_string(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> str:
    """The `reduction=` that the older arguments stand for, with PyTorch's warning."""
    return (legacy_reduction if emit_warning else meant_reduction)(size_average, reduce)


def legacy_get_enum(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> int:
    """The same as a number."""
    return get_enum(legacy_get_string(size_average, reduce, emit_warning))
