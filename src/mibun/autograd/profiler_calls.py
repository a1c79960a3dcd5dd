"""Which of mibun's public functions, and which Modules, an operator was called by: what a profile shows around it.

`linear(x, w, b)` applies the operator `addmm`; a profile shows `aten::linear` with `aten::addmm` inside, as PyTorch's.
Nothing is noted when a function is called. The profiler looks at the stack when an operator runs, and only then.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from types import CodeType, FrameType
from typing import Any

from ..core.registry import FUNCTIONS, METHODS, MODULE_CALLS, PUBLISHED
from ..core.site import GENERATED, INTERNAL
from ..core.tensor import Tensor
from ..dispatch.describe import Form

_PROFILER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "profiler.py")
_WATCHES = ("operator", "function", "node")


def public_codes() -> dict[CodeType, str]:
    """The code objects of the public functions that are written by hand -> their names in a profile."""
    return _codes_in(len(PUBLISHED))


@functools.cache
def _codes_in(n_published: int) -> dict[CodeType, str]:
    found: dict[CodeType, set[str]] = {}
    for names in (*PUBLISHED.values(), FUNCTIONS, METHODS):
        for name, function in names.items():
            if callable(function):
                # `__torch_function__` may be asked first; a function made for an operator leads to its kernel.
                function = inspect.unwrap(function, stop=_is_made)
            code = getattr(function, "__code__", None)
            if code is None or name.startswith("_") or code.co_filename.startswith(GENERATED):
                continue
            if INTERNAL[code.co_filename]:
                found.setdefault(code, set()).add(name)
    # Closures that are made for many operators share one code object, which names none of them.
    named: dict[CodeType, str] = {}
    for code, names in found.items():
        if code.co_name in names or len(names) == 1:
            named[code] = f"aten::{code.co_name if code.co_name in names else min(names)}"
    return named


def _is_made(function: Any) -> bool:
    return isinstance(getattr(function, "__wrapped__", None), Form)


def calls(profiler: Any) -> list[tuple[FrameType, str]]:
    """The public functions in progress, outermost first, back to the user's innermost line.

    If the profile asks for Modules: those as well, back to the outermost of them, through the user's lines.
    """
    with_modules = profiler.with_modules
    codes = public_codes()
    found: list[tuple[FrameType, str]] = []
    frame: FrameType | None = sys._getframe(3)  # past those of the profiler that ask
    in_user_code = False
    while frame is not None:
        code = frame.f_code
        if code.co_name in _WATCHES and code.co_filename == _PROFILER and frame.f_locals.get("self") is profiler:
            break  # what is further out belongs to an event that is open already
        if not INTERNAL[code.co_filename]:
            in_user_code = True
            if not with_modules:
                break
        elif code in MODULE_CALLS and with_modules:
            found.append((frame, f"nn.Module: {type(frame.f_locals['self']).__name__}"))
        elif code in codes and not in_user_code:
            found.append((frame, codes[code]))
        frame = frame.f_back
    found.reverse()
    return found


def shapes_of_arguments(frame: FrameType) -> list:
    """The shapes of the positional arguments of a call in progress: [] for what is no Tensor."""
    code = frame.f_code
    values = frame.f_locals
    return [shape_of(values.get(name)) for name in code.co_varnames[: code.co_argcount] if name != "out"]


def shape_of(value: Any) -> list:
    """The shape of a Tensor, the list of those of a list of Tensors, [] for anything else."""
    if isinstance(value, Tensor):
        return list(value.shape)
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, Tensor) for one in value):
        return [list(one.shape) for one in value]
    return []


__all__ = ["calls", "public_codes", "shape_of", "shapes_of_arguments"]
