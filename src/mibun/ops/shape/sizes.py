"""Questions about sizes (size, dim, numel, element_size), and resizing in place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...core.dtypes import memory_format
from ...core.mode import MODE
from ...core.size import Size
from ...core.tangents import tangent_of
from ...core.tensor import Tensor, bind_method
from ...core.views import bump_version, edge_of, own_array
from ...dispatch.arguments import check_tensor, sizes_of, wrap_dim
from ...dispatch.public import public
from ...xp.numpy.memory import offset_of, storage


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

    RuntimeError where it requires grad. Memory is made anew where it grows; views of it then keep the old memory.

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
    array = own_array(self)
    if array.shape == shape:
        return self
    count = math.prod(shape)
    root, offset = storage(array), offset_of(array)
    if root.nbytes // array.itemsize - offset >= count and root.flags.c_contiguous and root.dtype == array.dtype:
        self._array_ = root.reshape(-1)[offset : offset + count].reshape(shape)
    else:
        new = np.zeros(count, array.dtype)
        if root.flags.c_contiguous and root.dtype == array.dtype:
            kept = root.reshape(-1)[offset : offset + count]
        else:
            kept = array.reshape(-1)[:count]
        new[: kept.size] = kept
        self._array_ = new.reshape(shape)
    bump_version(self, "resize_")
    return self


@public("resize_as_")
def resize_as_(self: Tensor, other: Tensor) -> Tensor:
    """`self.resize_(other.size())`."""
    check_tensor(other, "resize_as_", "other")
    return resize_(self, other._array_.shape)
