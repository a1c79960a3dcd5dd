"""The switches of grad mode under PyTorch's name, and those of a backward. The mode itself is in `core/mode.py`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ..core.mode import (
    _grad_layout,
    bool_argument,
    enable_grad,
    inference_mode,
    no_grad,
    set_grad_enabled,
)
from ..core.registry import INDEXES
from ..core.tensor import Tensor
from ..core.views import counter_of

_multithreading: ContextVar[bool] = ContextVar("mibun_multithreading", default=True)

_view_replay: ContextVar[bool] = ContextVar("mibun_view_replay", default=False)


def is_view_replay_enabled() -> bool:
    """Whether views are to be made again from their base by the functions that made them; they always are."""
    return _view_replay.get()


def is_multithreading_enabled() -> bool:
    """Whether a backward may use threads for other devices. The CPU's work is always done in the calling thread."""
    return _multithreading.get()


class _Switch:
    """Base of the switches that no operation asks about: at once when called, undone at the end of a `with`."""

    _variable: ContextVar[bool]

    def __init__(self, mode: bool) -> None:
        self.mode = bool_argument(type(self).__name__, mode)
        self._before = self._variable.get()
        self._variable.set(self.mode)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self._variable.set(self._before)

    def clone(self) -> Any:
        """A fresh switch of the same kind."""
        return type(self)(self.mode)

    def __call__(self, function: Callable) -> Callable:
        self._variable.set(self._before)  # used as a decorator: the switch is for the function's calls only

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return wrapper


class set_multithreading_enabled(_Switch):
    """Say whether a backward may use threads for other devices: at once when called, undone at the end of a `with`.

    As in PyTorch on the CPU, the backward runs in the calling thread either way.
    """

    _variable = _multithreading


class _force_original_view_tracking(_Switch):
    """Ask for views to be made again by the functions that made them, and not by strides: the only way here."""

    _variable = _view_replay


class enforce_grad_layout_policy(_Switch):
    """Say whether a leaf's first gradient gets the leaf's order in memory also where that costs a copy (the default).

    At once when called, undone at the end of a `with`; for this thread or task.

    >>> import mibun as torch
    >>> x = torch.ones(2, 3).t().requires_grad_()
    >>> with torch.autograd.enforce_grad_layout_policy(False):
    ...     (x * torch.ones(3, 2)).sum().backward()
    >>> x.stride(), x.grad.stride()
    ((1, 3), (2, 1))
    """

    _variable = _grad_layout

    def __init__(self, enable: bool = True) -> None:
        super().__init__(enable)


class _unsafe_preserve_version_counter:
    """Inside, the versions of a Tensor, or of a tuple of them, are what they were at the end as at the start."""

    def __init__(self, tensors: Any) -> None:

        self.tensors: tuple = (tensors,) if isinstance(tensors, Tensor) else tensors
        if not isinstance(self.tensors, tuple):
            raise AssertionError(f"expected a Tensor or a tuple of Tensors, but got {type(tensors).__name__}")
        self._versions = [tensor._version for tensor in self.tensors]

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        for tensor, version in zip(self.tensors, self._versions, strict=True):
            counter_of(tensor).version = version


__all__ = [
    "no_grad",
    "enable_grad",
    "set_grad_enabled",
    "inference_mode",
    "set_multithreading_enabled",
    "enforce_grad_layout_policy",
]

INDEXES[__name__] = {  # where PyTorch says that they are
    "no_grad": no_grad,
    "enable_grad": enable_grad,
    "set_grad_enabled": set_grad_enabled,
    "inference_mode": inference_mode,
}
