"""What has a place in the order of elements: kthvalue, median, mode, quantile.

All of them sort stably (equal elements keep their order, NaN is largest), then pick; their gradients go to the elements
picked, by index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.quiet import silently
from ...core.registry import Array, may_look, namespace_for
from ...core.tensor import Tensor, wrap
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..indexing.gathering import gather
from ..pointwise.where import where
from .arguments import INT64, check_nonempty, one_dim, section
from .extremes import finish_pair, full_rule, scalar_index, selected_jvp, selected_rule
from .sorting import sort_default, sorted_along, whole_k


def _declare_selection(name: str, node: str) -> Op:
    """An operator that picks the element of rank k along a dimension; `skip_nan`: of the median of the others."""

    @op(
        name=name,
        node=node,
        dtype=None,
        outputs=("values", "indices"),
        n_differentiable=1,
        vjp=selected_rule,
        jvp=selected_jvp,
    )
    def kernel(xp, input, *, dim, keepdim, k, nan):
        return _selection(xp, input, dim, keepdim, k, nan)

    return kernel


def _selection(xp: Any, input: Array, dim: int, keepdim: bool, k: int | None, nan: str | None) -> tuple[Array, Array]:
    """The element of rank k (None: of the lower median). nan: "wins" where there is one, or is "skipped"."""
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    size = input.shape[dim]
    shape = tuple([1 if i == dim else n for i, n in enumerate(input.shape)])
    if k is None:
        k = (size - 1) // 2
    rank = xp.full(shape, k, dtype=xp.int64)
    if nan is not None:
        missing = xp.sum(xp.isnan(input), axis=dim, keepdims=True, dtype=INT64)
        if nan == "wins":  # the first NaN comes after all numbers
            rank = xp.where(missing > 0, size - missing, rank)
        else:
            rank = xp.where(missing == size, xp.zeros_like(rank), (size - missing - 1) // 2)
    indices = xp.index_of_rank(input, rank, dim)
    values = xp.read_along(input, indices, dim)
    if keepdim:
        return values, indices
    shape = tuple([n for i, n in enumerate(input.shape) if i != dim])
    return xp.reshape(values, shape), xp.reshape(indices, shape)


_kthvalue = _declare_selection("kthvalue", "KthvalueBackward0")


_median_dim = _declare_selection("median_dim", "MedianBackward1")


_nanmedian_dim = _declare_selection("nanmedian_dim", "NanmedianBackward1")


@public("kthvalue")
def kthvalue(
    input: Tensor, k: int, dim: int = -1, keepdim: bool = False, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """The k-th smallest element along a dimension (k from 1), with its index: (values, indices).

    >>> import mibun as torch
    >>> torch.kthvalue(torch.tensor([3., 1., 2.]), 2).values
    tensor(2.)
    """
    check_tensor(input, "kthvalue")
    k = whole_k(k, "kthvalue")
    dim = one_dim(input, dim, "kthvalue")
    size = input._array_.shape[dim] if input._array_.ndim else 1
    if not 1 <= k <= size and not (input._array_.size == 0 and size == 0):
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}: {k} of {size} elements")
    check_nonempty(input, (dim,), "kthvalue", False)
    if input._array_.dtype.kind in "bc":
        raise NotImplementedError(f"\"kthvalue_cpu\" not implemented for '{input.dtype.scalar_name}'")
    results = _kthvalue(input, dim=dim, keepdim=keepdim, k=k - 1, nan=None)
    return finish_pair(return_types.kthvalue, results, out, "kthvalue")


# --- median ---


def _full_median(xp: Any, input: Array, nan: str) -> Array:
    flat = xp.reshape(input, (-1,))
    if flat.shape[0] == 0:
        return xp.full((), math.nan, dtype=input.dtype)
    return _selection(xp, flat, 0, False, None, nan if xp.may_hold_nan(input) else None)[0]


@op(name="median", dtype=None, vjp=full_rule)
def _median_all(xp, input):
    return _full_median(xp, input, "wins")


@op(name="nanmedian", dtype=None, vjp=full_rule)
def _nanmedian_all(xp, input):
    return _full_median(xp, input, "skipped")


def _median(input: Tensor, dim: int | None, keepdim: bool, out: Any, name: str) -> Tensor | tuple[Tensor, Tensor]:
    check_tensor(input, name)
    if dim is not None:
        dim = one_dim(input, dim, name)
        check_nonempty(input, (dim,), "median", False)
    if input._array_.dtype.kind in "bc":
        kernel = "median_cpu" if dim is None else "median_out"
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.scalar_name}'")
    skips = name == "nanmedian"
    if dim is None:
        return finish((_nanmedian_all if skips else _median_all)(input), out, name)
    nan = None if input._array_.dtype.kind in "iu" else "skipped" if skips else "wins"
    record = _nanmedian_dim if skips else _median_dim
    results = record(input, dim=dim, keepdim=keepdim, k=None, nan=nan)
    return finish_pair(getattr(return_types, name), results, out, name)


@public("median")
def median(
    input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | Sequence[Tensor] | None = None
) -> Tensor | tuple[Tensor, Tensor]:
    """The median of all elements; along a dimension with its index.

    Args:
        input: of any integer or floating dtype.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
        two in the middle. NaN wins.

    Raises:
        IndexError: along a dimension of size 0, or where there is none such.
        NotImplementedError: for bool and complex.

    >>> import mibun as torch
    >>> torch.median(torch.tensor([3., 1., 2., 4.]))
    tensor(2.)
    """
    return _median(input, dim, keepdim, out, "median")


@public("nanmedian")
def nanmedian(
    input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | Sequence[Tensor] | None = None
) -> Tensor | tuple[Tensor, Tensor]:
    """The median of the elements that are not NaN; NaN where all are. Else as `median`.

    >>> import mibun as torch
    >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
    tensor(2.)
    """
    return _median(input, dim, keepdim, out, "nanmedian")


# --- mode ---


@op(name="mode", dtype=None, outputs=("values", "indices"), n_differentiable=1, vjp=selected_rule, jvp=selected_jvp)
def _mode(xp, input, *, dim, keepdim):
    """In sorted order a run's element number i is met after i equal ones: the first of the largest i ends the run."""
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    values, order = sorted_along(xp, input, dim, False)
    size = input.shape[dim]
    places = xp.reshape(xp.arange(size), (-1, *[1] * (input.ndim - dim - 1)))
    differs = xp.not_equal(section(values, dim, 1, size), section(values, dim, 0, size - 1))
    new = xp.concat([xp.ones_like(section(values, dim, 0, 1), dtype=xp.bool), differs], axis=dim)
    starts = xp.cumulative_max(xp.where(new, places, xp.zeros_like(places)), dim)
    best = xp.argmax(places - starts, axis=dim, keepdims=True)
    values, order = xp.read_along(values, best, dim), xp.read_along(order, best, dim)
    if keepdim:
        return values, order
    shape = tuple([n for i, n in enumerate(input.shape) if i != dim])
    return xp.reshape(values, shape), xp.reshape(order, shape)


@public("mode")
def mode(
    input: Tensor, dim: int = -1, keepdim: bool = False, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """The commonest element along a dimension, the smallest of equally common ones, and the index of its last place.

    >>> import mibun as torch
    >>> torch.mode(torch.tensor([1, 2, 2])).values
    tensor(2)
    """
    check_tensor(input, "mode")
    dim = one_dim(input, dim, "mode")
    check_nonempty(input, (dim,), "mode", False)
    if input._array_.dtype.kind == "c":
        raise NotImplementedError(f"\"mode_cpu\" not implemented for '{input.dtype.scalar_name}'")
    return finish_pair(return_types.mode, _mode(input, dim=dim, keepdim=keepdim), out, "mode")


# --- quantile ---

_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    input: Tensor, q: float | Tensor, dim: int | None, keepdim: bool, interpolation: str, out: Tensor | None, name: str
) -> Tensor:
    check_tensor(input, name)
    tensor_q = isinstance(q, Tensor)
    if not tensor_q and not 0 <= q <= 1:
        raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {q}")
    if interpolation not in _INTERPOLATIONS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
            f"{interpolation}"
        )
    array = input._array_
    if array.size == 0:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if tensor_q and q._array_.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if array.dtype.name not in ("float32", "float64"):
        raise RuntimeError(f"quantile() input tensor must be either float or double dtype, but got {input.dtype}")
    if tensor_q and q._array_.dtype != array.dtype:
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    if tensor_q and may_look(q._array_) and bool(((q._array_ < 0) | (q._array_ > 1)).any()):
        raise RuntimeError("quantile() q values must be in the range [0, 1]")
    wanted = q._array_ if tensor_q else array.dtype.type(q)
    ndim = input._array_.ndim
    if dim is None:
        x, axis = input.reshape(-1), 0
    else:
        axis = one_dim(input, dim, name)
        x = input.movedim(axis, -1) if ndim else input.reshape(1)
    x = sort_default(x, dim=x._array_.ndim - 1, descending=False)[0]
    size = x._array_.shape[-1]
    # How many numbers there are; with a NaN among them the quantile is NaN, which the sort has put last.
    xp = namespace_for((x._array_, wanted))
    valid = size - xp.sum(xp.isnan(x._array_), axis=x._array_.ndim - 1, keepdims=True, dtype=INT64)
    levels = xp.reshape(wanted if tensor_q else xp.asarray(wanted), (-1,))
    known = valid > 0 if name == "nanquantile" else valid == size
    last = xp.astype(valid - 1, array.dtype)
    ranks = xp.where(known, levels * last, xp.scalar(size - 1, array.dtype))
    exact = where(wrap(known), q.reshape(-1) * wrap(last), wrap(ranks)) if tensor_q else wrap(ranks)
    result = _interpolated(xp, x, ranks, exact, interpolation)
    shape = list(result._array_.shape[:-1])
    if keepdim:
        shape = [1] * ndim if dim is None else [*shape[:axis], 1, *shape[axis:]] if ndim else []
    if getattr(wanted, "ndim", 0) == 1:
        return finish(result.movedim(-1, 0).reshape(len(levels), *shape), out, name)
    return finish(result.reshape(tuple(shape)), out, name)


def _interpolated(xp: Any, x: Tensor, ranks: Array, exact: Tensor, interpolation: str) -> Tensor:
    """Elements at ranks, which may be fractions, along the last axis; `exact` are the same, with their history."""
    if interpolation == "lower":
        ranks = xp.floor(ranks)
    elif interpolation == "higher":
        ranks = xp.ceil(ranks)
    elif interpolation == "nearest":
        ranks = xp.round(ranks)
    low = xp.floor(ranks)
    lower = _gather_last(xp, x, low)
    if interpolation in ("lower", "higher", "nearest"):
        return lower
    upper = _gather_last(xp, x, xp.ceil(ranks))
    return lower.lerp(upper, wrap(xp.full_like(ranks, 0.5)) if interpolation == "midpoint" else exact - wrap(low))


def _gather_last(xp: Any, x: Tensor, ranks: Array) -> Tensor:
    ranks = xp.broadcast_to(ranks, (*x._array_.shape[:-1], ranks.shape[-1]))
    index = silently(xp.astype, xp.ascontiguousarray(ranks), INT64)
    return gather(x, x._array_.ndim - 1, wrap(index))


@public("quantile")
def quantile(
    input: Tensor,
    q: float | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """The q-quantiles of all elements or along a dimension: what has the rank q (n - 1) in the order of the elements.

    Args:
        input: float32 or float64.
        q: a number from 0 to 1, or a 1-D tensor of them of the input's dtype, whose axis comes first in the result.
            A tensor gets a gradient under "linear": elsewhere the result does not change with it, but in steps.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        interpolation: between the two nearest elements: "linear", "lower", "higher", "midpoint" or "nearest".
        out: a tensor to write the result into.

    Returns:
        the quantiles; NaN where there is a NaN.

    Raises:
        RuntimeError: for other dtypes, for q out of range, for nothing, and for other interpolations.

    >>> import mibun as torch
    >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
    tensor(2.5000)
    """
    return _quantile(input, q, dim, keepdim, interpolation, out, "quantile")


@public("nanquantile")
def nanquantile(
    input: Tensor,
    q: float | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """The quantiles of the elements that are not NaN. Else as `quantile`.

    >>> import mibun as torch
    >>> torch.nanquantile(torch.tensor([1., float("nan"), 3.]), 0.5)
    tensor(2.)
    """
    return _quantile(input, q, dim, keepdim, interpolation, out, "nanquantile")
