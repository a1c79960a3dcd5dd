"""`torch._ops`: the classes of what is found under `torch.ops`. An index only."""

from __future__ import annotations

from ._higher_order_ops.operator import HigherOrderOperator
from .core.missing import explain_missing_names as _explain_missing_names
from .ops.aten import OpOverload, OpOverloadPacket
from .ops.namespaces import OpNamespace as _OpNamespace
from .ops.namespaces import load_library

__all__ = ["HigherOrderOperator", "OpOverload", "OpOverloadPacket", "_OpNamespace", "load_library"]

_explain_missing_names(__name__)
