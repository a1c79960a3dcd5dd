"""Optimizers that several processes share. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from .zero_redundancy_optimizer import ZeroRedundancyOptimizer

__all__ = ["ZeroRedundancyOptimizer"]

_explain_missing_names(__name__)
