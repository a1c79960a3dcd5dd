"""Numbers that PyTorch traces instead of knowing them: `SymInt`, `SymFloat`, `SymBool`, and the `sym_*` functions.

mibun knows all its sizes, so nothing is an instance of these classes; the functions work on Python's numbers, as
PyTorch's do.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

_NUMBERS = (int, float, np.integer, np.floating)


class _Symbol:
    """Base of the three: classes for `isinstance`, of which there are no instances."""

    def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"torch.{cls.__name__} cannot be made: mibun has no sizes that are unknown, and no symbols")


class SymInt(_Symbol):
    """An integer that is traced, in PyTorch. Nothing is one here."""


class SymFloat(_Symbol):
    """A floating-point number that is traced, in PyTorch. Nothing is one here."""


class SymBool(_Symbol):
    """A truth value that is traced, in PyTorch. Nothing is one here."""


def sym_not(a: Any) -> bool:
    """`not a`.

    >>> import mibun as torch
    >>> torch.sym_not(True)
    False
    """
    return not a


def sym_float(a: Any) -> float:
    """`float(a)`.

    >>> import mibun as torch
    >>> torch.sym_float(3)
    3.0
    """
    return builtins.float(a)


def sym_int(a: Any) -> int:
    """`a` without its fraction, as an int.

    >>> import mibun as torch
    >>> torch.sym_int(-3.7)
    -3
    """
    return math.floor(a) if a >= 0 else math.ceil(a)


def _of_two(a: Any, b: Any, choose: Callable[[Any, Any], Any]) -> Any:
    for value in (a, b):
        if not isinstance(value, _NUMBERS):
            raise AssertionError(f"expected {_NUMBERS}, got {type(value)}")
    found = choose(a, b)
    return float(found) if isinstance(a, (float, np.floating)) or isinstance(b, (float, np.floating)) else found


def sym_max(a: Any, b: Any) -> Any:
    """The larger number; a float if one of them is. AssertionError for what is no number.

    >>> import mibun as torch
    >>> torch.sym_max(2, 1.0)
    2.0
    """
    return _of_two(a, b, max)


def sym_min(a: Any, b: Any) -> Any:
    """The smaller number; a float if one of them is. AssertionError for what is no number.

    >>> import mibun as torch
    >>> torch.sym_min(2, 1)
    1
    """
    return _of_two(a, b, min)


def sym_ite(b: bool, t: Any, f: Any) -> Any:
    """`t if b else f`. AssertionError where b is no bool, or t and f are of two types.

    >>> import mibun as torch
    >>> torch.sym_ite(True, 1, 2)
    1
    """
    if not isinstance(b, bool):
        raise AssertionError(f"expected SymBool or bool, got {type(b)}")
    if type(t) is not type(f):
        raise AssertionError(f"type mismatch: {type(t)} vs {type(f)}")
    return t if b else f


def sym_sum(*args: Any) -> Any:
    """The sum of numbers, given as a sequence or one by one.

    >>> import mibun as torch
    >>> torch.sym_sum([1, 2, 3])
    6
    """
    return sum(args[0] if len(args) == 1 and isinstance(args[0], (tuple, list)) else args)


def sym_sqrt(a: Any) -> float:
    """The square root of a number. ValueError for a negative one.

    >>> import mibun as torch
    >>> torch.sym_sqrt(4)
    2.0
    """
    return math.sqrt(a)


__all__ = [
    "SymBool",
    "SymFloat",
    "SymInt",
    "sym_float",
    "sym_int",
    "sym_ite",
    "sym_max",
    "sym_min",
    "sym_not",
    "sym_sqrt",
    "sym_sum",
]
