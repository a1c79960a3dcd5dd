"""Copies: to another dtype, to memory of its own, or over what a tensor holds (`copy_`, `fill_`, `zero_`).

Autograd passes through all of them; a gradient that comes back to a tensor of another dtype is cast by the engine.
"""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.device import device as _device
from ...core.dtypes import as_dtype
from ...core.registry import METHODS
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS, apply, check_broadcast
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace, check_inplace_result
from ...dispatch.overloads import number
from ...dispatch.public import public

# --- copies ---

_TO_LAST = {dtypes.channels_last: (0, 2, 3, 1), dtypes.channels_last_3d: (0, 2, 3, 4, 1)}
_FROM_LAST = {dtypes.channels_last: (0, 3, 1, 2), dtypes.channels_last_3d: (0, 4, 1, 2, 3)}


def _check_format(function: str, memory_format: Any, ndim: int) -> None:
    if type(memory_format) is not dtypes.memory_format:
        raise TypeError(
            f"{function}(): argument 'memory_format' must be torch.memory_format, not {type(memory_format).__name__}"
        )
    if memory_format in _TO_LAST and ndim != len(_TO_LAST[memory_format]):
        name = str(memory_format).removeprefix("torch.")
        raise RuntimeError(
            f"required rank {len(_TO_LAST[memory_format])} tensor to use {name} format, but this tensor has {ndim} "
            "dimensions"
        )


@op(linear, dtype=None, vjp=lambda xp, g: g)
def clone(xp, input, *, memory_format):
    if memory_format is dtypes.preserve_format:
        return xp.copy_in_order(input)
    if memory_format is dtypes.contiguous_format:
        return xp.copy(input)
    return xp.permute_dims(xp.copy(xp.permute_dims(input, _TO_LAST[memory_format])), _FROM_LAST[memory_format])


def _clone(input: Any, *, memory_format: Any = dtypes.preserve_format) -> Any:
    """A copy in memory of its own; gradients flow back through it.

    memory_format: `preserve_format` keeps the order of the dimensions in memory, `contiguous_format` does not.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"clone(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    if memory_format is None:
        memory_format = dtypes.preserve_format
    _check_format("clone", memory_format, input._array_.ndim)
    return apply(clone, (input,), {"memory_format": memory_format})


_clone.__name__ = _clone.__qualname__ = "clone"
public("clone")(_clone)


def _is_in_format(array: Any, memory_format: Any) -> bool:
    if memory_format in _TO_LAST:
        array = array.transpose(_TO_LAST[memory_format])
    return isinstance(array, np.generic) or array.flags.c_contiguous


@public("contiguous", function=False)
def contiguous(self: Any, memory_format: Any = dtypes.contiguous_format) -> Any:
    """The same values, contiguous in memory: the Tensor itself where it is so already, else a copy."""
    _check_format("contiguous", memory_format, self._array_.ndim)
    if memory_format is dtypes.preserve_format:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    if _is_in_format(self._array_, memory_format):
        return self
    return apply(clone, (self,), {"memory_format": memory_format})


# --- other dtypes ---


@op(linear, dtype=None, name="to_copy", node="ToCopyBackward0", vjp=lambda xp, g: g)
def _to_copy(xp, input, *, dtype):
    return xp.astype(input, dtype, copy=True)


def cast(input: Any, dtype: Any, copy: bool = False, memory_format: Any = dtypes.preserve_format) -> Any:
    """The Tensor in a dtype (mibun's): itself where nothing changes and no copy is asked for."""
    target = dtype.np
    array = input._array_
    reformat = memory_format is not dtypes.preserve_format
    if array.dtype != target:
        result = apply(_to_copy, (input,), {"dtype": target})
        return contiguous(result, memory_format) if reformat else result
    if copy or (reformat and not _is_in_format(array, memory_format)):
        return apply(clone, (input,), {"memory_format": memory_format})
    return input


_INVALID = (
    "to() received an invalid combination of arguments - got ({}), but expected one of: (device=None, dtype=None, "
    "non_blocking=False, copy=False, *, memory_format=None), (dtype, non_blocking=False, copy=False, *, "
    "memory_format=None), (Tensor other, non_blocking=False, copy=False, *, memory_format=None)"
)


@public("to", function=False)
def to(self: Any, *args: Any, memory_format: Any = None, **kwargs: Any) -> Any:
    """The Tensor in another dtype and on another device (there is only the CPU): `to(dtype)`, `to(device, dtype)` or
    `to(other)`, each with `non_blocking=False, copy=False, *, memory_format=None`.

    Gives the Tensor itself where nothing changes and `copy` is False; else a copy, through which gradients flow back.

    >>> import mibun as torch
    >>> torch.tensor([1.7, -2.0]).to(torch.int32)
    tensor([ 1, -2], dtype=torch.int32)
    """
    first = args[0] if args else kwargs.get("other")
    dtype = None
    if isinstance(first, Tensor):
        names: tuple[str, ...] = ("other", "non_blocking", "copy")
    elif isinstance(first, dtypes.dtype) or first in (builtins.bool, int, float, complex):
        names = ("dtype", "non_blocking", "copy")
    else:
        names = ("device", "dtype", "non_blocking", "copy")
    given: dict[str, Any] = dict(zip(names, args, strict=False))
    if len(args) > len(names) or set(given) & set(kwargs) or not set(kwargs) <= set(names):
        described = [type(a).__name__ for a in args] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()]
        raise TypeError(_INVALID.format(", ".join(described)))
    given.update(kwargs)
    if names[0] == "other":
        dtype = given["other"].dtype
    else:
        check_device(given.get("device"), "to")
        if given.get("dtype") is not None:
            dtype = as_dtype(given["dtype"], "to")
    if memory_format is None:
        memory_format = dtypes.preserve_format
    _check_format("to", memory_format, self._array_.ndim)
    return cast(self, self.dtype if dtype is None else dtype, builtins.bool(given.get("copy")), memory_format)


def _method(name: str, dtype: Any) -> None:
    def method(self: Any, memory_format: Any = dtypes.preserve_format) -> Any:
        return cast(self, dtype, memory_format=memory_format)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"The Tensor in {dtype}: `self.to({dtype})`."
    METHODS[name] = method


for _name in (
    "bool",
    "char",
    "byte",
    "short",
    "int",
    "long",
    "half",
    "bfloat16",
    "float",
    "double",
    "cfloat",
    "cdouble",
):
    _method(_name, {"char": dtypes.int8, "byte": dtypes.uint8}.get(_name) or getattr(dtypes, _name))


@public("type_as", function=False)
def type_as(self: Any, other: Any) -> Any:
    """The Tensor in the dtype of `other`."""
    if not isinstance(other, Tensor):
        raise TypeError(f"type_as(): argument 'other' (position 1) must be Tensor, not {type(other).__name__}")
    return cast(self, other.dtype)


TYPE_NAMES = {f"torch.{d.scalar_name}Tensor": d for d in dtypes._ALL}


@public("type", function=False)
def _type(self: Any, dtype: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
    """The name of the Tensor's type (`torch.FloatTensor`); with a dtype, or such a name, the Tensor in that dtype."""
    if kwargs:
        raise TypeError(f"type() got an unexpected keyword argument '{next(iter(kwargs))}'")
    if dtype is None:
        return f"torch.{self.dtype.scalar_name}Tensor"
    if isinstance(dtype, str):
        if dtype not in TYPE_NAMES:
            raise ValueError(f"invalid type: {dtype!r}")
        dtype = TYPE_NAMES[dtype]
    dtype = getattr(dtype, "dtype", dtype)  # torch.FloatTensor and the like
    if not isinstance(dtype, dtypes.dtype):
        raise ValueError(f"invalid type: {getattr(dtype, '__name__', dtype)!r}")
    return cast(self, dtype)


# `cpu()` and `cuda()` name devices.
@public("cpu", function=False)
def cpu(self: Any, memory_format: Any = dtypes.preserve_format) -> Any:
    """The Tensor itself: it is on the CPU."""
    return cast(self, self.dtype, memory_format=memory_format)


@public("cuda", function=False)
def cuda(self: Any, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Any:
    """AssertionError: there is no GPU build."""
    check_device("cuda" if device is None else _device(device), "cuda")
    return self


# --- over what is there ---


@op(
    name="copy_over",
    node="CopyBackwards",
    dtype=None,
    vjp={
        "input": lambda xp, g: xp.zeros_like(g),
        "src": lambda xp, g: g,
    },
    jvp={"input": lambda xp, t: xp.zeros_like(t), "src": lambda xp, t: t},
)
def _copy_over(xp, input, src):
    src = xp.astype(src, input.dtype)
    return src if src.shape == input.shape else xp.broadcast_to(src, input.shape)


@public("copy_", function=False)
def copy_(self: Any, src: Any, non_blocking: bool = False) -> Any:
    """Overwrite with the values of `src`, broadcast to this shape and cast to this dtype.

    The gradient goes to `src`; what was here before gets none. RuntimeError where `src` does not broadcast.
    """
    if not isinstance(src, Tensor):
        if not isinstance(src, SCALARS):
            raise TypeError(f"copy_(): argument 'src' (position 1) must be Tensor, not {type(src).__name__}")
        src = wrap(np.asarray(src))
    check_broadcast([self._array_.shape, src._array_.shape])
    if src._array_.ndim > self._array_.ndim:
        check_inplace_result("copy_", self, src._array_.shape, self._array_.dtype)
    return apply_inplace(_copy_over, (self, src), {}, "copy_")


def fitted(value: Any, dtype: Any) -> Any:
    """A Python number as it is stored in a NumPy dtype; RuntimeError where the dtype cannot hold it."""
    d = dtypes.from_numpy_dtype(dtype)
    if isinstance(value, complex) and d.category < 3 and value.imag == 0:
        value = value.real
    if d.category == 0:
        return dtype.type(builtins.bool(value))
    fits = not isinstance(value, complex) or d.category == 3
    if fits and d.category == 1:
        limits = dtypes.iinfo(d)
        whole: Any = None if isinstance(value, float) and not math.isfinite(value) else int(value)  # type: ignore[arg-type]
        # Unsigned types take negative numbers of their range, wrapped around.
        fits = whole is not None and (-limits.max if limits.min == 0 else limits.min) <= whole <= limits.max
        if fits:
            return np.asarray(whole).astype(dtype)[()]
    elif fits and isinstance(value, (int, float)) and not (isinstance(value, float) and not math.isfinite(value)):
        fits = builtins.abs(value) <= dtypes.finfo(d).max
    if not fits:
        raise RuntimeError(
            f"value cannot be converted to type {d.cpp_alias} without overflow: {value!r} does not fit in {d}"
        )
    return dtype.type(value)


def _fill_operators(first: int) -> tuple[Any, Any]:
    """The operators of filling with a number and with a 0-d Tensor; PyTorch numbers the nodes of `fill` and `fill_`."""

    @op(
        name=f"fill_number{first}",
        node=f"FillBackward{first}",
        dtype=None,
        vjp=lambda xp, g: xp.zeros_like(g),
        jvp=lambda xp, t: xp.zeros_like(t),
    )
    def with_number(xp, input, *, value):
        return xp.full_like(input, value)

    @op(
        name=f"fill_tensor{first}",
        node=f"FillBackward{first + 1}",
        dtype=None,
        vjp={"input": lambda xp, g: xp.zeros_like(g), "value": lambda xp, g: g},
        jvp={"input": lambda xp, t: xp.zeros_like(t), "value": lambda xp, t: t},
    )
    def with_tensor(xp, input, value):
        return xp.copy(xp.broadcast_to(xp.astype(value, input.dtype), input.shape))

    return with_number, with_tensor


_FILL, _FILL_INPLACE = _fill_operators(0), _fill_operators(2)


def _filled(operators: tuple[Any, Any], self: Any, value: Any, form: Any, *name: str) -> Any:
    if isinstance(value, Tensor):
        if value._array_.ndim != 0:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value._array_.ndim} dimensions."
            )
        return form(operators[1], (self, value), {}, *name)
    value = fitted(number(value, "fill_", "value"), self._array_.dtype)
    return form(operators[0], (self,), {"value": value}, *name)


@public("fill_", function=False)
def fill_(self: Any, value: Any) -> Any:
    """Overwrite every element with a number or a 0-d Tensor. RuntimeError where the dtype cannot hold it."""
    return _filled(_FILL_INPLACE, self, value, apply_inplace, "fill_")


@public("fill", method=False)
def fill(input: Any, value: Any) -> Any:
    """A Tensor like `input`, filled with a number or a 0-d Tensor."""
    return _filled(_FILL, input, value, apply)


@op(
    name="zero_",
    node="ZeroBackward0",
    dtype=None,
    vjp=lambda xp, g: xp.zeros_like(g),
    jvp=lambda xp, t: xp.zeros_like(t),
)
def _zero(xp, input):
    return xp.zeros_like(input)


@public("zero_")
def zero_(self: Any) -> Any:
    """Overwrite every element with 0."""
    return apply_inplace(_zero, (self,), {}, "zero_")
