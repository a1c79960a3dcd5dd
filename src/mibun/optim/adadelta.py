"""Adadelta, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adaptive import Adadelta
from .functional_form import step_on_lists


def adadelta(
    params: list[Tensor],
    grads: list[Tensor],
    square_avgs: list[Tensor],
    acc_deltas: list[Tensor],
    state_steps: list[Tensor],
    capturable: bool = False,
    foreach: bool | None = None,
    differentiable: bool = False,
    has_complex: bool = False,
    *,
    lr: float,
    rho: float,
    eps: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """One step of `Adadelta` on lists: a parameter, its gradient and its state have the same place in each.

    state_steps: 0-d tensors, counted up. The options are those of `Adadelta`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"square_avg": square_avgs, "acc_delta": acc_deltas, "step": state_steps}
    options = {
        "capturable": capturable,
        "differentiable": differentiable,
        "eps": eps,
        "lr": lr,
        "maximize": maximize,
        "rho": rho,
        "weight_decay": weight_decay,
    }
    step_on_lists(Adadelta, params, grads, states, options)


__all__ = ["Adadelta", "adadelta"]

_INDEXES[__name__] = {"Adadelta": Adadelta}  # whose messages have this name
