"""SparseAdam: Adam for sparse gradients, which leaves the averages of all other rows as they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.mode import enable_grad
from ..core.tensor import Tensor
from ..core.views import before_write, bump_version, own_array
from .elementwise import check_betas, check_lr, check_not_negative, zero_like
from .optimizer import Optimizer, ParamsT


class SparseAdam(Optimizer):
    """Adam on the elements that a sparse gradient has: `m ← m + (1 - β₁)(g - m)`, `v ← v + (1 - β₂)(g² - v)`,
    `p ← p - lr √(1 - β₂ᵗ) / (1 - β₁ᵗ) m / (√v + eps)`. Where there is no gradient, m and v do not fade either.

    Args:
        params: dense Tensors to change, whose gradients are sparse (COO); or dicts of "params" and options.
        lr: the learning rate, a float or a Tensor of one element.
        betas: how much of the two averages is kept.
        eps: added to the denominator.
        maximize: go uphill.

    Raises:
        ValueError: for an option out of range, and for sparse parameters.
        RuntimeError: in a step with a dense gradient.

    Source: Kingma and Ba (2015), applied to the given elements alone.

    >>> import mibun as torch
    >>> table = torch.nn.Embedding.from_pretrained(torch.ones(3, 2), freeze=False, sparse=True)
    >>> optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.1)
    >>> table(torch.tensor([1])).sum().backward()
    >>> optimizer.step()
    >>> table.weight.detach()
    tensor([[1.0000, 1.0000],
            [0.9000, 0.9000],
            [1.0000, 1.0000]])
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None:
        check_lr("lr", lr)
        if not 0.0 < lr:
            raise ValueError(f"Invalid learning rate: {lr}")
        if not 0.0 < eps:
            raise ValueError(f"Invalid epsilon value: {eps}")
        check_not_negative("eps", eps)
        check_betas("betas", betas)
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize})
        sparse = [
            [group_number, number]
            for group_number, group in enumerate(self.param_groups)
            for number, param in enumerate(group["params"])
            if param.is_sparse
        ]
        if sparse:
            raise ValueError(f"Sparse params at indices {sparse}: SparseAdam requires dense parameter tensors")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have gradients, once.

        closure: computes the loss and the gradients anew before. Gives what it returned, or None.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            for param in group["params"]:
                grad = param._grad_
                if grad is not None:
                    if not grad.is_sparse:
                        raise RuntimeError("SparseAdam does not support dense gradients, please consider Adam instead")
                    with np.errstate(all="ignore"):
                        self._change(param, grad, group)
        return loss

    def _change(self, param: Tensor, grad: Tensor, group: dict[str, Any]) -> None:
        state = self.state[param]
        if not state:
            state["step"] = 0
            state["exp_avg"], state["exp_avg_sq"] = zero_like(param), zero_like(param)
        state["step"] += 1
        gradient: Any = grad.detach().coalesce()._array_
        if gradient.values.size == 0:
            return
        g = -gradient.values if group["maximize"] else gradient.values
        beta1, beta2 = group["betas"]
        places = tuple(gradient.indices)
        mean, square = own_array(state["exp_avg"]), own_array(state["exp_avg_sq"])
        m, v = mean[places], square[places]
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        mean[places], square[places] = m, v
        step = state["step"]
        size = float(group["lr"]) * math.sqrt(1 - beta2**step) / (1 - beta1**step)
        before_write(param)
        own_array(param)[places] -= size * (m / (np.sqrt(v) + group["eps"]))
        bump_version(param, "sparseadam_step")


__all__ = ["SparseAdam"]
