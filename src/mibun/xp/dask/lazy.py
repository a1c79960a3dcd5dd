"""How functions of NumPy's namespace become tasks of Dask's: for each chunk, or one for whole arrays.

A function of each element for itself runs on the chunks. One that is not known here is a single task, for which its
arrays are put together: nothing of it is computed before it is asked for, but it needs their memory then. What shape
and dtype its results will have is found by the same function on arrays without data (`xp/meta.py`).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import dask
import dask.array as da
import numpy as np

from ...core.meta import MetaArray, without_data
from ..meta import namespace as meta_namespace
from ..numpy import namespace as numpy_namespace

_numbers = itertools.count()


def _name(function_name: str) -> str:
    """A name for what a function gives: no other has it, so that Dask need not hash what goes in."""
    return f"{function_name}-mibun-{next(_numbers)}"


def map_parts(change: Callable, value: Any) -> Any:
    """A value with each array of Dask's within it changed."""
    if isinstance(value, da.Array):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)([map_parts(change, part) for part in value])
    if type(value) is dict:
        return {key: map_parts(change, part) for key, part in value.items()}
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
    task = dask.delayed(_run, pure=False, name=_name(name))(function, args, kwargs)
    if not isinstance(shapes, (tuple, list)):
        return da.from_delayed(task, shapes.shape, shapes.dtype)
    made = [
        da.from_delayed(task[i], part.shape, part.dtype) if isinstance(part, MetaArray) else part
        for i, part in enumerate(parts)
    ]
    return tuple(made) if isinstance(shapes, tuple) else made


def _run(function: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a task does: Dask has put arrays of NumPy's in the place of its own."""
    with np.errstate(all="ignore"):
        found = function(*args, **kwargs)
    return [np.asarray(part) for part in found] if isinstance(found, (tuple, list)) else np.asarray(found)


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
