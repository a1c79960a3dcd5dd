"""Automatic differentiation: `backward`, `grad`, `Function` and what belongs to them. This file is an index only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..core.gradients import backward, grad
from ..core.missing import missing_name as _missing_name
from ..core.missing import submodule as _submodule
from ..core.mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from . import function, grad_mode, graph
from .function import Function, NestedIOFunction
from .grad_mode import (
    _force_original_view_tracking,
    _unsafe_preserve_version_counter,
    enforce_grad_layout_policy,
    is_view_replay_enabled,
)
from .gradcheck import gradcheck, gradgradcheck  # at once: the submodule has the same name
from .graph import is_multithreading_enabled, set_multithreading_enabled

if TYPE_CHECKING:  # what is loaded on demand
    from . import anomaly_mode as anomaly_mode
    from . import forward_ad as forward_ad
    from . import functional as functional
    from . import profiler as profiler
    from . import profiler_util as profiler_util
    from . import variable as variable
    from .anomaly_mode import detect_anomaly as detect_anomaly
    from .anomaly_mode import set_detect_anomaly as set_detect_anomaly
    from .variable import Variable as Variable

_LAZY = {
    "_functions": ("_functions", None),
    "anomaly_mode": ("anomaly_mode", None),
    "forward_ad": ("forward_ad", None),
    "functional": ("functional", None),
    "profiler": ("profiler", None),
    "profiler_util": ("profiler_util", None),
    "variable": ("variable", None),
    "Variable": ("variable", "Variable"),
    "DeviceType": ("profiler_util", "DeviceType"),
    "kineto_available": ("profiler", "kineto_available"),
    "_profiler_enabled": ("profiler", "_profiler_enabled"),
    "detect_anomaly": ("anomaly_mode", "detect_anomaly"),
    "set_detect_anomaly": ("anomaly_mode", "set_detect_anomaly"),
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        module_name, attribute = _LAZY[name]
        try:
            module = importlib.import_module(f"{__name__}.{module_name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{module_name}":
                raise
        else:
            return module if attribute is None else getattr(module, attribute)
    found = _submodule(__name__, name)
    if found is None:
        raise _missing_name(__name__, name)
    return found


__all__ = [
    "Function",
    "NestedIOFunction",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "enforce_grad_layout_policy",
    "function",
    "grad",
    "grad_mode",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_multithreading_enabled",
    "is_view_replay_enabled",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
]
