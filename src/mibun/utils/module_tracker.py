"""`ModuleTracker`: which Modules are being computed at the moment, forward or backward."""

from __future__ import annotations

import weakref
from typing import Any, Self

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor
from ..nn.modules.hooks import register_module_forward_hook, register_module_forward_pre_hook
from .weak import WeakIdKeyDictionary

__all__ = ["ModuleTracker"]


class ModuleTracker:
    """A context in which `parents` has the paths of the Modules that are being computed, "Global" always.

    A path begins with the class of the Module that was called first: "Net.layers.0". Between a Module's call and its
    end, and in the backward from the gradient of its output to that of its input, its path is there. `is_bw` says
    whether it is the backward that runs.

    >>> import mibun as torch
    >>> from mibun.utils.module_tracker import ModuleTracker
    >>> net, tracker = torch.nn.Sequential(torch.nn.ReLU()), ModuleTracker()
    >>> handle = net[0].register_forward_hook(lambda *_: print(sorted(tracker.parents)))  # at its end
    >>> with tracker:
    ...     _ = net(torch.ones(2))
    ['Global', 'Sequential']
    """

    parents: set[str]

    def __init__(self) -> None:
        self.parents = {"Global"}
        self._paths: Any = WeakIdKeyDictionary(ref_type=weakref.ref)
        self._backward = False

    @property
    def is_bw(self) -> bool:
        """Whether it is the backward that runs."""
        return self._backward

    def __enter__(self) -> Self:
        self._handles = [
            register_module_forward_pre_hook(self._before),
            register_module_forward_hook(self._after),
        ]
        return self

    def __exit__(self, *error: object) -> None:
        for handle in self._handles:
            handle.remove()

    def _path(self, module: Any) -> str:
        if module not in self._paths:
            name = type(module).__name__
            for path, inner in module.named_modules():
                if inner not in self._paths:
                    self._paths[inner] = f"{name}.{path}" if path else name
        return self._paths[module]

    def _before(self, module: Any, args: Any) -> None:
        path = self._path(module)
        self.parents.add(path)
        for tensor in _tensors(args):
            if tensor.requires_grad:
                tensor.register_hook(lambda grad: self._leave(path))

    def _after(self, module: Any, args: Any, output: Any) -> None:
        path = self._path(module)
        self.parents.discard(path)
        for tensor in _tensors(output):
            if tensor.requires_grad:
                tensor.register_hook(lambda grad: self._come(path))

    def _come(self, path: str) -> None:
        self._backward = True
        self.parents.add(path)

    def _leave(self, path: str) -> None:
        self.parents.discard(path)
        if self.parents == {"Global"}:
            self._backward = False


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    return [t for part in value for t in _tensors(part)] if isinstance(value, (tuple, list)) else []


_explain_missing_names(__name__)
