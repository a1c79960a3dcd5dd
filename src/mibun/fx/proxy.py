"""Proxy: what stands for a value while a function is traced. What is done with it becomes a Node.

A Proxy has all of Python's operators, takes any attribute for granted, and answers `__torch_function__`, by which
functions of `torch` record themselves.
"""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import dis
import enum
import inspect
import operator
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

import mibun as _root

from ..core.registry import METHODS
from ..core.size import Size
from ..core.tensor import Tensor
from ..dispatch.torch_function import ARRANGED
from . import traceback as fx_traceback
from ._compatibility import compatibility
from .code_generation import magic_methods, reflectable_magic_methods
from .functions import RESAMPLING, as_told, method_called_by
from .graph import Graph
from .naming import is_from_torch, qualified_name, snake_case
from .node import Argument, Node, Target, base_types, map_aggregate

__all__ = [
    "TracerBase",
    "GraphAppendingTracer",
    "TraceError",
    "Proxy",
    "MetaProxy",
    "Attribute",
    "ParameterProxy",
    "Scope",
    "ScopeContextManager",
]


_HERE = os.path.dirname(os.path.abspath(__file__))
_OWN = os.path.dirname(_HERE) + os.sep
_TRACE_FILE = os.path.join(_HERE, "_symbolic_trace.py")


class TraceError(ValueError):
    """A program does something with a Proxy that needs a value: branches on it, iterates over it."""


class Scope:
    """Where tracing is: the dotted name of the Module whose `forward` runs, and its type."""

    def __init__(self, module_path: str, module_type: Any) -> None:
        self.module_path = module_path
        self.module_type = module_type


class ScopeContextManager:
    """Context in which a Scope has the values of another one."""

    def __init__(self, scope: Scope, current_scope: Scope) -> None:
        self._before = copy.copy(scope)
        scope.module_path = current_scope.module_path
        scope.module_type = current_scope.module_type
        self._scope = scope

    def __enter__(self) -> Scope:
        return self._scope

    def __exit__(self, *error: object) -> None:
        self._scope.module_path = self._before.module_path
        self._scope.module_type = self._before.module_type


_COPY_META_FIELDS = ["nn_module_stack", "torch_fn", "source_fn_stack", "original_aten", "recompute", "custom"]


@compatibility(is_backward_compatible=True)
class TracerBase:
    """What Tracers share: making Nodes and Proxies for them. Subclasses may override each method.

    record_stack_traces: each Node keeps the Python stack at which it was made. trace_asserts: an `assert` on a Proxy is
    recorded instead of being an error. proxy_buffer_attributes: buffers become Nodes even where they are not used.
    """

    graph: Graph
    scope: Scope
    module_stack: collections.OrderedDict[str, tuple[str, Any]]
    node_name_to_scope: dict[str, tuple[str, type]]
    record_stack_traces: bool = False
    _record_forward_stack_traces_only: bool = False
    check_mutable_operations: bool = False
    trace_asserts: bool = False
    proxy_buffer_attributes: bool = False
    traced_func_name: str = "forward"

    def create_node(
        self,
        kind: str,
        target: Target,
        args: tuple[Argument, ...],
        kwargs: dict[str, Argument],
        name: str | None = None,
        type_expr: Any | None = None,
    ) -> Node:
        """Add a Node to the graph and note on it what is known of where it comes from."""
        if kind == "call_function" and self.check_mutable_operations:
            from .operator_schemas import check_for_mutable_operation

            check_for_mutable_operation(target, args, kwargs)  # type: ignore[arg-type]
        node = self.graph.create_node(kind, target, args, kwargs, name, type_expr)
        self.node_name_to_scope[node.name] = (self.scope.module_path, self.scope.module_type)
        if fx_traceback.has_preserved_node_meta():
            current = fx_traceback.get_current_meta()
            if current.get("stack_trace"):
                node.stack_trace = current["stack_trace"]
            node.meta.update({key: copy.copy(current[key]) for key in _COPY_META_FIELDS if key in current})
        elif self.module_stack:
            node.meta["nn_module_stack"] = copy.copy(self.module_stack)
        if self.record_stack_traces and not node.stack_trace:
            stack = traceback.StackSummary.extract(traceback.walk_stack(sys._getframe()))
            stack.reverse()
            summary = self._filter_traceback_frames(stack)
            if summary:
                node.stack_trace = "".join(summary.format()).strip()
        return node

    def _filter_traceback_frames(self, user_stack_summary: traceback.StackSummary) -> traceback.StackSummary:
        """The frames of a stack that are of interest: those of the traced program, the outermost first."""
        frames = list(user_stack_summary)
        began = [
            index for index, frame in enumerate(frames) if frame.filename == _TRACE_FILE and frame.name == "_trace"
        ]
        inside = frames[began[-1] + 1 :] if began else frames
        return traceback.StackSummary.from_list([frame for frame in inside if not frame.filename.startswith(_OWN)])

    def proxy(self, node: Node) -> Proxy:
        """A Proxy for a Node."""
        return Proxy(node, self)

    def create_proxy(
        self,
        kind: str,
        target: Target,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        name: str | None = None,
        type_expr: Any | None = None,
        proxy_factory_fn: Callable[[Node], Proxy] | None = None,
    ) -> Proxy:
        """Add a Node whose arguments may contain Proxies, and return a Proxy for it."""
        args_ = self.create_arg(args)
        kwargs_ = self.create_arg(kwargs)
        if not isinstance(args_, tuple):
            raise AssertionError(f"args_ must be a tuple, got {type(args_)}")
        if not isinstance(kwargs_, dict):
            raise AssertionError(f"kwargs_ must be a dict, got {type(kwargs_)}")
        node = self.create_node(kind, target, args_, dict(kwargs_), name, type_expr)
        return self.proxy(node) if proxy_factory_fn is None else proxy_factory_fn(node)

    def _find_user_frame(self) -> FrameType | None:
        """The innermost frame that is not of this package."""
        frame = inspect.currentframe()
        own = __name__.rpartition(".")[0]
        while frame is not None and str(frame.f_globals.get("__name__", "")).startswith(own):
            frame = frame.f_back
        return frame

    @compatibility(is_backward_compatible=True)
    def create_arg(self, a: Any) -> Argument:
        """An argument as a Node keeps it: Nodes for Proxies, and what can be written in code for the rest.

        NotImplementedError for a value that cannot be. Override it for types of your own.
        """
        if isinstance(a, Proxy):
            return a.node
        if hasattr(a, "__fx_create_arg__"):
            return a.__fx_create_arg__(self)
        if isinstance(a, tuple):
            parts = [self.create_arg(part) for part in a]
            if hasattr(a, "_fields"):
                return type(a)(*parts)
            return tuple(parts)
        if isinstance(a, list):
            return [self.create_arg(part) for part in a]
        if isinstance(a, dict):
            return {_key(key): self.create_arg(value) for key, value in a.items()}
        if isinstance(a, slice):
            return slice(self.create_arg(a.start), self.create_arg(a.stop), self.create_arg(a.step))
        if isinstance(a, range):
            return range(self.create_arg(a.start), self.create_arg(a.stop), self.create_arg(a.step))
        if hasattr(a, "overloadpacket"):
            return a
        if dataclasses.is_dataclass(a) and not isinstance(a, type):
            fields = {one.name: self.create_arg(getattr(a, one.name)) for one in dataclasses.fields(a)}
            return self.create_node("call_function", a.__class__, (), fields)
        if isinstance(a, (*base_types, enum.Enum)) or a is None or a is ...:
            return a
        raise NotImplementedError(f"argument of type: {type(a)}")

    @compatibility(is_backward_compatible=True)
    def to_bool(self, obj: Proxy) -> bool:
        """Called where a Proxy decides which way a program goes. TraceError, unless a subclass knows better."""
        raise TraceError("symbolically traced variables cannot be used as inputs to control flow")

    @compatibility(is_backward_compatible=True)
    def iter(self, obj: Proxy) -> Iterator:
        """Called where a Proxy is iterated over. TraceError, unless a subclass knows better."""
        raise TraceError(
            "Proxy object cannot be iterated. This can be attempted when the Proxy is used in a loop or as a *args or "
            "**kwargs function argument. See the torch.fx docs on pytorch.org for a more detailed explanation of what "
            "types of control flow can be traced, and check out the Proxy docstring for help troubleshooting Proxy "
            "iteration errors"
        )

    @compatibility(is_backward_compatible=True)
    def keys(self, obj: Proxy) -> Any:
        """Called where `keys()` of a Proxy is called, also by `**proxy`. What it returns is iterated over."""
        return Attribute(obj, "keys")()


def _key(key: Any) -> Any:
    """A key of a dict in an argument, which must not be or contain a value that is traced (RuntimeError)."""

    def check(leaf: Any) -> Any:
        if isinstance(leaf, (Node, Proxy)):
            raise RuntimeError("Keys for dictionaries used as an argument cannot contain a Node. Got key: " + str(key))
        return leaf

    return map_aggregate(key, check)


@compatibility(is_backward_compatible=True)
class GraphAppendingTracer(TracerBase):
    """The Tracer of Proxies that were made for Nodes of an existing graph: what is done with them is added to it."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self.scope = Scope("", None)
        self.module_stack = collections.OrderedDict()
        self.node_name_to_scope = {}


@compatibility(is_backward_compatible=False)
def assert_fn(x: object) -> None:
    """The assertion that is recorded for an `assert` without a message."""
    if not x:
        raise AssertionError("Assertion failed: expected truthy value")


@compatibility(is_backward_compatible=True)
class Proxy:
    """Stands for the value of a Node while a program runs; what is done with it is recorded.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> graph = fx.Graph()
    >>> x = fx.Proxy(graph.placeholder("x"))
    >>> _ = graph.output((torch.relu(x) + x.sum(dim=0)).node)
    >>> [node.name for node in graph.nodes]
    ['x', 'relu', 'sum_1', 'add', 'output']
    """

    if TYPE_CHECKING:  # all of Python's operators, see `_define_operators`

        def __getitem__(self, index: Any) -> Proxy: ...

    def __init__(self, node: Node, tracer: TracerBase | None = None) -> None:
        self.tracer = GraphAppendingTracer(node.graph) if tracer is None else tracer
        self.node = node

    def __repr__(self) -> str:
        return f"Proxy({self.node.name})"

    def __getattr__(self, k: str) -> Attribute:
        return Attribute(self, k)

    def __getstate__(self) -> dict:
        return self.__dict__

    def __setstate__(self, state: dict) -> None:
        self.__dict__ = state

    def __deepcopy__(self, memo: dict) -> Proxy:
        # Not by `__getattr__`, which would record a call of this method.
        made = object.__new__(type(self))
        made.__dict__.update({key: copy.deepcopy(value, memo) for key, value in self.__dict__.items()})
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Proxy:
        return self.tracer.create_proxy("call_method", "__call__", (self, *args), kwargs)

    def __iter__(self) -> Iterator:
        count = _unpacked_into(sys._getframe(1))
        if count is not None:  # `a, b = proxy`: as many as the program wants
            return (self[i] for i in range(count))
        return self.tracer.iter(self)

    def __abs__(self) -> Proxy:
        return self.tracer.create_proxy("call_function", operator.abs, (self,), {})

    def __bool__(self) -> bool:
        if self.tracer.trace_asserts and _record_assert(self, sys._getframe(1)):
            return True
        return self.tracer.to_bool(self)

    def keys(self) -> Any:
        """What the Tracer says of the keys."""
        return self.tracer.keys(self)

    def __len__(self) -> int:
        raise RuntimeError(
            "'len' is not supported in symbolic tracing by default. If you want this call to be recorded, please call "
            "torch.fx.wrap('len') at module scope"
        )

    @classmethod
    def __torch_function__(
        cls, orig_method: Callable, types: Any, args: tuple | None = None, kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Records a call of a function of `torch`. RuntimeError where Proxies of different Tracers meet."""
        args, kwargs = args or (), kwargs or {}
        tracers: dict[TracerBase, None] = {}
        map_aggregate((args, kwargs), lambda leaf: tracers.setdefault(leaf.tracer) if isinstance(leaf, cls) else leaf)
        if len(tracers) > 1:
            raise RuntimeError(
                f"Found multiple different tracers {list(tracers)} while trying to trace operations {orig_method}"
            )
        (tracer,) = tracers
        if _is_method(orig_method, args):
            return tracer.create_proxy("call_method", orig_method.__name__, args, kwargs)
        return record_function_call(tracer, orig_method, args, kwargs)

    __hash__ = object.__hash__


def record_function_call(
    tracer: TracerBase, function: Callable, args: tuple, kwargs: dict[str, Any], called_as: str | None = None
) -> Any:
    """A Proxy for the call of a function, with the arguments as PyTorch's function tells of them.

    called_as: PyTorch's name for the function, where the object has another one here: `torch.multiply` is `torch.mul`.
    """
    if is_from_torch(function):
        method = method_called_by(called_as or qualified_name(function))
        if method is not None:
            return tracer.create_proxy("call_method", method, args, kwargs)
        resampling = RESAMPLING.get(called_as or qualified_name(function))
        if resampling is not None:
            function, kwargs = _root.nn.functional.interpolate, {**kwargs, **resampling}
            function = getattr(function, "_records", function)
        arranged = ARRANGED.get(function.__name__)
        args, kwargs = as_told(function, args if arranged is None else arranged(args), kwargs, called_as)
        if called_as is None:
            function = _found_at(qualified_name(function)) or function
        if kwargs.get("return_indices") is True and "pool" in function.__name__:
            name = f"{function.__name__.removesuffix('_with_indices')}_with_indices"
            function = getattr(_root.nn.functional, name)
            function = getattr(function, "_records", function)
    if called_as is None:
        return tracer.create_proxy("call_function", function, args, kwargs)
    function = _found_at(called_as) or function
    name = snake_case(called_as.rpartition(".")[2])
    made = tracer.create_proxy("call_function", function, args, kwargs, name=name)
    made.node._called_as = called_as
    return made


def _found_at(path: str) -> Any:
    """The function that a name leads to which begins with `torch`, as it is outside of traces; or None."""
    found: Any = _root
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    return getattr(found, "_records", found)


def _is_method(function: Callable, args: tuple) -> bool:
    """Whether a function that is told of is a method of Tensor, which here may be a public function at the same time.

    It is the method if a Tensor comes first: functions of a Proxy record themselves before they look for a Tensor.
    """
    name = getattr(function, "__name__", "")
    own = METHODS.get(name)
    if own is not function and getattr(own, "_asks", own) is not getattr(function, "_asks", function):
        exchanged = getattr(Tensor, name, None)
        if exchanged is not function:
            return False
    return not args or isinstance(args[0], Tensor) or not getattr(function, "_public_function", True)


def _unpacked_into(frame: FrameType) -> int | None:
    """How many names the statement has that takes a value apart in this frame, if it is one."""
    instruction = _instruction(frame)
    if instruction is not None and instruction.opname == "UNPACK_SEQUENCE":
        return instruction.argval
    return None


def _instruction(frame: FrameType) -> dis.Instruction | None:
    return next((one for one in dis.get_instructions(frame.f_code) if one.offset == frame.f_lasti), None)


def _record_assert(proxy: Proxy, frame: FrameType) -> bool:
    """Record the `assert` that a frame is at, if it is at one: the code then jumps over the error, or raises it."""
    instructions = list(dis.get_instructions(frame.f_code))
    at = next((index for index, one in enumerate(instructions) if one.offset == frame.f_lasti), None)
    if at is None:
        return False
    following = [one for one in instructions[at : at + 4] if one.opname not in ("CACHE", "TO_BOOL", "NOT_TAKEN")]
    jumps = following[0].opname.startswith("POP_JUMP") and "TRUE" in following[0].opname
    if not jumps or len(following) < 2 or following[1].opname not in ("LOAD_ASSERTION_ERROR", "LOAD_COMMON_CONSTANT"):
        return False
    proxy.tracer.create_proxy("call_function", assert_fn, (proxy,), {})
    return True


@compatibility(is_backward_compatible=False)
class MetaProxy(Proxy):
    """A Proxy whose Node knows an example of its value, `meta["val"]`: functions are run on these as well.

    fake_mode: a context in which they run, or None.
    """

    def __init__(self, node: Node, tracer: TracerBase | None = None, fake_mode: Any = None) -> None:
        super().__init__(node, tracer)
        self.fake_mode = fake_mode

    def __repr__(self) -> str:
        return f"MetaProxy({self.node.name})"

    @classmethod
    def __torch_function__(
        cls, orig_method: Callable, types: Any, args: tuple | None = None, kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Records the call, and runs it on the examples. AssertionError where there is no MetaProxy among them."""
        args, kwargs = args or (), kwargs or {}
        found: list[MetaProxy] = []
        map_aggregate((args, kwargs), lambda leaf: found.append(leaf) if isinstance(leaf, MetaProxy) else leaf)
        if not found:
            raise AssertionError("meta_proxy must not be None in MetaProxy.__torch_function__")
        mode = found[0].fake_mode

        def example(leaf: Any) -> Any:
            return leaf.node.meta["val"] if isinstance(leaf, Proxy) else leaf

        with mode if mode is not None else contextlib.nullcontext():
            value = orig_method(*map_aggregate(args, example), **map_aggregate(kwargs, example))
        recorded = super().__torch_function__(orig_method, types, args, kwargs)
        made = MetaProxy(recorded.node, found[0].tracer, mode)
        made.node.meta["val"] = value
        return made


@compatibility(is_backward_compatible=True)
class Attribute(Proxy):
    """`proxy.name`. Called, it is a method call; used otherwise, the attribute, which is then recorded."""

    def __init__(self, root: Proxy, attr: str) -> None:
        self.root = root
        self.attr = attr
        self.tracer = root.tracer
        self._node: Node | None = None

    @property
    def node(self) -> Node:  # type: ignore[override]
        """The Node of the attribute, made when it is first asked for."""
        if self._node is None:
            self._node = self.tracer.create_proxy("call_function", getattr, (self.root, self.attr), {}).node
        return self._node

    def __call__(self, *args: Any, **kwargs: Any) -> Proxy:
        return self.tracer.create_proxy("call_method", self.attr, (self.root, *args), kwargs)


@compatibility(is_backward_compatible=False)
class ParameterProxy(Proxy):
    """A Proxy for a parameter of which shape and size are known while tracing (`param_shapes_constant`)."""

    def __init__(self, tracer: TracerBase, node: Node, name: str, param: Any) -> None:
        super().__init__(node, tracer)
        if not isinstance(param, Tensor):
            raise AssertionError(f"Expected Parameter, got {type(param)}")
        self.param = param
        self.name = name

    def __repr__(self) -> str:
        return f"ParameterProxy({self.name})"

    @property
    def shape(self) -> Size:
        """The parameter's shape."""
        return self.param.shape

    def size(self) -> Size:
        """The parameter's shape."""
        return self.param.size()

    def dim(self) -> int:
        """The number of axes."""
        return self.param.dim()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.param.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self.param.numel()

    def nelement(self) -> int:
        """The number of elements."""
        return self.param.nelement()


def _define_operators() -> None:
    for name in magic_methods:

        def forward(*args: Any, _target: Any = getattr(operator, name, None)) -> Any:  # noqa: B008
            return args[0].tracer.create_proxy("call_function", _target, args, {})

        method = f"__{name.strip('_')}__"
        if hasattr(operator, name):
            forward.__name__ = method
            setattr(Proxy, method, forward)
    for name in reflectable_magic_methods:
        if name in ("getitem", "div"):
            continue

        def reflected(self: Proxy, other: Any, _target: Any = getattr(operator, name)) -> Any:  # noqa: B008
            return self.tracer.create_proxy("call_function", _target, (other, self), {})

        method = f"__r{name.strip('_')}__"
        reflected.__name__ = method
        setattr(Proxy, method, reflected)


_define_operators()
