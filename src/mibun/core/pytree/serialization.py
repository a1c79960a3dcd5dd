"""Specs as text, in JSON, and back. A text names registered classes only, and reading it runs no code of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, NamedTuple

from .containers import loaded
from .nodes import NO_SERIALIZED_TYPE_NAME_FOUND, SERIALIZED_TYPE_TO_PYTHON_TYPE, SUPPORTED_SERIALIZED_TYPES
from .spec import LEAF, TreeSpec, refuse_other

DEFAULT_TREESPEC_SERIALIZATION_PROTOCOL = 1


class EnumEncoder(json.JSONEncoder):
    """JSON with members of enumerations, by the names of their class and their own."""

    def default(self, o: object) -> Any:
        """A member of an enumeration as a dictionary."""
        if isinstance(o, Enum):
            cls = type(o)
            return {"__enum__": True, "fqn": f"{cls.__module__}:{cls.__qualname__}", "name": o.name}
        return super().default(o)


def enum_object_hook(obj: dict[str, Any]) -> Enum | dict[str, Any]:
    """The member of an enumeration that a dictionary names, or the dictionary. TypeError if it names anything else."""
    if "__enum__" not in obj:
        return obj
    cls = loaded(*obj["fqn"].split(":"))
    if not (isinstance(cls, type) and issubclass(cls, Enum)):
        raise TypeError(f"{obj['fqn']} is no enumeration, but {cls!r}.")
    return cls[obj["name"]]


@dataclass
class TreeSpecSchema:
    """What is written of a spec: names, contexts, children. A leaf has no name."""

    type: str | None
    context: Any
    children_spec: list[TreeSpecSchema]


class ProtocolFn(NamedTuple):
    """How a version of the format is written and read."""

    treespec_to_json: Callable[[TreeSpec], Any]
    json_to_treespec: Callable[[Any], TreeSpec]


def treespec_to_json(treespec: TreeSpec) -> TreeSpecSchema:
    """What is to be written of a spec. NotImplementedError for a class without a name; see `treespec_dumps`."""
    if treespec.is_leaf():
        return TreeSpecSchema(None, None, [])
    entry = SUPPORTED_SERIALIZED_TYPES.get(treespec.type)
    if entry is None:
        raise NotImplementedError(f"Serializing {treespec.type} in pytree is not registered.")
    if entry.serialized_type_name == NO_SERIALIZED_TYPE_NAME_FOUND:
        raise NotImplementedError(
            f"No registered serialization name for {treespec.type} found. Give `serialized_type_name` when you "
            "register it."
        )
    if entry.to_dumpable_context is not None:
        context = entry.to_dumpable_context(treespec._context)
    else:
        try:
            context = json.dumps(treespec._context, cls=EnumEncoder)
        except TypeError as error:
            raise TypeError(
                "Unable to serialize context. Make it something that JSON can write, or register "
                "`to_dumpable_context` and `from_dumpable_context`."
            ) from error
    return TreeSpecSchema(entry.serialized_type_name, context, [treespec_to_json(c) for c in treespec._children])


def json_to_treespec(json_schema: Any) -> TreeSpec:
    """The spec that was written. NotImplementedError for a name that nobody registered."""
    name = json_schema["type"]
    if name is None:
        return LEAF
    if name not in SERIALIZED_TYPE_TO_PYTHON_TYPE:
        raise NotImplementedError(f"Deserializing {name} in pytree is not registered.")
    cls = SERIALIZED_TYPE_TO_PYTHON_TYPE[name]
    read = SUPPORTED_SERIALIZED_TYPES[cls].from_dumpable_context
    context = json_schema["context"]
    context = json.loads(context, object_hook=enum_object_hook) if read is None else read(context)
    return TreeSpec(cls, context, [json_to_treespec(child) for child in json_schema["children_spec"]])


SUPPORTED_PROTOCOLS: dict[int, ProtocolFn] = {1: ProtocolFn(treespec_to_json, json_to_treespec)}


def treespec_dumps(treespec: TreeSpec, protocol: int | None = None) -> str:
    """A spec as JSON. All its containers must have been registered with a `serialized_type_name`.

    protocol: the version of the format; there is one, 1. NotImplementedError for a class without a name, TypeError for
    a context that JSON cannot write and for what is no spec, ValueError for another protocol.

    >>> from mibun.utils._pytree import tree_structure, treespec_dumps, treespec_loads
    >>> treespec_loads(treespec_dumps(tree_structure({"a": [1, 2]})))
    TreeSpec(dict, ['a'], [TreeSpec(list, None, [*,
        *])])
    """
    if not isinstance(treespec, TreeSpec):
        refuse_other(treespec)
    protocol = DEFAULT_TREESPEC_SERIALIZATION_PROTOCOL if protocol is None else protocol
    return json.dumps((protocol, asdict(_protocol(protocol).treespec_to_json(treespec))), cls=EnumEncoder)


def treespec_loads(serialized: str) -> TreeSpec:
    """The spec that `treespec_dumps` wrote. NotImplementedError for classes and enumerations that are not there.

    JSON's errors for another text, ValueError for another version of the format.
    """
    protocol, schema = json.loads(serialized, object_hook=enum_object_hook)
    return _protocol(protocol).json_to_treespec(schema)


def _protocol(number: Any) -> ProtocolFn:
    if number not in SUPPORTED_PROTOCOLS:
        raise ValueError(f"Unknown protocol {number}. Available protocols: {list(SUPPORTED_PROTOCOLS)}")
    return SUPPORTED_PROTOCOLS[number]
