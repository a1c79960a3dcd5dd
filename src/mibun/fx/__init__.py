"""`torch.fx`: programs as graphs. A function or Module is traced, its graph changed, and Python code made of it again.

`symbolic_trace` runs a program with `Proxy` objects in place of values and keeps what it does as a `Graph` of `Node`s;
a `GraphModule` is a Module whose `forward` is the code of a graph; `Interpreter` runs one Node by Node, and
`Transformer` makes a new graph so. Graphs and code print as PyTorch's do.
"""

from __future__ import annotations

from . import config as config
from . import traceback as traceback
from ._symbolic_trace import PH, ProxyableClassMeta, Tracer, symbolic_trace, wrap
from .annotate import annotate
from .graph import CodeGen, Graph
from .graph_module import GraphModule
from .interpreter import Interpreter, Transformer
from .node import Node, has_side_effect, map_arg
from .proxy import Proxy
from .subgraph_rewriter import replace_pattern
from .tensor_type import Dyn, TensorType, is_consistent

__all__ = [
    "CodeGen",
    "Dyn",
    "Graph",
    "GraphModule",
    "Interpreter",
    "Node",
    "PH",
    "Proxy",
    "ProxyableClassMeta",
    "TensorType",
    "Tracer",
    "Transformer",
    "annotate",
    "has_side_effect",
    "is_consistent",
    "map_arg",
    "replace_pattern",
    "symbolic_trace",
    "wrap",
]
