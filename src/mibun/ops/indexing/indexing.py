"""Indexing with brackets, `x[...]`, read and written; `index_put`.

An index is taken apart once (`index_items.py`): what is basic (ints, slices, None, the ellipsis) makes a view
(`slicing.py`); index arrays and masks, turned into integer arrays on the axes of that view, then read (`index`) or
write (`index_put`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import setitem
from typing import Any

import numpy as np

from ...core.batching import BatchedTensor, check_range
from ...core.mode import MODE
from ...core.quiet import silently
from ...core.registry import LEADING, Array, beside, is_batched, is_numpys, namespace_of
from ...core.tensor import Tensor, is_inference, wrap
from ...core.views import bump_version, edge_of, own_array, refuse_shared
from ...dispatch.apply import _PYTHON_NUMBERS, SCALARS
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.once import warn_of_lost_imaginary_parts
from ...dispatch.public import public
from ...dispatch.torch_function import ask
from ..annotations import Number
from ..pointwise.where import where
from ..shape.broadcasting import expand_shape
from ..shape.detaching import alias
from .examples_indices import differ, masked_place, read_at, refuse_masks, stacked, write_at
from .index_items import index_array, parse, positions_of_true
from .slicing import last_step, select_basic, slice_basic


@op(
    linear,
    name="index",
    dtype=None,
    vjp=lambda xp, g, input_shape, indices: xp.index_embed(g, shape=input_shape, indices=indices),
)
def _index(xp, input, *, indices):
    return xp.index_with(input, indices)


@op(linear, name="index_embed", dtype=None, vjp=lambda xp, g, indices: xp.index(g, indices=indices))
def _index_embed(xp, input, *, shape, indices):
    return xp.put_at(xp.zeros(shape, dtype=input.dtype), indices, input, "add")


@op(
    linear,
    name="index_flat",
    node="IndexBackward0",
    dtype=None,
    vjp=lambda xp, g, input_shape, positions: xp.index_flat_embed(g, shape=input_shape, positions=positions),
)
def _index_flat(xp, input, *, positions):
    return xp.index_with(xp.reshape(input, (-1,)), (positions,))


@op(linear, name="index_flat_embed", dtype=None, vjp=lambda xp, g, positions: xp.index_flat(g, positions=positions))
def _index_flat_embed(xp, input, *, shape, positions):
    flat = xp.zeros((math.prod(shape),), dtype=input.dtype)
    return xp.reshape(xp.put_at(flat, (positions,), input, "set"), shape)  # a mask has no place twice


def _index_put_input(xp: Any, g: Array, indices: tuple, accumulate: bool) -> Array:
    return g if accumulate else xp.index_clear(g, indices=indices)


@op(
    linear,
    name="index_put",
    dtype=None,
    vjp={"input": _index_put_input, "values": lambda xp, g, indices: xp.index(g, indices=indices)},
)
def _index_put(xp, input, values, *, indices, accumulate):
    return xp.put_at(input, indices, values, "add" if accumulate else "set")


@op(linear, name="index_clear", dtype=None, vjp=lambda xp, g, indices: xp.index_clear(g, indices=indices))
def _index_clear(xp, input, *, indices):
    return xp.put_at(input, indices, xp.zeros((), dtype=input.dtype), "set")


@op(
    linear,
    name="copy_from",
    node="CopyBackwards",
    dtype=None,
    vjp={"input": lambda xp, g: xp.zeros_like(g), "source": lambda xp, g: g},
)
def _copy_from(xp, input, source):
    return xp.astype(source, input.dtype)


def _broadcast(indices: tuple, private: bool) -> tuple:
    """The index arrays, checked to broadcast; copied if a graph is to keep them, which the user may yet modify."""
    arrays = [index for index in indices if index is not None]
    if len(arrays) > 1 and any([array.shape != arrays[0].shape for array in arrays]):
        try:
            np.broadcast_shapes(*[array.shape for array in arrays])
        except ValueError:
            shapes = ", ".join([str(list(array.shape)) for array in arrays])
            raise IndexError(
                f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
            ) from None
    if private and not differ(indices):
        return tuple([None if index is None else _own_index(index) for index in indices])
    return indices


def _own_index(index: Array) -> Array:
    if isinstance(index, (np.ndarray, np.generic)):
        return index.astype(np.int64)
    return namespace_of(index).astype(index, np.int64, copy=True)


def indices_beside(view: Tensor, indices: tuple) -> tuple:
    """Index arrays as arrays of the library that the tensor's array is of. Where they are on a device that it is not
    on, RuntimeError, unless it is the CPU.
    """
    array = view._array_
    if type(array) is np.ndarray and all([index is None or type(index) is np.ndarray for index in indices]):
        return indices
    xp = namespace_of(array)
    for index in indices:
        if index is None or is_numpys(type(index)) or is_batched(index) or namespace_of(index) is xp:
            continue
        if is_batched(array) and namespace_of(index) is xp.below:
            continue
        if type(array) in LEADING:
            continue
        raise RuntimeError(
            f"indices should be either on cpu or on the same device as the indexed tensor ({xp.device_of(array)})"
        )
    return tuple(beside(xp, indices))


def _check_bounds(shape: tuple[int, ...], indices: tuple) -> None:
    """IndexError for an index that is too large or too small."""
    for dim, (size, index) in enumerate(zip(shape, indices, strict=False)):
        if index is not None:
            words = f"is out of bounds for dimension {dim} with size {size}"
            check_range(index, -size, size, lambda wrong, words=words: IndexError(f"index {wrong} {words}"))


# --- reading and writing ---

_FEW = 64  # first indices for which the parameters are the same objects each time: a graph may have many such nodes
_AT = [{"index": (i, ...)} for i in range(_FEW)]


@public("__getitem__", function=False)
def _getitem(self: Tensor, index: Any) -> Tensor:
    """`self[index]`: a view for ints, slices, None and the ellipsis; a copy for masks and index arrays.

    Index arrays (int64, int32) broadcast; a bool mask counts as the indices of its true elements. Unlike in NumPy an
    int beside index arrays counts as a slice of one element. Of a copy the gradient is added up at the indices.

    IndexError where an index is out of range, or a mask of another shape; ValueError for a step that is not positive.

    >>> import mibun as torch
    >>> x = torch.tensor([[1, 2], [3, 4]])
    >>> x[:, 0], x[x > 2]
    (tensor([1, 3]), tensor([3, 4]))
    """
    shape = self._array_.shape
    if type(index) is int and shape:
        size = shape[0]
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of bounds for dimension 0 with size {size}")
        if index < 0:
            index += size
        return select_basic.one(self, _AT[index] if index < _FEW else {"index": (index, ...)})
    if type(index) is slice and shape and index.step is None:
        start, stop = index.start, index.stop
        if (start is None or type(start) is int) and (stop is None or type(stop) is int):
            start, stop, step = index.indices(shape[0])
            return slice_basic.one(self, {"index": (slice(start, stop if stop > start else start, step), ...)})
    mask = getattr(index, "_array_", None)
    if type(mask) is np.ndarray and mask.dtype == np.bool_ and mask.shape == shape and mask.ndim > 1:
        return _index_flat(self, positions=mask.reshape(-1).nonzero()[0])  # quicker than by an index for each axis
    try:
        basic, last, indices = parse(shape, index)
    except (IndexError, TypeError):
        answer = ask(_getitem, (self, index), {})
        if answer is NotImplemented:
            raise
        return answer
    if indices is None:
        return alias(self) if basic is None else last_step[last].one(self, {"index": basic})
    view = self if basic is None else last_step[last](self, index=basic)
    return _index_checked(view, indices)


def _index_checked(view: Tensor, indices: tuple) -> Tensor:
    indices = _broadcast(indices, edge_of(view) is not None or MODE.get().dual_level >= 0)
    indices = indices_beside(view, indices)
    array = view._array_
    if not isinstance(array, (np.ndarray, np.generic)) and not is_batched(array):  # which have no errors of their own
        _check_bounds(view._array_.shape, indices)
    if differ(indices):
        index, axes = stacked(indices)
        _check_bounds(view._array_.shape, indices)
        return read_at(view, index, axes=axes)
    try:
        return _index(view, indices=indices)
    except IndexError as error:
        words = str(error)
    try:
        _check_bounds(view._array_.shape, indices)
    except IndexError as error:  # whose words are better
        words = str(error)
    raise IndexError(words)


@public("__setitem__", function=False)
def _setitem(self: Tensor, index: Any, value: Any) -> None:
    """`self[index] = value`, recorded where it must be.

    index: as for reading. value: a tensor that broadcasts to what the index shows, or a number. Where an index array
    names a place twice, the last value counts. RuntimeError where shapes or dtypes do not fit.

    >>> import mibun as torch
    >>> x = torch.zeros(3)
    >>> x[1:] = 5
    >>> x
    tensor([0., 5., 5.])
    """
    if type(self._array_) in LEADING:
        raise TypeError("Cannot assign to a sparse tensor")
    number: Any = value
    if not isinstance(value, Tensor):
        if not isinstance(value, SCALARS):
            if ask(_setitem, (self, index, value), {}) is not NotImplemented:
                return
            raise TypeError(f"can't assign a {_type_name(value)} to a torch.{self.dtype.scalar_name}Tensor")
        if type(value) not in _PYTHON_NUMBERS:
            value = number.item()
    if index is False:
        return
    if type(index) is slice and index == slice(None) and self._array_.ndim:
        index = ...  # PyTorch writes into the tensor itself, not into a view of it
    try:
        basic, last, indices = parse(self._array_.shape, index)
    except (IndexError, TypeError):
        if ask(_setitem, (self, index, value), {}) is NotImplemented:
            raise
        return
    # A number in a tensor of another dtype may be written where a mask is true, as `masked_fill` does.
    by_mask = getattr(getattr(index, "_array_", None), "dtype", None) == np.bool_
    mode = MODE.get()
    recorded = (
        (mode.grad and (edge_of(self) is not None or (isinstance(value, Tensor) and edge_of(value) is not None)))
        or not mode.fast
        or is_inference(self)
        or not isinstance(self._array_, (np.ndarray, np.generic))
        or isinstance(value, BatchedTensor)
        or (indices is not None and differ(indices))
    )
    if recorded:
        view = self if basic is None else last_step[last](self, index=basic)
        if indices is not None:
            _put_recorded(view, indices, value, by_mask=by_mask)
        elif isinstance(value, Tensor):
            source = _without_leading_ones(value, view._array_.ndim)
            _check_expands(source, view)
            if source._array_.ndim == 0 and view._array_.ndim:
                view.fill_(source)
                return
            if source._array_.shape != view._array_.shape:
                source = source.expand(view._array_.shape)
            warn_of_lost_imaginary_parts(source._array_.dtype, view._array_.dtype)
            apply_inplace(_copy_from, (view, source), {}, "copy_")
        else:
            view.fill_(wrap(view._array_.dtype.type(number_for(value, view))))
        return
    target = own_array(self)
    if basic is not None:
        target = target[basic]
    if indices is None:
        if isinstance(value, Tensor):
            source = _without_leading_ones(value, target.ndim)
            _check_expands(source, target)
            source = source._array_
            if source.dtype.kind == "c" and target.dtype.kind != "c":
                warn_of_lost_imaginary_parts(source.dtype, target.dtype)
                source = source.real
        else:
            source = number_for(value, self)
        refuse_shared(target)
        silently(setitem, target, ..., source)
    else:
        indices, source = _prepare_put(self, target.shape, indices, value, by_mask)
        refuse_shared(target)
        source = source if not isinstance(source, Tensor) else source._array_
        silently(setitem, target, _numpy_index(indices), source)
    bump_version(self, "__setitem__")


def _numpy_index(indices: tuple) -> tuple:
    return tuple([slice(None) if index is None else index for index in indices])


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _without_leading_ones(value: Tensor, ndim: int) -> Tensor:
    """PyTorch drops leading dimensions of size 1 of what is assigned."""
    shape = value._array_.shape
    extra = len(shape) - ndim
    if extra > 0 and all([size == 1 for size in shape[:extra]]):
        return value.reshape(shape[extra:])
    return value


def _check_expands(source: Tensor, target: Any) -> None:
    own = source._array_.shape
    wanted = tuple(target.shape)
    if own != wanted:
        expand_shape(own, wanted, source)


def number_for(value: Number, target: Tensor) -> Any:
    """A Python number as it is stored in a tensor's dtype. RuntimeError where it does not fit."""
    dtype = target._array_.dtype
    kind = dtype.kind
    result: Any = value
    overflow = f"value cannot be converted to type {target.dtype} without overflow: {value}"
    if isinstance(value, complex) and kind != "c":
        if value.imag != 0:
            raise RuntimeError(overflow)
        result = value.real
    if dtype.char == "e":
        with np.errstate(over="ignore"):
            return float(np.float32(result))  # PyTorch rounds by way of float32
    if kind in "iu":
        if isinstance(result, float):
            if result != result or result in (float("inf"), float("-inf")):
                raise RuntimeError(overflow)
            result = int(result)
        if not -(2**63) <= result < 2**63:
            raise ValueError(f"Overflow when unpacking long long: {value}")
        info = np.iinfo(dtype)
        if not (-info.max - 1 if kind == "u" else info.min) <= result <= info.max:
            raise RuntimeError(overflow)
        if kind == "u":
            result &= info.max
    return bool(result) if kind == "b" else result


def _prepare_put(
    self: Tensor, shape: tuple[int, ...], indices: tuple, value: Tensor | Number, by_mask: bool = False
) -> tuple[tuple, Any]:
    """The indices and the value of an assignment to `view[indices]`, checked."""
    indices = _broadcast(indices, False)
    _check_bounds(shape, indices)
    if not isinstance(value, Tensor):
        return indices, number_for(value, self)
    array = value._array_
    result_shape = _result_shape(shape, indices)
    if array.dtype != self._array_.dtype:
        _check_put_dtype(self, value, by_mask)
        value = value.to(self.dtype)
    value = _without_leading_ones(value, len(result_shape))
    own = value._array_.shape
    try:
        fits = np.broadcast_shapes(own, result_shape) == result_shape
    except ValueError:
        fits = False
    if not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(own)} cannot be broadcast to indexing result of shape "
            f"{list(result_shape)}"
        )
    return indices, value


def _check_put_dtype(self: Tensor, value: Tensor, by_mask: bool) -> None:
    if value._array_.dtype != self._array_.dtype and (value._array_.size != 1 or not by_mask):
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{self.dtype.scalar_name} for the destination and {value.dtype.scalar_name} for the source."
        )


def _result_shape(shape: tuple[int, ...], indices: tuple) -> tuple[int, ...]:
    """The shape of `x[indices]`."""
    axes = [axis for axis, index in enumerate(indices) if index is not None]
    inner = tuple(np.broadcast_shapes(*[indices[axis].shape for axis in axes]))
    rest = [size for axis, size in enumerate(shape) if axis >= len(indices) or indices[axis] is None]
    first = axes[0] if axes == list(range(axes[0], axes[-1] + 1)) else 0
    return (*rest[:first], *inner, *rest[first:])


def _put_recorded(
    view: Tensor, indices: tuple, value: Tensor | Number, accumulate: bool = False, by_mask: bool = False
) -> Tensor:
    if differ(indices) and not accumulate:
        place = masked_place(view._array_.shape, indices, value)
        if place is not None:
            mask, value = place
            if not isinstance(value, Tensor):
                return view.masked_fill_(mask, number_for(value, view))
            _check_put_dtype(view, value, by_mask)
            return apply_inplace(_copy_from, (view, where(mask, value.to(view.dtype), view)), {}, "copy_")
    refuse_masks(indices)
    indices, value = _prepare_put(view, view._array_.shape, indices, value, by_mask)
    indices = indices_beside(view, _broadcast(indices, True))
    if not isinstance(value, Tensor):
        value = wrap(view._array_.dtype.type(value))
    if differ(indices):
        index, axes = stacked(indices)
        return apply_inplace(write_at, (view, value, index), {"axes": axes, "accumulate": accumulate}, "index_put_")
    params = {"indices": indices, "accumulate": accumulate}
    return apply_inplace(_index_put, (view, value), params, "index_put_")


@public("__delitem__", function=False)
def _delitem(self: Tensor, index: Any) -> None:
    """TypeError: a tensor has its size."""
    raise TypeError("Tensor does not support deleting items: make another one of those that are to stay")


# --- index_put ---


def _given_indices(input: Tensor, indices: Sequence[Tensor | None], name: str) -> tuple[Any, tuple]:
    """The index arrays of `index_put`, masks made into integers."""
    if not isinstance(indices, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'indices' (position 1) must be tuple of Tensors, not {type(indices).__name__}"
        )
    for i, index in enumerate(indices):
        if not isinstance(index, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(index).__name__}")
    arrays: list[Any] = []
    shape = input._array_.shape
    for index in indices:
        array = index_array(index)
        if array.dtype.kind == "b" or array.dtype == np.uint8:
            for i, size in enumerate(array.shape):
                if len(arrays) + i >= len(shape) or size != shape[len(arrays) + i]:
                    raise IndexError(
                        f"The shape of the mask {list(array.shape)} at index {i} does not match the shape of the "
                        f"indexed tensor {list(shape)} at index {len(arrays) + i}"
                    )
            if is_batched(array):
                arrays.extend([array, *[None] * (array.ndim - 1)])
            else:
                arrays.extend(positions_of_true(array))
        else:
            arrays.append(array)
    if len(arrays) > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)} (got {len(arrays)})")
    if not arrays:
        raise IndexError(f"{name}(): indices must hold at least one tensor")
    return input, tuple(arrays)


@public("index_put")
def index_put(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of the input with values written at index tensors: what `input[indices] = values` does in place.

    Args:
        input: of any dtype.
        indices: a tuple of tensors (int64 or int32, or bool masks), one for each dimension; they broadcast.
        values: a tensor of the input's dtype that broadcasts to what the indices show.
        accumulate: add instead of replacing; several values for one place then add up.

    Returns:
        a new tensor of the input's shape.

    Raises:
        IndexError: for indices out of range, too many of them, or masks of another shape.
        RuntimeError: where values do not fit.

    >>> import mibun as torch
    >>> torch.index_put(torch.zeros(3), (torch.tensor([0, 0]),), torch.ones(2), accumulate=True)
    tensor([2., 0., 0.])
    """
    check_tensor(input, "index_put")
    check_tensor(values, "index_put", "values", 3)
    _, arrays = _given_indices(input, indices, "index_put")
    place = None if accumulate else masked_place(input._array_.shape, arrays, values)
    if place is not None:
        mask, values = place
        _check_put_dtype(input, values, True)
        return where(mask, values.to(input.dtype), input)
    refuse_masks(arrays)
    arrays, values = _prepare_put(input, input._array_.shape, arrays, values)
    if differ(arrays):
        index, axes = stacked(arrays)
        return write_at(input, values, index, axes=axes, accumulate=bool(accumulate))
    return _index_put(input, values, indices=_broadcast(arrays, True), accumulate=bool(accumulate))


@public("index_put_", method=True)
def index_put_(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """`index_put`, into the input itself."""
    check_tensor(input, "index_put_")
    check_tensor(values, "index_put_", "values", 3)
    _, arrays = _given_indices(input, indices, "index_put_")
    return _put_recorded(input, arrays, values, bool(accumulate))
