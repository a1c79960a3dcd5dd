"""The LKJ distribution of correlation matrices, by their Cholesky factors."""

from __future__ import annotations

import math
from typing import Any

import mibun as torch
from mibun import Size, Tensor

from . import constraints
from .beta import Beta
from .distribution import Distribution
from .utils import SCALAR, broadcast_all

__all__ = ["LKJCholesky"]


class LKJCholesky(Distribution):
    """Cholesky factors L of correlation matrices with density det(L L')^(concentration - 1).

    Samples are made by the onion method of Lewandowski, Kurowicka and Joe, "Generating random correlation matrices
    based on vines and extended onion method" (2009), section 3.

    Args:
        dim: the number of rows, 2 or more; ValueError for less.
        concentration: positive; 1 makes all correlation matrices equally likely.

    >>> import mibun as torch
    >>> torch.distributions.LKJCholesky(3, 1.0).event_shape
    torch.Size([3, 3])
    """

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim: int, concentration: Tensor | float = 1.0, validate_args: bool | None = None) -> None:
        if dim < 2:
            raise ValueError(f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        # Row i is a direction times the root of a beta number.
        rows = torch.arange(dim - 1, dtype=self.concentration.dtype, device=self.concentration.device)
        rows = torch.cat([rows.new_zeros((1,)), rows])
        marginal = self.concentration + 0.5 * (dim - 2)
        self._beta = Beta(rows + 0.5, marginal.unsqueeze(-1) - 0.5 * rows)
        super().__init__(self.concentration.size(), Size((dim, dim)), validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> LKJCholesky:
        new = self._get_checked_instance(LKJCholesky, _instance)
        new._beta = self._beta.expand(Size(batch_shape) + (self.dim,))
        return self._expanded(LKJCholesky, batch_shape, new, ("concentration",), ("dim",))

    def sample(self, sample_shape: Any = SCALAR) -> Tensor:
        lengths = self._beta.sample(sample_shape).unsqueeze(-1)
        noise = torch.randn(self._extended_shape(sample_shape), dtype=lengths.dtype, device=lengths.device).tril(-1)
        directions = noise / noise.norm(dim=-1, keepdim=True)
        directions[..., 0, :] = 0.0  # the first row has nothing beside its diagonal
        factor = torch.sqrt(lengths) * directions
        tiny = torch.finfo(factor.dtype).tiny
        diagonal = torch.clamp(1 - torch.sum(factor**2, dim=-1), min=tiny).sqrt()
        return factor + torch.diag_embed(diagonal)

    def log_prob(self, value: Tensor) -> Tensor:
        # The Jacobian from L to L L' is ∏ Lᵢᵢ^(dim - i), so that the exponents are dim - i + 2 (concentration - 1).
        if self._validate_args:
            self._validate_sample(value)
        diagonal = value.diagonal(dim1=-1, dim2=-2)[..., 1:]
        order = torch.arange(2, self.dim + 1, device=self.concentration.device)
        order = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - order
        density = torch.sum(order * diagonal.log(), dim=-1)
        # The normaliser of the last formula on page 1999 there.
        n = self.dim - 1
        alpha = self.concentration + 0.5 * n
        normalizer = 0.5 * n * math.log(math.pi) + torch.mvlgamma(alpha - 0.5, n) - torch.lgamma(alpha) * n
        return density - normalizer
