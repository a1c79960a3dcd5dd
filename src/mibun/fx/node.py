"""Node: one step of a graph, what it is called with, and who uses its result."""

from __future__ import annotations

import builtins
import logging
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import mibun as _root

from ..core.device import device
from ..core.dtypes import dtype, layout, memory_format
from ..core.tensor import Tensor
from ._compatibility import compatibility
from .immutable_collections import immutable_dict, immutable_list
from .naming import qualified_name, type_name
from .printing import tensor_description

if TYPE_CHECKING:
    from ..nn.modules.module import Module
    from .graph import Graph

__all__ = ["Node", "map_arg", "map_aggregate", "has_side_effect"]

_log = logging.getLogger(__name__)

base_types = (str, int, float, bool, complex, dtype, Tensor, device, memory_format, layout)
BaseArgumentTypes = str | int | float | bool | complex | dtype | Tensor | device | memory_format | layout
Target = Callable[..., Any] | str
Argument = Any  # a Node, a constant, or a tuple, list, dict, slice or range of such

_legal_ops = dict.fromkeys(["placeholder", "call_method", "call_module", "call_function", "get_attr", "output", "root"])

# Functions that a graph keeps although nobody uses their results.
_side_effectful_functions: set[Callable] = set()


def has_side_effect(fn: Callable) -> Callable:
    """Decorator: `Graph.eliminate_dead_code` keeps calls of this function, used or not.

    >>> from mibun import fx
    >>> @fx.has_side_effect
    ... def log(x): ...
    """
    _side_effectful_functions.add(fn)
    return fn


for _name in ("_assert", "_assert_async"):
    if hasattr(_root, _name):
        has_side_effect(getattr(_root, _name))


def _get_qualified_name(func: Callable[..., Any]) -> str:
    return qualified_name(func)


def _type_repr(obj: object) -> str:
    return type_name(obj)


@compatibility(is_backward_compatible=False)
def map_aggregate(a: Argument, fn: Callable[[Argument], Argument]) -> Argument:
    """Call `fn` with each leaf of an argument, and put the results together in the same way, immutably.

    Tuples (named ones too), lists, dicts and slices are gone through; anything else is a leaf.

    >>> from mibun.fx.node import map_aggregate
    >>> map_aggregate([1, (2, 3)], lambda leaf: leaf * 10)
    [10, (20, 30)]
    """
    if isinstance(a, tuple):
        parts = [map_aggregate(part, fn) for part in a]
        if hasattr(a, "_fields"):
            return type(a)(*parts)
        return tuple(parts)
    if isinstance(a, list):
        return immutable_list([map_aggregate(part, fn) for part in a])
    if isinstance(a, dict):
        return immutable_dict({key: map_aggregate(value, fn) for key, value in a.items()})
    if isinstance(a, slice):
        return slice(map_aggregate(a.start, fn), map_aggregate(a.stop, fn), map_aggregate(a.step, fn))
    return fn(a)


@compatibility(is_backward_compatible=True)
def map_arg(a: Argument, fn: Callable[[Node], Argument]) -> Argument:
    """Call `fn` with each Node in an argument; everything else stays. Returns the argument with the results.

    >>> from mibun import fx
    >>> graph = fx.Graph()
    >>> x = graph.placeholder("x")
    >>> fx.map_arg((x, [1, x]), lambda node: node.name)
    ('x', [1, 'x'])
    """
    if not callable(fn):
        raise TypeError("torch.fx.map_arg(a, fn): fn must be a callable")
    return map_aggregate(a, lambda leaf: fn(leaf) if isinstance(leaf, Node) else leaf)


def _format_arg(arg: object, max_list_len: float = math.inf) -> str:
    """An argument as a graph prints it; of a list or tuple no more than so many entries."""
    if hasattr(arg, "_custom_fx_repr_fn"):
        return arg._custom_fx_repr_fn()  # type: ignore[attr-defined]
    if isinstance(arg, (list, tuple)):
        parts = [_format_arg(part) for part in arg[: None if math.isinf(max_list_len) else int(max_list_len)]]
        text = ", ".join(parts)
        if len(arg) > max_list_len:
            text += f", ...[total_len={len(arg)}]"
        if isinstance(arg, list):
            return f"[{text}]"
        return f"({text},)" if len(arg) == 1 else f"({text})"
    if isinstance(arg, dict):
        return "{" + ", ".join([f"{key}: {_format_arg(value)}" for key, value in arg.items()]) + "}"
    return f"%{arg}" if isinstance(arg, Node) else str(arg)


class Node:
    """One step of a `Graph`.

    op: "placeholder" (an input), "get_attr" (a parameter or buffer), "call_function", "call_module", "call_method" or
    "output". target: the function; or the name of the input, attribute, module or method. args and kwargs: what it is
    called with, in which other Nodes stand for their results. users: the Nodes that use this one, as keys of a dict.
    meta: whatever passes want to note. type: an annotation or None.

    Made by the methods of `Graph` only. ValueError for a target of the wrong kind.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> graph = fx.symbolic_trace(lambda x: torch.relu(x)).graph
    >>> [(node.op, node.target if isinstance(node.target, str) else node.name) for node in graph.nodes]
    [('placeholder', 'x'), ('call_function', 'relu'), ('output', 'output')]
    """

    _args: tuple
    _kwargs: dict[str, Argument]

    def __init__(
        self,
        graph: Graph,
        name: str,
        op: str,
        target: Target,
        args: tuple,
        kwargs: dict[str, Argument],
        return_type: Any | None = None,
    ) -> None:
        if op == "call_function":
            if not callable(target):
                raise ValueError(
                    f"Node [graph = {graph}, name = '{name}'] target {target} has type {_class_name(target)} but a "
                    "Callable is expected"
                )
        elif not isinstance(target, str):
            raise ValueError(
                f"Node [graph = {graph}, name = '{name}'] target {target} has type {_class_name(target)} but a str is "
                "expected"
            )
        self.graph = graph
        self.name = name
        self.op = op
        self.target: Any = target
        self.type = return_type
        self.users: dict[Node, None] = {}
        self.meta: dict[str, Any] = {}
        self._input_nodes: dict[Node, None] = {}
        self._prev = self._next = self
        self._erased = False
        self._called_as: str | None = None  # the name of a function, where it was called by another than its own
        self._sort_key: tuple = ()
        self._repr_fn: Callable[[Node], str] | None = None
        self._set_arguments(tuple(args), dict(kwargs))

    # --- its place in the graph ---

    @property
    def next(self) -> Node:
        """The Node after this one; after the last comes the graph's root, which is no step of it."""
        return self._next

    @property
    def prev(self) -> Node:
        """The Node before this one."""
        return self._prev

    def prepend(self, x: Node) -> None:
        """Move the Node `x`, of the same graph, to just before this one."""
        if self.graph is not x.graph:
            raise AssertionError("Attempting to move a Node into a different Graph")
        if self is x:
            _log.debug("Trying to prepend a node to itself. This behavior has no effect on the graph.")
            return
        x._remove_from_list()
        before = self._prev
        before._next, x._prev = x, before
        x._next, self._prev = self, x
        self.graph._moved()

    def append(self, x: Node) -> None:
        """Move the Node `x` to just after this one."""
        self._next.prepend(x)

    def _prepend(self, x: Node) -> None:
        self.prepend(x)

    def _remove_from_list(self) -> None:
        self._prev._next, self._next._prev = self._next, self._prev

    def __lt__(self, other: Node) -> bool:
        return self.graph._position(self) < self.graph._position(other)

    def __gt__(self, other: Node) -> bool:
        return other < self

    def __le__(self, other: Node) -> bool:
        return self is other or self < other

    def __ge__(self, other: Node) -> bool:
        return self is other or other < self

    # --- what it is called with ---

    @property
    def args(self) -> tuple:
        """The positional arguments. Assign another tuple to change them; the users of Nodes follow."""
        return self._args

    @args.setter
    def args(self, value: tuple) -> None:
        self._set_arguments(value, self._kwargs)

    @property
    def kwargs(self) -> dict[str, Argument]:
        """The keyword arguments, immutable. Assign another dict to change them."""
        return self._kwargs

    @kwargs.setter
    def kwargs(self, value: dict[str, Argument]) -> None:
        self._set_arguments(self._args, value)

    def _set_arguments(self, args: Any, kwargs: Any) -> None:
        for used in self._input_nodes:
            used.users.pop(self, None)
        self._input_nodes = {}

        def use(leaf: Any) -> Any:
            if isinstance(leaf, Node):
                self._input_nodes.setdefault(leaf)
                leaf.users.setdefault(self)
            return leaf

        self._args = map_aggregate(args, use)
        self._kwargs = map_aggregate(kwargs, use)

    _update_args_kwargs = _set_arguments

    @property
    def all_input_nodes(self) -> list[Node]:
        """The Nodes among the arguments, each once."""
        return list(self._input_nodes)

    def update_arg(self, idx: int, arg: Argument) -> None:
        """Replace one positional argument."""
        args = list(self.args)
        args[idx] = arg
        self.args = tuple(args)

    def insert_arg(self, idx: int, arg: Argument) -> None:
        """Insert a positional argument before place `idx`, which may be the end."""
        if not 0 <= idx <= len(self.args):
            raise AssertionError("insert_args index must be between 0 and len(self.args)")
        self.args = (*self.args[:idx], arg, *self.args[idx:])

    def update_kwarg(self, key: str, arg: Argument) -> None:
        """Set one keyword argument."""
        self.kwargs = {**self.kwargs, key: arg}

    def replace_input_with(self, old_input: Node, new_input: Node) -> None:
        """Use `new_input` wherever this Node used `old_input`."""
        self._replace_input_with(old_input, new_input)

    def _replace_input_with(self, old: Node, new: Node) -> None:
        module = self.graph.owning_module
        for hook in getattr(module, "_replace_hooks", None) or ():
            hook(old=old, new=new.name, user=self)

        def exchange(node: Node) -> Node:
            return new if node is old else node

        self._set_arguments(map_arg(self._args, exchange), map_arg(self._kwargs, exchange))

    def replace_all_uses_with(
        self,
        replace_with: Node,
        delete_user_cb: Callable[[Node], bool] | None = None,
        *,
        propagate_meta: bool = False,
    ) -> list[Node]:
        """Let all users of this Node use another one. Returns those that have changed.

        delete_user_cb: says of a user whether it is to change. propagate_meta: give this Node's meta to the other one,
        whose own must be empty (AssertionError).
        """
        if propagate_meta:
            if replace_with.meta:
                raise AssertionError(
                    "Called node.replace_all_uses_with(replace_with, propagate_meta=True), but replace_with already "
                    "has .meta keys"
                )
            replace_with.meta.update(self.meta)
        changed = []
        for user in list(self.users):
            if delete_user_cb is None or delete_user_cb(user):
                user._replace_input_with(self, replace_with)
                changed.append(user)
        return changed

    # --- what it says of itself ---

    @property
    def stack_trace(self) -> str | None:
        """The Python stack at which this Node was recorded, as text, if the Tracer keeps them."""
        return self.meta.get("stack_trace")

    @stack_trace.setter
    def stack_trace(self, trace: str | None) -> None:
        self.meta["stack_trace"] = trace

    def __repr__(self) -> str:
        return self._repr_fn(self) if self._repr_fn is not None else self.name

    def _target_name(self) -> str:
        return self._called_as or self._pretty_print_target(self.target)

    @staticmethod
    def _pretty_print_target(target: object) -> str:
        if isinstance(target, str):
            return target
        module = getattr(target, "__module__", None)
        if module == "builtins":
            return f"builtins.{target.__name__}"  # type: ignore[attr-defined]
        if module == "_operator":
            return f"operator.{target.__name__}"  # type: ignore[attr-defined]
        return qualified_name(target)  # type: ignore[arg-type]

    def format_node(
        self,
        placeholder_names: list[str] | None = None,
        maybe_return_typename: list[str] | None = None,
        *,
        include_tensor_metadata: bool = False,
    ) -> str | None:
        """This Node as a line of its graph's text.

        placeholder_names: a list of names, not empty, to which an input's is added; None is then returned for it.
        maybe_return_typename: a list of one string, to which the type of the output is written.
        include_tensor_metadata: dtype and shape are printed, where `meta` has them.
        """
        annotation = f"{type_name(self.type)} " if self.type else ""
        head = f"%{self.name} : {annotation}[num_users={len(self.users)}]"
        target = self._target_name()
        if self.op == "placeholder":
            if not isinstance(self.target, str):
                raise AssertionError(f"placeholder target should be a str, got {builtins.type(self.target)}")
            if placeholder_names:
                name = self.target + (f": {type_name(self.type)}" if self.type else "")
                placeholder_names.append(name)
                return None
            default = f"(default={self.args[0]})" if self.args else ""
            return f"{head} = {self.op}[target={self.target}]{default}"
        if self.op == "get_attr":
            return f"{head} = {self.op}[target={target}]"
        if self.op == "output":
            if self.type and maybe_return_typename:
                maybe_return_typename[0] = f" -> {type_name(self.type)}"
            return f"return {self.args[0]}"
        if include_tensor_metadata:
            described = tensor_description(self)
            head = head.replace(" : ", f" : {described}", 1)
        given = f"(args = {_format_arg(self.args)}, kwargs = {_format_arg(self.kwargs)})"
        return f"{head} = {self.op}[target={target}]{given}"

    def is_impure(self, impure_random: bool = True) -> bool:
        """Whether this step does more than give a result, so that it must stay though nobody uses that.

        Inputs and the output are; functions that `has_side_effect` marks, those that write into an argument (`out=`
        apart, a name that ends with `_`) or draw random numbers (unless `impure_random` is False); modules that say so
        by an attribute `_is_impure`.
        """
        if self.op in ("placeholder", "output"):
            return True
        if self.op == "call_function":
            schema = getattr(self.target, "_schema", None)
            if schema is not None and schema.is_mutable:
                return True
            if self.target in _side_effectful_functions:
                return True
            return bool(impure_random and getattr(self.target, "_nondeterministic_seeded", False))
        if self.op == "call_module":
            if self.graph.owning_module is None:
                raise AssertionError("self.graph.owning_module not set for purity check")
            module = self.graph.owning_module.get_submodule(self.target)
            return bool(getattr(module, "_is_impure", False))
        return False

    def normalized_arguments(
        self,
        root: Module,
        arg_types: tuple[Any, ...] | None = None,
        kwarg_types: dict[str, Any] | None = None,
        normalize_to_only_use_kwargs: bool = False,
    ) -> Any:
        """The arguments with those that have defaults filled in and given by name, as `ArgsKwargsPair`, or None.

        See `operator_schemas.normalize_function`; root: the Module in which that of a "call_module" is found.
        """
        from .operator_schemas import normalize_function, normalize_module

        if self.op == "call_function":
            return normalize_function(
                self.target,  # type: ignore[arg-type]
                self.args,
                self.kwargs,
                arg_types,
                kwarg_types,
                normalize_to_only_use_kwargs,
            )
        if self.op == "call_module":
            return normalize_module(root, self.target, self.args, self.kwargs, normalize_to_only_use_kwargs)  # type: ignore[arg-type]
        return None

    def _rename(self, candidate: str) -> None:
        if candidate != self.name:
            self.name = self.graph._graph_namespace.create_name(candidate, None)
            self.graph._graph_namespace._rename_object(self, self.name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("op", "target") and name in self.__dict__:
            object.__setattr__(self, "_called_as", None)
            table = self.graph._find_nodes_lookup_table
            if self in table:
                table.remove(self)
                object.__setattr__(self, name, value)
                table.insert(self)
                return
        object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple:
        return _node_of, (self.graph, self.name)


def _node_of(graph: Graph, name: str) -> Node:
    """The Node of a graph that is called so: what a pickled Node becomes."""
    return next(node for node in graph.nodes if node.name == name)


def _class_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def nodes_in(value: Any) -> Iterator[Node]:
    """The Nodes in an argument, in order, with repetitions."""
    found: list[Node] = []
    map_arg(value, lambda node: found.append(node) or node)
    yield from found
