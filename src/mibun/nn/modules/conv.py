"""Convolutions and transposed convolutions with weights, in one, two and three dimensions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import mibun

from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module


def _tuple(value: Any, n: int) -> tuple:
    """`n` of the same number, or the numbers given."""
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, Tensor) else (value,) * n


class _ConvNd(Module):
    __constants__ = [
        "stride", "padding", "dilation", "groups", "padding_mode", "output_padding", "in_channels", "out_channels",
        "kernel_size",
    ]  # fmt: skip
    _n = 0
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple,
        stride: tuple,
        padding: str | tuple,
        dilation: tuple,
        transposed: bool,
        output_padding: tuple,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise ValueError(f"Invalid padding string {padding!r}, should be one of {{'valid', 'same'}}")
            if padding == "same" and any(s != 1 for s in stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        modes = ("zeros", "reflect", "replicate", "circular")
        if padding_mode not in modes:
            raise ValueError(
                f"padding_mode must be one of {{{', '.join(map(repr, modes))}}}, but got padding_mode={padding_mode!r}"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        self._reversed_padding_repeated_twice = self._padding_for_pad()
        channels = (in_channels, out_channels // groups) if transposed else (out_channels, in_channels // groups)
        self.weight = Parameter(mibun.empty((*channels, *kernel_size), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(mibun.empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def _padding_for_pad(self) -> list[int]:
        """The padding as `F.pad` takes it: from the last axis on, before and after."""
        pads: list[int] = []
        if isinstance(self.padding, str):
            for dilation, size in zip(reversed(self.dilation), reversed(self.kernel_size), strict=False):
                total = dilation * (size - 1) if self.padding == "same" else 0
                # An even kernel needs one more on one side: PyTorch puts it after.
                pads += [total // 2, total - total // 2]
        else:
            for pad in reversed(self.padding):
                pads += [pad, pad]
        return pads

    def reset_parameters(self) -> None:
        """Draw new starting values: uniform in ±1/√fan_in."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def _padded(self, input: Tensor) -> tuple[Tensor, Any]:
        """The input and the padding that is left for the convolution to do."""
        if self.padding_mode == "zeros":
            return input, self.padding
        return F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode), (0,) * self._n

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        if self.padding != (0,) * len(self.padding):
            parts.append(f"padding={self.padding}")
        if self.dilation != (1,) * len(self.dilation):
            parts.append(f"dilation={self.dilation}")
        if self.output_padding != (0,) * len(self.output_padding):
            parts.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("padding_mode", "zeros")


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple,
        stride: int | tuple = 1,
        padding: int | tuple | str = 0,
        dilation: int | tuple = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        n = self._n
        super().__init__(
            in_channels,
            out_channels,
            _tuple(kernel_size, n),
            _tuple(stride, n),
            padding if isinstance(padding, str) else _tuple(padding, n),
            _tuple(dilation, n),
            False,
            (0,) * n,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )


class Conv1d(_Conv):
    """Convolution (cross-correlation) of an input (N, C, L) or (C, L); arguments as of `Conv2d`."""

    _n = 1

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, out_channels, L')."""
        input, padding = self._padded(input)
        return F.conv1d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Convolution (cross-correlation) of an input (N, C, H, W) or (C, H, W), with a weight shared by all positions.

    Args:
        kernel_size, stride, padding, dilation: a number for all axes, or one for each.
        padding: also "same" (the output has the size of the input; stride 1 only) or "valid" (none).
        groups: in how many groups of channels the input and output are split, each convolved alone.
        padding_mode: what the padding consists of: "zeros", "reflect", "replicate" or "circular".

    Weight (out_channels, in_channels / groups, *kernel_size) and bias start uniform in ±1/√fan_in. ValueError for
    arguments that do not go together. The size of an output axis is
    `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`.

    >>> import mibun as torch
    >>> torch.nn.Conv2d(1, 4, kernel_size=3, padding=1)(torch.ones(2, 1, 8, 8)).shape
    torch.Size([2, 4, 8, 8])
    """

    _n = 2

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, out_channels, H', W')."""
        if self.padding_mode == "zeros":
            return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        input, padding = self._padded(input)
        return F.conv2d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class Conv3d(_Conv):
    """Convolution (cross-correlation) of an input (N, C, D, H, W) or (C, D, H, W); arguments as of `Conv2d`."""

    _n = 3

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, out_channels, D', H', W')."""
        input, padding = self._padded(input)
        return F.conv3d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class _ConvTransposeNd(_ConvNd):
    padding: tuple[int, ...]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple,
        stride: int | tuple = 1,
        padding: int | tuple = 0,
        output_padding: int | tuple = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | tuple = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {self.__class__.__name__}')
        n = self._n
        super().__init__(
            in_channels,
            out_channels,
            _tuple(kernel_size, n),
            _tuple(stride, n),
            _tuple(padding, n),
            _tuple(dilation, n),
            True,
            _tuple(output_padding, n),
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _output_padding(self, input: Tensor, output_size: Any) -> Any:
        """What has to be added at the end of each axis for the output to have the wanted size."""
        if output_size is None:
            return self.output_padding
        n = self._n
        sizes = list(output_size)
        batch_dims = input.dim() - n
        if len(sizes) == batch_dims + n:
            sizes = sizes[batch_dims:]
        if len(sizes) != n:
            raise ValueError(
                f"ConvTranspose{n}D: for {input.dim()}D input, output_size must have {n} or {batch_dims + n} elements "
                f"(got {len(output_size)})"
            )
        smallest = [
            (input.size(batch_dims + i) - 1) * self.stride[i]
            - 2 * self.padding[i]
            + self.dilation[i] * (self.kernel_size[i] - 1)
            + 1
            for i in range(n)
        ]
        largest = [size + stride - 1 for size, stride in zip(smallest, self.stride, strict=True)]
        if any(not low <= size <= high for low, size, high in zip(smallest, sizes, largest, strict=True)):
            raise ValueError(
                f"requested an output size of {output_size}, but valid sizes range from {smallest} to {largest} "
                f"(for an input of {input.size()[2:]})"
            )
        return [size - low for size, low in zip(sizes, smallest, strict=True)]


class ConvTranspose1d(_ConvTransposeNd):
    """The transpose of the map that `Conv1d` is, which makes an input longer; arguments as of `ConvTranspose2d`."""

    _n = 1

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """The output (N, out_channels, L')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose1d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose2d(_ConvTransposeNd):
    """The transpose of the map that `Conv2d` is, which makes an image larger.

    The size of an output axis is
    `(size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1`; as several output sizes of a
    strided convolution come from one input size, `output_padding`, or `output_size` in the call, says which is meant.

    >>> import mibun as torch
    >>> torch.nn.ConvTranspose2d(4, 1, kernel_size=2, stride=2)(torch.ones(1, 4, 3, 3)).shape
    torch.Size([1, 1, 6, 6])
    """

    _n = 2

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """The output (N, out_channels, H', W')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose2d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose3d(_ConvTransposeNd):
    """The transpose of the map that `Conv3d` is, which makes a volume larger; arguments as of `ConvTranspose2d`."""

    _n = 3

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """The output (N, out_channels, D', H', W')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose3d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )
