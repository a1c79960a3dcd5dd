"""PyTorch's older place of `torch.distributed.tensor`. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from ..tensor import DTensor, Partial, Placement, Replicate, Shard, distribute_module, distribute_tensor

__all__ = ["DTensor", "Partial", "Placement", "Replicate", "Shard", "distribute_module", "distribute_tensor"]

_explain_missing_names(__name__)
