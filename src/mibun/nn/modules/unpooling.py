"""Max pooling undone, and fractional max pooling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.registry import INDEXES
from ...core.tensor import Tensor
from .. import functional as F
from ..common_types import _ratio_any_t, _size_any_t
from .module import Module


def _tuple(value: Any, n: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * n


class _MaxUnpoolNd(Module):
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    _ndim: int

    def __init__(self, kernel_size: _size_any_t, stride: _size_any_t | None = None, padding: _size_any_t = 0) -> None:
        super().__init__()
        self.kernel_size = _tuple(kernel_size, self._ndim)
        self.stride = _tuple(stride if stride is not None else kernel_size, self._ndim)
        self.padding = _tuple(padding, self._ndim)

    def _unpool(
        self, function: Callable[..., Tensor], input: Tensor, indices: Tensor, output_size: Sequence[int] | None
    ) -> Tensor:
        return function(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpoolNd):
    """Puts what `MaxPool1d` found back where it was, with zeros elsewhere.

    Args:
        kernel_size, stride, padding: those of the pooling.

    Shape:
        input and int64 indices, as `MaxPool1d` returned them, (N, C, L') or (C, L'); output (N, C, L) or (C, L).
        `output_size` in the call says which of the sizes is meant that are pooled to the same.

    >>> import mibun as torch
    >>> x, indices = torch.nn.MaxPool1d(2, return_indices=True)(torch.tensor([[1., 3., 2., 0.]]))
    >>> torch.nn.MaxUnpool1d(2)(x, indices)
    tensor([[0., 3., 2., 0.]])
    """

    _ndim = 1

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The sequences (N, C, L)."""
        return self._unpool(F.max_unpool1d, input, indices, output_size)


class MaxUnpool2d(_MaxUnpoolNd):
    """Puts what `MaxPool2d` found back where it was, with zeros elsewhere.

    Args:
        kernel_size, stride, padding: those of the pooling.

    Shape:
        input and int64 indices, as `MaxPool2d` returned them, (N, C, H', W') or without N; output (N, C, H, W) or
        without N. `output_size` in the call says which of the sizes is meant that are pooled to the same.

    >>> import mibun as torch
    >>> x, indices = torch.nn.MaxPool2d(2, return_indices=True)(torch.tensor([[[1., 3.], [4., 2.]]]))
    >>> torch.nn.MaxUnpool2d(2)(x, indices)
    tensor([[[0., 0.],
             [4., 0.]]])
    """

    _ndim = 2

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The images (N, C, H, W)."""
        return self._unpool(F.max_unpool2d, input, indices, output_size)


class MaxUnpool3d(_MaxUnpoolNd):
    """Puts what `MaxPool3d` found back where it was, with zeros elsewhere.

    Args:
        kernel_size, stride, padding: those of the pooling.

    Shape:
        input and int64 indices, as `MaxPool3d` returned them, (N, C, D', H', W') or without N; output (N, C, D, H, W)
        or without N.
        `output_size` in the call says which of the sizes is meant that are pooled to the same.

    >>> import mibun as torch
    >>> x, indices = torch.nn.MaxPool3d(2, return_indices=True)(torch.ones(1, 1, 2, 4, 4))
    >>> torch.nn.MaxUnpool3d(2)(x, indices).shape
    torch.Size([1, 1, 2, 4, 4])
    """

    _ndim = 3

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The volumes (N, C, D, H, W)."""
        return self._unpool(F.max_unpool3d, input, indices, output_size)


class _FractionalMaxPoolNd(Module):
    __constants__ = ["kernel_size", "return_indices", "output_size", "output_ratio"]
    _ndim: int
    kernel_size: tuple[int, ...]
    output_size: tuple[int, ...] | None
    output_ratio: tuple[float, ...] | None
    _random_samples: Tensor | None
    return_indices: bool

    def __init__(
        self,
        kernel_size: _size_any_t,
        output_size: _size_any_t | None = None,
        output_ratio: _ratio_any_t | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        super().__init__()
        name, n = type(self).__name__, self._ndim
        if (isinstance(kernel_size, int) and kernel_size <= 0) or (
            isinstance(kernel_size, (tuple, list)) and any(k <= 0 for k in kernel_size)
        ):
            raise ValueError(f"kernel_size must greater than zero, but got {kernel_size}")
        self.kernel_size = _tuple(kernel_size, n)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = _tuple(output_size, n) if output_size is not None else None
        self.output_ratio = _tuple(output_ratio, n) if output_ratio is not None else None
        if output_size is None and output_ratio is None:
            raise ValueError(f"{name} requires specifying either an output size, or a pooling ratio")
        if output_size is not None and output_ratio is not None:
            raise ValueError("only one of output_size and output_ratio may be specified")
        if self.output_ratio is not None and not all(0 < ratio < 1 for ratio in self.output_ratio):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    def _pool(self, function: Callable[..., Any], input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        return function(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, self._random_samples
        )


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The largest element of windows of images at random distances, so that a size need not shrink by a whole factor.

    Args:
        kernel_size: of the windows, whose distances are drawn anew for each call.
        output_size: the output's size, a number or one for each axis; or else
        output_ratio: the output's size as a part of the input's, in (0, 1), likewise.
        return_indices: return the flat positions of the elements too.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or (C, H', W'), and int64 indices if asked for.

    Raises:
        ValueError: both or neither of `output_size` and `output_ratio`, or a number that does not make sense.

    Source: Graham, Fractional Max-Pooling, 2014.

    >>> import mibun as torch
    >>> torch.nn.FractionalMaxPool2d(2, output_ratio=0.75)(torch.ones(1, 3, 8, 8)).shape
    torch.Size([1, 3, 6, 6])
    """

    _ndim = 2

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, H', W'), with indices if asked for."""
        return self._pool(F.fractional_max_pool2d, input)


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The largest element of windows of volumes at random distances, so that a size need not shrink by a whole factor.

    Args:
        kernel_size: of the windows, whose distances are drawn anew for each call.
        output_size: the output's size, a number or one for each axis; or else
        output_ratio: the output's size as a part of the input's, in (0, 1), likewise.
        return_indices: return the flat positions of the elements too.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, and int64 indices if asked for.

    Raises:
        ValueError: both or neither of `output_size` and `output_ratio`, or a number that does not make sense.

    Source: Graham, Fractional Max-Pooling, 2014.

    >>> import mibun as torch
    >>> torch.nn.FractionalMaxPool3d(2, output_size=(2, 6, 6))(torch.ones(1, 3, 4, 8, 8)).shape
    torch.Size([1, 3, 2, 6, 6])
    """

    _ndim = 3

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The output (N, C, T', H', W'), with indices if asked for."""
        return self._pool(F.fractional_max_pool3d, input)


INDEXES[f"{__package__}.pooling"] = {  # where messages say they are, as in PyTorch
    kind.__qualname__: kind
    for kind in (MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, FractionalMaxPool2d, FractionalMaxPool3d)
}
