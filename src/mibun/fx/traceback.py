"""`torch.fx.traceback`: what is noted on the Nodes that are made, carried from graph to graph and into new ones."""

from __future__ import annotations

import copy
import traceback as _traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from .graph import Graph
    from .node import Node

_P = ParamSpec("_P")
_R = TypeVar("_R")

__all__ = [
    "annotate",
    "annotate_fn",
    "preserve_node_meta",
    "has_preserved_node_meta",
    "set_stack_trace",
    "set_grad_fn_seq_nr",
    "reset_grad_fn_seq_nr",
    "format_stack",
    "set_current_meta",
    "get_current_meta",
    "NodeSource",
    "NodeSourceAction",
    "get_graph_provenance_json",
    "set_current_replay_node",
    "get_current_replay_node",
]

current_meta: dict[str, Any] = {}
current_replay_node: Any = None
should_preserve_node_meta = False


class NodeSourceAction(Enum):
    """What a pass did to make a Node: made it anew, or in another one's place."""

    CREATE = "create"
    REPLACE = "replace"


class NodeSource:
    """Where a Node comes from: the one that it was made of, by which pass, and where that one came from.

    node: the Node that it was made of, or None. pass_name, action: who made it, and how (one or several).
    """

    class NodeInfo:
        """Name, target and graph of a Node, kept without the Node itself."""

        def __init__(self, name: str, target: str, graph_id: int) -> None:
            self.name, self.target, self.graph_id = name, target, graph_id

    def __init__(
        self, node: Node | None, pass_name: str = "", action: NodeSourceAction | list[NodeSourceAction] | None = None
    ) -> None:
        self.pass_name = pass_name
        self.action = [] if action is None else action if isinstance(action, list) else [action]
        self.node_info: NodeSource.NodeInfo | None = None
        self.from_node: list[NodeSource] = []
        if node is not None:
            target = node._pretty_print_target(node.target)
            self.node_info = self.NodeInfo(node.name, target, id(node.graph))
            self.from_node = copy.deepcopy(node.meta.get("from_node", []))

    @property
    def name(self) -> str:
        """The name of the Node, "" if there is none."""
        return self.node_info.name if self.node_info else ""

    @property
    def target(self) -> str:
        """Its target as text."""
        return self.node_info.target if self.node_info else ""

    @property
    def graph_id(self) -> int:
        """A number for its graph, -1 if there is none."""
        return self.node_info.graph_id if self.node_info else -1

    def _get_action_string(self) -> str:
        return "+".join([one.name.lower() for one in self.action])

    def __repr__(self) -> str:
        return self.print_readable()

    def print_readable(self, indent: int = 0) -> str:
        """The chain of sources as text, each further in than the one it led to."""
        if indent > 9:
            return ""
        described = (
            f"{'    ' * indent}(name={self.name}, pass_name={self.pass_name}, "
            f"action={self._get_action_string()}, graph_id={self.graph_id})\n"
        )
        return described + "".join([source.print_readable(indent + 1) for source in self.from_node])

    def to_dict(self) -> dict[str, Any]:
        """The chain as plain dicts and lists."""
        return {
            "name": self.name,
            "target": self.target,
            "graph_id": self.graph_id,
            "pass_name": self.pass_name,
            "action": self._get_action_string(),
            "from_node": [source.to_dict() for source in self.from_node],
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NodeSource) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.name, self.target, self.graph_id, self.pass_name, self._get_action_string()))

    @classmethod
    def _from_dict(cls, d: dict[str, Any] | None) -> NodeSource | None:
        if d is None:
            return None
        words = [word for word in d["action"].split("+") if word]
        source = cls(None, d["pass_name"], [NodeSourceAction[word.upper()] for word in words])
        if d["name"] or d["graph_id"] != -1:
            source.node_info = cls.NodeInfo(d["name"], d["target"], d["graph_id"])
        source.from_node = [one for one in map(cls._from_dict, d.get("from_node") or []) if one is not None]
        return source


@contextmanager
def preserve_node_meta(enable: bool = True) -> Iterator[None]:
    """Context in which Nodes that are made get the metadata of the Node that is being interpreted.

    >>> from mibun import fx
    >>> with fx.traceback.preserve_node_meta(), fx.traceback.annotate({"part": "head"}):
    ...     graph = fx.symbolic_trace(lambda x: x + 1).graph
    >>> next(node.meta["custom"] for node in graph.nodes if node.name == "add")
    {'part': 'head'}
    """
    global should_preserve_node_meta, current_meta
    before, meta = should_preserve_node_meta, current_meta
    should_preserve_node_meta = enable
    current_meta = current_meta.copy()
    try:
        yield
    finally:
        should_preserve_node_meta, current_meta = before, meta


def has_preserved_node_meta() -> bool:
    """Whether metadata is carried on now."""
    return should_preserve_node_meta


def set_stack_trace(stack: list[str]) -> None:
    """Let Nodes that are made from now on have this stack trace."""
    if should_preserve_node_meta and stack:
        current_meta["stack_trace"] = "".join(stack)


@contextmanager
def annotate(annotation_dict: dict[str, Any]) -> Iterator[None]:
    """Context in which Nodes that are made carry these entries, in `meta["custom"]`."""
    global current_meta
    before = current_meta
    current_meta = {**current_meta, "custom": {**current_meta.get("custom", {}), **annotation_dict}}
    try:
        yield
    finally:
        current_meta = before


def annotate_fn(annotation_dict: dict[str, Any]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorator: the Nodes that a function makes carry these entries, see `annotate`."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with annotate(annotation_dict):
                return function(*args, **kwargs)

        return call

    return decorate


def set_grad_fn_seq_nr(seq_nr: int) -> None:
    """Note that Nodes that are made from now on are the backward of the operation with this sequence number."""
    if should_preserve_node_meta:
        current_meta["grad_fn_seq_nr"] = [*current_meta.get("grad_fn_seq_nr", []), seq_nr]
        current_meta["in_grad_fn"] = current_meta.get("in_grad_fn", 0) + 1


def reset_grad_fn_seq_nr() -> None:
    """End what the last `set_grad_fn_seq_nr` began."""
    if not should_preserve_node_meta:
        return
    level = current_meta.get("in_grad_fn", 0)
    if level <= 1:
        current_meta.pop("in_grad_fn", None)
        current_meta.pop("grad_fn_seq_nr", None)
    else:
        current_meta["in_grad_fn"] = level - 1
        current_meta["grad_fn_seq_nr"] = current_meta["grad_fn_seq_nr"][:-1]


def format_stack() -> list[str]:
    """The stack trace that Nodes get now, or the current one, as a list of texts."""
    if should_preserve_node_meta:
        return [current_meta.get("stack_trace", "")]
    return _traceback.format_list(_traceback.extract_stack()[:-1])


@contextmanager
def set_current_meta(node: Node, pass_name: str = "") -> Iterator[None]:
    """Context in which Nodes that are made are said to come from `node`, and get its metadata."""
    global current_meta
    if not (should_preserve_node_meta and node.meta):
        yield
        return
    before = current_meta
    current_meta = node.meta.copy()
    current_meta["from_node"] = [NodeSource(node, pass_name, NodeSourceAction.CREATE)]
    try:
        yield
    finally:
        current_meta = before


def get_current_meta() -> dict[str, Any]:
    """The metadata that Nodes get now."""
    return current_meta


@contextmanager
def set_current_replay_node(node: Node | None) -> Iterator[None]:
    """Context in which `node` is the one that is being run again, see `get_current_replay_node`."""
    global current_replay_node
    before, current_replay_node = current_replay_node, node
    try:
        yield
    finally:
        current_replay_node = before


def get_current_replay_node() -> Node | None:
    """The Node that is being run again, or None."""
    return current_replay_node


def get_graph_provenance_json(graph: Graph) -> dict[str, Any]:
    """Node's name -> where it comes from, for the computing steps of a graph."""
    return {
        node.name: [source.to_dict() for source in node.meta.get("from_node", [])]
        for node in graph.nodes
        if node.op in ("call_function", "call_method", "call_module")
    }
