"""Symbols, which stand for arrays in a formula and note what it does with them on a tape.

Each step has the meaning that NumPy gives it: dtypes, NaN and the signs of zeros too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

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


def lifted(value: Any, like: Symbol) -> Symbol:
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


def as_float(operand: Symbol) -> Symbol:
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
    operands = [lifted(value, like) for value in values]
    # (Masks beside Python's numbers would be float64.)
    if not any([operand.dtype is like.tape.dtype and type(x) is not float and type(x) is not int
                for operand, x in zip(operands, values, strict=True)]):  # fmt: skip
        raise Unknown("a function of masks alone")
    return _noted(name, [as_float(operand) for operand in operands], like.tape.dtype)


def compared(name: str, *values: Any) -> Symbol:
    """A mask of numbers."""
    like = _any_symbol(values)
    operands = [lifted(value, like) for value in values]
    if any([operand.dtype is BOOL for operand in operands]):
        raise Unknown("a comparison of masks")
    return _noted(name, operands, BOOL)


def masked(name: str, *values: Any) -> Symbol:
    """A mask of masks."""
    like = _any_symbol(values)
    operands = [lifted(value, like) for value in values]
    if not all([operand.dtype is BOOL for operand in operands]):
        raise Unknown("a logical function of numbers")
    return _noted(name, operands, BOOL)


def where(condition: Any, x: Any, y: Any) -> Symbol:
    """x where the condition is true, else y."""
    if type(condition) is not Symbol or condition.dtype is not BOOL:
        raise Unknown("a condition that is no mask")
    if all([type(value) is not Symbol and not isinstance(value, np.generic) for value in (x, y)]):
        raise Unknown("a choice of two of Python's numbers, which have a dtype of their own")
    operands = [lifted(value, condition if type(x) is not Symbol and type(y) is not Symbol else _any_symbol((x, y)))
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
COMPARISONS = {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal",
                "ne": "not_equal"}  # fmt: skip


def _comparison(name: str) -> Callable:
    return lambda self, other: compared(name, self, other)


for _short, _name in COMPARISONS.items():
    setattr(Symbol, f"__{_short}__", _comparison(_name))
Symbol.__neg__ = lambda self: elementwise("negative", self)  # type: ignore[attr-defined]
Symbol.__abs__ = lambda self: elementwise("abs", self)  # type: ignore[attr-defined]
Symbol.__invert__ = lambda self: masked("logical_not", self)  # type: ignore[attr-defined]
Symbol.real = property(lambda self: self)  # type: ignore[attr-defined]


def power(x: Any, y: Any) -> Symbol:
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


Symbol.__pow__ = power  # type: ignore[attr-defined]
Symbol.__rpow__ = lambda self, other: power(other, self)  # type: ignore[attr-defined]


__all__ = [
    "BOOL",
    "COMPARISONS",
    "Given",
    "Step",
    "Symbol",
    "Tape",
    "Unknown",
    "as_float",
    "compared",
    "elementwise",
    "lifted",
    "masked",
    "power",
    "where",
]
