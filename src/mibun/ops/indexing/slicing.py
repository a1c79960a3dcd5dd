"""Views by ints, slices and None: the operators of basic indexing, `select` and `narrow`."""

from __future__ import annotations

from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import Op, linear, op
from ...dispatch.public import public


def _read(xp: Any, input: Array, *, index: tuple) -> Array:
    return input[index]  # the index always has an ellipsis, which makes it a view in 0-d too


def _basic(name: str, node: str) -> Op:
    """One operator for a whole basic index, under the name of the node of its last step."""
    return op(
        linear,
        name=name,
        node=node,
        view=True,
        dtype=None,
        vjp=lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index),
    )(_read)


select_basic = _basic("select", "SelectBackward0")


slice_basic = _basic("basic_index", "SliceBackward0")


insert_dims = _basic("insert_dims", "UnsqueezeBackward0")


last_step = {"select": select_basic, "slice": slice_basic, "unsqueeze": insert_dims}


@op(linear, name="basic_index_embed", dtype=None, vjp=lambda xp, g, index: xp.basic_index(g, index=index))
def _basic_index_embed(xp, input, *, shape, index):
    return xp.embed_index(input, shape, index)


@public("select")
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """One slice along a dimension, without that dimension. A view.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.
        index: which slice; counted from the end if negative.

    Returns:
        a view of one dimension less.

    Raises:
        IndexError: where there is no such dimension or slice.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).select(1, 0)
    tensor([1, 3])
    """
    check_tensor(input, "select")
    shape = input._array_.shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), "select")
    index = whole(index, "select", "index")
    size = shape[dim]
    if not -size <= index < size:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(shape)} at dimension {dim}")
    return select_basic(input, index=(*(slice(None),) * dim, index % size, ...))


@public("narrow")
def narrow(input: Tensor, dim: int, start: int | Tensor, length: int) -> Tensor:
    """`length` slices along a dimension, from `start` (an int or a 0-d int tensor; from the end if negative). A view.

    RuntimeError where they are not all there, IndexError where `start` is out of range.

    >>> import mibun as torch
    >>> torch.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])
    """
    check_tensor(input, "narrow")
    shape = input._array_.shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), "narrow")
    if isinstance(start, Tensor) and (start._array_.ndim or start._array_.dtype.kind not in "iu"):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    first, length = whole(start, "narrow", "start"), whole(length, "narrow", "length")
    size = shape[dim]
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= first <= size:
        raise IndexError(f"start out of range (expected to be in range of [-{size}, {size}], but got {first})")
    if first < 0:
        first += size
    if first + length > size:
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({size}).")
    return slice_along(input, dim, first, first + length)


def slice_along(input: Tensor, dim: int, start: int, stop: int, step: int = 1) -> Tensor:
    """`input[..., start:stop:step, ...]` along one dimension, all of it in range."""
    return slice_basic(input, index=(*(slice(None),) * dim, slice(start, stop, step), ...))
