"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .elementwise import ElementwiseOptimizer, check_lr, check_not_negative, zero_like


class SGD(ElementwiseOptimizer):
    """`p ← p - lr d`, with `d` the gradient, or with momentum the running sum `b ← momentum b + (1 - dampening) g`.

    Args:
        params: parameters, or groups of them.
        lr: the learning rate.
        momentum, dampening: of the running sum, which starts as the first gradient.
        weight_decay: `weight_decay p` is added to the gradient first.
        nesterov: `d = g + momentum b`. ValueError unless there is momentum and no dampening.
        maximize: go uphill.
        foreach, fused: hints to PyTorch; the update is always one loop over arrays.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Source: Sutskever et al. (2013), with `lr` outside the running sum.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.SGD([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8000, 1.6000], requires_grad=True)
    """

    _arrays = ("momentum_buffer",)
    _complex_as_real = False

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_not_negative("momentum value", momentum)
        check_not_negative("weight_decay value", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        if group["momentum"] != 0:
            state["momentum_buffer"] = None

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        momentum = group["momentum"]
        first = momentum != 0 and state["momentum_buffer"] is None
        if first:
            state["momentum_buffer"] = zero_like(param)
        weight_decay = group["weight_decay"]
        if not group["differentiable"]:
            weight_decay = float(weight_decay)
        return lr, momentum, group["dampening"], weight_decay, group["nesterov"], first

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        lr, momentum, dampening, weight_decay, nesterov, first = scalars
        if weight_decay != 0:
            grad = grad + weight_decay * param
        if momentum != 0:
            buffer = state["momentum_buffer"]
            if first:
                buffer += grad
            else:
                buffer *= momentum
                buffer += grad if dampening == 0 else (1 - dampening) * grad
            grad = grad + momentum * buffer if nesterov else buffer
        param -= lr * grad
