"""Sparse arrays below the Tensors, and the namespace of what can be done with them.

Which module: array (what a sparse array is), coordinates (COO), compressed (CSR, CSC, BSR, BSC), products, namespace
(the functions), kernels (what operators do). Loaded when a program makes its first sparse tensor.
"""

from . import kernels  # noqa: F401  (fills the table of the namespace)
from .array import Compressed, Coordinates, Sparse, kind_of, layout_of
from .namespace import in_layout, namespace, refusal

__all__ = ["Compressed", "Coordinates", "Sparse", "in_layout", "kind_of", "layout_of", "namespace", "refusal"]
