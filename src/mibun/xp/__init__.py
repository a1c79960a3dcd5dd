"""Array namespaces: what the formulas of the operators are written over.

`numpy` and `generic` (any library of the Array API standard) are for raw arrays; `tensor` is the namespace of mibun's
own Tensors, on which the same formulas record what they do. Differences between array libraries live here alone.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

import numpy as np

from ..core.meta import MetaArray
from ..core.registry import DEVICES, NAMESPACE_FINDERS
from ..core.tensor import Tensor
from . import tensor as tensor_namespace
from .numpy import namespace as numpy_namespace
from .numpy.allocation import keep_freed_memory

keep_freed_memory()


# The package that an array's type is written in -> the module here that has the namespace of such arrays, which is
# imported when the first one is met.
LIBRARIES = {"jax": "jax.namespace", "jaxlib": "jax.namespace"}
# The same for the devices by which a program may ask for such arrays, with the package that has to be installed.
_DEVICES = {"jax": ("jax", "jax.namespace"), "xla": ("jax", "jax.namespace")}


def _find(kind: type) -> Any:
    if kind is MetaArray:
        from .meta import namespace as meta_namespace

        return meta_namespace
    if issubclass(kind, (np.ndarray, np.generic)):
        return numpy_namespace
    if issubclass(kind, Tensor):
        return tensor_namespace
    module = LIBRARIES.get(kind.__module__.partition(".")[0])
    if module is not None:
        return importlib.import_module(f".{module}", __name__)
    if hasattr(kind, "__array_namespace__"):
        from .generic.namespace import namespace_for

        return namespace_for(kind)
    return None


def _of_device(name: str) -> Any:
    """The namespace of the arrays on a device. RuntimeError if their library is not installed."""
    package, module = _DEVICES[name]
    try:
        return importlib.import_module(f".{module}", __name__)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise RuntimeError(
            f"Tensors on device '{name}' are arrays of {package}, which isn't installed: pip install 'mibun[{package}]'"
        ) from None


NAMESPACE_FINDERS.append(_find)
DEVICES.update({name: functools.partial(_of_device, name) for name in _DEVICES})
