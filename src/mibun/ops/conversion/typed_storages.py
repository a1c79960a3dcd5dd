"""TypedStorage: the memory of a tensor as elements of a dtype; and `FloatStorage`, ..., the classes of older programs.

PyTorch deprecates all of them in favour of UntypedStorage, which is in `untyped_storages.py`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ..annotations import Device
from .untyped_storages import AnyStorage, UntypedStorage, listed, place_in, read_buffer, whole, zeros

_OLD_NAMES = {f"{d.scalar_name}Storage": d for d in dtypes.ALL}  # "FloatStorage" -> float32
_OLD_NAMES["ComplexFloatStorage"], _OLD_NAMES["ComplexDoubleStorage"] = dtypes.complex64, dtypes.complex128


def _dtype_named(kind: Any) -> dtypes.dtype:
    """The dtype that "torch.FloatStorage", the class of this name or a dtype stands for."""
    if isinstance(kind, str) and kind.removeprefix("torch.") in _OLD_NAMES:
        return _OLD_NAMES[kind.removeprefix("torch.")]
    kind = getattr(kind, "dtype", kind)
    if not isinstance(kind, dtypes.dtype):
        raise ValueError(f"invalid type: {kind!r}")
    return kind


def warn_of_typed() -> None:
    warnings.warn(
        "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only storage "
        "class. This should only matter to you if you are using storages directly.  To access UntypedStorage directly, "
        "use tensor.untyped_storage() instead of tensor.storage()",
        UserWarning,
        stacklevel=stacklevel(),
    )


class TypedStorage(AnyStorage):
    """The same memory as elements of a dtype; deprecated by PyTorch in favour of UntypedStorage.

    TypedStorage(4) makes one of so many elements, TypedStorage([1, 2]) one of these, TypedStorage(wrap_storage=s) one
    on the bytes of `s`. dtype: the default dtype unless given. TypeError and RuntimeError for other arguments.
    """

    dtype: dtypes.dtype
    _untyped: UntypedStorage

    def __init__(
        self,
        *args: Any,
        wrap_storage: UntypedStorage | None = None,
        dtype: dtypes.dtype | None = None,
        device: Device | None = None,
    ) -> None:
        warn_of_typed()
        check_device(device, "TypedStorage")
        self._fill_in("TypedStorage.__init__", args, wrap_storage, dtype)

    def _fill_in(self, function: str, args: tuple, wrapped: Any, dtype: dtypes.dtype | None) -> None:
        expected = "expected a number of elements, a sequence of numbers, or wrap_storage=, a storage, and dtype="
        if wrapped is not None:
            if args or dtype is None:
                raise RuntimeError(f"{function} received an invalid combination of arguments: {expected}")
            if not isinstance(wrapped, UntypedStorage):
                raise TypeError(f"Argument 'wrap_storage' must be UntypedStorage, but got {type(wrapped).__name__}")
            self._untyped, self.dtype = wrapped, dtype
            return
        if len(args) > 1:
            raise RuntimeError(f"{function} received an invalid combination of arguments: {expected}")
        self.dtype = dtype or dtypes.get_default_dtype()
        values = args[0] if args else 0
        if isinstance(values, int):
            array = zeros(values * self.dtype.itemsize)
        elif isinstance(values, Sequence):
            if any(not isinstance(v, (int, float, complex, np.number, np.bool_)) for v in values):
                raise TypeError(f"new(): invalid data type '{type(values[0]).__name__}'")
            array = np.array(values, self.dtype.np).reshape(-1)
        else:
            raise TypeError(f"{function} received an invalid combination of arguments: {expected}")
        self._untyped = UntypedStorage._of(array)

    @classmethod
    def _of(cls, untyped: UntypedStorage, dtype: dtypes.dtype) -> TypedStorage:
        result = object.__new__(TypedStorage)
        result._untyped, result.dtype = untyped, dtype
        return result

    def _new_shared(self, size: int, *, device: Device | None = None) -> TypedStorage:
        """A storage of so many elements of the same dtype that other processes see."""
        check_device(device, "_new_shared")
        return TypedStorage._of(UntypedStorage._new_shared(size * self.dtype.itemsize), self.dtype)

    @classmethod
    def from_buffer(
        cls,
        buffer: Any,
        byte_order: str = "native",
        count: int = -1,
        offset: int = 0,
        *,
        dtype: dtypes.dtype | None = None,
    ) -> TypedStorage:
        """A storage with a copy of a buffer's elements: see `UntypedStorage.from_buffer`."""
        dtype = dtype or dtypes.get_default_dtype()
        return cls._of(UntypedStorage._of(read_buffer(buffer, dtype, byte_order, count, offset)), dtype)

    @classmethod
    def from_file(cls, filename: str | os.PathLike, shared: bool = False, size: int = 0) -> TypedStorage:
        """A storage on a file's elements: see `UntypedStorage.from_file`. size: how many."""
        dtype = getattr(cls, "dtype", None) or dtypes.get_default_dtype()
        return cls._of(UntypedStorage.from_file(filename, shared, size * dtype.itemsize), dtype)

    def untyped(self) -> UntypedStorage:
        """The storage as bytes."""
        return self._untyped

    @property
    def _untyped_storage(self) -> UntypedStorage:
        return self._untyped

    @property
    def _cdata(self) -> int:
        return self._untyped._cdata

    @property
    def filename(self) -> str | None:
        """The file that is mapped, where what is written goes to a file."""
        return self._untyped.filename

    def data_ptr(self) -> int:
        """The address of the first element; 0 where there is none."""
        return self._untyped.data_ptr()

    def nbytes(self) -> int:
        """How many bytes there are."""
        return self._untyped.nbytes()

    def element_size(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    def size(self) -> int:
        """How many elements there are."""
        return self._untyped.nbytes() // self.dtype.itemsize

    __len__ = size

    def pickle_storage_type(self) -> str:
        """The name of the class of storages with this dtype: "FloatStorage"."""
        return f"{self.dtype.scalar_name}Storage"

    _pickle_storage_type = pickle_storage_type

    def _elements(self) -> np.ndarray:
        memory = self._untyped._elements()
        return memory[: memory.size // self.dtype.itemsize * self.dtype.itemsize].view(self.dtype.np)

    def resizable(self) -> bool:
        """Whether `resize_` works: see `UntypedStorage.resizable`."""
        return self._untyped.resizable()

    def resize_(self, size: int) -> None:
        """Let there be so many elements: see `UntypedStorage.resize_`."""
        self._untyped.resize_(whole(size, "resize_ expects an int") * self.dtype.itemsize)

    def copy_(self, source: UntypedStorage | TypedStorage, non_blocking: bool | None = None) -> TypedStorage:
        """Overwrite the bytes with those of a storage of as many. RuntimeError for another number."""
        self._untyped.copy_(source)
        return self

    def fill_(self, value: Any) -> TypedStorage:
        """Overwrite every element with a number."""
        self._elements()[...] = self._number(value)
        return self

    def _number(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            value = value.item()
        if not isinstance(value, (int, float, complex, np.number, np.bool_)):
            raise TypeError(f"can't assign a {type(value).__name__} to a storage of {self.dtype.name}")
        return np.array(value).astype(self.dtype.np)

    def clone(self) -> TypedStorage:
        """A copy."""
        return TypedStorage._of(self._untyped.clone(), self.dtype)

    def __copy__(self) -> TypedStorage:
        return self.clone()

    def __deepcopy__(self, memo: dict) -> TypedStorage:
        return TypedStorage._of(self._untyped.__deepcopy__(memo), self.dtype)

    def __reduce__(self) -> tuple:
        return TypedStorage._of, (self._untyped, self.dtype)

    def is_shared(self) -> bool:
        """Whether other processes see the memory."""
        return self._untyped.is_shared()

    def share_memory_(self) -> TypedStorage:
        """Move the memory to where other processes see it: see `UntypedStorage.share_memory_`."""
        self._untyped.share_memory_()
        return self

    # What PyTorch's own programs call, so that nobody is warned.
    _resize_, _size, _nbytes, _element_size, _data_ptr = resize_, size, nbytes, element_size, data_ptr
    _share_memory_, _is_shared = share_memory_, is_shared

    def __getitem__(self, index: int) -> Any:
        if isinstance(index, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        return self._elements()[place_in(index, self, "torch.TypedStorage")].item()

    def __setitem__(self, index: int | slice, value: Any) -> None:
        place = index if isinstance(index, slice) else place_in(index, self, "torch.TypedStorage")
        self._elements()[place] = self._number(value)

    def tolist(self) -> list:
        """The elements as a list of Python numbers."""
        return self._elements().tolist()

    def __repr__(self) -> str:
        what = f"torch.storage.TypedStorage(dtype={self.dtype}, device={self.device}) of size {self.size()}"
        if self.device.type == "meta":
            return f"...\n[{what}]"
        return listed(self.tolist(), what)


# --- conversions, of both kinds ---


def _converted(self: AnyStorage, dtype: dtypes.dtype) -> TypedStorage:
    elements: Any = self._elements()
    if elements.dtype.kind == "c" and dtype.np.kind != "c":
        elements = elements.real
    return TypedStorage._of(UntypedStorage._of(np.array(elements, dtype.np)), dtype)


def _type(self: AnyStorage, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The name "torch.FloatStorage" (of an untyped one that of its class), or a storage of elements of a dtype."""
    if dtype is not None:
        return _converted(self, _dtype_named(dtype))
    return f"torch.{self._pickle_storage_type()}"


def _conversion(name: str, dtype: dtypes.dtype) -> None:
    def convert(self: AnyStorage) -> TypedStorage:
        return _converted(self, dtype)

    convert.__name__, convert.__qualname__ = name, f"AnyStorage.{name}"
    convert.__doc__ = f"A new storage with the elements (of an untyped one: the bytes) as {dtype.name}."
    setattr(AnyStorage, name, convert)


_NAMES = {
    "float": dtypes.float32,
    "double": dtypes.float64,
    "half": dtypes.float16,
    "bfloat16": dtypes.bfloat16,
    "long": dtypes.int64,
    "int": dtypes.int32,
    "short": dtypes.int16,
    "char": dtypes.int8,
    "byte": dtypes.uint8,
    "bool": dtypes.bool,
    "complex_double": dtypes.complex128,
    "complex_float": dtypes.complex64,
}
for _name, _dtype in _NAMES.items():
    _conversion(_name, _dtype)
AnyStorage.type = _type  # type: ignore[attr-defined]


# --- PyTorch's older classes ---


class _OldMeta(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, TypedStorage) and instance.dtype is getattr(cls, "dtype", None)


class _OldStorage(TypedStorage, metaclass=_OldMeta):
    """Base of the classes that make a TypedStorage of their dtype: of so many elements, of a sequence, on bytes."""

    def __new__(cls, *args: Any, wrap_storage: UntypedStorage | None = None, **more: Any) -> TypedStorage:  # type: ignore[misc]
        warn_of_typed()
        if more:
            raise RuntimeError(
                f"{cls.__name__}.__new__ received an invalid combination of arguments: it has its own dtype"
            )
        result = object.__new__(TypedStorage)
        result._fill_in(f"{cls.__name__}.__new__", args, wrap_storage, cls.dtype)
        return result

    @classmethod
    def from_buffer(  # type: ignore[override]
        cls, buffer: Any, byte_order: str = "native", count: int = -1, offset: int = 0
    ) -> TypedStorage:
        """A storage with a copy of a buffer's elements: see `UntypedStorage.from_buffer`."""
        return TypedStorage.from_buffer(buffer, byte_order, count, offset, dtype=cls.dtype)


class BoolStorage(_OldStorage):
    """Makes a TypedStorage of bool."""

    dtype = dtypes.bool


class ByteStorage(_OldStorage):
    """Makes a TypedStorage of uint8."""

    dtype = dtypes.uint8


class CharStorage(_OldStorage):
    """Makes a TypedStorage of int8."""

    dtype = dtypes.int8


class ShortStorage(_OldStorage):
    """Makes a TypedStorage of int16."""

    dtype = dtypes.int16


class IntStorage(_OldStorage):
    """Makes a TypedStorage of int32."""

    dtype = dtypes.int32


class LongStorage(_OldStorage):
    """Makes a TypedStorage of int64."""

    dtype = dtypes.int64


class HalfStorage(_OldStorage):
    """Makes a TypedStorage of float16."""

    dtype = dtypes.float16


class BFloat16Storage(_OldStorage):
    """Makes a TypedStorage of bfloat16."""

    dtype = dtypes.bfloat16


class FloatStorage(_OldStorage):
    """Makes a TypedStorage of float32."""

    dtype = dtypes.float32


class DoubleStorage(_OldStorage):
    """Makes a TypedStorage of float64."""

    dtype = dtypes.float64


class ComplexFloatStorage(_OldStorage):
    """Makes a TypedStorage of complex64."""

    dtype = dtypes.complex64


class ComplexDoubleStorage(_OldStorage):
    """Makes a TypedStorage of complex128."""

    dtype = dtypes.complex128


_CLASSES = (
    BoolStorage,
    ByteStorage,
    CharStorage,
    ShortStorage,
    IntStorage,
    LongStorage,
    HalfStorage,
    BFloat16Storage,
    FloatStorage,
    DoubleStorage,
    ComplexFloatStorage,
    ComplexDoubleStorage,
)
OLD_CLASSES: dict[str, Callable] = {kind.__name__: kind for kind in _CLASSES}
OLD_CLASSES["Storage"] = FloatStorage

__all__ = ["OLD_CLASSES", "TypedStorage"]
