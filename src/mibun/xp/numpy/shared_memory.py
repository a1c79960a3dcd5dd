"""Memory of several processes: a file without a name, mapped into each of them; or with one, where that is asked for.

What is asked for is the `strategy`, "file_descriptor" or "file_system". No file is left over by the first, whatever
happens; those of the second are removed by whoever made them or was sent them, and else when the program ends or, after
a crash, when the next one begins.
"""

from __future__ import annotations

import ctypes
import functools
import os
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from .blocks import own_block

strategy = "file_descriptor"  # or "file_system": how other processes find the memory, see `SharedMemory`
_FILES = "/dev/shm" if os.path.isdir("/dev/shm") else None


def set_strategy(new_strategy: str) -> None:
    """Let blocks be found so from now on."""
    global strategy
    strategy = new_strategy
    if strategy == "file_system" and os.name != "nt":
        _prefix()  # here, and not only in children, which would then not know of each other


class SharedMemory:
    """A block that several processes map. Other processes find it by its descriptor, or by the name of its file.

    A file without a name is gone when the last process that maps it ends, however that ends; but each block keeps a
    descriptor open, until `close_descriptor`. With the strategy "file_system" it has no descriptor, but a name in each
    process, of that process's own: it is removed when the process drops the memory. Windows knows neither: there the
    block itself has a name, and lives while somebody maps it.
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
            descriptor, self.name = new_file()
        elif made:
            descriptor = self.descriptor = _unnamed()
        elif name is not None:
            descriptor = os.open(name, os.O_RDWR)
        assert descriptor is not None
        if self.name is not None:
            names = _names_here()
            names.add(self.name)
            weakref.finalize(self, names.remove, self.name).atexit = False
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
    descriptor, name = new_file()
    os.unlink(name)
    return descriptor


# --- files with names ---


def _at_exit(function: Callable[[], None]) -> None:
    """Call it when this process ends: a fork of multiprocessing's, too, and after its queues have sent everything."""
    from multiprocessing.util import Finalize

    Finalize(None, function, exitpriority=-10)


class _Names:
    """The names of files that are this process's own, to be removed by it."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.names: set[str] = set()
        _at_exit(self.remove_all)

    def add(self, name: str) -> None:
        self.names.add(name)

    def remove(self, name: str) -> None:
        """Remove the file. Not in a fork, which has inherited the finalizer but not the file."""
        if os.getpid() == self.process and name in self.names:
            self.names.discard(name)
            try:
                os.unlink(name)
            except FileNotFoundError:
                pass

    def remove_all(self) -> None:
        for name in list(self.names):
            self.remove(name)


_names: _Names | None = None


def _names_here() -> _Names:
    global _names
    if _names is None or _names.process != os.getpid():  # the process was forked
        _names = _Names()
    return _names


_ROOT = "MIBUN_SHARING_ROOT"  # the environment's word for the first of the processes that share files


def new_file() -> tuple[int, str]:
    """A new file in memory, where the system has a place for such: (descriptor, name)."""
    import tempfile

    return tempfile.mkstemp(prefix=_prefix(), dir=_FILES)


def second_name(name: str) -> str:
    """Another name for a file: of whoever is sent it, and removes it then."""
    import uuid

    other = os.path.join(os.path.dirname(name), f"{_prefix()}{uuid.uuid4().hex}")
    os.link(name, other)
    return other


def _prefix() -> str:
    if _ROOT not in os.environ:
        os.environ[_ROOT] = str(os.getpid())
        _remove_left_files()
        _at_exit(_remove_left_files)
    return f"mibun-{_namespace():x}-{os.environ[_ROOT]}-"


def _namespace() -> int:
    """Of which processes the numbers are known here: containers may share files, but not these."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _remove_left_files() -> None:
    """Remove the files of programs that have ended: of names that nobody was left to remove, or of a crash."""
    import re
    import tempfile

    directory = _FILES or tempfile.gettempdir()
    pattern = re.compile(f"mibun-{_namespace():x}-([0-9]+)-")
    for name in os.listdir(directory):
        found = pattern.match(name)
        if found and not _is_other_running(int(found[1])):
            try:
                os.unlink(os.path.join(directory, name))
            except OSError:
                pass  # somebody else's, or removed by somebody else


def _is_other_running(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


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
