"""The older functions about autocast, one set for each kind of device, which PyTorch has with a warning.

`torch.is_autocast_cpu_enabled()` is `torch.is_autocast_enabled("cpu")`, and so on.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core import autocast
from ..core.site import stacklevel
from ..core.tensor import name_as


def _older(name: str, instead: str, kind: str, argument: str) -> Callable:
    """The function `name`: `instead` for one kind of device, with PyTorch's warning."""
    newer = getattr(autocast, instead)

    def warn() -> None:
        given = f", {argument}" if argument else ""
        warnings.warn(
            f"torch.{name}({argument}) is deprecated. Please use torch.{instead}('{kind}'{given}) instead.",
            DeprecationWarning,
            stacklevel=stacklevel(),
        )

    def ask() -> Any:
        warn()
        return newer(kind)

    def put(value: Any, /) -> None:
        warn()
        newer(kind, value)

    call = put if argument else ask
    call.__doc__ = f"`torch.{instead}` for the device type '{kind}', with a DeprecationWarning."
    name_as(call, "mibun", name)
    return call


if TYPE_CHECKING:  # what is made below
    is_autocast_cpu_enabled: Callable[..., Any]
    set_autocast_cpu_enabled: Callable[..., Any]
    get_autocast_cpu_dtype: Callable[..., Any]
    set_autocast_cpu_dtype: Callable[..., Any]
    get_autocast_gpu_dtype: Callable[..., Any]
    set_autocast_gpu_dtype: Callable[..., Any]
    is_autocast_ipu_enabled: Callable[..., Any]
    set_autocast_ipu_enabled: Callable[..., Any]
    get_autocast_ipu_dtype: Callable[..., Any]
    set_autocast_ipu_dtype: Callable[..., Any]
    is_autocast_xla_enabled: Callable[..., Any]
    set_autocast_xla_enabled: Callable[..., Any]
    get_autocast_xla_dtype: Callable[..., Any]
    set_autocast_xla_dtype: Callable[..., Any]

for _kind in ("cpu", "gpu", "ipu", "xla"):
    _device = "cuda" if _kind == "gpu" else _kind
    for _name, _instead, _argument in (
        ("is_autocast_{}_enabled", "is_autocast_enabled", ""),
        ("set_autocast_{}_enabled", "set_autocast_enabled", "enabled"),
        ("get_autocast_{}_dtype", "get_autocast_dtype", ""),
        ("set_autocast_{}_dtype", "set_autocast_dtype", "dtype"),
    ):
        if _kind == "gpu" and "enabled" in _name:
            continue  # for GPUs that is what the newer function does
        _name = _name.format(_kind)
        globals()[_name] = _older(_name, _instead, _device, _argument)
