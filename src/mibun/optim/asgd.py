"""Averaged stochastic gradient descent: the answer is the average of the parameters over the later steps."""

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
    put,
    refuse_gradient,
    store,
)


class ASGD(ElementwiseOptimizer):
    """`p ← (1 - lambd eta) p - eta g` with a falling rate `eta = lr / (1 + lambd lr t)^alpha`.

    The average is in `state[p]["ax"]`: from step `t0` on of all p since, before it the last one. The other arguments
    are as of SGD. Source: Polyak and Juditsky (1992).
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
        params: Any,
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
