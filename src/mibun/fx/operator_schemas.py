"""The arguments of a call by the names of the function's parameters."""

from __future__ import annotations

import inspect
import numbers
import types
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import mibun as _root

from ..nn.modules.module import Module
from ._compatibility import compatibility
from .naming import is_from_torch

__all__ = [
    "ArgsKwargsPair",
    "check_for_mutable_operation",
    "get_signature_for_torch_op",
    "create_type_hint",
    "type_matches",
    "normalize_function",
    "normalize_module",
]


@compatibility(is_backward_compatible=False)
class ArgsKwargsPair(NamedTuple):
    """Positional and keyword arguments of a call."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@compatibility(is_backward_compatible=False)
def check_for_mutable_operation(target: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> None:
    """RuntimeError for a function of `torch` that changes an argument: its name ends with `_`, or there is an `out`."""
    name = getattr(target, "__name__", "")
    changes = name.endswith("_") and not name.startswith("_") and not name.endswith("__")
    if is_from_torch(target) and (changes or kwargs.get("out") is not None):
        raise RuntimeError(
            f"Tried to trace mutable operation {name}. FX only supports functional code, so operations that mutate "
            "operands in-place (e.g. via `out` arguments) are not supported"
        )


def _public(function: Any) -> Any:
    return inspect.unwrap(getattr(function, "_records", function))


@compatibility(is_backward_compatible=False)
def get_signature_for_torch_op(op: Callable[..., Any], return_schemas: bool = False) -> Any:
    """The signatures of a function of `torch`, as a list, or None for another function.

    Each function has one here, where PyTorch's may have several. return_schemas: (signatures, None), as there are no
    schemas of operators.
    """
    found = None
    if isinstance(op, (types.FunctionType, types.BuiltinFunctionType)) and is_from_torch(op):
        try:
            signature = inspect.signature(_public(op))
        except (TypeError, ValueError):
            signature = None
        if signature is not None:
            parameters = [p for p in signature.parameters.values() if p.name != "xp"]
            found = [signature.replace(parameters=parameters)]
    return (found, None) if return_schemas else found


@compatibility(is_backward_compatible=False)
def create_type_hint(x: Any) -> Any:
    """The type of a list or tuple of types: `list[int]` for `[int, int]`; anything else is given back.

    >>> from mibun.fx.operator_schemas import create_type_hint
    >>> create_type_hint([int, int])
    list[int]
    """
    if not isinstance(x, (list, tuple)):
        return x

    def made(kind: Any) -> Any:
        return list[kind] if isinstance(x, list) else tuple[kind, ...]

    if not x:
        return made(Any)
    base = x[0]
    for one in x:
        if issubclass(one, base):
            continue
        if issubclass(base, one):
            base = one
        else:
            return made(Any)
    return made(base)


@compatibility(is_backward_compatible=False)
def type_matches(signature_type: Any, argument_type: Any) -> bool:
    """Whether an argument of a type may be given where a signature has another one."""
    origin = getattr(signature_type, "__origin__", signature_type)
    if signature_type is argument_type or signature_type is Any or signature_type is inspect.Parameter.empty:
        return True
    if origin is typing.Union or isinstance(signature_type, types.UnionType):
        options = typing.get_args(signature_type)
        if getattr(argument_type, "__origin__", argument_type) is typing.Union:
            return set(typing.get_args(argument_type)) <= set(options)
        return any(type_matches(option, argument_type) for option in options)
    if origin is list:
        (element,) = typing.get_args(signature_type) or (Any,)
        of = getattr(argument_type, "__origin__", None)
        if of in (list, tuple):
            parts = [part for part in typing.get_args(argument_type) if part is not ...]
            return all(type_matches(element, part) or part is element for part in parts)
        return inspect.isclass(element) and argument_type is element and element is int
    if signature_type is numbers.Number and argument_type in (int, float, complex):
        return True
    if inspect.isclass(argument_type) and inspect.isclass(signature_type):
        return issubclass(argument_type, signature_type) or (signature_type is float and argument_type is int)
    return False


@compatibility(is_backward_compatible=False)
def normalize_function(
    target: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None = None,
    arg_types: tuple[Any, ...] | None = None,
    kwarg_types: dict[str, Any] | None = None,
    normalize_to_only_use_kwargs: bool = False,
) -> ArgsKwargsPair | None:
    """The arguments of a call of a function of `torch`: what has a default by name, with the defaults filled in.

    normalize_to_only_use_kwargs: all by name. None where the arguments do not fit the signature, or the function is
    none of `torch`. arg_types, kwarg_types: the types, where they are known, by which the signature is checked too.

    >>> import mibun as torch
    >>> from mibun.fx.operator_schemas import normalize_function
    >>> normalize_function(torch.nn.functional.relu, (1,), normalize_to_only_use_kwargs=True).kwargs
    {'input': 1, 'inplace': False}
    """
    signatures = get_signature_for_torch_op(target)
    if not signatures:
        return None
    (signature,) = signatures
    kwargs = kwargs or {}
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return None
    if arg_types is not None:
        given = signature.bind(*arg_types, **(kwarg_types or {})).arguments
        hints = _hints(_public(target))
        if not all(type_matches(hints.get(name, Any), kind) for name, kind in given.items()):
            return None
    return _args_kwargs_to_normalized_args_kwargs(signature, args, kwargs, normalize_to_only_use_kwargs)


def _hints(function: Any) -> dict[str, Any]:
    """The annotations that can be evaluated; names that only type checkers know are left out."""
    found = {}
    for name, value in getattr(function, "__annotations__", {}).items():
        try:
            found[name] = eval(value, {**vars(typing), **function.__globals__}) if isinstance(value, str) else value
        except (NameError, AttributeError, TypeError):
            continue
    return found


@compatibility(is_backward_compatible=False)
def normalize_module(
    root: Module,
    target: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None = None,
    normalize_to_only_use_kwargs: bool = False,
) -> ArgsKwargsPair | None:
    """The same for a call of a Module of `torch.nn`, by the dotted name `target` within `root`.

    RuntimeError where there is none; None for a Module of another class.
    """
    try:
        module = root.get_submodule(target)
    except AttributeError as error:
        raise RuntimeError(
            f"Tried to normalize node with target {target} but root did not have that target!"
        ) from error
    if getattr(_root.nn, type(module).__name__, None) is not type(module):
        return None
    signature = inspect.signature(type(module).forward)
    signature = signature.replace(parameters=list(signature.parameters.values())[1:])
    return _args_kwargs_to_normalized_args_kwargs(signature, args, kwargs or {}, normalize_to_only_use_kwargs)


def _args_kwargs_to_normalized_args_kwargs(
    sig: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any], normalize_to_only_use_kwargs: bool
) -> ArgsKwargsPair | None:
    """The arguments in the form that `normalize_function` gives; None for signatures with starred parameters."""
    supported = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    if any(p.kind not in supported for p in sig.parameters.values()):
        # (The one case of `*args` that means the same: random factories, of which there is a size.)
        if list(sig.parameters) != ["input", "from", "to", "generator"]:
            return None
    bound = sig.bind(*args, **kwargs)
    bound.apply_defaults()
    new_args: list[Any] = []
    new_kwargs: dict[str, Any] = {}
    for index, name in enumerate(sig.parameters):
        if not normalize_to_only_use_kwargs and index < len(args):
            new_args.append(bound.arguments[name])
        else:
            new_kwargs[name] = bound.arguments[name]
    return ArgsKwargsPair(tuple(new_args), new_kwargs)
