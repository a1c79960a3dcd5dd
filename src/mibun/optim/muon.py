"""Muon: momentum whose matrix is made orthogonal before it is added."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.dtypes import strided
from ..core.mode import enable_grad, no_grad
from ..core.tensor import Tensor
from ..ops.creation.buffers import from_numpy
from .elementwise import check_lr, check_not_negative, zero_like
from .optimizer import Optimizer, ParamsT


def _rounded(x: np.ndarray) -> np.ndarray:
    """float32 numbers rounded to the nearest that bfloat16 has, ties to even: the upper half of their bits."""
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & np.uint32(0xFFFF0000)).view(np.float32)


def orthogonalised(matrix: np.ndarray, coefficients: tuple[float, float, float], steps: int, eps: float) -> np.ndarray:
    """Roughly U Vᵀ of U S Vᵀ: a polynomial that draws singular values to 1, several times, in bfloat16 as PyTorch."""
    a, b, c = coefficients
    x = _rounded(matrix)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = _rounded(x / max(_rounded(np.asarray([np.linalg.norm(x)]))[0], eps))
    for _ in range(steps):
        gram = _rounded(x @ x.T)
        polynomial = _rounded(b * gram + c * (gram @ gram))
        x = _rounded(a * x + polynomial @ x)
    return x.T if tall else x


class Muon(Optimizer):
    """`p ← (1 - lr weight_decay) p - lr s O(d)`, where O makes the matrix d, the momentum, roughly orthogonal.

    `b ← momentum b + (1 - momentum) g`; `d = b`, or with Nesterov's momentum `momentum b + (1 - momentum) g`. O is
    `ns_steps` steps of a Newton-Schulz iteration, computed in bfloat16.

    Args:
        params: matrices to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        weight_decay: the parameter shrinks by `1 - lr weight_decay` before.
        momentum: how much of the running mean is kept. nesterov: look one step ahead.
        ns_coefficients: of `a x + b x³ + c x⁵`. eps: the least norm that the momentum is divided by.
        ns_steps: below 100.
        adjust_lr_fn: s for a matrix (n, m): "original" or None, √max(1, n / m); "match_rms_adamw", 0.2 √max(n, m).

    Raises:
        ValueError: for options that cannot be, and parameters that are no matrices.

    Source: Jordan et al., Muon: An optimizer for hidden layers in neural networks (2024); the second s: Liu et al.
    (2025), arXiv:2502.16982.

    >>> import mibun as torch
    >>> weight = torch.zeros(2, 2, requires_grad=True)
    >>> optimizer = torch.optim.Muon([weight], lr=0.1, weight_decay=0.0)
    >>> (weight * torch.eye(2)).sum().backward()
    >>> optimizer.step()
    >>> bool(weight[0, 0] < 0)
    True
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        check_lr("lr", lr)
        if not 0.0 <= lr:
            raise ValueError(f"Learning rate should be >= 0 but is: {lr}")
        check_not_negative("momentum", momentum)
        check_not_negative("weight_decay", weight_decay)
        if adjust_lr_fn is not None and adjust_lr_fn not in ("original", "match_rms_adamw"):
            raise ValueError(f"Adjust learning rate function {adjust_lr_fn} is not supported")
        options = {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "nesterov": nesterov}
        options |= {"ns_coefficients": ns_coefficients, "eps": eps, "ns_steps": ns_steps, "adjust_lr_fn": adjust_lr_fn}
        super().__init__(params, options)
        for group in self.param_groups:
            for param in group["params"]:
                if param.dim() != 2:
                    raise ValueError(f"Muon only supports 2D parameters whereas we found a parameter of {param.shape}")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have gradients, once; gives what the closure, if any, has returned."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    if param.grad is not None:
                        self._change(param, param.grad, group)
        return loss

    def _change(self, param: Tensor, grad: Tensor, group: dict[str, Any]) -> None:
        if param.is_complex():
            raise RuntimeError("Muon does not support complex parameters")
        if grad.layout is not strided:
            raise RuntimeError("Muon does not support sparse gradients")
        if group["ns_steps"] >= 100:
            raise ValueError("Number of steps must be less than 100 for computational efficiency")
        state = self.state[param]
        if not state:
            state["momentum_buffer"] = zero_like(param)
        mean, momentum, rate = state["momentum_buffer"], group["momentum"], float(group["lr"])
        mean.lerp_(grad, 1 - momentum)
        direction = grad.lerp(mean, momentum) if group["nesterov"] else mean
        array = direction.float().numpy(force=True)
        update = orthogonalised(array, group["ns_coefficients"], group["ns_steps"], group["eps"])
        rows, columns = param.shape
        larger = 0.2 * math.sqrt(max(rows, columns)) if group["adjust_lr_fn"] == "match_rms_adamw" else None
        scale = math.sqrt(max(1, rows / columns)) if larger is None else larger
        param.mul_(1 - rate * group["weight_decay"])
        param.add_(from_numpy(np.ascontiguousarray(update)).to(param), alpha=-rate * scale)
