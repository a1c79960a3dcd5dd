"""`ExponentialFamily`: densities exp(θ·t(x) - F(θ) + k(x)), for which entropies and divergences follow from F."""

from __future__ import annotations

from typing import Any

import mibun as torch
from mibun import Tensor

from .distribution import Distribution, _not_implemented

__all__ = ["ExponentialFamily"]


class ExponentialFamily(Distribution):
    """A distribution of an exponential family with natural parameters θ and log-normaliser F.

    A subclass gives `_natural_params`, `_log_normalizer(*θ)` and `_mean_carrier_measure`, the mean of k. Then the
    entropy is F(θ) - θ·∇F(θ) - E[k], by autograd (Nielsen and Nock, "Entropies and cross-entropies of exponential
    families", 2010), and `kl_divergence` of two of one class a Bregman divergence of F.

    >>> import mibun as torch
    >>> torch.distributions.Normal(0.0, 1.0).log_prob(torch.tensor(0.0))
    tensor(-0.9189)
    """

    @property
    def _natural_params(self) -> Any:
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        raise NotImplementedError

    _mean_carrier_measure: Any = property(_not_implemented)

    def entropy(self) -> Tensor:
        """F(θ) - θ·∇F(θ) - E[k], of the batch shape."""
        result = -self._mean_carrier_measure
        params = [p.detach().requires_grad_() for p in self._natural_params]
        normalizer = self._log_normalizer(*params)
        gradients = torch.autograd.grad(normalizer.sum(), params, create_graph=True)
        result = result + normalizer
        for param, gradient in zip(params, gradients, strict=True):
            result = result - (param * gradient).reshape(self._batch_shape + (-1,)).sum(-1)
        return result
