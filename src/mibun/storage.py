"""Storages under PyTorch's name, `torch.storage`: the memory of a tensor as an object of its own."""

from __future__ import annotations

import io
from typing import Any

from .ops.conversion.typed_storages import TypedStorage
from .ops.conversion.typed_storages import _OldStorage as _LegacyStorage
from .ops.conversion.typed_storages import warn_of_typed as _warn_typed_storage_removal
from .ops.conversion.untyped_storages import AnyStorage as _StorageBase
from .ops.conversion.untyped_storages import UntypedStorage


def _load_from_bytes(b: bytes) -> Any:
    """By this function a plain pickle of PyTorch's has a storage, as `save` has written it: nothing else is loaded."""
    from .serialization import load

    return load(io.BytesIO(b), weights_only=True)


__all__ = ["TypedStorage", "UntypedStorage", "_LegacyStorage", "_StorageBase", "_warn_typed_storage_removal"]
