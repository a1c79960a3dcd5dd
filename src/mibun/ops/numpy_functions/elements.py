"""Functions that put elements in other places: shapes, axes, joining, splitting, picking, padding.

Those that make a view of it in PyTorch too are written so. For all others NumPy itself is asked where each element
goes: the function is called on the numbers of the elements, and the result says which to take (`moved`). So all of its
arguments mean what they mean in NumPy, and the derivative is that of indexing.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import (
    NO_VALUE,
    array_of,
    axes_of,
    axis_of,
    cast,
    common,
    find,
    implements,
    ops,
    tensor_of,
    written,
)

# --- by the numbers of the elements ---

# Function -> the arguments whose elements it moves (a * is for a sequence of them). Number 0 is the element 0.
MOVING = {
    "append": "arr values",
    "apply_over_axes": None,
    "array_split": "ary",
    "block": "arrays*",
    "choose": "choices*",
    "compress": "a",
    "delete": "arr",
    "diag": "v",
    "diagflat": "v",
    "diagonal": "a",
    "dsplit": "ary",
    "extract": "arr",
    "fliplr": "m",
    "flipud": "m",
    "hsplit": "ary",
    "insert": "arr values",
    "linalg.diagonal": "x",
    "pad": "array constant_values",
    "repeat": "a",
    "resize": "a",
    "roll": "a",
    "rot90": "m",
    "select": "choicelist* default",
    "split": "ary",
    "take": "a",
    "take_along_axis": "arr",
    "tile": "A",
    "tril": "m",
    "triu": "m",
    "unstack": "x",
    "vsplit": "ary",
}


_NOT_OF_TENSORS = ("block",)  # where NumPy asks arguments for what PyTorch's tensors have otherwise


class _Pool:
    """Numbered elements of several operands."""

    def __init__(self) -> None:
        self.parts: list[Tensor] = []
        self.size = 1  # number 0 is a zero

    def numbers(self, value: Any) -> np.ndarray:
        """Add an operand; returns the numbers of its elements, in its shape."""
        tensor = tensor_of(value)
        numbers = np.arange(self.size, self.size + tensor.numel()).reshape(tuple(tensor.shape))
        self.size += tensor.numel()
        self.parts.append(tensor)
        return numbers

    def take(self, numbers: np.ndarray) -> Tensor:
        parts = common(self.parts)
        flat = ops.cat([ops.zeros(1, dtype=parts[0].dtype), *[part.reshape(-1) for part in parts]])
        return flat[np.ascontiguousarray(numbers)]


def moved(function: Any, data: Sequence[str], args: tuple, kwargs: dict[str, Any]) -> Any:
    """The result of a function of NumPy's that moves the elements of the arguments `data`."""
    signature = inspect.signature(function) if function is not np.pad else _PAD
    bound = signature.bind(*args, **kwargs)
    out = bound.arguments.pop("out", None)
    pool = _Pool()
    for name in list(bound.arguments):
        value = bound.arguments[name]
        if name + "*" in data:
            bound.arguments[name] = _numbered(value, pool)
        elif name in data:
            bound.arguments[name] = pool.numbers(value)
        else:
            bound.arguments[name] = array_of(value)
    result = function._implementation(*bound.args, **bound.kwargs)
    if isinstance(result, (list, tuple)):
        return type(result)([pool.take(numbers) for numbers in result])
    return written(pool.take(result), out, function.__name__)


def _numbered(value: Any, pool: _Pool) -> Any:
    if isinstance(value, (list, tuple)):
        return [_numbered(item, pool) for item in value]
    return pool.numbers(value)


def _pad(array, pad_width, mode="constant", constant_values=0):  # NumPy's has **kwargs
    raise NotImplementedError


_PAD = inspect.signature(_pad)


def _enter(name: str, data: Sequence[str]) -> None:
    function = find(name)

    def call(*args: Any, **kwargs: Any) -> Any:
        if function is np.pad:
            mode = args[2] if len(args) > 2 else kwargs.get("mode", "constant")
            if mode not in ("constant", "edge", "reflect", "symmetric", "wrap", "empty"):
                raise RuntimeError(
                    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. (np.pad "
                    f"has no derivative here in the mode {mode!r})"
                )
        return moved(function, data, args, kwargs)

    implements(name, always=name in _NOT_OF_TENSORS)(call)


for _name, _data in MOVING.items():
    if _data and find(_name) is not None:
        _enter(_name, _data.split())


# --- shapes and axes ---


def _shape(tensor: Tensor, shape: Any) -> tuple[int, ...]:
    sizes = [int(size) for size in (shape if isinstance(shape, (tuple, list, np.ndarray)) else (shape,))]
    if sizes.count(-1) == 1:
        known = math.prod([size for size in sizes if size != -1])
        if known and tensor.numel() % known == 0:
            sizes[sizes.index(-1)] = tensor.numel() // known
    if math.prod(sizes) != tensor.numel() or any(size < 0 for size in sizes):
        raise ValueError(f"cannot reshape array of size {tensor.numel()} into shape {tuple(sizes)}")
    return tuple(sizes)


def _by_order(tensor: Tensor, order: str) -> bool:
    """Whether elements are to be read with the first axis as the fastest one."""
    if order not in ("C", "F", "A", "K"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
    return order == "F" or (order in "AK" and tensor._array_.flags.fnc)


@implements("reshape")
def reshape(a: Any, /, shape: Any, order: str = "C", *, copy: bool | None = None) -> Tensor:
    tensor = tensor_of(a)
    sizes = _shape(tensor, shape)
    if _by_order(tensor, order):
        tensor = tensor.permute(*range(tensor.ndim)[::-1]).reshape(sizes[::-1])
        tensor = tensor.permute(*range(len(sizes))[::-1])
    else:
        tensor = tensor.reshape(sizes)
    return tensor.clone() if copy else tensor


@implements("ravel")
def ravel(a: Any, order: str = "C") -> Tensor:
    return reshape(a, -1, order)


@implements("transpose", "permute_dims")
def transpose(a: Any, axes: Any = None) -> Tensor:
    tensor = tensor_of(a)
    axes = range(tensor.ndim)[::-1] if axes is None else [axis_of(axis, tensor.ndim) for axis in axes]
    if len(axes) != tensor.ndim:
        raise ValueError("axes don't match array")
    return tensor.permute(*axes)


@implements("matrix_transpose", "linalg.matrix_transpose")
def matrix_transpose(x: Any, /) -> Tensor:
    tensor = tensor_of(x)
    if tensor.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {tensor.ndim}")
    return tensor.mT


@implements("swapaxes")
def swapaxes(a: Any, axis1: int, axis2: int) -> Tensor:
    tensor = tensor_of(a)
    return tensor.swapaxes(axis_of(axis1, tensor.ndim), axis_of(axis2, tensor.ndim))


@implements("moveaxis", always=True)
def moveaxis(a: Any, source: Any, destination: Any) -> Tensor:
    tensor = tensor_of(a)
    source, destination = axes_of(source, tensor.ndim), axes_of(destination, tensor.ndim)
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    return tensor.movedim(source, destination)


@implements("rollaxis", always=True)
def rollaxis(a: Any, axis: int, start: int = 0) -> Tensor:
    tensor = tensor_of(a)
    order = list(range(tensor.ndim))
    axis = axis_of(axis, tensor.ndim)
    start = start + tensor.ndim if start < 0 else start
    if not 0 <= start <= tensor.ndim:
        raise np.exceptions.AxisError(f"'start' arg requires {-tensor.ndim} <= start < {tensor.ndim + 1}")
    order.insert(start - (axis < start), order.pop(axis))
    return tensor.permute(*order)


@implements("squeeze", always=True)
def squeeze(a: Any, axis: Any = None) -> Tensor:
    tensor = tensor_of(a)
    if axis is None:
        return tensor.squeeze()
    axes = axes_of(axis, tensor.ndim)
    if any(tensor.shape[one] != 1 for one in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return tensor.squeeze(axes)


@implements("expand_dims")
def expand_dims(a: Any, axis: Any) -> Tensor:
    tensor = tensor_of(a)
    n = tensor.ndim + (len(axis) if isinstance(axis, (tuple, list)) else 1)
    for one in sorted(axes_of(axis, n)):
        tensor = tensor.unsqueeze(one)
    return tensor


@implements("broadcast_to")
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Tensor:
    shape = tuple(shape) if isinstance(shape, (tuple, list, np.ndarray)) else (shape,)
    np.broadcast_to(np.empty(tuple(tensor_of(array).shape)), shape)  # NumPy's error, if it does not fit
    return ops.broadcast_to(tensor_of(array), shape)


@implements("broadcast_arrays")
def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Tensor, ...]:
    return tuple(ops.broadcast_tensors(*[tensor_of(arg) for arg in args]))


@implements("meshgrid")
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Tensor, ...]:
    tensors = [tensor_of(x).reshape(-1) for x in xi]
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(tensors)
    axes = list(range(n))
    if indexing == "xy" and n > 1:
        axes[:2] = 1, 0
    grids = [
        tensor.reshape([-1 if other == axis else 1 for other in range(n)])
        for tensor, axis in zip(tensors, axes, strict=True)
    ]
    if not sparse:
        grids = [grid.broadcast_to(np.broadcast_shapes(*[tuple(g.shape) for g in grids])) for grid in grids]
    return tuple([grid.clone() for grid in grids] if copy else grids)


@implements("flip", always=True)
def flip(m: Any, axis: Any = None) -> Tensor:
    tensor = tensor_of(m)
    return tensor.flip(axes_of(axis, tensor.ndim))


def _at_least(n: int, arys: tuple) -> Any:
    made = [getattr(ops, f"atleast_{n}d")(tensor_of(ary)) for ary in arys]
    return made[0] if len(made) == 1 else tuple(made)


@implements("atleast_1d")
def atleast_1d(*arys: Any) -> Any:
    return _at_least(1, arys)


@implements("atleast_2d")
def atleast_2d(*arys: Any) -> Any:
    return _at_least(2, arys)


@implements("atleast_3d")
def atleast_3d(*arys: Any) -> Any:
    return _at_least(3, arys)


# --- joining ---


def _rows(arrays: Any) -> list[Tensor]:
    rows = (
        list(tensor_of(arrays).unbind()) if isinstance(arrays, (Tensor, np.ndarray)) else list(map(tensor_of, arrays))
    )
    if not rows:
        raise ValueError("need at least one array to concatenate")
    return common(rows)


@implements("concatenate", "concat")
def concatenate(
    arrays: Any, /, axis: Any = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Tensor:
    rows = _rows(arrays)
    if dtype is not None:
        for row in rows:
            if not np.can_cast(row._array_.dtype, np.dtype(dtype), casting):
                raise TypeError(f"Cannot cast array data from {row._array_.dtype} to {dtype} according to {casting!r}")
        rows = [cast(row, dtype) for row in rows]
    if axis is None:
        return written(ops.cat([row.reshape(-1) for row in rows]), out, "concatenate")
    shapes = [list(row.shape) for row in rows]
    if not shapes[0]:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = axis_of(axis, len(shapes[0]))
    for shape in shapes:
        if len(shape) != len(shapes[0]) or shape[:axis] + shape[axis + 1 :] != shapes[0][:axis] + shapes[0][axis + 1 :]:
            raise ValueError(
                "all the input array dimensions except for the concatenation axis must match exactly, but they are "
                f"{shapes}"
            )
    return written(ops.cat(rows, axis), out, "concatenate")


@implements("stack")
def stack(arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind") -> Tensor:
    rows = _rows(arrays)
    if len({tuple(row.shape) for row in rows}) != 1:
        raise ValueError("all input arrays must have the same shape")
    axis = axis_of(axis, rows[0].ndim + 1)
    return concatenate([row.unsqueeze(axis) for row in rows], axis, out, dtype=dtype, casting=casting)


@implements("vstack")
def vstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Tensor:
    return concatenate([ops.atleast_2d(row) for row in _rows(tup)], 0, dtype=dtype, casting=casting)


@implements("hstack")
def hstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Tensor:
    rows = [ops.atleast_1d(row) for row in _rows(tup)]
    return concatenate(rows, 0 if rows[0].ndim == 1 else 1, dtype=dtype, casting=casting)


@implements("dstack")
def dstack(tup: Any) -> Tensor:
    return concatenate([ops.atleast_3d(row) for row in _rows(tup)], 2)


@implements("column_stack")
def column_stack(tup: Any) -> Tensor:
    return concatenate([row if row.ndim > 1 else row.reshape(-1, 1) for row in _rows(tup)], 1)


# --- picking by value ---


@implements("where")
def where(condition: Any, x: Any = NO_VALUE, y: Any = NO_VALUE, /) -> Any:
    if x is NO_VALUE or y is NO_VALUE:
        return np.where(array_of(condition))
    condition = tensor_of(condition)
    if condition._array_.dtype.kind != "b":
        condition = condition != 0
    if not isinstance(x, (bool, int, float, complex)) and not isinstance(y, (bool, int, float, complex)):
        x, y = common([tensor_of(x), tensor_of(y)])
    else:  # a Python number takes the other's dtype
        dtype = np.result_type(
            *[v if isinstance(v, (bool, int, float, complex)) else tensor_of(v)._array_ for v in (x, y)]
        )
        x, y = cast(tensor_of(x), dtype), cast(tensor_of(y), dtype)
    return ops.where(condition, x, y)


@implements("sort")
def sort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None) -> Tensor:
    tensor, axis = _axis_or_flat(a, axis)
    _refuse_order(order)
    places = np.argsort(tensor._array_, axis, kind=kind, stable=stable)
    return ops.take_along_dim(tensor, tensor_of(places), axis)


@implements("partition")
def partition(a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Tensor:
    tensor, axis = _axis_or_flat(a, axis)
    _refuse_order(order)
    places = np.argpartition(tensor._array_, array_of(kth), axis, kind)
    return ops.take_along_dim(tensor, tensor_of(places), axis)


def _refuse_order(order: Any) -> None:
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")


@implements("argwhere", always=True)
def argwhere(a: Any) -> Tensor:
    return tensor_of(np.argwhere(array_of(a)))


@implements("sort_complex")
def sort_complex(a: Any) -> Tensor:
    return sort(cast(tensor_of(a), np.result_type(tensor_of(a)._array_.dtype, np.complex64)))


def _axis_or_flat(a: Any, axis: Any) -> tuple[Tensor, int]:
    tensor = tensor_of(a)
    return (tensor.reshape(-1), 0) if axis is None else (tensor, axis_of(axis, tensor.ndim))


@implements("trim_zeros")
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Tensor:
    tensor = tensor_of(filt)
    places = np.argwhere(tensor._array_ != 0)
    axes = axes_of(axis, tensor.ndim)
    index = []
    for one in range(tensor.ndim):
        first = places[:, one].min() if len(places) else 0
        last = places[:, one].max() + 1 if len(places) else 0
        n = tensor.shape[one]
        index.append(slice(first if "f" in trim and one in axes else 0, last if "b" in trim and one in axes else n))
    return tensor[tuple(index)]


@implements("copy")
def copy(a: Any, order: str = "K", subok: bool = False) -> Tensor:
    return tensor_of(a).clone()


@implements("full_like")
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    device: Any = None,
) -> Tensor:
    tensor, value = tensor_of(a), tensor_of(fill_value)
    shape = tuple(tensor.shape) if shape is None else tuple(np.atleast_1d(shape).tolist())
    return cast(value, tensor.dtype if dtype is None else dtype).broadcast_to(shape).clone()


@implements("astype", always=True)
def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Tensor:
    result = cast(x, dtype)
    return result.clone() if copy and result is x else result


@implements("size", always=True)
def size(a: Any, axis: Any = None) -> int:
    return math.prod([a.shape[one] for one in axes_of(axis, a.ndim)])
