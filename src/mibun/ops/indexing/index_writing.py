"""Writing slices at a vector of positions along a dimension (index_add, index_copy, index_fill), or elements (put).

Each has an in-place form. Where several values meet in one place, the last one counts, or all where they are added.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.batching import limits_of
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..annotations import Number
from .gathering import check_flat_index, check_index_bounds, lift, vector_index
from .indexing import number_for
from .scattering import as_new, in_place

# --- the operators on a vector of positions ---


def _put_slices(xp: Any, input: Array, index: Array, source: Array, dim: int, how: str) -> Array:
    if input.ndim == 0:
        source = xp.reshape(source, (-1,))
    result = xp.put_at(lift(xp, input), (None,) * dim + (lift(xp, index),), source, how)
    return xp.reshape(result, input.shape)


def _slices(xp: Any, g: Array, index: Array, dim: int, shape: tuple[int, ...]) -> Array:
    return xp.reshape(xp.select_indices(g, index, dim=dim), shape)


@op(
    linear,
    name="index_zero",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)},
)
def _index_zero(xp, input, index, *, dim):
    return _put_slices(xp, input, index, xp.zeros((1,) * max(input.ndim, 1), dtype=input.dtype), dim, "set")


@op(
    linear,
    name="add_slices",
    node="IndexAddBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g: g,
        "source": lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha,
    },
)
def _index_add(xp, input, index, source, *, dim, alpha):
    return _put_slices(xp, input, index, source if alpha == 1 else source * alpha, dim, "add")


@op(
    linear,
    name="copy_slices",
    node="IndexCopyBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim),
        "source": lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape),
    },
)
def _index_copy(xp, input, index, source, *, dim):
    return _put_slices(xp, input, index, source, dim, "set")


@op(
    name="fill_slices",
    node="IndexFillBackward0",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)},
    jvp={"input": lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)},
)
def _index_fill(xp, input, index, *, dim, value):
    filler = xp.full((1,) * max(input.ndim, 1), value, dtype=input.dtype)
    return _put_slices(xp, input, index, filler, dim, "set")


@op(
    linear,
    name="fill_slices_with",
    node="IndexFillBackward1",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim),
        "value": lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim)),
    },
)
def _index_fill_with(xp, input, index, value, *, dim):
    filler = xp.reshape(xp.astype(value, input.dtype), (1,) * max(input.ndim, 1))
    return _put_slices(xp, input, index, filler, dim, "set")


def slice_arguments(input: Tensor, dim: int, index: Tensor, source: Tensor, name: str, error: type) -> int:
    check_tensor(input, name)
    check_tensor(source, name, "source", 3)
    shape, own = input._array_.shape, source._array_.shape
    dim = wrap_dim(dim, len(shape), name)
    check_tensor(index, name, "index", 2)
    if index._array_.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, but got dim: {index._array_.ndim} with type: "
            f"{index.dtype.scalar_name} and size: {list(index._array_.shape)}"
        )
    vector_index(input, index, name)
    if source._array_.dtype != input._array_.dtype:
        a, b = input.dtype.scalar_name, source.dtype.scalar_name
        if name.startswith("index_add"):
            raise RuntimeError(f"{name}(): self ({a}) and source ({b}) must have the same scalar type")
        raise RuntimeError(
            f"{name}(): self and source expected to have the same dtype, but got (self) {a} and (source) {b}"
        )
    count = index._array_.size
    along = own[dim] if len(own) > dim else 1
    if count != along:
        raise error(
            f"{name}(): Number of indices ({count}) should be equal to source.size(dim): ({along}), for dim: {dim}"
        )
    expected = (*shape[:dim], count, *shape[dim + 1 :])
    if (own or (1,)) != (expected if shape else (count,)):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{list(shape)} source.shape = {list(own)}"
        )
    # In PyTorch each of them has checks of its own.
    kind, prefix = IndexError, f"{name}(): "
    if name.startswith("index_reduce") or (name.startswith("index_add") and len(shape) < 2):
        prefix = "index out of range in self: "
    elif name.startswith("index_add"):
        kind, prefix = RuntimeError, ""
    check_index_bounds(index._array_, shape[dim] if shape else 1, dim, kind, prefix)
    return dim


def _index_add_call(input: Tensor, dim: int, index: Tensor, source: Tensor, alpha: Number, run: Callable) -> Tensor:
    dim = slice_arguments(input, dim, index, source, "index_add_", RuntimeError)
    return run(_index_add, (input, index, source), {"dim": dim, "alpha": number_for(alpha, input)})


@public("index_add")
def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """A copy of the input with `alpha` times the slices of source added at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        source: of the input's dtype and shape, but for as many slices along `dim` as there are positions.
        alpha: a number.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Slices for one position add up.

    Raises:
        RuntimeError: where shapes or dtypes do not fit, or a position is out of range.

    >>> import mibun as torch
    >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])
    """
    result = _index_add_call(input, dim, index, source, alpha, as_new)
    return finish(result, out, "index_add")


@public("index_add_", function=False)
def _index_add_(self: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1) -> Tensor:
    """`index_add`, into the tensor itself."""
    return _index_add_call(self, dim, index, source, alpha, in_place("index_add_"))


def _index_copy_call(input: Tensor, dim: int, index: Tensor, source: Tensor, run: Callable) -> Tensor:
    dim = slice_arguments(input, dim, index, source, "index_copy_", IndexError)
    return run(_index_copy, (input, index, source), {"dim": dim})


@public("index_copy")
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with the slices of source written at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([5., 6.]))
    tensor([6., 0., 5.])
    """
    result = _index_copy_call(input, dim, index, source, as_new)
    return finish(result, out, "index_copy")


@public("index_copy_", function=False)
def _index_copy_(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """`index_copy`, into the tensor itself."""
    return _index_copy_call(self, dim, index, source, in_place("index_copy_"))


def _index_fill_call(input: Tensor, dim: int, index: Tensor, value: Tensor | Number, run: Callable) -> Tensor:
    check_tensor(input, "index_fill_")
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "index_fill_")
    vector_index(input, index, "index_fill_")
    size = shape[dim] if shape else 1
    limits = limits_of(index._array_)
    if limits is not None and (limits[0] < -size or limits[1] >= size):
        wrong = limits[0] if limits[0] < -size else limits[1]
        raise IndexError(f"index {wrong} is out of bounds for dimension {dim} with size {size}")
    if isinstance(value, Tensor):
        if value._array_.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._array_.ndim} dimension(s)."
            )
        return run(_index_fill_with, (input, index, value), {"dim": dim})
    value = number_for(value.item() if isinstance(value, np.generic) else value, input)
    return run(_index_fill, (input, index), {"dim": dim, "value": value})


@public("index_fill")
def index_fill(input: Tensor, dim: int, index: Tensor, value: Tensor | Number) -> Tensor:
    """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5)
    tensor([5., 0., 5.])
    """
    return _index_fill_call(input, dim, index, value, as_new)


@public("index_fill_", function=False)
def _index_fill_(self: Tensor, dim: int, index: Tensor, value: Tensor | Number) -> Tensor:
    """`index_fill`, into the tensor itself."""
    return _index_fill_call(self, dim, index, value, in_place("index_fill_"))


# --- put ---


def _put_input(xp: Any, g: Array, index: Array, accumulate: bool) -> Array:
    return g if accumulate else xp.clear_flat(g, index)


@op(
    linear,
    name="clear_flat",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index: xp.clear_flat(g, index)},
)
def _clear_flat(xp, input, index):
    flat = xp.put_at(xp.reshape(input, (-1,)), (xp.reshape(index, (-1,)),), xp.zeros((), dtype=input.dtype), "set")
    return xp.reshape(flat, input.shape)


@op(
    linear,
    name="put_flat",
    node="PutBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": _put_input,
        "source": lambda xp, g, index, source_shape: xp.reshape(xp.take_flat(g, index), source_shape),
    },
)
def _put_flat(xp, input, index, source, *, accumulate):
    flat = xp.put_at(
        xp.reshape(input, (-1,)), (xp.reshape(index, (-1,)),), xp.reshape(source, (-1,)), "add" if accumulate else "set"
    )
    return xp.reshape(flat, input.shape)


def _put_call(input: Tensor, index: Tensor, source: Tensor, accumulate: bool, run: Callable) -> Tensor:
    check_tensor(input, "put_")
    check_tensor(source, "put_", "source", 3)
    check_flat_index(input, index, "put_")
    if source._array_.dtype != input._array_.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype.scalar_name} and source.dtype = {source.dtype.scalar_name}"
        )
    if source._array_.size != index._array_.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{source._array_.size}, index.numel() = {index._array_.size}"
        )
    return run(_put_flat, (input, index, source), {"accumulate": bool(accumulate)})


@public("put")
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of the input with the elements of source at the positions `index` (int64) of it as if it were flat.

    >>> import mibun as torch
    >>> torch.put(torch.zeros(3), torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])
    """
    return _put_call(input, index, source, accumulate, as_new)


@public("put_", function=False)
def _put_(self: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """`put`, into the tensor itself."""
    return _put_call(self, index, source, accumulate, in_place("put_"))
