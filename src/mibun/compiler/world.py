"""What of Python's state a compiled function depends on, and the test that it is as it was.

The objects that a call met, the globals and closure cells of the code that ran: of these, what the code has names for.
Each is an item with an owner (a dict or a cell) and a key; all tests together are one function, written as text.
"""

from __future__ import annotations

import gc
import types
from collections.abc import Iterator
from typing import Any

from ..core.registry import CLASSES
from ..core.tensor import Tensor
from .observing import LIBRARY, USER, Observer

_NUMBERS = (bool, int, float, complex, str, bytes, type(None))
_LIMIT = 20_000  # of items


class Item:
    """One thing that was read: `owner[key]` (of a cell: its contents) was `value`.

    kind: "is" for identity, "equal" for numbers, "content" for containers, "tensor" for a tensor.
    """

    __slots__ = ("copy", "key", "kind", "owner", "value", "where")

    def __init__(self, owner: Any, key: Any, value: Any, kind: str, where: str) -> None:
        self.owner, self.key, self.value, self.kind, self.where = owner, key, value, kind, where
        self.copy: Any = None

    def current(self) -> Any:
        """What is there now."""
        owner = self.owner
        if owner is None:
            return self.value
        return owner.cell_contents if type(owner) is types.CellType else owner[self.key]

    def holds(self) -> bool:
        """Whether it is as it was."""
        try:
            now = self.current()
            if self.kind == "content":
                return now is self.value and now == self.copy
            if self.kind == "equal":
                return now is self.value or same_number(now, self.value)
            return isinstance(now, Tensor) if self.kind == "tensor" else now is self.value
        except Exception:
            return False


def same_number(a: Any, b: Any) -> bool:
    """Whether two numbers or words are of one type and equal (NaN is equal to NaN)."""
    return type(a) is type(b) and (a == b or (a != a and b != b))


class World:
    """The items of what two calls have met."""

    def __init__(self, first: Observer, second: Observer, roots: Any) -> None:
        self.items: list[Item] = []
        self.seen: set[tuple[int, Any]] = set()
        self.objects: set[int] = set()
        self.kept: list[Any] = []
        self.names: set[str] = set()
        codes = {code: found for code, found in second.codes.items() if code in first.codes}
        for code in codes:
            self.names.update(code.co_names)
        for code, (kind, names) in codes.items():
            self.add_globals(code, kind, names)
        for cell, name, where in _cells(codes, roots):
            self.cell(cell, name, where)
        for key, value in second.objects.items():
            if first.objects.get(key) is value:
                self.object(value, type(value).__name__)

    def add_globals(self, code: Any, kind: int, names: dict) -> None:
        for name in code.co_names:
            if name in names:
                value = names[name]
                if kind == LIBRARY and not isinstance(value, (dict, list, set, *_NUMBERS)):
                    continue
                self.item(names, name, value, f"the global {name}")

    def cell(self, cell: Any, name: str, where: str) -> None:
        try:
            value = cell.cell_contents
        except ValueError:
            return
        self.item(cell, name, value, f"{name}, of {where}")

    def item(self, owner: Any, key: Any, value: Any, where: str) -> None:
        if (id(owner), key) in self.seen or len(self.items) > _LIMIT:
            return
        self.seen.add((id(owner), key))
        kind = type(value)
        if kind in _NUMBERS:
            self.items.append(Item(owner, key, value, "equal", where))
        elif issubclass(kind, Tensor):
            self.items.append(Item(owner, key, value, "tensor", where))
        else:
            self.items.append(Item(owner, key, value, "is", where))
            self.value(value, where)

    def value(self, value: Any, where: str) -> None:
        """What there is to be tested within a value."""
        kind = type(value)
        if issubclass(kind, (dict, list, set)):
            self.container(value, where)
        elif kind is tuple:
            for one in value:
                self.value(one, where)
        elif isinstance(value, types.MethodType):
            self.value(value.__self__, where)
        elif not isinstance(value, (types.FunctionType, types.BuiltinFunctionType, type)):
            self.object(value, where)

    def container(self, value: Any, where: str) -> None:
        if id(value) in self.objects:
            return
        self.objects.add(id(value))
        self.kept.append(value)
        item = Item(None, None, value, "content", where)
        item.copy = value.copy()
        self.items.append(item)
        for one in value.values() if isinstance(value, dict) else value:
            self.value(one, where)

    def object(self, value: Any, where: str) -> None:
        kind = type(value)
        if id(value) in self.objects or isinstance(value, Tensor) or kind.__module__.startswith("numpy"):
            return
        if isinstance(value, types.ModuleType):
            if value.__name__.split(".")[0] in _LIBRARIES:
                return
        elif isinstance(value, (dict, list, set)):
            self.container(value, where)
            return
        if isinstance(value, CLASSES.get("Optimizer", ())) and kind.__module__.startswith("mibun."):
            self.optimizer(value)
            return
        try:
            own = vars(value)
        except TypeError:
            return
        self.objects.add(id(value))
        self.kept.append(value)
        if isinstance(value, CLASSES.get("Module", ())):
            for name in ("_parameters", "_buffers", "_modules"):
                part = own.get(name, {})
                for key, one in part.items():
                    self.item(part, key, one, f"{key} of {where}")
                if name == "_modules":
                    self.container(part, where)
        for name in self.names.intersection(own):
            if name not in ("_parameters", "_buffers", "_modules"):
                self.item(own, name, own[name], f"{name} of {where}")
        for cls in kind.__mro__[:-1]:
            if not cls.__module__.startswith("mibun") and cls.__module__ not in _LIBRARIES:
                members = vars(cls)
                for name in self.names.intersection(members):
                    if name not in own and not name.startswith("__"):
                        self.item(members, name, members[name], f"{name} of {cls.__name__}")

    def optimizer(self, value: Any) -> None:
        """Its parameters; how it changes them is its own affair, as its step runs as it is."""
        self.objects.add(id(value))
        self.container_of_groups(value.param_groups)

    def container_of_groups(self, groups: list) -> None:
        item = Item(None, None, groups, "content", "the optimizer's groups")
        item.copy = list(groups)
        self.items.append(item)
        for group in groups:
            self.item(group, "params", group["params"], "the optimizer's parameters")

    def tensor_places(self) -> dict[int, Any]:
        """id of a tensor -> the first place at which it was read."""
        found: dict[int, Any] = {}
        for item in self.items:
            if item.kind == "tensor":
                found.setdefault(id(item.value), (id(item.owner), item.key))
        return found

    def holds(self) -> Item | None:
        """The first item that is not as it was; None if all are."""
        for item in self.items:
            if not item.holds():
                return item
        return None


_LIBRARIES = frozenset(
    ("mibun", "numpy", "torch", "builtins", "math", "functools", "operator", "typing", "collections")
)


def _cells(codes: dict, roots: Any) -> Iterator[tuple[Any, str, str]]:
    """The closure cells of the functions whose code has run, as far as they were there before."""
    wanted = {code for code, (kind, _) in codes.items() if code.co_freevars and kind == USER}
    pending = list(roots)
    seen: set[int] = set()
    while pending:
        function = pending.pop()
        if isinstance(function, types.MethodType):
            function = function.__func__
        if not isinstance(function, types.FunctionType) or id(function) in seen:
            continue
        seen.add(id(function))
        wanted.discard(function.__code__)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            yield cell, name, function.__qualname__
            try:
                pending.append(cell.cell_contents)
            except ValueError:
                pass
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, types.FunctionType) and not (value.__module__ or "").startswith("mibun"):
                pending.append(value)
    for code in wanted:
        for function in gc.get_referrers(code):
            if isinstance(function, types.FunctionType) and function.__code__ is code and function.__closure__:
                for name, cell in zip(code.co_freevars, function.__closure__, strict=True):
                    yield cell, name, function.__qualname__
