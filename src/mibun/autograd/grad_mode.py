"""Whether operations are recorded, per thread and per asyncio task.

All of the switches that change what an operation does (grad mode, inference mode, forward-mode level, saved-tensor
hooks, anomaly detection) live in one immutable `Mode`, held by one context variable, so that the hot path pays for a
single lookup. A new thread starts in the default mode; an asyncio task starts in the mode of its creator and cannot
leak its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, overload

from ..core.mode import MODE, NO_GRAD, PLAIN, Function, Mode, ModeContext, _grad_layout, bool_argument
from ..core.tensor import Tensor
from ..core.views import counter_of


def _decorator_without_parentheses(cls: type, function: Any) -> Any:
    return object.__new__(cls) if function is None else cls()(function)


class no_grad(ModeContext):
    """Operations inside are not recorded; their results do not require grad.

    >>> import mibun as torch
    >>> x = torch.tensor(1., requires_grad=True)
    >>> with torch.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    if TYPE_CHECKING:

        @overload
        def __new__(cls, orig_func: None = None) -> Self: ...
        @overload
        def __new__(cls, orig_func: Function) -> Function: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        return _decorator_without_parentheses(cls, orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()

    def _enter_mode(self, mode: Mode) -> Mode:
        return NO_GRAD if mode is PLAIN or mode is NO_GRAD else mode.replace(grad=False)


class enable_grad(ModeContext):
    """Operations inside are recorded again, within `no_grad`."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, orig_func: None = None) -> Self: ...
        @overload
        def __new__(cls, orig_func: Function) -> Function: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        return _decorator_without_parentheses(cls, orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()

    def _enter_mode(self, mode: Mode) -> Mode:
        return PLAIN if mode is PLAIN or mode is NO_GRAD else mode.replace(grad=True)




class set_grad_enabled(ModeContext):
    """Switch recording on or off: at once when called, and back again when used as a context manager."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool_argument("set_grad_enabled", mode)
        self._before = MODE.get()
        MODE.set(self._before.replace(grad=self.mode))

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(grad=self.mode)

    def __enter__(self) -> None:
        # The switch happened at construction: what to go back to is what was in force before that.
        self._previous.append(self._before)
        MODE.set(self._enter_mode(MODE.get()))

    def __call__(self, function: Function) -> Function:
        MODE.set(self._before)  # used as a decorator: the switch is for the function's calls only
        return super().__call__(function)

    def clone(self) -> ModeContext:
        return _grad_mode(self.mode)


class _grad_mode(ModeContext):
    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = mode

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(grad=self.mode)

    def clone(self) -> ModeContext:
        return _grad_mode(self.mode)


class inference_mode(ModeContext):
    """Inside, nothing is recorded and no versions are counted: results are inference tensors, which autograd refuses.

    mode: False switches inference mode off within another (and grad mode on). Works as a decorator too. An inference
    tensor can be used in recorded operations that need not save it, and cannot be modified in place outside
    (RuntimeError).

    >>> import mibun as torch
    >>> x = torch.tensor(2., requires_grad=True)
    >>> with torch.inference_mode():
    ...     y = x * x
    >>> y.requires_grad, y.is_inference()
    (False, True)
    """

    if TYPE_CHECKING:

        @overload
        def __new__(cls, mode: bool = True) -> Self: ...
        @overload
        def __new__(cls, mode: Function) -> Function: ...

    def __new__(cls, mode: Any = True) -> Any:
        return object.__new__(cls) if isinstance(mode, bool) else cls()(mode)

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.mode = mode

    def clone(self) -> ModeContext:
        return type(self)(self.mode)

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(inference=self.mode, grad=not self.mode)

    def __call__(self, function: Function) -> Function:
        if not callable(function):
            raise TypeError(f"inference_mode: mode must be a bool, or a function to decorate, not {function!r}")
        return super().__call__(function)


_multithreading: ContextVar[bool] = ContextVar("mibun_multithreading", default=True)


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
    "no_grad", "enable_grad", "set_grad_enabled", "inference_mode", "set_multithreading_enabled",
    "enforce_grad_layout_policy",
]  # fmt: skip
