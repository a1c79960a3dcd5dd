"""`torch._linalg_utils`: where PyTorch has the functions that it has removed, which refuse. An index only."""

from __future__ import annotations

from typing import Any

import mibun

from .core.missing import missing_name as _missing_name


def __getattr__(name: str) -> Any:
    if name in ("eig", "lstsq", "matrix_rank", "solve", "symeig"):
        return getattr(mibun, name)
    raise _missing_name(__name__, name)
