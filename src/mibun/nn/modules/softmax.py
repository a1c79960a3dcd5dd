"""The softmax family: along an axis, numbers in [0, 1] that add up to 1, and their logarithms."""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module


class _AlongDim(Module):
    __constants__ = ["dim"]
    dim: int | None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("dim", None)  # a pickle of before there was one

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(_AlongDim):
    """`exp(-x) / Σ exp(-x)` along an axis: numbers in [0, 1] that add up to 1, the largest where `x` is the smallest.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softmin(dim=0)(torch.tensor([1., 1., 3.]))
    tensor([0.4683, 0.4683, 0.0634])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 along the axis."""
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax(_AlongDim):
    """`exp(x) / Σ exp(x)` along an axis: numbers in [0, 1] that add up to 1.

    For the loss of a classifier use `CrossEntropyLoss` on the scores themselves, or `LogSoftmax`, which do not
    underflow.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.Softmax(dim=0)(torch.tensor([1., 1.]))
    tensor([0.5000, 0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 along the axis."""
        return F.softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """`Softmax` over the channels, at each place of an image.

    Shape:
        input (N, C, H, W) or (C, H, W), of a floating dtype; output the same.

    Raises:
        ValueError: from the call, for an input of another number of axes.

    >>> import mibun as torch
    >>> torch.nn.Softmax2d()(torch.zeros(2, 1, 3))
    tensor([[[0.5000, 0.5000, 0.5000]],
    <BLANKLINE>
            [[0.5000, 0.5000, 0.5000]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in [0, 1] that add up to 1 over the channels."""
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3, _stacklevel=5)


class LogSoftmax(_AlongDim):
    """`x - log(Σ exp(x))` along an axis: the logarithm of `Softmax`, without underflow.

    Args:
        dim: the axis; None guesses it from the number of axes, with a warning.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    >>> import mibun as torch
    >>> torch.nn.LogSoftmax(dim=0)(torch.tensor([0., 1000.]))
    tensor([-1000.,     0.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Numbers in (-inf, 0]."""
        return F.log_softmax(input, self.dim, _stacklevel=5)
