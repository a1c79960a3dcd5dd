"""Traces written out as loops over pieces: straight lines of NumPy's functions that work in memory made once.

What a formula makes on its way goes into buffers of one piece, which stay in the cache and are used again as soon as
their value is not needed any more, or into the piece of the result that is to be written anyway. So a formula of ten
steps goes through memory once. The arithmetic is that of the steps, operation by operation; only sums over short rows
are BLAS's (`vecdot`), which adds in another order, as exactly.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ..xp.numpy import large
from ..xp.numpy.rows import add_rows
from .template import function
from .traces import Rows, Step, Trace, Value

_LONGEST = 1 << 12  # elements of a row that BLAS may add up: it has some lanes, NumPy adds in pairs
_SHORTEST = 4
_LONG = 512  # elements of a row from which on NumPy's copying of rows to a buffer only delays
_SUMS = {"sum": False, "mean": False, "row_sums": True, "mean_of_products": True}  # and whether they keep the axes

LOOP = """
def loop(starts, step, rest, {arrays}{outs}):
{before}
    for start in starts:
        stop = start + step
{pieces}
{body}
"""


class Loop:
    """A trace as a function that works on some pieces of its arguments.

    run: `run(starts, step, rest, *arrays, *outs)`: for each `start`, the rows from there to `start + step`; `rest` is
    the shape of one row. outs: for each result how it is given: "piece" (an array to write rows into), "sum" or "total"
    (an array with a place for what the rows, or all elements, of each piece add up to) or the number of the argument
    that it is; None for none. pays: from how many elements it does, alone and with other threads.
    cost: roughly, in passes over an array. buffered: how many steps write floating numbers into memory of the loop's.
    """

    pays: tuple[int, int] = (0, 0)

    def __init__(self, trace: Trace, summed: tuple[bool, ...], name: str) -> None:
        self.trace = trace
        self._scope: dict[str, Any] = {
            "empty": np.empty,
            "vecdot": np.vecdot,
            "setbufsize": np.setbufsize,
            "add": np.add.reduce,
        }
        self.outs = [self._how(result, summed[i]) for i, result in enumerate(trace.results)]
        self.full = self._full_shape()
        self._steps, self._sums = self._with_sums(trace.steps)
        self.cost = sum([_cost(step) for step in self._steps])
        self.single = len(trace.steps) < 2 and "total" not in self.outs
        kinds = [trace.samples[step.value].dtype.kind for step in self._steps if step.elementwise and not step.options]
        self.buffered = kinds.count("f")
        # Whether it calls functions that may compute elements in other ways according to those around them.
        self.special = any([not (s.elementwise or s.name in _ALIKE or s.value in self._sums) for s in self._steps])
        lines = _Lines(self)
        outs = [f"out{j}" for j, how in enumerate(self.outs) if isinstance(how, str)]
        text = LOOP.format(
            arrays="".join([f"a{i}, " for i in range(trace.given)]),
            outs=", ".join(outs),
            before="\n".join([f"    {line}" for line in lines.before]),
            pieces="\n".join([f"        {line}" for line in self._pieces(lines)]),
            body="\n".join([f"        {line}" for line in lines.body]),
        )
        self.run: Any = function(text, f"pieces of {name}", self._scope)

    def _how(self, result: Any, summed: bool) -> Any:
        if result is None:
            return None
        if result.number in self.trace.totals:
            return "total"
        if result.number < self.trace.given and not summed:
            return result.number
        return "sum" if summed else "piece"

    def _full_shape(self) -> Any:
        """The shape of the samples of the largest values."""
        shapes = [sample.shape for sample, rows in zip(self.trace.samples, self.trace.rows, strict=True) if rows]
        return max(shapes, key=math.prod) if shapes else None

    def is_large(self, number: int) -> bool:
        """Whether a value has as many elements as the largest, in whatever shape."""
        return self.trace.rows[number] and self.trace.samples[number].size == math.prod(self.full)

    def _are_alike(self, one: int, other: int) -> bool:
        """Whether two values are as large as the largest, of one shape and dtype."""
        first, second = self.trace.samples[one], self.trace.samples[other]
        return (
            self.is_large(one) and self.is_large(other) and (first.shape, first.dtype) == (second.shape, second.dtype)
        )

    def is_full(self, number: int) -> bool:
        return self.trace.rows[number] and self.trace.samples[number].shape == self.full

    def line(self) -> int:
        """How many elements follow each other in the largest arrays for which no smaller operand changes: the least."""
        found = math.prod(self.full[1:])
        for step in self.trace.steps:
            for argument in step.arguments if step.elementwise and self.is_full(step.value) else ():
                shape: Any = self.trace.samples[argument.number].shape if type(argument) is Value else ()
                if any([n != 1 for n in shape]) and shape != self.full:
                    same = itertools.takewhile(
                        lambda pair: pair[0] == 1, zip(shape[::-1], self.full[::-1], strict=False)
                    )
                    found = min(found, math.prod([n for _, n in same]) if shape[-1] == 1 else shape[-1])
        return found

    def _with_sums(self, steps: list[Step]) -> tuple[list[Step], dict[int, tuple[Any, Any, bool]]]:
        """The sums and means over whole rows: value -> two factors, the second None for ones, and whether it is a mean.

        And the steps, without the products that only a sum needs.
        """
        trace = self.trace
        if trace.lead is None:
            return steps, {}
        uses: dict[int, int] = {}
        for argument in [*[a for step in steps for a in step.arguments], *trace.results]:
            if type(argument) is Value:
                uses[argument.number] = uses.get(argument.number, 0) + 1
        made = {step.value: step for step in steps}
        sums: dict[int, tuple[Any, Any, bool]] = {}
        dropped = set()
        for step in steps:
            if not self._is_sum_of_rows(step):
                continue
            term, mean = step.arguments[0], step.name.startswith("mean")
            if step.name == "mean_of_products":
                sums[step.value] = (term, step.arguments[1], mean)
                continue
            factors = made.get(term.number)
            if factors is not None and factors.function is np.multiply and uses[term.number] == 1:
                one, other = factors.arguments
                if type(one) is Value and type(other) is Value and self._are_alike(one.number, other.number):
                    sums[step.value] = (one, other, mean)
                    dropped.add(term.number)
                    continue
            sums[step.value] = (term, None, mean)
        return [step for step in steps if step.value not in dropped], sums

    def _is_sum_of_rows(self, step: Step) -> bool:
        """Whether it adds up all that is in a row, the axes being kept."""
        if step.name not in _SUMS or step.options.get("dtype") is not None:
            return False
        term, *others = step.arguments
        if step.name == "mean_of_products":
            other = others.pop(0)
            if not (type(other) is Value and self._are_alike(term.number, other.number)):
                return False
        sample = self.trace.samples[term.number]
        axis = step.options.get("axis", others[0] if others else None)
        axes = tuple([axis] if isinstance(axis, int) else axis or ())
        keeps = _SUMS[step.name] or step.options.get("keepdims", len(others) > 1 and others[1])
        n = math.prod(sample.shape[sample.ndim - len(axes) :])
        return (
            bool(keeps)
            and 0 < len(axes) <= sample.ndim - (self.trace.lead or 0)
            and sorted([a % sample.ndim for a in axes]) == list(range(sample.ndim - len(axes), sample.ndim))
            and self.is_large(term.number)
            and sample.dtype.char in "fd"
            and _SHORTEST <= _part_of_row(n) <= _LONGEST
        )

    def _pieces(self, lines: _Lines) -> list[str]:
        """The rows of what is given, of what is to be written, and of the buffers."""
        rows = self.trace.rows
        found = {f"i{i}": f"a{i}[start:stop]" for i in range(self.trace.given) if rows[i] and i in lines.used}
        found |= {f"o{j}": f"out{j}[start:stop]" for j, how in enumerate(self.outs) if how == "piece"}
        found["n"] = f"len({next(iter(found))})"
        found |= {f"b{k}": f"s{k}[:n]" for k in range(len(lines.scratch))}
        return [f"{name} = {value}" for name, value in found.items()]

    def constant(self, value: Any, dtype: Any) -> str:
        """The name of what is no array: a number as an array of no dimension, where a dtype is known."""
        if dtype is not None and type(value) in (int, float):
            value = np.array(value, dtype)
            value.flags.writeable = False
        name = f"c{len(self._scope)}"
        self._scope[name] = value
        return name

    def named(self, step: Step) -> str:
        """The name of a step's function."""
        name = f"f_{step.name}"
        self._scope.setdefault(name, step.function)
        if self._scope[name] is not step.function:
            name = f"f{len(self._scope)}"
            self._scope[name] = step.function
        return name

    def ones(self, n: int, dtype: Any) -> str:
        """The name of a row of ones."""
        name = f"ones_{n}_{dtype.char}"
        self._scope[name] = np.ones(n, dtype)
        return name


# Functions, no ufuncs, that always make a new array.
_FRESH = frozenset("where clip sum prod max min mean any all row_sums mean_of_products".split())

# Functions, no ufuncs, that give each element the same bits in arrays of any size, if they are not very short.
_ALIKE = _FRESH | frozenset(
    """astype broadcast_to copysign floor_divide fmod full_like hypot keep_where log1p logaddexp ones_like pow remainder
    replace_special reshape round sign_or_zero with_nan_of zero_within zeros_like""".split()
)

# Functions that cost about as little as the reading and writing of an array; the others are four times that.
_CHEAP = frozenset(
    """add subtract sub multiply divide true_divide negative square absolute abs maximum minimum greater less
    greater_equal less_equal equal not_equal logical_and logical_or logical_not bitwise_and bitwise_or invert sqrt
    sum max min row_sums mean mean_of_products where sign reciprocal floor ceil trunc round isnan isfinite""".split()
)


def _cost(step: Step) -> int:
    return 1 if step.name in _CHEAP or getattr(step.function, "__name__", "") in _CHEAP else 4


def _part_of_row(n: int) -> int:
    """How many elements of a row BLAS is to add up at once: all of them, or a part of which there is a whole number."""
    parts = -(-n // _LONGEST)
    while n % parts and parts < 64:
        parts += 1
    return n // parts if n % parts == 0 else n


class _Lines:
    """The lines of a loop, and where each value is: a buffer, a piece of a result, or a name of its own."""

    def __init__(self, loop: Loop) -> None:
        self.loop, self.trace = loop, loop.trace
        self.before: list[str] = []
        self.body: list[str] = []
        self.scratch: list[Any] = []  # the dtypes of the buffers
        self.used: set[int] = set()
        steps = loop._steps
        self.last: dict[int, int] = {}  # value -> the last step that needs it
        for position, step in enumerate(steps):
            for argument in self._arguments(step):
                if type(argument) is Value:
                    self.last[argument.number] = position
                    self.used.add(argument.number)
        self.made = {step.value: position for position, step in enumerate(steps)}
        self.results: dict[int, list[int]] = {}  # value -> which results it is
        for j, (how, result) in enumerate(zip(loop.outs, self.trace.results, strict=True)):
            if isinstance(how, str):
                number = self.trace.totals.get(result.number, (result.number,))[0]
                self.results.setdefault(number, []).append(j)
                self.last[number] = len(steps)
                self.used.add(number)
        for step in reversed(steps):  # what may give its argument back, or a view of it, keeps that as long as itself
            if not (step.elementwise or step.name in _FRESH):
                for argument in step.arguments:
                    if type(argument) is Value:
                        self.last[argument.number] = max(self.last[argument.number], self.last[step.value])
        self.free: list[str] = []  # buffers
        pieces = [j for j, how in enumerate(loop.outs) if how == "piece"]
        self.idle = {f"o{j}": j for j in pieces if loop.is_full(self.trace.results[j].number)}
        self.place = {i: (f"i{i}" if self.trace.rows[i] else f"a{i}") for i in range(self.trace.given)}
        for position, step in enumerate(steps):
            self._write(position, step)
        for number, results in self.results.items():
            for j in results:
                self._finish(number, j)
        for k, dtype in enumerate(self.scratch):
            self.before.append(f"s{k} = empty((step, *rest), {loop.constant(dtype, None)})")
        if self.trace.lead is not None and loop.line() >= _LONG:
            self.before.append("setbufsize(16)")  # (whoever calls has settings of NumPy's for this call alone)

    def _arguments(self, step: Step) -> tuple:
        sum_of = self.loop._sums.get(step.value)
        return step.arguments if sum_of is None else tuple([f for f in sum_of[:2] if f is not None])

    def _write(self, position: int, step: Step) -> None:
        loop, trace = self.loop, self.trace
        number = step.value
        if not trace.rows[number]:  # the same for all pieces
            self.place[number] = f"t{number}"
            self.before.append(f"t{number} = {loop.named(step)}({', '.join(self._texts(step))})")
            return
        if number in loop._sums:
            self.place[number] = f"t{number}"
            self.body.append(f"t{number} = {self._sum_of_rows(number)}")
            self._release(position, step, None)
            return
        texts = self._texts(step)
        if not (step.elementwise and loop.is_full(number) and not step.options):
            self.place[number] = f"t{number}"
            self.body.append(f"t{number} = {loop.named(step)}({', '.join(texts)})")
            self._release(position, step, None)
            return
        target = self._target(position, step)
        self.body.append(f"{loop.named(step)}({', '.join(texts)}, out={target})")
        self._release(position, step, target)
        self.place[number] = target
        self.idle.pop(target, None)

    def _target(self, position: int, step: Step) -> str:
        """Where the value of an elementwise step goes."""
        number = step.value
        pieces = [j for j in self.results.get(number, ()) if self.loop.outs[j] == "piece"]
        if pieces:
            return f"o{pieces[0]}"
        dtype = self.trace.samples[number].dtype
        # (NumPy's `sign` takes ten times as long in place.)
        for argument in step.arguments if step.function is not np.sign else ():
            if type(argument) is Value and self._dies(argument.number, position):
                place = self.place[argument.number]
                if self.trace.samples[argument.number].dtype == dtype and self._may_stay(place, number):
                    return place
        for place in [*self.idle, *self.free]:
            if self._dtype_at(place) == dtype and self._may_stay(place, number):
                if place in self.free:
                    self.free.remove(place)
                return place
        self.scratch.append(dtype)
        return f"b{len(self.scratch) - 1}"

    def _dtype_at(self, place: str) -> Any:
        k = int(place[1:])
        return self.scratch[k] if place[0] == "b" else self.trace.samples[self.trace.results[k].number].dtype

    def _dies(self, number: int, position: int) -> bool:
        """Whether a value is in memory of the loop's own that nothing needs after this step."""
        return self.last[number] == position and self.place[number][0] in "bo" and self.loop.is_full(number)

    def _may_stay(self, place: str, number: int) -> bool:
        """Whether a value may be in that memory until it is last needed: a result's is wanted when that is made."""
        if place[0] == "b":
            return True
        # (The step that makes it writes over its own arguments element by element, or elsewhere.)
        return self.last[number] <= self.made[self.trace.results[int(place[1:])].number]

    def _release(self, position: int, step: Step, target: str | None) -> None:
        for argument in dict.fromkeys([a.number for a in self._arguments(step) if type(a) is Value]):
            if argument >= self.trace.given and self._dies(argument, position):
                place = self.place[argument]
                if place == target:
                    continue
                if place[0] == "b":
                    self.free.append(place)
                else:
                    self.idle[place] = int(place[1:])

    def _finish(self, number: int, j: int) -> None:
        """Put a value where a result is, if it is not there yet."""
        place = self.place[number]
        if self.loop.outs[j] == "total":
            add = self.loop.named(Step("total", large.total, (), {}, -1))
            self.body.append(f"out{j}[start // step] = {add}({place})")
        elif self.loop.outs[j] == "sum":
            add = self.loop.named(Step("add_rows", add_rows, (), {}, -1))
            self.body.append(f"{add}({place}, {self.trace.lead or 1}, out{j}[start // step])")
        elif place != f"o{j}":
            self.body.append(f"o{j}[...] = {place}")

    def _texts(self, step: Step) -> list[str]:
        """The arguments of a step."""
        dtypes = [self.trace.samples[a.number].dtype for a in step.arguments if type(a) is Value]
        dtype = next((dtype for dtype in dtypes if dtype.kind == "f"), None) if step.elementwise else None
        texts = [self._text(argument, dtype) for argument in step.arguments]
        return texts + [f"{key}={self._text(value, None)}" for key, value in step.options.items()]

    def _text(self, argument: Any, dtype: Any) -> str:
        if type(argument) is Value:
            return self.place[argument.number]
        if type(argument) is Rows:
            return "n"
        if type(argument) is tuple and any([type(part) is Rows for part in argument]):
            return f"({', '.join(['n' if type(part) is Rows else repr(part) for part in argument])},)"
        return self.loop.constant(argument, dtype)

    def _sum_of_rows(self, number: int) -> str:
        sample = self.trace.samples[number]
        one, other, mean = self.loop._sums[number]
        whole = self.trace.samples[one.number]
        length = whole.size // sample.size  # of what is added up
        part = _part_of_row(length)
        first = self.place[one.number]
        second = self.place[other.number] if other is not None else self.loop.ones(part, whole.dtype)
        shape = f"({', '.join(['n', *map(str, sample.shape[1:])])})"
        if whole.shape != (*sample.shape[:-1], part):
            cut = f".reshape(-1, {part})"
            first += cut
            second += cut if other is not None else ""
        total = f"vecdot({first}, {second})"
        if part < length:
            total = f"add({total}.reshape(-1, {length // part}), 1)"
        if mean:
            total = f"({total} / {self.loop.constant(length, whole.dtype)})"
        return f"{total}.reshape({shape})"


__all__ = ["Loop"]
