"""Types for what is taken out of tuples, lists and named tuples whose types are annotated."""

from __future__ import annotations

import operator
import typing

from ..graph import Graph


def annotate_getitem_nodes(graph: Graph) -> None:
    """Give each `value[i]` the type of that part, where the value's type says it.

    >>> from mibun import fx
    >>> from mibun.fx.passes.annotate_getitem_nodes import annotate_getitem_nodes
    >>> def f(x: tuple[int, str]):
    ...     return x[1]
    >>> graph = fx.Tracer().trace(f)
    >>> next(iter(graph.nodes)).type = tuple[int, str]
    >>> annotate_getitem_nodes(graph)
    >>> list(graph.nodes)[1].type
    <class 'str'>
    """
    for node in graph.nodes:
        if node.target is not operator.getitem:
            continue
        source, index = node.args[0], node.args[1]
        kind = getattr(source, "type", None)
        if kind is None:
            continue
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin is list and parts:
            node.type = parts[0]
        elif origin is tuple and parts:
            if len(parts) == 2 and parts[1] is ...:
                node.type = parts[0]
            elif isinstance(index, int) and index < len(parts):
                node.type = parts[index]
        elif hasattr(kind, "_fields") and isinstance(index, int):
            hints = typing.get_type_hints(kind)
            node.type = hints.get(kind._fields[index])
