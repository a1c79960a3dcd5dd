"""Keys: how a container is entered, and paths of them, from the root of a pytree to a leaf: `['a'][0].x`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class KeyEntry(Protocol):
    """What a key can do: be compared, be written (`[0]`, `['name']`, `.name`), and get what is there."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __str__(self) -> str: ...
    def get(self, parent: Any) -> Any: ...


KeyPath = tuple[KeyEntry, ...]


@dataclass(frozen=True)
class SequenceKey:
    """The place in a sequence, `[idx]`."""

    idx: int

    def __str__(self) -> str:
        return f"[{self.idx!r}]"

    def get(self, sequence: Any) -> Any:
        """`sequence[idx]`."""
        return sequence[self.idx]


@dataclass(frozen=True)
class MappingKey:
    """The key in a mapping, `[key]`."""

    key: Any

    def __str__(self) -> str:
        return f"[{self.key!r}]"

    def get(self, mapping: Any) -> Any:
        """`mapping[key]`."""
        return mapping[self.key]


@dataclass(frozen=True)
class GetAttrKey:
    """The name of an attribute, `.name`."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}"

    def get(self, obj: Any) -> Any:
        """`obj.name`."""
        return getattr(obj, self.name)


def keystr(kp: KeyPath) -> str:
    """A path as one would write it behind a name.

    >>> from mibun.utils._pytree import GetAttrKey, MappingKey, SequenceKey, keystr
    >>> keystr((MappingKey("layers"), SequenceKey(0), GetAttrKey("weight")))
    "['layers'][0].weight"
    """
    return "".join(str(key) for key in kp)


def key_get(obj: Any, kp: KeyPath) -> Any:
    """What is at the end of a path.

    >>> from mibun.utils._pytree import MappingKey, SequenceKey, key_get
    >>> key_get([{"a": 5}], (SequenceKey(0), MappingKey("a")))
    5
    """
    for key in kp:
        obj = key.get(obj)
    return obj
