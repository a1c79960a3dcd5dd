"""Which data pipes a data pipe is made of."""

from __future__ import annotations

from typing import Any

from .datapipes.datapipe import IterDataPipe, MapDataPipe

DataPipe = IterDataPipe | MapDataPipe
DataPipeGraph = dict[int, tuple[Any, Any]]

__all__ = ["traverse_dps"]


def traverse_dps(datapipe: Any) -> DataPipeGraph:
    """{id of the pipe: (the pipe, the same for the pipes that it is made of)}. TypeError for what is no data pipe.

    >>> from mibun.utils.data.datapipes.iter import IterableWrapper
    >>> from mibun.utils.data.graph import traverse_dps
    >>> ((pipe, below),) = traverse_dps(IterableWrapper("ab").map(str)).values()
    >>> pipe, [source for source, _ in below.values()]
    (MapperIterDataPipe, [IterableWrapperIterDataPipe])
    """
    if not isinstance(datapipe, DataPipe):
        raise TypeError(f"Expected `IterDataPipe` or `MapDataPipe`, but {type(datapipe)} is found")
    return _traverse(datapipe, set())


def _traverse(datapipe: Any, above: set[int]) -> DataPipeGraph:
    if id(datapipe) in above:
        return {}
    above = {*above, id(datapipe)}
    below: DataPipeGraph = {}
    for part in _parts(list(vars(datapipe).values()), set()):
        below.update(_traverse(part, above))
    return {id(datapipe): (datapipe, below)}


def _parts(value: Any, seen: set[int]) -> list[Any]:
    """The data pipes in an object's attributes, however deep in its containers."""
    if isinstance(value, DataPipe):
        return [value]
    if id(value) in seen:
        return []
    seen.add(id(value))
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    elif type(value).__module__ != "builtins" and hasattr(value, "__dict__") and not isinstance(value, type):
        value = list(vars(value).values())
    if not isinstance(value, (list, tuple, set, frozenset)):
        return []
    return [part for item in value for part in _parts(item, seen)]
