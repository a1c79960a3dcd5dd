"""Storages under PyTorch's name, `torch.storage`: the memory of a tensor as an object of its own."""

from .ops.conversion.storage import TypedStorage, UntypedStorage

__all__ = ["TypedStorage", "UntypedStorage"]
