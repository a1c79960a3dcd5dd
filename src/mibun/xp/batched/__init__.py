"""The namespace of batched arrays: `vmap` below the Tensors.

Which module: array (what a batched array is, common hidden axes), rules (how a function of the namespace below becomes
one of batched arrays: the decorators, and the loop for what has no rule), namespace (the namespace itself), and by what
the functions do: elements, reductions, counting, shapes, products, indexing, linalg, windows (convolution and
pooling), layers, memory.
"""

from . import counting, elements, indexing, layers, linalg, memory, products, reductions, shapes, windows  # noqa: F401
from .array import Batched
from .namespace import namespace

__all__ = ["Batched", "namespace"]
