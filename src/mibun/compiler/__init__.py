"""`torch.compiler`: what is to be compiled, and how. An index only."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import config
from .arguments import get_default_backend, set_default_backend
from .backends import list_backends
from .compiling import (
    allow_in_graph,
    assume_constant_result,
    compile,
    cudagraph_mark_step_begin,
    disable,
    is_compiling,
    is_dynamo_compiling,
    is_exporting,
    nested_compile_region,
    reset,
    set_stance,
    substitute_in_graph,
    wrap_numpy,
)

__all__ = [
    "allow_in_graph",
    "assume_constant_result",
    "compile",
    "config",
    "cudagraph_mark_step_begin",
    "disable",
    "get_default_backend",
    "is_compiling",
    "is_dynamo_compiling",
    "is_exporting",
    "list_backends",
    "nested_compile_region",
    "reset",
    "set_default_backend",
    "set_stance",
    "substitute_in_graph",
    "wrap_numpy",
]

_explain_missing_names(__name__)
