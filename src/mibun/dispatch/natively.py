"""Large work by compiled C, where that is wanted and there is a compiler: between formulas and `xp/native`.

A kernel or rule that is more than one call of NumPy's is handed over with its arguments; what comes back is the result,
or nothing, and then the formula is called as it is. Which formulas can be compiled nobody declares: it is found by
calling them on symbols. Short arrays never come here: the hot path asks for their size, and only where a formula has
more than one step.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from numpy import ndarray

from ..xp import numpy_namespace
from ..xp.numpy import pieces
from ..xp.numpy.rows import line_by_line

_OF_THE_EXTRA = ("libdnnl.so.3", "libdnnl.3.dylib")  # a file of what `mibun[native]` installs


def is_wanted() -> bool:
    """Whether it was asked for, by the environment or by installing `mibun[native]`, and there is a compiler."""
    said = os.environ.get("MIBUN_NATIVE", "").lower()
    if said in ("0", "off", "false", "no") or os.name != "posix":
        return False
    if not said and not any([os.path.exists(os.path.join(sys.prefix, "lib", name)) for name in _OF_THE_EXTRA]):
        return False
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    names = [(os.environ.get(name) or "").split(" ")[0] for name in ("MIBUN_CC", "CC")]
    for name in (*filter(None, names), "cc", "gcc", "clang"):  # (`shutil.which` takes 5 ms to be imported)
        if any([os.access(os.path.join(folder, name), os.X_OK) for folder in folders]):
            return True
    return False


# Elements from which on arrays are large: where there is a compiler, a call of what it has made takes about 8 us.
_WANTED = is_wanted()
LARGE = int(os.environ.get("MIBUN_NATIVE_SIZE") or 1 << 13) if _WANTED else pieces.LARGE
# The same of operators that work by rows, which NumPy takes longer for.
LARGE_ROWS = LARGE >> 2 if _WANTED else 1 << 17


_FOUND: list[Callable] = []


def attempt(function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool = False) -> Any:
    """`function(xp, *arguments, **params)` in C, or NotImplemented: see `xp/native/run.py`, which is loaded here."""
    if not _FOUND:
        from ..xp.native import compiler

        if not is_wanted() or compiler.command() is None:
            _FOUND.append(_nothing)
        else:
            from ..xp.native.run import attempt as found

            _FOUND.append(found)
    return _FOUND[0](function, arguments, params, in_place)


def _nothing(function: Callable, arguments: Sequence[Any], params: dict[str, Any], in_place: bool = False) -> Any:
    return NotImplemented


def natively(function: Callable) -> Callable:
    """`function(xp, *arguments, **params)` of images, which is done in C where it is given a large array of NumPy's.

    Where it is not, factors of whole channels are multiplied with them line by line.
    """

    @functools.wraps(function)
    def call(xp: Any, *arguments: Any, **params: Any) -> Any:
        if xp is numpy_namespace:
            for x in arguments:
                if type(x) is ndarray and x.size >= LARGE:
                    result = attempt(function, arguments, params)
                    if result is not NotImplemented:
                        return result
                    return line_by_line(function, x, xp, *arguments, **params)
        return function(xp, *arguments, **params)

    return call


__all__ = ["LARGE", "LARGE_ROWS", "attempt", "natively"]
