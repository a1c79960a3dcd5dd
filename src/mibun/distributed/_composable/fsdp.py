"""PyTorch's older place of `fully_shard`. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from ..fsdp import CPUOffloadPolicy, FSDPModule, MixedPrecisionPolicy, OffloadPolicy, fully_shard

__all__ = ["CPUOffloadPolicy", "FSDPModule", "MixedPrecisionPolicy", "OffloadPolicy", "fully_shard"]

_explain_missing_names(__name__)
