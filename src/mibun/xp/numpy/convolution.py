"""The gaps of the NumPy namespace for convolutions: windows of images multiplied with kernels, by BLAS.

Images are (batch, channels, *space), kernels (outputs, channels / groups, *window). Three maps, each linear in both of
its arguments, and each the transpose of the other two in one of them. All three lay the windows out in memory (as the
columns of a matrix) for a few images at a time, so that the matrix stays in the cache, and leave the rest to matmul.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from . import channels_last
from .library import by_onednn, from_size, np, over_memory, up_to
from .products import product

_CACHE_BYTES = from_size(1 << 20)
_LONG = from_size(1 << 10)  # windows that are summed over in one product
_NARROW = up_to(48)  # outputs for which such a product is quicker with the windows' lines alone


def pad_space(x: Any, padding: tuple[int, ...]) -> Any:
    """Zeros around the spatial axes, as many before as after; x itself, contiguous, where there are none."""
    if not any(padding):
        return np.ascontiguousarray(x)
    shape = (*x.shape[:2], *[n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True)])
    out = np.zeros(shape, x.dtype)
    out[(..., *[slice(p, p + n) for n, p in zip(x.shape[2:], padding, strict=True)])] = x
    return out


def window_counts(space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> tuple[int, ...]:
    """How many windows fit along each axis."""
    return tuple(
        [
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(space, window, stride, padding, dilation, strict=True)
        ]
    )


def _all_windows(x: Any, counts: tuple, window: tuple, stride: tuple, dilation: tuple) -> Any:
    """A view (batch, channels, *window, *counts) of a padded, contiguous x."""
    strides = x.strides[2:]
    return over_memory(
        x,
        (*x.shape[:2], *window, *counts),
        (
            *x.strides[:2],
            *[d * s for d, s in zip(dilation, strides, strict=True)],
            *[step * s for step, s in zip(stride, strides, strict=True)],
        ),
    )


def correlate(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple, groups: int) -> Any:
    """Slide the kernel over the images: (batch, outputs, *counts)."""
    found = by_onednn("correlate", x, kernel, stride, padding, dilation, groups)
    if found is not None:
        return found
    window = kernel.shape[2:]
    counts = window_counts(x.shape[2:], window, stride, padding, dilation)
    batch, channels = x.shape[:2]
    outputs = kernel.shape[0]
    out = np.empty((batch, outputs, *counts), x.dtype)
    if not out.size or not x.size:
        out[...] = 0
        return out
    if groups == 1 and channels_last.pays(channels, window, stride, counts):
        return channels_last.correlate_last(x, kernel, stride, padding, dilation, counts)
    x = pad_space(x, padding)
    length = math.prod(counts)
    if _one_by_one(outputs, channels, groups, stride):
        return _correlate_channels(x, kernel, counts, dilation)
    if groups == 1 and len(window) == 2 and window[0] > 1 and stride[0] == 1 and channels >= 8:
        _correlate_rows(x, kernel, out, stride, dilation)
        return out
    rows = channels // groups * math.prod(window)
    matrix = kernel.reshape(outputs, rows) if groups == 1 else kernel.reshape(groups, outputs // groups, rows)
    if math.prod(window) == 1 and all([s == 1 for s in stride]) and groups == 1:
        product(matrix, x.reshape(batch, channels, length), out.reshape(batch, outputs, length))
        return out
    windows = _all_windows(x, counts, window, stride, dilation)
    step = max(1, min(batch, _CACHE_BYTES // (channels * math.prod(window) * length * x.dtype.itemsize)))
    columns = np.empty((step, *windows.shape[1:]), x.dtype)
    lead = (rows,) if groups == 1 else (groups, rows)
    result = out.reshape(batch, *matrix.shape[:-1], length)
    multiply = product if groups == 1 else np.matmul
    for start in range(0, batch, step):
        size = min(step, batch - start)
        columns[:size] = windows[start : start + size]
        multiply(matrix, columns[:size].reshape(size, *lead, length), result[start : start + size])
    return out


def _correlate_rows(x: Any, kernel: Any, out: Any, stride: tuple, dilation: tuple) -> None:
    """The same with windows laid out along the last axis only: those of the next row lie one row further on."""
    batch, channels, height, _ = x.shape
    outputs, _, tall, wide = kernel.shape
    rows, width = out.shape[2:]
    s = x.strides
    windows = over_memory(
        x, (batch, channels, wide, height, width), (s[0], s[1], dilation[1] * s[3], s[2], stride[1] * s[3])
    )
    matrices = [kernel[:, :, i].reshape(outputs, channels * wide) for i in range(tall)]
    step = max(1, min(batch, _CACHE_BYTES // (channels * wide * height * width * x.dtype.itemsize)))
    columns = np.empty((step, channels * wide, height * width), x.dtype)
    part = np.empty((step, outputs, rows * width), x.dtype)
    result = out.reshape(batch, outputs, rows * width)
    for start in range(0, batch, step):
        size = min(step, batch - start)
        columns[:size].reshape(size, channels, wide, height, width)[...] = windows[start : start + size]
        total = result[start : start + size]
        for i, matrix in enumerate(matrices):
            shift = i * dilation[0] * width
            shifted = columns[:size, :, shift : shift + rows * width]
            if i == 0:
                product(matrix, shifted, total)
            else:
                product(matrix, shifted, part[:size])
                total += part[:size]


def correlate_transposed(
    y: Any, kernel: Any, space: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """The transpose of `correlate` in the images: (batch, channels, *space)."""
    found = by_onednn("correlate_transposed", y, kernel, space, stride, padding, dilation, groups)
    if found is not None:
        return found
    batch, outputs = y.shape[:2]
    counts = y.shape[2:]
    window = kernel.shape[2:]
    channels = kernel.shape[1] * groups
    opposite = tuple([d * (k - 1) - p for d, k, p in zip(dilation, window, padding, strict=True)])
    few = 2 * math.prod(counts) <= math.prod(space)  # so that sliding over them would see more of the padding
    if groups == 1 and min(opposite) >= 0 and max(stride) == 1 and kernel.size and not few:
        # With stride 1 it is a correlation with the kernel turned round, which needs no adding up.
        turned = np.flip(kernel, tuple(range(2, kernel.ndim))).swapaxes(0, 1)
        return correlate(y, turned, stride, opposite, dilation, 1)
    if _one_by_one(outputs, channels, groups, stride) and min(opposite) >= 0 and np.isfinite(kernel).all():
        turned = np.ascontiguousarray(np.flip(kernel, tuple(range(2, kernel.ndim))))  # (BLAS takes no steps back)
        return correlate(y, turned, stride, opposite, dilation, groups)
    if groups == 1 and channels_last.is_put_together(channels, window, stride, dilation, counts):
        if np.isfinite(kernel).all():  # (beyond y are zeros)
            return channels_last.correlate_transposed_last(y, kernel, space, stride, padding)
    padded = [n + 2 * p for n, p in zip(space, padding, strict=True)]
    out = np.zeros((batch, channels, *padded), y.dtype)
    inside = (..., *[slice(p, p + n) for n, p in zip(space, padding, strict=True)])
    if not y.size or not kernel.size:
        return np.ascontiguousarray(out[inside])
    length = math.prod(counts)
    rows = channels // groups * math.prod(window)
    if groups == 1:
        matrix = np.ascontiguousarray(kernel.reshape(outputs, rows).T)
        y = y.reshape(batch, outputs, length)
    else:
        matrix = kernel.reshape(groups, outputs // groups, rows).swapaxes(1, 2)
        y = y.reshape(batch, groups, outputs // groups, length)
    step = max(1, min(batch, _CACHE_BYTES // (channels * math.prod(window) * length * y.dtype.itemsize)))
    columns = np.empty((step, *matrix.shape[:-1], length), y.dtype)
    multiply = product if groups == 1 else np.matmul
    places = _places(window, counts, stride, dilation)
    for start in range(0, batch, step):
        size = min(step, batch - start)
        multiply(matrix, y[start : start + size], columns[:size])
        parts = columns[:size].reshape(size, channels, math.prod(window), *counts)
        target = out[start : start + size]
        for i, place in enumerate(places):
            target[place] += parts[:, :, i]
    return out[inside] if not any(padding) else np.ascontiguousarray(out[inside])


# --- each channel by itself ---
# With stride 1 what a place in the window sees of a channel lies in a row in memory, if the ends of the lines of the
# image are taken along. Such rows are quick to lay out as a matrix; the ends are cut off at last.


def _one_by_one(outputs: int, channels: int, groups: int, stride: tuple) -> bool:
    return outputs == channels == groups > 1 and max(stride) == 1


def _shifts(space: tuple, window: tuple, dilation: tuple) -> list[int]:
    """For each place in the window how far it is in memory from the first."""
    lines = [math.prod(space[axis + 1 :]) for axis in range(len(space))]
    offsets = itertools.product(*[range(k) for k in window])
    return [sum([k * d * line for k, d, line in zip(offset, dilation, lines, strict=True)]) for offset in offsets]


def _correlate_channels(x: Any, kernel: Any, counts: tuple, dilation: tuple) -> Any:
    batch, channels, *space = x.shape
    window = kernel.shape[2:]
    factors = kernel.reshape(channels, 1, -1)
    length = math.prod(space) - _shifts(tuple(space), window, dilation)[-1]
    lines = [math.prod(space[axis + 1 :]) * d * x.itemsize for axis, d in enumerate(dilation)]
    windows = over_memory(x, (batch, channels, *window, length), (*x.strides[:2], *lines, x.itemsize))
    columns = np.empty(windows.shape[1:], x.dtype)
    total = np.empty((batch, channels, 1, math.prod(space)), x.dtype)
    for image, out in zip(windows, total, strict=True):
        columns[...] = image
        np.matmul(factors, columns.reshape(channels, -1, length), out=out[..., :length])
    return np.ascontiguousarray(total.reshape(x.shape)[(..., *[slice(n) for n in counts])])


def _with_ends(y: Any, space: tuple) -> Any:
    """y with zeros as the ends of its lines, in images of that space, flattened."""
    out = np.zeros((*y.shape[:2], *space), y.dtype)
    out[(..., *[slice(n) for n in y.shape[2:]])] = y
    return out.reshape(*y.shape[:2], -1)


def _pair_channels(y: Any, x: Any, window: tuple, dilation: tuple) -> Any:
    """The transpose of `_correlate_channels` in the kernel: (channels, places in the window); x is finite."""
    space = x.shape[2:]
    flat, given = x.reshape(*x.shape[:2], -1), _with_ends(y, space)
    shifts = _shifts(space, window, dilation)
    length = flat.shape[2] - shifts[-1]
    given = given[:, :, :length]
    parts = [np.vecdot(given, flat[:, :, shift : shift + length].conj()).sum(axis=0) for shift in shifts]
    return np.stack(parts, axis=1)


def _places(window: tuple, counts: tuple, stride: tuple, dilation: tuple) -> list[tuple]:
    """For each position in the window, where the windows have it in the padded images."""
    return [
        (
            ...,
            *[
                slice(k * d, k * d + (n - 1) * s + 1, s)
                for k, n, s, d in zip(offset, counts, stride, dilation, strict=True)
            ],
        )
        for offset in itertools.product(*[range(k) for k in window])
    ]


def correlate_weights(
    y: Any, x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """The transpose of `correlate` in the kernel: (outputs, channels / groups, *window)."""
    found = by_onednn("correlate_weights", y, x, window, stride, padding, dilation, groups)
    if found is not None:
        return found
    batch, outputs = y.shape[:2]
    channels = x.shape[1]
    shape = (outputs, channels // groups, *window)
    if not y.size or not x.size:
        return np.zeros(shape, y.dtype)
    counts = y.shape[2:]
    length = math.prod(counts)
    rows = channels // groups * math.prod(window)
    if groups == 1 and channels_last.pays(channels, window, stride, counts):
        return channels_last.correlate_weights_last(y, x, window, stride, padding, dilation)
    x = pad_space(x, padding)
    if _one_by_one(outputs, channels, groups, stride) and np.isfinite(x).all():
        return _pair_channels(y, x, window, dilation).reshape(shape)
    if groups == 1 and len(window) == 2 and stride[0] == 1 < window[0] and channels >= 8 and outputs <= _NARROW:
        if length >= _LONG // 2:
            return _weights_by_rows(y, x, window, stride, dilation)
    windows = np.moveaxis(_all_windows(x, counts, window, stride, dilation), 0, -len(counts) - 1)
    y = y.reshape(batch, outputs, length).swapaxes(0, 1)
    step = max(1, min(batch, _LONG // length))
    columns = np.empty((*windows.shape[: 1 + len(window)], step, *counts), x.dtype)
    total: Any = None
    for start in range(0, batch, step):
        size = min(step, batch - start)
        if size < step:
            columns = np.empty((*windows.shape[: 1 + len(window)], size, *counts), x.dtype)
        columns[...] = windows[(..., slice(start, start + size), *[slice(None)] * len(counts))]
        matrix = columns.reshape(groups, rows, size * length)
        part = y[:, start : start + size].reshape(groups, outputs // groups, size * length)
        # The long side first: BLAS is a quarter quicker than with the few outputs first.
        found = matrix[0] @ part[0].T if groups == 1 else np.matmul(matrix, part.swapaxes(1, 2))
        if total is None:
            total = found
        else:
            total += found
    return np.ascontiguousarray(total.swapaxes(-1, -2)).reshape(shape)


def _weights_by_rows(y: Any, x: Any, window: tuple, stride: tuple, dilation: tuple) -> Any:
    """The same with windows laid out along the last axis only, of one padded image after the other."""
    batch, outputs, rows, width = y.shape
    channels, height = x.shape[1:3]
    tall, wide = window
    s = x.strides
    windows = over_memory(
        x, (batch, channels, wide, height, width), (s[0], s[1], dilation[1] * s[3], s[2], stride[1] * s[3])
    )
    columns = np.empty((channels * wide, height * width), x.dtype)
    found = np.zeros((tall, channels * wide, outputs), x.dtype)
    for image, values in zip(windows, y, strict=True):
        columns.reshape(image.shape)[...] = image
        right = np.ascontiguousarray(values.reshape(outputs, rows * width).T)
        for i, total in enumerate(found):
            shift = i * dilation[0] * width
            total += product(columns[:, shift : shift + rows * width], right)
    return np.ascontiguousarray(found.reshape(tall, channels, wide, outputs).transpose(3, 1, 0, 2))


def window_columns(x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The windows of images as columns: (batch, channels * places in the window, windows), or without batch."""
    if x.ndim == len(window) + 1:
        return window_columns(x[None], window, stride, padding, dilation)[0]
    counts = window_counts(x.shape[2:], window, stride, padding, dilation)
    windows = _all_windows(pad_space(x, padding), counts, window, stride, dilation)
    return np.array(windows).reshape(x.shape[0], x.shape[1] * math.prod(window), math.prod(counts))


def spread_columns(y: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The transpose of `window_columns`: what overlaps is added up."""
    if y.ndim == 2:
        return spread_columns(y[None], space, window, stride, padding, dilation)[0]
    counts = window_counts(space, window, stride, padding, dilation)
    channels = y.shape[1] // math.prod(window)
    out = np.zeros((y.shape[0], channels, *[n + 2 * p for n, p in zip(space, padding, strict=True)]), y.dtype)
    parts = y.reshape(y.shape[0], channels, math.prod(window), *counts)
    for i, place in enumerate(_places(window, counts, stride, dilation)):
        out[place] += parts[:, :, i]
    return np.ascontiguousarray(out[(..., *[slice(p, p + n) for n, p in zip(space, padding, strict=True)])])
