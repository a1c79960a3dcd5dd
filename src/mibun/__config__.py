"""`torch.__config__`: how this PyTorch was built, which mibun was not. It says what computes instead."""

from __future__ import annotations

import os
import platform

import numpy as np

from .compat.settings import get_num_interop_threads, get_num_threads
from .version import __version__

__all__ = ["parallel_info", "show"]


def show() -> str:
    """Versions of what computes, one in a line.

    >>> import mibun as torch
    >>> print(torch.__config__.show())  # doctest: +ELLIPSIS
    PyTorch built with:
      - mibun ...
      - NumPy ...
    """
    blas = np.show_config(mode="dicts").get("Build Dependencies", {}).get("blas", {})  # type: ignore[union-attr]
    lines = [
        f"mibun {__version__}, in Python {platform.python_version()}",
        f"NumPy {np.__version__}",
        f"BLAS {blas.get('name', 'unknown')} {blas.get('version', '')}".rstrip(),
        "Build settings: USE_CUDA=0, USE_MKL=OFF, USE_MKLDNN=OFF, USE_OPENMP=OFF",
    ]
    return "PyTorch built with:\n" + "".join([f"  - {line}\n" for line in lines])


def parallel_info() -> str:
    """How many threads compute, one number in a line."""
    lines = [
        "ATen/Parallel:",
        f"\tat::get_num_threads() : {get_num_threads()}",
        f"\tat::get_num_interop_threads() : {get_num_interop_threads()}",
        f"std::thread::hardware_concurrency() : {os.cpu_count()}",
        "Environment variables:",
    ]
    lines += [f"\t{name} : {os.environ.get(name, '[not set]')}" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")]
    return "\n".join(lines) + "\nATen parallel backend: threads of Python's, and of NumPy's BLAS\n"


def _cxx_flags() -> str:
    """The flags of the compiler: none, as nothing was compiled."""
    return ""
