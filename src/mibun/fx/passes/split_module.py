"""split_module: a graph taken apart into GraphModules, by a number for each step."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ...nn.modules.module import Module
from .._compatibility import compatibility
from ..graph import Graph
from ..graph_module import GraphModule, _get_attr
from ..node import Node, map_arg

__all__ = ["Partition", "split_module"]


@compatibility(is_backward_compatible=True)
class Partition:
    """One part: its Nodes by name, what it needs and gives, which parts it comes after, and its graph."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.submod_name = f"submod_{name}"
        self.node_names: list[str] = []
        self.inputs: dict[str, None] = {}
        self.outputs: dict[str, None] = {}
        self.dependencies: dict[str, None] = {}
        self.dependents: dict[str, None] = {}
        self.graph = Graph()
        self.environment: dict[Node, Node] = {}
        self.targets: dict[str, Any] = {}

    def __repr__(self) -> str:
        return (
            f"name: {self.name},\n nodes: {self.node_names},\n inputs: {self.inputs},\n outputs: {self.outputs},\n "
            f"partitions depended on: {self.dependencies},\n partition dependents: {self.dependents}"
        )


def _get_attr_from_qualname(mod: Module, qualname: str) -> Any:
    return _get_attr(mod, qualname)


@compatibility(is_backward_compatible=True)
def split_module(
    m: GraphModule,
    root_m: Module,
    split_callback: Callable[[Node], int],
    qualname_map: dict[str, str] | None = None,
    keep_original_order: bool | None = False,
    keep_original_node_name: bool | None = False,
    keep_original_input_name: bool = True,
    *,
    partition_affix: str | None = None,
    tuple_return: bool = False,
) -> GraphModule:
    """A GraphModule that calls one submodule `submod_N` for each number that `split_callback` gives for a Node.

    root_m: the Module that has the parts. qualname_map: is filled with new -> old dotted names. keep_original_order:
    the parts come in the order of their first Nodes, where they need not come in that of the numbers.
    keep_original_node_name, keep_original_input_name: Nodes and inputs of the parts are called as before.
    partition_affix: `submod_AFFIX_N`. tuple_return: each part gives a tuple, also of one value. RuntimeError where the
    parts depend on each other in a circle.

    >>> import mibun as torch
    >>> from mibun import fx
    >>> from mibun.fx.passes.split_module import split_module
    >>> traced = fx.symbolic_trace(lambda x: torch.relu(x) + 1)
    >>> parts = split_module(traced, traced, lambda node: 0 if node.name == "relu" else 1)
    >>> [name for name, _ in parts.named_children()], parts(torch.tensor(-2.))
    (['submod_0', 'submod_1'], tensor(1.))
    """
    splitter = _Splitter(m, root_m, split_callback, qualname_map, partition_affix)
    splitter.assign()
    order = splitter.ordered(bool(keep_original_order))
    splitter.fill(order, bool(keep_original_node_name), keep_original_input_name)
    return splitter.assembled(order, tuple_return)


class _Splitter:
    def __init__(
        self,
        m: GraphModule,
        root_m: Module,
        split_callback: Callable[[Node], int],
        qualname_map: dict[str, str] | None,
        affix: str | None,
    ) -> None:
        self.m, self.root, self.callback, self.names = m, root_m, split_callback, qualname_map
        self.affix = affix
        self.partitions: dict[str, Partition] = {}
        self.part_of: dict[Node, str] = {}
        self.original = {node.name: node for node in m.graph.nodes}

    def assign(self) -> None:
        """Give each step its part, and note what goes between the parts."""
        for node in self.m.graph.nodes:
            if node.op in ("placeholder", "get_attr", "output"):
                continue
            name = str(self.callback(node))
            if name not in self.partitions:
                label = name if self.affix is None else f"{self.affix}_{name}"
                self.partitions[name] = Partition(label)
            self.partitions[name].node_names.append(node.name)
            self.part_of[node] = name
        for node in self.m.graph.nodes:
            if node.op == "output":
                map_arg(node.args[0], lambda used: self._crosses(used, None))
            elif node in self.part_of:
                for used in node.all_input_nodes:
                    self._crosses(used, node)

    def _crosses(self, used: Node, user: Node | None) -> Any:
        origin = self.part_of.get(used)
        target = None if user is None else self.part_of.get(user)
        if origin == target:
            return used
        if origin is not None:
            self.partitions[origin].outputs.setdefault(used.name)
            if target is not None:
                self.partitions[origin].dependents.setdefault(target)
        if target is not None:
            self.partitions[target].inputs.setdefault(used.name)
            if origin is not None:
                self.partitions[target].dependencies.setdefault(origin)
        return used

    def ordered(self, keep: bool) -> list[str]:
        """The parts in an order in which each comes after those that it depends on."""
        if keep:
            return self._by_first_node()
        done: list[str] = []
        ready = [name for name, part in self.partitions.items() if not part.dependencies]
        left = {name: dict(part.dependencies) for name, part in self.partitions.items()}
        while ready:
            name = ready.pop(0)
            done.append(name)
            for dependent in self.partitions[name].dependents:
                left[dependent].pop(name)
                if not left[dependent]:
                    ready.append(dependent)
        if len(done) != len(self.partitions):
            raise RuntimeError("cycle exists between partitions!")
        return done

    def _by_first_node(self) -> list[str]:
        waiting = dict.fromkeys(self.partitions)
        done: list[str] = []
        while waiting:
            name = next(
                (one for one in waiting if all(needed in done for needed in self.partitions[one].dependencies)), None
            )
            if name is None:
                raise RuntimeError("cycle exists between partitions!")
            done.append(name)
            waiting.pop(name)
        return done

    def fill(self, order: list[str], keep_names: bool, keep_inputs: bool) -> None:
        """Write the graph of each part."""
        for name in order:
            part = self.partitions[name]
            for index, used in enumerate(part.inputs):
                node = self.original[used]
                if node.op == "get_attr" and keep_inputs is None:
                    continue
                label = used if keep_inputs else f"arg_{index}"
                made = part.graph.placeholder(label, type_expr=node.type)
                made.meta = node.meta.copy()
                part.environment[node] = made
        for node in self.m.graph.nodes:
            if node not in self.part_of:
                continue
            part = self.partitions[self.part_of[node]]
            args = map_arg(node.args, lambda one, part=part: part.environment[one])
            kwargs = map_arg(node.kwargs, lambda one, part=part: part.environment[one])
            target = node.target
            if node.op == "call_module":
                assert isinstance(target, str)
                flat = target.replace(".", "_")
                part.targets[flat] = _get_attr_from_qualname(self.root, target)
                if self.names is not None:
                    self.names[f"{part.submod_name}.{flat}"] = target
                target = flat
            label = node.name if keep_names else None
            made = part.graph.create_node(node.op, target, args, dict(kwargs), label, node.type)
            made.meta = node.meta.copy()
            made._called_as = node._called_as
            part.environment[node] = made

    def assembled(self, order: list[str], tuple_return: bool) -> GraphModule:
        """The graph that calls the parts."""
        base = Graph()
        attributes: dict[str, Any] = {}
        environment: dict[str, Any] = {}
        for node in self.m.graph.nodes:
            if node.op == "placeholder":
                args = (node.args[0],) if node.args else ()
                made = base.create_node("placeholder", node.target, args, {}, None, node.type)
                made.meta = node.meta.copy()
                environment[node.name] = made
            elif node.op == "get_attr":
                made = base.get_attr(node.target, type_expr=node.type)
                made.meta = node.meta.copy()
                environment[node.name] = made
                attributes[node.target] = _get_attr_from_qualname(self.m, node.target)
        for name in order:
            part = self.partitions[name]
            results = [part.environment[self.original[one]] for one in part.outputs]
            if results or tuple_return:
                single = len(results) == 1 and not tuple_return
                part.graph.output(results[0] if single else tuple(results))
            else:
                part.graph.output(())
            attributes[part.submod_name] = GraphModule(part.targets, part.graph)
            inputs = tuple([environment[one] for one in part.inputs])
            call = base.call_module(part.submod_name, inputs)
            if len(results) == 1 and not tuple_return:
                call.meta = self.original[next(iter(part.outputs))].meta.copy()
                environment[next(iter(part.outputs))] = call
                continue
            from ..proxy import Proxy

            proxy = Proxy(call)
            for index, output in enumerate(part.outputs):
                taken = proxy[index].node
                taken.meta = self.original[output].meta.copy()
                environment[output] = taken
        for node in self.m.graph.nodes:
            if node.op == "output":
                made = base.output(map_arg(node.args[0], lambda one: environment[one.name]), type_expr=node.type)
                made.meta = node.meta.copy()
        made_module = GraphModule(attributes, base)
        made_module.meta.update(copy.copy(self.m.meta))
        return made_module
