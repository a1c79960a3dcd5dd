"""Names that programs take from `torch._C`, PyTorch's compiled module, because they have no other place."""

from __future__ import annotations

from typing import Any

from .autograd import grad_mode as _grad_mode
from .core.missing import missing_name as _missing_name
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
    "_disabled_torch_function_impl",
    "is_grad_enabled",
    "is_inference_mode_enabled",
]


def __getattr__(name: str) -> Any:
    if not name.startswith("__"):
        from .compat import compiled_names  # what few programs ask for

        if name in compiled_names.NAMES:
            return getattr(compiled_names, name)
    raise _missing_name(__name__, name)
