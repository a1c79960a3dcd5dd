"""Shape and order of the axes of one example; joining; creation from an example."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..numpy.memory import strided
from .array import Batched, levels_of, physical, sizes_of, spread
from .library import xp
from .rules import among_unbatched, below, leading, looking, rule, shifted

leading("tril", "triu")


@looking("matrix_transpose")
def matrix_transpose(x: Any) -> Any:
    if type(x) is not Batched:
        return among_unbatched("matrix_transpose", x)
    return x.swapaxes(-1, -2)


@rule("reshape")
def reshape(x: Any, shape: Any) -> Any:
    return x.reshape(tuple(shape) if isinstance(shape, (tuple, list)) else (shape,))


@rule("permute_dims")
def permute_dims(x: Any, axes: Any) -> Any:
    return x.transpose(tuple(axes)) if x.ndim else x


@rule("moveaxis")
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    return Batched(xp.moveaxis(x.array, shifted(source, x), shifted(destination, x)), x.levels)


@rule("expand_dims")
def expand_dims(x: Any, axis: Any = 0) -> Any:
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    rank = x.ndim + len(axes)
    return Batched(xp.expand_dims(x.array, tuple([a % rank + len(x.levels) for a in axes])), x.levels)


@rule("squeeze")
def squeeze(x: Any, axis: Any = None) -> Any:
    if axis is None:
        axis = tuple([i for i, n in enumerate(x.shape) if n == 1])
    return Batched(xp.squeeze(x.array, axis=shifted(axis, x)), x.levels) if axis != () and x.ndim else x


@rule("flip")
def flip(x: Any, axis: Any = None) -> Any:
    return Batched(xp.flip(x.array, axis=shifted(axis, x)), x.levels) if x.ndim else x


@rule("roll")
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        return roll(x.reshape(-1), shift, 0).reshape(x.shape)
    return Batched(xp.roll(x.array, shift, axis=shifted(axis, x)), x.levels)


@rule("repeat")
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    if axis is None:
        x, axis = x.reshape(-1), 0
    return Batched(xp.repeat(x.array, repeats, axis=shifted(axis, x)), x.levels)


@rule("tile")
def tile(x: Any, repetitions: Any) -> Any:
    times = (repetitions,) if isinstance(repetitions, int) else tuple(repetitions)
    rank = max(len(times), x.ndim)
    array = physical(x, x.levels, rank)
    return Batched(xp.tile(array, ((1,) * (len(x.levels) + rank - len(times)) + times)), x.levels)


@looking("broadcast_to")
def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    if type(x) is not Batched:
        return among_unbatched("broadcast_to", x, shape)
    array = x.array
    if array.ndim == len(x.levels) and type(array) is np.ndarray and array.flags.c_contiguous and array.size:
        return Batched(  # one number of each example, as of a sum's gradient
            strided(array, (*array.shape, *shape), (*array.strides, *(0,) * len(shape))), x.levels
        )
    hidden = array.shape[: len(x.levels)]
    return Batched(below("broadcast_to")(physical(x, x.levels, len(shape)), (*hidden, *shape)), x.levels)


@rule("broadcast_arrays")
def broadcast_arrays(*arrays: Any) -> list:
    shape = np.broadcast_shapes(*[x.shape for x in arrays])
    return [broadcast_to(x, shape) if type(x) is Batched else xp.broadcast_to(x, shape) for x in arrays]


def _together(arrays: Any) -> tuple[list, tuple[int, ...]]:
    levels, sizes = levels_of(arrays), sizes_of(arrays)
    return [spread(x, levels, sizes) for x in arrays], levels


@rule("concat")
def concat(arrays: Any, axis: int = 0) -> Any:
    parts, levels = _together(arrays)
    rank = parts[0].ndim - len(levels)
    return Batched(xp.concat(parts, axis=axis % rank + len(levels)), levels)


@rule("stack")
def stack(arrays: Any, axis: int = 0) -> Any:
    parts, levels = _together(arrays)
    rank = parts[0].ndim - len(levels) + 1
    return Batched(xp.stack(parts, axis=axis % rank + len(levels)), levels)


@rule("unstack")
def unstack(x: Any, *, axis: int = 0) -> tuple:
    return tuple([Batched(part, x.levels) for part in xp.moveaxis(x.array, shifted(axis, x), 0)])


@rule("pad_with")
def pad_with(x: Any, pads: tuple, value: Any) -> Any:
    return Batched(below("pad_with")(x.array, (*((0, 0),) * len(x.levels), *pads), value), x.levels)


@rule("take_diagonal")
def take_diagonal(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    return Batched(below("take_diagonal")(x.array, offset, x.axis(axis1), x.axis(axis2)), x.levels)


@rule("embed_diagonal")
def embed_diagonal(values: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    k, n = len(values.levels), len(shape)
    whole = (*values.array.shape[:k], *shape)
    return Batched(below("embed_diagonal")(values.array, whole, offset, axis1 % n + k, axis2 % n + k), values.levels)


# --- creation from an example: the same for all ---


@rule("zeros_like")
def zeros_like(x: Any, dtype: Any = None) -> Any:
    return below("zeros")(x.shape, dtype=x.dtype if dtype is None else dtype)


@rule("ones_like")
def ones_like(x: Any, dtype: Any = None) -> Any:
    return below("ones")(x.shape, dtype=x.dtype if dtype is None else dtype)


@rule("full_like")
def full_like(x: Any, value: Any, dtype: Any = None) -> Any:
    dtype = x.dtype if dtype is None else dtype
    return full(x.shape, value, dtype) if type(value) is Batched else below("full")(x.shape, value, dtype=dtype)


def zeros_for(shape: tuple[int, ...], dtype: Any, arrays: Any) -> Batched:
    """Zeros that any of these arrays can be written into: with the hidden axes of all of them."""
    levels, sizes = levels_of(arrays), sizes_of(arrays)
    return Batched(below("zeros")((*[sizes[level] for level in levels], *shape), dtype=dtype), levels)


@rule("full")
def full(shape: Any, value: Any, dtype: Any = None) -> Any:
    """Everywhere the value of the example."""
    hidden = value.array.shape[: len(value.levels)]
    one = value.array.reshape((*hidden, *(1,) * len(shape)))
    one = one if dtype is None else xp.astype(one, dtype)
    return Batched(xp.copy(xp.broadcast_to(one, (*hidden, *shape))), value.levels)
