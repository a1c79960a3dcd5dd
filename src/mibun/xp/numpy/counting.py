"""The gaps of the NumPy namespace that count and place: distinct elements, histograms, binary search."""

from __future__ import annotations

from typing import Any

from .library import np


def unique_values_of(x: Any) -> tuple[Any, Any, Any]:
    """The distinct elements in order (each NaN distinct), where each is among them, and how often each occurs."""
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True, equal_nan=False)
    return values, inverse.reshape(x.shape), counts


def unique_slices(x: Any, axis: int) -> tuple[Any, Any, Any]:
    """The same for slices along an axis."""
    if x.ndim <= 1:
        return unique_values_of(x)
    if x.size == 0:
        return x.copy(), np.zeros(0, np.int64), np.zeros(0, np.int64)
    values, inverse, counts = np.unique(x, axis=axis, return_inverse=True, return_counts=True, equal_nan=False)
    return values, inverse.reshape(-1), counts


def unique_runs(x: Any, axis: int | None) -> tuple[Any, Any, Any]:
    """The first of each run of equal elements (or slices), the run that each belongs to, and the runs' lengths."""
    shape = x.shape
    if x.size == 0:
        inverse = np.zeros(shape if axis is None else 0, np.int64)
        return x.reshape(-1) if axis is None else x.copy(), inverse, np.zeros(0, np.int64)
    rows = x.reshape(-1, 1) if axis is None or x.ndim == 0 else np.moveaxis(x, axis, 0).reshape(shape[axis], -1)
    n = rows.shape[0]
    new = np.ones(n, bool)
    if n > 1:
        new[1:] = (rows[1:] != rows[:-1]).any(1)
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, n))
    inverse = np.cumsum(new) - 1
    if axis is None or x.ndim == 0:
        return x.reshape(-1)[starts], inverse.reshape(shape), counts
    return np.take(x, starts, axis=axis), inverse, counts


def bincount(x: Any, weights: Any, length: int) -> Any:
    """How often each of 0 to length - 1 occurs, or the sum of the weights, in their dtype."""
    if weights is None:
        return np.bincount(x, minlength=length)
    return np.bincount(x, weights, minlength=length).astype(weights.dtype)


def histogram_of(x: Any, bins: int, low: float | None, high: float | None) -> Any:
    """How many elements fall into equal parts of a range, the last of which holds its upper end too; in x's dtype.

    Without `low` and `high` the range is that of the elements, or one around them if they are all the same.
    """
    flat = x.reshape(-1)
    if low is None or high is None:
        low, high = float(flat.min()), float(flat.max())
        if low == high:
            low, high = low - 1, high + 1
    flat = flat[(flat >= low) & (flat <= high)]
    places = ((flat - flat.dtype.type(low)) / flat.dtype.type(high - low) * bins).astype(np.int64)
    return np.bincount(np.minimum(places, bins - 1), minlength=bins).astype(x.dtype)


def repeated_positions(counts: Any, size: int) -> Any:
    """0 to size - 1, each as often as its count says (or the one count)."""
    return np.repeat(np.arange(size, dtype=np.int64), counts)


def fill_in_order(x: Any, mask: Any, values: Any) -> Any:
    """x with the elements of `values`, in order, where a mask of its shape is true."""
    out = np.array(x, order="C").reshape(-1)
    places = mask.reshape(-1).nonzero()[0]
    out[places] = values.reshape(-1)[: len(places)]
    return out.reshape(x.shape)


def taken_in_order(x: Any, mask: Any, size: int) -> Any:
    """The transpose of it: the elements where the mask is true, in order, and zeros up to this size."""
    found = x.reshape(-1)[mask.reshape(-1).nonzero()[0]]
    return np.concatenate([found, np.zeros(size - len(found), x.dtype)])


def search_rows(sequence: Any, values: Any, right: bool, dtype: Any) -> Any:
    """Where values would be inserted into a sequence, or each row of values into its row of sequences."""
    side = "right" if right else "left"
    if sequence.ndim == 1:
        return np.asarray(np.searchsorted(sequence, values, side)).astype(dtype)[()]
    out = np.empty(values.shape, dtype)
    rows = out.reshape(-1, out.shape[-1])
    pairs = zip(sequence.reshape(-1, sequence.shape[-1]), values.reshape(-1, values.shape[-1]), strict=True)
    for i, (row, wanted) in enumerate(pairs):
        rows[i] = np.searchsorted(row, wanted, side)
    return out
