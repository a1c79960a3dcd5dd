"""Optimizer: what all methods of optimisation share: groups of parameters with options, state, hooks, saving.

A subclass gives its defaults and `step`. Those that treat each element alone are subclasses of `ElementwiseOptimizer`
in `elementwise.py`, which runs their formula.
"""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any, TypeAlias, TypeVar, overload

from ..autograd.profiler import record_function
from ..core.dtypes import float32, float64, get_default_dtype
from ..core.mode import MODE
from ..core.node import RemovableHandle
from ..core.registry import CLASSES
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..nn.modules.module import typename
from .for_subclasses import (  # noqa: F401  (for those who write optimizers)
    _default_to_fused_or_foreach,
    _device_dtype_check_for_fused,
    _disable_dynamo_if_unsupported,
    _dispatch_sqrt,
    _get_capturable_supported_devices,
    _get_foreach_kernels_supported_devices,
    _get_fused_kernels_supported_devices,
    _get_scalar_dtype,
    _get_value,
    _group_tensors_by_device_and_dtype,
    _RequiredParameter,
    _stack_if_compiling,
    _to_scalar,
    _use_grad_for_differentiable,
    _view_as_real,
    required,
)

# What an optimizer takes: Tensors, groups of them with options, or pairs of name and Tensor.
ParamsT: TypeAlias = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]
# What a closure returns: a Tensor or a number.
Loss = TypeVar("Loss")
PreHook: TypeAlias = Callable[[Any, tuple[Any, ...], dict[str, Any]], tuple[tuple[Any, ...], dict[str, Any]] | None]
PostHook: TypeAlias = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
StateDictHook: TypeAlias = Callable[[Any, dict[str, Any]], dict[str, Any] | None]

_GLOBAL_PRE_HOOKS: OrderedDict = OrderedDict()
_GLOBAL_POST_HOOKS: OrderedDict = OrderedDict()


def register_optimizer_step_pre_hook(hook: PreHook) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` before the step of every optimizer, before its own hooks.

    Args:
        hook: returns None, or a tuple of the args and kwargs with which `step` is called instead.

    Returns:
        A handle, whose `remove()` takes the hook back.

    >>> import mibun as torch
    >>> optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)])
    >>> hook = lambda optimizer, args, kwargs: print(type(optimizer).__name__)
    >>> with torch.optim.optimizer.register_optimizer_step_pre_hook(hook):
    ...     optimizer.step()
    SGD
    """
    return _register(_GLOBAL_PRE_HOOKS, hook)


def register_optimizer_step_post_hook(hook: PostHook) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` after the step of every optimizer, after its own hooks. Returns a handle.

    >>> import mibun as torch
    >>> optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)])
    >>> hook = lambda optimizer, args, kwargs: print(type(optimizer).__name__)
    >>> with torch.optim.optimizer.register_optimizer_step_post_hook(hook):
    ...     optimizer.step()
    SGD
    """
    return _register(_GLOBAL_POST_HOOKS, hook)


def _register(hooks: OrderedDict, hook: Callable, prepend: bool = False) -> RemovableHandle:
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


_NOTHING = contextlib.nullcontext()


def _in_profile(optimizer: Any, what: str) -> Any:
    """What marks a method of an optimizer in the profile that is being made, if one is."""
    if not MODE.get().watchers:
        return _NOTHING
    name = type(optimizer).__name__
    return record_function(f"Optimizer.{what}#{name}.{what}")


def _with_hooks(func: Callable) -> Callable:
    """The step of a subclass, with the hooks around it (once, also where one step calls that of a base class)."""

    @functools.wraps(func)
    def hooked_step(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not MODE.get().watchers:
            return run_step(self, *args, **kwargs)
        with _in_profile(self, "step"):
            return run_step(self, *args, **kwargs)

    def run_step(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._opt_called = True  # learning rate schedulers want to be called after this
        try:
            pre, post = self._optimizer_step_pre_hooks, self._optimizer_step_post_hooks
        except AttributeError:
            return func(self, *args, **kwargs)  # a subclass that has not called the constructor: there are no hooks
        if self._in_step or not (pre or post or _GLOBAL_PRE_HOOKS or _GLOBAL_POST_HOOKS):
            return func(self, *args, **kwargs)
        self._in_step = True
        args = (self, *args)  # as hooks see them, and change them
        try:
            for hook in [*_GLOBAL_PRE_HOOKS.values(), *pre.values()]:
                changed = hook(self, args, kwargs)
                if changed is not None:
                    if not (isinstance(changed, tuple) and len(changed) == 2):
                        raise RuntimeError(
                            f"{func} must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                        )
                    args, kwargs = changed
            result = func(*args, **kwargs)
            for hook in [*post.values(), *_GLOBAL_POST_HOOKS.values()]:
                hook(self, args, kwargs)
            return result
        finally:
            self._in_step = False

    hooked_step._has_hooks = True  # type: ignore[attr-defined]
    return hooked_step


class Optimizer:
    """Base class of optimizers. A subclass calls `super().__init__(params, defaults)` and gives `step`.

    Args:
        params: Tensors to change; or dicts of "params" and options, one for each group; or pairs of name and Tensor.
        defaults: the options of groups that do not give them.

    Attributes:
        param_groups: a list of dicts of "params", a list, and the options of that group.
        state: for each parameter, a dict of what the method keeps from step to step.
        defaults: as given.

    Raises:
        TypeError: for what is no Tensor, and for parameters in a set, which has no order.
        ValueError: for non-leaves, an empty list, a parameter in two groups, and names given in some groups only.

    >>> import mibun as torch
    >>> class Halving(torch.optim.Optimizer):
    ...     def __init__(self, params):
    ...         super().__init__(params, {"factor": 0.5})
    ...     @torch.no_grad()
    ...     def step(self, closure=None):
    ...         for group in self.param_groups:
    ...             for p in group["params"]:
    ...                 p.mul_(group["factor"])
    >>> x = torch.tensor([1., 2.], requires_grad=True)
    >>> Halving([x]).step()
    >>> x
    tensor([0.5000, 1.0000], requires_grad=True)
    """

    _in_step = False
    _opt_called = False

    # For those who write optimizers, which take these from the class.
    OptimizerPreHook: TypeAlias = PreHook
    OptimizerPostHook: TypeAlias = PostHook
    profile_hook_step = staticmethod(_with_hooks)
    _group_tensors_by_device_and_dtype = staticmethod(_group_tensors_by_device_and_dtype)

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self._fresh_hooks()
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                + typename(params)
            )
        self.state: defaultdict[Tensor, Any] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups: list[Any] = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        step = cls.__dict__.get("step")
        if callable(step) and not hasattr(step, "_has_hooks"):
            cls.step = _with_hooks(step)  # type: ignore[method-assign]

    def _patch_step_function(self) -> None:
        """Put the hooks around `step`: that is done when a subclass is made."""

    def _optimizer_step_code(self) -> None:
        """What PyTorch's compiler knows a step by."""

    def _cuda_graph_capture_health_check(self) -> None:
        """Look whether a step may be recorded as a graph: there are no GPUs."""

    def _fresh_hooks(self) -> None:
        for name in _HOOKS:
            setattr(self, name, OrderedDict())

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for name in _HOOKS:
            self.__dict__.setdefault(name, OrderedDict())

    def __repr__(self) -> str:
        text = self.__class__.__name__ + " ("
        for index, group in enumerate(self.param_groups):
            text += f"\nParameter Group {index}\n"
            text += "".join(f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params")
        return text + ")"

    # --- groups ---

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own, as when a frozen layer is to be trained after all.

        Args:
            param_group: "params", and the options in which the group is to differ from the defaults.

        Raises:
            TypeError, ValueError: as of the constructor; the optimizer is as it was after one.

        >>> import mibun as torch
        >>> x, y = torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)
        >>> optimizer = torch.optim.SGD([x], lr=0.1)
        >>> optimizer.add_param_group({"params": [y], "lr": 0.01})
        >>> [group["lr"] for group in optimizer.param_groups]
        [0.1, 0.01]
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, Tensor):
            params = [params]
        elif isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets "
                "will change between runs. Please use a list instead."
            )
        params, names = _names_apart(list(params))
        group = {**param_group, "params": params}
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {typename(param)}")
            if not self.defaults.get("differentiable") and not (param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        if names is not None:
            group["param_names"] = names
        for name, default in self.defaults.items():
            if default is required and name not in group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            group.setdefault(name, default)
        if len(params) != len(set(params)):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error",
                stacklevel=stacklevel(),
            )
        for other in self.param_groups:
            if ("param_names" in other) != (names is not None):
                which = "without" if names is None else "with"
                raise ValueError(
                    "all optimizer param groups should be with/without names. cannot add param group "
                    f"{which} names to the optimizer"
                )
        taken = set(chain.from_iterable(other["params"] for other in self.param_groups))
        if not taken.isdisjoint(params):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters.

        Args:
            set_to_none: set `.grad` to None; else fill it with zeros.

        >>> import mibun as torch
        >>> x = torch.ones(2, requires_grad=True)
        >>> x.sum().backward()
        >>> torch.optim.SGD([x]).zero_grad()
        >>> x.grad is None
        True
        """
        with _in_profile(self, "zero_grad"):
            for group in self.param_groups:
                for param in group["params"]:
                    grad = param.grad
                    if grad is None:
                        continue
                    if set_to_none:
                        param.grad = None
                    else:
                        if grad.grad_fn is not None:
                            grad.detach_()
                        elif grad._edge_ is not None:
                            grad.requires_grad_(False)
                        grad.zero_()

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], Loss]) -> Loss: ...
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters once; to be given by the subclass.

        Args:
            closure: computes the loss and the gradients anew; some methods call it more than once.

        Returns:
            What the closure returned, or None.

        Raises:
            NotImplementedError: where the subclass does not define it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define step")

    # --- saving and loading ---

    def state_dict(self) -> dict[str, Any]:
        """The state, and the options of the groups, with parameters replaced by their numbers.

        Returns:
            {"state": {0: {...}, ...}, "param_groups": [{..., "params": [0, ...]}, ...]}, with the optimizer's own
            Tensors.

        >>> import mibun as torch
        >>> x = torch.ones(2, requires_grad=True)
        >>> optimizer = torch.optim.SGD([x], lr=0.1, momentum=0.9)
        >>> x.sum().backward()
        >>> optimizer.step()
        >>> optimizer.state_dict()["state"]
        {0: {'momentum_buffer': tensor([1., 1.])}}
        """
        for hook in list(self._optimizer_state_dict_pre_hooks.values()):
            hook(self)
        numbers: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            packed = {key: value for key, value in group.items() if key != "params"}
            for param in group["params"]:
                numbers.setdefault(id(param), len(numbers))
            packed["params"] = [numbers[id(param)] for param in group["params"]]
            groups.append(packed)
        state = {numbers[id(k)] if isinstance(k, Tensor) else k: value for k, value in self.state.items()}
        result: dict[str, Any] = {"state": state, "param_groups": groups}
        for hook in list(self._optimizer_state_dict_post_hooks.values()):
            replaced = hook(self, result)
            if replaced is not None:
                result = replaced
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over the state and the options that `state_dict()` gave, matching parameters by their order.

        Args:
            state_dict: is not changed. State is converted to the dtype and moved to the device of
                its parameter, but for the step count.

        Raises:
            ValueError: where the number of groups, or the size of one, differs; nothing is changed then.

        >>> import mibun as torch
        >>> x = torch.ones(2, requires_grad=True)
        >>> saved = torch.optim.SGD([x], lr=0.5).state_dict()
        >>> optimizer = torch.optim.SGD([x], lr=0.1)
        >>> optimizer.load_state_dict(saved)
        >>> optimizer.param_groups[0]["lr"]
        0.5
        """
        state_dict = state_dict.copy()
        for hook in list(self._optimizer_load_state_dict_pre_hooks.values()):
            replaced = hook(self, state_dict)
            if replaced is not None:
                state_dict = replaced
        saved = deepcopy(state_dict["param_groups"])
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        for mine, theirs in zip(self.param_groups, saved, strict=True):
            if len(mine["params"]) != len(theirs["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
                )
        by_number = {
            number: param
            for mine, theirs in zip(self.param_groups, saved, strict=True)
            for number, param in zip(theirs["params"], mine["params"], strict=True)
        }
        state: defaultdict[Any, Any] = defaultdict(dict)
        for key, value in state_dict["state"].items():
            param = by_number.get(key)
            state[key if param is None else param] = value if param is None else _converted(param, value)
        groups = []
        for mine, theirs in zip(self.param_groups, saved, strict=True):
            group = {**theirs, "params": mine["params"]}
            if "param_names" in mine and "param_names" not in group:
                group["param_names"] = mine["param_names"]
            for name, default in self.defaults.items():
                group.setdefault(name, default)
            groups.append(group)
        self.__setstate__({"state": state, "param_groups": groups})
        for hook in list(self._optimizer_load_state_dict_post_hooks.values()):
            hook(self)

    # --- hooks ---

    def register_step_pre_hook(self, hook: PreHook) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before each step.

        Args:
            hook: returns None, or a tuple of the args and kwargs with which `step` is called instead. args are all that
                the method was given, the optimizer first.

        Returns:
            A handle, whose `remove()` takes the hook back.

        Raises:
            RuntimeError: in `step`, where the hook returned something else.

        >>> import mibun as torch
        >>> optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)])
        >>> with optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: print("before")):
        ...     optimizer.step()
        before
        """
        return _register(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook: PostHook) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after each step; its result is not used. Returns a handle to remove it.

        >>> import mibun as torch
        >>> optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)])
        >>> with optimizer.register_step_post_hook(lambda optimizer, args, kwargs: print("after")):
        ...     optimizer.step()
        after
        """
        return _register(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Callable[[Any], Any], prepend: bool = False) -> RemovableHandle:
        """Call `hook(optimizer)` before `state_dict`; with `prepend`, before other hooks. Returns a handle."""
        return _register(self._optimizer_state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook: StateDictHook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` after `state_dict`; it may change the dict, or return another.

        With `prepend` it is called before other hooks. Returns a handle to remove it.

        >>> import mibun as torch
        >>> optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)])
        >>> handle = optimizer.register_state_dict_post_hook(lambda optimizer, saved: {**saved, "epoch": 3})
        >>> optimizer.state_dict()["epoch"]
        3
        """
        return _register(self._optimizer_state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: StateDictHook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` before loading; it may change the dict, a shallow copy, or return another.

        With `prepend` it is called before other hooks. Returns a handle to remove it.
        """
        return _register(self._optimizer_load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Callable[[Any], Any], prepend: bool = False) -> RemovableHandle:
        """Call `hook(optimizer)` after loading; with `prepend`, before other hooks. Returns a handle to remove it."""
        return _register(self._optimizer_load_state_dict_post_hooks, hook, prepend)

    _optimizer_step_pre_hooks: OrderedDict
    _optimizer_step_post_hooks: OrderedDict
    _optimizer_state_dict_pre_hooks: OrderedDict
    _optimizer_state_dict_post_hooks: OrderedDict
    _optimizer_load_state_dict_pre_hooks: OrderedDict
    _optimizer_load_state_dict_post_hooks: OrderedDict


_HOOKS = (
    "_optimizer_step_pre_hooks",
    "_optimizer_step_post_hooks",
    "_optimizer_state_dict_pre_hooks",
    "_optimizer_state_dict_post_hooks",
    "_optimizer_load_state_dict_pre_hooks",
    "_optimizer_load_state_dict_post_hooks",
)


def _names_apart(params: list) -> tuple[list, list[str] | None]:
    """The parameters, and their names if they are given in pairs."""
    named = [isinstance(param, tuple) for param in params]
    if not any(named):
        return params, None
    if not all(named):
        raise ValueError("all optimizer params should be with/without names. Some param names are missing")
    return [param for _, param in params], [name for name, _ in params]


def _converted(param: Tensor, value: Any, key: Any = None) -> Any:
    """A value of the loaded state, of the dtype and on the device of its parameter; the step count stays as it is."""
    if isinstance(value, Tensor):
        if key == "step":
            return value
        return value.to(param.device, param.dtype) if param.is_floating_point() else value.to(param.device)
    if isinstance(value, dict):
        return {key: _converted(param, item, key) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return type(value)(_converted(param, item) for item in value)  # type: ignore[call-arg]
    return value


CLASSES["Optimizer"] = Optimizer


def scalar_dtype() -> Any:
    """The dtype in which optimizers keep single numbers, such as the step count, as PyTorch does."""
    return float64 if get_default_dtype() == float64 else float32
