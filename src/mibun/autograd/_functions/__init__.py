"""`torch.autograd._functions`: old Functions that change a Tensor's type and shape. An index only."""

from ...core.missing import explain_missing_names as _explain_missing_names
from .tensor import Resize, Type

__all__ = ["Resize", "Type"]

_explain_missing_names(__name__)
