"""NormalizeArgs: a graph in which arguments are given by name, with their defaults."""

from __future__ import annotations

import operator
from typing import Any

import mibun as _root

from ..graph_module import GraphModule
from ..interpreter import Transformer
from ..node import Argument, Node, Target, map_aggregate
from ..operator_schemas import normalize_function, normalize_module
from ..proxy import Proxy


class NormalizeArgs(Transformer):
    """Gives the arguments of functions and Modules of `torch` by name. `transform()` returns the new GraphModule.

    normalize_to_only_use_kwargs: all of them; else those that have defaults and were left out.
    """

    def __init__(self, module: GraphModule, normalize_to_only_use_kwargs: bool = True) -> None:
        super().__init__(module)
        self.node_map: dict[Proxy, Node] = {}
        self.normalize_to_only_use_kwargs = normalize_to_only_use_kwargs

    def run_node(self, n: Node) -> Any:
        """The Proxy of a Node, with its metadata."""
        args, kwargs = self.fetch_args_kwargs_from_env(n)

        def kind_of(leaf: Any) -> Any:
            return leaf.meta.get("type") if isinstance(leaf, Node) else type(leaf)

        if n.op == "call_function":
            arg_types = map_aggregate(n.args, kind_of)
            kwarg_types = dict(map_aggregate(n.kwargs, kind_of))
            made = self.call_function(n.target, args, kwargs, arg_types, kwarg_types)
        else:
            made = super().run_node(n)
        if n.op != "output" and isinstance(made, Proxy):
            self.node_map[made] = n
            made.node.meta = n.meta
            made.node.type = n.type
        return made

    def call_function(  # type: ignore[override]
        self,
        target: Target,
        args: tuple[Argument, ...],
        kwargs: dict[str, Any],
        arg_types: tuple[Any, ...] | None = None,
        kwarg_types: dict[str, Any] | None = None,
    ) -> Any:
        """A Proxy for the call of a function."""
        found = normalize_function(
            target,  # type: ignore[arg-type]
            args,
            kwargs,
            normalize_to_only_use_kwargs=self.normalize_to_only_use_kwargs,
        )
        if found:
            args, kwargs = found
        return self.tracer.create_proxy("call_function", target, args, kwargs)

    def call_module(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """A Proxy for the call of a Module."""
        if not isinstance(target, str):
            raise AssertionError(f"Expected str target, got {type(target)}")
        found = normalize_module(
            self.module,
            target,
            args,
            kwargs,
            normalize_to_only_use_kwargs=self.normalize_to_only_use_kwargs,
        )
        if found:
            args, kwargs = found
        return super().call_module(target, args, kwargs)


class NormalizeOperators(Transformer):
    """Python's operators and the functions of `torch` that they are (`x + y`, `torch.add(x, y)`) as the latter."""

    binary_magic_method_remap = {
        _root.add: operator.add,
        _root.mul: operator.mul,
        _root.sub: operator.sub,
        _root.div: operator.truediv,
        _root.floor_divide: operator.floordiv,
        _root.remainder: operator.mod,
        _root.eq: operator.eq,
        _root.ne: operator.ne,
        _root.lt: operator.lt,
        _root.le: operator.le,
        _root.gt: operator.gt,
        _root.ge: operator.ge,
    }

    def call_function(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """A Proxy for the call of a function, as an operator where there is one."""
        if target in self.binary_magic_method_remap and len(args) == 2:
            return super().call_function(self.binary_magic_method_remap[target], args, {})  # type: ignore[index]
        return super().call_function(target, args, kwargs)
