"""`any` and `all`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import reduced_dims

_BOOL = np.dtype("bool")


def truth(xp: Any, x: Array) -> Array:
    return x if xp.isdtype(x.dtype, "bool") else xp.not_equal(x, 0)


@op(nondifferentiable, name="any", dtype=None)
def _any(xp, input, *, dims, keepdim, dtype):
    return xp.astype(xp.any(truth(xp, input), axis=dims, keepdims=keepdim), dtype)


@op(nondifferentiable, name="all", dtype=None)
def _all(xp, input, *, dims, keepdim, dtype):
    return xp.astype(xp.all(truth(xp, input), axis=dims, keepdims=keepdim), dtype)


def _logic(
    record: Op, input: Tensor, dim: int | Sequence[int] | None, keepdim: bool, out: Tensor | None, name: str
) -> Tensor:
    check_tensor(input, name)
    # Unlike other reductions these take () as no dimensions, not as all.
    dims = () if isinstance(dim, (tuple, list)) and not dim else reduced_dims(input, dim, name)
    dtype = input._array_.dtype if input._array_.dtype.name == "uint8" else _BOOL
    return finish(record(input, dims=dims, keepdim=keepdim, dtype=dtype), out, name)


@public("any")
def any(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:  # noqa: A001
    """Whether any element is not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; False for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[0, 1], [0, 0]]).any(1)
    tensor([ True, False])
    """
    return _logic(_any, input, dim, keepdim, out, "any")


@public("all")
def all(
    input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:  # noqa: A001
    """Whether all elements are not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; True for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[1, 1], [0, 1]]).all(1)
    tensor([ True, False])
    """
    return _logic(_all, input, dim, keepdim, out, "all")
