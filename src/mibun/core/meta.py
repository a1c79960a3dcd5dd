"""Arrays without data, of tensors on the device "meta": shape, dtype and order in memory, and nothing is computed.

A MetaArray is an ndarray in memory that is reserved and never touched, so that it costs nothing but addresses. NumPy's
functions come here (`__array_ufunc__`, `__array_function__`): a ufunc's result has the shape and dtype that it would
have, other functions run on zeros that are all the same one. So kernels, rules and wrappers run unchanged, and plain
arrays pay nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .device import device as _device

META = _device("meta")
# What these give depends on the values.
_NEEDS_VALUES = {np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.extract, np.bincount}


class MetaArray(np.ndarray):
    """An array of which only shape, dtype and strides count. `device`: that of its Tensor, "meta" unless told."""

    device: Any = META

    def __array_finalize__(self, source: Any) -> None:
        if source is not None and type(source) is MetaArray and source.device is not META:
            self.device = source.device

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
        if ufunc is np.matmul and method == "__call__":
            _refuse_mixed(inputs)
        if out is not None:
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
        stand_ins = [_stand_in(one) for one in inputs]
        return _without_values(getattr(ufunc, method)(*stand_ins, **kwargs), self.device)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func in _NEEDS_VALUES:
            raise needs_values(func.__name__)
        if func is np.copyto:
            return None
        found = func(*_all_stand_ins(args), **{key: _all_stand_ins(value) for key, value in kwargs.items()})
        out = kwargs.get("out")
        return out if out is not None else _without_values(found, self.device)

    # --- what would read or write values ---

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def fill(self, value: Any) -> None:
        """Nothing: there is no memory to be filled."""

    def item(self, *args: Any) -> Any:
        """NotImplementedError: there is no value."""
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")

    def tolist(self) -> Any:
        """NotImplementedError: there are no values."""
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")

    def __getitem__(self, key: Any) -> Any:
        masks = key if isinstance(key, tuple) else (key,)
        if any([isinstance(one, np.ndarray) and one.dtype.kind == "b" for one in masks]):
            raise needs_values("nonzero")
        found = np.ndarray.__getitem__(self, _plain_index(key))
        return found if isinstance(found, MetaArray) else _without_values(found, self.device)

    def __reduce__(self) -> Any:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")


def _plain_index(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple([_plain_index(one) for one in key])
    return _stand_in(key) if isinstance(key, MetaArray) else key


def needs_values(name: str) -> NotImplementedError:
    """The error for a function whose result depends on the values."""
    return NotImplementedError(
        f"aten::{name}: attempted to run this operator with Meta tensors, but there was no fake impl or Meta kernel "
        "registered: what it gives depends on values, and tensors on the device meta have none"
    )


def without_data(shape: tuple[int, ...], dtype: Any, strides: Any = None, device: Any = META) -> MetaArray:
    """An array of a shape without data. strides: in elements, as PyTorch has them; contiguous by default."""
    if strides is None:
        array = np.zeros(shape, dtype)  # (reserved, and not touched)
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


def _all_stand_ins(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        parts = [_all_stand_ins(one) for one in value]
        return getattr(type(value), "_make", type(value))(parts)
    return _stand_in(value)


def _without_values(found: Any, device: Any) -> Any:
    """What a function has computed from stand-ins, without the values."""
    if isinstance(found, (list, tuple)):
        parts = [_without_values(one, device) for one in found]
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
        found = ufunc(*ones, **kwargs)
    shape = np.broadcast_shapes(*shapes, np.shape(where))
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


def _refuse_mixed(inputs: tuple) -> None:
    """RuntimeError where one factor has data and the other has none."""
    plain = [one for one in inputs if not isinstance(one, MetaArray) and np.ndim(one) > 0]
    if plain:
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, cpu and meta!"
        )
