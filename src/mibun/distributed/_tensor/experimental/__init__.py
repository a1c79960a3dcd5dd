"""PyTorch's older place of `torch.distributed.tensor.experimental`. This file is an index only."""

from ....core.missing import explain_missing_names as _explain_missing_names
from ...tensor.experimental import implicit_replication

__all__ = ["implicit_replication"]

_explain_missing_names(__name__)
