"""`torch.cuda` of a machine without GPUs: what programs ask before they choose a device, answered as on a CPU build.

Questions have answers (there are no devices, no memory is in use), seeding is accepted because there is nothing to
seed, and whatever would need a GPU raises PyTorch's AssertionError.
"""

from __future__ import annotations

from typing import Any, NoReturn

from .core.device import check_device
from .ops.creation.constructors import CUDA_TYPES as _CUDA_TYPES

globals().update(_CUDA_TYPES)


def _unavailable(function: str) -> NoReturn:
    raise AssertionError(
        f"Torch not compiled with CUDA enabled: torch.cuda.{function}() needs a GPU, and mibun's tensors live on the "
        "CPU. Ask torch.cuda.is_available() first."
    )


def is_available() -> bool:
    """Whether there is a GPU: False.

    >>> import mibun as torch
    >>> torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device(type='cpu')
    """
    return False


def is_initialized() -> bool:
    """Whether CUDA's state has been set up: False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether the current GPU computes in bfloat16: False."""
    return False


def device_count() -> int:
    """The number of GPUs: 0."""
    return 0


def memory_allocated(device: Any = None) -> int:
    """Bytes in use by tensors on a GPU: 0."""
    return 0


def manual_seed(seed: int) -> None:
    """Seed the current GPU's generator: there is none, so nothing is to be done, as in PyTorch."""
    int(seed)


def empty_cache() -> None:
    """Free cached GPU memory, of which there is none."""


def get_rng_state_all() -> list:
    """The states of all GPUs' generators: no state."""
    return []


def set_rng_state_all(new_states: Any) -> None:
    """Set the states of all GPUs' generators. AssertionError if there is one to set."""
    for _ in new_states:
        _unavailable("set_rng_state_all")


manual_seed_all = manual_seed
max_memory_allocated = memory_reserved = max_memory_reserved = memory_allocated


def seed() -> None:
    """Seed the current GPU's generator from the operating system: there is none."""


seed_all = seed


class device:
    """Context manager that makes a GPU the current one. Nothing happens for None or a negative index; else an error."""

    def __init__(self, device: Any) -> None:
        self.idx = -1 if device is None else device

    def __enter__(self) -> None:
        if not (isinstance(self.idx, int) and self.idx < 0):
            check_device("cuda")

    def __exit__(self, *error: object) -> None:
        return None


def _refusing(name: str) -> Any:
    def function(*args: Any, **kwargs: Any) -> NoReturn:
        _unavailable(name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "Needs a GPU: AssertionError."
    return function


for _name in (
    "current_device",
    "current_stream",
    "default_stream",
    "get_device_capability",
    "get_device_name",
    "get_device_properties",
    "get_rng_state",
    "init",
    "initial_seed",
    "mem_get_info",
    "reset_peak_memory_stats",
    "set_device",
    "set_rng_state",
    "synchronize",
):
    globals()[_name] = _refusing(_name)
del _name
