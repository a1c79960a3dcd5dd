"""What depends on the memory itself: strided views, detaching, and questions about strides and sizes.

`diagonal`, `unfold` and `as_strided` look at the memory of their input in another geometry; their transposes ("embed")
put a gradient back into zeros of the input's shape.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.mode import MODE
from ...core.registry import METHODS
from ...core.tangents import tangent_of
from ...core.tensor import wrap
from ...core.views import bump_version, counter_of, edge_of, own_array
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.inplace import write_out
from ...dispatch.public import public
from ...xp.numpy.memory import offset_of, storage, strides_of

# --- diagonal ---


@op(linear, name="diagonal", view=True, dtype=None,
    vjp=lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
        g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2))  # fmt: skip
def _diagonal(xp, input, *, offset, dim1, dim2):
    return xp.take_diagonal(input, offset, dim1, dim2)


@op(linear, name="diagonal_embed", dtype=None,
    vjp=lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2))  # fmt: skip
def _diagonal_embed(xp, input, *, shape, offset, dim1, dim2):
    return xp.embed_diagonal(input, shape, offset, dim1, dim2)


@op(linear, name="diag_embed", dtype=None,
    vjp=lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2))  # fmt: skip
def _diag_embed(xp, input, *, shape, offset, dim1, dim2):
    return xp.embed_diagonal(input, shape, offset, dim1, dim2)


@op(linear, name="diagonal_copy", node="DiagonalBackward0_copy", dtype=None,
    vjp=lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
        g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2))  # fmt: skip
def _diagonal_copy(xp, input, *, offset, dim1, dim2):
    return xp.copy(xp.take_diagonal(input, offset, dim1, dim2))


def _two_dims(dim1: int, dim2: int, ndim: int, function: str) -> tuple[int, int]:
    first, second = wrap_dim(dim1, ndim, function), wrap_dim(dim2, ndim, function)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2} (in {function})")
    return first, second


@public()
def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonal of two dimensions, as the last dimension of the result. A view, which can be written to.

    offset: which diagonal: 0 the main one, positive above it.
    """
    check_tensor(input, "diagonal")
    first, second = _two_dims(dim1, dim2, input._array_.ndim, "diagonal")
    return _diagonal(input, offset=whole(offset, "diagonal", "offset"), dim1=first, dim2=second)


@public(method=False)
def diagonal_copy(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Any = None) -> Any:
    """`diagonal`, copied."""
    check_tensor(input, "diagonal_copy")
    first, second = _two_dims(dim1, dim2, input._array_.ndim, "diagonal_copy")
    result = _diagonal_copy(input, offset=whole(offset, "diagonal_copy", "offset"), dim1=first, dim2=second)
    return result if out is None else write_out(out, result, "diagonal_copy")


@public()
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices of zeros with the last dimension of the input as their diagonal; the matrices are dim1 and dim2.

    >>> import mibun as torch
    >>> torch.diag_embed(torch.ones(3, 2)).shape
    torch.Size([3, 2, 2])
    """
    check_tensor(input, "diag_embed")
    own = input._array_.shape
    first, second = _two_dims(dim1, dim2, len(own) + 1, "diag_embed")
    offset = whole(offset, "diag_embed", "offset")
    size = own[-1] + abs(offset)
    shape = list(own[:-1])
    for dim in sorted((first, second)):
        shape.insert(dim, size)
    return _diag_embed(input, shape=tuple(shape), offset=offset, dim1=first, dim2=second)


@public()
def diag(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """Of a vector: the square matrix with it on a diagonal. Of a matrix: a copy of its diagonal."""
    check_tensor(input, "diag")
    ndim = input._array_.ndim
    if ndim == 1:
        result = diag_embed(input, diagonal)
        return result if out is None else write_out(out, result, "diag")
    if ndim == 2:
        result = _diagonal_copy(input, offset=whole(diagonal, "diag", "diagonal"), dim1=0, dim2=1)
        return result if out is None else write_out(out, result, "diag")
    raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {ndim}D")


@public()
def diagflat(input: Any, offset: int = 0) -> Any:
    """The square matrix with all elements of the input on a diagonal."""
    check_tensor(input, "diagflat")
    return diag_embed(input.reshape(-1), offset)


# --- unfold ---


@op(linear, name="unfold_dim", node="UnfoldBackward0", view=True, dtype=None,
    vjp=lambda xp, g, input_shape, dim, size, step: xp.unfold_embed(
        g, shape=input_shape, dim=dim, size=size, step=step))  # fmt: skip
def _unfold(xp, input, *, dim, size, step):
    if input.ndim == 0:
        return xp.reshape(input, (size,))
    return xp.windows(input, dim, size, step)


@op(linear, name="unfold_embed", dtype=None,
    vjp=lambda xp, g, dim, size, step: xp.unfold_dim(g, dim=dim, size=size, step=step))  # fmt: skip
def _unfold_embed(xp, input, *, shape, dim, size, step):
    if not shape:
        return xp.sum(input)
    return xp.embed_windows(input, shape, dim, size, step)


@public(function=False)
def unfold(self: Any, dimension: int, size: int, step: int) -> Any:
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


@op(linear, name="as_strided", view=True, dtype=None,
    vjp=lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
        g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry))  # fmt: skip
def _as_strided(xp, input, *, size, stride, offset, geometry):
    # Forward, the input has this geometry. A gradient that is looked at in the same way may have another.
    own_strides, own_offset, length = geometry
    if xp.has_geometry(input, own_strides, own_offset, length):
        return xp.strided_view(input, size, stride, offset)
    flat = _spread(xp, input, own_strides, own_offset, length)
    return xp.reshape(xp.take(flat, _positions(size, stride, offset), axis=0), size)


@op(linear, name="as_strided_embed", dtype=None,
    vjp=lambda xp, g, shape, size, stride, offset, geometry: xp.as_strided_read(
        g, size=size, stride=stride, offset=offset, geometry=geometry))  # fmt: skip
def _as_strided_embed(xp, input, *, shape, size, stride, offset, geometry):
    own_strides, own_offset, length = geometry
    flat = xp.zeros((length,), dtype=input.dtype)
    flat = xp.put_at(flat, (_positions(size, stride, offset),), xp.reshape(input, (-1,)), "add")
    positions = _positions(shape, own_strides, own_offset)
    # Where elements of the input share memory, each gets its part.
    counts = np.bincount(positions, minlength=length)
    result = xp.take(flat, positions, axis=0)
    if counts.max(initial=0) > 1:
        result = result / xp.asarray(counts[positions].astype(input.dtype))
    return xp.reshape(result, shape)


@op(linear, name="as_strided_read", dtype=None,
    vjp=lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
        g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry))  # fmt: skip
def _as_strided_read(xp, input, *, size, stride, offset, geometry):
    own_strides, own_offset, length = geometry
    flat = _spread(xp, input, own_strides, own_offset, length)
    return xp.reshape(xp.take(flat, _positions(size, stride, offset), axis=0), size)


def _positions(size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> Any:
    """The places in the storage of the elements of a geometry, in order."""
    total = np.full((), offset, np.int64)
    for n, s in zip(size, stride, strict=True):
        total = total[..., None] + np.arange(n, dtype=np.int64) * s
    return total.reshape(-1)


def _spread(xp: Any, x: Any, strides: tuple[int, ...], offset: int, length: int) -> Any:
    """An array laid out as a storage of this length, zero where it has no element; what shares a place is averaged."""
    positions = _positions(x.shape, strides, offset)
    counts = np.bincount(positions, minlength=length)
    values = xp.reshape(x, (-1,))
    if counts.max(initial=0) > 1:
        values = values / xp.asarray(counts[positions].astype(x.dtype))
    return xp.put_at(xp.zeros((length,), dtype=x.dtype), (positions,), values, "add")


@public()
def as_strided(input: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """A view on the storage of the input with any sizes, strides and offset, in elements.

    RuntimeError for negative strides and where the view would reach outside of the storage. In the gradient, elements
    of the input that share memory get equal parts.
    """
    check_tensor(input, "as_strided")
    size, stride = sizes_of((size,), "as_strided"), sizes_of((stride,), "as_strided", "stride")
    if len(size) != len(stride):
        raise RuntimeError(f"mismatch in length of strides and shape: {list(size)} and {list(stride)}")
    if any([s < 0 for s in stride]):
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(stride)}")
    array = own_array(input)
    own_offset = offset_of(array)
    offset = own_offset if storage_offset is None else whole(storage_offset, "as_strided", "storage_offset")
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    if any([n < 0 for n in size]):
        raise RuntimeError(f"Trying to create tensor with negative dimension in size {list(size)}")
    itemsize = array.dtype.itemsize
    length = storage(array).nbytes // itemsize
    needed = 0 if 0 in size else offset + sum([(n - 1) * s for n, s in zip(size, stride, strict=True)]) + 1
    if needed > length:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and itemsize {itemsize} "
            f"requiring a storage size of {needed * itemsize} are out of bounds for storage of size {length * itemsize}"
        )
    geometry = (strides_of(array), own_offset, length)
    return _as_strided(input, size=size, stride=stride, offset=offset, geometry=geometry)


# --- aliases of the same memory ---


@op(linear, name="alias", view=True, dtype=None, vjp=lambda xp, g: g)
def _alias(xp, input):
    return input[...]


def alias(input: Any) -> Any:
    """A view of the whole tensor."""
    return _alias(input)


@public()
def detach(input: Any) -> Any:
    """The same memory outside of the graph: a leaf that does not require grad.

    Modifying it in place modifies the input too, and the graph notices that.
    """
    check_tensor(input, "detach")
    result = wrap(own_array(input))
    result._version_counter_ = counter_of(input)
    return result


@public(method=False)
def detach_(input: Any) -> Any:
    """Take the tensor itself out of the graph. RuntimeError for views."""
    check_tensor(input, "detach_")
    if input._is_view():
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. The tensor is a view of another one, whose history "
            "would still lead to it."
        )
    input._edge_ = None
    input._tangent_ = None
    return input


METHODS["detach_"] = detach_


@public(function=False)
def fill_diagonal_(self: Any, fill_value: Any, wrap: bool = False) -> Any:
    """Write a number on the main diagonal; the sizes must be equal where there are more than two dimensions.

    wrap: in a matrix with more rows than columns, begin a new diagonal below each that has ended (one row is left out).
    """
    shape = self._array_.shape
    if len(shape) < 2:
        raise RuntimeError(f"dimensions must larger than 1, but the shape is {list(shape)}")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError(f"all dimensions of input must be of equal length, but the shape is {list(shape)}")
    as_strided(self, (min(shape),), (sum(strides_of(self._array_)),)).fill_(fill_value)
    if wrap and len(shape) == 2:
        period = shape[1] + 1  # a diagonal and the row that is left out
        for row in range(period, shape[0], period):
            diagonal(self[row:]).fill_(fill_value)
    return self


# --- questions ---


@public(function=False)
def size(self: Any, dim: int | None = None) -> Any:
    """The sizes of all dimensions, or of one."""
    if dim is None:
        return self.shape
    shape = self._array_.shape
    if not shape:
        wrap_dim(dim, 0, "size")
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return shape[wrap_dim(dim, len(shape), "size")]


@public(function=False)
def stride(self: Any, dim: int | None = None) -> Any:
    """How many elements further in memory the next element of each dimension is, or of one."""
    strides = strides_of(self._array_)
    if 0 in strides:
        strides = _without_zeros(self._array_.shape, strides)
    if dim is None:
        return strides
    if not strides:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return strides[wrap_dim(dim, len(strides), "stride")]


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


def _storage_offset(self: Any) -> int:
    """How many elements of the storage come before this tensor's first."""
    return offset_of(self._array_)


METHODS["storage_offset"] = _storage_offset


@public(function=False)
def is_contiguous(self: Any, memory_format: Any = None) -> bool:
    """Whether the elements lie in memory in order, without gaps: in that of `memory_format`, if one is given."""
    array = self._array_
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


@public("ndimension", function=False)
def dim(self: Any) -> int:
    """The number of dimensions."""
    return self._array_.ndim


@public()
def numel(input: Any) -> int:
    """The number of elements."""
    check_tensor(input, "numel")
    return input._array_.size


METHODS["nelement"] = numel


@public(function=False)
def element_size(self: Any) -> int:
    """Bytes per element."""
    return self._array_.dtype.itemsize


@public(function=False)
def data_ptr(self: Any) -> int:
    """The address of the first element."""
    array = own_array(self)
    return array.__array_interface__["data"][0] if array.size else 0


@public(function=False)
def resize_(self: Any, *sizes: Any, memory_format: Any = None) -> Any:
    """Change the size of the tensor itself; the elements that still fit are kept, new ones are not initialised.

    RuntimeError where it requires grad. Memory is made anew where it grows; views of it then keep the old memory.
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


@public(function=False)
def resize_as_(self: Any, other: Any) -> Any:
    """`self.resize_(other.size())`."""
    check_tensor(other, "resize_as_", "other")
    return resize_(self, other._array_.shape)
