"""Parts of neural networks: Modules, their parameters and starting values, and functions. An index only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from . import functional, grad, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .parameter import Buffer, Parameter

__all__ = ["Buffer", "Parameter", "functional", "grad", "init", "modules", "parameter", "utils"]
__all__ += modules.__all__


def factory_kwargs(kwargs: dict[str, Any] | None) -> dict[str, Any]:
    """Of a Module's arguments those for making tensors: device, dtype and memory_format, also under "factory_kwargs".

    TypeError for others, and for what is given twice.

    >>> import mibun as torch
    >>> torch.nn.factory_kwargs({"dtype": torch.float64})
    {'dtype': torch.float64}
    """
    if kwargs is None:
        return {}
    simple = {"device", "dtype", "memory_format"}
    unexpected = set(kwargs) - simple - {"factory_kwargs"}
    if unexpected:
        raise TypeError(f"unexpected kwargs {unexpected}")
    found = dict(kwargs.get("factory_kwargs", {}))
    for name in ("dtype", "device", "memory_format"):
        if name in kwargs:
            if name in found:
                raise TypeError(f"{name} specified twice, in **kwargs and in factory_kwargs")
            found[name] = kwargs[name]
    return found


if TYPE_CHECKING:  # what is loaded on demand
    from . import attention as attention
    from . import parallel as parallel
    from .parallel import DataParallel as DataParallel
    from .uninitialized import UninitializedBuffer as UninitializedBuffer
    from .uninitialized import UninitializedParameter as UninitializedParameter


if not TYPE_CHECKING:  # checkers know the names from the imports

    def __getattr__(name: str) -> Any:
        if name in ("UninitializedParameter", "UninitializedBuffer"):
            return getattr(parameter, name)
        if name == "DataParallel":
            return importlib.import_module(f"{__name__}.parallel").DataParallel
        if name in ("attention", "parallel"):
            return importlib.import_module(f"{__name__}.{name}")
        found = _submodule(__name__, name)
        if found is None:
            raise _missing_name(__name__, name)
        return found
