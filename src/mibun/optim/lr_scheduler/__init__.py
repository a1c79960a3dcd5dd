"""Learning rate schedulers: they change the `lr` of an optimizer's groups as training goes on. An index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.registry import INDEXES as _INDEXES
from .base import LRScheduler, _LRScheduler
from .composed import ChainedScheduler, SequentialLR
from .cycle import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from .decay import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from .plateau import ReduceLROnPlateau

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
    "_LRScheduler",
]

_explain_missing_names(__name__)
_INDEXES[__name__] = globals()  # messages have this name; `__module__` is where `inspect` finds the source
