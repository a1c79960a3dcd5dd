"""The cross-entropy of a linear layer's output, as one layer."""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ..linear_cross_entropy import LinearCrossEntropyOptions, linear_cross_entropy
from .linear import Linear
from .module import Module


class LinearCrossEntropyLoss(Module):
    """A `Linear` layer and the cross-entropy of its output, in chunks of the batch if `options` are given.

    Args:
        in_features: numbers in a sample.
        num_classes: the number of classes, C.
        out_features: further sizes d1, ... of the logits (N, C, d1, ...).
        bias: whether the layer adds one.
        device, dtype: of the layer's parameters.
        reduction, weight, ignore_index, label_smoothing, options: see `functional.linear_cross_entropy`.

    Shape:
        input (N, in) or (in); target (N, d1, ...) or (), int64, or probabilities (N, C, d1, ...) or (C). Output (), or
        the shape of the class numbers with reduction="none".

    >>> import mibun as torch
    >>> loss = torch.nn.LinearCrossEntropyLoss(3, 4)
    >>> loss(torch.zeros(2, 3), torch.tensor([0, 1])).item()
    1.3862943649291992
    """

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        device: Any = None,
        dtype: Any = None,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: LinearCrossEntropyOptions | None = None,
    ) -> None:
        super().__init__()
        self.num_classes, self.out_features = num_classes, tuple(out_features)
        self.register_buffer("weight", weight)
        outputs = num_classes * math.prod(self.out_features)
        self.linear = Linear(in_features, outputs, bias=bias, device=device, dtype=dtype)
        self.reduction, self.ignore_index, self.label_smoothing = reduction, ignore_index, label_smoothing
        self.options = options

    @property
    def in_features(self) -> int:
        """The size of the last axis of the input."""
        return self.linear.in_features

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss of samples and their classes."""
        outputs = (self.num_classes, *self.out_features)
        bias = self.linear.bias
        return linear_cross_entropy(
            input,
            self.linear.weight.reshape(*outputs, self.in_features),
            target,
            linear_bias=None if bias is None else bias.reshape(outputs),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            options=self.options,
        )

    def extra_repr(self) -> str:
        """What is shown in `repr`."""
        return (
            f"in_features={self.in_features}, num_classes={self.num_classes}, out_features={self.out_features}, "
            f"bias={self.linear.bias is not None}, reduction={self.reduction}, ignore_index={self.ignore_index}, "
            f"label_smoothing={self.label_smoothing}, options={self.options}"
        )
