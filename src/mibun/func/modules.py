"""Modules for function transforms: called with other parameters, stacked into ensembles, without running statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.tensor import Tensor
from ..nn.modules.batchnorm import _BatchNorm
from ..nn.modules.container import ModuleList
from ..nn.modules.module import Module
from ..nn.utils.stateless import _functional_call
from ..ops.shape.joining import stack


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Tensor] | Sequence[dict[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a Module with Tensors (full name -> Tensor, one dict or several) in the place of its parameters and buffers.

    args: the argument, or a tuple of them. tie_weights: a tensor that the Module has under several names is replaced
    under all of them; ValueError if these are given different values. strict: RuntimeError for names that are missing
    or unknown; unknown ones are ignored otherwise. ValueError if a name is in two dicts; TypeError for values that are
    no Tensors. The Module is as it was afterwards; what it has put in the place of a buffer is put into the dict.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> weights = {"weight": torch.tensor([[2.]]), "bias": torch.tensor([1.])}
    >>> torch.func.functional_call(layer, weights, torch.tensor([3.]))
    tensor([7.])
    """
    given = parameter_and_buffer_dicts
    if isinstance(given, dict):
        tensors = given
    elif isinstance(given, Sequence):
        if not all(isinstance(part, dict) for part in given):
            raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
        counts = Counter([name for part in given for name in part])
        repeated = [name for name, count in counts.items() if count > 1]
        if repeated:
            raise ValueError(f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous")
        tensors = {name: tensor for part in given for name, tensor in part.items()}
    else:
        raise ValueError(
            f"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got {type(given)}"
        )
    return _functional_call(module, tensors, args, kwargs, tie_weights=tie_weights, strict=strict)


def stack_module_state(models: Sequence[Module] | ModuleList) -> tuple[dict[str, Any], dict[str, Any]]:
    """(parameters, buffers) of several Modules of one class, those of one name stacked: for an ensemble by `vmap`.

    The stacked parameters are leaves, which require grad if all of the Modules' do. RuntimeError without a Module, for
    Modules of different classes or in different modes, and where only some of the parameters require grad.

    >>> import mibun as torch
    >>> models = [torch.nn.Linear(2, 3) for _ in range(4)]
    >>> parameters, buffers = torch.func.stack_module_state(models)
    >>> parameters["weight"].shape
    torch.Size([4, 3, 2])
    """
    if len(models) == 0:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({model.training for model in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return _stacked(parameters), _stacked(buffers)


def _stacked(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return {name: stacked_leaf([state[name] for state in states], name) for name in states[0]}


def stacked_leaf(tensors: Sequence[Tensor], name: str) -> Tensor:
    """Tensors stacked into a leaf that requires grad if they do. RuntimeError if only some of them do."""
    requiring = {tensor.requires_grad for tensor in tensors}
    if len(requiring) > 1:
        raise RuntimeError(f"Expected {name} from each model to have the same .requires_grad")
    result = stack(tensors)
    return result.detach().requires_grad_() if requiring.pop() else result


def replace_all_batch_norm_modules_(root: Module) -> Module:
    """Let every batch norm in a Module use the statistics of the batch alone, as running ones cannot be kept by `vmap`.

    Their `running_mean`, `running_var` and `num_batches_tracked` become None, `track_running_stats` False, in place.
    Returns `root`.

    >>> import mibun as torch
    >>> torch.func.replace_all_batch_norm_modules_(torch.nn.BatchNorm1d(3)).running_mean is None
    True
    """
    for module in root.modules():
        if isinstance(module, _BatchNorm) and module.track_running_stats:
            module.running_mean = module.running_var = module.num_batches_tracked = None
            module.track_running_stats = False
    return root
