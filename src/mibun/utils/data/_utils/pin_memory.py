"""`pin_memory` of whole samples: every Tensor in nested containers, and every object that has such a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .collate import like


def pin_memory(data: Any, device: Any = None) -> Any:
    """The sample with its Tensors in pinned memory, in containers of the same types.

    RuntimeError for a Tensor where there is no accelerator: memory is pinned for one.

    >>> from mibun.utils.data._utils.pin_memory import pin_memory
    >>> pin_memory({"name": "a", "n": (1, 2)})
    {'name': 'a', 'n': (1, 2)}
    """
    if hasattr(data, "pin_memory"):
        return data.pin_memory() if device is None else data.pin_memory(device)
    if isinstance(data, (str, bytes)):
        return data
    if isinstance(data, Mapping):
        return like(data, {key: pin_memory(value, device) for key, value in data.items()})
    if isinstance(data, tuple):
        values = [pin_memory(value, device) for value in data]
        return type(data)(*values) if hasattr(data, "_fields") else tuple(values)
    if isinstance(data, Sequence):
        return like(data, [pin_memory(value, device) for value in data])
    return data
