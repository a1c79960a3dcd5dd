"""What depends on how elements lie in memory: as_strided, unfold, and questions about strides, offset and address.

`unfold` and `as_strided` look at the memory of their input in another geometry; their transposes ("embed") put a
gradient back into zeros of the input's shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.batching import NO_STORAGE, BatchedTensor, example_of, refuse_batched
from ...core.dtypes import memory_format
from ...core.memory import layout_of, restride, shares_arrays
from ...core.meta import MetaArray
from ...core.registry import LEADING, Array
from ...core.tensor import Tensor
from ...core.views import own_array
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.public import public
from ...xp.numpy.blocks import nbytes_in_use
from ...xp.numpy.memory import offset_of, storage, strides_of

# --- unfold ---


@op(
    linear,
    name="unfold_dim",
    node="UnfoldBackward0",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape, dim, size, step: xp.unfold_embed(
        g, shape=input_shape, dim=dim, size=size, step=step
    ),
)
def _unfold(xp, input, *, dim, size, step):
    if input.ndim == 0:
        return xp.reshape(input, (size,))
    return xp.windows(input, dim, size, step)


@op(
    linear,
    name="unfold_embed",
    dtype=None,
    vjp=lambda xp, g, dim, size, step: xp.unfold_dim(g, dim=dim, size=size, step=step),
)
def _unfold_embed(xp, input, *, shape, dim, size, step):
    if not shape:
        return xp.sum(input)
    return xp.embed_windows(input, shape, dim, size, step)


@public("unfold", function=False)
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows of `size` elements along a dimension, each `step` after the last: a view with one dimension more.

    >>> import mibun as torch
    >>> torch.arange(1., 6).unfold(0, 3, 2)
    tensor([[1., 2., 3.],
            [3., 4., 5.]])
    """
    shape = self._array_.shape
    dim = wrap_dim(dimension, len(shape), "unfold")
    size, step = whole(size, "unfold", "size"), whole(step, "unfold", "step")
    available = shape[dim] if shape else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > available:
        raise RuntimeError(f"maximum size for tensor at dimension {dim} is {available} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return _unfold(self, dim=dim, size=size, step=step)


# --- as_strided ---


@op(
    linear,
    name="as_strided",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
        g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
    ),
)
def _as_strided(xp, input, *, size, stride, offset, geometry):
    # Forward, the input has this geometry. A gradient that is looked at in the same way may have another.
    own_strides, own_offset, length = geometry
    if xp.has_geometry(input, own_strides, own_offset, length):
        return xp.strided_view(input, size, stride, offset)
    flat = _laid_out(xp, input, own_strides, own_offset, length)
    return xp.reshape(xp.take(flat, xp.asarray(_positions(size, stride, offset)), axis=0), size)


@op(
    linear,
    name="as_strided_embed",
    dtype=None,
    vjp=lambda xp, g, shape, size, stride, offset, geometry: xp.as_strided_read(
        g, size=size, stride=stride, offset=offset, geometry=geometry
    ),
)
def _as_strided_embed(xp, input, *, shape, size, stride, offset, geometry):
    own_strides, own_offset, length = geometry
    flat = xp.zeros((length,), dtype=input.dtype)
    flat = xp.put_at(flat, (xp.asarray(_positions(size, stride, offset)),), xp.reshape(input, (-1,)), "add")
    positions = _positions(shape, own_strides, own_offset)
    # Where elements of the input share memory, each gets its part.
    counts = np.bincount(positions, minlength=length)
    result = xp.take(flat, xp.asarray(positions), axis=0)
    if counts.max(initial=0) > 1:
        result = result / xp.asarray(counts[positions].astype(input.dtype))
    return xp.reshape(result, shape)


@op(
    linear,
    name="as_strided_read",
    dtype=None,
    vjp=lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
        g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
    ),
)
def _as_strided_read(xp, input, *, size, stride, offset, geometry):
    own_strides, own_offset, length = geometry
    flat = _laid_out(xp, input, own_strides, own_offset, length)
    return xp.reshape(xp.take(flat, xp.asarray(_positions(size, stride, offset)), axis=0), size)


def _positions(size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> Array:
    """The places in the storage of the elements of a geometry, in order."""
    total = np.full((), offset, np.int64)
    for n, s in zip(size, stride, strict=True):
        total = total[..., None] + np.arange(n, dtype=np.int64) * s
    return total.reshape(-1)


def _reach(size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> int:
    """How many elements of the storage there must be for a geometry."""
    return 0 if 0 in size else offset + sum([(n - 1) * s for n, s in zip(size, stride, strict=True)]) + 1


def _laid_out(xp: Any, x: Array, strides: tuple[int, ...], offset: int, length: int) -> Array:
    """An array laid out as a storage of this length, zero where it has no element; what shares a place is averaged."""
    positions = _positions(x.shape, strides, offset)
    counts = np.bincount(positions, minlength=length)
    values = xp.reshape(x, (-1,))
    if counts.max(initial=0) > 1:
        values = values / xp.asarray(counts[positions].astype(x.dtype))
    return xp.put_at(xp.zeros((length,), dtype=x.dtype), (xp.asarray(positions),), values, "add")


@public("as_strided")
def as_strided(input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
    """A view on the storage of the input with any sizes, strides and offset.

    Args:
        input: of any dtype.
        size, stride: one of each for every dimension of the result; strides count elements.
        storage_offset: the place of the first element in the storage; the input's own if not given.

    Returns:
        a view. In the gradient, elements of the input that share memory get equal parts.

    Raises:
        RuntimeError: for negative strides, and where the view would reach outside of the storage.

    >>> import mibun as torch
    >>> torch.arange(5).as_strided((3, 2), (1, 1))
    tensor([[0, 1],
            [1, 2],
            [2, 3]])
    """
    check_tensor(input, "as_strided")
    size, stride = sizes_of((size,), "as_strided"), sizes_of((stride,), "as_strided", "stride")
    if len(size) != len(stride):
        raise RuntimeError(f"mismatch in length of strides and shape: {list(size)} and {list(stride)}")
    if any([s < 0 for s in stride]):
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(stride)}")
    own_array(input)
    array = layout_of(input)
    examples = isinstance(input, BatchedTensor)  # then the memory is that from the first to the last element of one
    own_offset = 0 if examples else offset_of(array)
    offset = own_offset if storage_offset is None else whole(storage_offset, "as_strided", "storage_offset")
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    if any([n < 0 for n in size]):
        raise RuntimeError(f"Trying to create tensor with negative dimension in size {list(size)}")
    itemsize = array.dtype.itemsize
    own_strides = strides_of(example_of(array))
    length = _reach(array.shape, own_strides, 0) if examples else storage(array).nbytes // itemsize
    needed = _reach(size, stride, offset)
    if needed > length:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and itemsize {itemsize} "
            f"requiring a storage size of {needed * itemsize} are out of bounds for storage of size {length * itemsize}"
        )
    params = {"size": size, "stride": stride, "offset": offset, "geometry": (own_strides, own_offset, length)}
    result = _as_strided(input, **params)
    # (Such a library's array has only those elements of the storage that the input has.)
    if not examples and not shares_arrays(input._array_):
        restride(result, input, (_as_strided, params, input._array_.shape))
    return result


@public("slice_inverse")
def slice_inverse(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """The tensor that this one is a slice of: its memory in the geometry of `src`, which is like that tensor.

    src: of the sizes, strides and offset of the whole. dim, start, end, step: the slice, which has to be of its sizes.

    RuntimeError where the slice of `src` would have other sizes, or the memory is too small.

    >>> import mibun as torch
    >>> x = torch.arange(6).reshape(2, 3)
    >>> x[:, 1:].slice_inverse(torch.zeros(2, 3), 1, 1, 3)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    check_tensor(input, "slice_inverse")
    check_tensor(src, "slice_inverse", "src", 2)
    shape = list(src._array_.shape)
    dim = wrap_dim(dim, len(shape), "slice_inverse")
    shape[dim] = len(range(*slice(start, end, step).indices(shape[dim])))
    if tuple(shape) != tuple(input._array_.shape):
        raise RuntimeError(
            f"slice_inverse(): Expected the slice of src to be of the sizes {list(input._array_.shape)}, got {shape}"
        )
    return as_strided(input, src.shape, src.stride(), src.storage_offset())


@public("stride", function=False)
def stride(self: Tensor, dim: int | None = None) -> int | tuple[int, ...]:
    """How many elements further in memory the next element of each dimension is, or of one dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3).stride()
    (3, 1)
    """
    array = self._array_
    strides = _strides_of_sparse(array) if type(array) in LEADING else strides_of(example_of(layout_of(self)))
    if 0 in strides and type(array) not in LEADING:
        strides = _without_zeros(self._array_.shape, strides)
    if dim is None:
        return strides
    if not strides:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return strides[wrap_dim(dim, len(strides), "stride")]


def _strides_of_sparse(array: Array) -> tuple[int, ...]:
    """PyTorch's answer for COO; RuntimeError for other sparse layouts."""
    if array.layout is not dtypes.sparse_coo:
        raise RuntimeError("Sparse CSR tensors do not have strides")
    return (0,) * array.ndim


def _without_zeros(shape: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, ...]:
    """Strides as PyTorch gives them where NumPy has 0 but nothing repeats: at sizes 0 and 1, and left of a size 0."""
    result = list(strides)
    empty = 0 in shape
    step = 1
    for i in range(len(shape) - 1, -1, -1):
        if result[i] == 0 and (shape[i] <= 1 or empty):
            result[i] = step
        step = result[i] * max(shape[i], 1)
    return tuple(result)


@public("storage_offset", function=False)
def _storage_offset(self: Tensor) -> int:
    """How many elements of the storage come before this tensor's first.

    >>> import mibun as torch
    >>> torch.arange(4)[2:].storage_offset()
    2
    """
    return offset_of(example_of(layout_of(self)))


@public("is_contiguous", function=False)
def is_contiguous(self: Tensor, memory_format: memory_format | None = None) -> bool:
    """Whether the elements lie in memory in order, without gaps: in that of `memory_format`, if one is given.

    >>> import mibun as torch
    >>> torch.zeros(2, 3).t().is_contiguous()
    False
    """
    array = example_of(layout_of(self))
    if type(array) in LEADING:
        if array.layout is not dtypes.sparse_coo:
            raise RuntimeError("Sparse CSR tensors do not have is_contiguous")
        return False
    if memory_format is not None:
        if not isinstance(memory_format, dtypes.memory_format):
            raise TypeError(
                "is_contiguous(): argument 'memory_format' must be torch.memory_format, not "
                f"{type(memory_format).__name__}"
            )
        rank = {dtypes.channels_last: 4, dtypes.channels_last_3d: 5}.get(memory_format)
        if rank is not None:
            if array.ndim != rank or array.size == 0:
                return False
            array = np.moveaxis(array, 1, -1)
    return True if not isinstance(array, np.ndarray) else bool(array.flags.c_contiguous)


@public("data_ptr", function=False)
def data_ptr(self: Tensor) -> int:
    """The address of the first element; 0 where there is none, or no memory (`untyped_storage().resize_(0)`)."""
    refuse_batched(self, NO_STORAGE)
    own_array(self)
    array = layout_of(self, address=True)
    if type(array) in LEADING:
        raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")
    if type(array) is MetaArray:
        return 0
    return array.__array_interface__["data"][0] if array.size and nbytes_in_use(storage(array)) else 0
