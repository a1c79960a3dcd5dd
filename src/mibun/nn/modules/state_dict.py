"""Saving and loading the state of Modules: `state_dict`, `load_state_dict` and their hooks.

A state dict maps the path of every parameter and persistent buffer to its Tensor, in the order of registration, with
the version of each Module beside it. Loading that fails leaves the Module as it was.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from ...compat.module_conversion import get_swap_module_params_on_conversion
from ...core.mode import no_grad
from ...core.node import RemovableHandle
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...utils.swapping import swap_tensors
from ..parameter import Parameter, is_lazy

_EXTRA_STATE = "_extra_state"
# What a load in progress has replaced so far, to be put back if it fails: functions to be called in reverse.
_UNDO: ContextVar[list | None] = ContextVar("mibun_load_state_dict_undo", default=None)


class _IncompatibleKeys(NamedTuple):
    """What `load_state_dict` returns: the keys that did not match."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"

    __str__ = __repr__


class _StatePostHook:
    """A hook of the public kind, which changes the state dict in place and returns None."""

    def __init__(self, hook: Callable) -> None:
        self.hook = hook

    def __call__(self, *args: Any) -> None:
        if self.hook(*args) is not None:
            raise RuntimeError("state_dict post-hook must return None")


class _LoadPreHook:
    """A hook before loading; `with_module` tells whether it is given the Module too."""

    def __init__(self, hook: Callable, with_module: bool) -> None:
        self.hook = hook
        self.with_module = with_module

    def __call__(self, module: Any, *args: Any) -> None:
        if self.with_module:
            self.hook(module, *args)
        else:
            self.hook(*args)


def _register(hooks: OrderedDict, hook: Callable) -> RemovableHandle:
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


class ModuleState:
    """The methods of Module that save and load its state."""

    _version: int = 1
    _parameters: dict
    _buffers: dict
    _modules: dict
    _non_persistent_buffers_set: set
    _state_dict_hooks: OrderedDict
    _state_dict_pre_hooks: OrderedDict
    _load_state_dict_pre_hooks: OrderedDict
    _load_state_dict_post_hooks: OrderedDict

    def get_extra_state(self) -> Any:
        """Anything else to be kept in the state dict; to be given by the subclass, with `set_extra_state`."""
        raise RuntimeError(
            f"Module.get_extra_state() was called, but {type(self).__name__} does not define get_extra_state: a "
            "subclass that keeps extra state gives both get_extra_state and set_extra_state"
        )

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` gave; to be given by the subclass."""
        raise RuntimeError(
            f"Module.set_extra_state() was called, but {type(self).__name__} does not define set_extra_state: a "
            "subclass that keeps extra state gives both get_extra_state and set_extra_state"
        )

    # --- saving ---

    def state_dict(
        self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """All parameters and persistent buffers by their paths, in an OrderedDict.

        The Tensors share memory with the Module and are detached from the graph, unless `keep_vars`. `destination` is a
        dict to add them to, `prefix` what each key starts with.

        >>> import mibun as torch
        >>> list(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU()).state_dict())
        ['0.weight', '0.bias']
        """
        if args:
            warnings.warn(
                "Positional args are being deprecated, use kwargs instead: destination, prefix, keep_vars.",
                FutureWarning,
                stacklevel=stacklevel(),
            )
            destination = args[0] if destination is None else destination
            prefix = args[1] if len(args) > 1 and prefix == "" else prefix
            keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = local_metadata
        for hook in list(self._state_dict_pre_hooks.values()):
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in list(self._state_dict_hooks.values()):
            replaced = hook(self, destination, prefix, local_metadata)
            if replaced is not None:
                destination = replaced
        return destination

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        """Add what this Module holds itself; a subclass may extend it."""
        for name, tensor in self._parameters.items():
            if tensor is not None:
                destination[prefix + name] = tensor if keep_vars else tensor.detach()
        for name, tensor in self._buffers.items():
            if tensor is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = tensor if keep_vars else tensor.detach()
        if type(self).get_extra_state is not ModuleState.get_extra_state:
            destination[prefix + _EXTRA_STATE] = self.get_extra_state()

    # --- loading ---

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> _IncompatibleKeys:
        """Copy the Tensors of a state dict into this Module and those below it.

        Args:
            state_dict: what `state_dict()` of a Module of the same structure gave.
            strict: whether keys that are missing or unexpected are an error; else they are returned.
            assign: use the Tensors themselves, dtype included, instead of copying their values.

        Returns:
            `missing_keys` and `unexpected_keys`, in a named tuple.

        Raises:
            TypeError: `state_dict` is not a mapping.
            RuntimeError: keys do not match, or shapes do not; names all of them. Nothing is changed then.

        >>> import mibun as torch
        >>> torch.nn.Linear(2, 3).load_state_dict(torch.nn.Linear(2, 3).state_dict())
        <All keys matched successfully>
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        metadata = getattr(state_dict, "_metadata", None)
        state_dict = OrderedDict(state_dict)
        if metadata is not None:
            state_dict._metadata = metadata  # type: ignore[attr-defined]
        missing: list[str] = []
        unexpected: list[str] = []
        errors: list[str] = []
        undo: list = []
        token = _UNDO.set(undo)
        done = False
        try:
            _load(self, state_dict, "", metadata, assign, missing, unexpected, errors)
            if strict:
                if unexpected:
                    errors.insert(0, f"Unexpected key(s) in state_dict: {_quoted(unexpected)}. ")
                if missing:
                    errors.insert(0, f"Missing key(s) in state_dict: {_quoted(missing)}. ")
            if errors:
                text = "\n\t".join(errors)
                raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{text}")
            done = True
        finally:
            _UNDO.reset(token)
            if not done:
                for put_back in reversed(undo):
                    put_back()
        return _IncompatibleKeys(missing, unexpected)

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Load what this Module holds itself, adding to the lists what is wrong; a subclass may extend it.

        `local_metadata` has the "version" with which the Module was saved, if it is known.
        """
        for hook in list(self._load_state_dict_pre_hooks.values()):
            hook(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        assign = local_metadata.get("assign_to_params_buffers", False)
        persistent = {k: v for k, v in self._buffers.items() if k not in self._non_persistent_buffers_set}
        local = {k: v for k, v in {**self._parameters, **persistent}.items() if v is not None}
        for name, tensor in local.items():
            key = prefix + name
            if key not in state_dict:
                if strict:
                    missing_keys.append(key)
                continue
            given = state_dict[key]
            if not isinstance(given, Tensor):
                error_msgs.append(
                    f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from '
                    f"checkpoint but received {type(given)}"
                )
                continue
            lazy = is_lazy(tensor)  # it has taken the shape of what is given, unless that is lazy too
            if not lazy and tensor.ndim == 0 and given.shape == (1,):
                given = given.reshape(())  # how 0-d values were saved before there were 0-d tensors
            if not lazy and given.shape != tensor.shape:
                error_msgs.append(
                    f"size mismatch for {key}: copying a param with shape {given.shape} from checkpoint, "
                    f"the shape in current model is {tensor.shape}."
                )
                continue
            try:
                if not lazy:
                    self._put(name, tensor, given, assign)
            except Exception as error:
                error_msgs.append(
                    f'While copying the parameter named "{key}", whose dimensions in the model are {tensor.size()} and '
                    f"whose dimensions in the checkpoint are {given.size()}, an exception occurred : {error.args}."
                )
        self._load_extra_state(state_dict, prefix + _EXTRA_STATE, strict, missing_keys, unexpected_keys)
        if strict:
            for key in state_dict:
                if key.startswith(prefix) and key != prefix + _EXTRA_STATE:
                    name, dot, _ = key[len(prefix) :].partition(".")
                    if name not in self._modules if dot else name not in local:
                        unexpected_keys.append(key)

    def _put(self, name: str, tensor: Tensor, given: Tensor, assign: bool) -> None:
        """Copy into a parameter or buffer, or put another in its place, and note how to undo it."""
        undo = _UNDO.get()
        if get_swap_module_params_on_conversion():
            with no_grad():
                values = tensor.detach().clone() if undo is not None else None
                new = tensor.module_load(given, assign)  # which may write into the tensor
                if isinstance(tensor, Parameter) and not isinstance(new, Parameter):
                    new = Parameter(new, tensor.requires_grad)
                swap_tensors(tensor, new)

            def swap_back() -> None:
                swap_tensors(tensor, new)
                with no_grad():
                    tensor.copy_(values)  # type: ignore[arg-type]

            if undo is not None:
                undo.append(swap_back)
            return
        if assign:
            if isinstance(tensor, Parameter):
                flag = tensor.requires_grad
                given = Parameter(given, flag) if not isinstance(given, Parameter) else given.requires_grad_(flag)
            if undo is not None:
                undo.append(lambda: setattr(self, name, tensor))
            setattr(self, name, given)
            return
        with no_grad():
            if undo is not None:
                before = tensor.detach().clone()

                def put_back() -> None:
                    with no_grad():
                        tensor.copy_(before)

                undo.append(put_back)
            tensor.copy_(given)

    def _load_extra_state(self, state_dict: Any, key: str, strict: bool, missing: list, unexpected: list) -> None:
        if type(self).set_extra_state is not ModuleState.set_extra_state:
            if key in state_dict:
                self.set_extra_state(state_dict[key])
            elif strict:
                missing.append(key)
        elif strict and key in state_dict:
            unexpected.append(key)

    # --- hooks ---

    def register_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before `state_dict` collects what this Module holds."""
        return _register(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)` after; it changes the state dict in place."""
        return _register(self._state_dict_hooks, _StatePostHook(hook))

    def _register_state_dict_hook(self, hook: Callable) -> RemovableHandle:
        return _register(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)`
        before this Module loads; it changes `state_dict` or the lists in place.
        """
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(self, hook: Callable, with_module: bool = False) -> RemovableHandle:
        return _register(self._load_state_dict_pre_hooks, _LoadPreHook(hook, with_module))

    def register_load_state_dict_post_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)` after this Module has loaded; it may clear the lists in place."""
        return _register(self._load_state_dict_post_hooks, hook)


def _load(
    module: Any,
    state_dict: Any,
    prefix: str,
    metadata: Any,
    assign: bool,
    missing: list,
    unexpected: list,
    errors: list,
) -> None:
    local_metadata = {} if metadata is None else metadata.get(prefix[:-1], {})
    if assign:
        local_metadata = {**local_metadata, "assign_to_params_buffers": True}
    module._load_from_state_dict(state_dict, prefix, local_metadata, True, missing, unexpected, errors)
    for name, child in module._modules.items():
        if child is not None:
            start = f"{prefix}{name}."
            below = OrderedDict((key, value) for key, value in state_dict.items() if key.startswith(start))
            _load(child, below, start, metadata, assign, missing, unexpected, errors)
    incompatible = _IncompatibleKeys(missing, unexpected)
    for hook in list(module._load_state_dict_post_hooks.values()):
        if hook(module, incompatible) is not None:
            raise AssertionError(
                "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, "
                "if incompatible_keys need to be modified, it should be done inplace."
            )


def _quoted(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)
