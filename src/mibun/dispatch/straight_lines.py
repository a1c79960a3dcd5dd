"""Rules written out as straight lines: what a formula does to real arrays of NumPy's, without its calls of `conj`.

A rule that is a plain expression of its arguments is called once on symbols, which note what it does with them. For
real arrays `conj` and `real` are nothing, so `g * xp.conj(other)` becomes `g * other`, in the text of the node's `run`.
The formula stays where it is declared; one that asks for values, types or shapes cannot be noted, and is called as it
is. The arithmetic is the same, operation by operation.
"""

from __future__ import annotations

import dis
import functools
import re
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..xp import numpy_namespace


class Unknown(Exception):
    """A formula does what cannot be noted."""


class _Symbol:
    """An argument of a formula, or what it has made of some: the text of an expression."""

    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(self, text: str, given: bool = False) -> None:
        self.text = text
        self.once: bool | None = not given  # what the formula has computed is to be written down in one place only

    def __bool__(self) -> bool:
        raise Unknown("the formula depends on values")

    def __getattr__(self, name: str) -> Any:
        if name == "dtype":
            return _REAL  # of which `isdtype` can tell what is asked
        raise Unknown(f"the formula asks for {name}")


class _Real:
    def __eq__(self, other: object) -> bool:
        raise Unknown("the formula asks which dtype it is")

    __hash__ = object.__hash__

    def __getattr__(self, name: str) -> Any:
        raise Unknown(f"the formula asks for {name} of a dtype")


_REAL = _Real()


class _Literal(dict):
    """dtype -> a number of a formula as NumPy takes it quickest beside arrays of that dtype: see `constants.py`."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def __missing__(self, dtype: Any) -> Any:
        value: Any = self.number
        if dtype.char in "fd":  # (NumPy rounds the number in the same way)
            value = np.array(value, dtype)
            value.flags.writeable = False
        self[dtype] = value
        return value


_LITERALS: dict[str, _Literal] = {}  # the name in the texts -> it
_NAME = re.compile(r"number_\d+")
_FUNCTION = re.compile(r"\bxp_(\w+)\(")
_BY_CONSTANTS = frozenset(("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="))  # (powers have their short ways)


def _operand(value: Any, sign: str) -> str:
    text = _text(value)
    if type(value) is _Symbol or type(value) is bool or sign not in _BY_CONSTANTS:
        return text
    for name, literal in _LITERALS.items():
        if repr(literal.number) == repr(value):
            return name
    name = f"number_{len(_LITERALS)}"
    _LITERALS[name] = _Literal(value)
    return name


def numbers_in(text: str, like: str) -> tuple[str, dict[str, Any]]:
    """Lines that get the numbers of a straight line, for an array whose name is `like`, and what they name."""
    names = dict.fromkeys(_NAME.findall(text))
    lines = [
        f"{name} = of_{name}[{like}.dtype] if type({like}) is ndarray else {_LITERALS[name].number!r}" for name in names
    ]
    return "\n".join(lines), {f"of_{name}": _LITERALS[name] for name in names}


def _infix(sign: str, reflected: bool = False) -> Callable:
    def note(self: _Symbol, other: Any) -> _Symbol:
        one, two = _operand(self, sign), _operand(other, sign)
        if reflected:
            one, two = two, one
        return _Symbol(f"({one} {sign} {two})")

    return note


def _item(self: _Symbol, index: Any) -> _Symbol:
    if type(index) is not _Symbol:
        raise Unknown("the formula has an index of its own")
    return _Symbol(f"{_text(self)}[{_text(index)}]")


_Symbol.__getitem__ = _item  # type: ignore[attr-defined]

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "floordiv": "//", "mod": "%"}
_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "and": "&", "or": "|", "xor": "^"}
for _name, _sign in {**_SIGNS, **_COMPARISONS}.items():
    setattr(_Symbol, f"__{_name}__", _infix(_sign))
for _name, _sign in _SIGNS.items():
    setattr(_Symbol, f"__r{_name}__", _infix(_sign, reflected=True))
_Symbol.__neg__ = lambda self: _Symbol(f"(-{_text(self)})")  # type: ignore[attr-defined]
_Symbol.__invert__ = lambda self: _Symbol(f"(~{_text(self)})")  # type: ignore[attr-defined]


def _text(value: Any) -> str:
    if type(value) is _Symbol:
        if value.once is None:
            raise Unknown("the formula uses an intermediate result twice")
        if value.once:
            value.once = None
        return value.text
    if type(value) in (int, float, bool) and value == value and abs(value) != float("inf"):
        return f"({value!r})"
    raise Unknown(f"the formula uses {value!r}")


class _Notes:
    """A namespace that notes which functions are called on what."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable:
        function = getattr(numpy_namespace, name, None)
        if not callable(function) or isinstance(function, type):
            raise Unknown(f"xp.{name} is no function")

        def note(*args: Any, **options: Any) -> _Symbol:
            if not all([type(value) in (int, bool, tuple) for value in options.values()]):
                raise Unknown("the formula has options that are no numbers")
            self.scope[f"xp_{name}"] = function
            given = [*[_text(arg) for arg in args], *[f"{key}={value!r}" for key, value in options.items()]]
            return _Symbol(f"xp_{name}({', '.join(given)})")

        return note

    def conj(self, x: Any) -> Any:
        return x

    real = conj

    def isdtype(self, dtype: Any, kind: str) -> bool:
        if dtype is not _REAL:
            raise Unknown("the formula asks for a dtype of its own")
        return kind in ("real floating", "numeric")


def _is_plain(rule: Any) -> bool:
    """Whether a rule is an expression of its arguments and of numbers alone, the same for all of them."""
    if type(rule) is not types.FunctionType or rule.__closure__:
        return False
    for instruction in dis.get_instructions(rule):
        if instruction.opname in ("IS_OP", "CONTAINS_OP") or instruction.opname.startswith(("POP_JUMP", "JUMP_IF")):
            return False
        if instruction.opname == "LOAD_GLOBAL" and type(rule.__globals__.get(instruction.argval)) not in (int, float):
            return False
    return True


def _has_signs(rule: Any) -> bool:
    """Whether there is arithmetic in it that is written with signs, and not only calls."""
    signs = ("BINARY_OP", "COMPARE", "UNARY")
    return any([step.opname.startswith(signs) for step in dis.get_instructions(rule)])


def straight_line(
    rule: Callable, arguments: Sequence[str], any_dtype: bool = False
) -> tuple[str, dict[str, Any]] | None:
    """(expression, the functions that it names): what `rule(xp, *arguments)` does to real arrays of NumPy's.

    arguments: the expressions that give them. any_dtype: do not rely on there being no complex ones among them, but
    take rules only that are calls of functions and nothing else. None if that cannot be told.
    """
    if not _is_plain(rule) or (any_dtype and _has_signs(rule)):
        return None
    notes = _Calls() if any_dtype else _Notes()
    try:
        result = rule(notes, *[_Symbol(text, given=True) for text in arguments])
    except (Unknown, TypeError):
        return None
    if type(result) is not _Symbol:
        return None
    return result.text, notes.scope


def keeps_complex(op: Any) -> bool:
    """Whether an operator's result is complex where an operand is, so that a real one comes of real operands alone."""
    if op.outputs is not None or op.residuals or op.params:
        return False
    if "c" in (op.refuses or ()):
        return True
    some = False
    for shape in ((1,), (1, 1)):
        for which in range(len(op.operands)):
            operands = [np.ones(shape, np.complex64 if i == which else np.float32) for i in range(len(op.operands))]
            try:
                result = op.kernel(numpy_namespace, *operands)
            except Exception:
                continue  # it has no kernel for complex numbers, or not in this shape
            if result.dtype.kind != "c":
                return False
            some = True
    return some


def over_namespace(text: str) -> str:
    """A straight line as it is for real arrays of a namespace `xp`."""
    text = _NAME.sub(lambda found: repr(_LITERALS[found[0]].number), text)
    return _FUNCTION.sub(r"xp.\1(", text)


def straight_kernel(op: Any, operand: str) -> tuple[str, dict[str, Any]] | None:
    """The same for the kernel of an operator of one operand and no parameters."""
    notes = _Notes()
    try:
        result = op.kernel(notes, _Symbol(operand, given=True))
    except (Unknown, TypeError, AttributeError):
        return None
    if type(result) is not _Symbol or result.once is False:  # (no array, or the operand itself)
        return None
    return result.text, notes.scope


class _Calls(_Notes):
    """The same for arrays of any dtype: nothing is left out."""

    def __init__(self, operand: Any = None) -> None:
        super().__init__()
        self.operand = operand

    def __getattr__(self, name: str) -> Callable:
        function = getattr(numpy_namespace, name, None)
        if type(function) is functools.partial:  # an operator's kernel
            kernel = function.func
            if _is_plain(kernel) and not _has_signs(kernel):
                return lambda *args, **options: kernel(self, *args, **options)
        if not callable(function) or isinstance(function, type):
            raise Unknown(f"xp.{name} is no function")

        def note(*args: Any, **options: Any) -> _Symbol:
            if len(args) == 1 and type(args[0]) is tuple and args[0] and args[0][0] is self.operand:
                args = args[0]  # `*tensors`, of which one stands for all
            if not all([type(value) is _Symbol for value in (*args, *options.values())]):
                raise Unknown("the kernel gives more than its arguments")
            self.scope[f"xp_{name}"] = function
            given = [*[_text(arg) for arg in args], *[f"{key}={_text(value)}" for key, value in options.items()]]
            return _Symbol(f"xp_{name}({', '.join(given)})")

        return note

    def conj(self, x: Any) -> Any:
        raise Unknown("some dtypes are real, and some are not")

    real = conj

    def isdtype(self, dtype: Any, kind: str) -> bool:
        raise Unknown("the formula asks which dtype it is")


def one_call(op: Any, operand: str) -> tuple[str, dict[str, Any]] | None:
    """(expression, the functions that it names): the kernel of an operator of one operand, where it is one call or one
    index: `input[index]`, `xp.reshape(input, shape)`, `xp.concat(tensors, axis=dim)`. For arrays of any dtype.

    operand: the name of the array, or of the list of arrays of a variadic operator; parameters are in `params`.
    """
    kernel = op.kernel if op.memory is None else op.kernel.__wrapped__
    if not _is_plain(kernel) or _has_signs(kernel):
        return None
    symbol = _Symbol(operand, given=True)
    notes = _Calls(symbol)
    try:
        params = {name: _Symbol(f"params[{name!r}]", given=True) for name in op.params}
        result = kernel(notes, symbol, **params)
    except (Unknown, TypeError, AttributeError):
        return None
    if type(result) is not _Symbol or result.once is False:
        return None
    return result.text, notes.scope


__all__ = ["keeps_complex", "numbers_in", "one_call", "over_namespace", "straight_kernel", "straight_line"]
