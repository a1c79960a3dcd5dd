"""Elementwise steps on large arrays, one after the other: done together on pieces that stay in the cache.

Each step gives the same numbers for each element, whatever is computed beside it, so that the result is the same bit
for bit; what is only passed from step to step is never written to memory as a whole.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .namespace import Kernel, Rows
from .recording import Recorder, Ref
from .steps import Step, refs_in, simplified

SMALLEST = 1 << 16  # elements of an array from which on it pays
PIECE = 1 << 14  # elements at a time
_INFIX = {operator.add, operator.sub, operator.mul, operator.truediv, operator.neg, operator.pos, operator.abs}
_INFIX |= {operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne}


def elementwise(step: Step, recorder: Recorder) -> tuple[int, ...] | None:
    """The shape of an elementwise step on whole arrays, all of one shape and contiguous; None for any other."""
    entry = step.entry
    if entry is None or entry.kind != "call" or entry.writes or step.text or type(entry.results) is not Ref:
        return None
    function = entry.function
    if type(function) in (Kernel, Rows):
        op = getattr(function, "op", None)
        if op is None or op.kind != "pointwise" or op.view or op.residuals:
            return None
        if any([refs_in(value, set()) for value in entry.kwargs.values()]):
            return None
    else:
        plain, _ = simplified(entry)
        if not (plain in _INFIX or (isinstance(plain, np.ufunc) and plain.nout == 1 and plain.signature is None)):
            return None
        if entry.kwargs:
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
    for place, step in enumerate(result):
        if isinstance(step, Group):
            if len(step.steps) == 1:
                result[place] = step.steps[0]
                continue
            step.outputs = sorted([number for number in step.gives if needed.get(number, -1) > place])
            step.gives = set(step.outputs)
            count += len(step.steps)
    return result, count


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
    last: dict[int, int] = {}
    for i, step in enumerate(group.steps):
        for number in step.uses:
            last[number] = i
    for step in group.steps:
        number = step.entry.results.number  # type: ignore[union-attr]
        names[number] = f"x{number}"
        expression = writer.call(step.entry, lambda one: names.get(one, f"v{one}"))
        if number in group.outputs:
            ufunc, _ = simplified(step.entry)  # type: ignore[arg-type]
            text.append(f"    w{number}[piece] = x{number} = {expression}")
        else:
            text.append(f"    x{number} = {expression}")
    used = [f"x{number}" for number in names]
    text.append(f"del {', '.join([*used, *[f'w{number}' for number in (*arrays, *group.outputs)]])}")
    return text
