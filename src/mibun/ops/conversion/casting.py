"""Other dtypes: `to`, `type`, `type_as`, and the methods named after dtypes (`float()`, `long()`, ...).

Autograd passes through all of them; a gradient that comes back to a tensor of another dtype is cast by the engine.
"""

from __future__ import annotations

import builtins
from typing import Any

from ...core import dtypes
from ...core.device import check_device, elsewhere, is_meta_device
from ...core.device import device as _device
from ...core.dtypes import (
    as_dtype,
    dtype,
    memory_format,
)
from ...core.memory import layout_of
from ...core.meta import META, MetaArray, as_meta
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import linear, op
from ...dispatch.once import warn_of_lost_imaginary_parts
from ...dispatch.public import public
from ..annotations import Device
from .copying import check_format, copied, has_order, is_in_format
from .devices import to_device


@op(linear, dtype=None, name="to_copy", node="ToCopyBackward0", vjp=lambda xp, g: g)
def _to_copy(xp, input, *, dtype):
    return xp.astype(input, dtype, copy=True)


def cast(
    input: Tensor, dtype: dtype, copy: bool = False, memory_format: memory_format = dtypes.preserve_format
) -> Tensor:
    """The Tensor in a dtype (mibun's): itself where nothing changes and no copy is asked for."""
    target = dtype.np
    array = input._array_
    reformat = memory_format is not dtypes.preserve_format
    if array.dtype != target:
        warn_of_lost_imaginary_parts(array.dtype, target)
        result = apply(_to_copy, (input,), {"dtype": target})
        if not reformat:
            return result
        layout = layout_of(result)
        fits = is_in_format(layout, memory_format) and has_order(layout, memory_format)
        return result if fits else copied(result, memory_format)
    if copy or (reformat and not has_order(layout_of(input), memory_format)):
        return copied(input, memory_format)
    return input


_INVALID = (
    "to() received an invalid combination of arguments - got ({}), but expected one of: (device=None, dtype=None, "
    "non_blocking=False, copy=False, *, memory_format=None), (dtype, non_blocking=False, copy=False, *, "
    "memory_format=None), (Tensor other, non_blocking=False, copy=False, *, memory_format=None)"
)


@public("to", function=False)
def to(self: Tensor, *args: Any, memory_format: memory_format | None = None, **kwargs: Any) -> Tensor:
    """The Tensor in another dtype and on another device (see `docs/arrays.md`): `to(dtype)`, `to(device, dtype)` or
    `to(other)`, each with `non_blocking=False, copy=False, *, memory_format=None`.

    Gives the Tensor itself where nothing changes and `copy` is False; else a copy, through which gradients flow back.

    >>> import mibun as torch
    >>> torch.tensor([1.7, -2.0]).to(torch.int32)
    tensor([ 1, -2], dtype=torch.int32)
    """
    first = args[0] if args else kwargs.get("other")
    dtype, to_meta = None, False
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
    place = None
    if names[0] == "other":
        dtype = given["other"].dtype
        other = given["other"]._array_
        if type(other) is not type(self._array_) and type(other) is not MetaArray:
            place = given["other"].device
    else:
        place = given.get("device")
        if isinstance(place, builtins.int) and not isinstance(place, builtins.bool):
            check_device(place, "to")
        if is_meta_device(place):
            to_meta = True
        else:
            if elsewhere(place) is None:
                check_device(place, "to")
            if place is not None and type(self._array_) is MetaArray and self._array_.device is META:
                raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        if given.get("dtype") is not None:
            dtype = as_dtype(given["dtype"], "to")
    if memory_format is None:
        memory_format = dtypes.preserve_format
    check_format("to", memory_format, self._array_.ndim)
    if to_meta and not self.is_meta:
        result = cast(self, self.dtype if dtype is None else dtype, True, memory_format)
        result._array_ = as_meta(result._array_)
        return result
    if place is not None and not to_meta and type(self._array_) is not MetaArray:
        there = to_device(self, place)  # pyright: ignore[reportArgumentType]
        if there is not self:
            return cast(there, self.dtype if dtype is None else dtype, False, memory_format)
    return cast(self, self.dtype if dtype is None else dtype, builtins.bool(given.get("copy")), memory_format)


def _named_after(name: str, dtype: dtypes.dtype) -> None:
    def convert(self: Tensor, memory_format: dtypes.memory_format = dtypes.preserve_format) -> Tensor:
        check_format(name, memory_format, self._array_.ndim)
        return cast(self, dtype, memory_format=memory_format)

    convert.__doc__ = f"The Tensor in {dtype}: `self.to({dtype})`."
    public(name, function=False)(convert)


for _name, _dtype in {
    "bool": dtypes.bool,
    "char": dtypes.int8,
    "byte": dtypes.uint8,
    "short": dtypes.short,
    "int": dtypes.int,
    "long": dtypes.long,
    "half": dtypes.half,
    "bfloat16": dtypes.bfloat16,
    "float": dtypes.float,
    "double": dtypes.double,
    "cfloat": dtypes.cfloat,
    "cdouble": dtypes.cdouble,
}.items():
    _named_after(_name, _dtype)


@public("type_as", function=False)
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The Tensor in the dtype of `other`: itself where that is its own.

    Raises:
        TypeError: where `other` is no Tensor.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).type_as(torch.tensor(1.))
    tensor([1., 2.])
    """
    if not isinstance(other, Tensor):
        raise TypeError(f"type_as(): argument 'other' (position 1) must be Tensor, not {type(other).__name__}")
    return cast(self, other.dtype)


TYPE_NAMES = {f"torch.{d.scalar_name}Tensor": d for d in dtypes.ALL}


@public("type", function=False)
def type_(self: Tensor, dtype: dtype | str | type | None = None, non_blocking: bool = False, **kwargs: Any) -> Any:
    """The name of the Tensor's type (`torch.FloatTensor`); with a dtype, or such a name, the Tensor in that dtype.

    >>> import mibun as torch
    >>> torch.ones(2).type()
    'torch.FloatTensor'
    >>> torch.ones(2).type(torch.int64)
    tensor([1, 1])
    """
    if kwargs:
        raise TypeError(f"type() got an unexpected keyword argument '{next(iter(kwargs))}'")
    if dtype is None:
        kind = "torch.sparse" if self.layout is not dtypes.strided else "torch"
        return f"{kind}.{self.dtype.scalar_name}Tensor"
    if getattr(dtype, "is_cuda", False) is True or (isinstance(dtype, str) and dtype.startswith("torch.cuda.")):
        raise RuntimeError(f"Cannot initialize CUDA without ATen_cuda library: there is no {dtype} on a CPU")
    if dtype is Tensor or dtype == "torch.Tensor":
        dtype = dtypes.get_default_dtype()
    if isinstance(dtype, str):
        known = TYPE_NAMES.get(dtype.replace("torch.sparse.", "torch."))
        if known is None:
            raise ValueError(f"invalid type: {dtype!r}")
        dtype = known
    dtype = getattr(dtype, "dtype", dtype)  # torch.FloatTensor and the like
    if not isinstance(dtype, dtypes.dtype):
        raise ValueError(f"invalid type: {getattr(dtype, '__name__', dtype)!r}")
    return cast(self, dtype)


# --- devices ---


# `cpu()` and `cuda()` name devices.
@public("cpu", function=False)
def cpu(self: Tensor, memory_format: memory_format = dtypes.preserve_format) -> Tensor:
    """The Tensor on the CPU: itself if it is there. NotImplementedError for one without data, on the device "meta"."""
    if self.is_meta:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    return cast(to_device(self, "cpu"), self.dtype, memory_format=memory_format)


@public("xpu", function=False)
def xpu(
    self: Tensor, device: Device | None = None, non_blocking: bool = False, memory_format: memory_format | None = None
) -> Tensor:
    """AssertionError: there is no XPU build."""
    check_device("xpu" if device is None else _device(device), "xpu")
    return self


@public("mtia", function=False)
def mtia(
    self: Tensor, device: Device | None = None, non_blocking: bool = False, memory_format: memory_format | None = None
) -> Tensor:
    """AssertionError: there is no MTIA build."""
    check_device("mtia" if device is None else _device(device), "mtia")
    return self


@public("ipu", function=False)
def ipu(
    self: Tensor, device: Device | None = None, non_blocking: bool = False, memory_format: memory_format | None = None
) -> Tensor:
    """RuntimeError: there is no IPU build."""
    check_device("ipu" if device is None else _device(device), "ipu")
    return self


@public("cuda", function=False)
def cuda(
    self: Tensor, device: Device | None = None, non_blocking: bool = False, memory_format: memory_format | None = None
) -> Tensor:
    """The tensor on a GPU, where CuPy sees one; else AssertionError."""
    place = "cuda" if device is None else f"cuda:{device}" if type(device) is int else _device(device)
    if elsewhere(place) is not None:
        return to_device(self, place)
    check_device(place, "cuda")
    return self
