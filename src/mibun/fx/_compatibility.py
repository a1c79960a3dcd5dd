"""`torch.fx._compatibility`: the mark by which PyTorch says which names of `torch.fx` it will keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")

_BACK_COMPAT_OBJECTS: dict[Any, None] = {}
_MARKED_WITH_COMPATIBILITY: dict[Any, None] = {}


def compatibility(is_backward_compatible: bool) -> Callable[[_T], _T]:
    """Decorator that notes of a function or class whether it will be kept as it is; its docstring says so too.

    >>> from mibun.fx._compatibility import compatibility
    >>> @compatibility(is_backward_compatible=False)
    ... def f(): ...
    >>> f.__doc__
    '\\n.. warning::\\n    This API is experimental and is *NOT* backward-compatible.\\n'
    """
    words = (
        "\n.. note::\n    Backwards-compatibility for this API is guaranteed.\n"
        if is_backward_compatible
        else "\n.. warning::\n    This API is experimental and is *NOT* backward-compatible.\n"
    )

    def mark(value: Any) -> Any:
        value.__doc__ = (getattr(value, "__doc__", None) or "") + words
        if is_backward_compatible:
            _BACK_COMPAT_OBJECTS.setdefault(value)
        _MARKED_WITH_COMPATIBILITY.setdefault(value)
        return value

    return mark
