"""`index_reduce`: slices of one tensor reduced into those of another, by index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .index_writing import slice_arguments
from .scattering import reduce_vjp


def _everywhere(xp: Any, index: Array, shape: tuple[int, ...], dim: int) -> Array:
    """The vector of indices repeated to the full shape of the source, as `scatter_reduce` has it."""
    if not shape:
        return xp.reshape(index, ())
    return xp.broadcast_to(xp.reshape(index, (-1, *[1] * (len(shape) - dim - 1))), shape)


def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
    index = _everywhere(xp, index, tuple(source.shape), dim)
    return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)


@op(name="index_reduced", node="IndexReduceBackward0", dtype=None, constant=("index",), joint=_rule)
def _index_reduce(xp, input, index, source, *, dim, reduce, include_self):
    index = _everywhere(xp, index, tuple(source.shape), dim)
    return xp.scatter_reduced(input, index, source, dim=dim, reduce=reduce, include_self=include_self)


def _call(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, include_self: bool, form: Callable, *name: str
) -> Tensor:
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.")
    if isinstance(source, Tensor) and source._array_.dtype != input._array_.dtype:
        raise RuntimeError(
            f"index_reduce_(): self ({input.dtype.scalar_name}) and source ({source.dtype.scalar_name}) must have the "
            "same scalar type"
        )
    if isinstance(source, Tensor) and not input._array_.shape and source._array_.size != 1:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = [] "
            f"source.shape = {list(source._array_.shape)}"
        )
    dim = slice_arguments(input, dim, index, source, "index_reduce_", IndexError)
    kind = input._array_.dtype.kind
    if kind == "c" and reduce in ("amax", "amin"):
        words = "maximum" if reduce == "amax" else "minimum"
        raise NotImplementedError(f"\"{words}_cpu\" not implemented for '{input.dtype.scalar_name}'")
    if not include_self and kind in "bc":
        raise NotImplementedError(
            f"\"index_reduce_func_exclude_input_init\" not implemented for '{input.dtype.scalar_name}'"
        )
    if kind == "b" and reduce == "mean":
        raise NotImplementedError("\"div_floor_cpu\" not implemented for 'Bool'")
    if not input._array_.shape and source._array_.ndim:
        source, index = source.reshape(()), index.reshape(())
    params = {"dim": dim, "reduce": reduce, "include_self": bool(include_self)}
    return form(_index_reduce, (input, index, source), params, *name)


@public("index_reduce")
def index_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the slices of source reduced into those at `index` along a dimension.

    index: a vector of int32 or int64. source: of the input's shape, except for one slice per index. reduce: "prod",
    "mean", "amax" or "amin"; of equal extremes each gets the same part of the gradient. include_self: whether what is
    in the input counts too.

    >>> import mibun as torch
    >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])
    """
    result = _call(input, dim, index, source, reduce, include_self, apply)
    return finish(result, out, "index_reduce")


@public("index_reduce_", function=False)
def _index_reduce_(
    self: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`index_reduce`, into the tensor itself."""
    return _call(self, dim, index, source, reduce, include_self, apply_inplace, "index_reduce_")
