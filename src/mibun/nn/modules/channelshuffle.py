"""Channels in another order, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from .resampling import ChannelShuffle

__all__ = ["ChannelShuffle"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
