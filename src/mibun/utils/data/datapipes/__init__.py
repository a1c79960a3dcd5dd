"""Data pipes: data sets that are made of others step by step. This file is an index only."""

from ....core.missing import explain_missing_names as _explain_missing_names
from . import datapipe, iter, map

__all__ = ["datapipe", "iter", "map"]

_explain_missing_names(__name__)
