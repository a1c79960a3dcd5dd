"""What programs import that `torchrun` starts: `elastic.multiprocessing.errors.record`. This file is an index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import multiprocessing

__all__ = ["multiprocessing"]

_explain_missing_names(__name__)
