"""Interpreter: runs a graph step by step; Transformer: makes another one of it in the same way."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..nn.modules.module import Module
from . import traceback as fx_traceback
from ._compatibility import compatibility
from ._symbolic_trace import Tracer
from .graph import Graph
from .graph_module import GraphModule
from .node import Argument, Node, Target, map_aggregate, map_arg
from .proxy import Proxy

__all__ = ["Interpreter", "Transformer"]


@compatibility(is_backward_compatible=True)
class Interpreter:
    """Runs a GraphModule Node by Node. Subclasses override what is to be done at Nodes of a kind.

    module: the GraphModule (or a Module with the parts, if `graph` is given). garbage_collect_values: let go of each
    value after its last use. Attributes: `env` (Node -> value), `args_iter`, `submodules`, `name`, `graph`.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> class Counting(fx.Interpreter):
    ...     calls = 0
    ...     def call_function(self, target, args, kwargs):
    ...         self.calls += 1
    ...         return super().call_function(target, args, kwargs)
    >>> counting = Counting(fx.symbolic_trace(lambda x: torch.relu(x) + 1))
    >>> counting.run(torch.tensor(2.)), counting.calls
    (tensor(3.), 2)
    """

    def __init__(self, module: Module, garbage_collect_values: bool = True, graph: Graph | None = None) -> None:
        self.module = module
        self.submodules = dict(module.named_modules())
        self.graph: Any = module.graph if graph is None else graph
        self.env: dict[Node, Any] = {}
        self.name = "Interpreter"
        self.garbage_collect_values = garbage_collect_values
        self.extra_traceback = True
        if garbage_collect_values:
            self.user_to_last_uses = _last_uses(self.graph)

    def run(self, *args: Any, initial_env: dict[Node, Any] | None = None, enable_io_processing: bool = True) -> Any:
        """The graph's result for these arguments.

        initial_env: values of Nodes that are known; they are not run. enable_io_processing: let the graph's CodeGen
        take containers apart and put the result together. An error says at which Node it came up.
        """
        self.env = dict(initial_env or {})
        if enable_io_processing:
            args = self.graph.process_inputs(*args)
        self.args_iter: Iterator[Any] = iter(args)
        for node in self.graph.nodes:
            if node in self.env:
                continue
            try:
                self.env[node] = self.run_node(node)
            except Exception as error:
                if self.extra_traceback:
                    _explain(error, node)
                if isinstance(error, KeyError):
                    raise RuntimeError(*error.args) from error
                raise
            if self.garbage_collect_values:
                for unused in self.user_to_last_uses.get(node, ()):
                    del self.env[unused]
            if node.op == "output":
                value = self.env[node]
                return self.graph.process_outputs(value) if enable_io_processing else value
        return None

    def boxed_run(self, args_list: list[Any]) -> Any:
        """The same for a list of arguments, which is emptied, so that the caller holds them no longer."""
        inputs = iter(args_list)
        env = {node: next(inputs) for node in self.graph.nodes if node.op == "placeholder"}
        args_list.clear()
        return self.run(initial_env=env)

    @contextmanager
    def _set_current_node(self, node: Node) -> Iterator[None]:
        with fx_traceback.set_current_meta(node, f"Interpreter_{self.__class__.__name__}"):
            yield

    def run_node(self, n: Node) -> Any:
        """The value of one Node: calls the method that is named as its `op`."""
        with self._set_current_node(n):
            args, kwargs = self.fetch_args_kwargs_from_env(n)
            if not isinstance(args, tuple):
                raise AssertionError(f"args must be a tuple, got {type(args)}")
            if not isinstance(kwargs, dict):
                raise AssertionError(f"kwargs must be a dict, got {type(kwargs)}")
            return getattr(self, n.op)(n.target, args, kwargs)

    def placeholder(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """The next argument; for a starred input, all that are left; the default if there is none (RuntimeError)."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        if target.startswith("*"):
            return list(self.args_iter)
        try:
            return next(self.args_iter)
        except StopIteration:
            if args:
                return args[0]
            raise RuntimeError(
                f"Expected positional argument for parameter {target}, but one was not passed in!"
            ) from None

    def get_attr(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """The attribute of the Module."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        return self.fetch_attr(target)

    def call_function(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """What the function returns."""
        if isinstance(target, str):
            raise AssertionError("target must not be a str")
        return target(*args, **kwargs)

    def call_method(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """What the method of the first argument returns."""
        subject, *rest = args
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        return getattr(subject, target)(*rest, **kwargs)

    def call_module(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """What the submodule returns."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        return self.fetch_attr(target)(*args, **kwargs)

    def output(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """The result."""
        return args[0]

    def fetch_attr(self, target: str) -> Any:
        """An attribute of the Module by its dotted name. RuntimeError where there is none."""
        path = target.split(".")
        found: Any = self.module
        for index, part in enumerate(path):
            if not hasattr(found, part):
                raise RuntimeError(f"Node referenced nonexistent target {'.'.join(path[: index + 1])}")
            found = getattr(found, part)
        return found

    def fetch_args_kwargs_from_env(self, n: Node) -> tuple[tuple, dict]:
        """The arguments of a Node, with values in place of Nodes."""
        return self.map_nodes_to_values(n.args, n), self.map_nodes_to_values(n.kwargs, n)

    def map_nodes_to_values(self, args: Argument, n: Node) -> Argument:
        """An argument with values in place of Nodes. RuntimeError for a Node that has not been run."""

        def value_of(used: Node) -> Any:
            if used not in self.env:
                raise RuntimeError(
                    f"Node {n} referenced nonexistent value {used}! Run Graph.lint() to diagnose such issues"
                )
            return self.env[used]

        return map_arg(args, value_of)


def _last_uses(graph: Graph) -> dict[Node, list[Node]]:
    """Node -> those whose values are used there for the last time."""
    seen: set[Node] = set()
    last: dict[Node, list[Node]] = {}
    for user in reversed(graph.nodes):
        for used in user.all_input_nodes:
            if used not in seen:
                seen.add(used)
                last.setdefault(user, []).append(used)
    return last


def _explain(error: Exception, node: Node) -> None:
    """Let an error say at which Node it came up."""
    words = f"While executing {node.format_node()}"
    words = f"{error.args[0]}\n\n{words}" if error.args else str(words)
    words += f"\nOriginal traceback:\n{node.stack_trace}"
    words += (
        "\nUse tlparse to see full graph. "
        "(https://github.com/pytorch/tlparse?tab=readme-ov-file#tlparse-parse-structured-pt2-logs)"
    )
    error.args = (words, *error.args[1:])


@compatibility(is_backward_compatible=True)
class Transformer(Interpreter):
    """Makes a new GraphModule: its methods are given Proxies, and what they do is the new graph.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> class Smooth(fx.Transformer):
    ...     def call_function(self, target, args, kwargs):
    ...         target = torch.tanh if target is torch.relu else target
    ...         return super().call_function(target, args, kwargs)
    >>> print(Smooth(fx.symbolic_trace(lambda x: torch.relu(x))).transform().code.strip())
    def forward(self, x):
        tanh = torch.tanh(x);  x = None
        return tanh
    """

    def __init__(self, module: GraphModule) -> None:
        super().__init__(module)
        self.new_graph = Graph()
        self.new_graph.set_codegen(module.graph._codegen)

        class TransformerTracer(Tracer):
            def __init__(self, graph: Graph) -> None:
                super().__init__()
                self.graph = graph
                self.tensor_attrs: dict = {}

            def is_leaf_module(self, _: Any, __: Any) -> bool:
                return True

        self.tracer = TransformerTracer(self.new_graph)
        self.tracer.root = module

    def placeholder(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Proxy:
        """A Proxy for the input, which the new graph has too."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        default = next(iter(args)) if args else inspect.Signature.empty
        node = self.new_graph.placeholder(target, default_value=... if default is inspect.Signature.empty else default)
        return Proxy(node, self.tracer)

    def get_attr(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Proxy:
        """A Proxy for the attribute."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        return self.tracer.create_proxy("get_attr", target, args, kwargs)

    def call_module(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """A Proxy for the call of a submodule, if that is a leaf."""
        if not isinstance(target, str):
            raise AssertionError(f"target must be a str, got {type(target)}")
        submodule = self.fetch_attr(target)
        return self.tracer.call_module(submodule, submodule.forward, args, kwargs)

    def call_function(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
        """A Proxy for the call of a function."""
        return self.tracer.create_proxy("call_function", target, args, kwargs)

    def transform(self) -> GraphModule:
        """The GraphModule that results."""
        with fx_traceback.preserve_node_meta():
            result = super().run(enable_io_processing=False)
        if result is not None:

            def strip(leaf: Any) -> Any:
                return leaf.node if isinstance(leaf, Proxy) else leaf

            made = self.new_graph.output(map_aggregate(result, strip))
            old = self.graph.output_node()
            for key, value in old.meta.items():
                made.meta[key] = value
        from ._lazy_graph_module import _make_graph_module

        return _make_graph_module(self.module, self.new_graph)
