"""Medians and quantiles, weighted averages, covariances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import NO_VALUE, axes_of, cast, common, floating, implements, ops, tensor_of, written
from .reduce import _flat
from .reductions import mean


def _lined_up(a: Any, axis: Any) -> tuple[Tensor, tuple[int, ...]]:
    """The operand with the axes to be reduced as one, the last."""
    tensor = floating(tensor_of(a))
    axes = axes_of(axis, tensor.ndim)
    return _flat(tensor, axes), axes


def _kept(result: Tensor, axes: tuple[int, ...], keepdims: Any, first: int = 0) -> Tensor:
    if keepdims is not NO_VALUE and keepdims:
        for axis in sorted(axes):
            result = result.unsqueeze(axis + first)
    return result


def _values(tensor: Tensor, places: np.ndarray) -> Tensor:
    return ops.take_along_dim(tensor, tensor_of(places), -1)


def _quantiles(
    a: Any, q: Any, axis: Any, method: Any, keepdims: Any, skip_nan: bool, scale: float, weights: Any
) -> Tensor:
    """By NumPy's own quantiles of the ranks 0, 1, 2, …: they say between which two elements each one lies.

    The elements are sorted; the quantile of their ranks is a position, whose part after the point interpolates. Methods
    that jump give whole ranks.
    """
    if weights is not None:
        raise RuntimeError("np.quantile: weights cannot be followed by autograd")
    tensor, axes = _lined_up(a, axis)
    q = tensor_of(q)
    levels = np.asarray(q._array_, float) / scale
    if levels.size and not ((levels >= 0) & (levels <= 1)).all():
        raise ValueError(f"{'Percentiles' if scale == 100 else 'Quantiles'} must be in the range [0, {scale:g}]")
    array = tensor._array_
    order = np.argsort(array, -1, kind="stable")  # NaN come last
    sizes = (~np.isnan(array)).sum(-1) if skip_nan else np.full(array.shape[:-1], array.shape[-1])
    ranks = np.zeros(levels.shape + array.shape[:-1])
    for n in np.unique(sizes):
        found = np.quantile(np.arange(n, dtype=float), levels, method=method) if n else np.zeros(levels.shape)
        ranks[..., sizes == n] = np.asarray(found)[..., None]
    low = np.floor(ranks)
    part = tensor_of(ranks - low)
    if q.requires_grad:
        # Linear in q between two elements: for the default method the slope of the rank is n - 1.
        if method != "linear":
            raise RuntimeError(f"np.quantile: no derivative with respect to q by the method {method!r}")
        shape = [*q.shape, *[1] * (array.ndim - 1)]
        part = part + (q - q.detach()).reshape(shape) / scale * tensor_of((sizes - 1).astype(float))
    low, high = low.astype(np.int64), np.ceil(ranks).astype(np.int64)
    high = np.where((high == low) & q.requires_grad & (low < sizes - 1), low + 1, high)
    ordered = _values(tensor, order)
    below, above = [
        _values(ordered.broadcast_to(i.shape[: levels.ndim] + array.shape), i[..., None]).squeeze(-1)
        for i in (low, high)
    ]
    result = ops.where(tensor_of(high == low), below, below + (above - below) * cast(part, tensor.dtype))
    bad = sizes == 0 if skip_nan else np.isnan(array).any(-1)
    if bad.any():
        result = ops.where(tensor_of(bad), ops.full((), math.nan, dtype=result.dtype), result)
    return _kept(result, axes, keepdims, levels.ndim)


def _enter_quantiles(name: str, scale: float, skip_nan: bool) -> None:
    @implements(name)
    def call(
        a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None
    ) -> Tensor:
        return written(_quantiles(a, q, axis, method, keepdims, skip_nan, scale, weights), out, name)


for _name, _scale in (("quantile", 1.0), ("percentile", 100.0)):
    _enter_quantiles(_name, _scale, False)
    _enter_quantiles(f"nan{_name}", _scale, True)


def _enter_median(name: str, skip_nan: bool) -> None:
    @implements(name)
    def call(a, axis=None, out=None, overwrite_input=False, keepdims=False) -> Tensor:
        return written(_quantiles(a, 0.5, axis, "linear", keepdims, skip_nan, 1.0, None), out, name)


_enter_median("median", False)
_enter_median("nanmedian", True)


@implements("average")
def average(a, axis=None, weights=None, returned=False, *, keepdims=NO_VALUE) -> Any:
    tensor = floating(tensor_of(a))
    axes = axes_of(axis, tensor.ndim)
    keep = keepdims is not NO_VALUE and bool(keepdims)
    if weights is None:
        result = mean(tensor, axis, keepdims=keep)
        total = ops.full_like(result, math.prod([tensor.shape[one] for one in axes]))
        return (result, total) if returned else result
    weights = tensor_of(weights)
    if tuple(weights.shape) != tuple(tensor.shape):
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if tuple(weights.shape) != tuple([tensor.shape[one] for one in axes]):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        order = np.argsort(axes)
        weights = weights.permute(*[int(i) for i in order])
        weights = weights.reshape([tensor.shape[i] if i in axes else 1 for i in range(tensor.ndim)])
    tensor, weights = common([tensor, weights])
    weights = weights.broadcast_to(tensor.shape)
    total = weights.sum(axes, keepdim=keep) if axes else weights
    if (np.asarray(total._array_) == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    result = (tensor * weights).sum(axes, keepdim=keep) / total
    return (result, total) if returned else result


@implements("cov")
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None) -> Tensor:
    x = cast(floating(tensor_of(m)), dtype)
    if x.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    x = ops.atleast_2d(x)
    if not rowvar and tensor_of(m).ndim != 1:
        x = x.mT
    if y is not None:
        other = ops.atleast_2d(floating(tensor_of(y)))
        x = ops.cat(common([x, other.mT if not rowvar and other.shape[0] != 1 else other]))
    ddof = (0 if bias else 1) if ddof is None else ddof
    weights = None
    if fweights is not None:
        weights = floating(tensor_of(fweights))
    if aweights is not None:
        weights = floating(tensor_of(aweights)) if weights is None else weights * floating(tensor_of(aweights))
    if weights is None:
        total: Any = x.shape[1]
        x = x - x.mean(1, keepdim=True)
        product = ops.matmul(x, ops.conj_physical(x).mT)
        factor = total - ddof
    else:
        total = weights.sum()
        x = x - (x * weights).sum(1, keepdim=True) / total
        product = ops.matmul(x * weights, ops.conj_physical(x).mT)
        factor = total - (
            ddof * (weights * floating(tensor_of(aweights))).sum() / total if aweights is not None else ddof
        )
    return (product / factor).squeeze()


@implements("corrcoef")
def corrcoef(x, y=None, rowvar=True, *, dtype=None) -> Tensor:
    c = cov(x, y, rowvar, dtype=dtype)
    if not c.ndim:
        return c / c
    deviation = ops.diagonal(ops.real(c)).sqrt()
    return c / deviation.unsqueeze(1) / deviation
