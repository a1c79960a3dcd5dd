"""`torch._VF`: the functions of `torch`, under the name by which PyTorch's own modules call them."""

from __future__ import annotations

from typing import Any

import mibun

from .core.missing import missing_name as _missing_name
from .core.registry import FUNCTIONS as _FUNCTIONS


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:  # as it is there now: it is exchanged for another when there is a Tensor subclass
        return getattr(mibun, name)
    raise _missing_name(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FUNCTIONS})
