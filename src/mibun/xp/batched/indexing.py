"""Reading and writing at index arrays: a hidden axis is one more axis that has an index."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.batching import dynamic_shape
from .array import Batched, Deferred, physical
from .library import xp
from .products import are_over
from .rules import below, rule, single, whole


def _places(indices: tuple, n: int) -> tuple[tuple, tuple | None]:
    """(the index of the whole array, how what is read has to be rearranged) for a tuple of index arrays and None."""
    indices = tuple(indices)
    axes = [i for i, index in enumerate(indices) if index is not None]
    adjacent = axes == list(range(axes[0], axes[-1] + 1))
    inner = max([index.ndim for index in indices if index is not None])
    if not any([type(index) is Batched for index in indices]):
        if adjacent:
            return (None, *indices), None
        return (None, *indices), ("front", inner)
    first = axes[0] if adjacent else 0
    aligned = [_aligned(index, inner) for index in indices]
    rows = xp.arange(n).reshape((-1, *(1,) * inner))
    return (rows, *aligned), ("place", inner, first)


def _aligned(index: Any, inner: int) -> Any:
    return physical(index, index.levels, inner) if type(index) is Batched else index


def _shown(array: Any, layout: tuple | None) -> Any:
    """What NumPy has read, in the order that one example has."""
    if layout is None:
        return array
    if layout[0] == "front":  # indices apart from each other: NumPy puts their axes before the hidden one
        return xp.moveaxis(array, layout[1], 0)
    _, inner, first = layout
    if first == 0:
        return array
    rest = list(range(1 + inner, array.ndim))
    order = [0, *rest[:first], *range(1, 1 + inner), *rest[first:]]
    return array.transpose(order)


def _shape_shown(whole: tuple[int, ...], place: tuple, layout: tuple | None) -> tuple[int, ...]:
    """The shape of what `_shown` gives of an array of this shape."""
    axes = [axis for axis, index in enumerate(place) if index is not None]
    inner = np.broadcast_shapes(*[place[axis].shape for axis in axes])
    rest = [n for axis, n in enumerate(whole) if axis not in axes]
    first = axes[0] if axes[-1] - axes[0] == len(axes) - 1 else 0
    read = (*rest[:first], *inner, *rest[first:])
    if layout is None:
        return read
    if layout[0] == "front":
        return (read[layout[1]], *read[: layout[1]], *read[layout[1] + 1 :])
    _, count, first = layout
    rest = read[1 + count :]
    return (read[0], *rest[:first], *read[1 : 1 + count], *rest[first:])


def _hidden_first(array: Any, layout: tuple | None) -> Any:
    """The transpose of `_shown`."""
    if layout is None:
        return array
    if layout[0] == "front":
        return xp.moveaxis(array, 0, layout[1])
    _, inner, first = layout
    if first == 0:
        return array
    rest = array.ndim - 1 - inner
    return array.transpose(
        [0, *range(1 + first, 1 + first + inner), *range(1, 1 + first), *range(1 + first + inner, 1 + inner + rest)]
    )


def _example(*candidates: Any) -> Batched:
    return next(x for x in candidates if type(x) is Batched)


@single("index_with")
def index_with(x: Any, indices: tuple) -> Any:
    like = _example(x, *indices)
    if type(x) is not Batched:  # the same table for all examples: an index with an axis more
        axes = [i for i, index in enumerate(indices) if index is not None]
        inner = max([index.ndim for index in indices if index is not None])
        read = below("index_with")(x, tuple([_aligned(index, inner) for index in indices]))
        adjacent = axes[-1] - axes[0] == len(axes) - 1
        return Batched(xp.moveaxis(read, axes[0] if adjacent else 0, 0), like.levels)
    place, layout = _places(indices, like.array.shape[0])
    return Batched(_shown(below("index_with")(whole(x, like), place), layout), like.levels)


@single("put_at")
def put_at(x: Any, indices: tuple, values: Any, how: str = "set") -> Any:
    like = _example(x, values, *indices)
    return _put(xp.copy(whole(x, like)), indices, values, how, like)


@single("put_into")
def put_into(out: Any, indices: tuple, values: Any, how: str = "set") -> Any:
    if type(out) is not Batched:
        return put_at(out, indices, values, how)
    return _put(out.array, indices, values, how, out)


def _put(out: Any, indices: tuple, values: Any, how: str, like: Batched) -> Any:
    place, layout = _places(indices, out.shape[0])
    shape = _shape_shown(out.shape, place, layout)
    values = physical(values, like.levels, len(shape) - 1)
    values = _hidden_first(xp.broadcast_to(values, shape), layout)
    return Batched(below("put_into")(out, place, values, how), like.levels)


@rule("along_axis")
def along_axis(index: Any, axis: int) -> tuple:
    rank = index.ndim
    return tuple(
        [index if a == axis else xp.arange(index.shape[a]).reshape((-1, *(1,) * (rank - a - 1))) for a in range(rank)]
    )


@single("take")
def take(x: Any, indices: Any, axis: int) -> Any:
    axis = axis % max(x.ndim, 1)
    if type(indices) is not Batched and (indices.ndim == 1 or xp.mutable):  # the standard takes at vectors alone
        return Batched(xp.take(x.array, xp.asarray(indices), axis=axis + 1), x.levels)
    return index_with(x, (None,) * axis + (indices,))


@single("take_along_axis", "read_along")
def take_along_axis(x: Any, indices: Any, axis: int) -> Any:
    if type(x) is Batched and type(indices) is Batched:
        axis = axis % max(x.ndim, 1)
        return Batched(below("read_along")(x.array, indices.array, axis + 1), x.levels)
    return index_with(x, along_axis(indices, axis % max(x.ndim, 1)))


@rule("take_rows")
def take_rows(x: Any, indices: Any) -> Any:
    return take(x, indices, 0)


@rule("take_flat")
def take_flat(x: Any, indices: Any) -> Any:
    return take(x.reshape(-1), indices, 0)


@single("take_padded")
def take_padded(x: Any, sources: tuple) -> Any:
    for axis, index, _, _ in sources:
        x = take(x, index, axis)
    return x


@single("add_rows")
def add_rows(values: Any, indices: Any, n: int, late: bool = True) -> Any:
    def compute() -> Any:
        return add_along(values.reshape(-1, values.shape[-1]), indices.reshape(-1), n, 0).array

    like = _example(values, indices)
    if not late or not are_over(like.levels):
        return Batched(compute(), like.levels)

    def total(axes: tuple[int, ...]) -> Any:
        return below("add_rows")(whole(values, like), whole(indices, like), n)

    return Batched(Deferred((len(like.array), n, values.shape[-1]), values.dtype, compute, total), like.levels)


@single("add_along")
def add_along(values: Any, indices: Any, n: int, axis: int) -> Any:
    axis = axis % max(values.ndim, 1)
    shape = (*values.shape[:axis], n, *values.shape[axis + 1 :])
    like = _example(values, indices)
    zeros = xp.zeros((like.array.shape[0], *shape), dtype=values.dtype)
    return _put(zeros, (*(None,) * axis, indices), values, "add", like)


def _as_batch(x: Any, like: Batched, single: bool) -> Any:
    """The array of x with the examples as more of its batch, or as the batch of what has none."""
    array = whole(x, like)
    return array if single else array.reshape((array.shape[0] * array.shape[1], *array.shape[2:]))


@single("pick_classes")
def pick_classes(x: Any, target: Any) -> Any:
    like, alone = _example(x, target), target.ndim == 0
    found = below("pick_classes")(_as_batch(x, like, alone), _as_batch(target, like, alone))
    return Batched(found.reshape((like.array.shape[0], *target.shape)), like.levels)


@single("put_classes")
def put_classes(values: Any, target: Any, shape: tuple[int, ...]) -> Any:
    like, alone = _example(values, target), target.ndim == 0
    n = like.array.shape[0]
    batch = (n, *shape) if alone else (n * shape[0], *shape[1:])
    array = xp.broadcast_to(physical(values, like.levels, target.ndim), (n, *target.shape))
    array = array if alone else array.reshape((n * target.shape[0], *target.shape[1:]))
    found = below("put_classes")(array, _as_batch(target, like, alone), batch)
    return Batched(found.reshape((n, *shape)), like.levels)


def _refuse(name: str, words: str) -> None:
    def function(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(words)

    rule(name)(function)


_refuse(
    "true_positions",
    "vmap: We do not support batching operators that can support dynamic shape. Attempting to batch over indexing with "
    "a boolean mask: each example would have another number of results. Use torch.where() instead.",
)
for _name, _operator in {
    "nonzero": "aten::nonzero",
    "unique_runs": "aten::unique_consecutive",
    "unique_slices": "aten::unique_dim",
    "unique_values_of": "aten::_unique2",
}.items():
    _refuse(_name, str(dynamic_shape(_operator)))
