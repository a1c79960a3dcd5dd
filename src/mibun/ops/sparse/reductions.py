"""Sums of sparse tensors over dimensions, and the softmax of what is specified along one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.dtypes import as_dtype, dtype
from ...core.tensor import Tensor, name_as, wrap
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import linear
from ...xp.sparse import coordinates
from ...xp.sparse.array import Coordinates
from ...xp.sparse.namespace import refusal
from .conversion import coordinates_of
from .places import sparse_op
from .products import at_places, values_and_pattern


@sparse_op(
    linear,
    name="sparse_sum",
    dtype=None,
    vjp=lambda xp, g, input, dims: xp.sparse_spread(g, input, dims=dims),
)
def _sparse_sum(xp, input, *, dims):
    return coordinates.sum_over(input, dims)


@sparse_op(
    linear,
    name="sparse_spread",
    dtype=None,
    constant=("pattern",),
    vjp={"input": lambda xp, g, dims: xp.sparse_sum(g, dims=dims)},
)
def _sparse_spread(xp, input, pattern, *, dims):
    """The transpose: each element of a pattern gets what the sum has where it went."""
    return coordinates.spread_to(input, pattern, dims)


def sum(  # noqa: A001
    input: Tensor, dim: int | Sequence[int] | None = None, dtype: dtype | None = None
) -> Tensor:
    """The sum of a sparse COO tensor over dimensions.

    Args:
        dim: one dimension or several; all if left out.
        dtype: to convert the elements to first.

    Returns:
        a sparse tensor as long as a sparse dimension is left, else a dense one. The gradient has elements at the
        places of `input` alone.

    Raises:
        RuntimeError: for another layout. IndexError where there is no such dimension.

    >>> import mibun as torch
    >>> torch.sparse.sum(torch.tensor([[1., 0.], [2., 3.]]).to_sparse(), 0).to_dense()
    tensor([3., 3.])
    """
    check_tensor(input, "sum")
    if dtype is not None:
        input = input.to(as_dtype(dtype, "sum"))
    array = input._array_
    if dim is None:
        coordinates_of(input, "coalesce")
        return input.coalesce().values().sum()
    if not isinstance(array, Coordinates):
        raise refusal("_indices", array)
    dims = tuple([wrap_dim(d, array.ndim, "sum") for d in ([dim] if isinstance(dim, int) else dim)])
    if len(set(dims)) < len(dims):
        raise RuntimeError(f"dim {dims[0]} appears multiple times in the list of dims")
    # (Coalesced, so that the gradient has each place once.)
    return apply(_sparse_sum, (input.coalesce(),), {"dims": dims})


def _groups(array: Coordinates, dim: int) -> tuple[np.ndarray, int]:
    """For each value the number of its line along a dimension, and how many lines there are."""
    number, lines = coordinates.groups(array, dim)
    return number, len(lines)


def _softmax(input: Tensor, dim: int, dtype: dtype | None, name: str, log: bool) -> Tensor:
    check_tensor(input, name)
    array = input._array_
    if not isinstance(array, Coordinates):
        raise refusal(f"_sparse_{name}", array)
    dim = wrap_dim(dim, array.ndim, name)
    if dtype is not None:
        input = input.to(as_dtype(dtype, name))
    input = input.coalesce()
    values, pattern = values_and_pattern(input)
    array = pattern._array_
    if dim >= array.sparse_dim:
        inner = dim - array.sparse_dim + 1
        return at_places(values.log_softmax(inner) if log else values.softmax(inner), pattern)
    # The largest of each line is subtracted, so that nothing overflows; what it is makes no difference.
    number, count = _groups(array, dim)
    largest = np.full((count, *array.values.shape[1:]), -np.inf, array.values.dtype)
    np.maximum.at(largest, number, array.values)
    largest[~np.isfinite(largest)] = 0
    lines = wrap(number)
    shifted = values - wrap(largest[number])
    powers = shifted.exp()
    sums = wrap(np.zeros(largest.shape, largest.dtype)).index_add(0, lines, powers)[lines]
    return at_places(shifted - sums.log() if log else powers / sums, pattern)


def softmax(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The softmax of the specified elements of a COO tensor along a dimension; the others count as -inf.

    dtype: to convert the elements to first. The places of the result are those of `input`, coalesced.

    >>> import mibun as torch
    >>> torch.sparse.softmax(torch.tensor([[0., 2.], [3., 3.]]).to_sparse(), 1).to_dense()
    tensor([[0.0000, 1.0000],
            [0.5000, 0.5000]])
    """
    return _softmax(input, dim, dtype, "softmax", False)


def log_softmax(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, which see.

    >>> import mibun as torch
    >>> torch.sparse.log_softmax(torch.tensor([[0., 2.]]).to_sparse(), 1).values()
    tensor([0.])
    """
    return _softmax(input, dim, dtype, "log_softmax", True)


for _function in (sum, softmax, log_softmax):
    name_as(_function, "mibun.sparse", _function.__name__)
