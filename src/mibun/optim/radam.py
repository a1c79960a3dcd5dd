"""RAdam, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adam import RAdam
from .functional_form import step_on_lists


def radam(
    params: list[Tensor],
    grads: list[Tensor],
    exp_avgs: list[Tensor],
    exp_avg_sqs: list[Tensor],
    state_steps: list[Tensor],
    decoupled_weight_decay: bool = False,
    foreach: bool | None = None,
    differentiable: bool = False,
    capturable: bool = False,
    has_complex: bool = False,
    maximize: bool = False,
    *,
    beta1: float,
    beta2: float,
    lr: float,
    weight_decay: float,
    eps: float,
) -> None:
    """One step of `RAdam` on lists: a parameter, its gradient and its state have the same place in each.

    state_steps: 0-d tensors, counted up. The options are those of `RAdam`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"exp_avg": exp_avgs, "exp_avg_sq": exp_avg_sqs, "step": state_steps}
    options = {
        "betas": (beta1, beta2),
        "capturable": capturable,
        "decoupled_weight_decay": decoupled_weight_decay,
        "differentiable": differentiable,
        "eps": eps,
        "lr": lr,
        "maximize": maximize,
        "weight_decay": weight_decay,
    }
    step_on_lists(RAdam, params, grads, states, options)


__all__ = ["RAdam", "radam"]

_INDEXES[__name__] = {"RAdam": RAdam}  # whose messages have this name
