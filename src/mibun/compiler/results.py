"""What a compiled function returns: containers made anew, with tensors and numbers in them."""

from __future__ import annotations

import sys
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
        parts = []
        for place, one in enumerate(result):
            try:
                parts.append(display(one, builder))
            except NotRebuildable as error:
                error.place = place
                raise
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if kind is list:
        known = builder.names.get(id(result))
        if known is not None:  # one list at two places
            return known
        return builder.made(result, f"[{', '.join([display(one, builder) for one in result])}]")
    if (
        issubclass(kind, tuple)
        and (hasattr(kind, "_fields") or kind.__module__.startswith("mibun"))
        and kind is not Size
    ):
        parts = [display(one, builder) for one in result]
        name = builder.constant(kind)
        return f"{name}{'._make' if hasattr(kind, '_make') else ''}(({', '.join(parts)},))"
    if kind is dict or kind is OrderedDict:
        known = builder.names.get(id(result))
        if known is not None:
            return known
        parts = [f"({builder.constant(key)}, {display(one, builder)})" for key, one in result.items()]
        return builder.made(result, f"{builder.constant(kind)}([{', '.join(parts)}])")
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


def held_outside(result: Any, known: Any) -> tuple[Any, int | None] | None:
    """(a list or dict in a result that somebody else holds too, its place in a tuple of results); None if all are new.

    known: the ids of containers that are held once more. `result` is a variable of the caller's, and nobody else's.
    """
    fresh: list = [[]]
    expected = _holders(fresh)[id(fresh)][1] + 1  # (it is a variable of the caller, too)
    nested = _holders(fresh)[id(fresh[0])][1] - 1
    places = {}
    if type(result) is tuple:
        for place, one in enumerate(result):
            places.update(dict.fromkeys(containers_in(one, set()), place))
    for key, (container, count, occurrences) in _holders(result).items():
        usual = expected if container is result else nested + occurrences
        if count > usual + (key in known):
            return container, places.get(key)
    return None


def _holders(value: Any) -> dict[int, list]:
    """id of each list and dict -> [itself, how many references to it there are, how often it is in the value]."""
    found: dict[int, list] = {}

    def look(one: Any) -> None:
        if isinstance(one, (list, dict)):
            entry = found.get(id(one))
            if entry is not None:
                entry[2] += 1
                return
            found[id(one)] = [one, 0, 1]
        if isinstance(one, dict):
            for part in one.values():
                look(part)
        elif isinstance(one, (list, tuple)):
            for part in one:
                look(part)

    look(value)
    for entry in found.values():
        entry[1] = sys.getrefcount(entry[0])
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
