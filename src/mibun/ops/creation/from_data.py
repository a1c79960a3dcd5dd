"""Tensors made of data: numbers and nested sequences, NumPy arrays, buffers and other libraries' arrays.

`tensor` copies; `from_numpy`, `frombuffer`, `from_dlpack` and, where possible, `as_tensor` and `asarray` share memory.
"""

from __future__ import annotations

import builtins
import math
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
from ...core.registry import Array
from ...core.site import shorten, stacklevel
from ...core.tensor import Tensor, wrap
from ...dispatch.numbers import warn_of_lost_gradient
from ...dispatch.public import public
from ...xp.numpy.blocks import own_block
from ...xp.numpy.memory import storage
from ..annotations import Device
from .options import check_options, made

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
    if isinstance(data, Tensor):
        array = np.array(data._array_, order="K")
    elif isinstance(data, np.ndarray):
        array = _sharable(data).copy(order="K")
    elif dtype is None and isinstance(data, list) and builtins.set(map(type, data)) == _ONLY_FLOATS:
        return np.array(data, get_default_dtype().np)
    else:
        return _array_of_numbers(data, dtype, function)
    return array if dtype is None else _converted(array, dtype)


def _converted(array: Array, dtype: dtype) -> np.ndarray:
    if array.dtype.kind == "c" and dtype.category in (1, 2):
        array = array.real
    with np.errstate(all="ignore"):
        return array.astype(dtype.np, copy=False)


def _array_of_numbers(data: Any, dtype: dtype | None, function: str) -> np.ndarray:
    kinds: builtins.set = builtins.set()  # the types of Python numbers among the elements, and dtypes of all others
    if type(data) in _NUMBERS:
        kinds.add(type(data))
        shape: tuple[int, ...] = ()
    elif isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}': {function}() takes numbers and sequences")
    elif _is_sequence(data) and not isinstance(data, np.generic):
        shape = _sequence_shape(data, function)
        _check_sequence(data, shape, 0, kinds, function)
    else:
        _note_scalar(data, kinds, 0)
        shape = ()
    if not kinds <= _NUMBERS:
        data = _as_python(data)
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


def _check_sequence(data: Any, shape: tuple[int, ...], dim: int, kinds: set, function: str) -> None:
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
            _check_sequence(item, shape, dim + 1, kinds, function)
        return
    types = builtins.set(map(type, data))
    if types <= _NUMBERS:
        kinds |= types
    else:
        for item in data:
            _note_scalar(item, kinds, len(shape))


def _refuse_ragged(expected: int, dim: int, got: int, function: str) -> None:
    raise ValueError(
        f"expected sequence of length {expected} at dim {dim} (got {got}): the nested sequences given to {function}() "
        "are ragged"
    )


def _note_scalar(item: Any, kinds: set, ndim: int) -> None:
    if isinstance(item, np.generic):
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
    else:
        raise RuntimeError(f"Could not infer dtype of {type(item).__name__}")


def _as_python(data: Any) -> Any:
    """Nested sequences with Tensors, arrays and NumPy's numbers in them, as nested lists of Python numbers."""
    if isinstance(data, Tensor):
        return data._array_.item()
    if isinstance(data, np.ndarray):
        return data.tolist()
    if isinstance(data, np.generic):
        return data.item()
    return [_as_python(item) for item in data] if _is_sequence(data) else data


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
            return np.array(data, dtype=np.float64).astype(dtype.np)
    if builtins.float in kinds:
        numbers = np.trunc(np.array(data, dtype=np.float64))
        limit = 2.0**63
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
        data: a number, nested sequences of numbers, a NumPy array or a Tensor.
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
    check_options("tensor", None, device, pin_memory)
    if isinstance(data, Tensor):
        _warn_of_copy()
    try:
        return made(array_of(data, None if dtype is None else as_dtype(dtype), "tensor"), requires_grad)
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
    return made(array_of(data, wanted, "new_tensor"), requires_grad)


# --- functions that share memory ---


@public("as_tensor", method=False)
def as_tensor(data: Any, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """`data` as a Tensor, sharing memory (and history) where it is an array or Tensor of the dtype asked for.

    Args:
        data: a Tensor, a NumPy array, a number or nested sequences of numbers.
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
        return data if wanted is None else data.to(wanted)
    if isinstance(data, np.ndarray):
        array = _writable(_sharable(data))
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
        result = obj
        if requires_grad is None:
            requires_grad = obj.requires_grad
    elif isinstance(obj, np.ndarray):
        result = wrap(_writable(_sharable(obj)))
    elif hasattr(obj, "__dlpack__") and not isinstance(obj, np.generic):
        result = from_dlpack(obj)
    elif isinstance(obj, (bytes, bytearray, memoryview)):
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
        return (result.detach() if result is obj else result).requires_grad_()
    return result


def _sharable(array: np.ndarray) -> np.ndarray:
    """The array itself, if a Tensor can stand on its memory; else PyTorch's error."""
    from_numpy_dtype(array.dtype)
    if not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion between byte orders is "
            "currently not supported."
        )
    if builtins.any(stride < 0 for stride in array.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array with array.copy().)"
        )
    if builtins.any(stride % array.dtype.itemsize for stride in array.strides) and array.dtype.itemsize:
        raise ValueError(
            "given numpy array strides not a multiple of the element byte size. Copy the numpy array to reallocate the "
            "memory."
        )
    array = array if type(array) is np.ndarray else array.view(np.ndarray)
    own_block(storage(array)).external = True
    return array


def _writable(array: np.ndarray) -> np.ndarray:
    if array.flags.writeable:
        return array
    warnings.warn(
        "The given NumPy array is not writable, and PyTorch does not support non-writable tensors: this tensor has a "
        "copy of it, so that writing to it is safe.",
        UserWarning,
        stacklevel=stacklevel(),
    )
    return array.copy()


@public("from_numpy", method=False)
def from_numpy(ndarray: np.ndarray[Any, Any]) -> Tensor:
    """A Tensor on the memory of a NumPy array.

    Args:
        ndarray: of a dtype that mibun has, without negative strides. What is read-only is copied, with a warning.

    Returns:
        a Tensor of the array's shape and dtype.

    Raises:
        TypeError: for dtypes without an equal.
        ValueError: for negative strides and foreign byte order.

    >>> import mibun as torch
    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> t = torch.from_numpy(a)
    >>> a[0] = 5
    >>> t
    tensor([5., 0.], dtype=torch.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        kind = type(ndarray)
        name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        raise TypeError(f"expected np.ndarray (got {name})")
    return wrap(_writable(_sharable(ndarray)))


@public("frombuffer", method=False)
def frombuffer(buffer: Any, *, dtype: dtype, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A 1-D Tensor on the memory of a buffer.

    Args:
        buffer: bytes, a bytearray, an array, ...; read-only memory is copied, with a warning.
        dtype: what the bytes are.
        count: how many elements, or -1 for all that are left.
        offset: the first byte.

    Raises:
        ValueError: where the buffer is too small, or no multiple of the dtype's size.

    >>> import mibun as torch
    >>> torch.frombuffer(bytearray(b'abcd'), dtype=torch.uint8)
    tensor([ 97,  98,  99, 100], dtype=torch.uint8)
    """
    wanted = as_dtype(dtype, "frombuffer")
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise ValueError(
            f"object does not implement Python buffer protocol: {type(buffer).__name__} has no memory to share"
        ) from None
    size = wanted.itemsize
    if length == 0 or count == 0:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) minus 1"
        )
    if count < 0:
        if (length - offset) % size:
            raise ValueError(
                f"buffer length ({length} bytes) after offset ({offset} bytes) must be a multiple of element size "
                f"({size})"
            )
        count = (length - offset) // size
    elif count * size > length - offset:
        raise ValueError(
            f"requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must not be greater than "
            f"actual buffer length ({length} bytes)"
        )
    array = np.frombuffer(buffer, dtype=wanted.np, count=count, offset=offset)
    if not array.flags.writeable:
        warnings.warn(
            "The given buffer is not writable, and PyTorch does not support non-writable tensors: this tensor has a "
            "copy of it, so that writing to it is safe.",
            UserWarning,
            stacklevel=stacklevel(),
        )
        array = array.copy()
    else:
        own_block(array).external = True
    return made(array, requires_grad)


@public("from_dlpack", method=False)
def from_dlpack(ext_tensor: Any, *, device: Device | None = None, copy: bool | None = None) -> Tensor:
    """A Tensor on the memory of any object with `__dlpack__`. TypeError for others.

    >>> import mibun as torch
    >>> torch.from_dlpack(torch.ones(2))
    tensor([1., 1.])
    """
    check_device(device, "from_dlpack")
    if not hasattr(ext_tensor, "__dlpack__"):
        raise TypeError(
            f"from_dlpack(): argument must have a __dlpack__ method, which {type(ext_tensor).__name__} lacks"
        )
    if isinstance(ext_tensor, np.ndarray) and not copy:
        array = ext_tensor[...]  # NumPy before 2.2 exports its own arrays as read-only
    else:
        array = np.from_dlpack(ext_tensor, copy=copy) if copy is not None else np.from_dlpack(ext_tensor)
    if not array.flags.writeable:
        return wrap(array.copy())
    own_block(storage(array)).external = True
    return wrap(array)


__all__ = ["array_of", "as_tensor", "asarray", "from_dlpack", "from_numpy", "frombuffer", "new_tensor", "tensor"]
