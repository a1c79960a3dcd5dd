"""`torch.utils.tensorboard.writer`: the writers, of whichever package is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.missing import explain_missing_names as _explain_missing_names

try:
    import tensorboardX as _tensorboardX
except ImportError:
    _tensorboardX = None

if TYPE_CHECKING or _tensorboardX is not None:
    from .by_tensorboardx import FileWriter, SummaryWriter
else:
    from .by_tensorboard import FileWriter, SummaryWriter

__all__ = ["FileWriter", "SummaryWriter"]

_explain_missing_names(__name__)
