"""Switches that are attributes of modules: `torch.backends.cudnn.benchmark = True` is checked, kept, and put back.

What they ask for is so already or concerns hardware that is not there; programs set them, and ask what they are.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

PRECISIONS = ("none", "ieee", "tf32", "bf16")


def a_bool(function: str) -> Callable[[Any], Any]:
    """A check: RuntimeError for anything but a bool."""

    def check(value: Any) -> bool:
        if not isinstance(value, bool):
            raise RuntimeError(f"{function} expects a bool, but got {type(value).__name__}")
        return value

    return check


def a_precision(value: Any) -> str:
    """A check: RuntimeError for anything but a name of a precision."""
    if value not in PRECISIONS:
        raise RuntimeError(f"Unknown precision: {value}")
    return value


def as_it_is(value: Any) -> Any:
    """No check."""
    return value


class Switch:
    """A checked attribute of a module (or another object); None in place of a value is what it was given first."""

    def __init__(self, default: Any, check: Callable[[Any], Any] = as_it_is) -> None:
        self.value, self.check = default, check

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        return self.value

    def __set__(self, owner: Any, value: Any) -> None:
        self.value = self.check(value)


def give_switches(module: str, **switches: Any) -> None:
    """Let attributes of a module be switches."""
    sys.modules[module].__class__ = type("SwitchedModule", (ModuleType,), switches)


def put(module: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """Set those switches of a module that are not None; gives what all of them were before."""
    target = sys.modules[module]
    before = tuple([getattr(target, name) for name in values])
    for name, value in values.items():
        if value is not None:
            setattr(target, name, value)
    return before


@contextlib.contextmanager
def put_for_a_while(module: str, values: dict[str, Any]) -> Iterator[None]:
    """The same as a context, after which they are as before."""
    before = dict(zip(values, put(module, values), strict=True))
    try:
        yield
    finally:
        target = sys.modules[module]
        for name, value in before.items():
            setattr(target, name, value)


class Precision:
    """Which precision float32 may be computed in, for one kind of operation: it is always computed in float32."""

    def __init__(self, fp32_precision: str = "none") -> None:
        object.__setattr__(self, "fp32_precision", fp32_precision)

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "fp32_precision":
            raise AttributeError(f"Unknown attribute {name}")
        object.__setattr__(self, name, a_precision(value))
