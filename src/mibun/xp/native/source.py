"""A tape as C: which loops there are, what is computed in which, and their text.

All arrays are contiguous, so of their axes only this is left: three loops over `a`, `b` and `l`, of lengths A, B and L,
of which an operand goes along with all (a whole array), with `b` and `l`, with `b` alone (a number for each row or
channel), with `l` alone (the weights of a row) or with none. Rows are A = 1, elements alone A = B = 1; channels have
all three. Sums and maxima are over `a` and `l`, so that each `b` is for itself: a row goes through the cache once,
however many passes are made over it, and the work can be cut anywhere along `b`.

What C gives is what NumPy gives, operation by operation, as nothing here lets the compiler compute anything else; but
for functions like exp, which are those of the C library's vectors (up to 4 units in the last place), and for the order
of sums (in lanes within 1,024 elements, then in float64).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .symbols import BOOL, Step, Tape, Unknown
from .trace import Trace

FULL, ROW, INNER, ONE = "full", "row", "inner", "one"  # which loops a value goes along with

# Those that the vector library of glibc has from 2.22 on, and from 2.35 on.
_FIRST = ("exp", "log", "sin", "cos", "power")
_LATER = (
    "acos acosh asin asinh atan atanh cosh erf erfc exp2 expm1 log10 log1p log2 sinh tan tanh atan2 hypot"
).split()
_SLOW_IN_NUMPY = {"erf", "erfc"}

# {t}: the C type, {f}: the suffix of its functions.
_TEXTS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "negative": "-{0}",
    "abs": "fabs{f}({0})",
    "sqrt": "sqrt{f}({0})",
    "floor": "floor{f}({0})",
    "ceil": "ceil{f}({0})",
    "trunc": "trunc{f}({0})",
    "round": "rint{f}({0})",
    "maximum": "{0} != {0} ? {0} : {0} >= {1} ? {0} : {1}",
    "minimum": "{0} != {0} ? {0} : {0} <= {1} ? {0} : {1}",
    "at_least": "{0} < {1} ? {1} : {0}",  # a number that is not NaN
    "at_most": "{0} > {1} ? {1} : {0}",
    "power": "pow{f}({0}, {1})",
    "atan2": "atan2{f}({0}, {1})",
    "hypot": "hypot{f}({0}, {1})",
    "where": "{0} ? {1} : {2}",
    "as_float": "({t}){0}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "equal": "{0} == {1}",
    "not_equal": "{0} != {1}",
    "isnan": "{0} != {0}",
    "isinf": "fabs{f}({0}) == INFINITY",
    "isfinite": "fabs{f}({0}) < INFINITY",
    "logical_and": "{0} & {1}",
    "logical_or": "{0} | {1}",
    "logical_xor": "{0} ^ {1}",
    "logical_not": "!{0}",
    "view": "{0}",
    "fill": "{0}",
    **{name: name + "{f}({0})" for name in ("exp", "log", "sin", "cos", *_LATER) if name not in ("atan2", "hypot")},
}
_CHEAP = {"add", "subtract", "multiply", "negative", "abs", "view", "fill", "as_float"}
_REDUCTIONS = {"sum", "max", "min"}
# What takes how long, in microseconds: a call of C, and of one of NumPy's functions; a cheap pass over one float32.
_A_CALL, _A_REDUCTION, _A_UFUNC, _A_PASS = 9.0, 2.0, 0.4, 0.6e-4
_COSTS = {"divide": 2, "sqrt": 2, "sum": 2, "max": 2, "min": 2, "where": 3}  # others have 1, functions 6

_HEAD = """\
#include <math.h>
#ifdef __linux__
#include <features.h>
#endif
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
#if __GLIBC_PREREQ(2, 35)
const int vector_math = 2;
#elif __GLIBC_PREREQ(2, 22)
const int vector_math = 1;
#else
const int vector_math = 0;
#endif
#define VECTOR _Pragma("omp declare simd notinbranch")
#else
const int vector_math = 0;
#define VECTOR
#endif
"""
_BLOCK = 1024  # elements that are summed in lanes


class Source(NamedTuple):
    """A C function and how it is to be called."""

    text: str
    sizes: tuple[int, int, int]  # A, B, L
    along: str  # the loop that may be cut: "b", "l", or "" for none
    inputs: tuple[int, ...]  # which arguments it reads, in the order of its pointers
    outputs: tuple[tuple[int, tuple[int, ...], Any], ...]  # lines that it writes, their shapes and dtypes
    scratch: int  # bytes that it needs besides
    level: int  # of the vector library that it needs
    exact: bool  # whether the results are those of NumPy, bit for bit
    passes: int  # how often NumPy would go through memory for the same
    worth: float  # for how many elements C is quicker, as far as can be told


def _used(trace: Trace) -> list[int]:
    """The lines that the results need, in order."""
    found: set[int] = set()
    pending = [step for step in (*trace.results, *[step for _, step in trace.written]) if step is not None]
    while pending:
        step = pending.pop()
        if step not in found:
            found.add(step)
            pending.extend(trace.tape.steps[step].args)
    return sorted(found)


class _Layout:
    """Which loops each line of a tape goes along with."""

    def __init__(self, tape: Tape, used: list[int]) -> None:
        steps = tape.steps
        shapes = [steps[i].shape for i in used if steps[i].name not in ("view", "number")]
        try:
            self.whole = np.broadcast_shapes(*shapes)
        except ValueError:
            raise Unknown("shapes that do not go together") from None
        if 0 in self.whole:
            raise Unknown("nothing to do")
        masks: dict[int, frozenset[int]] = {}  # along which axes of the whole the values of a line differ
        for i in used:
            step = steps[i]
            own = self._axes_of(step.shape) if step.name != "view" else frozenset()
            if step.name in ("input", "fill"):
                masks[i] = own
            elif step.name in _REDUCTIONS:
                lead = len(self.whole) - len(step.shape)
                masks[i] = masks[step.args[0]] - {axis + lead for axis in step.extra}
            else:
                masks[i] = frozenset().union(*[masks[arg] for arg in step.args])
            for arg in step.args:
                if steps[arg].name == "view" and masks[arg] != self._axes_of(steps[arg].shape):
                    raise Unknown("a view that goes along with other axes than it seems to")
        self._name_loops(tape, used, masks)

    def _axes_of(self, shape: tuple[int, ...]) -> frozenset[int]:
        lead = len(self.whole) - len(shape)
        return frozenset([axis + lead for axis, n in enumerate(shape) if n != 1])

    def _name_loops(self, tape: Tape, used: list[int], masks: dict[int, frozenset[int]]) -> None:
        """Put axes together that always go together, and give the groups the names a, b and l."""
        ndim = len(self.whole)
        reduced = {}
        for i in used:
            step = tape.steps[i]
            if step.name in _REDUCTIONS:
                reduced[i] = frozenset([axis + ndim - len(step.shape) for axis in step.extra]) & masks[step.args[0]]
        kinds = [*masks.values(), *reduced.values()]
        groups: list[list[int]] = []
        for axis in range(ndim):
            if self.whole[axis] == 1:
                continue
            if groups and all([(axis in kind) == (groups[-1][-1] in kind) for kind in kinds]):
                groups[-1].append(axis)
            else:
                groups.append([axis])
        lengths = [math.prod([self.whole[axis] for axis in group]) for group in groups]
        if len(groups) > 3:
            raise Unknown("too many loops")
        if len(groups) == 3:
            self.sizes = (lengths[0], lengths[1], lengths[2])
            letters = ["a", "b", "l"]
        elif len(groups) == 2:
            self.sizes, letters = (1, lengths[0], lengths[1]), ["b", "l"]
        else:
            self.sizes, letters = (1, 1, lengths[0] if lengths else 1), ["l"]
        letter = {axis: name for group, name in zip(groups, letters, strict=False) for axis in group}
        everything = frozenset(letters)

        def loops(axes: frozenset[int]) -> frozenset[str]:
            return frozenset([letter[axis] for axis in axes if axis in letter])

        self.kinds = {}
        for i, mask in masks.items():
            found = loops(mask)
            if found == everything and "l" in found:
                self.kinds[i] = FULL
            elif found == {"b"}:
                self.kinds[i] = ROW
            elif found == {"l"} and len(groups) == 2:
                self.kinds[i] = INNER
            elif not found:
                self.kinds[i] = ONE
            else:
                raise Unknown("a value that goes along with some loops")
        for i, axes in reduced.items():
            source = self.kinds[tape.steps[i].args[0]]
            if source != FULL or loops(axes) != everything - {"b"}:
                raise Unknown("a reduction over some loops")
        self.rows = len(groups) > 1  # whether there is a loop over b


class _Writer:
    """Writes the text of one tape."""

    def __init__(self, trace: Trace) -> None:
        self.trace, self.tape = trace, trace.tape
        self.used = _used(trace)
        self.layout = _Layout(self.tape, self.used)
        self.kinds = self.layout.kinds
        self.float = {"f": "float", "d": "double"}[self.tape.dtype.char]
        self.suffix = "f" if self.float == "float" else ""
        self.mask = "int" if self.float == "float" else "long"  # as wide, so that vectors of both have one length
        self.levels = self._levels()
        self.inputs = [i for i in self.used if self.tape.steps[i].name == "input"]
        wanted = [i for i in trace.results if i is not None and self.tape.steps[i].name != "input"]
        self.outputs = list(dict.fromkeys([*wanted, *[i for _, i in trace.written]]))
        self.kept = self._kept()
        if any([self.kinds[i] == INNER for i in self.outputs]):
            raise Unknown("a result that is no row")

    def _levels(self) -> dict[int, int]:
        """How many passes over a row have to be over before a line is known."""
        levels: dict[int, int] = {}
        for i in self.used:
            step = self.tape.steps[i]
            levels[i] = max([levels[arg] for arg in step.args], default=0) + (step.name in _REDUCTIONS)
        return levels

    def _kept(self) -> list[int]:
        """Lines of whole rows that later passes need and that would take long to compute again."""

        def needs(i: int, level: int, found: set[int]) -> None:
            """Whole-row lines that are first known before this level and used in it."""
            step = self.tape.steps[i]
            if self.kinds[i] in (FULL, INNER) and step.name != "input":
                if self.levels[i] < level and not self._is_cheap(i):
                    found.add(i)
                    return
                for arg in step.args:
                    needs(arg, level, found)

        found: set[int] = set()
        for i, level in self._goals():
            needs(i, level, found)
        return sorted(found)

    def _is_cheap(self, i: int) -> bool:
        """Whether a line is little more than what it is made of, and that is there."""
        step = self.tape.steps[i]
        if step.name == "input" or self.kinds[i] in (ROW, ONE):
            return True
        return step.name in _CHEAP and all([self._is_cheap(arg) for arg in step.args])

    def _goals(self) -> list[tuple[int, int]]:
        """(line, pass) of what the passes are made for: the operands of reductions, and the results."""
        goals = []
        for i in self.used:
            if self.tape.steps[i].name in _REDUCTIONS:
                goals.append((self.tape.steps[i].args[0], self.levels[i] - 1))
        goals += [(i, self.levels[i]) for i in self.outputs if self.kinds[i] == FULL]
        return goals

    # --- text ---

    def _c_type(self, i: int) -> str:
        return self.mask if self.tape.steps[i].dtype is BOOL else self.float

    def _memory_type(self, i: int) -> str:
        return "unsigned char" if self.tape.steps[i].dtype is BOOL else self.float

    def _expression(self, i: int) -> str:
        step = self.tape.steps[i]
        return _TEXTS[step.name].format(*[f"v{arg}" for arg in step.args], t=self.float, f=self.suffix)

    def _pass_lines(self, level: int, last: bool) -> tuple[list[str], list[int]]:
        """The body of the loop over the elements of a row, and the reductions that are made in it."""
        reductions = [i for i in self.used if self.tape.steps[i].name in _REDUCTIONS and self.levels[i] == level + 1]
        stores = [i for i in self.outputs if self.kinds[i] == FULL and self.levels[i] == level]
        keeps = [i for i in self.kept if self.levels[i] == level and i not in self.outputs]
        needed: dict[int, str] = {}

        def need(i: int) -> None:
            step = self.tape.steps[i]
            if i in needed or self.kinds[i] in (ROW, ONE):
                return
            if step.name == "input":
                needed[i] = f"in{i}[{'l' if self.kinds[i] == INNER else 'e'}]"
            elif i in self.kept and self.levels[i] < level:
                needed[i] = f"out{i}[e]" if i in self.outputs else f"kept{i}[k]"
            else:
                for arg in step.args:
                    need(arg)
                needed[i] = self._expression(i)

        for i in [*[self.tape.steps[r].args[0] for r in reductions], *stores, *keeps]:
            need(i)
        lines = [f"{self._c_type(i)} v{i} = {needed[i]};" for i in sorted(needed)]
        for i in reductions:
            v = f"v{self.tape.steps[i].args[0]}"
            if self.tape.steps[i].name == "sum":
                lines.append(f"s{i} += {v};")
            else:
                sign = ">" if self.tape.steps[i].name == "max" else "<"
                lines.append(f"m{i} = {v} {sign} m{i} ? {v} : m{i}; n{i} |= {v} != {v};")
        lines += [f"out{i}[e] = v{i};" for i in stores]
        lines += [f"kept{i}[k] = v{i};" for i in keeps]
        return lines, reductions

    def _loop(self, lines: list[str], reductions: list[int]) -> list[str]:
        """The loops of one pass around its body."""
        names = {"sum": ("+", "s"), "max": ("max", "m"), "min": ("min", "m")}
        clauses, before, start, end, after = [], [], [], [], []
        for i in reductions:
            name = self.tape.steps[i].name
            sign, letter = names[name]
            clauses.append(f"reduction({sign}:{letter}{i})")
            if name == "sum":
                before.append(f"double t{i} = 0;")
                start.append(f"{self.float} s{i} = 0;")
                end.append(f"t{i} += s{i};")
                after.append(f"const {self.float} v{i} = ({self.float})t{i};")
            else:
                clauses.append(f"reduction(|:n{i})")
                before.append(f"{self.float} m{i} = {'-' if name == 'max' else ''}INFINITY; {self.mask} n{i} = 0;")
                after.append(f"const {self.float} v{i} = n{i} ? NAN : m{i};")
        a, _, _ = self.layout.sizes
        several = a > 1 or "A" in self.loops
        text = before
        if self.along == "l":
            head = "for (long l0 = start; l0 < stop; l0 += BLOCK) {"
            stop = "const long l1 = l0 + BLOCK < stop ? l0 + BLOCK : stop;"
        else:
            head = "for (long l0 = 0; l0 < L; l0 += BLOCK) {"
            stop = "const long l1 = l0 + BLOCK < L ? l0 + BLOCK : L;"
        row = "(a * B + b) * L" if several else "b * L" if self.layout.rows else "0"
        place = [f"const long e = {row} + l;"] if row != "0" else ["const long e = l;"]
        if any(["[k]" in line for line in lines]):
            place.append("const long k = a * L + l;" if several else "const long k = l;")
        inner = [
            head,
            stop,
            *start,
            f"#pragma omp simd {' '.join(clauses)}".rstrip(),
            "for (long l = l0; l < l1; l++) {",
        ]
        inner += [*place, *lines, "}", *end, "}"]
        text += ["for (long a = 0; a < A; a++) {", *inner, "}"] if several else inner
        return text + after

    def _row_lines(self, level: int, done: set[int]) -> list[str]:
        """Numbers of a row that are known before the pass of this level."""
        lines = []
        for i in self.used:
            step = self.tape.steps[i]
            if i in done or self.kinds[i] not in (ROW, ONE) or self.levels[i] > level or step.name in _REDUCTIONS:
                continue
            if self.kinds[i] == ONE and step.name in ("number", "input"):
                continue
            done.add(i)
            value = f"in{i}[b]" if step.name == "input" else self._expression(i)
            lines.append(f"const {self._c_type(i)} v{i} = {value};")
        return lines

    def source(self) -> Source:
        steps, layout = self.tape.steps, self.layout
        passes = max([level for _, level in self._goals()], default=0) + 1
        has_reductions = any([steps[i].name in _REDUCTIONS for i in self.used])
        self.along = "b" if layout.rows else "" if has_reductions else "l"
        self.loops = "A" if layout.sizes[0] > 1 else ""
        done: set[int] = set()
        body: list[str] = []
        for level in range(passes):
            body += self._row_lines(level, done)
            lines, reductions = self._pass_lines(level, level == passes - 1)
            if lines:
                body += self._loop(lines, reductions)
        body += self._row_lines(len(self.used), done)
        place = "b" if layout.rows else "0"
        body += [f"out{i}[{place}] = v{i};" for i in self.outputs if self.kinds[i] != FULL]
        if layout.rows:
            body = ["for (long b = start; b < stop; b++) {", *body, "}"]
        head = [f"const {self.float} v{i} = ({self.float})numbers[{steps[i].extra}];" for i in self.used
                if steps[i].name == "number" and steps[i].dtype is not BOOL]  # fmt: skip
        head += [f"const {self.mask} v{i} = numbers[{steps[i].extra}] != 0;" for i in self.used
                 if steps[i].name == "number" and steps[i].dtype is BOOL]  # fmt: skip
        for place_, i in enumerate([*self.inputs, *self.outputs]):
            kind, constant = ("out", "") if place_ >= len(self.inputs) else ("in", "const ")
            head.append(f"{constant}{self._memory_type(i)} *{kind}{i} = arrays[{place_}];")
        head += [f"const {self._c_type(i)} v{i} = in{i}[0];" for i in self.inputs if self.kinds[i] == ONE]
        kept = [i for i in self.kept if i not in self.outputs]
        size = layout.sizes[0] * layout.sizes[2]
        for place_, i in enumerate(kept):
            head.append(
                f"{self._memory_type(i)} *kept{i} = ({self._memory_type(i)} *)(scratch + {place_ * 8} * A * L);"
            )
        names = {steps[i].name for i in self.used}
        text = _HEAD + self._declarations(names)
        text += f"#define BLOCK {_BLOCK}\n"
        text += (
            "void run(long start, long stop, long A, long B, long L,\n"
            "         const double *numbers, void **arrays, char *scratch) {\n"
        )
        text += "\n".join([*head, *body, "}"]) + "\n"
        return Source(
            text,
            layout.sizes,
            self.along,
            tuple([steps[i].extra for i in self.inputs]),
            tuple([(i, steps[i].shape, steps[i].dtype) for i in self.outputs]),
            len(kept) * 8 * size,
            2 if names & set(_LATER) else 1 if names & set(_FIRST) else 0,
            not names & {"sum", *_FIRST, *_LATER},
            *self._cost_to_numpy(),
        )

    def _declarations(self, names: set[str]) -> str:
        text = ""
        for name in sorted(names & {*_FIRST, *_LATER}):
            two = name in ("power", "atan2", "hypot")
            arguments = ", ".join([self.float] * (2 if two else 1))
            c_name = "pow" if name == "power" else name
            text += f"VECTOR extern {self.float} {c_name}{self.suffix}({arguments}) __attribute__((const));\n"
        return text

    def _cost_to_numpy(self) -> tuple[int, float]:
        """How many passes NumPy makes, and for how many elements these take longer than a call of C."""
        count = cost = 0
        calls = 0.0
        for i in self.used:
            step: Step = self.tape.steps[i]
            if step.name in ("input", "number", "view") or (
                self.kinds[i] in (ROW, ONE) and step.name not in _REDUCTIONS
            ):
                continue
            slow = step.name in _SLOW_IN_NUMPY
            count += 10 if slow else 1
            calls += _A_REDUCTION if step.name in _REDUCTIONS else _A_UFUNC
            cost += 30 if slow else 6 if step.name in _FIRST or step.name in _LATER else _COSTS.get(step.name, 1)
        # (The one pass that C makes takes as long as two cheap ones of NumPy's.)
        each = max(cost - 2, 0.25) * (_A_PASS if self.float == "float" else 2 * _A_PASS)
        return count, max(0.0, _A_CALL - calls) / each


def source_of(trace: Trace) -> Source:
    """The C function that does what a trace says. Raises `Unknown` for what it has no loops for."""
    return _Writer(trace).source()


__all__ = ["Source", "source_of"]
