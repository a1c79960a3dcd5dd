"""How functions of NumPy's namespace become tasks of Dask's: for each chunk, or one for whole arrays.

A function of each element for itself runs on the chunks. One that is not known here is a single task, for which its
arrays are put together: nothing of it is computed before it is asked for, but it needs their memory then. What shape
and dtype its results will have is found by the same function on arrays without data (`xp/meta.py`).
"""

# What Dask says of its types is not what it takes.
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable
from typing import Any

import dask.array as da
import numpy as np
from dask.delayed import Delayed
from dask.highlevelgraph import HighLevelGraph

from ...core.meta import MetaArray, without_data
from ..meta import namespace as meta_namespace
from ..numpy import namespace as numpy_namespace

_numbers = itertools.count()


def _name(function_name: str) -> str:
    """A name for what a function gives: no other has it, so that Dask need not hash what goes in."""
    return f"{function_name}-mibun-{next(_numbers)}"


def map_parts(change: Callable, value: Any, kind: type = da.Array) -> Any:
    """A value with each array of Dask's (or object of another kind) within it changed."""
    if isinstance(value, kind):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)([map_parts(change, part, kind) for part in value])
    if type(value) is dict:
        return {key: map_parts(change, part, kind) for key, part in value.items()}
    return value


def arrays_in(value: Any) -> list:
    """The arrays of Dask's within a value."""
    found: list = []
    map_parts(found.append, value)
    return found


def _without_data(x: da.Array) -> MetaArray:
    return without_data(x.shape, x.dtype)


def _quietly(function: Callable, *args: Any, **kwargs: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.asarray(function(*args, **kwargs))


def by_elements(function: Callable, name: str) -> Callable:
    """A function of each element for itself, on each chunk."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if not any([isinstance(arg, da.Array) for arg in args]):
            return function(*args, **kwargs)
        of_chunk = functools.partial(_quietly, function, **kwargs)
        like = [np.ones((1,) * arg.ndim, arg.dtype) if isinstance(arg, (da.Array, np.ndarray)) else arg for arg in args]
        return da.core.elemwise(of_chunk, *args, dtype=of_chunk(*like).dtype, name=_name(name))

    return call


def of_whole(name: str) -> Callable:
    """The function of NumPy's namespace of that name as one task."""
    function, of_shapes = getattr(numpy_namespace, name), getattr(meta_namespace, name)
    if not callable(function) or isinstance(function, type):
        return function

    def call(*args: Any, **kwargs: Any) -> Any:
        return as_task(function, of_shapes, name, args, kwargs)

    return call


def as_task(function: Callable, of_shapes: Callable, name: str, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A call as one task, for whole arrays; `of_shapes` is the same function for arrays without data."""
    if not arrays_in((args, kwargs)):
        return function(*args, **kwargs)
    shapes = of_shapes(*map_parts(_without_data, args), **map_parts(_without_data, kwargs))
    parts = shapes if isinstance(shapes, (tuple, list)) else (shapes,)
    if not any([isinstance(part, MetaArray) for part in parts]):
        return shapes  # which no values have gone into
    wholes: list[da.Array] = []

    def place_of(x: da.Array) -> _Place:
        wholes.append(x if x.npartitions == 1 else x.rechunk(-1))
        return _Place(len(wholes) - 1)

    run = functools.partial(_run, function, map_parts(place_of, args), map_parts(place_of, kwargs))
    # (By hand: `dask.delayed` would go through the whole graph below at every call.)
    task = _name(name)
    keys = [(x.name, *(0,) * x.ndim) for x in wholes]
    done = Delayed(task, HighLevelGraph.from_collections(task, {task: (run, keys)}, dependencies=wholes))
    if not isinstance(shapes, (tuple, list)):
        return _result(done, 0, shapes)
    made = [_result(done, i, part) if isinstance(part, MetaArray) else part for i, part in enumerate(parts)]
    return tuple(made) if isinstance(shapes, tuple) else made


class _Place:
    """Stands for an array in the arguments of a task, by its number."""

    def __init__(self, number: int) -> None:
        self.number = number


def _run(function: Callable, args: tuple, kwargs: dict[str, Any], arrays: list) -> list:
    """What a task does, on arrays of NumPy's."""

    def given(value: Any) -> Any:
        return arrays[value.number]

    with np.errstate(all="ignore"):
        found = function(*map_parts(given, args, _Place), **map_parts(given, kwargs, _Place))
    return [np.asarray(part) for part in found] if isinstance(found, (tuple, list)) else [np.asarray(found)]


def _result(done: Delayed, number: int, like: MetaArray) -> da.Array:
    """One of the results of a task, of a shape and dtype."""
    name = _name("result")
    layer = {(name, *(0,) * like.ndim): (operator.getitem, done.key, number)}
    graph = HighLevelGraph.from_collections(name, layer, dependencies=[done])
    return da.Array(graph, name, tuple([(n,) for n in like.shape]), dtype=like.dtype)


def computed(name: str) -> Callable:
    """A function whose results have shapes that depend on values: it can't be put off."""
    function = getattr(numpy_namespace, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        found = function(*map_parts(_computed, args), **map_parts(_computed, kwargs))
        if isinstance(found, (tuple, list)):
            return tuple([da.from_array(np.asarray(part), name=False) for part in found])
        return da.from_array(np.asarray(found), name=False)

    return call


def _computed(x: da.Array) -> np.ndarray:
    return np.asarray(x.compute())
