"""`scan`: a function along a dimension, which carries something from one step to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ops.shape.joining import stack
from ..utils._pytree import tree_leaves, tree_map


def scan(combine_fn: Callable, init: Any, xs: Any, *, dim: int = 0, reverse: bool = False) -> tuple[Any, Any]:
    """`carry, y = combine_fn(carry, x)` for each `x` along a dimension: the last carry, and all `y`, stacked.

    Args:
        combine_fn: returns the next carry, of the structure of `init`, and a Tensor or a structure of Tensors.
        init: the first carry: Tensors in lists, tuples and dicts.
        xs: Tensors, of which step i gets the slice i along `dim`.
        reverse: begin at the end; `y` is at the place of its `x` all the same.

    Returns:
        The last carry, and the results, stacked along `dim` too.

    Raises:
        RuntimeError: for Tensors of different lengths, or none.

    >>> import mibun as torch
    >>> from mibun._higher_order_ops import scan
    >>> scan(lambda total, x: (total + x, total * x), torch.zeros(()), torch.arange(4.))
    (tensor(6.), tensor([0., 0., 2., 9.]))
    """
    if not callable(combine_fn):
        raise RuntimeError(f"Combine_fn must be a callable, but got {combine_fn}")
    leaves = tree_leaves(xs)
    lengths = {leaf.shape[dim] for leaf in leaves}
    if len(lengths) != 1 or lengths == {0}:
        raise RuntimeError(f"All xs leaves must have the same, positive number of elements along dim, not {lengths}")
    carry, results = init, []
    n = lengths.pop()
    for i in reversed(range(n)) if reverse else range(n):
        carry, y = combine_fn(carry, tree_map(lambda leaf, i=i: leaf.select(dim, i), xs))
        results.append(y)
    if reverse:
        results.reverse()
    return carry, tree_map(lambda *parts: stack(parts).movedim(0, dim), *results)
