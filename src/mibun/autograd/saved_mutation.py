"""Modifying in place what was saved for backward: `allow_mutation_on_saved_tensors`.

Inside the context nothing is copied when it is saved. Every version counter of a saved memory gets a guard instead,
which is called before that memory is next written to (`before_write` in `views.py`), and copies the saved values then.
"""

from __future__ import annotations

import weakref
from typing import Any

from ..core.mode import Mode, ModeContext
from ..core.node import VersionCounter
from ..core.views import counter_of
from .saved_tensors import saved_tensors_hooks


class _Handle:
    """Stands for one saved tensor in the nodes that have saved it; what it stands for goes when they do."""

    __slots__ = ("__weakref__", "version")

    def __init__(self, version: int) -> None:
        self.version = version


class _AllowMutationOnSavedContext:
    """What the `with` statement gives: the saved tensors, and the copies of those that were modified since."""

    def __init__(self) -> None:
        self.cloned: Any = weakref.WeakKeyDictionary()  # handle -> a copy of what was saved
        self.original: Any = weakref.WeakKeyDictionary()  # handle -> what was saved, not modified so far
        self.tid_to_weakhandle: Any = weakref.WeakValueDictionary()  # (tensor, its memory, its version) -> handle
        self._guarded: dict[VersionCounter, Any] = {}  # counter -> the handles of what was saved of its memory

    def clear(self) -> None:
        """Drop everything: the graphs recorded so far can no longer be differentiated."""
        for counter in self._guarded:
            counter.guard = None
        self._guarded.clear()
        self.original.clear()
        self.cloned.clear()
        self.tid_to_weakhandle.clear()

    def pack(self, tensor: Any) -> _Handle:
        counter = counter_of(tensor)
        tid = (id(tensor), tensor.data_ptr(), counter.version)
        handle = self.tid_to_weakhandle.get(tid)
        if handle is None:
            handle = self.tid_to_weakhandle[tid] = _Handle(counter.version)
            self.original[handle] = tensor.detach()  # without the history, which may hold the handle
            self._guarded.setdefault(counter, weakref.WeakSet()).add(handle)
            counter.guard = self.before_write
        return handle

    def before_write(self, counter: VersionCounter) -> None:
        """Copy what was saved of a memory that is about to be modified."""
        counter.guard = None
        for handle in self._guarded.pop(counter, ()):
            if handle in self.original:
                self.cloned[handle] = self.original.pop(handle).clone()

    def unpack(self, handle: _Handle) -> Any:
        if handle in self.cloned:
            return self.cloned[handle]
        if handle not in self.original:
            raise AssertionError(
                "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context in which the graph was "
                "originally recorded."
            )
        tensor = self.original[handle]
        if tensor._version != handle.version:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an inplace operation that "
                f"allow_mutation_on_saved_tensors could not see coming: a tensor of shape {list(tensor.shape)} is at "
                f"version {tensor._version}; expected version {handle.version} instead"
            )
        return tensor


class allow_mutation_on_saved_tensors(ModeContext):
    """Inside, tensors saved for backward may be modified in place: backward sees them as they were.

    A saved tensor is copied when it is about to be modified, and only then. The backward must run inside too: what was
    saved is dropped at the end (AssertionError otherwise). RuntimeError if nested. Gives an object with `clear()`,
    which drops it before, and `cloned`, which holds the copies.

    >>> import mibun as torch
    >>> x = torch.tensor([3.], requires_grad=True)
    >>> with torch.autograd.graph.allow_mutation_on_saved_tensors() as context:
    ...     y = x.clone()
    ...     loss = (y * y).sum()
    ...     _ = y.mul_(0)
    ...     copies = len(context.cloned)
    ...     loss.backward()
    >>> x.grad, copies
    (tensor([6.]), 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self._contexts: list[_AllowMutationOnSavedContext] = []

    def _enter_mode(self, mode: Mode) -> Mode:
        context = _AllowMutationOnSavedContext()
        for pair in mode.saved_hooks:
            owner = getattr(pair[0], "__self__", None) if isinstance(pair, tuple) else None
            if isinstance(owner, _AllowMutationOnSavedContext):
                raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
        mode = saved_tensors_hooks(context.pack, context.unpack)._enter_mode(mode)
        self._contexts.append(context)
        return mode

    def __enter__(self) -> _AllowMutationOnSavedContext:
        super().__enter__()
        return self._contexts[-1]

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._contexts.pop().clear()


__all__ = ["allow_mutation_on_saved_tensors"]
