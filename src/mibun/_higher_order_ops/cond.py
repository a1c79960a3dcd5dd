"""`torch.cond`: one of two functions, by the value of a Tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.batching import levels_of
from ..core.tensor import Tensor
from ..ops.pointwise.where import where
from ..utils._pytree import tree_flatten, tree_leaves, tree_map


def cond(pred: Any, true_fn: Callable, false_fn: Callable, operands: tuple | list = ()) -> Any:
    """`true_fn(*operands)` if `pred` is true, else `false_fn(*operands)`.

    Where `pred` differs between the examples of a `vmap`, both are computed, and each example gets its own.

    Args:
        pred: a bool, a number, or a Tensor of one element.
        true_fn, false_fn: functions of the operands.
        operands: Tensors, and nested lists, tuples and dicts of them.

    Raises:
        RuntimeError: for a pred of several elements, branches that cannot be called, operands of another kind.

    >>> import mibun as torch
    >>> x = torch.tensor(-3.)
    >>> torch.cond(x > 0, lambda x: x, lambda x: -x, (x,))
    tensor(3.)
    """
    if not callable(true_fn) or not callable(false_fn):
        raise RuntimeError("Expect both branches to be callable.")
    if not isinstance(pred, (bool, int, float, Tensor)) or (isinstance(pred, Tensor) and pred.numel() != 1):
        raise RuntimeError(f"Expected pred to be bool or single-element tensor, but got {pred}.")
    if not isinstance(operands, (tuple, list)) or not all(
        isinstance(leaf, (Tensor, int, float)) or leaf is None for leaf in tree_leaves(operands)
    ):
        raise RuntimeError(
            "Expect operands to be a tuple of possibly nested dict/list/tuple that only consists of tensor leaves, but "
            f"got {operands}."
        )
    if isinstance(pred, Tensor) and levels_of((pred,)):
        return _of_each_example(pred, true_fn(*operands), false_fn(*operands))
    return true_fn(*operands) if bool(pred) else false_fn(*operands)


def _of_each_example(pred: Tensor, first: Any, second: Any) -> Any:
    if tree_flatten(first)[1] != tree_flatten(second)[1]:
        raise RuntimeError("torch.cond: the two branches return values of different structure")
    return tree_map(lambda one, other: where(pred, one, other), first, second)
