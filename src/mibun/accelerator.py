"""`torch.accelerator`: which accelerator there is. None: tensors live on the CPU, and programs are told so."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """Whether there is an accelerator: False."""
    return False


def device_count() -> int:
    """The number of accelerators: 0."""
    return 0


def current_accelerator(check_available: bool = False) -> Any:
    """The device of the accelerator: None, as there is none.

    >>> import mibun as torch
    >>> torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"
    'cpu'
    """
    return None


__all__ = ["current_accelerator", "device_count", "is_available"]
