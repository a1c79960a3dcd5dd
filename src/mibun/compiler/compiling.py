"""`torch.compile`, and the marks by which functions are left out of what is compiled. Everything runs as it is.

Arguments are checked as PyTorch checks them, so that a program which is wrong there is wrong here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from ..core.tensor import Tensor
from .arguments import check_arguments
from .backends import check_backend
from .modules import compiled_form
from .settings import Settings

F = TypeVar("F")


def compile(  # noqa: A001
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = None,
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    name: str | None = None,
    disable: bool = False,
    recompile_limit: int | None = None,
    isolate_recompiles: bool = False,
) -> Any:
    """The function or Module, which runs as it is.

    Args:
        model: a function; a Module, which is wrapped as PyTorch wraps it (`_orig_mod`). Without it, a decorator.
        fullgraph, dynamic: whether all of it must be compiled, and for all sizes: it always runs, whatever they say.
        backend: one of the names that `torch.compiler.list_backends(None)` gives, "inductor" by default.
        mode: "default", "lite", "reduce-overhead", "max-autotune" or "max-autotune-no-cudagraphs".
        options: settings of the code generator, which there is none to heed.
        name, recompile_limit, isolate_recompiles: what the compiler calls it, and how often it may compile it again.
        disable: give back the function itself.

    Raises:
        RuntimeError: for both mode and options, or an unknown mode.
        torch._dynamo.exc.InvalidBackend: for an unknown backend.
        NotImplementedError: for a function as backend, which would have to be given a graph.
        AssertionError: for something that cannot be called.

    >>> import mibun as torch
    >>> @torch.compile
    ... def double(x):
    ...     return 2 * x
    >>> double(torch.ones(2))
    tensor([2., 2.])
    """
    check_arguments(dynamic, backend, mode, options, disable)
    settings = Settings(backend, fullgraph, dynamic, recompile_limit)
    if model is None:
        return lambda function: _decorated(function, disable, settings)
    return model if disable else compiled_form(model, settings)


def _decorated(model: Any, disable: bool, settings: Settings) -> Any:
    if model is None:
        raise RuntimeError("Model can't be None")
    return model if disable else compiled_form(model, settings)


def is_compiling() -> bool:
    """Whether the code is being compiled: False."""
    return False


def is_dynamo_compiling() -> bool:
    """Whether the code is being compiled by `torch._dynamo`: False."""
    return False


def is_exporting() -> bool:
    """Whether the code is being exported: False."""
    return False


def reset() -> None:
    """Forget all that was compiled, which is nothing."""


def cudagraph_mark_step_begin() -> None:
    """Say that a step of training begins, for CUDA graphs, of which there are none."""


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """A function that is not to be compiled, as it is; without one, a decorator.

    recursive: whether what it calls is not to be compiled either. reason: why, for the compiler's messages.
    AssertionError for something that cannot be called.
    """
    if fn is None:
        return functools.partial(disable, recursive=recursive, reason=reason)
    if not callable(fn):
        raise AssertionError("fn must be callable")
    return fn


def allow_in_graph(fn: Any) -> Any:
    """A function, or a list of them, that a compiler shall not look into, as it is.

    AssertionError for something that cannot be called.
    """
    for one in fn if isinstance(fn, (list, tuple)) else (fn,):
        if not callable(one):
            raise AssertionError("allow_in_graph expects a callable")
    return fn


def assume_constant_result(fn: F) -> F:
    """A function whose result a compiler may take for constant, as it is, with a mark."""
    fn._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return fn


def substitute_in_graph(
    original_fn: Callable, *, can_constant_fold_through: bool = False, skip_signature_check: bool = False
) -> Callable[[Callable], Callable]:
    """A decorator of what a compiler shall read in the place of `original_fn`; called, it is what was decorated.

    TypeError for what is no function, or has another signature (unless `skip_signature_check`).

    >>> import mibun as torch
    >>> import operator
    >>> @torch.compiler.substitute_in_graph(operator.indexOf)
    ... def index_of(a, b, /):
    ...     return list(a).index(b)
    >>> index_of([1, 2], 2)
    1
    """
    if not callable(original_fn):
        raise TypeError(f"substitute_in_graph expects a function but got {type(original_fn)!r}")

    def substitute(traceable_fn: Callable) -> Callable:
        if not callable(traceable_fn):
            raise TypeError(f"@substitute_in_graph(...) expects a function but got {type(traceable_fn)!r}")
        if not skip_signature_check:
            _check_signatures(original_fn, traceable_fn)
        return traceable_fn

    return substitute


def _check_signatures(original: Callable, other: Callable) -> None:
    try:
        first, second = inspect.signature(original), inspect.signature(other)
    except ValueError:  # a builtin without one
        return
    kinds = [[(p.name, p.kind) for p in one.parameters.values()] for one in (first, second)]
    if kinds[0] != kinds[1]:
        raise TypeError(f"Signature mismatch between {original.__name__} and {other.__name__}: {first} and {second}")


_STANCES = (
    "default",
    "eager_then_compile",
    "aot_eager_then_compile",
    "force_eager",
    "eager_on_recompile",
    "fail_on_recompile",
)


class set_stance:  # noqa: N801  (PyTorch's name)
    """Set what becomes of compiled functions from now on: a context, a decorator, or a call for good.

    stance: one of PyTorch's words; RuntimeError for another. force_backend: a backend for all of them, with "default"
    only. Functions run as they are under each of these.

    >>> import mibun as torch
    >>> with torch.compiler.set_stance("force_eager"):
    ...     torch.compile(torch.exp)(torch.zeros(1))
    tensor([1.])
    """

    def __init__(
        self, stance: str = "default", *, skip_guard_eval_unsafe: bool = False, force_backend: Any = None
    ) -> None:
        if stance not in _STANCES:
            raise RuntimeError(f"unknown stance {stance!r}, should be one of: {', '.join(_STANCES)}")
        if force_backend is not None:
            if stance != "default":
                raise RuntimeError("non-default stance cannot have force_backend set")
            check_backend(force_backend)
        self.stance = stance

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass

    def __call__(self, fn: F) -> F:
        return fn


def wrap_numpy(fn: Callable) -> Callable:
    """A function of NumPy arrays as one of Tensors: Tensors come in as arrays, arrays leave as Tensors.

    They share memory, and are found in nested lists, tuples and dicts. RuntimeError for Tensors that require grad.

    >>> import mibun as torch
    >>> import numpy as np
    >>> torch.compiler.wrap_numpy(np.cumsum)(torch.ones(3))
    tensor([1., 2., 3.])
    """
    from ..ops.creation.from_data import as_tensor
    from ..utils._pytree import tree_map

    def to_array(value: Any) -> Any:
        return value.numpy() if isinstance(value, Tensor) else value

    def to_tensor(value: Any) -> Any:
        return as_tensor(value) if isinstance(value, (np.ndarray, np.generic)) else value

    @functools.wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = tree_map(to_array, (args, kwargs))
        return tree_map(to_tensor, fn(*args, **kwargs))

    return wrapped


def nested_compile_region(fn: Any = None, *, options: Any = None) -> Any:
    """A function that a compiler shall compile once and use again, as it is; without one, a decorator."""
    return fn if fn is not None else nested_compile_region
