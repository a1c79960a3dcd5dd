"""The gaps of the NumPy namespace for pooling: maxima and sums over windows, and their transposes.

Images are (..., *space) with two or three spatial axes at the end. The loops run over the places in the window, not
over the windows: each step takes one place of all windows at once.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import numpy

from .convolution import _places
from .library import from_size, np, scatter
from .selection import keep_where


def _padded(x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple, fill: Any) -> Any:
    """x with the padding, and with what windows at the end reach beyond it, as an array that every window lies in."""
    n = len(window)
    space = x.shape[-n:]
    sizes = [
        max(p + size, (c - 1) * s + d * (k - 1) + 1)
        for size, p, c, s, d, k in zip(space, padding, counts, stride, dilation, window, strict=True)
    ]
    if tuple(sizes) == space:
        return x
    out = np.full((*x.shape[:-n], *sizes), fill, x.dtype)
    out[(..., *[slice(p, p + size) for p, size in zip(padding, space, strict=True)])] = x
    return out


def _lowest(dtype: Any) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else dtype.type(-np.inf)


def max_windows(x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple) -> tuple:
    """(the maxima, the place of each in its window); NaN wins, and the first of equals does."""
    source = _padded(x, window, stride, padding, dilation, counts, _lowest(x.dtype))
    places = _places(window, counts, stride, dilation)
    shape = (*x.shape[: -len(window)], *counts)
    kind = np.uint8 if len(places) <= 256 else np.int32
    winners = np.zeros(shape, kind)
    if any(padding):
        winners += _first_inside(window, stride, padding, dilation, counts).astype(kind)
    best = np.array(source[places[0]])
    greater = np.empty(shape, np.bool_)
    for number, place in enumerate(places[1:], 1):
        values = source[place]
        np.greater(values, best, out=greater)
        np.maximum(winners, greater.view(np.uint8) * kind(number), out=winners)
        np.maximum(best, values, out=best)
    # (To look whether there are any means to wait for a GPU.)
    if best.dtype.kind not in "iu" and (best.size < from_size(1) or np.isnan(best).any()):
        for number, place in enumerate(places):  # of several NaN the last counts
            winners[np.isnan(source[place])] = number
    return best, winners


def _first_inside(window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple) -> Any:
    """For each window, its first place that does not lie in the padding."""
    total: Any = 0
    for axis, (k, s, p, d, n) in enumerate(zip(window, stride, padding, dilation, counts, strict=True)):
        first = -(-np.maximum(p - np.arange(n) * s, 0) // d)
        total = total * k + first.reshape((-1, *[1] * (len(window) - axis - 1)))
    return total


def winner_positions(winners: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The places of maxima as positions in the flattened space of the input, int64."""
    n = len(window)
    counts = winners.shape[-n:]
    offsets = np.array(list(itertools.product(*[range(k) for k in window])), dtype=np.int64)
    total: Any = 0
    for axis in range(n):
        start = (np.arange(counts[axis]) * stride[axis] - padding[axis]).reshape((-1, *[1] * (n - axis - 1)))
        total = total * space[axis] + (offsets[:, axis] * dilation[axis])[winners] + start
    return total


def spread_winners(
    g: Any, winners: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple
) -> Any:
    """Zeros of the input's space with each value added where its window's maximum was."""
    n = len(window)
    counts = g.shape[-n:]
    sizes = [
        max(p + size, (c - 1) * s + d * (k - 1) + 1)
        for size, p, c, s, d, k in zip(space, padding, counts, stride, dilation, window, strict=True)
    ]
    out = np.zeros((*g.shape[:-n], *sizes), g.dtype)
    apart = all([s >= d * (k - 1) + 1 for s, d, k in zip(stride, dilation, window, strict=True)])
    if g.dtype.char in "fd" and g.size >= _MANY:
        _put_winners(out, g, winners, sizes, window, stride, dilation, apart)
    else:
        for number, place in enumerate(_places(window, counts, stride, dilation)):
            part = keep_where(winners == number, g)
            if apart:
                out[place] = part
            else:
                out[place] += part
    inside = out[(..., *[slice(p, p + size) for p, size in zip(padding, space, strict=True)])]
    return inside if inside.shape == out.shape else np.ascontiguousarray(inside)


_MANY = from_size(1 << 10)  # windows for which adding at indices takes less time than a pass for each place
_AT_ONCE = 1 << 14  # windows whose indices are kept at a time


def _put_winners(
    out: Any, g: Any, winners: Any, sizes: list[int], window: tuple, stride: tuple, dilation: tuple, apart: bool
) -> None:
    """Add the values where their windows' maxima are, in the order of the windows; write them where those are apart."""
    n = len(window)
    counts = g.shape[-n:]
    lines = [math.prod(sizes[axis + 1 :]) for axis in range(n)]
    steps = [d * line for d, line in zip(dilation, lines, strict=True)]
    offsets = itertools.product(*[range(0, w * step, step) for w, step in zip(window, steps, strict=True)])
    places = np.array([sum(offset) for offset in offsets], np.int64)
    starts: Any = 0
    for axis in range(n):
        starts = starts + (np.arange(counts[axis]) * (stride[axis] * lines[axis])).reshape((-1, *[1] * (n - axis - 1)))
    length = math.prod(sizes)
    images, values, chosen = out.reshape(-1, length), g.reshape(-1, *counts), winners.reshape(-1, *counts)
    step = max(1, _AT_ONCE // max(1, math.prod(counts)))
    starts = starts + np.arange(min(step, len(values))).reshape((-1, *[1] * n)) * length
    for start in range(0, len(values), step):
        index = places.take(chosen[start : start + step])
        index += starts[: len(index)]
        target, added = [array[start : start + step].reshape(-1) for array in (images, values)]
        if apart:
            target[index.reshape(-1)] = added
        else:
            scatter("add", target, index.reshape(-1), added)


def take_winners(x: Any, winners: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The transpose of `spread_winners`: the values of x at the places of the maxima."""
    counts = winners.shape[-len(window) :]
    source = _padded(x, window, stride, padding, dilation, counts, 0)
    out = np.zeros(winners.shape, x.dtype)
    for number, place in enumerate(_places(window, counts, stride, dilation)):
        out += keep_where(winners == number, np.ascontiguousarray(source[place]))
    return out


def _divisors(
    space: tuple, window: tuple, stride: tuple, padding: tuple, counts: tuple, include: bool, dtype: Any
) -> Any:
    """How many elements each window counts as having."""
    total: Any = 1
    for axis, (size, k, s, p, n) in enumerate(zip(space, window, stride, padding, counts, strict=True)):
        start = numpy.arange(n) * s - p
        stop = numpy.minimum(start + k, size + p)
        length = stop - start if include else numpy.minimum(stop, size) - numpy.maximum(start, 0)
        if (length == length[:1]).all() and n:
            total = total * int(length[0])
        else:
            total = total * length.reshape((-1, *[1] * (len(space) - axis - 1)))
    return dtype.type(total) if isinstance(total, int) else np.asarray(total.astype(dtype))


def average_windows(
    x: Any, window: tuple, stride: tuple, padding: tuple, counts: tuple, include: bool, divisor: Any
) -> Any:
    """Means over windows."""
    n = len(window)
    ones = (1,) * n
    source = _padded(x, window, stride, padding, ones, counts, 0)
    places = _places(window, counts, stride, ones)
    out = np.array(source[places[0]])
    for place in places[1:]:
        out += source[place]
    out /= divisor or _divisors(x.shape[-n:], window, stride, padding, counts, include, x.dtype)
    return out


def spread_windows(
    g: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, include: bool, divisor: Any
) -> Any:
    """The transpose of `average_windows`."""
    n = len(window)
    counts = g.shape[-n:]
    g = g / (g.dtype.type(divisor) if divisor else _divisors(space, window, stride, padding, counts, include, g.dtype))
    sizes = [
        max(p + size, (c - 1) * s + k) for size, p, c, s, k in zip(space, padding, counts, stride, window, strict=True)
    ]
    out = np.zeros((*g.shape[:-n], *sizes), g.dtype)
    for place in _places(window, counts, stride, (1,) * n):
        out[place] += g
    inside = out[(..., *[slice(p, p + size) for p, size in zip(padding, space, strict=True)])]
    return inside if inside.shape == out.shape else np.ascontiguousarray(inside)


def _bounds(size: int, parts: int) -> list[tuple[int, int]]:
    """The windows that cut an axis into parts of about equal length; neighbours may overlap."""
    return [(i * size // parts, -(-(i + 1) * size // parts)) for i in range(parts)]


@functools.cache
def _mean_matrix(size: int, parts: int, dtype: Any) -> Any:
    """(size, parts): what makes the means over the windows of an axis, as a product."""
    matrix = np.zeros((size, parts), dtype)
    for i, (start, stop) in enumerate(_bounds(size, parts)):
        matrix[start:stop, i] = 1 / matrix.dtype.type(stop - start)
    return matrix


_WIDEST = 256  # of an axis that is worth a product with a matrix, most of which is zeros


def _by_matrices(x: Any, matrices: list) -> Any:
    """The last axes of x, each times a matrix, or None where it stays; None if not all of the result is finite.

    (The zeros of a matrix are no zeros with infinities and NaN, so that these have to be kept to their windows.)
    """
    if x.dtype.char not in "fd" or not x.size or not x.flags.c_contiguous:
        return None
    n = len(matrices)
    for axis, matrix in enumerate(matrices, x.ndim - n):
        if matrix is not None:
            before, after = x.shape[:axis], x.shape[axis + 1 :]
            if axis == x.ndim - 1:
                x = (x.reshape(-1, x.shape[axis]) @ matrix).reshape(*before, -1)
            else:
                rows = np.matmul(matrix.T, x.reshape(*before, x.shape[axis], math.prod(after)))
                x = rows.reshape(*before, -1, *after)
    return x if np.isfinite(x).all() else None


def adaptive_mean(x: Any, sizes: tuple) -> Any:
    """Means over windows such that the space gets these sizes."""
    n = len(sizes)
    given = list(zip(x.shape[-n:], sizes, strict=True))
    if any([size % parts and size <= _WIDEST for size, parts in given]) and 0 not in sizes:
        matrices = [None if size == parts else _mean_matrix(size, parts, x.dtype) for size, parts in given]
        found = _by_matrices(x, matrices)
        if found is not None:
            return found
    for axis, parts in enumerate(sizes, x.ndim - n):
        size = x.shape[axis]
        if parts == size:
            continue
        lead = (slice(None),) * axis
        if size % parts == 0:  # one place of all windows at a time
            width = size // parts
            out = np.array(x[(*lead, slice(0, None, width))])
            for place in range(1, width):
                out += x[(*lead, slice(place, None, width))]
            x = np.divide(out, x.dtype.type(width), out=out)
            continue
        out = np.empty((*x.shape[:axis], parts, *x.shape[axis + 1 :]), x.dtype)
        for i, (start, stop) in enumerate(_bounds(size, parts)):
            total = np.add.reduce(x[(*lead, slice(start, stop))], axis=axis, dtype=x.dtype)
            out[(*lead, i)] = total / x.dtype.type(stop - start)
        x = out
    return x


def adaptive_spread(g: Any, space: tuple) -> Any:
    """The transpose of `adaptive_mean`."""
    n = len(space)
    given = list(zip(space, g.shape[-n:], strict=True))
    if any([size % parts and size <= _WIDEST for size, parts in given if parts]):
        matrices = [None if size == parts else _mean_matrix(size, parts, g.dtype).T for size, parts in given]
        found = _by_matrices(g, matrices)
        if found is not None:
            return found
    for axis, size in enumerate(space, g.ndim - n):
        parts = g.shape[axis]
        if parts == size:
            continue
        lead = (slice(None),) * axis
        if size % parts == 0:
            g = np.repeat(g / g.dtype.type(size // parts), size // parts, axis=axis)
            continue
        out = np.zeros((*g.shape[:axis], size, *g.shape[axis + 1 :]), g.dtype)
        for i, (start, stop) in enumerate(_bounds(size, parts)):
            out[(*lead, slice(start, stop))] += g[(*lead, slice(i, i + 1))] / g.dtype.type(stop - start)
        g = out
    return g


def adaptive_max(x: Any, sizes: tuple) -> tuple:
    """(maxima over the windows of `adaptive_mean`, their positions in the flattened space)."""
    n = len(sizes)
    space = x.shape[-n:]
    lead = x.shape[:-n]
    out = np.empty((*lead, *sizes), x.dtype)
    positions = np.empty((*lead, *sizes), np.int64)
    grid = np.arange(math.prod(space)).reshape(space)
    for cell in itertools.product(*[list(enumerate(_bounds(s, p))) for s, p in zip(space, sizes, strict=True)]):
        place = tuple([i for i, _ in cell])
        cut = tuple([slice(*bounds) for _, bounds in cell])
        values = x[(..., *cut)]
        values = values.reshape(*lead, math.prod(values.shape[len(lead) :]))
        where = values.argmax(axis=-1)
        if x.dtype.kind not in "iu":
            missing = np.isnan(values)
            if missing.any():  # of several NaN the last counts
                last = values.shape[-1] - 1 - missing[..., ::-1].argmax(axis=-1)
                where = np.where(missing.any(axis=-1), last, where)
        out[(..., *place)] = np.take_along_axis(values, where[..., None], -1)[..., 0]
        positions[(..., *place)] = grid[cut].reshape(-1)[where]
    return out, positions


def _flat_positions(positions: Any, n: int, length: int) -> Any:
    lead = math.prod(positions.shape[:-n])
    rows = positions.reshape(lead, math.prod(positions.shape[-n:]))
    return (rows + np.arange(lead).reshape(-1, 1) * length).reshape(-1)


def put_positions(g: Any, positions: Any, space: tuple, add: bool) -> Any:
    """Zeros of this space with values written (or added) at positions in the flattened space."""
    n = len(space)
    length = math.prod(space)
    out = np.zeros((*g.shape[:-n], *space), g.dtype)
    flat = out.reshape(-1)
    where = _flat_positions(positions, n, length)
    if add:
        scatter("add", flat, where, g.reshape(-1))
    else:
        flat[where] = g.reshape(-1)
    return out


def take_positions(x: Any, positions: Any, n: int) -> Any:
    """The values at positions in the flattened last n axes."""
    length = math.prod(x.shape[-n:])
    return x.reshape(-1).take(_flat_positions(positions, n, length)).reshape(positions.shape)
