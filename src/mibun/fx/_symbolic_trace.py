"""Tracer: runs a function with Proxies in place of its arguments, and keeps what it does as a Graph."""

from __future__ import annotations

import builtins
import collections
import copy
import functools
import inspect
import logging
import math
import sys
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import mibun as _root

from ..core.pytree import tree_flatten, tree_map
from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..nn.parameter import Parameter
from ._compatibility import compatibility
from ._lazy_graph_module import _make_graph_module
from .code_generation import _PyTreeCodeGen, _PyTreeInfo
from .graph import Graph
from .graph_module import MAKERS, GraphModule
from .naming import ROOT_NAMES
from .node import Argument, base_types, map_aggregate
from .patching import (
    _create_wrapped_func,
    _create_wrapped_method,
    _find_proxy,
    _maybe_revert_all_patches,
    _new_patcher,
    _Patcher,
    patch_imported,
    patch_torch,
)
from .proxy import ParameterProxy, Proxy, Scope, ScopeContextManager, TracerBase

_log = logging.getLogger(__name__)
_is_fx_tracing_flag = False
_proxyable_classes: dict[type, None] = {}
_constant_attribute_types = (Tensor,)
_ROOT_MODULE_TYPES = (Module,)


@functools.cache
def is_fx_tracing_warning() -> None:
    """Says once that `is_fx_tracing` has a more exact successor."""
    _log.warning(
        "is_fx_tracing will return true for both fx.symbolic_trace and torch.export. Please use "
        "is_fx_tracing_symbolic_tracing() for specifically fx.symbolic_trace or torch.compiler.is_compiling() for "
        "specifically torch.export/compile."
    )


def is_fx_tracing() -> bool:
    """Whether a function is being traced now."""
    is_fx_tracing_warning()
    return _is_fx_tracing_flag


def is_fx_symbolic_tracing() -> bool:
    """Whether `symbolic_trace` is running now."""
    return _is_fx_tracing_flag


@compatibility(is_backward_compatible=True)
class ProxyableClassMeta(type):
    """Metaclass: making an object of the class from a Proxy is recorded as a call of the class.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> class Pair(metaclass=fx.ProxyableClassMeta):
    ...     def __init__(self, left, right):
    ...         self.left, self.right = left, right
    >>> [node.name for node in fx.symbolic_trace(lambda x: Pair(x, 1)).graph.nodes]
    ['x', 'pair', 'output']
    """

    def __init__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> None:
        _proxyable_classes.setdefault(cls)
        super().__init__(name, bases, attrs)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        instance: Any = cls.__new__(cls)  # type: ignore[call-overload]
        if is_fx_symbolic_tracing():
            found: list[Proxy] = []
            map_aggregate((args, kwargs), lambda leaf: found.append(leaf) if isinstance(leaf, Proxy) else leaf)
            if found:
                return found[0].tracer.create_proxy("call_function", cls, args, kwargs)
        cls.__init__(instance, *args, **kwargs)  # type: ignore[misc]
        return instance


def _patch_function(fn: FunctionType, nargs: int) -> FunctionType:
    """A function that takes `nargs` positional arguments, for one that takes `*args` and `**kwargs`.

    The last of them are bound to these names as they are, so that a Proxy may stand for the tuple or the dict.
    """
    code = fn.__code__
    flags = code.co_flags & ~(inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    new_code: CodeType = code.replace(co_argcount=nargs, co_posonlyargcount=0, co_kwonlyargcount=0, co_flags=flags)
    made = FunctionType(new_code, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
    made.__kwdefaults__ = fn.__kwdefaults__
    return made


@compatibility(is_backward_compatible=False)
class PHBase:
    """A leaf of `concrete_args` that is to stay an input."""

    def __repr__(self) -> str:
        return "PH"


PH = PHBase()


@compatibility(is_backward_compatible=False)
class PHWithMeta(PHBase):
    """The same, whose Node takes over the attributes of this object. ph_key: a name to be known by."""

    def __init__(self, ph_key: str | None = None) -> None:
        super().__init__()
        self.ph_key = ph_key


def _transfer_attrs(fr: Any, to: Any) -> None:
    for name, value in vars(fr).items():
        if not name.startswith("__") and not hasattr(to, name):
            setattr(to, name, value)


@compatibility(is_backward_compatible=True)
class Tracer(TracerBase):
    """Runs a function or a Module's `forward` with Proxies, and gives the Graph of what it does.

    autowrap_modules: Python modules whose functions are recorded where an argument is a Proxy (`math` by default).
    autowrap_functions: further functions of that kind. param_shapes_constant: the shapes of parameters are known, so
    that a program may branch on them. Subclasses override what they want to decide otherwise: `is_leaf_module`,
    `call_module`, `create_arg`, `iter`, `to_bool`, ...

    >>> import mibun as torch
    >>> from mibun import fx, nn
    >>> class Deeper(fx.Tracer):
    ...     def is_leaf_module(self, m, module_qualified_name):
    ...         return False
    >>> [node.op for node in Deeper().trace(nn.Sequential(nn.Linear(2, 2))).nodes]
    ['placeholder', 'get_attr', 'get_attr', 'call_function', 'output']
    """

    def __init__(
        self,
        autowrap_modules: tuple[ModuleType, ...] = (math,),
        autowrap_functions: tuple[Callable, ...] = (),
        param_shapes_constant: bool = False,
    ) -> None:
        super().__init__()
        self._autowrap_function_ids: set[int] = {
            id(value)
            for module in autowrap_modules
            for name, value in vars(module).items()
            if not name.startswith("_") and callable(value)
        }
        self._autowrap_function_ids.update([id(function) for function in autowrap_functions])
        self._autowrap_search: list[ModuleType] = list(autowrap_modules)
        self.param_shapes_constant = param_shapes_constant
        self.submodule_paths: dict[Module, str] | None = None
        self.root_module_name = ""
        self.scope = Scope("", None)
        self.module_stack = collections.OrderedDict()
        self.num_calls: dict[str, int] = {}
        self.node_name_to_scope = {}

    _qualname_counter: dict[str, int] = collections.defaultdict(int)

    @compatibility(is_backward_compatible=True)
    def get_fresh_qualname(self, prefix: str) -> str:
        """A name that begins with `prefix` and that the root has no attribute of."""
        if not hasattr(self.root, prefix):
            return (
                prefix
                if prefix[-1:].isdigit()
                else f"{prefix}0"
                if not hasattr(self.root, f"{prefix}0")
                else (self._next_qualname(prefix))
            )
        return self._next_qualname(prefix)

    def _next_qualname(self, prefix: str) -> str:
        number = 0
        while hasattr(self.root, f"{prefix}{number}"):
            number += 1
        return f"{prefix}{number}"

    @compatibility(is_backward_compatible=True)
    def create_arg(self, a: Any) -> Argument:
        """An argument of a Node. Parameters, Modules and Tensors of the root are taken from it by name.

        A Tensor that the root does not have becomes an attribute of it. NameError for a foreign parameter or Module.
        """
        if isinstance(a, Parameter):
            for name, parameter in self.root.named_parameters():
                if a is parameter:
                    return self.create_node("get_attr", name, (), {})
            raise NameError("parameter is not a member of this module")
        if isinstance(a, Tensor):
            for name, buffer in self.root.named_buffers():
                if a is buffer:
                    return self.create_node("get_attr", name, (), {})
        elif isinstance(a, Module):
            for name, module in self.root.named_modules():
                if a is module:
                    return self.create_node("get_attr", name, (), {})
        if isinstance(a, tuple) and hasattr(a, "_fields"):
            parts = tuple([self.create_arg(part) for part in a])
            return self.create_node("call_function", a.__class__, parts, {})
        if isinstance(a, Tensor):
            return self._constant(a, "_tensor_constant")
        if type(a) in _proxyable_classes:
            return self._constant(a, f"_{a.__class__.__name__}_constant_")
        return super().create_arg(a)

    def _constant(self, value: Any, prefix: str) -> Argument:
        name = self.tensor_attrs.get(value)
        if name is None:
            name = self._next_qualname(prefix)
            self.tensor_attrs[value] = name
            setattr(self.root, name, value)
        return self.create_node("get_attr", name, (), {})

    @compatibility(is_backward_compatible=True)
    def is_leaf_module(self, m: Module, module_qualified_name: str) -> bool:
        """Whether a Module's call is one step. By default those of `torch.nn` are, but for Sequential."""
        root, *rest = type(m).__module__.split(".")
        of_torch = root in ROOT_NAMES and (rest[:1] == ["nn"] or rest[:2] == ["ao", "nn"])
        return of_torch and not isinstance(m, _root.nn.Sequential)

    @compatibility(is_backward_compatible=True)
    def path_of_module(self, mod: Module) -> str:
        """The dotted name of a Module within the root. NameError if it is none of its parts."""
        if self.submodule_paths:
            path = self.submodule_paths.get(mod)
            if path is None:
                raise NameError("module is not installed as a submodule")
            return path
        for name, module in self.root.named_modules():
            if mod is module:
                return name
        raise NameError("module is not installed as a submodule")

    @compatibility(is_backward_compatible=True)
    def call_module(self, m: Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Called for each call of a Module: records a leaf, runs `forward` of others. Returns what the call gives."""
        path = self.path_of_module(m)
        with ScopeContextManager(self.scope, Scope(path, type(m))) as scope:
            count = self.num_calls.get(scope.module_path, 0)
            key = f"{scope.module_path}@{count}" if count else scope.module_path
            self.module_stack[key] = (scope.module_path, scope.module_type)
            self.num_calls[scope.module_path] = count + 1
            try:
                if self.is_leaf_module(m, path):
                    return self.create_proxy("call_module", path, args, kwargs)
                return forward(*args, **kwargs)
            finally:
                self.module_stack.pop(key)

    @compatibility(is_backward_compatible=False)
    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        """Called for each attribute of a Module that is asked for: parameters (and buffers) become Proxies."""
        if isinstance(attr_val, Parameter):
            for name, parameter in self.root.named_parameters():
                if attr_val is parameter:
                    if name not in parameter_proxy_cache:
                        factory = None
                        if self.param_shapes_constant:
                            factory = functools.partial(_parameter_proxy, self, name, attr_val)
                        parameter_proxy_cache[name] = self.create_proxy(
                            "get_attr", name, (), {}, proxy_factory_fn=factory
                        )
                    return parameter_proxy_cache[name]
        elif self.proxy_buffer_attributes and isinstance(attr_val, Tensor):
            for name, buffer in self.root.named_buffers():
                if attr_val is buffer:
                    if name not in parameter_proxy_cache:
                        parameter_proxy_cache[name] = self.create_proxy("get_attr", name, (), {})
                    return parameter_proxy_cache[name]
        return attr_val

    @compatibility(is_backward_compatible=False)
    def create_args_for_root(
        self,
        root_fn: Callable[..., Any],
        is_module: bool,
        concrete_args: dict[str, Any] | tuple[Any, ...] | None = None,
    ) -> tuple[Any, list[Any]]:
        """Make the inputs. Returns the function to call and its arguments, which are Proxies and concrete values."""
        function = inspect.unwrap(root_fn)
        code = function.__code__
        total = code.co_argcount + code.co_kwonlyargcount
        names = iter(code.co_varnames)
        args: list[Any] = []
        skipped = 0
        if is_module:
            if total == 0:
                raise RuntimeError("``self`` argument cannot be part of *args expansion!")
            skipped = 1
            next(names)
            args.append(self.root)
        signature = inspect.signature(function)
        if isinstance(concrete_args, tuple):
            if len(args) + len(concrete_args) != total:
                raise RuntimeError(
                    f"Tracing expected {total - len(args)} arguments but got {len(concrete_args)} concrete arguments"
                )
            concrete_args = {code.co_varnames[skipped + i]: value for i, value in enumerate(concrete_args)}
        count = [0]

        def proxy_for(name: str) -> Any:
            return self._proxy_placeholder(name, concrete_args, signature, function, count)

        arg_names = [next(names) for _ in range(skipped, total)]
        args.extend([proxy_for(name) for name in arg_names])
        root_fn_ = root_fn
        if code.co_kwonlyargcount > 0 or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
            # Python's order of names: positional, keyword-only, *args, **kwargs.
            if code.co_flags & inspect.CO_VARARGS:
                args.append(proxy_for("*" + next(names)))
            if code.co_flags & inspect.CO_VARKEYWORDS:
                args.append(proxy_for("**" + next(names)))
            root_fn_ = _patch_function(function, len(args))
        flat, spec = tree_flatten(tuple(args))
        if not all(leaf is arg for leaf, arg in zip(flat, args, strict=False)) or len(flat) != len(args):
            # Containers with Proxies inside: the graph's inputs are the leaves.
            self.graph._codegen = _PyTreeCodeGen(_PyTreeInfo(arg_names[:total], spec, None))
            own = root_fn_

            def flatten_fn(*leaves: Any) -> Any:
                from ..core.pytree import tree_unflatten

                out = own(*tree_unflatten(list(leaves), spec))
                result, out_spec = tree_flatten(out)
                codegen = self.graph._codegen
                if not isinstance(codegen, _PyTreeCodeGen):
                    raise AssertionError(f"Expected _PyTreeCodeGen, got {type(codegen)}")
                codegen.pytree_info = codegen.pytree_info._replace(out_spec=out_spec)
                return result

            return flatten_fn, flat
        return root_fn_, args

    def _proxy_placeholder(
        self,
        name: str,
        concrete_args: dict[str, Any] | None,
        signature: inspect.Signature,
        function: Callable[..., Any],
        count: list[int],
    ) -> Any:
        """The value that the function is called with for one parameter."""
        if concrete_args is not None and name in concrete_args:

            def leaf_value(value: Any) -> Any:
                if isinstance(value, PHBase):
                    if value is not PH:  # it says something of itself, which is handed on
                        made = self.create_proxy("placeholder", f"{name}_{count[0]}", (), {})
                        _transfer_attrs(fr=value, to=made.node)
                        return made
                    count[0] += 1
                    return self.create_proxy("placeholder", f"{name}_{count[0]}", (), {})
                count[0] += 1
                default = signature.parameters[name].default if name in signature.parameters else inspect._empty
                args = () if default is inspect._empty else (default,)
                made = self.create_proxy("placeholder", f"{name}_{count[0]}", args, {})
                if isinstance(value, (bool, int, float)) and not isinstance(value, Tensor):
                    message = f"{name} has been specialized to have value {value} but got another value"
                    check: Any = vars(_root)["_assert"] if "_assert" in vars(_root) else getattr(_root, "_assert")  # noqa: B009
                    check = getattr(check, "_records", check)
                    self.create_proxy("call_function", check, (made == value, message), {})
                elif value is None:
                    message = f"{name} has been specialized to have value None but got another value"
                    self.create_proxy("call_function", _assert_is_none, (made, message), {})
                else:
                    import warnings

                    warnings.warn(
                        f"Was not able to add assertion to guarantee correct input {name} to specialized function. It "
                        "is up to the user to make sure that your inputs match the inputs you specialized the function "
                        "with.",
                        stacklevel=2,
                    )
                return value

            count[0] = 0
            return tree_map(leaf_value, concrete_args[name], is_leaf=lambda value: value is None)
        default: tuple = ()
        if name[0] != "*":
            parameter = signature.parameters[name]
            default = () if parameter.default is inspect.Parameter.empty else (parameter.default,)
        return self.create_proxy("placeholder", name, default, {}, type_expr=_annotations(function).get(name))

    @compatibility(is_backward_compatible=True)
    def trace(self, root: Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None) -> Graph:
        """The Graph of what a Module or function does.

        concrete_args: values of arguments that are not to be inputs, so that a program may branch on them; containers
        in which `PH` marks the inputs.
        """
        global _is_fx_tracing_flag
        before, _is_fx_tracing_flag = _is_fx_tracing_flag, True
        try:
            return self._trace(root, concrete_args)
        finally:
            _is_fx_tracing_flag = before
            self.submodule_paths = None

    def _trace(self, root: Module | Callable[..., Any], concrete_args: dict[str, Any] | None) -> Graph:
        if isinstance(root, Module):
            self.root: Module = root
            if not hasattr(type(root), self.traced_func_name):
                raise AssertionError(f"traced_func_name={self.traced_func_name} doesn't exist in {type(root).__name__}")
            fn = getattr(type(root), self.traced_func_name)
            self.root_module_name = root._get_name()
            self.submodule_paths = {module: name for name, module in root.named_modules()}
        else:
            self.root = Module()
            fn = root
            self.submodule_paths = None
        self.graph = Graph(tracer_cls=type(self) if "<locals>" not in type(self).__qualname__ else None)
        # What may become a constant: Tensors and objects that are attributes of a Module.
        self.tensor_attrs: Any = _ByIdentity()
        self._collect_tensor_attributes(self.root, [])
        if not isinstance(fn, FunctionType):
            fn = getattr(fn, "__func__", fn)
        if not isinstance(fn, FunctionType):
            raise AssertionError(f"Expected FunctionType, got {type(fn)}")
        globals_of_function = fn.__globals__
        code = fn.__code__
        self.graph._co_fields = {
            "co_name": code.co_name,
            "co_filename": code.co_filename,
            "co_firstlineno": code.co_firstlineno,
        }
        with _new_patcher() as patcher:
            fn, args = self.create_args_for_root(fn, isinstance(root, Module), concrete_args)
            cache: dict[str, Proxy] = {}
            self._patch_modules(patcher, cache)
            patch_torch(patcher)
            _patch_wrapped_functions(patcher)
            self._look_through(patcher, globals_of_function)
            for module in self._autowrap_search:
                _autowrap_check(patcher, module.__dict__, self._autowrap_function_ids)
            result = fn(*args)
            returned = _annotations(fn).get("return")
            self.create_node("output", "output", (self.create_arg(result),), {}, type_expr=returned)
        return self.graph

    def _collect_tensor_attributes(self, module: Module, prefix: list[str]) -> None:
        for name, value in module.__dict__.items():
            if isinstance(value, Tensor):
                self.tensor_attrs[value] = ".".join([*prefix, name])
        for name, child in module.named_children():
            self._collect_tensor_attributes(child, [*prefix, name])

    def _look_through(self, patcher: _Patcher, names: dict[str, Any]) -> None:
        """Exchange the functions that are to be recorded in one module's globals."""
        if not names.get("__name__", "").startswith((f"{_root.__name__}.fx",)) and patcher.visit_once(names):
            patcher.visited.discard(id(names))
            _autowrap_check(patcher, names, self._autowrap_function_ids)
            patch_imported(patcher, names)

    def _patch_modules(self, patcher: _Patcher, cache: dict[str, Proxy]) -> None:
        """Let Modules ask this Tracer when they are called and when their attributes are taken."""
        original_call, original_getattr = Module.__call__, Module.__getattr__
        tracer = self

        @functools.wraps(original_getattr)
        def module_getattr(mod: Module, attr: str) -> Any:
            return tracer.getattr(attr, original_getattr(mod, attr), cast(Any, cache))

        @functools.wraps(original_call)
        def module_call(mod: Module, *args: Any, **kwargs: Any) -> Any:
            def forward(*args: Any, **kwargs: Any) -> Any:
                return original_call(mod, *args, **kwargs)

            tracer._look_through(patcher, getattr(getattr(mod, "forward", mod), "__globals__", {}))
            return tracer.call_module(mod, forward, args, kwargs)

        patcher.patch_method(Module, "__getattr__", module_getattr, deduplicate=False)
        patcher.patch_method(Module, "__call__", module_call, deduplicate=False)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tracer:
        made = Tracer.__new__(type(self))
        for name, value in self.__dict__.items():
            # Python modules cannot be copied.
            copied = copy.copy(value) if name == "_autowrap_search" else copy.deepcopy(value, memo)
            setattr(made, name, copied)
        return made


MAKERS["tracer"] = Tracer


def _annotations(function: Any) -> dict[str, Any]:
    """The annotations of a function; of mibun's own, which say more than PyTorch's, those of Tensors."""
    written = getattr(function, "__annotations__", {})
    if str(function.__module__).split(".")[0] not in ROOT_NAMES:
        return written
    found = {}
    for name, value in written.items():
        try:
            found[name] = eval(value, function.__globals__) if isinstance(value, str) else value
        except (NameError, AttributeError, TypeError):  # what only type checkers import
            continue
    return {name: value for name, value in found.items() if value in (Tensor, Tensor | None)}


def _parameter_proxy(tracer: TracerBase, name: str, parameter: Parameter, node: Any) -> ParameterProxy:
    return ParameterProxy(tracer, node, name, parameter)


class _ByIdentity:
    """object -> name, by identity: Tensors compare elementwise, and other objects may have no hash."""

    def __init__(self) -> None:
        self._names: dict[int, tuple[Any, str]] = {}

    def __setitem__(self, key: Any, value: str) -> None:
        self._names[id(key)] = (key, value)

    def get(self, key: Any) -> str | None:
        found = self._names.get(id(key))
        return None if found is None else found[1]


# (id of a module's globals, name) -> these globals: functions whose calls `wrap` wants recorded.
_wrapped_fns_to_patch: dict[tuple[int, str], dict] = {}
_wrapped_methods_to_patch: list[tuple[type, str]] = []


def _patch_wrapped_functions(patcher: _Patcher) -> None:
    for (_, name), names in list(_wrapped_fns_to_patch.items()):
        if name not in names and hasattr(builtins, name):
            original = getattr(builtins, name)
        elif name in names:
            original = names[name]
        else:
            continue
        patcher.patch(names, name, _create_wrapped_func(original))
    for cls, name in _wrapped_methods_to_patch:
        patcher.patch_method(cls, name, _create_wrapped_method(cls, name))


def _autowrap_check(patcher: _Patcher, frame_dict: dict[str, Any], function_ids: set[int]) -> None:
    """Exchange the functions with these ids in a dict of globals, the first time it is met."""
    if patcher.visit_once(frame_dict):
        for name, value in list(frame_dict.items()):
            if not name.startswith("_") and callable(value) and id(value) in function_ids:
                patcher.patch(frame_dict, name, _create_wrapped_func(value))


@compatibility(is_backward_compatible=True)
def wrap(fn_or_name: str | Callable[..., Any]) -> str | Callable[..., Any]:
    """Let a function of this Python module be recorded as one step where it is called with a traced value.

    fn_or_name: a function, as a decorator has it, or its name; builtins (`len`) as well. It must be called at the top
    of a module (NotImplementedError). RuntimeError for anything else. Returns its argument.

    >>> from mibun import fx
    >>> source = '''
    ... from mibun import fx
    ... fx.wrap("len")
    ... def f(x):
    ...     return len(x)
    ... '''
    >>> scope = {}
    >>> exec(source, scope)
    >>> [node.name for node in fx.symbolic_trace(scope["f"]).graph.nodes]
    ['x', 'len_1', 'output']
    """
    if not callable(fn_or_name) and not isinstance(fn_or_name, str):
        raise RuntimeError("Unsupported type for global function! Must be either a callable or string name")
    if callable(fn_or_name):
        if isinstance(fn_or_name, str):
            raise AssertionError("fn_or_name should not be a string")
        name = fn_or_name.__code__.co_name  # type: ignore[attr-defined]
    else:
        name = fn_or_name
    frame = sys._getframe(1)
    if frame.f_code.co_name != "<module>":
        raise NotImplementedError("wrap must be called at the top level of a module")
    _wrapped_fns_to_patch[(id(frame.f_globals), name)] = frame.f_globals
    return fn_or_name


@compatibility(is_backward_compatible=True)
def symbolic_trace(root: Module | Callable[..., Any], concrete_args: dict[str, Any] | None = None) -> GraphModule:
    """A GraphModule that does what a Module or function does, recorded by running it once with Proxies.

    concrete_args: values of arguments that are fixed, see `Tracer.trace`. TraceError where the program decides by a
    value what it does.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> traced = fx.symbolic_trace(lambda x: torch.relu(x) + 1)
    >>> print(traced.code.strip())
    def forward(self, x):
        relu = torch.relu(x);  x = None
        add = relu + 1;  relu = None
        return add
    >>> traced(torch.tensor([-1., 1.]))
    tensor([1., 2.])
    """
    tracer = Tracer()
    graph = tracer.trace(root, concrete_args)
    name = root.__class__.__name__ if isinstance(root, Module) else root.__name__  # type: ignore[union-attr]
    return _make_graph_module(tracer.root, graph, name)


@compatibility(is_backward_compatible=False)
def _assert_is_none(value: Any, msg: str) -> None:
    """Raises AssertionError with the message unless the value is None."""
    if value is not None:
        raise AssertionError(msg)


__all__ = [
    "PH",
    "PHBase",
    "PHWithMeta",
    "ProxyableClassMeta",
    "Tracer",
    "_find_proxy",
    "_maybe_revert_all_patches",
    "base_types",
    "is_fx_symbolic_tracing",
    "is_fx_tracing",
    "symbolic_trace",
    "wrap",
]
