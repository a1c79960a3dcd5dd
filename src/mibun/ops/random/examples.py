"""Random numbers under `vmap`: which examples have numbers of their own, as its `randomness` says.

Each running level is asked, the innermost first. With "different" what is drawn has that level's hidden axis, in front
as in PyTorch: one array for all examples, so that a seed gives PyTorch's numbers; with "same" it has not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.batching import current_levels
from ...core.mode import MODE
from ...core.registry import DRAWING, Array, constant_beside, is_batched, is_elsewhere, namespace_of
from ...xp.batched import Batched
from ...xp.batched.array import INCOMPATIBLE, physical
from ...xp.numpy.memory import repeats

NEW, OVERWRITTEN = "new", "overwritten"  # what the numbers are for: a new tensor, or one that is overwritten

_ERROR = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' "
    "randomness flags on vmap or perform the randomness operation out of vmap"
)
_IMPLICIT = (  # a batch of gradients or tangents, for which the user cannot say "same" or "different"
    "vmap: We do not yet support calling random operations inside of vmap. Please perform random operations outside of "
    "vmap as a workaround"
)
_UNBATCHED = (
    "vmap: Cannot ask for different inplace randomness on an unbatched tensor. This will appear like same randomness. "
    "If this is necessary for your usage, please file an issue with functorch."
)
_SAME = (
    "Vmap does not currently support same randomness with a batched tensor input. Please file an issue with functorch"
)


def axes_of_examples(
    purpose: str, own: tuple[int, ...] = (), values: tuple[int, ...] = ()
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(the levels whose examples get different numbers, how many examples each has); RuntimeError where refused.

    own: the levels that a tensor to be overwritten is batched by; values: those of what the distribution depends on.
    """
    found = []
    for level in current_levels():
        level.draws = True
    for level in reversed(current_levels("vmap")):
        if level.randomness == "error":
            raise RuntimeError(_IMPLICIT if level.implicit else _ERROR)
        if level.randomness == "different":
            if purpose is OVERWRITTEN and level.number not in own:
                words = INCOMPATIBLE.replace("inplace arithmetic", "inplace bernoulli")
                raise RuntimeError(words if level.number in values else _UNBATCHED)
            found.append(level)
        elif level.number in values:
            raise RuntimeError(_SAME)
    found.reverse()
    return tuple([level.number for level in found]), tuple([level.size for level in found])


def _is_elsewhere(array: Any) -> bool:
    """Whether an array is another library's, and not one that is batched or sparse."""
    return hasattr(array, "dtype") and is_elsewhere(type(array))


def _laid_out_as(like: Array) -> np.ndarray:
    """An array of NumPy's of the shape, dtype and, where it has one, order in memory of another library's."""
    if is_batched(like):
        return namespace_of(like).to_numpy(like)
    strides = getattr(like, "strides", None)
    if strides is None or 0 in strides:
        return np.empty(like.shape, like.dtype)
    order = sorted(range(like.ndim), key=lambda axis: -strides[axis])
    return np.empty([like.shape[axis] for axis in order], like.dtype).transpose(np.argsort(order))


def drawn(like: Array, sample: Callable[[Array], Array], purpose: str = NEW) -> Any:
    """What `sample` draws for a raw array of the shape, dtype and order in memory of `like`: all draws are by this.

    Under `vmap`, for as many of them as there are examples with different numbers. On other devices the numbers are
    those of the CPU's generator.
    """
    if _is_elsewhere(like):
        return constant_beside(drawn(_laid_out_as(like), sample, purpose), like)
    if not MODE.get().transforms:
        return DRAWING[-1].draw(sample, (like,)) if DRAWING else sample(like)
    own = getattr(like, "levels", ())
    levels, sizes = axes_of_examples(purpose, own)
    if not levels:
        return sample(np.empty(like.shape, like.dtype) if own else like)
    kept = own == levels and not (purpose is NEW and repeats(like.array))
    whole = like.array if kept else np.empty((*sizes, *like.shape), like.dtype)
    return Batched(sample(whole), levels)


def drawn_of(values: tuple, sample: Callable) -> Any:
    """What `sample` draws for raw arrays that its distribution depends on (which broadcast)."""
    if any([_is_elsewhere(x) for x in values]):
        near = next(x for x in values if _is_elsewhere(x))
        there = drawn_of(tuple([namespace_of(x).to_numpy(x) if _is_elsewhere(x) else x for x in values]), sample)
        return constant_beside(there, near)
    if not MODE.get().transforms:
        return DRAWING[-1].draw(sample, values) if DRAWING else sample(*values)
    own = tuple({level for x in values for level in getattr(x, "levels", ())})
    levels, sizes = axes_of_examples(NEW, values=own)
    if not levels:
        return sample(*values)
    rank = max([x.ndim for x in values])
    aligned = [physical(x, levels, rank) for x in values]
    # The examples that have the same parameters have numbers of their own, too.
    shape = (*sizes, *np.broadcast_shapes(*[x.shape for x in values]))
    if np.broadcast_shapes(*[np.shape(x) for x in aligned]) != shape:
        aligned[0] = np.ascontiguousarray(np.broadcast_to(aligned[0], shape))
    return Batched(sample(*aligned), levels)


__all__ = ["NEW", "OVERWRITTEN", "axes_of_examples", "drawn", "drawn_of"]
