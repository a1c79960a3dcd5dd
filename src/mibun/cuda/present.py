"""`torch.cuda` where CuPy sees a GPU: what takes the place of the answers and refusals of the other modules.

Whether there is one is asked at each call (`DEVICES` in core/registry.py looks once). Names that are not in the table
refuse as they do without a GPU: they are about PyTorch's own allocator, its streams and graphs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..core.registry import DEVICES
from ._utils import _get_device_index


def available() -> bool:
    """Whether CuPy is installed and sees a GPU."""
    return "cuda" in DEVICES


def _cupy() -> Any:
    return DEVICES["cuda"]().np


def _number(device: Any = None) -> int:
    """The number of a GPU: the current one for None. RuntimeError for one that there is not."""
    index = device if isinstance(device, int) else None if device is None else _get_device_index(device, optional=True)
    if index is None or index < 0:
        return current_device()
    if index >= device_count():
        raise RuntimeError(f"CUDA error: invalid device ordinal: there are {device_count()} GPUs, counted from 0")
    return index


def device_count() -> int:
    """The number of GPUs."""
    return _cupy().cuda.runtime.getDeviceCount()


def current_device() -> int:
    """The number of the current GPU."""
    return _cupy().cuda.runtime.getDevice()


def set_device(device: Any) -> None:
    """Make a GPU the current one."""
    _cupy().cuda.Device(_number(device)).use()


def synchronize(device: Any = None) -> None:
    """Wait for all that a GPU has to do; what was left to be checked then, such as indices, is checked."""
    _cupy().cuda.Device(_number(device)).synchronize()
    DEVICES["cuda"]().run_checks()


def get_device_properties(device: Any = None) -> SimpleNamespace:
    """name, major, minor, total_memory (bytes) and multi_processor_count of a GPU."""
    found = _cupy().cuda.runtime.getDeviceProperties(_number(device))
    name = found["name"]
    return SimpleNamespace(
        name=name.decode() if isinstance(name, bytes) else name,
        major=found["major"],
        minor=found["minor"],
        total_memory=found["totalGlobalMem"],
        multi_processor_count=found["multiProcessorCount"],
    )


def get_device_name(device: Any = None) -> str:
    """The name of a GPU."""
    return get_device_properties(device).name


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """The major and the minor number of a GPU's compute capability."""
    found = get_device_properties(device)
    return found.major, found.minor


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """The free and the whole memory of a GPU, in bytes."""
    with _cupy().cuda.Device(_number(device)):
        free, total = _cupy().cuda.runtime.memGetInfo()
    return free, total


def memory_allocated(device: Any = None) -> int:
    """The bytes that arrays on a GPU have of CuPy's pool."""
    with _cupy().cuda.Device(_number(device)):
        return _cupy().get_default_memory_pool().used_bytes()


def memory_reserved(device: Any = None) -> int:
    """The bytes of CuPy's pool on a GPU."""
    with _cupy().cuda.Device(_number(device)):
        return _cupy().get_default_memory_pool().total_bytes()


def empty_cache() -> None:
    """Give the free blocks of CuPy's pool back."""
    _cupy().get_default_memory_pool().free_all_blocks()


def init() -> None:
    """Nothing: CuPy sets CUDA up when it is first used."""


def is_initialized() -> bool:
    """Whether CUDA's state has been set up."""
    return True


_PRESENT: tuple[Callable, ...] = (
    device_count, current_device, set_device, synchronize, get_device_properties, get_device_name,
    get_device_capability, mem_get_info, memory_allocated, memory_reserved, empty_cache, init, is_initialized,
)  # fmt: skip


def arm(scope: dict[str, Any]) -> None:
    """Let the functions of a module that are in the table ask for a GPU first."""
    for function in _PRESENT:
        absent = scope.get(function.__name__)
        if absent is not None:
            scope[function.__name__] = _either(function, absent)


def _either(function: Callable, absent: Callable) -> Callable:
    @functools.wraps(absent)
    def call(*args: Any, **kwargs: Any) -> Any:
        return (function if available() else absent)(*args, **kwargs)

    call.__doc__ = f"{function.__doc__} Without a GPU: {absent.__doc__}"
    return call


__all__ = ["arm", "available"]
