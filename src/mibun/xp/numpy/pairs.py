"""The gaps of the NumPy namespace about all pairs of rows: a block of them at a time, the columns first.

All differences of n rows of m columns are n² m numbers: they are made for a few rows at a time, so that they stay in
the cache, with the columns on the first axis, over which NumPy adds up whole arrays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

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


def euclidean_pairs(x: Any) -> Any:
    """The distances of rows i < j, in the order of (0, 1), (0, 2), ..., (1, 2), ..."""
    n = x.shape[0]
    columns = np.ascontiguousarray(x.T)
    out = np.empty(n * (n - 1) // 2, x.dtype)
    done = 0
    for block, differences in _differences(columns, True):
        np.multiply(differences, differences, out=differences)
        squares = np.add.reduce(differences, axis=0, dtype=x.dtype)
        for row in range(block.stop - block.start):
            found = squares[row, row + 1 :]
            np.sqrt(found, out=out[done : done + len(found)])
            done += len(found)
    return out


def weighted_differences(weights: Any, x: Any) -> Any:
    """For each row i the sum over j of weights[i, j] (x[i] - x[j])."""
    columns = np.ascontiguousarray(x.T)
    out = np.empty_like(columns)
    for block, differences in _differences(columns, False):
        np.einsum("ij,kij->ki", weights[block], differences, out=out[:, block])
    return np.ascontiguousarray(out.T)
