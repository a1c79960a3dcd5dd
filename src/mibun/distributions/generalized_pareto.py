"""The generalised Pareto distribution."""

from __future__ import annotations

from typing import Any

import mibun as torch
from mibun import Size, Tensor, inf, nan

from . import constraints
from .distribution import Distribution
from .utils import SCALAR, _Number, broadcast_all

__all__ = ["GeneralizedPareto"]


class GeneralizedPareto(Distribution):
    """What exceeds a high threshold: survival (1 + c z)^(-1/c), z = (x - loc) / scale; exp(-z) for c = 0.

    Args:
        loc: the least value.
        scale: positive.
        concentration: c; for negative c values end at loc - scale / c.

    >>> import mibun as torch
    >>> torch.distributions.GeneralizedPareto(0.0, 1.0, 0.5).mean
    tensor(2.)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "concentration": constraints.real}
    has_rsample = True

    def __init__(
        self,
        loc: Tensor | float,
        scale: Tensor | float,
        concentration: Tensor | float,
        validate_args: bool | None = None,
    ) -> None:
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        numbers = all(isinstance(value, _Number) for value in (loc, scale, concentration))
        super().__init__(Size() if numbers else self.loc.size(), validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> GeneralizedPareto:
        return self._expanded(GeneralizedPareto, batch_shape, _instance, ("loc", "scale", "concentration"))

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale

    def _or_one(self) -> tuple[Tensor, Tensor]:
        """Where the concentration is 0, and it with 1 in these places."""
        zero = torch.isclose(self.concentration, self.concentration.new_zeros(()))
        return zero, torch.where(zero, torch.ones_like(self.concentration), self.concentration)

    def rsample(self, sample_shape: Any = SCALAR) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(torch.rand(shape, dtype=self.loc.dtype, device=self.loc.device))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        zero, c = self._or_one()
        power = 1 / c + torch.ones_like(z)
        bent = torch.where(power == 0, power, power * torch.log1p(c * z))
        return -torch.where(zero, z, bent) - self.scale.log()

    def log_survival_function(self, value: Tensor) -> Tensor:
        """log(1 - cdf)."""
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        zero, c = self._or_one()
        return -torch.where(zero, z, torch.log1p(c * z) / c)

    def log_cdf(self, value: Tensor) -> Tensor:
        """log(cdf)."""
        if self._validate_args:
            self._validate_sample(value)
        return torch.log1p(-torch.exp(self.log_survival_function(value)))

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        return torch.exp(self.log_cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        log_rest = torch.log1p(-value)
        zero, c = self._or_one()
        bent = self.loc + self.scale / c * torch.expm1(-c * log_rest)
        return torch.where(zero, self.loc - self.scale * log_rest, bent)

    @property
    def mean(self) -> Tensor:
        """NaN for a concentration of 1 and more."""
        finite = self.concentration < 1
        c = torch.where(finite, self.concentration, 0.5)
        return torch.where(finite, self.loc + self.scale / (1 - c), nan)

    @property
    def variance(self) -> Tensor:
        """NaN for a concentration of 1/2 and more."""
        finite = self.concentration < 0.5
        c = torch.where(finite, self.concentration, 0.25)
        return torch.where(finite, self.scale**2 / ((1 - c) ** 2 * (1 - 2 * c)), nan)

    def entropy(self) -> Tensor:
        return torch.broadcast_to(torch.log(self.scale) + self.concentration + 1, self._batch_shape)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        negative = self.concentration < 0
        end = self.loc - self.scale / torch.where(negative, self.concentration, -1.0)
        return constraints.interval(self.loc, torch.where(negative, end, inf))
