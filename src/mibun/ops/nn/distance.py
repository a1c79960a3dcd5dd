"""Distances and similarities between vectors."""

from __future__ import annotations

from typing import Any

from ...core.dtypes import promote_types
from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor


def _vector_norm(x: Any, p: float, dim: Any, keepdim: bool) -> Any:
    name = "linalg_vector_norm" if "linalg_vector_norm" in FUNCTIONS else "norm"
    return FUNCTIONS[name](x, p, dim, keepdim=keepdim)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps)) over a dimension, for shapes that broadcast.

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
    x1, x2 = FUNCTIONS["broadcast_tensors"](x1.to(dtype), x2.to(dtype))
    scaled1 = x1 / _vector_norm(x1, 2, dim, True).clamp_min(eps)
    scaled2 = x2 / _vector_norm(x2, 2, dim, True).clamp_min(eps)
    return (scaled1 * scaled2).sum(dim)


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """The p-norm of x1 - x2 + eps over the last dimension: (*, D), (*, D) -> (*)."""
    return FUNCTIONS["norm"](x1 - x2 + eps, p, -1, keepdim=keepdim)


FUNCTIONS["cosine_similarity"] = cosine_similarity
FUNCTIONS["pairwise_distance"] = pairwise_distance
