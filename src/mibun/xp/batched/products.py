"""Products of matrices and sums over products."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.mode import MODE
from ...core.registry import LEADING, NAMESPACES
from .array import Batched, Deferred, levels_of, physical
from .library import in_order, is_array, xp
from .rules import among_unbatched, below, joined, looking, rule


@looking("matmul")
def matmul(x: Any, y: Any, late: bool = True) -> Any:
    if type(y) is Batched:  # the commonest: matrices of one level, or one that all examples share by theirs
        levels, two = y.levels, y.array
        rank = two.ndim - len(levels)
        if rank == 2 and (x.levels == levels if type(x) is Batched else is_array(x)):
            one = x.array if type(x) is Batched else x
            if one.ndim == (two.ndim if one is not x else 2) and one.shape[-1] != 1:
                if not late or one is x or not (_is_larger(one, two) and are_over(levels)):
                    return Batched(xp.matmul(one, two), levels)
    elif type(x) is not Batched:
        return among_unbatched("matmul", x, y)
    nx, ny = x.ndim, y.ndim
    if type(x) in LEADING or type(y) in LEADING:
        return _by_sparse(x, y)
    batched_x, batched_y = type(x) is Batched, type(y) is Batched
    if batched_x and not batched_y and ny == 2 and nx >= 1:
        # One product of matrices for all examples, if that needs no copy.
        a = x.array
        if a.ndim > 2 and not in_order(a):
            return Batched(xp.matmul(a, y), x.levels)
        rows = a if a.ndim == 2 else joined(a, a.ndim - 1)
        return Batched(below("matmul")(rows, y).reshape((*a.shape[:-1], y.shape[1])), x.levels)
    if nx == 2 and ny == 1 and not batched_x:
        return matmul(y, xp.permute_dims(x, (1, 0)))
    levels = levels_of((x, y))
    if nx == 1:
        x = x[None, :]
    if ny == 1:
        y = y[:, None]
    rank = max(nx, ny, 2)
    one, two = physical(x, levels, rank), physical(y, levels, rank)
    if late and batched_x and batched_y and nx > 1 and ny > 1 and _is_larger(one, two) and are_over(levels):
        return Batched(_deferred_product(one, two, len(levels)), levels)
    out = _product(one, two)
    if ny == 1:
        out = out[..., 0]
    if nx == 1:
        out = out[..., 0, :] if ny != 1 else out[..., 0]
    return Batched(out, levels)


def _by_sparse(x: Any, y: Any) -> Any:
    """A sparse matrix by a batched one, or the other way round: all examples side by side, in one product."""
    if type(y) in LEADING:
        rows = x.array.reshape((-1, x.shape[-1]))
        out = NAMESPACES[type(y)].matmul(rows, y)
        return Batched(out.reshape((*x.array.shape[:-1], y.shape[1])), x.levels)
    hidden = y.array.ndim - y.ndim
    inner = hidden + max(y.ndim - 2, 0)  # the axis that is summed over
    columns = xp.moveaxis(y.array, inner, 0)
    out = NAMESPACES[type(x)].matmul(x, columns.reshape((columns.shape[0], -1)))
    return Batched(xp.moveaxis(out.reshape((x.shape[0], *columns.shape[1:])), 0, inner), y.levels)


def _is_larger(x: Any, y: Any) -> bool:
    """Whether a product of matrices has more elements than both of them: as a gradient of what all examples share."""
    m, k, n = x.shape[-2], x.shape[-1], y.shape[-1]
    return m * n > k * (m + n)


def are_over(levels: tuple[int, ...]) -> bool:
    """Whether a level is not running any more: a sum over its examples may follow, and need not have each of them."""
    running = MODE.get().transforms
    return not running or not {level.number for level in running}.issuperset(levels)


_FEW = 1 << 14  # elements of a result that a multiplication makes as soon as `einsum`


def _product(x: Any, y: Any) -> Any:
    """Of columns and rows not by BLAS: one product of matrices for each example takes several times as long."""
    if x.shape[-1] != 1 or y.ndim < 2 or y.shape[-2] != 1:
        return below("matmul")(x, y)
    if type(x) is not np.ndarray or x.size * y.shape[-1] < _FEW or x.dtype.char not in "fdFD" or x.dtype != y.dtype:
        return x * y
    return np.einsum("...ik,...kj->...ij", x, y)


def _deferred_product(x: Any, y: Any, hidden: int) -> Deferred:
    """The product, which is not computed where only its sum over some of the hidden axes is wanted."""
    shape = (*np.broadcast_shapes(x.shape[:-2], y.shape[:-2]), x.shape[-2], y.shape[-1])

    def total(axes: tuple[int, ...]) -> Any:
        # Summed over the examples and the inner axis in one product of matrices.
        n, k = x.ndim, len(axes)
        full = [shape[i] if i in axes else None for i in range(hidden)]
        one, two = [
            xp.broadcast_to(z, (*[z.shape[i] if m is None else m for i, m in enumerate(full)], *z.shape[hidden:]))
            for z in (x, y)
        ]
        one, two = xp.moveaxis(one, axes, range(n - 1 - k, n - 1)), xp.moveaxis(two, axes, range(n - 2 - k, n - 2))
        inner = math.prod(one.shape[n - 1 - k :])
        one = one.reshape((*one.shape[: n - 1 - k], inner))
        return below("matmul")(one, two.reshape((*two.shape[: n - 2 - k], inner, two.shape[-1])))

    return Deferred(shape, x.dtype, lambda: _product(x, y), total)


@rule("outer_product")
def outer_product(x: Any, y: Any, late: bool = True) -> Any:
    if type(x) is not Batched or type(y) is not Batched:
        return x[:, None] * y
    return matmul(x[:, None], y[None, :], late)


@rule("einsum")
def einsum(equation: str, *operands: Any, late: bool = True, **options: Any) -> Any:
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
    hidden = "".join([letter[level] for level in levels])

    def compute(shown: str = hidden, ways: dict[str, Any] = options) -> Any:
        return below("einsum")(f"{','.join(terms)}->{shown}{output}", *whole, **ways)

    if not late:
        return Batched(compute(), levels)
    sizes = {
        c: n
        for term, x in zip(terms, whole, strict=True)
        if "." not in term
        for c, n in zip(term, x.shape, strict=False)
    }
    shape = [sizes.get(c, 0) for c in hidden + output]
    larger = len(whole) > 1 and "." not in output and math.prod(shape) > sum([x.size for x in whole])
    if larger and all([type(x) is Batched for x in operands]) and are_over(levels):

        def total(axes: tuple[int, ...]) -> Any:
            return compute("".join([c for i, c in enumerate(hidden) if i not in axes]), {"optimize": True})

        return Batched(Deferred(tuple(shape), whole[0].dtype, compute, total), levels)
    return Batched(compute(), levels)


@rule("tensordot")
def tensordot(x: Any, y: Any, axes: Any = 2, late: bool = True) -> Any:
    if isinstance(axes, int):
        axes = tuple(range(x.ndim - axes, x.ndim)), tuple(range(axes))
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    left = [next(letters) for _ in range(x.ndim)]
    right = [next(letters) for _ in range(y.ndim)]
    for one, other in zip(*axes, strict=True):
        right[other] = left[one]
    used = [left[i] for i in axes[0]]
    out = [c for c in left + right if c not in used]
    return einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", x, y, late=late)


@rule("mean_of_products")
def mean_of_products(x: Any, y: Any, axis: tuple[int, ...]) -> Any:
    levels = levels_of((x, y))
    rank = max(x.ndim, y.ndim)
    whole = [xp.broadcast_to(physical(one, levels, rank), _shape(x, y, levels, rank)) for one in (x, y)]
    return Batched(below("mean_of_products")(*whole, tuple([a % rank + len(levels) for a in axis])), levels)


@rule("moments")
def moments(x: Any, axis: tuple[int, ...]) -> tuple[Any, Any]:
    levels = levels_of((x,))
    found = below("moments")(physical(x, levels, x.ndim), tuple([a % x.ndim + len(levels) for a in axis]))
    return Batched(found[0], levels), Batched(found[1], levels)


def _shape(x: Any, y: Any, levels: tuple[int, ...], rank: int) -> tuple[int, ...]:
    return np.broadcast_shapes(physical(x, levels, rank).shape, physical(y, levels, rank).shape)
