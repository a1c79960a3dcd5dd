"""What of mibun's own is done in another way while a call is recorded: put in place, and taken back at the end."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

from ..core import engine, gradients
from ..core.engine import _Execution
from ..ops.random.generator import Generator

# Code that works on tensors and on state of Python's (step counts, learning rates): it runs as it is each time.
_NATIVE = (
    ("optim.elementwise", "ElementwiseOptimizer", "_step_together"),
    ("optim.lr_scheduler.base", "LRScheduler", "step"),
    ("optim.lr_scheduler.plateau", "ReduceLROnPlateau", "step"),
)
# Functions of raw arrays that are one entry of the record.
_WHOLE = (("nn.utils.clip_grad", "_total"),)
# Methods after which nothing can be recorded any more.
_REFUSED = (
    (Generator, "manual_seed", "a random generator is seeded"),
    (Generator, "seed", "a random generator is seeded"),
    (Generator, "set_state", "the state of a random generator is set"),
)


def patches(recorder: Any) -> list[Callable[[], None]]:
    """Put everything in place for a recorder; returns what takes it back."""
    undo = [_replace(_Execution, "seed", lambda original: _seed(recorder, original))]
    for module in (engine, gradients):
        undo.append(_replace(module, "run_plainly", lambda original: _plain(recorder, original)))
    for module, owner, name in _NATIVE:
        cls = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), owner)
        undo.append(_replace(cls, name, lambda original: _native(recorder, original)))
    for module, name in _WHOLE:
        undo.append(
            _replace(importlib.import_module(f"{_PACKAGE}.{module}"), name, lambda original: _whole(recorder, original))
        )
    for cls, name, reason in _REFUSED:
        undo.append(_replace(cls, name, lambda original, reason=reason: _refused(recorder, original, reason)))
    return undo


_PACKAGE = __name__.split(".")[0]


def _replace(owner: Any, name: str, make: Callable[[Callable], Callable]) -> Callable[[], None]:
    original = vars(owner)[name]
    setattr(owner, name, make(original))
    return lambda: setattr(owner, name, original)


def _seed(recorder: Any, original: Callable) -> Callable:
    def seed(self: Any, roots: Any, grads: Any) -> None:
        if recorder.here():
            recorder.seeded(roots)
        original(self, roots, grads)

    return seed


def _plain(recorder: Any, original: Callable) -> Callable:
    def run_plainly(node: Any, *args: Any, **kwargs: Any) -> Any:
        if recorder.here():
            recorder.seeded(((node, 0),))
        return original(node, *args, **kwargs)

    return run_plainly


def _native(recorder: Any, original: Callable) -> Callable:
    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not recorder.here():
            return original(*args, **kwargs)
        if kwargs or any([type(one).__name__ in ("Tensor", "Parameter") for one in args]):
            recorder.fail(f"{original.__qualname__} is called with arguments")
            return original(*args, **kwargs)
        return recorder.native(original, *args)

    return call


def _whole(recorder: Any, original: Callable) -> Callable:
    @functools.wraps(original)
    def call(*args: Any) -> Any:
        return recorder.call(original, args, {}) if recorder.here() else original(*args)

    return call


def _refused(recorder: Any, original: Callable, reason: str) -> Callable:
    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        recorder.fail(reason)
        return original(*args, **kwargs)

    return call
