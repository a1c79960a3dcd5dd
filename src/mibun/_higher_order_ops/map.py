"""`map`: a function of each slice along the first dimension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ops.shape.joining import stack
from ..utils._pytree import tree_leaves, tree_map


def map(f: Callable, xs: Any, *args: Any) -> Any:  # noqa: A001
    """`f(x, *args)` for each slice `x` along the first dimension, one after the other; the results stacked.

    xs: Tensors of the same length, in lists, tuples and dicts. RuntimeError for different lengths, or none.

    >>> import mibun as torch
    >>> from mibun._higher_order_ops import map
    >>> map(lambda x, y: x * y, torch.arange(3.), torch.ones(2))
    tensor([[0., 0.],
            [1., 1.],
            [2., 2.]])
    """
    lengths = {leaf.shape[0] for leaf in tree_leaves(xs)}
    if len(lengths) != 1 or lengths == {0}:
        raise RuntimeError(f"Leading dimensions of mapped xs must be the same, and positive, got {sorted(lengths)}.")
    results = [f(tree_map(lambda leaf, i=i: leaf[i], xs), *args) for i in range(lengths.pop())]
    return tree_map(lambda *parts: stack(parts), *results)
