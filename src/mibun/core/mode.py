"""Whether operations are recorded, per thread and per asyncio task.

All of the switches that change what an operation does (grad mode, inference mode, forward-mode level, saved-tensor
hooks, anomaly detection) live in one immutable `Mode`, held by one context variable, so that the hot path pays for a
single lookup. A new thread starts in the default mode; an asyncio task starts in the mode of its creator and cannot
leak its own.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

Function = TypeVar("Function", bound=Callable[..., Any])  # what a decorator is given, and gives back


class Mode:
    """The switches in force; never changed after it is made.

    `fast` tells that no switch but grad mode is set which operators have to ask for, `plain` that none is at all.
    """

    __slots__ = (
        "anomaly",
        "batched",
        "check_nan",
        "dual_level",
        "dual_levels",
        "fast",
        "forward",
        "grad",
        "grad_enabled",
        "inference",
        "levels",
        "outer",
        "plain",
        "saved_hooks",
        "transforms",
        "watchers",
    )

    def __init__(
        self,
        grad_enabled: bool = True,
        inference: bool = False,
        dual_levels: tuple[int, ...] = (),
        forward: bool = True,
        saved_hooks: tuple = (),
        anomaly: bool | str = False,
        check_nan: bool = True,
        transforms: tuple = (),
        watchers: tuple = (),
    ) -> None:
        self.grad_enabled = grad_enabled  # what the user has asked for
        self.grad = grad_enabled and not inference  # whether operations are recorded
        self.inference = inference
        self.dual_levels = dual_levels  # the levels of forward mode that were entered, outermost first
        self.forward = forward  # whether forward mode is on, as it is unless the user has switched it off
        self.dual_level = dual_levels[-1] if dual_levels and forward else -1  # the one at which tangents are computed
        self.outer: Mode | None = None  # see `outer_mode`
        self.saved_hooks = saved_hooks
        self.anomaly = anomaly  # "forward": results of operations are looked at too
        self.check_nan = check_nan
        self.transforms = transforms  # those of functions that are running, outermost first: see core/batching.py
        self.levels = tuple([level.number for level in transforms if level.kind == "vmap"])
        self.batched = bool(self.levels)
        self.watchers = watchers  # see autograd/watching.py
        self.fast = not (inference or self.dual_level >= 0 or saved_hooks or anomaly or watchers)
        self.plain = self.fast and check_nan and forward and not (transforms or dual_levels)

    def replace(self, *, grad: bool | None = None, **changes: Any) -> Mode:
        """This mode with some switches changed (the two commonest modes are shared objects)."""
        values = {name: getattr(self, name) for name in self.__slots__ if name not in _DERIVED}
        values.update(changes)
        if grad is not None:
            values["grad_enabled"] = grad
        mode = Mode(**values)
        if mode.plain:
            return PLAIN if mode.grad else NO_GRAD
        return mode

    def within(self, transforms: tuple) -> Mode:
        """This mode with other transforms running, which is all that entering one changes but for forward mode's."""
        mode = _new(Mode)
        mode.grad_enabled, mode.grad, mode.inference = self.grad_enabled, self.grad, self.inference
        mode.dual_levels, mode.dual_level, mode.forward = self.dual_levels, self.dual_level, self.forward
        mode.saved_hooks, mode.anomaly, mode.check_nan = self.saved_hooks, self.anomaly, self.check_nan
        mode.watchers, mode.fast = self.watchers, self.fast
        mode.transforms = transforms
        mode.levels = (*self.levels, transforms[-1].number) if transforms[-1].kind == "vmap" else self.levels
        mode.batched = bool(mode.levels)
        mode.outer, mode.plain = None, False
        return mode


_new = object.__new__

_DERIVED = frozenset(("batched", "dual_level", "fast", "grad", "levels", "outer", "plain"))

PLAIN = Mode()

NO_GRAD = Mode(grad_enabled=False)

MODE: ContextVar[Mode] = ContextVar("mibun_mode", default=PLAIN)


def is_grad_enabled() -> bool:
    """Whether grad mode is on in this thread or task: operations are recorded, unless inference mode is on too."""
    return MODE.get().grad_enabled


def is_inference_mode_enabled() -> bool:
    """Whether inference mode is on in this thread or task."""
    return MODE.get().inference


class ModeContext:
    """Base of the mode switches: a context manager and a decorator (functions, generators, coroutines, classes)."""

    def __init__(self) -> None:
        self._previous: list[Mode] = []

    def _enter_mode(self, mode: Mode) -> Mode:
        raise TypeError(f"{type(self).__name__} does not say which mode it enters")

    def clone(self) -> ModeContext:
        """A fresh context of the same kind, as a decorator needs for each call."""
        return type(self)()

    def __enter__(self) -> Any:
        mode = MODE.get()
        MODE.set(self._enter_mode(mode))  # which may raise: then nothing was entered
        self._previous.append(mode)
        return None

    def __exit__(self, *error: object) -> None:
        if self._previous:
            MODE.set(self._previous.pop())
        # Left more often than entered: PyTorch sets what was before the last time, which is in force already.

    def __call__(self, function: Function) -> Function:
        if inspect.isclass(function):
            warnings.warn(
                "Decorating classes is deprecated and will be disabled in future versions. You should only decorate "
                "functions or methods. To preserve the current behavior of class decoration, you can directly decorate "
                "the `__init__` method and nothing else.",
                FutureWarning,
                stacklevel=2,
            )
            function.__init__ = self(function.__init__)
            return function  # type: ignore[return-value]
        if inspect.isgeneratorfunction(function):
            return _wrap_generator(self.clone, function)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def coroutine(*args: Any, **kwargs: Any) -> Any:
                with self.clone():
                    return await function(*args, **kwargs)

            return coroutine  # type: ignore[return-value]

        if inspect.isasyncgenfunction(function):
            return _wrap_async_generator(self.clone, function)

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]


def _wrap_async_generator(make_context: Any, function: Any) -> Any:
    """The same as `_wrap_generator` for an asynchronous one."""

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        generator = function(*args, **kwargs)
        try:
            with make_context():
                response = await anext(generator)
            while True:
                try:
                    request = yield response
                except GeneratorExit:
                    with make_context():
                        await generator.aclose()
                    raise
                except BaseException as error:
                    with make_context():
                        response = await generator.athrow(error)
                else:
                    with make_context():
                        response = await generator.asend(request)
        except StopAsyncIteration:
            return

    return wrapper


def _wrap_generator(make_context: Any, function: Any) -> Any:
    """A generator runs in the mode only while its own body runs, never while its caller does."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        generator = function(*args, **kwargs)
        try:
            with make_context():
                response = next(generator)
            while True:
                try:
                    request = yield response
                except GeneratorExit:
                    with make_context():
                        generator.close()
                    raise
                except BaseException as error:
                    with make_context():
                        response = generator.throw(error)
                else:
                    with make_context():
                        response = generator.send(request)
        except StopIteration as stop:
            return stop.value

    return wrapper


def bool_argument(function: str, value: Any, name: str = "mode", position: int = 1) -> bool:
    """The value, which must be True or False itself (TypeError)."""
    if not isinstance(value, bool):
        kind = type(value).__name__
        raise TypeError(f"{function}(): argument '{name}' (position {position}) must be bool, not {kind}")
    return value


_grad_layout: ContextVar[bool] = ContextVar("mibun_grad_layout", default=True)


def enforces_grad_layout() -> bool:
    """Whether a leaf's first gradient must have the leaf's order in memory."""
    return _grad_layout.get()


def _decorator_without_parentheses(cls: type, function: Any) -> Any:
    return object.__new__(cls) if function is None else cls()(function)


def _switched(mode: Mode, grad: bool) -> Mode:
    """The mode with grad mode on or off. The transforms that are running are told: forward mode goes on without it."""
    if not grad:
        for level in mode.transforms:
            level.without_grad = True
    return mode.replace(grad=grad)


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
        return NO_GRAD if mode is PLAIN or mode is NO_GRAD else _switched(mode, False)


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
        MODE.set(_switched(self._before, self.mode))

    def _enter_mode(self, mode: Mode) -> Mode:
        return _switched(mode, self.mode)

    def __enter__(self) -> None:
        # The switch happened at construction: what to go back to is what was in force before that.
        self._previous.append(self._before)
        MODE.set(self._enter_mode(MODE.get()))

    def __call__(self, function: Function) -> Function:
        MODE.set(self._before)  # used as a decorator: the switch is for the function's calls only
        return super().__call__(function)

    def clone(self) -> ModeContext:
        return GradMode(self.mode)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.mode})"


class GradMode(ModeContext):
    """Recording switched on or off, for as long as the context lasts."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = mode

    def _enter_mode(self, mode: Mode) -> Mode:
        return _switched(mode, self.mode)

    def clone(self) -> ModeContext:
        return GradMode(self.mode)


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
        return _switched(mode, not self.mode).replace(inference=self.mode)

    def __call__(self, function: Function) -> Function:
        if not callable(function):
            raise TypeError(f"inference_mode: mode must be a bool, or a function to decorate, not {function!r}")
        return super().__call__(function)
