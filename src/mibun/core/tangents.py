"""Tangents: what carries them, and for how long. The rules that compute them are in `dispatch/jvp.py`.

Inside a dual level a Tensor (or a node that saves tangents) may carry the tangent of its value; when the level is left,
all of them lose theirs. Levels nest: `_tangent_` is None or a dict of one tangent for each level. The formulas for the
tangents of a level run in the mode of the next outer one, so that a tangent carries tangents of the outer levels, and
none of the inner ones. So the outer levels are always treated first.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from typing import Any

from .mode import MODE, Mode
from .views import View, replay

# level -> what carries a tangent at that level (tensors and nodes), to be cleared when the level is left
LEVELS: dict[int, list[weakref.ref]] = {}

LEVEL_NUMBERS = itertools.count(1)  # of function transforms too: no number is used twice


def enter_level(mode: Mode, level: int) -> Mode:
    """The mode inside of a new dual level."""
    LEVELS[level] = []
    return mode.replace(dual_levels=(*mode.dual_levels, level))


def leave_level(level: int) -> None:
    """Take the tangents of a level from all that carry them."""
    for reference in LEVELS.pop(level, ()):
        holder = reference()
        if holder is not None and holder._tangent_ is not None and level in holder._tangent_:
            rest = dict(holder._tangent_)
            del rest[level]
            holder._tangent_ = rest or None


def outer_mode(mode: Mode) -> Mode:
    """The mode in which the tangents of the innermost level are computed: that level is not there yet."""
    outer = mode.outer
    if outer is None:
        levels = mode.dual_levels
        outer = mode.outer = mode.replace(dual_levels=levels[:-1]) if levels else mode
    return outer


def modes_by_level(mode: Mode) -> Sequence[Mode]:
    """For each dual level, outermost first, the mode in which it is the innermost; the last one is `mode` itself."""
    if len(mode.dual_levels) < 2:
        return (mode,)
    modes = [mode]
    while len(modes[-1].dual_levels) > 1:
        modes.append(outer_mode(modes[-1]))
    return modes[::-1]


def check_tangent_size(tensor: Any, tangent: Any) -> None:
    if tensor._array_.shape != tangent._array_.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not "
            f"supported. Tensor is of size {list(tensor._array_.shape)} while the given forward gradient is of size "
            f"{list(tangent._array_.shape)}."
        )


def shares_tangent(view: View) -> bool:
    """Whether a view's tangent is a view of its base's: not where a primal was taken on the way."""
    return not any(step[0].name == "fw_primal" for step in view.chain)


def set_tangent(tensor: Any, tangent: Any, level: int | None = None) -> None:
    """Let `tensor` (or a node that saves tangents) carry `tangent` until the level is left.

    level: the innermost one, if not given.
    """
    if level is None:
        level = MODE.get().dual_level
    tangents = tensor._tangent_
    tensor._tangent_ = {level: tangent} if tangents is None else {**tangents, level: tangent}
    holders = LEVELS.get(level)
    if holders is not None:
        holders.append(weakref.ref(tensor))


def copy_tangents(source: Any, target: Any) -> None:
    """Let `target` carry what `source` carries, at all levels."""
    mode = MODE.get()
    if mode.dual_levels and type(source._edge_) is View:  # which may see the tangents of its base, if asked
        try:
            for inner in modes_by_level(mode):
                MODE.set(inner)
                tangent_of(source)
        finally:
            MODE.set(mode)
    tangents = source._tangent_
    if tangents is not None:
        for level, tangent in tangents.items():
            set_tangent(target, tangent, level)


def tangent_of(tensor: Any) -> Any:
    """The tangent of a Tensor at the innermost level; a view made before its base got one sees its part of it.

    None for anything else.
    """
    mode = MODE.get()
    level = mode.dual_level
    if level < 0 or mode.inference:
        return None
    tangents = getattr(tensor, "_tangent_", None)
    if tangents is not None and level in tangents:
        return tangents[level]
    view = getattr(tensor, "_edge_", None)
    if type(view) is View:
        tangents = view.base._tangent_
        if tangents is not None and level in tangents and shares_tangent(view):
            with TangentsOff():
                tangent = replay(view.steps(tensor), tangents[level], True)
            set_tangent(tensor, tangent)
            return tangent
    return None


def refuse_dual(tensors: Sequence, function: str, reason: str) -> None:
    """NotImplementedError if one of the tensors is dual, for what has no tangent."""
    mode = MODE.get()
    try:
        for inner in modes_by_level(mode):
            MODE.set(inner)
            if any(tangent_of(tensor) is not None for tensor in tensors):
                raise NotImplementedError(f"Trying to use forward AD with {function} {reason}")
    finally:
        MODE.set(mode)


class TangentsOff:
    """Runs the computation of the innermost level's tangents outside of that level."""

    def __enter__(self) -> Any:
        self.mode = MODE.get()
        MODE.set(outer_mode(self.mode))
        return self.mode

    def __exit__(self, *error: object) -> None:
        MODE.set(self.mode)
