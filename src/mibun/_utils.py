"""`torch._utils`: what libraries take from there: dense tensors in one flat one, devices by number, rebuilt tensors."""

from __future__ import annotations

import copyreg
import functools
import importlib
import importlib.util
import logging
import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from .core.device import device as _device
from .core.dtypes import dtype as _dtype
from .core.missing import explain_missing_names as _explain_missing_names
from .core.site import stacklevel
from .core.tensor import Tensor
from .nn.parameter import Parameter
from .ops.conversion.typed_storages import TypedStorage
from .ops.conversion.untyped_storages import UntypedStorage
from .ops.creation.filled import empty
from .ops.shape.joining import cat
from .utils.data._utils.exceptions import ExceptionWrapper, KeyErrorMessage

# --- several tensors in one ---


def _flatten_dense_tensors(tensors: Sequence[Tensor]) -> Tensor:
    """The elements of all tensors in one vector, a copy; of their common dtype. ValueError for no tensors.

    >>> import mibun as torch
    >>> torch._utils._flatten_dense_tensors([torch.ones(2, 2), torch.zeros(1)])
    tensor([1., 1., 1., 1., 0.])
    """
    return cat([tensor.contiguous().view(-1) for tensor in tensors])


def _unflatten_dense_tensors(flat: Tensor, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Views of the vector in the shapes of these tensors, one after the other. RuntimeError where it is too short.

    >>> import mibun as torch
    >>> torch._utils._unflatten_dense_tensors(torch.arange(3.0), [torch.ones(1, 2), torch.zeros(1)])
    (tensor([[0., 1.]]), tensor([2.]))
    """
    parts, start = [], 0
    for tensor in tensors:
        count = tensor.numel()
        parts.append(flat.narrow(0, start, count).view_as(tensor))
        start += count
    return tuple(parts)


def _take_tensors(tensors: Iterable[Tensor], size_limit: int) -> Iterator[list[Tensor]]:
    """Lists of tensors of one type each, of at most `size_limit` bytes but for a larger single tensor."""
    waiting: dict[str, tuple[list[Tensor], int]] = defaultdict(lambda: ([], 0))
    for tensor in tensors:
        kind = tensor.type()
        size = tensor.numel() * tensor.element_size()
        held, total = waiting[kind]
        if held and total + size > size_limit:
            yield held
            held, total = [], 0
        waiting[kind] = ([*held, tensor], total + size)
    for held, _ in waiting.values():
        if held:
            yield held


def _reorder_tensors_as(tensors: Iterable[Tensor], ordered_tensors: Iterable[Tensor]) -> tuple[Tensor, ...]:
    """The tensors, which are in order within each type, in the order of types of `ordered_tensors`."""
    by_type: dict[str, list[Tensor]] = defaultdict(list)
    for tensor in tensors:
        by_type[tensor.type()].append(tensor)
    iterators = {kind: iter(held) for kind, held in by_type.items()}
    return tuple([next(iterators[tensor.type()]) for tensor in ordered_tensors])


def _chunk_or_narrow_cat(tensor: Tensor, num_chunks: int, narrow_dim: int, cat_dim: int = 0) -> Tensor:
    """Equal parts of a tensor along one dimension, joined along another."""
    return cat(list(tensor.chunk(num_chunks, narrow_dim)), cat_dim)


def _handle_complex(tensor: Tensor) -> Tensor:
    """A complex tensor as a real one with a last dimension of 2; others as they are."""
    from .ops.pointwise.complexes import view_as_real

    return view_as_real(tensor) if tensor.is_complex() else tensor


def _element_size(dtype: _dtype) -> int:
    """Bytes of one element."""
    if not isinstance(dtype, _dtype):
        raise RuntimeError(f"expected torch.dtype, but got {type(dtype)}")
    return dtype.itemsize


# --- tensors from what is in files ---


def _rebuild_tensor(storage: Any, storage_offset: int, size: Sequence[int], stride: Sequence[int]) -> Tensor:
    """A tensor on a storage, in this geometry; of the storage's dtype, the default one for bytes without a dtype.

    >>> import mibun as torch
    >>> memory = torch.arange(4.0)
    >>> torch._utils._rebuild_tensor(memory.storage(), 1, (2,), (1,))  # doctest: +SKIP
    tensor([1., 2.])
    """
    dtype = storage.dtype if isinstance(storage, TypedStorage) else None
    return _on(storage, storage_offset, size, stride, dtype)


def _on(storage: Any, offset: int, size: Sequence[int], stride: Sequence[int], dtype: _dtype | None) -> Tensor:
    memory = storage._untyped if isinstance(storage, TypedStorage) else storage
    if not isinstance(memory, UntypedStorage):
        raise TypeError(f"expected a storage, but got {type(storage).__name__}")
    return empty(0, dtype=dtype).set_(memory, offset, tuple(size), tuple(stride))


def _rebuild_tensor_v2(
    storage: Any,
    storage_offset: int,
    size: Sequence[int],
    stride: Sequence[int],
    requires_grad: bool,
    backward_hooks: Any,
    metadata: Any = None,
) -> Tensor:
    """The same with its flag and hooks. metadata: whether the memory is of a conjugated or negated tensor."""
    tensor = _rebuild_tensor(storage, storage_offset, size, stride)
    return _finished(tensor, requires_grad, backward_hooks, metadata)


def _rebuild_tensor_v3(
    storage: Any,
    storage_offset: int,
    size: Sequence[int],
    stride: Sequence[int],
    requires_grad: bool,
    backward_hooks: Any,
    dtype: _dtype,
    metadata: Any = None,
) -> Tensor:
    """The same of a storage without a dtype."""
    return _finished(_on(storage, storage_offset, size, stride, dtype), requires_grad, backward_hooks, metadata)


def _finished(tensor: Tensor, requires_grad: bool, backward_hooks: Any, metadata: Any) -> Tensor:
    tensor.requires_grad_(requires_grad)
    if metadata:
        set_tensor_metadata(tensor, metadata)
    if backward_hooks:
        tensor._backward_hooks = backward_hooks
    return tensor


def _rebuild_parameter(data: Tensor, requires_grad: bool, backward_hooks: Any) -> Parameter:
    """A Parameter on the data."""
    parameter = Parameter(data, requires_grad)
    if backward_hooks:
        parameter._backward_hooks = backward_hooks
    return parameter


def _rebuild_parameter_with_state(data: Tensor, requires_grad: bool, backward_hooks: Any, state: Any) -> Parameter:
    """The same with its attributes."""
    return _set_obj_state(_rebuild_parameter(data, requires_grad, backward_hooks), state)


def _get_obj_state(obj: Any) -> Any:
    """What pickle keeps of an object: its `__dict__`, with its slots where it has some."""
    if hasattr(type(obj), "__getstate__") and type(obj).__getstate__ is not getattr(object, "__getstate__", None):
        return obj.__getstate__()
    slots = copyreg._slotnames(type(obj))  # type: ignore[attr-defined]
    own = {name: getattr(obj, name) for name in slots if hasattr(obj, name) and name not in Tensor.__slots__}
    return (vars(obj), own) if own else vars(obj)


def _set_obj_state(obj: Any, state: Any) -> Any:
    """Give an object such a state; returns it. RuntimeError for a tuple that is no pair."""
    if isinstance(state, tuple):
        if len(state) != 2:
            raise RuntimeError(f"Invalid serialized state: {state}")
        attributes, slots = state
    else:
        attributes, slots = state, None
    if attributes:
        vars(obj).update(attributes)
    for name, value in (slots or {}).items():
        setattr(obj, name, value)
    return obj


def get_tensor_metadata(tensor: Tensor) -> dict[str, Any]:
    """What a file has to say of a tensor's conjugation and negation: nothing, as both are computed at once."""
    if not isinstance(tensor, Tensor):
        raise AssertionError(f"expected a Tensor, but got {type(tensor).__name__}")
    return {}


def set_tensor_metadata(tensor: Tensor, metadata: dict[str, Any]) -> None:
    """The same of a loaded tensor: conjugated or negated memory becomes what it stands for."""
    if metadata.get("conj"):
        tensor._array_ = np.conj(tensor._array_)
    if metadata.get("neg"):
        tensor._array_ = -tensor._array_


# --- devices ---


def _get_device_index(device: Any, optional: bool = False, allow_cpu: bool = False) -> int | None:
    """The number of a device: an int itself, that of `cuda:1`, -1 for a CPU that is allowed.

    optional: None where there is no number. ValueError otherwise, and for the CPU.

    >>> import mibun as torch
    >>> torch._utils._get_device_index("cuda:1")
    1
    """
    given = device
    if isinstance(device, str):
        device = _device(device)
    if isinstance(device, _device):
        if device.type == "cpu":
            if not allow_cpu:
                raise ValueError(f"Expected a non cpu device, but got: {given}")
            return -1
        if device.index is not None:
            return device.index
        if optional:
            return None
    elif isinstance(device, int):
        return device
    elif device is None and optional:
        return None
    raise ValueError(f"Expected a torch.device with a specified index or an integer, but got:{given}")


def _get_available_device_type() -> str | None:
    """The kind of accelerator that there is: None."""
    return None


def _get_all_device_indices() -> list[int] | None:
    """The numbers of all accelerators: None, as there is none."""
    return None


def _get_devices_properties(device_ids: Iterable[Any]) -> list[Any]:
    """What is known of these accelerators: None of each."""
    return [None for _ in device_ids]


def _get_current_device_index() -> int | None:
    """The number of the accelerator in use: None."""
    return None


def get_current_device_index() -> int:
    """The number of the accelerator in use: -1."""
    return -1


def _get_device_module(device_type: str) -> ModuleType:
    """`torch.cuda` and its like by name. RuntimeError where there is no such module."""
    try:
        return importlib.import_module(f"mibun.{device_type}")
    except ModuleNotFoundError:
        raise RuntimeError(
            f"Device '{device_type}' does not have a corresponding module registered as 'torch.{device_type}'."
        ) from None


def cpu_count() -> int | None:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


# --- Python ---


class _ClassPropertyDescriptor:
    """What `classproperty` makes."""

    def __init__(self, fget: classmethod, fset: Any = None) -> None:
        self.fget = fget

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self.fget.__get__(instance, type(instance) if owner is None else owner)()


def classproperty(func: Any) -> _ClassPropertyDescriptor:
    """A property of the class itself.

    >>> from mibun._utils import classproperty
    >>> class Circle:
    ...     @classproperty
    ...     def name(cls):
    ...         return cls.__name__.lower()
    >>> Circle.name
    'circle'
    """
    return _ClassPropertyDescriptor(func if isinstance(func, (classmethod, staticmethod)) else classmethod(func))  # type: ignore[arg-type]


class CallbackRegistry:
    """Functions that are called one after the other; what they raise is logged.

    >>> from mibun._utils import CallbackRegistry
    >>> registry = CallbackRegistry("example")
    >>> registry.add_callback(print)
    >>> registry.fire_callbacks("called")
    called
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.callback_list: list[Callable] = []

    def add_callback(self, cb: Callable) -> None:
        """Call this function too, after the others."""
        self.callback_list.append(cb)

    def fire_callbacks(self, *args: Any, **kwargs: Any) -> None:
        """Call all of them."""
        for callback in self.callback_list:
            try:
                callback(*args, **kwargs)
            except Exception:
                logging.getLogger(__name__).exception("Exception in callback for %s", self.name)


def _import_dotted_name(name: str) -> Any:
    """What a dotted name means: a module, or something in one."""
    first, *rest = name.split(".")
    return functools.reduce(getattr, rest, importlib.import_module(first))


def _dummy_type(name: str) -> type:
    """A class of which no object can be made: RuntimeError."""

    def refuse(cls: Any, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(f"Tried to instantiate dummy base class {name}")

    return type(name, (), {"__new__": refuse, "__module__": __name__})


def _get_async_or_non_blocking(function_name: str, non_blocking: bool, kwargs: dict[str, Any]) -> bool:
    """`non_blocking`, or its older name "async" among the keyword arguments. TypeError for others."""
    if not kwargs:
        return non_blocking
    if len(kwargs) != 1 or "async" not in kwargs:
        name = next(iter(kwargs))
        raise TypeError(f"{function_name}() got an unexpected keyword argument '{name}'")
    warnings.warn("'async' is deprecated; use 'non_blocking'", stacklevel=stacklevel())
    return kwargs["async"]


def try_import(module_name: str) -> ModuleType | None:
    """The module, or None where it is not installed."""
    return importlib.import_module(module_name) if importlib.util.find_spec(module_name) is not None else None


def is_compiling() -> bool:
    """Deprecated: whether `torch.compile` is at work: False."""
    warnings.warn(
        "`torch._utils.is_compiling` is deprecated. Use `torch.compiler.is_compiling` instead.", stacklevel=stacklevel()
    )
    return False


__all__ = [
    "CallbackRegistry",
    "ExceptionWrapper",
    "KeyErrorMessage",
    "classproperty",
    "cpu_count",
    "get_current_device_index",
    "get_tensor_metadata",
    "is_compiling",
    "set_tensor_metadata",
    "try_import",
]
_explain_missing_names(__name__)
