"""Channels as pixels and back, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from .resampling import PixelShuffle, PixelUnshuffle

__all__ = ["PixelShuffle", "PixelUnshuffle"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
