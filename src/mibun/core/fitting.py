"""What happens to a gradient on its way from one node to the next: it is summed down, cast, and added to others.

Rules never mention broadcasting or casts: the engine makes their results fit what they are the gradients of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .node import Node
from .quiet import NUMERICAL
from .registry import NAMESPACES

_add = np.add


def fit(result: Any, shape: tuple, dtype: Any, recorded: bool, node: Node, index: int) -> Any:
    """Sum a gradient down to the shape, and cast it to the dtype, of what it is the gradient of."""
    raw = result._array_ if recorded else result
    xp = NAMESPACES[type(result)]
    if raw.shape != shape:
        try:
            expandable = tuple(np.broadcast_shapes(shape, raw.shape)) == tuple(raw.shape)
        except ValueError:
            expandable = False
        if not expandable:
            raise RuntimeError(
                f"Function {node.name()} returned an invalid gradient at index {index} - got {list(raw.shape)} but "
                f"expected shape compatible with {list(shape)}. The node is {node.where()}"
            )
        result = xp.sum_to(result, shape)
    if raw.dtype != dtype:
        if raw.dtype.kind == "c" and dtype.kind != "c":
            _refuse_complex_from_user(node, index)
        result = xp.astype(result, dtype)
    return result


def _refuse_complex_from_user(node: Node, index: int) -> None:
    """The rules may leave it to the engine to take the real part; a Function that is off in this is likely wrong."""
    if not node.pure:
        raise RuntimeError(
            f"Function {node.name()} returned an invalid gradient at index {index} - got a complex one for a real "
            f"input: return its real part, if that is what is meant. The node is {node.where()}"
        )


def total_of(total: Any, grad: Any, key: Any, owned: set) -> Any:
    """The sum of two gradients, in place where the first one is a sum made by this backward.

    key: the node, or (node, output number), that they arrive at. owned: those whose sums were made here.
    """
    if grad is None:
        return total
    if total is None:
        return grad
    out_of_place = True
    try:
        if key in owned and type(total) is np.ndarray and type(grad) is np.ndarray:
            out_of_place = False
            return np.add(total, grad, out=total)
        owned.add(key)
        return total + grad
    except NUMERICAL:
        # inf - inf, where the user has made them errors. NumPy raises after it has written all of `out`, so only a
        # sum that was to be a new array is still to be made.
        with np.errstate(all="ignore"):
            return total + grad if out_of_place else total


def add_to(entry: list, grad: Any) -> None:
    """Add a gradient to [leaf, sum, whether the sum was made here], in place where it was."""
    total = entry[1]
    try:
        if entry[2] and type(total) is np.ndarray and type(grad) is np.ndarray:
            _add(total, grad, total)
        elif total is None:
            entry[1] = grad
        else:
            entry[1] = total + grad
            entry[2] = True
    except NUMERICAL:  # see `total_of`
        if not entry[2]:
            with np.errstate(all="ignore"):
                entry[1] = total + grad
                entry[2] = True


__all__ = ["add_to", "fit", "total_of"]
