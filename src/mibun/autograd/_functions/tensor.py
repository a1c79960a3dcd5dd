"""The Functions behind old conversions: `Type`, and `Resize`, the shape without a change of the number of elements."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ..function import Function


class Type(Function):
    """Deprecated: `i.type(dest_type)`, whose gradient is of the type of `i`."""

    @staticmethod
    def forward(ctx: Any, i: Tensor, dest_type: Any) -> Tensor:
        """The Tensor in another type, as `Tensor.type` names it."""
        warnings.warn(
            "`torch.autograd._functions.Type` is deprecated as of PyTorch 2.1, please use "
            "`torch.tensor.to(dtype=dtype)` instead.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        ctx.input_type = i.dtype
        return i.type(dest_type)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        """The gradient in the type of the input."""
        return grad_output.to(ctx.input_type), None


class Resize(Function):
    """The same elements in other sizes. RuntimeError for sizes of another number of elements."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor, sizes: Sequence[int]) -> Tensor:
        """The Tensor in these sizes; a copy where its memory has gaps."""
        if math.prod(sizes) != tensor.numel():
            wanted, own = "x".join(map(str, sizes)), "x".join(map(str, tensor.size()))
            raise RuntimeError(
                f"requested resize to {wanted} ({math.prod(sizes)} elements in total), but the given tensor has a size "
                f"of {own} ({tensor.numel()} elements). autograd's resize can only change the shape of a given tensor, "
                "while preserving the number of elements."
            )
        ctx.input_sizes = tensor.size()
        return tensor.contiguous().view(*sizes)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        """The gradient in the sizes of the input."""
        return grad_output.contiguous().view(ctx.input_sizes), None
