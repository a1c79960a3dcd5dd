"""What belongs to no single part: checkpointing, data loading, hooks. This file is an index only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what is loaded on demand
    from . import _pytree as _pytree
    from . import checkpoint as checkpoint
    from . import data as data
    from . import hooks as hooks

from ..core.missing import missing_name as _missing_name
from .swapping import swap_tensors as swap_tensors

_LAZY = ("_pytree", "checkpoint", "data", "hooks")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        try:
            return importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    raise _missing_name(__name__, name)
