"""Sums by index in the NumPy namespace: slices of an array added where an index says, several to one place.

`np.add.at` goes from element to element. Here the first slice for every place is added in one step, then the second
for every place, and so on: in the same order, so with the same roundings. Where slices and places both follow each
other in equal steps (padding, resampling), views do without reading by index.
"""

from __future__ import annotations

from typing import Any

from .library import compiled, from_size, np, scatter

_ROUNDS = 32  # places with more slices than this get the others one by one
_RUNS = 8  # views that a round is cut into at most
_WIDTH = 32  # elements of a slice that are worth it
_FEW = from_size(512)  # elements
_MANY = from_size(1 << 16)  # elements for which it is worth having SciPy's sparse matrices loaded


def add_slices(out: Any, indices: Any, values: Any, axis: int) -> bool:
    """Add the slices of `values` along an axis to those of `out` at a vector of indices; False if it is left to others.

    It is where it is not worth it, and for indices out of range. `out` and `values` have one dtype, and but for the
    axis one shape.
    """
    count, size = indices.shape[0], out.shape[axis]
    if count == 0 or values.size < _WIDTH * count or values.size < _FEW or out.dtype.kind not in "fiuc":
        return False
    indices = indices.astype(np.int64, copy=False)
    low, high = np.minimum.reduce(indices), np.maximum.reduce(indices)
    if low < -size or high >= size:
        return False
    if low < 0:
        indices = np.where(indices < 0, indices + size, indices)
    lead = (slice(None),) * axis
    order = _stable_order(indices, size)
    counts = np.bincount(indices)
    targets = counts.nonzero()[0]
    counts = counts[targets]
    starts = np.cumsum(counts) - counts
    rounds = int(np.maximum.reduce(counts))
    if rounds > _ROUNDS and len(targets) * _ROUNDS < count:
        return False  # few places for all
    done, last = 0, min(rounds, _ROUNDS)
    while done < last:
        runs = _runs(order[starts + done], targets)
        if runs is None:
            break  # nor will the rest be even
        for one, other in runs:
            out[(*lead, other)] += values[(*lead, one)]
        done += 1
        more = counts > done
        starts, counts, targets = starts[more], counts[more], targets[more]
    if done < last:
        # With the places for most slices first, those that a round is for are the first ones.
        most = _stable_order(rounds - counts, rounds)
        starts, counts, targets = starts[most], counts[most], targets[most]
        sums = out.take(targets, axis)
        widths = len(counts) - np.searchsorted(counts[::-1], np.arange(done, last), side="right")
        for number, width in zip(range(done, last), widths.tolist(), strict=True):
            part = sums[(*lead, slice(width))]
            part += values.take(order[starts[:width] + number], axis)
        out[(*lead, targets)] = sums
    if rounds > _ROUNDS:
        groups = [order[a + _ROUNDS : a + n] for a, n in zip(starts.tolist(), counts.tolist(), strict=True)]
        rest = np.sort(np.concatenate(groups))
        index: Any = (*lead, indices[rest])
        scatter("add", out, index, values.take(rest, axis))
    return True


def sums_of_rows(values: Any, indices: Any, n: int) -> Any:
    """n rows, each the sum of the rows of values at its index, in their order; None where it is left to others.

    That is the product with a matrix that has a single 1 in each column: SciPy's goes through it column by column.
    """
    if values.size < _MANY or values.dtype.char not in "fdFD" or not values.shape[0]:
        return None
    matrix = compiled("sparse", "csc_array")
    if matrix is None or np.minimum.reduce(indices) < 0 or np.maximum.reduce(indices) >= n:
        return None
    count = len(indices)
    ones = np.ones(count, values.dtype)
    return matrix((ones, indices, np.arange(count + 1, dtype=indices.dtype)), shape=(n, count)) @ values


def _stable_order(indices: Any, size: int) -> Any:
    """The stable argsort of numbers from 0 to size - 1: by NumPy's radix sort, which is for 16 bits."""
    if size <= 1 << 16:
        return np.argsort(indices.astype(np.uint16), kind="stable")
    if size <= 1 << 32:
        order = np.argsort((indices & 0xFFFF).astype(np.uint16), kind="stable")
        return order[np.argsort((indices[order] >> 16).astype(np.uint16), kind="stable")]
    return np.argsort(indices, kind="stable")


def _runs(places: Any, targets: Any) -> list[tuple[slice, slice]] | None:
    """Both vectors cut into parts of equal steps, as slices; None if these are many."""
    steps, others = places[1:] - places[:-1], targets[1:] - targets[:-1]
    changes = np.logical_or(steps[1:] != steps[:-1], others[1:] != others[:-1]).nonzero()[0]
    if len(changes) > _RUNS:
        return None
    runs, start = [], 0
    for stop in [*(changes + 2).tolist(), len(places)]:
        if stop > start:
            runs.append((_equal_steps(places, start, stop), _equal_steps(targets, start, stop)))
            start = stop
    return runs


def _equal_steps(vector: Any, start: int, stop: int) -> slice:
    first, last = int(vector[start]), int(vector[stop - 1])
    step = int(vector[start + 1]) - first if stop - start > 1 else 1
    end = last + (1 if step > 0 else -1)
    return slice(first, end if end >= 0 else None, step)
