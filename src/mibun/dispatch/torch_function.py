"""`__torch_function__`, the part that is always there: its switches, and what Tensor does by default.

The rest, which a program pays for only when it makes a subclass or enters a mode, is in `mibun/overrides.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ..core.registry import OPS
from ..core.tensor import Tensor, bind_method, copy_state, name_as
from ..core.views import counter_of, own_array

# (whether subclasses are not asked, the modes in force: the last one is asked first)
STATE: ContextVar[tuple[bool, tuple]] = ContextVar("mibun_overrides", default=(False, ()))


class DisableTorchFunctionSubclass:
    """Context in which no `__torch_function__` of a subclass is called (those of modes are)."""

    def __enter__(self) -> None:
        self._token = STATE.set((True, STATE.get()[1]))

    def __exit__(self, *error: object) -> None:
        STATE.reset(self._token)


class DisableTorchFunction:
    """Context in which no `__torch_function__` is called, those of modes included."""

    def __enter__(self) -> None:
        self._token = STATE.set((True, ()))

    def __exit__(self, *error: object) -> None:
        STATE.reset(self._token)


def disabled_torch_function(func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
    """As the `__torch_function__` of a class: it is not kept, results are plain Tensors."""
    with DisableTorchFunctionSubclass():
        return func(*args, **(kwargs or {}))


def default_torch_function(cls: type, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
    """What `Tensor.__torch_function__` does: call `func`, and make its results instances of `cls`."""
    if not all(issubclass(cls, kind) for kind in types):
        return NotImplemented
    with DisableTorchFunctionSubclass():
        result = func(*args, **(kwargs or {}))
        return result if func in get_default_nowrap_functions() else _converted(result, cls)


def _converted(result: Any, cls: type) -> Any:
    if cls is Tensor:
        return result
    if isinstance(result, Tensor):
        return result if isinstance(result, cls) else reclassed(result, cls)
    if isinstance(result, (tuple, list)) and type(result).__name__ != "Size":
        parts = [_converted(part, cls) for part in result]
        return getattr(type(result), "_make", type(result))(parts)
    return result


def reclassed(tensor: Any, cls: type) -> Any:
    """The tensor as an instance of a subclass, on the same memory and at the same place in the graph."""
    if tensor.is_leaf and tensor.requires_grad:
        tensor = OPS["alias"](tensor)
    result = object.__new__(cls)
    own_array(tensor)
    counter_of(tensor)
    copy_state(tensor, result)
    vars(result).update(vars(tensor))
    return result


def get_default_nowrap_functions() -> set[Callable]:
    """Functions whose results the default `__torch_function__` leaves as they are: they give back other tensors."""
    return {vars(Tensor)[name].__get__ for name in ("_base", "grad")}


class _Methods:
    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """What subclasses override to take part in functions and methods: call `func`, and keep the subclass."""
        return default_torch_function(cls, func, types, args, kwargs)

    def as_subclass(self: Any, cls: type) -> Any:
        """This tensor as an instance of a subclass, on the same memory; gradients pass through."""
        if not (isinstance(cls, type) and issubclass(cls, Tensor)):
            raise TypeError(f"as_subclass(): cls must be a subclass of Tensor, not {cls!r}")
        return reclassed(OPS["alias"](self), cls)

    @staticmethod
    def _make_subclass(cls: type, data: Any, require_grad: bool = False) -> Any:
        """A leaf of a subclass on the memory of `data`."""
        return reclassed(data.detach(), cls).requires_grad_(require_grad)


for _name in ("__torch_function__", "as_subclass", "_make_subclass"):
    _method = vars(_Methods)[_name]
    name_as(getattr(_method, "__func__", _method), "mibun", f"Tensor.{_name}")
    bind_method(_name, _method)
