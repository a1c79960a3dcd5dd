"""Which module is for a kind of device: `torch.get_device_module`."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from ..core.device import device as Device


def get_device_module(device: Any = None) -> ModuleType:
    """The module of a device, a name of one, or, for None, of the accelerator that is there: `torch.cpu`.

    RuntimeError for a kind of device that has no module.

    >>> import mibun as torch
    >>> torch.get_device_module("cuda").is_available()
    False
    """
    if device is None:
        kind = "cpu"
    elif isinstance(device, (Device, str)):
        kind = Device(device).type
    else:
        raise RuntimeError(f"Invalid value of device '{device}', expect torch.device, str, or None")
    if kind not in ("cpu", "cuda", "mps", "mtia", "xpu"):
        raise RuntimeError(f"Device '{kind}' does not have a corresponding module registered as 'torch.{kind}'.")
    return importlib.import_module(f"mibun.{kind}")


__all__ = ["get_device_module"]
