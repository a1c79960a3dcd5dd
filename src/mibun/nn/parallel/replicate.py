"""Copies of a module on several GPUs, of which there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from ...core.missing import explain_missing_names as _explain_missing_names
from ..modules.module import Module
from .comm import refuse_devices

__all__ = ["replicate"]


def replicate(network: Module, devices: Sequence[Any], detach: bool = False) -> NoReturn:
    """Copies of a module on several GPUs. ValueError: there are none."""
    refuse_devices(devices)


_explain_missing_names(__name__)
