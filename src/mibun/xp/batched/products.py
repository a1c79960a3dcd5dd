"""Products of matrices and sums over products."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import Batched, levels_of, physical
from .rules import below, joined, rule


@rule("matmul")
def matmul(x: Any, y: Any) -> Any:
    nx, ny = x.ndim, y.ndim
    batched_x, batched_y = type(x) is Batched, type(y) is Batched
    if batched_x and not batched_y and ny == 2 and nx >= 1:
        # One product of matrices for all examples.
        a = x.array
        return Batched(below("matmul")(joined(a, a.ndim - 1), y).reshape((*a.shape[:-1], y.shape[1])), x.levels)
    levels = levels_of((x, y))
    if nx == 1:
        x = x[None, :]
    if ny == 1:
        y = y[:, None]
    rank = max(nx, ny, 2)
    out = below("matmul")(physical(x, levels, rank), physical(y, levels, rank))
    if ny == 1:
        out = out[..., 0]
    if nx == 1:
        out = out[..., 0, :] if ny != 1 else out[..., 0]
    return Batched(out, levels)


@rule("einsum")
def einsum(equation: str, *operands: Any, **options: Any) -> Any:
    """With a letter more for each level, which the result has too."""
    levels = levels_of(operands)
    inputs, _, output = equation.replace(" ", "").partition("->")
    free = [c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkjihgfedcba" if c not in equation]
    letter = dict(zip(levels, free, strict=False))
    terms = []
    for term, operand in zip(inputs.split(","), operands, strict=True):
        own = operand.levels if type(operand) is Batched else ()
        terms.append("".join([letter[level] for level in own]) + term)
    whole = [x.array if type(x) is Batched else x for x in operands]
    text = f"{','.join(terms)}->{''.join([letter[level] for level in levels])}{output}"
    return Batched(below("einsum")(text, *whole, **options), levels)


@rule("tensordot")
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    if isinstance(axes, int):
        axes = tuple(range(x.ndim - axes, x.ndim)), tuple(range(axes))
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    left = [next(letters) for _ in range(x.ndim)]
    right = [next(letters) for _ in range(y.ndim)]
    for one, other in zip(*axes, strict=True):
        right[other] = left[one]
    used = [left[i] for i in axes[0]]
    out = [c for c in left + right if c not in used]
    return einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", x, y)


@rule("mean_of_products")
def mean_of_products(x: Any, y: Any, axis: tuple[int, ...]) -> Any:
    levels = levels_of((x, y))
    rank = max(x.ndim, y.ndim)
    whole = [np.broadcast_to(physical(one, levels, rank), _shape(x, y, levels, rank)) for one in (x, y)]
    return Batched(below("mean_of_products")(*whole, tuple([a % rank + len(levels) for a in axis])), levels)


def _shape(x: Any, y: Any, levels: tuple[int, ...], rank: int) -> tuple[int, ...]:
    return np.broadcast_shapes(physical(x, levels, rank).shape, physical(y, levels, rank).shape)
