"""From Tensors to other dtypes, to Python's numbers and to other libraries."""

from . import casting, interop, python_loops
