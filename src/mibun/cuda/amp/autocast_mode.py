"""`torch.cuda.amp.autocast`, `custom_fwd` and `custom_bwd`: those of `torch.amp` for "cuda", with a FutureWarning."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from ...amp import autocast_mode as _newer
from ...core.dtypes import dtype as DType
from ...core.dtypes import float16
from ...core.site import stacklevel


def _warn(name: str, instead: str) -> None:
    warnings.warn(
        f"`torch.cuda.amp.{name}(args...)` is deprecated. Please use `torch.amp.{instead}` instead.",
        FutureWarning,
        stacklevel=stacklevel(),
    )


class autocast(_newer.autocast):
    """`torch.amp.autocast("cuda", ...)`: nothing is cast, as there are no GPUs, and PyTorch's warnings say so."""

    def __init__(self, enabled: bool = True, dtype: DType = float16, cache_enabled: bool = True) -> None:
        _warn("autocast", "autocast('cuda', args...)")
        super().__init__("cuda", enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)


def custom_fwd(fwd: Callable | None = None, *, cast_inputs: DType | None = None) -> Any:
    """`torch.amp.custom_fwd(..., device_type="cuda")`, with a FutureWarning."""
    _warn("custom_fwd", "custom_fwd(args..., device_type='cuda')")
    return functools.partial(_newer.custom_fwd, device_type="cuda")(fwd, cast_inputs=cast_inputs)


def custom_bwd(bwd: Callable) -> Any:
    """`torch.amp.custom_bwd(..., device_type="cuda")`, with a FutureWarning."""
    _warn("custom_bwd", "custom_bwd(args..., device_type='cuda')")
    return functools.partial(_newer.custom_bwd, device_type="cuda")(bwd)


__all__ = ["autocast", "custom_bwd", "custom_fwd"]
