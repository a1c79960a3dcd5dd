"""What runs in the workers of a DataLoader, and the functions that make batches. This file is an index only."""

from ....core.missing import explain_missing_names as _explain_missing_names
from . import collate, fetch, pin_memory, worker
from .exceptions import ExceptionWrapper
from .worker import MP_STATUS_CHECK_INTERVAL

__all__ = ["MP_STATUS_CHECK_INTERVAL", "ExceptionWrapper", "collate", "fetch", "pin_memory", "worker"]

_explain_missing_names(__name__)
