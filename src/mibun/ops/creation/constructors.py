"""The old constructors: `Tensor(2, 3)`, `FloatTensor([1.])`, `Tensor.new`."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.dtypes import (
    as_dtype,
    dtype,
    get_default_dtype,
)
from ...core.registry import FUNCTIONS
from ...core.size import Size
from ...core.tensor import Tensor, bare, bind_method, is_inference
from ...core.views import counter_of, own_array
from ...dispatch.public import public
from ..annotations import Device
from ..conversion.typed_storages import TypedStorage
from ..conversion.untyped_storages import UntypedStorage
from .from_data import array_of
from .options import shape_of


def _legacy_array(args: tuple, dtype: dtype, name: str) -> np.ndarray:
    if len(args) == 1 and not isinstance(args[0], (builtins.int, np.integer)) or args[:1] == (True,):
        data = args[0]
        if isinstance(data, Size):
            return np.zeros(data, dtype.np)
        if isinstance(data, str):
            raise TypeError("new(): invalid data type 'str': give sizes, or a sequence of numbers")
        if isinstance(data, (builtins.bool, builtins.float, builtins.complex)) or not hasattr(data, "__len__"):
            raise TypeError(f"new(): data must be a sequence (got {type(data).__name__})")
        return array_of(data, dtype, name)
    return np.zeros(shape_of(args if args else (0,), name), dtype.np)


def legacy_constructor(cls: type, *args: Any, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """`Tensor(...)`: from sizes, from data, on the memory of a Tensor or storage, or empty; of the default dtype.

    In subclasses `Tensor.__new__` gives their class.
    """
    check_device(device, "Tensor")
    wanted = get_default_dtype() if dtype is None else as_dtype(dtype)
    result = bare(cls, None)
    if len(args) == 1 and isinstance(args[0], Tensor):
        source = args[0]
        if dtype is not None and source.dtype is not wanted:
            raise TypeError(
                f"expected a tensor of dtype {wanted} (got {source.dtype}): use tensor.to({wanted}), or torch.tensor()"
            )
        result._array_ = own_array(source)
        if not is_inference(source):
            result._version_counter_ = counter_of(source)
    elif len(args) == 1 and isinstance(args[0], (TypedStorage, UntypedStorage)):
        result._array_ = _on_storage(args[0], wanted)
    else:
        result._array_ = _legacy_array(args, wanted, "Tensor")
    return result


def _on_storage(storage: TypedStorage | UntypedStorage, dtype: dtype) -> np.ndarray:
    if isinstance(storage, TypedStorage) and storage.dtype is not dtype:
        raise RuntimeError(
            f"Expected a Storage of type {dtype.scalar_name} or an UntypedStorage, but got type "
            f"{storage.dtype.scalar_name} for argument 1 'storage'"
        )
    memory = storage.untyped()._elements()
    return np.ndarray((memory.nbytes // dtype.itemsize,), dtype.np, memory)


bind_method("__new__", staticmethod(legacy_constructor))


@public("new", function=False)
def new(self: Tensor, *args: Any, device: Device | None = None) -> Tensor:
    """`Tensor(*args)` of this tensor's dtype."""
    return legacy_constructor(Tensor, *args, dtype=self.dtype, device=device)


class tensortype:  # noqa: N801
    """`FloatTensor`, `LongTensor`, ...: the constructor `Tensor(...)` of one dtype, and `isinstance` for that dtype."""

    def __init__(self, dtype: dtype) -> None:
        self.dtype = dtype
        self.__name__ = f"{dtype.scalar_name}Tensor"
        self.__module__ = "mibun"  # of this object, which is no class: it has no source of its own to show
        self.__doc__ = f"`Tensor(...)` of {dtype}; `isinstance(t, torch.{self.__name__})` asks for that dtype."

    def __call__(self, *args: Any, device: Device | None = None) -> Tensor:
        return legacy_constructor(Tensor, *args, dtype=self.dtype, device=device)

    def __instancecheck__(self, instance: object) -> builtins.bool:
        return isinstance(instance, Tensor) and instance.dtype is self.dtype

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return f"<class 'torch.{self.__name__}'>"


for _dtype in dtypes.ALL:
    if _dtype.category < 3:
        # Objects, not functions: they have no place for what `@public` notes.
        FUNCTIONS[f"{_dtype.scalar_name}Tensor"] = tensortype(_dtype)
