"""All combinations of elements: meshgrid, cartesian_prod, combinations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.public import public
from ..conversion.devices import constant
from .joining import check_tensors, stack, tensors_given


@public("meshgrid", method=False)
def meshgrid(*tensors: Tensor | Sequence[Tensor], indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of a grid.

    Args:
        tensors: vectors (0-d tensors count as such) of sizes n1, n2, ... and of one dtype; separately or in a sequence.
        indexing: "ij" (the default): dimension i of the results is that of tensor i. "xy": the first two are swapped.

    Returns:
        a tuple of views of shape (n1, n2, ...), one for each tensor, which varies along its own dimension.

    Raises:
        RuntimeError: for no tensors, tensors of more than one dimension, or several dtypes.

    >>> import mibun as torch
    >>> x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4, 5]), indexing="ij")
    >>> y
    tensor([[3, 4, 5],
            [3, 4, 5]])
    """
    given = tensors_given(tensors, "meshgrid")
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    for tensor in given:
        if tensor._array_.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a tensor of shape "
                f"{list(tensor._array_.shape)}"
            )
        if tensor._array_.dtype != given[0]._array_.dtype:
            raise RuntimeError("torch.meshgrid expects all tensors to have the same dtype")
    axes = list(range(len(given)))
    if indexing == "xy" and len(given) > 1:
        axes[0], axes[1] = 1, 0
    shape = [0] * len(given)
    for axis, tensor in zip(axes, given, strict=True):
        shape[axis] = tensor._array_.size
    grids = []
    for axis, tensor in zip(axes, given, strict=True):
        own = [1] * len(shape)
        own[axis] = shape[axis]
        grids.append(tensor.view(own).expand(shape))
    return tuple(grids)


@public("cartesian_prod", method=False)
def cartesian_prod(*tensors: Tensor | Sequence[Tensor]) -> Tensor:
    """All combinations with one element of each vector, as the rows of a matrix (of one vector: itself).

    >>> import mibun as torch
    >>> torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    given = check_tensors(tensors, "cartesian_prod")
    for tensor in given:
        if tensor._array_.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(tensor._array_.shape)}")
    if len(given) == 1:
        return given[0]
    return stack([grid.flatten() for grid in meshgrid(*given, indexing="ij")], dim=1)


@public("combinations", method=False)
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of r elements of a vector, as the rows of a matrix, in the order of `itertools`.

    >>> import mibun as torch
    >>> torch.combinations(torch.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    check_tensor(input, "combinations")
    if input._array_.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input._array_.shape)}")
    r = whole(r, "combinations", "r")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return constant(np.empty(0, input._array_.dtype), input)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input._array_.size), r)), np.int64).reshape(-1, r)
    return stack([input.index_select(0, constant(rows[:, i].copy(), input)) for i in range(r)], dim=1)
