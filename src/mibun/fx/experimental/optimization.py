"""Graphs made simpler for inference: convolutions with their batch norms in one, dropout removed."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from ... import nn
from ...nn.modules.module import Module
from ...nn.utils.fusion import fuse_conv_bn_eval
from .._symbolic_trace import Tracer, symbolic_trace
from ..graph import Graph
from ..graph_module import GraphModule
from ..node import Argument, Node, Target

__all__ = [
    "matches_module_pattern",
    "replace_node_module",
    "fuse",
    "remove_dropout",
    "extract_subgraph",
    "UnionFind",
    "optimize_for_inference",
]


def _parent_name(target: str) -> tuple[str, str]:
    """The dotted name of what a Module is in, and its own name there."""
    *parent, name = target.rsplit(".", 1)
    return parent[0] if parent else "", name


def matches_module_pattern(pattern: Iterable[type], node: Node, modules: dict[str, Any]) -> bool:
    """Whether a Node is a call of a Module of the second class on the result of one of the first."""
    if not node.args:
        return False
    for expected, current in zip(pattern, (node.args[0], node), strict=False):
        if not isinstance(current, Node) or current.op != "call_module" or not isinstance(current.target, str):
            return False
        if current.target not in modules or type(modules[current.target]) is not expected:
            return False
    return True


def replace_node_module(node: Node, modules: dict[str, Any], new_module: Module) -> None:
    """Put another Module in the place of the one that a Node calls."""
    if not isinstance(node.target, str):
        raise AssertionError(f"Expected str target, got {type(node.target)}")
    parent, name = _parent_name(node.target)
    modules[node.target] = new_module
    setattr(modules[parent], name, new_module)


def fuse(model: Module, inplace: bool = False, no_trace: bool = False) -> Module:
    """The model with each convolution and the batch norm after it in one convolution, for inference.

    inplace: the model itself is changed (else a copy). no_trace: `model` is a GraphModule already. Only where both are
    in evaluation mode, the batch norm keeps statistics, and nothing else uses the convolution's result.

    The formula is in `nn/utils/fusion.py`.

    >>> import mibun as torch
    >>> from mibun import nn
    >>> from mibun.fx.experimental.optimization import fuse
    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()
    >>> [type(module).__name__ for module in fuse(model).modules()][-1]
    'Conv2d'
    """
    patterns = [(nn.Conv1d, nn.BatchNorm1d), (nn.Conv2d, nn.BatchNorm2d), (nn.Conv3d, nn.BatchNorm3d)]
    if not inplace:
        model = copy.deepcopy(model)
    traced = model if no_trace and isinstance(model, GraphModule) else symbolic_trace(model)
    modules: dict[str, Any] = dict(traced.named_modules())
    new_graph = copy.deepcopy(traced.graph)
    for pattern in patterns:
        for node in new_graph.nodes:
            if not matches_module_pattern(pattern, node, modules) or len(node.args[0].users) > 1:
                continue
            conv, norm = modules[node.args[0].target], modules[node.target]
            if not norm.track_running_stats:
                continue
            replace_node_module(node.args[0], modules, fuse_conv_bn_eval(conv, norm))
            node.replace_all_uses_with(node.args[0])
            new_graph.erase_node(node)
    return GraphModule(traced, new_graph)


def remove_dropout(model: Module) -> Module:
    """The model without its Dropout Modules."""
    traced = symbolic_trace(model)

    class DropoutRemover(_Transformer()):  # type: ignore[misc]
        def call_module(self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]) -> Any:
            if isinstance(self.submodules[target], nn.Dropout):
                if len(args) != 1:
                    raise AssertionError(f"Expected 1 argument for Dropout, got {len(args)}")
                return args[0]
            return super().call_module(target, args, kwargs)

    return DropoutRemover(traced).transform()


def _Transformer() -> type:  # noqa: N802
    from ..interpreter import Transformer

    return Transformer


def extract_subgraph(orig_module: Module, nodes: list[Node], inputs: list[Node], outputs: list[Node]) -> GraphModule:
    """A GraphModule of some steps of a graph, from `inputs` to `outputs` (Nodes of that graph)."""
    made = Graph()
    copies: dict[Node, Node] = {}
    for node in inputs:
        copies[node] = made.placeholder(node.name)
    for node in nodes:
        copies[node] = made.node_copy(node, lambda one: copies[one])
    made.output([copies[node] for node in outputs])
    made.lint()
    return GraphModule(orig_module, made)


class UnionFind:
    """Sets of numbers that can be joined (Galler, Fischer 1964), by size, with paths shortened on the way."""

    def __init__(self, n: int) -> None:
        self.parent: list[int | None] = [None] * n
        self.size: list[int] = [0] * n

    def make_set(self, v: int) -> None:
        """Begin a set of one number."""
        self.parent[v] = v
        self.size[v] = 1

    def find(self, v: int) -> int:
        """The number that stands for the set of `v`. AssertionError for a number without a set."""
        parent = self.parent[v]
        if parent is None:
            raise AssertionError(f"Parent for {v} is None")
        while parent != v:
            grandparent = self.parent[parent]
            assert grandparent is not None
            self.parent[v] = grandparent
            v, parent = parent, grandparent
        return v

    def join(self, a: int, b: int) -> int:
        """Put the sets of two numbers together; returns what stands for it."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return a
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        return a


def optimize_for_inference(
    model: Module, pass_config: dict[str, Any] | None = None, tracer: type[Tracer] = Tracer
) -> Module:
    """The model with convolutions and batch norms fused, and dropout removed.

    pass_config: {"conv_bn_fuse": bool, "remove_dropout": bool, "mkldnn_layout_optimize": False}; the last, which
    exchanges layers for those of a library of Intel's, must be False or left out where it is not (RuntimeError).
    tracer: how the result is traced.
    """
    config: dict[str, Any] = {"conv_bn_fuse": True, "remove_dropout": True, "mkldnn_layout_optimize": False}
    config.update(pass_config or {})
    if config["mkldnn_layout_optimize"]:
        raise RuntimeError("mkldnn_layout_optimize needs a PyTorch that is built with MKL-DNN")
    if config["conv_bn_fuse"]:
        model = fuse(model)
    if config["remove_dropout"]:
        model = remove_dropout(model)
    used = tracer()
    graph = used.trace(copy.deepcopy(model))
    return GraphModule(used.root, graph)
