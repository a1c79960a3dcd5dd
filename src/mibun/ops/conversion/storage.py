"""The memory behind a tensor: its storage, shared with other processes, or another's (`set_`, `data`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.batching import BatchedTensor, refuse_storage
from ...core.memory import layout_of, share
from ...core.meta import MetaArray
from ...core.mode import MODE
from ...core.node import new_counter
from ...core.registry import LEADING, TENSORS, Array
from ...core.tangents import refuse_dual
from ...core.tensor import Tensor, bare, bind_method, is_inference
from ...core.views import View, before_write, bump_version, check_inplace, edge_of, own_array
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.public import public
from ...xp.numpy.memory import storage as _root
from ..annotations import Device
from ..creation.filled import empty
from ..creation.options import shape_of
from .between_processes import register_reducers
from .typed_storages import OLD_CLASSES, TypedStorage, warn_of_typed
from .untyped_storages import UntypedStorage, share_memory

# --- storages ---


@public("untyped_storage", function=False)
def untyped_storage(self: Tensor) -> UntypedStorage:
    """The bytes that this tensor and its views share."""
    refuse_storage(self)
    array = own_array(self)
    found = UntypedStorage._of(_root(array))
    if type(array) is MetaArray:
        found._without_values = True
    return found


@public("storage", function=False)
def storage(self: Tensor) -> TypedStorage:
    """The memory of this tensor, as elements of its dtype. Deprecated by PyTorch: use `untyped_storage()`."""
    warn_of_typed()
    return _typed_storage(self)


def _typed_storage(self: Tensor) -> TypedStorage:
    return TypedStorage._of(untyped_storage(self), self.dtype)


@public("storage_type", function=False)
def storage_type(self: Tensor) -> type:
    """The old class of this tensor's storage: `torch.FloatStorage` for float32."""
    return OLD_CLASSES[_typed_storage(self).pickle_storage_type()]  # type: ignore[return-value]


@public("share_memory_", function=False)
def share_memory_(self: Tensor) -> Tensor:
    """Move the memory of this tensor, and of its views, to where other processes see it; nothing if it is there.

    Processes forked from now on share it, and so do those that the tensor is sent to by `multiprocessing`.

    >>> import mibun as torch
    >>> torch.ones(2).share_memory_().is_shared()
    True
    """
    refuse_storage(self)
    own_array(self)
    share_memory(self)
    register_reducers()
    return self


@public("is_shared", function=False)
def is_shared(self: Tensor) -> bool:
    """Whether other processes see the memory: after `share_memory_`."""
    return untyped_storage(self).is_shared()


bind_method("_typed_storage", _typed_storage)


@public("is_storage", method=False)
def is_storage(obj: Any) -> bool:
    """Whether the object is a storage."""
    return isinstance(obj, (UntypedStorage, TypedStorage))


# --- on other memory ---


def _geometry(array: Array) -> tuple:
    return array.__array_interface__["data"][0], array.shape, array.strides


@public("is_set_to", function=False)
def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether both tensors look at the same memory in the same geometry.

    >>> import mibun as torch
    >>> x = torch.ones(2)
    >>> x.is_set_to(x.detach())
    True
    """
    check_tensor(tensor, "is_set_to", "tensor")
    if isinstance(self, BatchedTensor) or isinstance(tensor, BatchedTensor):
        raise RuntimeError("Batching rule not implemented for aten::is_set_to. We could not generate a fallback.")
    own_array(self), own_array(tensor)
    own, other = layout_of(self, address=True), layout_of(tensor, address=True)
    return own.dtype == other.dtype and _root(own) is _root(other) and _geometry(own) == _geometry(other)


@public("set_", function=False)
def set_(
    self: Tensor,
    source: Tensor | UntypedStorage | TypedStorage | None = None,
    storage_offset: int = 0,
    size: Sequence[int] | None = None,
    stride: Sequence[int] | None = None,
) -> Tensor:
    """Look at other memory from now on: that of a tensor, of a storage (in the geometry given), or none at all.

    The offset and the strides count elements. RuntimeError for another dtype, for memory that is too small, and where
    autograd would have to follow: under `no_grad` a tensor that requires grad, such as a Parameter, keeps its history.

    >>> import mibun as torch
    >>> torch.zeros(1).set_(torch.tensor([1., 2.]))
    tensor([1., 2.])
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
    records = edge is not None and MODE.get().grad
    check_inplace(self, records)
    if records:
        raise RuntimeError("set_() is not differentiable: detach() the tensor, or assign to its .data")
    self._array_ = array
    if isinstance(source, Tensor):
        share(self, source)
    self._accumulator_ = None  # the shape that it knows may be wrong now
    if type(self._edge_) is View:  # no view of the old base any more; a history stays, as with `.data`
        self._edge_ = edge
    bump_version(self, "set_")
    return self


def _on(
    source: UntypedStorage | TypedStorage,
    dtype: np.dtype,
    storage_offset: int,
    size: Sequence[int] | None,
    stride: Sequence[int] | None,
) -> np.ndarray:
    """An array of this geometry on a storage."""
    memory = source.untyped()._elements()
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


def _get_data(self: Tensor) -> Tensor:
    """The same memory, outside the graph and with a version counter of its own."""
    array = own_array(self)
    if type(array) in LEADING:
        array = array.like(array.values)
    kind = TENSORS.get(type(array), Tensor)
    if kind is not Tensor and _innermost_is_vmap():
        raise RuntimeError("accessing `data` under vmap transform is not allowed: use detach()")
    result = bare(kind, array)
    share(result, self)
    counter = self._version_counter_
    if is_inference(self):
        result._version_counter_ = counter
    elif counter is not None and counter.guard is not None:
        result._version_counter_ = new_counter()
        result._version_counter_.guard = lambda _: before_write(self)
    return result


def _innermost_is_vmap() -> bool:
    """Whether of the transforms that the user's function is in, the last one is a vmap."""
    return [level.kind for level in MODE.get().transforms if not level.implicit][-1:] == ["vmap"]


def _set_data(self: Tensor, value: Tensor) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if self._edge_ is not None and value._array_.dtype.kind in "biu":
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    transforms = MODE.get().transforms
    if transforms:
        if type(self._array_) in TENSORS and _innermost_is_vmap():
            raise RuntimeError("mutating directly with `.data` under vmap transform is not allowed.")
        if any([level.kind != "vmap" for level in transforms]):
            raise RuntimeError("mutating directly with `.data` inside functorch transform is not allowed.")
    self._array_ = own_array(value)
    share(self, value)
    self._accumulator_ = None  # the shape and dtype that it knows may be wrong now
    if type(self._edge_) is View:
        self._edge_ = edge_of(self)


def _delete_data(self: Tensor) -> None:
    raise RuntimeError("data cannot be deleted: assign another Tensor")


bind_method("data", property(_get_data, _set_data, _delete_data, doc=_get_data.__doc__))


@public("from_file", method=False)
def from_file(
    filename: str,
    shared: bool | None = None,
    size: int | None = 0,
    *,
    dtype: dtypes.dtype | None = None,
    layout: dtypes.layout | None = None,
    device: Device | None = None,
    pin_memory: bool | None = False,
    requires_grad: bool = False,
) -> Tensor:
    """A 1-D Tensor on the elements of a file, of which the system reads what is used.

    Args:
        filename: the path.
        shared: whether what is written to the Tensor goes to the file, which is made, and made longer, as needed.
        size: how many elements.
        dtype: of the elements; the default one unless given. The other options are those of `zeros`.

    Raises:
        RuntimeError: where the file is not there, or too short and not shared.

    >>> import mibun as torch
    >>> from pathlib import Path
    >>> _ = Path("numbers.bin").write_bytes(bytes([1, 2, 3]))
    >>> torch.from_file("numbers.bin", size=3, dtype=torch.uint8)
    tensor([1, 2, 3], dtype=torch.uint8)
    """
    if not isinstance(filename, str):
        raise TypeError(f"from_file(): argument 'filename' (position 1) must be str, not {type(filename).__name__}")
    result = empty(0, dtype=dtype, layout=layout, device=device, pin_memory=pin_memory, requires_grad=requires_grad)
    count, wanted = size or 0, result._array_.dtype
    if count < 0:
        raise RuntimeError(f"unable to mmap {count * wanted.itemsize} bytes from file <{filename}>: a negative size")
    there = os.path.getsize(filename) if os.path.exists(filename) else None
    if there is None and not shared:
        raise RuntimeError(f"unable to open file <{filename}> in read-only mode: No such file or directory (2)")
    if not shared and there is not None and there < count * wanted.itemsize:
        raise RuntimeError(
            f"file <{filename}> size <{there}> is smaller than the required mapping size <{count * wanted.itemsize}>"
        )
    if count:
        memory = UntypedStorage.from_file(filename, bool(shared), count * wanted.itemsize)
        result._array_ = np.ndarray(count, wanted, memory._elements())
    return result


__all__ = ["is_storage", "set_", "storage", "untyped_storage"]
