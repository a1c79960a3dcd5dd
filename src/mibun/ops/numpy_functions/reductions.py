"""Sums, products, means, deviations, extremes and running totals, those that skip NaN too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import (
    NO_VALUE,
    array_of,
    axes_of,
    cast,
    flat_or_axis,
    floating,
    given,
    implements,
    ops,
    tensor_of,
    written,
)
from .reduce import accumulate, reduce


@implements("sum", always=True)
def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:  # noqa: A001
    return reduce(np.add, a, axis, dtype, out, keepdims, initial, where)


@implements("prod", always=True)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:
    return reduce(np.multiply, a, axis, dtype, out, keepdims, initial, where)


@implements("max", "amax", always=True)
def max(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:  # noqa: A001
    return reduce(np.maximum, a, axis, None, out, keepdims, initial, where)


@implements("min", "amin", always=True)
def min(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:  # noqa: A001
    return reduce(np.minimum, a, axis, None, out, keepdims, initial, where)


@implements("ptp")
def ptp(a, axis=None, out=None, keepdims=False) -> Tensor:
    return written(max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims), out, "ptp")


def _logical(name: str) -> None:
    @implements(name, always=True)
    def call(a, axis=None, out=None, keepdims=False, *, where=True) -> Tensor:
        options = {"keepdims": bool(keepdims and keepdims is not NO_VALUE)}
        if where is not True and where is not NO_VALUE:
            options["where"] = array_of(where)
        return written(tensor_of(getattr(np, name)(array_of(a), axis, **options)), out, name)


_logical("all")
_logical("any")


# --- means ---


def _count(tensor: Tensor, axes: tuple[int, ...], where: Any, keepdims: Any) -> Any:
    """How many elements go into each result: a number, or a Tensor with a mask."""
    if where is True or where is NO_VALUE:
        return math.prod([tensor.shape[axis] for axis in axes])
    mask = np.broadcast_to(array_of(where), tuple(tensor.shape))
    counts = mask.sum(axes, keepdims=bool(keepdims and keepdims is not NO_VALUE))
    return cast(tensor_of(counts), np.finfo(tensor._array_.dtype).dtype)


@implements("mean", always=True)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True) -> Tensor:
    tensor = cast(floating(tensor_of(a)), dtype)
    n = _count(tensor, axes_of(axis, tensor.ndim), where, keepdims)
    n = n if isinstance(n, Tensor) or n else math.nan
    return written(sum(tensor, axis, keepdims=keepdims, where=where) / n, out, "mean")


@implements("var", always=True)
def var(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NO_VALUE, correction=NO_VALUE
) -> Tensor:
    ddof = correction if given(correction) else ddof
    tensor = cast(floating(tensor_of(a)), dtype)
    centre = tensor_of(mean) if given(mean) else _mean(tensor, axis, keepdims=True, where=where)
    distance = tensor - centre
    square = (distance * distance.conj()).real if tensor.is_complex() else distance * distance
    n = _count(tensor, axes_of(axis, tensor.ndim), where, keepdims) - ddof
    n = n.clamp(min=0) if isinstance(n, Tensor) else (n if n > 0 else 0)
    total = sum(square, axis, keepdims=keepdims, where=where)
    return written(total / n, out, "var")


_mean = mean


@implements("std", always=True)
def std(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NO_VALUE, correction=NO_VALUE
) -> Tensor:
    found = var(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
    return written(_root(found), out, "std")


def _root(variance: Tensor) -> Tensor:
    """The square root, whose derivative at 0 counts as 0, as PyTorch has it for standard deviations."""
    zero = variance == 0
    return ops.where(zero, variance, ops.where(zero, 1.0, variance).sqrt())


# --- running totals ---


def _running(ufunc: np.ufunc, name: str) -> Callable[..., Tensor]:
    def call(a, axis=None, dtype=None, out=None) -> Tensor:
        tensor, axis = flat_or_axis(tensor_of(a), axis)
        return written(accumulate(ufunc, tensor, axis, dtype), out, name)

    return call


cumsum = implements("cumsum")(_running(np.add, "cumsum"))
cumprod = implements("cumprod")(_running(np.multiply, "cumprod"))


def _cumulative(ufunc: np.ufunc, name: str) -> None:
    @implements(name)
    def call(x, /, *, axis=None, dtype=None, out=None, include_initial=False) -> Tensor:
        tensor = tensor_of(x)
        if axis is None and tensor.ndim != 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        tensor, axis = flat_or_axis(tensor, axis)
        result = accumulate(ufunc, tensor, axis, dtype)
        if include_initial:
            first = ops.full_like(result.narrow(axis, 0, 1), ufunc.identity)
            result = ops.cat([first, result], axis)
        return written(result, out, name)


_cumulative(np.add, "cumulative_sum")
_cumulative(np.multiply, "cumulative_prod")


# --- without NaN ---


def _without_nan(a: Any, value: float) -> tuple[Tensor, Tensor]:
    """The operand with another number in the place of NaN; and where it is none."""
    tensor = tensor_of(a)
    whole = tensor_of(~np.isnan(tensor._array_))
    return ops.where(whole, tensor, ops.full((), value, dtype=tensor.dtype)), whole


def _mask(whole: Tensor, where: Any) -> Any:
    return whole if where is True or where is NO_VALUE else whole & tensor_of(where)


@implements("nansum")
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:
    return sum(_without_nan(a, 0)[0], axis, dtype, out, keepdims, initial, where)


@implements("nanprod")
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:
    return prod(_without_nan(a, 1)[0], axis, dtype, out, keepdims, initial, where)


@implements("nancumsum")
def nancumsum(a, axis=None, dtype=None, out=None) -> Tensor:
    return cumsum(_without_nan(a, 0)[0], axis, dtype, out)


@implements("nancumprod")
def nancumprod(a, axis=None, dtype=None, out=None) -> Tensor:
    return cumprod(_without_nan(a, 1)[0], axis, dtype, out)


def _nan_extreme(name: str, function: Callable[..., Tensor], worst: float) -> None:
    @implements(name)
    def call(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True) -> Tensor:
        tensor, whole = _without_nan(a, worst)
        result = function(tensor, axis, keepdims=keepdims, initial=initial, where=where)
        any_left = ops.where(whole, 1.0, 0.0).amax(axes_of(axis, tensor.ndim), keepdim=bool(keepdims is True))
        if not given(initial):
            result = ops.where(any_left > 0, result, ops.full((), math.nan, dtype=result.dtype))
        return written(result, out, name)


_nan_extreme("nanmax", max, -math.inf)
_nan_extreme("nanmin", min, math.inf)


@implements("nanmean")
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True) -> Tensor:
    tensor, whole = _without_nan(a, 0)
    return mean(tensor, axis, dtype, out, keepdims, where=_mask(whole, where))


@implements("nanvar")
def nanvar(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NO_VALUE, correction=NO_VALUE
) -> Tensor:
    tensor, whole = _without_nan(a, 0)
    options = {"where": _mask(whole, where), "mean": mean, "correction": correction}
    return var(tensor, axis, dtype, out, ddof, keepdims, **options)


@implements("nanstd")
def nanstd(
    a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=NO_VALUE, correction=NO_VALUE
) -> Tensor:
    found = nanvar(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
    return written(_root(found), out, "nanstd")
