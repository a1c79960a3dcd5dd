"""Which backends `torch.compile` takes: names of PyTorch's. Each of them runs the function as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import InvalidBackend

_BACKENDS = {"cudagraphs": (), "inductor": (), "eager": ("debug",), "aot_eager": ("debug",), "eager_debug": ("debug",)}


def list_backends(exclude_tags: Sequence[str] | None = ("debug", "experimental")) -> list[str]:
    """The names that `torch.compile(backend=...)` takes, without those that have one of the tags.

    >>> import mibun as torch
    >>> torch.compiler.list_backends()
    ['cudagraphs', 'inductor']
    """
    left_out = set(exclude_tags or ())
    return sorted(name for name, tags in _BACKENDS.items() if not left_out & set(tags))


def check_backend(backend: Any) -> None:
    """Raise for a backend that is not there.

    InvalidBackend for an unknown name; TypeError for what is neither a name nor callable; NotImplementedError for a
    callable: it would have to be given the function as a graph, and none is made.
    """
    if isinstance(backend, str):
        if backend not in _BACKENDS:
            raise InvalidBackend(backend)
    elif callable(backend):
        raise NotImplementedError(
            f"torch.compile: the backend {getattr(backend, '__name__', backend)!r} would have to be given the function "
            "as a graph, which mibun does not make: it runs the function as it is. Take backend='eager', or "
            "torch.fx.symbolic_trace for a graph."
        )
    else:
        raise TypeError(f"a backend is a name or a function, not {type(backend).__name__}")
