"""Resilient backpropagation: steps whose size depends on the signs of gradients alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor, wrap
from .elementwise import ElementwiseOptimizer, check_lr, count, put, refuse_gradient, single, zero_like


class Rprop(ElementwiseOptimizer):
    """`p ← p - sign(g) s`, with a step size s of each element's own.

    Where the gradient has kept its sign, `s` is multiplied by `etas[1]`; where it has changed, by `etas[0]`, and the
    element stays; `s` starts as `lr` and stays within `step_sizes`. For full batches. The other arguments are as of
    SGD. Source: Riedmiller and Braun (1993).
    """

    _arrays = ("prev", "step_size")

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
        check_lr(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        lr = float(group["lr"])
        array = param.own_array()
        state["step"] = single(0.0)
        state["prev"] = zero_like(param)
        state["step_size"] = wrap(np.full_like(array, complex(lr, lr) if array.dtype.kind == "c" else lr))

    def _scalars(self, param: Tensor, group: dict[str, Any], state: dict[str, Any], lr: Any) -> tuple:
        refuse_gradient(group, "lr", lr)
        count(state)
        return *group["etas"], *group["step_sizes"]

    def _update(self, xp: Any, param: Any, grad: Any, state: dict[str, Any], scalars: tuple) -> None:
        shrink, grow, smallest, largest = scalars
        agreement = grad * state["prev"]
        # The factor depends on signs alone, so that no gradient flows through it, as there is none almost everywhere.
        factor = xp.where(agreement > 0, grow, xp.where(agreement < 0, shrink, 1.0))
        put(xp, state, "step_size", xp.clip(state["step_size"] * factor, smallest, largest))
        grad = xp.where(agreement < 0, 0.0, grad)
        param -= xp.sign(grad) * state["step_size"]
        put(xp, state, "prev", grad)
