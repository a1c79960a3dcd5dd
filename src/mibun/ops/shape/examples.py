"""Between the levels of `vmap`: a tensor taken apart into examples, examples put together, their sum.

`func/vmap.py` is what users call. These are views: examples share the memory of what they were taken from.
"""

from __future__ import annotations

from ...core.node import raw
from ...core.registry import NAMESPACES
from ...core.tensor import Tensor
from ...dispatch.declare import linear, op
from ...xp import batched


def _together(xp, g, dim, level, size):
    if level not in getattr(raw(g), "levels", ()):  # the same for all examples
        shape = tuple(g.shape)
        return xp.broadcast_to(xp.expand_dims(g, dim), (*shape[:dim], size, *shape[dim:]))
    return xp.batch_out(g, dim=dim, level=level, size=size)


@op(linear, name="batch_in", dtype=None, view=True, vjp=_together)
def batch_in(xp, input, *, dim, level, size):
    """The axis `dim` hidden, as that of a level of vmap."""
    return batched.memory.into_examples(input, dim, level)


batch_in.one = None  # the fast path makes plain Tensors


def _apart(xp, g, dim, level, size):
    return xp.batch_in(g, dim=dim, level=level, size=size)


@op(linear, name="batch_out", dtype=None, view=True, vjp=_apart)
def _batch_out(xp, input, *, dim, level, size):
    """The hidden axis of a level shown as axis `dim`."""
    return batched.memory.out_of_examples(input, dim, level, size)


def batch_out(input: Tensor, *, dim: int, level: int, size: int) -> Tensor:
    """The hidden axis of a level shown as axis `dim`; what is the same for all examples is repeated."""
    if level in getattr(input._array_, "levels", ()):
        return _batch_out(input, dim=dim, level=level, size=size)
    shape = input._array_.shape
    return input.unsqueeze(dim).expand(*shape[:dim], size, *shape[dim:])


@op(linear, name="sum_examples", dtype=None, vjp=lambda xp, g: xp.reshape(g, g.shape))
def sum_examples(xp, input, *, levels):
    """The sum over the examples of some levels."""
    return NAMESPACES[type(input)].sum_examples(input, levels)


__all__ = ["batch_in", "batch_out", "sum_examples"]
