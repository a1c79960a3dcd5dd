"""Tensors to everything else: Python's numbers and protocols, NumPy arrays and ufuncs, DLPack, copies and pickles.

Memory is shared wherever the other side can share it (`Tensor.numpy`, DLPack). These become methods of Tensor when the
package is imported; the way from data to Tensors is in `from_data.py`.
"""

from __future__ import annotations

import builtins
import copy as _copy
from typing import Any

import numpy as np

from ...core.hook_calls import warn_if_has_hooks
from ...core.node import LEAF, VersionCounter
from ...core.registry import FUNCTIONS, METHODS
from ...core.tensor import Tensor, bare, is_inference, wrap
from ...core.views import View, before_write, bump_version, counter_of, edge_of, own_array
from ...dispatch.public import public
from ...xp import tensor as namespace
from ...xp.numpy.memory import storage
from ..creation.from_data import as_tensor, legacy_constructor
from .storage import is_tensor  # noqa: F401  (the import declares the methods about memory)


@public("numpy", function=False)
def numpy(self: Any, *, force: bool = False) -> Any:
    """This tensor as a NumPy array on the same memory.

    RuntimeError for tensors that require grad, unless `force=True`, which is `detach().resolve_conj().numpy()`.
    """
    if not force and self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    return own_array(self)


@public("item", function=False)
def item(self: Any) -> Any:
    """The one element as a Python number. RuntimeError if there is not exactly one."""
    array = self._array_
    if array.size != 1:
        raise RuntimeError(f"a Tensor with {array.size} elements cannot be converted to Scalar")
    if array.dtype.kind == "V" or array.dtype.num >= 256:
        return builtins.float(array.reshape(()))
    return array.item()


@public("tolist", function=False)
def tolist(self: Any) -> Any:
    """The elements as nested lists of Python numbers (a number for a 0-d tensor)."""
    array = self._array_
    return array.astype(np.float32).tolist() if array.dtype.num >= 256 else array.tolist()


def _number(name: str, convert: Any) -> Any:
    def method(self: Any) -> Any:
        if self._array_.size != 1:
            raise ValueError(
                f"only one element tensors can be converted to Python scalars, but this one has "
                f"{self._array_.size} elements"
            )
        return convert(self.item())

    METHODS[name] = method
    return method


_number("__int__", builtins.int)
_number("__float__", builtins.float)
_number("__complex__", builtins.complex)


@public("__bool__", function=False)
def __bool__(self: Any) -> builtins.bool:
    array = self._array_
    if array.size != 1:
        if array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    return builtins.bool(array)


@public("__index__", function=False)
def __index__(self: Any) -> int:
    if self._array_.size != 1 or self._array_.dtype.kind not in "iub":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return builtins.int(self._array_.reshape(()))


@public("__contains__", function=False)
def __contains__(self: Any, element: Any) -> builtins.bool:
    if isinstance(element, (Tensor, builtins.bool, builtins.int, builtins.float, builtins.complex)):
        value = element._array_ if isinstance(element, Tensor) else element
        return builtins.bool(np.any(self._array_ == value))
    raise RuntimeError(
        f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element).__name__}."
    )


@public("__format__", function=False)
def __format__(self: Any, spec: str) -> str:
    if self._array_.ndim == 0:
        return self.item().__format__(spec)
    return object.__format__(self, spec)


@public("__array__", function=False)
def __array__(self: Any, dtype: Any = None, copy: Any = None) -> Any:
    if self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    array = own_array(self)
    if dtype is None and not copy:
        return array
    return np.array(array, dtype=dtype, copy=copy)


METHODS["__array_priority__"] = 1000  # type: ignore[assignment]

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
_REDUCTIONS = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "amax",
    "minimum": "amin",
    "logical_and": "all",
    "logical_or": "any",
}


def _operand(array: Any) -> Any:
    """A NumPy array as an operand: on its own memory, if a Tensor can stand on it."""
    if array.flags.writeable and not builtins.any(stride < 0 for stride in array.strides):
        return as_tensor(array)
    return as_tensor(array.copy())


@public("__array_ufunc__", function=False)
def __array_ufunc__(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """`np.exp(tensor)` and `ndarray * tensor` are mibun's operators, so they stay differentiable."""
    tensors = [_operand(value) if isinstance(value, np.ndarray) else value for value in inputs]
    if method == "__call__" and not kwargs:
        own_name: str = ufunc.__name__
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


@public("__array_namespace__", function=False)
def __array_namespace__(self: Any, *, api_version: str | None = None) -> Any:
    """The Array API namespace of Tensors."""

    return namespace


@public("__dlpack__", function=False)
def __dlpack__(
    self: Any, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None
) -> Any:
    """Export the memory through DLPack. BufferError for tensors that require grad."""
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if stream is not None and stream != -1:
        raise BufferError("a stream makes no sense on the CPU")
    return own_array(self).__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)


@public("__dlpack_device__", function=False)
def __dlpack_device__(self: Any) -> tuple[int, int]:
    """(device type, id) for DLPack: the CPU."""
    return (1, 0)


@public("__deepcopy__", function=False)
def __deepcopy__(self: Any, memo: dict) -> Any:
    """A leaf's copy with its grad, flag and attributes. RuntimeError for non-leaves."""
    if id(self) in memo:
        return memo[id(self)]
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. "
            "If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage."
        )
    result = bare(type(self), _copied_memory(self._array_, memo))
    memo[id(self)] = result
    if self.requires_grad:
        result._edge_ = LEAF
    if self._grad_ is not None:
        result._grad_ = _copy.deepcopy(self._grad_, memo)
    for name, value in vars(self).items():
        setattr(result, name, _copy.deepcopy(value, memo))
    return result


def _copied_memory(array: Any, memo: dict) -> Any:
    """A copy of the whole memory that the array stands on, made once in a deepcopy, and the array's place in it.

    So tensors that share memory do so after a deepcopy too, and a view keeps its strides.
    """
    if type(array) is not np.ndarray:
        return array if isinstance(array, np.generic) else array.copy()
    root = storage(array)
    copied = memo.get(id(root))
    if copied is None:
        if root.base is not None or not (root.flags.c_contiguous or root.flags.f_contiguous):
            return array.copy(order="K")  # memory that another library manages
        copied = memo[id(root)] = root.copy(order="K")
    if array is root or copied.strides != root.strides:
        return copied if array is root else array.copy(order="K")
    offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, copied, offset, array.strides)


@public("__copy__", function=False)
def __copy__(self: Any) -> Any:
    """A shallow copy: a new leaf on the same memory, with the flag and the attributes of this tensor."""
    result = bare(type(self), own_array(self))
    if not is_inference(self):
        result._version_counter_ = counter_of(self)
    if self.requires_grad:
        result._edge_ = LEAF
    vars(result).update(vars(self))
    return result


@public("__reduce_ex__", function=False)
def __reduce_ex__(self: Any, protocol: Any) -> tuple:
    """Pickle as plain data: array, flag, class, attributes. What made the tensor is not saved, nor are its hooks."""
    if self._edge_ is not None and type(self) is Tensor:
        warn_if_has_hooks(self)
    state = dict(vars(self))
    array = self._array_
    return (_rebuild, (type(self), np.ascontiguousarray(array).reshape(array.shape), self.requires_grad, state))


def _rebuild(cls: type, array: Any, requires_grad: bool, state: dict) -> Any:
    result = bare(cls, array)
    if requires_grad:
        result._edge_ = LEAF
    result.__dict__.update(state)
    return result


def _get_data(self: Any) -> Any:
    """The same memory, outside the graph and with a version counter of its own."""
    result = bare(Tensor, own_array(self))
    counter = self._version_counter_
    if is_inference(self):
        result._version_counter_ = counter
    elif counter is not None and counter.guard is not None:
        result._version_counter_ = VersionCounter()
        result._version_counter_.guard = lambda _: before_write(self)
    return result


def _set_data(self: Any, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if self._edge_ is not None and value._array_.dtype.kind in "biu":
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    self._array_ = own_array(value)
    self._accumulator_ = None  # the shape and dtype that it knows may be wrong now
    if type(self._edge_) is View:
        self._edge_ = edge_of(self)


METHODS["data"] = property(_get_data, _set_data, doc=_get_data.__doc__)  # type: ignore[assignment]


__all__ = ["legacy_constructor"]
