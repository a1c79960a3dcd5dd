"""Checkpoints of which each process writes a part: only the names that libraries ask for when they are imported.

There are no tensors here that lie divided on several processes as parameters, so one process writes all with
`torch.save`. This file is an index only.
"""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import hf_storage

__all__ = ["hf_storage"]

_explain_missing_names(__name__)
