"""Linear and bilinear maps with weights, and the identity."""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from .. import init
from ..common_types import Device, DType
from ..factories import empty
from ..parameter import Parameter
from .module import Module


class Identity(Module):
    """Gives back its input. It takes any arguments, so that it can stand in for another layer.

    Shape:
        input (*), output the same Tensor.

    >>> import mibun as torch
    >>> x = torch.ones(2)
    >>> torch.nn.Identity(54, unused=True)(x) is x
    True
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        """The input."""
        return input


class Linear(Module):
    """`y = x Wᵀ + b` of the last axis.

    Args:
        in_features, out_features: the sizes of the last axis, before and after.
        bias: whether there is a `b`; else `bias` is None.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input (*, in_features), output (*, out_features). weight: (out_features, in_features); bias: (out_features,).
        Both start uniform in ±1/√in_features.

    Raises:
        RuntimeError: from the call, where the input's last axis or its dtype is not the weight's.

    >>> import mibun as torch
    >>> torch.nn.Linear(3, 2)(torch.ones(5, 3)).shape
    torch.Size([5, 2])
    """

    __constants__ = ["in_features", "out_features"]
    in_features: int
    out_features: int
    weight: Tensor

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Device = None, dtype: DType = None
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        # kaiming_uniform_ with a = sqrt(5) is uniform in ±1/sqrt(fan_in).
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        """The map of the input's last axis."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class NonDynamicallyQuantizableLinear(Linear):
    """A Linear, under the name that PyTorch prints for the output's projection."""


class Bilinear(Module):
    """`y_k = x1ᵀ W_k x2 + b_k` of the last axes of two inputs.

    Args:
        in1_features, in2_features, out_features: the sizes of the last axes.
        bias: whether there is a `b`; else `bias` is None.
        device, dtype: of the parameters; the CPU, and the default dtype.

    Shape:
        input1 (*, in1_features), input2 (*, in2_features), output (*, out_features). weight: (out_features,
        in1_features, in2_features); bias: (out_features,). Both start uniform in ±1/√in1_features.

    Raises:
        ValueError: `in1_features` is not positive.

    >>> import mibun as torch
    >>> torch.nn.Bilinear(2, 3, 4)(torch.ones(5, 2), torch.ones(5, 3)).shape
    torch.Size([5, 4])
    """

    __constants__ = ["in1_features", "in2_features", "out_features"]
    weight: Tensor
    in1_features: int
    in2_features: int
    out_features: int

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Device = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got (in1_features={in1_features})")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in1_features, in2_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        """The bilinear form of the two inputs' last axes."""
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
