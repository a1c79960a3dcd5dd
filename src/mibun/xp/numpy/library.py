"""The array library that the modules of this folder are written over: NumPy, as `np`, and what is its own about it.

They import it from here, so that they can be run over another library that has NumPy's functions: `xp/cupy/` gives
these same files a `library` of its own. Beside NumPy's functions it has what is done otherwise elsewhere: memory,
SciPy's functions, and the sizes from which ways pay that are made for CPUs.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray
from numpy.lib.stride_tricks import as_strided

_FLOAT32 = np.dtype(np.float32)
_SHARED = 8_000_000  # multiplications from which on it pays to wake another thread
_SCATTERING: dict[str, Any] = {"add": np.add, "multiply": np.multiply, "maximum": np.maximum, "minimum": np.minimum}


def from_size(n: int) -> int:
    """How many elements there must be for a way to pay that is made for CPUs: n, but elsewhere never so many."""
    return n


def up_to(n: int) -> int:
    """The same for ways that pay below a size."""
    return n


def compiled(module: str, name: str) -> Callable | None:
    """A function of one of SciPy's modules; None where SciPy is not installed."""
    try:
        return getattr(importlib.import_module(f"scipy.{module}"), name, None)
    except ImportError:
        return None


@functools.cache
def _onednn() -> Any:
    """The module that calls oneDNN, where that is installed; None elsewhere."""
    from ..native import onednn

    return None if onednn.path() is None else onednn


def by_onednn(name: str, *arguments: Any) -> Any:
    """A function of `xp/native/onednn.py` of arrays of float32; None where there is none, or where it leaves it."""
    if arguments[0].dtype is not _FLOAT32 or _onednn() is None:
        return None
    return getattr(_onednn(), name)(*arguments)


@functools.cache
def multiplies_small() -> bool:
    """Whether NumPy's BLAS has a way of its own for products of small matrices: OpenBLAS with AVX-512."""
    from .threads import _blas

    features = getattr(importlib.import_module("numpy._core._multiarray_umath"), "__cpu_features__", {})
    return _blas() is not None and bool(features.get("AVX512_SKX"))


def share_parts(work: Callable[[int, int], Any], count: int, cost: int) -> None:
    """work(start, stop) for stretches of so many parts, by several threads; cost: roughly, in multiplications."""
    from .threads import share, threads_now

    threads = 1 if cost < _SHARED else min(count, threads_now())
    if threads == 1:
        work(0, count)
        return
    bounds = [i * count // threads for i in range(threads + 1)]

    def some(stretches: Any) -> None:
        for start, stop in stretches:
            work(start, stop)

    share(some, zip(bounds[:-1], bounds[1:], strict=True), threads)


def address(x: ndarray) -> int:
    """Where the first element is in memory."""
    return x.__array_interface__["data"][0]


def over_memory(x: ndarray, shape: tuple[int, ...], strides: tuple[int, ...] | None = None, offset: int = 0) -> ndarray:
    """A view of these strides on the memory of a contiguous array, in bytes: six times as fast as `as_strided`."""
    return ndarray(shape, x.dtype, x, offset, strides)


def writable_as(view: ndarray, x: ndarray) -> ndarray:
    """A view of x that NumPy has made read-only, writable where x is."""
    if x.flags.writeable:
        view.flags.writeable = True
    return view


def scatter(how: str, out: ndarray, index: Any, values: Any) -> None:
    """Combine values with what is at an index of `out`, one after the other where several are for one place."""
    _SCATTERING[how].at(out, index, values)


def __getattr__(name: str) -> Any:
    return getattr(np, name)


__all__ = [
    "address",
    "as_strided",
    "by_onednn",
    "compiled",
    "from_size",
    "multiplies_small",
    "ndarray",
    "np",
    "over_memory",
    "scatter",
    "share_parts",
    "up_to",
    "writable_as",
]
