"""The backends of `torch.compile`, by PyTorch's names and mibun's own.

"inductor", PyTorch's default, is mibun's: "replay", a program of NumPy's functions. "xla" has JAX compile what is
between the steps that only Python can do, "auto" takes whichever is faster. "eager" and its like run the function as
it is.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
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


def list_backends(exclude_tags: Sequence[str] | None = ("debug", "experimental")) -> list[str]:
    """The names that `torch.compile(backend=...)` takes, without those that have one of the tags.

    mibun's own ("replay", "xla", "auto") have the tag "experimental".

    >>> import mibun as torch
    >>> torch.compiler.list_backends()
    ['cudagraphs', 'inductor']
    """
    left_out = set(exclude_tags or ())
    return sorted(name for name, tags in _BACKENDS.items() if not left_out & set(tags))


def check_backend(backend: Any) -> None:
    """Raise for a backend that is not there.

    InvalidBackend for an unknown name, and for "xla" without JAX; TypeError for what is neither a name nor callable;
    NotImplementedError for a callable: it would have to be given the function as a graph of PyTorch's operators, and
    what is recorded here are functions of NumPy's.
    """
    if isinstance(backend, str):
        if backend not in _BACKENDS:
            raise InvalidBackend(backend)
        if backend == "xla" and importlib.util.find_spec("jax") is None:
            raise InvalidBackend("xla", "which needs JAX: pip install 'mibun[jax]'")
    elif callable(backend):
        raise NotImplementedError(
            f"torch.compile: the backend {getattr(backend, '__name__', backend)!r} would have to be given the function "
            "as a graph of PyTorch's operators, which mibun does not make: it records NumPy's functions. Take "
            "backend='inductor', or torch.fx.symbolic_trace for a graph."
        )
    else:
        raise TypeError(f"a backend is a name or a function, not {type(backend).__name__}")


def runs_as_it_is(backend: Any) -> bool:
    """Whether a backend means that nothing is compiled."""
    return backend in _EAGER
