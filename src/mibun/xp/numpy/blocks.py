"""Blocks of memory: what is known of one beyond its array: how much of it is in use, and who else has it.

An array owns a fixed block and other arrays look at it; nothing may move it behind their backs. So a block that is made
smaller keeps its addresses, and gives its pages back to the operating system: they are empty until they are written to
again. A block for several processes is a file without a name, mapped into each of them.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import weakref
from typing import Any

import numpy as np

# The advice to `madvise` after which pages cost no memory: MADV_DONTNEED, MADV_FREE.
_DISCARD = 4 if sys.platform.startswith("linux") else 5 if sys.platform == "darwin" else None


class Block:
    """What is known of a block of memory; most blocks have no such object."""

    __slots__ = ("external", "in_use", "reference", "shared")

    def __init__(self, reference: weakref.ref) -> None:
        self.reference = reference  # the array that owns the memory
        self.in_use: int | None = None  # how many bytes are in use, once that was changed: None for all
        self.external = False  # whether another library, or the user, has the memory too
        self.shared: SharedMemory | None = None


_BLOCKS: dict[int, Block] = {}  # id of the array that owns the memory -> what is known, while the array lives


def block_of(root: Any) -> Block | None:
    """What is known of the memory that this array owns: None if nothing is."""
    return _BLOCKS.get(id(root))


def own_block(root: Any) -> Block:
    """The same, made when first asked for."""
    key = id(root)
    block = _BLOCKS.get(key)
    if block is None:
        block = _BLOCKS[key] = Block(weakref.ref(root, lambda _: _BLOCKS.pop(key, None)))
    return block


def nbytes_in_use(root: Any) -> int:
    """How many bytes of the memory are in use."""
    block = _BLOCKS.get(id(root))
    return root.nbytes if block is None or block.in_use is None else block.in_use


def bytes_of(root: Any) -> np.ndarray:
    """The memory as bytes, without a copy where it is in one piece."""
    return root.ravel(order="K").view(np.uint8)


def resize_within(root: Any, nbytes: int) -> None:
    """Let so many bytes of the memory be in use from now on; pages that are not cost no memory until written to."""
    block = own_block(root)
    used, block.in_use = nbytes_in_use(root), nbytes
    if nbytes < used and block.shared is None and not block.external:
        _discard(bytes_of(root)[nbytes:])


def _discard(memory: np.ndarray) -> None:
    import mmap

    if _DISCARD is None or memory.size < 2 * mmap.PAGESIZE:
        return
    start = memory.__array_interface__["data"][0]
    first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
    whole = (start + memory.size - first) // mmap.PAGESIZE * mmap.PAGESIZE
    if whole > 0:
        # What fails leaves the memory as it is, which is right too.
        ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(whole), ctypes.c_int(_DISCARD))


# --- memory of several processes ---

strategy = "file_descriptor"  # or "file_system": how other processes find the memory, see `SharedMemory`
_FILES = "/dev/shm" if os.path.isdir("/dev/shm") else None


class SharedMemory:
    """A block that several processes map. Other processes find it by its descriptor, or by the name of its file.

    A file without a name is gone when the last process that maps it ends, however that ends; but each block keeps a
    descriptor open, until `close_descriptor`. With the strategy "file_system" it has a name until the process that made
    it drops the memory, and no descriptor. Windows knows neither: there the block itself has a name, and lives while
    somebody maps it.
    """

    def __init__(self, nbytes: int, descriptor: int | None = None, name: str | None = None) -> None:
        self.nbytes = nbytes
        self.descriptor, self.name = descriptor, name
        self._closing: weakref.finalize | None = None
        made = descriptor is None and name is None
        if os.name == "nt":
            import mmap
            import uuid

            self.name = name or f"mibun-{uuid.uuid4()}"
            self.map: Any = mmap.mmap(-1, max(nbytes, 1), tagname=self.name)
            self.key: Any = self.name
            return
        if made and strategy == "file_system":
            descriptor, self.name = _named()
            weakref.finalize(self, _unlink, self.name, os.getpid())
        elif made:
            descriptor = self.descriptor = _unnamed()
        elif name is not None:
            descriptor = os.open(name, os.O_RDWR)
        assert descriptor is not None
        try:
            if made:
                os.ftruncate(descriptor, max(nbytes, 1))
            self.map = _Mapping(descriptor, nbytes)
            about = os.fstat(descriptor)
            self.key = about.st_dev, about.st_ino
        finally:
            if self.descriptor is None:
                os.close(descriptor)
            else:
                self._closing = weakref.finalize(self, os.close, descriptor)
                self._closing.atexit = False

    @property
    def findable(self) -> bool:
        """Whether there is a way for other processes to find the block."""
        return self.descriptor is not None or self.name is not None

    def close_descriptor(self) -> None:
        """Let the system have the descriptor back. The memory stays, but nobody else can find it any more."""
        if self._closing is not None:
            self.descriptor = None
            self._closing()


_MAP_SHARED, _READ_AND_WRITE = 1, 3  # of mmap(2): the same numbers on Linux and macOS
_FAILED = ctypes.c_void_p(-1).value


@functools.cache
def _library() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    library.mmap.restype = ctypes.c_void_p
    return library


class _Mapping:
    """A file's bytes in memory, as an array. Python's `mmap` keeps a copy of the descriptor, of which there are few."""

    def __init__(self, descriptor: int, nbytes: int) -> None:
        library = _library()
        length = max(nbytes, 1)
        address = library.mmap(
            None, ctypes.c_size_t(length), _READ_AND_WRITE, _MAP_SHARED, descriptor, ctypes.c_long(0)
        )
        if address is None or address == _FAILED:
            error = ctypes.get_errno()
            raise OSError(error, f"cannot map {nbytes} bytes of shared memory: {os.strerror(error)}")
        self.__array_interface__ = {"version": 3, "typestr": "|u1", "shape": (nbytes,), "data": (address, False)}
        weakref.finalize(
            self, library.munmap, ctypes.c_void_p(address), ctypes.c_size_t(length)
        ).atexit = False  # arrays may be used until the very end


def _unnamed() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mibun", os.MFD_CLOEXEC)
    descriptor, name = _named()
    os.unlink(name)
    return descriptor


def _named() -> tuple[int, str]:
    import tempfile

    return tempfile.mkstemp(prefix="mibun-", dir=_FILES)


def _unlink(name: str, process: int) -> None:
    if os.getpid() == process:  # a fork has inherited the finalizer, and not the file
        try:
            os.unlink(name)
        except FileNotFoundError:
            pass


def unnamed_memory(nbytes: int) -> SharedMemory:
    """A new block that is found by its descriptor, whatever the strategy. Not on Windows."""
    descriptor = _unnamed()
    os.ftruncate(descriptor, max(nbytes, 1))
    return SharedMemory(nbytes, descriptor)


_ATTACHED: weakref.WeakValueDictionary[Any, np.ndarray] = weakref.WeakValueDictionary()  # key -> the array here


def shared_array(memory: SharedMemory) -> np.ndarray:
    """The bytes of a shared block as an array: the same one for the same block, as long as that array lives."""
    root = _ATTACHED.get(memory.key)
    if root is None:
        if os.name == "nt":
            root = np.frombuffer(memory.map, np.uint8, count=memory.nbytes)
        else:
            root = np.asarray(memory.map)
        _ATTACHED[memory.key] = root
        own_block(root).shared = memory
    return root
