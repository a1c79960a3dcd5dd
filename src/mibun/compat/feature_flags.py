"""What PyTorch was built with: `torch.has_mkl` and the like. Some are deprecated, with a warning."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from ..core.site import stacklevel

has_lapack = has_spectral = True  # NumPy's linear algebra and Fourier transforms are always there
has_openmp = False

_DEPRECATED = {
    "has_cuda": "backends.cuda.is_built",
    "has_cudnn": "backends.cudnn.is_available",
    "has_mkldnn": "backends.mkldnn.is_available",
    "has_mps": "backends.mps.is_built",
}


def is_vulkan_available() -> bool:
    """Whether PyTorch's Vulkan backend is there: False."""
    return False


def _ask(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(f"mibun.{module}"), name)()


def __getattr__(name: str) -> Any:
    if name == "has_mkl":
        return _ask("backends.mkl.is_available")
    if name in _DEPRECATED:
        newer = _DEPRECATED[name]
        warnings.warn(f"'{name}' is deprecated, please use 'torch.{newer}()'", stacklevel=stacklevel())
        return _ask(newer)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
