"""Dropout: layers that set random parts of their input to zero in training, and do nothing in evaluation."""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module


class _DropoutNd(Module):
    __constants__ = ["p", "inplace"]
    p: float
    inplace: bool

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Sets each element to 0 with probability `p` and multiplies the others by 1/(1-p), in training; else the identity.

    Args:
        p: the probability. ValueError unless it is in [0, 1].
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Hinton et al., Improving neural networks by preventing co-adaptation of feature detectors, 2012.

    >>> import mibun as torch
    >>> torch.nn.Dropout(0.5).eval()(torch.ones(3))
    tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input, of any shape, with elements dropped."""
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """`Dropout` of whole channels of sequences, whose elements are too alike for dropping them one by one.

    Args:
        p: the probability of a channel. ValueError unless it is in [0, 1].
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (N, C, L) or (C, L), output the same.

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015.

    >>> import mibun as torch
    >>> torch.nn.Dropout1d(1.)(torch.ones(1, 2, 3))
    tensor([[[0., 0., 0.],
             [0., 0., 0.]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with channels dropped."""
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """`Dropout` of whole channels of images, whose elements are too alike for dropping them one by one.

    Args:
        p: the probability of a channel. ValueError unless it is in [0, 1].
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (N, C, H, W) or (C, H, W), output the same.

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015.

    >>> import mibun as torch
    >>> y = torch.nn.Dropout2d(0.5)(torch.ones(1, 8, 4, 4))
    >>> all(channel.unique().numel() == 1 for channel in y[0])
    True
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with channels dropped."""
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """`Dropout` of whole channels of volumes, whose elements are too alike for dropping them one by one.

    Args:
        p: the probability of a channel. ValueError unless it is in [0, 1].
        inplace: write the result over the input instead of into a new Tensor.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output the same.

    Source: Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015.

    >>> import mibun as torch
    >>> torch.nn.Dropout3d(0.5).eval()(torch.ones(1, 8, 2, 4, 4)).sum()
    tensor(256.)
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with channels dropped."""
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """`Dropout` that keeps mean 0 and variance 1, for networks with `SELU`.

    Elements are set to SELU's limit for large negative numbers, with probability `p` in training; then all are scaled
    and shifted.

    Args:
        p: the probability. ValueError unless it is in [0, 1].
        inplace: taken for the sake of the other dropouts' signature; makes no difference.

    Shape:
        input (*), of any shape and a floating dtype; output the same.

    Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.

    >>> import mibun as torch
    >>> torch.nn.AlphaDropout(0.5).eval()(torch.ones(3))
    tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with elements set to SELU's negative limit, then scaled and shifted."""
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """`AlphaDropout` of whole channels.

    Args:
        p: the probability of a channel. ValueError unless it is in [0, 1].
        inplace: taken for the sake of the other dropouts' signature; makes no difference.

    Shape:
        input (N, C, *), output the same.

    Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.

    >>> import mibun as torch
    >>> y = torch.nn.FeatureAlphaDropout(0.5)(torch.ones(1, 8, 4))
    >>> all(channel.unique().numel() == 1 for channel in y[0])
    True
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with channels set to SELU's negative limit, then scaled and shifted."""
        return F.feature_alpha_dropout(input, self.p, self.training)
