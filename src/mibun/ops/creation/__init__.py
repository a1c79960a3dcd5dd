"""Tensors from sizes, ranges and data."""

from . import creation, from_data, ranges
