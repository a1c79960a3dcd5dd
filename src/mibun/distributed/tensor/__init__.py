"""Tensors that lie divided on several processes. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import placement_types
from .dtensor import DTensor, distribute_module, distribute_tensor
from .placement_types import Partial, Placement, Replicate, Shard

__all__ = ["DTensor", "Partial", "Placement", "Replicate", "Shard", "distribute_module", "distribute_tensor"]

_explain_missing_names(__name__)
