"""`torch.mps`, Apple's GPUs: there are none; what would need one raises what PyTorch raises where there is none."""

from __future__ import annotations

from typing import Any

from ..compat.absent_devices import Functions, seeds, states
from ..core.missing import explain_missing_names as _explain_missing_names
from . import profiler
from .event import Event

_C_NAMES = {
    "current_allocated_memory": "getCurrentAllocatedMemory",
    "driver_allocated_memory": "getDriverAllocatedMemory",
    "empty_cache": "emptyCache",
    "get_rng_state": "getDefaultGenerator",
    "recommended_max_memory": "getRecommendedMaxMemory",
    "seed": "getDefaultGenerator",
    "set_per_process_memory_fraction": "setMemoryFraction",
    "synchronize": "deviceSynchronize",
}


def _no_mps(name: str) -> RuntimeError:
    return RuntimeError(f"Cannot execute {_C_NAMES[name]}() without MPS backend.")


def device_count() -> int:
    """The number of Apple's GPUs: 0."""
    return 0


def is_available() -> bool:
    """Whether there is one: False."""
    return False


def manual_seed(seed: int) -> None:
    """Seed its generator: there is none, so nothing is to be done, as in PyTorch."""
    seeds(seed)


def set_rng_state(new_state: Any, device: Any = "mps") -> None:
    """Set the state of its generator. RuntimeError: there is none."""
    states([new_state])
    raise _no_mps("get_rng_state")


def compile_shader(source: str) -> Any:
    """Compile a program for it. RuntimeError."""
    raise RuntimeError("MPS is not available")


def load_metallib(source: Any) -> Any:
    """Load a compiled program for it. TypeError for what is neither bytes nor a path, else RuntimeError."""
    if not isinstance(source, (bytes, str)) and not hasattr(source, "__fspath__"):
        raise TypeError(f"expected bytes or path, got {type(source).__name__}")
    raise RuntimeError("MPS is not available")


_functions = Functions(globals())
_functions.refusing(
    """
    current_allocated_memory() driver_allocated_memory() empty_cache() get_rng_state(device='mps')
    recommended_max_memory() seed() synchronize()
    """,
    _no_mps,
    "Needs an Apple GPU",
)


def set_per_process_memory_fraction(fraction: float) -> None:
    """Limit the memory in use. TypeError for what is no float, ValueError outside of 0 to 2, else RuntimeError."""
    if not isinstance(fraction, float):
        raise TypeError("Invalid type for fraction argument, must be `float`")
    if fraction < 0 or fraction > 2:
        raise ValueError(f"Invalid fraction value: {fraction}. Allowed range: 0~2")
    raise _no_mps("set_per_process_memory_fraction")


__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    "Event",
    "compile_shader",
    "device_count",
    "is_available",
    "load_metallib",
    "manual_seed",
    "profiler",
    "set_per_process_memory_fraction",
    "set_rng_state",
]

_explain_missing_names(__name__)
