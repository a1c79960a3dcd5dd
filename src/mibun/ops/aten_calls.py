"""Functions that PyTorch has only under `torch.ops.aten`: what its own public functions are made of.

They are called with lists where Python's syntax has brackets: `aten.index(x, [None, mask])` is `x[:, mask]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.tensor import Tensor
from .creation.like import zeros_like
from .creation.ranges import arange
from .pointwise.where import where


def _key(indices: Sequence[Tensor | None]) -> tuple:
    return tuple([slice(None) if index is None else index for index in indices])


def index(self: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    """`self[indices]`, where None takes a whole dimension: always a copy."""
    return self[_key(indices)].clone() if all(one is None for one in indices) else self[_key(indices)]


def index_put_(self: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """`self[indices] = values`, or `+=` where places that are named twice count twice."""
    key = _key(indices)
    if not accumulate:
        self[key] = values
        return self
    # By the flat positions that the index shows, as a dimension taken whole has no index to be named by.
    shown = arange(self.numel()).view(self.shape)[key]
    flat = zeros_like(self).reshape(-1)
    added = flat.index_put((shown.reshape(-1),), values.expand(shown.shape).reshape(-1), accumulate=True)
    return self.add_(added.view(self.shape))


def index_put(self: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """`index_put_` of a copy."""
    return index_put_(self.clone(), indices, values, accumulate)


def slice_(self: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Tensor:
    """`self[..., start:end:step, ...]` along a dimension: a view."""
    dim = dim % self.ndim if -self.ndim <= dim < self.ndim else dim
    if dim >= self.ndim or dim < 0:
        raise IndexError(f"slice(): dimension {dim} is out of range of a tensor of {self.ndim} dimensions")
    return self[(slice(None),) * dim + (slice(start, end, step),)]


def threshold_backward(grad_output: Tensor, self: Tensor, threshold: Any) -> Tensor:
    """The gradient of `threshold` and `relu`: that of the output where the input is above the threshold, else 0."""
    return where(self <= threshold, zeros_like(grad_output), grad_output)


def sigmoid_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of `sigmoid`, from its output: d sigmoid = s (1 - s)."""
    return grad_output * (output * (1 - output)).conj()


def tanh_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of `tanh`, from its output: d tanh = 1 - tanh²."""
    return grad_output * (1 - output * output).conj()


def _log_softmax_backward_data(grad_output: Tensor, output: Tensor, dim: int, input_dtype: Any) -> Tensor:
    """The gradient of `log_softmax`, from its output: g - exp(output) Σ g."""
    return (grad_output - output.exp() * grad_output.sum(dim, keepdim=True)).to(input_dtype)


def _softmax_backward_data(grad_output: Tensor, output: Tensor, dim: int, input_dtype: Any) -> Tensor:
    """The gradient of `softmax`, from its output: s (g - Σ g s)."""
    product = grad_output * output
    return (product - output * product.sum(dim, keepdim=True)).to(input_dtype)


CALLS: dict[str, Callable] = {
    "_log_softmax_backward_data": _log_softmax_backward_data,
    "_softmax_backward_data": _softmax_backward_data,
    "_unsafe_index": index,
    "_unsafe_index_put": index_put,
    "index": index,
    "index_put": index_put,
    "index_put_": index_put_,
    "sigmoid_backward": sigmoid_backward,
    "slice": slice_,
    "tanh_backward": tanh_backward,
    "threshold_backward": threshold_backward,
}
__all__ = ["CALLS"]
