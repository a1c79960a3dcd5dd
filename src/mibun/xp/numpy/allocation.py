"""Freed memory is kept for the next large array, where the C library gives it back to the system at once otherwise.

An array of some megabytes is made, used once and dropped, thousands of times a second. glibc hands what is freed at the
end of the heap, and every large block, back to the kernel, which then clears each page anew: up to a third of the time
of large elementwise work. `mallopt` lets it keep some (see its manual page): up to `KEPT` bytes at the end of the heap;
blocks up to `LARGEST` are taken from there. The setting is one of the whole process: MIBUN_KEEP_MEMORY=0 in the
environment leaves it alone, and so does any setting of glibc's own (MALLOC_TRIM_THRESHOLD_, MALLOC_MMAP_THRESHOLD_,
GLIBC_TUNABLES).
"""

from __future__ import annotations

import ctypes
import os
import sys

KEPT = 256 << 20
LARGEST = 32 << 20  # more is not allowed
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of <malloc.h>


def keep_freed_memory() -> bool:
    """Ask the C library to keep freed memory; whether it does now."""
    if not sys.platform.startswith("linux") or os.environ.get("MIBUN_KEEP_MEMORY") == "0":
        return False
    if any([name in os.environ for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")]):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is None:
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGEST)) and bool(mallopt(_TRIM_THRESHOLD, KEPT))


__all__ = ["KEPT", "LARGEST", "keep_freed_memory"]
