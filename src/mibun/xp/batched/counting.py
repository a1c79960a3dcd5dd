"""Counting and placing: what is counted in one go has a stretch of numbers for each example.

What depends on the values so much that its steps do is computed by NumPy, whatever library the arrays are of.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.batching import dynamic_shape
from .array import Batched
from .library import is_array, numpy_namespace, xp
from .rules import below, map_arrays, rows_of, rule, single, whole


def by_numpy(function: Callable) -> Callable:
    """A rule that computes with NumPy's arrays, for those of the library below."""
    if xp is numpy_namespace:
        return function

    def on_the_host(array: Any) -> Any:
        return xp.to_numpy(array) if is_array(array) and not isinstance(array, np.ndarray) else array

    @functools.wraps(function)
    def called(*args: Any) -> Batched:
        given = map_arrays(lambda x: Batched(on_the_host(x.array), x.levels), args)
        found = function(*[x if type(x) is Batched else on_the_host(x) for x in given])
        like = next(x for x in args if type(x) is Batched)
        return Batched(xp.from_numpy(found.array, xp.device_of(like.array)), found.levels)

    return called


def _whole(x: Any, like: Batched) -> Any:
    """`whole` of arrays of NumPy's."""
    return x.array if type(x) is Batched else np.broadcast_to(x, (like.array.shape[0], *np.shape(x)))


def _rows(numbers: Any, length: int, weights: Any = None) -> Any:
    """How often each of 0 to length - 1 occurs in each row (the sums of weights); what is negative is left out."""
    n = numbers.shape[0]
    places = rows_of(numbers).astype(np.int64) + (np.arange(n) * length)[:, None]
    counted = rows_of(numbers) >= 0
    weights = None if weights is None else rows_of(weights)[counted]
    return np.bincount(places[counted], weights, n * length)[: n * length].reshape(n, length)


@single("bincount")
@by_numpy
def bincount(x: Any, weights: Any, length: int) -> Any:
    like = x if type(x) is Batched else weights
    if weights is None:
        return Batched(_rows(x.array, length), like.levels)
    found = _rows(_whole(x, like), length, _whole(weights, like))
    return Batched(found.astype(weights.dtype), like.levels)


@single("histogram_of")
@by_numpy
def histogram_of(x: Any, bins: int, low: float | None, high: float | None) -> Any:
    rows = rows_of(x.array)
    if low is None or high is None:  # each example has its own range
        first, last = rows.min(1, keepdims=True), rows.max(1, keepdims=True)
        same = first == last
        first, last = np.where(same, first - 1, first), np.where(same, last + 1, last)
    else:
        first, last = rows.dtype.type(low), rows.dtype.type(high)
    inside = (rows >= first) & (rows <= last)
    places = (np.where(inside, rows - first, 0) / (last - first) * bins).astype(np.int64)
    places = np.where(inside, np.minimum(places, bins - 1), -1)
    return Batched(_rows(places, bins).astype(x.dtype), x.levels)


@single("search_rows")
def search_rows(sequence: Any, values: Any, right: bool, dtype: Any) -> Any:
    like = sequence if type(sequence) is Batched else values
    if type(sequence) is not Batched and sequence.ndim == 1:
        return Batched(xp.asarray(below("search_rows")(sequence, values.array, right, dtype)), like.levels)
    array = whole(values, like)
    wanted = array if sequence.ndim > 1 else rows_of(array)
    found = below("search_rows")(whole(sequence, like), wanted, right, dtype)
    return Batched(found.reshape(array.shape), like.levels)


@rule("positions_not_zero")
@by_numpy
def positions_not_zero(x: Any) -> Any:
    """The rows of positions, where all examples have as many."""
    k = len(x.levels)
    hidden = x.array.shape[:k]
    counts = np.count_nonzero(x.array, axis=tuple(range(k, x.array.ndim)))
    if counts.size and counts.min() != counts.max():
        raise dynamic_shape("aten::argwhere")
    rows = np.argwhere(x.array)[:, k:]
    return Batched(rows.reshape((*hidden, counts.flat[0] if counts.size else 0, x.ndim)), x.levels)


@single("repeated_positions")
@by_numpy
def repeated_positions(counts: Any, size: int) -> Any:
    """0 to size - 1, each as often as its count says, where that makes as many for all examples."""
    n = counts.array.shape[0]
    each = np.broadcast_to(rows_of(counts.array), (n, size))
    totals = each.sum(1)
    if n and totals.min() != totals.max():
        raise dynamic_shape("aten::repeat_interleave")
    found = np.repeat(np.tile(np.arange(size, dtype=np.int64), n), each.reshape(-1))
    return Batched(found.reshape(n, totals[0] if n else 0), counts.levels)


@single("fill_in_order")
@by_numpy
def fill_in_order(x: Any, mask: Any, values: Any) -> Any:
    like = next(one for one in (x, mask, values) if type(one) is Batched)
    n = like.array.shape[0]
    out = rows_of(np.array(_whole(x, like), order="C"))
    where = rows_of(_whole(mask, like))
    rows, places = where.nonzero()
    number = np.cumsum(where, axis=1)[rows, places] - 1  # how many of the mask come before
    out[rows, places] = rows_of(_whole(values, like))[rows, number]
    return Batched(out.reshape((n, *x.shape)), like.levels)


@single("taken_in_order")
@by_numpy
def taken_in_order(x: Any, mask: Any, size: int) -> Any:
    like = x if type(x) is Batched else mask
    n = like.array.shape[0]
    where = rows_of(_whole(mask, like))
    rows, places = where.nonzero()
    out = np.zeros((n, size), x.dtype)
    out[rows, np.cumsum(where, axis=1)[rows, places] - 1] = rows_of(_whole(x, like))[rows, places]
    return Batched(out, like.levels)


@single("index_of_rank")
def index_of_rank(x: Any, rank: Any, axis: int) -> Any:
    like = x if type(x) is Batched else rank
    return Batched(below("index_of_rank")(whole(x, like), whole(rank, like), axis + 1), like.levels)
