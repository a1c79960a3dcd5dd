"""Where a small graph occurs in a large one.

The search is the plain one: from each result of the pattern backwards along the arguments, trying all candidates for
one result after another (backtracking).
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ....core.tensor import Tensor
from ..._compatibility import compatibility
from ...graph import Graph
from ...graph_module import _get_attr
from ...node import Node
from .partitions import validate_partition

__all__ = ["SubgraphMatcher", "InternalMatch"]

logger = logging.getLogger(__name__)


@compatibility(is_backward_compatible=False)
@dataclass
class InternalMatch:
    """One occurrence of a pattern.

    anchors: the pattern's Nodes that the search began from. nodes_map: the pattern's Node -> the graph's. In the
    graph: placeholder_nodes, what the pattern's inputs are (Nodes or constants), in order; returning_nodes, what it
    returns. name_node_map: names given to Nodes of the pattern -> the graph's.
    """

    anchors: list[Node]
    nodes_map: dict[Node, Any] = field(default_factory=dict)
    placeholder_nodes: list[Any] = field(default_factory=list)
    returning_nodes: list[Node] = field(default_factory=list)
    name_node_map: dict[str, Node] = field(default_factory=dict)

    def __copy__(self) -> InternalMatch:
        return InternalMatch(
            anchors=self.anchors,
            nodes_map=self.nodes_map.copy(),
            placeholder_nodes=self.placeholder_nodes.copy(),
            returning_nodes=self.returning_nodes.copy(),
        )


@compatibility(is_backward_compatible=False)
class SubgraphMatcher:
    """Finds a pattern in graphs.

    pattern: its inputs match anything, its steps those that do the same. match_output: its output must be the graph's;
    match_placeholder: its inputs must be inputs. remove_overlapping_matches: of occurrences that share steps, the first
    counts. ignore_literals: constants may differ.

    ValueError for a pattern without steps, AssertionError for one with steps that nobody uses.
    """

    def __init__(
        self,
        pattern: Graph,
        match_output: bool = False,
        match_placeholder: bool = False,
        remove_overlapping_matches: bool = True,
        ignore_literals: bool = False,
    ) -> None:
        self.pattern = pattern
        self.match_output = match_output
        self.match_placeholder = match_placeholder
        self.remove_overlapping_matches = remove_overlapping_matches
        self.ignore_literals = ignore_literals
        if len(pattern.nodes) == 0:
            raise ValueError("SubgraphMatcher cannot be initialized with an empty pattern")
        for node in pattern.nodes:
            if node.op != "output" and not node.is_impure() and not node.users:
                raise AssertionError("SubgraphMatcher cannot be initialized with an pattern with dead code")
        self.pattern_placeholder_nodes = [node for node in pattern.nodes if node.op == "placeholder"]
        output_node = next(iter(reversed(pattern.nodes)))
        self.pattern_returning_nodes: list[Node] = output_node.all_input_nodes
        self.pattern_anchors: list[Node] = (
            [output_node] if match_output else [node for node in output_node.all_input_nodes if len(node.users) == 1]
        )

    def _match_attributes(self, pn: Node, gn: Node) -> bool:
        """Whether two attributes may stand for each other: both Tensors. RuntimeError for other objects."""
        ours = _get_attr(pn.graph.owning_module, pn.target)  # type: ignore[arg-type]
        theirs = _get_attr(gn.graph.owning_module, gn.target)  # type: ignore[arg-type]
        if type(ours) is not type(theirs):
            return False
        if isinstance(ours, Tensor):
            return isinstance(theirs, Tensor)
        raise RuntimeError(f"Unsupported type {ours} when matching attributes")

    def _nodes_are_equal(self, pn: Node, gn: Node, node_name_match: str = "") -> bool:
        """Whether two Nodes do the same, apart from their arguments."""
        if node_name_match and node_name_match in gn.name:
            return True
        if not self.match_placeholder and pn.op == "placeholder":
            return True
        if pn.op != gn.op:
            return False
        if pn.op in ("placeholder", "output"):
            return True
        if pn.op == "get_attr":
            return self._match_attributes(pn, gn)
        return pn.target == gn.target

    def _is_contained(self, nodes_map: dict[Node, Any]) -> bool:
        """Whether what is computed on the way is used inside of the occurrence only."""
        inside = {gn: pn for pn, gn in nodes_map.items() if isinstance(gn, Node)}
        for gn, pn in inside.items():
            if pn.op == "placeholder" or pn in self.pattern_returning_nodes:
                continue
            if any(user not in inside for user in gn.users):
                return False
        return True

    def _remove_overlapping_matches(self, matches: list[InternalMatch]) -> list[InternalMatch]:
        taken: set[Any] = set()
        kept = []
        for match in matches:
            steps = [gn for pn, gn in match.nodes_map.items() if pn.op not in ("placeholder", "output")]
            if taken.isdisjoint(steps):
                kept.append(match)
                taken.update(steps)
        return kept

    def _match_literals(self, pn: Any, gn: Any, match: InternalMatch) -> bool:
        """Whether two arguments agree of which at most one is a Node: an input of the pattern may be a constant."""
        if isinstance(pn, Node):
            if pn.op != "placeholder":
                return False
            if pn in match.nodes_map:
                return match.nodes_map[pn] == gn
            match.nodes_map[pn] = gn
            return True
        if isinstance(gn, Node):
            return False
        return type(gn) is type(pn) if self.ignore_literals else pn == gn

    def _match_arguments(self, ours: Any, theirs: Any, match: InternalMatch) -> bool:
        if len(ours) != len(theirs):
            return False
        for a, b in zip(ours, theirs, strict=True):
            if isinstance(a, Node) and isinstance(b, Node):
                agree = self._match_nodes(a, b, match)
            elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
                agree = self._match_arguments(a, b, match)
            else:
                agree = self._match_literals(a, b, match) or a is b
            if not agree:
                return False
        return True

    def _match_nodes(self, pn: Node, gn: Node, match: InternalMatch, node_name_match: str = "") -> bool:
        """Whether a Node of the pattern may be one of the graph, with all before it; `match` notes what is what."""
        if isinstance(pn, Node) and pn in match.nodes_map:
            return match.nodes_map[pn] is gn
        if any(gn is taken for taken in match.nodes_map.values()):
            return False
        if not self._nodes_are_equal(pn, gn, node_name_match):
            return False
        before = copy.copy(match)
        match.nodes_map[pn] = gn
        if pn.op == "placeholder":
            return True
        found = self._same_arguments(pn, gn, match)
        if not found:
            match.nodes_map = before.nodes_map
        return found

    def _same_arguments(self, pn: Node, gn: Node, match: InternalMatch) -> bool:
        if len(pn.args) != len(gn.args) or list(pn.kwargs) != list(gn.kwargs):
            return False
        ours = [*pn.args, *pn.kwargs.values()]
        theirs = [*gn.args, *gn.kwargs.values()]
        return self._match_arguments(ours, theirs, match)

    def match(self, graph: Graph, node_name_match: str = "") -> list[InternalMatch]:
        """All occurrences of the pattern in a graph, in its order.

        node_name_match: Nodes with this in their names are taken for the pattern's results.
        """
        candidates = {
            anchor: [node for node in graph.nodes if self._nodes_are_equal(anchor, node, node_name_match)]
            for anchor in self.pattern_anchors
        }
        found = []
        if self.pattern_anchors:
            for match in self._assignments(0, candidates, InternalMatch(self.pattern_anchors), node_name_match):
                match.placeholder_nodes = [match.nodes_map[pn] for pn in self.pattern_placeholder_nodes]
                match.returning_nodes = [match.nodes_map[pn] for pn in self.pattern_returning_nodes]
                found.append(match)
        kept = []
        for match in found:
            if not self._is_contained(match.nodes_map):
                continue
            steps = [gn for pn, gn in match.nodes_map.items() if pn.op not in ("placeholder", "output")]
            if validate_partition(steps):
                kept.append(match)
        return self._remove_overlapping_matches(kept) if self.remove_overlapping_matches else kept

    def _assignments(
        self, index: int, candidates: dict[Node, list[Node]], match: InternalMatch, node_name_match: str
    ) -> Iterator[InternalMatch]:
        """All ways to choose Nodes for the anchors from `index` on, given those before."""
        if index == len(self.pattern_anchors):
            yield match
            return
        anchor = self.pattern_anchors[index]
        for node in candidates[anchor]:
            tried = copy.copy(match)
            if self._match_nodes(anchor, node, tried, node_name_match):
                yield from self._assignments(index + 1, candidates, tried, node_name_match)
