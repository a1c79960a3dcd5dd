"""`torch.profiler`: profiles of many steps, of which a schedule says which are recorded. This file is an index only."""

from __future__ import annotations

from ..autograd.profiler import KinetoStepTracker, _ExperimentalConfig
from ..core.missing import explain_missing_names as _explain_missing_names
from ..optim.optimizer import Optimizer, register_optimizer_step_post_hook
from . import itt, profiler
from .execution_trace import ExecutionTraceObserver
from .profiler import (
    DeviceType,
    ProfilerAction,
    ProfilerActivity,
    _KinetoProfile,
    kineto_available,
    profile,
    record_function,
    schedule,
    supported_activities,
    tensorboard_trace_handler,
)

__all__ = [
    "DeviceType",
    "ExecutionTraceObserver",
    "ProfilerAction",
    "ProfilerActivity",
    "kineto_available",
    "profile",
    "record_function",
    "schedule",
    "supported_activities",
    "tensorboard_trace_handler",
]

_explain_missing_names(__name__)
