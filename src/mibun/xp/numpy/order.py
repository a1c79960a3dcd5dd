"""The gaps of the NumPy namespace that reduce or order: sorting and running reductions."""

from __future__ import annotations

from typing import Any

import numpy as np

from .memory import along_axis


def stable_order(x: Any, axis: int, descending: bool) -> Any:
    """The indices that sort along an axis; equal elements keep their order, NaN is largest."""
    if not descending:
        return np.argsort(x, axis=axis, kind="stable")
    # Reversed before and after, equal elements keep their order and NaN comes first.
    reverse = (slice(None),) * axis + (slice(None, None, -1),)
    return x.shape[axis] - 1 - np.argsort(x[reverse], axis=axis, kind="stable")[reverse]


def read_along(x: Any, indices: Any, axis: int) -> Any:
    """The elements at an index for each place along an axis; on the other axes both have the same sizes."""
    return x[indices] if x.ndim == 1 else x[along_axis(indices, axis)]


def may_hold_nan(x: Any) -> bool:
    """Whether the dtype has NaN."""
    return x.dtype.kind in "fcV"


def _accumulate(function: Any, x: Any, axis: int) -> Any:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":  # in float32, as PyTorch does
        return function.accumulate(x, axis=axis, dtype=np.float32).astype(x.dtype)
    return function.accumulate(x, axis=axis, dtype=x.dtype)


def cumulative_sum(x: Any, axis: int) -> Any:
    """The running sum, in the dtype of x."""
    return _accumulate(np.add, x, axis)


def cumulative_prod(x: Any, axis: int) -> Any:
    """The running product, in the dtype of x."""
    return _accumulate(np.multiply, x, axis)


def cumulative_max(x: Any, axis: int) -> Any:
    """The running maximum; NaN wins."""
    return np.maximum.accumulate(x, axis=axis)


def cumulative_min(x: Any, axis: int) -> Any:
    """The running minimum; NaN wins."""
    return np.minimum.accumulate(x, axis=axis)


def cumulative_logaddexp(x: Any, axis: int) -> Any:
    """log(cumsum(exp(x))), without overflow."""
    if x.dtype.kind == "V":
        return cumulative_logaddexp(x.astype(np.float32), axis).astype(x.dtype)
    if x.dtype.kind != "c":
        return np.logaddexp.accumulate(x, axis=axis)
    # NumPy has no complex logaddexp: one step at a time, scaled by the larger of the two real parts.
    x = np.moveaxis(x, axis, 0)
    out = x.copy()
    for i in range(1, x.shape[0]):
        a, b = out[i - 1], x[i]
        largest = np.maximum(a.real, b.real)
        largest = np.where(np.isfinite(largest), largest, 0)
        out[i] = np.log(np.exp(a - largest) + np.exp(b - largest)) + largest
    return np.ascontiguousarray(np.moveaxis(out, 0, axis))
