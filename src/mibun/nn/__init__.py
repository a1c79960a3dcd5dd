"""Parts of neural networks: Modules, their parameters and starting values, and functions. An index only."""

from ..core.missing import explain_missing_names as _explain_missing_names
from . import functional, grad, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .parameter import Buffer, Parameter

__all__ = ["Buffer", "Parameter", "functional", "grad", "init", "modules", "parameter", "utils"]
__all__ += modules.__all__

_explain_missing_names(__name__)
