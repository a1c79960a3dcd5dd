"""`torch._tensor`: where PyTorch has the class Tensor. An index only."""

from __future__ import annotations

from .core.missing import explain_missing_names as _explain_missing_names
from .core.tensor import Tensor

__all__ = ["Tensor"]
_explain_missing_names(__name__)
