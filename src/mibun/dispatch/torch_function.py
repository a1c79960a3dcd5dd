"""`__torch_function__`, the part that is always there: its switches, and what Tensor does by default.

The rest, which a program pays for only when it makes a subclass or enters a mode, is in `mibun/overrides.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from ..core.batching import BatchedTensor
from ..core.device import device as _device
from ..core.dtypes import get_default_dtype, strided
from ..core.meta import without_data
from ..core.registry import DISPATCHING, OPS
from ..core.tensor import PLAIN, Tensor, bare, bind_method, copy_state, name_as
from ..core.tensor import require_grad as _requiring
from ..core.views import counter_of, own_array

# (whether subclasses are not asked, the modes in force: the last one is asked first)
STATE: ContextVar[tuple[bool, tuple]] = ContextVar("mibun_overrides", default=(False, ()))


def _operands_unpacked(args: tuple) -> tuple:
    """`einsum(equation, [a, b])` as `einsum(equation, a, b)`, which is how PyTorch tells of it."""
    if len(args) == 2 and isinstance(args[1], (list, tuple)) and isinstance(args[0], str):
        return (args[0], *args[1])
    return args


# Functions that take the same arguments in several ways -> in which of them those who are asked are told of a call.
ARRANGED: dict[str, Callable[[tuple], tuple]] = {"einsum": _operands_unpacked}


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


def disabled_torch_dispatch(func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
    """As the `__torch_dispatch__` of a class: there is none, the operator computes. Results are plain Tensors."""

    def plain(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return getattr(type(value), "_make", type(value))([plain(one) for one in value])
        return bare(Tensor, value._array_) if isinstance(value, Tensor) and type(value) in DISPATCHING else value

    return func(*plain(tuple(args)), **{name: plain(value) for name, value in (kwargs or {}).items()})


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


# --- asking those who are no Tensors ---

_BUILTIN = frozenset((type(None), bool, int, float, complex, str, slice, type(...)))


def is_overriding(kind: type) -> bool:
    """Whether a class has a `__torch_function__` that is to be asked."""
    if kind in PLAIN or kind is BatchedTensor:
        return False
    function = getattr(kind, "__torch_function__", None)
    return function is not None and function is not disabled_torch_function


def overriding(arguments: Iterable) -> list:
    """One argument of each type that has a `__torch_function__`, subclasses before their bases, else in order."""
    found: list = []
    for argument in arguments:
        for one in argument if type(argument) in (tuple, list) else (argument,):
            kind = type(one)
            if kind in _BUILTIN or not is_overriding(kind) or any(type(other) is kind for other in found):
                continue
            place = next((i for i, other in enumerate(found) if issubclass(kind, type(other))), len(found))
            found.insert(place, one)
    return found


def ask(told: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What the arguments' `__torch_function__` answer to a call that has failed for lack of Tensors.

    So objects that are no Tensors cost nothing where there are none. NotImplemented where nobody answers.
    """
    if STATE.get()[0]:
        return NotImplemented
    found = overriding((*args, *kwargs.values()))
    types = tuple([type(one) for one in found])
    for one in found:
        result = type(one).__torch_function__(told, types, args, kwargs)
        if result is not NotImplemented:
            return result
    return NotImplemented


# Python's infix methods -> the method that a `__torch_function__` is told of, where that is another.
INFIX = {
    "__add__": "add",
    "__radd__": "add",
    "__iadd__": "add_",
    "__sub__": "sub",
    "__isub__": "sub_",
    "__mul__": "mul",
    "__rmul__": "mul",
    "__imul__": "mul_",
    "__truediv__": "div",
    "__rtruediv__": "__rdiv__",
    "__itruediv__": "div_",
    "__ifloordiv__": "floor_divide_",
    "__mod__": "remainder",
    "__imod__": "remainder_",
    "__matmul__": "matmul",
    "__pow__": "pow",
    "__ipow__": "pow_",
    "__rand__": "bitwise_and",
    "__ror__": "bitwise_or",
    "__rxor__": "bitwise_xor",
    "__neg__": "neg",
    "__abs__": "abs",
    "__invert__": "bitwise_not",
    "__ne__": "ne",
    "__lt__": "lt",
    "__le__": "le",
    "__gt__": "gt",
    "__ge__": "ge",
}


def ask_infix(name: str, self: Any, other: Any) -> Any:
    """What `self.__add__(other)` is for an operand that is no Tensor: its answer, or else NotImplemented."""
    told = "eq" if name == "__eq__" else INFIX.get(name, name)
    return ask(getattr(Tensor, told), (self, other), {})


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
        return _requiring(reclassed(data.detach(), cls), require_grad)

    @staticmethod
    def _make_wrapper_subclass(
        cls: type,
        size: Any,
        *,
        strides: Any = None,
        storage_offset: int | None = None,
        memory_format: Any = None,
        dtype: Any = None,
        layout: Any = strided,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        dispatch_sizes_strides_policy: str | None = None,
        dispatch_device: bool = False,
        dispatch_layout: bool = False,
    ) -> Any:
        """An object of a subclass that has a shape, strides, dtype and device but no values: its `__torch_dispatch__`
        computes with what it wraps.

        RuntimeError for a class without a `__torch_dispatch__`, strides with an offset or memory format as well, and
        what there is no other form of here: memory that is pinned, a layout that is not strided, sizes, device and
        layout that are asked of the object each time (`dispatch_...`).
        """
        if cls not in DISPATCHING:
            raise RuntimeError(
                f"{cls.__name__} must define __torch_dispatch__ to be made by _make_wrapper_subclass: it has no data"
            )
        asked = dispatch_sizes_strides_policy or dispatch_device or dispatch_layout
        if pin_memory or layout is not strided or asked or memory_format is not None or storage_offset:
            raise RuntimeError(
                "_make_wrapper_subclass() takes size, strides, dtype, device and requires_grad; pin_memory, layout, "
                "memory_format, storage_offset and the dispatch_ options are not for tensors on the CPU"
            )
        kind = get_default_dtype() if dtype is None else dtype
        place = _device("cpu") if device is None else _device(device)
        made = bare(cls, without_data(tuple(size), kind.np, strides, place))
        return _requiring(made, requires_grad)


bind_method("__torch_dispatch__", staticmethod(disabled_torch_dispatch))
for _name in ("__torch_function__", "as_subclass", "_make_subclass", "_make_wrapper_subclass"):
    _method = vars(_Methods)[_name]
    name_as(getattr(_method, "__func__", _method), "mibun", f"Tensor.{_name}")
    bind_method(_name, _method)
