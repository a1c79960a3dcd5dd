"""What a backward does to `.grad`: adds its gradients, all of them or none.

What is found in each `.grad` is kept in a journal while something can still fail: a hook that runs between two leaves,
or the backward that has called this one from a hook or a Function. Threads take turns.
"""

from __future__ import annotations

import threading
from collections import deque
from itertools import chain, repeat, starmap
from sys import getrefcount
from typing import Any

import numpy as np
from numpy import ndarray

from .broadcasting import clash
from .mode import enforces_grad_layout
from .node import LEAF, NO_VERSIONS
from .quiet import NUMERICAL
from .registry import IN_PLACE, LAZY, LEADING, NAMESPACES, is_numpys
from .tensor import was_leaf, wrap
from .views import counter_of, refuse_inference

_BY_BACKWARD = ("backward", None)
IN_PLACE.add(ndarray)
_lock = threading.RLock()
# leaf, or tensor that retains its gradient -> the journal of a backward in progress that has changed its `.grad`
_undoable: dict[Any, list] = {}


def _check_addition(old: tuple[int, ...], new: tuple[int, ...]) -> None:
    """Refuse to add a gradient to one of a shape that it does not broadcast to, before anything has been added."""
    advice = f"a leaf's `.grad`, from before, has the shape {old}, and its new gradient the shape {new}: "
    advice += "`.grad` is to be set to None where `.data = ...` changes the shape of a leaf"
    words = clash(old, new)
    if words is not None:
        raise RuntimeError(f"{words}: {advice}")
    together = np.broadcast_shapes(old, new)
    if together != old:
        raise RuntimeError(
            f"output with shape {list(old)} doesn't match the broadcast shape {list(together)}: {advice}"
        )


class Accumulation:
    """The part of an execution (see `engine.py`) that changes `.grad`."""

    recorded: bool  # whether gradients are Tensors
    pending: list  # entries that begin with (leaf, gradient): to be added to `.grad`
    retained: list[tuple[Any, Any]]  # (tensor, gradient) for retain_grad
    journal: list  # what was in each `.grad` that has been changed, see `roll_back`
    start = 0  # where in the journal its own entries begin
    root: Accumulation | None = None  # the outermost of the backwards around this one
    undoable = False  # whether a `.grad` has been changed while it, or one that it has called, may still fail

    def join(self, outer: Accumulation) -> None:
        """Become a part of the backward around this one: if that fails later, this one is undone as well."""
        self.root = outer.root or outer
        self.journal = outer.journal
        self.start = len(self.journal)

    def commit(self, keep_values: bool) -> None:
        """Add to `.grad` what is pending. keep_values: the user's code runs after this, so it may have to be undone.

        Before the user's code sees a `.grad`, those of all leaves that are ready are up to date.
        """
        keep_values = keep_values or self.root is not None
        journal = self.journal
        contested: Any = ()
        targets: list[Any] = []
        added: list[Any] = []
        counters: list[Any] = []
        if LAZY and not self.recorded:
            _settle(self.pending)
            _settle(self.retained)
        with _lock:
            if keep_values or _undoable:
                contested = self.claim(keep_values)
            while self.retained:
                tensor, grad = self.retained.pop()
                old = tensor._grad_
                if tensor not in contested:
                    journal.append((tensor, old, None, None, 0))
                new = grad if self.recorded else wrap(_own(grad, _HELD_BY_COMMIT))
                tensor._grad_ = new if old is None else old + new
            while self.pending:
                entry = self.pending.pop()
                variable, grad = entry[0], entry[1]
                if grad is not None:
                    old = variable._grad_
                    if variable in contested:
                        pass
                    elif old is None or self.recorded:
                        journal.append((variable, old, None, None, 0))
                    elif keep_values or not _writable(old._array_):
                        self.keep(variable, old)
                    else:
                        array = old._array_
                        if array.shape != grad.shape:  # `x.data = ...` may have changed it
                            _check_addition(array.shape, grad.shape)
                        counter = old._version_counter_ or counter_of(old)
                        if counter is NO_VERSIONS:
                            refuse_inference()
                        else:
                            counters.append(counter)
                        targets.append(array)
                        added.append(grad)
                        continue
                    self.accumulate(variable, old, grad)
            if targets:
                self.add_at_once(targets, added, counters)
            elif not keep_values:
                journal.clear()

    def add_at_once(self, targets: list, added: list, counters: list) -> None:
        """Add in place what cannot be undone, and forget the journal: there is no way back from here.

        No bytecode of Python's runs in between, so that not even Ctrl-C can leave a part of it.
        """
        versions = []
        for counter in counters:
            versions.append(counter.version + 1)
            counter.modified_by = _BY_BACKWARD
        steps: Any = chain(map(np.add, targets, added, targets), map(setattr, counters, repeat("version"), versions))
        if self.journal:
            steps = chain(steps, starmap(self.journal.clear, ((),)))
        while True:
            try:
                deque(steps, 0)
                return
            except NUMERICAL:
                pass  # inf - inf, where the user has made them errors: NumPy raises after it has written all of it

    def claim(self, keep_values: bool) -> set:
        """Note which `.grad` this backward may have to restore; returns those that it must not.

        If another thread's backward, not over yet, has added to the same one, neither can be taken back alone any more.
        """
        contested = set()
        for entry in (*self.retained, *self.pending):
            tensor = entry[0]
            if entry[1] is not None:
                other = _undoable.pop(tensor, None)
                if other is not None and other is not self.journal:
                    other[:] = [None if entry is not None and entry[0] is tensor else entry for entry in other]
                    contested.add(tensor)
                elif keep_values:
                    _undoable[tensor] = self.journal
                    (self.root or self).undoable = True
        return contested

    def keep(self, leaf: Any, old: Any) -> None:
        """Note what is in a leaf's `.grad`, which is about to be added to."""
        array = old._array_
        counter = old._version_counter_
        kept = array.copy() if type(array) is np.ndarray else None  # others are never added to in place
        if counter is NO_VERSIONS:
            refuse_inference()
            counter = None
        self.journal.append((leaf, old, array, kept, 0 if counter is None else counter.version))

    def roll_back(self) -> None:
        """Something has failed: leave every `.grad` as it was."""
        with _lock:
            journal = self.journal
            while len(journal) > self.start:
                entry = journal.pop()
                if entry is not None:
                    tensor, old, array, values, version = entry
                    tensor._grad_ = old
                    if array is not None:
                        old._array_ = array
                        if values is not None:
                            array[...] = values
                        if old._version_counter_ not in (None, NO_VERSIONS):
                            old._version_counter_.version = version

    def close(self) -> None:
        """It is over, and nothing can be undone any more."""
        with _lock:
            for tensor in [tensor for tensor, journal in _undoable.items() if journal is self.journal]:
                del _undoable[tensor]

    def accumulate(self, variable: Any, old: Any, grad: Any) -> None:
        """`variable.grad += grad`, in place where PyTorch does it in place."""
        if self.recorded:
            if old is not None:
                variable._grad_ = old + grad
            else:
                # A copy of its own, recorded under the name that PyTorch gives it.
                sparse = type(grad._array_) in LEADING
                variable._grad_ = grad.clone() if sparse else wrap(_room(variable._array_, grad._array_)).copy_(grad)
            return
        if old is None:
            variable._grad_ = wrap(_own_first(grad, variable, _HELD_BY_ACCUMULATE))
            return
        target = old._array_
        if _writable(target):
            try:
                np.add(target, grad, out=target)
            except NUMERICAL:
                pass  # as in `add`: all of it is written
            counter = old._version_counter_ or counter_of(old)
            if counter is not NO_VERSIONS:
                counter.version += 1
                counter.modified_by = _BY_BACKWARD
        else:
            old._array_ = target + grad


def _settle(entries: list) -> None:
    """Compute gradients that are to be computed later, for leaves with arrays of NumPy's: all of them together."""
    for kind, compute in LAZY.items():
        places = [i for i, entry in enumerate(entries) if type(entry[1]) is kind and is_numpys(type(entry[0]._array_))]
        if places:
            values = compute([entries[i][1] for i in places])
            for i, value in zip(places, values, strict=True):
                entries[i] = type(entries[i])((entries[i][0], value, *entries[i][2:]))


def add_to_leaves(leaves: dict[int, list]) -> None:
    """Add the gradients of a backward in which nobody looks on: leaves without hooks, entries [leaf, gradient, ...].

    First gradients become `.grad` at once, which is quickly taken back; the rest is added as by any backward.
    """
    entries = list(leaves.values())
    leaves.clear()
    if LAZY:
        _settle(entries)
    rest: list = []
    given: list = []
    with _lock:
        try:
            entry = grad = own = None  # (Python takes Ctrl-C in a loop's jump for what stands before the loop)
            while entries:
                entry = entries.pop()
                leaf = entry[0]
                if leaf._edge_ is not LEAF and not takes_gradient(leaf):
                    continue
                if leaf._grad_ is not None or _undoable:
                    rest.append(entry)
                    continue
                grad = entry[1]
                if grad is not None:
                    own = _own_first(grad, leaf, _HELD_BY_LEAVES)
                    given.append(leaf)
                    leaf._grad_ = wrap(own)
            if rest:
                entry = grad = own = None
                _commit(rest, given)
        except BaseException:
            for leaf in given:
                leaf._grad_ = None
            raise


def _commit(entries: list, given: list) -> None:
    """Add to `.grad` what is in the entries; if that fails, what was `given` before is taken back as well."""
    accumulation = Accumulation()
    accumulation.recorded = False
    accumulation.retained, accumulation.pending = [], entries
    accumulation.journal = [(leaf, None, None, None, 0) for leaf in given]
    try:
        accumulation.commit(keep_values=False)
    except BaseException:
        accumulation.roll_back()
        raise


def _writable(array: Any) -> bool:
    """Whether a gradient can be added to in place."""
    return type(array) in IN_PLACE and array.flags.writeable and 0 not in array.strides


def _own(grad: Any, references: int) -> Any:
    """A gradient that nothing else can see or change: itself if that is so already, else a copy.

    The array may be the user's, a saved value, or shared between leaves; that nobody else holds it is told by its
    reference count (`references`: what the callers themselves account for).
    """
    if type(grad) is np.ndarray:
        if grad.base is None and getrefcount(grad) <= references and grad.flags.writeable:
            return grad
        if not references:
            raise _Counted(getrefcount(grad))
        return grad.copy()
    return grad if isinstance(grad, np.generic) else NAMESPACES[type(grad)].copy(grad)


def _own_first(grad: Any, leaf: Any, references: int) -> Any:
    """A leaf's first gradient: `_own`, and in the leaf's order in memory."""
    if isinstance(grad, np.generic):
        return grad
    own = _own(grad, references)
    if own.ndim > 1:
        like = leaf._array_
        if type(own) is np.ndarray is type(like) and not (own.flags.c_contiguous and like.flags.c_contiguous):
            if own is not grad or enforces_grad_layout():
                own = _laid_out(own, like)
    return own


def takes_gradient(leaf: Any) -> bool:
    """Whether what was a leaf still is one that requires grad; RuntimeError if it has a history by now."""
    if leaf._edge_ is None:
        return False
    if not was_leaf(leaf):
        raise RuntimeError(
            "leaf variable has been moved into the graph interior: it was used as a leaf, and then modified in place "
            "by an operation that was recorded. Modify a clone() instead."
        )
    return True


def _room(leaf: Any, grad: Any) -> Any:
    """An array for a leaf's first gradient: elements in the order of the leaf's, if that has neither gaps nor overlaps.

    So in-place updates of the leaf run through both in one order, and a contiguous leaf has a contiguous gradient.
    """
    if type(leaf) not in IN_PLACE:
        return np.empty_like(grad) if is_numpys(type(grad)) else NAMESPACES[type(grad)].zeros_like(grad)
    room = np.empty_like(leaf, dtype=grad.dtype)
    return room if room.strides == leaf.strides else np.empty(leaf.shape, grad.dtype)


def _laid_out(grad: Any, leaf: Any) -> Any:
    """The gradient in the memory order that `_room` gives it."""
    room = _room(leaf, grad)
    if room.strides == grad.strides:
        return grad
    room[...] = grad
    return room


class _Counted(Exception):
    """Carries a number of references."""


class _Leaf:
    _grad_ = None
    _edge_ = LEAF


def _references(name: str) -> int:
    """How many references to a gradient this module's own frames account for: it depends on the version of Python."""
    accumulation = Accumulation()
    accumulation.recorded = False
    accumulation.journal, accumulation.pending, accumulation.retained = [], [], []
    getattr(accumulation, name).append((_Leaf(), np.zeros(1)))
    try:
        accumulation.commit(keep_values=False)
    except _Counted as counted:
        return counted.args[0]
    return 0


def _references_by_leaves() -> int:
    leaves = {0: [_Leaf(), np.zeros(1), False]}
    try:
        add_to_leaves(leaves)
    except _Counted as counted:
        return counted.args[0]
    return 0


_HELD_BY_COMMIT = _HELD_BY_ACCUMULATE = _HELD_BY_LEAVES = 0  # with 0, `_own` counts
_HELD_BY_COMMIT, _HELD_BY_ACCUMULATE = _references("retained"), _references("pending")
_HELD_BY_LEAVES = _references_by_leaves()
