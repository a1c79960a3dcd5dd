"""Resilient backpropagation: steps whose size depends on the signs of gradients alone."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_capturable,
    check_flag,
    check_hint,
    check_lr,
    fill,
    put,
    refuse_gradient,
)


def _check_etas(name: str, value: Any) -> None:
    if not 0.0 < value[0] < 1.0 < value[1]:
        raise ValueError(f"Invalid eta values: {value[0]}, {value[1]}")


class Rprop(ElementwiseOptimizer):
    """`p ← p - sign(g) s`, with a step size s of each element's own.

    Where the gradient has kept its sign, `s` is multiplied by `etas[1]`; where it has changed, by `etas[0]`, and the
    element stays; `s` starts as `lr` and stays within `step_sizes`. For full batches. The other arguments are as of
    SGD. Source: Riedmiller and Braun (1993).
    """

    _options = {
        "lr": check_lr,
        "etas": _check_etas,
        "step_sizes": None,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
        "capturable": check_capturable,
    }
    _arrays = {"prev": None, "step_size": None}

    def __init__(
        self,
        params: Any,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, locals())

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        super()._start(param, group, state)
        fill(state["step_size"], float(group["lr"]))

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        refuse_gradient(group, "lr", lr)
        return {"etas": group["etas"], "step_sizes": group["step_sizes"]}

    def _update(self, xp, param, grad, state, *, etas, step_sizes):
        shrink, grow = etas
        agreement = grad * state["prev"]
        # The factor depends on signs alone, so that no gradient flows through it, as there is none almost everywhere.
        factor = xp.where(agreement > 0, grow, xp.where(agreement < 0, shrink, 1.0))
        put(xp, state, "step_size", xp.clip(state["step_size"] * factor, *step_sizes))
        grad = xp.where(agreement < 0, 0.0, grad)
        param -= xp.sign(grad) * state["step_size"]
        put(xp, state, "prev", grad)
