"""PyTorch's older place of `fully_shard`. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import fsdp

__all__ = ["fsdp"]

_explain_missing_names(__name__)
