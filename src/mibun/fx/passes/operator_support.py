"""Which steps something supports: what partitioners ask."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...core.dtypes import dtype
from ...nn.modules.module import Module
from .._compatibility import compatibility
from ..node import Node
from .shape_prop import TensorMetadata
from .tools_common import CALLABLE_NODE_OPS, get_node_target

__all__ = ["OperatorSupportBase", "OperatorSupport", "create_op_support", "chain", "OpSupports", "any_chain"]

SupportedArgumentDTypes = tuple[Sequence[Sequence[dtype]], dict[str, Sequence[dtype]]] | None
SupportDict = Mapping[str, SupportedArgumentDTypes]
IsNodeSupported = Callable[[Mapping[str, Module], Node], bool]


@compatibility(is_backward_compatible=False)
class OperatorSupportBase(abc.ABC):
    """Says of a step whether it is supported."""

    @abc.abstractmethod
    def is_node_supported(self, submodules: Mapping[str, Module], node: Node) -> bool:
        """Whether a Node is. submodules: the graph's Modules by dotted name."""


def _get_arg_dtype(arg: Node) -> Any:
    if not isinstance(arg, Node):
        raise AssertionError(f"Expected Node, got {type(arg)}")
    described = arg.meta.get("tensor_meta")
    return described.dtype if isinstance(described, TensorMetadata) else arg.meta["type"]


@compatibility(is_backward_compatible=False)
class OperatorSupport(OperatorSupportBase):
    """By a table: name of the target -> None for always, or (dtypes of each positional argument, of each by name)."""

    _support_dict: SupportDict

    def __init__(self, support_dict: SupportDict | None = None) -> None:
        self._support_dict = support_dict or {}

    def is_node_supported(self, submodules: Mapping[str, Module], node: Node) -> bool:
        """Whether the target is in the table, with dtypes as it says; what computes nothing is."""
        if node.op not in CALLABLE_NODE_OPS:
            return True
        target = get_node_target(submodules, node)
        if target not in self._support_dict:
            return False
        wanted = self._support_dict[target]
        if wanted is None:
            return True
        positional, by_name = wanted
        for index, dtypes in enumerate(positional):
            if len(node.args) <= index:
                break
            if not isinstance(node.args[index], Node):
                continue
            if _get_arg_dtype(node.args[index]) not in dtypes:
                return False
        for name, dtypes in by_name.items():
            if isinstance(node.kwargs.get(name), Node) and _get_arg_dtype(node.kwargs[name]) not in dtypes:
                return False
        return True


@compatibility(is_backward_compatible=False)
def create_op_support(is_node_supported: IsNodeSupported) -> OperatorSupportBase:
    """An OperatorSupport that asks a function."""

    class FunctionalOperatorSupport(OperatorSupportBase):
        def is_node_supported(self, submodules: Mapping[str, Module], node: Node) -> bool:
            return is_node_supported(submodules, node)

    return FunctionalOperatorSupport()


@compatibility(is_backward_compatible=False)
def chain(*op_support: OperatorSupportBase) -> OperatorSupportBase:
    """What all of them support."""
    return create_op_support(lambda parts, node: all(one.is_node_supported(parts, node) for one in op_support))


@compatibility(is_backward_compatible=False)
def any_chain(*op_support: OperatorSupportBase) -> OperatorSupportBase:
    """What any of them supports."""
    return create_op_support(lambda parts, node: any(one.is_node_supported(parts, node) for one in op_support))


@compatibility(is_backward_compatible=False)
class OpSupports:
    """Ready-made ones."""

    @classmethod
    def decline_if_input_dtype(cls, dtype: Any) -> OperatorSupportBase:
        """All but steps with an argument of a dtype."""

        def supported(submodules: Mapping[str, Module], node: Node) -> bool:
            return all(_get_arg_dtype(arg) != dtype for arg in node.all_input_nodes)

        return create_op_support(supported)

    @classmethod
    def decline_if_node_in_names(cls, disallow_set: set[str]) -> OperatorSupportBase:
        """All but the Nodes of these names."""
        return create_op_support(lambda submodules, node: node.name not in disallow_set)
