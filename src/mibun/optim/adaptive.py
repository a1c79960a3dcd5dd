"""Methods that scale each element's step by the size of its gradients so far: Adagrad, RMSprop, Adadelta."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_capturable,
    check_flag,
    check_hint,
    check_lr,
    check_not_negative,
    count,
    fill,
)


class Adagrad(ElementwiseOptimizer):
    """`p ← p - lr_t g / (√s + eps)`, with the sum `s ← s + g²` over all steps and `lr_t = lr / (1 + (t - 1) lr_decay)`.

    `initial_accumulator_value` is where the sum starts; the other arguments are as of SGD and Adam.
    Source: Duchi, Hazan, Singer (2011).
    """

    _options = {
        "lr": check_lr,
        "lr_decay": check_not_negative,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "initial_accumulator_value": check_not_negative,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
        "fused": check_hint,
    }
    _arrays = {"sum": None}

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
        super().__init__(params, locals())
        # Unlike the others it has its state from the start.
        for group in self.param_groups:
            for param in group["params"]:
                self._begin(param, group)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        super()._start(param, group, state)
        fill(state["sum"], group["initial_accumulator_value"])

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        return {"eps": group["eps"], "decay": group["weight_decay"]}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        return {"step_size": lr / (1 + (count(state) - 1) * group["lr_decay"])}

    def _update(self, xp, param, grad, state, *, eps, decay, step_size):
        total = state["sum"]
        if decay != 0:
            grad = grad + decay * param
        total += grad * grad
        param -= grad / (xp.sqrt(total) + eps) * step_size


class RMSprop(ElementwiseOptimizer):
    """`p ← p - lr g / (√v + eps)`, with the running average `v ← alpha v + (1 - alpha) g²`.

    With `momentum` the quotients are summed up, `b ← momentum b + g / (√v + eps)`, and `p ← p - lr b`. With `centered`
    the square of the running average of g is taken from v. The other arguments are as of SGD and Adam.
    Source: Hinton's lecture 6e (2012); centered: Graves (2013).
    """

    _options = {
        "lr": check_lr,
        "momentum": check_not_negative,
        "alpha": check_not_negative,
        "eps": check_not_negative,
        "centered": None,
        "weight_decay": check_not_negative,
        "capturable": check_capturable,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
    }
    _arrays = {"square_avg": None, "momentum_buffer": "momentum", "grad_avg": "centered"}

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
        super().__init__(params, locals())

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        return {
            "lr": lr,
            "alpha": group["alpha"],
            "eps": group["eps"],
            "decay": group["weight_decay"],
            "momentum": group["momentum"],
            "centered": group["centered"],
        }

    def _update(self, xp, param, grad, state, *, lr, alpha, eps, decay, momentum, centered):
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


def _check_rho(name: str, value: Any) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"Invalid {name} value: {value}")


class Adadelta(ElementwiseOptimizer):
    """`p ← p - lr Δ`, `Δ = √(d + eps) / √(v + eps) g`, with running averages v of `g²` and d of `Δ²`.

    `rho` is how much of the averages is kept; the other arguments are as of SGD and Adam. Source: Zeiler (2012).
    """

    _options = {
        "lr": check_lr,
        "rho": _check_rho,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "maximize": check_flag,
        "capturable": check_capturable,
        "foreach": check_hint,
        "differentiable": check_flag,
    }
    _arrays = {"square_avg": None, "acc_delta": None}

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
        super().__init__(params, locals())

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        return {"lr": lr, "rho": group["rho"], "eps": group["eps"], "decay": group["weight_decay"]}

    def _update(self, xp, param, grad, state, *, lr, rho, eps, decay):
        square, moved = state["square_avg"], state["acc_delta"]
        if decay != 0:
            grad = grad + decay * param
        square *= rho
        square += grad * grad * (1 - rho)
        delta = xp.sqrt(moved + eps) / xp.sqrt(square + eps) * grad
        moved *= rho
        moved += delta * delta * (1 - rho)
        param -= delta * lr
