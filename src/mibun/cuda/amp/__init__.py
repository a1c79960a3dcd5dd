"""`torch.cuda.amp`: the older names of `torch.amp` for GPUs, which warn; there is no effect, as there are no GPUs."""

from __future__ import annotations

from ...core.missing import explain_missing_names as _explain_missing_names
from . import autocast_mode, common, grad_scaler
from .autocast_mode import autocast, custom_bwd, custom_fwd
from .common import amp_definitely_not_available
from .grad_scaler import GradScaler

__all__ = ["GradScaler", "amp_definitely_not_available", "autocast", "custom_bwd", "custom_fwd"]

_explain_missing_names(__name__)
