"""Tangents: what carries them, and for how long. The rules that compute them are in `dispatch/jvp.py`.

Inside a dual level a Tensor (or a node that saves tangents) may carry the tangent of its value; when the level is left,
all of them lose theirs."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from .mode import MODE
from .views import View, replay

# level -> what carries a tangent at that level (tensors and nodes), to be cleared when the level is left
LEVELS: dict[int, list[weakref.ref]] = {}


# What `Mode.dual_level` is without a level, and with forward mode switched off (by `_set_fwd_grad_enabled`): the second
# is lowered by the number of the suspended level.
NO_LEVEL, SWITCHED_OFF, SUSPENDED = -1, -2, -3


def level_of(mode: Any) -> int:
    """The dual level that was entered, suspended or not; negative without one."""
    level = mode.dual_level
    return level if level >= SWITCHED_OFF else SUSPENDED - level


def leave_level(level: int) -> None:
    for reference in LEVELS.pop(level, ()):
        holder = reference()
        if holder is not None:
            holder._tangent_ = None


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


def set_tangent(tensor: Any, tangent: Any) -> None:
    """Let `tensor` (or a node that saves tangents) carry `tangent` until the current level is left."""
    tensor._tangent_ = tangent
    level = LEVELS.get(MODE.get().dual_level)
    if level is not None:
        level.append(weakref.ref(tensor))


def tangent_of(tensor: Any) -> Any:
    """The tangent of a Tensor; a view made before its base got one sees its part of it. None for anything else."""
    mode = MODE.get()
    if mode.dual_level < 0 or mode.inference:
        return None
    tangent = getattr(tensor, "_tangent_", None)
    if tangent is None:
        view = getattr(tensor, "_edge_", None)
        if type(view) is View and view.base._tangent_ is not None and shares_tangent(view):
            with TangentsOff():
                tangent = replay(view.steps(tensor), view.base._tangent_, True)
            set_tangent(tensor, tangent)
    return tangent


def refuse_dual(tensors: Sequence, function: str, reason: str) -> None:
    """NotImplementedError if one of the tensors is dual, for what has no tangent."""
    if any(tangent_of(tensor) is not None for tensor in tensors):
        raise NotImplementedError(f"Trying to use forward AD with {function} {reason}")


class TangentsOff:
    """Runs the tangents' own computation outside of the dual level."""

    def __enter__(self) -> Any:
        self.mode = MODE.get()
        MODE.set(self.mode.replace(dual_level=-1))
        return self.mode

    def __exit__(self, *error: object) -> None:
        MODE.set(self.mode)
