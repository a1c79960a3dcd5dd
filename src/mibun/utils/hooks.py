"""Hooks as such: the handle that every registration returns, and what becomes of hooks when a tensor is saved.

Hooks belong to a process and to a graph, so they do not travel with a tensor that is pickled or saved: they are lost,
with a warning, unless they are marked as not to be missed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ..core.node import RemovableHandle
from ..core.site import stacklevel


def unserializable_hook(f: Callable) -> Callable:
    """Mark a hook as one that need not be saved with its tensor: no warning is given for it. Usable as a decorator."""
    f.__torch_unserializable__ = True  # type: ignore[attr-defined]
    return f


def warn_if_has_hooks(tensor: Any) -> None:
    """Warn (UserWarning) of each hook of `tensor` that would be lost, and is not marked with `unserializable_hook`.

    >>> import mibun as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_hook(torch.utils.hooks.unserializable_hook(lambda grad: grad * 2))
    >>> torch.utils.hooks.warn_if_has_hooks(x)
    """
    for hook in (tensor._backward_hooks or {}).values():
        if not hasattr(hook, "__torch_unserializable__"):
            warnings.warn(
                f"backward hook {hook!r} on tensor will not be serialized. If this is expected, you can decorate the "
                "function with @torch.utils.hooks.unserializable_hook to suppress this warning",
                stacklevel=stacklevel(),
            )


__all__ = ["RemovableHandle", "unserializable_hook", "warn_if_has_hooks"]
