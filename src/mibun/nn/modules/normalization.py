"""Normalisation of each sample alone: over its last axes, over groups of channels, by its root mean square."""

from __future__ import annotations

import numbers

from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import empty
from ..parameter import Parameter
from .module import Module


class LocalResponseNorm(Module):
    """`x / (k + alpha/size Σ x²)^beta`, with the sum over `size` neighbouring channels.

    Args:
        size: how many channels, around each; those outside count as 0.
        alpha, beta, k: as in the formula.

    Shape:
        input (N, C, *), output the same. ValueError from the call for fewer than three axes.

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks, 2012.

    >>> import mibun as torch
    >>> torch.nn.LocalResponseNorm(2, alpha=1., beta=1.)(torch.ones(1, 3, 1))
    tensor([[[0.6667],
             [0.5000],
             [0.5000]]])
    """

    __constants__ = ["size", "alpha", "beta", "k"]
    size: int
    alpha: float
    beta: float
    k: float

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input, of the same shape."""
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class CrossMapLRN2d(Module):
    """`LocalResponseNorm` of images, by an older name: the first channel counts for all others too.

    Args:
        size, alpha, beta, k: as for `LocalResponseNorm`.

    Shape:
        input (N, C, H, W), output the same. ValueError from the call for other axes.

    >>> import mibun as torch
    >>> torch.nn.CrossMapLRN2d(3, alpha=3.0, beta=1.0)(torch.ones(1, 3, 1, 1)).flatten()
    tensor([0.3333, 0.2500, 0.2500])
    """

    size: int
    alpha: float
    beta: float
    k: float

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input, of the same shape."""
        if input.dim() != 4:
            raise ValueError(f"CrossMapLRN2d: Expected input to be 4D, got {input.dim()}D instead.")
        squares, side = input.square(), (self.size - 1) // 2
        windows = F.pad(squares.unsqueeze(1), (0, 0, 0, 0, side, side)).unfold(2, 2 * side + 1, 1)
        total = windows.sum(-1).squeeze(1)
        # In PyTorch's running sum the first channel never leaves: it counts for all.
        far = squares[:, :1].expand(-1, max(input.size(1) - side - 1, 0), -1, -1)
        total = total + F.pad(far, (0, 0, 0, 0, input.size(1) - far.size(1), 0))
        return input * (total * (self.alpha / self.size) + self.k).pow(-self.beta)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def _sizes(normalized_shape: int | list[int] | tuple[int, ...]) -> tuple[int, ...]:
    return (normalized_shape,) if isinstance(normalized_shape, numbers.Integral) else tuple(normalized_shape)  # type: ignore[return-value]


class LayerNorm(Module):
    """`(x - mean) / √(var + eps) · weight + bias`, with mean and (biased) variance over the last axes of each sample.

    Args:
        normalized_shape: the sizes of those axes, or the one size.
        eps: keeps the root from 0.
        elementwise_affine: whether there are a learned weight and bias, 1 and 0 at first.
        bias: False leaves the bias away.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (*, *normalized_shape), output the same. weight, bias: normalized_shape. RuntimeError from the call where
        the input's last axes have other sizes.

    Source: Ba, Kiros and Hinton, Layer Normalization, 2016.

    >>> import mibun as torch
    >>> torch.nn.LayerNorm(4)(torch.ones(2, 3, 4)).shape
    torch.Size([2, 3, 4])
    """

    __constants__ = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    weight: Tensor
    bias: Tensor
    eps: float
    elementwise_affine: bool

    def __init__(
        self,
        normalized_shape: int | list[int] | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _sizes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        for name in ("weight", "bias"):
            if elementwise_affine and (name == "weight" or bias):
                setattr(self, name, Parameter(empty(self.normalized_shape, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to 1 and the bias to 0."""
        if self.elementwise_affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input, of the same shape."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class GroupNorm(Module):
    """`(x - mean) / √(var + eps) · weight + bias`, with mean and variance over groups of channels of each sample.

    Args:
        num_groups, num_channels: the channels are split into as many groups; 1 group normalises over all of them, as
            many as channels over each alone.
        eps: keeps the root from 0.
        affine: whether there are a learned weight and bias for each channel, 1 and 0 at first; `bias=False` leaves the
            bias away.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (N, num_channels, *), output the same. weight, bias: (num_channels,).

    Raises:
        ValueError: the groups do not divide the channels.

    Source: Wu and He, Group Normalization, 2018.

    >>> import mibun as torch
    >>> torch.nn.GroupNorm(1, 2)(torch.tensor([[[1.], [3.]]]))
    tensor([[[-1.0000],
             [ 1.0000]]], grad_fn=<NativeGroupNormBackward0>)
    """

    __constants__ = ["num_groups", "num_channels", "eps", "affine"]
    weight: Tensor
    bias: Tensor
    num_groups: int
    num_channels: int
    eps: float
    affine: bool

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Device = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        for name in ("weight", "bias"):
            if affine and (name == "weight" or bias):
                setattr(self, name, Parameter(empty(num_channels, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to 1 and the bias to 0."""
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input, of the same shape."""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """`x / √(mean(x²) + eps) · weight`, over the last axes of each sample.

    Args:
        normalized_shape: the sizes of those axes, or the one size.
        eps: keeps the root from 0; None takes the spacing of the input's dtype at 1.
        elementwise_affine: whether there is a learned weight, 1 at first.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (*, *normalized_shape), output the same. weight: normalized_shape.

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019.

    >>> import mibun as torch
    >>> torch.nn.RMSNorm(2, eps=0.)(torch.tensor([1., 7.]))
    tensor([0.2000, 1.4000], grad_fn=<MulBackward0>)
    """

    __constants__ = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    weight: Tensor
    eps: float | None
    elementwise_affine: bool

    def __init__(
        self,
        normalized_shape: int | list[int] | tuple[int, ...],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _sizes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = Parameter(empty(self.normalized_shape, device=device, dtype=dtype))
        else:
            self.register_parameter("weight", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weight to 1."""
        if self.elementwise_affine:
            init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        """The normalised input, of the same shape."""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


__all__ = ["GroupNorm", "LayerNorm", "LocalResponseNorm", "RMSNorm"]
