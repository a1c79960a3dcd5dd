"""The von Mises distribution of angles."""

from __future__ import annotations

import math
from typing import Any

import mibun as torch
from mibun import Size, Tensor, default_generator
from mibun.ops.random.von_mises import standard_von_mises

from . import constraints
from .distribution import Distribution
from .utils import SCALAR, broadcast_all, lazy_property

__all__ = ["VonMises"]


def _log_modified_bessel_fn(x: Tensor, order: int = 0) -> Tensor:
    """log I0(x) or log I1(x) of the modified Bessel functions, for x > 0: which other libraries import."""
    scaled = torch.special.i0e(x) if order == 0 else torch.special.i1e(x)
    return x + scaled.log()


class VonMises(Distribution):
    """Angles with density exp(κ cos(x - loc)) / (2π I0(κ)).

    `rsample` gives implicit gradients (Figurnov et al. 2018), which PyTorch has not; `has_rsample` is False all the
    same, as it is in PyTorch, since libraries choose by it how they estimate gradients.

    Args:
        loc: the middle, in radians.
        concentration: κ, positive.

    >>> import mibun as torch
    >>> torch.distributions.VonMises(torch.tensor(0.0), torch.tensor(1.0)).log_prob(torch.tensor(0.0))
    tensor(-1.0738)
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    has_rsample = False

    def __init__(self, loc: Tensor, concentration: Tensor, validate_args: bool | None = None) -> None:
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, Size(), validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        # κ cos(d) - κ, without loss of digits where κ is large and d small.
        below_top = -2 * self.concentration * torch.sin((value - self.loc) / 2) ** 2
        return below_top - math.log(2 * math.pi) - torch.special.i0e(self.concentration).log()

    @lazy_property
    def _loc(self) -> Tensor:
        return self.loc.to(torch.double)

    @lazy_property
    def _concentration(self) -> Tensor:
        return self.concentration.to(torch.double)

    @lazy_property
    def _proposal_r(self) -> Tensor:
        """The parameter of the wrapped Cauchy distribution that angles are proposed from (Best and Fisher 1979)."""
        kappa = self._concentration
        tau = 1 + (1 + 4 * kappa**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * kappa)
        r = (1 + rho**2) / (2 * rho)
        return torch.where(kappa < 1e-5, 1 / kappa + kappa, r)  # a series, where ρ has no digits

    def sample(self, sample_shape: Any = SCALAR) -> Tensor:
        with torch.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = SCALAR) -> Tensor:
        shape = self._extended_shape(sample_shape)
        operands = self._concentration.expand(shape), self._proposal_r.detach().expand(shape)
        angles = standard_von_mises(*operands, generator=default_generator)
        return ((angles + math.pi + self._loc) % (2 * math.pi) - math.pi).to(self.loc.dtype)

    def expand(self, batch_shape: Any, _instance: Any = None) -> VonMises:
        return self._expanded(VonMises, batch_shape, _instance, ("loc", "concentration"))

    @property
    def mean(self) -> Tensor:
        """The middle of the circle's distribution."""
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @lazy_property
    def variance(self) -> Tensor:  # type: ignore[override]
        """The circular variance 1 - I1(κ) / I0(κ)."""
        return 1 - torch.special.i1e(self.concentration) / torch.special.i0e(self.concentration)
