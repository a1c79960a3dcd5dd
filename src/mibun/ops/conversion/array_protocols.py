"""Tensors for NumPy and other array libraries: `numpy`, the array, ufunc and namespace protocols, and DLPack.

Memory is shared wherever the other side can share it. The way from data to Tensors is in `creation/from_data.py`.
"""

from __future__ import annotations

import builtins
import operator
from typing import Any

import numpy as np

from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor, bind_method, wrap
from ...core.views import bump_version, own_array
from ...dispatch.numbers import python_number
from ...dispatch.public import public
from ...xp import tensor as namespace
from ...xp.numpy.blocks import own_block
from ...xp.numpy.memory import storage
from ..creation.from_data import as_tensor


@public("numpy", function=False)
def numpy(self: Tensor, *, force: bool = False) -> np.ndarray[Any, Any]:
    """This tensor as a NumPy array on the same memory.

    Args:
        force: take tensors that require grad too, as `detach().resolve_conj().numpy()`.

    Raises:
        RuntimeError: for tensors that require grad, unless forced.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).numpy()
    array([1., 2.], dtype=float32)
    """
    if not force and self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    array = own_array(self)
    if type(array) is np.ndarray:
        own_block(storage(array)).external = True  # whose memory must not be freed by `resize_` of the storage
    return array


@public("__array__", function=False)
def __array__(self: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
    if self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    array = own_array(self)
    if dtype is None and not copy:
        return array
    return np.array(array, dtype=dtype, copy=copy)


bind_method("__array_priority__", 1000)


# --- NumPy's functions of Tensors ---


# NumPy's names for what differs from PyTorch's.
_UFUNCS = {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "true_divide": "div",
    "power": "pow",
    "negative": "neg",
    "positive": "positive",
    "absolute": "abs",
    "invert": "bitwise_not",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "conjugate": "conj",
    "equal": "eq",
    "not_equal": "ne",
    "less": "lt",
    "less_equal": "le",
    "greater": "gt",
    "greater_equal": "ge",
    "rint": "round",
    "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift",
    "mod": "remainder",
    "fabs": "abs",
}
# What NumPy's scalars call where they stand left of a Tensor.
_INFIX = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "true_divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "mod": operator.mod,
    "power": operator.pow,
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "bitwise_xor": operator.xor,
    "left_shift": operator.lshift,
    "right_shift": operator.rshift,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
}
_REDUCTIONS = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "amax",
    "minimum": "amin",
    "logical_and": "all",
    "logical_or": "any",
}


def _operand(array: np.ndarray) -> Tensor:
    """A NumPy array as an operand: on its own memory, if a Tensor can stand on it."""
    if array.flags.writeable and not builtins.any(stride < 0 for stride in array.strides):
        return as_tensor(array)
    return as_tensor(array.copy())


@public("__array_ufunc__", function=False)
def __array_ufunc__(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """`np.exp(tensor)` and `ndarray * tensor` are mibun's operators, so they stay differentiable."""
    if method == "__call__" and not kwargs and ufunc.__name__ in _INFIX:
        numbers = [python_number(value) for value in inputs]
        if any(one is not other for one, other in zip(numbers, inputs, strict=True)):
            return _INFIX[ufunc.__name__](*numbers)  # `np.float32(2) * tensor`: a number like Python's
    tensors = [_operand(value) if isinstance(value, np.ndarray) else value for value in inputs]
    if method == "__call__" and not kwargs:
        own_name: str = ufunc.__name__
        # By name: which ufunc was called is known only now, and the commonest have one name here and there.
        function = FUNCTIONS.get(_UFUNCS.get(own_name, own_name))
        if function is not None:
            if not isinstance(tensors[0], Tensor):
                tensors[0] = as_tensor(tensors[0]) if ufunc.nin > 1 else tensors[0]
            return function(*tensors)
    elif method == "reduce" and ufunc.__name__ in _REDUCTIONS and set(kwargs) <= {"axis", "keepdims"}:
        axis = kwargs.get("axis", 0)
        function = FUNCTIONS[_REDUCTIONS[ufunc.__name__]]
        source = tensors[0]
        if axis is None:
            axis = tuple(range(source._array_.ndim))
        return function(source, axis, keepdim=kwargs.get("keepdims", False))
    outputs = kwargs.get("out")
    if builtins.any(isinstance(value, Tensor) and value.requires_grad for value in (*inputs, *(outputs or ()))):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. (np."
            f"{ufunc.__name__}{'' if method == '__call__' else '.' + method} "
            + ("writes its result to out=, which autograd does not follow)" if outputs else "has no counterpart here)")
        )
    arrays = [value._array_ if isinstance(value, Tensor) else value for value in inputs]
    if outputs is not None:
        kwargs["out"] = tuple(own_array(o) if isinstance(o, Tensor) else o for o in outputs)
    result = getattr(ufunc, method)(*arrays, **kwargs)
    if outputs is not None:
        for output in outputs:
            if isinstance(output, Tensor):
                bump_version(output, f"np.{ufunc.__name__}(out=)")
        return outputs[0] if len(outputs) == 1 else outputs
    return tuple(map(wrap, result)) if isinstance(result, tuple) else wrap(result)


# --- other libraries ---


@public("__array_namespace__", function=False)
def __array_namespace__(self: Tensor, *, api_version: str | None = None) -> Any:
    """The Array API namespace of Tensors."""

    return namespace


@public("__dlpack__", function=False)
def __dlpack__(
    self: Tensor, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: bool | None = None
) -> Tensor:
    """Export the memory through DLPack. BufferError for tensors that require grad."""
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if stream is not None and stream != -1:
        raise BufferError("a stream makes no sense on the CPU")
    return own_array(self).__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)


@public("__dlpack_device__", function=False)
def __dlpack_device__(self: Tensor) -> tuple[int, int]:
    """(device type, id) for DLPack: the CPU."""
    return (1, 0)
