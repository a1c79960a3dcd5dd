"""Pooling: layers that take the largest element, the average or a power mean of each window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from ..common_types import _size_1_t, _size_any_opt_t, _size_any_t
from .module import Module
from .unpooling import (  # noqa: F401  (PyTorch has them here)
    FractionalMaxPool2d,
    FractionalMaxPool3d,
    MaxUnpool1d,
    MaxUnpool2d,
    MaxUnpool3d,
    _MaxUnpoolNd,
)


class _MaxPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"]
    return_indices: bool
    ceil_mode: bool
    kernel_size: _size_any_t
    stride: _size_any_t
    padding: _size_any_t
    dilation: _size_any_t

    def __init__(
        self,
        kernel_size: _size_any_t,
        stride: _size_any_t | None = None,
        padding: _size_any_t = 0,
        dilation: _size_any_t = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def _pool(self, function: Callable[..., Any], input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        return function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPoolNd):
    """The largest element of each window of sequences.

    Args:
        kernel_size, stride, padding, dilation: of the windows. The stride is `kernel_size` unless given; padding is
            with -inf, and at most half of `kernel_size`.
        return_indices: return the positions of the elements too, for `MaxUnpool1d`.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), and int64 indices of the same shape if asked for.
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`, rounded up with
        `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.MaxPool1d(2)(torch.tensor([[1., 3., 2., 0.]]))
    tensor([[3., 2.]])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, L'), with indices if asked for."""
        return self._pool(F.max_pool1d, input)


class MaxPool2d(_MaxPoolNd):
    """The largest element of each window of images.

    Args:
        kernel_size, stride, padding, dilation: of the windows; a number, or one for each axis. The stride is
            `kernel_size` unless given; padding is with -inf, and at most half of `kernel_size`.
        return_indices: return the flat positions of the elements too, for `MaxUnpool2d`.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or (C, H', W'), and int64 indices of the same shape if
        asked for.
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`, rounded up with
        `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.MaxPool2d(2)(torch.ones(1, 3, 8, 8)).shape
    torch.Size([1, 3, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, H', W'), with indices if asked for."""
        return self._pool(F.max_pool2d, input)


class MaxPool3d(_MaxPoolNd):
    """The largest element of each window of volumes.

    Args:
        kernel_size, stride, padding, dilation: of the windows; a number, or one for each axis. The stride is
            `kernel_size` unless given; padding is with -inf, and at most half of `kernel_size`.
        return_indices: return the flat positions of the elements too, for `MaxUnpool3d`.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, and int64 indices of the same
        shape if asked for.
        Each output size is `(size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1`, rounded up with
        `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.MaxPool3d((1, 2, 2))(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 4, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, D', H', W'), with indices if asked for."""
        return self._pool(F.max_pool3d, input)


class _AvgPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"]
    kernel_size: _size_any_t
    stride: _size_any_t
    padding: _size_any_t
    ceil_mode: bool
    count_include_pad: bool
    divisor_override: int | None

    def __init__(
        self,
        kernel_size: _size_any_t,
        stride: _size_any_t | None = None,
        padding: _size_any_t = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def _pool(self, function: Callable[..., Tensor], input: Tensor) -> Tensor:
        return function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPoolNd):
    """The average of each window of sequences.

    Args:
        kernel_size, stride, padding: of the windows. The stride is `kernel_size` unless given; padding is with zeros,
            and at most half of `kernel_size`.
        ceil_mode: a last window that is not full counts too.
        count_include_pad: whether the zeros of the padding count as elements.

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L').
        Each output size is `(size + 2 padding - kernel_size) // stride + 1`, rounded up with `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.AvgPool1d(2)(torch.tensor([[1., 3., 2., 0.]]))
    tensor([[2., 1.]])
    """

    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]

    def __init__(
        self,
        kernel_size: _size_1_t,
        stride: _size_1_t | None = None,
        padding: _size_1_t = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__((), (), (), ceil_mode, count_include_pad)
        del self.divisor_override
        self.kernel_size = _single(kernel_size)
        self.stride = _single(stride if stride is not None else kernel_size)
        self.padding = _single(padding)

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, L')."""
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


def _single(value: _size_any_t) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


class AvgPool2d(_AvgPoolNd):
    """The average of each window of images.

    Args:
        kernel_size, stride, padding: of the windows; a number, or one for each axis. The stride is `kernel_size` unless
            given; padding is with zeros, and at most half of `kernel_size`.
        ceil_mode: a last window that is not full counts too.
        count_include_pad: whether the zeros of the padding count as elements.
        divisor_override: what sums are divided by, instead of the number of elements.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or (C, H', W').
        Each output size is `(size + 2 padding - kernel_size) // stride + 1`, rounded up with `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.AvgPool2d(2)(torch.tensor([[[1., 3., 2., 0.], [1., 3., 4., 0.]]]))
    tensor([[[2.0000, 1.5000]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, H', W')."""
        return self._pool(F.avg_pool2d, input)


class AvgPool3d(_AvgPoolNd):
    """The average of each window of volumes.

    Args:
        kernel_size, stride, padding: of the windows; a number, or one for each axis. The stride is `kernel_size` unless
            given; padding is with zeros, and at most half of `kernel_size`.
        ceil_mode: a last window that is not full counts too.
        count_include_pad: whether the zeros of the padding count as elements.
        divisor_override: what sums are divided by, instead of the number of elements.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N.
        Each output size is `(size + 2 padding - kernel_size) // stride + 1`, rounded up with `ceil_mode`.

    >>> import mibun as torch
    >>> torch.nn.AvgPool3d(2)(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 2, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, D', H', W')."""
        return self._pool(F.avg_pool3d, input)


class _LPPoolNd(Module):
    __constants__ = ["norm_type", "kernel_size", "stride", "ceil_mode"]
    norm_type: float
    kernel_size: _size_any_t
    stride: _size_any_t | None
    ceil_mode: bool

    def __init__(
        self, norm_type: float, kernel_size: _size_any_t, stride: _size_any_t | None = None, ceil_mode: bool = False
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPoolNd):
    """`(Σ x^p)^(1/p)` over each window of sequences.

    Args:
        norm_type: p. With 1 it is the sum; the larger, the nearer to the maximum.
        kernel_size, stride: of the windows. The stride is `kernel_size` unless given.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = (L - kernel_size) // stride + 1`.

    >>> import mibun as torch
    >>> torch.nn.LPPool1d(2, kernel_size=2)(torch.tensor([[3., 4., 6., 8.]]))
    tensor([[ 5., 10.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, L')."""
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(_LPPoolNd):
    """`(Σ x^p)^(1/p)` over each window of images.

    Args:
        norm_type: p. With 1 it is the sum; the larger, the nearer to the maximum.
        kernel_size, stride: of the windows. The stride is `kernel_size` unless given.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or (C, H', W'), where each size is
        `(size - kernel_size) // stride + 1`.

    >>> import mibun as torch
    >>> torch.nn.LPPool2d(2, kernel_size=(1, 2))(torch.tensor([[[3., 4., 6., 8.]]]))
    tensor([[[ 5., 10.]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, H', W')."""
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool3d(_LPPoolNd):
    """`(Σ x^p)^(1/p)` over each window of volumes.

    Args:
        norm_type: p. With 1 it is the sum; the larger, the nearer to the maximum.
        kernel_size, stride: of the windows. The stride is `kernel_size` unless given.
        ceil_mode: a last window that is not full counts too.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, where each size is
        `(size - kernel_size) // stride + 1`.

    >>> import mibun as torch
    >>> torch.nn.LPPool3d(2, kernel_size=2)(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 2, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, D', H', W')."""
        return F.lp_pool3d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class _AdaptivePoolNd(Module):
    __constants__ = ["output_size"]
    output_size: _size_any_opt_t

    def __init__(self, output_size: _size_any_opt_t) -> None:
        super().__init__()
        self.output_size = output_size

    def _pool(self, function: Callable[..., Any], input: Tensor) -> Any:
        return function(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class _AdaptiveAvgPoolNd(_AdaptivePoolNd):
    """What the three have in common."""


class AdaptiveAvgPool1d(_AdaptiveAvgPoolNd):
    """The averages of as many windows as are wanted, which share out sequences.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many.

    Shape:
        input (N, C, L) or (C, L), output (N, C, output_size) or (C, output_size).

    >>> import mibun as torch
    >>> torch.nn.AdaptiveAvgPool1d(2)(torch.tensor([[1., 3., 2., 0.]]))
    tensor([[2., 1.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, output_size)."""
        return self._pool(F.adaptive_avg_pool1d, input)


class AdaptiveAvgPool2d(_AdaptiveAvgPoolNd):
    """The averages of as many windows as are wanted, which share out images; (1, 1) is global average pooling.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many, a number for all axes or one for each; None in it keeps the size of that axis.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, *output_size) or (C, *output_size).

    >>> import mibun as torch
    >>> torch.nn.AdaptiveAvgPool2d((1, None))(torch.tensor([[[1., 3.], [3., 5.]]]))
    tensor([[[2., 4.]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, *output_size)."""
        return self._pool(F.adaptive_avg_pool2d, input)


class AdaptiveAvgPool3d(_AdaptiveAvgPoolNd):
    """The averages of as many windows as are wanted, which share out volumes.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many, a number for all axes or one for each; None in it keeps the size of that axis.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, *output_size) or (C, *output_size).

    >>> import mibun as torch
    >>> torch.nn.AdaptiveAvgPool3d((1, 2, None))(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 1, 2, 8])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, *output_size)."""
        return self._pool(F.adaptive_avg_pool3d, input)


class _AdaptiveMaxPoolNd(_AdaptivePoolNd):
    __constants__ = ["output_size", "return_indices"]
    return_indices: bool

    def __init__(self, output_size: _size_any_opt_t, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices = return_indices

    def _pool(self, function: Callable[..., Any], input: Tensor) -> Any:
        return function(input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The largest elements of as many windows as are wanted, which share out sequences.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many.
        return_indices: return the flat positions of the elements too.

    Shape:
        input (N, C, L) or (C, L), output (N, C, output_size) or (C, output_size), and int64 indices if asked for.

    >>> import mibun as torch
    >>> torch.nn.AdaptiveMaxPool1d(2)(torch.tensor([[1., 3., 2., 0.]]))
    tensor([[3., 2.]])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, output_size), with indices if asked for."""
        return self._pool(F.adaptive_max_pool1d, input)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The largest elements of as many windows as are wanted, which share out images.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many, a number for all axes or one for each; None in it keeps the size of that axis.
        return_indices: return the flat positions of the elements too.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, *output_size) or without N, and int64 indices if asked for.

    >>> import mibun as torch
    >>> torch.nn.AdaptiveMaxPool2d((1, None))(torch.tensor([[[1., 3.], [3., 5.]]]))
    tensor([[[3., 5.]]])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, *output_size), with indices if asked for."""
        return self._pool(F.adaptive_max_pool2d, input)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The largest elements of as many windows as are wanted, which share out volumes.

    Window i of an axis starts at `i size // output_size` and ends before `ceil((i + 1) size / output_size)`.

    Args:
        output_size: how many, a number for all axes or one for each; None in it keeps the size of that axis.
        return_indices: return the flat positions of the elements too.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, *output_size) or without N, and int64 indices if asked for.

    >>> import mibun as torch
    >>> torch.nn.AdaptiveMaxPool3d((1, 2, None))(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 1, 2, 8])
    """

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, *output_size), with indices if asked for."""
        return self._pool(F.adaptive_max_pool3d, input)
