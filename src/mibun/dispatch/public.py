"""How a hand-written public function is registered, and what `help`, `inspect` and `pickle` then know of it."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..core.registry import FUNCTIONS, PUBLISHED
from ..core.tensor import bind_method, name_as
from .describe import Documentation, operators_of
from .forms import with_fast_path
from .parser import is_native, method_needs_parser, parsed


def public(
    name: str, *aliases: str, method: bool = True, function: bool = True, plain: Any = None
) -> Callable[[Callable], Callable]:
    """Register a function under its public name, and under aliases: in the module `mibun` and as method of Tensor.

    The function's own name in the source does not matter (an operator beside it may have taken the public one); what
    users see is `name`, where they find it. `method=False` and `function=False` leave out one of the two.

    plain: an operator of two operands, which does what calls with nothing but these ask for, by its fast path.

    What is registered looks at its arguments first (see `parser.py`); mibun's own modules import the function itself.
    """

    def register(function_: Callable) -> Callable:
        name_as(function_, "mibun", name if function else f"Tensor.{name}")
        _document(function_)
        shown = function_
        if not name.startswith("__"):
            shown = SHOWN[function_] = parsed(function_, name, is_native("mibun", name))
        if plain is not None:
            looked_at = shown
            shown = SHOWN[function_] = with_fast_path(plain, looked_at)
            shown.__wrapped__, shown.__doc__ = function_, function_.__doc__
            name_as(shown, function_.__module__, function_.__qualname__)
        of_method = shown
        if shown is not function_ and function and method and not method_needs_parser(function_):
            of_method = function_  # faster
            name_as(function_, "mibun", f"Tensor.{name}")
        for one in (name, *aliases):
            if function:
                FUNCTIONS[one] = shown
            if method:
                bind_method(one, of_method)
        return function_

    return register


def _document(function: Any) -> None:
    """Let the docstring end with the derivatives of the operators that the function names, unless it does already."""
    if not isinstance(function.__doc__, Documentation):
        function.__doc__ = Documentation(function.__doc__, lambda: operators_of(function))


def publish(module: str, names: dict[str, Any]) -> None:
    """Let the functions that a public module shows, and `mibun` does not, say that they are that module's.

    What `help` shows of them ends with their derivatives, and they look at their arguments first, as those do that are
    registered by `public`. Called at the end of an index (`nn/functional.py`, `linalg.py`) with its `globals()`.
    """
    PUBLISHED[module] = names
    for name, value in list(names.items()):
        if not isinstance(value, FunctionType) or name.startswith("_"):
            continue
        if value.__module__.startswith("mibun.ops"):
            name_as(value, module, name)
        if value.__module__ == module and value not in SHOWN:  # named so here, or by the index itself
            _document(value)
            SHOWN[value] = parsed(value, name, is_native(module, name))
        names[name] = SHOWN.get(value, value)


SHOWN: dict[Any, Any] = {}  # a function written by hand -> what users get: the same, or one that looks at its arguments


__all__ = ["SHOWN", "name_as", "public", "publish"]
