"""Tensors on the memory of NumPy arrays, buffers and other libraries' arrays."""

from __future__ import annotations

import builtins
import warnings
from typing import Any

import numpy as np

from ...core.device import check_device
from ...core.dtypes import as_dtype, dtype, from_numpy_dtype
from ...core.site import stacklevel
from ...core.tensor import Tensor, wrap
from ...dispatch.public import public
from ...xp import has_namespace
from ...xp.numpy.blocks import own_block
from ...xp.numpy.memory import storage
from ..annotations import Device
from ..conversion.devices import to_device
from .options import made


def has_buffer(value: Any) -> builtins.bool:
    """Whether a value offers its memory as a buffer: bytes, an array.array, a memoryview, ... (not NumPy's numbers)."""
    if isinstance(value, np.generic):
        return False
    try:
        memoryview(value).release()
    except (TypeError, BufferError):
        return False
    return True


def sharable(array: np.ndarray) -> np.ndarray:
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


def writable(array: np.ndarray) -> np.ndarray:
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
    return wrap(writable(sharable(ndarray)))


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


class _Writable:
    """The memory of an array that NumPy takes for read-only, as capsules of the older kind do not say."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array  # keeps the memory
        interface = array.__array_interface__
        self.__array_interface__ = {**interface, "data": (interface["data"][0], False)}


class _Capsule:
    """A DLPack capsule, which is used up, as an object that gives it."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **options: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)  # the CPU


@public("from_dlpack", method=False)
def from_dlpack(ext_tensor: Any, *, device: Device | None = None, copy: bool | None = None) -> Tensor:
    """A Tensor on the memory of any object with `__dlpack__`, or of a capsule of the CPU's. TypeError for others.

    An array of a library that mibun computes with (see `docs/arrays.md`) is the Tensor's own array, on its device,
    unless `device` names another one.

    >>> import mibun as torch
    >>> torch.from_dlpack(torch.ones(2))
    tensor([1., 1.])
    """
    check_device(device, "from_dlpack")
    if has_namespace(type(ext_tensor)):
        result = wrap(ext_tensor)
        return result if device is None else to_device(result, "cpu")
    if type(ext_tensor).__name__ == "PyCapsule":
        array = np.asarray(_Writable(np.from_dlpack(_Capsule(ext_tensor))))
        own_block(storage(array)).external = True
        return wrap(array.copy() if copy else array)
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


__all__ = ["from_dlpack", "from_numpy", "frombuffer", "has_buffer", "sharable", "writable"]
