"""Weights as a direction and a length: w = g v / |v|. Source: Salimans and Kingma (2016)."""

from __future__ import annotations

from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.public import public


def _norm(xp: Any, v: Array, dim: int | None) -> Array:
    axes = tuple(i for i in range(v.ndim) if i != dim)
    return xp.sqrt(xp.sum(v * v, axis=axes, keepdims=dim is not None))


def _rule(xp, grad, v, g, dim, needs):
    axes = tuple(i for i in range(v.ndim) if i != dim)
    norm = _norm(xp, v, dim)
    along = xp.sum(grad * v, axis=axes, keepdims=dim is not None) / norm
    grad_v = (grad - v * (along / norm)) * (g / norm) if needs[0] else None
    return grad_v, (along if needs[1] else None)


@op(name="weight_normed", node="WeightNormInterfaceBackward0", scalars=False, refuses="biuc", joint=_rule)
def weight_normed(xp, v, g, *, dim):
    """v * (g / |v|), the norm over all dimensions but `dim`, or over all if that is None."""
    return v * (g / _norm(xp, v, dim))


@public("norm_except_dim", method=False)
def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    """The `pow`-norm over all dimensions but `dim`, which all keep size 1; with dim=-1 over all, without dimensions.

    >>> import mibun as torch
    >>> torch.norm_except_dim(torch.tensor([[3., 4.], [0., 2.]]))
    tensor([[5.],
            [2.]])
    """
    check_tensor(v, "norm_except_dim", "v")
    if dim == -1:
        return v.norm(pow)
    dim = dim % v.dim()
    return v.norm(pow, [i for i in range(v.dim()) if i != dim], keepdim=True) if v.dim() > 1 else v.abs()
