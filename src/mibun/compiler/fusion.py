"""Elementwise steps on large arrays, one after the other: done together on pieces that stay in the cache.

Each step gives the same numbers for each element, whatever is computed beside it, so that the result is the same bit
for bit; what is only passed from step to step is never written to memory as a whole.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .recording import Recorder, Ref
from .steps import Step, simplified

SMALLEST = 1 << 16  # elements of an array from which on it pays
PIECE = 1 << 14  # elements at a time
# Python's operators, and the ufuncs that they are for arrays.
_INFIX: dict[Any, np.ufunc] = {
    operator.abs: np.absolute,
    operator.add: np.add,
    operator.eq: np.equal,
    operator.ge: np.greater_equal,
    operator.gt: np.greater,
    operator.le: np.less_equal,
    operator.lt: np.less,
    operator.mul: np.multiply,
    operator.ne: np.not_equal,
    operator.neg: np.negative,
    operator.pos: np.positive,
    operator.sub: np.subtract,
    operator.truediv: np.divide,
}


def elementwise(step: Step, recorder: Recorder) -> tuple[int, ...] | None:
    """The shape of an elementwise step on whole arrays, all of one shape and contiguous; None for any other."""
    entry = step.entry
    if entry is None or entry.kind != "call" or entry.writes or step.text or type(entry.results) is not Ref:
        return None
    # (A kernel that is more than one function has its own way to go over large arrays.)
    function, before = simplified(entry)
    if before or entry.kwargs:
        return None
    if function not in _INFIX and not (
        isinstance(function, np.ufunc) and function.nout == 1 and not function.signature
    ):
        return None
    value = recorder.values[entry.results.number]
    if value.is_scalar or np.prod(value.shape) < SMALLEST or not _dense(value):
        return None
    for one in entry.args:
        if type(one) is Ref:
            other = recorder.values[one.number]
            if other.shape != () and (other.shape != value.shape or not _dense(other)):
                return None
        elif not isinstance(one, (bool, int, float, complex, np.generic)):
            return None
    return value.shape


def _dense(value: Any) -> bool:
    """Whether elements lie one after the other, in the order of the axes."""
    expected = value.dtype.itemsize
    for size, step in zip(reversed(value.shape), reversed(value.strides), strict=True):
        if size != 1 and step != expected:
            return False
        expected *= size
    return True


class Group(Step):
    """Several elementwise steps that are done together."""

    __slots__ = ("outputs", "shape", "steps")

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__(None, "", set(), False)
        self.shape = shape
        self.steps: list[Step] = []
        self.outputs: list[int] = []

    def add(self, step: Step) -> None:
        """One more step."""
        self.steps.append(step)
        self.uses |= step.uses - self.gives
        self.gives |= step.gives


def fused(steps: list[Step], recorder: Recorder) -> tuple[list[Step], int]:
    """(the steps with groups in the places of elementwise ones, how many steps are in groups)

    A step joins the last group if nothing in between gives what it uses, and nothing that it reads is written there.
    """
    result: list[Step] = []
    open_: Group | None = None
    blocked: set[int] = set()  # values that are given after the open group
    for step in steps:
        shape = elementwise(step, recorder)
        entry = step.entry
        if shape is not None:
            if open_ is not None and open_.shape == shape and step.uses.isdisjoint(blocked):
                open_.add(step)
                continue
            open_ = Group(shape)
            open_.add(step)
            blocked = set()
            result.append(open_)
            continue
        result.append(step)
        blocked |= step.gives
        if entry is None or entry.writes or entry.kind in ("native", "guard"):
            open_ = None
    needed: dict[int, int] = {}
    for place, step in enumerate(result):
        for number in step.uses:
            needed[number] = place
    count = 0
    final: list[Step] = []
    for place, step in enumerate(result):
        if not isinstance(step, Group):
            final.append(step)
            continue
        step.outputs = sorted([number for number in step.gives if needed.get(number, -1) > place])
        if len(step.outputs) == len(step.steps):  # all of it is needed as a whole
            final += step.steps
            continue
        step.gives = set(step.outputs)
        count += len(step.steps)
        final.append(step)
    return final, count


def lines(group: Group, recorder: Recorder, writer: Any) -> list[str]:
    """The lines of a group: a loop over pieces."""
    values = recorder.values
    size = int(np.prod(group.shape))
    text: list[str] = []
    arrays = [number for number in sorted(group.uses) if values[number].shape != ()]
    for number in arrays:
        text.append(f"w{number} = v{number}.reshape(-1)")
    for number in group.outputs:
        shape, dtype = writer.constant(group.shape), writer.constant(values[number].dtype)
        text.append(f"v{number} = empty({shape}, {dtype})")
        text.append(f"w{number} = v{number}.reshape(-1)")
    text.append(f"for i in range(0, {size}, {PIECE}):")
    text.append(f"    piece = slice(i, i + {PIECE})")
    names = {number: f"x{number}" for number in arrays}
    for number in arrays:
        text.append(f"    x{number} = w{number}[piece]")
    for step in group.steps:
        entry: Any = step.entry
        number = entry.results.number
        names[number] = f"x{number}"
        if number in group.outputs:
            function, _ = simplified(entry)
            ufunc = writer.constant(_INFIX.get(function, function))
            args = [writer.argument(one, lambda one: names.get(one, f"v{one}")) for one in entry.args]
            text.append(f"    x{number} = {ufunc}({', '.join(args)}, w{number}[piece])")
        else:
            text.append(f"    x{number} = {writer.call(entry, lambda one: names.get(one, f'v{one}'))}")
    used = [f"x{number}" for number in names]
    text.append(f"del {', '.join([*used, *[f'w{number}' for number in (*arrays, *group.outputs)]])}")
    return text
