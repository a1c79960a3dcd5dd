"""`torch.utils._python_dispatch`: programs that see, or take over, every operator that is applied.

A `TorchDispatchMode` is told of all operators while it is entered, a subclass of Tensor with a `__torch_dispatch__` of
those that one of its objects takes part in. Both are asked *below* autograd: what they return becomes the operator's
result, which is recorded as usual, and in backward they see the operators of the derivatives. Without them nothing is
paid: a mode is a watcher (`core/watching.py`), and subclasses take the general path in any case.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core.meta import MetaArray
from ..core.mode import MODE, no_grad
from ..core.registry import DISPATCHING
from ..core.tensor import Tensor, copy_state, wrap
from ..core.watching import Watcher
from ..dispatch.nodes import OpNode
from ..ops.dispatched_calls import overload_of

__all__ = [
    "TorchDispatchMode",
    "is_in_torch_dispatch_mode",
    "is_traceable_wrapper_subclass",
    "return_and_correct_aliasing",
    "transform_subclass",
]


class TorchDispatchMode:
    """Base of modes. A subclass defines `__torch_dispatch__(self, func, types, args=(), kwargs=None)`.

    func is an overload of `torch.ops.aten`, which computes when it is called; inside of the method the mode itself is
    off, and those entered before it are on. Modes nest, the innermost is asked first. Values are plain here: gradients
    are recorded above, for whatever the method returns.

    >>> import mibun as torch
    >>> from mibun.utils._python_dispatch import TorchDispatchMode
    >>> class Log(TorchDispatchMode):
    ...     def __torch_dispatch__(self, func, types, args=(), kwargs=None):
    ...         print(func)
    ...         return func(*args, **(kwargs or {}))
    >>> with Log():
    ...     y = torch.relu(torch.tensor([1., -1.])).sum()
    aten.relu.default
    aten.sum.default
    """

    _node: Any = None  # the node of backward that is running, whose operators the mode is told of

    def __init__(self, _dispatch_key: Any = None) -> None:
        if _dispatch_key is not None:
            raise RuntimeError("there are no dispatch keys: every TorchDispatchMode is below autograd")

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """What the mode does with an operator; to be defined by subclasses."""
        raise NotImplementedError

    def __enter__(self) -> Any:
        entered = self.__dict__.setdefault("_entered", [])
        watcher = _ModeWatcher(self)
        watcher.__enter__()
        entered.append(watcher)
        return self

    def __exit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.__dict__["_entered"].pop().__exit__(exc_type, exc_val, exc_tb)

    @classmethod
    def push(cls, *args: Any, **kwargs: Any) -> Any:
        """A mode of this class, to be entered."""
        return cls(*args, **kwargs)

    @classmethod
    def is_infra_mode(cls) -> bool:
        """Whether the mode is part of PyTorch's own machinery: it is not."""
        return False


class _ModeWatcher(Watcher):
    """Shows a mode the operators, and the nodes of backward as the operators of their rules."""

    def __init__(self, mode: TorchDispatchMode) -> None:
        super().__init__()
        self.mode = mode

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        if op.dispatched:  # a mode further in has taken it
            return run(op)
        watchers = MODE.get().watchers
        outer = watchers[: watchers.index(self)]
        return run(_asking(op, operands, params, name, lambda *call: self._ask(outer, *call), []))

    def overload(self, func: Any, args: tuple, kwargs: dict, run: Callable) -> Any:
        watchers = MODE.get().watchers
        types = tuple({type(one): None for one in args if isinstance(one, Tensor) and type(one) in DISPATCHING})
        with no_grad():
            return self._ask(watchers[: watchers.index(self)], func, types, args, kwargs)

    def _ask(self, outer: tuple, *call: Any) -> Any:
        token = MODE.set(MODE.get().replace(watchers=outer))
        try:
            return self.mode.__torch_dispatch__(*call)
        finally:
            MODE.reset(token)

    def node(self, node: Any, grad: Any, run: Callable) -> Any:
        if not isinstance(node, OpNode) or isinstance(grad, Tensor) or MODE.get().batched:
            return run()
        if isinstance(grad, (list, tuple)):
            if any(isinstance(one, Tensor) for one in grad):
                return run()
            given: Any = [None if one is None else wrap(one) for one in grad]
        else:
            given = None if grad is None else wrap(grad)
        before, self.mode._node = self.mode._node, node
        try:
            with no_grad():
                results = node.run_recorded(given)
        finally:
            self.mode._node = before
        return tuple([one._array_ if isinstance(one, Tensor) else one for one in results])


def _asking(op: Any, operands: Sequence, params: dict, name: str, ask: Callable, returned: list) -> Any:
    """The operator with a kernel that asks `ask`; what that returns is noted in `returned`."""
    changed = copy.copy(op)
    changed.dispatched = True
    types = tuple({type(one): None for one in operands if isinstance(one, Tensor) and type(one) in DISPATCHING})

    def kernel(xp: Any, *arrays: Any, **given: Any) -> Any:
        # The user's own Tensors where they are unchanged: by identity they may be known to the program.
        seen = [
            operand if not isinstance(operand, Tensor) or operand._array_ is array else wrap(array)
            for operand, array in zip(operands, arrays, strict=True)
        ]
        func, args, kwargs = overload_of(op, seen, given, name)
        with no_grad():
            out = ask(func, types, args, kwargs)
        if out is NotImplemented:
            raise TypeError(
                f"Multiple dispatch failed for '{func}'; all __torch_dispatch__ handlers returned NotImplemented"
            )
        returned.append(out)
        results = _arrays_of(out, func)
        if op.residuals:
            n = len(op.kernel(xp, *arrays, **given)) - len(op.residuals)
            results = (*results, *op.kernel(xp, *arrays, **given)[n:])
        elif op.outputs is None:
            return results[0]
        return results

    changed.kernel = kernel
    return changed


def _unanswered(func: Any) -> TypeError:
    return TypeError(f"Multiple dispatch failed for '{func}'; all __torch_dispatch__ handlers returned NotImplemented")


def _arrays_of(out: Any, func: Any) -> tuple:
    """The arrays of what a `__torch_dispatch__` has returned. TypeError for what holds none."""
    parts = out if isinstance(out, (tuple, list)) else (out,)
    for part in parts:
        if not isinstance(part, (Tensor, bool, int, float, complex)):
            raise TypeError(
                f"Unable to cast Python instance of type {type(part)} to a Tensor: __torch_dispatch__ of {func} must "
                "return Tensors"
            )
    return tuple([part._array_ if isinstance(part, Tensor) else np.asarray(part)[()] for part in parts])


def dispatch_subclass(apply: Callable, op: Any, operands: Sequence, params: dict, name: str) -> Any:
    """An operator with an object of a class that has a `__torch_dispatch__` among its operands."""
    handlers = [type(one) for one in operands if type(one) in DISPATCHING]
    cls = next(one for one in handlers if all(issubclass(one, other) or one is other for other in handlers[:1]))
    if any(is_wrapper(one) for one in operands):
        # A wrapper has no values that could be recorded: it decides for itself, and what it calls records.
        func, args, kwargs = overload_of(op, list(operands), params, name or op.name)
        out = cls.__torch_dispatch__(func, tuple(dict.fromkeys(handlers)), args, kwargs)  # type: ignore[attr-defined]
        if out is NotImplemented:
            raise TypeError(
                f"Multiple dispatch failed for '{func}'; all __torch_dispatch__ handlers returned NotImplemented"
            )
        return out
    returned: list = []
    changed = _asking(op, operands, params, name or op.name, cls.__torch_dispatch__, returned)  # type: ignore[attr-defined]
    result = apply(changed, operands, params, *([name] if name else []))
    if name or not returned:
        return result
    return _as_returned(result, returned[-1])


def _as_returned(result: Any, out: Any) -> Any:
    """The objects that were returned, with the history that has been recorded for them."""
    if isinstance(result, (tuple, list)):
        parts = [_as_returned(one, given) for one, given in zip(result, out, strict=False)]
        return getattr(type(result), "_make", type(result))(parts)
    if isinstance(out, Tensor) and type(out) in DISPATCHING and out is not result and out.is_leaf:
        copy_state(result, out)
        return out
    return result


def is_wrapper(value: Any) -> bool:
    """Whether a value is a Tensor that was made by `_make_wrapper_subclass`, without data of its own."""
    return isinstance(value, Tensor) and type(value) in DISPATCHING and type(value._array_) is MetaArray


# --- what PyTorch has in this module beside modes ---


def _dispatch_watchers() -> list[_ModeWatcher]:
    return [one for one in MODE.get().watchers if isinstance(one, _ModeWatcher)]


def _get_current_dispatch_mode() -> TorchDispatchMode | None:
    """The innermost mode, or None."""
    watchers = _dispatch_watchers()
    return watchers[-1].mode if watchers else None


def _get_current_dispatch_mode_stack() -> list[TorchDispatchMode]:
    """All modes, the outermost first."""
    return [one.mode for one in _dispatch_watchers()]


def is_in_torch_dispatch_mode(include_infra_modes: bool = True) -> bool:
    """Whether a mode is entered. include_infra_modes: also those of PyTorch's own machinery; there are none."""
    return bool(_dispatch_watchers())


is_in_any_mode_without_ignore_compile_internals = is_in_torch_dispatch_mode


@contextmanager
def _disable_current_modes() -> Iterator[list[TorchDispatchMode]]:
    """Context in which no mode is entered; it gives those that were."""
    before = MODE.get()
    modes = _get_current_dispatch_mode_stack()
    MODE.set(before.replace(watchers=tuple([one for one in before.watchers if not isinstance(one, _ModeWatcher)])))
    try:
        yield modes
    finally:
        MODE.set(before)


@contextmanager
def _pop_mode_temporarily(k: Any = None) -> Iterator[TorchDispatchMode]:
    """Context in which the innermost mode is off; it gives that mode. RuntimeError where there is none."""
    watchers = _dispatch_watchers()
    if not watchers:
        raise RuntimeError("there is no TorchDispatchMode to be left")
    before = MODE.get()
    MODE.set(before.replace(watchers=tuple([one for one in before.watchers if one is not watchers[-1]])))
    try:
        yield watchers[-1].mode
    finally:
        MODE.set(before)


class BaseTorchDispatchMode(TorchDispatchMode):
    """A mode that changes nothing."""

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Computes as without it."""
        return func(*args, **(kwargs or {}))


def is_traceable_wrapper_subclass(t: Any) -> bool:
    """Whether a value, or class, is a Tensor subclass that says what it is made of.

    It then has `__tensor_flatten__`, which gives (names of the inner Tensors, context), and `__tensor_unflatten__`.
    """
    is_class = isinstance(t, type)
    kind = t if is_class else type(t)
    return (
        issubclass(kind, Tensor)
        and kind is not Tensor
        and hasattr(t, "__tensor_flatten__")
        and hasattr(t, "__tensor_unflatten__")
    )


def is_traceable_wrapper_subclass_type(t: type) -> bool:
    """The same for a class."""
    return is_traceable_wrapper_subclass(t)


def transform_subclass(
    t: Any,
    callback: Callable[[str, Any], Any],
    outer_size: Any = None,
    outer_stride: Any = None,
) -> Any:
    """A subclass's object with each inner Tensor exchanged for `callback(name, tensor)`.

    outer_size, outer_stride: those of the result, by default of `t`. AssertionError where the result has others.
    """
    outer_size = outer_size if outer_size is not None else t.size()
    outer_stride = outer_stride if outer_stride is not None else t.stride()
    names, context = t.__tensor_flatten__()
    inner = {name: callback(name, getattr(t, name)) for name in names}
    made = type(t).__tensor_unflatten__(inner, context, outer_size, outer_stride)
    if tuple(made.shape) != tuple(outer_size) or tuple(made.stride()) != tuple(outer_stride):
        raise AssertionError(
            f"Expected return value from {type(t)}__tensor_unflatten__() to have shape equal to {outer_size} and "
            f"stride equal to {outer_stride}, but got shape {tuple(made.shape)} and stride {made.stride()}"
        )
    return made


def return_and_correct_aliasing(func: Any, args: tuple, kwargs: dict, out: Any) -> Any:
    """What a `__torch_dispatch__` of a wrapper is to return for an operator: `out`, or the argument it has changed.

    For an operator in place, by its name, that is its first argument. Memory is shared by the inner Tensors, and a
    wrapper has none of its own.
    """
    name = func.overloadpacket.__name__ if hasattr(func, "overloadpacket") else getattr(func, "__name__", "")
    if name.endswith("_") and not name.endswith("__"):
        return args[0]
    return kwargs["out"] if kwargs and kwargs.get("out") is not None else out


def autograd_would_have_decomposed(func: Any, flat_args: Sequence) -> bool:
    """Whether PyTorch would take an operator apart above autograd: here a mode is told of operators only."""
    return False
