"""The gaps of the JAX namespace for convolution and pooling, by `lax.conv_general_dilated` and strided slices.

Images are (batch, channels, *space), kernels (outputs, channels / groups, *window).
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


def _layout(n: int) -> tuple[str, str, str]:
    space = "DHW"[3 - n :]
    return "NC" + space, "OI" + space, "NC" + space


def correlate(x: Any, kernel: Any, stride: tuple, padding: tuple, dilation: tuple, groups: int) -> Any:
    """Slide the kernel over the images: (batch, outputs, *counts)."""
    if not x.size or not kernel.size or not kernel.shape[1]:
        counts = [
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(x.shape[2:], kernel.shape[2:], stride, padding, dilation, strict=True)
        ]
        return jnp.zeros((x.shape[0], kernel.shape[0], *counts), x.dtype)
    return lax.conv_general_dilated(
        x,
        kernel,
        stride,
        [(p, p) for p in padding],
        rhs_dilation=dilation,
        dimension_numbers=_layout(len(stride)),
        feature_group_count=groups,
    )


def _by_groups(function: Any, first: Any, second: Any, axes: tuple[int, int, int], groups: int) -> Any:
    """A map for each group of channels: XLA's compiler for CPUs aborts the process on some grouped ones."""
    firsts, seconds = jnp.split(first, groups, axis=axes[0]), jnp.split(second, groups, axis=axes[1])
    return jnp.concatenate([function(a, b) for a, b in zip(firsts, seconds, strict=True)], axis=axes[2])


def correlate_transposed(
    y: Any, kernel: Any, space: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """The transpose of `correlate` in the images: (batch, channels, *space)."""
    if groups > 1:
        return _by_groups(
            lambda a, k: correlate_transposed(a, k, space, stride, padding, dilation, 1), y, kernel, (1, 0, 1), groups
        )
    shape = (y.shape[0], kernel.shape[1], *space)
    if not y.size or not kernel.size:
        return jnp.zeros(shape, y.dtype)
    # The images dilated by the stride, and the kernel turned round: what stands over is filled up, or cut. XLA's
    # compiler (jaxlib 0.10.2) aborts the process on some convolutions that dilate images, and takes what is next to a
    # convolution into it; so both stand behind a barrier.
    turned = jnp.flip(kernel, tuple(range(2, kernel.ndim))).swapaxes(0, 1)
    pads = [
        (d * (k - 1) - p, n + p - (m - 1) * s - 1, s - 1)
        for n, m, k, s, p, d in zip(space, y.shape[2:], kernel.shape[2:], stride, padding, dilation, strict=True)
    ]
    laid_out = lax.pad(y, jnp.zeros((), y.dtype), [(0, 0, 0), (0, 0, 0), *pads])
    laid_out, turned = lax.optimization_barrier((laid_out, turned))
    return lax.conv_general_dilated(
        laid_out,
        turned,
        (1,) * len(stride),
        "VALID",
        rhs_dilation=dilation,
        dimension_numbers=_layout(len(stride)),
    )


def correlate_weights(
    y: Any, x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, groups: int
) -> Any:
    """The transpose of `correlate` in the kernel: (outputs, channels / groups, *window)."""
    if groups > 1:
        return _by_groups(
            lambda a, b: correlate_weights(a, b, window, stride, padding, dilation, 1), y, x, (1, 1, 0), groups
        )
    shape = (y.shape[1], x.shape[1], *window)
    if not y.size or not x.size:
        return jnp.zeros(shape, y.dtype)
    # The images of each channel against the outputs, which are the kernels, dilated by the stride.
    pads = [
        (p, d * (k - 1) + 1 + (m - 1) * s - n - p)
        for n, m, k, s, p, d in zip(x.shape[2:], y.shape[2:], window, stride, padding, dilation, strict=True)
    ]
    found = lax.conv_general_dilated(
        x.swapaxes(0, 1),
        y.swapaxes(0, 1),
        dilation,
        pads,
        rhs_dilation=stride,
        dimension_numbers=_layout(len(stride)),
    )
    return found.swapaxes(0, 1)


# --- windows ---


def _places(window: tuple, counts: tuple, stride: tuple, dilation: tuple) -> list[tuple]:
    """For each place in the window, the index of it in every window of padded images."""
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


def _padded_sizes(space: tuple, padding: tuple, counts: tuple, stride: tuple, dilation: tuple, window: tuple) -> list:
    """The sizes of images that have all that the windows see."""
    return [
        max(n + p, (c - 1) * s + d * (k - 1) + 1)
        for n, p, c, s, d, k in zip(space, padding, counts, stride, dilation, window, strict=True)
    ]


def _padded(
    x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple, fill: Any, xp: Any = jnp
) -> Any:
    n = len(window)
    space = x.shape[x.ndim - n :]
    sizes = _padded_sizes(space, padding, counts, stride, dilation, window)
    if tuple(sizes) == tuple(space) and not any(padding):
        return x
    pads = [(0, 0)] * (x.ndim - n) + [(p, t - p - m) for p, t, m in zip(padding, sizes, space, strict=True)]
    return xp.pad(x, pads, constant_values=fill)


def _lowest(dtype: Any) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def max_windows(x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple, counts: tuple) -> Any:
    """(the maximum of each window, the place in the window that has it: the first of equals, the last of NaN)."""
    source = _padded(x, window, stride, padding, dilation, counts, _lowest(x.dtype))
    places = _places(window, counts, stride, dilation)
    best = source[places[0]]
    winners = jnp.zeros(best.shape, jnp.uint8 if len(places) <= 256 else jnp.int32)
    inside = None
    if any(padding):  # where all that a window sees is -inf, the first place that is inside of the images wins
        lead = (1,) * (x.ndim - len(window))
        ones = np.ones((*lead, *x.shape[x.ndim - len(window) :]), bool)
        inside = _padded(ones, window, stride, padding, dilation, counts, False, np)
    for i, place in enumerate(places[1:], 1):
        value = source[place]
        greater = (value > best) | jnp.isnan(value)
        if inside is not None:
            seen = np.zeros(inside[place].shape, bool)
            for earlier in places[:i]:
                seen |= inside[earlier]
            greater = greater | jnp.asarray(inside[place] & ~seen)
        winners = jnp.where(greater, jnp.asarray(i, winners.dtype), winners)
        best = jnp.where(greater, value, best)
    return best, winners


def spread_winners(
    g: Any, winners: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple
) -> Any:
    """The transpose of taking each window's winner: zeros of the images' size with the values added there."""
    n = len(window)
    counts = g.shape[g.ndim - n :]
    sizes = _padded_sizes(space, padding, counts, stride, dilation, window)
    out = jnp.zeros((*g.shape[: g.ndim - n], *sizes), g.dtype)
    for i, place in enumerate(_places(window, counts, stride, dilation)):
        out = out.at[place].add(jnp.where(winners == i, g, jnp.zeros_like(g)))
    return out[(..., *[slice(p, p + m) for p, m in zip(padding, space, strict=True)])]


def take_winners(x: Any, winners: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """Each window's winner in x."""
    counts = winners.shape[winners.ndim - len(window) :]
    source = _padded(x, window, stride, padding, dilation, counts, 0)
    found = jnp.zeros(winners.shape, x.dtype)
    for i, place in enumerate(_places(window, counts, stride, dilation)):
        found = jnp.where(winners == i, source[place], found)
    return found


def window_columns(x: Any, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """What each window sees as a column: (batch, channels times places in the window, windows)."""
    if x.ndim == len(window) + 1:
        return window_columns(x[None], window, stride, padding, dilation)[0]
    source = jnp.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    counts = [
        (n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(source.shape[2:], window, stride, dilation, strict=True)
    ]
    parts = [source[place] for place in _places(window, tuple(counts), stride, dilation)]
    return jnp.stack(parts, axis=2).reshape(x.shape[0], x.shape[1] * math.prod(window), math.prod(counts))


def spread_columns(y: Any, space: tuple, window: tuple, stride: tuple, padding: tuple, dilation: tuple) -> Any:
    """The transpose of `window_columns`."""
    if y.ndim == 2:
        return spread_columns(y[None], space, window, stride, padding, dilation)[0]
    shape = (y.shape[0], y.shape[1] // math.prod(window), *space)
    columns = jax.linear_transpose(
        lambda x: window_columns(x, window, stride, padding, dilation), jax.ShapeDtypeStruct(shape, y.dtype)
    )
    return columns(y)[0]
