"""Users' classes as containers without functions of their own: data classes, and constants that have no leaves."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .keys import GetAttrKey
from .nodes import Context, PyTree, enter_node
from .spec import TreeSpec

T = TypeVar("T")


def register_dataclass(
    cls: type[Any],
    *,
    field_names: list[str] | None = None,
    drop_field_names: list[str] | None = None,
    serialized_type_name: str | None = None,
) -> None:
    """Make a data class a container whose children are its fields, by name. A field that is None is no child.

    field_names: the fields that are children, all that `__init__` takes unless given; a class that is no data class
    needs them. drop_field_names: fields that are lost: objects are made again without them. ValueError if the two do
    not say about every field what it is.

    >>> from mibun.utils._pytree import register_dataclass, tree_map
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Point:
    ...     x: float
    ...     y: float
    >>> register_dataclass(Point)
    >>> tree_map(lambda v: 2 * v, Point(1, 2))
    Point(x=2, y=4)
    """
    dropped = set(drop_field_names or ())
    if dataclasses.is_dataclass(cls):
        fields = [field.name for field in dataclasses.fields(cls) if field.init and field.name not in dropped]
        _check_fields(fields, field_names)
        names = fields if field_names is None else list(field_names)
    elif field_names is None:
        raise ValueError(
            f"field_names must be specified with a list of all fields used to initialize {cls}, as it is not a "
            "dataclass."
        )
    else:
        names = list(field_names)

    def flatten_with_keys(obj: PyTree) -> tuple[list[tuple[Any, Any]], Context]:
        keyed = [(GetAttrKey(name), getattr(obj, name)) for name in names if getattr(obj, name) is not None]
        return keyed, [[key.name for key, _ in keyed], [name for name in names if getattr(obj, name) is None]]

    def flatten(obj: PyTree) -> tuple[list[Any], Context]:
        keyed, context = flatten_with_keys(obj)
        return [value for _, value in keyed], context

    def unflatten(values: Any, context: Context) -> PyTree:
        present, absent = context
        return cls(**dict(zip(present, values, strict=True)), **dict.fromkeys(absent))

    enter_node(
        cls,
        flatten,
        unflatten,
        serialized_type_name=serialized_type_name,
        flatten_with_keys_fn=flatten_with_keys,
    )


def _check_fields(fields: list[str], given: list[str] | None) -> None:
    if given is None or set(given) == set(fields):
        return
    lines = ["field_names does not include all dataclass fields."]
    if missing := set(fields) - set(given):
        lines.append(f"Missing fields in `field_names`: {missing}. Add them there, or to `drop_field_names`.")
    if unexpected := set(given) - set(fields):
        lines.append(f"Unexpected fields in `field_names`: {unexpected}. Remove them.")
    raise ValueError("\n".join(lines))


# --- constants ---

CONSTANT_NODES: set[type] = set()


@dataclass(frozen=True)
class ConstantNode(Generic[T]):
    """The context of a constant: the constant itself."""

    value: T


def register_constant(cls: type[Any]) -> None:
    """Make the objects of a class part of the spec: they have no leaves, and two trees match where they are equal.

    The class must define `__eq__` and `__hash__`; TypeError if it does not.

    >>> from mibun.utils._pytree import register_constant, tree_leaves
    >>> class Mode(str):
    ...     __slots__ = ()
    >>> register_constant(Mode)
    >>> tree_leaves([Mode("train"), 1])
    [1]
    """
    for name in ("__eq__", "__hash__"):
        if getattr(cls, name) in (getattr(object, name), None):
            raise TypeError(f"register_constant(cls) expects `cls` to have a non-default `{name}` implementation.")

    def flatten(constant: PyTree) -> tuple[list[Any], Context]:
        return [], ConstantNode(constant)

    def unflatten(values: Any, context: Context) -> PyTree:
        return context.value

    enter_node(cls, flatten, unflatten, flatten_with_keys_fn=flatten)
    CONSTANT_NODES.add(cls)


def is_constant_class(cls: type[Any]) -> bool:
    """Whether the objects of this class were registered as constants."""
    return isinstance(cls, type) and cls in CONSTANT_NODES


def is_constant_holder(spec: TreeSpec) -> bool:
    """Whether this is the spec of a constant."""
    return isinstance(spec._context, ConstantNode)


def retrieve_constant(spec: TreeSpec) -> Any:
    """The constant that a spec is of. AssertionError if it is of something else."""
    if not is_constant_holder(spec):
        raise AssertionError("spec does not correspond to a registered constant pytree")
    return spec._context.value
