"""Sums, extremes, averages of the elements that are not masked out. Where all are, the result is the value of none."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mibun as torch

from ..core.dtypes import dtype as _dtype
from ..core.tensor import Tensor
from .arguments import filled, least, mask_of, most, one_dim, plain, reduced

DimOrDims = int | Sequence[int] | None


def sum(  # noqa: A001
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The sum of the elements whose mask is True, over dimensions; 0 where there is none.

    Args:
        input: a Tensor (dense, COO or CSR) or a MaskedTensor.
        dim: one dimension or several; all if left out.
        keepdim: leave the reduced dimensions in, of size 1.
        dtype: to convert the elements to first.
        mask: of bools, of a shape that broadcasts to the input's; all True if left out.

    Raises:
        IndexError: for other dimensions, and a mask with more of them. RuntimeError for one that does not broadcast.

    >>> import mibun as torch
    >>> torch.masked.sum(torch.tensor([1., 2., 4.]), mask=torch.tensor([True, False, True]))
    tensor(5.)
    """
    return reduced(
        input, mask, dim, bool(keepdim), dtype, lambda x, m, d: filled(x, m, 0).sum(d, keepdim=bool(keepdim)), "sum"
    )


def prod(
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The product of the elements whose mask is True, over dimensions; 1 where there is none. See `sum`.

    >>> import mibun as torch
    >>> torch.masked.prod(torch.tensor([3., 0., 4.]), mask=torch.tensor([True, False, True]))
    tensor(12.)
    """

    def product(x: Tensor, m: Tensor, dims: tuple[int, ...]) -> Tensor:
        out = filled(x, m, 1)
        for d in sorted(dims, reverse=True):
            out = out.prod(d, keepdim=bool(keepdim))
        return out if out.is_floating_point() or out.is_complex() or dtype is not None else out.to(torch.int64)

    return reduced(input, mask, dim, bool(keepdim), dtype, product, "prod")


def amax(
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The largest of the elements whose mask is True; -inf, or the least integer, where there is none. See `sum`.

    >>> import mibun as torch
    >>> torch.masked.amax(torch.tensor([1., 9., 4.]), mask=torch.tensor([True, False, True]))
    tensor(4.)
    """
    return reduced(
        input,
        mask,
        dim,
        bool(keepdim),
        dtype,
        lambda x, m, d: filled(x, m, least(x.dtype)).amax(d, keepdim=bool(keepdim)),
        "amax",
    )


def amin(
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The smallest of the elements whose mask is True; inf, or the largest integer, where there is none. See `sum`.

    >>> import mibun as torch
    >>> torch.masked.amin(torch.tensor([1., 0., 4.]), mask=torch.tensor([True, False, True]))
    tensor(1.)
    """
    return reduced(
        input,
        mask,
        dim,
        bool(keepdim),
        dtype,
        lambda x, m, d: filled(x, m, most(x.dtype)).amin(d, keepdim=bool(keepdim)),
        "amin",
    )


def _position(name: str, input: Tensor, dim: int | None, keepdim: bool, dtype: _dtype | None, mask: Tensor | None):
    values = plain(input)
    kind = values.dtype if dtype is None else dtype
    values = values.to(kind)
    if values.layout is not torch.strided:
        raise ValueError(f"masked {name} expects strided tensor (got {values.layout} tensor)")
    fill = least(kind) if name == "argmax" else most(kind)
    out = getattr(filled(values.detach(), mask_of(input, mask), fill), name)
    return out(dim, keepdim=keepdim).to(kind)


def argmax(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Where the largest of the elements is whose mask is True, along a dimension or among all; see `sum`.

    The positions are in the dtype of the elements, as PyTorch has them.

    >>> import mibun as torch
    >>> torch.masked.argmax(torch.tensor([1, 9, 4]), mask=torch.tensor([True, False, True]))
    tensor(2)
    """
    return _position("argmax", input, dim, bool(keepdim), dtype, mask)


def argmin(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Where the smallest of the elements is whose mask is True; see `argmax`.

    >>> import mibun as torch
    >>> torch.masked.argmin(torch.tensor([5, 1, 4]), mask=torch.tensor([True, False, True]))
    tensor(2)
    """
    return _position("argmin", input, dim, bool(keepdim), dtype, mask)


def _counts(m: Tensor, dims: tuple[int, ...], kind: _dtype) -> Tensor:
    return m.to(kind).sum(dims, keepdim=True)


def mean(
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The average of the elements whose mask is True, over dimensions; NaN where there is none. See `sum`.

    ValueError for integers, unless `dtype` is another one.

    >>> import mibun as torch
    >>> torch.masked.mean(torch.tensor([1., 2., 4.]), mask=torch.tensor([True, False, True]))
    tensor(2.5000)
    """
    kind = plain(input).dtype if dtype is None else dtype
    if not (kind.is_floating_point or kind.is_complex):
        raise ValueError(
            "mean(): Could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {kind}"
        )

    def average(x: Tensor, m: Tensor, dims: tuple[int, ...]) -> Tensor:
        out = filled(x, m, 0).sum(dims, keepdim=True) / _counts(m, dims, x.dtype)
        return out if keepdim else _without(out, dims)

    return reduced(input, mask, dim, bool(keepdim), dtype, average, "mean")


def _without(out: Tensor, dims: tuple[int, ...]) -> Tensor:
    """Reduced dimensions dropped."""
    for d in sorted(dims, reverse=True):
        out = out.squeeze(d)
    return out


def _variance(input, dim, unbiased, correction, keepdim, dtype, mask, root: bool) -> Tensor:
    if unbiased is not None and correction is not None:
        raise ValueError("Only one of unbiased and correction may be given")
    less = correction if correction is not None else 1 if unbiased is None else int(unbiased)
    kind = plain(input).dtype if dtype is None else dtype
    kind = kind if kind.is_floating_point or kind.is_complex else torch.float32

    def variance(x: Tensor, m: Tensor, dims: tuple[int, ...]) -> Tensor:
        counts = m.to(kind if kind.is_floating_point else torch.float64).sum(dims, keepdim=True)
        average = filled(x, m, 0).sum(dims, keepdim=True) / counts
        far = filled(x - average, m, 0)
        squares = (far * far.conj()).real if kind.is_complex else far * far
        out = squares.sum(dims, keepdim=True) / (counts - less).clamp(min=0)
        out = (out.sqrt() if root else out).to(kind)
        return out if keepdim else _without(out, dims)

    return reduced(input, mask, dim, bool(keepdim), kind, variance, "std" if root else "var")


def var(
    input: Tensor,
    dim: DimOrDims = None,
    unbiased: bool | None = None,
    *,
    correction: int | float | None = None,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The variance of the elements whose mask is True, over dimensions. See `sum`.

    The squares are divided by the number of elements less `correction`, which is 1 if left out (0 for unbiased=False).

    >>> import mibun as torch
    >>> torch.masked.var(torch.tensor([1., 7., 3.]), mask=torch.tensor([True, False, True]))
    tensor(2.)
    """
    return _variance(input, dim, unbiased, correction, keepdim, dtype, mask, False)


def std(
    input: Tensor,
    dim: DimOrDims = None,
    unbiased: bool | None = None,
    *,
    correction: int | float | None = None,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The square root of `var`, which see.

    >>> import mibun as torch
    >>> torch.masked.std(torch.tensor([1., 7., 3.]), correction=0, mask=torch.tensor([True, False, True]))
    tensor(1.)
    """
    return _variance(input, dim, unbiased, correction, keepdim, dtype, mask, True)


def norm(
    input: Tensor,
    ord: float | None = 2.0,
    dim: DimOrDims = None,
    *,
    keepdim: bool | None = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The vector norm of the elements whose mask is True, over dimensions; 0 (inf for ord < 0) where there is none.

    ord: as of `torch.linalg.vector_norm`. The rest as of `sum`.

    >>> import mibun as torch
    >>> torch.masked.norm(torch.tensor([3., 9., 4.]), 2.0, mask=torch.tensor([True, False, True]))
    tensor(5.)
    """
    order = 2.0 if ord is None else ord
    return reduced(
        input,
        mask,
        dim,
        bool(keepdim),
        dtype,
        lambda x, m, d: torch.linalg.vector_norm(
            filled(x, m, math.inf if order < 0 else 0), order, d, keepdim=bool(keepdim)
        ),
        "norm",
    )


def logsumexp(
    input: Tensor,
    dim: DimOrDims = None,
    *,
    keepdim: bool = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """log(sum(exp(x))) of the elements whose mask is True, over dimensions; -inf where there is none. See `sum`.

    >>> import mibun as torch
    >>> torch.masked.logsumexp(torch.tensor([1., 9., 1.]), mask=torch.tensor([True, False, True]))
    tensor(1.6931)
    """
    return reduced(
        input,
        mask,
        dim,
        keepdim,
        dtype,
        lambda x, m, d: filled(x, m, least(x.dtype)).logsumexp(d, keepdim=keepdim).to(x.dtype),
        "logsumexp",
    )


def logaddexp(
    input: Tensor,
    other: Tensor,
    *,
    dtype: _dtype | None = None,
    input_mask: Tensor | None = None,
    other_mask: Tensor | None = None,
) -> Tensor:
    """log(exp(input) + exp(other)), elementwise, where what is masked out counts as -inf.

    >>> import mibun as torch
    >>> torch.masked.logaddexp(torch.tensor([1.]), torch.tensor([1.]), other_mask=torch.tensor([False]))
    tensor([1.])
    """
    one, two = plain(input), plain(other)
    kind = one.dtype if dtype is None else dtype
    one, two = one.to(kind), two.to(kind)
    return torch.logaddexp(
        filled(one, mask_of(input, input_mask), least(kind)), filled(two, mask_of(other, other_mask), least(kind))
    )


def median(
    input: Tensor,
    dim: int = -1,
    *,
    keepdim: bool = False,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The (lower) median of the elements whose mask is True, along a dimension; NaN where there is none.

    ValueError for integers where all of a row are masked out. The rest as of `sum`.

    >>> import mibun as torch
    >>> torch.masked.median(torch.tensor([5., 0., 4., 9.]), mask=torch.tensor([True, False, True, True]))
    tensor(5.)
    """
    values = plain(input)
    values = values if dtype is None else values.to(dtype)
    mask = mask_of(input, mask)
    dim = one_dim(values, dim)
    floating = values.dtype.is_floating_point
    if not floating and not bool(mask.any(dim).all()):
        raise ValueError("masked median expects no fully masked out rows if dtype is not floating point")
    wide = values if floating else values.to(torch.float64)
    out = filled(wide, mask, math.nan).nanmedian(dim, keepdim=keepdim)[0]
    return out.to(values.dtype)
