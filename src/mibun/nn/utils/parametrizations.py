"""Ready-made parametrizations: weights as length and direction, and weights with largest singular value 1."""

from __future__ import annotations

from typing import Any

from ...core.mode import no_grad
from ...core.tensor import Tensor
from ...ops.nn.weight_norm import norm_except_dim, weight_normed
from .. import functional as F
from ..modules.conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..modules.module import Module
from . import parametrize
from .orthogonal import orthogonal

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


class _WeightNorm(Module):
    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def _axis(self, weight: Tensor) -> int | None:
        return None if self.dim == -1 else self.dim % weight.dim()

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        """g v / |v|."""
        return weight_normed(weight_v, weight_g, dim=self._axis(weight_v))

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """The norms, and the weight itself."""
        return norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Parametrize a weight by its length `original0` and its direction `original1`: `w = g v / ‖v‖`.

    Args:
        module, name: whose weight, and which. ValueError where there is none.
        dim: the axis along which each slice has a length of its own; None: one for all.

    Checkpoints of the older `nn.utils.weight_norm` (`weight_g`, `weight_v`) can be loaded.

    Source: Salimans and Kingma, Weight Normalization, 2016.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> layer.parametrizations.weight.original0.shape
    torch.Size([2, 1])
    """
    parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    original = f"parametrizations.{name}.original"

    def rename_older_keys(state_dict: dict[str, Any], prefix: str, *_: Any) -> None:
        # checkpoints of layers under nn.utils.weight_norm, which calls length and direction by other names
        g, v = f"{prefix}{name}_g", f"{prefix}{name}_v"
        if g in state_dict and v in state_dict:
            state_dict[f"{prefix}{original}0"] = state_dict.pop(g)
            state_dict[f"{prefix}{original}1"] = state_dict.pop(v)

    module._register_load_state_dict_pre_hook(rename_older_keys)
    return module


class _SpectralNorm(Module):
    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        ndim = weight.dim()
        if dim >= ndim or dim < -ndim:
            raise IndexError(f"Dimension out of range (expected to be in range of [-{ndim}, {ndim - 1}] but got {dim})")
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + ndim
        self.eps = eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = self._matrix(weight)
            h, w = matrix.shape
            self.register_buffer("_u", F.normalize(matrix.new_empty(h).normal_(0, 1), dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(matrix.new_empty(w).normal_(0, 1), dim=0, eps=eps))
            self._iterate(matrix, 15)

    def _matrix(self, weight: Tensor) -> Tensor:
        if self.dim != 0:
            weight = weight.permute(self.dim, *(d for d in range(weight.dim()) if d != self.dim))
        return weight.flatten(1)

    def _iterate(self, matrix: Tensor, times: int) -> None:
        """The power method: u and v approach the singular vectors of the largest singular value."""
        with no_grad():
            for _ in range(times):
                self._u.copy_(F.normalize(matrix.mv(self._v), dim=0, eps=self.eps))
                self._v.copy_(F.normalize(matrix.H.mv(self._u), dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        """The weight divided by its largest singular value."""
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / u.vdot(matrix.mv(v))

    def right_inverse(self, value: Tensor) -> Tensor:
        """The value itself, which may have another norm."""
        return value


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Divide a weight by its largest singular value, so that the map does not stretch any vector.

    The power method estimates it, with a few steps at each use in training.

    Args:
        module, name: whose weight, and which. ValueError where there is none.
        n_power_iterations: how many steps.
        eps: keeps norms from 0.
        dim: the outputs' axis; 0, or 1 for transposed convolutions.

    Source: Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Linear(1, 1))
    >>> layer.weight.abs().item()
    1.0
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if dim is None:
        dim = 1 if isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)) else 0
    parametrization: Any = _SpectralNorm(weight, n_power_iterations, dim, eps)
    parametrize.register_parametrization(module, name, parametrization)
    return module
