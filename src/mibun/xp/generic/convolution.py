"""The gaps about convolution in pure Array API: a sum over the positions in the window, each a product of matrices.

The three maps are those of `numpy_convolution.py`, each the transpose of the others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .gaps import gap
from .memory import embed_places, read_places


def _window_places(
    shape: tuple, window: tuple, counts: tuple, stride: tuple, padding: tuple, dilation: tuple
) -> Iterator[tuple[tuple, np.ndarray]]:
    """For each position in the window: it, and where in the flattened padded images the windows have it."""
    padded = (*shape[:2], *[n + 2 * p for n, p in zip(shape[2:], padding, strict=True)])
    places = np.arange(math.prod(padded)).reshape(padded)
    for offset in itertools.product(*[range(k) for k in window]):
        slices = [
            slice(k * d, k * d + (n - 1) * s + 1, s)
            for k, n, s, d in zip(offset, counts, stride, dilation, strict=True)
        ]
        yield offset, places[(..., *slices)]


def _pad(xp: Any, x: Any, padding: tuple) -> Any:
    for axis, p in enumerate(padding, 2):
        if p:
            zeros = xp.base.zeros((*x.shape[:axis], p, *x.shape[axis + 1 :]), dtype=x.dtype)
            x = xp.base.concat([zeros, x, zeros], axis=axis)
    return x


def _counts(space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> tuple[int, ...]:
    return tuple(
        [
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(space, window, stride, padding, dilation, strict=True)
        ]
    )


def _matrices(xp: Any, kernel: Any, offset: tuple, groups: int) -> Any:
    """(groups, outputs / groups, channels / groups) at one position of the window."""
    part = kernel[(slice(None), slice(None), *offset)]
    return xp.base.reshape(part, (groups, kernel.shape[0] // groups, kernel.shape[1]))


@gap
def correlate(xp, x, kernel, stride, padding, dilation, groups):
    window, batch, channels = kernel.shape[2:], x.shape[0], x.shape[1]
    counts = _counts(x.shape[2:], window, stride, padding, dilation)
    padded, length = _pad(xp, x, padding), math.prod(counts)
    total = xp.base.zeros((batch, groups, kernel.shape[0] // groups, length), dtype=x.dtype)
    for offset, places in _window_places(x.shape, window, counts, stride, padding, dilation):
        seen = xp.base.reshape(read_places(xp, padded, places), (batch, groups, channels // groups, length))
        total = total + xp.base.matmul(_matrices(xp, kernel, offset, groups), seen)
    return xp.base.reshape(total, (batch, kernel.shape[0], *counts))


@gap
def correlate_transposed(xp, y, kernel, space, stride, padding, dilation, groups):
    window, batch, counts = kernel.shape[2:], y.shape[0], y.shape[2:]
    shape = (batch, kernel.shape[1] * groups, *space)
    padded = (*shape[:2], *[n + 2 * p for n, p in zip(space, padding, strict=True)])
    y = xp.base.reshape(y, (batch, groups, y.shape[1] // groups, math.prod(counts)))
    total = xp.base.zeros(padded, dtype=y.dtype)
    for offset, places in _window_places(shape, window, counts, stride, padding, dilation):
        matrices = xp.base.matrix_transpose(_matrices(xp, kernel, offset, groups))
        total = total + embed_places(xp, xp.base.matmul(matrices, y), padded, places)
    return total[(..., *[slice(p, p + n) for n, p in zip(space, padding, strict=True)])]


@gap
def correlate_weights(xp, y, x, window, stride, padding, dilation, groups):
    batch, channels, counts = x.shape[0], x.shape[1], y.shape[2:]
    padded, length = _pad(xp, x, padding), math.prod(counts)
    y = xp.base.reshape(y, (batch, groups, y.shape[1] // groups, length))
    outputs = y.shape[1] * y.shape[2]
    found = []
    for _, places in _window_places(x.shape, window, counts, stride, padding, dilation):
        seen = xp.base.reshape(read_places(xp, padded, places), (batch, groups, channels // groups, length))
        part = xp.sum(xp.base.matmul(y, xp.base.matrix_transpose(seen)), axis=0)
        found.append(xp.base.reshape(part, (outputs, channels // groups)))
    return xp.base.reshape(xp.base.stack(found, axis=-1), (outputs, channels // groups, *window))


@gap
def window_columns(xp, x, window, stride, padding, dilation):
    if x.ndim == len(window) + 1:
        return xp.window_columns(x[None, ...], window, stride, padding, dilation)[0, ...]
    batch, channels = x.shape[:2]
    counts = _counts(x.shape[2:], window, stride, padding, dilation)
    padded = _pad(xp, x, padding)
    places = _window_places(x.shape, window, counts, stride, padding, dilation)
    columns = xp.base.stack([read_places(xp, padded, place) for _, place in places], axis=2)
    return xp.base.reshape(columns, (batch, channels * math.prod(window), math.prod(counts)))


@gap
def spread_columns(xp, y, space, window, stride, padding, dilation):
    if y.ndim == 2:
        return xp.spread_columns(y[None, ...], space, window, stride, padding, dilation)[0, ...]
    counts = _counts(space, window, stride, padding, dilation)
    shape = (y.shape[0], y.shape[1] // math.prod(window), *space)
    padded = (*shape[:2], *[n + 2 * p for n, p in zip(space, padding, strict=True)])
    parts = xp.base.reshape(y, (*shape[:2], math.prod(window), *counts))
    total = xp.base.zeros(padded, dtype=y.dtype)
    for i, (_, places) in enumerate(_window_places(shape, window, counts, stride, padding, dilation)):
        total = total + embed_places(xp, parts[:, :, i, ...], padded, places)
    return total[(..., *[slice(p, p + n) for n, p in zip(space, padding, strict=True)])]
