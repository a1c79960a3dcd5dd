"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import Any

from ..core.registry import namespace_of
from ..core.tensor import Tensor, wrap
from ..core.views import before_write, own_array
from .elementwise import ElementwiseOptimizer, check_flag, check_hint, check_lr, check_not_negative, zero_like
from .functional_form import step_on_lists
from .optimizer import ParamsT


class SGD(ElementwiseOptimizer):
    """`p ← p - lr d`, with `d` the gradient, or with momentum the running sum `b ← momentum b + (1 - dampening) g`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the learning rate, a float or a Tensor of one element.
        momentum: how much of the running sum is kept. The sum starts as the first gradient.
        dampening: by how much less than all of the gradient is added to it.
        weight_decay: `weight_decay p` is added to the gradient first.
        nesterov: `d = g + momentum b`.
        maximize: go uphill.
        foreach, fused: hints to PyTorch; the update is always one loop over arrays.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative option, or `nesterov` without momentum or with dampening.
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        RuntimeError: for `fused` with `foreach` or `differentiable`.

    Source: Robbins and Monro (1951); momentum: Polyak (1964), as in Sutskever et al. (2013), with `lr` outside the sum.

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.SGD([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.8000, 1.6000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "momentum": check_not_negative,
        "dampening": None,
        "weight_decay": check_not_negative,
        "nesterov": None,
        "maximize": check_flag,
        "foreach": check_hint,
        "differentiable": check_flag,
        "fused": check_hint,
    }
    _numbers = {}
    _arrays = {"momentum_buffer": None}
    _complex_as_real = False

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, locals())

    def _check(self, options: dict[str, Any]) -> None:
        super()._check(options)
        if options["nesterov"] and (options["momentum"] <= 0 or options["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        if group["momentum"] != 0:
            state["momentum_buffer"] = None

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        weight_decay = group["weight_decay"]
        return {
            "lr": lr,
            "momentum": group["momentum"],
            "dampening": group["dampening"],
            "weight_decay": weight_decay if group["differentiable"] else float(weight_decay),
            "nesterov": group["nesterov"],
        }

    def _own(self, param: Tensor, state: dict, group: dict, shared: dict, lr: Any) -> dict[str, Any]:
        first = group["momentum"] != 0 and state["momentum_buffer"] is None
        if first:
            state["momentum_buffer"] = zero_like(param)
        return {"first": first}

    def _step_sparse(self, param: Tensor, gradient: Any, group: dict[str, Any], lr: float) -> None:
        """The same with a sparse gradient: only its rows are looked at. The momentum buffer is sparse too."""
        xp = namespace_of(gradient)
        if group["weight_decay"] != 0:
            raise RuntimeError("add(sparse, dense) is not supported. Use add(dense, sparse) instead.")
        momentum, dampening = group["momentum"], group["dampening"]
        if momentum != 0:
            state = self.state[param]
            buffer = state.get("momentum_buffer")
            if buffer is None:
                average = gradient.copy()
            else:
                average = buffer._array_ * momentum + gradient * (1 - dampening)
            state["momentum_buffer"] = wrap(average)
            gradient = gradient + average * momentum if group["nesterov"] else average
        before_write(param)
        xp.add_into(own_array(param), gradient, -lr)

    def _update(self, xp, param, grad, state, *, lr, momentum, dampening, weight_decay, nesterov, first):
        if weight_decay != 0:
            grad = grad + weight_decay * param
        if momentum != 0:
            buffer = state["momentum_buffer"]
            if first:
                buffer += grad
            else:
                buffer *= momentum
                buffer += grad if dampening == 0 else (1 - dampening) * grad
            grad = grad + momentum * buffer if nesterov else buffer
        param -= lr * grad


def sgd(
    params: list[Tensor],
    d_p_list: list[Tensor],
    momentum_buffer_list: list[Tensor | None],
    has_sparse_grad: bool = False,
    foreach: bool | None = None,
    fused: bool | None = None,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
    *,
    weight_decay: float,
    momentum: float,
    lr: float,
    dampening: float,
    nesterov: bool,
    maximize: bool,
) -> None:
    """One step of `SGD` on lists: a parameter, its gradient and its state have the same place in each.

    momentum_buffer_list: None where there is no buffer yet. The options are those of `SGD`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"momentum_buffer": momentum_buffer_list if momentum != 0 else None}
    options = {
        "dampening": dampening,
        "found_inf": found_inf,
        "grad_scale": grad_scale,
        "lr": lr,
        "maximize": maximize,
        "momentum": momentum,
        "nesterov": nesterov,
        "weight_decay": weight_decay,
    }
    step_on_lists(SGD, params, d_p_list, states, options)
