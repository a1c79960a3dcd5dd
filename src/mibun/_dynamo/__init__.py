"""`torch._dynamo`: what programs say to PyTorch's compiler.

Marks on functions (`disable`, `allow_in_graph`) are marks, marks on Tensors (`mark_dynamic`) attributes, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..compiler import (
    allow_in_graph,
    assume_constant_result,
    compile,
    disable,
    is_compiling,
    list_backends,
    reset,
    set_stance,
    substitute_in_graph,
)
from ..compiler.backends import lookup_backend, register_backend
from ..compiler.explaining import explain
from ..compiler.state import REFUSED_CODES
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor
from . import backends, config, eval_frame, exc, utils
from .eval_frame import OptimizedModule, is_dynamo_supported, is_inductor_supported

__all__ = [
    "OptimizedModule",
    "allow_in_graph",
    "assume_constant_result",
    "backends",
    "config",
    "disable",
    "disallow_in_graph",
    "eval_frame",
    "explain",
    "exc",
    "forbid_in_graph",
    "graph_break",
    "is_compiling",
    "is_dynamo_supported",
    "is_inductor_supported",
    "list_backends",
    "lookup_backend",
    "mark_dynamic",
    "mark_static",
    "mark_static_address",
    "maybe_mark_dynamic",
    "optimize",
    "optimize_assert",
    "register_backend",
    "reset",
    "run",
    "set_stance",
    "substitute_in_graph",
    "utils",
]


def optimize(
    backend: Any = "inductor", *, nopython: bool = False, dynamic: bool | None = None, disable: bool = False
) -> Callable:
    """A decorator that is `torch.compile`, under its first name; `nopython` is `fullgraph`."""
    return compile(backend=backend, fullgraph=nopython, dynamic=dynamic, disable=disable)


def optimize_assert(backend: Any = "inductor", *, dynamic: bool | None = None) -> Callable:
    """`optimize` of a whole function."""
    return optimize(backend, nopython=True, dynamic=dynamic)


def run(fn: Callable | None = None) -> Any:
    """A function, as it is, which shall use what is compiled and compile nothing more. Without one, a decorator."""
    return fn if fn is not None else run


def _each(fn: Any, name: str) -> Any:
    for one in fn if isinstance(fn, (list, tuple)) else (fn,):
        if not callable(one):
            raise AssertionError(f"{name} expects a callable")
    return fn


def disallow_in_graph(fn: Any) -> Any:
    """A function, or a list of them, that compiled code shall not call. AssertionError for anything else."""
    return _each(fn, "disallow_in_graph")


def forbid_in_graph(fn: Any) -> Any:
    """A function, or a list of them, that shall not be compiled. AssertionError for anything else."""
    return _each(fn, "forbid_in_graph")


def graph_break(msg: str = "") -> None:
    """Where compiled code shall be left: a function that calls this runs as it is."""


REFUSED_CODES[graph_break.__code__] = "torch._dynamo.graph_break() is called"


def _noted(t: Any, index: int | Sequence[int] | None, name: str) -> None:
    if not isinstance(t, Tensor):
        raise AssertionError(f"expected a Tensor, got {type(t).__name__}")
    indices = range(t.ndim) if index is None else (index,) if isinstance(index, int) else index
    vars(t).setdefault(name, set()).update(indices)


def mark_dynamic(
    t: Any,
    index: int | Sequence[int],
    *,
    hint_override: int | None = None,
    min: int | None = None,  # noqa: A002
    max: int | None = None,  # noqa: A002
    specialize_on: list | None = None,
) -> None:
    """Note on a Tensor, for a compiler, dimensions whose sizes vary (from `min` to `max`): nothing else comes of it."""
    _noted(t, index, "_dynamo_dynamic_indices")


def maybe_mark_dynamic(t: Any, index: int | Sequence[int]) -> None:
    """Note on a Tensor, for a compiler, dimensions whose sizes may vary."""
    _noted(t, index, "_dynamo_weak_dynamic_indices")


def mark_static(t: Any, index: int | Sequence[int] | None = None) -> None:
    """Note on a Tensor, for a compiler, dimensions whose sizes do not vary: all of them if none is named.

    A class of Modules takes the note too: of the attributes that are numbers.
    """
    if isinstance(t, type):
        t._dynamo_marked_static = True  # type: ignore[attr-defined]
        return
    _noted(t, index, "_dynamo_static_indices")


def mark_static_address(t: Any, guard: bool = False) -> None:
    """Note on a Tensor, for a compiler, that its memory stays where it is."""
    if not isinstance(t, Tensor):
        raise TypeError(f"mark_static_address expects a tensor but received {type(t)}")
    t._dynamo_static_input_type = "guarded" if guard else "unguarded"  # type: ignore[attr-defined]


_explain_missing_names(__name__)
