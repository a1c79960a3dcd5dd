"""`torch._higher_order_ops`: functions of functions, which PyTorch's compiler knows. They run as they are: an index."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from .associative_scan import associative_scan
from .cond import cond
from .map import map
from .scan import scan
from .while_loop import while_loop

__all__ = ["associative_scan", "cond", "map", "scan", "while_loop"]

_explain_missing_names(__name__)
