"""Tensors and submodules of a module exchanged by name, as functional calls of a module do it."""

from __future__ import annotations

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ..modules.module import Module

__all__ = ["set_tensor", "swap_submodule", "swap_tensor"]

_ABSENT = object()


def _check_name(name: str, what: str) -> None:
    if "." in name:
        raise KeyError(f'{what} name can\'t contain ".", got: {name!r}')
    if not name:
        raise KeyError(f'{what} name can\'t be empty string ""')


def set_tensor(module: Module, name: str, tensor: Tensor) -> None:
    """Put a Tensor in the place of a parameter, a buffer or an attribute of a module: see `swap_tensor`."""
    swap_tensor(module, name, tensor, allow_missing=True)


def swap_tensor(module: Module, name: str, tensor: Tensor | None, allow_missing: bool = False) -> Tensor | None:
    """Put a Tensor in the place of a parameter, a buffer or an attribute of a module, and return what was there.

    A Tensor that is no Parameter may stand in the place of one; None takes an attribute away.
    TypeError for what is no module or no Tensor; KeyError for a name with a dot, or an empty one; AttributeError where
    the module has none of that name, unless `allow_missing`.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(1, 1, bias=False)
    >>> from mibun.nn.utils._named_member_accessor import swap_tensor
    >>> weight = swap_tensor(layer, "weight", torch.tensor([[3.0]]))
    >>> layer(torch.ones(1))
    tensor([3.])
    """
    if not isinstance(module, Module):
        raise TypeError(f"{module} is not an instance of torch.nn.Module")
    if tensor is not None and not isinstance(tensor, Tensor):
        raise TypeError(f"{tensor} is not an instance of torch.Tensor")
    _check_name(name, "tensor")
    for place in (module._parameters, module._buffers):
        if name in place:
            before = place[name]
            if before is None and not allow_missing:
                raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
            place[name] = tensor  # type: ignore[assignment]
            return before
    found = getattr(module, name, _ABSENT)
    if found is _ABSENT and not allow_missing:
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    if found is not _ABSENT and not isinstance(found, Tensor):
        raise TypeError(f"attribute `{name}`: {found} is not an instance of torch.Tensor")
    if tensor is not None:
        setattr(module, name, tensor)
    elif found is not _ABSENT:
        delattr(module, name)
    return None if found is _ABSENT else found  # type: ignore[return-value]


def swap_submodule(module: Module, name: str, submodule: Module) -> Module:
    """Put a module in the place of a submodule, and return what was there.

    TypeError for what is no module; KeyError for a name with a dot, or an empty one; AttributeError where there is no
    submodule of that name.
    """
    for one in (module, submodule):
        if not isinstance(one, Module):
            raise TypeError(f"{one} is not an instance of torch.nn.Module")
    _check_name(name, "submodule")
    if name not in module._modules:
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    before = module._modules[name]
    if not isinstance(before, Module):
        raise TypeError(f"{name} attribute is not an instance of torch.nn.Module")
    module._modules[name] = submodule
    return before


_explain_missing_names(__name__)
