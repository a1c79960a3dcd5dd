"""Names that programs take from `torch._C`, PyTorch's compiled module, because they have no other place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ..autograd import grad_mode as _grad_mode
from ..autograd.profiler import _ExperimentalConfig
from ..compat.tracing import tracing_state as _get_tracing_state
from ..core.autocast import LOWER_DTYPES as _LOWER_DTYPES
from ..core.autocast import (
    autocast_decrement_nesting,
    autocast_increment_nesting,
    clear_autocast_cache,
    get_autocast_dtype,
    is_autocast_cache_enabled,
    is_autocast_enabled,
    set_autocast_cache_enabled,
    set_autocast_dtype,
    set_autocast_enabled,
)
from ..core.autocast import is_any_autocast_enabled as _is_any_autocast_enabled
from ..core.autocast import is_autocast_available as _is_autocast_available
from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from ..core.mode import is_grad_enabled, is_inference_mode_enabled
from ..core.size import Size
from ..dispatch.torch_function import DisableTorchFunction, DisableTorchFunctionSubclass
from ..dispatch.torch_function import disabled_torch_dispatch as _disabled_torch_dispatch_impl
from ..dispatch.torch_function import disabled_torch_function as _disabled_torch_function_impl
from ..ops.random.generator import Generator
from ..xp.numpy.linalg import LinAlgError as _LinAlgError

_profiler = SimpleNamespace(_ExperimentalConfig=_ExperimentalConfig)
_is_multithreading_enabled = _grad_mode.is_multithreading_enabled


def _autocast_supported_devices() -> list[str]:
    """The kinds of devices that PyTorch has autocast for."""
    return list(_LOWER_DTYPES)


def _set_grad_enabled(enabled: bool) -> None:
    """Switch grad mode on or off in this thread or task."""
    _grad_mode.set_grad_enabled(enabled)


def _set_multithreading_enabled(enabled: bool) -> None:
    """See `autograd.set_multithreading_enabled`."""
    _grad_mode.set_multithreading_enabled(enabled)


def __getattr__(name: str) -> Any:
    if name in ("_fft", "_linalg", "_nn", "_special"):
        from .._compiled import COMPILED

        return COMPILED[name]
    if name in ("DispatchKey", "DispatchKeySet", "_ExcludeDispatchKeyGuard"):
        from . import _dispatch_keys

        return getattr(_dispatch_keys, name)
    if not name.startswith("__"):
        from ..compat import compiled_names  # what few programs ask for

        if name in compiled_names.NAMES:
            return getattr(compiled_names, name)
    found = _submodule(__name__, name)
    if found is None:
        raise _missing_name(__name__, name)
    return found


__all__ = [
    "DisableTorchFunction",
    "DisableTorchFunctionSubclass",
    "Generator",
    "Size",
    "_LinAlgError",
    "_get_tracing_state",
    "_autocast_supported_devices",
    "_disabled_torch_dispatch_impl",
    "_disabled_torch_function_impl",
    "_is_any_autocast_enabled",
    "_is_autocast_available",
    "autocast_decrement_nesting",
    "autocast_increment_nesting",
    "clear_autocast_cache",
    "get_autocast_dtype",
    "is_autocast_cache_enabled",
    "is_autocast_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
    "is_grad_enabled",
    "is_inference_mode_enabled",
]
