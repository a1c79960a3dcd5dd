"""The gaps for pooling in pure Array API: every window's places are a constant table, values are taken from it at once.

A table has, for each window, the positions of its elements in the flattened space; -1 stands for the padding.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ..numpy.pooling import _bounds, _divisors
from .gaps import gap


def _table(space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple) -> np.ndarray:
    """(*counts, places in the window)"""
    n = len(space)
    total: Any = 0
    inside: Any = True
    for axis in range(n):
        starts = np.arange(counts[axis]) * stride[axis] - padding[axis]
        at = starts.reshape((-1, *[1] * (2 * n - axis - 1)))
        at = at + (np.arange(window[axis]) * dilation[axis]).reshape((-1, *[1] * (n - axis - 1)))
        inside = inside & (at >= 0) & (at < space[axis])
        total = total * space[axis] + at
    return np.where(inside, total, -1).reshape(*counts, math.prod(window))


def _adaptive_table(space: tuple, sizes: tuple) -> np.ndarray:
    """(*sizes, places in the largest window)"""
    grid = np.arange(math.prod(space)).reshape(space)
    bounds = [_bounds(size, parts) for size, parts in zip(space, sizes, strict=True)]
    cells = [grid[tuple(slice(*b) for b in cell)].reshape(-1) for cell in itertools.product(*bounds)]
    longest = max([len(cell) for cell in cells], default=0)
    rows = [np.concatenate([cell, np.full(longest - len(cell), -1)]) for cell in cells]
    return np.array(rows, np.int64).reshape(*sizes, longest)


def _seen(xp: Any, x: Any, table: np.ndarray, n: int, fill: Any) -> Any:
    """What the windows see: (*lead, *table.shape)."""
    lead, length = x.shape[: x.ndim - n], math.prod(x.shape[x.ndim - n :])
    flat = xp.base.reshape(x, (math.prod(lead), length))
    flat = xp.base.concat([flat, xp.full((math.prod(lead), 1), fill, x.dtype)], axis=1)
    places = xp.base.asarray(np.where(table < 0, length, table).reshape(-1))
    return xp.base.reshape(xp.base.take(flat, places, axis=1), (*lead, *table.shape))


def _spread(xp: Any, values: Any, table: np.ndarray, space: tuple) -> Any:
    """The transpose of `_seen`."""
    lead, length = values.shape[: values.ndim - table.ndim], math.prod(space)
    places = xp.base.asarray(np.where(table < 0, length, table).reshape(-1))
    flat = xp.base.zeros((math.prod(lead), length + 1), dtype=values.dtype)
    flat = xp.put_at(flat, (None, places), xp.base.reshape(values, (math.prod(lead), table.size)), "add")
    return xp.base.reshape(flat[:, :length], (*lead, *space))


def _largest(xp: Any, seen: Any, table: np.ndarray) -> tuple:
    """Maxima and where they are in the windows: the first of equals in the input, of several NaN the last."""
    base = xp.base
    best = base.max(seen, axis=-1)
    order = base.arange(table.shape[-1], dtype=base.int64)
    inside = base.asarray(table >= 0)
    winners = base.min(base.where((seen == best[..., None]) & inside, order, table.shape[-1] - 1), axis=-1)
    if xp.isdtype(seen.dtype, "real floating"):
        missing = base.isnan(seen)
        last = base.max(base.where(missing, order, -1), axis=-1)
        winners = base.where(last >= 0, last, winners)
        best = base.where(last >= 0, math.nan, best)
    return best, winners


def _lowest(xp: Any, dtype: Any) -> Any:
    return xp.base.iinfo(dtype).min if xp.isdtype(dtype, "integral") else -math.inf


@gap
def max_windows(xp, x, window, stride, padding, dilation, counts):
    table = _table(x.shape[x.ndim - len(window) :], window, stride, padding, dilation, counts)
    best, winners = _largest(xp, _seen(xp, x, table, len(window), _lowest(xp, x.dtype)), table)
    return best, xp.base.astype(winners, xp.base.uint8 if math.prod(window) <= 256 else xp.base.int32)


def _won(xp: Any, winners: Any, size: int) -> Any:
    order = xp.base.arange(size, dtype=xp.base.int64)
    return xp.base.astype(winners, xp.base.int64)[..., None] == order


@gap
def winner_positions(xp, winners, space, window, stride, padding, dilation):
    table = _table(space, window, stride, padding, dilation, winners.shape[winners.ndim - len(window) :])
    return xp.base.sum(xp.base.where(_won(xp, winners, table.shape[-1]), xp.base.asarray(table), 0), axis=-1)


@gap
def take_winners(xp, x, winners, window, stride, padding, dilation):
    n = len(window)
    table = _table(x.shape[x.ndim - n :], window, stride, padding, dilation, winners.shape[winners.ndim - n :])
    return xp.sum(xp.base.where(_won(xp, winners, table.shape[-1]), _seen(xp, x, table, n, 0), 0.0), axis=-1)


@gap
def spread_winners(xp, g, winners, space, window, stride, padding, dilation):
    table = _table(space, window, stride, padding, dilation, winners.shape[winners.ndim - len(window) :])
    return _spread(xp, xp.base.where(_won(xp, winners, table.shape[-1]), g[..., None], 0.0), table, space)


def _divided(
    xp: Any, x: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, include: bool, divisor: Any
) -> Any:
    if divisor:
        return x / float(divisor)
    counts = x.shape[x.ndim - len(window) :]
    divisors = np.asarray(_divisors(space, window, stride, padding, counts, include, np.dtype("float64")))
    return x / xp.base.astype(xp.base.asarray(divisors), x.dtype)


@gap
def average_windows(xp, x, window, stride, padding, counts, include, divisor):
    n = len(window)
    space = x.shape[x.ndim - n :]
    total = xp.sum(_seen(xp, x, _table(space, window, stride, padding, (1,) * n, counts), n, 0), axis=-1)
    return _divided(xp, total, space, window, stride, padding, include, divisor)


@gap
def spread_windows(xp, g, space, window, stride, padding, include, divisor):
    n = len(window)
    table = _table(space, window, stride, padding, (1,) * n, g.shape[g.ndim - n :])
    g = _divided(xp, g, space, window, stride, padding, include, divisor)
    return _spread(xp, xp.base.broadcast_to(g[..., None], (*g.shape, table.shape[-1])), table, space)


def _part_weights(size: int, parts: int) -> np.ndarray:
    """(parts, size): which elements each part averages."""
    weights = np.zeros((parts, size))
    for i, (start, stop) in enumerate(_bounds(size, parts)):
        weights[i, start:stop] = 1 / (stop - start)
    return weights


def _along(xp: Any, x: Any, axis: int, matrix: np.ndarray) -> Any:
    matrix = xp.base.astype(xp.base.asarray(matrix), x.dtype)
    moved = xp.base.moveaxis(x, axis, -1)[..., None]
    return xp.base.moveaxis(xp.base.matmul(matrix, moved)[..., 0], -1, axis)


@gap
def adaptive_mean(xp, x, sizes):
    for axis, parts in enumerate(sizes, x.ndim - len(sizes)):
        x = _along(xp, x, axis, _part_weights(x.shape[axis], parts))
    return x


@gap
def adaptive_spread(xp, g, space):
    for axis, size in enumerate(space, g.ndim - len(space)):
        g = _along(xp, g, axis, _part_weights(size, g.shape[axis]).T)
    return g


@gap
def adaptive_max(xp, x, sizes):
    table = _adaptive_table(x.shape[x.ndim - len(sizes) :], sizes)
    best, winners = _largest(xp, _seen(xp, x, table, len(sizes), _lowest(xp, x.dtype)), table)
    return best, xp.base.sum(xp.base.where(_won(xp, winners, table.shape[-1]), xp.base.asarray(table), 0), axis=-1)


def _flat_positions(xp: Any, positions: Any, n: int, length: int) -> Any:
    lead = math.prod(positions.shape[: positions.ndim - n])
    rows = xp.base.reshape(
        xp.base.astype(positions, xp.base.int64), (lead, math.prod(positions.shape[positions.ndim - n :]))
    )
    return xp.base.reshape(rows + xp.base.arange(lead, dtype=xp.base.int64)[:, None] * length, (-1,))


@gap
def put_positions(xp, g, positions, space, add):
    n, lead = len(space), g.shape[: g.ndim - len(space)]
    flat = xp.base.zeros((math.prod(lead) * math.prod(space),), dtype=g.dtype)
    where = _flat_positions(xp, positions, n, math.prod(space))
    flat = xp.put_at(flat, (where,), xp.base.reshape(g, (-1,)), "add" if add else "set")
    return xp.base.reshape(flat, (*lead, *space))


@gap
def take_positions(xp, x, positions, n):
    where = _flat_positions(xp, positions, n, math.prod(x.shape[x.ndim - n :]))
    return xp.base.reshape(xp.base.take(xp.base.reshape(x, (-1,)), where, axis=0), positions.shape)
