"""The multivariate normal distribution."""

from __future__ import annotations

import math
from typing import Any

import mibun as torch
from mibun import Tensor

from . import constraints
from .distribution import Distribution
from .utils import SCALAR, _standard_normal, lazy_property

__all__ = ["MultivariateNormal"]


def _batch_mv(bmat: Tensor, bvec: Tensor) -> Tensor:
    """Products of matrices (*, n, m) and vectors (*, m), whose batches broadcast."""
    return torch.matmul(bmat, bvec.unsqueeze(-1)).squeeze(-1)


def _batch_mahalanobis(bL: Tensor, bx: Tensor) -> Tensor:  # noqa: N803 (PyTorch's name)
    """x' (L L')⁻¹ x of lower triangular matrices L (*, n, n) and vectors x (*, n), whose batches broadcast.

    Where a batch of x is longer than that of L, its vectors are the columns of one system, so that no matrix is copied.
    """
    n_own = bL.dim() - 2
    while n_own and bL.shape[-2 - n_own] == 1:  # leading dimensions of 1 are as good as none
        bL = bL.squeeze(-2 - n_own)
        n_own -= 1
    outer = bx.shape[: max(bx.dim() - 1 - n_own, 0)]
    inner = torch.broadcast_shapes(bL.shape[:-2], bx.shape[len(outer) : -1])
    columns = bx.expand(outer + inner + bx.shape[-1:]).reshape((-1, *inner, bx.shape[-1])).movedim(0, -1)
    solved = torch.linalg.solve_triangular(bL, columns, upper=False)
    return solved.pow(2).sum(-2).movedim(-1, 0).reshape(outer + inner)


def _precision_to_scale_tril(P: Tensor) -> Tensor:  # noqa: N803
    """The lower triangular L with L L' = P⁻¹.

    With J the reversal of an order, J P J = C C', so P = U U' with the upper triangular U = J C J; and L = U'⁻¹.
    """
    upper = torch.flip(torch.linalg.cholesky(torch.flip(P, (-2, -1))), (-2, -1))
    identity = torch.eye(P.shape[-1], dtype=P.dtype, device=P.device)
    return torch.linalg.solve_triangular(upper.mT, identity, upper=False)


def scale_tril_of(covariance_matrix: Any, precision_matrix: Any, scale_tril: Any) -> Tensor:
    """The lower triangular factor of the covariance, from whichever is given."""
    if scale_tril is not None:
        return scale_tril
    if covariance_matrix is not None:
        return torch.linalg.cholesky(covariance_matrix)
    return _precision_to_scale_tril(precision_matrix)


class MultivariateNormal(Distribution):
    """Normal vectors: density exp(-(x - loc)' Σ⁻¹ (x - loc) / 2) / √((2π)ⁿ det Σ).

    Args:
        loc: (*, n), the mean.
        covariance_matrix: (*, n, n), Σ, symmetric and positive definite; or
        precision_matrix: (*, n, n), Σ⁻¹; or
        scale_tril: (*, n, n), the lower triangular L with L L' = Σ, of a positive diagonal: which costs least.

    ValueError unless exactly one of the three is given.

    >>> import mibun as torch
    >>> torch.distributions.MultivariateNormal(torch.zeros(2), torch.eye(2)).log_prob(torch.zeros(2))
    tensor(-1.8379)
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        if (covariance_matrix is not None) + (scale_tril is not None) + (precision_matrix is not None) != 1:
            raise ValueError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        if scale_tril is not None:
            name, words, matrix = "scale_tril", "scale_tril matrix", scale_tril
        elif covariance_matrix is not None:
            name, words, matrix = "covariance_matrix", "covariance_matrix", covariance_matrix
        else:
            assert precision_matrix is not None
            name, words, matrix = "precision_matrix", "precision_matrix", precision_matrix
        if matrix.dim() < 2:
            raise ValueError(f"{words} must be at least two-dimensional, with optional leading batch dimensions")
        batch_shape = torch.broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        setattr(self, name, matrix.expand(batch_shape + (-1, -1)))
        self.loc = loc.expand(batch_shape + (-1,))
        super().__init__(batch_shape, self.loc.shape[-1:], validate_args=validate_args)
        self._unbroadcasted_scale_tril = scale_tril_of(covariance_matrix, precision_matrix, scale_tril)

    def expand(self, batch_shape: Any, _instance: Any = None) -> MultivariateNormal:
        names = ("loc", "covariance_matrix", "scale_tril", "precision_matrix")
        return self._expanded(MultivariateNormal, batch_shape, _instance, names, ("_unbroadcasted_scale_tril",))

    def _of_batch(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._batch_shape + self._event_shape + self._event_shape)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower triangular L with L L' = Σ."""
        return self._of_batch(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """Σ."""
        factor = self._unbroadcasted_scale_tril
        return self._of_batch(torch.matmul(factor, factor.mT))

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of Σ."""
        return self._of_batch(torch.cholesky_inverse(self._unbroadcasted_scale_tril))

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        """Of each element: the diagonal of Σ."""
        return self._unbroadcasted_scale_tril.pow(2).sum(-1).expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: Any = SCALAR) -> Tensor:
        shape = self._extended_shape(sample_shape)
        noise = _standard_normal(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + _batch_mv(self._unbroadcasted_scale_tril, noise)

    def _half_log_det(self) -> Tensor:
        return self._unbroadcasted_scale_tril.diagonal(dim1=-2, dim2=-1).log().sum(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        distance = _batch_mahalanobis(self._unbroadcasted_scale_tril, value - self.loc)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + distance) - self._half_log_det()

    def entropy(self) -> Tensor:
        entropy = 0.5 * self._event_shape[0] * (1.0 + math.log(2 * math.pi)) + self._half_log_det()
        return entropy if len(self._batch_shape) == 0 else entropy.expand(self._batch_shape)
