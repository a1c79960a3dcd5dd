"""AdamW, under PyTorch's name for its module."""

from __future__ import annotations

from ..core.registry import INDEXES as _INDEXES
from ..core.tensor import Tensor
from .adam import AdamW
from .functional_form import step_on_lists


def adamw(
    params: list[Tensor],
    grads: list[Tensor],
    exp_avgs: list[Tensor],
    exp_avg_sqs: list[Tensor],
    max_exp_avg_sqs: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    capturable: bool = False,
    differentiable: bool = False,
    fused: bool | None = None,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
    has_complex: bool = False,
    *,
    amsgrad: bool,
    beta1: float | Tensor,
    beta2: float | Tensor,
    lr: float | Tensor,
    weight_decay: float,
    eps: float,
    maximize: bool,
) -> None:
    """One step of `AdamW` on lists: a parameter, its gradient and its state have the same place in each.

    max_exp_avg_sqs: of use with `amsgrad` only, else an empty list will do. state_steps: 0-d tensors, counted up. The
    options are those of `AdamW`; `grad_scale` divides the gradients, and `found_inf` other than 0 leaves the step out.

    >>> import mibun as torch
    >>> p, zero = torch.ones(1), lambda: torch.zeros(1)
    >>> options = dict(amsgrad=False, beta1=0.9, beta2=0.99, lr=0.1, weight_decay=0., eps=1e-8, maximize=False)
    >>> torch.optim.adamw.adamw([p], [torch.ones(1)], [zero()], [zero()], [], [torch.tensor(0.)], **options)
    >>> p
    tensor([0.9000])
    """
    states = {"exp_avg": exp_avgs, "exp_avg_sq": exp_avg_sqs, "max_exp_avg_sq": max_exp_avg_sqs, "step": state_steps}
    options = {
        "amsgrad": amsgrad,
        "betas": (beta1, beta2),
        "capturable": capturable,
        "decoupled_weight_decay": True,
        "differentiable": differentiable,
        "eps": eps,
        "found_inf": found_inf,
        "grad_scale": grad_scale,
        "lr": lr,
        "maximize": maximize,
        "weight_decay": weight_decay,
    }
    step_on_lists(AdamW, params, grads, states, options)


__all__ = ["AdamW", "adamw"]

_INDEXES[__name__] = {"AdamW": AdamW}  # whose messages have this name
