"""Indices that are others for each example of a `vmap`: reading and writing as in `indexing.py`.

There the index arrays are parameters, since they never have a derivative and only their values count. Arrays that are
batched decide over which namespace an operation runs and which operands are to be lifted, so they are an operand here:
stacked along a new first axis, one row for each axis that has an index (`axes`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.batching import refuse_batched
from ...core.registry import Array, is_batched
from ...core.tensor import Tensor, wrap
from ...dispatch.declare import linear, op
from ...xp.batched import over

MASKED = (
    "vmap: We do not support batching operators that can support dynamic shape. Attempting to batch over indexing with "
    "a boolean mask: each example would have another number of results. Use torch.where() instead."
)


def differ(indices: tuple) -> bool:
    """Whether some of the index arrays are others for each example."""
    return any([is_batched(index) for index in indices])


def is_mask(index: Any) -> bool:
    """Whether it is a mask that is another for each example (others have been made integer arrays)."""
    return is_batched(index) and index.dtype.kind == "b"


def refuse_masks(indices: tuple) -> None:
    """RuntimeError if there are such masks: each example would have another number of results."""
    if any([is_mask(index) for index in indices]):
        raise RuntimeError(MASKED)


def stacked(indices: tuple) -> tuple[Tensor, tuple[int, ...]]:
    """The index arrays, broadcast, as one Tensor, and the axes that they are for."""
    refuse_masks(indices)
    axes = tuple([axis for axis, index in enumerate(indices) if index is not None])
    xp = over(next(index for index in indices if is_batched(index)))
    arrays = xp.broadcast_arrays(*[xp.astype(indices[axis], np.dtype(np.int64)) for axis in axes])
    return wrap(xp.stack(arrays, axis=0)), axes


def _indices(index: Array, axes: tuple[int, ...]) -> tuple:
    found: list[Any] = [None] * (axes[-1] + 1)
    for row, axis in enumerate(axes):
        found[axis] = index[row]
    return tuple(found)


@op(
    linear,
    name="index_at",
    node="IndexBackward0",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, input_shape, index, axes: xp.index_at_embed(g, index, shape=input_shape, axes=axes)},
)
def read_at(xp, input, index, *, axes):
    """`input[indices]`."""
    return xp.index_with(input, _indices(index, axes))


@op(
    linear,
    name="index_at_embed",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, axes: xp.index_at(g, index, axes=axes)},
)
def _embed(xp, input, index, *, shape, axes):
    return xp.put_at(xp.zeros(shape, dtype=input.dtype), _indices(index, axes), input, "add")


@op(
    linear,
    name="index_put_at",
    node="IndexPutBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g, index, axes, accumulate: g if accumulate else xp.index_clear_at(g, index, axes=axes),
        "values": lambda xp, g, index, axes: xp.index_at(g, index, axes=axes),
    },
)
def write_at(xp, input, values, index, *, axes, accumulate):
    """A copy of the input with values at the indices."""
    return xp.put_at(input, _indices(index, axes), values, "add" if accumulate else "set")


@op(
    linear,
    name="index_clear_at",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, axes: xp.index_clear_at(g, index, axes=axes)},
)
def _clear(xp, input, index, *, axes):
    return xp.put_at(input, _indices(index, axes), xp.zeros((), dtype=input.dtype), "set")


def masked_place(shape: tuple[int, ...], indices: tuple, value: Any) -> tuple[Tensor, Any] | None:
    """For writing at one mask that differs between the examples: where, and what, both of which broadcast to `shape`.

    That is possible where the value does not depend on how many elements there are: a number, or one slice for each of
    them. None for everything else.
    """
    axes = [axis for axis, index in enumerate(indices) if index is not None]
    if len(axes) != 1 or not is_mask(indices[axes[0]]):
        return None
    axis, mask = axes[0], indices[axes[0]]
    rest = len(shape) - axis - mask.ndim
    if isinstance(value, Tensor):
        own = value._array_.shape
        # In the result one axis is in the place of the mask's: the value must have none there, or one of size 1.
        if len(own) > rest:
            if own[len(own) - rest - 1] != 1:
                return None
            lead = (*own[: len(own) - rest - 1], *(1,) * mask.ndim)
            value = value.reshape((*lead, *own[len(own) - rest :]))
    return wrap(mask.reshape((*mask.shape, *(1,) * rest))), value


def refuse_mask(mask: Tensor, operator: str) -> None:
    """RuntimeError where a mask that selects elements is another for each example."""
    refuse_batched(
        mask,
        f"vmap: Attempted to vmap over `mask` in torch.{operator}(self, mask). We cannot support this because for each "
        "batch this would return a differently shaped Tensor.",
    )
