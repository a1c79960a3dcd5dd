"""Tensors from and to everything else: Python numbers and lists, NumPy arrays and ufuncs, DLPack, copies and pickles.

Memory is shared wherever the other side can share it (`from_numpy`, `Tensor.numpy`, DLPack). These become methods of
Tensor when the package is imported.
"""

from __future__ import annotations

import builtins
import copy as _copy
from typing import Any

import numpy as np

from .autograd.node import LEAF, VersionCounter
from .autograd.views import View, edge_of
from .device import check_device
from .dtypes import as_dtype, from_numpy_dtype, get_default_complex_dtype, get_default_dtype
from .ops import _op
from .ops._op import FUNCTIONS, METHODS, public, wrap


def _numpy_array_of(data: Any, dtype: Any, function: str) -> Any:
    """A new NumPy array of nested sequences, numbers, arrays or Tensors, with PyTorch's rule for the dtype."""
    if isinstance(data, _op.Tensor):
        array = np.array(data._array)
    elif isinstance(data, np.ndarray):
        array = data.copy()
    elif isinstance(data, np.generic):
        array = np.array(data)
    else:
        array = _array_of_sequence(data, dtype, function)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if dtype is not None:
        if array.dtype.kind == "c" and dtype.np.kind not in "cb":
            array = array.real
        with np.errstate(all="ignore"):
            array = array.astype(dtype.np, copy=False)
    else:
        from_numpy_dtype(array.dtype)  # refuse object arrays, strings, ...
    return array


def _array_of_sequence(data: Any, dtype: Any, function: str) -> Any:
    kinds: set = set()
    shape = _shape_of(data, kinds, function)
    if builtins.any(issubclass(kind, (np.ndarray, _op.Tensor)) for kind in kinds):
        data = _numbers(data)
        flat_kinds = set()
        shape = _shape_of(data, flat_kinds, function)
        kinds = flat_kinds
    if dtype is not None:
        target = dtype.np
    elif not kinds:
        target = get_default_dtype().np
    else:
        target = None
        if builtins.all(issubclass(k, (builtins.bool, np.bool_)) for k in kinds):
            target = np.dtype(bool)
        elif builtins.any(issubclass(k, (builtins.complex, np.complexfloating)) for k in kinds):
            target = get_default_complex_dtype().np
        elif builtins.any(issubclass(k, (builtins.float, np.floating)) for k in kinds):
            target = get_default_dtype().np
            if builtins.all(issubclass(k, np.floating) for k in kinds) and not builtins.any(k is builtins.float for k in kinds):
                target = np.array(_first_number(data)).dtype
        else:
            target = np.dtype(np.int64)
    try:
        if target.kind in "iu" and dtype is not None and kinds:
            array = _integers(data, target, function)
        elif target.kind in "fcb" or target.kind == "V":
            wide = np.array(data, dtype=complex if target.kind == "c" else None)
            if wide.dtype == object:
                wide = np.array(data, dtype=np.float64)
            with np.errstate(all="ignore"):
                array = (wide.real if wide.dtype.kind == "c" and target.kind != "c" else wide).astype(target)
        else:
            array = np.array(data, dtype=target)
    except OverflowError as error:
        raise RuntimeError(
            f"Overflow when unpacking long: a number does not fit in {from_numpy_dtype(target)} ({error})"
        ) from None
    return array.reshape(shape)


def _integers(data: Any, target: Any, function: str) -> Any:
    array = np.array(data)
    if array.dtype.kind == "c":
        array = array.real
    if array.dtype.kind in "fbO":
        with np.errstate(all="ignore"):
            return array.astype(target)
    info = np.iinfo(target)
    if array.size and target.kind == "i" and (array.max() > info.max or array.min() < info.min):
        raise RuntimeError(
            f"value cannot be converted to type {target.name}_t without overflow: the values reach from {array.min()} to "
            f"{array.max()}"
        )
    return array.astype(target)


def _numbers(data: Any) -> Any:
    """Nested sequences with Tensors and arrays in them, as nested lists of numbers."""
    if isinstance(data, _op.Tensor):
        return data._array.tolist()
    if isinstance(data, np.ndarray):
        return data.tolist()
    return [_numbers(item) for item in data] if isinstance(data, (list, tuple, range)) else data


def _first_number(data: Any) -> Any:
    while isinstance(data, (list, tuple)):
        data = data[0]
    return data


def _shape_of(data: Any, kinds: set, function: str) -> tuple[int, ...]:
    """The shape of nested sequences, adding the types of their elements to `kinds`; ValueError where it is ragged."""
    if isinstance(data, (builtins.bool, builtins.int, builtins.float, builtins.complex, np.generic)):
        kinds.add(type(data))
        return ()
    if isinstance(data, (_op.Tensor, np.ndarray)):
        kinds.add(np.ndarray)
        return tuple(data.shape)
    if isinstance(data, str) or not hasattr(data, "__len__") or not hasattr(data, "__getitem__"):
        if isinstance(data, str):
            raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
        raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
    size = len(data)
    if size == 0:
        return (0,)
    first = None
    if all(type(item) in (float, int) for item in data):
        kinds.update(set(map(type, data)))
        return (size,)
    for index in range(size):
        shape = _shape_of(data[index], kinds, function)
        if first is None:
            first = shape
        elif shape != first:
            if len(shape) and len(first):
                raise ValueError(
                    f"expected sequence of length {first[0]} at dim 1 (got {shape[0]}): the nested sequences given to "
                    f"{function}() are ragged"
                )
            raise TypeError(
                f"not a sequence: the nested sequences given to {function}() mix numbers and sequences at one depth"
            )
    return (size, *(first or ()))


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Any:
    """A new leaf Tensor that holds a copy of `data`.

    data: a number, nested sequences of numbers, a NumPy array or a Tensor. dtype: default from the data (float: the
    default dtype; int: int64; bool; complex; an array's own). requires_grad: record operations on it. Raises ValueError
    for ragged sequences, TypeError for what is no data, RuntimeError for integers that do not fit or that require grad.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    check_device(device)
    if pin_memory:
        raise RuntimeError("Cannot access accelerator device when none is available: memory cannot be pinned")
    if isinstance(data, _op.Tensor):
        import warnings

        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    result = wrap(_numpy_array_of(data, None if dtype is None else as_dtype(dtype), "tensor"))
    if requires_grad:
        result.requires_grad_()
    return result


FUNCTIONS["tensor"] = tensor


@public(method=False)
def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Any:
    """`data` as a Tensor, sharing memory (and history) where it is an array or Tensor of the dtype asked for."""
    check_device(device)
    if isinstance(data, _op.Tensor):
        return data if dtype is None else data.to(as_dtype(dtype))
    if isinstance(data, np.ndarray):
        result = from_numpy(data, _copy_read_only=True)
        return result if dtype is None else result.to(as_dtype(dtype))
    return wrap(_numpy_array_of(data, None if dtype is None else as_dtype(dtype), "as_tensor"))


@public(method=False)
def asarray(obj: Any, *, dtype: Any = None, device: Any = None, copy: Any = None, requires_grad: bool = False) -> Any:
    """`obj` as a Tensor: shared memory where possible (`copy=False` demands it, `copy=True` forbids it).

    obj: a Tensor, NumPy array, DLPack or array-interface object, buffer, number or nested sequence.
    """
    check_device(device)
    wanted = None if dtype is None else as_dtype(dtype)
    if isinstance(obj, _op.Tensor):
        result = obj
    elif isinstance(obj, np.ndarray):
        result = from_numpy(obj, _copy_read_only=True)
    elif hasattr(obj, "__dlpack__"):
        result = from_dlpack(obj)
    elif isinstance(obj, (bytes, bytearray, memoryview)):
        result = frombuffer(obj, dtype=wanted or get_default_dtype())
    else:
        if copy is False:
            raise ValueError(f"can't alias {type(obj).__name__}: it holds no memory that a tensor could share")
        result = wrap(_numpy_array_of(obj, wanted, "asarray"))
        return result.requires_grad_() if requires_grad else result
    if wanted is not None and result.dtype is not wanted:
        if copy is False:
            raise ValueError(f"can't alias tensor with dtype '{result.dtype}' into dtype '{wanted}'")
        result = result.to(wanted)
    elif copy:
        result = result.clone()
    if not requires_grad and result.requires_grad:
        result = result.detach()
    elif requires_grad and not result.requires_grad:
        result = result.detach().requires_grad_()
    return result


@public(method=False)
def from_numpy(ndarray: Any, _copy_read_only: bool = False) -> Any:
    """A Tensor on the memory of a NumPy array. TypeError for dtypes without an equal, ValueError for negative strides."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    from_numpy_dtype(ndarray.dtype)
    if not ndarray.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion between byte orders is "
            "currently not supported."
        )
    if builtins.any(stride < 0 for stride in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array with array.copy().)"
        )
    if not ndarray.flags.writeable:
        if not _copy_read_only:
            import warnings

            warnings.warn(
                "The given NumPy array is not writable, and PyTorch does not support non-writable tensors: mibun's tensor "
                "has a copy of it, so that writing to it is safe.",
                UserWarning,
                stacklevel=2,
            )
        ndarray = ndarray.copy()
    return wrap(ndarray.view(np.ndarray) if type(ndarray) is not np.ndarray else ndarray)


@public(method=False)
def frombuffer(
    buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Any:
    """A 1-D Tensor on the memory of a buffer. ValueError where the buffer is too small."""
    wanted = as_dtype(dtype)
    view = memoryview(buffer)
    if view.nbytes == 0:
        raise ValueError("both buffer length (0) and count (-1) must not be 0")
    array = np.frombuffer(buffer, dtype=wanted.np, count=count, offset=offset)
    if not array.flags.writeable:
        array = array.copy()
    result = wrap(array)
    return result.requires_grad_() if requires_grad else result


@public(method=False)
def from_dlpack(ext_tensor: Any) -> Any:
    """A Tensor on the memory of any object with `__dlpack__`."""
    array = np.from_dlpack(ext_tensor)
    if not array.flags.writeable:
        array = array.copy()
    return wrap(array)


@public(function=False)
def numpy(self: Any, *, force: bool = False) -> Any:
    """This tensor as a NumPy array on the same memory.

    RuntimeError for tensors that require grad, unless `force=True`, which is `detach().resolve_conj().numpy()`.
    """
    if not force and self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    return self.own_array()


@public(function=False)
def item(self: Any) -> Any:
    """The one element as a Python number. RuntimeError if there is not exactly one."""
    array = self._array
    if array.size != 1:
        raise RuntimeError(f"a Tensor with {array.size} elements cannot be converted to Scalar")
    if array.dtype.kind == "V" or array.dtype.num >= 256:
        return builtins.float(array.reshape(()))
    return array.item()


@public(function=False)
def tolist(self: Any) -> Any:
    """The elements as nested lists of Python numbers (a number for a 0-d tensor)."""
    array = self._array
    return array.astype(np.float32).tolist() if array.dtype.num >= 256 else array.tolist()


def _number(name: str, convert: Any) -> Any:
    def method(self: Any) -> Any:
        return convert(self.item())

    METHODS[name] = method
    return method


_number("__int__", builtins.int)
_number("__float__", builtins.float)
_number("__complex__", builtins.complex)


@public(function=False)
def __bool__(self: Any) -> builtins.bool:
    array = self._array
    if array.size != 1:
        if array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    return builtins.bool(array)


@public(function=False)
def __index__(self: Any) -> int:
    if self._array.size != 1 or self._array.dtype.kind not in "iub":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return builtins.int(self._array.reshape(()))


@public(function=False)
def __contains__(self: Any, element: Any) -> builtins.bool:
    if isinstance(element, (_op.Tensor, builtins.bool, builtins.int, builtins.float, builtins.complex)):
        value = element._array if isinstance(element, _op.Tensor) else element
        return builtins.bool(np.any(self._array == value))
    raise RuntimeError(
        f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element).__name__}."
    )


@public(function=False)
def __format__(self: Any, spec: str) -> str:
    if self._array.ndim == 0:
        return self.item().__format__(spec)
    return object.__format__(self, spec)


@public(function=False)
def __array__(self: Any, dtype: Any = None, copy: Any = None) -> Any:
    if self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    array = self.own_array()
    if dtype is None and not copy:
        return array
    return np.array(array, dtype=dtype, copy=copy)


METHODS["__array_priority__"] = 1000  # type: ignore[assignment]

# NumPy's names for what differs from PyTorch's.
_UFUNCS = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "negative": "neg",
    "positive": "positive", "absolute": "abs", "invert": "bitwise_not", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "conjugate": "conj", "equal": "eq", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge", "rint": "round", "left_shift": "bitwise_left_shift", "right_shift": "bitwise_right_shift",
    "mod": "remainder", "fabs": "abs",
}  # fmt: skip
_REDUCTIONS = {"add": "sum", "multiply": "prod", "maximum": "amax", "minimum": "amin", "logical_and": "all",
               "logical_or": "any"}  # fmt: skip


@public(function=False)
def __array_ufunc__(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """`np.exp(tensor)` and `ndarray * tensor` are mibun's operators, so they stay differentiable."""
    tensors = [as_tensor(value) if isinstance(value, np.ndarray) else value for value in inputs]
    if method == "__call__" and not kwargs:
        function = FUNCTIONS.get(_UFUNCS.get(ufunc.__name__, ufunc.__name__))
        if function is not None:
            if not isinstance(tensors[0], _op.Tensor):
                tensors[0] = as_tensor(tensors[0]) if ufunc.nin > 1 else tensors[0]
            return function(*tensors)
    elif method == "reduce" and ufunc.__name__ in _REDUCTIONS and set(kwargs) <= {"axis", "keepdims"}:
        axis = kwargs.get("axis", 0)
        function = FUNCTIONS[_REDUCTIONS[ufunc.__name__]]
        source = tensors[0]
        if axis is None:
            axis = tuple(range(source._array.ndim))
        return function(source, axis, keepdim=kwargs.get("keepdims", False))
    if builtins.any(isinstance(value, _op.Tensor) and value.requires_grad for value in inputs):
        raise TypeError(
            f"np.{ufunc.__name__} ({method}) has no counterpart in mibun, and an operand requires grad: detach() it first"
        )
    arrays = [value._array if isinstance(value, _op.Tensor) else value for value in inputs]
    outputs = kwargs.get("out")
    if outputs is not None:
        kwargs["out"] = tuple(o.own_array() if isinstance(o, _op.Tensor) else o for o in outputs)
    result = getattr(ufunc, method)(*arrays, **kwargs)
    if outputs is not None:
        for output in outputs:
            if isinstance(output, _op.Tensor):
                output._bump_version(f"np.{ufunc.__name__}(out=)")
        return outputs[0] if len(outputs) == 1 else outputs
    return tuple(map(wrap, result)) if isinstance(result, tuple) else wrap(result)


@public(function=False)
def __array_namespace__(self: Any, *, api_version: str | None = None) -> Any:
    """The Array API namespace of Tensors."""
    from .xp import tensor as namespace

    return namespace


@public(function=False)
def __dlpack__(
    self: Any, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None
) -> Any:
    """Export the memory through DLPack. BufferError for tensors that require grad."""
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if stream is not None and stream != -1:
        raise BufferError("a stream makes no sense on the CPU")
    return self.own_array().__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)


@public(function=False)
def __dlpack_device__(self: Any) -> tuple[int, int]:
    """(device type, id) for DLPack: the CPU."""
    return (1, 0)


@public(function=False)
def __deepcopy__(self: Any, memo: dict) -> Any:
    """A leaf's copy with its grad, flag and attributes. RuntimeError for non-leaves."""
    if id(self) in memo:
        return memo[id(self)]
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. "
            "If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage."
        )
    array = self._array
    result = object.__new__(type(self))
    result._array = array if isinstance(array, np.generic) else array.copy(order="K")
    memo[id(self)] = result
    if self.requires_grad:
        result._edge = LEAF
    if self._grad is not None:
        result._grad = _copy.deepcopy(self._grad, memo)
    for name, value in self.__dict__.items():
        if name not in _OWN_STATE:
            setattr(result, name, _copy.deepcopy(value, memo))
    return result


_OWN_STATE = frozenset((
    "_array", "_edge", "_version_counter", "_grad", "_accumulator", "_leaf_hooks", "_post_accumulate_hooks", "_tangent",
    "_inference",
))  # fmt: skip


@public(function=False)
def __copy__(self: Any) -> Any:
    """A shallow copy: a new Tensor on the same memory at the same place in the graph."""
    result = object.__new__(type(self))
    self.version_counter()
    self.own_array()
    result.__dict__.update({k: v for k, v in self.__dict__.items() if k not in ("_accumulator", "_leaf_hooks")})
    return result


@public(function=False)
def __reduce_ex__(self: Any, protocol: Any) -> tuple:
    """Pickle as plain data: array, flag, class, attributes. RuntimeError for non-leaves that require grad."""
    if not self.is_leaf and self.requires_grad:
        # PyTorch keeps the flag alone; what made the tensor is not saved.
        pass
    state = {name: value for name, value in self.__dict__.items() if name not in _OWN_STATE}
    array = self._array
    return (_rebuild, (type(self), np.ascontiguousarray(array).reshape(array.shape), self.requires_grad, state))


def _rebuild(cls: type, array: Any, requires_grad: bool, state: dict) -> Any:
    result = object.__new__(cls)
    result._array = array
    if requires_grad:
        result._edge = LEAF
    result.__dict__.update(state)
    return result


def _get_data(self: Any) -> Any:
    """The same memory, outside the graph and with a version counter of its own."""
    result = object.__new__(_op.Tensor)
    result._array = self.own_array()
    return result


def _set_data(self: Any, value: Any) -> None:
    if not isinstance(value, _op.Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if self._edge is not None and value._array.dtype.kind in "biu":
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    self._array = value.own_array()
    self._accumulator = None  # the shape and dtype that it knows may be wrong now
    if type(self._edge) is View:
        self._edge = edge_of(self)


METHODS["data"] = property(_get_data, _set_data, doc=_get_data.__doc__)  # type: ignore[assignment]


def legacy_constructor(cls: type, *args: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """`Tensor(...)`: from sizes, from data, from a Tensor, or empty; of the default dtype."""
    check_device(device)
    wanted = get_default_dtype() if dtype is None else as_dtype(dtype)
    result = object.__new__(cls)
    if len(args) == 1 and isinstance(args[0], _op.Tensor):
        result._array = args[0].own_array()
        result._version_counter = args[0].version_counter()
    elif len(args) == 1 and isinstance(args[0], np.ndarray):
        result._array = args[0].astype(wanted.np)
    elif len(args) == 1 and not isinstance(args[0], (builtins.int, np.integer)):
        from .tensor import Size

        if isinstance(args[0], Size):
            result._array = np.zeros(args[0], dtype=wanted.np)
        else:
            result._array = _numpy_array_of(args[0], wanted, "Tensor")
    else:
        if not builtins.all(isinstance(size, (builtins.int, np.integer)) for size in args):
            raise TypeError(f"new() received an invalid combination of arguments - got {args!r}, but expected sizes or data")
        result._array = np.zeros(args if args else (0,), dtype=wanted.np)
    if requires_grad:
        result._edge = LEAF
    return result


__all__ = ["VersionCounter", "as_tensor", "asarray", "from_dlpack", "from_numpy", "frombuffer", "tensor"]
