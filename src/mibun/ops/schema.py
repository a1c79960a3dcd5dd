"""Schemas: what an operator takes and returns, as PyTorch writes it: `f(Tensor x, *, int n=1) -> Tensor`.

The text is parsed into a `FunctionSchema`, which checks and completes the arguments of a call. The grammar is that of
PyTorch's operator declarations: kinds with `?` (may be None), `[]` (a list), `(a!)` (written to) or `(a)` (a view).
"""

from __future__ import annotations

import inspect
import numbers
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.device import device
from ..core.dtypes import dtype, layout, memory_format
from ..core.tensor import Tensor
from .random.generator import Generator


def _is_int(value: Any) -> bool:
    return isinstance(value, (int, np.integer))


def _is_float(value: Any) -> bool:
    return isinstance(value, (float, int, np.floating, np.integer)) and not isinstance(value, bool)


# kind -> (whether a value is of it, the name that schemas print)
_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "Tensor": (lambda value: isinstance(value, Tensor), "Tensor"),
    "Scalar": (lambda value: isinstance(value, (numbers.Number, np.number, np.bool_)), "Scalar"),
    "int": (_is_int, "int"),
    "SymInt": (_is_int, "SymInt"),
    "float": (_is_float, "float"),
    "complex": (lambda value: isinstance(value, numbers.Number), "complex"),
    "bool": (lambda value: isinstance(value, (bool, np.bool_)), "bool"),
    "SymBool": (lambda value: isinstance(value, (bool, np.bool_)), "SymBool"),
    "str": (lambda value: isinstance(value, str), "str"),
    "Device": (lambda value: isinstance(value, (device, str)), "Device"),
    "ScalarType": (lambda value: isinstance(value, dtype), "ScalarType"),
    "Layout": (lambda value: isinstance(value, layout), "Layout"),
    "MemoryFormat": (lambda value: isinstance(value, memory_format), "MemoryFormat"),
    "Generator": (lambda value: isinstance(value, Generator), "Generator"),
    "Any": (lambda value: True, "Any"),
}


class Type:
    """The kind of an argument: a basic one, or a list of a kind, or a kind or None.

    Attributes:
        kind: "Tensor", "int", ..., "list" or "optional".
        inner: the kind inside of the last two.
        size: of `int[2]`, for which one int may stand.
    """

    def __init__(self, kind: str, inner: Type | None = None, size: int | None = None) -> None:
        self.kind, self.inner, self.size = kind, inner, size

    def accepts(self, value: Any) -> bool:
        """Whether a value is of this kind."""
        if self.inner is None:
            return _KINDS[self.kind][0](value)
        if self.kind == "optional":
            return value is None or self.inner.accepts(value)
        if self.size is not None and self.inner.accepts(value):
            return True
        return isinstance(value, (list, tuple)) and all(self.inner.accepts(one) for one in value)

    def converted(self, value: Any) -> Any:
        """An accepted value as kernels get it: lists for tuples, Python's numbers for NumPy's."""
        if self.kind == "list" and self.inner is not None:
            if not isinstance(value, (list, tuple)):
                return [self.inner.converted(value)] * (self.size or 1)
            return [self.inner.converted(one) for one in value]
        if self.kind == "optional":
            return None if value is None or self.inner is None else self.inner.converted(value)
        if isinstance(value, (np.number, np.bool_)):
            value = value.item()
        if self.kind == "float":
            return float(value)
        return device(value) if self.kind == "Device" else value

    def is_of_tensors(self) -> bool:
        """Whether values are Tensors, or lists of them."""
        return self.kind == "Tensor" or (self.inner is not None and self.inner.is_of_tensors())

    def text(self, alias: str = "") -> str:
        """As it is written, with the alias annotation after the basic kind."""
        if self.inner is None:
            return self.kind + alias
        size = "" if self.size is None else str(self.size)
        return self.inner.text(alias) + ("?" if self.kind == "optional" else f"[{size}]")

    def __str__(self) -> str:
        if self.inner is None:
            return _PRINTED.get(self.kind, self.kind)
        if self.kind == "optional":
            return f"Optional[{self.inner}]"
        return f"List[{self.inner}]"

    __repr__ = __str__


# What `str` of a kind is in PyTorch, where that is not its name in schemas.
_PRINTED = {"Scalar": "number", **dict.fromkeys(("ScalarType", "SymInt", "Layout", "MemoryFormat"), "int")}


class AliasInfo:
    """That an argument is written to, or that a result shares memory with one: `(a!)`, `(a)`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.is_write = "!" in text
        before, _, after = text.strip("()").partition("->")
        self.before_set = {one.strip(" !") for one in before.split("|")}
        self.after_set = {one.strip(" !") for one in (after or before).split("|")}

    def __str__(self) -> str:
        return self._text


class Argument:
    """One argument, or one result.

    Attributes:
        name, type, default_value, kwarg_only, alias_info, is_write, is_out.
    """

    def __init__(
        self,
        name: str,
        type: Type,  # noqa: A002
        alias: str = "",
        default: Any = ...,
        kwarg_only: bool = False,
    ) -> None:
        self.name, self.type, self.kwarg_only = name, type, kwarg_only
        self.alias_info = AliasInfo(alias) if alias else None
        self._default = default

    real_type = property(lambda self: self.type)
    N = property(lambda self: self.type.size)

    @property
    def default_value(self) -> Any:
        """The default, None where there is none."""
        return None if self._default is ... else self._default

    def has_default_value(self) -> bool:
        """Whether it may be left out."""
        return self._default is not ...

    @property
    def is_write(self) -> bool:
        """Whether it is written to."""
        return self.alias_info is not None and self.alias_info.is_write

    @property
    def is_out(self) -> bool:
        """Whether it is given by name to be written to, as `out=` is."""
        return self.kwarg_only and self.is_write

    def __str__(self) -> str:
        text = self.type.text(str(self.alias_info) if self.alias_info else "")
        if self.name:
            text += f" {self.name}"
        return text if self._default is ... else f"{text}={_default_text(self._default, self.type)}"


def _default_text(value: Any, kind: Type) -> str:
    if isinstance(value, str) and kind.kind != "Any":
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, float):
        text = f"{value:.17g}"  # as C++ prints it
        return f"{text}." if text.lstrip("-").isdigit() else text
    return str(value).removeprefix("torch.")


class FunctionSchema:
    """What an operator takes and returns.

    Attributes:
        name: with the namespace, `mylib::f`.
        overload_name: "" for the default one.
        arguments, returns: lists of `Argument`.
        is_mutable: whether an argument is written to.
    """

    def __init__(self, name: str, overload_name: str, arguments: list[Argument], returns: list[Argument]) -> None:
        self.name, self.overload_name = name, overload_name
        self.arguments, self.returns = arguments, returns
        self.is_mutable = any(argument.is_write for argument in arguments)

    def __str__(self) -> str:
        name = f"{self.name}.{self.overload_name}" if self.overload_name else self.name
        return f"{name}{self.signature()}"

    __repr__ = __str__

    def signature(self) -> str:
        """All but the name."""
        texts: list[str] = []
        for argument in self.arguments:
            if argument.kwarg_only and "*" not in texts:
                texts.append("*")
            texts.append(str(argument))
        results = ", ".join(map(str, self.returns))
        return f"({', '.join(texts)}) -> {results if len(self.returns) == 1 else f'({results})'}"

    def bind(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The values of all arguments: those given by position or name, and those by name alone, defaults included.

        RuntimeError, in PyTorch's words, for what does not fit.
        """
        positional = [argument for argument in self.arguments if not argument.kwarg_only]
        if len(args) > len(positional):
            raise RuntimeError(
                f"{self.name}() expected at most {len(positional)} argument(s) but received {len(args)} argument(s). "
                f"Declaration: {self}"
            )
        remaining = dict(kwargs)
        given: list[Any] = []
        by_name: dict[str, Any] = {}
        for position, argument in enumerate(self.arguments):
            if position < len(args) and not argument.kwarg_only:
                value = self._checked(argument, args[position], position)
            elif argument.name in remaining:
                value = self._checked(argument, remaining.pop(argument.name), position)
            elif argument.has_default_value():
                value = argument.default_value
            else:
                raise RuntimeError(
                    f"{self.name}() is missing value for argument '{argument.name}'. Declaration: {self}"
                )
            if argument.kwarg_only:
                by_name[argument.name] = value
            else:
                given.append(value)
        if remaining:
            name = next(iter(remaining))
            again = any(argument.name == name for argument in positional)
            what = "received the argument twice:" if again else "does not have the keyword argument"
            raise RuntimeError(f"{self.name}() {what} '{name}'. Declaration: {self}")
        return given, by_name

    def _checked(self, argument: Argument, value: Any, position: int) -> Any:
        if argument.type.accepts(value):
            return argument.type.converted(value)
        raise RuntimeError(
            f"{self.name}() Expected a value of type '{argument.type}' for argument '{argument.name}' but instead "
            f"found type '{type(value).__name__}'.\nPosition: {position}\nValue: {value}\nDeclaration: {self}\nCast "
            f"error details: Unable to cast {value} to {argument.type}"
        )


_NAME = re.compile(r"(?:(\w+)::)?(\w+)(?:\.(\w+))?\s*")


def parse_schema(text: str) -> FunctionSchema:
    """The schema that a text says. RuntimeError where it says none."""
    found = _NAME.match(text)
    if found is None:
        raise RuntimeError(f"expected an operator's name but found {text!r}")
    namespace, name, overload = found.groups()
    name = f"{namespace}::{name}" if namespace else name
    if found.end() == len(text):
        raise RuntimeError("Tried to parse a function schema but only the operator name was given")
    reader = _Reader(text, found.end())
    arguments = reader.arguments()
    reader.expect("->")
    returns = reader.returns()
    if reader.rest():
        reader.fail("the end")
    return FunctionSchema(name, overload or "", arguments, returns)


class _Reader:
    """Reads a text from the left, token by token."""

    _TOKEN = re.compile(
        r"\s*(->|\.\.\.|[(),*?!=|:\[\]]|\"[^\"]*\"|'[^']*'|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[\w.]+|$)"
    )

    def __init__(self, text: str, place: int) -> None:
        self._text, self._place = text, place

    def peek(self) -> str:
        found = self._TOKEN.match(self._text, self._place)
        return found[1] if found is not None else self._text[self._place :].strip()[:1]

    def take(self) -> str:
        found = self._TOKEN.match(self._text, self._place)
        if found is None:
            self.fail("a word")
            raise AssertionError
        self._place = found.end()
        return found[1]

    def rest(self) -> str:
        return self._text[self._place :].strip()

    def expect(self, token: str) -> None:
        if self.peek() != token:
            self.fail(token)
        self.take()

    def fail(self, token: str) -> None:
        raise RuntimeError(
            f"expected {token} but found {self.peek()!r} here:\n{self._text}\n{' ' * self._place}~~ <--- HERE"
        )

    def arguments(self) -> list[Argument]:
        found: list[Argument] = []
        by_name = False
        self.expect("(")
        while self.peek() != ")":
            if self.peek() == "*":
                self.take()
                by_name = True
            else:
                kind, alias = self.type()
                name = self.take()
                default: Any = ...
                if self.peek() == "=":
                    self.take()
                    default = self.default(kind)
                found.append(Argument(name, kind, alias, default, by_name))
            if self.peek() != ")":
                self.expect(",")
        self.expect(")")
        return found

    def returns(self) -> list[Argument]:
        if self.peek() != "(":
            return [self.result()]
        self.take()
        found: list[Argument] = []
        while self.peek() != ")":
            found.append(self.result())
            if self.peek() != ")":
                self.expect(",")
        self.expect(")")
        return found

    def result(self) -> Argument:
        kind, alias = self.type()
        name = self.take() if re.fullmatch(r"[A-Za-z_]\w*", self.peek()) else ""
        return Argument(name, kind, alias)

    def type(self) -> tuple[Type, str]:
        place = self._place
        word = self.take()
        word = {"number": "Scalar"}.get(word, word)
        if word not in _KINDS:
            raise RuntimeError(
                f"unknown type specifier {word!r}. Valid ones are {', '.join(_KINDS)}:\n{self._text}\n{' ' * place}~~~ "
                "<--- HERE"
            )
        kind, alias = Type(word), ""
        if self.peek() == "(":
            start = self._place
            while self.take() != ")":
                if not self.rest():
                    self.fail(")")
            alias = self._text[start : self._place].strip()
        while self.peek() in ("?", "["):
            if self.take() == "?":
                kind = Type("optional", kind)
            else:
                size = int(self.take()) if self.peek() != "]" else None
                self.expect("]")
                kind = Type("list", kind, size)
        return kind, alias

    def default(self, kind: Type) -> Any:
        if self.peek() == "[":
            self.take()
            values = []
            while self.peek() != "]":
                values.append(self.default(kind))
                if self.peek() != "]":
                    self.expect(",")
            self.take()
            return values
        token = self.take()
        if token[:1] in "\"'" and token:
            return token[1:-1]
        if token in ("True", "False", "None"):
            return {"True": True, "False": False, "None": None}[token]
        basic = kind
        while basic.inner is not None:
            basic = basic.inner
        try:
            number: Any = float(token)
        except ValueError:
            return _NAMED.get(token, token)
        whole = re.fullmatch(r"[+-]?\d+", token)
        return int(token) if whole and basic.kind != "float" else number


_NAMED: dict[str, Any] = {
    name: getattr(dtypes, name)
    for name in (
        *("contiguous_format", "preserve_format", "channels_last", "strided", "float", "double", "int", "long", "bool"),
        *("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8"),
    )
}


# --- the schema of a function of mibun's ---

_ANNOTATED = {
    "Tensor": "Tensor",
    "Number": "Scalar",
    "int": "SymInt",
    "float": "float",
    "bool": "bool",
    "str": "str",
    "dtype": "ScalarType",
    "device": "Device",
    "Generator": "Generator",
    "memory_format": "MemoryFormat",
    "layout": "Layout",
    "complex": "complex",
}


def _type_of(annotation: Any, overload: str) -> Type:
    words = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "Any")
    parts = [part.strip() for part in words.split("|")]
    optional = "None" in parts
    parts = [part for part in parts if part != "None"]
    if len(parts) > 1 and "Tensor" in parts and "Scalar" not in overload:
        parts = ["Tensor"]
    elif len(parts) > 1 and "Number" in parts:
        parts = ["Number"]
    listed = re.fullmatch(r"(?:Sequence|list|List|tuple)\[(\w+)(?:, \.\.\.)?\]", parts[-1] if parts else "")
    kind = Type(_ANNOTATED.get(listed[1] if listed else parts[0] if parts else "", "Any"))
    if listed:
        kind = Type("list", kind)
    return Type("optional", kind) if optional else kind


def schema_of(name: str, overload: str, function: Callable) -> FunctionSchema:
    """What the signature of a public function says, as a schema: for those who look at an operator's arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        signature = inspect.Signature()
    arguments: list[Argument] = []
    written = name.endswith("_") and not name.endswith("__")
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name == "out" and "out" not in overload:
            continue
        first = not arguments
        called = "self" if first and parameter.name == "input" else parameter.name
        default = ... if parameter.default is parameter.empty else parameter.default
        if default is not ... and type(default) is object:
            default = None  # what stands for an argument that is not given
        if called == "out":
            default = ...
        alias = "(a!)" if called == "out" or (first and written) else ""
        kind = _type_of(parameter.annotation, "" if first else overload) if called != "out" else Type("Tensor")
        by_name = parameter.kind is parameter.KEYWORD_ONLY
        arguments.append(Argument(called, kind, alias, default, by_name))
    result = signature.return_annotation
    words = result if isinstance(result, str) else getattr(result, "__name__", "Tensor")
    several = re.fullmatch(r"tuple\[(.*)\]", words)
    kinds = several[1].split(", ") if several and "..." not in words else [words if words != "_empty" else "Tensor"]
    alias = "(a!)" if any(argument.is_write for argument in arguments) else ""
    returns = [Argument("", _type_of(kind, overload), alias) for kind in kinds]
    return FunctionSchema(f"aten::{name}", "" if overload == "default" else overload, arguments, returns)
