"""RMSprop, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adaptive import RMSprop
from .functional_form import step_on_lists


def rmsprop(
    params: list[Tensor],
    grads: list[Tensor],
    square_avgs: list[Tensor],
    grad_avgs: list[Tensor],
    momentum_buffer_list: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    maximize: bool = False,
    differentiable: bool = False,
    capturable: bool = False,
    has_complex: bool = False,
    *,
    lr: float,
    alpha: float,
    eps: float,
    weight_decay: float,
    momentum: float,
    centered: bool,
) -> None:
    """One step of `RMSprop` on lists: a parameter, its gradient and its state have the same place in each.

    grad_avgs, momentum_buffer_list: of use with `centered` and `momentum` only.
    state_steps: 0-d tensors, counted up. The options are those of `RMSprop`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {
        "square_avg": square_avgs,
        "grad_avg": grad_avgs,
        "momentum_buffer": momentum_buffer_list,
        "step": state_steps,
    }
    options = {
        "alpha": alpha,
        "capturable": capturable,
        "centered": centered,
        "differentiable": differentiable,
        "eps": eps,
        "lr": lr,
        "maximize": maximize,
        "momentum": momentum,
        "weight_decay": weight_decay,
    }
    step_on_lists(RMSprop, params, grads, states, options)


__all__ = ["RMSprop", "rmsprop"]

_INDEXES[__name__] = {"RMSprop": RMSprop}  # whose messages have this name
