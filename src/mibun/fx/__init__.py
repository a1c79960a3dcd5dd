"""`torch.fx`: programs as graphs. A function or Module is traced, its graph changed, and Python code made of it again.

`symbolic_trace` runs a program with `Proxy` objects in place of values and keeps what it does as a `Graph` of `Node`s;
a `GraphModule` is a Module whose `forward` is the code of a graph; `Interpreter` runs one Node by Node, and
`Transformer` makes a new graph so. Graphs and code print as PyTorch's do.
"""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import config as config
from . import experimental as experimental
from . import operator_schemas as operator_schemas
from . import passes as passes
from . import tensor_type as tensor_type
from . import traceback as traceback
from ._symbolic_trace import PH, ProxyableClassMeta, Tracer, symbolic_trace, wrap
from .graph import CodeGen, Graph
from .graph_module import GraphModule
from .interpreter import Interpreter, Transformer
from .node import Node, has_side_effect, map_arg
from .proxy import Proxy
from .subgraph_rewriter import replace_pattern

__all__ = [
    "Graph",
    "GraphModule",
    "Interpreter",
    "Node",
    "Proxy",
    "Tracer",
    "Transformer",
    "has_side_effect",
    "map_arg",
    "replace_pattern",
    "symbolic_trace",
    "wrap",
]
_BESIDE = (CodeGen, PH, ProxyableClassMeta)  # names that PyTorch has here too

_explain_missing_names(__name__)
