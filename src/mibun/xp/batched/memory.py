"""Casts, copies, views and writing: what is about the memory of the examples."""

from __future__ import annotations

import math
from typing import Any

from .array import INCOMPATIBLE, Batched, levels_of, physical, sizes_of, spread
from .library import address_of, as_strided, contiguous, places_of, xp
from .rules import below, rule, shifted


@rule("astype")
def astype(x: Any, dtype: Any, copy: bool = False) -> Any:
    return Batched(below("astype")(x.array, dtype, copy), x.levels)


@rule("asarray")
def asarray(x: Any, dtype: Any = None) -> Any:
    return x if dtype is None or x.dtype == dtype else astype(x, dtype)


def _whole(*names: str) -> None:
    for name in names:

        def function(x: Any, *args: Any, _name: str = name) -> Any:
            return Batched(below(_name)(x.array, *args), x.levels)

        rule(name)(function)


_whole("ascontiguousarray", "copy", "copy_in_order", "view_as_dtype", "parts_of_complex", "complex_of_parts")


@rule("contiguous")
def contiguous_examples(x: Any) -> Any:
    return Batched(contiguous(x.array), x.levels)


@rule("arranged")
def arranged(x: Any, like: Any = ()) -> Any:
    return Batched(contiguous(x.array), x.levels) if type(x) is Batched else contiguous(x)


@rule("write")
def write(array: Any, value: Any) -> None:
    """Overwrite what all examples share only with what they share."""
    if type(array) is not Batched:
        raise RuntimeError(INCOMPATIBLE)
    if type(value) is Batched:
        if any([level not in array.levels for level in value.levels]):
            raise RuntimeError(INCOMPATIBLE)
        value = physical(value, array.levels, array.ndim)
    below("write")(array.array, value)


@rule("kept_in_place")
def kept_in_place(value: Any, like: Any) -> Any:
    """A value that is to replace that of a tensor of immutable arrays: one for each of the same examples."""
    if type(like) is not Batched:
        raise RuntimeError(INCOMPATIBLE)
    if type(value) is Batched and any([level not in like.levels for level in value.levels]):
        raise RuntimeError(INCOMPATIBLE)
    if type(value) is not Batched or value.levels != like.levels:
        value = Batched(spread(value, like.levels, sizes_of((like,))), like.levels)
    kept = getattr(xp, "kept_in_place", None)
    return value if kept is None else Batched(kept(value.array, like.array), value.levels)


@rule("replaced_at")
def replaced_at(x: Any, index: tuple, values: Any) -> Any:
    """x with `values` at a basic index."""
    index = index if type(index) is tuple else (index,)
    array = physical(values, x.levels, values.ndim) if type(values) is Batched else values
    return Batched(below("replaced_at")(x.array, (*(slice(None),) * len(x.levels), *index), array), x.levels)


@rule("embed_index")
def embed_index(values: Any, shape: tuple[int, ...], index: tuple) -> Any:
    k = len(values.levels)
    index = index if type(index) is tuple else (index,)
    whole = (*values.array.shape[:k], *shape)
    return Batched(below("embed_index")(values.array, whole, (*(slice(None),) * k, *index)), values.levels)


@rule("windows")
def windows(x: Any, axis: int, size: int, step: int) -> Any:
    return Batched(below("windows")(x.array, shifted(axis, x), size, step), x.levels)


@rule("embed_windows")
def embed_windows(values: Any, shape: tuple[int, ...], axis: int, size: int, step: int) -> Any:
    k = len(values.levels)
    whole = (*values.array.shape[:k], *shape)
    return Batched(
        below("embed_windows")(values.array, whole, axis % max(len(shape), 1) + k, size, step), values.levels
    )


# --- geometry: strides and offset are those of one example, in the memory of all ---


@rule("storage")
def storage(x: Any) -> Any:
    return below("storage")(x.array) if xp.mutable else x.array


@rule("strides_of")
def strides_of(x: Any) -> tuple[int, ...]:
    if not xp.mutable:  # as if the elements of each example followed each other
        return tuple([math.prod(x.shape[axis + 1 :]) for axis in range(x.ndim)])
    return below("strides_of")(x.array)[len(x.levels) :]


@rule("offset_of")
def offset_of(x: Any) -> int:
    return 0


@rule("has_geometry")
def has_geometry(x: Any, strides: tuple[int, ...], offset: int, length: int) -> bool:
    return xp.mutable and strides_of(x) == tuple(strides) and offset == 0


@rule("geometry_in_example")
def geometry_in_example(base: Any, view: Any) -> tuple[tuple, int]:
    """(strides, offset and length of the base, offset of the view) in the memory from the base's first element on."""
    strides = strides_of(base)
    reach = sum([(n - 1) * s for n, s in zip(base.shape, strides, strict=True)]) + 1 if base.size else 0
    starts = [address_of(x.example) for x in (base, view)]
    return (strides, 0, reach), (starts[1] - starts[0]) // base.dtype.itemsize


@rule("strided_view")
def strided_view(x: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> Any:
    """The view of one example at each example's place."""
    k, size = len(x.levels), x.dtype.itemsize
    root = x.array
    if not xp.mutable:  # there are no strides: the elements are read at their places
        places = xp.asarray(offset + places_of(shape, strides))
        flat = xp.reshape(root, (*root.shape[:k], math.prod(root.shape[k:])))
        return Batched(xp.index_with(flat, (*(None,) * k, places)), x.levels)
    if offset:
        reach = sum([(n - 1) * s for n, s in zip(shape, strides, strict=True)]) + 1 if 0 not in shape else 0
        line = as_strided(root, (*root.shape[:k], offset + reach), (*root.strides[:k], size))
        root = line[..., offset:]
    whole = (*root.strides[:k], *[s * size for s in strides])
    return Batched(as_strided(root, (*root.shape[:k], *shape), whole), x.levels)


@rule("at_common_levels")
def at_common_levels(arrays: tuple) -> tuple:
    """The arrays, all of them batched by the levels of any."""
    levels = levels_of(arrays)
    if all([type(x) is Batched and x.levels == levels for x in arrays]):
        return arrays
    sizes = sizes_of(arrays)
    return tuple(
        [
            x if type(x) is Batched and x.levels == levels else Batched(xp.copy(spread(x, levels, sizes)), levels)
            for x in arrays
        ]
    )


def resized(x: Batched, shape: tuple[int, ...]) -> Batched:
    """As many of the elements of each example as fit into another shape, and zeros after them, in new memory."""
    hidden = x.array.shape[: len(x.levels)]
    count = math.prod(shape)
    old = x.array.reshape((*hidden, -1))[..., :count]
    new = below("embed_index")(old, (*hidden, count), (..., slice(0, old.shape[-1])))
    return Batched(new.reshape((*hidden, *shape)), x.levels)


# --- between the levels: how `vmap` takes arrays apart into examples, and puts examples together ---


def _moved(x: Any, source: int, destination: int) -> Any:
    """`np.moveaxis` of one axis, in a fraction of its time."""
    if source == destination:
        return x[...]
    order = list(range(x.ndim))
    order.insert(destination, order.pop(source))
    return x.transpose(order)


def into_examples(x: Any, dim: int, level: int) -> Batched:
    """An array whose axis `dim` is hidden, as that of a level."""
    if type(x) is not Batched:
        return Batched(_moved(x, dim, 0), (level,))
    levels = tuple(sorted((*x.levels, level)))
    return Batched(_moved(x.array, x.axis(dim), levels.index(level)), levels)


def out_of_examples(x: Any, dim: int, level: int, size: int) -> Any:
    """The transpose: the hidden axis of a level, shown at `dim`; what has none is repeated."""
    if type(x) is Batched and x.levels == (level,):
        return _moved(x.array, 0, dim % x.array.ndim)
    if type(x) is not Batched or level not in x.levels:
        array, levels = (x.array, x.levels) if type(x) is Batched else (xp.asarray(x), ())
        k = len(levels)
        array = xp.broadcast_to(array[(slice(None),) * k + (None,)], (*array.shape[:k], size, *array.shape[k:]))
        place, rest = k, levels
    else:
        array, place = x.array, x.levels.index(level)
        rest = tuple([one for one in x.levels if one != level])
    rank = array.ndim - len(rest)
    array = _moved(array, place, len(rest) + dim % rank)
    return Batched(array, rest) if rest else array


def repeated(x: Any, levels: tuple[int, ...], sizes: tuple[int, ...]) -> Batched:
    """An array for each example of some levels, in the same memory for all of them."""
    own = x.levels if type(x) is Batched else ()
    together = tuple(sorted({*own, *levels}))
    count = {**dict(zip(levels, sizes, strict=True)), **sizes_of((x,))}
    return Batched(spread(x, together, count), together)
