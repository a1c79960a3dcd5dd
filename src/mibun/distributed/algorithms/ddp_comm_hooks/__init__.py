"""Hooks by which DistributedDataParallel reduces its gradients otherwise. This file is an index only."""

from ....core.missing import explain_missing_names as _explain_missing_names
from . import default_hooks, post_localSGD_hook

__all__ = ["default_hooks", "post_localSGD_hook"]

_explain_missing_names(__name__)
