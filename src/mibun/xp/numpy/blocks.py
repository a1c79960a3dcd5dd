"""Blocks of memory: what is known of one beyond its array: how much of it is in use, and who else has it.

An array owns a fixed block and other arrays look at it; nothing may move it behind their backs. So a block that is made
smaller keeps its addresses, and gives its pages back to the operating system: they are empty until they are written to
again. A block for several processes is a file without a name, mapped into each of them.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .shared_memory import SharedMemory

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
