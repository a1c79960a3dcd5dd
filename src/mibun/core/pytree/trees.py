"""Taking pytrees apart and putting them together: leaves and specs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .nodes import PyTree, node_of
from .spec import LEAF, TreeSpec, matching_children, refuse_other

IsLeaf = Callable[[PyTree], bool] | None


def tree_is_leaf(tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether this is a leaf: `is_leaf` says so, or its class is no registered container. None is a leaf.

    >>> from mibun.utils._pytree import tree_is_leaf
    >>> tree_is_leaf(1), tree_is_leaf([]), tree_is_leaf([], is_leaf=lambda x: isinstance(x, list))
    (True, False, True)
    """
    return bool(is_leaf is not None and is_leaf(tree)) or node_of(tree) is None


def tree_flatten(tree: PyTree, is_leaf: IsLeaf = None) -> tuple[list[Any], TreeSpec]:
    """(leaves, spec): the leaves of a tree from left to right, and its shape without them.

    is_leaf: called with every part of the tree; what it says True for is a leaf whatever it is.

    >>> from mibun.utils._pytree import tree_flatten, tree_unflatten
    >>> leaves, spec = tree_flatten({"b": (1, None), "a": [2]})
    >>> leaves
    [1, None, 2]
    >>> tree_unflatten(leaves, spec)
    {'b': (1, None), 'a': [2]}
    """
    leaves: list[Any] = []
    return leaves, _flatten(tree, leaves, is_leaf)


def _flatten(tree: PyTree, leaves: list[Any], is_leaf: IsLeaf) -> TreeSpec:
    node = None if is_leaf is not None and is_leaf(tree) else node_of(tree)
    if node is None:
        leaves.append(tree)
        return LEAF
    children, context = node.flatten_fn(tree)
    return TreeSpec(
        node.type,
        context,
        [_flatten(child, leaves, is_leaf) for child in children],
    )


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> PyTree:
    """The tree of this shape with these leaves, the reverse of `tree_flatten`.

    ValueError for too few or too many leaves, TypeError if `treespec` is no spec.

    >>> from mibun.utils._pytree import tree_structure, tree_unflatten
    >>> tree_unflatten([1, 2], tree_structure(("x", {"y": "z"})))
    (1, {'y': 2})
    """
    if not isinstance(treespec, TreeSpec):
        refuse_other(treespec)
    return treespec.unflatten(leaves)


def tree_iter(tree: PyTree, is_leaf: IsLeaf = None) -> Iterator[Any]:
    """The leaves of a tree one by one, from left to right.

    >>> from mibun.utils._pytree import tree_iter
    >>> next(tree_iter([[], [7, 8]]))
    7
    """
    node = None if is_leaf is not None and is_leaf(tree) else node_of(tree)
    if node is None:
        yield tree
    else:
        for child in node.flatten_fn(tree)[0]:
            yield from tree_iter(child, is_leaf)


def tree_leaves(tree: PyTree, is_leaf: IsLeaf = None) -> list[Any]:
    """The leaves of a tree, from left to right.

    >>> from mibun.utils._pytree import tree_leaves
    >>> tree_leaves({"b": (1, None), "a": [2]})
    [1, None, 2]
    """
    leaves: list[Any] = []
    _collect(tree, leaves, is_leaf)
    return leaves


def _collect(tree: PyTree, leaves: list[Any], is_leaf: IsLeaf) -> None:
    node = None if is_leaf is not None and is_leaf(tree) else node_of(tree)
    if node is None:
        leaves.append(tree)
    else:
        for child in node.flatten_fn(tree)[0]:
            _collect(child, leaves, is_leaf)


def tree_structure(tree: PyTree, is_leaf: IsLeaf = None) -> TreeSpec:
    """The shape of a tree, without its leaves.

    >>> from mibun.utils._pytree import tree_structure
    >>> tree_structure([1, (2,)])
    TreeSpec(list, None, [*,
      TreeSpec(tuple, None, [*])])
    """
    return _flatten(tree, [], is_leaf)


def arg_tree_leaves(*args: PyTree, **kwargs: PyTree) -> list[Any]:
    """The leaves of the arguments of a call, the positional ones first.

    >>> from mibun.utils._pytree import arg_tree_leaves
    >>> arg_tree_leaves(1, [2], x=3)
    [1, 2, 3]
    """
    leaves: list[Any] = []
    for tree in (*args, *kwargs.values()):
        _collect(tree, leaves, None)
    return leaves


def broadcast_to_and_flatten(tree: PyTree, treespec: TreeSpec, is_leaf: IsLeaf = None) -> list[Any] | None:
    """A tree's leaves, each as often as `treespec` has leaves in its place; None if the tree is no prefix of the spec.

    So `in_dims=(0, None)` says a dimension for each Tensor in two nested arguments. Dictionaries match by their keys,
    and the leaves come in the order of the spec.

    >>> from mibun.utils._pytree import broadcast_to_and_flatten, tree_structure
    >>> broadcast_to_and_flatten((0, None), tree_structure(("x", ["y", "z"])))
    [0, None, None]
    """
    if tree_is_leaf(tree, is_leaf):
        return [tree] * treespec.num_leaves
    if treespec.is_leaf():
        return None
    try:
        children = matching_children(treespec, tree)
    except ValueError:
        return None
    leaves: list[Any] = []
    for child, spec in zip(children, treespec._children, strict=True):
        part = broadcast_to_and_flatten(child, spec, is_leaf)
        if part is None:
            return None
        leaves += part
    return leaves
