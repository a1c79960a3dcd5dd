"""Array namespaces: what the formulas of the operators are written over.

`numpy` and `generic` (any library of the Array API standard) are for raw arrays; `tensor` is the namespace of mibun's
own Tensors, on which the same formulas record what they do. Differences between array libraries live here alone.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import warnings
from typing import Any

import numpy as np

from ..core.meta import MetaArray
from ..core.registry import DEVICES, NAMESPACE_FINDERS, NAMESPACES
from ..core.tensor import Tensor, wrap
from . import tensor as tensor_namespace
from .numpy import namespace as numpy_namespace
from .numpy.allocation import keep_freed_memory

keep_freed_memory()


# The package that an array's type is written in -> the module here that has the namespace of such arrays, which is
# imported when the first one is met.
LIBRARIES = {"cupy": "cupy.namespace", "dask": "dask.namespace", "jax": "jax.namespace", "jaxlib": "jax.namespace"}
# The same for the devices by which a program may ask for such arrays, with the package that has to be installed.
_DEVICES = {
    "cuda": ("cupy", "cupy.namespace"),
    "jax": ("jax", "jax.namespace"),
    "xla": ("jax", "jax.namespace"),
}


def has_namespace(kind: type) -> bool:
    """Whether arrays of a type are those of a library that mibun computes with by itself."""
    return kind.__module__.partition(".")[0] in LIBRARIES


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


def tensor_on(array: Any) -> Tensor:
    """A Tensor whose array is this one, of any library of the Array API standard: what is computed with it stays there.

    (`torch.asarray` gives the Tensor the memory of such an array, and NumPy computes, but for the libraries that mibun
    has a namespace for.) `array_of` gives the array back. TypeError for an array type that is not of the standard.

    >>> from mibun.xp import array_of, tensor_on
    >>> import numpy as np
    >>> tensor_on(np.ones(2)).sum()
    tensor(2., dtype=torch.float64)
    """
    xp = NAMESPACES[type(array)]
    return wrap(xp.adopt(array) if hasattr(xp, "adopt") else array)


def array_of(tensor: Tensor) -> Any:
    """The library's array of a Tensor."""
    xp = NAMESPACES[type(tensor._array_)]
    return xp.released(tensor._array_) if hasattr(xp, "released") else tensor._array_


NAMESPACE_FINDERS.append(_find)
DEVICES.update({name: functools.partial(_of_device, name) for name in _DEVICES if name != "cuda"})


@functools.cache
def _of_gpus() -> Any:
    """What imports the namespace of arrays on GPUs: None where CuPy is not installed, or sees no GPU."""
    if importlib.util.find_spec("cupy") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that CUDA is not set up as CuPy would like
        try:
            count = importlib.import_module("cupy").cuda.runtime.getDeviceCount()
        except Exception:  # of several kinds, by what is missing: the driver, a library, a GPU
            count = 0
    return functools.partial(_of_device, "cuda") if count else None


DEVICES.looked_for["cuda"] = _of_gpus
