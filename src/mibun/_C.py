"""Names that programs take from `torch._C`, PyTorch's compiled module, because they have no other place."""

from __future__ import annotations

from .autograd import grad_mode as _grad_mode
from .compat.tracing import tracing_state as _get_tracing_state
from .core.mode import is_grad_enabled, is_inference_mode_enabled
from .core.size import Size
from .dispatch.torch_function import DisableTorchFunction, DisableTorchFunctionSubclass
from .dispatch.torch_function import disabled_torch_function as _disabled_torch_function_impl
from .ops.random.generator import Generator
from .xp.numpy.linalg import LinAlgError as _LinAlgError

_is_multithreading_enabled = _grad_mode.is_multithreading_enabled


def _set_grad_enabled(enabled: bool) -> None:
    """Switch grad mode on or off in this thread or task."""
    _grad_mode.set_grad_enabled(enabled)


def _set_multithreading_enabled(enabled: bool) -> None:
    """See `autograd.set_multithreading_enabled`."""
    _grad_mode.set_multithreading_enabled(enabled)


__all__ = [
    "DisableTorchFunction",
    "DisableTorchFunctionSubclass",
    "Generator",
    "Size",
    "_LinAlgError",
    "_get_tracing_state",
    "_disabled_torch_function_impl",
    "is_grad_enabled",
    "is_inference_mode_enabled",
]
