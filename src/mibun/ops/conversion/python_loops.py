"""What is left of PyTorch's smaller functions: Python functions of each element, and questions about two tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.registry import FUNCTIONS
from ...core.tensor import wrap
from ...core.views import bump_version
from ...dispatch.arguments import check_tensor, sizes_of, whole
from ...dispatch.inplace import write, write_out
from ...dispatch.public import public


def _written(self: Any, name: str, others: tuple, function: Callable) -> Any:
    """Write what a Python function gives for each element over the tensor; nothing is written if it raises."""
    if self.requires_grad:
        raise RuntimeError(f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead.")
    for other in others:
        check_tensor(other, name, "other", 2)
        if other.dtype != self.dtype:
            raise TypeError(f"{name}: expected tensors of dtype {self.dtype}, but got {other.dtype}")
    columns = [self, *[other.expand(self.shape) for other in others]]
    values = [function(*row) for row in zip(*[column.detach().reshape(-1).tolist() for column in columns], strict=True)]
    result = np.array(values, dtype=self._array_.dtype).reshape(self._array_.shape)
    write(self, result)
    bump_version(self, name)
    return self


@public("apply_", function=False)
def apply_(self: Any, callable: Callable) -> Any:
    """Replace each element by what a Python function gives for it. RuntimeError where the tensor requires grad."""
    return _written(self, "apply_", (), callable)


@public("map_", function=False)
def map_(self: Any, other: Any, callable: Callable) -> Any:
    """Replace each element by what a Python function gives for it and for that of another tensor, which broadcasts."""
    return _written(self, "map_", (other,), callable)


@public("map2_", function=False)
def map2_(self: Any, x: Any, y: Any, callable: Callable) -> Any:
    """`map_` with two other tensors."""
    return _written(self, "map2_", (x, y), callable)


@public("sum_to_size", function=False)
def sum_to_size(self: Any, *size: Any) -> Any:
    """Sum down to a size that broadcasts to the tensor's own: the transpose of `expand`. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    shape, own = sizes_of(size, "sum_to_size"), self._array_.shape
    lead = len(own) - len(shape)
    if lead < 0 or any(n not in (1, m) for n, m in zip(shape, own[lead:], strict=True)):
        raise RuntimeError(f"size {{{list(shape)}}} is not expandable to size {{{list(own)}}}.")
    dims = [i for i in range(len(own)) if i < lead or (shape[i - lead] == 1 and own[i] != 1)]
    if not dims:
        return self
    keep = FUNCTIONS["sum"](self, dims, keepdim=True)
    return keep.reshape(shape) if lead else keep


@public("nonzero_static")
def nonzero_static(input: Any, *, size: int, fill_value: int = -1, out: Any = None) -> Any:
    """The indices of elements that are not zero, (size, dimensions): the first ones, or filled up with `fill_value`."""
    check_tensor(input, "nonzero_static")
    size = whole(size, "nonzero_static", "size")
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    found = FUNCTIONS["nonzero"](input)[:size]
    rest = np.full((size - found.shape[0], found.shape[1]), fill_value, np.int64)
    result = FUNCTIONS["cat"]([found, wrap(rest)])
    return result if out is None else write_out(out, result, "nonzero_static")


@public("is_same_size", method=False)
def is_same_size(input: Any, other: Any) -> bool:
    """Whether two tensors have one shape."""
    check_tensor(input, "is_same_size")
    check_tensor(other, "is_same_size", "other", 2)
    return input._array_.shape == other._array_.shape


@public("get_device", method=False)
def get_device(input: Any) -> int:
    """The number of the device: -1, which stands for the CPU."""
    check_tensor(input, "get_device")
    return -1
