"""Tools of passes over graphs: parts of a graph as Modules, and where a pattern occurs."""

from .common import HolderModule, compare_graphs, lift_subgraph_as_module

__all__ = ["HolderModule", "compare_graphs", "lift_subgraph_as_module"]
