"""Module: a part of a network, which owns parameters, buffers and other Modules, and says how they make an output.

Assigning a Parameter, a Buffer or a Module as an attribute registers it, which is all that `parameters()`, `to()`,
`train()`, `state_dict()` and printing need. Hooks are in `hooks.py`, saving and loading in `state_dict.py`, changes of
dtype in `conversion.py`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, Self, TypeVar

from ...core.registry import CLASSES, MODULE_CALLS, public_module
from ...core.site import shorten
from ...core.tensor import Tensor
from ..parameter import Buffer, Parameter
from .conversion import ModuleConversion
from .hooks import (
    GLOBAL,
    ModuleHooks,
    call_with_hooks,
    register_module_backward_hook,
    register_module_buffer_registration_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from .state_dict import ModuleState, _IncompatibleKeys


def typename(value: Any) -> str:
    """The type of a value as PyTorch's messages have it: `torch.FloatTensor` for a Tensor; a class is its own."""
    if isinstance(value, Tensor):
        name = {
            "Bool": "Bool",
            "Uint8": "Byte",
            "Int8": "Char",
            "Int16": "Short",
            "Int32": "Int",
            "Int64": "Long",
            "Float16": "Half",
            "Bfloat16": "BFloat16",
            "Float32": "Float",
            "Float64": "Double",
            "Complex64": "ComplexFloat",
            "Complex128": "ComplexDouble",
        }
        return f"torch.{name[str(value.dtype).rpartition('.')[2].capitalize()]}Tensor"
    kind = value if isinstance(value, type) else type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{public_module(kind)}.{kind.__qualname__}"


# Names that libraries take from PyTorch's module.
_EXTRA_STATE_KEY_SUFFIX = "_extra_state"
_global_forward_hooks, _global_forward_pre_hooks = GLOBAL.forward, GLOBAL.forward_pre
_global_forward_hooks_always_called = GLOBAL.forward_always
_global_forward_hooks_with_kwargs = GLOBAL.forward_with_kwargs
_global_backward_hooks, _global_backward_pre_hooks = GLOBAL.backward, GLOBAL.backward_pre
_global_buffer_registration_hooks = GLOBAL.buffer
_global_module_registration_hooks = GLOBAL.module
_global_parameter_registration_hooks = GLOBAL.parameter


def _addindent(s_: str, numSpaces: int) -> str:  # noqa: N803
    """The text with every line but the first indented."""
    return indent(s_, numSpaces)


def indent(text: str, spaces: int = 2) -> str:
    """The text with every line but the first indented, as nested reprs are."""
    return text.replace("\n", "\n" + " " * spaces)


def _forward_unimplemented(self: Module, *input: Any) -> None:
    """What a Module computes; to be given by the subclass. Call the Module itself, so that hooks run."""
    raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')


T_destination = TypeVar("T_destination", bound=dict[str, Any])


_OF_SEVERAL = ("_", "InplaceActivation")  # what the names of classes begin with that only others are made of


def _name_constructor(cls: type) -> None:
    """Let errors of wrong arguments name this class of mibun's own, where its constructor is that of a private one."""
    shared: Any = cls.__init__  # type: ignore[misc]
    if shared.__qualname__.startswith(_OF_SEVERAL):
        own = FunctionType(shared.__code__, shared.__globals__, "__init__", shared.__defaults__, shared.__closure__)
        own.__kwdefaults__, own.__annotations__ = shared.__kwdefaults__, shared.__annotations__
        own.__doc__, own.__module__ = shared.__doc__, shared.__module__
        own.__qualname__ = f"{cls.__name__}.__init__"
        cls.__init__ = own  # type: ignore[misc]


class Module(ModuleHooks, ModuleState, ModuleConversion):
    """Base class of all parts of networks. Subclasses call `super().__init__()`, assign their parts, define `forward`.

    >>> import mibun as torch
    >>> from mibun import nn
    >>> class Net(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.hidden = nn.Linear(4, 8)
    ...         self.head = nn.Linear(8, 1)
    ...     def forward(self, x):
    ...         return self.head(torch.relu(self.hidden(x)))
    >>> Net()
    Net(
      (hidden): Linear(in_features=4, out_features=8, bias=True)
      (head): Linear(in_features=8, out_features=1, bias=True)
    )
    >>> Net()(torch.ones(3, 4)).shape
    torch.Size([3, 1])
    """

    training: bool
    dump_patches: bool = False  # of former versions, kept for those who read it
    call_super_init: bool = False
    T_destination = T_destination  # for the annotations of those who override `state_dict`
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    _non_persistent_buffers_set: set[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" not in vars(cls) and cls.__module__.startswith("mibun.nn.") and cls.__name__[:1] != "_":
            _name_constructor(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not self.call_super_init:
            if kwargs:
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
                )
            if args:
                raise TypeError(
                    f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
                )
        # Straight into the instance, as __setattr__ looks at these dictionaries.
        self.__dict__.update(_fresh_state())
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    # What the Module computes; given by the subclass, with arguments of its own choice, which is why it is declared as
    # any function. Call the Module itself, so that hooks run.
    forward: Callable[..., Any] = _forward_unimplemented

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        """Call `forward` with the hooks."""
        try:
            if (
                self._forward_hooks
                or self._forward_pre_hooks
                or self._backward_hooks
                or self._backward_pre_hooks
                or GLOBAL.used
            ):
                return call_with_hooks(self, args, kwargs)
            return self.forward(*args, **kwargs)
        except Exception as error:
            shorten(error)
            raise

    __call__: Callable[..., Any] = _call_impl

    def compile(
        self,
        *,
        fullgraph: bool = False,
        dynamic: bool | None = None,
        backend: Any = None,
        mode: str | None = None,
        options: dict[str, Any] | None = None,
        name: str | None = None,
        disable: bool = False,
        recompile_limit: int | None = None,
        isolate_recompiles: bool = False,
    ) -> None:
        """Compile the Module's `forward` in place, with the arguments of `torch.compile`; hooks run around it.

        Raises what `torch.compile` raises.
        """
        from ...compiler.arguments import check_arguments
        from ...compiler.forward import compile_forward

        check_arguments(dynamic, backend, mode, options, disable)
        if not disable:
            compile_forward(self, backend, fullgraph, dynamic, recompile_limit)

    @property
    def _compiled_call_impl(self) -> Any:
        """What runs once `compile` was called: `_call_impl`, whose `forward` is the compiled one."""
        return self._call_impl if hasattr(self.__dict__.get("forward"), "compiled") else None

    # --- attributes ---

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__dict__
        if isinstance(value, Tensor):
            if isinstance(value, Parameter):
                if "_parameters" not in state:
                    raise AttributeError("cannot assign parameters before Module.__init__() call")
                self._forget(name, "_buffers", "_modules")
                self.register_parameter(name, value)
                return
            if isinstance(value, Buffer):
                if "_buffers" not in state:
                    raise AttributeError("cannot assign buffer before Module.__init__() call")
                if name not in self._parameters:
                    self._forget(name, "_modules", "_buffers")
                    self.register_buffer(name, value, value.persistent)
                    return
            if "_parameters" not in state:  # __init__ has not run: it is an attribute like any other
                object.__setattr__(self, name, value)
                return
        elif isinstance(value, Module):
            if "_modules" not in state:
                raise AttributeError("cannot assign module before Module.__init__() call")
            if name not in self._parameters:
                self._forget(name, "_buffers")
                self._modules[name] = _hooked(GLOBAL.module, self, name, value)
                return
        elif "_parameters" not in state:  # __init__ has not run: nothing is registered yet
            object.__setattr__(self, name, value)
            return
        if name in self._parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
                )
            self.register_parameter(name, value)
        elif name in self._modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as child module '{name}' (torch.nn.Module or None expected)"
                )
            self._modules[name] = _hooked(GLOBAL.module, self, name, value)
        elif name in self._buffers:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{typename(value)}' as buffer '{name}' "
                    "(torch.nn.Buffer, torch.Tensor or None expected)"
                )
            self._buffers[name] = _hooked(GLOBAL.buffer, self, name, value)
        else:
            object.__setattr__(self, name, value)

    def _forget(self, name: str, *kinds: str) -> None:
        """Unregister a name that is about to become an attribute of another kind."""
        self.__dict__.pop(name, None)
        for kind in kinds:
            self.__dict__[kind].pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    # Any: a checker that took `net[0].weight` for a Tensor or a Module would find fault with what programs do with it.
    def __getattr__(self, name: str) -> Any:
        state = self.__dict__
        if "_modules" in state:
            for kind in ("_modules", "_parameters", "_buffers"):
                members = state[kind]
                if name in members:
                    return members[name]
        # Given `name` and `obj`, Python says which name it might have been when it prints the error.
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'", name=name, obj=self)

    def __delattr__(self, name: str) -> None:
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        names = {*dir(type(self)), *self.__dict__, *self._parameters, *self._modules, *self._buffers}
        return sorted(name for name in names if not name[0].isdigit())

    def __setstate__(self, state: dict) -> None:
        # A Module saved by an earlier version may lack what has been added since.
        self.__dict__.update({**_fresh_state(), **state})

    # --- registering ---

    def _check_name(self, name: str, kind: str, members: dict) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
        if "." in name:
            got = f", got: {name}" if kind == "module" else ""
            raise KeyError(f'{kind} name can\'t contain "."{got}')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in members:
            raise KeyError(f"attribute '{name}' already exists")

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under a name; None keeps the name for one that is not there.

        Raises AttributeError before `Module.__init__`, TypeError for what is not a Parameter, KeyError for a name that
        is empty, taken or has a dot.

        >>> import mibun as torch
        >>> module = torch.nn.Module()
        >>> module.register_parameter("scale", torch.nn.Parameter(torch.ones(1)))
        >>> module.scale
        Parameter containing:
        tensor([1.], requires_grad=True)
        """
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        self._check_name(name, "parameter", self._parameters)
        if param is None:
            self._parameters[name] = None
            return
        if not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter '{name}' (torch.nn.Parameter or None required)"
            )
        if not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. To "
                f"express '{name}' as a function of another Tensor, compute the value in the forward() method."
            )
        self._parameters[name] = _hooked(GLOBAL.parameter, self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a Tensor that is part of the Module's state but is not trained, such as a running mean.

        One that is not `persistent` is left out of the state dict. Errors as of `register_parameter`.

        >>> import mibun as torch
        >>> module = torch.nn.Module()
        >>> module.register_buffer("mean", torch.zeros(2))
        >>> module.mean, list(module.state_dict())
        (tensor([0., 0.]), ['mean'])
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        self._check_name(name, "buffer", self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = _hooked(GLOBAL.buffer, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a Module as a child under a name. Errors as of `register_parameter`."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        self._check_name(name, "module", self._modules)
        self._modules[name] = _hooked(GLOBAL.module, self, name, module)

    def register_module(self, name: str, module: Module | None) -> None:
        """The same as `add_module`."""
        self.add_module(name, module)

    # --- finding by a dotted name ---

    def get_submodule(self, target: str) -> Module:
        """The Module at a path such as "block.0.conv". AttributeError where there is none."""
        module = self
        for name in target.split(".") if target else ():
            if not hasattr(module, name):
                raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return module

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put a Module in the place of the one at a path. With `strict` there has to be one, else the last step is new.

        Raises ValueError for an empty path or what is not a Module, AttributeError where the path leads nowhere.
        """
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        if not isinstance(module, Module):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
        if hasattr(parent, name) and not isinstance(getattr(parent, name), Module):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The Parameter at a path such as "block.0.weight". AttributeError where there is none."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        parameter = getattr(module, name)
        if not isinstance(parameter, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return parameter

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path such as "norm.running_mean". AttributeError where there is none."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return module._buffers[name]  # type: ignore[return-value]

    # --- walking ---

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This Module and all below it with their paths, parents first; each once where `remove_duplicate`."""
        if memo is None:
            memo = set()
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, f"{prefix}.{name}" if prefix else name, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """This Module and all below it."""
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The Modules directly below with their names, each once."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The Modules directly below."""
        for _, module in self.named_children():
            yield module

    def _named_members(
        self, get_members_fn: Callable, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        seen = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, member in get_members_fn(module):
                if member is None or member in seen:
                    continue
                if remove_duplicate:
                    seen.add(member)
                yield f"{path}.{name}" if path else name, member

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters with their paths: of this Module, and with `recurse` of those below it; shared ones once.

        >>> import mibun as torch
        >>> model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
        >>> [name for name, parameter in model.named_parameters()]
        ['0.weight', '0.bias']
        """
        return self._named_members(lambda module: module._parameters.items(), prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters: what an optimizer is given."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The buffers with their paths; as `named_parameters`."""
        return self._named_members(lambda module: module._buffers.items(), prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    # --- changing all of it ---

    def apply(self, fn: Callable[[Module], object]) -> Self:
        """Call `fn` on every Module, children first: for initialising, for example. Returns the Module itself.

        >>> import mibun as torch
        >>> def start(module):
        ...     if isinstance(module, torch.nn.Linear):
        ...         torch.nn.init.ones_(module.weight)
        >>> torch.nn.Sequential(torch.nn.Linear(2, 1)).apply(start)[0].weight.tolist()
        [[1.0, 1.0]]
        """
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Set `training` on all Modules, which changes what dropout and batch normalisation do."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Self:
        """The same as `train(False)`."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Set `requires_grad` of all parameters: False freezes them."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters, or fill them with zeros where not `set_to_none`."""
        for parameter in self.parameters():
            if parameter.grad is None:
                continue
            if set_to_none:
                parameter.grad = None
            else:
                grad = parameter.grad.detach_() if parameter.grad.grad_fn is not None else parameter.grad
                grad.requires_grad_(False).zero_()

    # --- printing ---

    def _get_name(self) -> str:
        return self.__class__.__name__

    def extra_repr(self) -> str:
        """What the repr shows between the parentheses; to be given by the subclass."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        extra_lines = extra.split("\n") if extra else []
        child_lines = [f"({name}): {indent(repr(module))}" for name, module in self._modules.items()]
        if len(extra_lines) == 1 and not child_lines:
            return f"{self._get_name()}({extra})"
        lines = extra_lines + child_lines
        body = "\n  " + "\n  ".join(lines) + "\n" if lines else ""
        return f"{self._get_name()}({body})"


def _fresh_state() -> dict[str, Any]:
    """What every Module starts with, in PyTorch's names."""
    return {
        "training": True,
        "_parameters": {},
        "_buffers": {},
        "_non_persistent_buffers_set": set(),
        "_backward_pre_hooks": OrderedDict(),
        "_backward_hooks": OrderedDict(),
        "_is_full_backward_hook": None,
        "_forward_hooks": OrderedDict(),
        "_forward_hooks_with_kwargs": OrderedDict(),
        "_forward_hooks_always_called": OrderedDict(),
        "_forward_pre_hooks": OrderedDict(),
        "_forward_pre_hooks_with_kwargs": OrderedDict(),
        "_state_dict_hooks": OrderedDict(),
        "_state_dict_pre_hooks": OrderedDict(),
        "_load_state_dict_pre_hooks": OrderedDict(),
        "_load_state_dict_post_hooks": OrderedDict(),
        "_modules": {},
    }


def _hooked(hooks: dict, module: Module, name: str, value: Any) -> Any:
    """The value after the registration hooks, each of which may replace it."""
    for hook in list(hooks.values()):
        replaced = hook(module, name, value)
        if replaced is not None:
            value = replaced
    return value


MODULE_CALLS.add(Module.__call__.__code__)
CLASSES["Module"] = Module

__all__ = [
    "Module",
    "_IncompatibleKeys",
    "register_module_backward_hook",
    "register_module_buffer_registration_hook",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
    "register_module_module_registration_hook",
    "register_module_parameter_registration_hook",
]
