"""`torch.autograd._functions`: old Functions that change a Tensor's type and shape. An index only."""

from .tensor import Resize, Type

__all__ = ["Resize", "Type"]
