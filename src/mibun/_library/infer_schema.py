"""The schema of a function, from its annotations."""

from __future__ import annotations

import collections.abc
import inspect
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

from ..core.device import device
from ..core.dtypes import dtype
from ..core.tensor import Tensor

_BASIC: dict[Any, str] = {
    Tensor: "Tensor",
    int: "SymInt",
    float: "float",
    bool: "bool",
    str: "str",
    dtype: "ScalarType",
    device: "Device",
}
_LISTED = (Tensor, int, float, bool)
_RESULTS = (Tensor, int, float, bool)
_NUMBERS = frozenset((int, float, bool))


def infer_schema(
    prototype_function: Callable, /, *, mutates_args: str | Iterable[str], op_name: str | None = None
) -> str:
    """The schema of a function whose arguments and result are annotated.

    Args:
        prototype_function: takes Tensors, numbers, strings, dtypes, devices, lists of Tensors or of numbers, and
            Optional ones; returns a Tensor, a list or a tuple of Tensors (or of numbers), or None.
        mutates_args: the names of the Tensors that it writes to, or "unknown" for all of them.
        op_name: the name to begin with; without it the schema begins with the bracket.

    Raises:
        ValueError: an annotation is missing, or says what an operator cannot take; a default that a schema cannot have;
            a name in mutates_args that is no Tensor's.

    >>> import mibun as torch
    >>> def f(x: torch.Tensor, n: int = 2) -> torch.Tensor: ...
    >>> torch.library.infer_schema(f, op_name="f", mutates_args=())
    'f(Tensor x, SymInt n=2) -> Tensor'
    """
    signature = inspect.signature(prototype_function)

    def fail(what: str) -> ValueError:
        return ValueError(f"infer_schema(func): {what} Got func with signature {signature})")

    try:
        annotations = typing.get_type_hints(prototype_function)
    except NameError as error:
        raise fail(f"An annotation names what is not there ({error}).") from None
    parameters = list(signature.parameters.values())
    if not isinstance(mutates_args, str):
        mutates_args = list(mutates_args)
        unknown = [name for name in mutates_args if name not in signature.parameters]
        if unknown:
            raise fail(
                f"{sorted(unknown)} in mutates_args were not found in the custom op's signature. mutates_args should "
                "contain the names of all args that the custom op mutates, or just the string 'unknown'."
            )
    elif mutates_args != "unknown":
        raise ValueError("mutates_args must either be a sequence of the names of the arguments, or 'unknown'.")
    texts: list[str] = []
    for number, parameter in enumerate(parameters):
        name = parameter.name
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise fail("We do not support positional-only args, varargs, or varkwargs.")
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in texts:
            texts.append("*")
        if parameter.annotation is parameter.empty:
            raise fail(f"Parameter {name} must have a type annotation.")
        kind = _argument_kind(annotations.get(name, parameter.annotation))
        if kind is None:
            raise fail(
                f"Parameter {name} has unsupported type {parameter.annotation}: it must be a Tensor, int, float, bool, "
                "str, dtype, device, a Sequence of the first four, or one of these or None."
            )
        if kind.startswith("Tensor") if mutates_args == "unknown" else name in mutates_args:
            if not kind.startswith("Tensor"):
                raise fail(
                    f"Parameter {name} is in mutable_args but only Tensors or collections of Tensors can be mutated"
                )
            kind = f"Tensor(a{number}!){kind[len('Tensor') :]}"
        default = parameter.default
        texts.append(
            f"{kind} {name}" if default is parameter.empty else f"{kind} {name}={_default(default, fail, name)}"
        )
    if signature.return_annotation is signature.empty:
        raise fail("No return type annotation was provided. Please add one.")
    result = _result_kind(annotations.get("return", signature.return_annotation))
    if result is None:
        raise fail(
            f"Return has unsupported type {signature.return_annotation}: it must be a Tensor, int, float, bool, a List "
            "of Tensors, a Tuple of these, or None."
        )
    return f"{op_name or ''}({', '.join(texts)}) -> {result}"


def _inside(annotation: Any) -> tuple[Any, tuple]:
    return typing.get_origin(annotation), typing.get_args(annotation)


def _argument_kind(annotation: Any) -> str | None:
    if annotation in _BASIC:
        return _BASIC[annotation]
    origin, inside = _inside(annotation)
    if origin in (typing.Union, types.UnionType):
        if frozenset(inside) == _NUMBERS:
            return "Scalar"
        rest = tuple([one for one in inside if one is not type(None)])
        if len(rest) == len(inside):
            return None
        if frozenset(rest) == _NUMBERS:
            return "Scalar?"
        kind = _argument_kind(rest[0]) if len(rest) == 1 else None
        return None if kind is None else f"{kind}?"
    if origin in (list, collections.abc.Sequence) and len(inside) == 1:
        if inside[0] in _LISTED or inside[0] == (Tensor | None) or inside[0] == typing.Optional[Tensor]:  # noqa: UP045
            return f"{_argument_kind(inside[0])}[]"
        if _argument_kind(inside[0]) == "Scalar":
            return "Scalar[]"
    return None


def _result_kind(annotation: Any) -> str | None:
    if annotation is None or annotation is type(None):
        return "()"
    if annotation in _RESULTS:
        return _BASIC[annotation]
    origin, inside = _inside(annotation)
    if origin is list and inside == (Tensor,):
        return "Tensor[]"
    if origin in (typing.Union, types.UnionType) and frozenset(inside) == _NUMBERS:
        return "Scalar"
    if origin is tuple and inside and ... not in inside:
        kinds = [_result_kind(one) for one in inside]
        return None if None in kinds or "()" in kinds else f"({', '.join(map(str, kinds))})"
    return None


def _default(value: Any, fail: Callable, name: str) -> str:
    if value is None or isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, device):
        return f'"{value}"'
    raise fail(f"Parameter {name} has an unsupported default value type {type(value)}.")
