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
    check_capturable,
    check_flag,
    check_hint,
    check_lr,
    check_not_negative,
    count,
    decay_scalars,
    put,
    refuse_gradient,
    scale,
)
from .functional_form import step_on_lists
from .optimizer import ParamsT


def _betas(group: dict[str, Any]) -> tuple[float, float]:
    beta1, beta2 = group["betas"]
    refuse_gradient(group, "betas", beta1)
    refuse_gradient(group, "betas", beta2)
    return float(beta1), float(beta2)


class Adam(ElementwiseOptimizer):
    """`p ← p - lr m̂ / (√v̂ + eps)`, with running averages m of the gradient and v of its square.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        betas: how much of the averages is kept: `m ← beta1 m + (1 - beta1) g`, `v ← beta2 v + (1 - beta2) g²`;
            `m̂ = m / (1 - beta1ᵗ)`, `v̂ = v / (1 - beta2ᵗ)` after t steps, which corrects for the start at zero.
        eps: added to the denominator.
        weight_decay: `weight_decay p` is added to the gradient.
        amsgrad: use the largest v so far.
        maximize: go uphill.
        foreach, fused: hints to PyTorch; the update is always one loop over arrays.
        capturable: has to be False, as there are no CUDA graphs.
        differentiable: record the step itself. The parameters then have to be non-leaves.
        decoupled_weight_decay: `p` is first multiplied by `1 - lr weight_decay` instead, as in AdamW.

    Raises:
        ValueError: for a negative option, or betas outside of [0, 1).
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.
        RuntimeError: for `fused` with `foreach` or `differentiable`.

    Source: Kingma and Ba (2015), https://arxiv.org/abs/1412.6980; amsgrad: Reddi et al. (2018).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Adam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.9000, 1.9000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "betas": check_betas,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "amsgrad": None,
        "maximize": check_flag,
        "foreach": check_hint,
        "capturable": check_capturable,
        "differentiable": check_flag,
        "fused": check_hint,
        "decoupled_weight_decay": None,
    }
    _arrays = {"exp_avg": None, "exp_avg_sq": None, "max_exp_avg_sq": "amsgrad"}

    def __init__(
        self,
        params: ParamsT,
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
        super().__init__(params, locals())

    def _refusal_of_sparse(self) -> RuntimeError:
        return RuntimeError("Adam does not support sparse gradients, please consider SparseAdam instead")

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        beta1, beta2 = _betas(group)
        return {"beta1": beta1, "beta2": beta2, "amsgrad": group["amsgrad"], **decay_scalars(group, lr)}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        beta1, beta2 = shared["beta1"], shared["beta2"]
        step = count(state)
        root = math.sqrt(1 - beta2**step)
        # √v̂ + eps = (√v + eps root) / root: the division by root goes into the step size, and saves a pass.
        return {"step_size": lr * (root / (1 - beta1**step)), "eps": group["eps"] * root}

    def _update(self, xp, param, grad, state, *, beta1, beta2, amsgrad, decay, shrink, step_size, eps):
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * (1 - beta1)
        square *= beta2
        square += grad * grad * (1 - beta2)
        if amsgrad:
            put(xp, state, "max_exp_avg_sq", xp.maximum(state["max_exp_avg_sq"], square))
            square = state["max_exp_avg_sq"]
        denominator = xp.sqrt(square) + eps
        param -= average / denominator * step_size


class AdamW(Adam):
    """Adam with decoupled weight decay: `p ← (1 - lr weight_decay) p - lr m̂ / (√v̂ + eps)`.

    The decay is not in the gradient, so that it is not divided by its size either. Arguments and errors as of `Adam`.
    Source: Loshchilov and Hutter (2019), https://arxiv.org/abs/1711.05101.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.AdamW([x], lr=0.1, weight_decay=0.5)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8500, 1.8000], requires_grad=True)
    """

    def __init__(
        self,
        params: ParamsT,
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

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        betas: how much of m and u is kept; `m̂ = m / (1 - beta1ᵗ)` after t steps.
        eps: added to the size of the gradient.
        weight_decay: `weight_decay p` is added to the gradient.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.
        capturable: has to be False, as there are no CUDA graphs.

    Raises:
        ValueError: for a negative option, or betas outside of [0, 1).
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Kingma and Ba (2015), section 7, https://arxiv.org/abs/1412.6980.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Adamax([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.9000, 1.9000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "betas": check_betas,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
        "capturable": check_capturable,
    }
    _arrays = {"exp_avg": None, "exp_inf": None}

    def __init__(
        self,
        params: ParamsT,
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
        super().__init__(params, locals())

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        beta1, beta2 = _betas(group)
        return {"beta1": beta1, "beta2": beta2, "eps": group["eps"], "decay": group["weight_decay"]}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        return {"step_size": lr / (1 - shared["beta1"] ** count(state))}

    def _update(self, xp, param, grad, state, *, beta1, beta2, eps, decay, step_size):
        average = state["exp_avg"]
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * (1 - beta1)
        put(xp, state, "exp_inf", xp.maximum(state["exp_inf"] * beta2, xp.abs(grad) + eps))
        param -= average / state["exp_inf"] * step_size


class NAdam(ElementwiseOptimizer):
    """Adam with Nesterov momentum, whose momentum rises: `mu_t = beta1 (1 - ½ 0.96^(t momentum_decay))`.

    The averages m and v are those of Adam, m corrected by the product of the mu so far. The step uses the gradient and,
    a step ahead, the average: `p ← p - lr ((1 - mu_t) / (1 - Πmu) g + mu_(t+1) / (1 - Πmu mu_(t+1)) m) / (√v̂ + eps)`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        betas: how much of the averages is kept.
        eps: added to the denominator.
        weight_decay: `weight_decay p` is added to the gradient.
        momentum_decay: how fast the momentum rises.
        decoupled_weight_decay: `p` is first multiplied by `1 - lr weight_decay` instead, as in AdamW.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        capturable: has to be False, as there are no CUDA graphs.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option, or betas outside of [0, 1).
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Dozat, Incorporating Nesterov momentum into Adam (2016).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.NAdam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8944, 1.8944], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "betas": check_betas,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "momentum_decay": check_not_negative,
        "decoupled_weight_decay": None,
        "maximize": check_flag,
        "foreach": check_hint,
        "capturable": check_capturable,
        "differentiable": check_flag,
    }
    _numbers = {"step": 0.0, "mu_product": 1.0}
    _arrays = {"exp_avg": None, "exp_avg_sq": None}

    def __init__(
        self,
        params: ParamsT,
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
        super().__init__(params, locals())

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        beta1, beta2 = _betas(group)
        return {"beta1": beta1, "beta2": beta2, "eps": group["eps"], **decay_scalars(group, lr)}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        beta1, beta2 = shared["beta1"], shared["beta2"]
        step = count(state)
        decay = group["momentum_decay"]
        mu = beta1 * (1.0 - 0.5 * (0.96 ** (step * decay)))
        mu_next = beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * decay)))
        total = scale(state["mu_product"], mu)
        return {
            "correction2": 1 - beta2**step,
            "grad_size": lr * ((1.0 - mu) / (1.0 - total)),
            "average_size": lr * (mu_next / (1.0 - total * mu_next)),
        }

    def _update(
        self, xp, param, grad, state, *, beta1, beta2, eps, decay, shrink, correction2, grad_size, average_size
    ):
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * (1 - beta1)
        square *= beta2
        square += grad * grad * (1 - beta2)
        denominator = xp.sqrt(square / correction2) + eps
        param -= (grad * grad_size + average * average_size) / denominator


class RAdam(ElementwiseOptimizer):
    """Adam that waits: the step is divided by `√v̂` only once enough gradients were seen for v to be trusted.

    With `rho∞ = 2 / (1 - beta2) - 1` and `rho = rho∞ - 2 t beta2ᵗ / (1 - beta2ᵗ)`, where `rho > 5` the step is that of
    Adam times `√((rho - 4)(rho - 2) rho∞ / ((rho∞ - 4)(rho∞ - 2) rho))`; before, it is `lr m̂`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        betas: how much of the averages m and v is kept.
        eps: added to the denominator.
        weight_decay: `weight_decay p` is added to the gradient.
        decoupled_weight_decay: `p` is first multiplied by `1 - lr weight_decay` instead, as in AdamW.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        capturable: has to be False, as there are no CUDA graphs.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option, or betas outside of [0, 1).
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Liu et al. (2020), https://arxiv.org/abs/1908.03265.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.RAdam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8000, 1.6000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "betas": check_betas,
        "eps": check_not_negative,
        "weight_decay": check_not_negative,
        "maximize": check_flag,
        "foreach": check_hint,
        "capturable": check_capturable,
        "decoupled_weight_decay": None,
        "differentiable": check_flag,
    }
    _arrays = {"exp_avg": None, "exp_avg_sq": None}

    def __init__(
        self,
        params: ParamsT,
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
        super().__init__(params, locals())

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        beta1, beta2 = _betas(group)
        return {"beta1": beta1, "beta2": beta2, "eps": group["eps"], **decay_scalars(group, lr)}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        beta1, beta2 = shared["beta1"], shared["beta2"]
        step = count(state)
        correction1, correction2 = 1 - beta1**step, 1 - beta2**step
        limit = 2 / (1 - beta2) - 1
        length = limit - 2 * step * beta2**step / correction2
        adapt = None
        if length > 5.0:
            rectified = math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
            adapt = math.sqrt(correction2) * rectified
        return {"step_size": lr / correction1, "adapt": adapt}

    def _update(self, xp, param, grad, state, *, beta1, beta2, eps, decay, shrink, step_size, adapt):
        average, square = state["exp_avg"], state["exp_avg_sq"]
        if shrink is not None:
            param *= shrink
        if decay != 0:
            grad = grad + decay * param
        average += (grad - average) * (1 - beta1)
        square *= beta2
        square += grad * grad * (1 - beta2)
        if adapt is None:
            param -= average * step_size
        else:
            param -= average / (xp.sqrt(square) + eps) * (step_size * adapt)


def adam(
    params: list[Tensor],
    grads: list[Tensor],
    exp_avgs: list[Tensor],
    exp_avg_sqs: list[Tensor],
    max_exp_avg_sqs: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    capturable: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
    has_complex: bool = False,
    decoupled_weight_decay: bool = False,
    *,
    amsgrad: bool,
    beta1: float | Tensor,
    beta2: float | Tensor,
    lr: float | Tensor,
    weight_decay: float,
    eps: float,
    maximize: bool,
) -> None:
    """One step of `Adam` on lists: a parameter, its gradient and its state have the same place in each.

    max_exp_avg_sqs: of use with `amsgrad` only, else an empty list will do. state_steps: 0-d tensors, counted up. The
    options are those of `Adam`; `grad_scale` divides the gradients, and `found_inf` other than 0 leaves the step out.

    >>> import mibun as torch
    >>> p, zero = torch.ones(1), lambda: torch.zeros(1)
    >>> options = dict(amsgrad=False, beta1=0.9, beta2=0.99, lr=0.1, weight_decay=0., eps=1e-8, maximize=False)
    >>> torch.optim.adam.adam([p], [torch.ones(1)], [zero()], [zero()], [], [torch.tensor(0.)], **options)
    >>> p
    tensor([0.9000])
    """
    states = {"exp_avg": exp_avgs, "exp_avg_sq": exp_avg_sqs, "max_exp_avg_sq": max_exp_avg_sqs, "step": state_steps}
    options = {
        "amsgrad": amsgrad,
        "betas": (beta1, beta2),
        "capturable": capturable,
        "decoupled_weight_decay": decoupled_weight_decay,
        "differentiable": differentiable,
        "eps": eps,
        "found_inf": found_inf,
        "grad_scale": grad_scale,
        "lr": lr,
        "maximize": maximize,
        "weight_decay": weight_decay,
    }
    step_on_lists(Adam, params, grads, states, options)


__all__ = ["Adam", "AdamW", "Adamax", "NAdam", "RAdam"]
