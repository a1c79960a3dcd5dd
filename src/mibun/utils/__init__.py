"""What belongs to no single part: checkpointing, data loading, hooks. This file is an index only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what is loaded on demand
    from . import _pytree as _pytree
    from . import backcompat as backcompat
    from . import benchmark as benchmark
    from . import checkpoint as checkpoint
    from . import collect_env as collect_env
    from . import data as data
    from . import deterministic as deterministic
    from . import dlpack as dlpack
    from . import hooks as hooks
    from . import model_zoo as model_zoo
    from . import module_tracker as module_tracker
    from . import serialization as serialization
    from . import tensorboard as tensorboard
    from . import weak as weak

from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from .swapping import swap_tensors as swap_tensors

_LAZY = (
    "_config_module",
    "_contextlib",
    "_device",
    "_python_dispatch",
    "_pytree",
    "_triton",
    "backcompat",
    "benchmark",
    "checkpoint",
    "collect_env",
    "data",
    "deterministic",
    "dlpack",
    "flop_counter",
    "hooks",
    "model_zoo",
    "module_tracker",
    "serialization",
    "tensorboard",
    "weak",
)


def set_module(obj: Any, mod: str) -> None:
    """Set the module that a class or function says it is of. TypeError if the name is no str.

    >>> import mibun as torch
    >>> def f(): ...
    >>> torch.utils.set_module(f, "elsewhere")
    >>> f.__module__
    'elsewhere'
    """
    if not isinstance(mod, str):
        raise TypeError("The mod argument should be a string")
    obj.__module__ = mod


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        try:
            return importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    found = _submodule(__name__, name)
    if found is None:
        raise _missing_name(__name__, name)
    return found
