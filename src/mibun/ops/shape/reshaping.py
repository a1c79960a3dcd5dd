"""The same elements under other sizes: reshape, view, flatten, unflatten, ravel, squeeze, unsqueeze.

All but `reshape`, where it has to copy, are views: the result shares its memory with the input and is followed through
in-place operations. The order of the axes is in `axes.py`, `expand` in `broadcasting.py`, views that depend on strides
in `strides.py`, those made by indices in the package `indexing`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...core.dtypes import as_dtype, contiguous_format, dtype
from ...core.dtypes import dtype as _dtype_class
from ...core.memory import layout_of
from ...core.mode import MODE
from ...core.registry import Array
from ...core.tensor import Tensor
from ...core.views import own_array
from ...dispatch.arguments import check_tensor, infer_shape, shape_of_ints, sizes_of, wrap_dim, wrap_dims
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.public import public

# --- reshape and its kin ---


@op(linear, name="view", view=True, dtype=None, vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))
def _view(xp, input, *, shape):
    return xp.reshape(input, shape)


@op(
    linear,
    name="_reshape_alias",
    node="ReshapeAliasBackward0",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape),
)
def _reshape_alias(xp, input, *, shape):
    return xp.reshape(input, shape)


@op(linear, name="unsafe_view", dtype=None, vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))
def _unsafe_view(xp, input, *, shape):
    return xp.reshape(input, shape)  # made only where NumPy has to copy


@op(nondifferentiable, name="view_dtype", view=True, dtype=None)
def _view_dtype(xp, input, *, dtype):
    return xp.view_as_dtype(input, dtype)


def _viewable(array: Array, shape: tuple[int, ...]) -> bool:
    """Whether the elements can be seen in this shape without a copy."""
    if hasattr(array, "levels"):  # in the memory of all examples
        array, shape = array.array, (*array.array.shape[: len(array.levels)], *shape)
    if not isinstance(array, np.ndarray) or array.flags.c_contiguous or array.size == 0:
        return True
    try:
        array.reshape(shape, copy=False)
    except ValueError:
        return False
    return True


def _reshape(input: Tensor, shape: tuple[int, ...]) -> Tensor:
    array = input._array_
    if type(array) is not np.ndarray:
        array = layout_of(input)
    if array.flags.c_contiguous if isinstance(array, np.ndarray) else not hasattr(array, "levels"):
        return _view.one(input, {"shape": shape})
    if _viewable(array, shape):
        return _reshape_alias(input, shape=shape)
    if MODE.get().grad and input.requires_grad:
        input = input.clone(memory_format=contiguous_format)  # two steps of the graph, as in PyTorch
    return _unsafe_view(input, shape=shape)


@public("reshape")
def reshape(input: Tensor, *args: int | Sequence[int], shape: int | Sequence[int] | None = None) -> Tensor:
    """The same elements, in the same order, in another shape: a view if that is possible, else a copy.

    Args:
        input: of any dtype.
        shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed.

    Returns:
        a view where the strides allow the shape without a copy (always of a contiguous tensor).

    Raises:
        RuntimeError: where the number of elements differs, or -1 cannot be computed.

    >>> import mibun as torch
    >>> torch.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    check_tensor(input, "reshape")
    if args and type(args[0]) is int:
        inferred = shape_of_ints(args, input._array_.size)
        if inferred is not None:
            return _reshape(input, inferred)
    sizes = sizes_of(args if shape is None else (shape,), "reshape", "shape")
    if shape is None and not args:
        raise TypeError('reshape() missing 1 required positional arguments: "shape"')
    return _reshape(input, infer_shape(sizes, input._array_.size))


@public("view", function=False)
def view(
    self: Tensor, *args: int | Sequence[int], size: int | Sequence[int] | None = None, dtype: dtype | None = None
) -> Tensor:
    """The same memory in another shape, or under another dtype.

    Args:
        size: ints, separately or as one sequence; one of them may be -1 and is then computed.
        dtype: instead of a size: read the memory as elements of this dtype (or of Python's `float`: float64, ...).
            Where they are of another size in bytes, the last dimension grows or shrinks. Such a view is not
            differentiable.

    Returns:
        a view: what is written into it is written into the tensor, too.

    Raises:
        RuntimeError: where the strides do not allow the shape without a copy (then use `reshape`), the number of
            elements differs, or the last dimension does not fit the other dtype.

    >>> import mibun as torch
    >>> torch.arange(4).view(2, 2)
    tensor([[0, 1],
            [2, 3]])
    >>> torch.tensor([1.0]).view(torch.int32)
    tensor([1065353216], dtype=torch.int32)
    """
    if dtype is None and len(args) == 1 and isinstance(args[0], (_dtype_class, type)):
        dtype = args[0]  # type: ignore[assignment]
    if dtype is not None:
        return _reinterpreted(self, as_dtype(dtype, "view"))
    if size is None and not args:
        raise TypeError("view() received an invalid combination of arguments - got (), but expected (*size) or (dtype)")
    if args and type(args[0]) is int:
        array = self._array_
        inferred = shape_of_ints(args, array.size)
        if inferred is not None and type(array) is np.ndarray and array.flags.c_contiguous:
            return _view.one(self, {"shape": inferred})
    shape = infer_shape(sizes_of(args if size is None else (size,), "view"), self._array_.size)
    layout = layout_of(self)
    if not _viewable(layout, shape):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead. "
            f"The size is {list(self._array_.shape)}, the strides are "
            f"{[s // layout.itemsize for s in layout.strides]}, the wanted size is {list(shape)}."
        )
    return _view(self, shape=shape)


def _reinterpreted(input: Tensor, dtype: dtype) -> Tensor:
    own_array(input)
    array = layout_of(input)
    old, new = array.dtype.itemsize, dtype.np.itemsize
    if old != new:
        names = f"{input.dtype.scalar_name} as {dtype.scalar_name} (different element sizes)"
        if array.ndim == 0:
            raise RuntimeError(f"self.dim() cannot be 0 to view {names}")
        if new > old and array.shape[-1] * old % new:
            raise RuntimeError(
                f"self.size(-1) must be divisible by {new // old} to view {names}, but got {array.shape[-1]}"
            )
        if array.shape[-1] > 1 and array.strides[-1] != old:
            raise RuntimeError(
                f"self.stride(-1) must be 1 to view {names}, but got {array.strides[-1] // old}. "
                "Make it contiguous first."
            )
    return _view_dtype(input, dtype=dtype.np)


@public("view_as", function=False)
def view_as(self: Tensor, other: Tensor) -> Tensor:
    """`self.view(other.size())`."""
    check_tensor(other, "view_as", "other")
    return view(self, other._array_.shape)


@public("reshape_as", function=False)
def reshape_as(self: Tensor, other: Tensor) -> Tensor:
    """`self.reshape(other.size())`."""
    check_tensor(other, "reshape_as", "other")
    return reshape(self, other._array_.shape)


@public("flatten")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Join the dimensions from start_dim to end_dim into one.

    Args:
        input: of any dtype; a 0-d tensor becomes 1-d.
        start_dim, end_dim: the first and the last dimension to join, both included.

    Returns:
        (..., n, ...), where n is the product of the sizes joined: a view if that is possible, else a copy; the input
        itself where there is only one dimension to join.

    Raises:
        RuntimeError: where start_dim comes after end_dim.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).flatten(1).shape
    torch.Size([2, 12])
    """
    check_tensor(input, "flatten")
    shape = input._array_.shape
    start, end = wrap_dim(start_dim, len(shape), "flatten"), wrap_dim(end_dim, len(shape), "flatten")
    if not shape:
        return _reshape(input, (1,))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end:
        return input
    return _reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@public("unflatten")
def unflatten(input: Tensor, dim: int, sizes: int | Sequence[int]) -> Tensor:
    """Split one dimension into several.

    Args:
        input: of any dtype.
        dim: the dimension to split.
        sizes: the sizes that it is split into; one of them may be -1 and is then computed.

    Returns:
        a view of one dimension less than before and len(sizes) more.

    Raises:
        RuntimeError: where the sizes do not multiply up to that of the dimension.

    >>> import mibun as torch
    >>> torch.arange(6).unflatten(0, (2, 3)).shape
    torch.Size([2, 3])
    """
    check_tensor(input, "unflatten")
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "unflatten")
    sizes = sizes_of((sizes,), "unflatten", "sizes")
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    old = shape[dim] if shape else 1
    try:
        sizes = infer_shape(sizes, old)
    except RuntimeError as error:
        if "is invalid for" not in str(error):
            raise
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} ({old}) in the input "
            "tensor"
        ) from None
    return view(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


@public("ravel")
def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension, one after the other in memory: a view of a contiguous tensor, else a copy.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).ravel()
    tensor([1, 2, 3, 4])
    """
    check_tensor(input, "ravel")
    return view(input.contiguous(), -1)


# --- squeeze and unsqueeze ---


@op(
    linear,
    name="squeeze",
    node="SqueezeBackward0",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape),
)
def _squeeze_all(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@op(
    linear,
    name="squeeze_dim",
    node="SqueezeBackward1",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape),
)
def _squeeze_dim(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@op(
    linear,
    name="squeeze_dims",
    node="SqueezeBackward2",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape),
)
def _squeeze_dims(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@public("squeeze")
def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Drop dimensions of size 1.

    Args:
        input: of any dtype.
        dim: the dimension, or dimensions, to drop where they are of size 1; others stay. All of size 1 if not given.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.zeros(1, 3, 1).squeeze().shape
    torch.Size([3])
    >>> torch.zeros(1, 3, 1).squeeze(0).shape
    torch.Size([3, 1])
    """
    check_tensor(input, "squeeze")
    shape = input._array_.shape
    if dim is None:
        return _squeeze_all(input, dims=tuple([i for i, size in enumerate(shape) if size == 1]))
    record = _squeeze_dims if isinstance(dim, (tuple, list)) else _squeeze_dim
    dims = wrap_dims(dim, len(shape), "squeeze")
    return record(input, dims=tuple([i for i in dims if shape and shape[i] == 1]))


@op(linear, name="unsqueeze", view=True, dtype=None, vjp=lambda xp, g, dim: xp.squeeze(g, axis=dim))
def _unsqueeze(xp, input, *, dim):
    return input[(slice(None),) * dim + (None, ...)]


@public("unsqueeze")
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """Insert a dimension of size 1.

    Args:
        input: of any dtype.
        dim: where in the result it is, from -ndim - 1 to ndim.

    Returns:
        a view of one dimension more.

    Raises:
        IndexError: where `dim` is out of range.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).unsqueeze(1)
    tensor([[1],
            [2]])
    """
    check_tensor(input, "unsqueeze")
    return _unsqueeze.one(input, {"dim": wrap_dim(dim, input._array_.ndim + 1, "unsqueeze")})
