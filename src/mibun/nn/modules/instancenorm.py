"""The layers that standardise each channel of each sample, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from .batchnorm import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, _InstanceNorm, _NormBase  # noqa: F401

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
