"""`torch.jit` without a compiler: functions run as they are, and traces record what they do. An index only."""

from typing import Final

from .._jit_internal import _drop, _overload, _overload_method, export, ignore, is_scripting, unused
from ..core.missing import explain_missing_names as _explain_missing_names
from ..futures import Future
from . import _script, _state, _trace, annotations
from ._script import (
    Attribute,
    Error,
    RecursiveScriptModule,
    ScriptModule,
    ScriptWarning,
    _unwrap_optional,
    annotate,
    enable_onednn_fusion,
    fork,
    freeze,
    interface,
    isinstance,
    last_executed_optimized_graph,
    load,
    onednn_fusion_enabled,
    optimize_for_inference,
    optimized_execution,
    run_frozen_optimizations,
    save,
    script,
    script_if_tracing,
    script_method,
    set_fusion_strategy,
    strict_fusion,
    wait,
)
from ._trace import (
    ScriptFunction,
    TopLevelTracedModule,
    TracedModule,
    TracerWarning,
    TracingCheckError,
    _get_trace_graph,
    export_opnames,
    is_tracing,
    trace,
    trace_module,
)

_fork, _wait, _script_if_tracing = fork, wait, script_if_tracing

__all__ = [
    "Attribute",
    "Error",
    "Final",
    "Future",
    "RecursiveScriptModule",
    "ScriptFunction",
    "ScriptModule",
    "ScriptWarning",
    "TopLevelTracedModule",
    "TracedModule",
    "TracerWarning",
    "TracingCheckError",
    "annotate",
    "annotations",
    "enable_onednn_fusion",
    "export",
    "export_opnames",
    "fork",
    "freeze",
    "ignore",
    "interface",
    "is_scripting",
    "is_tracing",
    "isinstance",
    "last_executed_optimized_graph",
    "load",
    "onednn_fusion_enabled",
    "optimize_for_inference",
    "optimized_execution",
    "run_frozen_optimizations",
    "save",
    "script",
    "script_if_tracing",
    "script_method",
    "set_fusion_strategy",
    "strict_fusion",
    "trace",
    "trace_module",
    "unused",
    "wait",
]

_explain_missing_names(__name__)
