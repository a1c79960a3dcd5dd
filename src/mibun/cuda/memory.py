"""The memory of GPUs: none is in use, as there are none."""

from __future__ import annotations

import contextlib
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from ..compat.absent_devices import Functions, dummy_class
from ..core.site import stacklevel
from ._utils import attribute_error, unavailable

_functions = Functions(globals())
_functions.answering(
    """
    memory_allocated(device=None) max_memory_allocated(device=None) memory_reserved(device=None)
    max_memory_reserved(device=None)
    """,
    lambda: 0,
    "Bytes in use on a GPU: 0.",
)
_functions.answering(
    "memory_stats(device=None) host_memory_stats()", OrderedDict, "Figures of the allocator: none of them."
)
_functions.answering(
    "memory_stats_as_nested_dict(device=None) host_memory_stats_as_nested_dict()",
    dict,
    "Figures of the allocator: none of them.",
)
_functions.answering("empty_cache()", lambda: None, "Free cached GPU memory, of which there is none.")
_functions.answering("caching_allocator_enable(value=True)", lambda: None, "Cache GPU memory or not: there is none.")
_functions.answering(
    "list_gpu_processes(device=None)",
    lambda: "pynvml module not found, please install nvidia-ml-py",
    "The processes on a GPU, as text; where NVIDIA's package for that is not there, it says so.",
)
_functions.refusing(
    """
    caching_allocator_alloc(size, device=None, stream=None) get_per_process_memory_fraction(device=None)
    mem_get_info(device=None) set_per_process_memory_fraction(fraction, device=None)
    """,
    unavailable,
    "Needs a GPU",
)
_functions.refusing(
    """
    caching_allocator_delete(mem_ptr) change_current_allocator(allocator) get_allocator_backend()
    memory_snapshot(mempool_id=None, include_traces=True) reset_accumulated_host_memory_stats()
    reset_accumulated_memory_stats(device=None) reset_peak_host_memory_stats() reset_peak_memory_stats(device=None)
    _dump_snapshot(filename='dump_snapshot.pickle', augment_with_fx_traces=False)
    _record_memory_history(enabled='all', *args, **kwargs) _snapshot(device=None, augment_with_fx_traces=False)
    """,
    attribute_error,
    "Needs a GPU",
)
_functions.refusing(
    "memory_summary(device=None, abbreviated=False)",
    lambda name: KeyError("allocated_bytes.all.current"),
    "A table of figures, of which there are none",
)


def _renamed(name: str, now: str) -> None:
    warnings.warn(f"`torch.cuda.{name}` has been renamed to `torch.cuda.{now}`", FutureWarning, stacklevel=stacklevel())


def memory_cached(device: Any = None) -> int:
    """`memory_reserved` by its older name, with a FutureWarning: 0."""
    _renamed("memory_cached", "memory_reserved")
    return 0


def max_memory_cached(device: Any = None) -> int:
    """`max_memory_reserved` by its older name, with a FutureWarning: 0."""
    _renamed("max_memory_cached", "max_memory_reserved")
    return 0


def _reset(name: str) -> None:
    warnings.warn(
        f"torch.cuda.{name} now calls torch.cuda.reset_peak_memory_stats, which resets /all/ peak memory stats.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    raise attribute_error(name)


def reset_max_memory_allocated(device: Any = None) -> None:
    """`reset_peak_memory_stats` by an older name, with a FutureWarning. AttributeError: it needs a GPU."""
    _reset("reset_max_memory_allocated")


def reset_max_memory_cached(device: Any = None) -> None:
    """`reset_peak_memory_stats` by an older name, with a FutureWarning. AttributeError: it needs a GPU."""
    _reset("reset_max_memory_cached")


@contextlib.contextmanager
def caching_allocator_disabled() -> Iterator[None]:
    """A context in which GPU memory is not cached, as it never is."""
    yield


@contextlib.contextmanager
def use_mem_pool(pool: Any, device: Any = None) -> Iterator[None]:
    """A context in which GPU memory comes from a pool. AssertionError where it is entered."""
    raise unavailable("use_mem_pool")
    yield


MemPool = dummy_class(
    "MemPool",
    __name__,
    lambda: RuntimeError("Tried to instantiate dummy base class MemPool"),
    "A pool of GPU memory: RuntimeError where one is made.",
)


class CUDAPluggableAllocator:
    """An allocator of GPU memory in a library of the user's. AttributeError: it needs CUDA."""

    def __init__(self, path_to_so_file: str, alloc_fn_name: str, free_fn_name: str) -> None:
        raise attribute_error("CUDAPluggableAllocator")


__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    "CUDAPluggableAllocator",
    "MemPool",
    "caching_allocator_disabled",
    "max_memory_cached",
    "memory_cached",
    "reset_max_memory_allocated",
    "reset_max_memory_cached",
    "use_mem_pool",
]
