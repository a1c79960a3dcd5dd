"""Parts of neural networks: Modules, their parameters and starting values, and functions. An index only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.missing import missing_name as _missing_name
from . import functional, grad, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .parameter import Buffer, Parameter

__all__ = ["Buffer", "Parameter", "functional", "grad", "init", "modules", "parameter", "utils"]
__all__ += modules.__all__

if TYPE_CHECKING:  # what is loaded on demand
    from .uninitialized import UninitializedBuffer as UninitializedBuffer
    from .uninitialized import UninitializedParameter as UninitializedParameter


def __getattr__(name: str) -> Any:
    if name in ("UninitializedParameter", "UninitializedBuffer"):
        return getattr(parameter, name)
    raise _missing_name(__name__, name)
