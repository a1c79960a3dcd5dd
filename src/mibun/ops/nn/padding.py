"""Padding: constant, by reflection, by repetition of the edge, and circular; and the shuffling of pixels.

Apart from the constant, every padded element is a copy of one of the input's, so these are all one operator: reading
with an index for each axis. Its transpose adds up by the same indices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.registry import FUNCTIONS
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op


@op(name="pad_constant", node="ConstantPadNdBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, pads: xp.pad_constant(g, pads=tuple([(-a, -b) for a, b in pads]), value=0),
    jvp=lambda xp, t, pads: xp.pad_constant(t, pads=pads, value=0))  # fmt: skip
def _pad_constant(xp, input, *, pads, value):
    return xp.pad_with(input, pads, value)


def _read(xp, input, *, sources):
    for axis, source in sources:
        input = xp.take(input, xp.asarray(source), axis=axis)
    return input


def _declare(node: str) -> Any:
    return op(
        linear, name="pad_by_" + node, node=node, dtype=None, scalars=False,
        vjp=lambda xp, g, input, sources: xp.pad_spread(g, shape=tuple(input.shape), sources=sources),
    )(_read)  # fmt: skip


@op(linear, name="pad_spread", dtype=None, scalars=False,
    vjp=lambda xp, g, sources: xp.pad_by_ReplicationPad1DBackward0(g, sources=sources))  # fmt: skip
def _pad_spread(xp, grad, *, shape, sources):
    for axis, source in reversed(sources):
        grad = xp.add_along(grad, xp.asarray(source), shape[axis], axis)
    return grad


_REFLECT = {n: _declare(f"ReflectionPad{n}DBackward0") for n in (1, 2, 3)}
_REPLICATE = {n: _declare(f"ReplicationPad{n}DBackward0") for n in (1, 2, 3)}
_CIRCULAR = _declare("CircularPadBackward0")


def _source(mode: str, size: int, before: int, after: int) -> Any:
    """The index in an axis of this size that each padded element is read from."""
    index = np.arange(-before, size + after)
    if mode == "replicate":
        return np.clip(index, 0, size - 1)
    if mode == "circular":
        return index % size
    index = np.abs(index)
    return np.where(index >= size, 2 * (size - 1) - index, index)


def pad(input: Any, pad: Any, mode: str = "constant", value: float | None = None) -> Any:
    """Pad the last dimensions: `pad` = (before, after) of the last one, then of the one before it, and so on.

    mode: "constant" (`value`, default 0; negative widths cut), or, for up to three spatial dimensions of (N, C, *) or
    (C, *): "reflect", "replicate", "circular". RuntimeError for widths that do not fit, NotImplementedError for modes
    and numbers of dimensions that do not go together.

    >>> import mibun as torch
    >>> torch.nn.functional.pad(torch.tensor([[[1., 2., 3.]]]), (2, 1), mode="reflect")
    tensor([[[3., 2., 1., 2., 3., 2.]]])
    """
    check_tensor(input, "pad")
    widths = [whole(width, "pad", "pad") for width in pad]
    shape = input._array_.shape
    ndim = len(shape)
    if len(widths) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(widths) > 2 * ndim:
        raise RuntimeError(
            f"Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(widths)} and input of dimension {ndim}"
        )
    pairs = [(widths[i], widths[i + 1]) for i in range(0, len(widths), 2)][::-1]
    n = len(pairs)
    if mode == "constant":
        full = tuple([(0, 0)] * (ndim - n) + pairs)
        for dim, (size, (before, after)) in enumerate(zip(shape, full, strict=True)):
            if size + before + after < 0 or (size + before + after == 0 and (before or after)):
                raise RuntimeError(
                    f"narrow(): length must be non-negative. The input size {size}, plus negative padding {before} and "
                    f"{after} resulted in a negative output size, which is invalid. Check dimension {dim} of your "
                    "input."
                )
        return apply(_pad_constant, (input,), {"pads": full, "value": 0 if value is None else value})
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in ("reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if n not in (1, 2, 3) or ndim not in (n + 1, n + 2):
        raise NotImplementedError(
            f"Padding size {len(widths)} is not supported for {ndim}D input tensor. Supported combinations for "
            "non-constant padding: 2 for (C, L) and (N, C, L), 4 for (C, H, W) and (N, C, H, W), 6 for volumes."
        )
    return _pad_by_copies(input, pairs, mode, n)


def _pad_by_copies(input: Any, pairs: list[tuple[int, int]], mode: str, n: int) -> Any:
    shape = input._array_.shape
    sources = []
    for axis, (before, after) in enumerate(pairs, len(shape) - n):
        size = shape[axis]
        if mode == "reflect" and (before >= size or after >= size):
            raise RuntimeError(
                f"Argument #{2 * (n - (axis - len(shape) + n))}: Padding size should be less than the corresponding "
                "input "
                f"dimension, but got: padding ({before}, {after}) at dimension {axis} of input {list(shape)}"
            )
        if mode == "circular" and (before > size or after > size):
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if size + before + after < 1 or size == 0:
            raise RuntimeError(
                f"input (size {size}) is too small: padding ({before}, {after}) of dimension {axis} leaves nothing"
            )
        if before or after:
            sources.append((axis, _source(mode, size, before, after)))
    record = _CIRCULAR if mode == "circular" else (_REFLECT if mode == "reflect" else _REPLICATE)[n]
    return apply(record, (input,), {"sources": tuple(sources)})


FUNCTIONS["constant_pad_nd"] = lambda input, pad_, value=0: pad(input, pad_, "constant", value)


# --- shuffling ---


def _shuffled(xp: Any, x: Any, factor: int) -> Any:
    *lead, channels, height, width = x.shape
    k = len(lead)
    x = xp.reshape(x, (*lead, channels // factor**2, factor, factor, height, width))
    x = xp.permute_dims(x, (*range(k), k, k + 3, k + 1, k + 4, k + 2))
    return xp.ascontiguousarray(xp.reshape(x, (*lead, channels // factor**2, height * factor, width * factor)))


def _unshuffled(xp: Any, x: Any, factor: int) -> Any:
    *lead, channels, height, width = x.shape
    k = len(lead)
    x = xp.reshape(x, (*lead, channels, height // factor, factor, width // factor, factor))
    x = xp.permute_dims(x, (*range(k), k, k + 2, k + 4, k + 1, k + 3))
    return xp.ascontiguousarray(xp.reshape(x, (*lead, channels * factor**2, height // factor, width // factor)))


@op(linear, name="shuffle_pixels", node="PixelShuffleBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, factor: xp.unshuffle_pixels(g, factor=factor))  # fmt: skip
def _shuffle(xp, input, *, factor):
    return _shuffled(xp, input, factor)


@op(linear, name="unshuffle_pixels", node="PixelUnshuffleBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, factor: xp.shuffle_pixels(g, factor=factor))  # fmt: skip
def _unshuffle(xp, input, *, factor):
    return _unshuffled(xp, input, factor)


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """(*, C r², H, W) -> (*, C, H r, W r): channels become pixels. Source: Shi et al. (2016)."""
    check_tensor(input, "pixel_shuffle")
    shape = input._array_.shape
    if len(shape) < 3:
        raise RuntimeError(
            f"pixel_shuffle expects input to have at least 3 dimensions, but got input with {len(shape)} dimension(s)"
        )
    if upscale_factor <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {upscale_factor}")
    if shape[-3] % upscale_factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            "but "
            f"input.size(-3)={shape[-3]} is not divisible by {upscale_factor**2}"
        )
    return apply(_shuffle, (input,), {"factor": upscale_factor})


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """(*, C, H r, W r) -> (*, C r², H, W): the inverse of pixel_shuffle."""
    check_tensor(input, "pixel_unshuffle")
    shape = input._array_.shape
    if len(shape) < 3:
        raise RuntimeError(
            f"pixel_unshuffle expects input to have at least 3 dimensions, but got input with {len(shape)} dimension(s)"
        )
    if downscale_factor <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {downscale_factor}")
    for axis, name in ((-2, "height"), (-1, "width")):
        if shape[axis] % downscale_factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                f"input.size({axis})={shape[axis]} "
                f"is not divisible by {downscale_factor}"
            )
    return apply(_unshuffle, (input,), {"factor": downscale_factor})


@op(linear, name="shuffle_channels", node="ChannelShuffleBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups))  # fmt: skip
def _shuffle_channels(xp, input, *, groups):
    batch, channels, *space = input.shape
    x = xp.reshape(input, (batch, groups, channels // groups, *space))
    x = xp.permute_dims(x, (0, 2, 1, *range(3, x.ndim)))
    return xp.ascontiguousarray(xp.reshape(x, (batch, channels, *space)))


def channel_shuffle(input: Any, groups: int) -> Any:
    """Mix the channels of (N, C, *): those of `groups` groups, taken in turns. Source: Zhang et al. (2018)."""
    check_tensor(input, "channel_shuffle")
    shape = input._array_.shape
    if len(shape) < 3:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {shape[1]} channels and {groups} groups."
        )
    return apply(_shuffle_channels, (input,), {"groups": groups})


for _function in (pixel_shuffle, pixel_unshuffle, channel_shuffle):
    FUNCTIONS[_function.__name__] = _function
