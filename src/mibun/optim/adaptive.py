"""Methods that scale each element's step by the size of its gradients so far: Adagrad, RMSprop, Adadelta."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.registry import OPS
from ..core.tensor import Tensor
from ..core.views import before_write, own_array
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
from .optimizer import ParamsT


class Adagrad(ElementwiseOptimizer):
    """`p ← p - lr_t g / (√s + eps)`, with the sum `s ← s + g²` over all steps and `lr_t = lr / (1 + (t - 1) lr_decay)`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        lr_decay: how fast the rate falls.
        weight_decay: `weight_decay p` is added to the gradient.
        initial_accumulator_value: where the sum s starts.
        eps: added to the denominator.
        foreach, fused: hints to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option.
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        RuntimeError: for `fused` with `foreach` or `differentiable`.

    Source: Duchi, Hazan and Singer (2011).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Adagrad([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.9000, 1.9000], requires_grad=True)
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
        params: ParamsT,
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

    def _step_sparse(self, param: Tensor, gradient: Any, group: dict[str, Any], lr: float) -> None:
        """The same for the elements that a sparse gradient has; the sums of all others stay as they are."""
        if group["weight_decay"] != 0:
            raise RuntimeError("weight_decay option is not compatible with sparse gradients")
        state = self.state[param]
        step_size = self._own(param, state, group, {}, lr)["step_size"]
        gradient = OPS["coalesce"].kernel(None, gradient)
        places, total = tuple(gradient.indices), own_array(state["sum"])
        sums = total[places] + gradient.values * gradient.values
        total[places] = sums
        before_write(param)
        own_array(param)[places] -= step_size * (gradient.values / (np.sqrt(sums) + group["eps"]))

    def _update(self, xp, param, grad, state, *, eps, decay, step_size):
        total = state["sum"]
        if decay != 0:
            grad = grad + decay * param
        total += grad * grad
        param -= grad / (xp.sqrt(total) + eps) * step_size


class RMSprop(ElementwiseOptimizer):
    """`p ← p - lr g / (√v + eps)`, with the running average `v ← alpha v + (1 - alpha) g²`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        alpha: how much of the average is kept.
        eps: added to the denominator.
        weight_decay: `weight_decay p` is added to the gradient.
        momentum: the quotients are summed up, `b ← momentum b + g / (√v + eps)`, and `p ← p - lr b`.
        centered: the square of the running average of g is taken from v, which leaves its variance.
        capturable: has to be False, as there are no CUDA graphs.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option.
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Tieleman and Hinton, lecture 6e of Neural Networks for Machine Learning (2012); centered: Graves (2013).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.RMSprop([x], lr=0.01)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.9000, 1.9000], requires_grad=True)
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
        params: ParamsT,
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

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: a factor of the step, a float or a Tensor of one element; in the paper there is none.
        rho: how much of the averages is kept.
        eps: added to both averages, so that the first step is not zero.
        weight_decay: `weight_decay p` is added to the gradient.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        capturable: has to be False, as there are no CUDA graphs.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option, or rho outside of [0, 1].
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Zeiler (2012), https://arxiv.org/abs/1212.5701.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Adadelta([x], eps=0.01)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.6877, 1.6848], requires_grad=True)
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
        params: ParamsT,
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
