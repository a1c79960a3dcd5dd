"""Python functions of each element, written over a tensor: `apply_`, `map_`, `map2_`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.batching import NO_STORAGE, refuse_batched
from ...core.tensor import Tensor
from ...core.views import bump_version
from ...dispatch.arguments import check_tensor
from ...dispatch.inplace import write
from ...dispatch.public import public


def _written(self: Tensor, name: str, others: tuple, function: Callable) -> Tensor:
    """Write what a Python function gives for each element over the tensor; nothing is written if it raises."""
    for one in (self, *others):
        refuse_batched(one, NO_STORAGE)
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
def apply_(self: Tensor, callable: Callable) -> Tensor:
    """Replace each element by what a Python function gives for it. RuntimeError where the tensor requires grad.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).apply_(lambda x: x + 1)
    tensor([2., 3.])
    """
    return _written(self, "apply_", (), callable)


@public("map_", function=False)
def map_(self: Tensor, other: Tensor, callable: Callable) -> Tensor:
    """Replace each element by what a Python function gives for it and for that of another tensor, which broadcasts.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).map_(torch.tensor([3., 4.]), lambda x, y: x * y)
    tensor([3., 8.])
    """
    return _written(self, "map_", (other,), callable)


@public("map2_", function=False)
def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable) -> Tensor:
    """`map_` with two other tensors."""
    return _written(self, "map2_", (x, y), callable)
