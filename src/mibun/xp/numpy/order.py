"""The gaps of the NumPy namespace that reduce or order: sorting and running reductions."""

from __future__ import annotations

import math
from typing import Any

from .library import compiled, from_size, np
from .memory import along_axis


def stable_order(x: Any, axis: int, descending: bool) -> Any:
    """The indices that sort along an axis; equal elements keep their order, NaN is largest."""
    if not descending:
        return np.argsort(x, axis=axis, kind="stable")
    # Reversed before and after, equal elements keep their order and NaN comes first.
    reverse = (slice(None),) * axis + (slice(None, None, -1),)
    return x.shape[axis] - 1 - np.argsort(x[reverse], axis=axis, kind="stable")[reverse]


def _of_rank(x: Any, k: int, axis: int) -> Any:
    """The element of rank k along an axis, which keeps size 1: without sorting."""
    return np.take(np.partition(x, k, axis=axis), [k], axis=axis)


_LAYERS = 64


def _few_first(x: Any, k: int, descending: bool) -> Any:
    """`first_in_order` for few elements of a long vector; None where they can't be told from the others so.

    The vector is laid in 64 layers, one on the other. k of the maxima of the columns are at least as large as the k-th
    of them, so the k first elements are all among the elements that are. There are not many more of these.
    """
    width = len(x) // _LAYERS
    layers = x[: _LAYERS * width].reshape(_LAYERS, width)
    ends = (np.maximum if descending else np.minimum).reduce(layers, axis=0)
    if x.dtype.kind == "f" and (np.isnan(ends).any() or np.isnan(x[_LAYERS * width :]).any()):
        return None
    limit = np.partition(ends, width - k if descending else k - 1)[width - k if descending else k - 1]
    places = np.flatnonzero(x >= limit if descending else x <= limit)
    return places[stable_order(x[places], 0, descending)[:k]] if len(places) < width else None


def first_in_order(x: Any, k: int, axis: int, descending: bool) -> Any:
    """The first k of the indices that sort along an axis: equal elements keep their order, NaN is largest."""
    n = x.shape[axis]
    if x.ndim == 1 and 0 < k <= n // (4 * _LAYERS) and n > 4096 and x.dtype.kind in "fiu":
        few = _few_first(x, k, descending)
        if few is not None:
            return few
    if 0 < k <= n // 4 and n > 100 and x.dtype.kind in "fiu" and not (x.dtype.kind == "f" and np.isnan(x).any()):
        limit = _of_rank(x, n - k if descending else k - 1, axis)
        chosen = np.moveaxis(x >= limit if descending else x <= limit, axis, -1)
        places = chosen.nonzero()[-1]
        if len(places) == k * (x.size // n):  # else more elements than that are equal to the limit
            places = np.moveaxis(places.reshape(*chosen.shape[:-1], k), -1, axis)
            return read_along(places, stable_order(read_along(x, places, axis), axis, descending), axis)
        if x.ndim == 1:
            return places[stable_order(x[places], 0, descending)[:k]]
    return stable_order(x, axis, descending)[(slice(None),) * axis + (slice(k),)]


def index_of_rank(x: Any, rank: Any, axis: int) -> Any:
    """The index of the element of a rank (an array of size 1 along the axis), in the order of `stable_order`."""
    k = int(rank.flat[0]) if rank.size else 0
    if x.size and x.shape[axis] > 100 and x.dtype.kind in "fiu" and (rank == k).all():
        value = _of_rank(x, k, axis)
        if not (x.dtype.kind == "f" and np.isnan(value).any()):
            equal = x == value
            earlier = k - np.sum(x < value, axis=axis, keepdims=True)  # of the elements equal to it
            if earlier.any():
                equal = np.cumsum(equal, axis=axis) > earlier
            return np.argmax(equal, axis=axis, keepdims=True)
    return read_along(stable_order(x, axis, False), rank, axis)


def interchanged(targets: Any) -> Any:
    """0, 1, ..., len(targets) after exchanging place i with place targets[i], for each i in turn.

    LAPACK has that as xLASWP, for the rows of a matrix; SciPy is asked for it where there is much to exchange.
    """
    n = len(targets) + 1
    if n > 4096:
        name, kind = ("slaswp", np.float32) if n < 2**24 else ("dlaswp", np.float64)
        exchange = compiled("linalg.lapack", name)
        if exchange is not None and n < 2**31:
            rows = np.arange(n, dtype=kind).reshape((n, 1), order="F")
            return exchange(rows, targets.astype(np.int32), overwrite_a=True)[:, 0].astype(np.int64)
    order = list(range(n))
    for i, j in enumerate(targets.tolist()):
        order[i], order[j] = order[j], order[i]
    return np.array(order)


def read_along(x: Any, indices: Any, axis: int) -> Any:
    """The elements at an index for each place along an axis; on the other axes both have the same sizes."""
    return x[indices] if x.ndim == 1 else x[along_axis(indices, axis)]


def may_hold_nan(x: Any) -> bool:
    """Whether the dtype has NaN."""
    return x.dtype.kind in "fcV"


_LINES = from_size(
    128
)  # from which on one call for all lines takes less time than `accumulate`, which waits for each result


def _line_by_line(function: Any, x: Any) -> None:
    """The running reduction along the first axis, in place."""
    before = x[0]
    for line in x[1:]:
        function(line, before, line)
        before = line


def _block_by_block(function: Any, lines: Any) -> None:
    """`_line_by_line` for a maximum or minimum, whose order is free: all blocks of lines at once, then in turn."""
    n, width = lines.shape
    blocks = min(8, 2048 // width)
    size = n // blocks if blocks > 1 else 0
    if size < 8:
        return _line_by_line(function, lines)
    done = lines[: blocks * size].reshape(blocks, size, width)
    apart = np.ascontiguousarray(done.swapaxes(0, 1))
    _line_by_line(function, apart.reshape(size, -1))
    done[0] = apart[:, 0]
    for i in range(1, blocks):
        function(apart[:, i], done[i - 1, -1], done[i])
    return _line_by_line(function, lines[blocks * size - 1 :])


def _accumulated(function: Any, x: Any, axis: int) -> Any:
    """function.accumulate(x, axis), bit for bit, all lines at once; None where there are few."""
    n = x.shape[axis] if x.ndim else 0
    if n < 2 or x.size < _LINES * n or x.dtype.kind not in "fiu":
        return None
    axis %= x.ndim
    if axis == x.ndim - 1 and x.dtype.kind in "iu" and function in (np.add, np.multiply):
        return None  # which takes a processor no time to wait for
    out = np.empty(x.shape, x.dtype)
    if axis < x.ndim - 1:
        inner = math.prod(x.shape[axis + 1 :])
        if inner < _LINES:
            return None
        out[...] = x
        for part in out.reshape(-1, n, inner):
            _line_by_line(function, part)
        return out
    rows, results = x.reshape(-1, n), out.reshape(-1, n)
    step = max(_LINES, (1 << 17) // n)
    along = _block_by_block if function in (np.fmax, np.fmin) else _line_by_line
    for start in range(0, len(rows), step):
        part = np.ascontiguousarray(rows[start : start + step].T)
        along(function, part)
        results[start : start + step] = part.T
    return out


def _lines_of_recurrence(c: Any, a: Any, out: Any) -> None:
    """`linear_recurrence` along the first axis."""
    out[0] = before = c[0]
    part = np.empty_like(before)
    for constant, factor, line in zip(c[1:], a[1:], out[1:], strict=True):
        np.multiply(factor, before, part)
        np.add(constant, part, line)
        before = line


def linear_recurrence(c: Any, a: Any, axis: int) -> Any:
    """b[j] = c[j] + a[j] b[j-1] along an axis, step by step for all lines at once; None where there are few lines."""
    n = c.shape[axis]
    if n < 2 or c.size < _LINES * n or c.dtype.char not in "fdFD" or a.dtype != c.dtype or a.shape != c.shape:
        return None
    out = np.empty(c.shape, c.dtype)
    inner = math.prod(c.shape[axis + 1 :])
    if inner > 1:
        if inner < _LINES:
            return None
        for parts in zip(*[x.reshape(-1, n, inner) for x in (c, a, out)], strict=True):
            _lines_of_recurrence(*parts)
        return out
    rows = [x.reshape(-1, n) for x in (c, a, out)]
    step = max(_LINES, (1 << 16) // n)
    for start in range(0, len(rows[0]), step):
        one, other, result = [x[start : start + step].T for x in rows]
        lines = np.empty(result.shape, c.dtype)
        _lines_of_recurrence(np.ascontiguousarray(one), np.ascontiguousarray(other), lines)
        result[...] = lines
    return out


def _accumulate(function: Any, x: Any, axis: int) -> Any:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":  # in float32, as PyTorch does
        return function.accumulate(x, axis=axis, dtype=np.float32).astype(x.dtype)
    found = _accumulated(function, x, axis)
    return function.accumulate(x, axis=axis, dtype=x.dtype) if found is None else found


def cumulative_sum(x: Any, axis: int) -> Any:
    """The running sum, in the dtype of x."""
    return _accumulate(np.add, x, axis)


def cumulative_prod(x: Any, axis: int) -> Any:
    """The running product, in the dtype of x."""
    return _accumulate(np.multiply, x, axis)


def cumulative_max(x: Any, axis: int) -> Any:
    """The running maximum; NaN wins."""
    # NumPy is quicker with the form that skips NaN.
    found = None if x.dtype.kind == "f" and np.isnan(x).any() else _accumulated(np.fmax, x, axis)
    return np.maximum.accumulate(x, axis=axis) if found is None else found


def cumulative_min(x: Any, axis: int) -> Any:
    """The running minimum; NaN wins."""
    # NumPy is quicker with the form that skips NaN.
    found = None if x.dtype.kind == "f" and np.isnan(x).any() else _accumulated(np.fmin, x, axis)
    return np.minimum.accumulate(x, axis=axis) if found is None else found


def cumulative_logaddexp(x: Any, axis: int) -> Any:
    """log(cumsum(exp(x))), without overflow."""
    if x.dtype.kind == "V":
        return cumulative_logaddexp(x.astype(np.float32), axis).astype(x.dtype)
    if x.dtype.kind != "c":
        return np.logaddexp.accumulate(x, axis=axis)
    # NumPy has no complex logaddexp: one step at a time, as the one with the larger real part and what the other adds.
    x = np.moveaxis(x, axis, 0)
    out = x.copy()
    for i in range(1, x.shape[0]):
        a, b = out[i - 1], x[i]
        first = a.real >= b.real
        high, low = np.where(first, a, b), np.where(first, b, a)
        out[i] = high + np.log1p(np.exp(np.where(np.isfinite(high.real), low - high, 0)))
    return np.ascontiguousarray(np.moveaxis(out, 0, axis))


def newest_equal(x: Any, extreme: Any, axis: int) -> Any:
    """For each place along an axis the last place, up to there, where x is its running extreme, or NaN."""
    met = x == extreme
    if x.dtype.kind in "fcV" and np.isnan(extreme.take(-1, axis) if x.size else x).any():  # once met, NaN stays
        met |= np.isnan(x)
    return newest_true(met, axis)


def newest_true(met: Any, axis: int) -> Any:
    """For each place along an axis the last place, up to there, where `met` is true; it is true in the first place."""
    rows = np.moveaxis(met, axis, -1)
    found = rows.reshape(-1).nonzero()[0]  # no run goes on in the next row, as that begins with one
    lengths = np.empty_like(found)
    np.subtract(found[1:], found[:-1], out=lengths[:-1])
    lengths[-1:] = met.size - found[-1:]
    runs = np.repeat(found % met.shape[axis] if met.size else found, lengths)
    return np.ascontiguousarray(np.moveaxis(runs.reshape(rows.shape), -1, axis))
