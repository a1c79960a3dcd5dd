"""Modules as functions of their parameters, as `functorch` had them: `make_functional` and the rest."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..nn.utils.stateless import _functional_call
from ..ops.shape.joining import stack


class FunctionalModuleWithBuffers(Module):
    """A Module as a function: `function(parameters, buffers, *args)`."""

    def __init__(self, stateless_model: Module, param_names: Sequence[str], buffer_names: Sequence[str]) -> None:
        super().__init__()
        self.stateless_model = stateless_model
        self.param_names = tuple(param_names)
        self.buffer_names = tuple(buffer_names)

    def forward(self, params: Iterable[Tensor], buffers: Iterable[Tensor], *args: Any, **kwargs: Any) -> Any:
        """Call the Module with these parameters and buffers, each in the order in which they were given out."""
        state = dict(zip((*self.param_names, *self.buffer_names), (*params, *buffers), strict=False))
        return _functional_call(self.stateless_model, state, args, kwargs)


class FunctionalModule(Module):
    """A Module without buffers as a function: `function(parameters, *args)`."""

    def __init__(self, stateless_model: Module, param_names: Sequence[str]) -> None:
        super().__init__()
        self.stateless_model = stateless_model
        self.param_names = tuple(param_names)

    def forward(self, params: Iterable[Tensor], *args: Any, **kwargs: Any) -> Any:
        """Call the Module with these parameters, in the order in which they were given out."""
        return _functional_call(self.stateless_model, dict(zip(self.param_names, params, strict=False)), args, kwargs)


def make_functional(
    model: Module, disable_autograd_tracking: bool = False
) -> tuple[FunctionalModule, tuple[Tensor, ...]]:
    """(a function of parameters and arguments, the parameters) of a copy of a Module that has no buffers.

    disable_autograd_tracking: the parameters do not require grad. RuntimeError for a Module with buffers.
    """
    if any(True for _ in model.buffers()):
        raise RuntimeError(
            "make_functional(model): `model` has buffers. Please use make_functional_with_buffers(model) instead."
        )
    own, parameters, _ = _taken_apart(model, disable_autograd_tracking)
    return FunctionalModule(own, list(parameters)), tuple(parameters.values())


def make_functional_with_buffers(
    model: Module, disable_autograd_tracking: bool = False
) -> tuple[FunctionalModuleWithBuffers, tuple[Tensor, ...], tuple[Tensor, ...]]:
    """(a function of parameters, buffers and arguments, the parameters, the buffers) of a copy of a Module."""
    own, parameters, buffers = _taken_apart(model, disable_autograd_tracking)
    function = FunctionalModuleWithBuffers(own, list(parameters), list(buffers))
    return function, tuple(parameters.values()), tuple(buffers.values())


def _taken_apart(model: Module, untracked: bool) -> tuple[Module, dict[str, Tensor], dict[str, Tensor]]:
    own = copy.deepcopy(model)
    parameters: dict[str, Tensor] = dict(own.named_parameters())
    if untracked:
        for parameter in parameters.values():
            parameter.requires_grad_(False)
    return own, parameters, dict(own.named_buffers())


def combine_state_for_ensemble(
    models: Sequence[Module],
) -> tuple[FunctionalModuleWithBuffers, tuple[Tensor, ...], tuple[Tensor, ...]]:
    """(a function, parameters, buffers) of several Modules of one class: stacked, for an ensemble by `vmap`.

    RuntimeError without a Module, for Modules of different classes or in different modes.
    """
    if len(models) == 0:
        raise RuntimeError("combine_state_for_ensemble: Expected at least one model, got 0.")
    if len({model.training for model in models}) > 1:
        raise RuntimeError("combine_state_for_ensemble: Expected all models to have the same training/eval mode.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError("combine_state_for_ensemble: Expected all models to be of the same class.")
    functions, parameters, buffers = zip(*[make_functional_with_buffers(model) for model in models], strict=True)
    return functions[0], _stacked(parameters), _stacked(buffers)


def _stacked(states: Sequence[Sequence[Tensor]]) -> tuple[Tensor, ...]:
    return tuple([stack(list(tensors)).detach() for tensors in zip(*states, strict=True)])
