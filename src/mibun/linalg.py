"""Linear algebra, as `torch.linalg` names it. An index: norms are in `ops/norms.py`, products in `ops/`."""

from __future__ import annotations

from .ops.contraction import multi_dot
from .ops.matmul import matmul
from .ops.norms import linalg_norm as norm
from .ops.norms import matrix_norm, svdvals, vector_norm

__all__ = ["matmul", "matrix_norm", "multi_dot", "norm", "svdvals", "vector_norm"]
