"""`torch.onnx`: whether a model is being written as ONNX, which it never is: mibun makes no ONNX files."""

from __future__ import annotations

from .core.missing import explain_missing_names as _explain_missing_names

__all__ = ["is_in_onnx_export"]


def is_in_onnx_export() -> bool:
    """Whether a model is being exported at this time: False."""
    return False


_explain_missing_names(__name__)
