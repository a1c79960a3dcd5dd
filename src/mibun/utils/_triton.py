"""`torch.utils._triton`: whether kernels can be written in Triton, for GPUs: there is none."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names


def has_triton_package() -> bool:
    """Whether the package triton can be used here: it cannot."""
    return False


def has_triton() -> bool:
    """Whether there is a device that Triton compiles for: there is not."""
    return False


_explain_missing_names(__name__)
