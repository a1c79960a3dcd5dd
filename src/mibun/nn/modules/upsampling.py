"""The layers that enlarge images, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from .resampling import Upsample, UpsamplingBilinear2d, UpsamplingNearest2d

__all__ = ["Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
