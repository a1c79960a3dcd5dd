"""Elements where a mask is true: `masked_select` reads them in order, `masked_scatter` writes them in order."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...core.batching import all_values
from ...core.meta import refuse_meta
from ...core.tensor import Tensor
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .examples_indices import refuse_mask
from .scattering import as_new, in_place

# --- masked_select ---


@op(
    linear,
    name="mask_read",
    node="MaskedSelectBackward0",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, input_shape, mask: xp.mask_embed(g, mask, shape=input_shape)},
)
def _masked_select(xp, input, mask):
    shape = input.shape
    if mask.shape != shape:
        shape = tuple(np.broadcast_shapes(shape, mask.shape))
        input, mask = xp.broadcast_to(input, shape), xp.broadcast_to(mask, shape)
    return xp.index_with(xp.reshape(input, (-1,)), (xp.true_positions(mask),))


@op(
    linear,
    name="mask_embed",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, mask, shape: xp.mask_read(xp.broadcast_to(g, _joined(shape, mask)), mask)},
)
def _mask_embed(xp, input, mask, *, shape):
    both = _joined(shape, mask)
    size = 1
    for n in both:
        size *= n
    positions = xp.true_positions(xp.broadcast_to(mask, both))
    result = xp.put_at(xp.zeros((size,), dtype=input.dtype), (positions,), input, "set")
    return xp.reshape(result, both)


def _joined(shape: tuple[int, ...], mask: Tensor) -> tuple[int, ...]:
    return tuple(np.broadcast_shapes(shape, tuple(mask.shape)))


@public("masked_select")
def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where a mask is true, as a vector.

    Args:
        input: of any dtype.
        mask: bool; input and mask broadcast.
        out: a tensor to write the result into.

    Returns:
        a new 1-D tensor. Its gradient goes back to the elements read.

    Raises:
        RuntimeError: for other dtypes of the mask, and where the shapes do not broadcast.

    >>> import mibun as torch
    >>> x = torch.tensor([1, 2, 3])
    >>> torch.masked_select(x, x > 1)
    tensor([2, 3])
    """
    check_tensor(input, "masked_select")
    check_tensor(mask, "masked_select", "mask", 2)
    if mask._array_.dtype.kind != "b":
        raise RuntimeError(f"masked_select: expected BoolTensor for mask, but got {mask.dtype}")
    check_broadcast([mask._array_.shape, input._array_.shape])
    refuse_mask(mask, "masked_select")
    refuse_meta(mask, "masked_select")
    result = _masked_select(input, mask)
    return finish(result, out, "masked_select")


# --- masked_scatter ---


@op(
    linear,
    name="mask_write",
    node="MaskedScatterBackward0",
    dtype=None,
    constant=("mask",),
    vjp={
        "input": lambda xp, g, mask: xp.where(mask, xp.zeros_like(g), g),
        "source": lambda xp, g, mask, source_shape: xp.mask_taken(g, mask, shape=source_shape),
    },
)
def _masked_scatter(xp, input, mask, source):
    return xp.fill_in_order(input, mask, source)


@op(
    linear,
    name="mask_taken",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, mask: xp.mask_write(xp.zeros(mask.shape, dtype=g.dtype), mask, g)},
)
def _mask_taken(xp, input, mask, *, shape):
    return xp.reshape(xp.taken_in_order(input, mask, math.prod(shape)), shape)


def _masked_scatter_call(input: Tensor, mask: Tensor, source: Tensor, name: str, run: Callable) -> Tensor:
    check_tensor(input, name)
    check_tensor(mask, name, "mask", 2)
    check_tensor(source, name, "source", 3)
    if mask._array_.dtype.kind != "b":
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {mask.dtype.scalar_name}"
        )
    if input._array_.dtype != source._array_.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{input.dtype.scalar_name} and {source.dtype.scalar_name}"
        )
    check_broadcast([mask._array_.shape, input._array_.shape])
    both = tuple(np.broadcast_shapes(input._array_.shape, mask._array_.shape))
    if both != input._array_.shape:
        if name.endswith("_"):
            raise RuntimeError(
                f"output with shape {list(input._array_.shape)} doesn't match the broadcast shape {list(both)} "
                f"(in {name})"
            )
        input = input.expand(both)
    if mask._array_.shape != both:
        mask = mask.expand(both).contiguous()
    counts = all_values(mask.sum()._array_)
    if counts.size and counts.max() > source._array_.size:
        raise RuntimeError(
            f"Number of elements of source < number of ones in mask: {source._array_.size} < {counts.max()}"
        )
    return run(_masked_scatter, (input, mask, source), {})


@public("masked_scatter")
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy of the input with the elements of source, in order, where a bool mask is true; they broadcast.

    >>> import mibun as torch
    >>> torch.masked_scatter(torch.zeros(3), torch.tensor([True, False, True]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])
    """
    return _masked_scatter_call(input, mask, source, "masked_scatter", as_new)


@public("masked_scatter_", function=False)
def _masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """`masked_scatter`, into the tensor itself."""
    return _masked_scatter_call(self, mask, source, "masked_scatter_", in_place("masked_scatter_"))
