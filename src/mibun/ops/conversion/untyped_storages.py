"""UntypedStorage: the block of bytes that a tensor and its views share, as an object.

A storage can be freed for a while (`resize_(0)`, and back) and can be moved to where other processes see it
(`share_memory_`): every tensor on it sees the same. What is known of the block itself is in `xp/numpy/blocks.py`.
"""

from __future__ import annotations

import gc
import operator
import os
import sys
import weakref
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.device import device as _device
from ...core.meta import reserved
from ...core.tensor import Tensor, bare
from ...xp.numpy import shared_memory
from ...xp.numpy.blocks import block_of, bytes_of, nbytes_in_use, own_block, resize_within
from ...xp.numpy.memory import storage as root_of
from ...xp.numpy.shared_memory import SharedMemory, second_name, shared_array
from ..annotations import Device

_STORAGES: weakref.WeakValueDictionary[int, UntypedStorage] = weakref.WeakValueDictionary()  # id of its array -> it


def move(old: np.ndarray, new: np.ndarray) -> None:
    """Let every tensor that stands on the memory `old` stand at the same place of `new`, which has its bytes.

    Arrays that the graph has saved stay on the old memory, where their values are those of the time of saving.
    """
    start = old.__array_interface__["data"][0]
    for tensor in gc.get_objects():
        if not issubclass(type(tensor), Tensor):
            continue
        array = getattr(tensor, "_array_", None)
        if type(array) is np.ndarray and root_of(array) is old:
            offset = array.__array_interface__["data"][0] - start if array.size else 0
            tensor._array_ = np.ndarray(array.shape, array.dtype, new, offset, array.strides)
    stored = _STORAGES.pop(id(old), None)
    if stored is not None:
        stored._array_ = new
        _STORAGES[id(new)] = stored


def share_memory(tensor: Tensor) -> None:
    """Move a tensor's memory to where other processes see it; views of it move along."""
    alone = sys.getrefcount(tensor._array_) <= _ALONE
    root = root_of(tensor._array_)
    block = block_of(root)
    if block is not None and block.shared is not None:
        return
    if not alone or root is not tensor._array_ or not (root.flags.c_contiguous or root.flags.f_contiguous):
        UntypedStorage._of(root).share_memory_()
        return
    # Nobody else has the array, so nobody else is to be looked for.
    new = _copied_to_shared(root)
    tensor._array_ = np.ndarray(root.shape, root.dtype, new, 0, root.strides)


def move_to_shared(root: np.ndarray) -> None:
    """Let every tensor on the memory stand on a new block that other processes can find."""
    move(root, _copied_to_shared(root))


def _copied_to_shared(root: np.ndarray) -> np.ndarray:
    memory = bytes_of(root)[: nbytes_in_use(root)]
    new = shared_array(SharedMemory(memory.size))
    new[...] = memory
    return new


def _findable(storage: UntypedStorage, how: str) -> SharedMemory:
    """The shared memory of a storage, moved where it cannot be found in this way."""
    memory = own_block(storage._array_).shared
    assert memory is not None
    if getattr(memory, how) is None:
        before, root = shared_memory.strategy, storage._array_
        shared_memory.set_strategy("file_descriptor" if how == "descriptor" else "file_system")
        try:
            move_to_shared(root)
        finally:
            shared_memory.set_strategy(before)
        memory = own_block(storage._array_).shared
        assert memory is not None
    return memory


# How often an array is referred to that only its tensor has, counted as `share_memory` counts.
_lonely = bare(Tensor, np.zeros(1))
_ALONE = sys.getrefcount(_lonely._array_)


def _no_resizing() -> RuntimeError:
    return RuntimeError(
        "Trying to resize storage that is not resizable: a NumPy array, a buffer or another library has its memory too"
    )


def whole(value: Any, refusal: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise RuntimeError(f"{refusal}, but got {type(value).__name__}") from None


def zeros(nbytes: int) -> np.ndarray:
    if nbytes < 0:
        raise RuntimeError(f"a storage cannot have a negative number of bytes: {nbytes}")
    return np.zeros(nbytes, np.uint8)


class AnyStorage:
    """What both kinds of storages have: questions about devices, and conversions of the elements."""

    is_cuda = is_hpu = is_sparse = False

    @property
    def device(self) -> _device:
        """Where the bytes are: the CPU; "meta" where there are none."""
        return _device("meta" if self.untyped()._without_values else "cpu")

    def get_device(self) -> int | None:
        """The number of the device: None, as there is only one CPU."""
        return None

    def is_pinned(self, device: Device = "cuda") -> bool:
        """Whether the memory is pinned for an accelerator: never."""
        return False

    def pin_memory(self, device: Device = "cuda") -> Self:
        """RuntimeError: there is no accelerator that memory could be pinned for."""
        raise RuntimeError("Cannot access accelerator device when none is available: memory cannot be pinned")

    def cpu(self) -> Self:
        """The storage itself: it is on the CPU."""
        return self

    def to(self, *, device: Device, non_blocking: bool = False) -> Self:
        """The storage itself, for the CPU; what `mibun.device` raises for others."""
        check_device(device, "to")
        return self

    def cuda(self, device: Device | None = None, non_blocking: bool = False) -> Self:
        """AssertionError: there is no GPU build."""
        check_device("cuda" if device is None or isinstance(device, int) else device, "cuda")
        return self

    def hpu(self, device: Device | None = None, non_blocking: bool = False) -> Self:
        """RuntimeError: there is no such device."""
        check_device("hpu", "hpu")
        return self

    def mps(self) -> Self:
        """RuntimeError: there is no such device."""
        check_device("mps", "mps")
        return self

    def _elements(self) -> np.ndarray:
        raise NotImplementedError

    def untyped(self) -> UntypedStorage:
        """The storage as bytes."""
        raise NotImplementedError

    def _pickle_storage_type(self) -> str:
        raise NotImplementedError


class UntypedStorage(AnyStorage):
    """The bytes that a tensor and its views share; `t.untyped_storage()` gives them.

    UntypedStorage(4) makes one of so many bytes, UntypedStorage([1, 2]) one of these. RuntimeError for what is neither
    a number nor a sequence of ints.

    >>> import mibun as torch
    >>> t = torch.zeros(2, 3)
    >>> t[1].untyped_storage() is t.untyped_storage()
    True
    >>> t.untyped_storage().resize_(0).nbytes()
    0
    """

    _array_: np.ndarray  # the array that owns the memory
    is_sparse_csr = False
    _without_values = False  # those of tensors on the device "meta"

    def __init__(self, *args: Any, device: Device | None = None) -> None:
        without_values = device is not None and _device(device).type == "meta"
        if not without_values:
            check_device(device, "UntypedStorage")
        if len(args) > 1:
            raise TypeError(
                f"UntypedStorage() takes one argument, a number of bytes or a sequence of ints, not {len(args)}"
            )
        if not args or isinstance(args[0], int):
            n = args[0] if args else 0
            array = reserved((n,), np.dtype(np.uint8)) if without_values else zeros(n)
        else:
            (values,) = args
            if not isinstance(values, (Sequence, UntypedStorage)):
                raise RuntimeError(f"UntypedStorage(): Expected a sequence type, but got {type(values).__name__}")
            array = np.array([_byte(v, values) for v in values], np.uint8)
        self._array_ = array
        self._without_values = without_values
        _STORAGES[id(array)] = self

    @classmethod
    def _of(cls, root: np.ndarray) -> UntypedStorage:
        """The storage of an array that owns its memory: always the same one while it lives."""
        found = _STORAGES.get(id(root))
        if found is None or found._array_ is not root:
            found = object.__new__(cls)
            found._array_ = root
            _STORAGES[id(root)] = found
        return found

    @classmethod
    def _new_shared(cls, size: int, *, device: Device = "cpu") -> UntypedStorage:
        """A storage of so many bytes that other processes see."""
        check_device(device)
        return cls._of(shared_array(SharedMemory(size)))

    def _share_fd_cpu_(self) -> tuple[int, int]:
        """Share the memory; a descriptor that other processes can map, which stays the storage's own, and the size."""
        memory = _findable(self.share_memory_(), "descriptor")
        assert memory.descriptor is not None
        return memory.descriptor, memory.nbytes

    @classmethod
    def _new_shared_fd_cpu(cls, fd: int, size: int) -> UntypedStorage:
        """The storage on the memory of a descriptor."""
        return cls._of(shared_array(SharedMemory(size, os.dup(fd))))

    def _share_filename_cpu_(self) -> tuple[bytes, bytes, int]:
        """Share the memory; b"", the name of a file that one other process can map and then removes, and the size."""
        memory = _findable(self.share_memory_(), "name")
        assert memory.name is not None
        return b"", second_name(memory.name).encode(), memory.nbytes

    @classmethod
    def _new_shared_filename_cpu(cls, manager: bytes, name: bytes, size: int) -> UntypedStorage:
        """The storage on the memory of a file."""
        return cls._of(shared_array(SharedMemory(size, name=os.fsdecode(name))))

    @classmethod
    def from_buffer(
        cls, buffer: Any, byte_order: str = "native", count: int = -1, offset: int = 0, *, dtype: Any = None
    ) -> UntypedStorage:
        """A storage with a copy of a buffer's bytes, from `offset` on: `count` elements of the dtype, or all.

        byte_order: "native", "little" or "big", that of the buffer. ValueError where the buffer is too small.
        """
        return cls._of(bytes_of(read_buffer(buffer, dtype or dtypes.uint8, byte_order, count, offset)))

    @classmethod
    def from_file(cls, filename: str | os.PathLike, shared: bool = False, nbytes: int = 0) -> UntypedStorage:
        """A storage on a file's bytes. shared: what is written goes to the file, which is made as long as needed.

        nbytes: how many; 0 for all that are there.
        """
        size = os.path.getsize(filename) if os.path.exists(filename) or not shared else 0
        if shared and size < nbytes:
            with open(filename, "ab") as file:
                file.truncate(nbytes)
        array = np.memmap(filename, np.uint8, "r+" if shared else "c", shape=(nbytes or size,))
        result = cls._of(array.view(np.ndarray))
        own_block(result._array_).external = True
        result._filename = os.fspath(filename) if shared else None
        return result

    _filename: str | None = None

    @property
    def filename(self) -> str | None:
        """The file that is mapped, where what is written goes to a file."""
        return self._filename

    @property
    def _cdata(self) -> int:
        return id(self._array_)

    def untyped(self) -> UntypedStorage:
        """The storage itself."""
        return self

    def _pickle_storage_type(self) -> str:
        return "storage.UntypedStorage"

    def data_ptr(self) -> int:
        """The address of the first byte; 0 where there is none."""
        return self._array_.__array_interface__["data"][0] if self.nbytes() else 0

    def nbytes(self) -> int:
        """How many bytes there are."""
        return nbytes_in_use(self._array_)

    size = __len__ = nbytes

    def element_size(self) -> int:
        """Bytes of one element: 1."""
        return 1

    def _elements(self) -> np.ndarray:
        if self._without_values:
            raise NotImplementedError("Not available for 'meta' device type: there are no values")
        return bytes_of(self._array_)[: self.nbytes()]

    def resizable(self) -> bool:
        """Whether `resize_` works: not where a NumPy array or a buffer of the user's has the memory too."""
        block = block_of(self._array_)
        return block is None or not block.external

    def resize_(self, size: int) -> UntypedStorage:
        """Let there be so many bytes. What is freed comes back, with unspecified values, when there are more again.

        Tensors keep their shapes: what they show beyond the end is unspecified. Returns the storage. RuntimeError where
        a NumPy array has the memory too, for negative sizes and for what is no int.

        >>> import mibun as torch
        >>> x = torch.ones(2)
        >>> _ = x.untyped_storage().resize_(0)
        >>> _ = x.untyped_storage().resize_(8)
        >>> x.fill_(2.)
        tensor([2., 2.])
        """
        size = whole(size, "resize_ expects an int")
        if not self.resizable():
            raise _no_resizing()
        if size < 0:
            raise RuntimeError(f"resize_(): a storage cannot have a negative number of bytes: {size}")
        if size <= self._array_.nbytes:
            resize_within(self._array_, size)
        else:
            new = zeros(size)
            kept = self._elements()
            new[: kept.size] = kept
            move(self._array_, new)
        return self

    def copy_(self, source: AnyStorage, non_blocking: bool | None = None) -> UntypedStorage:
        """Overwrite the bytes with those of a storage of the same size. RuntimeError for another size."""
        if not isinstance(source, AnyStorage):
            raise TypeError(f"copy_(): argument 'src' (position 1) must be torch.Storage, not {type(source).__name__}")
        own, other = self._elements(), source.untyped()._elements()
        if own.size != other.size:
            raise RuntimeError(f"size does not match, self was {own.size} bytes but src was {other.size} bytes")
        own[...] = other
        return self

    def fill_(self, value: int) -> UntypedStorage:
        """Overwrite every byte with an int, modulo 256."""
        self._elements()[...] = whole(value, "fill_ expects int") % 256
        return self

    def byteswap(self, dtype: dtypes.dtype) -> None:
        """Turn the bytes of every element of the dtype around."""
        kind = dtype.np
        unit = np.dtype(f"V{kind.itemsize // 2 if kind.kind == 'c' else kind.itemsize}")
        elements = self._elements()
        elements[...] = elements.reshape(-1, unit.itemsize)[:, ::-1].reshape(-1)

    def new(self) -> UntypedStorage:
        """A storage without bytes."""
        return UntypedStorage()

    def clone(self) -> UntypedStorage:
        """A copy of the bytes."""
        return UntypedStorage._of(self._elements().copy())

    def __copy__(self) -> UntypedStorage:
        return self.clone()

    def __deepcopy__(self, memo: dict) -> UntypedStorage:
        # The same copy as that of tensors on the memory, see `pickling.py`.
        root = self._array_
        copied = memo.get(id(root))
        if copied is None:
            copied = memo[id(root)] = root.copy(order="K")
            memo.setdefault(id(memo), []).append(root)
            if self.nbytes() != root.nbytes:
                resize_within(copied, self.nbytes())
        return UntypedStorage._of(copied)

    def __reduce__(self) -> tuple:
        return _from_bytes, (self._elements(),)

    def is_shared(self) -> bool:
        """Whether other processes see the memory: after `share_memory_`."""
        block = block_of(self._array_)
        return block is not None and block.shared is not None

    def share_memory_(self) -> UntypedStorage:
        """Move the bytes to where other processes see them, with all tensors on them.

        Processes forked from now on share them, and so do those that a tensor on them is sent to by `multiprocessing`.

        >>> import mibun as torch
        >>> x = torch.ones(2)
        >>> x.untyped_storage().share_memory_().is_shared(), x
        (True, tensor([1., 1.]))
        """
        if not self.is_shared():
            move_to_shared(self._array_)
        return self

    def __getitem__(self, index: int | slice) -> Any:
        """A byte; or, for a slice, a storage on the same memory."""
        if isinstance(index, slice):
            if index.step not in (None, 1):
                raise RuntimeError(f"Trying to slice with a step of {index.step}, but only a step of 1 is supported")
            part = self._elements()[index]
            own_block(part).external = True  # of the whole storage
            return UntypedStorage._of(part)
        return self._elements()[place_in(index, self, "torch.UntypedStorage")].item()

    def __setitem__(self, index: int | slice, value: int) -> None:
        value = whole(value, "can only set storage content with a int types") % 256
        place = index if isinstance(index, slice) else place_in(index, self, "torch.UntypedStorage")
        self._elements()[place] = value

    def tolist(self) -> list[int]:
        """The bytes as a list of ints."""
        return self._elements().tolist()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UntypedStorage) and self._array_ is other._array_

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        if self.device.type == "meta":
            return f"...\n[torch.storage.UntypedStorage(device=meta) of size {self.size()}]"
        return listed(self.tolist(), f"torch.storage.UntypedStorage(device=cpu) of size {self.size()}")


def listed(values: list, what: str) -> str:
    return "".join([f" {value}\n" for value in values]) + f"[{what}]"


def _byte(value: Any, values: Any) -> int:
    if not isinstance(value, int):
        raise RuntimeError(
            f"UntypedStorage(): tried to construct a storage from a sequence ({type(values).__name__}), but one of the "
            f"items was of type {type(value).__name__} instead of int"
        )
    return value % 256


def place_in(index: Any, storage: Any, kind: str) -> int:
    if not isinstance(index, int):
        raise TypeError(f"can't index a {kind} with {type(index).__name__}")
    size = storage.size()
    if not -size <= index < size:
        raise IndexError(f"index {index} out of range for storage of size {size}")
    return index


def read_buffer(buffer: Any, dtype: dtypes.dtype, byte_order: str, count: int, offset: int) -> np.ndarray:
    if byte_order not in ("native", "little", "big"):
        raise ValueError(f"invalid byte_order '{byte_order}' (expected 'big', 'little', or 'native')")
    memory = np.frombuffer(buffer, np.uint8)
    size = dtype.itemsize
    if offset < 0 or offset > memory.size:
        raise ValueError(
            f"offset must be non-negative and no greater than buffer length ({memory.size}) , but got {offset}"
        )
    if count < 0:
        if (memory.size - offset) % size:
            raise ValueError(f"buffer size ({memory.size}) must be a multiple of element size ({size})")
        count = (memory.size - offset) // size
    if offset + count * size > memory.size:
        raise ValueError(
            f"buffer has only {memory.size - offset} bytes after offset {offset}, but specified a size of {count}"
        )
    elements = memory[offset : offset + count * size].copy().view(dtype.np)
    return elements if byte_order in ("native", sys.byteorder) else elements.byteswap()


def _from_bytes(memory: np.ndarray) -> UntypedStorage:
    """What a pickled storage is made of again."""
    return UntypedStorage._of(memory)


__all__ = ["AnyStorage", "UntypedStorage", "move", "share_memory"]
