"""Adamax, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adam import Adamax
from .functional_form import step_on_lists


def adamax(
    params: list[Tensor],
    grads: list[Tensor],
    exp_avgs: list[Tensor],
    exp_infs: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    has_complex: bool = False,
    *,
    eps: float,
    beta1: float,
    beta2: float,
    lr: float,
    weight_decay: float,
) -> None:
    """One step of `Adamax` on lists: a parameter, its gradient and its state have the same place in each.

    state_steps: 0-d tensors, counted up. The options are those of `Adamax`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"exp_avg": exp_avgs, "exp_inf": exp_infs, "step": state_steps}
    options = {
        "betas": (beta1, beta2),
        "capturable": capturable,
        "differentiable": differentiable,
        "eps": eps,
        "lr": lr,
        "maximize": maximize,
        "weight_decay": weight_decay,
    }
    step_on_lists(Adamax, params, grads, states, options)


__all__ = ["Adamax", "adamax"]

_INDEXES[__name__] = {"Adamax": Adamax}  # whose messages have this name
