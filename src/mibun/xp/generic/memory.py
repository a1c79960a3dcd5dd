"""The gaps about memory and indexing in pure Array API: reading and writing at index arrays, windows and diagonals.

Other libraries' views need not share memory, so that what is a view over NumPy is a copy here. A place that follows
from the shapes alone is computed by NumPy, as a constant; one that depends on data, with the library's own functions.
No shape depends on data: writing compares every place with every index instead of sorting them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .gaps import gap


def _places(shape: tuple[int, ...]) -> np.ndarray:
    """The position in the flattened array of every element."""
    return np.arange(math.prod(shape)).reshape(shape)


@gap
def arranged(xp, x, like=()):
    """x: the standard knows nothing of the order in memory."""
    return x


def read_places(xp: Any, x: Any, places: np.ndarray) -> Any:
    """The elements of x at constant places in its flattened form."""
    flat = xp.base.reshape(x, (-1,))
    return xp.base.reshape(xp.base.take(flat, xp.base.asarray(places.reshape(-1)), axis=0), places.shape)


def embed_places(xp: Any, values: Any, shape: tuple[int, ...], places: np.ndarray) -> Any:
    """The transpose of `read_places`: zeros of a shape, with the values added at the places."""
    flat = xp.base.zeros((math.prod(shape),), dtype=values.dtype)
    flat = xp.put_at(flat, (xp.base.asarray(places.reshape(-1)),), xp.base.reshape(values, (-1,)), "add")
    return xp.base.reshape(flat, shape)


@gap
def take(xp, x, indices, axis):
    return xp.base.take(x, xp.base.asarray(indices), axis=axis)


@gap
def take_along_axis(xp, x, indices, axis):
    return xp.index_with(x, xp.along_axis(xp.base.asarray(indices), axis % x.ndim))


@gap
def embed_index(xp, values, shape, index):
    return embed_places(xp, values, shape, _places(shape)[index])


@gap
def take_diagonal(xp, x, offset, axis1, axis2):
    return read_places(xp, x, np.diagonal(_places(x.shape), offset, axis1, axis2))


@gap
def embed_diagonal(xp, values, shape, offset, axis1, axis2):
    return embed_places(xp, values, shape, np.diagonal(_places(shape), offset, axis1, axis2))


def _windows(shape: tuple[int, ...], axis: int, size: int, step: int) -> np.ndarray:
    found = sliding_window_view(_places(shape), size, axis)
    return found[(slice(None),) * axis + (slice(None, None, step),)]


@gap
def windows(xp, x, axis, size, step):
    return read_places(xp, x, _windows(x.shape, axis, size, step))


@gap
def embed_windows(xp, values, shape, axis, size, step):
    return embed_places(xp, values, shape, _windows(shape, axis, size, step))


@gap
def has_geometry(xp, x, strides, offset, length):
    return False  # so that strides are never asked for


@gap
def along_axis(xp, index, axis):
    ndim = index.ndim
    return tuple(
        [
            index
            if a == axis
            else xp.base.reshape(xp.base.arange(index.shape[a], dtype=xp.base.int64), (-1, *[1] * (ndim - a - 1)))
            for a in range(ndim)
        ]
    )


def _flat_positions(xp: Any, shape: tuple[int, ...], indices: tuple) -> Any:
    """Where the elements at these indices are in the flattened array, in the shape that NumPy's result has."""
    ndim = len(shape)
    indices = (*indices, *[None] * (ndim - len(indices)))
    axes = [axis for axis in range(ndim) if indices[axis] is not None]
    arrays = xp.base.broadcast_arrays(*[xp.base.astype(xp.base.asarray(indices[axis]), xp.base.int64) for axis in axes])
    inner = arrays[0].shape
    first = axes[0] if axes == list(range(axes[0], axes[-1] + 1)) else 0
    whole = [axis for axis in range(ndim) if indices[axis] is None]
    order = [*whole[:first], None, *whole[first:]]  # None: the axes of the index arrays
    after = len(whole) - first
    strides = [math.prod(shape[axis + 1 :]) for axis in range(ndim)]
    total: Any = None
    for place, axis in enumerate(order):
        if axis is None:
            for own, array in zip(axes, arrays, strict=True):
                array = xp.base.where(array < 0, array + shape[own], array)
                array = xp.base.reshape(array, (*inner, *[1] * after)) * strides[own]
                total = array if total is None else total + array
        else:
            axes_after = len(order) - place - 1 + (len(inner) - 1 if place < first else 0)
            whole_axis = xp.base.arange(shape[axis], dtype=xp.base.int64) * strides[axis]
            whole_axis = xp.base.reshape(whole_axis, (-1, *[1] * axes_after))
            total = whole_axis if total is None else total + whole_axis
    return total


@gap
def index_with(xp, x, indices):
    positions = _flat_positions(xp, x.shape, indices)
    flat = xp.base.reshape(x, (-1,))
    return xp.base.reshape(xp.base.take(flat, xp.base.reshape(positions, (-1,)), axis=0), positions.shape)


@gap
def put_at(xp, x, indices, values, how="set"):
    base = xp.base
    positions = _flat_positions(xp, x.shape, indices)
    values = base.reshape(base.broadcast_to(xp.astype(base.asarray(values), x.dtype), positions.shape), (-1,))
    positions = base.reshape(positions, (-1,))
    count, size = positions.shape[0], math.prod(x.shape)
    if count == 0 or size == 0:
        return x
    flat = base.reshape(x, (-1,))
    hits = positions[None, :] == base.arange(size, dtype=base.int64)[:, None]
    if how == "set":
        last = base.max(base.where(hits, base.arange(count, dtype=base.int64)[None, :], -1), axis=1)
        chosen = base.take(values, base.where(last < 0, 0, last), axis=0)
        result = base.where(last < 0, flat, chosen)
    else:
        # With what is there as a first column, the neutral element for the rest never shows.
        table = base.where(
            hits, values[None, :], flat[:, None] if how in ("maximum", "minimum") else int(how == "multiply")
        )
        table = base.concat([flat[:, None], base.astype(table, x.dtype)], axis=1)
        if how in ("add", "multiply"):
            result = (base.sum if how == "add" else base.prod)(table, axis=1, dtype=x.dtype)
        else:
            result = (base.max if how == "maximum" else base.min)(table, axis=1)
    return base.reshape(result, x.shape)


@gap
def put_into(xp, out, indices, values, how="set"):
    return xp.put_at(out, indices, values, how)


@gap
def take_flat(xp, x, indices):
    indices = xp.base.asarray(indices)
    return xp.base.reshape(
        xp.base.take(xp.base.reshape(x, (-1,)), xp.base.reshape(indices, (-1,)), axis=0), indices.shape
    )


def _class_index(xp: Any, target: Any) -> tuple:
    if target.ndim == 0:
        return (target,)
    axes = [
        xp.base.reshape(xp.base.arange(n, dtype=xp.base.int64), (-1, *[1] * (target.ndim - a - 1)))
        for a, n in enumerate(target.shape)
    ]
    return (axes[0], target, *axes[1:])


@gap
def pick_classes(xp, x, target):
    return xp.index_with(x, _class_index(xp, target))


@gap
def put_classes(xp, values, target, shape):
    return xp.put_at(xp.base.zeros(shape, dtype=values.dtype), _class_index(xp, target), values)


@gap
def true_positions(xp, mask):
    return xp.base.nonzero(xp.base.reshape(mask, (-1,)))[0]


@gap
def read_along(xp, x, indices, axis):
    return xp.index_with(x, xp.along_axis(indices, axis % x.ndim))


@gap
def take_rows(xp, x, indices):
    rows = xp.base.take(x, xp.base.reshape(indices, (-1,)), axis=0)
    return xp.base.reshape(rows, (*indices.shape, x.shape[-1]))


@gap
def add_rows(xp, values, indices, n):
    rows = xp.base.reshape(values, (-1, values.shape[-1]))
    return xp.put_at(
        xp.base.zeros((n, values.shape[-1]), dtype=values.dtype), (xp.base.reshape(indices, (-1,)),), rows, "add"
    )


@gap
def frequencies(xp, indices):
    flat = xp.base.reshape(indices, (-1,))
    hits = xp.base.astype(flat[:, None] == flat[None, :], xp.base.int64)
    return xp.base.reshape(xp.base.sum(hits, axis=1), indices.shape)


@gap
def take_padded(xp, x, sources):
    for axis, index, _, _ in sources:
        x = xp.take(x, xp.asarray(index), axis=axis)
    return x


@gap
def add_along(xp, values, indices, n, axis):
    out = xp.base.zeros((*values.shape[:axis], n, *values.shape[axis + 1 :]), dtype=values.dtype)
    return xp.put_at(out, (*[None] * axis, xp.base.asarray(indices)), values, "add")


@gap
def pad_with(xp, x, pads, value):
    x = x[tuple([slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, pads, strict=True)])]
    for axis, (before, after) in enumerate(pads):
        sides = [xp.full((*x.shape[:axis], max(w, 0), *x.shape[axis + 1 :]), value, x.dtype) for w in (before, after)]
        x = xp.base.concat([sides[0], x, sides[1]], axis=axis)
    return x


@gap
def keep_where(xp, mask, x):
    return xp.base.where(mask, x, xp.base.zeros_like(x))


@gap
def zero_within(xp, x, bound):
    return xp.where(xp.abs(x) <= bound, 0.0, x)


@gap
def sign_or_zero(xp, x):
    positive, negative = xp.astype(x > 0, xp.int8), xp.astype(x < 0, xp.int8)
    return xp.astype(positive - negative, x.dtype)


@gap
def shift_to_zero(xp, x, bound):
    return xp.copysign(x - xp.clip(x, -bound, bound), x)


@gap
def with_nan_of(xp, x, y):
    return xp.where(y != y, y, x)


@gap
def replace_special(xp, x, nan, posinf, neginf):
    for mask, value in ((x != x, nan), (x == xp.inf, posinf), (x == -xp.inf, neginf)):
        x = xp.base.where(mask, xp.scalar(value, x.dtype), x)
    return x


@gap
def replaced_at(xp, x, index, values):
    """x with `values` at a basic index."""
    places = xp.embed_index(xp.ones(values.shape, dtype=values.dtype), x.shape, index)
    return xp.where(places != 0, xp.embed_index(values, x.shape, index), x)
