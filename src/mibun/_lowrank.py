"""`torch._lowrank`: where PyTorch has the factors of low rank that `torch` shows, and the code of `torch.fx` names."""

from __future__ import annotations

from typing import Any

import mibun

from .core.missing import missing_name as _missing_name


def __getattr__(name: str) -> Any:
    if name in ("pca_lowrank", "svd_lowrank"):  # as they are there now: they are exchanged for others, see `overrides`
        return getattr(mibun, name)
    raise _missing_name(__name__, name)
