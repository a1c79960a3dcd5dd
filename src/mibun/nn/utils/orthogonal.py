"""The orthogonal parametrization: a matrix whose columns, or rows where it is wider than high, stay orthonormal.

An unconstrained matrix X gives the orthogonal one as the exponential or the Cayley transform of the skew matrix
A = tril(X) - tril(X)', or as a product of reflections along the columns of X.
"""

from __future__ import annotations

from typing import Any

from ...core.dtypes import finfo
from ...core.tensor import Tensor
from ...linalg import householder_product, matrix_exp, qr, solve
from ...ops.creation.filled import empty
from ...ops.creation.like import zeros_like
from ...ops.creation.matrices import eye
from ...ops.shape.joining import cat
from ..modules.module import Module
from .parametrize import register_parametrization

__all__ = ["orthogonal"]


class _Orthogonal(Module):
    base: Any

    def __init__(self, weight: Any, orthogonal_map: str, use_trivialization: bool) -> None:
        super().__init__()
        if weight.is_complex() and orthogonal_map == "householder":
            raise ValueError("The householder parametrization does not support complex tensors.")
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, free: Any) -> Any:
        n, k = free.size(-2), free.size(-1)
        wide = n < k
        if wide:
            free, n, k = free.mT, k, n
        if self.orthogonal_map == "householder":
            result = _reflections(free)
        else:
            lower = free.tril()
            if n != k:
                lower = cat([lower, lower.new_zeros(*lower.shape[:-1], n - k)], dim=-1)
            skew = lower - lower.mH
            if self.orthogonal_map == "matrix_exp":
                result = matrix_exp(skew)
            else:
                identity = eye(n, dtype=skew.dtype)
                result = solve(identity - 0.5 * skew, identity + 0.5 * skew)
            result = result[..., :k]
        if getattr(self, "base", None) is not None:
            result = self.base @ result
        return result.mT if wide else result

    def right_inverse(self, value: Any) -> Any:
        if value.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of shape {value.shape}."
            )
        wide = value.size(-2) < value.size(-1)
        if wide:
            value = value.mT
        if hasattr(self, "base"):
            self.base = _completed(value)
            # Minus the identity: its skew part is zero, and as reflections it is the identity.
            free = zeros_like(value)
            free.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
        elif self.orthogonal_map == "householder":
            free, tau = value.geqrf()
            # R's diagonal is 1 or -1 where the value is orthogonal. `_reflections` has tau = 2 where nothing is to be
            # reflected, which the sign takes back.
            diagonal = free.diagonal(dim1=-2, dim2=-1)
            diagonal.sign_()
            diagonal[tau == 0] *= -1
        else:
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or the Cayley parametrizations when "
                "use_trivialization=False."
            )
        return free.mT if wide else free


def _reflections(free: Any) -> Any:
    """The product of I - tau v v' with v = (0, 1, x) for the columns x below the diagonal; each is a reflection."""
    lower = free.tril(-1)
    tau = 2.0 / (1.0 + (lower * lower).sum(dim=-2))
    return householder_product(lower, tau) * free.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)


def _completed(value: Any) -> Any:
    """A square orthogonal matrix that starts with the columns given, which are made orthonormal if they are not."""
    n, k = value.size(-2), value.size(-1)
    near = 10.0 * n * finfo(value.dtype).eps
    orthonormal = bool((value.mH @ value).allclose(eye(k, dtype=value.dtype), atol=near))
    if n == k and orthonormal:
        return value.clone()
    more = empty(*value.shape[:-1], n - k, dtype=value.dtype).normal_()
    whole, upper = qr(cat([value, more], dim=-1))
    whole = whole * upper.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)
    return cat([value, whole[..., k:]], dim=-1) if orthonormal else whole


def orthogonal(
    module: Module, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> Module:
    """Keep a matrix of a Module orthogonal: with orthonormal columns, or rows where it is wider than it is high.

    Args:
        module, name: whose matrix, and which; a batch of matrices too.
        orthogonal_map: "matrix_exp" (for square and complex matrices if not given), "cayley", or "householder" (for
            others, and real ones only).
        use_trivialization: start from the matrix as it is now, made orthogonal, so that any orthogonal matrix can be
            assigned.

    Raises:
        ValueError: less than two axes, an unknown map or no such tensor.

    Source: Lezcano-Casado, Trivializations for gradient-based optimization on manifolds, 2019.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 3))
    >>> torch.allclose(layer.weight @ layer.weight.T, torch.eye(3), atol=1e-5)
    True
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        square = weight.size(-2) == weight.size(-1) or weight.is_complex()
        orthogonal_map = "matrix_exp" if square else "householder"
    if orthogonal_map not in ("matrix_exp", "cayley", "householder"):
        raise ValueError(
            f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}'
        )
    return register_parametrization(module, name, _Orthogonal(weight, orthogonal_map, use_trivialization), unsafe=True)
