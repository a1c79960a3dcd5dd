"""The gaps of the NumPy namespace about all pairs of rows: a block of them at a time, the columns first.

All differences of n rows of m columns are n² m numbers: they are made for a few rows at a time, so that they stay in
the cache, with the columns on the first axis, over which NumPy adds up whole arrays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .library import np

_BLOCK = 1 << 17  # differences at a time


def _differences(columns: Any, upper: bool) -> Iterator[tuple[slice, Any]]:
    """A block of rows, and columns[:, i] - columns[:, j] for its i, and all j or those from its first row on."""
    width, n = columns.shape
    step = max(1, _BLOCK // max(columns.size, 1))
    buffer = np.empty(width * min(step, n) * n, columns.dtype)
    for start in range(0, n, step):
        block = slice(start, min(start + step, n))
        others = columns[:, start if upper else 0 :]
        shape = (width, block.stop - start, others.shape[1])
        found = buffer[: math.prod(shape)].reshape(shape)
        yield block, np.subtract(columns[:, block, None], others[:, None, :], out=found)


def _centred(x: Any) -> Any:
    """x in float64 with the middle of all rows at the origin: None where it is not finite, or float64 already."""
    if x.dtype != np.float32 or not x.size:
        return None
    wide = x.astype(np.float64)
    wide -= np.add.reduce(wide, axis=0) / len(wide)
    return wide if np.isfinite(wide).all() else None


def euclidean_pairs(x: Any) -> Any:
    """The distances of rows i < j, in the order of (0, 1), (0, 2), ..., (1, 2), ...

    Of float32 as |x[i]|² + |x[j]|² - 2 x[i] x[j], a product of matrices in float64; those which are so small that this
    would cost digits, and of float64 all, by their differences.
    """
    n, width = x.shape
    wide = _centred(x)
    if wide is None:
        return _pairs_by_differences(x)
    length, one = np.vecdot(wide, wide), np.ones(n)
    squares = np.column_stack([wide, length, one]) @ np.vstack([-2 * wide.T, one, length])
    out = squares.astype(x.dtype)[np.logical_not(np.tri(n, dtype=bool))]
    doubtful = np.flatnonzero(out < width * 1e-8 * 2 * length.max())
    if doubtful.size > out.size // 8:
        return _pairs_by_differences(x)
    out[doubtful] = 0
    np.sqrt(out, out=out)
    if doubtful.size:
        ends = np.cumsum(np.arange(n - 1, 0, -1))
        first = ends.searchsorted(doubtful, side="right")
        second = doubtful - ends[first] + n
        out[doubtful] = np.sqrt(np.add.reduce((x[first] - x[second]) ** 2, axis=1))
    return out


def _pairs_by_differences(x: Any) -> Any:
    n = x.shape[0]
    columns = np.ascontiguousarray(x.T)
    rows: list[Any] = []
    for block, differences in _differences(columns, True):
        np.multiply(differences, differences, out=differences)
        squares = np.add.reduce(differences, axis=0, dtype=x.dtype)
        rows += [squares[row, row + 1 :] for row in range(block.stop - block.start)]
    out = np.concatenate(rows) if n else np.empty(0, x.dtype)
    return np.sqrt(out, out=out)


def weighted_differences(weights: Any, x: Any) -> Any:
    """For each row i the sum over j of weights[i, j] (x[i] - x[j]); of float32 by a product of matrices in float64."""
    wide = _centred(x)
    if wide is not None:
        factors = weights.astype(np.float64)
        return (np.add.reduce(factors, axis=1)[:, None] * wide - factors @ wide).astype(x.dtype)
    columns = np.ascontiguousarray(x.T)
    out = np.empty_like(columns)
    for block, differences in _differences(columns, False):
        np.einsum("ij,kij->ki", weights[block], differences, out=out[:, block])
    return np.ascontiguousarray(out.T)
