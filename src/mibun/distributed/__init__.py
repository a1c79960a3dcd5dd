"""Several processes that compute together: groups, collectives, messages, and stores to meet at. An index only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .._launched import export_ranks as _export_ranks
from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from . import distributed_c10d
from .backends import is_available
from .distributed_c10d import *  # noqa: F403
from .distributed_c10d import (  # noqa: F401
    _all_gather_base,
    _coalescing_manager,
    _CoalescingManager,
    _get_process_group_name,
    _rank_not_in_group,
    _reduce_scatter_base,
)
from .rendezvous import rendezvous  # noqa: F401

_export_ranks()

__all__ = [name for name in globals() if not name.startswith("_") and name not in ("annotations", "importlib", "Any")]

if TYPE_CHECKING:  # what is loaded on demand
    from .device_mesh import DeviceMesh as DeviceMesh
    from .device_mesh import init_device_mesh as init_device_mesh
    from .gradient_buckets import GradBucket as GradBucket

_LAZY_NAMES = {"DeviceMesh": "device_mesh", "init_device_mesh": "device_mesh", "GradBucket": "gradient_buckets"}
_LAZY = (
    "_composable",
    "_functional_collectives",
    "_tensor",
    "algorithms",
    "checkpoint",
    "constants",
    "device_mesh",
    "elastic",
    "fsdp",
    "nn",
    "optim",
    "rpc",
    "run",
    "tensor",
    "utils",
)

if not TYPE_CHECKING:  # checkers know the names from the imports

    def __getattr__(name: str) -> Any:
        if name in _LAZY_NAMES:
            return getattr(importlib.import_module(f"{__name__}.{_LAZY_NAMES[name]}"), name)
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
