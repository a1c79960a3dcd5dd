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
from .symbols import (
    BOOL,
    COMPARISONS,
    Given,
    Symbol,
    Tape,
    Unknown,
    as_float,
    compared,
    elementwise,
    lifted,
    masked,
    power,
    where,
)

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
    power = staticmethod(power)

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
        return x if x.dtype == dtype else as_float(x)

    @staticmethod
    def full_like(x: Any, value: Any) -> Symbol:
        number = lifted(value, x)
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
        half: Any = elementwise("erf", x * math.sqrt(0.5))
        return 0.5 * (1.0 + half)

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
for _name in (*COMPARISONS.values(), "isnan", "isinf", "isfinite"):
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


__all__ = ["Trace", "is_one_number", "trace"]
