"""The older form of spectral normalisation: a hook that computes the weight before each call."""

from __future__ import annotations

from typing import Any

from ... import linalg
from ...core.mode import no_grad
from ...core.tensor import Tensor
from .. import functional as F
from ..modules.conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..modules.module import Module
from ..parameter import Parameter
from .weight_hook import WeightHook

_VERSION = 1  # of the form in which state dicts have the weight's parts


class SpectralNorm(WeightHook):
    """The hook of `spectral_norm`."""

    kind = "spectral_norm"

    def __init__(self, name: str, n_power_iterations: int, dim: int, eps: float) -> None:
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name, self.n_power_iterations, self.dim, self.eps = name, n_power_iterations, dim, eps

    def matrix(self, weight: Tensor) -> Tensor:
        """The weight with the outputs' dimension first and the others as one."""
        if self.dim != 0:
            weight = weight.permute(self.dim, *[d for d in range(weight.dim()) if d != self.dim])
        return weight.reshape(weight.size(0), -1)

    def compute_weight(self, module: Any, do_power_iteration: bool | None = None) -> Tensor:
        """The weight divided by its largest singular value, after a few steps to it, by default in training only."""
        weight = getattr(module, self.name + "_orig")
        u, v = getattr(module, self.name + "_u"), getattr(module, self.name + "_v")
        matrix = self.matrix(weight)
        if module.training if do_power_iteration is None else do_power_iteration:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(matrix.t().mv(u), dim=0, eps=self.eps))
                    u.copy_(F.normalize(matrix.mv(v), dim=0, eps=self.eps))
            u, v = u.clone(), v.clone()
        return weight / u.dot(matrix.mv(v))

    def _right_vector(self, matrix: Tensor, u: Tensor, sigma: Tensor) -> Tensor:
        # A step sets u to W v / |W v|, so v is W's pseudoinverse applied to u, but for its length: u' W v = sigma gives it.
        v = linalg.pinv(matrix).mv(u)
        return v * (sigma / u.dot(matrix.mv(v)))

    def remove(self, module: Module) -> None:
        """Make the weight a parameter again."""
        with no_grad():
            weight = self.compute_weight(module, False)
        delattr(module, self.name)
        for name in ("_u", "_v", "_orig"):
            delattr(module, self.name + name)
        module.register_parameter(self.name, Parameter(weight.detach()))


class SpectralNormStateDictHook:
    """Notes in a state dict's metadata in which form the weight's parts are saved."""

    def __init__(self, fn: SpectralNorm) -> None:
        self.fn = fn

    def __call__(self, module: Module, state_dict: dict[str, Any], prefix: str, local_metadata: dict) -> None:
        local_metadata.setdefault("spectral_norm", {})[f"{self.fn.name}.version"] = _VERSION


class SpectralNormLoadStateDictPreHook:
    """Brings a state dict of an older form, which had the weight divided already but no `name_v`, to today's."""

    def __init__(self, fn: SpectralNorm) -> None:
        self.fn = fn

    def __call__(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        name = self.fn.name
        saved = local_metadata.get("spectral_norm", {}).get(f"{name}.version")
        if saved is not None and saved >= _VERSION:
            return
        key = prefix + name
        if f"{key}_v" in state_dict and key not in state_dict:
            return  # parts of today's form, whose note was lost
        complete = True
        for part in ("_orig", "", "_u"):
            if key + part not in state_dict:
                complete = False
                if strict:
                    missing_keys.append(key + part)
        if complete:
            with no_grad():
                weight, divided = state_dict[f"{key}_orig"], state_dict.pop(key)
                sigma = (weight / divided).mean()
                state_dict[f"{key}_v"] = self.fn._right_vector(self.fn.matrix(weight), state_dict[f"{key}_u"], sigma)


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Divide a weight by its largest singular value before each call; the weight itself becomes `name_orig`.

    `parametrizations.spectral_norm` is the newer form, whose arguments these are.

    Raises:
        RuntimeError: it is so already. KeyError: there is no such weight. ValueError: it is None.

    Source: Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.spectral_norm(torch.nn.Linear(3, 2))
    >>> [name for name, parameter in layer.named_parameters()]
    ['bias', 'weight_orig']
    """
    if dim is None:
        dim = 1 if isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)) else 0
    SpectralNorm.refuse_second(module, name)
    function = SpectralNorm(name, n_power_iterations, dim, eps)
    if name not in module._parameters:
        raise KeyError(f"{type(module).__name__} has no parameter '{name}' for spectral_norm to divide")
    weight = module._parameters[name]
    if weight is None:
        raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
    with no_grad():
        h, w = function.matrix(weight).shape
        u = F.normalize(weight.new_empty(h).normal_(0, 1), dim=0, eps=eps)
        v = F.normalize(weight.new_empty(w).normal_(0, 1), dim=0, eps=eps)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(name + "_u", u)
    module.register_buffer(name + "_v", v)
    module.register_forward_pre_hook(function)
    module._register_state_dict_hook(SpectralNormStateDictHook(function))
    module._register_load_state_dict_pre_hook(SpectralNormLoadStateDictPreHook(function))
    return module


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight a parameter again, with the value that it has. ValueError where it is none of `spectral_norm`'s.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.spectral_norm(torch.nn.Linear(3, 2))
    >>> [name for name, parameter in torch.nn.utils.remove_spectral_norm(layer).named_parameters()]
    ['bias', 'weight']
    """
    return SpectralNorm.take_from(module, name)
