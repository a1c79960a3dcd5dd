"""Reductions by addition, multiplication and logic: sum, mean, prod, logsumexp, any, all, count_nonzero.

Those that compare elements are in `extremes.py`, variances in `variance.py`, norms in `norms.py`. Dimensions reach an
operator as a tuple of ints from 0 up; the public functions take them as PyTorch does.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, sizes_of
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.forms import function_of
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64, cast, count, numpy_names, one_dim, reduced_dims, spread

_BOOL = np.dtype("bool")

# --- sum and mean ---


@op(linear, name="sum", dtype=None, vjp=lambda xp, g, input_shape: xp.broadcast_to(g, input_shape))
def _sum_all(xp, input):
    return xp.sum(input)


@op(
    linear,
    name="sum_dim",
    node="SumBackward1",
    dtype=None,
    vjp=lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape),
)
def _sum_dim(xp, input, *, dims, keepdim):
    return xp.sum(input, axis=dims, keepdims=keepdim)


@op(nondifferentiable, name="sum_integers", dtype=None)
def _sum_integers(xp, input, *, dims, keepdim):
    return xp.sum(input, axis=dims, keepdims=keepdim, dtype=INT64)


@op(
    linear,
    name="mean",
    dtype=None,
    vjp=lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape),
)
def _mean_all(xp, input):
    return xp.mean(input)


@op(
    linear,
    name="mean_dim",
    node="MeanBackward1",
    dtype=None,
    vjp=lambda xp, g, input_shape, dims: xp.broadcast_to(
        spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
    ),
)
def _mean_dim(xp, input, *, dims, keepdim):
    return xp.mean(input, axis=dims, keepdims=keepdim)


_full_sum, _full_mean = function_of(_sum_all), function_of(_mean_all)


@public("sum")
@numpy_names
def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:  # noqa: A001
    """The sum of all elements, or over some dimensions.

    dim: an int, several, or None (all). keepdim: leave the reduced dimensions in, of size 1. dtype: cast to it first;
    without it bools and integers are added up in int64. The sum of nothing is 0. IndexError where there is no such
    dimension, RuntimeError where one is named twice.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum(1)
    tensor([3., 3.])
    """
    input = cast(input, dtype, "sum")
    integers = dtype is None and input._array_.dtype.kind in "biu"
    if dim is None and not keepdim and not integers:
        return finish(_full_sum(input), out, "sum")
    dims = reduced_dims(input, dim, "sum")
    record = _sum_integers if integers else _sum_dim
    return finish(apply(record, (input,), {"dims": dims, "keepdim": keepdim}), out, "sum")


@public("mean")
@numpy_names
def mean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The mean of all elements, or over some dimensions; NaN for none.

    dim, keepdim: as for `sum`. dtype: cast to it first. RuntimeError for bools and integers without a dtype.
    """
    if dtype is not None and dtype.np.kind in "biu":
        raise RuntimeError(
            "mean(): could not infer output dtype. Optional dtype must be either a floating point or complex dtype. "
            "Got: " + dtype.scalar_name
        )
    input = cast(input, dtype, "mean")
    if input._array_.dtype.kind in "biu":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: "
            + input.dtype.scalar_name
        )
    if dim is None and not keepdim:
        return finish(_full_mean(input), out, "mean")
    dims = reduced_dims(input, dim, "mean")
    return finish(apply(_mean_dim, (input,), {"dims": dims, "keepdim": keepdim}), out, "mean")


@op(
    name="nansum",
    dtype=None,
    vjp=lambda xp, g, input, dims: (
        spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
    ),
    jvp=lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim),
)
def _nansum(xp, input, *, dims, keepdim):
    return xp.sum(xp.where(xp.isnan(input), xp.zeros_like(input), input), axis=dims, keepdims=keepdim)


@public("nansum")
@numpy_names
def nansum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The sum, with NaN counted as 0. dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers."""
    check_tensor(input, "nansum")
    if input._array_.dtype.kind == "c":
        raise RuntimeError("nansum on CPU does not support complex inputs")
    input = cast(input, dtype, "nansum")
    if input._array_.dtype.kind in "biu":
        return sum(input, dim, keepdim, out=out)
    return finish(_nansum(input, dims=reduced_dims(input, dim, "nansum"), keepdim=keepdim), out, "nansum")


@public("nanmean")
@numpy_names
def nanmean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The mean of the elements that are not NaN; NaN where there are none."""
    check_tensor(input, "nanmean")
    if input._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"nanmean(): expected input to have floating point or complex dtype but got {input.dtype.scalar_name}"
        )
    total = nansum(input, dim, keepdim, dtype=dtype)
    return finish(total / input.isnan().logical_not().sum(dim, keepdim), out, "nanmean")


# --- prod ---


def _others(xp: Any, g: Any, x: Any) -> Any:
    """g times the product of all other elements along axis 0, without a division: exact where elements are zero.

    Pairs are multiplied up a binary tree and the gradient comes down it: each element's is its parent's times its
    sibling. Multiplications alone, so that every derivative of it is exact too.
    """
    levels = []
    size = x.shape[0]
    while size > 1:
        half = size // 2
        a, b = x[:half, ...], x[half : 2 * half, ...]
        levels.append((a, b, size))
        rest = x[2 * half :, ...]
        x = a * b if size % 2 == 0 else xp.concat([a * b, rest], axis=0)
        size = x.shape[0]
    for a, b, n in reversed(levels):
        half = n // 2
        top = g[:half, ...]
        parts = [top * xp.conj(b), top * xp.conj(a)]
        g = xp.concat(parts if n % 2 == 0 else [*parts, g[half:, ...]], axis=0)
    return g


def _prod_rule(xp, g, input, out):
    n = count(input.shape, range(input.ndim))
    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input


@op(name="prod", dtype=None, vjp=_prod_rule)
def _prod_all(xp, input):
    return xp.prod(input)


_full_prod = function_of(_prod_all)


def _prod_dim_rule(xp, g, input, out, dim):
    if input.ndim == 0:
        return g
    if not count(input.shape, range(input.ndim)):
        return input
    g = spread(xp, g, input.shape, (dim,))
    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)


@op(name="prod_dim", node="ProdBackward1", dtype=None, vjp=_prod_dim_rule)
def _prod_dim(xp, input, *, dim, keepdim):
    return xp.prod(input, axis=dim, keepdims=keepdim) if input.ndim else xp.copy(input)


@op(nondifferentiable, name="prod_integers", dtype=None)
def _prod_integers(xp, input, *, dim, keepdim):
    axis = dim if input.ndim else None
    return xp.prod(input, axis=axis, keepdims=keepdim and input.ndim > 0, dtype=INT64)


@public("prod")
@numpy_names
def prod(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The product of all elements, or over one dimension; 1 for none.

    dtype: cast to it first; without it bools and integers are multiplied in int64. The gradient is exact where
    elements are zero.
    """
    input = cast(input, dtype, "prod")
    if isinstance(dim, (tuple, list)):
        raise TypeError(
            f"prod() received an invalid combination of arguments - got ({type(dim).__name__}), but expected one of: "
            "(Tensor input), (Tensor input, int dim, bool keepdim)"
        )
    if dim is not None:
        dim = one_dim(input, dim, "prod")
    if dtype is None and input._array_.dtype.kind in "biu":
        return finish(_prod_integers(input, dim=dim, keepdim=keepdim), out, "prod")
    result = _full_prod(input) if dim is None else _prod_dim(input, dim=dim, keepdim=keepdim)
    return finish(result, out, "prod")


# --- logsumexp ---


@op(
    name="logsumexp",
    dtype="float",
    vjp=lambda xp, g, input, out, dims: (
        spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
    ),
    jvp=lambda xp, t, input, out, dims, keepdim: xp.sum(
        t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
    ),
)
def _logsumexp(xp, input, *, dims, keepdim):
    if count(input.shape, dims) == 0:
        return xp.log(xp.sum(input, axis=dims, keepdims=keepdim))
    real = xp.real(input)
    largest = xp.max(real, axis=dims, keepdims=True)
    largest = xp.where(xp.isfinite(largest), largest, xp.zeros_like(largest))
    total = xp.log(xp.sum(xp.exp(input - largest), axis=dims, keepdims=True)) + largest
    if keepdim:
        return total
    return xp.reshape(total, tuple([size for i, size in enumerate(input.shape) if i not in dims]))


@public("logsumexp")
@numpy_names
def logsumexp(input: Any, dim: Any, keepdim: bool = False, *, out: Any = None) -> Any:
    """log(sum(exp(input))) over dimensions, without overflow; -inf for none. Integers give the default dtype."""
    check_tensor(input, "logsumexp")
    if dim is None:
        raise TypeError("logsumexp(): argument 'dim' must be tuple of ints, not None")
    return finish(_logsumexp(input, dims=reduced_dims(input, dim, "logsumexp"), keepdim=keepdim), out, "logsumexp")


# --- any, all, count_nonzero ---


def _true(xp: Any, x: Any) -> Any:
    return x if xp.isdtype(x.dtype, "bool") else xp.not_equal(x, 0)


@op(nondifferentiable, name="any", dtype=None)
def _any(xp, input, *, dims, keepdim, dtype):
    return xp.astype(xp.any(_true(xp, input), axis=dims, keepdims=keepdim), dtype)


@op(nondifferentiable, name="all", dtype=None)
def _all(xp, input, *, dims, keepdim, dtype):
    return xp.astype(xp.all(_true(xp, input), axis=dims, keepdims=keepdim), dtype)


def _logic(record: Any, input: Any, dim: Any, keepdim: bool, out: Any, name: str) -> Any:
    check_tensor(input, name)
    # Unlike other reductions these take () as no dimensions, not as all.
    dims = () if isinstance(dim, (tuple, list)) and not dim else reduced_dims(input, dim, name)
    dtype = input._array_.dtype if input._array_.dtype.name == "uint8" else _BOOL
    return finish(record(input, dims=dims, keepdim=keepdim, dtype=dtype), out, name)


@public("any")
@numpy_names
def any(input: Any, dim: Any = None, keepdim: bool = False, *, out: Any = None) -> Any:  # noqa: A001
    """Whether any element is not zero, of all or over some dimensions; False for none. bool (uint8 for uint8)."""
    return _logic(_any, input, dim, keepdim, out, "any")


@public("all")
@numpy_names
def all(input: Any, dim: Any = None, keepdim: bool = False, *, out: Any = None) -> Any:  # noqa: A001
    """Whether all elements are not zero, of all or over some dimensions; True for none. bool (uint8 for uint8)."""
    return _logic(_all, input, dim, keepdim, out, "all")


@op(nondifferentiable, name="count_nonzero", dtype=None)
def _count_nonzero(xp, input, *, dims):
    return xp.sum(_true(xp, input), axis=dims, dtype=INT64)


@public("count_nonzero")
@numpy_names
def count_nonzero(input: Any, dim: Any = None) -> Any:
    """How many elements are not zero, of all or over some dimensions: int64."""
    check_tensor(input, "count_nonzero")
    return _count_nonzero(input, dims=reduced_dims(input, dim, "count_nonzero"))


@public("sum_to_size", function=False)
def sum_to_size(self: Tensor, *size: int | Sequence[int]) -> Tensor:
    """Sum down to a size that broadcasts to the tensor's own: the transpose of `expand`. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    shape, own = sizes_of(size, "sum_to_size"), self._array_.shape
    lead = len(own) - len(shape)
    if lead < 0 or builtins.any(n not in (1, m) for n, m in zip(shape, own[lead:], strict=True)):
        raise RuntimeError(f"size {{{list(shape)}}} is not expandable to size {{{list(own)}}}.")
    dims = [i for i in range(len(own)) if i < lead or (shape[i - lead] == 1 and own[i] != 1)]
    if not dims:
        return self
    kept = sum(self, dims, keepdim=True)
    return kept.reshape(shape) if lead else kept
