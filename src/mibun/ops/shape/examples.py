"""Between the levels of `vmap`: a tensor taken apart into examples, examples put together, their sum.

`func/vmap.py` is what users call. These are views: examples share the memory of what they were taken from.
"""

from __future__ import annotations

from ...core.node import raw
from ...core.registry import NAMESPACES, is_batched
from ...core.tensor import Tensor
from ...dispatch.apply import apply_generally
from ...dispatch.declare import linear, op
from ...dispatch.fast import make_one
from ...xp import batched


def _together(xp, g, dim, level, size):
    if is_batched(g) and dim == 0 and g.levels == (level,):
        return g.array  # the whole of it
    if level not in getattr(raw(g), "levels", ()):  # the same for all examples
        shape = tuple(g.shape)
        return xp.broadcast_to(xp.expand_dims(g, dim), (*shape[:dim], size, *shape[dim:]))
    return xp.batch_out(g, dim=dim, level=level, size=size)


@op(linear, name="batch_in", dtype=None, view=True, vjp=_together)
def batch_in(xp, input, *, dim, level, size):
    """The axis `dim` hidden, as that of a level of vmap."""
    return batched.over(input).into_examples(input, dim, level)


def _apart(xp, g, dim, level, size):
    return xp.batch_in(g, dim=dim, level=level, size=size)


def _tangents_apart(xp, t, dim, level, size):
    return batch_out(t, dim=dim, level=level, size=size)  # which may be the same for all examples


@op(linear, name="batch_out", dtype=None, view=True, vjp=_apart, jvp=_tangents_apart)
def _batch_out(xp, input, *, dim, level, size):
    """The hidden axis of a level shown as axis `dim`."""
    return batched.over(input).out_of_examples(input, dim, level, size)


def batch_out(input: Tensor, *, dim: int, level: int, size: int) -> Tensor:
    """The hidden axis of a level shown as axis `dim`; what is the same for all examples is repeated."""
    if level in getattr(input._array_, "levels", ()):
        return _batch_out.one(input, {"dim": dim, "level": level, "size": size})
    shape = input._array_.shape
    return input.unsqueeze(dim).expand(*shape[:dim], size, *shape[dim:])


def _repeated(xp, g, levels, sizes):
    if isinstance(g, Tensor):
        return repeat_examples(g, levels=levels, sizes=sizes)
    return batched.over(g).repeated(g, levels, sizes)


@op(linear, name="sum_examples", dtype=None, vjp=_repeated)
def sum_examples(xp, input, *, levels, sizes):
    """The sum over the examples of some levels, of which there are as many as `sizes` says."""
    return _summed(xp, input, levels, sizes)


def _summed(xp, g, levels, sizes):
    if isinstance(g, Tensor):
        return sum_examples(g, levels=levels, sizes=sizes)
    own = getattr(g, "levels", ())
    for level, size in zip(levels, sizes, strict=True):
        if level not in own:  # the same for all
            g = g * size
    present = tuple([level for level in levels if level in own])
    return NAMESPACES[type(g)].sum_examples(g, present) if present else g


@op(linear, name="repeat_examples", dtype=None, vjp=_summed)
def repeat_examples(xp, input, *, levels, sizes):
    """The transpose of `sum_examples`: an array for each example, the same for all."""
    return batched.over(input).repeated(input, levels, sizes)


for _op in (batch_in, _batch_out, sum_examples, repeat_examples):
    _op.one = make_one(_op, apply_generally, between_levels=True)

__all__ = ["batch_in", "batch_out", "repeat_examples", "sum_examples"]
