"""The gaps of the NumPy namespace about choosing: classes by index, rows of tables, sums by index, padding."""

from __future__ import annotations

from typing import Any

from .adding import add_slices, sums_of_rows
from .library import from_size, np, scatter


def take_flat(x: Any, indices: Any) -> Any:
    """`x[indices]` for a vector x and indices of any shape."""
    return x.take(indices)


def _class_index(target: Any) -> tuple:
    """The index that picks, from an array with the class axis at 1 (at 0 for a 0-d target), one class per place."""
    if target.ndim == 0:
        return (target,)
    if target.ndim == 1:
        return np.arange(target.shape[0]), target
    grid = np.ogrid[tuple([slice(n) for n in target.shape])]
    return grid[0], target, *grid[1:]


def pick_classes(x: Any, target: Any) -> Any:
    """From x (batch, classes, *space), or (classes), the values at the classes of target (batch, *space), or ()."""
    return x[_class_index(target)]


def put_classes(values: Any, target: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of `pick_classes`: zeros of this shape with the values at the classes of target."""
    out = np.zeros(shape, values.dtype)
    out[_class_index(target)] = values
    return out


def take_rows(x: Any, indices: Any) -> Any:
    """The rows of a matrix at indices of any shape."""
    return x.take(indices, axis=0)


def add_rows(values: Any, indices: Any, n: int) -> Any:
    """The transpose of `take_rows`: n rows, each the sum of the values at its index."""
    rows, vector = values.reshape(-1, values.shape[-1]), indices.reshape(-1)
    found = sums_of_rows(rows, vector, n)
    if found is not None:
        return found
    out = np.zeros((n, values.shape[-1]), values.dtype)
    if not add_slices(out, vector, rows, 0):
        scatter("add", out, vector, rows)
    return out


def renormalise_rows(table: Any, indices: Any, most: float, order: float) -> None:
    """Scale down, in place, those rows that occur among the indices whose norm is larger than `most`."""
    rows = np.unique(indices)
    used = table[rows]
    norms = np.linalg.norm(used, order, axis=1, keepdims=True)
    table[rows] = used * np.where(norms > most, most / (norms + 1e-7), 1).astype(used.dtype)


def frequencies(indices: Any) -> Any:
    """How often each of these indices occurs among them."""
    return np.bincount(indices.reshape(-1))[indices]


def counts_of_targets(targets: Any, dtype: Any) -> Any:
    """How often each class occurs among a row's targets up to the first that is negative: (rows, classes)."""
    counted = np.logical_and.accumulate(targets >= 0, axis=1)
    counts = np.zeros(targets.shape, dtype)
    scatter("add", counts, (np.nonzero(counted)[0], targets[counted]), 1)
    return counts


def pad_with(x: Any, pads: tuple, value: Any) -> Any:
    """x with `value` around it: (before, after) for each axis; negative widths cut."""
    cut = x[tuple([slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, pads, strict=True)])]
    shape = tuple([n + max(a, 0) + max(b, 0) for n, (a, b) in zip(cut.shape, pads, strict=True)])
    if x.dtype.char == "e":
        value = np.float32(value)  # PyTorch rounds by way of it
    out = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    out[tuple([slice(max(a, 0), max(a, 0) + n) for n, (a, _) in zip(cut.shape, pads, strict=True)])] = cut
    return out


_MANY = from_size(1 << 14)  # elements from which on copying what lies together takes half the time of an index
_NARROW = 16  # places of a border that are copied one after the other


def take_padded(x: Any, sources: tuple) -> Any:
    """x read by an index along several axes, as padding does: (axis, index, start, stop) for each, from the first axis.

    The places from `start` to `stop` of an index follow each other. That middle is copied as a whole, and then the
    borders, which repeat places of the middle.
    """
    narrow = []
    for axis, index, start, stop in sources:
        border = [*range(start), *range(stop, len(index))]
        copied = [int(place - index[start]) + start for place in index[border]] if start < stop else []
        if x.size >= _MANY and len(border) <= _NARROW and copied and all([start <= p < stop for p in copied]):
            narrow.append((axis, int(index[start]), start, stop, len(index), border, copied))
        else:
            x = x.take(np.asarray(index), axis=axis)  # (which is the host's)
    if not narrow:
        return x
    shape, read = list(x.shape), [slice(None)] * x.ndim
    written = read.copy()
    for axis, first, start, stop, n, _, _ in narrow:
        shape[axis], read[axis], written[axis] = n, slice(first, first + stop - start), slice(start, stop)
    out = np.empty(shape, x.dtype)
    out[tuple(written)] = x[tuple(read)]
    for axis, _, _, _, _, border, copied in reversed(narrow):
        before = tuple(written[:axis])
        for place, source in zip(border, copied, strict=True):
            out[(*before, place)] = out[(*before, source)]
    return out


def add_along(values: Any, indices: Any, n: int, axis: int) -> Any:
    """The transpose of taking along an axis by a vector of indices: n places, each the sum of its index's values."""
    out = np.zeros((*values.shape[:axis], n, *values.shape[axis + 1 :]), values.dtype)
    if add_slices(out, indices, values, axis):
        return out
    moved = np.moveaxis(out, axis, 0)
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    if len(starts):
        moved[ordered[starts]] = np.moveaxis(np.add.reduceat(values.take(order, axis), starts, axis=axis), axis, 0)
    return out
