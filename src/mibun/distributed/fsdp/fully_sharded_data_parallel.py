"""PyTorch's older place of the names. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import (
    BackwardPrefetch,
    CPUOffload,
    FullyShardedDataParallel,
    MixedPrecision,
    ShardingStrategy,
    StateDictType,
)

__all__ = [
    "BackwardPrefetch",
    "CPUOffload",
    "FullyShardedDataParallel",
    "MixedPrecision",
    "ShardingStrategy",
    "StateDictType",
]

_explain_missing_names(__name__)
