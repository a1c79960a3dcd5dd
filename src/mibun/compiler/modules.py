"""What `torch.compile` returns: a function, or a Module, that calls the compiled one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from ..nn.modules.module import Module
from .backends import runs_as_it_is
from .compiled import Compiled
from .settings import Settings
from .state import REFUSED_CODES


class OptimizedModule(Module):
    """A Module as `torch.compile` returns it: the original is its child `_orig_mod`, which it calls.

    So the names in its state dict begin with `_orig_mod.`, as PyTorch's do. All other attributes are the original's.

    >>> import mibun as torch
    >>> compiled = torch.compile(torch.nn.Linear(2, 1))
    >>> list(compiled.state_dict()), compiled.in_features
    (['_orig_mod.weight', '_orig_mod.bias'], 2)
    """

    _OWN = ("_orig_mod", "_torchdynamo_orig_callable", "forward", "training")

    def __init__(self, mod: Module, settings: Any = None) -> None:
        super().__init__()
        self._modules["_orig_mod"] = mod
        self.__dict__.pop("training")
        self.__dict__["_compiled_forward"] = Compiled(mod, settings or Settings())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._orig_mod,)

    def __deepcopy__(self, memo: dict) -> OptimizedModule:
        import copy

        return type(self)(copy.deepcopy(self._orig_mod, memo))

    @property
    def _torchdynamo_orig_callable(self) -> Callable:
        return self._orig_mod.forward

    @property
    def training(self) -> bool:
        """The original's mode."""
        return self._orig_mod.training

    @training.setter
    def training(self, value: bool) -> None:
        self._orig_mod.training = value

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call the original."""
        compiled = self.__dict__["_compiled_forward"]
        if runs_as_it_is(compiled.settings.backend):
            return self._orig_mod(*args, **kwargs)
        return compiled(args, kwargs)

    def __getattr__(self, name: str) -> Any:
        modules = self.__dict__.get("_modules", {})
        if name == "_orig_mod":
            if name not in modules:
                raise AttributeError(name)
            return modules[name]
        return getattr(self._orig_mod, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._OWN or name in self.__dict__ or "_orig_mod" not in self.__dict__.get("_modules", {}):
            super().__setattr__(name, value)
        else:
            setattr(self._orig_mod, name, value)

    def __delattr__(self, name: str) -> None:
        if name in self._OWN or name in self.__dict__:
            super().__delattr__(name)
        else:
            delattr(self._orig_mod, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._orig_mod)})

    def __len__(self) -> int:
        return len(self._orig_mod)  # pyright: ignore[reportArgumentType]  (TypeError where it has none)

    def __bool__(self) -> bool:
        return True


def compiled_form(model: Any, settings: Any) -> Any:
    """A Module in an OptimizedModule, a function in another that calls it, a class as it is. AssertionError else."""
    if isinstance(model, OptimizedModule) or inspect.isclass(model):
        return model
    if isinstance(model, Module):
        return OptimizedModule(model, settings)
    if not callable(model):
        raise AssertionError(f"A callable function is expected, but {type(model)} is provided.")
    original = getattr(model, "_torchdynamo_orig_callable", model)

    if runs_as_it_is(settings.backend) or getattr(original, "__code__", None) in REFUSED_CODES:

        @functools.wraps(original)
        def as_it_is(*args: Any, **kwargs: Any) -> Any:
            return original(*args, **kwargs)

        as_it_is._torchdynamo_orig_callable = original  # type: ignore[attr-defined]
        return as_it_is
    inner = Compiled(original, settings)

    @functools.wraps(original)
    def compiled(*args: Any, **kwargs: Any) -> Any:
        return inner(args, kwargs)

    compiled._compiled = inner  # type: ignore[attr-defined]
    compiled._torchdynamo_orig_callable = original  # type: ignore[attr-defined]
    return compiled


def is_dynamo_supported() -> bool:
    """Whether there is a compiler."""
    return True


def is_inductor_supported() -> bool:
    """Whether there is a code generator: the default backend."""
    return True
