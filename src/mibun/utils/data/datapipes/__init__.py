"""Data pipes: data sets that are made of others step by step. This file is an index only."""

from . import datapipe, iter, map

__all__ = ["datapipe", "iter", "map"]
