"""How the tensors and the graph that a call leaves behind are made anew when its record runs: as lines of Python.

What a function returns, and what it puts into `.grad`, was made in the call: tensors, and behind them nodes, views and
version counters. Each of these is made again, with the new arrays in the places of the recorded ones, so that
everything which can be done with the result of the function itself can be done with that of the record: backward, also
twice, hooks, `grad_fn`.
"""

from __future__ import annotations

import types
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.function_node import FunctionCtx
from ..core.device import device as torch_device
from ..core.dtypes import dtype
from ..core.dtypes.layouts import layout, memory_format
from ..core.node import LEAF, NO_VERSIONS, AccumulateGrad, Leaf, Node, NodeHooks, VersionCounter
from ..core.size import Size
from ..core.tensor import Tensor
from ..core.views import NOWHERE_EDGE, Nowhere, OutputOf, View
from ..dispatch.declare import Op
from ..dispatch.nodes import FREED
from ..dispatch.saved import SavedNone, SavedVariable
from .namespace import namespace
from .numbers import PendingNumber
from .traced import Traced

_SIMPLE = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    type,
    types.CodeType,
    types.FunctionType,
    types.ModuleType,
)
_SIMPLE += (types.BuiltinFunctionType, np.dtype, slice, types.MethodType, np.ufunc, type(...))
_SLOTTED = (View, SavedVariable, FunctionCtx)
_RECORDS = (type(FREED), Op, OutputOf, SavedNone, dtype, torch_device, layout, memory_format)


class NotRebuildable(Exception):
    """Something in a result cannot be made again. `place`: where in a tuple of results."""

    place: int | None = None


class Builder:
    """Writes the lines. `lines` are (text, numbers of the values that it uses)."""

    def __init__(self, recorder: Any, name_of: Callable[[Any], str | None]) -> None:
        self.recorder = recorder
        self.name_of = name_of  # of a tensor that was there before, or None
        self.lines: list[tuple[str, set[int]]] = []
        self.names: dict[int, str] = {}  # id of an object -> its variable
        self.kept: list[Any] = []  # so that ids stay theirs
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[int, str] = {}  # id -> name
        self.escaping: set[int] = set()  # values that tensors are made of
        self.uses: set[int] = set()
        self.counters: dict[int, Any] = {}  # id of a version counter -> a tensor from outside that has it
        self.outside: dict[int, Any] = {}  # id of a node from outside -> a tensor that leads to it
        for noted in recorder.noted.values():
            tensor = noted.tensor
            counter = tensor._version_counter_
            if counter is not None and counter is not NO_VERSIONS:
                self.counters.setdefault(id(counter), tensor)
            edge = noted.edge.edge if type(noted.edge) is View else noted.edge
            if type(edge) is tuple and edge[1] is not None:
                self.outside.setdefault(id(edge[0]), tensor)

    def constant(self, value: Any) -> str:
        """The name of a constant."""
        if value is None or value is True or value is False or (type(value) in (int, str) and len(repr(value)) < 40):
            return repr(value)
        name = self.constant_names.get(id(value))
        if name is None:
            name = self.constant_names[id(value)] = f"K{len(self.constants)}"
            self.constants[name] = value  # which keeps its id
        return name

    def line(self, text: str) -> None:
        """Add a line, with the values that its expressions have used."""
        self.lines.append((text, self.uses))
        self.uses = set()

    def value(self, number: int) -> str:
        """The variable of a value."""
        self.uses.add(number)
        return f"v{number}"

    def build(self, thing: Any) -> str:
        """An expression for a thing; the lines that it needs go before."""
        kind = type(thing)
        if kind is Traced:
            return self.value(thing.number)
        if kind is np.ndarray or issubclass(kind, np.generic):
            found = self.recorder.lookup(thing)
            return self.constant(thing) if found is None else self.value(found.number)
        if kind is PendingNumber:
            return f"{self.value(thing.number)}.item()"
        known = self.names.get(id(thing))
        if known is not None:
            return known
        if issubclass(kind, Tensor):
            return self.tensor(thing)
        if kind is tuple or kind is list:
            parts = [self.build(one) for one in thing]
            if kind is tuple:
                return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
            return f"[{', '.join(parts)}]"
        if kind is dict:
            return f"{{{', '.join([f'{self.constant(key)}: {self.build(one)}' for key, one in thing.items()])}}}"
        if thing is namespace:
            return self.constant(_numpy_namespace())
        if issubclass(kind, _SIMPLE) or thing in _SINGLE or kind is Size or kind is Leaf:
            return self.constant(thing)
        if kind is VersionCounter:
            return self.counter(thing)
        if isinstance(thing, Node):
            return self.node(thing)
        if kind in _SLOTTED:
            return self.slotted(thing)
        if isinstance(thing, NodeHooks):
            raise NotRebuildable("hooks are registered on a result")
        if kind in _RECORDS or isinstance(thing, _RECORDS):
            return self.constant(thing)
        if isinstance(thing, weakref.ref):
            target = thing()
            if id(target) in self.names:
                return f"weakref({self.names[id(target)]})"
            raise NotRebuildable("a weak reference is kept for backward")
        raise NotRebuildable(f"an object of class {kind.__name__} is kept for backward")

    def made(self, thing: Any, expression: str) -> str:
        """The variable of a thing that is made anew."""
        name = self.names[id(thing)] = f"o{len(self.names)}"
        self.kept.append(thing)
        self.line(f"{name} = {expression}")
        return name

    def tensor(self, tensor: Any) -> str:
        """A tensor: its name, if it was there before, else a new one."""
        if id(tensor) not in self.recorder.born:
            name = self.name_of(tensor)
            if name is None:
                raise NotRebuildable("a tensor from outside is returned that was not looked at")
            return name
        array = self.recorder.lookup(tensor._array_)
        if array is None:
            raise NotRebuildable("a tensor is returned whose values were not recorded")
        name = self.made(tensor, f"new({self.constant(type(tensor))})")
        self.escaping.add(array.number)
        self.line(f"{name}._array_ = {self.value(array.number)}")
        self.line(f"{name}._accumulator_ = {name}._leaf_hooks_ = {name}._tangent_ = None")
        if tensor._tangent_ is not None:
            raise NotRebuildable("a result has a tangent")
        if tensor._leaf_hooks_ is not None:
            raise NotRebuildable("hooks are registered on a result")
        for slot in ("_version_counter_", "_grad_", "_edge_"):
            self.line(f"{name}.{slot} = {self.build(getattr(tensor, slot))}")
        if vars(tensor):
            for key, value in vars(tensor).items():
                self.line(f"{name}.__dict__[{key!r}] = {self.build(value)}")
        return name

    def counter(self, counter: Any) -> str:
        """A version counter: that of a tensor from outside, or a new one."""
        owner = self.counters.get(id(counter))
        if owner is not None:
            return f"counter_of({self.name_of(owner)})"
        name = self.made(counter, "new_counter()")
        if counter.version:
            self.line(f"{name}.version = {counter.version}")
            self.line(f"{name}.modified_by = {self.constant(counter.modified_by)}")
        return name

    def node(self, node: Any) -> str:
        """A node, made anew with all that it has."""
        if isinstance(node, AccumulateGrad):
            return f"accumulate_grad({self.build(node.variable)})"
        if isinstance(node, Nowhere):
            return self.constant(node)
        if node.sequence_nr < self.recorder.first_sequence:
            if id(node) in self.outside:
                return f"edge_of({self.name_of(self.outside[id(node)])})[0]"
            raise NotRebuildable("a result depends on a graph that was recorded before the call")
        if node.hooks is not None:
            raise NotRebuildable("hooks are registered in the graph of a result")
        # Those that it leads to come first, without recursion: a graph may be deep.
        pending = [node]
        while pending:
            one = pending[-1]
            if id(one) in self.names:
                pending.pop()
                continue
            missing = [
                edge[0]
                for edge in one.edges
                if edge is not None
                and isinstance(edge[0], Node)
                and edge[0].sequence_nr >= self.recorder.first_sequence
                and not isinstance(edge[0], (AccumulateGrad, Nowhere))
                and id(edge[0]) not in self.names
            ]
            if missing:
                pending += missing
                continue
            pending.pop()
            self.one_node(one)
        return self.names[id(node)]

    def one_node(self, node: Any) -> str:
        if node.hooks is not None:
            raise NotRebuildable("hooks are registered in the graph of a result")
        name = self.made(node, f"new({self.constant(type(node))})")
        plainly = type(node).__setattr__ is object.__setattr__
        state = state_of(node)
        for key, value in state.items():
            if key in _VERSIONS and state.get(_VERSIONS[key]) not in (None, FREED, ()) and value != ():
                counters = state[_VERSIONS[key]]
                if type(value) is tuple:
                    text = f"({', '.join(map(self.version, counters, value))},)"
                else:
                    text = self.version(counters, value)
            elif key == "kept_versions" and state.get("kept_counters"):
                counters = state["kept_counters"]
                if not any([id(counter) in self.counters for counter in counters]):
                    text = "()"
                else:
                    text = f"({', '.join([self.version(counter, 0) for counter in counters])},)"
            elif key == "sequence_nr":
                text = "next_number()"
            else:
                text = self.build(value)
            self.line(f"{name}.{key} = {text}" if plainly else f"{name}.__dict__[{key!r}] = {text}")
        return name

    def version(self, counter: Any, saved_at: int) -> str:
        """The version that a counter had when something was saved: one from outside counts on from call to call."""
        if id(counter) in self.counters:
            return f"{self.build(counter)}.version - {counter.version - saved_at}"
        return str(saved_at)

    def slotted(self, thing: Any) -> str:
        """A View, or a value that a Function has saved."""
        name = self.made(thing, f"new({self.constant(type(thing))})")
        for slot in slots_of(thing):
            value = getattr(thing, slot)
            counter = thing.counter if isinstance(thing, SavedVariable) else None
            if slot == "version" and counter is not None and id(counter) in self.counters:
                self.line(f"{name}.version = {self.build(counter)}.version - {counter.version - value}")
            elif slot == "version" and type(thing) is View:
                self.view_version(name, thing)
            elif slot in ("hooks", "packed") and value is not None:
                raise NotRebuildable("saved values are packed by hooks")
            else:
                self.line(f"{name}.{slot} = {self.build(value)}")
        for key, value in getattr(thing, "__dict__", {}).items():
            self.line(f"{name}.__dict__[{key!r}] = {self.build(value)}")
        return name

    def view_version(self, name: str, view: Any) -> None:
        counter = view.base._version_counter_
        if counter is not None and id(counter) in self.counters:
            self.line(f"{name}.version = {self.build(counter)}.version - {counter.version - view.version}")
        else:
            self.line(f"{name}.version = {view.version}")


_VERSIONS = {"k0": "c0", "k1": "c1", "k2": "c2", "kept_versions": "kept_counters"}


def state_of(thing: Any) -> dict[str, Any]:
    """What an object holds, in slots and in its dict."""
    found: dict[str, Any] = {}
    for cls in type(thing).__mro__:
        for slot in cls.__dict__.get("__slots__", ()):
            if slot not in ("__dict__", "__weakref__") and _is_set(thing, slot):
                found[slot] = object.__getattribute__(thing, slot)
    found.update(getattr(thing, "__dict__", {}))
    return found


def slots_of(thing: Any) -> list[str]:
    """The slots that are set."""
    members = {"__dict__", "__weakref__"}
    names = FunctionCtx.__slots__ if isinstance(thing, FunctionCtx) else type(thing).__slots__
    return [slot for slot in names if slot not in members and _is_set(thing, slot)]


def _is_set(thing: Any, slot: str) -> bool:
    try:
        object.__getattribute__(thing, slot)
    except AttributeError:
        return False
    return True


_NOWHERE = NOWHERE_EDGE[0]


class _Single:
    def __contains__(self, thing: Any) -> bool:
        return thing is LEAF or thing is NO_VERSIONS or thing is _NOWHERE or thing is NOWHERE_EDGE


_SINGLE = _Single()


def _numpy_namespace() -> Any:
    from ..xp import numpy_namespace

    return numpy_namespace
