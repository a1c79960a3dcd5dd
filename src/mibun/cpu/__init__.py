"""`torch.cpu`: the CPU asked as a device, so that programs may be written for any. All of its work is done at once."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from . import amp


def is_available() -> bool:
    """Whether there is a CPU: True."""
    return True


def is_initialized() -> bool:
    """Whether it is set up: True."""
    return True


def device_count() -> int:
    """The number of CPUs, of which PyTorch always has one: 1."""
    return 1


def current_device() -> str:
    """The current one: "cpu"."""
    return "cpu"


def set_device(device: Any) -> None:
    """Make a CPU the current one: there is only one."""


def synchronize(device: Any = None) -> None:
    """Wait until all work is done: it is."""


class Stream:
    """A queue of the CPU's work, which is always empty.

    >>> import mibun as torch
    >>> with torch.cpu.stream(torch.cpu.Stream()):
    ...     pass
    """

    def __init__(self, priority: int = -1) -> None:
        self._priority = priority

    def wait_stream(self, stream: Any) -> None:
        """Wait for another stream's work: it is done."""

    def record_event(self) -> None:
        """Mark this place in the queue: there is nothing to wait for."""

    def wait_event(self, event: Any) -> None:
        """Wait for a mark: it has been reached."""


class Event:
    """A mark in a stream, which is always reached."""

    def query(self) -> bool:
        """Whether the mark has been reached: True."""
        return True

    def record(self, stream: Any = None) -> None:
        """Put the mark into a stream."""

    def synchronize(self) -> None:
        """Wait for the mark: it has been reached."""

    def wait(self, stream: Any = None) -> None:
        """Let a stream wait for the mark: it has been reached."""


_default_cpu_stream = Stream()
_current_stream = _default_cpu_stream


def current_stream(device: Any = None) -> Stream:
    """The stream that is in use."""
    return _current_stream


class StreamContext:
    """Context manager that makes a stream the one in use; None changes nothing."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream
        self.prev_stream = _default_cpu_stream

    def __enter__(self) -> None:
        global _current_stream
        if self.stream is not None:
            self.prev_stream = _current_stream
            _current_stream = self.stream

    def __exit__(self, *error: object) -> None:
        global _current_stream
        if self.stream is not None:
            _current_stream = self.prev_stream


def stream(stream: Stream | None) -> StreamContext:
    """A context in which a stream is the one in use. It changes nothing else, as all work is done at once."""
    return StreamContext(stream)


@functools.lru_cache
def _features() -> dict[str, bool]:
    """What the processor can do, by the names that NumPy has found out."""
    from numpy._core._multiarray_umath import __cpu_features__ as found  # pyright: ignore

    return dict(found)


def _has(*names: str) -> bool:
    return all(_features().get(name, False) for name in names)


@functools.lru_cache
def get_capabilities() -> Mapping[str, Any]:
    """What the processor can do, as far as NumPy has found out, and how many logical cores there are.

    >>> import mibun as torch
    >>> torch.cpu.get_capabilities()["num_logical_cores"] > 0
    True
    """
    flags = {_SPELLED.get(name, name.lower()): found for name, found in _features().items() if "_" not in name}
    return MappingProxyType({"architecture": platform.machine(), "num_logical_cores": os.cpu_count() or 1, **flags})


# NumPy's name -> PyTorch's, where they differ by more than capitals.
_SPELLED = {
    "AVX512F": "avx512_f",
    "AVX512CD": "avx512_cd",
    "AVX512VL": "avx512_vl",
    "AVX512BW": "avx512_bw",
    "AVX512DQ": "avx512_dq",
    "AVX512IFMA": "avx512_ifma",
    "AVX512VBMI": "avx512_vbmi",
    "AVX512VBMI2": "avx512_vbmi2",
    "AVX512VNNI": "avx512_vnni",
    "AVX512BITALG": "avx512_bitalg",
    "AVX512VPOPCNTDQ": "avx512_vpopcntdq",
    "AVX512FP16": "avx512_fp16",
    "SSE41": "sse4_1",
    "SSE42": "sse4_2",
}


def _is_avx2_supported() -> bool:
    return _has("AVX2")


def _is_avx512_supported() -> bool:
    return _has("AVX512F", "AVX512VL", "AVX512BW", "AVX512DQ")


def _is_avx512_bf16_supported() -> bool:
    return _has("AVX512BF16")


def _is_vnni_supported() -> bool:
    return _has("AVX512VNNI")


def _is_amx_tile_supported() -> bool:
    return False  # NumPy does not use it


def _is_amx_fp16_supported() -> bool:
    return False


def _init_amx() -> bool:
    return False


__all__ = [
    "Event",
    "Stream",
    "StreamContext",
    "current_device",
    "current_stream",
    "device_count",
    "get_capabilities",
    "is_available",
    "is_initialized",
    "set_device",
    "stream",
    "synchronize",
]

_explain_missing_names(__name__)
