"""Windows as columns and back, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from .resampling import Fold, Unfold

__all__ = ["Fold", "Unfold"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
