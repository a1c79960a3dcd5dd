"""`functionalize`: what is for compilers in PyTorch, and changes no result."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def functionalize(func: Callable, *, remove: str = "mutations") -> Callable:
    """A function with the results of `func`, and the same changes of its arguments.

    In PyTorch, what runs inside has no in-place operations on intermediate values any more, for backends that cannot
    have them. Every operation here is computed out of place and then written, so that nothing is left to be removed.
    remove: "mutations" or "mutations_and_views" (RuntimeError for anything else).

    >>> import mibun as torch
    >>> torch.func.functionalize(lambda x: x.clone().add_(1))(torch.zeros(2))
    tensor([1., 1.])
    """
    if remove not in ("mutations", "mutations_and_views"):
        raise RuntimeError(
            f"functionalize(f, remove='mutations'): received invalid argument for remove={remove}. Valid options are:\n"
            "     remove='mutations': in-place operations and out= give way to those that return new tensors.\n"
            "     remove='mutations_and_views': so do views, to copies.\n"
        )

    @functools.wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **kwargs)

    return wrapped
