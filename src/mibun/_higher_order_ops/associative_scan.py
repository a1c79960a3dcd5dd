"""`associative_scan`: all partial results of an associative function along a dimension, in few steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..func import vmap
from ..ops.shape.joining import cat, stack
from ..utils._pytree import tree_leaves, tree_map


def associative_scan(
    combine_fn: Callable, xs: Any, dim: int, reverse: bool = False, combine_mode: str = "pointwise"
) -> Any:
    """`x[0]`, `f(x[0], x[1])`, `f(f(x[0], x[1]), x[2])`, ... for an associative function, along a dimension.

    Neighbours are combined, the half as many results scanned in the same way, and what lies between combined with them:
    log2(n) steps, each for all pairs at once by `vmap` (Blelloch, Prefix sums and their applications, 1990).

    Args:
        combine_fn: of two slices, without the dimension, or of two structures of them.
        xs: Tensors of the same length along `dim`, in lists, tuples and dicts.
        reverse: begin at the end.
        combine_mode: "generic"; "pointwise" is for GPUs, a ValueError as in PyTorch.

    Raises:
        ValueError: for other modes, and for Tensors of different lengths.

    >>> import mibun as torch
    >>> from mibun._higher_order_ops import associative_scan
    >>> associative_scan(lambda a, b: a * b, torch.arange(1., 5.), 0, combine_mode="generic")
    tensor([ 1.,  2.,  6., 24.])
    """
    if not callable(combine_fn):
        raise ValueError(f"Combine_fn must be a callable, but got {combine_fn}")
    if combine_mode not in ("pointwise", "generic"):
        raise ValueError(f"combine_mode must be 'pointwise' or 'generic', but got {combine_mode!r}")
    if combine_mode == "pointwise":
        raise ValueError("For combine_mode='pointwise', all input tensors need to be on CUDA or XPU")
    lengths = {leaf.shape[dim] for leaf in tree_leaves(xs)}
    if len(lengths) != 1:
        raise ValueError(f"All xs leaves must have the same number of elements along dim, not {lengths}")
    in_front = tree_map(lambda leaf: leaf.movedim(dim, 0), xs)
    if reverse:
        in_front = tree_map(lambda leaf: leaf.flip(0), in_front)
    result = _scanned(vmap(combine_fn), in_front, lengths.pop())
    if reverse:
        result = tree_map(lambda leaf: leaf.flip(0), result)
    return tree_map(lambda leaf: leaf.movedim(0, dim), result)


def _scanned(combine: Callable, xs: Any, n: int) -> Any:
    if n < 2:
        return xs
    pairs = combine(tree_map(lambda x: x[: n - 1 : 2], xs), tree_map(lambda x: x[1::2], xs))
    odd = _scanned(combine, pairs, n // 2)
    if n < 3:
        return tree_map(lambda x, o: cat([x[:1], o]), xs, odd)
    before = tree_map(lambda o: o[: (n - 1) // 2], odd)
    even = combine(before, tree_map(lambda x: x[2::2], xs))
    return tree_map(lambda x, o, e: _alternating(cat([x[:1], e]), o), xs, odd, even)


def _alternating(even: Any, odd: Any) -> Any:
    """The rows of two Tensors in turn; the first may have one more."""
    n = odd.shape[0]
    rows = stack([even[:n], odd], 1).flatten(0, 1)
    return cat([rows, even[n:]])
