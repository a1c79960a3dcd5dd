"""Functions as graphs of PyTorch's operators, for backends that are functions: `torch.compile(backend=my_compiler)`.

Such a backend is given a `torch.fx.GraphModule` and example inputs, and returns what runs in its place. The graph is
noted while a call runs as it is, by a `TorchFunctionMode`: the functions and methods of tensors that are called, by
their public names. The tensors from outside are its placeholders. What it depends on besides is tested before each
call, by the same tests as before any other program.
"""

from __future__ import annotations

import dis
import operator
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from types import FunctionType
from typing import Any

from .. import _C
from ..core.device import device
from ..core.dtypes import dtype
from ..core.dtypes.layouts import layout, memory_format
from ..core.mode import MODE
from ..core.site import INTERNAL, creation_site
from ..core.size import Size
from ..core.tensor import Tensor
from ..fx import Graph, GraphModule
from ..fx.node import Node
from ..overrides import TorchFunctionMode
from .errors import BackendCompilerFailed
from .observing import _KINDS, USER, Observer, _imports, line_within
from .program import CannotCompile, Program
from .recording import Recorder
from .results import tensors_in
from .world import World

# Python's operators, as instructions write them.
_SIGNS: dict[str, Callable] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
    "**=": operator.ipow,
    "@=": operator.imatmul,
    "&=": operator.iand,
    "|=": operator.ior,
    "^=": operator.ixor,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}
_PREFIXES = {"UNARY_NEGATIVE": operator.neg, "UNARY_POSITIVE": operator.pos, "UNARY_INVERT": operator.inv}
# What tells of a tensor without reading its values, by results that are no tensors.
_TELLING = frozenset(
    """
    shape size stride dim ndim ndimension numel nelement dtype device layout requires_grad is_leaf is_floating_point
    is_complex is_contiguous element_size itemsize nbytes names storage_offset output_nr is_inference is_signed is_cuda
    is_sparse is_quantized is_meta type get_device data_ptr __len__ __hash__ __class__ _version is_conj is_neg
    is_nested is_same_size has_names retains_grad broadcast_shapes result_type promote_types can_cast is_tensor
    get_default_dtype finfo iinfo is_pinned is_shared __dlpack_device__ T_shape grad_fn grad
    """.split()
)
_SIMPLE = (bool, int, float, complex, str, bytes, type(None), dtype, device, layout, memory_format, type(...))
_NOT_RECORDED = frozenset(("backward", "register_hook", "retain_grad", "register_post_accumulate_grad_hook"))


@cache
def _properties() -> dict[int, str]:
    """id of a property of tensors -> its name."""
    return {id(one): name for name, one in vars(Tensor).items() if isinstance(one, property)}


class Capture(TorchFunctionMode):
    """Notes a graph. `failure` is why it cannot be had, `line` the line of the function that is to blame."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.graph = Graph()
        self.failure: tuple[str, Any] | None = None
        self.line: int | None = None
        self.nodes: dict[int, Node] = {}  # id of a tensor -> its node
        self.kept: list[Any] = []
        self.elements: list[Node] = []  # parts of results that are tuples
        self.inputs: list[Any] = []
        self.set_at: set[tuple[Any, int]] = set()  # where elements of tensors are set
        self.mode = self.mode_now = MODE.get()
        self.recorder = Recorder()  # (never started: it has the tensors from outside)

    def fail(self, reason: str) -> None:
        """Note that there is no graph of this call; it goes on."""
        if self.failure is None:
            self.failure = reason, creation_site()
            self.line = line_within(self.root, sys._getframe(1))

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        prop = getattr(func, "__self__", None)
        if name in ("__get__", "__set__") and isinstance(prop, property):
            name += _properties().get(id(prop), "")
        if self.failure is not None:
            return func(*args, **kwargs)
        if name in _NOT_RECORDED or getattr(func, "__module__", "").endswith((".gradients", ".autograd")):
            self.fail(f"{name}() is called")
            return func(*args, **kwargs)
        if name.startswith("__set__"):
            self.fail("an attribute of a tensor is set")
            return func(*args, **kwargs)
        if name == "__setitem__":
            self.note_place()
        self.switch_mode()
        try:  # (before the call: it may change them)
            given = [self.argument(one) for one in args], {key: self.argument(one) for key, one in kwargs.items()}
        except TypeError as error:
            given = None
            reason = str(error)
        result = func(*args, **kwargs)
        found = tensors_in(result, [])
        if not found and name != "__setitem__":
            told = name.removeprefix("__get__")
            if told not in _TELLING:
                self.fail(f"the values of a tensor are read: {told}()")
            return result
        if given is None:
            self.fail(reason)
            return result
        node = self.node(func, name, tuple(given[0]), given[1])
        self.results(result, node)
        return result

    def node(self, func: Any, name: str, args: tuple, kwargs: dict[str, Any]) -> Node:
        """The node of a call: of a method by its name, of an infix operator by Python's."""
        if name.startswith("__get__"):
            return self.graph.call_function(getattr, (args[0], name.removeprefix("__get__")))
        if getattr(Tensor, name, None) is func:
            infix = infix_at(creation_site())
            if name == "__getitem__":
                infix = operator.getitem
            elif name == "__setitem__":
                infix = operator.setitem
            if infix is None or kwargs:
                return self.graph.call_method(name, args, kwargs)
            if name.startswith("__r") and len(args) == 2:  # reflected
                args = args[::-1]
            return self.graph.call_function(infix, args)
        return self.graph.call_function(func, args, kwargs)

    def results(self, result: Any, node: Node) -> None:
        """Note which tensors a node gives."""
        if isinstance(result, Tensor):
            self.nodes[id(result)] = node
            self.kept.append(result)
        elif isinstance(result, (tuple, list)):
            for i, one in enumerate(result):
                if tensors_in(one, []):
                    part = self.graph.call_function(operator.getitem, (node, i))
                    self.elements.append(part)
                    self.results(one, part)
        elif isinstance(result, dict):
            self.fail("a dict of tensors is computed")

    def switch_mode(self) -> None:
        """Switch grad mode in the graph, too, if it has been switched."""
        mode = MODE.get()
        if mode is self.mode_now:
            return
        if mode.inference != self.mode.inference or mode.transforms or mode.saved_hooks or mode.anomaly:
            self.fail("a mode is switched that no graph can switch")
        if mode.grad_enabled != self.mode_now.grad_enabled:
            self.graph.call_function(_C._set_grad_enabled, (mode.grad_enabled,))
        self.mode_now = mode

    def note_place(self) -> None:
        """Note the instruction by which the user's code sets elements."""
        site = creation_site()
        if site is not None:
            self.set_at.add(site)

    def argument(self, value: Any) -> Any:
        """An argument, with nodes in the places of tensors. TypeError for what a graph cannot have."""
        kind = type(value)
        if issubclass(kind, Tensor):
            return self.node_of(value)
        if kind is Size or kind is tuple or kind is list:
            parts = [self.argument(one) for one in value]
            return parts if kind is list else tuple(parts)
        if kind is dict:
            return {key: self.argument(one) for key, one in value.items()}
        if kind is slice:
            return slice(self.argument(value.start), self.argument(value.stop), self.argument(value.step))
        if isinstance(value, _SIMPLE):
            return value
        raise TypeError(f"an object of class {kind.__name__} is given to a function of tensors")

    def node_of(self, tensor: Any) -> Node:
        """The node of a tensor: a placeholder, if it comes from outside."""
        node = self.nodes.get(id(tensor))
        if node is None:
            if type(tensor) is not Tensor and type(tensor).__name__ not in ("Parameter", "Buffer"):
                raise TypeError("a subclass of Tensor is used")
            first = next((one for one in self.graph.nodes if one.op != "placeholder"), None)
            with nullcontext() if first is None else self.graph.inserting_before(first):
                node = self.graph.placeholder(f"input_{len(self.inputs)}")
            self.inputs.append(tensor)
            self.nodes[id(tensor)] = node
            self.recorder.note(tensor, tensor._array_)
        return node


def infix_at(site: Any) -> Callable | None:
    """The operator of Python's that an instruction of the user's applies, if it does."""
    if site is None:
        return None
    for instruction in _instructions(site[0]):
        if instruction.offset == site[1]:
            if instruction.opname in _PREFIXES:
                return _PREFIXES[instruction.opname]
            if instruction.opname in ("BINARY_OP", "COMPARE_OP"):
                return _SIGNS.get(instruction.argrepr)
            return None
    return None


@cache
def _instructions(code: Any) -> list[dis.Instruction]:
    return list(dis.get_instructions(code))


class GraphObserver(Observer):
    """Sees what Python does beside the graph. What sets attributes or elements of anything else is a reason, too."""

    def __init__(self, capture: Capture, root: Any) -> None:
        super().__init__(None, root)
        self.capture = capture

    def refuse(self, reason: str, frame: Any, line: int | None = None) -> None:
        if reason not in ("a subclass of Tensor is used", "functions are traced"):  # as the graph itself is
            super().refuse(reason, frame, line)

    def event(self, frame: Any, event: str, arg: Any) -> None:
        code = frame.f_code
        if event == "call" and _KINDS[code][0] == USER and code not in self.codes and _imports(frame):
            return  # what is loaded on the way is no part of the function
        if event == "call" and code.co_name == "apply" and code.co_filename.endswith(_FUNCTIONS):
            self.refuse("a torch.autograd.Function is applied", frame)
        super().event(frame, event, arg)

    def check_stores(self) -> None:
        """Refuse code that has changed something which is no tensor."""
        for code in self.codes:
            if _KINDS[code][0] != USER:
                continue
            for instruction in dis.get_instructions(code):
                name = instruction.opname
                if name in ("STORE_ATTR", "DELETE_ATTR", "DELETE_SUBSCR") or (
                    name == "STORE_SUBSCR" and (code, instruction.offset) not in self.capture.set_at
                ):
                    if self.problem is None:
                        place = instruction.positions
                        self.line = place.lineno if code is self.root and place is not None else None
                        what = "an attribute" if name.endswith("ATTR") else "an element of something"
                        self.problem = f"{what} is set", (code, instruction.offset)


_FUNCTIONS = ("autograd/function.py", "autograd\\function.py")


class GraphProgram:
    """What a backend has made of a graph, with the test that it may run. Attributes as a `Program`'s."""

    undoable = False
    rival: Any = None
    backend = "graph"

    def __init__(self, module: Any, run: Callable, inputs: Program, rebuild: Callable, mode_changes: bool) -> None:
        self.module, self.called, self.inputs, self.rebuild = module, run, inputs, rebuild
        self.check, self.check_source = inputs.check, inputs.check_source
        self.source = module.code
        self.n_steps = len([node for node in module.graph.nodes if node.op.startswith("call")])
        self.natives = 1  # (what it raises is what the function raises)
        self.mode_changes = mode_changes

    def run(self, tensors: list) -> Any:
        """Call it."""
        inputs = self.inputs.run(tensors)
        if not self.mode_changes:
            return self.rebuild(inputs, self.called(*inputs))
        mode = MODE.get()
        try:
            return self.rebuild(inputs, self.called(*inputs))
        finally:
            MODE.set(mode)


def capture(function: Callable, args: tuple, kwargs: dict, root: Any) -> tuple[Any, Capture, GraphObserver]:
    """Call a function and note its graph."""
    noted = Capture(root)
    observer = GraphObserver(noted, root)
    with observer, noted:
        result = function(*args, **kwargs)
    return result, noted, observer


def graph_program(
    result: Any,
    noted: Capture,
    observer: GraphObserver,
    tensors: list,
    roots: list,
    name: str,
    backend: Callable,
    options: dict[str, Any],
) -> GraphProgram:
    """The program of a graph that was noted. CannotCompile, if there is none; BackendCompilerFailed."""
    outputs: list[Any] = []

    def outline(value: Any) -> Callable[[Any, Any], Any]:
        """What makes a result of the inputs and outputs of the graph."""
        kind = type(value)
        if issubclass(kind, Tensor):
            for i, one in enumerate(noted.inputs):
                if one is value:
                    return lambda inputs, outs: inputs[i]
            if any([one is value for one in tensors]):  # an argument that nothing is done with
                noted.node_of(value)
                return outline(value)
            if id(value) not in noted.nodes:
                raise CannotCompile("a tensor is returned that the graph does not have")
            place = next((i for i, one in enumerate(outputs) if one is value), len(outputs))
            if place == len(outputs):
                outputs.append(value)
            return lambda inputs, outs: outs[place]
        if kind in (tuple, list):
            parts = [outline(one) for one in value]
            return lambda inputs, outs: kind([part(inputs, outs) for part in parts])
        if issubclass(kind, tuple) and kind is not Size and tensors_in(value, []):
            parts, make = [outline(one) for one in value], getattr(kind, "_make", kind)
            return lambda inputs, outs: make([part(inputs, outs) for part in parts])
        if kind is dict:
            pairs = {key: outline(one) for key, one in value.items()}
            return lambda inputs, outs: {key: part(inputs, outs) for key, part in pairs.items()}
        if isinstance(value, (*_SIMPLE, Size)):
            return lambda inputs, outs: value
        raise CannotCompile(f"an object of class {kind.__name__} is returned")

    rebuild = outline(result)
    if noted.mode_now.grad_enabled != noted.mode.grad_enabled:
        noted.graph.call_function(_C._set_grad_enabled, (noted.mode.grad_enabled,))
    noted.graph.output(tuple([noted.nodes[id(one)] for one in outputs]))
    for node in reversed(noted.elements):
        if not node.users:
            noted.graph.erase_node(node)
    world = World(observer, observer, roots)
    noted.recorder.places = world.tensor_places()
    inputs = Program(noted.recorder, tensors, world, tuple(noted.inputs), name, check_grads=False)
    located = inputs.located
    for tensor in noted.inputs:
        if id(tensor) not in located:
            raise CannotCompile("a tensor is made in a way that no graph has")
    name_placeholders(noted, inputs, roots)
    module = GraphModule({}, noted.graph)
    module.recompile()
    try:
        made = backend(module, list(noted.inputs), **options)
        if not callable(made):
            raise AssertionError("compiler_fn did not return callable")
    except Exception as error:
        raise BackendCompilerFailed(backend, error) from error
    switches = any([node.target is _C._set_grad_enabled for node in noted.graph.nodes])
    return GraphProgram(module, made, inputs, rebuild, switches)


def name_placeholders(noted: Capture, inputs: Program, roots: list) -> None:
    """Name the inputs of a graph by the variables or attributes that they are."""
    names = [] if noted.root is None else noted.root.co_varnames[: noted.root.co_argcount]
    parameters = names if isinstance(roots[0], FunctionType) else names[1:]
    words = {id(one): word for word, one in zip(parameters, roots[1:], strict=False) if isinstance(one, Tensor)}
    used: set[str] = set()
    placeholders = [node for node in noted.graph.nodes if node.op == "placeholder"]
    for node, tensor in zip(placeholders, noted.inputs, strict=True):
        word = re.sub(r"\W", "_", words.get(id(tensor)) or inputs.located[id(tensor)])
        name = f"L_{word}_"
        while name in used:
            name += "1"
        used.add(name)
        node.target = name
        node._rename(name.lower())


__all__ = ["INTERNAL", "Capture", "GraphProgram", "capture", "graph_program"]
