"""How a hand-written public function is registered, and what `help`, `inspect` and `pickle` then know of it."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..core.registry import FUNCTIONS, PUBLISHED
from ..core.tensor import bind_method, name_as
from .describe import Documentation, operators_of


def public(name: str, *aliases: str, method: bool = True, function: bool = True) -> Callable[[Callable], Callable]:
    """Register a function under its public name, and under aliases: in the module `mibun` and as method of Tensor.

    The function's own name in the source does not matter (an operator beside it may have taken the public one); what
    users see is `name`, where they find it. `method=False` and `function=False` leave out one of the two.
    """

    def register(function_: Callable) -> Callable:
        name_as(function_, "mibun", name if function else f"Tensor.{name}")
        _document(function_)
        for one in (name, *aliases):
            if function:
                FUNCTIONS[one] = function_
            if method:
                bind_method(one, function_)
        return function_

    return register


def _document(function: Any) -> None:
    """Let the docstring end with the derivatives of the operators that the function names, unless it does already."""
    if not isinstance(function.__doc__, Documentation):
        function.__doc__ = Documentation(function.__doc__, lambda: operators_of(function))


def publish(module: str, names: dict[str, Any]) -> None:
    """Let the functions that a public module shows, and `mibun` does not, say that they are that module's.

    What `help` shows of them ends with their derivatives, as it does for those that are registered by `public`. Called
    at the end of an index (`nn/functional.py`, `linalg.py`) with its `globals()`.
    """
    PUBLISHED[module] = names
    for name, value in names.items():
        if isinstance(value, FunctionType) and not name.startswith("_"):
            if value.__module__.startswith("mibun.ops"):
                name_as(value, module, name)
            if value.__module__ == module:  # named so here, or by the index itself
                _document(value)


__all__ = ["name_as", "public", "publish"]
