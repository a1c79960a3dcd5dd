"""What a trace records: the operators of a run, in order, with the values that they take and give.

`TraceRecorder` is a watcher (see `core/watching.py`): inside of it each operator is noted as a node of a `Graph`, which
prints in PyTorch's form. `torch.jit.trace` is in `mibun/jit`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..core.device import device
from ..core.dtypes import dtype
from ..core.mode import MODE
from ..core.site import creation_site, line_of
from ..core.tensor import Tensor
from ..core.watching import Watcher
from ..dispatch.declare import Op
from ..ops.aten import aten_name, event_name


class Value:
    """One value of a graph: its name, as it is printed, and its type.

    Attributes:
        constant: the Python value, of a `prim::Constant` alone.
    """

    def __init__(self, name: str, type_text: str, constant: Any = None) -> None:
        self._name = name
        self._type = type_text
        self.constant = constant

    def debugName(self) -> str:  # noqa: N802  (PyTorch's name)
        """The name, without the %."""
        return self._name

    def type(self) -> str:
        """The type: `Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)`, `int`, ..."""
        return self._type

    def __repr__(self) -> str:
        return f"%{self._name} : {self._type}"


class GraphNode:
    """One step of a graph: an operator (`aten::mul`), a constant or an attribute of the Module (`prim::GetAttr`)."""

    def __init__(self, kind: str, inputs: list[Value], outputs: list[Value], attribute: str = "", at: str = "") -> None:
        self._kind = kind
        self._inputs = inputs
        self._outputs = outputs
        self._attribute = attribute
        self._at = at
        self.random = False

    def kind(self) -> str:
        """What is done: `aten::mul`."""
        return self._kind

    def inputs(self) -> Iterator[Value]:
        """The values that go in."""
        return iter(self._inputs)

    def outputs(self) -> Iterator[Value]:
        """The values that come out."""
        return iter(self._outputs)

    def sourceRange(self) -> str:  # noqa: N802  (PyTorch's name)
        """The file and line of the program."""
        return self._at

    def __repr__(self) -> str:
        outputs = ", ".join(map(repr, self._outputs))
        inputs = ", ".join(f"%{value.debugName()}" for value in self._inputs)
        place = f" # {self._at}" if self._at else ""
        return f"{outputs} = {self._kind}{self._attribute}({inputs}){place}"


class Graph:
    """The operators of one run. It prints as PyTorch's does; nothing is computed from it."""

    def __init__(self) -> None:
        self._inputs: list[Value] = []
        self._nodes: list[GraphNode] = []
        self._outputs: list[Value] = []

    def inputs(self) -> Iterator[Value]:
        """The values that the function is given."""
        return iter(self._inputs)

    def nodes(self) -> Iterator[GraphNode]:
        """The steps, in order."""
        return iter(self._nodes)

    def outputs(self) -> Iterator[Value]:
        """The values that the function returns."""
        return iter(self._outputs)

    def findAllNodes(self, kind: str, recurse: bool = True) -> list[GraphNode]:  # noqa: N802  (PyTorch's name)
        """The nodes of one kind; there are none inside of others, so that `recurse` makes no difference."""
        return [node for node in self._nodes if node.kind() == kind]

    def __repr__(self) -> str:
        inputs = ",\n      ".join(map(repr, self._inputs))
        steps = "".join(f"  {node}\n" for node in self._nodes)
        return f"graph({inputs}):\n{steps}  return ({', '.join(f'%{value.debugName()}' for value in self._outputs)})\n"

    def steps(self) -> list[str]:
        """The operators without shapes, constants and lines: what two runs of one function have in common."""
        return [node.kind() for node in self._nodes if not node.kind().startswith("prim::Constant")]


def _type_of(value: Any) -> str:
    if isinstance(value, Tensor):
        sizes = [str(size) for size in value.shape]
        strides = [f"strides={list(value.stride())}"] if sizes else []
        rest = [*sizes, *strides, f"requires_grad={int(value.requires_grad)}", f"device={value.device}"]
        return f"{value.dtype.scalar_name}({', '.join(rest)})"
    if isinstance(value, (list, tuple)):
        kinds = {"Tensor" if isinstance(one, Tensor) else _type_of(one) for one in value}
        return f"{kinds.pop() if len(kinds) == 1 else 'Any'}[]"
    for kinds, name in _NAMES:
        if isinstance(value, kinds):
            return name
    return type(value).__name__


_NAMES: list[tuple[Any, str]] = [
    (type(None), "NoneType"),
    (builtins.bool, "bool"),
    (builtins.int, "int"),
    (builtins.float, "float"),
    (builtins.complex, "complex"),
    (str, "str"),
    (device, "Device"),
    (dtype, "ScalarType"),
]


def _constant_text(value: Any) -> str:
    if isinstance(value, Tensor):
        return "<Tensor>" if value.ndim else f"{{{value.detach()._array_.item()}}}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Op):
        return f"aten::{aten_name(value)}"
    return str(int(value)) if isinstance(value, builtins.bool) else str(value)


class TraceRecorder(Watcher):
    """Inside, every operator becomes a node of `graph`.

    What is given to `name` beforehand (the function's inputs, a Module's parameters) has that name; other Tensors that
    operators meet, those made without an operator included, are constants.
    """

    def __init__(self) -> None:
        super().__init__()
        self.graph = Graph()
        self._values: dict[int, Value] = {}
        self._alive: list[Any] = []  # so that no number is given to a second object
        self._attributes: dict[int, str] = {}
        self._submodules: dict[str, Value] = {}
        self._names: set[str] = set()
        self._count = 0

    def _new(self, value: Any, name: str | None = None) -> Value:
        if name is None or name in self._names:
            while str(self._count) in self._names:
                self._count += 1
            name = str(self._count) if name is None else f"{name}.{self._count}"
        self._names.add(name)
        made = Value(name, _type_of(value))
        self._know(value, made)
        return made

    def _know(self, value: Any, made: Value) -> None:
        if isinstance(value, Tensor):
            self._values[id(value)] = made
            self._alive.append(value)

    def add_self(self, name: str) -> None:
        """The Module, as the first input."""
        self._submodules[""] = Value("self", f"__torch__.{name}")
        self._names.add("self")
        self.graph._inputs.append(self._submodules[""])

    def add_input(self, name: str, value: Any) -> None:
        """A value that the function is given: a Tensor, or Tensors in lists, tuples and dicts."""
        made = self._new(value, name)
        self.graph._inputs.append(made)
        if not isinstance(value, Tensor):
            parts = list(tensors_in(value))
            node = GraphNode("prim::ListUnpack", [made], [self._new(part) for part in parts])
            self.graph._nodes.append(node)

    def add_attribute(self, path: str, tensor: Tensor) -> None:
        """A Tensor that the Module has under a path such as `block.0.weight`."""
        self._attributes[id(tensor)] = path
        self._alive.append(tensor)

    def _attribute_of(self, path: str, value: Any) -> Value:
        parent, _, name = path.rpartition(".")
        if parent and parent not in self._submodules:
            self._submodules[parent] = self._attribute_of(parent, None)
        if value is None:
            made = Value(name if name.isidentifier() and name not in self._names else f"_{path}", "__torch__.Module")
            self._names.add(made.debugName())
        else:
            made = self._new(value, name)
        node = GraphNode("prim::GetAttr", [self._submodules[parent]], [made], f'[name="{name}"]')
        self.graph._nodes.append(node)
        return made

    def value_of(self, value: Any) -> Value:
        """The graph's value for something that an operator takes."""
        if isinstance(value, Tensor):
            known = self._values.get(id(value))
            if known is not None:
                return known
            if id(value) in self._attributes:
                return self._attribute_of(self._attributes[id(value)], value)
        elif isinstance(value, (list, tuple)):
            inside = [self.value_of(one) for one in value]
            made = self._new(value)
            self.graph._nodes.append(GraphNode("prim::ListConstruct", inside, [made]))
            return made
        made = self._new(value)
        made.constant = value
        self.graph._nodes.append(GraphNode("prim::Constant", [], [made], f"[value={_constant_text(value)}]"))
        return made

    def finish(self, result: Any) -> None:
        """Note what the function returns."""
        if isinstance(result, (tuple, list)):
            kind = "Tuple" if isinstance(result, tuple) else "List"
            inside = [self.value_of(one) for one in result]
            made = self._new(None)
            made._type = f"({', '.join(value.type() for value in inside)})" if kind == "Tuple" else "Tensor[]"
            self.graph._nodes.append(GraphNode(f"prim::{kind}Construct", inside, [made]))
        elif isinstance(result, dict):
            inside = [self.value_of(one) for pair in result.items() for one in pair]
            made = self._new(None)
            made._type = "Dict(str, Tensor)"
            self.graph._nodes.append(GraphNode("prim::DictConstruct", inside, [made]))
        else:
            made = self.value_of(result)
        self.graph._outputs.append(made)

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable[[Any], Any]) -> Any:
        given = (list(operands),) if op.variadic else operands
        inputs = [self.value_of(one) for one in (*given, *params.values())]
        result = run(op)
        outputs = [self._new(one) for one in (result if isinstance(result, (tuple, list)) else (result,))]
        node = GraphNode(event_name(op, name), inputs, outputs, at=_here())
        node.random = op.kernel.__module__.startswith("mibun.ops.random") or "dropout" in op.name
        self.graph._nodes.append(node)
        return result


def _here() -> str:
    site = creation_site()
    if site is None:
        return ""
    return f"{site[0].co_filename}:{line_of(site)}:0"


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The Tensors in nested lists, tuples and dicts."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        inside: Iterable = value.values() if isinstance(value, dict) else value
        for one in inside:
            yield from tensors_in(one)


def tracing_state() -> TraceRecorder | None:
    """What records at this time in this thread or task, or None."""
    return next((one for one in reversed(MODE.get().watchers) if isinstance(one, TraceRecorder)), None)
