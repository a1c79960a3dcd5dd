"""Calls of what was compiled: which formulas, on which arrays, and how they are handed over."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from ..numpy.threads import number_of_threads, share
from . import compiler
from .source import source_of
from .symbols import BOOL, Unknown
from .trace import is_one_number, trace

_THREADED = 1 << 20  # elements times passes of NumPy's from which on a second thread pays
_WORTH = 1  # 0 to take no heed of what is quicker
_SMALL = 1 << 14  # elements of an array that may be copied
_MOST = 4000  # formulas, each with its shapes and parameters, that are remembered
_MOST_OF_ONE = 1000  # of one formula, which may have a parameter that is another number each time
_AT_ONCE = 1 << 22  # elements in one call of a C function, during which no signal is noticed
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_DTYPES = (_FLOAT32, _FLOAT64, BOOL)
_PLAIN = (int, float, bool, str, type(None))


class TooSmall(Exception):
    """NumPy does it sooner than it could be called; the argument says for how many elements that is so, if it is known.

    (It is one number for a formula whatever its parameters: so it is told of those alone that give the same bits.)
    """


class Native:
    """One formula for arrays of some shapes and for some parameters, with the C function that does it."""

    __slots__ = (
        "compiled",
        "guards",
        "numbers",
        "pointers",
        "results",
        "single",
        "source",
        "step",
        "stop",
        "texts",
        "threaded",
        "written",
    )

    def __init__(self, function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool) -> None:
        noted = trace(function, arguments, params, in_place)
        source = source_of(noted)
        if source.passes < 2:
            raise Unknown("NumPy does it in one pass")
        if math.prod(source.sizes) < source.worth * _WORTH:
            raise TooSmall(source.worth if source.exact else None)
        self.compiled = compiler.compiled(source.text, source.level)
        self.source = source = source._replace(text="")  # (which is kept once)
        numbers = noted.tape.numbers
        self.numbers = (ctypes.c_double * max(1, len(numbers)))(*numbers)
        # What of the numbers, and of the questions about them, is another thing at each call.
        self.texts = [(place, compile(text, "<numbers>", "eval")) for place, text in noted.tape.texts.items()]
        self.guards = [(compile(text, "<numbers>", "eval"), answer) for text, answer in noted.tape.guards]
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
        self.pointers = ctypes.c_void_p * (len(source.inputs) + len(source.outputs))
        a, b, inner = source.sizes
        self.stop = b if source.along == "b" else inner
        self.step = max(1, _AT_ONCE // (a * inner)) if source.along == "b" else _AT_ONCE if source.along else inner
        self.threaded = bool(source.along) and a * b * inner * source.passes >= _THREADED

    def holds_for(self, params: dict[str, Any]) -> bool:
        """Whether the formula does the same with these parameters."""
        return all([eval(code, {}, params) == answer for code, answer in self.guards])

    def __call__(self, arrays: list[ndarray], params: dict[str, Any]) -> Any:
        source = self.source
        written = self.written
        outputs = [
            np.empty(shape, dtype) if place not in written else arrays[written[place]]
            for place, (_, shape, dtype) in enumerate(source.outputs)
        ]
        handed = [*[arrays[i] for i in source.inputs], *outputs]
        pointers = self.pointers(*[array.__array_interface__["data"][0] for array in handed])
        numbers = self.numbers
        if self.texts:
            numbers = type(numbers)(*numbers)
            for place, code in self.texts:
                numbers[place] = eval(code, {}, params)
        stop, step = self.stop, self.step
        threads = number_of_threads() if self.threaded else 1
        if threads == 1 and stop <= step:
            scratch = ctypes.create_string_buffer(source.scratch) if source.scratch else None
            self.compiled.run(0, stop, *source.sizes, numbers, pointers, scratch)
        else:
            self._in_parts(numbers, pointers, threads)
        results = []
        for found in self.results:
            if found is None:
                results.append(None)
            elif found[0] == 0:
                results.append(outputs[found[1]])
            else:
                given = arrays[found[1]]
                results.append(given if given.shape == found[2] else given.reshape(found[2]))
        return results[0] if self.single else tuple(results)

    def _in_parts(self, numbers: Any, pointers: Any, threads: int) -> None:
        """The loop cut into parts, between which signals are noticed, and which threads share."""
        source, stop, run = self.source, self.stop, self.compiled.run
        step = min(self.step, -(-stop // threads))

        def work(starts: Any) -> None:
            scratch = ctypes.create_string_buffer(source.scratch) if source.scratch else None
            for start in starts:
                run(start, min(start + step, stop), *source.sizes, numbers, pointers, scratch)

        starts = range(0, stop, step)
        share(work, starts, min(threads, len(starts)))


_MADE: dict[Any, Native | None] = {}
_FAILED: dict[Callable, int] = {}  # how often a formula was found to be none that can be compiled
_TIMES: dict[Callable, int] = {}  # how often one was written down
_HOPELESS = 4
_LEAST: dict[Callable, float] = {}  # from how many elements on a formula is worth a call


def _key(
    function: Callable, arguments: Sequence[Any], params: dict[str, Any], arrays: list[ndarray], in_place: bool
) -> Any:
    """What a formula depends on; the arrays are put into the list. None for what is not handed over to C."""
    key: list[Any] = [function]
    for x in arguments:
        if type(x) is ndarray:
            dtype, flags = x.dtype, x.flags
            if not (dtype is _FLOAT32 or dtype is _FLOAT64 or dtype is BOOL) or not flags.aligned:
                return None
            if flags.c_contiguous:
                key.append((dtype, x.shape))
            elif is_one_number(x) and not in_place:
                key.append((dtype, x.shape, "one number"))
            elif x.size <= _SMALL and not in_place:
                key.append((dtype, x.shape))
                x = np.ascontiguousarray(x)
            else:
                return None
            arrays.append(x)
        elif type(x) is dict:
            for name, value in x.items():
                if type(value) is not ndarray or value.dtype not in _DTYPES or not value.flags.c_contiguous:
                    return None
                arrays.append(value)
                key.append((name, value.dtype.char, value.shape))
        elif type(x) in _PLAIN or type(x) is tuple:
            key.append((type(x), x))
        else:
            return None
    for name, value in params.items():
        if type(value) not in _PLAIN and type(value) is not tuple:
            return None
        key.append((name, type(value), value if type(value) is not float else None if in_place else repr(value)))
    return tuple(key)


def attempt(function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool = False) -> Any:
    """`function(xp, *arguments, **params)` by a C function, or NotImplemented where there is none (yet).

    arguments: raw arrays of NumPy's, numbers, and what parameters may be.
    in_place: whether the function overwrites its arguments, of which a dict is one of arrays.
    """
    if _FAILED.get(function, 0) >= _HOPELESS:
        return NotImplemented
    least = _LEAST.get(function)
    if least is not None and not any([type(x) is ndarray and x.size >= least for x in arguments]):
        return NotImplemented
    if any([isinstance(x, np.generic) for x in arguments]):
        arguments = [np.asarray(x) if isinstance(x, np.generic) else x for x in arguments]
    arrays: list[ndarray] = []
    key = _key(function, arguments, params, arrays, in_place)
    if key is None:
        return NotImplemented
    try:
        native = _MADE[key]
    except KeyError:
        native = _made(key, function, arguments, params, in_place)
    except TypeError:  # a parameter that has no hash
        return NotImplemented
    if native is not None and native.guards and not native.holds_for(params):
        native = _made(key, function, arguments, params, in_place)
    if native is None or native.compiled.run is None:
        return NotImplemented
    if in_place and any([np.may_share_memory(x, y) for i, x in enumerate(arrays) for y in arrays[:i]]):
        return NotImplemented  # what one loop writes it might read again
    return native(arrays, params)


def _made(key: Any, function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool) -> Any:
    if _TIMES.get(function, 0) >= _MOST_OF_ONE:
        return None
    try:
        native = Native(function, arguments, params, in_place)
    except TooSmall as error:
        native = None
        if error.args[0] is not None:
            _LEAST[function] = error.args[0]
    except Exception:  # whatever a formula does with symbols that it does not do with arrays
        native = None
        if _FAILED.get(function, 0) >= 0:
            _FAILED[function] = _FAILED.get(function, 0) + 1
    else:
        _FAILED[function] = min(_FAILED.get(function, 0), -1)  # it can be compiled, for some arrays
        _TIMES[function] = _TIMES.get(function, 0) + 1
    if len(_MADE) >= _MOST:
        _MADE.clear()
        _TIMES.clear()
    _MADE[key] = native
    return native


__all__ = ["Native", "attempt"]
