"""`torch.jit.annotations`: names for annotations, as libraries import them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union  # noqa: UP035

from .._jit_internal import (
    BroadcastingList1,
    BroadcastingList2,
    BroadcastingList3,
    is_dict,
    is_future,
    is_list,
    is_optional,
    is_tuple,
    is_union,
)
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
    "is_dict",
    "is_future",
    "is_list",
    "is_optional",
    "is_tuple",
    "is_union",
]

_explain_missing_names(__name__)
