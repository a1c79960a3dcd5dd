"""Patterns replaced: wherever a small graph occurs in a large one, another one is put."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..nn.modules.module import Module
from ._compatibility import compatibility
from ._symbolic_trace import symbolic_trace
from .graph import Graph
from .graph_module import GraphModule
from .node import Node

if TYPE_CHECKING:
    from .passes.utils.matcher_utils import InternalMatch

__all__ = ["Match", "replace_pattern", "replace_pattern_with_filters", "ReplacedPatterns"]

MatchFilter = Callable[..., bool]


@compatibility(is_backward_compatible=True)
class Match(NamedTuple):
    """One occurrence that was replaced: the pattern's Node that it was found from, and the pattern's Node -> ours."""

    anchor: Node
    nodes_map: dict[Node, Node]


@compatibility(is_backward_compatible=False)
@dataclass
class ReplacedPatterns:
    """The same, with the Nodes that have been put in its place."""

    anchor: Node
    nodes_map: dict[Node, Node]
    replacements: list[Node]


def _replace_attributes(gm: GraphModule, replacement: Module) -> None:
    """Give `gm` what its new steps name and only the replacement has. RuntimeError where neither has it."""
    gm.delete_all_unused_submodules()
    if isinstance(replacement, GraphModule):
        replacement.graph.lint()

    def found_in(module: Any, target: str) -> Any:
        for part in target.split("."):
            module = getattr(module, part, None)
            if module is None:
                return None
        return module

    for node in gm.graph.nodes:
        if node.op not in ("call_module", "get_attr") or found_in(gm, node.target) is not None:
            continue
        value = found_in(replacement, node.target)
        if value is None:
            raise RuntimeError(
                f'Attempted to create a "{node.op}" node during subgraph rewriting with target {node.target}, but the '
                "referenced attribute does not exist in either the original GraphModule `gm` or the replacement "
                "GraphModule `replacement`"
            )
        if isinstance(value, Module):
            gm.add_submodule(node.target, copy.deepcopy(value))
        else:
            *prefix, name = node.target.split(".")
            owner: Module = gm
            for part in prefix:
                if not hasattr(owner, part):
                    owner.add_module(part, Module())
                owner = getattr(owner, part)
            setattr(owner, name, copy.deepcopy(value))


@compatibility(is_backward_compatible=True)
def replace_pattern(
    gm: GraphModule,
    pattern: Callable[..., Any] | GraphModule,
    replacement: Callable[..., Any] | GraphModule,
) -> list[Match]:
    """Put `replacement` wherever `pattern` occurs, and write the code of `gm` anew.

    Both are functions (or Modules) with as many arguments, which match anything; they are traced. Steps of the pattern
    must be used by nothing else, but for its results. Occurrences that share steps are taken in the graph's order.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> traced = fx.symbolic_trace(lambda x, y: torch.relu(x + y))
    >>> matches = fx.replace_pattern(traced, lambda a, b: a + b, lambda a, b: torch.mul(a, b))
    >>> len(matches), traced(torch.tensor(2.), torch.tensor(3.))
    (1, tensor(6.))
    """
    return [Match(anchor=one.anchor, nodes_map=one.nodes_map) for one in _replace_pattern(gm, pattern, replacement)]


@compatibility(is_backward_compatible=False)
def replace_pattern_with_filters(
    gm: GraphModule,
    pattern: Callable[..., Any] | Graph | GraphModule,
    replacement: Callable[..., Any] | Graph | GraphModule | None = None,
    match_filters: list[MatchFilter] | None = None,
    ignore_literals: bool = False,
    replacement_callback: Callable[..., Graph] | None = None,
    node_name_match: str = "",
) -> list[ReplacedPatterns]:
    """`replace_pattern`, of the occurrences that all filters want.

    match_filters: functions of (match, original graph, pattern's graph). ignore_literals: constants may differ.
    replacement_callback: gives the graph to put for one match, in place of `replacement`. node_name_match: see
    `SubgraphMatcher.match`.
    """
    return _replace_pattern(
        gm, pattern, replacement, match_filters, ignore_literals, replacement_callback, node_name_match
    )


def _graph_of(value: Any) -> Graph:
    if isinstance(value, GraphModule):
        return value.graph
    return value if isinstance(value, Graph) else symbolic_trace(value).graph


def _replace_pattern(
    gm: GraphModule,
    pattern: Callable[..., Any] | Graph | GraphModule,
    replacement: Callable[..., Any] | Graph | GraphModule | None = None,
    match_filters: list[MatchFilter] | None = None,
    ignore_literals: bool = False,
    replacement_callback: Callable[..., Graph] | None = None,
    node_name_match: str = "",
) -> list[ReplacedPatterns]:
    from .passes.utils.matcher_utils import SubgraphMatcher

    original, pattern_graph = gm.graph, _graph_of(pattern)
    matcher = SubgraphMatcher(
        pattern_graph,
        match_output=False,
        match_placeholder=False,
        remove_overlapping_matches=True,
        ignore_literals=ignore_literals,
    )
    matches = [
        match
        for match in matcher.match(original, node_name_match=node_name_match)
        if all(wanted(match, original, pattern_graph) for wanted in match_filters or ())
    ]
    common = None
    if replacement is not None:
        common = _graph_of(replacement)
    elif replacement_callback is None:
        raise AssertionError("Must provide either a replacement GraphModule or a replacement callback")
    done = []
    replaced: dict[Node, Node] = {}  # what an earlier replacement has put in place of a Node
    for match in matches:
        graph = common
        if replacement_callback is not None:
            graph = replacement_callback(match, original, pattern_graph)
        if graph is None:
            raise AssertionError("There is no graph to put in the place of the pattern")
        done.append(_replace(original, pattern_graph, graph, match, replaced))
    gm.recompile()
    if isinstance(replacement, Module):
        _replace_attributes(gm, replacement)
    return done


def _replace(
    original: Graph, pattern: Graph, replacement: Graph, match: InternalMatch, replaced: dict[Node, Node]
) -> ReplacedPatterns:
    """Put the replacement for one occurrence of the pattern."""
    inputs = [node for node in replacement.nodes if node.op == "placeholder"]
    if len(match.placeholder_nodes) != len(inputs):
        raise AssertionError(
            f"The pattern has {len(match.placeholder_nodes)} inputs, but the replacement has {len(inputs)}"
        )
    copies: dict[Node, Any] = {}
    for index, (own, given) in enumerate(zip(inputs, match.placeholder_nodes, strict=True)):
        if isinstance(given, Node):
            now = replaced.get(given, given)
            if now is not given:
                match.placeholder_nodes[index] = now
                for key, value in match.nodes_map.items():
                    if value is given:
                        match.nodes_map[key] = now
            given = now
        copies[own] = given
    with original.inserting_before(_place_for(original, match)):
        results = original.graph_copy(replacement, copies)
    results = (results,) if isinstance(results, Node) else tuple(results)  # type: ignore[arg-type]
    new = [node for node in copies.values() if not any(node is given for given in match.placeholder_nodes)]
    if len(match.returning_nodes) != len(results):
        raise AssertionError(
            f"The pattern returns {len(match.returning_nodes)} values, but the replacement {len(results)}"
        )
    for old, result in zip(match.returning_nodes, results, strict=True):
        old.replace_all_uses_with(result)
        replaced[old] = result
    for node in reversed(pattern.nodes):
        if node.op not in ("placeholder", "output"):
            original.erase_node(match.nodes_map[node])
    return ReplacedPatterns(match.anchors[0], match.nodes_map, new)


def _place_for(original: Graph, match: InternalMatch) -> Node | None:
    """The Node before which the replacement goes: the first user of the occurrence's results, or what follows it."""
    users = {user for node in match.returning_nodes for user in node.users}
    if users:
        return min(users)
    following = None
    for node in reversed(original.nodes):
        if node in match.returning_nodes:
            break
        following = node
    return following
