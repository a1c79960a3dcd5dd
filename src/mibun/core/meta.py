"""Arrays without data, of tensors on the device "meta": shape, dtype and order in memory, and nothing is computed.

A MetaArray is an ndarray in memory that is reserved and never touched, so that it costs nothing but addresses. NumPy's
functions come here (`__array_ufunc__`, `__array_function__`): a ufunc's result has the shape and dtype that it would
have, other functions run on zeros that are all the same one. So kernels, rules and wrappers run unchanged, and plain
arrays pay nothing.
"""

from __future__ import annotations

import math
import mmap
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import numpy as np

from .device import device as _device
from .registry import called_by_user

META = _device("meta")
IN_KERNEL: ContextVar[bool] = ContextVar("mibun_meta_kernel", default=False)  # see xp/meta.py
# What these give depends on the values.
_NEEDS_VALUES = {np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.extract, np.bincount}


# These look at the same memory, so that strides are what they would be.
_VIEWS = {
    *(np.broadcast_to, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.diagonal, np.flip),
    *(np.broadcast_arrays, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.real, np.imag),
}


# These have the shape of their operands, broadcast, and these lose axes by their second argument.
_LIKE = {np.copy, np.ones_like, np.zeros_like, np.empty_like, np.full_like, np.clip, np.isclose, np.nan_to_num}
_REDUCTIONS = {np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.any, np.all, np.std, np.var}


class NeedsStandIns(RuntimeError):
    """A kernel writes into memory of its own: it is to run on zeros in the place of the data that there is not."""


class NeedsValues(NotImplementedError):
    """What a function gives, or whether it accepts its arguments, depends on values that there are not."""


class MetaArray(np.ndarray):
    """An array of which only shape, dtype and strides count. `device`: that of its Tensor, "meta" unless told."""

    device: Any = META

    def __array_finalize__(self, source: Any) -> None:
        if source is not None and type(source) is MetaArray and source.device is not META:
            self.device = source.device

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is not None:
            if any([not isinstance(one, MetaArray) for one in (out if isinstance(out, tuple) else (out,))]):
                raise NeedsStandIns("Tensor on device meta is not on the expected device cpu!")
            targets = out if isinstance(out, tuple) else (out,)
            if method == "at":
                return None
            return targets[0] if len(targets) == 1 else targets
        if method == "at":
            return None
        if method == "__call__" and ufunc.signature is None:
            return _pointwise(ufunc, inputs, kwargs, self.device)
        if ufunc is np.matmul and method == "__call__":
            return _product(inputs, self.device)
        if method == "reduce":
            operand, *others = inputs
            inputs = (_thin(operand, others[0] if others else kwargs.get("axis", 0)), *others)
        stand_ins = [_stand_in(one) for one in inputs]
        return without_values(getattr(ufunc, method)(*stand_ins, **kwargs), self.device)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func in _NEEDS_VALUES:
            raise needs_values(func.__name__)
        if func is np.copyto:
            return None
        if func is np.where and len(args) == 3 or func in _LIKE:
            return _pointwise(func, args, kwargs, self.device)
        if func in _REDUCTIONS and isinstance(next(iter(args), None), MetaArray):
            axis = args[1] if len(args) > 1 else kwargs.get("axis")
            found = func(_stand_in(_thin(args[0], axis)), *args[1:], **kwargs)
            return without_values(found, self.device)
        if func in _VIEWS:
            found = func(*_as_arrays(args), **{key: _as_arrays(value) for key, value in kwargs.items()})
            return _views(found, self.device)
        found = func(*all_stand_ins(args), **{key: all_stand_ins(value) for key, value in kwargs.items()})
        out = kwargs.get("out")
        return out if out is not None else without_values(found, self.device)

    # --- what would read or write values ---

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def fill(self, value: Any) -> None:
        """Nothing: there is no memory to be filled."""

    def __bool__(self) -> bool:
        # What checks arguments looks for values that are wrong: there are none. A kernel is to run on stand-ins.
        if IN_KERNEL.get():
            raise needs_values("is_nonzero")
        return False

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Another dtype, in the same order of the axes."""
        dtype = np.dtype(dtype)
        steps = [step // self.itemsize for step in self.strides]
        dense = self.flags.c_contiguous or min(steps, default=0) < 0 or 0 in steps or 0 in self.shape
        return without_data(self.shape, dtype, None if dense else steps, self.device)

    def copy(self, order: str = "C") -> Any:
        """Another one of the kind."""
        return without_data(self.shape, self.dtype, None, self.device)

    def item(self, *args: Any) -> Any:
        """NotImplementedError: there is no value."""
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")

    def nonzero(self) -> Any:
        """NotImplementedError: it depends on values that there are not."""
        raise needs_values("nonzero")

    def tolist(self) -> Any:
        """NotImplementedError: there are no values."""
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")

    def __getitem__(self, key: Any) -> Any:
        masks = key if isinstance(key, tuple) else (key,)
        if any([isinstance(one, np.ndarray) and one.dtype.kind == "b" for one in masks]):
            raise needs_values("nonzero")
        found = np.ndarray.__getitem__(self, _plain_index(key))
        return found if isinstance(found, MetaArray) else without_values(found, self.device)

    def __reduce__(self) -> Any:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")


def _plain_index(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple([_plain_index(one) for one in key])
    return _stand_in(key) if isinstance(key, MetaArray) else key


def refuse_meta(tensor: Any, name: str) -> None:
    """NotImplementedError for a Tensor without data, where a function's result depends on the values."""
    if type(tensor._array_) is MetaArray:
        raise needs_values(name)


def needs_values(name: str) -> NeedsValues:
    """The error for a function whose result depends on the values."""
    return NeedsValues(
        f"aten::{name}: attempted to run this operator with Meta tensors, but there was no fake impl or Meta kernel "
        "registered: what it gives depends on values, and tensors on the device meta have none"
    )


def without_data(shape: tuple[int, ...], dtype: Any, strides: Any = None, device: Any = META) -> MetaArray:
    """An array of a shape without data. strides: in elements, as PyTorch has them; contiguous by default."""
    if strides is None:
        array = reserved(shape, np.dtype(dtype))
    else:
        n = 1 + sum([(size - 1) * step for size, step in zip(shape, strides, strict=True)]) if 0 not in shape else 0
        steps = [step * np.dtype(dtype).itemsize for step in strides]
        array = np.lib.stride_tricks.as_strided(np.zeros(n, dtype), shape, steps)
    made = array.view(MetaArray)
    if device is not META:
        made.device = device
    return made


def as_meta(array: Any) -> MetaArray:
    """An array's shape, dtype and strides without its data."""
    if isinstance(array, MetaArray) and array.device is META:
        return array
    array = np.asarray(array)
    itemsize = array.dtype.itemsize
    dense = array.flags.c_contiguous or 0 in array.shape
    return without_data(array.shape, array.dtype, None if dense else [step // itemsize for step in array.strides])


def _stand_in(value: Any) -> Any:
    """Zeros in the place of an array without data: one, shown as many times as there are elements."""
    if isinstance(value, MetaArray):
        return np.broadcast_to(np.zeros((), value.dtype), value.shape)
    return value


def _thin(array: Any, axis: Any) -> Any:
    """The array with no more than one element along the axes that are reduced, or all."""
    if not isinstance(array, MetaArray):
        return array
    ndim = array.ndim
    given = axis if isinstance(axis, tuple) else (axis,)
    axes = range(ndim) if axis is None else [one % ndim for one in given if ndim]
    shape = [min(size, 1) if place in axes else size for place, size in enumerate(array.shape)]
    return without_data(tuple(shape), array.dtype, None, array.device)


def all_stand_ins(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        parts = [all_stand_ins(one) for one in value]
        return getattr(type(value), "_make", type(value))(parts)
    return _stand_in(value)


def _as_arrays(value: Any) -> Any:
    """Plain arrays on the same memory, which is not to be read."""
    if isinstance(value, (list, tuple)):
        return type(value)([_as_arrays(one) for one in value])
    return value.view(np.ndarray) if isinstance(value, MetaArray) else value


def _views(found: Any, device: Any) -> Any:
    if isinstance(found, (list, tuple)):
        return type(found)([_views(one, device) for one in found])
    made = found.view(MetaArray)
    if device is not META:
        made.device = device
    return made


def without_values(found: Any, device: Any) -> Any:
    """What a function has computed from stand-ins, without the values."""
    if isinstance(found, (list, tuple)):
        parts = [without_values(one, device) for one in found]
        return getattr(type(found), "_make", type(found))(parts)
    if isinstance(found, (np.ndarray, np.generic)):
        return without_data(found.shape, found.dtype, None, device)
    return found


def _pointwise(ufunc: Any, inputs: tuple, kwargs: dict[str, Any], device: Any) -> Any:
    """The result of an elementwise ufunc: its dtype from one element, its shape by broadcasting."""
    ones = [np.zeros((1,) * one.ndim, one.dtype) if isinstance(one, np.ndarray) else one for one in inputs]
    shapes = [np.shape(one) for one in inputs]
    where = kwargs.pop("where", True)
    with np.errstate(all="ignore"):
        found = ufunc(*ones, **{name: value for name, value in kwargs.items() if name != "shape"})
    shape = kwargs.get("shape") or np.broadcast_shapes(*shapes, np.shape(where))
    if isinstance(found, tuple):
        return tuple([without_data(shape, one.dtype, None, device) for one in found])
    return without_data(shape, found.dtype, None, device)


def _product(inputs: tuple, device: Any) -> Any:
    """The result of a matrix product, by shapes. ValueError, as NumPy has it, where they do not fit."""
    a, b = inputs[:2]
    left = a.shape if a.ndim > 1 else (1, *a.shape)
    right = b.shape if b.ndim > 1 else (*b.shape, 1)
    if left[-1] != right[-2]:
        raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit")
    rows = left[-2:-1] if a.ndim > 1 else ()
    columns = right[-1:] if b.ndim > 1 else ()
    shape = (*np.broadcast_shapes(left[:-2], right[:-2]), *rows, *columns)
    return without_data(shape, np.result_type(a.dtype, b.dtype), None, device)


def refuse_mixed(arrays: Iterable) -> None:
    """RuntimeError where a program applies an operator to a tensor with data and one without; numbers go with both.

    What mibun's own functions apply is let pass: masks and other constants, of which no values matter here either.
    """
    if not any([isinstance(one, MetaArray) and one.device is META for one in arrays]):
        return
    if not any([isinstance(one, np.ndarray) and not isinstance(one, MetaArray) and one.ndim for one in arrays]):
        return
    if called_by_user():
        raise RuntimeError("Tensor on device cpu is not on the expected device meta!")


def reserved(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Zeros in memory that is not there until it is touched; large ones are not even counted as in use."""
    n = math.prod(shape) * dtype.itemsize
    if n < _LARGE or not sys.platform.startswith("linux"):
        return np.zeros(shape, dtype)
    memory = mmap.mmap(-1, n, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NOT_COUNTED)
    return np.frombuffer(memory, dtype, math.prod(shape)).reshape(shape)


_LARGE = 1 << 20
_NOT_COUNTED = getattr(mmap, "MAP_NORESERVE", 0x4000)  # (Python names it from 3.13 on)
