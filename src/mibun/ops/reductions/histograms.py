"""How many values fall between edges: `histc` and `histogram` of one variable, `histogramdd` of several."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.batching import all_values
from ...core.node import raw
from ...core.registry import Array, is_batched
from ...core.tensor import Tensor, wrap
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.inplace import write_out
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.batched.rules import looped


@op(nondifferentiable, name="histc", dtype=None)
def _histc(xp, input, *, bins, low, high):
    return xp.histogram_of(input, bins, low, high)


@public("histc")
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0, *, out: Tensor | None = None) -> Tensor:  # noqa: A002
    """How many elements fall into each of `bins` equal parts of the range from min to max (both included).

    Where both are 0 the range is that of the elements. What is outside is not counted. RuntimeError for an empty or
    infinite range. Not differentiable.

    >>> import mibun as torch
    >>> torch.histc(torch.tensor([1., 2., 1.]), bins=2)
    tensor([2., 1.])
    """
    check_tensor(input, "histc")
    bins = whole(bins, "histc", "bins")
    array = input._array_
    if array.dtype.kind not in "fV":
        raise NotImplementedError(f"\"histogram_cpu\" not implemented for '{input.dtype.scalar_name}'")
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    low, high = float(min), float(max)
    if low == high and array.size:
        values = all_values(array)
        ends = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
        if math.isfinite(ends[0]) and math.isfinite(ends[1]):
            return finish(_histc(input, bins=bins, low=None, high=None), out, "histc")
        low, high = ends
    if low == high:
        low, high = low - 1, high + 1
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return finish(_histc(input, bins=bins, low=low, high=high), out, "histc")


def _edges(values: Array, bins: int | Array, limits: Sequence[float] | None, axis: int, name: str) -> Array:
    """The edges of the bins along one variable, as an array."""
    if hasattr(bins, "dtype") and hasattr(bins, "ndim"):
        edges: Any = bins
        if edges.ndim != 1:
            raise RuntimeError(
                f"torch.{name}: bins tensor should have one dimension, but got {edges.ndim} dimensions in the "
                "bins tensor "
                f"for dimension {axis}"
            )
        if edges.shape[0] == 0:
            raise RuntimeError(f"torch.{name}: bins tensor should have at least 1 element, for dimension {axis}")
        if edges.dtype != values.dtype:
            raise RuntimeError(f"torch.{name}: input tensor and bins tensors should have the same dtype")
        return edges
    count = int(bins)
    if count <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {count} for dimension {axis}")
    if limits is not None:
        low, high = float(limits[0]), float(limits[1])
        if low > high:
            raise RuntimeError(
                f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} for dimension {axis}"
            )
    elif values.size:
        low, high = float(values.min()), float(values.max())
        if not (np.isfinite(low) and np.isfinite(high)):
            raise RuntimeError(f"torch.{name}: dimension {axis}'s range [{low:g}, {high:g}] is not finite")
    else:
        low, high = 0.0, 1.0
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, count + 1).astype(values.dtype)


def _counted(values: Array, edges: list, weight: Array, density: bool) -> Array:
    """values: (n, variables). The last edge belongs to its bin."""
    counts = tuple([len(edge) - 1 for edge in edges])
    flat = np.zeros(len(values), np.int64)
    inside = np.ones(len(values), bool)
    for i, edge in enumerate(edges):
        column = np.ascontiguousarray(values[:, i])
        place = np.searchsorted(edge, column, side="right") - 1
        place = np.where(column == edge[-1], counts[i] - 1, place)
        inside &= (place >= 0) & (place < counts[i])
        flat = flat * max(counts[i], 1) + np.clip(place, 0, max(counts[i] - 1, 0))
    total = int(np.prod(counts))
    weights = None if weight is None else np.asarray(weight).reshape(-1).astype(np.float64)[inside]
    found = np.bincount(flat[inside], weights, total).astype(np.float64).reshape(counts)
    if density:
        for i, edge in enumerate(edges):
            shape = [1] * len(edges)
            shape[i] = -1
            found = found / np.diff(edge).astype(np.float64).reshape(shape)
        found = found / (np.bincount(flat[inside], weights, total).sum())
    return found.astype(values.dtype)


def _check(input: Tensor, weight: Tensor | None, name: str, size: int) -> Array:
    check_tensor(input, name)
    if input._array_.dtype not in (np.float32, np.float64):
        raise NotImplementedError(f"\"histogramdd\" not implemented for '{input.dtype.scalar_name}'")
    if weight is None:
        return None
    check_tensor(weight, name, "weight")
    if weight._array_.dtype != input._array_.dtype:
        raise RuntimeError(
            f"torch.{name}: if weight tensor is provided, input tensor and weight tensor should have the same "
            "dtype, but "
            f"got input({input.dtype.scalar_name}), and weight({weight.dtype.scalar_name})"
        )
    if weight._array_.size != size:
        raise RuntimeError(
            f"torch.{name}: if weight tensor is provided it should have the same shape as the input tensor "
            "(excluding its "
            f"innermost dimension for histogramdd), but got {list(weight._array_.shape)}"
        )
    return weight._array_


def _by_example(name: str, of_one: Callable, arrays: tuple) -> tuple[Array, ...]:
    """Of one example after the other where there are several: nothing of it is in a namespace."""
    return (looped(name, of_one) if any([is_batched(array) for array in arrays]) else of_one)(*arrays)


@public("histogram")
def histogram(
    input: Tensor,
    bins: int | Tensor,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """How many elements (or how much of `weight`) fall between edges: (hist, bin_edges). float32 or float64.

    bins: a number of bins of one size over `range` (by default that of the elements), or the edges, increasing.
    density: divided by the total and the bins' sizes. Not differentiable. RuntimeError for bins and ranges that make no
    sense.

    >>> import mibun as torch
    >>> torch.histogram(torch.tensor([1., 2., 1.]), 2).hist
    tensor([2., 1.])
    """
    check_tensor(input, "histogram")
    weight = _check(input, weight, "histogram", input._array_.size)

    def of_one(values: Array, weight: Array, bins: Any) -> tuple[Array, Array]:
        values = np.asarray(values).reshape(-1)
        edges = _edges(values, bins, range, 0, "histogramdd")
        return _counted(values[:, None], [edges], weight, density), np.array(edges)

    found = [wrap(array) for array in _by_example("histogram", of_one, (input._array_, weight, raw(bins)))]
    if out is not None:
        return return_types.histogram([write_out(o, r, "histogram") for o, r in zip(out, found, strict=True)])
    return return_types.histogram(found)


@public("histogramdd", method=False)
def histogramdd(
    input: Tensor,
    bins: int | Sequence[int] | Sequence[Tensor],
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The same of several variables, the last dimension of the input: (hist, the tuple of bin_edges).

    bins: for each variable as for `histogram`, or one number for all. range: low and high for each, in a row.
    """
    check_tensor(input, "histogramdd")
    if input._array_.ndim < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    n = input._array_.shape[-1]
    weight = _check(input, weight, "histogramdd", input._array_.size // n if n else 0)
    given: list = list(bins) if isinstance(bins, (tuple, list)) else [bins] * n
    if len(given) != n:
        raise RuntimeError(
            f"histogramdd: The size of bins must be equal to the innermost dimension of the input: {len(given)} and {n}"
        )
    if range is not None and len(range) != 2 * n:
        raise RuntimeError(
            f"torch.histogramdd: for a {n}-dimensional histogram range should have {2 * n} elements, but got "
            f"{len(range)}"
        )

    def of_one(values: Array, weight: Array, *bins: Any) -> tuple[Array, ...]:
        values = np.asarray(values).reshape(-1, n)
        edges = [
            _edges(values[:, i], bins[i], None if range is None else range[2 * i : 2 * i + 2], i, "histogramdd")
            for i in np.arange(n).tolist()
        ]
        return _counted(values, edges, weight, density), *[np.array(edge) for edge in edges]

    counts, *edges = _by_example("histogramdd", of_one, (input._array_, weight, *[raw(one) for one in given]))
    return return_types.histogramdd((wrap(counts), tuple([wrap(edge) for edge in edges])))
