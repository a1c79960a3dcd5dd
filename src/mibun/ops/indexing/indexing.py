"""Indexing with brackets: `x[...]` of every kind that PyTorch knows, read and written.

An index is taken apart once: what is basic (ints, slices, None, the ellipsis) makes a view; index arrays and masks,
turned into integer arrays on the axes of that view, then read (`index`) or write (`index_put`). Unlike NumPy, an int
beside index arrays is basic, so it never moves their axes.
"""

from __future__ import annotations

import math
import operator
import warnings
from typing import Any

import numpy as np

from ...core.mode import MODE
from ...core.registry import METHODS
from ...core.site import stacklevel
from ...core.tensor import Tensor, is_inference, wrap
from ...core.views import bump_version, edge_of, own_array, refuse_shared
from ...dispatch.apply import _PYTHON_NUMBERS, SCALARS
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ..shape.reshaping import expand_shape
from ..shape.strides import _alias

# --- the operators ---


def _read(xp: Any, input: Any, *, index: tuple) -> Any:
    return input[index]  # the index always has an ellipsis, which makes it a view in 0-d too


def _basic(name: str, node: str) -> Any:
    """One operator for a whole basic index, under the name of the node of its last step."""
    return op(linear, name=name, node=node, view=True, dtype=None,
              vjp=lambda xp, g, input_shape, index: xp.basic_index_embed(
                  g, shape=input_shape, index=index))(_read)  # fmt: skip


_select = _basic("select", "SelectBackward0")
_slice = _basic("basic_index", "SliceBackward0")
_insert = _basic("insert_dims", "UnsqueezeBackward0")
_last_step = {"select": _select, "slice": _slice, "unsqueeze": _insert}


@op(linear, name="basic_index_embed", dtype=None, vjp=lambda xp, g, index: xp.basic_index(g, index=index))
def _basic_index_embed(xp, input, *, shape, index):
    return xp.embed_index(input, shape, index)


@op(linear, name="index", dtype=None,
    vjp=lambda xp, g, input_shape, indices: xp.index_embed(g, shape=input_shape, indices=indices))  # fmt: skip
def _index(xp, input, *, indices):
    return xp.index_with(input, indices)


@op(linear, name="index_embed", dtype=None, vjp=lambda xp, g, indices: xp.index(g, indices=indices))
def _index_embed(xp, input, *, shape, indices):
    return xp.put_at(xp.zeros(shape, dtype=input.dtype), indices, input, "add")


@op(linear, name="index_flat", node="IndexBackward0", dtype=None,
    vjp=lambda xp, g, input_shape, positions: xp.index_flat_embed(
        g, shape=input_shape, positions=positions))  # fmt: skip
def _index_flat(xp, input, *, positions):
    return xp.index_with(xp.reshape(input, (-1,)), (positions,))


@op(linear, name="index_flat_embed", dtype=None, vjp=lambda xp, g, positions: xp.index_flat(g, positions=positions))
def _index_flat_embed(xp, input, *, shape, positions):
    flat = xp.zeros((math.prod(shape),), dtype=input.dtype)
    return xp.reshape(xp.put_at(flat, (positions,), input, "set"), shape)  # a mask has no place twice


def _index_put_input(xp: Any, g: Any, indices: tuple, accumulate: bool) -> Any:
    return g if accumulate else xp.index_clear(g, indices=indices)


@op(linear, name="index_put", dtype=None,
    vjp={"input": _index_put_input, "values": lambda xp, g, indices: xp.index(g, indices=indices)})  # fmt: skip
def _index_put(xp, input, values, *, indices, accumulate):
    return xp.put_at(input, indices, values, "add" if accumulate else "set")


@op(linear, name="index_clear", dtype=None, vjp=lambda xp, g, indices: xp.index_clear(g, indices=indices))
def _index_clear(xp, input, *, indices):
    return xp.put_at(input, indices, xp.zeros((), dtype=input.dtype), "set")


@op(linear, name="copy_from", node="CopyBackwards", dtype=None,
    vjp={"input": lambda xp, g: xp.zeros_like(g), "source": lambda xp, g: g})  # fmt: skip
def _copy_from(xp, input, source):
    return xp.astype(source, input.dtype)


# --- taking an index apart ---


def _items(index: Any) -> tuple:
    """The items of an index; a list of lists, slices or None counts as a tuple, as in PyTorch (with its warning)."""
    if type(index) is tuple:
        return index
    if isinstance(index, (list, range)) and len(index) < 32:
        for item in index:
            if item is None or item is Ellipsis or isinstance(item, (slice, list, tuple, range, np.ndarray, _tensor())):
                warnings.warn(
                    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
                    "pytorch 2.9; use x[tuple(seq)] instead of x[seq].",
                    UserWarning,
                    stacklevel=stacklevel(),
                )
                return tuple(index)
    return tuple(index) if isinstance(index, tuple) else (index,)


def _tensor() -> type:

    return Tensor


def _bad_index(item: Any) -> IndexError:
    return IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
        f"(got {type(item).__name__})"
    )


def _index_array(item: Any) -> Any:
    """The array of an index that is a tensor, array or sequence."""
    array = getattr(item, "_array_", None)
    if array is None:
        if isinstance(item, str):
            raise TypeError("new(): invalid data type 'str'")
        array = item if isinstance(item, np.ndarray) else np.asarray(_plain(item))
        if array.size == 0 and not isinstance(item, np.ndarray):
            array = array.astype(np.int64)
    elif not isinstance(array, (np.ndarray, np.generic)):
        array = np.asarray(array)
    if array.dtype.kind != "b" and array.dtype not in (np.int64, np.int32, np.uint8):
        raise IndexError(f"tensors used as indices must be long, int, byte or bool tensors, but got {array.dtype}")
    return array


def _plain(item: Any) -> Any:
    if isinstance(item, (list, tuple, range)):
        return [_plain(part) for part in item]
    array = getattr(item, "_array_", None)
    return item if array is None else np.asarray(array).tolist()


def parse(shape: tuple[int, ...], index: Any) -> tuple[tuple | None, str, tuple | None]:
    """Take an index of a tensor of this shape apart.

    Returns (basic index with an ellipsis, or None where it is the whole tensor; the name of its last step; the integer
    arrays on the axes of the view, None for a whole axis, or None where there are no arrays).
    """
    items = _items(index)
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
        elif kind is np.bool_:
            prepared.append(bool(item))
        elif not isinstance(item, Tensor) and hasattr(item, "__index__") and not isinstance(item, np.ndarray):
            prepared.append(operator.index(item))
            used += 1
        elif isinstance(item, Tensor) or isinstance(item, (list, tuple, range, np.ndarray, str)):
            array = _index_array(item)
            if array.dtype == np.uint8:
                warnings.warn(
                    "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.",
                    UserWarning,
                    stacklevel=stacklevel(),
                )
                array = array.astype(bool)
            if array.dtype.kind == "b":
                prepared.append(array if array.ndim else bool(array))
                used += array.ndim
            else:
                prepared.append(array if array.ndim else int(array))
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
            arrays.extend(np.nonzero(item))
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


def _slice_of(item: slice, size: int) -> slice:
    try:
        start, stop, step = slice(*[_bound(bound) for bound in (item.start, item.stop, item.step)]).indices(size)
    except TypeError:
        raise TypeError("slice indices must be integers or None or have an __index__ method") from None
    if step <= 0:
        raise ValueError("step must be greater than zero: negative steps make no view in PyTorch; use flip()")
    return slice(start, max(start, stop), step)


def _bound(bound: Any) -> Any:
    if bound is None or type(bound) is int:
        return bound
    if isinstance(bound, Tensor):
        return whole(bound, "slice", "bound")
    return operator.index(bound)


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
    if private:
        return tuple([None if index is None else np.array(index, np.int64) for index in indices])
    return indices


def _check_bounds(shape: tuple[int, ...], indices: tuple) -> None:
    for dim, (size, index) in enumerate(zip(shape, indices, strict=False)):
        if index is not None and index.size:
            low, high = index.min(), index.max()
            if low < -size or high >= size:
                wrong = low if low < -size else high
                raise IndexError(f"index {wrong} is out of bounds for dimension {dim} with size {size}")


# --- reading and writing ---


def _getitem(self: Any, index: Any) -> Any:
    """`self[index]`: a view for ints, slices, None and the ellipsis; a copy for masks and index arrays."""
    shape = self._array_.shape
    if type(index) is int and shape:
        size = shape[0]
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of bounds for dimension 0 with size {size}")
        return _select(self, index=(index + size if index < 0 else index, ...))
    mask = getattr(index, "_array_", None)
    if type(mask) is np.ndarray and mask.dtype == np.bool_ and mask.shape == shape and mask.ndim > 1:
        return _index_flat(self, positions=mask.reshape(-1).nonzero()[0])  # quicker than by an index for each axis
    basic, last, indices = parse(shape, index)
    if indices is None:
        return _alias(self) if basic is None else _last_step[last](self, index=basic)
    view = self if basic is None else _last_step[last](self, index=basic)
    return _index_checked(view, indices)


def _index_checked(view: Any, indices: tuple) -> Any:
    indices = _broadcast(indices, edge_of(view) is not None or MODE.get().dual_level >= 0)
    try:
        return _index(view, indices=indices)
    except IndexError:
        _check_bounds(view._array_.shape, indices)
        raise


def _setitem(self: Any, index: Any, value: Any) -> None:
    """`self[index] = value`, recorded where it must be. value: a tensor that broadcasts, or a number."""
    number: Any = value
    if not isinstance(value, _tensor()):
        if not isinstance(value, SCALARS):
            raise TypeError(f"can't assign a {_type_name(value)} to a torch.{self.dtype.scalar_name}Tensor")
        if type(value) not in _PYTHON_NUMBERS:
            value = number.item()
    if index is False:
        return
    if type(index) is slice and index == slice(None) and self._array_.ndim:
        index = ...  # PyTorch writes into the tensor itself, not into a view of it
    basic, last, indices = parse(self._array_.shape, index)
    # A number in a tensor of another dtype may be written where a mask is true, as `masked_fill` does.
    by_mask = getattr(getattr(index, "_array_", None), "dtype", None) == np.bool_
    mode = MODE.get()
    recorded = (
        (mode.grad and (edge_of(self) is not None or (isinstance(value, Tensor) and edge_of(value) is not None)))
        or not mode.fast
        or is_inference(self)
        or not isinstance(self._array_, (np.ndarray, np.generic))
    )
    if recorded:
        view = self if basic is None else _last_step[last](self, index=basic)
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
                source = source.real
        else:
            source = number_for(value, self)
        refuse_shared(target)
        target[...] = source
    else:
        indices, source = _prepare_put(self, target.shape, indices, value, by_mask)
        refuse_shared(target)
        target[_numpy_index(indices)] = source if not isinstance(source, Tensor) else source._array_
    bump_version(self, "__setitem__")


def _numpy_index(indices: tuple) -> tuple:
    return tuple([slice(None) if index is None else index for index in indices])


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _without_leading_ones(value: Any, ndim: int) -> Any:
    """PyTorch drops leading dimensions of size 1 of what is assigned."""
    shape = value._array_.shape
    extra = len(shape) - ndim
    if extra > 0 and all([size == 1 for size in shape[:extra]]):
        return value.reshape(shape[extra:])
    return value


def _check_expands(source: Any, target: Any) -> None:
    own = source._array_.shape
    wanted = tuple(target.shape)
    if own != wanted:
        expand_shape(own, wanted, source)


def number_for(value: Any, target: Any) -> Any:
    """A Python number as it is stored in a tensor's dtype. RuntimeError where it does not fit."""
    dtype = target._array_.dtype
    kind = dtype.kind
    result: Any = value
    overflow = f"value cannot be converted to type {target.dtype} without overflow: {value}"
    if isinstance(value, complex) and kind != "c":
        if value.imag != 0:
            raise RuntimeError(overflow)
        result = value.real
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
    self: Any, shape: tuple[int, ...], indices: tuple, value: Any, by_mask: bool = False
) -> tuple[tuple, Any]:
    """The indices and the value of an assignment to `view[indices]`, checked."""
    indices = _broadcast(indices, False)
    _check_bounds(shape, indices)
    if not isinstance(value, Tensor):
        return indices, number_for(value, self)
    array = value._array_
    result_shape = _result_shape(shape, indices)
    if array.dtype != self._array_.dtype:
        if array.size != 1 or not by_mask:
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{self.dtype.scalar_name} for the destination and {value.dtype.scalar_name} for the source."
            )
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


def _result_shape(shape: tuple[int, ...], indices: tuple) -> tuple[int, ...]:
    """The shape of `x[indices]`."""
    axes = [axis for axis, index in enumerate(indices) if index is not None]
    inner = tuple(np.broadcast_shapes(*[indices[axis].shape for axis in axes]))
    rest = [size for axis, size in enumerate(shape) if axis >= len(indices) or indices[axis] is None]
    first = axes[0] if axes == list(range(axes[0], axes[-1] + 1)) else 0
    return (*rest[:first], *inner, *rest[first:])


def _put_recorded(view: Any, indices: tuple, value: Any, accumulate: bool = False, by_mask: bool = False) -> Any:
    indices, value = _prepare_put(view, view._array_.shape, indices, value, by_mask)
    indices = _broadcast(indices, True)
    if not isinstance(value, Tensor):
        value = wrap(view._array_.dtype.type(value))
    params = {"indices": indices, "accumulate": accumulate}
    return apply_inplace(_index_put, (view, value), params, "index_put_")


METHODS["__getitem__"] = _getitem
METHODS["__setitem__"] = _setitem


def _delitem(self: Any, index: Any) -> None:
    """TypeError: a tensor has its size."""
    raise TypeError("Tensor does not support deleting items: make another one of those that are to stay")


METHODS["__delitem__"] = _delitem


# --- the named forms ---


def _given_indices(input: Any, indices: Any, name: str) -> tuple[Any, tuple]:
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
        array = np.asarray(_index_array(index))
        if array.dtype.kind == "b" or array.dtype == np.uint8:
            for i, size in enumerate(array.shape):
                if len(arrays) + i >= len(shape) or size != shape[len(arrays) + i]:
                    raise IndexError(
                        f"The shape of the mask {list(array.shape)} at index {i} does not match the shape of the "
                        f"indexed tensor {list(shape)} at index {len(arrays) + i}"
                    )
            arrays.extend(np.nonzero(array))
        else:
            arrays.append(array)
    if len(arrays) > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)} (got {len(arrays)})")
    if not arrays:
        raise IndexError(f"{name}(): indices must hold at least one tensor")
    return input, tuple(arrays)


@public()
def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy of the input with `values` written at the index tensors `indices` (a tuple, one for each dimension).

    values: a tensor of the input's dtype that broadcasts. accumulate: add instead of replacing; several values for one
    place then add up.
    """
    check_tensor(input, "index_put")
    check_tensor(values, "index_put", "values", 3)
    _, arrays = _given_indices(input, indices, "index_put")
    arrays, values = _prepare_put(input, input._array_.shape, arrays, values)
    return _index_put(input, values, indices=_broadcast(arrays, True), accumulate=bool(accumulate))


@public(method=True)
def index_put_(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """`index_put`, into the input itself."""
    check_tensor(input, "index_put_")
    check_tensor(values, "index_put_", "values", 3)
    _, arrays = _given_indices(input, indices, "index_put_")
    return _put_recorded(input, arrays, values, bool(accumulate))


@public()
def select(input: Any, dim: int, index: int) -> Any:
    """One slice along a dimension, without that dimension. A view. IndexError out of range."""
    check_tensor(input, "select")
    shape = input._array_.shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), "select")
    index = whole(index, "select", "index")
    size = shape[dim]
    if not -size <= index < size:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(shape)} at dimension {dim}")
    return _select(input, index=(*(slice(None),) * dim, index % size, ...))


@public()
def narrow(input: Any, dim: int, start: Any, length: int) -> Any:
    """`length` slices along a dimension, from `start`. A view. RuntimeError where they are not all there."""
    check_tensor(input, "narrow")
    shape = input._array_.shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), "narrow")
    start, length = whole(start, "narrow", "start"), whole(length, "narrow", "length")
    size = shape[dim]
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [-{size}, {size}], but got {start})")
    if start < 0:
        start += size
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_along(input, dim, start, start + length)


def slice_along(input: Any, dim: int, start: int, stop: int, step: int = 1) -> Any:
    """`input[..., start:stop:step, ...]` along one dimension, all of it in range."""
    return _slice(input, index=(*(slice(None),) * dim, slice(start, stop, step), ...))
