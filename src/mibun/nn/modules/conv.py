"""Convolutions and transposed convolutions with weights, in one, two and three dimensions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType, _size_any_t
from ..factories import empty
from ..parameter import Parameter
from .module import Module


def _tuple(value: _size_any_t, n: int) -> tuple[int, ...]:
    """`n` of the same number, or the numbers given."""
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, Tensor) else (value,) * n  # type: ignore


class _ConvNd(Module):
    __constants__ = [
        "stride",
        "padding",
        "dilation",
        "groups",
        "padding_mode",
        "output_padding",
        "in_channels",
        "out_channels",
        "kernel_size",
    ]
    _n = 0
    weight: Tensor
    bias: Tensor | None
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    transposed: bool
    output_padding: tuple[int, ...]
    groups: int
    padding_mode: str

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...],
        padding: str | tuple[int, ...],
        dilation: tuple[int, ...],
        transposed: bool,
        output_padding: tuple[int, ...],
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Device = None,
        dtype: DType = None,
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
                f"padding_mode must be one of {{{', '.join(map(repr, modes))}}}, but got padding_mode='{padding_mode}'"
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
        self.weight = Parameter(empty((*channels, *kernel_size), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
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
        kernel_size: _size_any_t,
        stride: _size_any_t = 1,
        padding: _size_any_t | str = 0,
        dilation: _size_any_t = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: DType = None,
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
    """Convolution (strictly, cross-correlation) of sequences with a weight shared by all positions.

    `y[o, t] = b[o] + Σ W[o, c, k] x[c, t stride + k dilation]`.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: a number for all axes of space, or one for each.
        padding: also "same" (the output has the size of the input; stride 1 only) or "valid" (none).
        groups: in how many groups of channels the input and output are split, each convolved alone.
        padding_mode: what the padding consists of: "zeros", "reflect", "replicate" or "circular".
        bias, device, dtype: whether there is a bias; where and of what dtype the parameters are.

    Shape:
        input (N, in_channels, L) or (in_channels, L), output (N, out_channels, L') or (out_channels, L').
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`. weight: (out_channels,
        in_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in, where fan_in is
        the number of weights that an output is made of.

    Raises:
        ValueError: the arguments do not go together. RuntimeError: from the call, for an input of other axes or
        channels.

    >>> import mibun as torch
    >>> torch.nn.Conv1d(2, 4, kernel_size=3, stride=2)(torch.ones(5, 2, 9)).shape
    torch.Size([5, 4, 4])
    """

    _n = 1

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, out_channels, L')."""
        input, padding = self._padded(input)
        return F.conv1d(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Convolution (strictly, cross-correlation) of images with a weight shared by all positions.

    `y[o, i, j] = b[o] + Σ W[o, c, k, l] x[c, i stride + k dilation, j stride + l dilation]`.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: a number for all axes of space, or one for each.
        padding: also "same" (the output has the size of the input; stride 1 only) or "valid" (none).
        groups: in how many groups of channels the input and output are split, each convolved alone.
        padding_mode: what the padding consists of: "zeros", "reflect", "replicate" or "circular".
        bias, device, dtype: whether there is a bias; where and of what dtype the parameters are.

    Shape:
        input (N, in_channels, H, W) or (in_channels, H, W), output (N, out_channels, H', W') or (out_channels, H', W').
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`. weight: (out_channels,
        in_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in, where fan_in is
        the number of weights that an output is made of.

    Raises:
        ValueError: the arguments do not go together. RuntimeError: from the call, for an input of other axes or
        channels.

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
    """Convolution (strictly, cross-correlation) of volumes; the formula is that of `Conv2d` with one more axis.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: a number for all axes of space, or one for each.
        padding: also "same" (the output has the size of the input; stride 1 only) or "valid" (none).
        groups: in how many groups of channels the input and output are split, each convolved alone.
        padding_mode: what the padding consists of: "zeros", "reflect", "replicate" or "circular".
        bias, device, dtype: whether there is a bias; where and of what dtype the parameters are.

    Shape:
        input (N, in_channels, D, H, W) or (in_channels, D, H, W), output (N, out_channels, D', H', W') or without N.
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`. weight: (out_channels,
        in_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in, where fan_in is
        the number of weights that an output is made of.

    Raises:
        ValueError: the arguments do not go together. RuntimeError: from the call, for an input of other axes or
        channels.

    >>> import mibun as torch
    >>> torch.nn.Conv3d(1, 2, kernel_size=(1, 3, 3))(torch.ones(1, 1, 4, 5, 6)).shape
    torch.Size([1, 2, 4, 3, 4])
    """

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
        kernel_size: _size_any_t,
        stride: _size_any_t = 1,
        padding: _size_any_t = 0,
        output_padding: _size_any_t = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: _size_any_t = 1,
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: DType = None,
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

    def _output_padding(self, input: Tensor, output_size: Sequence[int] | None) -> Sequence[int]:
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
    """The transpose of the linear map that `Conv1d` is, which makes sequences longer; also called deconvolution.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: those of the convolution whose transpose this is.
        output_padding: what is added to each output size, at one side, as several sizes of a strided convolution's
            input give the same size of its output. `output_size` in the call says the same.
        groups, bias, device, dtype: as of `Conv2d`. padding_mode: has to be "zeros".

    Shape:
        input (N, in_channels, L) or (in_channels, L), output (N, out_channels, L') or (out_channels, L').
        Each output size is `(size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1`. weight:
        (in_channels, out_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in.

    Raises:
        ValueError: the arguments do not go together; from the call, for an `output_size` that cannot be had.

    >>> import mibun as torch
    >>> torch.nn.ConvTranspose1d(2, 3, kernel_size=2, stride=2)(torch.ones(1, 2, 5)).shape
    torch.Size([1, 3, 10])
    """

    _n = 1

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The output (N, out_channels, L')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose1d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose2d(_ConvTransposeNd):
    """The transpose of the linear map that `Conv2d` is, which makes images larger; also called deconvolution.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: those of the convolution whose transpose this is.
        output_padding: what is added to each output size, at one side, as several sizes of a strided convolution's
            input give the same size of its output. `output_size` in the call says the same.
        groups, bias, device, dtype: as of `Conv2d`. padding_mode: has to be "zeros".

    Shape:
        input (N, in_channels, H, W) or (in_channels, H, W), output (N, out_channels, H', W') or without N.
        Each output size is `(size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1`. weight:
        (in_channels, out_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in.

    Raises:
        ValueError: the arguments do not go together; from the call, for an `output_size` that cannot be had.

    >>> import mibun as torch
    >>> torch.nn.ConvTranspose2d(4, 1, kernel_size=2, stride=2)(torch.ones(1, 4, 3, 3)).shape
    torch.Size([1, 1, 6, 6])
    """

    _n = 2

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The output (N, out_channels, H', W')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose2d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose3d(_ConvTransposeNd):
    """The transpose of the linear map that `Conv3d` is, which makes volumes larger; also called deconvolution.

    Args:
        in_channels, out_channels: the numbers of channels; `groups` divides both.
        kernel_size, stride, padding, dilation: those of the convolution whose transpose this is.
        output_padding: what is added to each output size, at one side, as several sizes of a strided convolution's
            input give the same size of its output. `output_size` in the call says the same.
        groups, bias, device, dtype: as of `Conv2d`. padding_mode: has to be "zeros".

    Shape:
        input (N, in_channels, D, H, W) or (in_channels, D, H, W), output (N, out_channels, D', H', W') or without N.
        Each output size is `(size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1`. weight:
        (in_channels, out_channels / groups, *kernel_size); bias: (out_channels,). Both start uniform in ±1/√fan_in.

    Raises:
        ValueError: the arguments do not go together; from the call, for an `output_size` that cannot be had.

    >>> import mibun as torch
    >>> torch.nn.ConvTranspose3d(1, 1, 3)(torch.ones(1, 1, 2, 3, 4), output_size=(4, 5, 6)).shape
    torch.Size([1, 1, 4, 5, 6])
    """

    _n = 3

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The output (N, out_channels, D', H', W')."""
        extra = self._output_padding(input, output_size)
        return F.conv_transpose3d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )
