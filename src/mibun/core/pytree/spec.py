"""`TreeSpec`: the shape of a pytree, which puts leaves in their places and takes other trees apart like the first."""

from __future__ import annotations

import warnings
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .containers import BUILTIN_TYPES, STANDARD_DICT_TYPES
from .nodes import SUPPORTED_NODES, Context, PyTree, node_type


def _hashable(context: Context) -> Any:
    """Something that is equal for equal contexts, and has a hash: lists are contexts often, and have none."""
    if type(context) is list:
        return tuple([_hashable(part) for part in context])
    try:
        hash(context)
    except TypeError:
        return None
    return context


@dataclass(init=False, frozen=True, eq=False, repr=False, slots=True)
class TreeSpec:
    """The shape of a pytree: its container, what that needs to be put together again, and the specs of its children.

    Args:
        type: the container's class; the function `namedtuple` for named tuples; None for a leaf.
        context: what its `flatten_fn` gave beside the children, such as the keys of a dictionary.
        children_specs: a list of TreeSpecs.

    Attributes besides: num_nodes (leaves and containers), num_leaves, num_children. AssertionError for a leaf with
    children or a context.

    >>> from mibun.utils._pytree import tree_structure
    >>> spec = tree_structure({"a": [1, 2], "b": 3})
    >>> spec
    TreeSpec(dict, ['a', 'b'], [TreeSpec(list, None, [*,
        *]),
      *])
    >>> spec.num_leaves, spec.unflatten("xyz")
    (3, {'a': ['x', 'y'], 'b': 'z'})
    """

    type: Any
    _context: Context
    _children: list[TreeSpec]
    num_nodes: int = field(init=False)
    num_leaves: int = field(init=False)
    num_children: int = field(init=False)

    def __init__(self, type: Any, context: Context, children_specs: list[TreeSpec]) -> None:  # noqa: A002
        if type is None:
            if context is not None:
                raise AssertionError("leaf node should not have a context")
            if children_specs:
                raise AssertionError("leaf node should not have children")
            num_nodes = num_leaves = 1
        else:
            num_nodes, num_leaves = 1, 0
            for child in children_specs:
                num_nodes += child.num_nodes
                num_leaves += child.num_leaves
        # The slots' own descriptors: half the price of `object.__setattr__`.
        _set_type(self, type)
        _set_context(self, context)
        _set_children(self, children_specs)
        _set_num_nodes(self, num_nodes)
        _set_num_leaves(self, num_leaves)
        _set_num_children(self, len(children_specs))

    @property
    def context(self) -> Context:
        """What the container needs to be put together again, beside its children."""
        return self._context

    @property
    def children_specs(self) -> list[TreeSpec]:
        """The specs of the children; the older name of `children()`."""
        warnings.warn(
            "`treespec.children_specs` is deprecated. Use `treespec.child(index)` to access a single child, or "
            "`treespec.children()` to get all children.",
            FutureWarning,
            stacklevel=2,
        )
        return self._children

    def children(self) -> list[TreeSpec]:
        """The specs of the children, in a list of their own."""
        return self._children.copy()

    def child(self, index: int) -> TreeSpec:
        """The spec of one child. IndexError if there is none."""
        return self._children[index]

    def is_leaf(self) -> bool:
        """Whether this is the spec of a leaf."""
        return self.type is None

    def flatten_up_to(self, tree: PyTree) -> list[PyTree]:
        """The parts of another tree that are where this one has leaves: leaves themselves, or whole trees.

        ValueError where the other tree has another container, other keys, or another number of children. Dictionaries
        match by their keys, whatever their order and class, and deques whatever their greatest length.

        >>> from mibun.utils._pytree import tree_structure
        >>> tree_structure((0, [0])).flatten_up_to(({"x": 1}, [2]))
        [{'x': 1}, 2]
        """
        parts: list[PyTree] = []
        _part(self, tree, parts)
        return parts

    def unflatten(self, leaves: Iterable[Any]) -> PyTree:
        """The tree of this shape with these leaves. ValueError if they are too few or too many."""
        if not isinstance(leaves, (list, tuple)):
            leaves = list(leaves)
        if len(leaves) != self.num_leaves:
            raise ValueError(
                f"treespec.unflatten(leaves): `leaves` has length {len(leaves)} but the spec refers to a pytree that "
                f"holds {self.num_leaves} items ({self})."
            )
        return leaves[0] if self.type is None else _build(self, iter(leaves))

    def _text(self, indent: int) -> str:
        if self.type is None:
            return "*"
        indent += 2
        children = (",\n" + " " * indent).join([child._text(indent) for child in self._children])
        return f"TreeSpec({self.type.__name__}, {self._context}, [{children}])"

    def __repr__(self) -> str:
        return self._text(0)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        return (
            self.type is other.type  # type: ignore[attr-defined]
            and self.num_nodes == other.num_nodes  # type: ignore[attr-defined]
            and self._context == other._context  # type: ignore[attr-defined]
            and self._children == other._children  # type: ignore[attr-defined]
        )

    def __hash__(self) -> int:
        return hash((self.type, _hashable(self._context), tuple(self._children)))


_set_type, _set_context, _set_children, _set_num_nodes, _set_num_leaves, _set_num_children = (
    getattr(TreeSpec, name).__set__
    for name in ("type", "_context", "_children", "num_nodes", "num_leaves", "num_children")
)


class LeafSpec(TreeSpec):
    """The spec of a leaf. There is one, `treespec_leaf()`; `spec.is_leaf()` asks for it."""

    __slots__ = ()

    def __init__(self) -> None:
        warnings.warn(
            "`isinstance(treespec, LeafSpec)` is deprecated, use `isinstance(treespec, TreeSpec) and "
            "treespec.is_leaf()` instead.",
            FutureWarning,
            stacklevel=2,
        )
        TreeSpec.__init__(self, None, None, [])

    def __reduce__(self) -> Any:
        return treespec_leaf, ()


LEAF = object.__new__(LeafSpec)
TreeSpec.__init__(LEAF, None, None, [])


def _build(spec: TreeSpec, leaves: Any) -> PyTree:
    children = [next(leaves) if child.type is None else _build(child, leaves) for child in spec._children]
    return SUPPORTED_NODES[spec.type].unflatten_fn(children, spec._context)


def _part(spec: TreeSpec, tree: PyTree, parts: list[PyTree]) -> None:
    if spec.type is None:
        parts.append(tree)
        return
    for child, part in zip(spec._children, matching_children(spec, tree), strict=True):
        if child.type is None:
            parts.append(part)
        else:
            _part(child, part, parts)


def matching_children(spec: TreeSpec, tree: PyTree) -> list[PyTree]:
    """The children of a tree in the order of a spec's, if the two have the same root; else ValueError says why not."""
    kind = node_type(tree)
    if spec.type not in BUILTIN_TYPES:
        if kind != spec.type:
            raise ValueError(f"Type mismatch; expected {spec.type!r}, but got {kind!r}.")
        children, context = SUPPORTED_NODES[kind].flatten_fn(tree)
        children = list(children)
        _check_arity(spec, len(children))
        if context != spec._context:
            raise ValueError(f"Node context mismatch for custom node type {spec.type!r}.")
        return children
    dictionaries = spec.type in STANDARD_DICT_TYPES and kind in STANDARD_DICT_TYPES
    if kind != spec.type and not dictionaries:
        raise ValueError(f"Node type mismatch; expected {spec.type!r}, but got {kind!r}.")
    _check_arity(spec, len(tree))
    if dictionaries:
        keys = spec._context[1] if spec.type is defaultdict else spec._context
        if set(tree) != set(keys):
            missing, extra = set(keys) - set(tree), set(tree) - set(keys)
            found = [f"missing key(s): {missing}"] * bool(missing) + [f"extra key(s): {extra}"] * bool(extra)
            raise ValueError(f"Node keys mismatch; {'; '.join(found)}.")
        return [tree[key] for key in keys]
    children, context = SUPPORTED_NODES[kind].flatten_fn(tree)
    if context != spec._context and spec.type is not deque:
        raise ValueError(
            f"Node context mismatch for node type {spec.type!r}; expected {spec._context!r}, but got {context!r}."
        )
    return children


def _check_arity(spec: TreeSpec, found: int) -> None:
    if found != spec.num_children:
        raise ValueError(f"Node arity mismatch; expected {spec.num_children}, but got {found}.")


# --- making specs without a tree ---


def treespec_leaf() -> TreeSpec:
    """The spec of a leaf."""
    return LEAF


def treespec_tuple(iterable: Iterable[TreeSpec] = (), /) -> TreeSpec:
    """The spec of a tuple from those of its items. ValueError for anything else among them."""
    children = list(iterable)
    if not all(isinstance(child, TreeSpec) for child in children):
        raise ValueError(f"Expected a tuple of TreeSpec values, got: {children!r}.")
    return TreeSpec(tuple, None, children)


def treespec_dict(
    mapping: Mapping[Any, TreeSpec] | Iterable[tuple[Any, TreeSpec]] = (), /, **kwargs: TreeSpec
) -> TreeSpec:
    """The spec of a dictionary from those of its values. ValueError for anything else among them."""
    specs = dict(mapping, **kwargs)
    if not all(isinstance(child, TreeSpec) for child in specs.values()):
        raise ValueError(f"Expected a dictionary of TreeSpec values, got: {specs!r}.")
    return TreeSpec(dict, list(specs), list(specs.values()))


class _Asterisk(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return "*"


ASTERISK = _Asterisk("*")


def treespec_pprint(treespec: TreeSpec) -> str:
    """A spec as the tree that it is of, with `*` for its leaves.

    >>> from mibun.utils._pytree import tree_structure, treespec_pprint
    >>> treespec_pprint(tree_structure({"a": (1, [2])}))
    "{'a': (*, [*])}"
    """
    return repr(treespec.unflatten([ASTERISK] * treespec.num_leaves))


def refuse_other(treespec: object) -> NoReturn:
    """TypeError for what should have been a spec."""
    raise TypeError(f"Expected `treespec` to be an instance of PyTreeSpec but got item of type {type(treespec)}.")
