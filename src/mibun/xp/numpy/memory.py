"""The gaps of the NumPy namespace that are about memory: strided views, reading and writing at indices.

A view here is a true NumPy view, writable where the original is. The functions that "embed" are the transposes of the
views: zeros of the original's shape, with the given values where the view would be.
"""

from __future__ import annotations

import math
from typing import Any

from .adding import add_slices
from .library import address, as_strided, ndarray, np, over_memory, scatter, writable_as


def storage(x: Any) -> Any:
    """The array that owns the memory of x."""
    while True:
        base = x.base
        if type(base) is not np.ndarray:
            base = getattr(base, "base", None)  # NumPy's as_strided puts an object in between
            if type(base) is not np.ndarray:
                return x
        x = base


# --- the order in memory ---


def repeats(x: Any) -> bool:
    """Whether x has several elements in one place, as after `expand`: it then has no order in memory to keep."""
    strides = x.strides
    return 0 in strides and any([s == 0 and n > 1 for s, n in zip(strides, x.shape, strict=True)])


_LAST = {4: (0, 2, 3, 1), 5: (0, 2, 3, 4, 1)}  # the axes of images, and of volumes, with the channels last
_FROM_LAST = {4: (0, 3, 1, 2), 5: (0, 4, 1, 2, 3)}


def has_channels_last(x: Any) -> bool:
    """Whether x is a batch of images or volumes whose channels lie next to each other, judged by the strides alone.

    As PyTorch judges it where an axis of size 1 leaves a choice: those strides have to fit too.
    """
    if x.ndim not in _LAST or x.strides[1] == 0:
        return False
    least = 0
    for axis in reversed(_LAST[x.ndim]):
        size, stride = x.shape[axis], x.strides[axis]
        if size == 0 or stride < least or (axis == 0 and least == x.strides[1]):
            return False
        least = stride * size
    return True


def arranged(x: Any, like: Any = ()) -> Any:
    """x, contiguous, or with its channels last in memory if those of one of `like` are: x itself where it lies so."""
    if x.ndim in _LAST:
        for other in like:
            if other is not None and has_channels_last(other):
                moved = np.ascontiguousarray(x.transpose(_LAST[x.ndim]))
                # Through one axis, so that the strides of axes of size 1 are what they would be if they were larger.
                return moved.reshape(-1).reshape(moved.shape).transpose(_FROM_LAST[x.ndim])
    return contiguous(x)


def contiguous(x: Any) -> Any:
    """x, or a copy in which the elements follow each other."""
    return x if x.ndim < 2 or x.flags.c_contiguous else x.copy()


def strides_of(x: Any) -> tuple[int, ...]:
    """The strides of x, in elements."""
    itemsize = x.dtype.itemsize
    return tuple([stride // itemsize for stride in x.strides])


def offset_of(x: Any) -> int:
    """How many elements x starts after its storage; 0 for a NumPy scalar, which has none."""
    if not isinstance(x, np.ndarray):
        return 0
    root = storage(x)
    if root is x:
        return 0
    return (address(x) - address(root)) // x.dtype.itemsize


def strided(x: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0) -> Any:
    """A view on the memory of a contiguous x: shape, strides and offset from its start, in bytes."""
    try:
        return over_memory(x, shape, strides, offset)
    except (ValueError, TypeError, BufferError):
        return as_strided(x.reshape(-1)[offset // x.dtype.itemsize :], shape, strides)


def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    """x repeated, without a copy, to a shape that it broadcasts to. Writable where x is."""
    if isinstance(x, np.generic):
        x = np.asarray(x)
    if type(x) is np.ndarray and not x.ndim:  # as the gradient of a sum often is
        return strided(x, shape, (0,) * len(shape))
    if type(x) is np.ndarray and x.flags.c_contiguous and x.size:
        own = x.shape
        lead = len(shape) - len(own)
        if lead >= 0:
            strides = [0] * lead
            for size, wanted, stride in zip(own, shape[lead:], x.strides, strict=True):
                if size == wanted:
                    strides.append(stride)
                elif size == 1:
                    strides.append(0)
                else:
                    break
            else:
                return strided(x, shape, tuple(strides))
    result = np.broadcast_to(x, shape)
    return writable_as(result, x) if type(x) is ndarray else result


def reshape(x: Any, shape: Any) -> Any:
    """The same elements in another shape; a view where possible."""
    return x.reshape(shape)  # np.reshape takes six times as long


def permute_dims(x: Any, axes: tuple[int, ...]) -> Any:
    """The axes in another order: a view."""
    return x.transpose(axes)


def view_as_dtype(x: Any, dtype: Any) -> Any:
    """The same memory read as another dtype."""
    return x.view(dtype)


def embed_index(values: Any, shape: tuple[int, ...], index: tuple) -> Any:
    """Zeros of a shape with `values` at a basic index: the transpose of reading there."""
    out = np.zeros(shape, values.dtype)
    out[index] = values
    return out


def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays of one shape along a new axis: as NumPy's `stack`, in a third of its time."""
    if not arrays[0].ndim or axis == 0:
        return np.array(arrays)
    place = (*(slice(None),) * (axis % (arrays[0].ndim + 1)), None)
    return np.concatenate([x[place] for x in arrays], axis)


def take_diagonal(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    """The diagonal of two axes as the last axis: a view."""
    return writable_as(np.diagonal(x, offset, axis1, axis2), x)


def embed_diagonal(values: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """The transpose of `take_diagonal`."""
    out = np.zeros(shape, values.dtype)
    take_diagonal(out, offset, axis1, axis2)[...] = values
    return out


def windows(x: Any, axis: int, size: int, step: int) -> Any:
    """All windows of `size` elements along an axis, each `step` after the one before; the window is the last axis."""
    count = (x.shape[axis] - size) // step + 1
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :], size)
    strides = (*x.strides[:axis], x.strides[axis] * step, *x.strides[axis + 1 :], x.strides[axis])
    return as_strided(x, shape, strides)


def embed_windows(values: Any, shape: tuple[int, ...], axis: int, size: int, step: int) -> Any:
    """The transpose of `windows`: what overlaps is added up."""
    out = np.zeros(shape, values.dtype)
    view = windows(out, axis, size, step)
    if step >= size:
        view[...] = values
    else:
        for k in range(size):  # the places of one k never overlap
            view[..., k] += values[..., k]
    return out


def has_geometry(x: Any, strides: tuple[int, ...], offset: int, length: int) -> bool:
    """Whether x has these strides, and this offset in a storage of this length, all in elements."""
    size = x.dtype.itemsize
    if type(x) is not np.ndarray or any([s * size != own for s, own in zip(strides, x.strides, strict=True)]):
        return False
    return storage(x).nbytes // size == length and offset_of(x) == offset


def strided_view(x: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> Any:
    """A view on the storage of x: shape, strides and offset in elements. The caller has checked that it fits."""
    size = x.dtype.itemsize
    root = storage(x)
    strides = tuple([s * size for s in strides])
    if root.flags.c_contiguous and root.dtype == x.dtype:
        return strided(root, shape, strides, offset * size)
    shift = (offset - offset_of(x)) * size
    if shift == 0:
        return as_strided(x, shape, strides)
    root = over_memory(root.view(x.dtype), (root.nbytes // size,)) if root.flags.c_contiguous else root.ravel("K")
    return as_strided(root[offset:], shape, strides)


def index_with(x: Any, indices: tuple) -> Any:
    """`x[indices]`, a copy, for a tuple of integer arrays and None, which stands for a whole axis."""
    if len(indices) == 1:
        return x.take(indices[0], 0)
    arrays = [i for i in indices if i is not None]
    if len(arrays) == 1 and indices[-1] is not None:
        return x.take(arrays[0], len(indices) - 1)  # faster than x[...], and contiguous
    if len(arrays) == len(indices) == x.ndim and max([i.size for i in arrays]) > 1000 and x.flags.c_contiguous:
        # NumPy's own index is slower where there is much to read.
        return x.reshape(-1).take(flat_positions(x.shape, indices))
    return x[tuple([slice(None) if i is None else i for i in indices])]


def flat_positions(shape: tuple[int, ...], indices: tuple) -> Any:
    """The positions in the flattened array of the elements at index arrays, one for each axis."""
    total: Any = None
    for axis, (size, index) in enumerate(zip(shape, indices, strict=True)):
        if index.dtype != np.int64:
            index = index.astype(np.int64)
        if index.size:
            low, high = index.min(), index.max()
            if low < -size or high >= size:
                raise IndexError(f"index {low if low < -size else high} is out of bounds for axis with size {size}")
            if low < 0:
                index = np.where(index < 0, index + size, index)
        stride = math.prod(shape[axis + 1 :])
        part = index * stride if stride != 1 else index
        if total is None:
            total, fresh = part, part is not index
        elif fresh and np.broadcast_shapes(total.shape, part.shape) == total.shape:
            total += part
        else:
            total, fresh = total + part, True
    return total


def put_at(x: Any, indices: tuple, values: Any, how: str = "set") -> Any:
    """A copy of x with `values` written at `indices` (as for `index_with`).

    how: "set" (of several values for one place the last counts), "add", "multiply", "maximum" or "minimum", which
    combine all values for one place with what is there.
    """
    return put_into(x.copy(order="C") if isinstance(x, np.ndarray) else np.array(x), indices, values, how)


def put_into(out: Any, indices: tuple, values: Any, how: str = "set") -> Any:
    """`put_at`, written into `out` itself, which must be an array of the caller's own making."""
    if how == "set":
        out[tuple([slice(None) if i is None else i for i in indices])] = values
        return out
    if not out.size:
        return out
    if how == "add" and type(out) is np.ndarray and _added_by_slices(out, indices, values):
        return out
    if out.flags.c_contiguous and getattr(values, "size", 0) > 200:
        # ufunc.at is five times as fast on one flat axis as on anything else, once that has been prepared.
        if any([i is None for i in indices]) or len(indices) < out.ndim:
            positions, shape = _expanded(out.shape, indices)
        else:
            positions = flat_positions(out.shape, indices)
            shape = positions.shape
        if not isinstance(values, np.ndarray) or values.shape != shape:
            values = np.broadcast_to(values, shape)
        scatter(how, out.reshape(-1), positions.reshape(-1), values.reshape(-1).astype(out.dtype, copy=False))
        return out
    scatter(how, out, tuple([slice(None) if i is None else i for i in indices]), values)
    return out


def _added_by_slices(out: Any, indices: tuple, values: Any) -> bool:
    """Whether it was done in larger steps: where one axis has an index, and each index a slice."""
    axes = [axis for axis, index in enumerate(indices) if index is not None]
    if len(axes) != 1 or out.ndim < 2 or type(values) is not np.ndarray or values.dtype != out.dtype:
        return False
    (axis,) = axes
    index = indices[axis]
    lead, trail = out.shape[:axis], out.shape[axis + 1 :]
    if index.dtype.kind not in "iu" or values.shape != (*lead, *index.shape, *trail):
        return False
    return add_slices(out, index.reshape(-1), values.reshape(*lead, index.size, *trail), axis)


def _expanded(shape: tuple[int, ...], indices: tuple) -> tuple[Any, tuple[int, ...]]:
    """Flat positions where some axes are whole, laid out as NumPy lays out the result of such an index."""
    ndim = len(shape)
    indices = (*indices, *[None] * (ndim - len(indices)))
    axes = [axis for axis in range(ndim) if indices[axis] is not None]
    arrays = np.broadcast_arrays(*[indices[axis] for axis in axes])
    inner = arrays[0].shape
    first = axes[0] if axes == list(range(axes[0], axes[-1] + 1)) else 0
    before = [axis for axis in range(ndim) if indices[axis] is None][:first]
    after = [axis for axis in range(ndim) if indices[axis] is None][first:]
    result_shape = (*[shape[a] for a in before], *inner, *[shape[a] for a in after])
    total_ndim = len(result_shape)
    full: list[Any] = [None] * ndim
    for axis, array in zip(axes, arrays, strict=True):
        full[axis] = array.reshape((*array.shape, *[1] * len(after)))
    for place, axis in enumerate(before):
        full[axis] = np.arange(shape[axis]).reshape((-1, *[1] * (total_ndim - place - 1)))
    for place, axis in enumerate(after):
        full[axis] = np.arange(shape[axis]).reshape((-1, *[1] * (len(after) - place - 1)))
    return flat_positions(shape, tuple(full)), result_shape


def along_axis(index: Any, axis: int) -> tuple:
    """The index arrays of `gather` and `scatter`: `index` on its axis, every position of `index` on the others."""
    ndim = index.ndim
    return tuple(
        [index if a == axis else np.arange(index.shape[a]).reshape((-1, *[1] * (ndim - a - 1))) for a in range(ndim)]
    )


def true_positions(mask: Any) -> Any:
    """The positions in the flattened mask of what is true."""
    return mask.reshape(-1).nonzero()[0]
