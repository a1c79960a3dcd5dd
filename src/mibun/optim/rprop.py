"""Resilient backpropagation: steps whose size depends on the signs of gradients alone."""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from .elementwise import (
    ElementwiseOptimizer,
    check_capturable,
    check_flag,
    check_hint,
    check_lr,
    fill,
    put,
    refuse_gradient,
)
from .functional_form import step_on_lists
from .optimizer import ParamsT


def _check_etas(name: str, value: Any) -> None:
    if not 0.0 < value[0] < 1.0 < value[1]:
        raise ValueError(f"Invalid eta values: {value[0]}, {value[1]}")


class Rprop(ElementwiseOptimizer):
    """`p ← p - sign(g) s`, with a step size s of each element's own. For gradients of the whole data set.

    Where the gradient has kept its sign, `s` is multiplied by `etas[1]`; where it has changed, by `etas[0]`, and the
    element stays where it is.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        lr: the first step size, a float or a Tensor of one element.
        etas: the factors of s, `0 < etas[0] < 1 < etas[1]`.
        step_sizes: the smallest and the largest s.
        capturable: has to be False, as there are no CUDA graphs.
        foreach: a hint to PyTorch; the update is always one loop over arrays.
        maximize: go uphill.
        differentiable: record the step itself. The parameters then have to be non-leaves.

    Raises:
        ValueError: for a negative `lr` or other `etas`; in a recorded step, for an `lr` that requires grad.
        TypeError: for parameters that are no Tensors, and flags that are no bool.
        AssertionError: for `capturable=True`.

    Source: Riedmiller and Braun (1993).

    >>> import mibun as torch
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> optimizer = torch.optim.Rprop([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.9000, 1.9000], requires_grad=True)
    """

    _options = {
        "lr": check_lr,
        "etas": _check_etas,
        "step_sizes": None,
        "foreach": check_hint,
        "maximize": check_flag,
        "differentiable": check_flag,
        "capturable": check_capturable,
    }
    _arrays = {"prev": None, "step_size": None}

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(params, locals())

    def _start(self, param: Tensor, group: dict[str, Any], state: dict[str, Any]) -> None:
        super()._start(param, group, state)
        fill(state["step_size"], float(group["lr"]))

    def _shared(self, group: dict[str, Any], lr: Any) -> dict[str, Any]:
        refuse_gradient(group, "lr", lr)
        return {"etas": group["etas"], "step_sizes": group["step_sizes"]}

    def _update(self, xp, param, grad, state, *, etas, step_sizes):
        shrink, grow = etas
        agreement = grad * state["prev"]
        # The factor depends on signs alone, so that no gradient flows through it, as there is none almost everywhere.
        factor = xp.where(agreement > 0, grow, xp.where(agreement < 0, shrink, xp.ones_like(agreement)))
        put(xp, state, "step_size", xp.clip(state["step_size"] * factor, *step_sizes))
        grad = xp.where(agreement < 0, 0.0, grad)
        param -= xp.sign(grad) * state["step_size"]
        put(xp, state, "prev", grad)


def rprop(
    params: list[Tensor],
    grads: list[Tensor],
    prevs: list[Tensor],
    step_sizes: list[Tensor],
    state_steps: list[Tensor],
    foreach: bool | None = None,
    capturable: bool = False,
    maximize: bool = False,
    differentiable: bool = False,
    has_complex: bool = False,
    *,
    step_size_min: float,
    step_size_max: float,
    etaminus: float,
    etaplus: float,
) -> None:
    """One step of `Rprop` on lists: a parameter, its gradient and its state have the same place in each.

    state_steps: 0-d tensors, counted up. The options are those of `Rprop`;
    `foreach` and `has_complex` are PyTorch's hints.
    """
    states: dict[str, list | None] = {"prev": prevs, "step_size": step_sizes, "step": state_steps}
    options = {
        "capturable": capturable,
        "differentiable": differentiable,
        "etas": (etaminus, etaplus),
        "lr": 0.0,
        "maximize": maximize,
        "step_sizes": (step_size_min, step_size_max),
    }
    step_on_lists(Rprop, params, grads, states, options)
