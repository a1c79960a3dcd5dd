"""`torch.backends`: which libraries compute. NumPy does; the others answer that they are not there.

Programs set switches here (`torch.backends.cudnn.deterministic = True`): they can be set, and change nothing, because
what they ask for is so already or concerns hardware that is not there.
"""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from . import (
    cpu,
    cuda,
    cudnn,
    cusparselt,
    kleidiai,
    mha,
    miopen,
    mkl,
    mkldnn,
    mps,
    nnpack,
    openmp,
    opt_einsum,
    quantized,
    xnnpack,
)
from .switches import Switch, a_precision, give_switches

_frozen = False


def disable_global_flags() -> None:
    """From now on switches are to be set by contexts only. PyTorch's; here it is noted, and nothing depends on it."""
    global _frozen
    _frozen = True


def flags_frozen() -> bool:
    """Whether `disable_global_flags` was called."""
    return _frozen


give_switches(__name__, fp32_precision=Switch("none", a_precision))

__all__ = [
    "cpu",
    "cuda",
    "cudnn",
    "cusparselt",
    "kleidiai",
    "mha",
    "miopen",
    "mkl",
    "mkldnn",
    "mps",
    "nnpack",
    "openmp",
    "opt_einsum",
    "quantized",
    "xnnpack",
]

_explain_missing_names(__name__)
