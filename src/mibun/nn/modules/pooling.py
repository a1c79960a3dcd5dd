"""Pooling: layers that take the largest element, the average or a power mean of each window."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module


class _MaxPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"]
    return_indices: bool
    ceil_mode: bool

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
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

    def _pool(self, function: Any, input: Tensor) -> Any:
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
    """The largest element of each window of an input (N, C, L) or (C, L); arguments as of `MaxPool2d`."""

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, L'), with indices if asked for."""
        return self._pool(F.max_pool1d, input)


class MaxPool2d(_MaxPoolNd):
    """The largest element of each window of an input (N, C, H, W) or (C, H, W).

    The stride is `kernel_size` unless given; padding is with -inf. With `ceil_mode` a last window that is not full
    counts too; with `return_indices` the flat positions of the elements are returned beside them.

    >>> import mibun as torch
    >>> torch.nn.MaxPool2d(2)(torch.ones(1, 3, 8, 8)).shape
    torch.Size([1, 3, 4, 4])
    """

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, H', W'), with indices if asked for."""
        return self._pool(F.max_pool2d, input)


class MaxPool3d(_MaxPoolNd):
    """The largest element of each window of an input (N, C, D, H, W) or (C, D, H, W); arguments as of `MaxPool2d`."""

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, D', H', W'), with indices if asked for."""
        return self._pool(F.max_pool3d, input)


class _AvgPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"]

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
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

    def _pool(self, function: Any, input: Tensor) -> Tensor:
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
    """The average of each window of an input (N, C, L) or (C, L); arguments as of `AvgPool2d`."""

    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
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
        return F.avg_pool1d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
        )


def _single(value: Any) -> tuple:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


class AvgPool2d(_AvgPoolNd):
    """The average of each window of an input (N, C, H, W) or (C, H, W).

    The stride is `kernel_size` unless given; padding is with zeros, which count unless `count_include_pad` is False.
    `divisor_override` is divided by instead of the number of elements.
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, H', W')."""
        return self._pool(F.avg_pool2d, input)


class AvgPool3d(_AvgPoolNd):
    """The average of each window of an input (N, C, D, H, W) or (C, D, H, W); arguments as of `AvgPool2d`."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, D', H', W')."""
        return self._pool(F.avg_pool3d, input)


class _LPPoolNd(Module):
    __constants__ = ["norm_type", "kernel_size", "stride", "ceil_mode"]

    def __init__(self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> None:
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
    """`(Σ x^p)^(1/p)` over each window of an input (N, C, L) or (C, L), with p = `norm_type`."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, L')."""
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(_LPPoolNd):
    """`(Σ x^p)^(1/p)` over each window of an input (N, C, H, W) or (C, H, W), with p = `norm_type`."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, H', W')."""
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool3d(_LPPoolNd):
    """`(Σ x^p)^(1/p)` over each window of an input (N, C, D, H, W) or (C, D, H, W), with p = `norm_type`."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, D', H', W')."""
        return F.lp_pool3d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class _AdaptivePoolNd(Module):
    __constants__ = ["output_size"]

    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptivePoolNd):
    """The averages of `output_size` windows that share out an input (N, C, L) or (C, L)."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, output_size)."""
        return F.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptivePoolNd):
    """The averages of windows that share out an input (N, C, H, W) or (C, H, W) to give the wanted size.

    `output_size` is a number for both axes or a pair; None in it keeps the size of that axis.
    """

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, *output_size)."""
        return F.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptivePoolNd):
    """The averages of windows that share out an input (N, C, D, H, W) or (C, D, H, W) to give the wanted size."""

    def forward(self, input: Tensor) -> Tensor:
        """The output (N, C, *output_size)."""
        return F.adaptive_avg_pool3d(input, self.output_size)


class _AdaptiveMaxPoolNd(_AdaptivePoolNd):
    __constants__ = ["output_size", "return_indices"]

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices = return_indices


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The largest elements of `output_size` windows that share out an input (N, C, L) or (C, L)."""

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, output_size), with indices if asked for."""
        return F.adaptive_max_pool1d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The largest elements of windows that share out an input (N, C, H, W) or (C, H, W) to give the wanted size."""

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, *output_size), with indices if asked for."""
        return F.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The largest elements of windows that share out an input (N, C, D, H, W) or (C, D, H, W) to give the size."""

    def forward(self, input: Tensor) -> Any:
        """The output (N, C, *output_size), with indices if asked for."""
        return F.adaptive_max_pool3d(input, self.output_size, self.return_indices)
