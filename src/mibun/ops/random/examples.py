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
from ...core.registry import Array
from ...xp.batched import Batched
from ...xp.batched.array import INCOMPATIBLE, physical

# What the numbers are for: a new tensor; one that is overwritten; one whose distribution depends on a tensor's values.
NEW, OVERWRITTEN, OF_VALUES = "new", "overwritten", "of values"

_ERROR = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' "
    "randomness flags on vmap or perform the randomness operation out of vmap"
)
_UNBATCHED = (
    "vmap: Cannot ask for different inplace randomness on an unbatched tensor. This will appear like same randomness. "
    "If this is necessary for your usage, please file an issue with functorch."
)
_SAME = (
    "Vmap does not currently support same randomness with a batched tensor input. Please file an issue with functorch"
)


def axes_of_examples(own: tuple[int, ...], purpose: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(the levels whose examples get different numbers, how many examples each has); RuntimeError where refused.

    own: the levels that the tensor given is batched by.
    """
    found = []
    for level in reversed(current_levels("vmap")):
        if level.randomness == "error":
            raise RuntimeError(_ERROR)
        if level.randomness == "different":
            if purpose is OVERWRITTEN and level.number not in own:
                raise RuntimeError(_UNBATCHED)
            found.append(level)
        elif purpose is OF_VALUES and level.number in own:
            raise RuntimeError(_SAME)
    found.reverse()
    return tuple([level.number for level in found]), tuple([level.size for level in found])


def drawn(like: Array, sample: Callable[[Array], Array], purpose: str = NEW) -> Any:
    """What `sample` draws for a raw array of the shape, dtype and order in memory of `like`: all draws are by this.

    Under `vmap`, for as many of them as there are examples with different numbers.
    """
    if not MODE.get().transforms:
        return sample(like)
    own = getattr(like, "levels", ())
    levels, sizes = axes_of_examples(own, purpose)
    if not levels:
        return sample(np.empty(like.shape, like.dtype) if own else like)
    whole = like.array if own == levels else np.empty((*sizes, *like.shape), like.dtype)
    return Batched(sample(whole), levels)


def drawn_of(values: tuple, sample: Callable) -> Any:
    """What `sample` draws for raw arrays that its distribution depends on: parameters, elementwise with broadcasting."""
    if not MODE.get().transforms:
        return sample(*values)
    own = tuple({level for x in values for level in getattr(x, "levels", ())})
    levels, sizes = axes_of_examples(own, OF_VALUES)
    if not levels:
        return sample(*values)
    rank = max([x.ndim for x in values])
    aligned = [physical(x, levels, rank) for x in values]
    # The examples that have the same parameters have numbers of their own, too.
    shape = (*sizes, *np.broadcast_shapes(*[x.shape for x in values]))
    if np.broadcast_shapes(*[np.shape(x) for x in aligned]) != shape:
        aligned[0] = np.broadcast_to(aligned[0], shape)
    return Batched(sample(*aligned), levels)


def check_probabilities(own: tuple[int, ...], other: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """As `axes_of_examples`, for a tensor that is overwritten with numbers that depend on the values of another."""
    levels, sizes = axes_of_examples((), OF_VALUES) if not other else axes_of_examples(other, OF_VALUES)
    if any([level not in own for level in other]):
        raise RuntimeError(INCOMPATIBLE.replace("inplace arithmetic", "inplace bernoulli"))
    axes_of_examples(own, OVERWRITTEN)
    return levels, sizes


__all__ = ["NEW", "OF_VALUES", "OVERWRITTEN", "axes_of_examples", "check_probabilities", "drawn", "drawn_of"]
