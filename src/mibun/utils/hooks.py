"""Hooks as such: the handle that every registration returns, and what becomes of hooks when a tensor is saved.

Hooks belong to a process and to a graph, so they do not travel with a tensor that is pickled or saved: they are lost,
with a warning, unless they are marked as not to be missed.
"""

from __future__ import annotations

from ..core.hook_calls import unserializable_hook, warn_if_has_hooks
from ..core.node import RemovableHandle

__all__ = ["RemovableHandle", "unserializable_hook", "warn_if_has_hooks"]
