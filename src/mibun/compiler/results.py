"""What a compiled function returns: containers made anew, with tensors and numbers in them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np

from ..core.size import Size
from ..core.tensor import Tensor
from .building import Builder, NotRebuildable
from .numbers import PendingNumber
from .traced import Traced

_CONSTANTS = (bool, int, float, complex, str, bytes, type(None), type, Size, type(...))


def display(result: Any, builder: Builder) -> str:
    """An expression for a result."""
    kind = type(result)
    if issubclass(kind, Tensor) or kind is PendingNumber:
        return builder.build(result)
    if kind is tuple:
        parts = [display(one, builder) for one in result]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if kind is list:
        return f"[{', '.join([display(one, builder) for one in result])}]"
    if (
        issubclass(kind, tuple)
        and (hasattr(kind, "_fields") or kind.__module__.startswith("mibun"))
        and kind is not Size
    ):
        parts = [display(one, builder) for one in result]
        name = builder.constant(kind)
        return f"{name}{'._make' if hasattr(kind, '_make') else ''}(({', '.join(parts)},))"
    if kind is dict or kind is OrderedDict:
        parts = [f"({builder.constant(key)}, {display(one, builder)})" for key, one in result.items()]
        return f"{builder.constant(kind)}([{', '.join(parts)}])"
    if isinstance(result, _CONSTANTS) or kind.__module__.startswith("mibun.core.dtypes"):
        return builder.constant(result)
    if kind is Traced or isinstance(result, (np.ndarray, np.generic)):
        raise NotRebuildable("a NumPy array is returned")
    raise NotRebuildable(f"an object of class {kind.__name__} is returned")


def containers_in(result: Any, found: set[int]) -> set[int]:
    """The ids of the containers of a result."""
    if isinstance(result, dict):
        found.add(id(result))
        for one in result.values():
            containers_in(one, found)
    elif isinstance(result, (list, tuple)):
        found.add(id(result))
        for one in result:
            containers_in(one, found)
    return found


def tensors_in(value: Any, found: list) -> list:
    """The tensors in a result."""
    if isinstance(value, Tensor):
        found.append(value)
    elif isinstance(value, dict):
        for one in value.values():
            tensors_in(one, found)
    elif isinstance(value, (list, tuple)):
        for one in value:
            tensors_in(one, found)
    return found
