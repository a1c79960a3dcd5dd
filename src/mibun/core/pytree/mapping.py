"""Functions of every leaf of a pytree: `tree_map` and its relatives, and questions to all leaves."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any

from .nodes import PyTree
from .trees import IsLeaf, tree_flatten, tree_iter

Types = type | tuple[type, ...] | UnionType


def _lists(tree: PyTree, rests: tuple[PyTree, ...], is_leaf: IsLeaf) -> tuple[list[list[Any]], Any]:
    leaves, spec = tree_flatten(tree, is_leaf)
    return [leaves, *[spec.flatten_up_to(rest) for rest in rests]], spec


def tree_map(func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: IsLeaf = None) -> PyTree:
    """A tree of the same shape, whose leaves are `func` of the leaves that the given trees have there.

    rests: more trees, which have the shape of the first at least: where that has a leaf they may have a whole tree.
    is_leaf: see `tree_flatten`. ValueError for a tree of another shape.

    >>> from mibun.utils._pytree import tree_map
    >>> tree_map(lambda x, y: x + y, {"a": 1, "b": (2,)}, {"a": 10, "b": (20,)})
    {'a': 11, 'b': (22,)}
    """
    lists, spec = _lists(tree, rests, is_leaf)
    return spec.unflatten(map(func, *lists))


def tree_map_(func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: IsLeaf = None) -> PyTree:
    """Call `func` with the leaves for what it does to them, and return the tree itself.

    >>> from mibun.utils._pytree import tree_map_
    >>> tree_map_(print, [1, (2,)])
    1
    2
    [1, (2,)]
    """
    lists, _ = _lists(tree, rests, is_leaf)
    for args in zip(*lists, strict=True):
        func(*args)
    return tree


def map_only(
    type_or_types_or_pred: Types | Callable[[Any], bool], /
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """A decorator: the function is for objects of these types, or that a predicate accepts; others come back as given.

    TypeError if the argument is no type, tuple or union of types, or callable.

    >>> from mibun.utils._pytree import map_only
    >>> @map_only(int)
    ... def double(x):
    ...     return 2 * x
    >>> double(3), double("a")
    (6, 'a')
    """
    wanted: Any = type_or_types_or_pred
    if isinstance(wanted, (type, tuple, UnionType)):
        accepts: Callable[[Any], bool] = lambda x: isinstance(x, wanted)  # noqa: E731
    elif callable(wanted):
        accepts = wanted  # type: ignore[assignment]
    else:
        raise TypeError("Argument must be a type, a tuple of types, or a callable.")

    def decorate(func: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: func(x) if accepts(x) else x

    return decorate


def tree_map_only(
    type_or_types_or_pred: Types | Callable[[Any], bool],
    /,
    func: Callable[[Any], Any],
    tree: PyTree,
    is_leaf: IsLeaf = None,
) -> PyTree:
    """`tree_map` for the leaves of some types, or that a predicate accepts; the others stay as they are.

    >>> from mibun.utils._pytree import tree_map_only
    >>> tree_map_only(str, str.upper, ["a", 1])
    ['A', 1]
    """
    return tree_map(map_only(type_or_types_or_pred)(func), tree, is_leaf=is_leaf)


def tree_map_only_(
    type_or_types_or_pred: Types | Callable[[Any], bool],
    /,
    func: Callable[[Any], Any],
    tree: PyTree,
    is_leaf: IsLeaf = None,
) -> PyTree:
    """`tree_map_` for the leaves of some types, or that a predicate accepts."""
    return tree_map_(map_only(type_or_types_or_pred)(func), tree, is_leaf=is_leaf)


def tree_all(pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a predicate holds for all leaves.

    >>> from mibun.utils._pytree import tree_all
    >>> tree_all(callable, [print, {"f": len}])
    True
    """
    return all(map(pred, tree_iter(tree, is_leaf)))


def tree_any(pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a predicate holds for some leaf."""
    return any(map(pred, tree_iter(tree, is_leaf)))


def tree_all_only(type_or_types: Types, /, pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a predicate holds for all leaves of some types."""
    return all(pred(x) for x in tree_iter(tree, is_leaf) if isinstance(x, type_or_types))


def tree_any_only(type_or_types: Types, /, pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a predicate holds for some leaf of these types."""
    return any(pred(x) for x in tree_iter(tree, is_leaf) if isinstance(x, type_or_types))
