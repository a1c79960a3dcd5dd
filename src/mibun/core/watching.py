"""Watchers: objects in the mode that are told of every operation, and run it themselves.

The profiler, the log of a checkpoint and selective checkpointing are watchers. While there is one, the mode is not
`fast`, so that every operator takes the general path, which asks for watchers first; without one nothing is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .anomaly import checked
from .mode import MODE, Mode, ModeContext


class Watcher(ModeContext):
    """Base of the watchers: a mode inside of which each step is given to the methods below, with the way to do it.

    The innermost watcher comes first. While an operator runs, its watcher does not see what happens inside of it.
    """

    def clone(self) -> ModeContext:
        return self

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(watchers=(*mode.watchers, self))

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable[[Any], Any]) -> Any:
        """An operator is applied: `run(op)` does it, perhaps with another kernel. `name` is the in-place form's."""
        return run(op)

    def overload(self, func: Any, args: tuple, kwargs: dict, run: Callable[[], Any]) -> Any:
        """An operator of a library of the program's own is called."""
        return run()

    def function(self, cls: Any, args: tuple, run: Callable[[], Any]) -> Any:
        """The forward of a user-written Function runs."""
        return run()

    def node(self, node: Any, grad: Any, run: Callable[[], Any]) -> Any:
        """A node runs in backward."""
        return run()


def watched_operator(apply: Callable, op: Any, operands: Sequence, params: dict, name: str, mode: Mode) -> Any:
    """Let the innermost watcher run `apply(op, operands, params, ...)`; `name` is empty out of place."""
    watcher = mode.watchers[-1]
    rest = (name,) if name else ()

    def run(replaced: Any) -> Any:
        MODE.set(mode.replace(watchers=mode.watchers[:-1]))
        try:
            return apply(replaced, operands, params, *rest)
        finally:
            MODE.set(mode)

    return watcher.operator(op, operands, params, name or op.name, run)


def watched_overload(func: Any, args: tuple, kwargs: dict, run: Callable[[], Any]) -> Any:
    """Let the watchers run an operator of a library, the innermost first; what its kernel does is watched as well."""
    for watcher in MODE.get().watchers:
        run = _one_watched(watcher, func, args, kwargs, run)
    return run()


def _one_watched(watcher: Any, func: Any, args: tuple, kwargs: dict, run: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: watcher.overload(func, args, kwargs, run)


def watched_function(apply: Callable, cls: Any, args: tuple, kwargs: dict, mode: Mode) -> Any:
    """Let the watchers run the forward of a Function, the innermost first; the operators in it are watched as well."""
    return _function_from(mode.watchers, apply, cls, args, kwargs)


def _function_from(watchers: tuple, apply: Callable, cls: Any, args: tuple, kwargs: dict) -> Any:
    if not watchers:
        return apply(cls, args, kwargs)
    return watchers[-1].function(cls, args, lambda: _function_from(watchers[:-1], apply, cls, args, kwargs))


def watched_node(node: Any, grad: Any, recorded: bool) -> Any:
    """Let the watchers and anomaly detection run a node; what they do not see otherwise is its rules over arrays."""
    mode = MODE.get()
    if mode.fast:  # within vmap only
        return node.run_recorded(grad) if recorded else node.run_batched(grad)
    return _node_from(mode.watchers, mode, node, grad, recorded)


def _node_from(watchers: tuple, mode: Mode, node: Any, grad: Any, recorded: bool) -> Any:
    if watchers:
        return watchers[-1].node(node, grad, lambda: _node_from(watchers[:-1], mode, node, grad, recorded))
    with np.errstate(all="ignore"):
        if mode.anomaly:
            return checked(node, grad, recorded)
        if recorded:
            return node.run_recorded(grad)
        return node.run_batched(grad) if mode.batched else node.run(grad)
