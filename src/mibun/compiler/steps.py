"""The steps of a program, from the entries of a record: what each uses, gives and writes, and how it is written.

Steps are written as lines of Python over the variables `v0`, `v1`, … (values), `t0`, … (tensors), `K0`, … (constants).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch.ways import direct_name
from ..xp import numpy_namespace
from .namespace import Kernel, Rows
from .recording import Entry, Ref
from .traced import Method, Part

_INFIX = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.matmul: "@",
    operator.and_: "&",
    operator.or_: "|",
    operator.xor: "^",
    operator.lshift: "<<",
    operator.rshift: ">>",
    operator.eq: "==",
    operator.ne: "!=",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
}
_IN_PLACE = {getattr(operator, f"i{name}"): f"{sign}=" for name, sign in (("add", "+"), ("sub", "-"), ("mul", "*"))}
_PREFIX = {operator.neg: "-", operator.pos: "+", operator.inv: "~"}


class Step:
    """One step: an entry, or lines that are written already."""

    __slots__ = ("effect", "entry", "gives", "text", "uses")

    def __init__(self, entry: Entry | None, text: str = "", uses: set[int] | None = None, effect: bool = False) -> None:
        self.entry, self.text = entry, text
        self.uses: set[int] = uses if uses is not None else set()
        self.gives: set[int] = set()
        self.effect = effect

    def steps_inside(self) -> list[Step]:
        """The steps that this one stands for, if it stands for several."""
        return getattr(self, "steps", [])


def refs_in(value: Any, found: set[int]) -> set[int]:
    """The numbers of the values in arguments or results."""
    kind = type(value)
    if kind is Ref:
        found.add(value.number)
    elif kind is tuple or kind is list:
        for one in value:
            refs_in(one, found)
    elif kind is dict:
        for one in value.values():
            refs_in(one, found)
    elif kind is slice:
        refs_in((value.start, value.stop, value.step), found)
    return found


def simplified(entry: Entry) -> tuple[Any, tuple]:
    """(function, arguments before the recorded ones) of an entry: a kernel that is one function is that function."""
    function = entry.function
    if type(function) is Kernel:
        if not entry.kwargs and not function.is_large:
            name = _direct(function.op)
            if name is not None:
                return getattr(numpy_namespace, name), ()
        return function.kernel, (numpy_namespace,)
    if type(function) is Rows:
        return function.call, (numpy_namespace,)
    return function, ()


_DIRECT: dict[Any, str | None] = {}


def _direct(op: Any) -> str | None:
    if op not in _DIRECT:
        _DIRECT[op] = direct_name(op) if op.rows is None else None
    return _DIRECT[op]


def _variable(number: int) -> str:
    return f"v{number}"


class Writer:
    """Writes steps; `constant` gives the name of a constant."""

    def __init__(self, constant: Callable[[Any], str]) -> None:
        self.constant = constant
        self.name: Callable[[int], str] = _variable

    def argument(self, value: Any, name: Callable[[int], str] | None = None) -> str:
        """An argument; `name` gives other names to the values in it."""
        if name is not None:
            self.name = name
            try:
                return self.argument(value)
            finally:
                self.name = _variable
        kind = type(value)
        if kind is Ref:
            return self.name(value.number)
        if kind is tuple and not hasattr(value, "_fields"):
            parts = [self.argument(one) for one in value]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if kind is list:
            return f"[{', '.join([self.argument(one) for one in value])}]"
        if kind is dict:
            return f"{{{', '.join([f'{self.constant(key)}: {self.argument(one)}' for key, one in value.items()])}}}"
        if kind is slice:
            if refs_in(value, set()):
                parts = [self.argument(one) for one in (value.start, value.stop, value.step)]
                return f"slice({', '.join(parts)})"
            return self.constant(value)
        return self.constant(value)

    def results(self, results: Any, number: Callable[[int], str]) -> str:
        """The target of an assignment."""
        if results is None:
            return "_"
        if type(results) is Ref:
            return number(results.number)
        return f"({', '.join([self.results(one, number) for one in results])},)"

    def call(self, entry: Entry, name: Callable[[int], str] | None = None) -> str:
        """The expression of a call; `name` gives other names to its values."""
        if name is not None:
            self.name = name
            try:
                return self.call(entry)
            finally:
                self.name = _variable
        function, before = simplified(entry)
        args, kwargs = entry.args, entry.kwargs
        texts = [self.argument(one) for one in args]
        if not kwargs and not before:
            if function in _INFIX and len(texts) == 2:
                return f"{texts[0]} {_INFIX[function]} {texts[1]}"
            if function in _PREFIX and len(texts) == 1:
                return f"{_PREFIX[function]}{texts[0]}"
            if function is operator.getitem:
                return f"{texts[0]}[{texts[1]}]"
        if type(function) is Part:
            return f"{texts[0]}.{function.name}"
        names = [f"{key}={self.argument(one)}" for key, one in kwargs.items()]
        if type(function) is Method:
            return f"{texts[0]}.{function.name}({', '.join([*texts[1:], *names])})"
        first = [self.constant(one) for one in before]
        return f"{self.constant(function)}({', '.join([*first, *texts, *names])})"

    def statement(self, entry: Entry, number: Callable[[int], str]) -> str:
        """The line of a call."""
        function = entry.function
        if function is operator.setitem:
            target, key, value = [self.argument(one) for one in entry.args]
            return f"{target}[{key}] = {value}"
        if function in _IN_PLACE:
            target, value = [self.argument(one) for one in entry.args]
            return f"{target} {_IN_PLACE[function]} {value}"
        text = self.call(entry)
        new = refs_in(entry.results, set()) - refs_in(entry.args, set()) - refs_in(entry.kwargs, set())
        return f"{self.results(entry.results, number)} = {text}" if new else text


__all__ = ["Step", "Writer", "np", "refs_in", "simplified"]
