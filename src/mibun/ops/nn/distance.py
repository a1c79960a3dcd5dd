"""Distances and similarities between vectors."""

from __future__ import annotations

from ...core.dtypes import promote_types
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..shape.broadcasting import broadcast_tensors


@public("cosine_similarity", method=False)
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """`sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps))` over a dimension, which the result does not have.

    Args:
        x1, x2: of shapes that broadcast, with a common dtype that is floating.
        dim: the dimension of the vectors.
        eps: the least norm, against division by zero.

    Raises:
        RuntimeError: for other dtypes, and where shapes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])
    """
    for value, name in ((x1, "x1"), (x2, "x2")):
        if not isinstance(value, Tensor):
            raise TypeError(f"cosine_similarity(): argument '{name}' must be Tensor, not {type(value).__name__}")
    dtype = promote_types(x1.dtype, x2.dtype)
    if not dtype.is_floating_point:
        raise RuntimeError(f"expected common dtype to be floating point, yet common dtype is {dtype.scalar_name}")
    x1, x2 = broadcast_tensors(x1.to(dtype), x2.to(dtype))
    scaled1 = x1 / x1.norm(2, dim, keepdim=True).clamp_min(eps)
    scaled2 = x2 / x2.norm(2, dim, keepdim=True).clamp_min(eps)
    return (scaled1 * scaled2).sum(dim)


@public("pairwise_distance", method=False)
def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The p-norm of `x1 - x2 + eps` over the last dimension: (*, D), (*, D) -> (*), or (*, 1) with `keepdim`.

    >>> import mibun as torch
    >>> torch.nn.functional.pairwise_distance(torch.tensor([[0., 0.]]), torch.tensor([[3., 4.]]), eps=0)
    tensor([5.])
    """
    check_tensor(x1, "pairwise_distance", "x1")
    check_tensor(x2, "pairwise_distance", "x2", 2)
    return (x1 - x2 + eps).norm(p, -1, keepdim=keepdim)
