"""The table of containers: how each registered class is taken apart, put together again, entered by keys, and named."""

from __future__ import annotations

import threading
import warnings
from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .kinds import is_namedtuple_class

PyTree = Any
Context = Any
DumpableContext = Any
FlattenFn = Callable[[PyTree], tuple[list[Any], Context]]
UnflattenFn = Callable[[Iterable[Any], Context], PyTree]
FlattenWithKeysFn = Callable[[PyTree], tuple[list[tuple[Any, Any]], Any]]
ToDumpableContextFn = Callable[[Context], DumpableContext]
FromDumpableContextFn = Callable[[DumpableContext], Context]

NO_SERIALIZED_TYPE_NAME_FOUND = "NO_SERIALIZED_TYPE_NAME_FOUND"


class NodeDef(NamedTuple):
    """How objects of a class are taken apart, and put together."""

    type: type[Any]
    flatten_fn: FlattenFn
    unflatten_fn: UnflattenFn
    flatten_with_keys_fn: FlattenWithKeysFn | None


class SerializeNodeDef(NamedTuple):
    """How the spec of a class is written as text."""

    typ: type[Any]
    serialized_type_name: str
    to_dumpable_context: ToDumpableContextFn | None
    from_dumpable_context: FromDumpableContextFn | None


# Tables for users to read. Named tuples have one entry for all their classes, under the function `namedtuple`.
SUPPORTED_NODES: dict[Any, NodeDef] = {}
SUPPORTED_SERIALIZED_TYPES: dict[Any, SerializeNodeDef] = {}
SERIALIZED_TYPE_TO_PYTHON_TYPE: dict[str, Any] = {}
LOCK = threading.RLock()


def node_of(tree: Any) -> NodeDef | None:
    """How this object is taken apart, or None for a leaf. An unregistered subclass of a container is a leaf."""
    kind = type(tree)
    if isinstance(tree, tuple) and kind is not tuple and is_namedtuple_class(kind):
        kind = namedtuple  # type: ignore[assignment]
    return SUPPORTED_NODES.get(kind)


def node_type(tree: Any) -> Any:
    """The key of an object in the table: its class, or the function `namedtuple`."""
    return namedtuple if is_namedtuple_class(type(tree)) else type(tree)


def register_pytree_node(
    cls: type[Any],
    flatten_fn: FlattenFn,
    unflatten_fn: UnflattenFn,
    *,
    serialized_type_name: str | None = None,
    to_dumpable_context: ToDumpableContextFn | None = None,
    from_dumpable_context: FromDumpableContextFn | None = None,
    flatten_with_keys_fn: FlattenWithKeysFn | None = None,
) -> None:
    """Make a class a container: its objects are taken apart where they were leaves before. Subclasses stay leaves.

    flatten_fn: object -> (children, context); contexts are compared with `==`. unflatten_fn: (children, context) ->
    object. flatten_with_keys_fn: object -> ([(key, child), ...], context), which the functions on paths need.
    serialized_type_name, to_dumpable_context, from_dumpable_context: what `treespec_dumps` and `treespec_loads` need; a
    context that JSON can write needs no functions. ValueError for a class that is registered already, or if one of
    these two functions is missing.

    >>> from mibun.utils._pytree import register_pytree_node, tree_leaves
    >>> class Pair:
    ...     def __init__(self, a, b):
    ...         self.a, self.b = a, b
    >>> register_pytree_node(Pair, lambda pair: ([pair.a, pair.b], None), lambda children, context: Pair(*children))
    >>> tree_leaves({"x": Pair(1, [2, 3])})
    [1, 2, 3]
    """
    with LOCK:
        if cls in SUPPORTED_NODES:
            raise ValueError(f"{cls} is already registered as pytree node.")
        enter_node(
            cls,
            flatten_fn,
            unflatten_fn,
            serialized_type_name=serialized_type_name,
            to_dumpable_context=to_dumpable_context,
            from_dumpable_context=from_dumpable_context,
            flatten_with_keys_fn=flatten_with_keys_fn,
        )


def enter_node(
    cls: type[Any],
    flatten_fn: FlattenFn,
    unflatten_fn: UnflattenFn,
    *,
    serialized_type_name: str | None = None,
    to_dumpable_context: ToDumpableContextFn | None = None,
    from_dumpable_context: FromDumpableContextFn | None = None,
    flatten_with_keys_fn: FlattenWithKeysFn | None = None,
) -> None:
    """Enter a class in the table, over an earlier entry too, with a UserWarning then."""
    with LOCK:
        if cls in SUPPORTED_NODES:
            warnings.warn(
                f"{cls} is already registered as pytree node. Overwriting the previous registration.", stacklevel=3
            )
        if (to_dumpable_context is None) != (from_dumpable_context is None):
            raise ValueError(
                f"Both to_dumpable_context and from_dumpable_context for {cls} must be None or registered."
            )
        name = NO_SERIALIZED_TYPE_NAME_FOUND if serialized_type_name is None else serialized_type_name
        SUPPORTED_NODES[cls] = NodeDef(cls, flatten_fn, unflatten_fn, flatten_with_keys_fn)
        SUPPORTED_SERIALIZED_TYPES[cls] = SerializeNodeDef(cls, name, to_dumpable_context, from_dumpable_context)
        SERIALIZED_TYPE_TO_PYTHON_TYPE[name] = cls


def deregister_pytree_node(cls: type[Any]) -> None:
    """Make the objects of a class leaves again. KeyError for a class that is not registered."""
    with LOCK:
        del SUPPORTED_NODES[cls]
        name = SUPPORTED_SERIALIZED_TYPES.pop(cls).serialized_type_name
        if SERIALIZED_TYPE_TO_PYTHON_TYPE.get(name) is cls:
            del SERIALIZED_TYPE_TO_PYTHON_TYPE[name]
