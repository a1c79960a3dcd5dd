"""After a call was recorded: what the graph has saved are plain arrays again, as if nobody had looked."""

from __future__ import annotations

from typing import Any

from ..autograd.function_node import FunctionCtx
from ..core.node import Node
from ..core.tensor import Tensor
from ..core.views import View
from ..dispatch.saved import SavedVariable
from ..xp import numpy_namespace
from .building import slots_of, state_of
from .namespace import namespace
from .recording import Recorder
from .traced import Traced


def clean(recorder: Recorder) -> None:
    """Put plain arrays into the places of traced ones, in all that the tensors lead to which are still there."""
    pending: list[Any] = [t for t in (reference() for reference in recorder.born.values()) if t is not None]
    pending += [noted.tensor for noted in recorder.noted.values()]
    first = recorder.first_sequence
    seen: set[int] = set()
    while pending:
        thing = pending.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, Tensor):
            pending += [part for part in (thing._edge_, thing._grad_) if part is not None]
        elif isinstance(thing, Node):
            if thing.sequence_nr < first and thing.edges:
                continue
            for key, value in state_of(thing).items():
                changed = numpy_namespace if value is namespace else plain(value, pending)
                if changed is not value:
                    object.__setattr__(thing, key, changed)
        elif isinstance(thing, (View, SavedVariable, FunctionCtx)):
            for slot in slots_of(thing):
                setattr(thing, slot, plain(getattr(thing, slot), pending))
            if isinstance(thing, FunctionCtx):
                plain(vars(thing), pending)
        elif isinstance(thing, tuple):
            pending += [part for part in thing if isinstance(part, (Node, Tensor))]


def plain(value: Any, pending: list[Any]) -> Any:
    """A value without traced arrays; what may hold others is left to be looked at."""
    kind = type(value)
    if kind is Traced:
        return value.value
    if kind is tuple or kind is list:
        parts = [plain(one, pending) for one in value]
        if all([a is b for a, b in zip(parts, value, strict=True)]):
            return value
        return kind(parts)
    if kind is dict:
        for key, one in value.items():
            value[key] = plain(one, pending)
        return value
    if isinstance(value, (Node, Tensor, View, SavedVariable, FunctionCtx)):
        pending.append(value)
    return value
