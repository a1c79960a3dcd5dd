"""Tensors of which some elements do not count: `torch.masked`. Functions take a mask, a MaskedTensor carries one."""

from ..core.missing import explain_missing_names as _explain_missing_names
from . import _ops, operations  # noqa: F401  (gives MaskedTensor its operations)
from .arrangement import cumprod, cumsum, log_softmax, normalize, softmax, softmin
from .masked_tensor import MaskedTensor, as_masked_tensor, is_masked_tensor, masked_tensor
from .reductions import (
    amax,
    amin,
    argmax,
    argmin,
    logaddexp,
    logsumexp,
    mean,
    median,
    norm,
    prod,
    std,
    sum,  # noqa: A004
    var,
)

__all__ = [
    "MaskedTensor",
    "amax",
    "amin",
    "argmax",
    "argmin",
    "as_masked_tensor",
    "cumprod",
    "cumsum",
    "is_masked_tensor",
    "log_softmax",
    "logaddexp",
    "logsumexp",
    "masked_tensor",
    "mean",
    "median",
    "norm",
    "normalize",
    "prod",
    "softmax",
    "softmin",
    "std",
    "sum",
    "var",
]

_explain_missing_names(__name__)
