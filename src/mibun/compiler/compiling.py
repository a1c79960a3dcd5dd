"""`torch.compile`, and the marks by which functions are left out of what is compiled.

Arguments are checked as PyTorch checks them, so that a program which is wrong there is wrong here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from ..core.tensor import Tensor
from . import state
from .arguments import check_arguments, get_default_backend
from .backends import check_backend, looked_up, runs_as_it_is
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
    """The function or Module, compiled: its first calls run as they are and are watched, later ones run a program.

    What a call gives and leaves behind is what the function itself would, bit for bit, backward and optimizer steps in
    it included. What cannot be compiled runs as it is, with one warning that says why. See docs/compile.md.

    Args:
        model: a function; a Module, which is wrapped as PyTorch wraps it (`_orig_mod`). Without it, a decorator.
        fullgraph: raise Unsupported where it cannot be compiled.
        dynamic: whether to expect other sizes; there is one program for each, whatever is said.
        backend: one of the names that `torch.compiler.list_backends(None)` gives, "inductor" by default; or a function
            of a `torch.fx.GraphModule` and a list of example inputs that returns what is to be called in its place.
        mode: "default", "lite", "reduce-overhead", "max-autotune" or "max-autotune-no-cudagraphs", hints that change
            nothing here.
        options: settings of PyTorch's code generator, which change nothing either. A function as backend is given
            both, if they are not None, by name.
        name, isolate_recompiles: for PyTorch's logs and caches. recompile_limit: how many programs there may be.
        disable: give back the function itself.

    Raises:
        RuntimeError: for both mode and options, or an unknown mode.
        torch._dynamo.exc.InvalidBackend: for an unknown backend.
        torch._dynamo.exc.BackendCompilerFailed: at a call, where a function as backend raises an error.
        torch._dynamo.exc.Unsupported: at a call, with `fullgraph`, where it cannot be compiled.
        AssertionError: for something that cannot be called.

    >>> import mibun as torch
    >>> @torch.compile
    ... def double(x):
    ...     return 2 * x
    >>> double(torch.ones(2))
    tensor([2., 2.])
    """
    check_arguments(dynamic, backend, mode, options, disable)
    chosen = looked_up(get_default_backend() if backend is None else backend)
    more = {"mode": mode if mode != "default" else None, "options": options}
    more = {key: value for key, value in more.items() if value}
    settings = Settings(chosen, fullgraph, dynamic, recompile_limit, more)
    if model is None:
        return lambda function: _decorated(function, disable, settings)
    return model if disable else compiled_form(model, settings)


def _decorated(model: Any, disable: bool, settings: Settings) -> Any:
    if model is None:
        raise RuntimeError("Model can't be None")
    return model if disable else compiled_form(model, settings)


def is_compiling() -> bool:
    """Whether the code is being compiled: False, as functions run as themselves while they are recorded."""
    return False


def is_dynamo_compiling() -> bool:
    """Whether the code is being compiled by `torch._dynamo`: False."""
    return False


def is_exporting() -> bool:
    """Whether the code is being exported: False."""
    return False


def reset() -> None:
    """Forget all that was compiled."""
    state.reset()


def cudagraph_mark_step_begin() -> None:
    """Say that a step of training begins, for CUDA graphs, of which there are none."""


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """A function that is not to be compiled, as it is; without one, a decorator.

    A compiled function that calls it runs as it is, too. recursive: whether what it calls is not to be compiled either.
    reason: why, for the compiler's messages. AssertionError for something that cannot be called.
    """
    if fn is None:
        return functools.partial(disable, recursive=recursive, reason=reason)
    if not callable(fn):
        raise AssertionError("fn must be callable")
    code = getattr(fn, "__code__", None)
    if code is not None and recursive:
        state.REFUSED_CODES[code] = f"{fn.__qualname__}() is not to be compiled{f': {reason}' if reason else ''}"
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

    stance: one of PyTorch's words; RuntimeError for another. "force_eager" runs functions as they are,
    "eager_on_recompile" those calls for which there is no program, "fail_on_recompile" raises RecompileError for these
    once there is one. force_backend: a backend for all of them, with "default" only.

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
            if runs_as_it_is(force_backend):
                stance = "force_eager"
        self.stance = stance
        self._before, state.stance = state.stance, stance

    def __enter__(self) -> None:
        state.stance = self.stance

    def __exit__(self, *error: object) -> None:
        state.stance = self._before

    def __call__(self, fn: F) -> F:
        state.stance = self._before  # the stance is for the function's calls only

        @functools.wraps(fn)  # type: ignore[arg-type]
        def under_stance(*args: Any, **kwargs: Any) -> Any:
            before, state.stance = state.stance, self.stance
            try:
                return fn(*args, **kwargs)  # type: ignore[operator]
            finally:
                state.stance = before

        return under_stance  # type: ignore[return-value]


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
