"""What functions of masked tensors have in common: the mask, the dimensions, and the value that changes nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mibun as torch

from ..core.dtypes import dtype as _dtype
from ..core.tensor import Tensor
from ..dispatch.arguments import wrap_dim


def mask_of(input: Tensor, mask: Tensor | None) -> Tensor:
    """The mask as bools of the input's shape: all True if there is none, the MaskedTensor's own if it is one."""
    own = getattr(input, "_masked_mask", None)
    if mask is None:
        if own is not None:
            return own
        if input.layout is not torch.strided:
            return torch.ones_like(input.detach().coalesce() if input.is_sparse else input.detach()).bool()
        return torch.ones(input.shape, dtype=torch.bool)
    if mask.layout is torch.strided:
        if mask.dim() > input.dim():
            raise IndexError(
                "_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)"
            )
        mask = mask.expand(input.shape)
    mask = mask.bool()
    return mask if own is None else mask & own


def plain(input: Any) -> Tensor:
    """The input without its mask, if it is a MaskedTensor; TypeError for what is no Tensor."""
    if not isinstance(input, Tensor):
        raise TypeError(f"expected a Tensor or a MaskedTensor, got {type(input).__name__}")
    masked: Any = input
    return masked.get_data() if hasattr(masked, "_masked_mask") else input


def dims_of(input: Tensor, dim: int | Sequence[int] | None) -> tuple[int, ...]:
    """The dimensions to reduce, from 0 up: all for None and for ()."""
    if dim is None or (isinstance(dim, (tuple, list)) and not dim):
        return tuple(range(input.dim()))
    dims = tuple([wrap_dim(d, input.dim(), "masked") for d in ([dim] if isinstance(dim, int) else dim)])
    if len(set(dims)) < len(dims):
        raise RuntimeError(f"dim={dims[0]} appears multiple times in the list of dims")
    return dims


def one_dim(input: Tensor, dim: int | None) -> int:
    """The dimension of a function along one: the first where none is given."""
    return 0 if dim is None else wrap_dim(dim, input.dim(), "masked")


def least(dtype: _dtype) -> complex:
    """A number that is not larger than any of a dtype."""
    if dtype is torch.bool:
        return False
    return -math.inf if dtype.is_floating_point else torch.iinfo(dtype).min


def most(dtype: _dtype) -> complex:
    """A number that is not smaller than any of a dtype."""
    if dtype is torch.bool:
        return True
    return math.inf if dtype.is_floating_point else torch.iinfo(dtype).max


def filled(input: Tensor, mask: Tensor, value: complex) -> Tensor:
    """The input with a value in the place of what is masked out, to which no gradient goes."""
    return torch.where(mask, input, torch.tensor(value, dtype=input.dtype))


def reduced(
    input: Tensor,
    mask: Tensor | None,
    dim: Any,
    keepdim: bool,
    dtype: _dtype | None,
    reduce: Callable[[Tensor, Tensor, tuple[int, ...]], Tensor],
    name: str,
) -> Tensor:
    """A reduction of a tensor in any layout: `reduce(input, mask, dims)` is that of a dense one.

    The result of a sparse tensor has an element where some element of the mask is.
    """
    values = plain(input)
    if values.layout is not torch.strided and values.layout is not torch.sparse_coo and mask is None:
        raise ValueError(f"masked {name} expects explicit mask for {str(values.layout)[6:]} tensor input")
    mask = mask_of(input, mask)
    dims = dims_of(values, dim)
    if dtype is not None:
        values = values.to(dtype)
    if values.layout is torch.strided:
        return reduce(values, mask.to_dense(), dims)
    layout = values.layout
    whole = mask.to_dense()
    out = reduce(values.to_dense(), whole, dims)
    if len(dims) == values.dim() and not keepdim:
        return out
    any_left = whole.amax(dims, keepdim=bool(keepdim)) if dims else whole
    return out.sparse_mask(any_left.to_sparse(layout=layout))
