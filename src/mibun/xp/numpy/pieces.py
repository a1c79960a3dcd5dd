"""Elementwise functions of many steps, along memory and one piece of it after the other.

What a formula makes on its way then stays in the processor's cache, where NumPy works several times as fast, and takes
the same little memory however large the arrays are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from .library import ndarray, np

PIECE = 1 << 16  # elements of float32: 256 KiB
LARGE = 1 << 16  # elements from which on it pays to have a formula of any kind work in pieces


def pieces_of(result: Any, *operands: Any, size: int = PIECE) -> Iterator[tuple]:
    """Parts of a contiguous result and of its operands, which have its shape; what is no array is given as it is."""
    flat = [array.reshape(-1) if type(array) is ndarray else array for array in (result, *operands)]
    total = result.size
    if total <= size:
        yield tuple(flat)
        return
    for start in range(0, total, size):
        piece = slice(start, start + size)
        yield tuple([array[piece] if type(array) is ndarray else array for array in flat])


def buffers_for(result: Any, count: int, dtype: Any = None) -> Any:
    """Memory for what is made on the way of one piece, (count, elements)."""
    return np.empty((count, min(PIECE, result.size)), dtype or result.dtype)


def in_memory_order(function: Callable) -> Callable:
    """An elementwise function that goes along memory: its result is laid out as the first array, as a ufunc's is."""

    @functools.wraps(function)
    def call(x: Any, *others: Any) -> Any:
        if type(x) is not ndarray or x.flags.c_contiguous or x.ndim < 2 or 0 in x.strides:
            return function(x, *others)  # (what repeats elements has no order to keep)
        if any([type(y) is ndarray and y.ndim and y.shape != x.shape for y in others]):
            return function(x, *others)  # what broadcasts does so by the order of the axes
        order = sorted(range(x.ndim), key=lambda axis: -abs(x.strides[axis]))
        others = tuple([y.transpose(order) if type(y) is ndarray and y.ndim else y for y in others])
        back = sorted(range(x.ndim), key=order.__getitem__)
        return function(x.transpose(order), *others).transpose(back)

    return call
