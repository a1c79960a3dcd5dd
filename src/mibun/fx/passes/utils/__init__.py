"""Tools of passes over graphs: parts of a graph as Modules, and where a pattern occurs."""

from ....core.missing import explain_missing_names as _explain_missing_names
from .common import HolderModule, compare_graphs, lift_subgraph_as_module

__all__ = ["HolderModule", "compare_graphs", "lift_subgraph_as_module"]

_explain_missing_names(__name__)
