"""What the older forms of weight and spectral normalisation share: a hook that computes a weight before each call."""

from __future__ import annotations

from typing import Any, Self

from ...core.tensor import Tensor
from ..modules.module import Module


class WeightHook:
    """A forward pre-hook that sets the attribute `name` of a Module to a weight computed from others.

    Subclasses say how it is computed, and how it is made a parameter again. `kind` is the function that registers it,
    as messages call it.
    """

    kind: str
    name: str

    def compute_weight(self, module: Any) -> Tensor:
        """The weight, from what the Module holds instead of it."""
        raise NotImplementedError

    def remove(self, module: Module) -> None:
        """Make the weight a parameter again."""
        raise NotImplementedError

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))

    @classmethod
    def _find(cls, module: Module, name: str) -> tuple[int, Self] | None:
        """The hook of this class that computes this weight of the Module, with its key among the hooks."""
        for key, hook in module._forward_pre_hooks.items():
            if isinstance(hook, cls) and hook.name == name:
                return key, hook
        return None

    @classmethod
    def refuse_second(cls, module: Module, name: str) -> None:
        """RuntimeError where the Module has such a hook already."""
        if cls._find(module, name) is not None:
            raise RuntimeError(f"Cannot register two {cls.kind} hooks on the same parameter {name}")

    @classmethod
    def take_from(cls, module: Module, name: str) -> Module:
        """Take the hook from the Module, which is returned. ValueError where there is none."""
        found = cls._find(module, name)
        if found is None:
            raise ValueError(f"{cls.kind} of '{name}' not found in {module}")
        key, hook = found
        hook.remove(module)
        del module._forward_pre_hooks[key]
        return module
