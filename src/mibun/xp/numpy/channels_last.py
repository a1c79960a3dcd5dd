"""Convolutions of small images with many channels in the NumPy namespace: with the channels last in memory.

What one line of a window sees, in all channels, then follows each other in memory, so that windows are laid out in long
pieces, where the lines of small images are short ones. A copy of images, and of results, with their axes in the other
order costs little beside the windows, of which there is one for each place. The three maps are those of
`convolution.py`, in one group and two spatial axes.
"""

from __future__ import annotations

import math
from typing import Any

from .library import from_size, np, over_memory
from .products import rows_at_once

_CACHE_BYTES = from_size(1 << 20)
_FEW = from_size(1)
_CHANNELS = 8  # of images whose gradient is put together from parts; with fewer their pieces are short, too


def pays(channels: int, window: tuple, stride: tuple, counts: tuple) -> bool:
    """Whether this is quicker: a measured limit, between 10 x 10 of 6 and 32 x 32 of 64 channels."""
    if len(window) != 2 or counts[0] * counts[1] < 2 or window[1] <= stride[1]:  # (then nothing is laid out twice)
        return False
    return 4 * channels * window[1] >= _FEW * counts[1] ** 2


def _channels_last(x: Any, before: tuple, sizes: tuple) -> Any:
    """Images (batch, channels, height, width) as (batch, *sizes, channels), after so many zeros, or less than none."""
    height, width = x.shape[2:]
    top, left = [max(0, -n) for n in before]
    bottom, right = [min(n, size - b) for n, size, b in zip((height, width), sizes, before, strict=True)]
    whole = top == left == 0 and (bottom, right) == tuple(sizes) and before == (0, 0)
    out = (np.empty if whole else np.zeros)((x.shape[0], *sizes, x.shape[1]), x.dtype)
    inside = out[:, before[0] + top : before[0] + bottom, before[1] + left : before[1] + right]
    inside[...] = x[:, :, top:bottom, left:right].transpose(0, 2, 3, 1)
    return out


def _slide(x: Any, kernel: Any, stride: tuple, dilation: tuple, counts: tuple, first: tuple = (0, 0)) -> Any:
    """(batch, *counts, outputs) of images (batch, height, width, channels) and a kernel (*window, channels, outputs).

    first: where in the images the first window begins. Only the lines of windows are laid out, once for all windows
    that they are a part of: the product with each line of the kernel has them where that line is.
    """
    tall, wide, channels, outputs = kernel.shape
    batch, height = x.shape[:2]
    (down, across), (rows, columns) = stride, counts
    length = wide * channels
    matrices = kernel.reshape(tall, length, outputs)
    most = (tall - 1) * dilation[0] // down + rows  # lines that windows begin at, every `down`-th of the image
    step = max(1, min(batch, _CACHE_BYTES // (most * columns * length * x.itemsize)))
    lines = np.empty((step, most, columns, wide, channels), x.dtype)
    out = np.empty((batch, rows * columns, outputs), x.dtype)
    part = np.empty((step, rows * columns, outputs), x.dtype)
    s = x.strides
    # Windows' lines, and as many of them at a time as are multiplied in the quickest way.
    some = rows_at_once(rows * columns, length, outputs, x.dtype)
    cut = (rows * columns // some, some)
    for start in range(0, batch, step):
        size = min(step, batch - start)
        total: Any = None
        for phase in sorted({i * dilation[0] % down for i in range(tall)}):
            there = min(most, -(-(height - first[0] - phase) // down))
            offset = start * s[0] + (first[0] + phase) * s[1] + first[1] * s[2]
            shape = (size, there, columns, wide, channels)
            lines[:size, :there] = over_memory(
                x, shape, (s[0], down * s[1], across * s[2], dilation[1] * s[2], s[3]), offset
            )
            for i in range(tall):
                if i * dilation[0] % down != phase:
                    continue
                begin = i * dilation[0] // down * lines.strides[1]
                strides = (lines.strides[0], some * length * x.itemsize, length * x.itemsize, x.itemsize)
                left = over_memory(lines, (size, *cut, length), strides, begin)
                target = out[start : start + size] if total is None else part[:size]
                np.matmul(left, matrices[i], out=target.reshape(size, *cut, outputs))
                if total is None:
                    total = target
                else:
                    total += target
    return out.reshape(batch, *counts, outputs)


def correlate_last(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple, counts: tuple) -> Any:
    """Slide the kernel over the images."""
    sizes = tuple([n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True)])
    turned = np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))
    found = _slide(_channels_last(x, padding, sizes), turned, stride, dilation, counts)
    return np.ascontiguousarray(found.transpose(0, 3, 1, 2))


def is_put_together(channels: int, window: tuple, stride: tuple, dilation: tuple, counts: tuple) -> bool:
    """Whether the transpose of `correlate` in the images is best computed by `correlate_transposed_last`."""
    if len(window) != 2 or not channels >= _CHANNELS * _FEW or max(dilation) > 1 or not min(counts):
        return False
    return max(stride) > 1 and all([k > s for k, s in zip(window, stride, strict=True)])


def _taps(window: int, stride: int, padding: int, size: int) -> list[tuple[int, list[int]]]:
    """For each of the first places of a line, which stand for those a stride further on, the kernel's places there.

    They are in falling order, so that they meet values of y in rising order.
    """
    return [
        (place, [k for k in reversed(range(window)) if (place + padding - k) % stride == 0])
        for place in range(min(stride, size))
    ]


def correlate_transposed_last(y: Any, kernel: Any, space: tuple, stride: tuple, padding: tuple) -> Any:
    """The transpose of `correlate` in the images, for a kernel that is finite and larger than the stride.

    Places that are a stride apart see the same places of the kernel: they are a correlation of their own, with stride
    1. So nothing has to be added up where windows overlap.
    """
    taps = [_taps(k, s, p, n) for k, s, p, n in zip(kernel.shape[2:], stride, padding, space, strict=True)]
    # Where y begins for each, counted from its start, and how many places there are.
    begins = [
        [(place + p - ks[0]) // s if ks else 0 for place, ks in some]
        for some, s, p in zip(taps, stride, padding, strict=True)
    ]
    many = [[-(-(n - place) // s) for place, _ in some] for some, s, n in zip(taps, stride, space, strict=True)]
    before = tuple([-min(begin) for begin in begins])
    sizes = tuple(
        [
            max([b + n + len(ks) - 1 for b, n, (_, ks) in zip(begin, count, some, strict=True)]) + first
            for begin, count, some, first in zip(begins, many, taps, before, strict=True)
        ]
    )
    images = _channels_last(y, before, sizes)
    turned = np.ascontiguousarray(kernel.transpose(2, 3, 0, 1))
    out = np.empty((y.shape[0], *space, kernel.shape[1]), y.dtype)
    for (i, tall), row, rows in zip(taps[0], begins[0], many[0], strict=True):
        for (j, wide), column, columns in zip(taps[1], begins[1], many[1], strict=True):
            part = out[:, i :: stride[0], j :: stride[1]]
            if not tall or not wide:
                part[...] = 0
                continue
            some = turned[tall][:, wide]
            first = (row + before[0], column + before[1])
            part[...] = _slide(images, some, (1, 1), (1, 1), (rows, columns), first)
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2))


def correlate_weights_last(y: Any, x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The transpose of `correlate` in the kernel."""
    batch, outputs, *counts = y.shape
    channels = x.shape[1]
    sizes = tuple([n + 2 * p for n, p in zip(x.shape[2:], padding, strict=True)])
    images = _channels_last(x, padding, sizes)
    s = images.strides
    lead = (s[0], stride[0] * s[1], stride[1] * s[2])
    windows = over_memory(
        images, (batch, *counts, *window, channels), (*lead, dilation[0] * s[1], dilation[1] * s[2], s[3])
    )
    many, length = math.prod(counts), math.prod(window) * channels
    step = max(1, min(batch, _CACHE_BYTES // (length * many * x.itemsize)))
    columns = np.empty((step, *windows.shape[1:]), x.dtype)
    values = np.ascontiguousarray(y.reshape(batch, outputs, many).swapaxes(1, 2))
    total: Any = None
    for start in range(0, batch, step):
        size = min(step, batch - start)
        columns[:size] = windows[start : start + size]
        right = values[start : start + size].reshape(size * many, outputs)
        found = columns[:size].reshape(size * many, length).T @ right
        total = found if total is None else np.add(total, found, out=total)
    return np.ascontiguousarray(total.reshape(*window, channels, outputs).transpose(3, 2, 0, 1))


__all__ = ["correlate_last", "correlate_transposed_last", "correlate_weights_last", "is_put_together", "pays"]
