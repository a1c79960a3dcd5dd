"""Traces: what a formula does to real arrays of NumPy's, step by step, noted while it runs on small ones.

A kernel or rule is called once on symbols. Each carries a small array, so that shapes and dtypes of what the formula
makes are what NumPy says; each call of a function of the namespace is noted as a step. `loops.py` writes the steps
down as code that works through large arrays piece by piece. For real arrays `conj` is nothing, an operator named in a
formula is the steps of its kernel, and what is computed twice is one step. A formula that asks for values, or calls
what is not known to treat each element (or row) for itself, has no trace, and is called as it is.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray, ufunc

from ..core.registry import OPS
from ..xp import numpy_namespace
from ..xp.numpy.rows import variance_about


class Unknown(Exception):
    """A formula does what cannot be noted."""


class Rows(int):
    """How many rows the small arrays have, and a stand-in for those of any piece. Nothing is computed of it."""

    def _refuse(self, *other: Any) -> Any:
        raise Unknown("the formula computes with the number of rows")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse  # type: ignore
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = _refuse  # type: ignore

    def __repr__(self) -> str:
        return "ROWS"


ROWS = Rows(2)


class Step:
    """One call: `function(*arguments, **options)` makes the value of that number.

    arguments: numbers of values as `Value`, others as they are. elementwise: whether it is a ufunc, which takes `out=`.
    """

    __slots__ = ("arguments", "function", "name", "options", "value")

    def __init__(self, name: str, function: Callable, arguments: tuple, options: dict[str, Any], value: int) -> None:
        self.name, self.function, self.arguments, self.options, self.value = name, function, arguments, options, value

    @property
    def elementwise(self) -> bool:
        return isinstance(self.function, ufunc)


class Value:
    """The value of a number, as an argument of a step."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class Symbol:
    """An argument of a formula, or what it has made of some."""

    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(self, trace: Trace, number: int) -> None:
        self.trace, self.number = trace, number

    @property
    def dtype(self) -> Any:
        return self.trace.samples[self.number].dtype

    @property
    def shape(self) -> tuple[int, ...]:
        sample = self.trace.samples[self.number]
        if self.trace.lead is None:
            return self.trace.whole_shape(sample)
        return (ROWS, *sample.shape[1:]) if self.trace.rows[self.number] else sample.shape

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def conjugate(self) -> Symbol:
        return self

    def __bool__(self) -> bool:
        raise Unknown("the formula depends on values")

    def __getattr__(self, name: str) -> Any:
        raise Unknown(f"the formula asks for {name}")

    def __pow__(self, exponent: Any) -> Symbol:
        if type(exponent) in (int, float):
            if exponent == 2:
                return self.trace.note("square", np.square, (self,))
            return self.trace.note("pow", operator.pow, (self, exponent))  # which has short ways for some numbers
        return self.trace.note("power", np.power, (self, exponent))


def _infix(function: ufunc, reflected: bool = False) -> Callable:
    name = function.__name__

    def note(self: Symbol, other: Any) -> Symbol:
        return self.trace.note(name, function, (other, self) if reflected else (self, other))

    return note


_INFIX: dict[str, ufunc] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}
_COMPARISONS: dict[str, ufunc] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
for _name, _function in _INFIX.items():
    setattr(Symbol, f"__{_name}__", _infix(_function))
    setattr(Symbol, f"__r{_name}__", _infix(_function, reflected=True))
for _name, _function in _COMPARISONS.items():
    setattr(Symbol, f"__{_name}__", _infix(_function))
Symbol.__neg__ = lambda self: self.trace.note("negative", np.negative, (self,))  # type: ignore[attr-defined]
Symbol.__invert__ = lambda self: self.trace.note("invert", np.invert, (self,))  # type: ignore[attr-defined]
Symbol.__abs__ = lambda self: self.trace.note("abs", np.absolute, (self,))  # type: ignore[attr-defined]

# Functions of the namespace that Python's own operators stand for there.
_UFUNCS: dict[str, ufunc] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "negative": np.negative,
}
# What treats each row for itself, if it is asked to leave the first axes alone.
_OF_ROWS = frozenset("sum prod max min mean any all row_sums mean_of_products".split())
_SHAPES = frozenset("reshape broadcast_to".split())
_LIKE = frozenset("zeros_like ones_like full_like".split())
_NUMBERS = frozenset("pi e inf nan".split())
_DTYPES = frozenset("bool int8 int16 int32 int64 uint8 float32 float64".split())
_ANSWERS = frozenset("isdtype iinfo".split())  # functions of no array


@functools.cache
def _elementwise() -> frozenset[str]:
    """The functions that are known to treat each element for itself; what broadcasts over hidden axes, too."""
    from ..xp.batched.elements import POINTWISE  # which fills the set

    return frozenset(POINTWISE) - {"frexp", "imag", "make_complex", "real"}


class _Notes:
    """A namespace that notes which functions are called on what."""

    in_rows = None  # (other namespaces have a way of their own for operators with rows)

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def __getattr__(self, name: str) -> Any:
        trace = self.trace
        if name in _NUMBERS:
            return getattr(math, name)
        if name in _ANSWERS:
            return getattr(numpy_namespace, name)
        if name in _DTYPES:
            return np.dtype(name)
        if name in ("sum", "mean") and trace.lead is None:
            return functools.partial(self._total, name)
        function: Any = _UFUNCS.get(name)
        if function is None and (
            name in _elementwise() or name in _LIKE or (trace.lead is not None and name in (_OF_ROWS | _SHAPES))
        ):
            function = getattr(numpy_namespace, name)
        if function is not None:
            return lambda *arguments, **options: trace.note(name, function, arguments, options)
        op = OPS.get(name)
        if op is None or op.kind != "pointwise" or op.outputs is not None or op.residuals:
            raise Unknown(f"xp.{name}")
        return lambda *arguments, **params: op.kernel(self, *arguments, **{**op.defaults, **params})

    def _total(self, name: str, x: Any) -> Symbol:
        return self.trace.total(x, name == "mean")

    def moments(self, x: Any, axis: tuple[int, ...]) -> tuple[Any, Any]:
        mean = self.mean(x, axis=axis, keepdims=True)
        return mean, self.trace.note("variance_about", variance_about, (x, mean, axis))

    def power(self, x: Any, y: Any) -> Any:
        return x**y

    def conj(self, x: Any) -> Any:
        return x

    real = conj

    def scalar(self, value: Any, dtype: Any) -> Any:
        return numpy_namespace.scalar(value, dtype)

    def astype(self, x: Any, dtype: Any, copy: bool = False) -> Any:
        if type(x) is Symbol and x.dtype == dtype and not copy:
            return x
        return self.trace.note("astype", numpy_namespace.astype, (x, dtype))


_PLAIN_VALUES = (bool, int, float, str, type(None), Rows)


def _is_plain(value: Any) -> bool:
    """Whether a value is one whose text says all of it."""
    kind = type(value)
    return (
        kind in _PLAIN_VALUES
        or (kind is tuple and all(map(_is_plain, value)))
        or isinstance(value, (np.dtype, np.generic))
    )


def key_of(value: Any) -> Any:
    """A key for what is given to a formula beside arrays, of 1, 1.0 and True another one; None if it has none."""
    if type(value) is dict:
        return repr(value) if all(map(_is_plain, value.values())) else None
    return repr(value) if _is_plain(value) else None


class Trace:
    """What a formula does.

    samples: for each value an array of its dtype and, but for the number of rows, of its shape. rows: for each whether
    it has a row for each row of the largest argument. steps: how they are made, but for the first ones, which are the
    `given` arguments. results: what is returned: `Value`s, or None; `single` if that is no tuple. lead: how many of the
    first axes are examples, of which all but the first have size 1; None for a formula of each element, whose samples
    have one axis, of 2 elements as the result has, or of 1 if they are smaller. shape: that of the result then;
    `asked` tells whether the formula has asked for it. totals: values that are the sum, or the mean, of all elements of
    another one, which only results can be: value -> the other, and whether it is the mean.
    """

    def __init__(self, lead: int | None, shape: tuple[int, ...] | None = None) -> None:
        self.lead, self.shape = lead, shape
        self.asked = False
        self.totals: dict[int, tuple[int, bool]] = {}
        self.samples: list[Any] = []
        self.rows: list[bool] = []
        self.steps: list[Step] = []
        self.results: tuple = ()
        self.single = True
        self.given = 0
        self._known: dict[Any, Symbol] = {}
        self.examples = examples_of(lead)

    def symbol(self, sample: Any, rows: bool) -> Symbol:
        self.samples.append(sample)
        self.rows.append(rows)
        return Symbol(self, len(self.samples) - 1)

    def whole_shape(self, sample: Any) -> tuple[int, ...]:
        """The shape of what is as large as the result."""
        if self.shape is None or sample.shape != (2,) * sample.ndim or not sample.ndim:
            raise Unknown("the formula asks for a shape")
        self.asked = True
        return self.shape

    def total(self, x: Symbol, mean: bool) -> Symbol:
        """The symbol of the sum or the mean of all elements."""
        sample = self.samples[x.number]
        self.whole_shape(sample)
        if x.number in self.totals or sample.dtype.char not in "fd":
            raise Unknown("the formula goes on from a total")
        symbol = self.symbol(sample[(0,) * sample.ndim + (...,)], False)
        self.totals[symbol.number] = x.number, mean
        return symbol

    def note(self, name: str, function: Callable, arguments: tuple, options: dict[str, Any] | None = None) -> Symbol:
        """The symbol of `function(*arguments, **options)`."""
        given: list[Any] = []
        samples: list[Any] = []
        key: list[Any] = [name]
        rows = False
        for argument in arguments:
            if type(argument) is Symbol:
                if argument.trace is not self:
                    raise Unknown("a symbol of another formula")
                if argument.number in self.totals:
                    raise Unknown("the formula goes on from a total")
                given.append(Value(argument.number))
                samples.append(self.samples[argument.number])
                key.append(argument.number)
                rows = rows or self.rows[argument.number]
            else:
                if name not in _SHAPES and _tells_rows(argument):
                    raise Unknown("the formula computes with the number of rows")
                given.append(argument)
                samples.append(argument)
                key.append(_known_key(argument))
        key.append(_known_key(options or {}))
        known = self._known.get(tuple(key))
        if known is not None:
            return known
        made = function(*samples, **(options or {}))
        if not isinstance(made, (ndarray, np.generic)):
            raise Unknown(f"{name} returns no array")
        made = np.asarray(made)
        if rows and made.shape[: len(self.examples)] != self.examples:
            raise Unknown(f"{name} works across rows")
        symbol = self.symbol(made, rows)
        self.steps.append(Step(name, function, tuple(given), options or {}, symbol.number))
        self._known[tuple(key)] = symbol
        if function is np.negative:  # twice is nothing
            self._known["negative", symbol.number, _known_key({})] = arguments[0]
        return symbol


def _tells_rows(value: Any) -> bool:
    return type(value) is Rows or (type(value) is tuple and any([type(part) is Rows for part in value]))


def _known_key(value: Any) -> str:
    key = key_of(value)
    if key is None:
        raise Unknown(f"the formula uses a {type(value).__name__}")
    return key


def examples_of(lead: int | None) -> tuple[int, ...]:
    """The sizes of the first axes of samples that have rows."""
    return (2, *(1,) * ((lead or 1) - 1))


def trace(
    formula: Callable,
    samples: Sequence,
    rows: Sequence[bool],
    lead: int | None = None,
    params: dict[str, Any] | None = None,
    shape: tuple[int, ...] | None = None,
) -> Trace | None:
    """What `formula(xp, *arguments, **params)` does, or None if that cannot be noted.

    samples: for each argument a small array (see `Trace`), or what else is given, as it is. rows: which have rows.
    """
    made = Trace(lead, shape)
    symbols = []
    for sample, has_rows in zip(samples, rows, strict=True):
        symbols.append(made.symbol(sample, has_rows) if isinstance(sample, ndarray) else sample)
    made.given = len(made.samples)
    try:
        with np.errstate(all="ignore"):
            results = formula(_Notes(made), *symbols, **(params or {}))
    except ImportError:
        raise
    except Exception:
        return None  # (an error of the formula's own it will raise on the arrays, too)
    made.single = type(results) is not tuple
    results = (results,) if made.single else results
    if not all([result is None or type(result) is Symbol for result in results]):
        return None
    made.results = tuple([None if result is None else Value(result.number) for result in results])
    _drop_unused(made)
    return made


def _drop_unused(made: Trace) -> None:
    """Leave out steps of which no result is made."""
    used = {made.totals.get(result.number, (result.number,))[0] for result in made.results if result is not None}
    kept = []
    for step in reversed(made.steps):
        if step.value in used:
            used.update([argument.number for argument in step.arguments if type(argument) is Value])
            kept.append(step)
    made.steps = kept[::-1]


__all__ = ["ROWS", "Rows", "Step", "Trace", "Unknown", "Value", "examples_of", "key_of", "trace"]
