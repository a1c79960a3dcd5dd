"""PassBase: a pass over graphs as an object, with what it requires and ensures."""

from __future__ import annotations

import abc
from collections import namedtuple
from typing import Any

from ..._compatibility import compatibility
from ...graph_module import GraphModule

__all__ = ["PassResult", "PassBase"]


@compatibility(is_backward_compatible=False)
class PassResult(namedtuple("PassResult", ["graph_module", "modified"])):
    """What a pass returns: the GraphModule, and whether it was changed."""

    __slots__ = ()

    def __new__(cls, graph_module: Any, modified: bool) -> PassResult:
        return super().__new__(cls, graph_module, modified)


@compatibility(is_backward_compatible=False)
class PassBase(abc.ABC):
    """Base of passes. A subclass defines `call`; `requires` and `ensures` raise where something is not as it must be.

    >>> from mibun import fx
    >>> from mibun.fx.passes.infra.pass_base import PassBase, PassResult
    >>> class Clean(PassBase):
    ...     def call(self, graph_module):
    ...         return PassResult(graph_module, graph_module.graph.eliminate_dead_code())
    >>> Clean()(fx.symbolic_trace(lambda x: (x + 1, x)[1])).modified
    True
    """

    def __call__(self, graph_module: GraphModule) -> PassResult | None:
        self.requires(graph_module)
        result = self.call(graph_module)
        self.ensures(graph_module)
        return result

    @abc.abstractmethod
    def call(self, graph_module: GraphModule) -> PassResult | None:
        """What the pass does."""

    def requires(self, graph_module: GraphModule) -> None:  # noqa: B027
        """Called before the pass."""

    def ensures(self, graph_module: GraphModule) -> None:  # noqa: B027
        """Called after the pass."""
