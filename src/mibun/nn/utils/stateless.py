"""Calling a Module with tensors in the place of its parameters and buffers, as functional programs do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...core.tensor import Tensor
from ..modules.module import Module

__all__ = ["functional_call"]


def _places(module: Module) -> dict[str, tuple[dict, str]]:
    """Where each parameter and buffer stands: its full name -> (the dict that holds it, its name there)."""
    places = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        for members in (part._parameters, part._buffers):
            for name, tensor in members.items():
                if tensor is not None:
                    places[f"{prefix}.{name}" if prefix else name] = (members, name)
    return places


@contextmanager
def _replaced(module: Module, tensors: dict[str, Any], tie_weights: bool, strict: bool) -> Iterator[None]:
    places = _places(module)
    unexpected = [name for name in tensors if name not in places]
    given = {id(places[name][0][places[name][1]]): name for name in tensors if name in places}
    values = {name: value for name, value in tensors.items() if name in places}
    if tie_weights:  # the other names of a tensor that is replaced
        for name, (members, own) in places.items():
            if name not in values and id(members[own]) in given:
                values[name] = tensors[given[id(members[own])]]
    missing = [name for name in places if name not in values]
    if strict and (unexpected or missing):
        lines = [f"Error(s) in reparametrizing for {type(module).__name__}:"]
        lines += [f"\tUnexpected key(s): {', '.join(map(repr, sorted(unexpected)))}."] if unexpected else []
        lines += [f"\tMissing key(s): {', '.join(map(repr, sorted(missing)))}."] if missing else []
        raise RuntimeError("\n".join(lines))
    for value in values.values():
        if not isinstance(value, Tensor):
            raise TypeError(f"{value} is not an instance of torch.Tensor")
    before = {name: places[name][0][places[name][1]] for name in values}
    inside: dict[str, Any] = {}
    try:
        for name, value in values.items():
            members, own = places[name]
            members[own] = value
        yield
    finally:
        for name, old in before.items():
            members, own = places[name]
            inside[name] = members.get(own)
            members[own] = old
        for name in tensors:  # what forward has put in a buffer's place is the caller's to have
            if name in inside and inside[name] is not None:
                tensors[name] = inside[name]


def functional_call(
    module: Module,
    parameters_and_buffers: dict[str, Any] | Sequence[dict[str, Any]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a Module with `parameters_and_buffers` (full name -> Tensor, or several such dicts) in place of its own.

    args: the argument, or a tuple of them. tie_weights: a tensor that the Module has under several names is replaced
    under all of them. strict: RuntimeError for names that are missing or unknown; unknown ones are ignored otherwise.
    ValueError if a name is in two dicts; TypeError for values that are no Tensors. The Module is as it was afterwards.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> weights = {"weight": torch.tensor([[2.]]), "bias": torch.tensor([1.])}
    >>> torch.func.functional_call(layer, weights, torch.tensor([3.]))
    tensor([7.])
    """
    if isinstance(parameters_and_buffers, dict):
        tensors = parameters_and_buffers
    elif isinstance(parameters_and_buffers, Sequence):
        tensors = {}
        for part in parameters_and_buffers:
            if not isinstance(part, dict):
                raise ValueError(f"Expected all elements of parameter_and_buffer_dicts to be dictionaries, got {part}")
            repeated = sorted(name for name in part if name in tensors)
            if repeated:
                raise ValueError(
                    f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous"
                )
            tensors.update(part)
    else:
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got "
            f"{type(parameters_and_buffers)}"
        )
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, tensors, tie_weights, strict):
        return module(*args, **(kwargs or {}))
