"""What `save` and `load` do where they are not told: `config.save` and `config.load`, whose attributes can be assigned.

>>> from mibun.utils.serialization import config
>>> config.load.mmap, config.save.storage_alignment
(False, 64)
"""

from __future__ import annotations

import mmap as _mmap
from typing import Any


class load:
    """Of `load`.

    mmap: map files that are given by path into memory, instead of reading them. mmap_flags: MAP_PRIVATE, so that
    writing to a tensor does not change the file, or MAP_SHARED. endianness: the `LoadEndianness` of files that do not
    say what theirs is, None for that of this machine. calculate_storage_offsets: PyTorch's way to read large
    archives on network disks quicker; offsets are always known here.
    """

    mmap: bool = False
    endianness: Any = None
    mmap_flags: int | None = getattr(_mmap, "MAP_PRIVATE", None)  # not on Windows
    calculate_storage_offsets: bool = False


class save:
    """Of `save`.

    compute_crc32: whether each record has a checksum, which readers of zip archives ask for. storage_alignment: at what
    multiples of bytes tensors begin in the file. use_pinned_memory_for_d2h: of copies from accelerators, of which there
    are none.
    """

    compute_crc32: bool = True
    use_pinned_memory_for_d2h: bool = False
    storage_alignment: int = 64


__all__ = ["load", "save"]
