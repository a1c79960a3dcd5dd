"""Averaged stochastic gradient descent: the answer is the average of the parameters over the later steps."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_lr,
    check_not_negative,
    count,
    put,
    refuse_gradient,
    single,
    store,
    zero_like,
)


class ASGD(ElementwiseOptimizer):
    """`p ← (1 - lambd eta) p - eta g` with a falling rate `eta = lr / (1 + lambd lr t)^alpha`.

    The average is in `state[p]["ax"]`: from step `t0` on of all p since, before it the last one. The other arguments
    are as of SGD. Source: Polyak and Juditsky (1992).
    """

    _arrays = ("ax",)

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
        check_lr(lr)
        check_not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        state["step"] = single(0.0)
        state["eta"] = single(float(group["lr"]))
        state["mu"] = single(1.0)
        state["ax"] = zero_like(param)

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        refuse_gradient(group, "lr", lr)
        step = count(state)
        eta, mu = state["eta"].item(), state["mu"].item()
        lambd = group["lambd"]
        # For the next step; rounded to the dtype they are kept in.
        rate = float(lr)
        store(state["eta"], rate / ((1 + lambd * rate * step) ** group["alpha"]))
        store(state["mu"], 1 / max(1, step - group["t0"]))
        return eta, mu, 1 - lambd * eta, group["weight_decay"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        eta, mu, shrink, decay = scalars
        average = state["ax"]
        if decay != 0:
            grad = grad + decay * param
        param *= shrink
        param -= grad * eta
        if mu == 1:
            put(xp, state, "ax", param + 0)
        else:
            average += (param - average) * mu
