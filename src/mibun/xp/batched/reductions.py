"""Sums, extremes, orders and running totals: their axes are counted from behind the hidden ones."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .array import Batched, levels_of, physical
from .library import xp
from .rules import RULES, along, among_unbatched, below, looking, rule, shifted


def _reduction(name: str) -> None:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False, **kwargs: Any) -> Any:
        if type(x) is not Batched:
            return among_unbatched(name, x, axis=axis, keepdims=keepdims, **kwargs)
        array, k = x.array, len(x.levels)
        if array.ndim == k:
            x = x.reshape(1)
            axis, keepdims = 0, False
        elif axis is None and not keepdims and type(array) is np.ndarray and array.size and array.flags.c_contiguous:
            # (NumPy is quicker along one axis.)
            whole = array if array.ndim == k + 1 else array.reshape((*array.shape[:k], -1))
            return Batched(below(name)(whole, axis=k, **kwargs), x.levels)
        elif isinstance(axis, tuple) and not axis:
            return Batched(below(name)(x.array, axis=(), keepdims=keepdims, **kwargs), x.levels)
        return Batched(below(name)(x.array, axis=shifted(axis, x), keepdims=keepdims, **kwargs), x.levels)

    looking(name)(reduce)


_SHORT = 256  # elements of a row below which NumPy's sum over the rows of each matrix is slower than BLAS's


@functools.lru_cache(64)
def _ones(count: int, dtype: Any) -> Any:
    ones = np.ones(count, dtype)
    ones.flags.writeable = False
    return ones


def _sum(x: Any, axis: Any = None, keepdims: bool = False, **kwargs: Any) -> Any:
    """The sum over the rows of each example, as of the gradient of a bias, is a product of matrices."""
    if axis is None or type(x) is not Batched or type(x.array) is not np.ndarray:
        return _general_sum(x, axis, keepdims, **kwargs)
    array = x.array
    if axis == 0 and array.ndim == len(x.levels) + 2 and not keepdims and not kwargs and array.dtype.char in "fd":
        if array.shape[-1] <= _SHORT and array.flags.c_contiguous:
            return Batched(np.matmul(_ones(array.shape[-2], array.dtype), array), x.levels)
    short = array.ndim > 2 and array.shape[-1] <= _SHORT and array.dtype.char in "fd" and not kwargs
    if short and x.ndim > 1 and shifted(axis, x) in (array.ndim - 2, (array.ndim - 2,)) and array.flags.c_contiguous:
        total = np.matmul(_ones(array.shape[-2], array.dtype), array)
        return Batched(total[..., None, :] if keepdims else total, x.levels)
    return _general_sum(x, axis, keepdims, **kwargs)


for _name in ("sum", "prod", "mean", "max", "min", "any", "all"):
    _reduction(_name)
_general_sum, RULES["sum"] = RULES["sum"], _sum


def _place(name: str) -> None:
    def find(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        if axis is None:
            flat = below(name)(x.reshape(-1).array, axis=-1)
            return Batched(flat.reshape(flat.shape + (1,) * x.ndim) if keepdims else flat, x.levels)
        if x.ndim == 0:
            x = x.reshape(1)
            keepdims = False
        return Batched(below(name)(x.array, axis=shifted(axis, x), keepdims=keepdims), x.levels)

    RULES[name] = find


for _name in ("argmax", "argmin"):
    _place(_name)

along(
    "cumulative_logaddexp",
    "cumulative_max",
    "cumulative_min",
    "cumulative_prod",
    "cumulative_sum",
    "newest_true",
)


@rule("newest_equal")
def newest_equal(x: Any, extreme: Any, axis: int) -> Any:
    levels, rank = levels_of((x, extreme)), max(x.ndim, extreme.ndim)
    arrays = [physical(one, levels, rank) for one in (x, extreme)]
    shape = np.broadcast_shapes(arrays[0].shape, arrays[1].shape)
    arrays = [xp.broadcast_to(one, shape) for one in arrays]
    return Batched(below("newest_equal")(*arrays, axis % max(rank, 1) + len(levels)), levels)


@rule("row_sums")
def row_sums(x: Any, axis: Any) -> Any:
    if x.ndim == 0:
        return x
    return Batched(below("row_sums")(x.array, shifted(axis, x)), x.levels)


@rule("stable_order")
def stable_order(x: Any, axis: int, descending: bool) -> Any:
    return Batched(below("stable_order")(x.array, shifted(axis, x), descending), x.levels)


@rule("first_in_order")
def first_in_order(x: Any, k: int, axis: int, descending: bool) -> Any:
    return Batched(below("first_in_order")(x.array, k, shifted(axis, x), descending), x.levels)


@rule("linear_recurrence", "lstm_steps", "lstm_steps_back", "sums_over_paths")
def no_loop(*args: Any, **kwargs: Any) -> None:
    """None: the operators' own formulas take any hidden axes."""


@rule("may_hold_nan")
def may_hold_nan(x: Any) -> bool:
    return below("may_hold_nan")(x.array)


@rule("sum_to")
def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of broadcasting, of one example."""
    lead = x.ndim - len(shape)
    k = len(x.levels)
    axes = tuple([i + k for i in range(x.ndim) if i < lead or (shape[i - lead] == 1 and x.shape[i] != 1)])
    array = below("sum")(x.array, axis=axes) if axes else x.array
    return Batched(array.reshape((*x.array.shape[:k], *shape)), x.levels)


@rule("sum_examples")
def sum_examples(x: Any, levels: tuple[int, ...]) -> Any:
    """The sum over the examples of some levels: no longer batched by these."""
    axes = tuple([i for i, level in enumerate(x.levels) if level in levels])
    rest = tuple([level for level in x.levels if level not in levels])
    total = x.total(axes)
    return Batched(total, rest) if rest else total
