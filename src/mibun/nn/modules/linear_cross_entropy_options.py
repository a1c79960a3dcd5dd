"""The options of `nn.LinearCrossEntropyLoss`, under PyTorch's name for their module."""

from ...core.registry import INDEXES as _INDEXES
from ..linear_cross_entropy import LinearCrossEntropyOptions

__all__ = ["LinearCrossEntropyOptions"]

_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
