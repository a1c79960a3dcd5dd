"""Positions of elements: `nonzero` and `argwhere` find them, `unravel_index` turns flat ones into one per dimension."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.batching import BatchedTensor, dynamic_shape
from ...core.meta import refuse_meta
from ...core.registry import Array, namespace_of
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.overloads import finish
from ...dispatch.public import public


@public("nonzero")
def nonzero(input: Tensor, *, as_tuple: bool = False, out: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
    """The positions of the elements that are not zero: the rows of an int64 matrix, or one vector for each dimension.

    >>> import mibun as torch
    >>> torch.nonzero(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])
    """
    check_tensor(input, "nonzero")
    refuse_meta(input, "nonzero")
    if isinstance(input, BatchedTensor):
        if as_tuple:
            raise RuntimeError(
                "Batching rule not implemented for aten::nonzero_numpy. We could not generate a fallback: each example "
                "may have another number of results."
            )
        raise dynamic_shape("aten::nonzero")
    if as_tuple:
        array = input._array_
        return tuple([wrap(part) for part in _nonzero(array.reshape(1) if array.ndim == 0 else array)])
    return finish(wrap(_rows_of_positions(input._array_)), out, "nonzero")


def _nonzero(array: Array) -> tuple:
    return namespace_of(array).nonzero(array)


def _rows_of_positions(array: Array) -> Array:
    if isinstance(array, (np.ndarray, np.generic)):
        return np.argwhere(array)
    xp = namespace_of(array)
    if array.ndim == 0:
        return xp.zeros((int(bool(array)), 0), dtype=np.int64)
    return xp.stack(list(_nonzero(array)), axis=1)


@public("argwhere")
def argwhere(input: Tensor) -> Tensor:
    """The positions of the elements that are not zero, as the rows of an int64 matrix.

    >>> import mibun as torch
    >>> torch.argwhere(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])
    """
    check_tensor(input, "argwhere")
    if isinstance(input, BatchedTensor):
        return wrap(namespace_of(input._array_).positions_not_zero(input._array_))
    refuse_meta(input, "nonzero")
    return wrap(_rows_of_positions(input._array_))


@public("nonzero_static")
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1, out: Tensor | None = None) -> Tensor:
    """The indices of elements that are not zero, (size, dimensions): the first ones, or filled up with `fill_value`.

    RuntimeError for a negative size.

    >>> import mibun as torch
    >>> torch.nonzero_static(torch.tensor([0, 3, 4]), size=3)
    tensor([[ 1],
            [ 2],
            [-1]])
    """
    check_tensor(input, "nonzero_static")
    size = whole(size, "nonzero_static", "size")
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    return finish(wrap(_first_positions(input._array_, size, fill_value)), out, "nonzero_static")


def _first_positions(array: Array, size: int, fill_value: int) -> Array:
    xp = namespace_of(array)
    other = xp.reshape(array == 0, (-1,))
    places = xp.stable_order(other, 0, False)[:size]
    if places.shape[0] < size:
        places = xp.concat([places, xp.zeros((size - places.shape[0],), dtype=places.dtype)], axis=0)
    beyond = xp.arange(size) >= other.shape[0] - xp.sum(other, dtype=np.dtype(np.int64))
    columns = [part._array_ for part in unravel_index(wrap(places), tuple(array.shape))]
    rows = [xp.where(beyond, fill_value, column) for column in columns]
    return xp.stack(rows, axis=1) if rows else xp.zeros((size, 0), dtype=places.dtype)


@public("unravel_index", method=False)
def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """The index along each dimension of a shape of positions in its flattened form; integers, past the end from the
    start.

    TypeError for other dtypes, ValueError for negative sizes.

    >>> import mibun as torch
    >>> torch.unravel_index(torch.tensor([3, 7]), (3, 4))
    (tensor([0, 1]), tensor([3, 3]))
    """
    check_tensor(indices, "unravel_index", "indices")
    if indices._array_.dtype.kind not in "iu":
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    sizes = (shape,) if isinstance(shape, int) else tuple(whole(n, "unravel_index", "shape") for n in shape)
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    found = []
    rest = indices._array_
    for n in reversed(sizes):
        found.append(wrap(rest % n))
        rest = rest // n
    return tuple(reversed(found))
