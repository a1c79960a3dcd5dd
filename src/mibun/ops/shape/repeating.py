"""Elements several times: repeat, tile, repeat_interleave. Each copies; its transpose is a sum over the copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.batching import all_values
from ...core.registry import Array, namespace_of
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.public import public


def _sum_of_copies(xp: Any, g: Array, shape: tuple[int, ...], repeats: tuple[int, ...]) -> Array:
    """Sum the gradient over the copies that `repeat` made."""
    lead = len(repeats) - len(shape)
    split: list[int] = []
    for n, size in zip(repeats, (1,) * lead + tuple(shape), strict=True):
        split += [n, size]
    g = xp.sum(xp.reshape(g, tuple(split)), axis=tuple(range(0, len(split), 2))) if split else g
    return xp.reshape(g, shape)


@op(
    linear,
    name="repeat",
    memory="contiguous",
    dtype=None,
    vjp=lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats),
)
def _repeat(xp, input, *, repeats):
    return xp.tile(input, repeats)


@public("repeat", function=False)
def repeat(self: Tensor, *args: int | Sequence[int], repeats: int | Sequence[int] | None = None) -> Tensor:
    """Copies of the tensor side by side, `repeats[i]` of them along dimension i.

    Args:
        repeats: ints, separately or as one sequence; more numbers than dimensions add leading ones. (For copies of each
            element see `repeat_interleave`, for a view `expand`.)

    Returns:
        a new tensor; its sizes are `repeats[i] * size(i)`. The gradient is summed over the copies.

    Raises:
        RuntimeError: for fewer numbers than dimensions, and negative ones.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    if not args and repeats is None:
        raise TypeError('repeat() missing 1 required positional arguments: "repeats"')
    counts = sizes_of(args if repeats is None else (repeats,), "repeat", "repeats")
    if len(counts) < self._array_.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: "
            f"{len(counts)} < {self._array_.ndim}"
        )
    if any([n < 0 for n in counts]):
        raise RuntimeError(f"Trying to create tensor with negative dimension: repeats {list(counts)}")
    return _repeat(self, repeats=counts)


@public("tile")
def tile(input: Tensor, *args: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2]]).tile(2)
    tensor([[1, 2, 1, 2]])
    """
    check_tensor(input, "tile")
    if not args and dims is None:
        raise TypeError('tile() missing 1 required positional arguments: "dims"')
    counts = sizes_of(args if dims is None else (dims,), "tile", "dims")
    return repeat(input, (1,) * (input._array_.ndim - len(counts)) + counts)


def _sum_of_runs(xp: Any, g: Array, shape: tuple[int, ...], repeats: int, dim: int) -> Array:
    return xp.sum(xp.reshape(g, (*shape[: dim + 1], repeats, *shape[dim + 1 :])), axis=dim + 1)


@op(
    linear,
    name="repeat_each",
    node="ViewBackward0",
    dtype=None,
    vjp=lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim),
)
def _repeat_each(xp, input, *, repeats, dim):
    return xp.repeat(input, repeats, axis=dim)


@public("repeat_interleave")
def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element (or slice along a dimension) several times in a row.

    Args:
        input: of any dtype; alone, `repeat_interleave(repeats)`, it says how often each index is to be repeated.
        repeats: an int, or an int tensor with one number for each slice.
        dim: the dimension; without, the tensor is taken as flat.
        output_size: the resulting size along dim, checked.

    Returns:
        a new tensor.

    Raises:
        RuntimeError: for negative repeats, for another number of them than slices, and for another output_size.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat_interleave(2)
    tensor([1, 1, 2, 2])
    >>> torch.tensor([1, 2]).repeat_interleave(torch.tensor([1, 3]))
    tensor([1, 2, 2, 2])
    """
    check_tensor(input, "repeat_interleave")
    if repeats is None:
        counts = _counts(input)
        positions = namespace_of(counts).repeated_positions(counts, counts.size)
        return wrap(_checked_size(positions, output_size))
    if dim is None:
        input, dim = input.reshape(-1), 0
    if input._array_.ndim == 0:
        input = input.reshape(1)
    dim = wrap_dim(dim, input._array_.ndim, "repeat_interleave")
    size = input._array_.shape[dim]
    if isinstance(repeats, Tensor):
        counts = _counts(repeats)
        if counts.size not in (1, size):
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{counts.size} and input.size({dim}) = {size}"
            )
        positions = namespace_of(counts).repeated_positions(counts, size)
        return input.index_select(dim, wrap(_checked_size(positions, output_size)))
    repeats = whole(repeats, "repeat_interleave", "repeats")
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    _checked_size(np.empty(size * repeats, np.bool_), output_size)
    return _repeat_each(input, repeats=repeats, dim=dim)


def _counts(repeats: Tensor) -> Array:
    array = repeats._array_
    if array.dtype not in (np.int64, np.int32):
        raise NotImplementedError(
            f"\"repeat_interleave_cpu\" not implemented for '{repeats.dtype.scalar_name}': repeats must be int or long"
        )
    if array.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    values = all_values(array)
    if values.size and values.min() < 0:
        raise RuntimeError("repeats can not be negative")
    return array


def _checked_size(positions: Array, output_size: int | None) -> Array:
    if output_size is not None and output_size != positions.size:
        raise RuntimeError(f"allocated size does not match required size: {output_size} and {positions.size}")
    return positions
