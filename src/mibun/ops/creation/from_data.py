"""Tensors made of data: numbers and nested sequences, NumPy arrays, buffers and other libraries' arrays.

`tensor` copies; `as_tensor` and `asarray` share memory where they can (what always shares it is in `buffers.py`).
"""

from __future__ import annotations

import builtins
import math
import operator
import warnings
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.dtypes import (
    as_dtype,
    dtype,
    from_numpy_dtype,
    get_default_complex_dtype,
    get_default_dtype,
    layout,
    promote_types,
)
from ...core.node import LEAF
from ...core.quiet import silently
from ...core.registry import LEADING, TENSORS, Array, is_numpys, namespace_of
from ...core.site import shorten, stacklevel
from ...core.tensor import Tensor, require_grad, wrap
from ...dispatch.numbers import warn_of_lost_gradient
from ...dispatch.once import warn_of_lost_imaginary_parts
from ...dispatch.public import public
from ...xp import has_namespace, numpy_namespace
from ..annotations import Device
from ..conversion.devices import to_device
from .buffers import from_dlpack, frombuffer, has_buffer, sharable, writable
from .options import check_options, made, on_device

# --- numbers and nested sequences ---


_NUMBERS = frozenset((builtins.bool, builtins.int, builtins.float, builtins.complex))
_ONLY_FLOATS = {builtins.float}
_NOT_SEQUENCES = (str, bytes, dict, set, frozenset)


def _is_sequence(value: object) -> builtins.bool:
    return hasattr(value, "__len__") and hasattr(value, "__getitem__") and not isinstance(value, _NOT_SEQUENCES)


def _dtype_of_type(kind: type) -> dtype:
    if kind is builtins.bool:
        return dtypes.bool
    if kind is builtins.int:
        return dtypes.int64
    return get_default_dtype() if kind is builtins.float else get_default_complex_dtype()


def array_of(data: Any, dtype: dtype | None, function: str = "tensor") -> np.ndarray:
    """A new NumPy array of numbers, nested sequences, an array or a Tensor, in `dtype` or the one PyTorch infers."""
    if isinstance(data, Tensor) and type(data._array_) in LEADING:
        return data._array_.copy().astype(data._array_.dtype if dtype is None else dtype.np)
    if isinstance(data, Tensor):
        array = np.array(_on_cpu(data._array_), order="K")
    elif isinstance(data, np.ndarray):
        array = sharable(data).copy(order="K")
    elif dtype is None and isinstance(data, list) and builtins.set(map(type, data)) == _ONLY_FLOATS:
        return silently(np.array, data, get_default_dtype().np)
    elif hasattr(data, "__dlpack__") and not isinstance(data, np.generic):
        array = np.array(_foreign(data), order="K")
    else:
        return _array_of_numbers(_listed(data, function), dtype, function)
    return array if dtype is None else _converted(array, dtype)


def _on_cpu(array: Array) -> Array:
    return array if is_numpys(type(array)) or type(array) in TENSORS else namespace_of(array).to_numpy(array)


def _foreign(data: Any) -> np.ndarray:
    """Another library's array, on its memory where that can be shared (not bfloat16, nor what is not writable)."""
    try:
        return from_dlpack(data, device="cpu")._array_
    except (BufferError, RuntimeError):
        if not hasattr(data, "__array__"):
            raise
        return np.array(data)


def _listed(data: Any, function: str) -> Any:
    """The data with every sequence of foreign type (pandas', a deque, an array.array) as a list.

    They are read by index, as PyTorch does: `series[i]` has the Series' dtype, where iterating gives Python numbers.
    """
    if isinstance(data, (list, tuple)):
        if builtins.set(map(type, data)) <= _NUMBERS:
            return data
        if isinstance(data[0], np.ndarray) and data[0].ndim:  # rows, which a Tensor may be as well
            data = [item._array_ if isinstance(item, Tensor) else item for item in data]
        return [_listed(item, function) for item in data]
    if isinstance(data, (Tensor, np.ndarray, np.generic, range)) or not _is_sequence(data):
        return data
    if hasattr(data, "__dlpack__"):
        return _foreign(data)
    items = []
    for i in range(len(data)):
        try:
            items.append(data[i])
        except (KeyError, NotImplementedError):
            if i:
                raise
            kind = type(data).__name__
            raise ValueError(
                f"could not determine the shape of object type '{kind}': {function}() reads sequences by index, and "
                "it has no item 0; make an array of it first"
            ) from None
    return [_listed(item, function) for item in items]


def _converted(array: Array, dtype: dtype) -> np.ndarray:
    warn_of_lost_imaginary_parts(array.dtype, dtype.np)
    if array.dtype.kind == "c" and dtype.category in (1, 2):
        array = array.real
    with np.errstate(all="ignore"):
        return numpy_namespace.astype(array, dtype.np)


def _array_of_numbers(data: Any, dtype: dtype | None, function: str) -> np.ndarray:
    kinds: builtins.set = builtins.set()  # the types of Python numbers among the elements, and dtypes of all others
    if type(data) in _NUMBERS:
        kinds.add(type(data))
        shape: tuple[int, ...] = ()
    elif isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}': {function}() takes numbers and sequences")
    elif _is_sequence(data) and not isinstance(data, np.generic):
        shape = _sequence_shape(data, function)
        _check_sequence(data, shape, 0, kinds, function, dtype)
    else:
        _note_scalar(data, kinds, 0, dtype)
        shape = ()
    if not kinds <= _NUMBERS:
        data = _as_python(data)
        kinds.discard(_CONVERTED)
    if dtype is None:
        for kind in kinds:
            found = kind if type(kind) is dtypes.dtype else _dtype_of_type(kind)
            dtype = found if dtype is None else promote_types(dtype, found)
        dtype = dtype or get_default_dtype()
    plain = {k if type(k) is not dtypes.dtype else _PYTHON_OF_CATEGORY[k.category] for k in kinds}
    return _stored(data, dtype, plain).reshape(shape)


_PYTHON_OF_CATEGORY = (builtins.bool, builtins.int, builtins.float, builtins.complex)


def _sequence_shape(data: Any, function: str) -> tuple[int, ...]:
    """The shape that the first elements tell."""
    sizes = []
    while True:
        if isinstance(data, np.ndarray):
            return (*sizes, *data.shape)
        if isinstance(data, Tensor) or isinstance(data, np.generic) or not _is_sequence(data):
            if isinstance(data, (str, bytes)):
                raise ValueError(f"too many dimensions '{type(data).__name__}': {function}() takes numbers")
            return tuple(sizes)
        sizes.append(len(data))
        if len(sizes) > 64:
            raise ValueError(f"too many dimensions: {function}() takes at most 64 levels of nested sequences")
        if not sizes[-1]:
            return tuple(sizes)
        data = data[0]


def _check_sequence(
    data: Any, shape: tuple[int, ...], dim: int, kinds: set, function: str, dtype: dtype | None
) -> None:
    """Raise unless every sequence has the length that the first of its depth has; note the types of the elements."""
    if isinstance(data, np.ndarray):
        if data.shape != shape[dim:]:
            if data.ndim == 0:
                raise TypeError("len() of unsized object: an array without dimensions stands where a sequence must")
            wrong = next((i for i, n in enumerate(shape[dim:]) if i >= data.ndim or data.shape[i] != n), 0)
            _refuse_ragged(shape[dim + wrong], dim + wrong, data.shape[wrong] if wrong < data.ndim else 0, function)
        kinds.add(from_numpy_dtype(data.dtype))
        return
    if isinstance(data, (Tensor, np.generic)) or not _is_sequence(data):
        raise TypeError(
            f"not a sequence: {function}() found {type(data).__name__} where the elements before it are sequences"
        )
    if len(data) != shape[dim]:
        _refuse_ragged(shape[dim], dim, len(data), function)
    if dim + 1 < len(shape):
        for item in data:
            _check_sequence(item, shape, dim + 1, kinds, function, dtype)
        return
    types = builtins.set(map(type, data))
    if types <= _NUMBERS:
        kinds |= types
    else:
        if isinstance(data[0], np.ndarray):
            raise TypeError("len() of unsized object: an array without dimensions stands where a sequence must")
        for item in data:
            _note_scalar(item, kinds, len(shape), dtype)


def _refuse_ragged(expected: int, dim: int, got: int, function: str) -> None:
    raise ValueError(
        f"expected sequence of length {expected} at dim {dim} (got {got}): the nested sequences given to {function}() "
        "are ragged"
    )


_CONVERTED = object()  # in the place of a type: there is something that has `__float__` or `__index__`


def _note_scalar(item: Any, kinds: set, ndim: int, dtype: dtype | None) -> None:
    if isinstance(item, np.generic) or (isinstance(item, np.ndarray) and not item.ndim):
        kinds.add(from_numpy_dtype(item.dtype))
    elif isinstance(item, (builtins.bool, builtins.int, builtins.float, builtins.complex)):
        kinds.add(next(kind for kind in _PYTHON_OF_CATEGORY if isinstance(item, kind)))
    elif isinstance(item, Tensor):
        array = item._array_
        if array.size != 1:
            if array.dtype.kind in "biu":
                raise TypeError("only integer tensors of a single element can be converted to an index")
            raise ValueError(
                f"only one element tensors can be converted to Python scalars, but one has shape {list(array.shape)}; "
                "use torch.stack() for a sequence of tensors"
            )
        warn_of_lost_gradient(item)
        kinds.add(item.dtype)
    elif ndim and (_is_sequence(item) or isinstance(item, (str, bytes))):
        raise TypeError(
            f"'{type(item).__name__}' object cannot be interpreted as an integer or a number: the elements before it "
            "are numbers"
        )
    elif isinstance(item, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
    elif dtype is None:
        raise RuntimeError(f"Could not infer dtype of {type(item).__name__}")
    elif hasattr(item, "__index__") or (dtype.category >= 2 and hasattr(item, "__float__")):
        kinds.update((_CONVERTED, builtins.int if hasattr(item, "__index__") else builtins.float))
    elif dtype.category >= 2:
        raise TypeError(f"must be real number, not {type(item).__name__}")
    else:
        raise TypeError(f"'{type(item).__name__}' object cannot be interpreted as an integer")


def _as_python(data: Any) -> Any:
    """Nested sequences with Tensors, arrays and NumPy's numbers in them, as nested lists of Python numbers."""
    if isinstance(data, Tensor):
        return data._array_.item()
    if isinstance(data, np.ndarray):
        return data.tolist()
    if isinstance(data, np.generic):
        return data.item()
    if _is_sequence(data):
        return [_as_python(item) for item in data]
    if type(data) in _NUMBERS:
        return data
    if hasattr(data, "__index__"):
        return operator.index(data)
    return builtins.float(data) if hasattr(data, "__float__") and not hasattr(data, "__complex__") else data


def _stored(data: Any, dtype: dtype, kinds: set) -> np.ndarray:
    """Python numbers (of these types) as an array. TypeError, ValueError or RuntimeError where they do not fit."""
    if dtype.category == 0:
        return np.array(data, dtype=np.bool_)
    if dtype.category == 3:
        return np.array(data, dtype=dtype.np)
    if builtins.complex in kinds:
        if dtype.category == 2:
            raise TypeError(f"must be real number, not complex: {dtype} holds no imaginary part")
        raise TypeError(f"'complex' object cannot be interpreted as an integer: {dtype} holds no imaginary part")
    if dtype.category == 2:
        with np.errstate(all="ignore"):
            return numpy_namespace.astype(np.array(data, dtype=np.float64), dtype.np)
    if builtins.float in kinds:
        numbers = np.trunc(np.array(data, dtype=np.float64))
        limit = 2.0**63
    elif dtype is dtypes.uint64:
        try:
            return np.array(data, dtype=np.uint64)
        except OverflowError:
            raise OverflowError(
                "can't convert negative int to unsigned, or int too big to convert: a number does not fit in "
                "torch.uint64"
            ) from None
    else:
        try:
            numbers = np.array(data, dtype=np.int64)
        except OverflowError:
            raise ValueError(f"Overflow when unpacking long long: a number does not fit in {dtype}") from None
        limit = math.inf
    if dtype is dtypes.int64 and limit == math.inf:
        return numbers
    info = dtypes.iinfo(dtype)
    lowest = -info.max if info.min == 0 else info.min  # unsigned types take negative numbers, wrapped around
    if numbers.size and not ((numbers >= lowest) & (numbers <= info.max) & (numbers < limit)).all():
        raise RuntimeError(
            f"value cannot be converted to type {dtype.name} without overflow: the values reach from {numbers.min()} "
            f"to {numbers.max()}"
        )
    return numbers.astype(np.int64).astype(dtype.np)


# --- functions that copy ---

_FLOAT = builtins.float


def _default(number: float) -> Array:
    return get_default_dtype().np.type(number)


_MOST = 60_000.0  # numbers between this and its negative fit into every floating dtype


@public("tensor", method=False)
def tensor(
    data: Any,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A new leaf Tensor that holds a copy of `data`.

    Args:
        data: a number, nested sequences of numbers (whatever has a length and items: lists, a Series, a deque), a NumPy
            array, a Tensor, or another library's array with `__dlpack__`.
        dtype: None to take it from the data: the default dtype for floats, int64 for ints, bool, complex, an array's
            own, or the promotion of all of them.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        ValueError: for ragged sequences, and for integers that do not fit.
        TypeError: for strings, and numbers where sequences must be.
        RuntimeError: for what else is no data, integers that require grad, and numbers that the dtype cannot hold.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if type(data) is _FLOAT and dtype is None and device is None and not pin_memory and -_MOST < data < _MOST:
        result = wrap(_default(data))
        if requires_grad:
            result._edge_ = LEAF
        return result
    check_options("tensor", None, device, pin_memory)
    if isinstance(data, Tensor):
        _warn_of_copy()
    try:
        array = array_of(data, None if dtype is None else as_dtype(dtype), "tensor")
        like = on_device(data, device) if isinstance(data, Tensor) else None
        return made(array, requires_grad, like)
    except Exception as error:
        shorten(error)
        raise


def _warn_of_copy() -> None:
    warnings.warn(
        "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
        "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
        UserWarning,
        stacklevel=stacklevel(),
    )


@public("new_tensor", function=False)
def new_tensor(
    self: Tensor,
    data: Any,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    requires_grad: bool = False,
    layout: layout | None = None,
    pin_memory: bool = False,
) -> Tensor:
    """`tensor(data)` of this tensor's dtype, unless another is given.

    >>> import mibun as torch
    >>> torch.ones(2, dtype=torch.int64).new_tensor([3, 4])
    tensor([3, 4])
    """
    check_options("new_tensor", layout, device, pin_memory)
    if isinstance(data, Tensor):
        _warn_of_copy()
    wanted = self.dtype if dtype is None else as_dtype(dtype, "new_tensor")
    return made(array_of(data, wanted, "new_tensor"), requires_grad, on_device(self, device))


# --- functions that share memory ---


@public("as_tensor", method=False)
def as_tensor(data: Any, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """`data` as a Tensor, sharing memory (and history) where it is an array or Tensor of the dtype asked for.

    Args:
        data: a Tensor, a NumPy array, an object with `__dlpack__`, a number or nested sequences of numbers.
        dtype: None to take it from the data.

    Raises:
        ValueError: for ragged sequences.
        TypeError, RuntimeError: for what is no data.

    >>> import mibun as torch
    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> torch.as_tensor(a)[0] = 5
    >>> a
    array([5., 0.])
    """
    check_device(device, "as_tensor")
    wanted = None if dtype is None else as_dtype(dtype, "as_tensor")
    if isinstance(data, Tensor):
        data = data if device is None else to_device(data, "cpu")
        return data if wanted is None else data.to(wanted)
    if has_namespace(type(data)):
        result = from_dlpack(data, device=device)
        return result if wanted is None else result.to(wanted)
    if isinstance(data, np.ndarray):
        array = writable(sharable(data))
        return wrap(array if wanted is None else _converted(array, wanted))
    if hasattr(data, "__dlpack__") and not isinstance(data, np.generic):
        array = _foreign(data)
        return wrap(array if wanted is None else _converted(array, wanted))
    return wrap(array_of(data, wanted, "as_tensor"))


@public("asarray", method=False)
def asarray(
    obj: Any,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    copy: bool | None = None,
    requires_grad: bool | None = None,
) -> Tensor:
    """`obj` as a Tensor: shared memory where possible (`copy=False` demands it, `copy=True` forbids it).

    obj: a Tensor, NumPy array, DLPack object, buffer, number or nested sequence. requires_grad: of a Tensor, its own
    unless given. ValueError where `copy=False` cannot be met.

    >>> import mibun as torch
    >>> torch.asarray([1, 2], dtype=torch.float32)
    tensor([1., 2.])
    """
    check_device(device, "asarray")
    wanted = None if dtype is None else as_dtype(dtype, "asarray")
    if isinstance(obj, Tensor):
        result = obj if device is None or obj.is_meta else to_device(obj, "cpu")
        if requires_grad is None:
            requires_grad = obj.requires_grad
    elif isinstance(obj, np.ndarray):
        result = wrap(writable(sharable(obj)))
    elif (hasattr(obj, "__dlpack__") and not isinstance(obj, np.generic)) or has_namespace(type(obj)):
        result = from_dlpack(obj, device=device)
    elif has_buffer(obj):
        result = frombuffer(obj, dtype=wanted or get_default_dtype())
    else:
        if copy is False:
            raise ValueError(
                f"can't alias arbitrary sequence into a tensor: {type(obj).__name__} has no memory that it could share"
            )
        return made(array_of(obj, wanted, "asarray"), builtins.bool(requires_grad))
    if wanted is not None and result.dtype is not wanted:
        if copy is False:
            raise ValueError(f"can't alias tensor with dtype '{result.dtype}' into dtype '{wanted}'.")
        result = result.to(wanted)
    elif copy:
        result = result.clone()
    if not requires_grad and result.requires_grad:
        return result.detach()
    if requires_grad and not result.requires_grad:
        return require_grad(result.detach() if result is obj else result)
    return result


__all__ = ["array_of", "as_tensor", "asarray", "new_tensor", "tensor"]
