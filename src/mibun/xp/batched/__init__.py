"""The namespace of batched arrays: `vmap` below the Tensors.

Which module: array (what a batched array is, common hidden axes), rules (how a function of the namespace below becomes
one of batched arrays: the decorators, and the loop for what has no rule), namespace (the namespace itself), and by what
the functions do: elements, reductions, counting, shapes, products, indexing, linalg, windows (convolution and
pooling), layers, memory; library (what the namespace below is).

Arrays of another library have a namespace of their own: these files once more, over its namespace (`bind`), with a
class of batched arrays of their own. So NumPy's pay nothing for it. `over(array)` is the one for an array.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from typing import Any

from ...core.registry import LEADING, NAMESPACES, TENSORS, is_numpys
from . import counting, elements, indexing, layers, linalg, memory, products, reductions, shapes, windows  # noqa: F401
from .array import Batched
from .namespace import namespace

_RULES = "counting elements indexing layers linalg memory products reductions shapes windows".split()
_BOUND: dict[int, Any] = {}  # number of the namespace below -> that of its batched arrays


def bind(below: Any) -> Any:
    """The namespace of batched arrays over a namespace; its modules are `mibun.xp.batched_<number>.…`."""
    if id(below) not in _BOUND:
        package = f"{str(__package__).rpartition('.')[0]}.batched_{len(_BOUND)}"
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = list(__path__)
        made: Any = module_from_spec(spec)
        made.array_namespace = below  # which `library.py` looks for
        sys.modules[package] = made
        for name in _RULES:
            importlib.import_module(f"{package}.{name}")
        _BOUND[id(below)] = importlib.import_module(f"{package}.namespace").namespace
    return _BOUND[id(below)]


def over(array: Any) -> Any:
    """The namespace of batched arrays for an array, which may be one already: with those of its library."""
    kind = type(array)
    if kind in TENSORS:
        return NAMESPACES[kind]
    if is_numpys(kind) or kind in LEADING or not hasattr(array, "dtype"):
        return namespace
    return bind(NAMESPACES[kind])


def over_gradients(xp: Any, grad: Any) -> Any:
    """The same for the gradients, one or several, of an operation over the namespace xp: xp, if none is batched."""
    kind = type(grad)
    if kind is tuple or kind is list:
        kind = next((type(one) for one in grad if type(one) in TENSORS), kind)
    if kind not in TENSORS:
        return xp
    found = NAMESPACES[kind]
    return xp if xp is found.prompt else found


__all__ = ["Batched", "bind", "namespace", "over", "over_gradients"]
