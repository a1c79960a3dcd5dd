"""Distances between all pairs of vectors: cdist between two sets, pdist within one."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import multilinear, op
from ...dispatch.public import public
from .norms import vector_norm_rule


def _differences(xp: Any, x1: Array, x2: Array) -> Array:
    """(*, p, r, m): all differences of rows."""
    return xp.expand_dims(x1, axis=-2) - xp.expand_dims(x2, axis=-3)


def _norm(xp: Any, differences: Array, p: float) -> Array:
    if differences.shape[-1] == 0:
        return xp.zeros(differences.shape[:-1], dtype=differences.dtype)
    return xp.vector_norm(differences, ord=p, dims=(differences.ndim - 1,), keepdim=False)


def _rule(xp: Any, g: Array, differences: Array, out: Array, p: float) -> Array:
    """The gradient of the differences: 0 for a distance of 0; where p = inf all of the largest differences count."""
    if math.isinf(p):
        met = xp.equal(xp.abs(differences), xp.expand_dims(out, axis=-1))
        return xp.where(met, xp.sign(differences) * xp.expand_dims(g, axis=-1), xp.zeros_like(differences))
    found = vector_norm_rule(xp, g, differences, out, p, (len(differences.shape) - 1,))
    return xp.zeros_like(differences) if found is None else found


def _cdist_joint(xp, g, x1, x2, out, p):
    found = _rule(xp, g, _differences(xp, x1, x2), out, p)
    return xp.sum(found, axis=-2), -xp.sum(found, axis=-3)


@op(name="cdist", dtype=None, joint=_cdist_joint)
def _cdist(xp, x1, x2, *, p):
    return _norm(xp, _differences(xp, x1, x2), p)


def _euclidean_joint(xp, g, x1, x2, out):
    """(g / d) (x1 - x2) summed over the other set, as products of matrices; 0 for a distance of 0."""
    ratio = xp.where(xp.equal(out, 0), 0.0, g / xp.where(xp.equal(out, 0), 1.0, out))
    back = xp.matrix_transpose(ratio)
    g1 = x1 * xp.sum(ratio, axis=-1, keepdims=True) - xp.matmul(ratio, x2)
    return g1, x2 * xp.sum(back, axis=-1, keepdims=True) - xp.matmul(back, x1)


@op(name="euclidean_distances", node="EuclideanDistBackward0", dtype=None, joint=_euclidean_joint)
def _euclidean(xp, x1, x2):
    one, other = (xp.sum(x * x, axis=-1, keepdims=True) for x in (x1, x2))
    square = one - 2 * xp.matmul(x1, xp.matrix_transpose(x2)) + xp.matrix_transpose(other)
    return xp.sqrt(xp.where(square < 0, xp.zeros_like(square), square))


_MODES = {
    "use_mm_for_euclid_dist_if_necessary": None,
    "use_mm_for_euclid_dist": True,
    "donot_use_mm_for_euclid_dist": False,
}


@public("cdist", method=False)
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """The p-norm distances between each row of x1 and each row of x2: `out[i, j] = |x1[i] - x2[j]|_p`.

    Args:
        x1: (*, n, m), of a floating dtype.
        x2: (*, r, m), of the same dtype; batches broadcast.
        p: the order of the norm, from 0 (the number of different elements) to inf.
        compute_mode: whether Euclidean distances are computed with a product of matrices, which is quicker and less
            exact: "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist", or by default for more than 25 rows on
            either side.

    Returns:
        (*, n, r). Where a distance is zero so is its gradient.

    Raises:
        RuntimeError: for fewer than 2 dimensions, a negative p, and sizes or dtypes that do not fit. ValueError for
            another compute_mode.

    >>> import mibun as torch
    >>> torch.cdist(torch.tensor([[0., 0.]]), torch.tensor([[3., 4.], [0., 1.]]))
    tensor([[5., 1.]])
    """
    check_tensor(x1, "cdist", "x1")
    check_tensor(x2, "cdist", "x2", 2)
    if compute_mode not in _MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode; it takes {', '.join(_MODES)}")
    a, b = x1._array_, x2._array_
    for name, array in (("X1", a), ("X2", b)):
        if array.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {array.ndim}D")
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(f"X1 and X2 must have the same number of columns. X1: {a.shape[-1]} X2: {b.shape[-1]}")
    for name, tensor, array in (("X1", x1, a), ("X2", x2, b)):
        if array.dtype.kind not in "fV":
            raise RuntimeError(f"cdist only supports floating-point dtypes, {name} got: {tensor.dtype.scalar_name}")
    if p < 0:
        raise RuntimeError(f"cdist only supports non-negative p values, but got {p}")
    check_broadcast([a.shape[:-2], b.shape[:-2]])
    if a.dtype != b.dtype:
        raise RuntimeError(f"expected scalar type {x1.dtype.scalar_name} but found {x2.dtype.scalar_name}")
    by_product = _MODES[compute_mode]
    if by_product is None:
        by_product = a.shape[-2] > 25 or b.shape[-2] > 25
    if p == 2 and by_product and a.shape[-1]:
        result = _euclidean(x1, x2)
        return result.view(result._array_.shape)  # a node more, as in PyTorch
    if a.dtype.itemsize == 2:
        raise NotImplementedError(f"\"cdist\" not implemented for '{x1.dtype.scalar_name}'")
    return _cdist(x1, x2, p=float(p))


def _pairs(xp: Any, n: int) -> tuple[Array, Array]:
    """The rows of all pairs i < j."""
    first = np.repeat(np.arange(n - 1), np.arange(n - 1, 0, -1))
    starts = np.cumsum(np.arange(n - 1, 0, -1)) - np.arange(n - 1, 0, -1)
    second = np.arange(first.size) - (starts - np.arange(1, n))[first]
    return xp.asarray(first), xp.asarray(second)


@functools.lru_cache(maxsize=4)
def _places(n: int) -> Any:
    """Where the value of each pair is found for each place of the symmetric matrix, in rows; beyond all for i = j."""
    row = np.arange(n)
    upper = (row * (2 * n - row - 3) // 2 - 1)[:, None] + row
    places = np.where(row[:, None] < row, upper, upper.T)
    np.fill_diagonal(places, n * (n - 1) // 2)
    return places.reshape(-1)


def _square(xp: Any, values: Array, n: int) -> Array:
    """The symmetric matrix of one value for each pair, with 0 on its diagonal."""
    places = _places(n) if n <= 500 else _places.__wrapped__(n)  # which are 2 MB at most, and often asked for again
    values = xp.concat([values, xp.zeros((1,), dtype=values.dtype)], axis=0)
    return xp.reshape(xp.take(values, xp.asarray(places), axis=0), (n, n))


def _pulled_weights(xp, g, x):
    return xp.sum(xp.expand_dims(g, axis=-2) * _differences(xp, x, x), axis=-1)


@op(
    multilinear,
    name="pull_together",
    dtype=None,
    scalars=False,
    vjp={
        "weights": lambda xp, g, x: _pulled_weights(xp, g, x),
        "x": lambda xp, g, weights: xp.pull_together(weights, g),
    },
)
def _pull_together(xp, weights, x):
    """For each row i the sum over j of weights[i, j] (x[i] - x[j]); the weights are symmetric."""
    return xp.weighted_differences(weights, x)


def _pdist_rule(xp, g, input, out, p):
    n = input.shape[0]
    if n < 2:
        return xp.zeros_like(input)
    if p == 2:  # (g / d) (x[i] - x[j]) summed over the other rows; 0 for a distance of 0
        ratio = xp.where(xp.equal(out, 0), 0.0, g / xp.where(xp.equal(out, 0), 1.0, out))
        return xp.pull_together(_square(xp, ratio, n), input)
    i, j = _pairs(xp, n)
    found = _rule(xp, g, xp.take(input, i, axis=0) - xp.take(input, j, axis=0), out, p)
    one, other = (xp.select_indices_embed(found, index, shape=tuple(input.shape), dim=0) for index in (i, j))
    return one - other


@op(name="pdist", dtype=None, vjp=_pdist_rule)
def _pdist(xp, input, *, p):
    n = input.shape[0]
    if n < 2:
        return xp.zeros((0,), dtype=input.dtype)
    if p == 2:
        return xp.euclidean_pairs(input)
    i, j = _pairs(xp, n)
    return _norm(xp, xp.take(input, i, axis=0) - xp.take(input, j, axis=0), p)


@public("pdist", method=False)
def pdist(input: Tensor, p: float = 2) -> Tensor:
    """The p-norm distances between all pairs of rows: of n (n - 1) / 2, in the order (0, 1), (0, 2), ..., (1, 2), ...

    Args:
        input: (n, m), of a floating dtype.
        p: the order of the norm, from 0 (the number of different elements) to inf.

    Returns:
        (n (n - 1) / 2,).

    Raises:
        RuntimeError: where it is not 2-D or not floating, and for a negative p.

    >>> import mibun as torch
    >>> torch.pdist(torch.tensor([[0., 0.], [3., 4.], [0., 1.]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    check_tensor(input, "pdist")
    x = input._array_
    if x.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {x.ndim}D")
    if x.dtype.kind not in "fV":
        raise RuntimeError(f"pdist only supports floating-point dtypes, but got {input.dtype.scalar_name}")
    if p < 0:
        raise RuntimeError(f"pdist only supports non-negative p values, but got {p}")
    if x.dtype.itemsize == 2:
        raise NotImplementedError(f"\"pdist\" not implemented for '{input.dtype.scalar_name}'")
    return _pdist(input, p=float(p))


__all__ = ["cdist", "pdist"]
