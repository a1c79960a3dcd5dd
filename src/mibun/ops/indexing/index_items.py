"""Taking an index `x[...]` apart: what is basic and makes a view, and the integer arrays on the axes of that view.

Masks become integer arrays. Unlike NumPy, an int beside index arrays is basic, so it never moves their axes.
"""

from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np

from ...core.batching import all_values
from ...core.registry import LEADING, Array, is_batched, namespace_of
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.arguments import whole


def _items(index: Any) -> tuple:
    """The items of an index; a list of lists, slices or None counts as a tuple, as in PyTorch (with its warning)."""
    if type(index) is tuple:
        return index
    if isinstance(index, (list, range)) and len(index) < 32:
        for item in index:
            if item is None or item is Ellipsis or isinstance(item, (slice, list, tuple, range, np.ndarray, Tensor)):
                warnings.warn(
                    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
                    "pytorch 2.9; use x[tuple(seq)] instead of x[seq].",
                    UserWarning,
                    stacklevel=stacklevel(),
                )
                return tuple(index)
    return tuple(index) if isinstance(index, tuple) else (index,)


def _bad_index(item: Any) -> IndexError:
    return IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
        f"(got {type(item).__name__})"
    )


def index_array(item: Any) -> Array:
    """The array of an index that is a tensor, array or sequence; all numbers but a Tensor's become int64."""
    array: Any = getattr(item, "_array_", None)
    if array is None:
        if isinstance(item, (str, bytes)):
            raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
        array = item if isinstance(item, np.ndarray) else np.asarray(_plain(item))
        if array.dtype.kind in "fiu" and array.dtype.name not in ("int64", "uint8"):
            array = array.astype(np.int64)
    elif type(array) in LEADING and not is_batched(array):
        array = np.asarray(array)
    if array.dtype.kind != "b" and array.dtype not in (np.int64, np.int32, np.uint8):
        raise IndexError(f"tensors used as indices must be long, int, byte or bool tensors, but got {array.dtype}")
    return array


def _plain(item: Any) -> Any:
    if isinstance(item, (list, tuple, range)):
        return [_plain(part) for part in item]
    array = getattr(item, "_array_", None)
    if array is not None:
        return all_values(array).tolist()
    # By index, as PyTorch reads sequences: a Series of integers, a deque, an array.array.
    return [_plain(item[i]) for i in range(len(item))] if _is_foreign_sequence(item) else item


def positions_of_true(mask: Array) -> tuple:
    """The index arrays of the elements of a mask that are true."""
    return np.nonzero(mask) if isinstance(mask, (np.ndarray, np.generic)) else namespace_of(mask).nonzero(mask)


def _is_foreign_sequence(item: Any) -> bool:
    return (
        hasattr(item, "__getitem__")
        and hasattr(item, "__len__")
        and not isinstance(item, (Tensor, np.ndarray, np.generic, dict, str, bytes))
    )


def parse(shape: tuple[int, ...], index: Any) -> tuple[tuple | None, str, tuple | None]:
    """Take an index of a tensor of this shape apart.

    Returns (basic index with an ellipsis, or None where it is the whole tensor; the name of its last step; the integer
    arrays on the axes of the view, None for a whole axis, or None where there are no arrays).
    """
    items = _items(index)
    usual = _ints_and_slices(shape, items)
    if usual is not None:
        return usual
    ndim = len(shape)
    prepared: list[Any] = []
    used = 0
    for item in items:
        kind = type(item)
        if item is None or item is Ellipsis or kind is bool:
            prepared.append(item)
        elif kind is int or kind is slice:
            prepared.append(item)
            used += 1
        elif not isinstance(item, Tensor) and hasattr(item, "__index__") and not isinstance(item, np.ndarray):
            prepared.append(operator.index(item))
            used += 1
        elif (
            isinstance(item, Tensor)
            or isinstance(item, (list, tuple, range, np.ndarray, str, bytes))
            or _is_foreign_sequence(item)
        ):
            array = index_array(item)
            if array.dtype == np.uint8:
                warnings.warn(
                    "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.",
                    UserWarning,
                    stacklevel=stacklevel(),
                )
                array = array.astype(bool)
            lasting = array.ndim or is_batched(array)  # else it is a number
            if array.dtype.kind == "b":
                prepared.append(array if lasting else bool(array))
                used += array.ndim
            else:
                prepared.append(array if lasting else int(array))
                used += 1
        else:
            raise _bad_index(item)
    if used > ndim:
        if ndim == 0 and any([type(item) is int for item in prepared]):
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to "
                "convert a 0-dim tensor to a number"
            )
        if ndim == 0 and any([type(item) is slice for item in prepared]):
            raise IndexError("slice() cannot be applied to a 0-dim tensor.")
        raise IndexError(f"too many indices for tensor of dimension {ndim} (got {used})")
    basic: list[Any] = []
    last = ""
    arrays: list[Any] = []  # one for each axis of the view so far
    axis = 0  # of the input
    for item in prepared:
        kind = type(item)
        if kind is int:
            size = shape[axis]
            if not -size <= item < size:
                raise IndexError(f"index {item} is out of bounds for dimension {len(arrays)} with size {size}")
            basic.append(item + size if item < 0 else item)
            last = "select"
            axis += 1
        elif kind is slice:
            size = shape[axis]
            part = _slice_of(item, size)
            basic.append(part)
            if len(items) == 1 or part.start or part.stop != size or part.step != 1:
                last = "slice"
            arrays.append(None)
            axis += 1
        elif item is None:
            basic.append(None)
            last = "unsqueeze"
            arrays.append(None)
        elif item is Ellipsis:
            whole_axes = ndim - used if Ellipsis not in basic else 0
            if Ellipsis not in basic:
                basic.append(Ellipsis)
            arrays.extend([None] * whole_axes)
            axis += whole_axes
        elif kind is bool:
            basic.append(None)
            last = "unsqueeze"
            arrays.append(np.zeros(1 if item else 0, np.int64))
        elif item.dtype.kind == "b":
            for i, size in enumerate(item.shape):
                if size != shape[axis + i]:
                    raise IndexError(
                        f"The shape of the mask {list(item.shape)} at index {i} does not match the shape of the "
                        f"indexed tensor {list(shape)} at index {axis + i}"
                    )
            basic.extend([slice(None)] * item.ndim)
            if is_batched(item):  # a mask for each example stays one, on the first of its axes
                if not item.ndim:
                    basic.append(None)
                    last, item = "unsqueeze", item.reshape(1)
                arrays.extend([item, *[None] * (item.ndim - 1)])
            else:
                arrays.extend(positions_of_true(item))
            axis += item.ndim
        else:
            basic.append(slice(None))
            arrays.append(item)
            axis += 1
    if Ellipsis not in basic:
        basic.append(Ellipsis)
    whole_tensor = not last
    while arrays and arrays[-1] is None:
        arrays.pop()
    return None if whole_tensor else tuple(basic), last, tuple(arrays) if arrays else None


_NUMBERS = (int, type(None))


def _ints_and_slices(shape: tuple[int, ...], items: tuple) -> tuple[tuple | None, str, None] | None:
    """What `parse` gives for ints and slices of ints, which most indices are; None for others and for mistakes."""
    if len(items) > len(shape):
        return None
    basic: list[Any] = []
    last = ""
    for size, item in zip(shape, items, strict=False):
        kind = type(item)
        if kind is int:
            if not -size <= item < size:
                return None
            basic.append(item + size if item < 0 else item)
            last = "select"
        elif kind is slice:
            if type(item.start) not in _NUMBERS or type(item.stop) not in _NUMBERS or item.step not in (None, 1):
                return None
            start, stop, step = item.indices(size)
            if stop < start:
                stop = start
            basic.append(slice(start, stop, step))
            if start or stop != size or len(items) == 1:
                last = "slice"
        else:
            return None
    basic.append(...)
    return tuple(basic) if last else None, last, None


def _slice_of(item: slice, size: int) -> slice:
    try:
        start, stop, step = slice(*[_bound(bound) for bound in (item.start, item.stop, item.step)]).indices(size)
    except TypeError:
        raise TypeError("slice indices must be integers or None or have an __index__ method") from None
    if step <= 0:
        raise ValueError("step must be greater than zero: negative steps make no view in PyTorch; use flip()")
    return slice(start, max(start, stop), step)


def _bound(bound: Any) -> int | None:
    if bound is None or type(bound) is int:
        return bound
    if isinstance(bound, Tensor):
        return whole(bound, "slice", "bound")
    return operator.index(bound)
