"""Calling a Module with tensors in the place of its parameters and buffers, as functional programs do."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ..modules.module import Module

__all__ = ["functional_call"]


def _places(module: Module) -> dict[str, tuple[dict, str]]:
    """Where each parameter and buffer stands: its full name -> (the dict that holds it, its name there)."""
    places: dict[str, tuple[dict, str]] = {}
    pending = [("", module)]
    for prefix, part in pending:  # which grows
        for members in (part._parameters, part._buffers):
            for name, tensor in members.items():
                if tensor is not None:
                    places[prefix + name] = (members, name)
        for name, child in part._modules.items():
            if child is not None:
                pending.append((f"{prefix}{name}.", child))
    return places


@contextmanager
def _reparametrize_module(
    module: Module,
    parameters_and_buffers: dict[str, Any],
    tie_weights: bool = False,
    strict: bool = False,
    stack_weights: bool = False,
) -> Iterator[None]:
    """In the context, given tensors are in the place of a Module's parameters and buffers; then those are there again.

    tie_weights: under all their names. strict: RuntimeError unless they are all that there is, and no more.
    stack_weights: put things back from the last to the first, for contexts within each other whose names are tied.
    """
    changes = _changes(module, parameters_and_buffers, tie_weights, strict)
    try:
        for _, members, own, _, value in changes:
            members[own] = value
        yield
    finally:
        _undo(reversed(changes) if stack_weights else changes, parameters_and_buffers)


def _changes(module: Module, given: dict[str, Any], tie_weights: bool, strict: bool) -> list[tuple]:
    """What putting tensors in the place of a Module's means: (full name, dict, its name there, old, new) of each."""
    places = _places(module)
    # The other names of a tensor that is replaced have its value too.
    tied = _tied(given, places) if tie_weights else None
    values = {**given, **tied} if tied else given
    if strict:
        _check_names(module, values, places)
    changes = []
    for name, value in values.items():
        if name in places:
            if not isinstance(value, Tensor):
                raise TypeError(f"{value} is not an instance of torch.Tensor")
            members, own = places[name]
            changes.append((name, members, own, members[own], value))
    return changes


def _undo(changes: Iterable[tuple], given: dict[str, Any]) -> None:
    """Put back what was there before."""
    for name, members, own, old, value in changes:
        inside = members.get(own)
        members[own] = old
        # What forward has put in a buffer's place is the caller's to have.
        if inside is not value and inside is not None and name in given:
            given[name] = inside


def _check_names(module: Module, values: dict[str, Any], places: dict[str, Any]) -> None:
    unexpected = sorted([name for name in values if name not in places])
    missing = sorted([name for name in places if name not in values])
    if unexpected or missing:
        words = [f"Unexpected key(s): {', '.join(map(repr, unexpected))}."] if unexpected else []
        words += [f"Missing key(s): {', '.join(map(repr, missing))}."] if missing else []
        raise RuntimeError("Error(s) in reparametrizing for {}:\n\t{}".format(module._get_name(), "\n\t".join(words)))


def _tied(tensors: dict[str, Any], places: dict[str, tuple[dict, str]]) -> dict[str, Any]:
    """The values for all names of each tensor that is to be replaced under one of them."""
    owners = [id(members[own]) for members, own in places.values()]
    if len(set(owners)) == len(owners):
        return {}
    found: dict[str, Any] = {}
    names: dict[int, list[str]] = {}
    for name, owner in zip(places, owners, strict=True):
        names.setdefault(owner, []).append(name)
    for tied in names.values():
        given = [name for name in tied if name in tensors]
        if len(tied) > 1 and given:
            if len({id(tensors[name]) for name in given}) > 1:
                raise ValueError(
                    f"functional_call got multiple values for keys {sorted(tied)}, which are tied. Consider using "
                    "tie_weights=False"
                )
            found.update(dict.fromkeys(tied, tensors[given[0]]))
    return found


def _functional_call(
    module: Module,
    tensors: dict[str, Any],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a Module with `tensors` in the place of its parameters and buffers: see `torch.func.functional_call`."""
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    changes = _changes(module, tensors, tie_weights, strict)
    try:
        for _, members, own, _, value in changes:
            members[own] = value
        return module(*args, **kwargs) if kwargs else module(*args)
    finally:
        _undo(changes, tensors)


def functional_call(
    module: Module,
    parameters_and_buffers: dict[str, Any],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """The older spelling of `torch.func.functional_call`, for one dict; warns (FutureWarning).

    >>> import warnings
    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> weights = {"weight": torch.tensor([[2.]]), "bias": torch.tensor([1.])}
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     torch.nn.utils.stateless.functional_call(layer, weights, torch.tensor([3.]))
    tensor([7.])
    """
    warnings.warn(
        "`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future "
        "version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.",
        category=FutureWarning,
        stacklevel=stacklevel(),
    )
    return _functional_call(module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict)
