"""Adafactor: Adam's second moment kept for rows and columns instead of for elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.dtypes import finfo, strided
from ..core.mode import enable_grad, no_grad
from ..core.tensor import Tensor
from .elementwise import (
    check_flag,
    check_hint,
    check_lr,
    check_not_negative,
    count,
    numbers_as_tensors,
    single,
    zero_like,
)
from .optimizer import Optimizer, ParamsT


class Adafactor(Optimizer):
    """`p ← p - a max(ε₂, rms(p)) u / max(1, rms(u) / d)`, with `u = g / √v` and `v ≈ rows columnsᵀ / mean(rows)`.

    At step t, `a = min(lr, 1 / √t)`, and the running means of g², over rows and over columns, take `t^beta2_decay` of
    the new. Vectors and numbers have a second moment for each element.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the largest relative step, a float or a Tensor of one element.
        beta2_decay: the exponent, below 0, with which the weight of the new falls.
        eps: (ε₁, ε₂): the least second moment, None for the machine epsilon of the dtype; and the least size of a
            parameter that its steps are relative to.
        d: above which size an update is cut.
        weight_decay: the parameter shrinks by `1 - lr weight_decay` before.
        foreach: a hint to PyTorch, None or a bool, which changes nothing.
        maximize: go uphill.

    Raises:
        ValueError: for options that cannot be. RuntimeError: for complex parameters.

    Source: Shazeer and Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost (2018), arXiv:1804.04235.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Adafactor([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8419, 1.8419], requires_grad=True)
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        check_lr("lr", lr)
        if not beta2_decay <= 0.0:
            raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
        if eps[0] is not None and not 0.0 <= eps[0]:
            raise ValueError(f"epsilon1 should be >= 0 but is: {eps[0]}")
        if not 0.0 <= eps[1]:
            raise ValueError(f"epsilon2 should be >= 0 but is: {eps[1]}")
        if not 1.0 <= d:
            raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
        check_not_negative("weight_decay", weight_decay)
        check_hint("foreach", foreach)
        check_flag("maximize", maximize)
        options = {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d, "weight_decay": weight_decay}
        super().__init__(params, {**options, "foreach": foreach, "maximize": maximize})

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have gradients, once; gives what the closure, if any, has returned."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    if param.grad is not None:
                        self._change(param, param.grad, group)
        return loss

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        numbers_as_tensors(self.state.values(), ("step",))

    def _change(self, param: Tensor, grad: Tensor, group: dict[str, Any]) -> None:
        if param.is_complex():
            raise RuntimeError("Adafactor does not support complex parameters")
        if grad.layout is not strided:
            raise RuntimeError("Adafactor does not support sparse gradients")
        state = self.state[param]
        if not state:
            state["step"] = single(0.0)
            if grad.dim() > 1:
                state["row_var"] = grad.new_zeros((*grad.shape[:-1], 1))
                state["col_var"] = grad.new_zeros((*grad.shape[:-2], 1, grad.shape[-1]))
            else:
                state["variance"] = zero_like(param)
        if group["maximize"]:
            grad = -grad
        least, smallest = group["eps"]
        if least is None:
            least = finfo(param.dtype).eps
        step, rate = count(state), float(group["lr"])
        fresh = step ** group["beta2_decay"]
        size = max(smallest, param.norm(2).item() / param.numel() ** 0.5) * min(rate, 1 / step**0.5)
        if group["weight_decay"] != 0:
            param.mul_(1 - rate * group["weight_decay"])
        if grad.dim() > 1:
            rows, columns = state["row_var"], state["col_var"]
            rows.lerp_(grad.square().mean(-1, keepdim=True), fresh)
            columns.lerp_(grad.square().mean(-2, keepdim=True), fresh)
            variance = (rows @ columns).div_(rows.mean(-2, keepdim=True).clamp_(min=least))
        else:
            variance = state["variance"].lerp_(grad.square(), fresh).clone()
        update = variance.clamp_(min=least * least).rsqrt_().mul_(grad)
        cut = max(1.0, update.norm(2).item() / (np.sqrt(update.numel()) * group["d"]))
        param.add_(update, alpha=-size / cut)
