"""Elementwise steps on large arrays, one after the other: done together on pieces that stay in the cache.

Each step gives the same numbers for each element, whatever is computed beside it, so that the result is the same bit
for bit; what is only passed from step to step is never written to memory as a whole. The loops over pieces are those of
`dispatch/pieces.py`: a group of steps is a formula like a kernel's, traced and written down in the same way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import natively
from ..dispatch.pieces import Elementwise, _Cut
from ..xp import numpy_namespace
from .namespace import Kernel
from .recording import Entry, Recorder, Ref
from .steps import Step, simplified

SMALLEST = 1 << 16  # elements of an array from which on it pays
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
_NAMES = {id(value): name for name, value in vars(numpy_namespace).items() if callable(value)}


def over(entry: Entry) -> Callable | None:
    """An elementwise entry as `function(xp, *arguments)`; None for any other."""
    function = entry.function
    if type(function) is Kernel:
        if not function.op.elementwise or (natively._WANTED and not _is_one_call(entry)):
            return None  # (what C does may differ in the last digit)
        kernel, params = function.op.kernel, entry.kwargs
        return lambda xp, *arrays: kernel(xp, *arrays, **params)
    if entry.kwargs:
        return None
    if (function is np.where or function is numpy_namespace.where) and len(entry.args) == 3:
        return lambda xp, *arrays: xp.where(*arrays)
    ufunc = _INFIX.get(function, function)
    if not isinstance(ufunc, np.ufunc) or ufunc.nout != 1 or ufunc.signature:
        return None
    name = _NAMES.get(id(ufunc), ufunc.__name__)
    return lambda xp, *arrays: getattr(xp, name)(*arrays)


def _is_one_call(entry: Entry) -> bool:
    function, before = simplified(entry)
    return not before and isinstance(_INFIX.get(function, function), np.ufunc)


def elementwise(step: Step, recorder: Recorder) -> tuple[int, ...] | None:
    """The shape of an elementwise step on whole arrays, all of one shape and contiguous; None for any other."""
    entry = step.entry
    if entry is None or entry.kind != "call" or entry.writes or step.text or type(entry.results) is not Ref:
        return None
    value = recorder.values[entry.results.number]
    if value.is_scalar or np.prod(value.shape) < SMALLEST or not _dense(value) or over(entry) is None:
        return None
    whole = False
    for one in entry.args:
        if type(one) is Ref:
            other = recorder.values[one.number]
            if other.shape != () and (other.shape != value.shape or not (_dense(other) or not any(other.strides))):
                return None
            whole = whole or (other.shape != () and any(other.strides))
        elif not isinstance(one, (bool, int, float, np.generic)):
            return None
    return value.shape if whole else None


def _dense(value: Any) -> bool:
    """Whether elements lie one after the other, in the order of the axes."""
    expected = value.dtype.itemsize
    for size, step in zip(reversed(value.shape), reversed(value.strides), strict=True):
        if size != 1 and step != expected:
            return False
        expected *= size
    return True


class Together(Elementwise):
    """Elementwise entries as one formula: called with the arrays that they are given, it returns those that are needed.

    What cannot be written as one loop is called entry by entry, as it was recorded.
    """

    def __init__(self, entries: list[Entry], inputs: list[int], outputs: list[int], name: str) -> None:
        self.entries, self.inputs, self.outputs = entries, inputs, outputs
        self.calls = [over(entry) for entry in entries]
        super().__init__(self.formula, name)

    def formula(self, xp: Any, *arrays: Any) -> tuple:
        """The entries over a namespace."""
        known = dict(zip(self.inputs, arrays, strict=True))
        for entry, call in zip(self.entries, self.calls, strict=True):
            arguments = [known[one.number] if type(one) is Ref else one for one in entry.args]
            known[entry.results.number] = call(xp, *arguments)  # type: ignore[misc]
        return tuple([known[number] for number in self.outputs])

    def __call__(self, *arrays: Any) -> tuple:
        cut = _Cut.of(arrays)
        if cut is not None:
            loop = self.loop(cut.key, lambda: self._write(cut, {}, None))
            if loop is None:
                loop = self.loop((*cut.key, cut.shape), lambda: self._write(cut, {}, cut.shape))
            found = None if loop is None else cut.run(loop)
            if found is not None:
                return found
        known = dict(zip(self.inputs, arrays, strict=True))
        for entry in self.entries:
            arguments = [known[one.number] if type(one) is Ref else one for one in entry.args]
            function, before = simplified(entry)
            known[entry.results.number] = function(*before, *arguments, **entry.kwargs)
        return tuple([known[number] for number in self.outputs])


class Group(Step):
    """Several elementwise steps that are done together."""

    __slots__ = ("call", "inputs", "outputs", "shape", "steps")

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__(None, "", set(), False)
        self.shape = shape
        self.steps: list[Step] = []
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self.call: Any = None

    def add(self, step: Step) -> None:
        """One more step."""
        self.steps.append(step)
        self.uses |= step.uses - self.gives
        self.gives |= step.gives


def fused(steps: list[Step], recorder: Recorder) -> tuple[list[Step], int]:
    """(the steps with groups in the places of elementwise ones, how many steps are in groups)

    A step joins the last group if nothing in between gives what it uses, and nothing that it reads is written there.
    What needs nothing of the group goes before it.
    """
    result: list[Step] = []
    open_: Group | None = None
    place = 0  # of the open group
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
            place = len(result)
            result.append(open_)
            continue
        if (
            open_ is not None
            and entry is not None
            and entry.kind in ("call", "load")
            and not entry.writes
            and step.uses.isdisjoint(blocked)
            and step.uses.isdisjoint(open_.gives)
        ):
            result.insert(place, step)
            place += 1
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
        step.inputs = sorted(step.uses)
        entries: list[Any] = [one.entry for one in step.steps]
        step.call = Together(entries, step.inputs, step.outputs, f"steps {entries[0].results.number} and on")
        count += len(step.steps)
        final.append(step)
    return final, count


def line(group: Group, writer: Any) -> str:
    """The line of a group."""
    target = ", ".join([f"v{number}" for number in group.outputs])
    return f"{target}, = {writer.constant(group.call)}({', '.join([f'v{number}' for number in group.inputs])})"
