"""`torch._lowrank`: where PyTorch has the factors of low rank that `torch` shows, and the code of `torch.fx` names."""

from __future__ import annotations

from .ops.linalg.low_rank import pca_lowrank, svd_lowrank

__all__ = ["pca_lowrank", "svd_lowrank"]
