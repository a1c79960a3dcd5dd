"""Storages under PyTorch's name, `torch.storage`: the memory of a tensor as an object of its own."""

from .ops.conversion.typed_storages import TypedStorage
from .ops.conversion.untyped_storages import UntypedStorage

__all__ = ["TypedStorage", "UntypedStorage"]
