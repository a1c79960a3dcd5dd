"""The switches of compiling that hold for all functions, and what is counted."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

generation = 0  # grows with `reset`: what was compiled before is forgotten
stance = "default"
# What was counted, by groups, as `torch._dynamo.utils.counters`: "frames" (functions, and parts of some, that were
# looked at, and those of them that were compiled), "stats" ("unique_graphs": programs), "graph_break" (reasons).
counters: defaultdict[str, Counter[str]] = defaultdict(Counter)
REFUSED_CODES: dict[Any, str] = {}  # code objects of functions that are not to be compiled -> why
_local = threading.local()


def config() -> Any:
    """The settings, `torch._dynamo.config`."""
    from .._dynamo import config as found

    return found


def disabled() -> bool:
    """Whether nothing is to be compiled at all."""
    return config().disable


def compiling() -> bool:
    """Whether a call is being recorded in this thread."""
    return getattr(_local, "depth", 0) > 0


@contextlib.contextmanager
def learning() -> Iterator[None]:
    """Within it a call is being learnt from; functions in it that are compiled themselves run as they are."""
    _local.depth = getattr(_local, "depth", 0) + 1
    try:
        yield
    finally:
        _local.depth -= 1


def count(group: str, what: str) -> None:
    """Count something."""
    counters[group][what] += 1


def reset() -> None:
    """Forget all that was compiled."""
    global generation
    generation += 1
    counters.clear()
