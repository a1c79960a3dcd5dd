"""Parameters computed from others: `register_parametrization` puts a Module between a parameter and those who use it.

The module's class becomes a subclass with a property of the parameter's name, and what it is computed from moves to
`module.parametrizations.<name>.original`.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from ...core.mode import no_grad
from ...core.tensor import Tensor
from ..modules.container import ModuleDict, ModuleList
from ..modules.module import Module
from ..parameter import Parameter

__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "transfer_parametrizations_and_params",
    "type_before_parametrizations",
]

_caching = 0
_cache: dict[tuple[int, str], Tensor] = {}


@contextmanager
def cached() -> Iterator[None]:
    """Within it, each parametrized tensor is computed once, as where a weight is used at every step of a sequence.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> with torch.nn.utils.parametrize.cached():
    ...     layer.weight is layer.weight
    True
    """
    global _caching
    _caching += 1
    try:
        yield
    finally:
        _caching -= 1
        if not _caching:
            _cache.clear()


def _register(module: Module, name: str, value: Tensor) -> None:
    if isinstance(value, Parameter):
        module.register_parameter(name, value)
    else:
        module.register_buffer(name, value)


def _like_original(value: Tensor, original: Tensor) -> Tensor:
    """A Parameter where the original is one, and not if not."""
    if isinstance(original, Parameter) and not isinstance(value, Parameter):
        return Parameter(value.detach(), original.requires_grad)
    return value


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, in order, with what it is computed from: `original`, or `original0`, ...

    Made by `register_parametrization`. Calling it gives the tensor.

    Args:
        modules: the parametrizations; ValueError for none.
        original: the tensor.
        unsafe: whether they may change its shape or dtype; ValueError where they do otherwise.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> torch.equal(layer.parametrizations.weight(), layer.weight)
    True
    """

    def __init__(self, modules: Sequence[Module], original: Any, unsafe: bool = False) -> None:
        if not modules:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        given, given_shape, given_dtype = original.data, original.shape, original.dtype
        new: Any = original
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    continue
                try:
                    new = module.right_inverse(new)  # type: ignore[operator]
                except NotImplementedError:  # it starts from the tensor as it is
                    pass
        self.is_tensor = isinstance(new, Tensor)
        if not self.is_tensor and not isinstance(new, (list, tuple)):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got "
                f"{type(new).__name__}"
            )
        self.ntensors = 1 if self.is_tensor else len(new)
        if isinstance(new, Tensor):
            if original.dtype != new.dtype:
                raise ValueError(
                    "When `right_inverse` outputs one tensor, it may not change the dtype.\n"
                    f"original.dtype: {original.dtype}\nright_inverse(original).dtype: {new.dtype}"
                )
            # The parameter stays the same object, as an optimizer may know it.
            with no_grad():
                if new is not original:
                    original.data = new.data
            _register(self, "original", original)
        else:
            for i, part in enumerate(new):
                if not isinstance(part, Tensor):
                    raise ValueError(
                        "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got element "
                        f"{i} of the sequence with type {type(part).__name__}."
                    )
                _register(self, f"original{i}", _like_original(part, original))
        if not unsafe:
            try:
                self._check(given_shape, given_dtype)
            except BaseException:
                original.data = given  # the module keeps its parameter as it was
                raise

    def _check(self, shape: Any, dtype: Any) -> None:
        """ValueError if the parametrized tensor has another dtype or shape than the one whose place it takes."""
        result = self()
        if not isinstance(result, Tensor):
            raise ValueError(f"A parametrization must return a tensor. Got {type(result).__name__}.")
        if result.dtype != dtype:
            raise ValueError(
                "Registering a parametrization may not change the dtype of the tensor, unless `unsafe` flag is "
                f"enabled.\nunparametrized dtype: {dtype}\nparametrized dtype: {result.dtype}"
            )
        if result.shape != shape:
            raise ValueError(
                "Registering a parametrization may not change the shape of the tensor, unless `unsafe` flag is "
                f"enabled.\nunparametrized shape: {shape}\nparametrized shape: {result.shape}"
            )

    def right_inverse(self, value: Tensor) -> None:
        """Set the originals so that the parametrization gives this value: what assigning to the tensor does.

        RuntimeError where a parametrization has no `right_inverse`.
        """
        with no_grad():
            result: Any = value
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(f"parametrization {type(module).__name__} does not implement right_inverse.")
                result = module.right_inverse(result)  # type: ignore[operator]
            if self.is_tensor:
                if not isinstance(result, Tensor):
                    raise ValueError(f"`right_inverse` should return a tensor, got {type(result).__name__}")
                if result.dtype != self.original.dtype:
                    raise ValueError(
                        f"The tensor returned by `right_inverse` has dtype {result.dtype} while `original` has dtype "
                        f"{self.original.dtype}"
                    )
                self.original.data = (result.clone() if result is value else result).data  # type: ignore
            else:
                if len(result) != self.ntensors:
                    raise ValueError(
                        f"'right_inverse' must return a sequence of tensors of length {self.ntensors}. Got a sequence "
                        f"of length {len(result)}."
                    )
                for i, part in enumerate(result):
                    getattr(self, f"original{i}").data = part.data

    def forward(self) -> Tensor:
        """The parametrized tensor."""
        modules = list(self)
        if self.is_tensor:
            value = modules[0](self.original)
        else:
            value = modules[0](*[getattr(self, f"original{i}") for i in range(self.ntensors)])
        for module in modules[1:]:
            value = module(value)
        return value


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether a Module has parametrizations, or one of this tensor.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> torch.nn.utils.parametrize.is_parametrized(layer, "weight")
    True
    """
    parametrizations = module._modules.get("parametrizations")
    if not isinstance(parametrizations, ModuleDict):
        return False
    return len(parametrizations) > 0 if tensor_name is None else tensor_name in parametrizations


def type_before_parametrizations(module: Module) -> type:
    """The class that a Module had before it was parametrized.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> torch.nn.utils.parametrize.type_before_parametrizations(layer) is torch.nn.Linear
    True
    """
    return type(module).__bases__[0] if is_parametrized(module) else type(module)


def _new_class(module: Module) -> None:
    """Make the module an instance of a subclass of its own."""
    own = type(module)

    def reduce(self: Module, protocol: Any) -> Any:
        raise RuntimeError(
            "Serialization of parametrized modules is only supported through state_dict(). See:\n"
            "https://pytorch.org/tutorials/beginner/saving_loading_models.html#saving-loading-a-general-checkpoint-for-inference-and-or-resuming-training"
        )

    def copy(self: Any, memo: dict) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        # With a class of its own again: removing a parametrization from one must not touch the other.
        own = type(self)
        members = {name: value for name, value in vars(own).items() if name not in ("__dict__", "__weakref__")}
        replica = self.__new__(type(own.__name__, own.__bases__, members))
        memo[id(self)] = replica
        replica.__dict__ = deepcopy(self.__dict__, memo)
        for slot in copyreg._slotnames(type(self)):  # type: ignore[attr-defined]
            if hasattr(self, slot):
                setattr(replica, slot, deepcopy(getattr(self, slot), memo))
        return replica

    # A class that only this module has, made by a call: `inspect.getsource` of the base shows what the user wrote.
    body: dict[str, Any] = {"__reduce_ex__": reduce, "__module__": __name__}
    if not hasattr(own, "__deepcopy__"):
        body["__deepcopy__"] = copy
    module.__class__ = type(f"Parametrized{own.__name__}", (own,), body)


def _inject_property(module: Module, name: str) -> None:
    def get(self: Module) -> Tensor:
        parametrization: Any = self.parametrizations[name]  # type: ignore[index]
        if not _caching:
            return parametrization()
        key = (id(self), name)
        if key not in _cache:
            _cache[key] = parametrization()
        return _cache[key]

    def set_(self: Module, value: Tensor) -> None:
        self.parametrizations[name].right_inverse(value)  # type: ignore[index]

    setattr(type(module), name, property(get, set_))


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Compute a parameter or buffer of a Module by another Module from then on: `parametrization(original)`.

    Args:
        module, tensor_name: whose tensor, and which. Parametrizations of one tensor add up, the last one last.
        parametrization: its `right_inverse`, if it has one, gives the original from a value: at first, and where the
            tensor is assigned to; it may return several tensors.
        unsafe: whether shape and dtype may change.

    Raises:
        ValueError: there is no such tensor, or shape or dtype change.

    >>> import mibun as torch
    >>> class Symmetric(torch.nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).T
    >>> layer = torch.nn.utils.parametrize.register_parametrization(torch.nn.Linear(3, 3), "weight", Symmetric())
    >>> bool((layer.weight == layer.weight.T).all())
    True
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        present: Any = module.parametrizations[tensor_name]  # type: ignore[index]
        if not unsafe:
            value = getattr(module, tensor_name)
            with no_grad():
                made = parametrization(value)
            if not isinstance(made, Tensor):
                raise ValueError(f"A parametrization must return a tensor. Got {type(made).__name__}.")
            for what in ("dtype", "shape"):
                if getattr(made, what) != getattr(value, what):
                    raise ValueError(
                        f"Registering a parametrization may not change the {what} of the tensor, unless the `unsafe` "
                        f"flag is enabled.\nmodule.{tensor_name}.{what}: {getattr(value, what)}\n"
                        f"parametrization(module.{tensor_name}).{what}: {getattr(made, what)}"
                    )
            if hasattr(parametrization, "right_inverse"):
                back = parametrization.right_inverse(made)  # type: ignore[operator]
                if not isinstance(back, Tensor):
                    raise ValueError(
                        "parametrization.right_inverse must return a tensor where several parametrizations are "
                        f"chained. Got: {type(back).__name__}"
                    )
        present.append(parametrization)
        present.unsafe |= unsafe
    elif tensor_name in module._buffers or tensor_name in module._parameters:
        original = getattr(module, tensor_name)
        if original is None:
            raise ValueError(f"Module '{module}' has None for '{tensor_name}': there is nothing to parametrize")
        parametrizations = ParametrizationList([parametrization], original, unsafe=unsafe)
        delattr(module, tensor_name)
        if not is_parametrized(module):
            _new_class(module)
            module.parametrizations = ModuleDict()
        _inject_property(module, tensor_name)
        module.parametrizations[tensor_name] = parametrizations  # type: ignore[index]
    else:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    return module


def remove_parametrizations(module: Module, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """Take the parametrizations of a tensor away.

    Args:
        module, tensor_name: whose tensor, and which. ValueError where it has none.
        leave_parametrized: it keeps its value, else the original's; ValueError where that is several tensors.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> type(torch.nn.utils.parametrize.remove_parametrizations(layer, "weight")) is torch.nn.Linear
    True
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    parametrizations: Any = module.parametrizations[tensor_name]  # type: ignore[index]
    if parametrizations.is_tensor:
        original = parametrizations.original
        if leave_parametrized:
            with no_grad():
                original.data = getattr(module, tensor_name).detach().clone()
    else:
        if not leave_parametrized:
            raise ValueError(
                "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a "
                "sequence of tensors."
            )
        original = Parameter(getattr(module, tensor_name).detach().clone())
        original.requires_grad = any(
            getattr(parametrizations, f"original{i}").requires_grad for i in range(parametrizations.ntensors)
        )
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]  # type: ignore[index]
    if not is_parametrized(module):
        delattr(module, "parametrizations")
        module.__class__ = type(module).__bases__[0]
    _register(module, tensor_name, original)
    return module


def transfer_parametrizations_and_params(
    from_module: Module, to_module: Module, tensor_name: str | None = None
) -> Module:
    """Give `to_module` the parametrizations of `from_module`, or those of one tensor, and its originals.

    Returns `to_module`, which is left alone where there are none.

    >>> import mibun as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> other = torch.nn.utils.parametrize.transfer_parametrizations_and_params(layer, torch.nn.Linear(3, 2))
    >>> torch.equal(other.weight, layer.weight)
    True
    """
    if not is_parametrized(from_module):
        return to_module
    parametrizations: Any = from_module.parametrizations
    for name in list(parametrizations) if tensor_name is None else [tensor_name]:
        for parametrization in parametrizations[name]:
            if not hasattr(to_module, name):
                value = getattr(from_module, name)
                _register(
                    to_module,
                    name,
                    Parameter(value.detach().clone())
                    if isinstance(parametrizations[name].original, Parameter)
                    else value.detach().clone(),
                )
            register_parametrization(to_module, name, parametrization)
        ours: Any = to_module.parametrizations[name]  # type: ignore[index]
        theirs = parametrizations[name]
        if theirs.is_tensor:
            ours.original = theirs.original
        else:
            for i in range(theirs.ntensors):
                setattr(ours, f"original{i}", getattr(theirs, f"original{i}"))
    return to_module
