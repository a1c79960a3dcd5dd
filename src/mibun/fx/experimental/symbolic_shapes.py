"""`torch.fx.experimental.symbolic_shapes`: sizes are numbers here, so every question about them has its answer.

In PyTorch a size may be a symbol while a program is compiled; libraries ask these functions about it, and they are
answered as PyTorch answers them for numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ...core.tensor import Tensor

__all__ = [
    "definitely_false",
    "definitely_true",
    "free_symbols",
    "free_unbacked_symbols",
    "guard_bool",
    "guard_float",
    "guard_int",
    "guard_or_false",
    "guard_or_true",
    "guard_scalar",
    "guard_size_oblivious",
    "has_free_symbols",
    "has_free_unbacked_symbols",
    "hint_int",
    "is_concrete_bool",
    "is_concrete_float",
    "is_concrete_int",
    "is_symbolic",
    "statically_known_false",
    "statically_known_true",
    "sym_and",
    "sym_eq",
    "sym_or",
]


def _number(kind: type) -> Callable[[Any], Any]:
    def guard(a: Any) -> Any:
        if type(a) is not kind:
            raise AssertionError(f"Expected {kind.__name__}, got {type(a)}")
        return a

    guard.__doc__ = f"The number, which must be of the type {kind.__name__} (AssertionError)."
    guard.__name__ = f"guard_{kind.__name__}"
    return guard


guard_int, guard_float, guard_bool = _number(int), _number(float), _number(bool)


def guard_scalar(a: Any) -> bool | int | float:
    """The number. AssertionError for anything else."""
    if not isinstance(a, (bool, int, float)):
        raise AssertionError(f"unrecognized scalar {a}")
    return a


def hint_int(a: Any, fallback: int | None = None) -> int:
    """The number; `fallback` is for symbols without one."""
    return guard_int(a)


def _decide(expr: Any) -> bool:
    if not isinstance(expr, bool):
        raise AssertionError(f"Expected bool, got {type(expr)}")
    return expr


def guard_size_oblivious(expr: Any) -> bool:
    """Whether a comparison of sizes holds."""
    return _decide(expr)


guard_or_false = guard_or_true = statically_known_true = definitely_true = guard_size_oblivious


def statically_known_false(x: Any) -> bool:
    """Whether a comparison of sizes does not hold."""
    return not _decide(x)


definitely_false = statically_known_false


def sym_eq(x: Any, y: Any) -> bool:
    """Whether two numbers, or sequences of them, are equal. AssertionError for other types, RuntimeError if mixed."""
    if isinstance(x, (tuple, list)) and isinstance(y, (tuple, list)):
        return len(x) == len(y) and all(map(sym_eq, x, y))
    if isinstance(x, (int, float, bool)) and isinstance(y, (int, float, bool)):
        return operator.eq(x, y)
    raise AssertionError(f"unexpected sym_eq between {type(x)} {type(y)}")


def sym_and(x: bool, *others: bool) -> bool:
    """Whether all hold."""
    return x and all(others)


def sym_or(x: bool, *others: bool) -> bool:
    """Whether any holds."""
    return x or any(others)


def free_symbols(val: Any) -> set:
    """The symbols in a value: none. NotImplementedError for types that hold no sizes."""
    if val is None or isinstance(val, (int, float, bool, Tensor)):
        return set()
    if isinstance(val, (tuple, list)):
        return set().union(*map(free_symbols, val))
    raise AssertionError(f"cannot compute free_symbols of {val} {type(val)}")


free_unbacked_symbols = free_symbols


def has_free_symbols(val: Any) -> bool:
    """Whether there are symbols in a value: never."""
    return False


has_free_unbacked_symbols = is_symbolic = has_free_symbols


def is_concrete_int(a: Any) -> bool:
    """Whether a value is an int. AssertionError for other types."""
    return isinstance(guard_scalar(a), int)


def is_concrete_float(a: Any) -> bool:
    """Whether a value is a float. AssertionError for other types."""
    return isinstance(guard_scalar(a), float)


def is_concrete_bool(a: Any) -> bool:
    """Whether a value is a bool. AssertionError for other types."""
    return isinstance(guard_scalar(a), bool)
