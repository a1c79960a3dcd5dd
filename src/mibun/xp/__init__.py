"""Array namespaces: what the formulas of the operators are written over.

`namespace_of(array)` gives the namespace for a raw array; `xp.tensor` is the namespace of mibun's own Tensors, on which
the same formulas record what they do. Differences between array libraries live in this package alone.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from . import numpy as numpy_namespace


class _Namespaces(dict):
    """type of an array -> its namespace; a type that is met for the first time is asked for its own."""

    def __missing__(self, kind: type) -> Any:
        if issubclass(kind, (np.ndarray, np.generic)):
            namespace: Any = numpy_namespace
        elif hasattr(kind, "__array_namespace__"):
            from .generic import namespace_for

            namespace = namespace_for(kind)
        else:
            raise TypeError(f"{kind.__module__}.{kind.__qualname__} is not an array type that mibun knows")
        self[kind] = namespace
        return namespace


NAMESPACES: dict[type, Any] = _Namespaces()


def namespace_of(array: Any) -> ModuleType | Any:
    """The namespace of a raw array."""
    return NAMESPACES[type(array)]
