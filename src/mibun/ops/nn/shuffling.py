"""Shuffling: channels that become pixels and back, and the mixing of groups of channels.

Each is a permutation of the elements, and so its own transpose's inverse: the rules are the opposite operators.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.public import public


def _shuffled(xp: Any, x: Array, factor: int) -> Array:
    *lead, channels, height, width = x.shape
    k = len(lead)
    x = xp.reshape(x, (*lead, channels // factor**2, factor, factor, height, width))
    x = xp.permute_dims(x, (*range(k), k, k + 3, k + 1, k + 4, k + 2))
    return xp.ascontiguousarray(xp.reshape(x, (*lead, channels // factor**2, height * factor, width * factor)))


def _unshuffled(xp: Any, x: Array, factor: int) -> Array:
    *lead, channels, height, width = x.shape
    k = len(lead)
    x = xp.reshape(x, (*lead, channels, height // factor, factor, width // factor, factor))
    x = xp.permute_dims(x, (*range(k), k, k + 2, k + 4, k + 1, k + 3))
    return xp.ascontiguousarray(xp.reshape(x, (*lead, channels * factor**2, height // factor, width // factor)))


@op(
    linear,
    name="shuffle_pixels",
    memory="channels",
    node="PixelShuffleBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, factor: xp.unshuffle_pixels(g, factor=factor),
)
def _shuffle(xp, input, *, factor):
    return _shuffled(xp, input, factor)


@op(
    linear,
    name="unshuffle_pixels",
    memory="channels",
    node="PixelUnshuffleBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, factor: xp.shuffle_pixels(g, factor=factor),
)
def _unshuffle(xp, input, *, factor):
    return _unshuffled(xp, input, factor)


@public("pixel_shuffle", method=False)
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """(*, C r², H, W) -> (*, C, H r, W r), r being the factor: channels become pixels.

    RuntimeError where the number of channels is no multiple of r². Source: Shi et al. (2016), arXiv:1609.05158.

    >>> import mibun as torch
    >>> torch.pixel_shuffle(torch.arange(4.).reshape(4, 1, 1), 2)
    tensor([[[0., 1.],
             [2., 3.]]])
    """
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
            f"but input.size(-3)={shape[-3]} is not divisible by {upscale_factor**2}"
        )
    return apply(_shuffle, (input,), {"factor": upscale_factor})


@public("pixel_unshuffle", method=False)
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """(*, C, H r, W r) -> (*, C r², H, W), r being the factor: the inverse of `pixel_shuffle`."""
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
                f"input.size({axis})={shape[axis]} is not divisible by {downscale_factor}"
            )
    return apply(_unshuffle, (input,), {"factor": downscale_factor})


@op(
    linear,
    name="shuffle_channels",
    memory="channels",
    node="ChannelShuffleBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups),
)
def _shuffle_channels(xp, input, *, groups):
    batch, channels, *space = input.shape
    x = xp.reshape(input, (batch, groups, channels // groups, *space))
    x = xp.permute_dims(x, (0, 2, 1, *range(3, x.ndim)))
    return xp.ascontiguousarray(xp.reshape(x, (batch, channels, *space)))


@public("channel_shuffle", method=False)
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
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


@public("native_channel_shuffle", method=False)
def native_channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """`nn.functional.channel_shuffle`."""
    return channel_shuffle(input, groups)
