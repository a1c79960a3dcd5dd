"""Functions that keep the shape: softmax and its kin, running sums, normalisation, of what is not masked out."""

from __future__ import annotations

from typing import Any

import mibun as torch

from ..core.dtypes import dtype as _dtype
from ..core.tensor import Tensor
from .arguments import filled, least, mask_of, most, one_dim, plain
from .reductions import norm


def _prepared(input: Tensor, dim: int, dtype: _dtype | None, mask: Tensor | None, value: complex | None) -> Any:
    """The input with a value in the place of what is masked out (None: the least of its dtype), and the dimension."""
    values = plain(input)
    values = values if dtype is None else values.to(dtype)
    value = least(values.dtype) if value is None else value
    return filled(values, mask_of(input, mask), value), one_dim(values, dim)


def softmax(input: Tensor, dim: int, *, dtype: _dtype | None = None, mask: Tensor | None = None) -> Tensor:
    """The softmax along a dimension of the elements whose mask is True; 0 for the others, NaN where all are masked out.

    Args:
        input: a Tensor or a MaskedTensor.
        dtype: to convert the elements to first.
        mask: of bools, of a shape that broadcasts to the input's; all True if left out.

    >>> import mibun as torch
    >>> torch.masked.softmax(torch.tensor([1., 9., 1.]), 0, mask=torch.tensor([True, False, True]))
    tensor([0.5000, 0.0000, 0.5000])
    """
    values, dim = _prepared(input, dim, dtype, mask, None)
    return values.softmax(dim)


def log_softmax(input: Tensor, dim: int, *, dtype: _dtype | None = None, mask: Tensor | None = None) -> Tensor:
    """The logarithm of `softmax`, which see; -inf for what is masked out.

    >>> import mibun as torch
    >>> torch.masked.log_softmax(torch.tensor([1., 9.]), 0, mask=torch.tensor([True, False]))
    tensor([0., -inf])
    """
    values, dim = _prepared(input, dim, dtype, mask, None)
    return values.log_softmax(dim)


def softmin(input: Tensor, dim: int, *, dtype: _dtype | None = None, mask: Tensor | None = None) -> Tensor:
    """The softmax of the negatives: see `softmax`.

    >>> import mibun as torch
    >>> torch.masked.softmin(torch.tensor([1., 0., 1.]), 0, mask=torch.tensor([True, False, True]))
    tensor([0.5000, 0.0000, 0.5000])
    """
    values, dim = _prepared(input, dim, dtype, mask, most(plain(input).dtype if dtype is None else dtype))
    return (-values).softmax(dim)


def cumsum(input: Tensor, dim: int, *, dtype: _dtype | None = None, mask: Tensor | None = None) -> Tensor:
    """The running sum along a dimension, to which what is masked out adds nothing. The arguments are as of `softmax`.

    >>> import mibun as torch
    >>> torch.masked.cumsum(torch.tensor([1., 2., 4.]), 0, mask=torch.tensor([True, False, True]))
    tensor([1., 1., 5.])
    """
    values, dim = _prepared(input, dim, dtype, mask, 0)
    return values.cumsum(dim, dtype=values.dtype)


def cumprod(input: Tensor, dim: int, *, dtype: _dtype | None = None, mask: Tensor | None = None) -> Tensor:
    """The running product along a dimension; what is masked out counts as 1. The arguments are those of `softmax`.

    >>> import mibun as torch
    >>> torch.masked.cumprod(torch.tensor([2., 0., 4.]), 0, mask=torch.tensor([True, False, True]))
    tensor([2., 2., 8.])
    """
    values, dim = _prepared(input, dim, dtype, mask, 1)
    return values.cumprod(dim, dtype=values.dtype)


def normalize(
    input: Tensor,
    ord: float,
    dim: int,
    *,
    eps: float = 1e-12,
    dtype: _dtype | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The elements whose mask is True divided by their norm along a dimension, or by `eps` if that is larger; else 0.

    ord: of the norm, see `torch.linalg.vector_norm`. The other arguments are those of `softmax`.

    >>> import mibun as torch
    >>> torch.masked.normalize(torch.tensor([3., 9., 4.]), 2.0, 0, mask=torch.tensor([True, False, True]))
    tensor([0.6000, 0.0000, 0.8000])
    """
    values = plain(input)
    values = values if dtype is None else values.to(dtype)
    mask = mask_of(input, mask)
    length = norm(values, ord, dim, keepdim=True, mask=mask)
    return filled(values, mask, 0) / torch.maximum(length, torch.tensor(eps, dtype=length.dtype))
