"""A graph as a picture, by Graphviz, through the package `pydot`."""

from __future__ import annotations

import hashlib
from typing import Any

from ...core.tensor import Tensor
from ...nn.modules.module import Module
from .._compatibility import compatibility
from ..graph import Graph
from ..graph_module import GraphModule
from ..node import Node, _format_arg, _get_qualified_name
from ..printing import source_comment
from .shape_prop import TensorMetadata

pydot: Any
try:
    import pydot  # pyright: ignore[reportMissingImports]

    HAS_PYDOT = True
except ImportError:
    pydot = None
    HAS_PYDOT = False

__all__ = ["FxGraphDrawer"]

_COLOR_MAP = {
    "placeholder": '"AliceBlue"',
    "call_module": "LemonChiffon1",
    "get_param": "Yellow2",
    "get_attr": "LightGrey",
    "output": "PowderBlue",
}
_HASH_COLOR_MAP = ["CadetBlue1", "Coral", "DarkOliveGreen1", "DarkSeaGreen1", "GhostWhite", "Khaki1", "LavenderBlush1"]
_HASH_COLOR_MAP += ["LightSkyBlue", "MistyRose1", "MistyRose2", "PaleTurquoise2", "PeachPuff1", "Salmon", "Thistle1"]
_HASH_COLOR_MAP += ["Thistle3", "Wheat1"]
_WEIGHT_TEMPLATE = {"fillcolor": "Salmon", "style": '"filled,rounded"', "fontcolor": "#000000"}


@compatibility(is_backward_compatible=False)
class FxGraphDrawer:
    """Makes a `pydot.Dot` of a GraphModule: `FxGraphDrawer(gm, "name").get_dot_graph().write_svg("a.svg")`.

    ignore_getattr, ignore_parameters_and_buffers: leave attributes, and the weights of Modules, out. Further switches:
    skip_node_names_in_args (arguments that are Nodes are edges only), parse_stack_trace (where a step comes from),
    dot_graph_shape (of the boxes, "record" by default), normalize_args (all arguments by name). RuntimeError where the
    package pydot is not installed.
    """

    def __init__(
        self,
        graph_module: GraphModule,
        name: str,
        ignore_getattr: bool = False,
        ignore_parameters_and_buffers: bool = False,
        skip_node_names_in_args: bool = True,
        parse_stack_trace: bool = False,
        dot_graph_shape: str | None = None,
        normalize_args: bool = False,
    ) -> None:
        if not HAS_PYDOT:
            raise RuntimeError(
                "FXGraphDrawer requires the pydot package to be installed. Please install pydot through your favorite "
                "Python package manager."
            )
        self._name = name
        self.dot_graph_shape = dot_graph_shape if dot_graph_shape is not None else "record"
        self.normalize_args = normalize_args
        self._skip_names, self._parse = skip_node_names_in_args, parse_stack_trace
        self._weights = not ignore_parameters_and_buffers
        self._dot_graphs = {name: self._to_dot(graph_module, name, ignore_getattr)}
        for inner, module in graph_module.named_children():
            if isinstance(getattr(module, "graph", None), Graph):
                self._dot_graphs[f"{name}_{inner}"] = self._to_dot(module, f"{name}_{inner}", ignore_getattr)

    def get_dot_graph(self, submod_name: str | None = None) -> Any:
        """The picture, or that of an inner GraphModule by its name."""
        return self.get_main_dot_graph() if submod_name is None else self.get_submod_dot_graph(submod_name)

    def get_main_dot_graph(self) -> Any:
        """The picture."""
        return self._dot_graphs[self._name]

    def get_submod_dot_graph(self, submod_name: str) -> Any:
        """The picture of an inner GraphModule."""
        return self._dot_graphs[f"{self._name}_{submod_name}"]

    def get_all_dot_graphs(self) -> dict[str, Any]:
        """All pictures by name."""
        return self._dot_graphs

    def _style(self, node: Node) -> dict[str, str]:
        style = {"shape": self.dot_graph_shape, "fillcolor": "#CAFFE3", "style": '"filled,rounded"'}
        style["fontcolor"] = "#000000"
        if node.op in _COLOR_MAP:
            style["fillcolor"] = _COLOR_MAP[node.op]
        else:
            # (Steps that do the same have one colour, in every process.)
            target = node._pretty_print_target(node.target)
            number = int(hashlib.md5(target.encode(), usedforsecurity=False).hexdigest()[:8], 16)
            style["fillcolor"] = _HASH_COLOR_MAP[number % len(_HASH_COLOR_MAP)]
        return style

    def _label(self, module: Any, node: Node) -> str:
        rows = [f"name=%{node.name}", f"op_code={node.op}"]
        if node.op == "call_module":
            leaf = module.get_submodule(node.target)
            extra = "".join([f"\\n{key}: {getattr(leaf, key)}" for key in getattr(leaf, "__constants__", ())])
            rows[1] += f"\\n{type(leaf).__name__}{extra}"
        elif node.op == "call_function":
            rows[1] += f"\\ntarget={_get_qualified_name(node.target)}"  # type: ignore[arg-type]
        else:
            rows[1] += f"\\ntarget={node.target}"
        args, kwargs = node.args, node.kwargs
        if self.normalize_args:
            found = node.normalized_arguments(module, normalize_to_only_use_kwargs=True)
            args, kwargs = found if found is not None else (args, kwargs)
        for value, what in ((args, "args"), (kwargs, "kwargs")):
            if len(value) > 0:
                rows.append(f"{what}={self._escaped(_format_arg(value, max_list_len=8))}")
        rows.append(f"num_users={len(node.users)}")
        described = node.meta.get("tensor_meta")
        if isinstance(described, TensorMetadata):
            rows.append(f"dtype={described.dtype}\\nshape={tuple(described.shape)}\\nstride={described.stride}")
        if self._parse and node.stack_trace:
            rows.append(self._escaped(source_comment(node.stack_trace)))
        return "{" + "|".join(rows) + "\\n}"

    @staticmethod
    def _escaped(text: str) -> str:
        for one in "{}<>[]|":
            text = text.replace(one, f"\\{one}")
        return text

    def _to_dot(self, module: Any, name: str, ignore_getattr: bool) -> Any:
        dot = pydot.Dot(name, rankdir="TB")
        shown = {node for node in module.graph.nodes if not (ignore_getattr and node.op == "get_attr")}
        for node in module.graph.nodes:
            if node not in shown:
                continue
            dot.add_node(pydot.Node(node.name, label=self._label(module, node), **self._style(node)))
            if self._weights and node.op == "call_module":
                self._add_weights(dot, node, module.get_submodule(node.target))
        for node in module.graph.nodes:
            for user in node.users:
                if node in shown and user in shown:
                    dot.add_edge(pydot.Edge(node.name, user.name))
        return dot

    @staticmethod
    def _add_weights(dot: Any, node: Node, leaf: Module) -> None:
        found: list[tuple[str, Tensor, str]] = [(*one, "parameter") for one in leaf.named_parameters()]
        found += [(*one, "buffer") for one in leaf.named_buffers()]
        for name, value, kind in found:
            label = f"{node.name}.{name}"
            text = f"{{{label}|op_code=get_{kind}\\l|{value.dtype}{list(value.shape)}\\l}}"
            dot.add_node(pydot.Node(label, label=text, shape="record", **_WEIGHT_TEMPLATE))
            dot.add_edge(pydot.Edge(label, node.name))
