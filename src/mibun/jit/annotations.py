"""`torch.jit.annotations`: the names that annotations of functions for PyTorch's script compiler are written with."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union  # noqa: UP035  (libraries import them from here)

from .._jit_internal import BroadcastingList1, BroadcastingList2, BroadcastingList3, is_tuple
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor
from ..futures import Future

__all__ = [
    "Any",
    "BroadcastingList1",
    "BroadcastingList2",
    "BroadcastingList3",
    "Dict",
    "Future",
    "List",
    "Optional",
    "Tensor",
    "Tuple",
    "Union",
    "is_tuple",
]

_explain_missing_names(__name__)
