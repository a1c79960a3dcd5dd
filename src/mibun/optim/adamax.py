"""Adamax, under PyTorch's name for its module."""

from ..core.registry import INDEXES as _INDEXES
from .adam import Adamax

__all__ = ["Adamax"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
