"""`torch.cuda.amp.GradScaler`: that of `torch.amp` for "cuda", with a FutureWarning."""

from __future__ import annotations

import warnings

from ...amp.grad_scaler import GradScaler as _GradScaler
from ...amp.grad_scaler import OptState
from ...core.site import stacklevel


class GradScaler(_GradScaler):
    """`torch.amp.GradScaler("cuda", ...)`: not enabled, as there are no GPUs, and PyTorch's warnings say so."""

    def __init__(
        self,
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        warnings.warn(
            "`torch.cuda.amp.GradScaler(args...)` is deprecated. Please use `torch.amp.GradScaler('cuda', args...)` "
            "instead.",
            FutureWarning,
            stacklevel=stacklevel(),
        )
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


__all__ = ["GradScaler", "OptState"]
