"""Lists and dicts that refuse to be changed: what the arguments of a Node are kept in.

A graph counts who uses which node, so an argument that changed behind its back would make it wrong. These are real
lists and dicts, equal to ordinary ones, hashable where their elements are, and known to pytree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from ..core.pytree import register_pytree_node

__all__ = ["immutable_list", "immutable_dict"]

_ADVICE = """\
If you are attempting to modify the kwargs or args of a torch.fx.Node object,
instead create a new copy of it and assign the copy to the node:

    new_args = ...  # copy and mutate args
    node.args = new_args"""


def _refusing(name: str) -> Any:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__!r} object does not support mutation. {_ADVICE}")

    refuse.__name__ = name
    return refuse


class immutable_list(list):  # noqa: N801
    """A list that raises TypeError for whatever would change it.

    >>> from mibun.fx.immutable_collections import immutable_list
    >>> immutable_list([1, 2]) == [1, 2]
    True
    """

    for _name in ("__delitem__", "__iadd__", "__imul__", "__setitem__", "append", "clear", "extend", "insert"):
        locals()[_name] = _refusing(_name)
    for _name in ("pop", "remove", "reverse", "sort"):
        locals()[_name] = _refusing(_name)
    del _name

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))

    def __reduce__(self) -> tuple:
        return immutable_list, (tuple(self),)


class immutable_dict(dict):  # noqa: N801
    """A dict that raises TypeError for whatever would change it."""

    for _name in ("__delitem__", "__ior__", "__setitem__", "clear", "pop", "popitem", "setdefault", "update"):
        locals()[_name] = _refusing(_name)
    del _name

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple:
        return immutable_dict, (tuple(self.items()),)


def _make_list(values: Iterable, context: Any) -> immutable_list:
    return immutable_list(values)


def _make_dict(values: Iterable, context: Any) -> immutable_dict:
    return immutable_dict(zip(context, values, strict=True))


register_pytree_node(
    immutable_list,
    lambda value: (list(value), None),
    _make_list,
    serialized_type_name="torch.fx.immutable_collections.immutable_list",
)
register_pytree_node(
    immutable_dict,
    lambda value: (list(value.values()), list(value)),
    _make_dict,
    serialized_type_name="torch.fx.immutable_collections.immutable_dict",
)
