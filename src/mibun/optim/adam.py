"""Adam and the methods that come from it: AdamW, Adamax, NAdam, RAdam.

All keep a running average of the gradient and one of its square or size, and correct both for having started at zero.
"""

from __future__ import annotations

import math
from typing import Any

from ..core.tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_betas,
    check_lr,
    check_not_negative,
    count,
    put,
    refuse_gradient,
    single,
    zero_like,
)


def _betas(group: dict[str, Any]) -> tuple[float, float]:
    beta1, beta2 = group["betas"]
    refuse_gradient(group, "betas", beta1)
    refuse_gradient(group, "betas", beta2)
    return float(beta1), float(beta2)


class Adam(ElementwiseOptimizer):
    """`p ← p - lr m̂ / (√v̂ + eps)`, with running averages m of the gradient and v of its square.

    Args:
        params: parameters, or groups of them.
        lr: the learning rate.
        betas: how much of the averages is kept: `m ← beta1 m + (1 - beta1) g`, `v ← beta2 v + (1 - beta2) g²`;
            `m̂ = m / (1 - beta1ᵗ)`, `v̂ = v / (1 - beta2ᵗ)` after t steps.
        eps: added to the denominator.
        weight_decay: `weight_decay p` is added to the gradient; or, with `decoupled_weight_decay`, `p` is first
            multiplied by `1 - lr weight_decay`.
        amsgrad: use the largest v so far.
        maximize: go uphill.
        foreach, fused: hints to PyTorch; the update is always one loop over arrays.
        capturable: has to be False.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Source: Kingma and Ba (2015); amsgrad: Reddi et al. (2018).
    """

    _arrays = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        check_lr(lr)
        check_not_negative("epsilon value", eps)
        check_betas(betas)
        check_not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["exp_avg"] = zero_like(param)
        state["exp_avg_sq"] = zero_like(param)
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        beta1, beta2 = _betas(group)
        step = count(state)
        root = math.sqrt(1 - beta2**step)
        decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        # √v̂ + eps = (√v + eps root) / root: the division by root goes into the step size, and saves a pass.
        return (
            1 - beta1,
            beta2,
            lr * (root / (1 - beta1**step)),
            group["eps"] * root,
            0 if decoupled else decay,
            1 - lr * decay if decoupled and decay != 0 else None,
            group["amsgrad"],
        )

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        weight1, beta2, step_size, eps, decay, shrink, amsgrad = scalars
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * weight1
        square *= beta2
        square += grad * grad * (1 - beta2)
        if amsgrad:
            put(xp, state, "max_exp_avg_sq", xp.maximum(state["max_exp_avg_sq"], square))
            square = state["max_exp_avg_sq"]
        denominator = xp.sqrt(square) + eps
        param -= average / denominator * step_size


class AdamW(Adam):
    """Adam with decoupled weight decay: `p` is multiplied by `1 - lr weight_decay` in each step. Arguments as of Adam.

    Source: Loshchilov and Hutter (2019).
    """

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True


class Adamax(ElementwiseOptimizer):
    """Adam with a decaying maximum in place of the root of squares: `p ← p - lr m̂ / u`, `u ← max(beta2 u, |g| + eps)`.

    Arguments as of Adam. Source: Kingma and Ba (2015), section 7.
    """

    _arrays = ("exp_avg", "exp_inf")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_not_negative("epsilon value", eps)
        check_betas(betas)
        check_not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["exp_avg"] = zero_like(param)
        state["exp_inf"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        beta1, beta2 = _betas(group)
        step = count(state)
        return 1 - beta1, beta2, lr / (1 - beta1**step), group["eps"], group["weight_decay"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        weight1, beta2, step_size, eps, decay = scalars
        average = state["exp_avg"]
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * weight1
        put(xp, state, "exp_inf", xp.maximum(state["exp_inf"] * beta2, xp.abs(grad) + eps))
        param -= average / state["exp_inf"] * step_size


class NAdam(ElementwiseOptimizer):
    """Adam with Nesterov momentum, whose momentum rises: `mu_t = beta1 (1 - ½ 0.96^(t momentum_decay))`.

    The averages are corrected by the product of the mu so far; the step uses the gradient and, a step ahead, the
    average: `lr ((1 - mu_t) / (1 - Πmu) g + mu_(t+1) / (1 - Πmu mu_(t+1)) m) / (√v̂ + eps)`. Arguments as of Adam.
    Source: Dozat (2016).
    """

    _arrays = ("exp_avg", "exp_avg_sq")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_not_negative("epsilon value", eps)
        check_betas(betas)
        check_not_negative("weight_decay value", weight_decay)
        check_not_negative("momentum_decay value", momentum_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["mu_product"] = single(1.0)
        state["exp_avg"] = zero_like(param)
        state["exp_avg_sq"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        beta1, beta2 = _betas(group)
        step = count(state)
        decay = group["momentum_decay"]
        mu = beta1 * (1.0 - 0.5 * (0.96 ** (step * decay)))
        mu_next = beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * decay)))
        product = state["mu_product"].own_array()
        product *= mu
        total = product.item()
        weight_decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        return (
            1 - beta1,
            beta2,
            1 - beta2**step,
            lr * ((1.0 - mu) / (1.0 - total)),
            lr * (mu_next / (1.0 - total * mu_next)),
            group["eps"],
            0 if decoupled else weight_decay,
            1 - lr * weight_decay if decoupled and weight_decay != 0 else None,
        )

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        weight1, beta2, correction, grad_size, average_size, eps, decay, shrink = scalars
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * weight1
        square *= beta2
        square += grad * grad * (1 - beta2)
        denominator = xp.sqrt(square / correction) + eps
        param -= (grad * grad_size + average * average_size) / denominator


class RAdam(ElementwiseOptimizer):
    """Adam that waits: the step is divided by `√v̂` only once enough gradients were seen for v to be trusted.

    With `rho∞ = 2 / (1 - beta2) - 1` and `rho = rho∞ - 2 t beta2ᵗ / (1 - beta2ᵗ)`, where `rho > 5` the step is that of
    Adam times `√((rho - 4)(rho - 2) rho∞ / ((rho∞ - 4)(rho∞ - 2) rho))`; before, it is `lr m̂`. Arguments as of Adam.
    Source: Liu et al. (2020).
    """

    _arrays = ("exp_avg", "exp_avg_sq")

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_not_negative("epsilon value", eps)
        check_betas(betas)
        check_not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["exp_avg"] = zero_like(param)
        state["exp_avg_sq"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        beta1, beta2 = _betas(group)
        step = count(state)
        correction1, correction2 = 1 - beta1**step, 1 - beta2**step
        limit = 2 / (1 - beta2) - 1
        length = limit - 2 * step * beta2**step / correction2
        adapt = None
        if length > 5.0:
            rectified = math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
            adapt = math.sqrt(correction2) * rectified
        decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        return (
            1 - beta1,
            beta2,
            lr / correction1,
            adapt,
            group["eps"],
            0 if decoupled else decay,
            1 - lr * decay if decoupled and decay != 0 else None,
        )

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        weight1, beta2, step_size, adapt, eps, decay, shrink = scalars
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * weight1
        square *= beta2
        square += grad * grad * (1 - beta2)
        if adapt is None:
            param -= average * step_size
        else:
            param -= average / (xp.sqrt(square) + eps) * (step_size * adapt)


__all__ = ["Adam", "AdamW", "Adamax", "NAdam", "RAdam"]
