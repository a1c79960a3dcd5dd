"""Layers that rearrange or resample images: windows as columns and back, other sizes, shuffling."""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from ..common_types import _ratio_2_t, _ratio_any_t, _size_2_t, _size_any_t
from .module import Module


class Fold(Module):
    """Adds columns up as windows of images: the transpose of the linear map that `Unfold` is.

    Args:
        output_size: (H, W), or one size for both.
        kernel_size, dilation, padding, stride: of the windows; a number, or one for each axis.

    Shape:
        input (N, C kH kW, windows) or without N, output (N, C, H, W) or without N, where `windows` is the product of
        `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1` over both axes; RuntimeError otherwise.

    >>> import mibun as torch
    >>> torch.nn.Fold(2, kernel_size=1)(torch.ones(1, 3, 4)).shape
    torch.Size([1, 3, 2, 2])
    """

    __constants__ = ["output_size", "kernel_size", "dilation", "padding", "stride"]
    output_size: _size_any_t
    kernel_size: _size_any_t
    dilation: _size_any_t
    padding: _size_any_t
    stride: _size_any_t

    def __init__(
        self,
        output_size: _size_any_t,
        kernel_size: _size_any_t,
        dilation: _size_any_t = 1,
        padding: _size_any_t = 0,
        stride: _size_any_t = 1,
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        """The images."""
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )


class Unfold(Module):
    """The windows of images as columns, as a convolution sees them (im2col).

    Args:
        kernel_size, dilation, padding, stride: of the windows; a number, or one for each axis.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C kH kW, windows) or without N, where `windows` is the product of
        `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1` over both axes.

    >>> import mibun as torch
    >>> torch.nn.Unfold(2)(torch.arange(6.).view(1, 1, 2, 3))
    tensor([[[0., 1.],
             [1., 2.],
             [3., 4.],
             [4., 5.]]])
    """

    __constants__ = ["kernel_size", "dilation", "padding", "stride"]
    kernel_size: _size_any_t
    dilation: _size_any_t
    padding: _size_any_t
    stride: _size_any_t

    def __init__(
        self, kernel_size: _size_any_t, dilation: _size_any_t = 1, padding: _size_any_t = 0, stride: _size_any_t = 1
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        """The columns."""
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Upsample(Module):
    """Resamples sequences, images or volumes to a size, or by a factor: `nn.functional.interpolate` as a layer.

    Args:
        size: the output's size, one number or one for each axis of space; or else
        scale_factor: the factor, likewise.
        mode: "nearest", "nearest-exact", "linear" (3-D inputs), "bilinear" or "bicubic" (4-D), "trilinear" (5-D),
            "area".
        align_corners: for the linear modes and bicubic: the corners' centres stay where they are, not their edges.
        recompute_scale_factor: use the factor that the rounded sizes have.

    Shape:
        input (N, C, *space) with one to three axes of space, output (N, C, *size).

    >>> import mibun as torch
    >>> torch.nn.Upsample(scale_factor=2)(torch.tensor([[[1., 2.]]]))
    tensor([[[1., 1., 2., 2.]]])
    """

    __constants__ = ["size", "scale_factor", "mode", "align_corners", "name", "recompute_scale_factor"]
    name: str
    scale_factor: _ratio_any_t | None
    size: _size_any_t | None
    mode: str
    align_corners: bool | None
    recompute_scale_factor: bool | None

    def __init__(
        self,
        size: _size_any_t | None = None,
        scale_factor: _ratio_any_t | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        self.size = size
        if isinstance(scale_factor, tuple):
            self.scale_factor = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("recompute_scale_factor", True)  # what was always done before it could be chosen

    def forward(self, input: Tensor) -> Tensor:
        """The resampled input."""
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            recompute_scale_factor=self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        first = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor!r}"
        return f"{first}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """`Upsample` of images with each element repeated.

    Args:
        size: the output's size, one number or (H, W); or else
        scale_factor: the factor, likewise.

    Shape:
        input (N, C, H, W), output (N, C, H', W').

    >>> import mibun as torch
    >>> torch.nn.UpsamplingNearest2d(scale_factor=2)(torch.tensor([[[[1., 2.]]]]))
    tensor([[[[1., 1., 2., 2.],
              [1., 1., 2., 2.]]]])
    """

    def __init__(self, size: _size_2_t | None = None, scale_factor: _ratio_2_t | None = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """`Upsample` of images, linear along both axes, the corners staying where they are (`align_corners=True`).

    Args:
        size: the output's size, one number or (H, W); or else
        scale_factor: the factor, likewise.

    Shape:
        input (N, C, H, W), output (N, C, H', W').

    >>> import mibun as torch
    >>> torch.nn.UpsamplingBilinear2d(size=(1, 3))(torch.tensor([[[[1., 2.]]]]))
    tensor([[[[1.0000, 1.5000, 2.0000]]]])
    """

    def __init__(self, size: _size_2_t | None = None, scale_factor: _ratio_2_t | None = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)


class PixelShuffle(Module):
    """Channels become places: `y[c, h r + i, w r + j] = x[c r² + i r + j, h, w]`, images r times as high and wide.

    Args:
        upscale_factor: r.

    Shape:
        input (*, C r², H, W), output (*, C, H r, W r), of any dtype.

    Source: Shi et al., Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
    Neural Network, 2016.

    >>> import mibun as torch
    >>> torch.nn.PixelShuffle(2)(torch.arange(4.).view(4, 1, 1))
    tensor([[[0., 1.],
             [2., 3.]]])
    """

    __constants__ = ["upscale_factor"]
    upscale_factor: int

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        """The finer images."""
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Places become channels, undoing `PixelShuffle`: images r times less high and wide.

    Args:
        downscale_factor: r, which divides both sizes; RuntimeError from the call otherwise.

    Shape:
        input (*, C, H r, W r), output (*, C r², H, W), of any dtype.

    >>> import mibun as torch
    >>> torch.nn.PixelUnshuffle(2)(torch.arange(4.).view(1, 2, 2)).flatten()
    tensor([0., 1., 2., 3.])
    """

    __constants__ = ["downscale_factor"]
    downscale_factor: int

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        """The coarser images."""
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"


class ChannelShuffle(Module):
    """Splits the channels into groups and takes one from each group in turn, so that grouped convolutions mix.

    Args:
        groups: how many, dividing the channels; RuntimeError from the call otherwise.

    Shape:
        input (N, C, *), output the same, of any dtype.

    Source: Zhang et al., ShuffleNet, 2017.

    >>> import mibun as torch
    >>> torch.nn.ChannelShuffle(2)(torch.arange(4.).view(1, 4, 1)).flatten()
    tensor([0., 2., 1., 3.])
    """

    __constants__ = ["groups"]
    groups: int

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        """The shuffled input."""
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
