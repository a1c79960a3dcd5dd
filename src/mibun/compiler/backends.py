"""The backends of `torch.compile`, by PyTorch's names and mibun's own.

"inductor", PyTorch's default, is mibun's: "replay", a program of NumPy's functions. "xla" has JAX compile what is
between the steps that only Python can do, "auto" takes whichever is faster. "eager" and its like run the function as
it is. A backend that is a function is given a graph of PyTorch's operators, see `graphs.py`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from .errors import InvalidBackend

_EAGER = ("eager", "aot_eager", "eager_debug", "eager_noexcept", "aot_eager_decomp_partition")
_BACKENDS: dict[str, tuple[str, ...]] = {
    "cudagraphs": (),
    "inductor": (),
    **{name: ("debug",) for name in _EAGER},
    "replay": ("experimental",),
    "xla": ("experimental",),
    "auto": ("experimental",),
}


_REGISTERED: dict[str, tuple[Callable, tuple[str, ...]]] = {}


def list_backends(exclude_tags: Sequence[str] | None = ("debug", "experimental")) -> list[str]:
    """The names that `torch.compile(backend=...)` takes, without those that have one of the tags.

    mibun's own ("replay", "xla", "auto") have the tag "experimental".

    >>> import mibun as torch
    >>> torch.compiler.list_backends()
    ['cudagraphs', 'inductor']
    """
    left_out = set(exclude_tags or ())
    tags = {**_BACKENDS, **{name: found[1] for name, found in _REGISTERED.items()}}
    return sorted(name for name, own in tags.items() if not left_out & set(own))


def register_backend(compiler_fn: Any = None, name: str | None = None, tags: Sequence[str] = ()) -> Any:
    """Give a function a name by which `torch.compile(backend=...)` takes it; without one, a decorator.

    compiler_fn: of a `torch.fx.GraphModule` and a list of example inputs, it returns what is called in its place. name:
    that of the function, if there is none. tags: see `list_backends`. TypeError for what cannot be called,
    AssertionError for a name that there is already.

    >>> import mibun as torch
    >>> @torch._dynamo.register_backend
    ... def as_it_is_written(gm, example_inputs):
    ...     return gm.forward
    >>> torch.compile(torch.exp, backend="as_it_is_written")(torch.zeros(1))
    tensor([1.])
    """
    if compiler_fn is None:
        return lambda function: register_backend(function, name, tags)
    if not callable(compiler_fn):
        raise TypeError(f"compiler_fn must be callable, got {type(compiler_fn)}")
    name = name or compiler_fn.__name__
    if name in _BACKENDS or name in _REGISTERED:
        raise AssertionError(f"duplicate name: {name}")
    _REGISTERED[name] = compiler_fn, tuple(tags)
    return compiler_fn


def lookup_backend(compiler_fn: Any) -> Any:
    """The backend of a name that was registered, as a function; a function is itself.

    InvalidBackend for an unknown name. "eager" and its like give the graph back; mibun's own make no use of a graph,
    and are no functions of one: NotImplementedError.
    """
    if not isinstance(compiler_fn, str):
        return compiler_fn
    check_backend(compiler_fn)
    if compiler_fn in _REGISTERED:
        return _REGISTERED[compiler_fn][0]
    if compiler_fn in _EAGER:
        return _graph_itself
    raise NotImplementedError(
        f"the backend {compiler_fn!r} is no function of a graph: it records what NumPy's functions do"
    )


def _graph_itself(gm: Any, example_inputs: Any, **_: Any) -> Any:
    return gm.forward


def looked_up(backend: Any) -> Any:
    """A backend that was registered as the function that it is, any other one as it is."""
    return _REGISTERED[backend][0] if isinstance(backend, str) and backend in _REGISTERED else backend


def check_backend(backend: Any) -> None:
    """Raise for a backend that is not there.

    InvalidBackend for an unknown name, and for "xla" without JAX; TypeError for what is neither a name nor callable.
    """
    if isinstance(backend, str):
        if backend not in _BACKENDS and backend not in _REGISTERED:
            raise InvalidBackend(backend)
        if backend == "xla" and importlib.util.find_spec("jax") is None:
            raise InvalidBackend("xla", "which needs JAX: pip install 'mibun[jax]'")
    elif not callable(backend):
        raise TypeError(f"a backend is a name or a function, not {type(backend).__name__}")


def runs_as_it_is(backend: Any) -> bool:
    """Whether a backend means that nothing is compiled."""
    return isinstance(backend, str) and backend in _EAGER
