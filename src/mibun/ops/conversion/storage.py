"""The memory behind a tensor: its storage, tensors set onto another's memory, and which kind of memory it is.

A storage is the block of bytes that a tensor and its views share. There is one kind: ordinary memory on the CPU.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import device as _device
from ...core.registry import METHODS
from ...core.site import stacklevel
from ...core.tangents import refuse_dual
from ...core.tensor import Tensor
from ...core.views import View, bump_version, check_inplace, edge_of, own_array
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.public import public
from ...xp.numpy.memory import storage as _root
from ..creation.creation import shape_of


class UntypedStorage:
    """The bytes that a tensor and its views share; `t.untyped_storage()` gives them.

    >>> import mibun as torch
    >>> t = torch.zeros(2, 3)
    >>> t[1].untyped_storage().data_ptr() == t.untyped_storage().data_ptr()
    True
    """

    def __init__(self, array: Any) -> None:
        self._array_ = array  # the array that owns the memory

    def data_ptr(self) -> int:
        """The address of the first byte; 0 where there is none."""
        return self._array_.__array_interface__["data"][0] if self._array_.size else 0

    def nbytes(self) -> int:
        """How many bytes there are."""
        return self._array_.nbytes

    size = __len__ = nbytes

    def element_size(self) -> int:
        """Bytes of one element: 1."""
        return 1

    @property
    def device(self) -> _device:
        """Where the bytes are: the CPU."""
        return _device("cpu")

    def _bytes(self) -> Any:
        return self._array_.ravel(order="K").view(np.uint8)

    def __getitem__(self, index: Any) -> Any:
        return self._bytes()[index].tolist()

    def tolist(self) -> list[int]:
        """The bytes as a list of ints."""
        return self._bytes().tolist()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UntypedStorage) and self._array_ is other._array_

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<torch.UntypedStorage of {self.nbytes()} bytes at {hex(self.data_ptr())}>"


class TypedStorage:
    """The same memory as elements of a dtype; deprecated by PyTorch in favour of `untyped_storage()`."""

    def __init__(self, untyped: UntypedStorage, dtype: Any) -> None:
        self._untyped, self.dtype = untyped, dtype

    def untyped(self) -> UntypedStorage:
        """The storage as bytes."""
        return self._untyped

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

    def _elements(self) -> Any:
        return self._untyped._array_.ravel(order="K").view(self.dtype.np)

    def __getitem__(self, index: Any) -> Any:
        return self._elements()[index].tolist()

    def tolist(self) -> list:
        """The elements as a list of Python numbers."""
        return self._elements().tolist()


@public(function=False)
def untyped_storage(self: Any) -> UntypedStorage:
    """The bytes that this tensor and its views share."""
    return UntypedStorage(_root(own_array(self)))


@public(function=False)
def storage(self: Any) -> TypedStorage:
    """The memory of this tensor, as elements of its dtype. Deprecated by PyTorch: use `untyped_storage()`."""
    warnings.warn(
        "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only storage "
        "class. This should only matter to you if you are using storages directly.  To access UntypedStorage directly, "
        "use tensor.untyped_storage() instead of tensor.storage()",
        UserWarning,
        stacklevel=stacklevel(),
    )
    return TypedStorage(untyped_storage(self), self.dtype)


@public(method=False)
def is_storage(obj: Any) -> bool:
    """Whether the object is a storage."""
    return isinstance(obj, (UntypedStorage, TypedStorage))


@public(method=False)
def is_tensor(obj: Any) -> bool:
    """Whether the object is a Tensor."""
    return isinstance(obj, Tensor)


@public(function=False)
def is_same_size(self: Any, other: Any) -> bool:
    """Whether the other tensor has this one's shape."""
    check_tensor(other, "is_same_size", "other")
    return self._array_.shape == other._array_.shape


def _geometry(array: Any) -> tuple:
    return array.__array_interface__["data"][0], array.shape, array.strides


@public(function=False)
def is_set_to(self: Any, tensor: Any) -> bool:
    """Whether both tensors look at the same memory in the same geometry."""
    check_tensor(tensor, "is_set_to", "tensor")
    own, other = own_array(self), own_array(tensor)
    return own.dtype == other.dtype and _root(own) is _root(other) and _geometry(own) == _geometry(other)


@public(function=False)
def set_(self: Any, source: Any = None, storage_offset: Any = 0, size: Any = None, stride: Any = None) -> Any:
    """Look at other memory from now on: that of a tensor, of a storage (in the geometry given), or none at all.

    The offset and the strides count elements. RuntimeError for another dtype, for memory that is too small, and where
    autograd would have to follow.
    """
    edge = edge_of(self)
    if isinstance(source, Tensor):
        if source._array_.dtype != self._array_.dtype:
            raise RuntimeError(
                f"Could not set tensor of type {source.dtype.name} to a tensor of type {self.dtype.name}"
            )
        array = own_array(source)
        if size is not None:
            source = untyped_storage(source)
    elif source is None:
        array = np.zeros(0, self._array_.dtype)
    elif isinstance(source, (UntypedStorage, TypedStorage)):
        array = None
    else:
        raise TypeError(
            f"set_(): argument 'source' (position 1) must be Tensor or Storage, not {type(source).__name__}"
        )
    if isinstance(source, (UntypedStorage, TypedStorage)):
        array = _on(source, self._array_.dtype, storage_offset, size, stride)
    refuse_dual((self, source), "set_", "that does not support it: take the other Tensor itself instead")
    check_inplace(self, edge is not None)
    if edge is not None or type(self._edge_) is View:
        raise RuntimeError("set_() is not differentiable: detach() the tensor, or assign to its .data")
    self._array_ = array
    bump_version(self, "set_")
    return self


def _on(source: Any, dtype: Any, storage_offset: Any, size: Any, stride: Any) -> Any:
    """An array of this geometry on a storage."""
    memory = source._array_ if isinstance(source, UntypedStorage) else source.untyped()._array_
    memory = memory.ravel(order="K")
    count = memory.nbytes // dtype.itemsize
    shape = (count,) if size is None else shape_of(size, "set_")
    if stride is None:
        stride, step = [], 1
        for n in reversed(shape):
            stride.insert(0, step)
            step *= max(n, 1)
    strides = tuple(whole(s, "set_", "stride") * dtype.itemsize for s in stride)
    offset = whole(storage_offset, "set_", "storage_offset") * dtype.itemsize
    try:
        return np.ndarray(shape, dtype, memory, offset, strides)
    except (ValueError, TypeError):
        raise RuntimeError(
            f"setStorage: sizes {list(shape)}, strides {list(stride)}, storage offset {storage_offset}, and itemsize "
            f"{dtype.itemsize} are out of bounds for storage of size {memory.nbytes}"
        ) from None


# --- the kind of memory ---


def _constant(name: str, value: Any, doc: str) -> None:
    METHODS[name] = property(lambda self: value, doc=doc)  # type: ignore[assignment]


for _kind in ("cuda", "cpu", "mps", "xpu", "meta", "mkldnn", "vulkan", "ipu", "xla", "hpu", "mtia", "maia"):
    _constant(f"is_{_kind}", _kind == "cpu", f"Whether the elements are on the device {_kind}: they are on the CPU.")
for _kind in ("sparse", "sparse_csr", "quantized", "nested"):
    _constant(f"is_{_kind}", False, f"Whether the tensor is {_kind.replace('_', ' ')}: never.")
_constant("layout", dtypes.strided, "How the elements lie in memory: always `torch.strided`.")


@public(function=False)
def get_device(self: Any) -> int:
    """The number of the GPU that holds the tensor: -1, since the CPU does."""
    return -1


@public(function=False)
def is_pinned(self: Any, device: Any = None) -> bool:
    """Whether the memory is pinned: never."""
    return False


@public(function=False)
def pin_memory(self: Any, device: Any = None) -> Any:
    """RuntimeError: there is no accelerator that memory could be pinned for."""
    raise RuntimeError("Cannot access accelerator device when none is available: memory cannot be pinned")


@public(function=False)
def is_shared(self: Any) -> bool:
    """Whether other processes see the memory: never."""
    return False


__all__ = ["TypedStorage", "UntypedStorage"]
