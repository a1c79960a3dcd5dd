"""Backwards that are in progress: which one a hook or a user's Function runs in, and backwards inside of backwards."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

MOST_THREADS = 200  # of backwards within backwards: an endless recursion must end
RUNNING: set[Any] = set()  # the backwards in progress, in all threads
IN_PROGRESS: set[Any] = set()  # the code objects of the methods that run one


def current_execution() -> Any:
    """The innermost backward in progress in this thread, None outside of any.

    It is found on the stack, so that a backward in which nobody asks pays nothing for it.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code in IN_PROGRESS:
            return frame.f_locals["self"]
        frame = frame.f_back
    return None


def queue_callback(callback: Any) -> None:
    """Call `callback()` at the end of the backward in progress, after every `.grad` is complete."""
    execution = current_execution()
    if execution is None:
        raise RuntimeError("Final callbacks can only be installed during backward pass.")
    if execution.callbacks is None:
        execution.callbacks = []
    execution.callbacks.append(callback)


def stack_is_deep() -> bool:
    """Whether half of what Python's recursion limit allows is used up."""
    depth = 0
    frame = sys._getframe()
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth > sys.getrecursionlimit() // 2


def run_in_thread(run: Callable[..., list[Any]], arguments: tuple) -> list[Any]:
    """Go on with `run(*arguments)` in a new thread, with the same context variables and the whole recursion limit.

    This thread waits. So backwards can be called by hooks and Functions of others to any depth; PyTorch does the same.
    """
    context = copy_context()
    outcome: list[Any] = []

    def work() -> None:
        try:
            outcome.append((context.run(run, *arguments), None))
        except BaseException as error:
            outcome.append((None, error))

    thread = threading.Thread(target=work, name="mibun-deep-backward", daemon=True)
    thread.start()
    interrupted = None
    while thread.is_alive():
        try:
            thread.join()
        except BaseException as error:  # Ctrl-C: what that thread is doing must be over before anything is undone
            interrupted = error
    for variable, value in context.items():
        if variable.get(outcome) is not value:
            variable.set(value)
    captured, error = outcome.pop()
    try:
        if interrupted is not None:
            raise interrupted
        if error is not None:
            raise error
    finally:
        error = interrupted = None  # they hold this frame
    return captured


__all__ = [
    "IN_PROGRESS",
    "MOST_THREADS",
    "RUNNING",
    "current_execution",
    "queue_callback",
    "run_in_thread",
    "stack_is_deep",
]
