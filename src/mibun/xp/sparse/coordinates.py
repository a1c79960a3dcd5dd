"""Functions of COO arrays: sorting their indices, adding, multiplying, masking, taking parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .array import Coordinates

# Where sums are kept in, as NumPy adds up neighbours one after the other.
_WIDER = {"float16": np.float32, "bfloat16": np.float32}


def flat_places(indices: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """The position of each index in row-major order of the sparse dimensions, int64."""
    places = np.zeros(indices.shape[1], np.int64)
    for row, size in zip(indices, shape, strict=True):
        places *= size
        places += row
    return places


def places_of(x: Coordinates) -> np.ndarray:
    return flat_places(x.indices, x.shape[: x.sparse_dim])


def coalesce(x: Coordinates) -> Coordinates:
    """The same array with sorted indices that occur once; the values at equal ones are added up."""
    if x.coalesced:
        return x
    if x.nnz < 2:
        return Coordinates(x.indices.copy(), x.values.copy(), x.shape, True)
    places = places_of(x)
    order = np.argsort(places, kind="stable")
    places = places[order]
    first = np.concatenate(([True], places[1:] != places[:-1]))
    starts = np.flatnonzero(first)
    values = x.values[order]
    if len(starts) < len(places):
        values = _sums(values, starts)
    return Coordinates(x.indices[:, order[starts]], values, x.shape, True)


def _sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The sums of the stretches of values that begin at `starts`."""
    if values.dtype.kind == "b":
        return np.logical_or.reduceat(values, starts, axis=0)
    wide = values.astype(_WIDER.get(values.dtype.name, values.dtype), copy=False)
    return np.add.reduceat(wide, starts, axis=0).astype(values.dtype, copy=False)


def dense(x: Coordinates) -> np.ndarray:
    """All elements as a NumPy array."""
    out = np.zeros(x.shape, x.values.dtype)
    x = coalesce(x)
    if x.sparse_dim:
        out[tuple(x.indices)] = x.values
    elif x.nnz:
        out[...] = x.values[0]
    return out


def add_into(out: np.ndarray, x: Coordinates, factor: Any = 1) -> np.ndarray:
    """out += factor * x, in the memory of `out`."""
    x = coalesce(x)
    values = x.values if factor == 1 else factor * x.values
    if x.sparse_dim:
        out[tuple(x.indices)] += values
    elif x.nnz:
        out += values[0]
    return out


def from_dense(array: np.ndarray, sparse_dim: int) -> Coordinates:
    """The elements that are not zero (the parts, if there are dense dimensions)."""
    array = np.asarray(array)
    tail = array.shape[sparse_dim:]
    chosen = array != 0
    if tail:
        chosen = chosen.reshape((*array.shape[:sparse_dim], -1)).any(-1)
    if sparse_dim == 0:
        count = int(bool(np.any(chosen)))
        return Coordinates(np.zeros((0, count), np.int64), array[None][:count].copy(), array.shape, True)
    indices = np.array(np.nonzero(chosen), dtype=np.int64)
    return Coordinates(indices, array[tuple(indices)].copy(), array.shape, True)


def add(x: Coordinates, y: Coordinates) -> Coordinates:
    """x + y. Two coalesced arrays give one; otherwise indices and values are put one after the other."""
    if x.sparse_dim != y.sparse_dim and x.nnz and y.nnz:
        raise RuntimeError(
            f"add: expected 'self' and 'other' to have same sparse_dim(), but got {x.sparse_dim} and {y.sparse_dim}"
        )
    if y.nnz == 0:
        return x.like(x.values.astype(np.result_type(x.values, y.values), copy=True))
    if x.nnz == 0:
        return y.like(y.values.astype(np.result_type(x.values, y.values), copy=True))
    joined = Coordinates(np.concatenate((x.indices, y.indices), axis=1), np.concatenate((x.values, y.values)), x.shape)
    both = x.coalesced and y.coalesced
    # (Those that are not sorted must not grow without end.)
    return coalesce(joined) if both or joined.nnz > joined.size else joined


def taken_at(x: Coordinates, mask: Coordinates) -> np.ndarray:
    """The values of x at the indices of `mask`, zero where x has none. Indices of the mask may occur several times."""
    x = coalesce(x)
    wanted = places_of(mask)
    out = np.zeros((mask.nnz, *x.values.shape[1:]), x.values.dtype)
    if x.nnz:
        places = places_of(x)
        position = np.minimum(np.searchsorted(places, wanted), x.nnz - 1)
        found = places[position] == wanted
        out[found] = x.values[position[found]]
    return out


def masked(x: Any, mask: Coordinates) -> Coordinates:
    """The elements of x, a dense or COO array, at the indices of `mask`."""
    if isinstance(x, Coordinates):
        values = taken_at(x, mask)
    else:
        x = np.broadcast_to(x, mask.shape)
        values = x[tuple(mask.indices)] if mask.sparse_dim else np.repeat(x[None], mask.nnz, axis=0)
    return Coordinates(mask.indices.copy(), values, mask.shape, mask.coalesced)


def multiply(x: Coordinates, y: Coordinates) -> Coordinates:
    """x * y: what both have specified."""
    both = x.coalesced and y.coalesced
    x, y = coalesce(x), coalesce(y)
    _, mine, other = np.intersect1d(places_of(x), places_of(y), assume_unique=True, return_indices=True)
    return Coordinates(x.indices[:, mine], x.values[mine] * y.values[other], x.shape, both)


def permute(x: Coordinates, dims: Sequence[int]) -> Coordinates:
    """The dimensions in another order: the sparse ones among themselves, and the dense ones."""
    k = x.sparse_dim
    if sorted(dims[:k]) != list(range(k)):
        raise RuntimeError("transpose: sparse and dense dimensions cannot change places")
    values = x.values.transpose((0, *[d - k + 1 for d in dims[k:]]))
    shape = tuple([x.shape[d] for d in dims])
    in_order = x.nnz < 2 or list(dims[:k]) == list(range(k))
    return Coordinates(x.indices[list(dims[:k])], values, shape, x.coalesced and in_order)


def insert_axis(x: Coordinates, axis: int) -> Coordinates:
    """A new axis of size 1: a sparse one, unless it comes behind the sparse ones."""
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    if axis <= x.sparse_dim:
        row = np.zeros((1, x.nnz), np.int64)
        indices = np.concatenate((x.indices[:axis], row, x.indices[axis:]))
        return Coordinates(indices, x.values, shape, x.coalesced)
    return Coordinates(x.indices, np.expand_dims(x.values, axis - x.sparse_dim + 1), shape, x.coalesced)


def select(x: Coordinates, axis: int, index: int) -> Any:
    """One slice along an axis; a NumPy array if no sparse dimension is left."""
    shape = x.shape[:axis] + x.shape[axis + 1 :]
    if axis >= x.sparse_dim:
        values = x.values.take(index, axis=axis - x.sparse_dim + 1)
        return Coordinates(x.indices, values, shape, x.coalesced)
    here = x.indices[axis] == index
    values = x.values[here]
    if x.sparse_dim == 1:
        return _sum_of(values)
    indices = np.delete(x.indices, axis, axis=0)[:, here]
    return Coordinates(indices, values, shape, x.coalesced or indices.shape[1] < 2)


def _sum_of(values: np.ndarray) -> Any:
    return values.any(0) if values.dtype.kind == "b" else values.sum(0, dtype=values.dtype)


def take(x: Coordinates, places: np.ndarray, axis: int) -> Coordinates:
    """Slices along an axis, by index: some of them maybe several times, in their order."""
    shape = (*x.shape[:axis], len(places), *x.shape[axis + 1 :])
    if axis >= x.sparse_dim:
        return Coordinates(x.indices, x.values.take(places, axis=axis - x.sparse_dim + 1), shape, x.coalesced)
    # For each wanted slice the elements that lie there: they are neighbours once they are sorted by the axis.
    own = x.indices[axis]
    order = np.argsort(own, kind="stable")
    counts = np.bincount(own, minlength=x.shape[axis])
    starts = np.cumsum(counts) - counts
    wanted = counts[places]
    within = np.arange(wanted.sum()) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    chosen = order[np.repeat(starts[places], wanted) + within]
    indices = x.indices[:, chosen]
    indices[axis] = np.repeat(np.arange(len(places)), wanted)
    return Coordinates(indices, x.values[chosen], shape)


def narrow(x: Coordinates, axis: int, start: int, length: int) -> Coordinates:
    """A stretch along an axis."""
    shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
    if axis >= x.sparse_dim:
        part = (slice(None),) * (axis - x.sparse_dim + 1) + (slice(start, start + length),)
        return Coordinates(x.indices, x.values[part], shape, x.coalesced)
    here = (x.indices[axis] >= start) & (x.indices[axis] < start + length)
    indices = x.indices[:, here]
    indices[axis] -= start
    return Coordinates(indices, x.values[here], shape, x.coalesced)


def concat(parts: Sequence[Coordinates], axis: int) -> Coordinates:
    """Arrays side by side along an axis."""
    first = parts[0]
    for position, part in enumerate(parts[1:], 1):
        if (part.sparse_dim, part.ndim) != (first.sparse_dim, first.ndim):
            raise RuntimeError(
                "All tensors must have the same number of sparse and dense dimensions, but tensor at position "
                f"{position} has {part.sparse_dim}, {part.ndim - part.sparse_dim} instead of {first.sparse_dim}, "
                f"{first.ndim - first.sparse_dim}."
            )
        for dim, (one, other) in enumerate(zip(first.shape, part.shape, strict=True)):
            if dim != axis and one != other:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {axis}. Expected size {one} but got size "
                    f"{other} for tensor number {position} in the list."
                )
    shape = (*first.shape[:axis], sum([part.shape[axis] for part in parts]), *first.shape[axis + 1 :])
    indices, values, offset = [], [], 0
    for part in parts:
        own = part.indices
        block = part.values
        if axis < part.sparse_dim:
            own = own.copy()
            own[axis] += offset
        else:
            wide = np.zeros((part.nnz, *shape[part.sparse_dim :]), block.dtype)
            place = (slice(None),) * (axis - part.sparse_dim + 1) + (slice(offset, offset + part.shape[axis]),)
            wide[place] = block
            block = wide
        indices.append(own)
        values.append(block)
        offset += part.shape[axis]
    return Coordinates(np.concatenate(indices, axis=1), np.concatenate(values), shape)


def stack(parts: Sequence[Coordinates], axis: int) -> Coordinates:
    """Arrays one behind the other along a new axis, a sparse one."""
    return concat([insert_axis(part, axis) for part in parts], axis)


def sum_over(x: Coordinates, dims: Sequence[int], keepdims: bool = False) -> Any:
    """The sum over some dimensions: sparse as long as a sparse one is left, else a NumPy array."""
    kept = [d for d in range(x.sparse_dim) if d not in dims]
    inner = tuple([d - x.sparse_dim + 1 for d in dims if d >= x.sparse_dim])
    kind = np.dtype(np.int64) if x.values.dtype.kind in "biu" else x.values.dtype
    values = x.values.sum(inner, keepdims=keepdims, dtype=kind) if inner else x.values.astype(kind, copy=False)
    shape = tuple([1 if d in dims else n for d, n in enumerate(x.shape) if keepdims or d not in dims])
    if not kept and not keepdims:
        return values.sum(0, dtype=kind)
    if keepdims:
        indices = x.indices.copy()
        indices[[d for d in dims if d < x.sparse_dim]] = 0
        return Coordinates(indices, values, shape)
    whole = len(kept) == x.sparse_dim
    out = Coordinates(x.indices[kept], values, shape, x.coalesced and whole)
    return out if whole else coalesce(out)


def spread_to(x: Coordinates, mask: Coordinates, dims: Sequence[int]) -> Coordinates:
    """The transpose of `sum_over(…, dims)`: each element of `mask` gets what x has where it went."""
    kept = [d for d in range(mask.sparse_dim) if d not in dims]
    shape = tuple([n for d, n in enumerate(mask.shape) if d not in dims])
    reduced = Coordinates(mask.indices[kept], mask.values, shape)
    values = (
        taken_at(x, reduced) if isinstance(x, Coordinates) else np.broadcast_to(x, shape)[tuple(mask.indices[kept])]
    )
    values = spread_values(values, mask, dims)
    return Coordinates(mask.indices.copy(), values, mask.shape, mask.coalesced)


def spread_values(values: np.ndarray, mask: Coordinates, dims: Sequence[int]) -> np.ndarray:
    """Values with the dense dimensions that a sum has removed, repeated."""
    for d in sorted(dims):
        if d >= mask.sparse_dim:
            values = np.expand_dims(values, d - mask.sparse_dim + 1)
    return np.array(np.broadcast_to(values, (mask.nnz, *mask.shape[mask.sparse_dim :])))


def check_indices(indices: np.ndarray, shape: Sequence[int]) -> None:
    """RuntimeError where an index is outside of the shape."""
    for dim, (row, size) in enumerate(zip(indices, shape, strict=False)):
        if row.size and row.min() < 0:
            raise RuntimeError(f"found negative index {row.min()} for dim {dim}")
        if row.size and row.max() >= size:
            raise RuntimeError(
                f"size is inconsistent with indices: for dim {dim}, size is {size} but found index {row.max()}"
            )


def emptied(x: Coordinates, shape: tuple[int, ...] | None = None, dense_dim: int | None = None) -> Coordinates:
    """An array without any specified element."""
    shape = x.shape if shape is None else shape
    dense_dim = x.ndim - x.sparse_dim if dense_dim is None else dense_dim
    return empty(shape, x.values.dtype, len(shape) - dense_dim)


def empty(shape: Sequence[int], dtype: Any, sparse_dim: int | None = None) -> Coordinates:
    """An array of zeros alone."""
    shape = tuple(shape)
    k = len(shape) if sparse_dim is None else sparse_dim
    return Coordinates(np.zeros((k, 0), np.int64), np.zeros((0, *shape[k:]), dtype), shape, True)


def groups(x: Coordinates, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """For each element the number of its line along a sparse axis, and how many lines have any element."""
    others = [d for d in range(x.sparse_dim) if d != axis]
    places = flat_places(x.indices[others], [x.shape[d] for d in others])
    lines, number = np.unique(places, return_inverse=True)
    return number.reshape(-1), lines
