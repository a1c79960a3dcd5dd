"""Large work in pieces: what a formula makes of some rows stays in the cache, and several threads share the pieces.

Pointwise operators treat every element for itself; others declare along which axes their examples are independent
(`rows` of `op`). On large arrays of NumPy's their kernels and rules are traced (`traces.py`), written down as loops
over pieces (`loops.py`), and run by as many threads as `set_num_threads` allows, which has no influence on the results.
What cannot be traced is called on some rows after others, or as it is.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from ..core.quiet import hushed
from ..xp import numpy_namespace
from ..xp.numpy.pieces import LARGE
from ..xp.numpy.pieces import PIECE as ALIGNED
from ..xp.numpy.rows import row_by_row
from ..xp.numpy.threads import share, threads_now
from . import natively
from .loops import Loop
from .traces import examples_of, key_of, trace

LARGE_ROWS = 1 << 17  # elements from which on rows are worked on in pieces
PIECE = 1 << 19  # bytes of each array at a time: several of them, and NumPy's calls cost less than what they do
THREADED = 3 << 18  # elements times passes from which on a second thread pays
# What pieces save is memory, which steps that write floating numbers into buffers of the loop's own do not go through;
# comparisons make little of it, and `where` and casts memory of their own in pieces, too. So without other threads the
# number of those steps decides, as measured: it pays from so many of them on -> for so many elements.
ALONE = ((9, LARGE), (4, 1 << 20), (1, 1 << 21))
NEVER = 1 << 62
LONG_ROWS = 1024  # elements of a row from which on broadcasting is quicker without NumPy's buffer
_PASSES = 4  # that a formula makes, about, which is not known
_SHORT = 1 << 12  # elements that some functions compute in another way than more
_MOST = 200  # loops that are kept for a formula

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
_SIMPLE = _FLOATS + tuple([np.dtype(kind) for kind in ("?", "i1", "i2", "i4", "i8", "u1")])


class _Formula:
    """A formula and the loops that have been written for it; None for those that cannot be."""

    def __init__(self, function: Callable, name: str) -> None:
        self.function, self.name = function, name
        self.loops: dict[Any, Loop | None] = {}

    def loop(self, key: Any, write: Callable[[], Loop | None]) -> Loop | None:
        if key not in self.loops:
            if len(self.loops) >= _MOST:
                self.loops.clear()
            self.loops[key] = write()
        return self.loops[key]


# --- each element for itself ---


class Elementwise(_Formula):
    """`function(xp, *arrays, **params)` of pointwise arithmetic: `results` gives what it returns, or None.

    Arrays may be None where the function takes that.
    """

    def __init__(self, function: Callable, name: str) -> None:
        super().__init__(function, name)
        # values of parameters -> from how many elements a loop pays, alone and with other threads; (1, 1): ask each
        self.pays: dict[Any, tuple[int, int]] = {}

    def results(self, arguments: Sequence, params: dict[str, Any]) -> Any:
        found = natively.attempt(self.function, arguments, params)
        if found is not NotImplemented:
            return found
        size = 0
        for x in arguments:
            if type(x) is ndarray and x.size > size:
                size = x.size
        # (Where it does not pay, that is known by the values, without the text of them that tells 1 from 1.0.)
        values = tuple(params.values()) if params else ()
        try:
            limits = self.pays.get(values, (1, 1))
        except TypeError:  # of lists and the like, which have no key either
            return None
        if not _pays(size, limits):
            return None
        given = key_of(params) if params else ""
        if given is None:
            return None
        cut = _Cut.of(arguments)
        if cut is None:
            return None
        key = (given, *cut.key)
        loop = self.loop(key, lambda: self._write(cut, params, None))
        if loop is None:
            loop = self.loop((*key, cut.shape), lambda: self._write(cut, params, cut.shape))
        if loop is None:
            if cut.flat:
                self.pays.setdefault(values, (NEVER, NEVER))  # it cannot be traced
            return None
        if len(self.pays) >= _MOST:
            self.pays.clear()
        if "total" in loop.outs:
            self.pays[values] = 1, 1
        self.pays.setdefault(values, loop.pays)
        return cut.run(loop) if _pays(size, loop.pays) else None

    def _write(self, cut: _Cut, params: dict[str, Any], shape: Any) -> Loop | None:
        made = trace(self.function, cut.samples(), cut.rows, None, params, shape)
        if made is None or not made.steps:
            return None
        loop = Loop(made, (False,) * len(made.results), f"{self.name}, {len(self.loops) + 1}")
        for how, result in zip(loop.outs, made.results, strict=True):
            if how == "piece" and not loop.is_full(result.number):
                return None
        alone = NEVER
        if not loop.single:
            alone = next((size for steps, size in ALONE if loop.buffered >= steps), NEVER)
        # A total is added up by pieces, or as a whole, whatever the number of threads.
        loop.pays = alone, alone if "total" in loop.outs else max(LARGE, THREADED // loop.cost)
        return loop


def _pays(size: int, limits: tuple[int, int]) -> bool:
    """Whether so many elements are worked on in pieces, which pays from one size on alone, from another together."""
    return size >= limits[0] or (size >= limits[1] and threads_now() > 1)


class _Cut:
    """Operands that broadcast, as rows of memory that can be cut up: the elements themselves where none broadcasts.

    given: those that are not None. arrays: what the loop is given for them. kinds: for each "full", "scalar", "part"
    (smaller, the same for all rows) or "rows" (smaller, another one for each row). shape: of the result. order: of its
    axes in memory, from the outermost, None if it is theirs.
    """

    def __init__(self, arguments: Sequence, arrays: list, kinds: list, shape: tuple[int, ...], order: Any) -> None:
        self.arguments, self.kinds, self.shape, self.order = arguments, kinds, shape, order
        self.flat = "part" not in kinds and "rows" not in kinds
        if self.flat:
            arrays = [x.reshape(-1) if kind == "full" else x for x, kind in zip(arrays, kinds, strict=True)]
        self.arrays = arrays
        self.key = ("".join([x.dtype.char for x in arrays]), tuple(kinds), tuple([x is None for x in arguments]))

    @staticmethod
    def of(arguments: Sequence) -> _Cut | None:
        """None where they are not of the usual dtypes, or not laid out in memory in the same order."""
        largest = dtype = None
        for x in arguments:
            if type(x) is ndarray:
                if x.dtype not in _SIMPLE:
                    return None
                if largest is None or x.size > largest.size:
                    largest = x
                if x.dtype in _FLOATS:
                    if dtype is not None and x.dtype is not dtype:
                        return None
                    dtype = x.dtype
        if largest is None or dtype is None:
            return None
        shape, ndim = largest.shape, largest.ndim
        order = None
        arrays, kinds = [], []
        for x in arguments:
            if x is None:
                continue
            if type(x) is float or type(x) is int:
                x = np.array(x, dtype)
            elif isinstance(x, np.generic):
                if x.dtype is not dtype:
                    return None
                x = np.asarray(x)
            if type(x) is not ndarray:
                return None
            kind = "full"
            if x.size == 1 or not any(x.strides):
                if x.ndim > ndim or (x.size > 1 and x.shape != shape):
                    return None
                x, kind = x[(0,) * x.ndim + (...,)], "scalar"
            elif x.shape != shape:
                if x.ndim > ndim or any([a not in (1, b) for a, b in zip(x.shape[::-1], shape[::-1], strict=False)]):
                    return None
                kind = "rows" if x.ndim == ndim and x.shape[0] != 1 else "part"
            arrays.append(x)
            kinds.append(kind)
        full = [x for x, kind in zip(arrays, kinds, strict=True) if kind == "full"]
        if not full:
            return None
        if not all([x.flags.c_contiguous for x in full]):
            if "part" in kinds or "rows" in kinds:
                return None
            order = sorted(range(ndim), key=lambda axis: -full[0].strides[axis])
            arrays = [x.transpose(order) if kind == "full" else x for x, kind in zip(arrays, kinds, strict=True)]
            if not all([x.flags.c_contiguous for x, kind in zip(arrays, kinds, strict=True) if kind == "full"]):
                return None
        return _Cut(arguments, arrays, kinds, shape, order)

    @property
    def rows(self) -> list[bool]:
        """Which arguments have rows."""
        kinds = iter(self.kinds)
        return [x is not None and next(kinds) in ("full", "rows") for x in self.arguments]

    def samples(self) -> list[Any]:
        """What stands for the arguments in a trace."""
        shapes = {"full": (2,) if self.flat else (2, 2), "scalar": (), "part": (1, 1), "rows": (2, 1)}
        made = iter([np.ones(shapes[kind], x.dtype) for x, kind in zip(self.arrays, self.kinds, strict=True)])
        return [None if x is None else next(made) for x in self.arguments]

    def run(self, loop: Loop) -> Any:
        shape = self.shape if self.order is None else tuple([self.shape[axis] for axis in self.order])
        size = math.prod(shape)
        count, rest = (size, ()) if self.flat else (shape[0], shape[1:])
        threads = _threads_for(loop.cost * size)
        if loop.single and threads == 1:
            return None  # in pieces it takes as long
        width = math.prod(rest)
        step = max(1, PIECE // _itemsize(self.arrays) // width)
        if loop.special:
            step = _aligned(count, step) if self.flat else 0
            if not step:
                return None
        elif loop.single and loop.trace.steps[0].elementwise:  # nothing is to stay in the cache
            step = -(-count // (2 * threads))
        elif step * width > 4 * PIECE:
            return None
        elif threads > 1 and "total" not in loop.outs:  # (whose pieces have to be the same for any number of threads)
            step = min(step, -(-count // (2 * threads)))
        step = step if loop.special else _evenly(count, step)
        outs = []
        for how, result in zip(loop.outs, loop.trace.results, strict=True):
            if isinstance(how, str):
                made = (count, *rest) if how == "piece" else -(-count // step)
                outs.append(np.empty(made, loop.trace.samples[result.number].dtype))
        _run(loop, count, step, rest, self.arrays, outs, threads)
        results, made = [], iter(outs)
        for how, result in zip(loop.outs, loop.trace.results, strict=True):
            if how == "piece":
                results.append(self._shaped(next(made), shape))
            elif how == "total":
                total = np.add.reduce(next(made))
                results.append(total / total.dtype.type(size) if loop.trace.totals[result.number][1] else total)
        return _returned(loop, [x for x in self.arguments if x is not None], results)

    def _shaped(self, out: ndarray, shape: tuple[int, ...]) -> ndarray:
        out = out.reshape(shape)
        if self.order is None:
            return out
        return out.transpose(sorted(range(out.ndim), key=self.order.__getitem__))


def _itemsize(arrays: Sequence) -> int:
    return max([x.itemsize for x in arrays if type(x) is ndarray])


def _evenly(count: int, step: int) -> int:
    """About the same step, but without a small piece at the end: short arrays are computed in other ways in places."""
    return max(1, -(-count // -(-count // step))) if count else step


def _aligned(count: int, step: int) -> int:
    """About the same step, such that pieces begin where those of the namespace's own functions do: they see the same
    neighbours then. 0 where a small piece would be left at the end."""
    wanted = max(1, step // ALIGNED)
    for n in (wanted, wanted + 1, wanted + 2):
        if count <= n * ALIGNED or not 0 < count % (n * ALIGNED) < _SHORT:
            return n * ALIGNED
    return 0


def _threads_for(work: int) -> int:
    return threads_now() if work >= THREADED else 1


def _run(
    loop: Loop, count: int, step: int, rest: tuple[int, ...], arrays: Sequence, outs: Sequence, threads: int
) -> None:
    starts = range(0, count, step)

    def work(some: Any) -> None:
        loop.run(some, step, rest, *arrays, *outs)

    share(work, starts, min(threads, len(starts)))


def _returned(loop: Loop, given: Sequence, made: Sequence) -> Any:
    """What the formula returns: what has been made, and some of what was given."""
    rest = iter(made)
    results = [how if how is None else given[how] if isinstance(how, int) else next(rest) for how in loop.outs]
    return results[0] if loop.trace.single else tuple(results)


def large_kernel(op: Any) -> Callable:
    """The kernel of an operator that goes element by element, for large arrays: `function(xp, *arrays, **params)`."""
    formula = Elementwise(op.kernel, op.name)

    def call(xp: Any, *arrays: Any, **params: Any) -> Any:
        found = formula.results(arrays, params)
        if found is not None:
            return found
        hushed()
        return op.kernel(xp, *arrays, **params)

    return call


def large_call(op: Any, kernel: Callable) -> Callable:
    """The same without parameters, `function(*arrays)`; kernel: what is called on others."""
    formula = Elementwise(op.kernel, op.name)
    refuses = "".join(op.refuses or ())

    def call(*arrays: Any) -> Any:
        if "f" not in refuses:
            found = formula.results(arrays, {})
            if found is not None:
                return found
        hushed()
        if len(arrays) == 2:
            x, y = arrays
            if type(x) is type(y) is ndarray and x.ndim and y.ndim and x.shape != y.shape and x.shape[-1] >= LONG_ROWS:
                return row_by_row(kernel, x.shape, x, y)
        return kernel(*arrays)

    return call


def large_rules(op: Any, names: Sequence[str], rules: Sequence[tuple[Callable, Sequence[str]] | None]) -> Callable:
    """The rules of an operator that goes by elements, together, for large arrays: `function(g, values, params, edges)`.

    rules: those of the operands, each with what it asks for; or the joint one alone, `op.joint`. names: of the values,
    which may be None where no rule asks for them whose operand requires grad. The function returns the gradients of all
    operands, or None.
    """
    formulas: dict[tuple[bool, ...], tuple[Elementwise, list[int]]] = {}

    def together(needs: tuple[bool, ...]) -> tuple[Elementwise, list[int]]:
        wanted = (
            rules if op.joint is not None else [rule if need else None for rule, need in zip(rules, needs, strict=True)]
        )
        asked = {name for rule in wanted if rule is not None for name in rule[1]}
        places = [i for i, name in enumerate(names) if name in asked]

        def gradients(xp: Any, g: Any, *values: Any, **params: Any) -> tuple:
            given = {**{names[i]: value for i, value in zip(places, values, strict=True)}, **params, "needs": needs}
            made: Any = [
                None if rule is None else rule[0](xp, g, *[given[name] for name in rule[1]]) for rule in wanted
            ]
            return tuple(made) if op.joint is None else made[0]

        return Elementwise(gradients, f"the backward of {op.name}"), places

    def call(g: Any, values: Sequence, params: dict[str, Any], edges: Sequence) -> Any:
        needs = tuple([edge is not None for edge in edges])
        if needs not in formulas:
            formulas[needs] = together(needs)
        formula, places = formulas[needs]
        return formula.results((g, *[values[i] for i in places]), params)

    return call


# --- rows ---


class ByRows(_Formula):
    """`function(xp, *arguments, **params)` of examples that are independent of each other.

    shared: the places, among the arguments, of those that are the same for all examples. operands: for each result of a
    rule the place of the operand whose gradient it is, or None.
    """

    def __init__(
        self, function: Callable, name: str, shared: Sequence[int], operands: Sequence[int | None] | None = None
    ) -> None:
        super().__init__(function, name)
        self.shared, self.operands = shared, operands

    def results(self, arguments: Sequence, params: dict[str, Any], examples: tuple[int, ...], size: int) -> Any:
        """What it returns; None if the arrays are not of a kind that is cut up without a copy."""
        lead, count = len(examples), math.prod(examples)
        ones = (1,) * (lead - 1)
        given = list(arguments)
        rows = [False] * len(given)
        for i, x in enumerate(given):
            if i in self.shared:
                continue
            if type(x) is ndarray and x.shape[:lead] == examples:
                rows[i] = True
                if x.flags.c_contiguous or x.size * 16 <= size:  # (a small one may be copied)
                    given[i] = x.reshape(count, *ones, *x.shape[lead:])
                elif not any(x.strides):
                    given[i] = np.broadcast_to(x[(0,) * x.ndim], (count, *ones, *x.shape[lead:]))
                else:
                    return None
            elif type(x) is ndarray and x.ndim > lead:
                return None  # it broadcasts in a way of its own
        step = _evenly(count, max(1, PIECE // _itemsize(given) * count // size))
        loop = self._loop(given, rows, params, lead) if count > 1 else None
        if loop is None:
            return self._called(given, rows, params, examples, step)
        arrays = [x for x in given if type(x) is ndarray]
        full = loop.full
        if (step * math.prod(full[1:])) > 4 * PIECE:
            return self._called(given, rows, params, examples, step)
        outs = []
        for how, result in zip(loop.outs, loop.trace.results, strict=True):
            if isinstance(how, str):
                sample = loop.trace.samples[result.number]
                shape = (count, *sample.shape[1:]) if how == "piece" else (-(-count // step), *sample.shape[lead:])
                outs.append(np.empty(shape, sample.dtype))
        _run(loop, count, step, full[1:], arrays, outs, _threads_for(loop.cost * size))
        hows = [how for how in loop.outs if isinstance(how, str)]
        made = [
            np.add.reduce(out, axis=0) if how == "sum" else out.reshape(*examples, *out.shape[lead:])
            for how, out in zip(hows, outs, strict=True)
        ]
        return _returned(loop, [x for x in arguments if type(x) is ndarray], made)

    def _loop(self, given: Sequence, rows: Sequence[bool], params: dict[str, Any], lead: int) -> Loop | None:
        key: list[Any] = [key_of(params), lead]
        for x, cut in zip(given, rows, strict=True):
            if type(x) is ndarray:
                if x.dtype not in _SIMPLE:
                    return None
                key.append((x.dtype, x.shape[1:] if cut else x.shape, cut))
            else:
                key.append(key_of(x))
        if None in key:
            return None
        return self.loop(tuple(key), lambda: self._write(given, rows, params, lead))

    def _write(self, given: Sequence, rows: Sequence[bool], params: dict[str, Any], lead: int) -> Loop | None:
        examples = examples_of(lead)
        samples = [
            x if type(x) is not ndarray else np.ones((*examples, *x.shape[lead:]) if cut else x.shape, x.dtype)
            for x, cut in zip(given, rows, strict=True)
        ]
        made = trace(self.function, samples, rows, lead, params)
        if made is None:
            return None
        summed = []
        for i, result in enumerate(made.results):
            place = self.operands[i] if self.operands is not None else None
            operand = given[place] if place is not None and not rows[place] else None
            summed.append(
                result is not None
                and type(operand) is ndarray
                and made.rows[result.number]
                and made.samples[result.number].shape[lead:] == operand.shape
            )
            if result is not None and not made.rows[result.number]:
                return None
        return Loop(made, tuple(summed), f"{self.name}, {len(self.loops) + 1}")

    def _called(self, given: list, rows: Sequence[bool], params: dict, examples: tuple[int, ...], step: int) -> Any:
        """The same by calls of the formula itself on some rows after others."""
        lead, count = len(examples), math.prod(examples)
        starts = range(0, count, step)
        outs: list[Any] = []  # for each result memory for all rows, or a list of what the pieces have of it, or None
        single = True

        def call(start: int) -> Any:
            parts = [x[start : start + step] if cut else x for x, cut in zip(given, rows, strict=True)]
            return self.function(numpy_namespace, *parts, **params)

        def keep(start: int, parts: Any) -> None:
            for out, part in zip(outs, (parts,) if single else parts, strict=True):
                if type(out) is list:
                    out[start // step] = part
                elif out is not None:
                    out[start : start + step] = part

        def work(some: Any) -> None:
            for start in some:
                keep(start, call(start))

        with np.errstate(all="ignore"):
            first = call(0)
        single = type(first) is not tuple
        for i, part in enumerate((first,) if single else first):
            if part is None:
                outs.append(None)
            elif type(part) is ndarray and part.shape[:lead] == (min(step, count), *(1,) * (lead - 1)):
                outs.append(np.empty((count, *part.shape[1:]), part.dtype))
            elif self.operands is not None and self.operands[i] in self.shared:
                outs.append([None] * len(starts))  # the gradient of what all examples share: the sum of all
            else:
                return None  # not a row for each
        keep(0, first)
        most = _threads_for(sum([x.size for x, cut in zip(given, rows, strict=True) if cut]) * _PASSES)
        share(work, starts[1:], min(most, len(starts)))
        results = []
        for out in outs:
            if type(out) is list:
                results.append(functools.reduce(np.add, out))
            else:
                results.append(None if out is None else out.reshape(*examples, *out.shape[lead:]))
        return results[0] if single else tuple(results)


def by_rows(formula: ByRows, leading: Callable[[int, Sequence, dict], int | None]) -> Callable:
    """The function of a formula, which is called on rows where it is given large contiguous arrays of NumPy's.

    leading(ndim, arguments, params): how many of the first axes of the largest array are independent examples.
    """
    function = formula.function

    @functools.wraps(function)
    def call(xp: Any, *arguments: Any, **params: Any) -> Any:
        if xp is numpy_namespace:
            largest = None
            for x in arguments:
                if type(x) is ndarray and x.size >= natively.LARGE_ROWS and (largest is None or x.size > largest.size):
                    largest = x
            if largest is not None:
                found = natively.attempt(function, arguments, params)
                if found is not NotImplemented:
                    return found
            if largest is not None and largest.size >= LARGE_ROWS:
                lead = leading(largest.ndim, arguments, params)
                if lead:
                    result = formula.results(arguments, params, largest.shape[:lead], largest.size)
                    if result is not None:
                        return result
        elif (whole := getattr(xp, "in_rows", None)) is not None:
            return whole(call, arguments, params)
        return function(xp, *arguments, **params)

    return call


def rule_by_rows(op: Any, rule: Callable, names: Sequence[str]) -> Callable:
    """A rule of an operator that has `rows`; names: of the rule's arguments after the gradient."""
    rows = op.rows

    def leading(ndim: int, arguments: Sequence, params: dict) -> int | None:
        return rows(ndim, dict(zip(names, arguments[1:], strict=True)))

    operands = None
    if rule is op.joint:
        operands = [names.index(name) + 1 if name in names else None for name in op.operands]
    shared = [names.index(name) + 1 for name in op.shared if name in names]
    return by_rows(ByRows(rule, f"the backward of {op.name}", shared, operands), leading)


def kernel_by_rows(kernel: Callable, rows: Callable, shared: Sequence[str]) -> Callable:
    """A kernel that is declared to have `rows`, and some operands that all of them share."""
    places = [kernel.__code__.co_varnames.index(name) - 1 for name in shared]
    return by_rows(ByRows(kernel, kernel.__name__, places), lambda ndim, arguments, params: rows(ndim, params))


__all__ = ["LARGE", "kernel_by_rows", "large_call", "large_kernel", "large_rules", "rule_by_rows"]
