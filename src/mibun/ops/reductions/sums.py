"""Reductions by addition: sum, nansum, mean, nanmean, logsumexp.

Dimensions reach an operator as a tuple of ints from 0 up; the public functions take them as PyTorch does.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.dtypes import dtype
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, sizes_of
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.forms import function_of
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64, count, dtype_for, in_dtype, reduced_dims, spread

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


_full_sum, _full_mean = function_of(_sum_all, named=False), function_of(_mean_all, named=False)


@public("sum")
def sum(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:  # noqa: A001
    """The sum of all elements, or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        the sums; 0 for those of nothing. The gradient is that of the result, repeated.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum()
    tensor(6.)
    >>> torch.ones(2, 3).sum(1)
    tensor([3., 3.])
    """
    if out is not None:
        dtype = dtype_for(out, dtype, "sum")
    elif dim is None and dtype is None and not keepdim and isinstance(input, Tensor):
        if input._array_.dtype.kind not in "biu":
            return _full_sum(input)
    input = in_dtype(input, dtype, "sum")
    integers = dtype is None and input._array_.dtype.kind in "biu"
    dims = reduced_dims(input, dim, "sum")
    record = _sum_integers if integers else _sum_dim
    return finish(apply(record, (input,), {"dims": dims, "keepdim": keepdim}), out, "sum")


@public("mean")
def mean(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of all elements, or over some dimensions.

    Args:
        input: of a floating or complex dtype; of another if `dtype` is given.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first.
        out: a tensor to write the result into.

    Returns:
        the sums divided by the number of elements; NaN for none.

    Raises:
        RuntimeError: for bools and integers without a floating dtype.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 6.]]).mean(0)
    tensor([2., 4.])
    """
    if dim is None and dtype is None and out is None and not keepdim and isinstance(input, Tensor):
        if input._array_.dtype.kind not in "biu":
            return _full_mean(input)
    if dtype is not None and dtype.np.kind in "biu":
        raise RuntimeError(
            "mean(): could not infer output dtype. Optional dtype must be either a floating point or complex dtype. "
            "Got: " + dtype.scalar_name
        )
    if dtype is not None:
        dtype_for(out, dtype, "mean")
    input = in_dtype(input, dtype, "mean")
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
def nansum(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of all elements, or over some dimensions, with NaN counted as 0; NaN gets no gradient.

    dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.nansum(torch.tensor([1., float("nan"), 2.]))
    tensor(3.)
    """
    check_tensor(input, "nansum")
    if input._array_.dtype.kind == "c":
        raise RuntimeError("nansum on CPU does not support complex inputs")
    input = in_dtype(input, dtype, "nansum")
    if input._array_.dtype.kind in "biu":
        return sum(input, dim, keepdim, out=out)
    return finish(_nansum(input, dims=reduced_dims(input, dim, "nansum"), keepdim=keepdim), out, "nansum")


@public("nanmean")
def nanmean(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of the elements that are not NaN; NaN where there are none.

    dim, keepdim, dtype: as for `mean`. RuntimeError for bools and integers.

    >>> import mibun as torch
    >>> torch.nanmean(torch.tensor([1., float("nan"), 2.]))
    tensor(1.5000)
    """
    check_tensor(input, "nanmean")
    if input._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"nanmean(): expected input to have floating point or complex dtype but got {input.dtype.scalar_name}"
        )
    total = nansum(input, dim, keepdim, dtype=dtype)
    return finish(total / input.isnan().logical_not().sum(dim, keepdim), out, "nanmean")


@public("sum_to_size", function=False)
def sum_to_size(self: Tensor, *size: int | Sequence[int]) -> Tensor:
    """Sum down to a size that broadcasts to the tensor's own: the transpose of `expand`. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    shape, own = sizes_of(size, "sum_to_size"), self._array_.shape
    lead = len(own) - len(shape)
    if lead < 0 or any([n not in (1, m) for n, m in zip(shape, own[lead:], strict=True)]):
        raise RuntimeError(f"size {{{list(shape)}}} is not expandable to size {{{list(own)}}}.")
    dims = [i for i in range(len(own)) if i < lead or (shape[i - lead] == 1 and own[i] != 1)]
    if not dims:
        return self
    kept = sum(self, dims, keepdim=True)
    return kept.reshape(shape) if lead else kept


# --- logsumexp ---


@op(
    name="logsumexp",
    dtype="float",
    rows=lambda ndim, params: min(params["dims"]) if params["dims"] == tuple(range(min(params["dims"]), ndim)) else 0,
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
def logsumexp(input: Tensor, dim: int | Sequence[int], keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

    Args:
        input: of any dtype; bools and integers give the default dtype.
        dim: one dimension or several.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

    Raises:
        TypeError: without dimensions.

    >>> import mibun as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)
    """
    check_tensor(input, "logsumexp")
    if dim is None:
        raise TypeError("logsumexp(): argument 'dim' must be tuple of ints, not None")
    return finish(_logsumexp(input, dims=reduced_dims(input, dim, "logsumexp"), keepdim=keepdim), out, "logsumexp")
