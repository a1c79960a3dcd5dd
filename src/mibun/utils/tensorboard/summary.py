"""`torch.utils.tensorboard.summary`: what is written of the settings of a run, by whichever package is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.missing import explain_missing_names as _explain_missing_names
from .writer import _tensorboardX

if TYPE_CHECKING or _tensorboardX is not None:
    from .by_tensorboardx import hparams
else:
    from .by_tensorboard import hparams

__all__ = ["hparams"]

_explain_missing_names(__name__)
