"""`torch.onnx.symbolic_helper`: the decorator of functions that write operators as ONNX."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["parse_args"]


def parse_args(*arg_descriptors: str) -> Callable[[Callable], Callable]:
    """Decorator of a function of a graph and its values, which are converted as the letters say before it is called.

    arg_descriptors: for each argument after the graph "v" (left as it is), "i", "f", "s", "b", "t", "is", "fs" or
    "none". Values that are Python's own, the only ones there are without a graph, are left as they are, as in PyTorch.
    AssertionError when it is called with more arguments than descriptors.

    >>> from mibun.onnx.symbolic_helper import parse_args
    >>> @parse_args("v", "i")
    ... def repeat(g, x, times):
    ...     return [x] * times
    >>> repeat(None, "x", 2)
    ['x', 'x']
    """

    def decorator(function: Callable) -> Callable:
        @functools.wraps(function)
        def wrapper(g: Any, *args: Any, **kwargs: Any) -> Any:
            if len(arg_descriptors) < len(args):
                raise AssertionError(
                    f"A mismatch between the number of arguments ({len(args)}) and their descriptors "
                    f"({len(arg_descriptors)}) was found at symbolic function '{function.__name__}'."
                )
            return function(g, *args, **kwargs)

        wrapper._arg_descriptors = arg_descriptors  # pyright: ignore[reportAttributeAccessIssue]
        return wrapper

    return decorator


_explain_missing_names(__name__)
