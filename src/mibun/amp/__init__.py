"""Automatic mixed precision, `torch.amp`: products in a lower precision, what needs it in float32, scaled gradients."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import autocast_mode, grad_scaler
from .autocast_mode import (
    _enter_autocast,
    _exit_autocast,
    autocast,
    custom_bwd,
    custom_fwd,
    is_autocast_available,
)
from .grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd", "is_autocast_available"]

_explain_missing_names(__name__)
