"""The gaps about order in pure Array API: stable sorting, running reductions, counting, binary search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .gaps import gap, is_complex


@gap
def stable_order(xp, x, axis, descending):
    if not descending:
        return xp.base.argsort(x, axis=axis, stable=True)
    # Reversed before and after, equal elements keep their order and NaN comes first.
    order = xp.base.flip(xp.base.argsort(xp.base.flip(x, axis=axis), axis=axis, stable=True), axis=axis)
    return x.shape[axis] - 1 - order


@gap
def limits(xp, x):
    if not x.size or not xp.known(x):
        return None
    if xp.isdtype(x.dtype, "bool"):  # which the standard has no extremes of
        return xp.to_numpy(xp.all(x))[()], xp.to_numpy(xp.any(x))[()]
    return xp.to_numpy(xp.min(x))[()], xp.to_numpy(xp.max(x))[()]


@gap
def first_in_order(xp, x, k, axis, descending):
    return xp.stable_order(x, axis, descending)[(slice(None),) * axis + (slice(0, k), ...)]


@gap
def index_of_rank(xp, x, rank, axis):
    return xp.read_along(xp.stable_order(x, axis, False), rank, axis)


@gap
def may_hold_nan(xp, x):
    return xp.base.isdtype(x.dtype, ("real floating", "complex floating"))


@gap
def cumulative_sum(xp, x, axis):
    return xp.base.cumulative_sum(x, axis=axis, dtype=x.dtype)


@gap
def cumulative_prod(xp, x, axis):
    return xp.base.cumulative_prod(x, axis=axis, dtype=x.dtype)


def _running(xp: Any, function: Callable, x: Any, axis: int) -> Any:
    """function(function(x0, x1), x2) ... along an axis, with all results on the way."""
    x = xp.base.moveaxis(x, axis, 0)
    found: list = []
    for i in range(x.shape[0]):
        found.append(function(found[-1], x[i, ...]) if found else x[i, ...])
    return xp.base.moveaxis(xp.base.stack(found, axis=0), 0, axis) if found else xp.base.moveaxis(x, 0, axis)


@gap
def cumulative_max(xp, x, axis):
    return _running(xp, xp.base.maximum, x, axis)


@gap
def cumulative_min(xp, x, axis):
    return _running(xp, xp.base.minimum, x, axis)


@gap
def cumulative_logaddexp(xp, x, axis):
    if not is_complex(xp, x):
        return _running(xp, xp.base.logaddexp, x, axis)

    def add(a, b):
        first = xp.base.real(a) >= xp.base.real(b)
        high, low = xp.base.where(first, a, b), xp.base.where(first, b, a)
        less = xp.base.where(xp.base.isfinite(xp.base.real(high)), low - high, xp.base.zeros_like(high))
        return high + xp.base.log1p(xp.base.exp(less))

    return _running(xp, add, x, axis)


@gap
def bincount(xp, x, weights, length):
    hits = x[None, :] == xp.base.astype(xp.base.arange(length), x.dtype)[:, None]
    if weights is None:
        return xp.base.sum(xp.base.astype(hits, xp.base.int64), axis=1)
    return xp.base.sum(xp.base.where(hits, weights[None, :], 0.0), axis=1)


@gap
def histogram_of(xp, x, bins, low, high):
    flat = xp.base.reshape(x, (-1,))
    if low is None:
        low, high = float(xp.base.min(flat)), float(xp.base.max(flat))
        if low == high:
            low, high = low - 1, high + 1
    places = xp.base.minimum(xp.base.astype((flat - low) / (high - low) * bins, xp.base.int64), bins - 1)
    places = xp.base.where((flat >= low) & (flat <= high), places, -1)
    return xp.base.astype(xp.bincount(places, None, bins), x.dtype)


@gap
def repeated_positions(xp, counts, size):
    return xp.base.repeat(xp.base.arange(size, dtype=xp.base.int64), counts)


@gap
def fill_in_order(xp, x, mask, values):
    places = xp.true_positions(mask)
    values = xp.reshape(values, (-1,))[: places.shape[0]]
    return xp.reshape(xp.put_at(xp.reshape(x, (-1,)), (places,), values, "set"), x.shape)


@gap
def taken_in_order(xp, x, mask, size):
    values = xp.index_with(xp.reshape(x, (-1,)), (xp.true_positions(mask),))
    return xp.concat([values, xp.zeros((size - values.shape[0],), dtype=values.dtype)], axis=0)


@gap
def search_rows(xp, sequence, values, right, dtype):
    base = xp.base
    sequence = sequence[..., None, :] if sequence.ndim > 1 else sequence
    values = values[..., None]
    before = sequence <= values if right else sequence < values
    if base.isdtype(values.dtype, "real floating"):  # NaN is larger than all others
        before = before | (base.isnan(values) & (right | ~base.isnan(sequence)))
    return base.sum(base.astype(before, base.int64), axis=-1, dtype=getattr(base, str(dtype)))


@gap
def newest_true(xp, met, axis):
    places = xp.base.reshape(xp.base.arange(met.shape[axis]), (-1, *[1] * (met.ndim - axis - 1)))
    return xp.cumulative_max(xp.base.where(met, places, xp.base.zeros_like(places)), axis)


@gap
def newest_equal(xp, x, extreme, axis):
    return xp.newest_true(xp.logical_or(xp.equal(x, extreme), xp.isnan(x)), axis)


@gap
def linear_recurrence(xp, c, a, axis):
    return None  # no quicker way than the kernel's
