"""The processes that `torchrun` starts. This file is an index only."""

from ....core.missing import explain_missing_names as _explain_missing_names
from . import errors
from .errors import record

__all__ = ["errors", "record"]

_explain_missing_names(__name__)
