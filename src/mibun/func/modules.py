"""Modules as functions of their parameters: `functional_call`, and `stack_module_state` for many Modules at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..nn.utils import stateless
from ..ops.shape.joining import stack


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Any] | Sequence[dict[str, Any]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a Module with other Tensors in the place of its parameters and buffers.

    parameter_and_buffer_dicts: full name -> Tensor, or several such dicts. What is not named stays. args: the argument,
    or a tuple of them. tie_weights: a Tensor that the Module has under several names is replaced under all of them.
    strict: RuntimeError for names that are missing or unknown; unknown ones are ignored otherwise. The Module is as it
    was afterwards; what `forward` puts in a buffer's place is then in the dict.

    ValueError for something other than dicts and if a name is in two of them, TypeError for values that are no Tensors.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> def loss(weights, x):
    ...     return torch.func.functional_call(layer, weights, (x,)).sum()
    >>> weights = {"weight": torch.tensor([[2.]]), "bias": torch.tensor([1.])}
    >>> torch.func.grad(loss)(weights, torch.tensor([3.]))
    {'weight': tensor([[3.]]), 'bias': tensor([1.])}
    """
    return stateless.functional_call(
        module, parameter_and_buffer_dicts, args, kwargs, tie_weights=tie_weights, strict=strict
    )


def stack_module_state(models: Sequence[Module]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the parameters, the buffers) of Modules of one class, each name with the Tensors of all of them, stacked.

    The axis of the Modules is the first, so that `vmap` of a `functional_call` runs all of them at once. The stacked
    parameters are new leaves, which require grad if those of the Modules do.

    RuntimeError where there is no Module, where they are of several classes, some in training and some in evaluation
    mode, or where only some of the Tensors of one name require grad.

    >>> import mibun as torch
    >>> models = [torch.nn.Linear(3, 2) for _ in range(4)]
    >>> parameters, buffers = torch.func.stack_module_state(models)
    >>> {name: tuple(x.shape) for name, x in parameters.items()}, buffers
    ({'weight': (4, 2, 3), 'bias': (4, 2)}, {})
    """
    if len(models) == 0:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if not (all([model.training for model in models]) or all([not model.training for model in models])):
        raise RuntimeError(
            "stack_module_state: Expected all models to have the same training/eval mode; call train() or eval() on all"
        )
    kinds = sorted({type(model).__name__ for model in models})
    if any([type(model) is not type(models[0]) for model in models]):
        raise RuntimeError(f"stack_module_state: Expected all models to be of the same class, got {', '.join(kinds)}")
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return (
        {name: _stacked_leaf([each[name] for each in parameters], name) for name in parameters[0]},
        {name: _stacked_leaf([each[name] for each in buffers], name) for name in buffers[0]},
    )


def _stacked_leaf(tensors: Sequence[Tensor], name: str) -> Tensor:
    wanted = [x.requires_grad for x in tensors]
    if any(wanted) and not all(wanted):
        raise RuntimeError(
            f"Expected {name} from each model to have the same .requires_grad: it is True in {sum(wanted)} of "
            f"{len(wanted)} models"
        )
    return stack([x.detach() for x in tensors]).requires_grad_(any(wanted))
