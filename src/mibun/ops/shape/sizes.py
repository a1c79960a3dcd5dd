"""Questions about sizes (size, dim, numel, element_size), and resizing in place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...core import dtypes
from ...core.batching import BatchedTensor
from ...core.dtypes import memory_format
from ...core.memory import resize as resize_immutable
from ...core.memory import shares_arrays
from ...core.mode import MODE
from ...core.registry import Array
from ...core.size import Size
from ...core.tangents import tangent_of
from ...core.tensor import Tensor, bind_method
from ...core.views import bump_version, edge_of, own_array
from ...dispatch.arguments import check_tensor, sizes_of, wrap_dim
from ...dispatch.public import public
from ...xp.batched import over
from ...xp.numpy.memory import has_channels_last, offset_of, storage
from ..conversion.copying import check_format, in_format


@public("size", function=False)
def size(self: Tensor, dim: int | None = None) -> Size | int:
    """The sizes of all dimensions, as a `Size`, or of one, as an int. IndexError where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3).size(), torch.zeros(2, 3).size(-1)
    (torch.Size([2, 3]), 3)
    """
    if dim is None:
        return self.shape
    shape = self._array_.shape
    if not shape:
        wrap_dim(dim, 0, "size")
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return shape[wrap_dim(dim, len(shape), "size")]


@public("dim", "ndimension", function=False)
def dim(self: Tensor) -> int:
    """The number of dimensions."""
    return self._array_.ndim


@public("numel")
def numel(input: Tensor) -> int:
    """The number of elements.

    >>> import mibun as torch
    >>> torch.zeros(2, 3).numel()
    6
    """
    check_tensor(input, "numel")
    return input._array_.size


bind_method("nelement", numel)


@public("element_size", function=False)
def element_size(self: Tensor) -> int:
    """Bytes per element."""
    return self._array_.dtype.itemsize


@public("resize_", function=False)
def resize_(self: Tensor, *sizes: int | Sequence[int], memory_format: memory_format | None = None) -> Tensor:
    """Change the size of the tensor itself; the elements that still fit are kept, new ones are not initialised.

    memory_format: the order of the dimensions in memory from now on, whatever it was: nothing is moved. RuntimeError
    where it requires grad, for `preserve_format`, and for a format that needs another number of dimensions. Memory is
    made anew where it grows; views of it then keep the old memory.

    >>> import mibun as torch
    >>> torch.tensor([1, 2, 3, 4]).resize_(2)
    tensor([1, 2])
    """
    if not sizes:
        raise TypeError('resize_() missing 1 required positional arguments: "size"')
    shape = sizes_of(sizes, "resize_")
    if edge_of(self) is not None:
        raise RuntimeError("cannot resize variables that require grad")
    if MODE.get().dual_level >= 0:
        if tangent_of(self) is not None:
            raise RuntimeError("cannot resize variables that has a forward grad")
    for n in shape:
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}")
    if memory_format is not None:
        if memory_format is dtypes.preserve_format:
            raise RuntimeError("Unsupported memory format preserve_format: resize_() has no other order to keep")
        check_format("resize_", memory_format, len(shape))
    array = own_array(self)
    if array.shape == shape:
        if memory_format is not None and shares_arrays(array):
            self._array_ = _laid_out(array, memory_format)
        return self
    count = math.prod(shape)
    if isinstance(self, BatchedTensor):
        self._array_ = over(array).resized(array, shape)
        bump_version(self, "resize_")
        return self
    if not shares_arrays(array):
        resize_immutable(self, shape)
        bump_version(self, "resize_")
        return self
    root, offset = storage(array), offset_of(array)
    flat = None  # the elements as they are in memory
    if root.dtype == array.dtype and (root.flags.c_contiguous or root.flags.f_contiguous):
        flat = root.reshape(-1, order="A")
    if flat is not None and flat.size - offset >= count:
        self._array_ = flat[offset : offset + count].reshape(shape)
    elif root.dtype == np.uint8 and root.ndim == 1 and _bytes_after(array, root) >= count * array.itemsize:
        # A storage's bytes.
        self._array_ = np.ndarray(shape, array.dtype, root, root.nbytes - _bytes_after(array, root))
    else:
        new = np.zeros(count, array.dtype)
        if flat is not None:
            kept = flat[offset : offset + count]
        else:
            kept = array.reshape(-1)[:count]
        new[: kept.size] = kept
        self._array_ = new.reshape(shape)
    if memory_format is not None:
        self._array_ = _laid_out(self._array_, memory_format)
    bump_version(self, "resize_")
    return self


def _bytes_after(array: np.ndarray, root: np.ndarray) -> int:
    """How many bytes of its memory an array has, from its first element on."""
    if not array.size:
        return root.nbytes
    return root.nbytes - (array.__array_interface__["data"][0] - root.__array_interface__["data"][0])


def _laid_out(array: Array, memory_format: memory_format) -> Array:
    """The same memory, of which an array's elements take part, read in a memory format."""
    root, offset = storage(array), offset_of(array)
    if root.dtype != array.dtype or not (root.flags.c_contiguous or root.flags.f_contiguous):
        root, offset = array.copy(), 0
    flat = root.reshape(-1, order="A")[offset : offset + array.size]
    return in_format(flat, array.shape, memory_format)


@public("resize_as_")
def resize_as_(self: Tensor, other: Tensor, *, memory_format: memory_format | None = None) -> Tensor:
    """`self.resize_(other.size())`. memory_format: as there; `preserve_format` takes that of `other`."""
    check_tensor(other, "resize_as_", "other")
    if memory_format is dtypes.preserve_format:
        last = has_channels_last(other._array_)
        images = dtypes.channels_last if other.dim() == 4 else dtypes.channels_last_3d
        memory_format = images if last else dtypes.contiguous_format
    return resize_(self, other._array_.shape, memory_format=memory_format)
