"""The gaps of the NumPy namespace about all pairs of rows: a block of them at a time, the columns first.

All differences of n rows of m columns are n² m numbers: they are made for a few rows at a time, so that they stay in
the cache, with the columns on the first axis, over which NumPy adds up whole arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

_BLOCK = 1 << 17  # differences at a time


def _blocks(x: Any) -> Iterator[slice]:
    step = max(1, _BLOCK // max(x.size, 1))
    for start in range(0, x.shape[0], step):
        yield slice(start, min(start + step, x.shape[0]))


def euclidean_pairs(x: Any) -> Any:
    """The distances of rows i < j, in the order of (0, 1), (0, 2), ..., (1, 2), ..."""
    n = x.shape[0]
    columns = np.ascontiguousarray(x.T)
    out = np.empty(n * (n - 1) // 2, x.dtype)
    done = 0
    for block in _blocks(x):
        first = block.start
        differences = columns[:, block, None] - columns[:, None, first:]
        np.multiply(differences, differences, out=differences)
        squares = np.add.reduce(differences, axis=0, dtype=x.dtype)
        for row in range(block.stop - first):
            found = squares[row, row + 1 :]
            np.sqrt(found, out=out[done : done + len(found)])
            done += len(found)
    return out


def weighted_differences(weights: Any, x: Any) -> Any:
    """For each row i the sum over j of weights[i, j] (x[i] - x[j])."""
    columns = np.ascontiguousarray(x.T)
    out = np.empty_like(columns)
    for block in _blocks(x):
        differences = columns[:, block, None] - columns[:, None, :]
        np.einsum("ij,kij->ki", weights[block], differences, out=out[:, block])
    return np.ascontiguousarray(out.T)
