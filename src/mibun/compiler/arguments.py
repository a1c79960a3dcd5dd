"""What `torch.compile` and `Module.compile` check before there is nothing to do."""

from __future__ import annotations

from typing import Any

from .backends import check_backend

_MODES = ("default", "lite", "reduce-overhead", "max-autotune-no-cudagraphs", "max-autotune")
_default_backend: Any = None


def check_arguments(dynamic: Any, backend: Any, mode: Any, options: Any, disable: bool) -> None:
    """Raise what `compile` raises for its arguments."""
    if mode is not None and options is not None:
        raise RuntimeError("Either mode or options can be specified, but both can't be specified at the same time.")
    if dynamic is not None and not isinstance(dynamic, bool):
        raise AssertionError(f"dynamic: expected a bool or None, got {type(dynamic)}")
    backend = get_default_backend() if backend is None else backend
    if disable:
        return
    check_backend(backend)
    if backend == "inductor":
        if mode is not None and mode not in _MODES:
            raise RuntimeError(f"Unrecognized mode={mode}, should be one of: {', '.join(_MODES)}")
        if options is not None and not isinstance(options, dict):
            raise AttributeError(f"options: expected a dict, got {type(options).__name__}")


def get_default_backend() -> Any:
    """The backend of `compile` where none is named."""
    return "inductor" if _default_backend is None else _default_backend


def set_default_backend(backend: Any) -> None:
    """Set the backend of `compile` where none is named; None for PyTorch's. Raises for one that there is not."""
    global _default_backend
    if backend is not None:
        check_backend(backend)
    _default_backend = backend
