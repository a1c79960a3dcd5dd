"""What a formula does, noted: a kernel, rule or step of an optimizer is called once on symbols instead of arrays.

A symbol knows its shape and dtype, so a formula may ask for these, and branch on them and on its parameters; one that
asks for values, or does what has no name here, raises `Unknown`, and is left to NumPy. What comes out is a `Tape` of
elementwise steps and reductions, each with the meaning that NumPy gives it: dtypes, NaN and the signs of zeros too.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...core.registry import OPS
from ..numpy import namespace as numpy_namespace

BOOL = np.dtype(bool)


class Unknown(Exception):
    """A formula does what cannot be noted."""


class Step(NamedTuple):
    """One line of a tape; `args` are the numbers of earlier lines."""

    name: str  # "input", "number", the name of an elementwise function, "sum", "max", "min", "view"
    args: tuple[int, ...]
    extra: Any  # of an input: which argument; of a number: its place among `Tape.numbers`; of a reduction: the axes
    shape: tuple[int, ...]
    dtype: Any


class Tape:
    """The steps of one formula, for arguments of these shapes; equal steps are noted once."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype  # of all floating numbers
        self.steps: list[Step] = []
        self.numbers: list[float] = []
        self.texts: dict[int, str] = {}  # of those that are made of parameters, by their places
        self.guards: list[tuple[str, bool]] = []  # what the formula has asked about its parameters, and the answers
        self._places: dict[Any, int] = {}

    def note(self, name: str, args: tuple[int, ...], extra: Any, shape: tuple[int, ...], dtype: Any) -> int:
        """The number of the line with this step."""
        step = Step(name, args, extra, shape, dtype)
        place = self._places.get(step)
        if place is None:
            place = self._places[step] = len(self.steps)
            self.steps.append(step)
        return place

    def number(self, value: float, dtype: Any = None) -> int:
        """A number. Its value is no part of the text that is compiled; numbers that are equal have one place there."""
        key: Any = math.copysign(1.0, value), value if value == value else "nan"
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.numbers)
            self.numbers.append(value)
        return self.note("number", (), place, (), self.dtype if dtype is None else dtype)

    def given_number(self, given: Given) -> int:
        """A number that is made of parameters."""
        place = self._places.get(given.text)
        if place is None:
            place = self._places[given.text] = len(self.numbers)
            self.numbers.append(given.value)
            self.texts[place] = given.text
        return self.note("number", (), place, (), self.dtype)


class Given:
    """A parameter that is another number at each call, or what is made of some: its value now, and the text of it.

    What a formula asks about it is noted: the tape holds for all numbers of which the answers are the same.
    """

    __slots__ = ("tape", "text", "value")
    __array_ufunc__ = None

    def __init__(self, tape: Tape, text: str, value: float) -> None:
        self.tape, self.text, self.value = tape, text, value

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __hash__(self) -> int:
        raise Unknown("a number as a key")

    def __getattr__(self, name: str) -> Any:
        raise Unknown(f"the formula asks for {name}")

    def __float__(self) -> float:
        raise Unknown("a function of a number")

    __int__ = __index__ = __float__  # type: ignore[assignment]


def _made_of(sign: str, reflected: bool = False) -> Callable:
    function = eval(f"lambda a, b: a {sign} b")

    def call(self: Given, other: Any) -> Any:
        if type(other) is not Given and type(other) not in (int, float):
            return NotImplemented
        parts = [(self.value, self.text), (other.value, other.text) if type(other) is Given else (other, repr(other))]
        (a, first), (b, second) = reversed(parts) if reflected else parts
        text, value = f"({first} {sign} {second})", function(a, b)
        if type(value) is bool:
            self.tape.guards.append((text, value))
            return value
        return Given(self.tape, text, value)

    return call


for _sign, _name in {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "**": "pow"}.items():
    setattr(Given, f"__{_name}__", _made_of(_sign))
    setattr(Given, f"__r{_name}__", _made_of(_sign, reflected=True))
for _sign, _name in {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}.items():
    setattr(Given, f"__{_name}__", _made_of(_sign))
Given.__neg__ = lambda self: 0.0 - self  # type: ignore[attr-defined]


class Symbol:
    """What stands for an array in a formula: a line of a tape. In-place operators make it another line."""

    __slots__ = ("step", "tape")
    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(self, tape: Tape, step: int) -> None:
        self.tape = tape
        self.step = step

    @property
    def shape(self) -> tuple[int, ...]:
        return self.tape.steps[self.step].shape

    @property
    def dtype(self) -> Any:
        return self.tape.steps[self.step].dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def __bool__(self) -> bool:
        raise Unknown("the formula depends on values")

    __float__ = __int__ = __index__ = __len__ = __iter__ = __bool__  # type: ignore[assignment]

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise Unknown("the formula calls NumPy itself")

    def __getattr__(self, name: str) -> Any:
        raise Unknown(f"the formula asks for {name}")

    def __setitem__(self, key: Any, value: Any) -> None:
        if key is not Ellipsis:
            raise Unknown("the formula writes to a part of an array")
        if not isinstance(value, Symbol) or value.shape != self.shape or value.dtype is not self.dtype:
            raise Unknown("the formula overwrites an array by one of another kind")
        self.step = value.step


def _lifted(value: Any, like: Symbol) -> Symbol:
    """A symbol for an operand beside `like`."""
    if type(value) is Symbol:
        return value
    tape = like.tape
    if type(value) is Given:
        return Symbol(tape, tape.given_number(value))
    if like.dtype is BOOL and type(value) is bool:
        return Symbol(tape, tape.number(float(value), BOOL))
    if type(value) in (int, float, bool) or (isinstance(value, (np.generic, np.ndarray)) and value.dtype is tape.dtype):
        if np.ndim(value):
            raise Unknown("the formula has an array of its own")
        try:
            return Symbol(tape, tape.number(float(value)))
        except OverflowError:
            raise Unknown("the formula has a number that is too large") from None
    raise Unknown(f"the formula uses a {type(value).__name__}")


def _shape_of(operands: Sequence[Symbol]) -> tuple[int, ...]:
    first = operands[0].shape
    if all([operand.shape == first or operand.shape == () for operand in operands]):
        return first
    try:
        return np.broadcast_shapes(*[operand.shape for operand in operands])
    except ValueError:
        raise Unknown("shapes do not fit") from None


def _any_symbol(values: Sequence[Any]) -> Symbol:
    for value in values:
        if type(value) is Symbol:
            return value
    raise Unknown("a function of no array")


def _as_float(operand: Symbol) -> Symbol:
    if operand.dtype is operand.tape.dtype:
        return operand
    return _noted("as_float", [operand], operand.tape.dtype)


def _noted(name: str, operands: Sequence[Symbol], dtype: Any) -> Symbol:
    tape = operands[0].tape
    step = tape.note(name, tuple([operand.step for operand in operands]), None, _shape_of(operands), dtype)
    return Symbol(tape, step)


def elementwise(name: str, *values: Any) -> Symbol:
    """A function of numbers in floating point, of one dtype; masks count as 0 and 1 beside others."""
    like = _any_symbol(values)
    operands = [_lifted(value, like) for value in values]
    # (Masks beside Python's numbers would be float64.)
    if not any([operand.dtype is like.tape.dtype and type(x) is not float and type(x) is not int
                for operand, x in zip(operands, values, strict=True)]):  # fmt: skip
        raise Unknown("a function of masks alone")
    return _noted(name, [_as_float(operand) for operand in operands], like.tape.dtype)


def compared(name: str, *values: Any) -> Symbol:
    """A mask of numbers."""
    like = _any_symbol(values)
    operands = [_lifted(value, like) for value in values]
    if any([operand.dtype is BOOL for operand in operands]):
        raise Unknown("a comparison of masks")
    return _noted(name, operands, BOOL)


def masked(name: str, *values: Any) -> Symbol:
    """A mask of masks."""
    like = _any_symbol(values)
    operands = [_lifted(value, like) for value in values]
    if not all([operand.dtype is BOOL for operand in operands]):
        raise Unknown("a logical function of numbers")
    return _noted(name, operands, BOOL)


def where(condition: Any, x: Any, y: Any) -> Symbol:
    """x where the condition is true, else y."""
    if type(condition) is not Symbol or condition.dtype is not BOOL:
        raise Unknown("a condition that is no mask")
    if all([type(value) is not Symbol and not isinstance(value, np.generic) for value in (x, y)]):
        raise Unknown("a choice of two of Python's numbers, which have a dtype of their own")
    operands = [_lifted(value, condition if type(x) is not Symbol and type(y) is not Symbol else _any_symbol((x, y)))
                for value in (x, y)]  # fmt: skip
    if operands[0].dtype is not operands[1].dtype:
        raise Unknown("a choice of two dtypes")
    return _noted("where", [condition, *operands], operands[0].dtype)


# --- Python's operators ---


def _operator(name: str, function: Callable) -> None:
    def call(self: Symbol, other: Any) -> Symbol:
        return function(name, self, other)

    def reflected(self: Symbol, other: Any) -> Symbol:
        return function(name, other, self)

    def in_place(self: Symbol, other: Any) -> Symbol:
        result = function(name, self, other)
        if result.shape != self.shape or result.dtype is not self.dtype:
            raise Unknown("an array is changed in place to what it cannot hold")
        self.step = result.step
        return self

    short = {"subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow"}.get(name, name)
    for prefix, method in (("", call), ("r", reflected), ("i", in_place)):
        setattr(Symbol, f"__{prefix}{short.removeprefix('logical_')}__", method)


for _name in ("add", "subtract", "multiply", "divide"):
    _operator(_name, elementwise)
for _name in ("logical_and", "logical_or", "logical_xor"):
    _operator(_name, masked)
_COMPARISONS = {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal",
                "ne": "not_equal"}  # fmt: skip


def _comparison(name: str) -> Callable:
    return lambda self, other: compared(name, self, other)


for _short, _name in _COMPARISONS.items():
    setattr(Symbol, f"__{_short}__", _comparison(_name))
Symbol.__neg__ = lambda self: elementwise("negative", self)  # type: ignore[attr-defined]
Symbol.__abs__ = lambda self: elementwise("abs", self)  # type: ignore[attr-defined]
Symbol.__invert__ = lambda self: masked("logical_not", self)  # type: ignore[attr-defined]
Symbol.real = property(lambda self: self)  # type: ignore[attr-defined]


def _power(x: Any, y: Any) -> Symbol:
    """x ** y; NumPy has shorter ways for some numbers."""
    if type(y) in (int, float):
        if y == 2:
            return x * x
        if y == 0.5:
            return elementwise("sqrt", x)
        if y == -1:
            return 1.0 / x
        if y == 1 or y == 0:
            raise Unknown("a power that is none")
    return elementwise("power", x, y)


Symbol.__pow__ = _power  # type: ignore[attr-defined]
Symbol.__rpow__ = lambda self, other: _power(other, self)  # type: ignore[attr-defined]


# --- the namespace ---

# Functions of one number that C has too, with the meaning that NumPy gives them.
_FUNCTIONS = (
    "abs acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp exp2 expm1 floor log log10 log1p log2 round sin"
    " sinh sqrt tan tanh trunc"
).split()


def _reduction(name: str) -> Callable:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Symbol:
        if type(x) is not Symbol or x.dtype is not x.tape.dtype or (dtype is not None and dtype != x.dtype):
            raise Unknown("a reduction of masks, or to another dtype")
        axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        axes = tuple(sorted([axis % x.ndim for axis in axes]))
        if not x.size or not axes:
            raise Unknown("a reduction of nothing")
        shape = tuple([1 if i in axes else n for i, n in enumerate(x.shape)])
        result = Symbol(x.tape, x.tape.note(name, (x.step,), axes, shape, x.dtype))
        return result if keepdims else _viewed(result, tuple([n for i, n in enumerate(x.shape) if i not in axes]))

    return reduce


def _viewed(x: Symbol, shape: tuple[int, ...]) -> Symbol:
    """x in another shape, with axes of size 1 more or less."""
    shape = tuple(shape)
    if -1 in shape:
        rest = -math.prod(shape)
        shape = tuple([x.size // rest if n == -1 else n for n in shape])
    if shape == x.shape:
        return x
    if [n for n in shape if n != 1] != [n for n in x.shape if n != 1]:
        raise Unknown("a change of shape")
    step = x.tape.steps[x.step]
    if step.name in ("input", "fill"):
        return Symbol(x.tape, x.tape.note(step.name, step.args, step.extra, shape, step.dtype))
    return Symbol(x.tape, x.tape.note("view", (x.step,), None, shape, step.dtype))


def _count(x: Symbol, axis: Any) -> int:
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    return math.prod([x.shape[a] for a in axes])


class Namespace:
    """The functions that a formula may call on symbols; of others `Unknown` is raised."""

    e, inf, nan, pi = math.e, math.inf, math.nan, math.pi
    float32, float64, bool = np.float32, np.float64, np.bool
    where = staticmethod(where)
    sum, max, min = [staticmethod(_reduction(name)) for name in ("sum", "max", "min")]
    power = staticmethod(_power)

    def __getattr__(self, name: str) -> Any:
        # (What the namespace of NumPy has itself need not be the operator of that name.)
        own = vars(numpy_namespace).get(name)
        if name.startswith("_") or name not in OPS or (own is not None and type(own) is not functools.partial):
            raise Unknown(f"the formula calls xp.{name}")
        made = functools.partial(OPS[name].kernel, self)
        setattr(self, name, made)
        return made

    @staticmethod
    def isdtype(dtype: Any, kind: str) -> Any:
        return numpy_namespace.isdtype(dtype, kind)

    @staticmethod
    def scalar(value: Any, dtype: Any) -> Any:
        return numpy_namespace.scalar(value, dtype)

    @staticmethod
    def square(x: Any) -> Symbol:
        return x * x

    @staticmethod
    def reciprocal(x: Any) -> Symbol:
        return 1.0 / x

    @staticmethod
    def conj(x: Any) -> Any:
        return x

    @staticmethod
    def arranged(x: Any, like: Any) -> Any:
        return x  # (all that is compiled is contiguous)

    real = contiguous = ascontiguousarray = conj

    @staticmethod
    def astype(x: Any, dtype: Any, copy: bool = False) -> Symbol:
        if type(x) is not Symbol or dtype not in (x.dtype, x.tape.dtype):
            raise Unknown("a cast")
        return x if x.dtype == dtype else _as_float(x)

    @staticmethod
    def full_like(x: Any, value: Any) -> Symbol:
        number = _lifted(value, x)
        if number.shape or number.dtype is not x.dtype:
            raise Unknown("an array filled with arrays")
        return Symbol(x.tape, x.tape.note("fill", (number.step,), None, x.shape, x.dtype))

    @staticmethod
    def zeros_like(x: Any) -> Symbol:
        return Namespace.full_like(x, False if x.dtype is BOOL else 0.0)

    @staticmethod
    def ones_like(x: Any) -> Symbol:
        return Namespace.full_like(x, True if x.dtype is BOOL else 1.0)

    @staticmethod
    def reshape(x: Any, shape: tuple[int, ...]) -> Symbol:
        return _viewed(x, shape)

    @staticmethod
    def expand_dims(x: Any, axis: Any) -> Symbol:
        ndim = x.ndim + (1 if isinstance(axis, int) else len(axis))
        axes = {a % ndim for a in ((axis,) if isinstance(axis, int) else axis)}
        sizes = iter(x.shape)
        return _viewed(x, tuple([1 if i in axes else next(sizes) for i in range(ndim)]))

    @staticmethod
    def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Symbol:
        return Namespace.sum(x, axis=axis, keepdims=keepdims) / _count(x, axis)

    @staticmethod
    def mean_of_products(x: Any, y: Any, axis: tuple[int, ...]) -> Symbol:
        product = x * y
        return Namespace.sum(product, axis=axis, keepdims=True) / _count(product, axis)

    @staticmethod
    def row_sums(x: Any, axis: Any) -> Symbol:
        return Namespace.sum(x, axis=axis, keepdims=True)

    @staticmethod
    def moments(x: Any, axis: tuple[int, ...]) -> tuple[Symbol, Symbol]:
        mean = Namespace.mean(x, axis, True)
        centred = x - mean
        return mean, Namespace.mean_of_products(centred, centred, axis)

    @staticmethod
    def clip(x: Any, low: Any, high: Any) -> Symbol:
        return Namespace.minimum(Namespace.maximum(x, low), high)  # type: ignore[attr-defined]

    @staticmethod
    def keep_where(mask: Any, x: Any) -> Symbol:
        return where(mask, x, 0.0)

    @staticmethod
    def sign(x: Any) -> Symbol:
        return where(x > 0, 1.0, where(x < 0, -1.0, where(x == 0, 0.0, x)))

    @staticmethod
    def quick_ndtr(x: Any) -> Symbol:
        """The distribution function of the normal distribution, without the digits that are lost beside 1."""
        if x.dtype != np.float32:
            raise Unknown("digits that erf does not give")
        return 0.5 * (1.0 + elementwise("erf", x * math.sqrt(0.5)))

    @staticmethod
    def times_ndtr(x: Any) -> Symbol:
        return x * Namespace.quick_ndtr(x)


def _limit(name: str, by_number: str) -> Any:
    """The larger, or smaller, of two; NaN wins."""

    def limit(x: Any, y: Any) -> Symbol:
        if type(y) is not Symbol and y == y:
            return elementwise(by_number, x, y)
        return elementwise(name, x, y)

    return staticmethod(limit)


def _function(name: str, note: Callable) -> Callable:
    return staticmethod(lambda *values: note(name, *values))  # type: ignore[return-value]


for _name in (*_FUNCTIONS, "negative", "add", "subtract", "multiply", "divide", "hypot", "atan2"):
    setattr(Namespace, _name, _function(_name, elementwise))
for _name, _by_number in (("maximum", "at_least"), ("minimum", "at_most")):
    setattr(Namespace, _name, _limit(_name, _by_number))
for _name in (*_COMPARISONS.values(), "isnan", "isinf", "isfinite"):
    setattr(Namespace, _name, _function(_name, compared))
for _name in ("logical_and", "logical_or", "logical_xor", "logical_not"):
    setattr(Namespace, _name, _function(_name, masked))
NAMESPACE = Namespace()


class Trace(NamedTuple):
    """A tape and what of it comes out."""

    tape: Tape
    results: tuple[Any, ...]  # the line of each result; None for one that is None
    single: bool  # whether the formula gives one result, not a tuple
    written: tuple[tuple[int, int], ...]  # which argument is overwritten by which line


def trace(function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool = False) -> Trace:
    """Call `function(xp, *arguments, **params)` on symbols. Raises `Unknown`.

    arguments: arrays of one floating dtype, and masks, for which there will be symbols; all else is given as it is.
    in_place: whether the function may overwrite its arguments; a dict among them is one of arrays, and parameters that
        are floats are other ones at each call.
    """
    dtypes = {x.dtype for x in _arrays(arguments) if x.dtype is not BOOL}
    if len(dtypes) != 1 or (dtype := dtypes.pop()).char not in "fd":
        raise Unknown("arrays of several dtypes, or of another")
    tape = Tape(dtype)
    symbols: list[tuple[int, Symbol]] = []

    def symbol(x: Any) -> Any:
        if type(x) is dict:
            return {name: symbol(value) for name, value in x.items()}
        if type(x) is not np.ndarray:
            return x
        place, kind = len(symbols), BOOL if x.dtype is BOOL else dtype
        if is_one_number(x):
            step = tape.note("fill", (tape.note("input", (), place, (), kind),), None, x.shape, kind)
        else:
            step = tape.note("input", (), place, x.shape, kind)
        made = Symbol(tape, step)
        symbols.append((step, made))
        return made

    given = [symbol(x) for x in arguments]
    dicts = [(x, dict(x)) for x in given if type(x) is dict]
    if in_place:
        params = {name: Given(tape, name, x) if type(x) is float else x for name, x in params.items()}
    results = function(NAMESPACE, *given, **params)
    for now, before in dicts:  # what has been put in the place of an array is what it has become
        for name, was in before.items():
            if now.get(name) is not was:
                was[...] = now[name]
    written = tuple([(i, now.step) for i, (before, now) in enumerate(symbols) if now.step != before])
    if written and not in_place:
        raise Unknown("the formula overwrites its arguments")
    single = type(results) is not tuple
    parts = (results,) if single else results
    if any([part is not None and type(part) is not Symbol for part in parts]):
        raise Unknown("the result is no array")
    return Trace(tape, tuple([None if part is None else part.step for part in parts]), single, written)


def is_one_number(x: Any) -> bool:
    """Whether an array is one element in memory that it repeats, as the gradient of a sum is."""
    return x.size > 1 and not any(x.strides)


def _arrays(arguments: Sequence[Any]) -> list[Any]:
    found = []
    for x in arguments:
        if type(x) is np.ndarray:
            found.append(x)
        elif type(x) is dict:
            found += _arrays(list(x.values()))
    return found


__all__ = ["BOOL", "Step", "Tape", "Trace", "Unknown", "is_one_number", "trace"]
