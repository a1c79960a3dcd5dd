"""`torch.cpu.amp.GradScaler`: that of `torch.amp` for "cpu", with a FutureWarning."""

from __future__ import annotations

import warnings

from ...amp.grad_scaler import GradScaler as _GradScaler
from ...core.site import stacklevel


class GradScaler(_GradScaler):
    """`torch.amp.GradScaler("cpu", ...)`, with a FutureWarning."""

    def __init__(
        self,
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        warnings.warn(
            "`torch.cpu.amp.GradScaler(args...)` is deprecated. Please use `torch.amp.GradScaler('cpu', args...)` "
            "instead.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        super().__init__("cpu", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


__all__ = ["GradScaler"]
