"""The containers that pytrees know from the start: Python's own, shapes, and the results of functions with several."""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Iterable
from typing import Any

from ..registry import STRUCT_SEQUENCES
from ..size import Size
from .keys import GetAttrKey, MappingKey, SequenceKey
from .nodes import (
    NO_SERIALIZED_TYPE_NAME_FOUND,
    SUPPORTED_SERIALIZED_TYPES,
    Context,
    DumpableContext,
    FlattenFn,
    FlattenWithKeysFn,
    enter_node,
)

# Dictionaries of these classes match each other, whatever the order of their keys is.
STANDARD_DICT_TYPES: frozenset[type] = frozenset({dict, OrderedDict, defaultdict})
BUILTIN_TYPES: frozenset[Any] = frozenset({tuple, list, namedtuple, deque}) | STANDARD_DICT_TYPES

Keyed = tuple[list[tuple[Any, Any]], Context]


def with_keys(flatten_fn: FlattenFn) -> FlattenWithKeysFn:
    """The flattening of a sequence, with the places as keys."""

    def flatten_with_keys(sequence: Any) -> Keyed:
        children, context = flatten_fn(sequence)
        return [(SequenceKey(i), child) for i, child in enumerate(children)], context

    return flatten_with_keys


# --- sequences ---


def list_flatten(d: list[Any]) -> tuple[list[Any], Context]:
    """A list as it is: nobody changes the list of children."""
    return d, None


def list_unflatten(values: Iterable[Any], context: Context) -> list[Any]:
    """A new list."""
    return list(values)


def tuple_flatten(d: tuple[Any, ...]) -> tuple[list[Any], Context]:
    """The items of a tuple."""
    return list(d), None


def tuple_unflatten(values: Iterable[Any], context: Context) -> tuple[Any, ...]:
    """A tuple; also what a `torch.Size` becomes, since leaves need not be ints."""
    return tuple(values)


def deque_flatten(d: deque[Any]) -> tuple[list[Any], Context]:
    """The items of a deque, with its greatest length."""
    return list(d), d.maxlen


def deque_unflatten(values: Iterable[Any], context: Context) -> deque[Any]:
    """A deque of that greatest length."""
    return deque(values, maxlen=context)


list_flatten_with_keys = with_keys(list_flatten)
tuple_flatten_with_keys = with_keys(tuple_flatten)
deque_flatten_with_keys = with_keys(deque_flatten)


# --- named tuples: the context is the class ---


def namedtuple_flatten(d: Any) -> tuple[list[Any], Context]:
    """The items of a named tuple, with its class."""
    return list(d), type(d)


def namedtuple_flatten_with_keys(d: Any) -> Keyed:
    """The items of a named tuple by the names of its fields."""
    return [(GetAttrKey(name), child) for name, child in zip(d._fields, d, strict=True)], type(d)


def namedtuple_unflatten(values: Iterable[Any], context: Context) -> Any:
    """A named tuple of that class."""
    return context(*values)


def namedtuple_serialize(context: Context) -> DumpableContext:
    """The name that a class of named tuples was registered under. NotImplementedError if it was not."""
    entry = SUPPORTED_SERIALIZED_TYPES.get(context)
    if entry is None:
        raise NotImplementedError(
            f"Can't serialize TreeSpec of namedtuple class {context} because it has no serialized_type_name: register "
            "it with `_register_namedtuple`."
        )
    if entry.serialized_type_name == NO_SERIALIZED_TYPE_NAME_FOUND:
        raise NotImplementedError(
            f"No registered serialization name for {context} found. Give `serialized_type_name` to "
            "`_register_namedtuple`."
        )
    return entry.serialized_type_name


def namedtuple_deserialize(dumpable_context: DumpableContext) -> Context:
    """The class of named tuples that was registered under a name. NotImplementedError if none was."""
    for cls, entry in SUPPORTED_SERIALIZED_TYPES.items():
        if entry.serialized_type_name == dumpable_context:
            return cls
    raise NotImplementedError(
        f"Can't deserialize TreeSpec of namedtuple class {dumpable_context} because no class is registered under that "
        "name."
    )


def register_namedtuple(cls: type[Any], *, serialized_type_name: str) -> None:
    """Give a class of named tuples the name under which specs that have it are written. They are containers anyway."""
    enter_node(
        cls,
        namedtuple_flatten,
        namedtuple_unflatten,
        serialized_type_name=serialized_type_name,
        to_dumpable_context=namedtuple_serialize,
        from_dumpable_context=namedtuple_deserialize,
        flatten_with_keys_fn=namedtuple_flatten_with_keys,
    )


# --- dictionaries: the context is the list of keys, in their order ---


def dict_flatten(d: dict[Any, Any]) -> tuple[list[Any], Context]:
    """The values of a dictionary, with its keys."""
    return list(d.values()), list(d)


def dict_flatten_with_keys(d: dict[Any, Any]) -> Keyed:
    """The values of a dictionary by their keys."""
    return [(MappingKey(key), value) for key, value in d.items()], list(d)


def dict_unflatten(values: Iterable[Any], context: Context) -> dict[Any, Any]:
    """A dictionary with these keys."""
    return dict(zip(context, values, strict=True))


def ordereddict_unflatten(values: Iterable[Any], context: Context) -> OrderedDict[Any, Any]:
    """An ordered dictionary with these keys."""
    return OrderedDict(zip(context, values, strict=True))


def defaultdict_flatten(d: defaultdict[Any, Any]) -> tuple[list[Any], Context]:
    """The values of a defaultdict, with its factory and its keys."""
    return list(d.values()), [d.default_factory, list(d)]


def defaultdict_flatten_with_keys(d: defaultdict[Any, Any]) -> Keyed:
    """The values of a defaultdict by their keys."""
    return [(MappingKey(key), value) for key, value in d.items()], [d.default_factory, list(d)]


def defaultdict_unflatten(values: Iterable[Any], context: Context) -> defaultdict[Any, Any]:
    """A defaultdict with this factory and these keys."""
    default_factory, keys = context
    return defaultdict(default_factory, zip(keys, values, strict=True))


_DEFAULTDICT_FIELDS = ("default_factory_module", "default_factory_name", "dict_context")


def defaultdict_serialize(context: Context) -> DumpableContext:
    """The factory by its module and name, and the keys."""
    default_factory, keys = context
    module = getattr(default_factory, "__module__", None)
    name = getattr(default_factory, "__qualname__", None)
    return dict(zip(_DEFAULTDICT_FIELDS, (module, name, keys), strict=True))


def defaultdict_deserialize(dumpable_context: DumpableContext) -> Context:
    """The factory and the keys again. AssertionError for anything else; a text never imports a module."""
    if not isinstance(dumpable_context, dict):
        raise AssertionError("dumpable_context must be a dict")
    if set(dumpable_context) != set(_DEFAULTDICT_FIELDS):
        raise AssertionError(f"dumpable_context keys must be {set(_DEFAULTDICT_FIELDS)}, got {set(dumpable_context)}")
    module, name, keys = (dumpable_context[field] for field in _DEFAULTDICT_FIELDS)
    return [None if module is name is None else loaded(module, name), keys]


def loaded(module: str, name: str) -> Any:
    """What has this name in a module that is loaded. NotImplementedError if the module is not: text runs no code."""
    if module not in sys.modules:
        raise NotImplementedError(
            f"Deserializing {module}.{name} needs the module {module}, which is not imported: import it first."
        )
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part)
    return found


enter_node(
    tuple,
    tuple_flatten,
    tuple_unflatten,
    serialized_type_name="builtins.tuple",
    flatten_with_keys_fn=tuple_flatten_with_keys,
)
enter_node(
    list,
    list_flatten,
    list_unflatten,
    serialized_type_name="builtins.list",
    flatten_with_keys_fn=list_flatten_with_keys,
)
enter_node(
    dict,
    dict_flatten,
    dict_unflatten,
    serialized_type_name="builtins.dict",
    flatten_with_keys_fn=dict_flatten_with_keys,
)
enter_node(
    namedtuple,  # type: ignore[arg-type]
    namedtuple_flatten,
    namedtuple_unflatten,
    serialized_type_name="collections.namedtuple",
    to_dumpable_context=namedtuple_serialize,
    from_dumpable_context=namedtuple_deserialize,
    flatten_with_keys_fn=namedtuple_flatten_with_keys,
)
enter_node(
    OrderedDict,
    dict_flatten,
    ordereddict_unflatten,
    serialized_type_name="collections.OrderedDict",
    flatten_with_keys_fn=dict_flatten_with_keys,
)
enter_node(
    defaultdict,
    defaultdict_flatten,
    defaultdict_unflatten,
    serialized_type_name="collections.defaultdict",
    to_dumpable_context=defaultdict_serialize,
    from_dumpable_context=defaultdict_deserialize,
    flatten_with_keys_fn=defaultdict_flatten_with_keys,
)
enter_node(
    deque,
    deque_flatten,
    deque_unflatten,
    serialized_type_name="collections.deque",
    flatten_with_keys_fn=deque_flatten_with_keys,
)
enter_node(
    Size,
    tuple_flatten,
    tuple_unflatten,
    serialized_type_name="torch.Size",
    flatten_with_keys_fn=tuple_flatten_with_keys,
)


def _register_struct_sequence(cls: Any) -> None:
    enter_node(
        cls, tuple_flatten, lambda values, context: cls(tuple(values)), flatten_with_keys_fn=tuple_flatten_with_keys
    )


for _cls in STRUCT_SEQUENCES:
    _register_struct_sequence(_cls)
