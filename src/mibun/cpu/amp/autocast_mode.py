"""`torch.cpu.amp.autocast`: that of `torch.amp` for "cpu", with a FutureWarning."""

from __future__ import annotations

import warnings

from ...amp import autocast_mode as _newer
from ...core.dtypes import bfloat16
from ...core.dtypes import dtype as DType
from ...core.site import stacklevel


class autocast(_newer.autocast):
    """`torch.amp.autocast("cpu", ...)`, with a FutureWarning."""

    def __init__(self, enabled: bool = True, dtype: DType = bfloat16, cache_enabled: bool = True) -> None:
        warnings.warn(
            "`torch.cpu.amp.autocast(args...)` is deprecated. Please use `torch.amp.autocast('cpu', args...)` instead.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        super().__init__("cpu", enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)


__all__ = ["autocast"]
