"""`torch.cpu.amp`: the older names of `torch.amp` for the CPU, which warn."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import autocast_mode, grad_scaler
from .autocast_mode import autocast
from .grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "autocast_mode", "grad_scaler"]

_explain_missing_names(__name__)
