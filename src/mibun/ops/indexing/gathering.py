"""Reading elements by index along a dimension: gather, take_along_dim, index_select, take.

The index is an operand that is saved, as in PyTorch, so modifying it before backward is noticed. The transposes
("embed") add gradients up into zeros; their own transpose is the reading again, which gives every order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.batching import check_range, limits_of
from ...core.registry import OPS, Array, constant_beside, namespace_of
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public


def lift(xp: Any, x: Array) -> Array:
    """A 0-d tensor counts as one element along a dimension."""
    return xp.reshape(x, (1,)) if x.ndim == 0 else x


def check_index_bounds(index: Array, size: int, dim: int, error: type = RuntimeError, prefix: str = "") -> None:
    """Refuse indices that do not lie from 0 to size - 1."""
    words = f"is out of bounds for dimension {dim} with size {size}"
    check_range(index, 0, size, lambda wrong: error(f"{prefix}index {wrong} {words}"))


def check_index_dtype(index: Tensor, function: str) -> None:
    """Whether an index tensor is of an integer dtype that PyTorch takes."""
    check_tensor(index, function, "index", 3)
    if index._array_.dtype not in (np.int64, np.int32) and index._array_.size:
        raise RuntimeError(
            f"{function}(): Expected dtype int32/int64 for index, but got {index.dtype}. Convert it with index.long()."
        )


# --- gather ---


@op(
    linear,
    name="gather_along",
    memory="contiguous",
    node="GatherBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g, input_shape, index, dim, sparse_grad: (
            xp.sparse_element if sparse_grad else xp.gather_embed
        )(g, index, shape=input_shape, dim=dim)
    },
)
def _gather(xp, input, index, *, dim, sparse_grad=False):
    positions = lift(xp, index)
    result = xp.index_with(lift(xp, input), xp.along_axis(positions, dim))
    return xp.reshape(result, index.shape)


@op(
    linear,
    name="gather_embed",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.gather_along(g, index, dim=dim)},
)
def _gather_embed(xp, input, index, *, shape, dim):
    zeros = xp.zeros(shape or (1,), dtype=input.dtype)
    result = xp.put_at(zeros, xp.along_axis(lift(xp, index), dim), lift(xp, input), "add")
    return xp.reshape(result, shape)


@public("gather")
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False, out: Tensor | None = None) -> Tensor:
    """The elements at `index` along a dimension: out[i][j] = input[index[i][j]][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        sparse_grad: the gradient of the input is a sparse tensor, with an element for each index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the index's shape. Its gradient is added up at the indices, as `scatter_add` does.

    Raises:
        RuntimeError: for other shapes or dtypes of the index, and for indices out of range.

    >>> import mibun as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    check_tensor(input, "gather")
    if sparse_grad:
        OPS["sparse_element"]  # declares it
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "gather")
    check_index_dtype(index, "gather")
    own = index._array_.shape
    if index._array_.size and len(own or (1,)) != len(shape or (1,)):
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as input tensor: got {len(own)} and {len(shape)}"
        )
    if index._array_.size == 0 and len(own) != len(shape):
        return wrap(constant_beside(np.empty(own, input._array_.dtype), input._array_))
    for d, (a, b) in enumerate(zip(own, shape, strict=False)):
        if d != dim and a > b:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(own)} to be no larger than self "
                f"{list(shape)} apart from dimension {dim}"
            )
    check_index_bounds(index._array_, shape[dim] if shape else 1, dim)
    result = _gather(input, index, dim=dim, sparse_grad=bool(sparse_grad))
    return finish(result, out, "gather")


@public("take_along_dim")
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements at `indices` along a dimension; the other dimensions broadcast. Without dim both are taken as flat.

    indices: int64, from the end where negative, such as `argsort` and `argmax(keepdim=True)` give. RuntimeError for
    other dtypes and for indices out of range.

    >>> import mibun as torch
    >>> x = torch.tensor([[3, 1, 2]])
    >>> torch.take_along_dim(x, x.argsort(1), 1)
    tensor([[1, 2, 3]])
    """
    check_tensor(input, "take_along_dim")
    check_tensor(indices, "take_along_dim", "indices", 2)
    if indices._array_.dtype != np.int64:
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {indices.dtype.scalar_name}"
        )
    if dim is None:
        result = _wrapped_gather(input.reshape(-1), 0, indices.reshape(-1))
    else:
        shape, own = input._array_.shape, indices._array_.shape
        if len(shape) != len(own):
            raise RuntimeError(
                "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
                f"{len(shape)} dimensions for input, and {len(own)} dimensions for indices"
            )
        dim = wrap_dim(dim, len(shape), "take_along_dim")
        left, right = [list(s) for s in (shape, own)]
        if shape:
            left[dim] = right[dim] = 1
        check_broadcast([tuple(left), tuple(right)])
        both = list(np.broadcast_shapes(tuple(left), tuple(right)))
        if shape:
            both[dim] = shape[dim]
            input = input.expand(tuple(both))
            both[dim] = own[dim]
            indices = indices.expand(tuple(both))
        result = _wrapped_gather(input, dim, indices)
    return finish(result, out, "take_along_dim")


def _wrapped_gather(input: Tensor, dim: int, indices: Tensor) -> Tensor:
    """gather with indices that count from the end where they are negative."""
    array, limits = indices._array_, limits_of(indices._array_)
    size = input._array_.shape[dim] if input._array_.ndim else 1
    if limits is None:
        if array.size:  # whose values are not known
            indices = wrap(namespace_of(array).where(array < 0, array + size, array))
    else:
        low, high = limits
        if low < -size or high >= size:
            wrong = low if low < -size else high
            raise RuntimeError(
                f"index {wrong} is out of bounds for dimension {dim} with size {size} (in take_along_dim)"
            )
        if low < 0:
            indices = wrap(namespace_of(array).where(array < 0, array + size, array))
    return gather(input, dim, indices)


# --- index_select ---


@op(
    linear,
    name="select_indices",
    node="IndexSelectBackward0",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, input_shape, index, dim: xp.select_indices_embed(g, index, shape=input_shape, dim=dim)},
)
def _index_select(xp, input, index, *, dim):
    if input.ndim == 0:
        return xp.copy(input)
    return xp.take(input, lift(xp, index), axis=dim)


@op(
    linear,
    name="select_indices_embed",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.select_indices(g, index, dim=dim)},
)
def _index_select_embed(xp, input, index, *, shape, dim):
    if not shape:
        return xp.copy(input)
    zeros = xp.zeros(shape, dtype=input.dtype)
    return xp.put_at(zeros, (None,) * dim + (lift(xp, index),), input, "add")


def vector_index(input: Tensor, index: Tensor, function: str) -> None:
    """Check the index of `index_select` and its kin: a vector or a single number, int64 or int32."""
    check_tensor(index, function, "index", 3)
    if index._array_.ndim > 1:
        raise IndexError(f"{function}(): Index is supposed to be a vector, but got shape {list(index._array_.shape)}")
    if index._array_.dtype not in (np.int64, np.int32):
        raise RuntimeError(f"{function}(): Expected dtype int32 or int64 for index, but got {index.dtype}")


@public("index_select")
def index_select(input: Tensor, dim: int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The slices at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        out: a tensor to write the result into.

    Returns:
        a new tensor, of as many slices. Its gradient is added up at the positions, as `index_add` does.

    Raises:
        IndexError: for positions out of range, and an index of more than one dimension.
        RuntimeError: for other dtypes of the index.

    >>> import mibun as torch
    >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1, 0]))
    tensor([[2, 2, 1],
            [4, 4, 3]])
    """
    check_tensor(input, "index_select")
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "index_select")
    vector_index(input, index, "index_select")
    if not shape and index._array_.size != 1:
        raise IndexError(f"index_select(): Index to scalar can have only 1 value, got {index._array_.size} value(s)")
    limits = limits_of(index._array_)
    if limits is not None:
        size = shape[dim] if shape else 1
        if limits[0] < 0 or limits[1] >= size:
            wrong = limits[0] if limits[0] < 0 else limits[1]
            raise IndexError(f"index out of range in self: {wrong} at dimension {dim} with size {size}")
    result = _index_select(input, index, dim=dim)
    return finish(result, out, "index_select")


# --- take ---


@op(
    linear,
    name="take_flat",
    node="TakeBackward0",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, input_shape, index: xp.take_flat_embed(g, index, shape=input_shape)},
)
def _take(xp, input, index):
    return xp.reshape(xp.index_with(xp.reshape(input, (-1,)), (xp.reshape(index, (-1,)),)), index.shape)


@op(
    linear,
    name="take_flat_embed",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index: xp.take_flat(g, index)},
)
def _take_embed(xp, input, index, *, shape):
    size = 1
    for n in shape:
        size *= n
    zeros = xp.zeros((size,), dtype=input.dtype)
    result = xp.put_at(zeros, (xp.reshape(index, (-1,)),), xp.reshape(input, (-1,)), "add")
    return xp.reshape(result, shape)


def check_flat_index(input: Tensor, index: Tensor, function: str) -> None:
    """Check the index of `take` and `put_`: int64, within the flattened input, from the end where negative."""
    check_tensor(index, function, "index", 2)
    if index._array_.dtype != np.int64:
        raise RuntimeError(f"{function}(): Expected a long tensor for index, but got {index.dtype.scalar_name}")
    size = input._array_.size
    if index._array_.size and size == 0:
        raise IndexError(f"{function}(): tried to take from an empty tensor")
    limits = limits_of(index._array_)
    if limits is not None:
        low, high = limits
        if low < -size or high >= size:
            wrong = low if low < -size else high
            raise IndexError(f"out of range: tried to access index {wrong} on a tensor of {size} elements.")


@public("take")
def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements at `index` (int64, any shape) of the input as if it were flat. IndexError out of range.

    >>> import mibun as torch
    >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, -1]))
    tensor([1, 4])
    """
    check_tensor(input, "take")
    check_flat_index(input, index, "take")
    result = _take(input, index)
    return finish(result, out, "take")
