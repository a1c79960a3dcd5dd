"""Graph: the steps of a function, in order, with methods that add, move, remove and print them."""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Self

from ..core.tensor import Tensor
from ..nn.modules.module import Module
from ..nn.parameter import Parameter
from ._compatibility import compatibility
from .code_generation import (
    CodeGen,
    PythonCode,
    TransformCodeFunc,
    _BoxedCodeGen,
    _format_target,
    _PyTreeCodeGen,
    _PyTreeInfo,
    inplace_methods,
    magic_methods,
    reflectable_magic_methods,
)
from .namespace import _custom_builtins, _CustomBuiltin, _Namespace, _register_custom_builtin
from .naming import function_name, snake_case
from .node import Argument, Node, Target, _get_qualified_name, _legal_ops, _type_repr, map_aggregate, map_arg
from .printing import dtype_abbrs

if TYPE_CHECKING:
    from ._symbolic_trace import Tracer
    from .graph_module import GraphModule

__all__ = ["PythonCode", "CodeGen", "Graph"]


class _InsertPoint:
    """Context in which new Nodes go to another place."""

    def __init__(self, graph: Graph, new_insert: Callable[[Node], None]) -> None:
        self.graph = graph
        self.orig_insert: Any = graph._insert
        graph._insert = new_insert

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self.graph._insert = self.orig_insert


class _node_list:  # noqa: N801
    """The Nodes of a graph as they are at each moment: they may be added and removed while one goes over them."""

    def __init__(self, graph: Graph, direction: Literal["_prev", "_next"] = "_next") -> None:
        if direction not in ("_next", "_prev"):
            raise AssertionError(f"direction must be '_next' or '_prev', got {direction}")
        self.graph = graph
        self.direction = direction

    def __len__(self) -> int:
        return self.graph._len

    def __iter__(self) -> Iterator[Node]:
        root = self.graph._root
        node = getattr(root, self.direction)
        while node is not root:
            if not node._erased:
                yield node
            node = getattr(node, self.direction)

    def __reversed__(self) -> Iterator[Node]:  # one to go over, as often as one likes
        return _node_list(self.graph, "_next" if self.direction == "_prev" else "_prev")  # type: ignore[return-value]


class _FindNodesLookupTable:
    """The Nodes of a graph by what they do: op, and for functions the target."""

    def __init__(self) -> None:
        self.table: dict[tuple[str, Any], dict[Node, None]] = defaultdict(dict)

    @staticmethod
    def _key(node: Node) -> tuple[str, Any]:
        return node.op, node.target if node.op == "call_function" else None

    def __contains__(self, node: Node) -> bool:
        return node in self.table.get(self._key(node), ())

    def insert(self, node: Node) -> None:
        self.table[self._key(node)][node] = None

    def remove(self, node: Node) -> None:
        self.table[self._key(node)].pop(node)

    def find_nodes(self, *, op: str, target: Target | None = None) -> list[Node]:
        if op == "call_function":
            if target is None:
                raise AssertionError("target must not be None for call_function op")
            return list(self.table.get((op, target), ()))
        found = list(self.table.get((op, None), ()))
        return found if target is None else [node for node in found if node.target == target]


@compatibility(is_backward_compatible=True)
class Graph:
    """The steps of a function: a list of `Node`, each of which names those whose results it uses.

    Inputs are first (`placeholder`), the result is last (`output`). What is made by the methods goes to the end, or
    where `inserting_before` and `inserting_after` say.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> graph = fx.Graph()
    >>> x = graph.placeholder("x")
    >>> _ = graph.output(graph.call_function(torch.relu, (x,)))
    >>> print(graph)
    graph():
        %x : [num_users=1] = placeholder[target=x]
        %relu : [num_users=1] = call_function[target=torch.relu](args = (%x,), kwargs = {})
        return relu
    """

    def __init__(
        self,
        owning_module: GraphModule | None = None,
        tracer_cls: type[Tracer] | None = None,
        tracer_extras: dict[str, Any] | None = None,
    ) -> None:
        self._root = Node(self, "", "root", "", (), {})
        self._used_names: dict[str, int] = {}
        self._insert: Any = self._root.prepend
        self._len = 0
        self._graph_namespace = _Namespace()
        self._owning_module = owning_module
        self._tracer_cls = tracer_cls
        self._tracer_extras = tracer_extras
        self._codegen: CodeGen = CodeGen()
        self._co_fields: dict[str, Any] = {}
        self._positions: dict[Node, int] | None = None  # made when two Nodes are compared
        self._find_nodes_lookup_table = _FindNodesLookupTable()

    @property
    def owning_module(self) -> Any:
        """The GraphModule that this is the graph of, or None."""
        return self._owning_module

    @owning_module.setter
    def owning_module(self, module: Any) -> None:
        self._owning_module = module

    @property
    def nodes(self) -> _node_list:
        """All Nodes in order; `reversed` gives them backwards. What is added or erased meanwhile is seen."""
        return _node_list(self)

    def output_node(self) -> Node:
        """The Node of the result. AssertionError if the last Node is none."""
        node = next(iter(reversed(self.nodes)))
        if node.op != "output":
            raise AssertionError(f"Expected output node, got op={node.op}")
        return node

    def find_nodes(self, *, op: str, target: Target | None = None, sort: bool = True) -> list[Node]:
        """The Nodes that do something, found without going over all: of a function, the target must be given.

        sort: in the graph's order; else in the order in which they were made.
        """
        found = self._find_nodes_lookup_table.find_nodes(op=op, target=target)
        return sorted(found) if sort else found

    def _moved(self) -> None:
        self._positions = None

    def _position(self, node: Node) -> int:
        if self._positions is None:
            self._positions = {one: index for index, one in enumerate(self.nodes)}
            self._positions[self._root] = -1
        return self._positions.get(node, len(self._positions))

    # --- making Nodes ---

    def create_node(
        self,
        op: str,
        target: Target,
        args: tuple[Argument, ...] | None = None,
        kwargs: dict[str, Argument] | None = None,
        name: str | None = None,
        type_expr: Any | None = None,
    ) -> Node:
        """Add a Node, and return it. The named methods below are for each `op`.

        name: what it is to be called, if that is free. AssertionError for an unknown `op`, or arguments that are no
        tuple and dict.
        """
        args, kwargs = () if args is None else args, {} if kwargs is None else kwargs
        if not isinstance(args, tuple):
            raise AssertionError(f"args must be a tuple, got {type(args)}")
        if not isinstance(kwargs, dict):
            raise AssertionError(f"kwargs must be a dict, got {type(kwargs)}")
        name = self._graph_namespace.create_name(name if name is not None else self._target_to_str(target), None)
        if op not in _legal_ops:
            raise AssertionError(f"op '{op}' is not in _legal_ops")
        node = Node(self, name, op, target, args, kwargs, type_expr)
        for hook in getattr(self.owning_module, "_create_node_hooks", None) or ():
            hook(node)
        self._graph_namespace.associate_name_with_obj(name, node)
        self._insert(node)
        self._find_nodes_lookup_table.insert(node)
        self._len += 1
        return node

    def placeholder(self, name: str, type_expr: Any | None = None, default_value: Any = ...) -> Node:
        """Add an input. `*args` and `**kwargs` are names for any number of arguments."""
        args = () if default_value is ... else (default_value,)
        return self.create_node("placeholder", name, args=args, type_expr=type_expr)

    def get_attr(self, qualified_name: str, type_expr: Any | None = None) -> Node:
        """Add the value of a parameter, buffer or submodule, by its dotted name.

        UserWarning where the graph's module has nothing of that name.
        """
        if self.owning_module and not _has_attribute(self.owning_module, qualified_name):
            warnings.warn(
                "Attempted to insert a get_attr Node with no underlying reference in the owning GraphModule! Call "
                "GraphModule.add_submodule to add the necessary submodule, GraphModule.add_parameter to add the "
                "necessary Parameter, or nn.Module.register_buffer to add the necessary buffer",
                stacklevel=2,
            )
        return self.create_node("get_attr", qualified_name, type_expr=type_expr)

    def call_module(
        self,
        module_name: str,
        args: tuple[Argument, ...] | None = None,
        kwargs: dict[str, Argument] | None = None,
        type_expr: Any | None = None,
    ) -> Node:
        """Add a call of a submodule, by its dotted name."""
        if self.owning_module:
            try:
                self.owning_module.get_submodule(module_name)
            except AttributeError:
                warnings.warn(
                    "Attempted to insert a call_module Node with no underlying reference in the owning GraphModule! "
                    "Call GraphModule.add_submodule to add the necessary submodule",
                    stacklevel=2,
                )
        return self.create_node("call_module", module_name, args, kwargs, type_expr=type_expr)

    def call_method(
        self,
        method_name: str,
        args: tuple[Argument, ...] | None = None,
        kwargs: dict[str, Argument] | None = None,
        type_expr: Any | None = None,
    ) -> Node:
        """Add a call of a method, whose object is the first of `args`."""
        return self.create_node("call_method", method_name, args, kwargs, type_expr=type_expr)

    def call_function(
        self,
        the_function: Callable[..., Any],
        args: tuple[Argument, ...] | None = None,
        kwargs: dict[str, Argument] | None = None,
        type_expr: Any | None = None,
        name: str | None = None,
    ) -> Node:
        """Add a call of a function."""
        return self.create_node("call_function", the_function, args, kwargs, name=name, type_expr=type_expr)

    def output(self, result: Argument, type_expr: Any | None = None) -> Node:
        """Add the end: what the function returns."""
        return self.create_node("output", "output", (result,), type_expr=type_expr)

    def node_copy(self, node: Node, arg_transform: Callable[[Node], Argument] = lambda x: x) -> Node:
        """Add a copy of a Node of another graph. `arg_transform` gives this graph's Node for one of that.

        >>> from mibun import fx
        >>> source, copied = fx.Graph(), fx.Graph()
        >>> copied.node_copy(source.placeholder("x"))
        x
        """
        args = map_arg(node.args, arg_transform)
        kwargs = map_arg(node.kwargs, arg_transform)
        if not isinstance(args, tuple):
            raise AssertionError(f"args must be a tuple, got {type(args)}")
        copied = self.create_node(node.op, node.target, args, dict(kwargs), node.name, node.type)
        copied.meta = copy.copy(node.meta)
        copied._called_as = node._called_as
        return copied

    def graph_copy(
        self, g: Graph, val_map: dict[Node, Node], return_output_node: bool = False
    ) -> Argument | tuple[Argument, Node] | None:
        """Add copies of all Nodes of another graph, but for its output; those in `val_map` are there already.

        Returns what that graph returns, of Nodes of this one (with `return_output_node`, its output Node as well), or
        None if it has no output. `val_map` then has all.
        """
        for node in g.nodes:
            if node in val_map:
                continue
            if node.op == "output":
                result = map_arg(node.args[0], lambda one: val_map[one])
                return (result, node) if return_output_node else result
            val_map[node] = self.node_copy(node, lambda one: val_map[one])
        return None

    # --- places ---

    def inserting_before(self, n: Node | None = None) -> _InsertPoint:
        """Context in which Nodes are made before `n`; without it, before everything."""
        if n is None:
            return self.inserting_after(self._root)
        self._check_own(n, "before")
        return _InsertPoint(self, n.prepend)

    def inserting_after(self, n: Node | None = None) -> _InsertPoint:
        """Context in which Nodes are made after `n`, in order; without it, at the end."""
        if n is None:
            return self.inserting_before(self._root)
        self._check_own(n, "after")
        return _InsertPoint(self, _InsertAfter(n))

    def _check_own(self, node: Node, where: str) -> None:
        if node.graph is not self:
            raise AssertionError(f"Node to insert {where} is not in graph.")

    def erase_node(self, to_erase: Node) -> None:
        """Remove a Node that nobody uses (RuntimeError)."""
        if to_erase.users:
            raise RuntimeError(
                f"Tried to erase Node {to_erase} but it still had {len(to_erase.users)} users in the graph: "
                f"{to_erase.users}!"
            )
        if to_erase.graph is not self:
            raise RuntimeError(f"Attempting to remove {to_erase} from wrong graph!")
        if to_erase._erased:
            warnings.warn(f"erase_node({to_erase}) on an already erased node", stacklevel=2)
            return
        for hook in getattr(self.owning_module, "_erase_node_hooks", None) or ():
            hook(to_erase)
        self._find_nodes_lookup_table.remove(to_erase)
        to_erase._remove_from_list()
        to_erase._erased = True
        self._len -= 1
        self._moved()
        to_erase._set_arguments(map_arg(to_erase.args, lambda node: None), map_arg(to_erase.kwargs, lambda node: None))

    def _clear_nodes(self) -> None:
        for node in reversed(self.nodes):
            node.users.clear()
            self.erase_node(node)

    def eliminate_dead_code(self, is_impure_node: Callable[[Node], bool] | None = None) -> bool:
        """Remove the steps whose results nobody uses. Returns whether there were any.

        is_impure_node: says which steps are to stay all the same; `Node.is_impure` by default.

        >>> from mibun import fx
        >>> def f(x):
        ...     unused = x + 1
        ...     return x * 2
        >>> graph = fx.symbolic_trace(f).graph
        >>> graph.eliminate_dead_code(), [node.name for node in graph.nodes]
        (True, ['x', 'mul', 'output'])
        """
        self.lint()

        def stays(node: Node) -> bool:
            if is_impure_node is not None:
                return is_impure_node(node) or node.op in ("placeholder", "output")
            return node.is_impure()

        changed = False
        for node in reversed(self.nodes):
            if not node.users and not stays(node):
                self.erase_node(node)
                changed = True
        return changed

    # --- checks ---

    def lint(self) -> None:
        """Check that the graph is one: names unique, arguments defined before they are used, targets there.

        RuntimeError says what is wrong.
        """
        self._check_arguments()
        names: dict[str, Node] = {}
        for node in self.nodes:
            if node.op not in ("placeholder", "call_method", "call_module", "call_function", "get_attr", "output"):
                raise RuntimeError(f"Node {node} had unknown opcode {node.op}!")
            if node.graph is not self:
                raise RuntimeError(f"Node '{node}' does not belong to this Graph!")
            if node not in self._find_nodes_lookup_table:
                raise RuntimeError(f"Node '{node}' is not added to the side table")
            if node.name in names:
                raise RuntimeError(f"Node redefined name {node.name}!")
            names[node.name] = node
            if node.op == "call_function" and not callable(node.target):
                raise ValueError(
                    f"Node {node} target {node.target} has type {type(node.target)} but a Callable is expected"
                )
            if node.op != "call_function" and not isinstance(node.target, str):
                raise ValueError(f"Node {node} target {node.target} is a {type(node.target)}, but a str is expected")
        if self.owning_module is not None:
            self._check_targets()

    def _check_arguments(self) -> None:
        seen: set[Node] = set()
        for node in self.nodes:
            for used in node._input_nodes:
                if used.graph is not self:
                    raise RuntimeError(
                        f"Argument '{used}' of Node '{node}' does not belong to this Graph, but was used as an "
                        "argument! If you are copying nodes from another graph, make sure to use ``arg_transform`` on "
                        f"node_copy() to remap values\n{self}"
                    )
                if used not in seen:
                    raise RuntimeError(
                        f"Argument '{used}' of Node '{node}' was used before it has been defined! Please check that "
                        f"Nodes in the graph are topologically ordered\n{self}"
                    )
            seen.add(node)

    def _check_targets(self) -> None:
        for node in self.nodes:
            if node.op not in ("get_attr", "call_module"):
                continue
            assert isinstance(node.target, str)
            found: Any = self.owning_module
            path = node.target.split(".")
            for index, part in enumerate(path):
                if not hasattr(found, part):
                    raise RuntimeError(
                        f"Node {node} target {node.target} references nonexistent attribute {part} of "
                        f"{'.'.join(path[:index])}"
                    )
                found = getattr(found, part)
            if node.op == "call_module" and not isinstance(found, Module):
                raise RuntimeError(
                    f"Node {node} target {node.target} {path[-1]} of {'.'.join(path[:-1])} does not reference an "
                    "nn.Module"
                )
            if node.op == "get_attr" and not isinstance(found, (Module, Parameter, Tensor)):
                warnings.warn(
                    f"Node {node} target {node.target} {path[-1]} of {'.'.join(path[:-1])} does not reference an "
                    "nn.Module, nn.Parameter, or buffer, which is what 'get_attr' Nodes typically target",
                    stacklevel=3,
                )

    # --- code ---

    @staticmethod
    def _target_to_str(target: Target | None) -> str:
        if callable(target):
            name = function_name(target)
        else:
            if not isinstance(target, str):
                raise AssertionError(f"Expected target to be str, got {type(target)}")
            name = target
            if name.startswith("__") and name.endswith("__") and len(name) > 4:
                name = name[2:-2]
        return snake_case(name)

    def python_code(
        self,
        root_module: str,
        *,
        verbose: bool = False,
        include_stride: bool = False,
        include_device: bool = False,
        colored: bool = False,
        expanded_def: bool = False,
        record_func: bool = False,
        additional_meta: list[str] | None = None,
    ) -> PythonCode:
        """The graph as the text of a method.

        root_module: the name of the first parameter, of which attributes and submodules are taken ("self"). verbose:
        with comments on where steps come from, and shapes where `meta` has them (include_stride, include_device: and
        these). colored: for terminals. expanded_def: one parameter per line. record_func: with a range of the profiler
        around each step. additional_meta: keys of `meta` that are written behind each line.
        """
        namespace = _Namespace()

        def name_in_code(node: Node) -> str:
            return namespace.create_name(node.name, node)

        # Names of this text, which may differ from those of the graph: another name may be taken by a global.
        before = {node: node._repr_fn for node in self.nodes}
        for node in before:
            node._repr_fn = name_in_code
        try:
            return self._codegen._gen_python_code(
                self.nodes,
                root_module,
                namespace,
                verbose=verbose,
                include_stride=include_stride,
                include_device=include_device,
                colored=colored,
                expanded_def=expanded_def,
                record_func=record_func,
                additional_meta=additional_meta,
            )
        finally:
            for node, function in before.items():
                node._repr_fn = function

    def __str__(self) -> str:
        """The graph as text, one line for each step."""
        lines = [node.format_node() for node in self.nodes]
        return "graph():" + "".join([f"\n    {line}" for line in lines if line is not None])

    def print_tabular(self) -> None:
        """Print a table of the steps: op, name, target, arguments. Needs the package `tabulate` (ImportError)."""
        try:
            from tabulate import tabulate  # pyright: ignore[reportMissingModuleSource]
        except ImportError:
            print(
                "`print_tabular` relies on the library `tabulate`, which could not be found on this machine. Run `pip "
                "install tabulate` to install the library."
            )
            raise
        rows = [[node.op, node.name, node.target, node.args, node.kwargs] for node in self.nodes]
        print(tabulate(rows, headers=["opcode", "name", "target", "args", "kwargs"]))

    def set_codegen(self, codegen: CodeGen) -> None:
        """Let another CodeGen write the code."""
        self._codegen = codegen

    def on_generate_code(
        self, make_transformer: Callable[[TransformCodeFunc | None], TransformCodeFunc]
    ) -> contextlib.AbstractContextManager[None]:
        """Change the code on its way: from now on, and if used as a context manager only until it is left.

        make_transformer: gets the transformer that there was, or None, and returns a new one, which gets the lines of
        the body and returns others.
        """
        before = self._codegen._body_transformer
        self._codegen._body_transformer = make_transformer(before)

        @contextlib.contextmanager
        def restore() -> Iterator[None]:
            try:
                yield
            finally:
                self._codegen._body_transformer = before

        return restore()

    def process_inputs(self, *args: Any) -> Any:
        """The values of the inputs for the arguments of a call: their leaves, where it was traced with containers."""
        return self._codegen.process_inputs(*args)

    def process_outputs(self, out: Any) -> Any:
        """What a call returns, for the value of the output."""
        return self._codegen.process_outputs(out)

    # --- copies ---

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """A graph of Nodes of its own. Constants in arguments are shared, as they cannot be changed."""
        memo = {} if memo is None else memo
        copied = type(self)(tracer_cls=self._tracer_cls)
        copied._codegen = copy.deepcopy(self._codegen)
        nodes: dict[Node, Node] = {}
        found = copied.graph_copy(self, val_map=nodes, return_output_node=True)
        if isinstance(found, tuple) and found and isinstance(found[-1], Node) and found[-1].op == "output":
            result, old = found[0], found[-1]
            output = copied.output(result, type_expr=old.type)
            output.meta = copy.copy(old.meta)
            nodes[old] = output
        memo[id(self)] = copied
        for old, new in nodes.items():
            memo[id(old)] = new
        return copied

    def __getstate__(self) -> dict[str, Any]:
        """The Nodes as a list of what they are made from: pickle would go as deep as the graph is long otherwise."""
        state = self.__dict__.copy()
        for name in ("_root", "_find_nodes_lookup_table", "_insert", "_graph_namespace"):
            del state[name]
        state["_positions"] = None
        state["_nodes"] = [
            (
                node.name,
                node.op,
                node.target,
                map_arg(node.args, _Reference),  # type: ignore[arg-type]
                dict(map_arg(node.kwargs, _Reference)),  # type: ignore[arg-type]
                node.type,
                node.meta,
                node._called_as,
            )
            for node in self.nodes
        ]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        described = state.pop("_nodes")
        self.__dict__.update(state)
        self._root = Node(self, "", "root", "", (), {})
        self._insert = self._root.prepend
        self._len = 0
        self._graph_namespace = _Namespace()
        self._find_nodes_lookup_table = _FindNodesLookupTable()
        made: dict[str, Node] = {}

        def referred(leaf: Any) -> Any:
            return made[leaf.name] if isinstance(leaf, _Reference) else leaf

        for name, op, target, args, kwargs, kind, meta, called_as in described:
            args, kwargs = map_aggregate(args, referred), dict(map_aggregate(kwargs, referred))
            node = self.create_node(op, target, args, kwargs, name, kind)
            node.meta, node._called_as = meta, called_as
            made[name] = node


class _Reference:
    """A Node in the arguments of another one, in a pickle."""

    def __init__(self, node: Node) -> None:
        self.name = node.name


class _InsertAfter:
    """Puts each new Node behind the one before, the first behind a given one."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __call__(self, new: Node) -> None:
        self.node.append(new)
        self.node = new


def _has_attribute(module: Any, path: str) -> bool:
    """Whether a module has a submodule, parameter or buffer of a dotted name."""
    *owners, name = path.split(".")
    owner: Any = module
    for part in owners:
        owner = getattr(owner, part, None)
        if not isinstance(owner, Module):
            warnings.warn(f"Failed to fetch module {'.'.join(owners)}!", stacklevel=4)
            return False
    found = getattr(owner, name, None)
    return isinstance(found, (Module, Parameter)) or name in getattr(owner, "_buffers", {}) or found is not None


# Names that PyTorch has in this module.
_PUBLIC_ELSEWHERE = (
    _BoxedCodeGen,
    _CustomBuiltin,
    _PyTreeCodeGen,
    _PyTreeInfo,
    _custom_builtins,
    _format_target,
    _get_qualified_name,
    _register_custom_builtin,
    _type_repr,
    dtype_abbrs,
    inplace_methods,
    magic_methods,
    reflectable_magic_methods,
)
