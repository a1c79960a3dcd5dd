"""Distance and similarity of pairs of vectors."""

from __future__ import annotations

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module


class PairwiseDistance(Module):
    """`‖x1 - x2 + eps‖_p` over the last axis.

    Args:
        p: the norm.
        eps: added to each difference, so that the gradient exists where the two are equal.
        keepdim: keep the last axis, with size 1.

    Shape:
        x1 and x2 (N, D) or (D), which broadcast; output (N) or (), with `keepdim` (N, 1) or (1).

    >>> import mibun as torch
    >>> torch.nn.PairwiseDistance()(torch.tensor([[3., 4.]]), torch.zeros(1, 2))
    tensor([5.0000])
    """

    __constants__ = ["norm", "eps", "keepdim"]
    norm: float
    eps: float
    keepdim: bool

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """The distances, (N,) from two (N, D)."""
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """`x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps))` along an axis: the cosine of the angle, in [-1, 1].

    Args:
        dim: the axis.
        eps: norms below it count as it.

    Shape:
        x1 and x2 (*, D, *), which broadcast, with D at `dim`; output (*, *).

    >>> import mibun as torch
    >>> torch.nn.CosineSimilarity(dim=0)(torch.tensor([1., 0.]), torch.tensor([3., 4.]))
    tensor(0.6000)
    """

    __constants__ = ["dim", "eps"]
    dim: int
    eps: float

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """The cosines, in [-1, 1]."""
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
