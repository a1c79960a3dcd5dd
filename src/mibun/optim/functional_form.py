"""The functional forms of optimizers: one step on lists of parameters, gradients and state, as PyTorch has them.

`torch.optim.adam.adam(params, grads, exp_avgs, …)` is what a step of Adam does after it has looked everything up. Here
the class knows the formula, so that a function gives it a state made of the lists; all are changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.mode import enable_grad, no_grad
from ..core.tensor import Tensor
from .elementwise import ElementwiseOptimizer


def step_on_lists(
    cls: type[ElementwiseOptimizer],
    params: Sequence[Tensor],
    grads: Sequence[Tensor],
    states: Mapping[str, list | None],
    options: dict[str, Any],
) -> None:
    """One step of an optimizer.

    Args:
        cls: the optimizer.
        params, grads: as many gradients as parameters, of their shapes.
        states: the entries of the state, each with a list of one tensor for a parameter; those that have none are left
            out, or None.
        options: those of the group that the step asks for, and what only functions have: `grad_scale` and `found_inf`,
            of a `GradScaler`, by which gradients are divided, and which leaves the step out.

    AssertionError for `capturable=True`.
    """
    found_inf, grad_scale = options.pop("found_inf", None), options.pop("grad_scale", None)
    if found_inf is not None and found_inf.item():
        return
    if grad_scale is not None:
        with no_grad():
            grads = [grad.div_(grad_scale) for grad in grads]
    optimizer: Any = object.__new__(cls)
    optimizer.state = {}
    for i, param in enumerate(params):
        state = {name: values[i] for name, values in states.items() if values}
        optimizer.state[param] = state
    group = {"maximize": False, "differentiable": False, "capturable": False, "params": list(params), **options}
    before = [param._grad_ for param in params]
    for param, grad in zip(params, grads, strict=True):
        param._grad_ = grad
    try:
        if group["differentiable"]:
            with enable_grad():
                optimizer._step_recorded(group)
        else:
            with np.errstate(all="ignore"):
                optimizer._step_arrays(group, group["params"])
    finally:
        for param, grad in zip(params, before, strict=True):
            param._grad_ = grad
    for name, values in states.items():
        if values:
            values[:] = [optimizer.state[param][name] for param in params]  # a buffer may be made at the first step


__all__ = ["step_on_lists"]
