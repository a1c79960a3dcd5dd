"""How a hand-written public function is registered."""

from __future__ import annotations

from collections.abc import Callable

from ..core.registry import FUNCTIONS
from ..core.tensor import bind_method


def public(
    *names: str, method: bool | str = True, function: bool = True, inplace: str | None = None
) -> Callable[[Callable], Callable]:
    """Register a hand-written public function under its own name and the names given: as function and as method."""

    def register(function_: Callable) -> Callable:
        for name in (function_.__name__, *names):
            if function:
                FUNCTIONS[name] = function_
            if method:
                bind_method(name, function_)
        return function_

    return register
