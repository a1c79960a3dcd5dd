"""RAdam, under PyTorch's name for its module."""

from ..core.registry import INDEXES as _INDEXES
from .adam import RAdam

__all__ = ["RAdam"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
