"""Adagrad, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adaptive import Adagrad
from .functional_form import step_on_lists


def adagrad(
    params: list[Tensor],
    grads: list[Tensor],
    state_sums: list[Tensor],
    state_steps: list[Tensor],
    fused: bool | None = None,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
    has_sparse_grad: bool = False,
    foreach: bool | None = None,
    differentiable: bool = False,
    has_complex: bool = False,
    *,
    lr: float,
    weight_decay: float,
    lr_decay: float,
    eps: float,
    maximize: bool,
) -> None:
    """One step of `Adagrad` on lists: a parameter, its gradient and its state have the same place in each.

    state_steps: 0-d tensors, counted up. The options are those of `Adagrad`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"sum": state_sums, "step": state_steps}
    options = {
        "differentiable": differentiable,
        "eps": eps,
        "found_inf": found_inf,
        "grad_scale": grad_scale,
        "lr": lr,
        "lr_decay": lr_decay,
        "maximize": maximize,
        "weight_decay": weight_decay,
    }
    step_on_lists(Adagrad, params, grads, states, options)


__all__ = ["Adagrad", "adagrad"]

_INDEXES[__name__] = {"Adagrad": Adagrad}  # whose messages have this name
