"""Tensors for NumPy and other array libraries: `numpy`, the array and ufunc protocols, and DLPack.

Memory is shared wherever the other side can share it. The way from data to Tensors is in `creation/from_data.py`.
"""

from __future__ import annotations

import builtins
import operator
from typing import Any

import numpy as np

from ...core.batching import NO_STORAGE, refuse_batched
from ...core.memory import shares_arrays
from ...core.meta import MetaArray
from ...core.mode import is_grad_enabled
from ...core.registry import FUNCTIONS, IN_PLACE, LEADING, NAMESPACES, TENSORS, is_numpys
from ...core.tensor import Tensor, bind_method
from ...core.views import own_array
from ...dispatch.numbers import python_number
from ...dispatch.public import public
from ...xp.numpy.blocks import own_block
from ...xp.numpy.memory import storage
from ..creation.from_data import as_tensor


@public("numpy", function=False)
def numpy(self: Tensor, *, force: bool = False) -> np.ndarray[Any, Any]:
    """This tensor as a NumPy array on the same memory.

    Args:
        force: take tensors that require grad too, as `detach().resolve_conj().numpy()`.

    Raises:
        RuntimeError: for tensors that require grad while grad mode is on, unless forced. (Where nothing is recorded, as
            under `no_grad` and in `Function.forward`, no derivative is lost.)

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).numpy()
    array([1., 2.], dtype=float32)
    """
    if not force and is_grad_enabled() and self.requires_grad:
        raise RuntimeError(_REQUIRES_GRAD)
    refuse_batched(self, NO_STORAGE)
    array = own_array(self)
    if type(array) is MetaArray or not (force or self.is_cpu):
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host "
            "memory first."
        )
    if not self.is_cpu or not shares_arrays(array):
        return NAMESPACES[type(array)].to_numpy(array)
    if type(array) is np.ndarray:
        own_block(storage(array)).external = True  # whose memory must not be freed by `resize_` of the storage
    elif type(array) in LEADING:
        return array.__array__()  # which says why not
    elif type(array) in IN_PLACE:
        return array.__array__()  # in a call that is recorded, which cannot be from here on
    elif type(array) in TENSORS:
        raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage: it is batched by vmap")
    return array


_REQUIRES_GRAD = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."


@public("__array__", function=False)
def __array__(self: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
    if is_grad_enabled() and self.requires_grad:
        raise RuntimeError(_REQUIRES_GRAD)
    refuse_batched(self, NO_STORAGE)
    array = own_array(self)
    if type(array) is not np.ndarray and not isinstance(array, np.ndarray) and type(array) not in LEADING:
        array = numpy(self)
    if dtype is None and not copy:
        return array
    return np.array(array, dtype=dtype, copy=copy)


bind_method("__array_priority__", 1000)


# --- NumPy's functions of Tensors ---


# What infix syntax calls: `ndarray * tensor` is the ufunc `multiply`, and means what `tensor * ndarray` means.
# (The public function, and Python's operator for NumPy's scalars, which are numbers.)
_INFIX = {
    "add": ("add", operator.add),
    "bitwise_and": ("bitwise_and", operator.and_),
    "bitwise_or": ("bitwise_or", operator.or_),
    "bitwise_xor": ("bitwise_xor", operator.xor),
    "divide": ("div", operator.truediv),
    "equal": ("eq", operator.eq),
    "floor_divide": ("floor_divide", operator.floordiv),
    "greater": ("gt", operator.gt),
    "greater_equal": ("ge", operator.ge),
    "left_shift": ("bitwise_left_shift", operator.lshift),
    "less": ("lt", operator.lt),
    "less_equal": ("le", operator.le),
    "multiply": ("mul", operator.mul),
    "not_equal": ("ne", operator.ne),
    "power": ("pow", operator.pow),
    "remainder": ("remainder", operator.mod),
    "right_shift": ("bitwise_right_shift", operator.rshift),
    "subtract": ("sub", operator.sub),
}


def _operand(array: np.ndarray) -> Tensor:
    """A NumPy array as an operand: on its own memory, if a Tensor can stand on it."""
    if array.flags.writeable and not builtins.any(stride < 0 for stride in array.strides):
        return as_tensor(array)
    return as_tensor(array.copy())


@public("__array_ufunc__", function=False)
def __array_ufunc__(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """`np.exp(tensor)` and `ndarray * tensor` are mibun's operators, so they stay differentiable."""
    if len(inputs) == 2 and method == "__call__" and not kwargs:
        infix = _INFIX.get(ufunc.__name__)
        if infix is not None:
            first, second = inputs
            number = python_number(first)
            if number is not first:
                return infix[1](number, second)  # `np.float32(2) * tensor`: a number like Python's
            if isinstance(first, (np.ndarray, np.generic)) and isinstance(second, Tensor):
                return FUNCTIONS[infix[0]](
                    _operand(first) if isinstance(first, np.ndarray) else as_tensor(first), second
                )
    _refuse_elsewhere((*inputs, *kwargs.get("out", ())))
    return (_loaded or _load()).call_ufunc(ufunc, method, inputs, kwargs)


def _refuse_elsewhere(values: Any) -> None:
    """TypeError, as NumPy would get from PyTorch, for a tensor on another device among arguments."""
    for value in values:
        if isinstance(value, Tensor):
            kind = type(value._array_)
            if not is_numpys(kind) and kind not in TENSORS and kind not in LEADING and not value.is_cpu:
                numpy(value.detach())
        elif isinstance(value, (list, tuple)):
            _refuse_elsewhere(value)


_loaded: Any = None


def _load() -> Any:
    """The module that does all other calls, which is imported at the first of them."""
    global _loaded
    from ..numpy_functions import protocol as _loaded

    return _loaded


@public("__array_function__", function=False)
def __array_function__(self: Tensor, func: Any, types: Any, args: tuple, kwargs: builtins.dict) -> Any:
    """`np.dot(tensor, array)` and its like: see `numpy_functions/`."""
    _refuse_elsewhere((*args, *kwargs.values()))
    return (_loaded or _load()).call(func, types, args, kwargs)


@public("__array_wrap__", function=False)
def __array_wrap__(self: Tensor, array: Any, context: Any = None, return_scalar: bool = False) -> Tensor:
    """What NumPy has computed from a Tensor's array, as a Tensor."""
    return _operand(np.asarray(array))


# --- other libraries ---


@public("__dlpack__", function=False)
def __dlpack__(
    self: Tensor, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: bool | None = None
) -> Tensor:
    """Export the memory through DLPack. BufferError for tensors that require grad."""
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    refuse_batched(self, NO_STORAGE)
    if not is_numpys(type(self._array_)) and hasattr(self._array_, "__dlpack__"):
        return self._array_.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)
    if stream is not None and stream != -1:
        raise BufferError("a stream makes no sense on the CPU")
    return own_array(self).__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)


@public("__dlpack_device__", function=False)
def __dlpack_device__(self: Tensor) -> tuple[int, int]:
    """(device type, id) for DLPack: the CPU's, or what the library of the array says."""
    array = self._array_
    return array.__dlpack_device__() if not is_numpys(type(array)) and hasattr(array, "__dlpack__") else (1, 0)
