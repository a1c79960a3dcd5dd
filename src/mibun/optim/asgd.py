"""Averaged stochastic gradient descent: the answer is the average of the parameters over the later steps."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_capturable,
    check_flag,
    check_hint,
    check_lr,
    check_not_negative,
    count,
    put,
    refuse_gradient,
    store,
)
from .functional_form import step_on_lists
from .optimizer import ParamsT


class ASGD(ElementwiseOptimizer):
    """`p ← (1 - lambd eta) p - eta g` with a falling rate `eta = lr / (1 + lambd lr t)^alpha`; averages p.

    The average is in `state[p]["ax"]`: from step `t0` on of all p since, before it the last one.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the first rate, a float or a Tensor of one element.
        lambd: how much p shrinks, and how fast the rate falls.
        alpha: the exponent with which it falls.
        t0: the step from which on p is averaged.
        weight_decay: `weight_decay p` is added to the gradient.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.
        capturable: has to be False, as there are no CUDA graphs.

    Raises:
        ValueError: for a negative `lr` or `weight_decay`; in a recorded step, for an `lr` that requires grad.
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Polyak and Juditsky (1992).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.ASGD([x], lr=0.1, t0=0)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8000, 1.6000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "lambd": None,
        "alpha": None,
        "t0": None,
        "weight_decay": check_not_negative,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
        "capturable": check_capturable,
    }
    _numbers = {"step": 0.0, "eta": 0.0, "mu": 1.0}
    _arrays = {"ax": None}

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(params, locals())

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        super()._start(param, group, state)
        store(state["eta"], float(group["lr"]))

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        refuse_gradient(group, "lr", lr)
        return {"decay": group["weight_decay"]}

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        step = count(state)
        eta, mu = state["eta"].item(), state["mu"].item()
        lambd = group["lambd"]
        # For the next step; rounded to the dtype they are kept in.
        rate = float(lr)
        store(state["eta"], rate / ((1 + lambd * rate * step) ** group["alpha"]))
        store(state["mu"], 1 / max(1, step - group["t0"]))
        return {"eta": eta, "mu": mu, "shrink": 1 - lambd * eta}

    def _update(self, xp, param, grad, state, *, decay, eta, mu, shrink):
        average = state["ax"]
        if decay != 0:
            grad = grad + decay * param
        param *= shrink
        param -= grad * eta
        if mu == 1:
            put(xp, state, "ax", param + 0)
        else:
            average += (param - average) * mu


def asgd(
    params: list[Tensor],
    grads: list[Tensor],
    axs: list[Tensor],
    mus: list[Tensor],
    etas: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    has_complex: bool = False,
    *,
    lambd: float,
    lr: float,
    t0: float,
    alpha: float,
    weight_decay: float,
) -> None:
    """One step of `ASGD` on lists: a parameter, its gradient and its state have the same place in each.

    mus, etas, state_steps: 0-d tensors, which are brought forward. The options are those of `ASGD`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"ax": axs, "mu": mus, "eta": etas, "step": state_steps}
    options = {
        "alpha": alpha,
        "capturable": capturable,
        "differentiable": differentiable,
        "lambd": lambd,
        "lr": lr,
        "maximize": maximize,
        "t0": t0,
        "weight_decay": weight_decay,
    }
    step_on_lists(ASGD, params, grads, states, options)
