"""`torch._lowrank`: where PyTorch has the factors of low rank that `torch` shows, and the code of `torch.fx` names."""

from __future__ import annotations

from typing import Any

from .core.missing import missing_name as _missing_name
from .core.registry import FUNCTIONS

__all__ = ["pca_lowrank", "svd_lowrank"]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return FUNCTIONS[name]
    raise _missing_name(__name__, name)
