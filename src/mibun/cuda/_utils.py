"""What the other modules of `torch.cuda` share: the errors, and the number of a device."""

from __future__ import annotations

from typing import Any

from ..compat.absent_devices import device_index


def _words(function: str) -> str:
    return (
        f"Torch not compiled with CUDA enabled: torch.cuda.{function}() needs a GPU, and mibun's tensors live on the "
        "CPU. Ask torch.cuda.is_available() first."
    )


def unavailable(function: str) -> AssertionError:
    """What most functions raise."""
    return AssertionError(_words(function))


def attribute_error(function: str) -> AttributeError:
    """What those raise that PyTorch has as attributes of its compiled module, and not there."""
    return AttributeError(_words(function))


def _get_device_index(device: Any, optional: bool = False, allow_cpu: bool = False) -> int | None:
    return device_index(device, "cuda", optional, allow_cpu)
