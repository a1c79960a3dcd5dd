"""A Module that is compiled in place, by its own `compile`: a compiled `forward` stands before the method."""

from __future__ import annotations

import functools
from typing import Any

from .arguments import get_default_backend
from .backends import looked_up, runs_as_it_is
from .compiled import Compiled
from .settings import Settings


def compile_forward(
    module: Any, backend: Any, fullgraph: bool, dynamic: bool | None, recompile_limit: int | None
) -> None:
    """Put a compiled `forward` in the place of a Module's own."""
    module.__dict__.pop("forward", None)
    settings = Settings(looked_up(backend or get_default_backend()), fullgraph, dynamic, recompile_limit)
    module.__dict__["forward"] = CompiledForward(module, settings)


class CompiledForward:
    """The `forward` of a Module that was compiled in place; a copy of the Module has the method itself."""

    def __init__(self, module: Any, settings: Any) -> None:
        self.method = module.forward
        self.compiled = None if runs_as_it_is(settings.backend) else Compiled(self.method, settings)
        functools.update_wrapper(self, self.method)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.method(*args, **kwargs) if self.compiled is None else self.compiled(args, kwargs)

    def __deepcopy__(self, memo: dict) -> Any:
        import copy

        return copy.deepcopy(self.method, memo)

    def __reduce__(self) -> Any:
        return self.method.__reduce__()


__all__ = ["CompiledForward", "compile_forward"]
