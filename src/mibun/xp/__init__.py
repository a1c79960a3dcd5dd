"""Array namespaces: what the formulas of the operators are written over.

`numpy` and `generic` (any library of the Array API standard) are for raw arrays; `tensor` is the namespace of mibun's
own Tensors, on which the same formulas record what they do. Differences between array libraries live here alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.meta import MetaArray
from ..core.registry import NAMESPACE_FINDERS
from ..core.tensor import Tensor
from . import tensor as tensor_namespace
from .numpy import namespace as numpy_namespace
from .numpy.allocation import keep_freed_memory

keep_freed_memory()


def _find(kind: type) -> Any:
    if kind is MetaArray:
        from .meta import namespace as meta_namespace

        return meta_namespace
    if issubclass(kind, (np.ndarray, np.generic)):
        return numpy_namespace
    if issubclass(kind, Tensor):
        return tensor_namespace
    if hasattr(kind, "__array_namespace__"):
        from .generic.namespace import namespace_for

        return namespace_for(kind)
    return None


NAMESPACE_FINDERS.append(_find)
