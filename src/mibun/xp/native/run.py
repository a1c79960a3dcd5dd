"""Calls of what was compiled: which formulas, on which arrays, and how they are handed over."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from . import compiler
from .source import source_of
from .trace import BOOL, Unknown, trace

_MOST = 1000  # formulas, each with its shapes and parameters, that are remembered
_AT_ONCE = 1 << 22  # elements in one call of a C function, during which no signal is noticed
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_DTYPES = (_FLOAT32, _FLOAT64, BOOL)
_PLAIN = (int, float, bool, str, type(None))


class Native:
    """One formula for arrays of some shapes and for some parameters, with the C function that does it."""

    __slots__ = ("compiled", "numbers", "results", "single", "source", "written")

    def __init__(self, function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool) -> None:
        noted = trace(function, arguments, params, in_place)
        source = self.source = source_of(noted)
        if source.passes < 2:
            raise Unknown("NumPy does it in one pass")
        self.compiled = compiler.compiled(source.text, source.level)
        numbers = noted.tape.numbers
        self.numbers = (ctypes.c_double * max(1, len(numbers)))(*numbers)
        places = {line: place for place, (line, _, _) in enumerate(source.outputs)}
        # Where each result comes from: what was written (0, place), or an argument itself (1, place).
        self.results: list[Any] = []
        for line in noted.results:
            if line is None:
                self.results.append(None)
            elif line in places:
                self.results.append((0, places[line]))
            else:
                step = noted.tape.steps[line]
                self.results.append((1, step.extra, step.shape))
        self.single = noted.single
        self.written = {places[line]: argument for argument, line in noted.written}
        if len(self.written) != len(noted.written):
            raise Unknown("two arrays are overwritten by one")

    def __call__(self, arrays: list[ndarray]) -> Any:
        source = self.source
        outputs = []
        for place, (_, shape, dtype) in enumerate(source.outputs):
            argument = self.written.get(place)
            outputs.append(np.empty(shape, dtype) if argument is None else arrays[argument])
        handed = [*[arrays[i] for i in source.inputs], *outputs]
        addresses = [array.__array_interface__["data"][0] for array in handed]
        pointers = (ctypes.c_void_p * len(handed))(*addresses)
        scratch = ctypes.create_string_buffer(source.scratch) if source.scratch else None
        a, b, l = source.sizes
        run, numbers = self.compiled.run, self.numbers
        stop, step = (b, max(1, _AT_ONCE // (a * l))) if source.along == "b" else (l, _AT_ONCE)
        if source.along == "":
            step = stop
        for start in range(0, stop, step):
            run(start, min(start + step, stop), a, b, l, numbers, pointers, scratch)
        results = []
        for found in self.results:
            if found is None:
                results.append(None)
            elif found[0] == 0:
                results.append(outputs[found[1]])
            else:
                results.append(arrays[found[1]].reshape(found[2]))
        return results[0] if self.single else tuple(results)


_MADE: dict[Any, Native | None] = {}


def _key(function: Callable, arguments: Sequence[Any], params: dict[str, Any], arrays: list[ndarray]) -> Any:
    """What a formula depends on; the arrays are put into the list. None for what is not handed over to C."""
    key: list[Any] = [function]
    for x in arguments:
        if type(x) is ndarray:
            if x.dtype not in _DTYPES or not x.flags.c_contiguous or not x.flags.aligned:
                return None
            arrays.append(x)
            key.append((x.dtype.char, x.shape))
        elif type(x) is dict:
            for name, value in x.items():
                if type(value) is not ndarray or value.dtype not in _DTYPES or not value.flags.c_contiguous:
                    return None
                arrays.append(value)
                key.append((name, value.dtype.char, value.shape))
        elif type(x) in _PLAIN or type(x) is tuple:
            key.append((type(x), x))
        elif isinstance(x, np.generic) and x.dtype in _DTYPES:
            key.append((x.dtype.char, x.tobytes()))
        else:
            return None
    for name, value in params.items():
        if type(value) not in _PLAIN and type(value) is not tuple:
            return None
        key.append((name, type(value), repr(value) if type(value) is float else value))
    return tuple(key)


def attempt(function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool = False) -> Any:
    """`function(xp, *arguments, **params)` by a C function, or NotImplemented where there is none (yet).

    arguments: raw arrays of NumPy's, numbers, and what parameters may be.
    in_place: whether the function overwrites its arguments, of which a dict is one of arrays.
    """
    arrays: list[ndarray] = []
    key = _key(function, arguments, params, arrays)
    if key is None:
        return NotImplemented
    try:
        native = _MADE[key]
    except KeyError:
        native = _made(key, function, arguments, params, in_place)
    except TypeError:  # a parameter that has no hash
        return NotImplemented
    if native is None or native.compiled.run is None:
        return NotImplemented
    return native(arrays)


def _made(key: Any, function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool) -> Any:
    try:
        native = Native(function, arguments, params, in_place)
    except Exception:  # whatever a formula does with symbols that it does not do with arrays
        native = None
    if len(_MADE) >= _MOST:
        _MADE.clear()
    _MADE[key] = native
    return native


__all__ = ["Native", "attempt"]
