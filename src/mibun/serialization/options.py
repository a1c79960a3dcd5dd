"""Options of `save` and `load` that hold until they are changed; `utils/serialization/config.py` has their values."""

from __future__ import annotations

import enum
import mmap
import threading
from collections.abc import Callable
from typing import Any

from ..utils.serialization import config


class LoadEndianness(enum.Enum):
    """The order of bytes of a file that does not say it."""

    NATIVE = 1
    LITTLE = 2
    BIG = 3


def get_default_load_endianness() -> LoadEndianness | None:
    """The order of bytes of files that do not say theirs: None for this machine's."""
    return config.load.endianness


def set_default_load_endianness(endianness: LoadEndianness | None) -> None:
    """Choose the order of bytes of files that do not say theirs. TypeError for what is no LoadEndianness, nor None."""
    if endianness is not None and not isinstance(endianness, LoadEndianness):
        raise TypeError("Invalid argument type in function set_default_load_endianness")
    config.load.endianness = endianness


def get_crc32_options() -> bool:
    """Whether `save` computes checksums of its records."""
    return config.save.compute_crc32


def set_crc32_options(compute_crc32: bool) -> None:
    """Choose whether `save` computes checksums. Without them `load` reads a file, but programs for archives may not."""
    config.save.compute_crc32 = compute_crc32


def get_default_mmap_options() -> int | None:
    """How `load(mmap=True)` maps files: `mmap.MAP_PRIVATE` or `mmap.MAP_SHARED`."""
    return config.load.mmap_flags


class set_default_mmap_options:
    """Choose how `load(mmap=True)` maps files; also a context manager, after which it is as before.

    flags: `mmap.MAP_PRIVATE`: writing to a tensor does not change the file; `mmap.MAP_SHARED`: it does. ValueError for
    another, RuntimeError on Windows, which knows neither.
    """

    def __init__(self, flags: int) -> None:
        if not hasattr(mmap, "MAP_PRIVATE"):
            raise RuntimeError("Changing the default mmap options is currently not supported for Windows")
        if flags not in (mmap.MAP_PRIVATE, mmap.MAP_SHARED):
            raise ValueError(
                "Invalid argument in function set_default_mmap_options, expected mmap.MAP_PRIVATE or mmap.MAP_SHARED, "
                f"but got {flags}"
            )
        self.prev = config.load.mmap_flags
        config.load.mmap_flags = flags

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        config.load.mmap_flags = self.prev


class _Local(threading.local):
    """What holds in a thread only."""

    skip_data = False


LOCAL = _Local()


class skip_data:
    """Context manager in which `save` leaves room for the tensors' bytes, zeros, and `load` does not read them.

    materialize_fake_tensors: of tensors without data, which PyTorch's compiler uses; there are none.

    >>> import io, mibun as torch
    >>> f = io.BytesIO()
    >>> with torch.serialization.skip_data():
    ...     torch.save(torch.ones(2), f)
    >>> _ = f.seek(0)
    >>> torch.load(f)
    tensor([0., 0.])
    """

    def __init__(self, materialize_fake_tensors: bool = False) -> None:
        self.materialize_fake_tensors = materialize_fake_tensors

    def __enter__(self) -> None:
        self._before = LOCAL.skip_data
        LOCAL.skip_data = True

    def __exit__(self, *error: object) -> None:
        LOCAL.skip_data = self._before


# --- what may be read beside tensors ---

_SAFE: dict[Any, None] = {}  # functions and classes, or (one of them, name), in order


def add_safe_globals(safe_globals: list[Callable | tuple[Callable, str]]) -> None:
    """Let `load(weights_only=True)` take classes and functions that files name: those of whoever you trust.

    safe_globals: the classes and functions, or pairs of one and the name that files have for it. A class that is added
    can be made, with any state; a function can be called with any arguments. TypeError for anything else.

    >>> import collections, io, mibun as torch
    >>> f = io.BytesIO()
    >>> torch.save(collections.deque([1]), f)
    >>> _ = f.seek(0)
    >>> with torch.serialization.safe_globals([collections.deque]):
    ...     torch.load(f)
    deque([1])
    """
    for entry in safe_globals:
        pair = isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], str)
        if not pair and not callable(entry):
            raise TypeError(f"expected classes and functions, or pairs of one and a name, but got {entry!r}")
    _SAFE.update(dict.fromkeys(safe_globals))


def get_safe_globals() -> list[Callable | tuple[Callable, str]]:
    """What `add_safe_globals` has been given."""
    return list(_SAFE)


def clear_safe_globals() -> None:
    """Take back everything that `add_safe_globals` was given."""
    _SAFE.clear()


class safe_globals:
    """Context manager in which these classes and functions are safe, see `add_safe_globals`."""

    def __init__(self, safe_globals: list[Callable | tuple[Callable, str]]) -> None:
        self.safe_globals = safe_globals

    def __enter__(self) -> None:
        self._before = dict(_SAFE)
        add_safe_globals(self.safe_globals)

    def __exit__(self, *error: object) -> None:
        _SAFE.clear()
        _SAFE.update(self._before)
