"""The module of a kind of device: `torch.cpu`, `torch.cuda`, …"""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Any

from ..core.device import device as _device


def get_device_module(device: Any = None) -> ModuleType:
    """The module of a device, of which the kind is looked at: `torch.cuda`; that of the CPU unless one is given.

    RuntimeError for kinds that there are not, and for those without a module.

    >>> import mibun as torch
    >>> torch.get_device_module("cuda").is_available()
    False
    """
    kind = "cpu" if device is None else _device(device).type
    if importlib.util.find_spec(f"mibun.{kind}") is None:
        raise RuntimeError(f"Invalid device module: mibun has no torch.{kind}")
    return importlib.import_module(f"mibun.{kind}")
