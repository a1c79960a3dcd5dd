"""Modules on several devices or processes: `DistributedDataParallel`, and what is there for GPUs. An index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from . import comm, scatter_gather
from .data_parallel import DataParallel, data_parallel
from .distributed import DistributedDataParallel
from .parallel_apply import parallel_apply
from .replicate import replicate
from .scatter_gather import gather, scatter

__all__ = [
    "DataParallel",
    "DistributedDataParallel",
    "data_parallel",
    "gather",
    "parallel_apply",
    "replicate",
    "scatter",
]

_explain_missing_names(__name__)
