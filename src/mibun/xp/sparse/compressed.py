"""Functions of compressed arrays (CSR, CSC, BSR, BSC): conversions to and from COO and dense arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core import dtypes
from .array import Compressed, Coordinates
from .coordinates import coalesce, from_dense

_BLOCKED = (dtypes.sparse_bsr, dtypes.sparse_bsc)
_BY_ROWS = (dtypes.sparse_csr, dtypes.sparse_bsr)


def lines_of(pointers: np.ndarray) -> np.ndarray:
    """The row of each element (or column, where those are compressed) from where rows begin; batches together."""
    counts = np.diff(pointers, axis=-1).reshape(-1)
    n = pointers.shape[-1] - 1
    lines = np.tile(np.arange(n), math.prod(pointers.shape[:-1]))
    return np.repeat(lines, counts)


def to_coordinates(x: Compressed) -> Coordinates:
    """The same array as COO; batch dimensions become sparse ones. Only those of CSR are in order."""
    batch, count = x.batch, x.nnz
    lines = lines_of(x.pointers)
    others = x.others.reshape(-1)
    values = x.values.reshape((others.size, *x.values.shape[len(batch) + 1 :]))
    before = np.indices(batch).reshape(len(batch), -1).repeat(count, axis=1) if batch else np.zeros((0, others.size))
    rows, columns = (lines, others) if x.by_rows else (others, lines)
    block = x.block
    if block:
        high, wide = block
        inner_rows, inner_columns = np.indices(block).reshape(2, -1)
        rows = (rows[:, None] * high + inner_rows).reshape(-1)
        columns = (columns[:, None] * wide + inner_columns).reshape(-1)
        before = before.repeat(high * wide, axis=1)
        values = values.reshape((rows.size, *values.shape[3:]))
    indices = np.concatenate((before, rows[None], columns[None])).astype(np.int64)
    return Coordinates(indices, values, x.shape, x.layout is dtypes.sparse_csr)


def from_coordinates(x: Coordinates, layout: Any, block: tuple[int, ...] = ()) -> Compressed:
    """A COO array of two sparse dimensions, compressed. RuntimeError for another number."""
    if x.sparse_dim != 2:
        raise RuntimeError("Only tensors with two sparse dimensions can be converted to a sparse compressed layout")
    return _compressed(coalesce(x), layout, block)


def _compressed(x: Coordinates, layout: Any, block: tuple[int, ...]) -> Compressed:
    rows, columns = x.indices
    values, shape, dense_dim = x.values, x.shape, x.ndim - 2
    n = shape[0] if layout in _BY_ROWS else shape[1]
    if layout in _BLOCKED:
        high, wide = check_block(block, shape[:2])
        grid = shape[1] // wide if layout is dtypes.sparse_bsr else shape[0] // high
        n //= high if layout is dtypes.sparse_bsr else wide
        place = rows // high, columns // wide
        line, other = place if layout is dtypes.sparse_bsr else place[::-1]
        places, number = np.unique(line * grid + other, return_inverse=True)
        blocks = np.zeros((len(places), high, wide, *values.shape[1:]), values.dtype)
        blocks[number.reshape(-1), rows % high, columns % wide] = values
        lines, others, values = places // max(grid, 1), places % max(grid, 1), blocks
    elif layout is dtypes.sparse_csr:
        lines, others = rows, columns
    else:
        order = np.argsort(columns, kind="stable")
        lines, others, values = columns[order], rows[order], values[order]
    pointers = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(lines, minlength=n), out=pointers[1:])
    return Compressed(layout, pointers, np.ascontiguousarray(others), values, shape, dense_dim)


def check_block(block: Any, shape: tuple[int, ...]) -> tuple[int, int]:
    """The two sizes of a block; RuntimeError where the shape is not a multiple of them."""
    if len(block) != 2:
        raise RuntimeError(f"blocksize needs to be a tuple of size 2, but got {len(block)}")
    if block[0] < 1 or block[1] < 1 or shape[0] % block[0] or shape[1] % block[1]:
        raise RuntimeError(
            f"tensor sparse size ({shape[0]},{shape[1]}) must be divisible by given blocksize ({block[0]},{block[1]})"
        )
    return block[0], block[1]


def from_dense_array(array: np.ndarray, layout: Any, block: tuple[int, ...] = (), dense_dim: int = 0) -> Compressed:
    """A dense array, compressed: the axes before the last two that are not dense dimensions are a batch."""
    array = np.asarray(array)
    split = array.ndim - dense_dim
    batch = array.shape[: split - 2]
    if not batch:
        return _compressed(from_dense(array, 2), layout, block)
    parts = [
        _compressed(from_dense(one, 2), layout, block)
        for one in array.reshape((math.prod(batch), *array.shape[split - 2 :]))
    ]
    if len({part.nnz for part in parts}) > 1:
        raise RuntimeError("Expect the same number of specified elements per batch.")

    def joined(name: str) -> np.ndarray:
        whole = np.stack([getattr(part, name) for part in parts])
        return whole.reshape((*batch, *whole.shape[1:]))

    return Compressed(layout, joined("pointers"), joined("others"), joined("values"), array.shape, dense_dim)


def transpose(x: Compressed) -> Compressed:
    """Rows and columns exchanged: the same numbers under the name of the other layout."""
    other = {
        dtypes.sparse_csr: dtypes.sparse_csc,
        dtypes.sparse_csc: dtypes.sparse_csr,
        dtypes.sparse_bsr: dtypes.sparse_bsc,
        dtypes.sparse_bsc: dtypes.sparse_bsr,
    }[x.layout]
    k = len(x.batch)
    shape = (*x.shape[:k], x.shape[k + 1], x.shape[k], *x.shape[k + 2 :])
    values = x.values.swapaxes(x.others.ndim, x.others.ndim + 1) if x.block else x.values
    return Compressed(other, x.pointers, x.others, values, shape, x.dense_dim)


def masked(x: Any, mask: Compressed) -> Compressed:
    """The elements of x, dense or sparse, where `mask` has some specified."""
    array = x if isinstance(x, np.ndarray) else x.dense()
    batch, lines = mask.batch, lines_of(mask.pointers)
    others = mask.others.reshape(-1)
    rows, columns = (lines, others) if mask.by_rows else (others, lines)
    before = [axis.reshape(-1).repeat(mask.nnz) for axis in np.indices(batch)] if batch else []
    if mask.block:
        high, wide = mask.block
        rows = rows[:, None, None] * high + np.arange(high)[:, None]
        columns = columns[:, None, None] * wide + np.arange(wide)
        before = [axis[:, None, None] for axis in before]
    return mask.like(np.broadcast_to(array, mask.shape)[(*before, rows, columns)].reshape(mask.values.shape))
