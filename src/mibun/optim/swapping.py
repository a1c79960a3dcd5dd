"""An optimizer that for a while changes other parameters, with another state, than its own."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.tensor import Tensor
from .optimizer import Optimizer


@contextlib.contextmanager
def swap_in_optimizer_params_and_state(
    optimizer: Optimizer, swapin_parameters: Mapping[str, Tensor], swapin_optim_state: Mapping[str, Any]
) -> Iterator[None]:
    """A context in which an optimizer, its hooks included, has these parameters and this state.

    Args:
        optimizer: one whose state is there: it has stepped.
        swapin_parameters: as many Tensors as it has parameters, in their order.
        swapin_optim_state: what `optimizer.state_dict()` gives, with other values. What the step writes into tensors is
            seen there; what it puts in their place is not.

    ValueError for another number of parameters.

    >>> import mibun as torch
    >>> live, other = torch.ones(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    >>> optimizer = torch.optim.SGD([live], lr=0.1)
    >>> other.grad = torch.ones(1)
    >>> with torch.optim.swap_in_optimizer_params_and_state(optimizer, {"x": other}, optimizer.state_dict()):
    ...     optimizer.step()
    >>> live, other
    (tensor([1.], requires_grad=True), tensor([-0.1000], requires_grad=True))
    """
    params = list(swapin_parameters.values())
    number = sum(len(group["params"]) for group in optimizer.param_groups)
    if len(params) != number:
        raise ValueError(f"swap_in: got {len(params)} parameters, but the optimizer has {number}")
    before = optimizer.param_groups, optimizer.state
    groups = []
    for own, given in zip(optimizer.param_groups, swapin_optim_state["param_groups"], strict=True):
        groups.append({**own, **given, "params": [params[index] for index in given["params"]]})
    state: dict[Any, Any] = defaultdict(dict)
    for index, values in swapin_optim_state["state"].items():
        state[params[index]] = dict(values) if isinstance(values, Mapping) else values
    optimizer.param_groups, optimizer.state = groups, state
    try:
        yield
    finally:
        optimizer.param_groups, optimizer.state = before


__all__ = ["swap_in_optimizer_params_and_state"]
