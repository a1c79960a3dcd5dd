"""Operators that programs and libraries declare: what `torch.library` shows."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import custom_ops, infer_schema

__all__ = ["custom_ops", "infer_schema"]

_explain_missing_names(__name__)
