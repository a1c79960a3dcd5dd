"""Methods that scale each element's step by the size of its gradients so far: Adagrad, RMSprop, Adadelta."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, wrap
from .elementwise import ElementwiseOptimizer, check_lr, check_not_negative, count, single, zero_like


class Adagrad(ElementwiseOptimizer):
    """`p ← p - lr_t g / (√s + eps)`, with the sum `s ← s + g²` over all steps and `lr_t = lr / (1 + (t - 1) lr_decay)`.

    `initial_accumulator_value` is where the sum starts; the other arguments are as of SGD and Adam.
    Source: Duchi, Hazan, Singer (2011).
    """

    _arrays = ("sum",)

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_not_negative("lr_decay value", lr_decay)
        check_not_negative("weight_decay value", weight_decay)
        check_not_negative("initial_accumulator_value value", initial_accumulator_value)
        check_not_negative("epsilon value", eps)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        # Unlike the others it has its state from the start.
        for group in self.param_groups:
            for param in group["params"]:
                self._begin(param, group)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        value = group["initial_accumulator_value"]
        array = param.own_array()
        state["step"] = single(0.0)
        state["sum"] = wrap(np.full_like(array, complex(value, value) if array.dtype.kind == "c" else value))

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        step = count(state)
        return lr / (1 + (step - 1) * group["lr_decay"]), group["eps"], group["weight_decay"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        lr, eps, decay = scalars
        total = state["sum"]
        if decay != 0:
            grad = grad + decay * param
        total += grad * grad
        param -= grad / (xp.sqrt(total) + eps) * lr


class RMSprop(ElementwiseOptimizer):
    """`p ← p - lr g / (√v + eps)`, with the running average `v ← alpha v + (1 - alpha) g²`.

    With `momentum` the quotients are summed up, `b ← momentum b + g / (√v + eps)`, and `p ← p - lr b`. With `centered`
    the square of the running average of g is taken from v. The other arguments are as of SGD and Adam.
    Source: Hinton's lecture 6e (2012); centered: Graves (2013).
    """

    _arrays = ("square_avg", "momentum_buffer", "grad_avg")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_not_negative("epsilon value", eps)
        check_not_negative("momentum value", momentum)
        check_not_negative("weight_decay value", weight_decay)
        check_not_negative("alpha value", alpha)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["square_avg"] = zero_like(param)
        if group["momentum"] > 0:
            state["momentum_buffer"] = zero_like(param)
        if group["centered"]:
            state["grad_avg"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        count(state)
        return lr, group["alpha"], group["eps"], group["weight_decay"], group["momentum"], group["centered"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        lr, alpha, eps, decay, momentum, centered = scalars
        square = state["square_avg"]
        if decay != 0:
            grad = grad + decay * param
        square *= alpha
        square += grad * grad * (1 - alpha)
        if centered:
            mean = state["grad_avg"]
            mean += (grad - mean) * (1 - alpha)
            denominator = xp.sqrt(square - mean * mean) + eps
        else:
            denominator = xp.sqrt(square) + eps
        if momentum > 0:
            buffer = state["momentum_buffer"]
            buffer *= momentum
            buffer += grad / denominator
            param -= buffer * lr
        else:
            param -= grad / denominator * lr


class Adadelta(ElementwiseOptimizer):
    """`p ← p - lr Δ`, `Δ = √(d + eps) / √(v + eps) g`, with running averages v of `g²` and d of `Δ²`.

    `rho` is how much of the averages is kept; the other arguments are as of SGD and Adam. Source: Zeiler (2012).
    """

    _arrays = ("square_avg", "acc_delta")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        check_not_negative("epsilon value", eps)
        check_not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["square_avg"] = zero_like(param)
        state["acc_delta"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        count(state)
        return lr, group["rho"], group["eps"], group["weight_decay"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        lr, rho, eps, decay = scalars
        square, moved = state["square_avg"], state["acc_delta"]
        if decay != 0:
            grad = grad + decay * param
        square *= rho
        square += grad * grad * (1 - rho)
        delta = xp.sqrt(moved + eps) / xp.sqrt(square + eps) * grad
        moved *= rho
        moved += delta * delta * (1 - rho)
        param -= delta * lr
