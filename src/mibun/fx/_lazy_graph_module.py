"""`torch.fx._lazy_graph_module`: which class of GraphModule is made, and one that writes its code when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .graph_module import MAKERS, GraphModule

_use_lazy_graph_module_flag = False
_force_skip_lazy_graph_module_flag = False


@contextmanager
def _force_skip_lazy_graph_module() -> Iterator[None]:
    """Context in which plain GraphModules are made, whatever `_use_lazy_graph_module` says."""
    global _force_skip_lazy_graph_module_flag
    before, _force_skip_lazy_graph_module_flag = _force_skip_lazy_graph_module_flag, True
    try:
        yield
    finally:
        _force_skip_lazy_graph_module_flag = before


@contextmanager
def _use_lazy_graph_module(should_use: bool) -> Iterator[None]:
    """Context in which GraphModules are made that write their code at the first call, if `should_use`."""
    global _use_lazy_graph_module_flag
    before = _use_lazy_graph_module_flag
    _use_lazy_graph_module_flag = should_use and not _force_skip_lazy_graph_module_flag
    try:
        yield
    finally:
        _use_lazy_graph_module_flag = before


def _get_graph_module_cls() -> type[GraphModule]:
    return _LazyGraphModule if _use_lazy_graph_module_flag else GraphModule


def _make_graph_module(*args: Any, graph_module_cls: type[GraphModule] | None = None, **kwargs: Any) -> GraphModule:
    """A GraphModule of the class that is in force, or of the one given."""
    return (graph_module_cls or _get_graph_module_cls())(*args, **kwargs)


MAKERS["module"] = _make_graph_module


class _LazyGraphModule(GraphModule):
    """A GraphModule whose code is written when it is first called, or asked for."""

    @classmethod
    def from_graphmodule(cls, gm: GraphModule) -> GraphModule:
        """The same graph and parts in this class."""
        return gm if isinstance(gm, cls) else cls(gm, gm.graph)

    @staticmethod
    def force_recompile(gm: GraphModule) -> None:
        """Write the code now, if that has been put off."""
        if isinstance(gm, _LazyGraphModule):
            gm.real_recompile()

    def real_recompile(self) -> None:
        """Write the code now, if that has been put off."""
        if self._needs_recompile():
            self._real_recompile()

    def _needs_recompile(self) -> bool:
        return "forward" not in vars(type(self)) or vars(type(self))["forward"] is _LazyGraphModule._lazy_forward

    def _lazy_forward(self, *args: Any, **kwargs: Any) -> Any:
        self.real_recompile()
        return self(*args, **kwargs)

    def _real_recompile(self) -> Any:
        return super().recompile()

    def recompile(self) -> Any:
        """Put off writing the code until it is needed."""
        type(self).forward = _LazyGraphModule._lazy_forward  # type: ignore[assignment]

    @property
    def code(self) -> str:
        """The code, written now if that has been put off."""
        self.real_recompile()
        return super().code

    def __str__(self) -> str:
        self.real_recompile()
        return super().__str__()

    def __reduce__(self) -> tuple:
        self.real_recompile()
        return super().__reduce__()
