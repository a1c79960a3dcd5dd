"""The nodes of operators: where their gradients go, and what is saved at forward time for the rules.

How the rules are called at backward time is in `rules.py`; most nodes are made by the text of `template.py`.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from ..core.batching import LiftBackward
from ..core.mode import MODE
from ..core.naming import shown_module
from ..core.node import Node, VersionCounter, freed_error, new_counter, version_error
from ..core.registry import OPERATOR_NODES
from ..core.tangents import set_tangent
from ..core.tensor import Tensor, wrap
from ..core.views import NOWHERE_EDGE, counter_of
from .saved import ALWAYS_STALE, pack_node, raw_saved_attribute, saved_value, unpack_node
from .saved_names import saved_attribute, saved_names


class _Freed:
    """In the place of the counter of what was saved and has been freed: no version is this one."""

    version = None


FREED: Any = _Freed()
NO_PARAMS: dict[str, Any] = {}

# What a node of an operator holds. It is all in slots, and that of an operator of one or two operands and one output
# (`op.compact`) in slots of its own, as the garbage collector looks at each tuple, too: then a node is one object. (It
# looks at each slot as well, and a new node is filled with zeros: the fewer there are, the better.)
_ALWAYS = ("op", "sequence_nr", "code", "offset", "shape", "dtype", "hooks", "metas", "params", "xp", "rare", "many")
_COMPACT = ("e0", "n0", "e1", "n1", "v0", "v1", "v2", "c0", "c1", "c2", "k0", "k1", "k2")
_SHAPES = ("operand_shapes", "operand_dtypes")
_VALUES, _COUNTERS, _EXPECTED = ("v0", "v1", "v2"), ("c0", "c1", "c2"), ("k0", "k1", "k2")


class _Rare:
    """An attribute that few nodes have: its value is in the dict `rare`, if the node has one."""

    def __init__(self, default: Any) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, node: Any, owner: type) -> Any:
        return self.default if node is None or node.rare is None else node.rare.get(self.name, self.default)

    def __set__(self, node: Any, value: Any) -> None:
        if node.rare is None:
            node.rare = {}
        node.rare[self.name] = value


class OpNode(Node):
    """A recorded operator. `saved` holds operands, outputs and residuals, None where no rule needs them.

    Nodes of all operators are of this one class, which the engine and the generated texts access quickly; one that a
    user looks at gets the class that PyTorch has for its operator (`shown`).

    Of a compact node `e0` and `n0` are the edge to the first operand (a node and the number of its output, or a leaf
    and None; `e0` alone is None where no gradient is wanted), `v0` is its saved value, `c0` that one's version counter
    (None for a number) and `k0` the version then; the output comes after the operands. Only `op.slots` are in use. Any
    other has its edges in `many`, which is None for a compact one, and what it has saved in `kept`.
    """

    __slots__ = (*_ALWAYS, *_COMPACT, *_SHAPES, "__weakref__")

    _tangent_: Any = _Rare(None)  # level -> (of the operands, of the outputs): what forward mode over this one needs
    dead_ends: Any = _Rare(())  # which operands required grad without a history
    numbers: Any = _Rare(())  # which operands were Python numbers: no hook sees those
    packed: Any = _Rare(None)  # what saved-tensor hooks made of the saved values
    operands: Any = _Rare(())  # the Tensors themselves, while hooks are still to see those that are saved
    _metadata: Any = _Rare(None)

    if TYPE_CHECKING:
        op: Any
        params: dict[str, Any]
        xp: Any
        many: tuple | None
        rare: dict[str, Any] | None
        kept: tuple | None
        kept_counters: tuple[VersionCounter, ...]
        kept_versions: tuple[int, ...]  # of the counters, when the values were saved; empty if all were 0
        operand_shapes: tuple
        operand_dtypes: tuple
        e0: Any
        n0: Any
        e1: Any
        n1: Any

    @property
    def n_outputs(self) -> int:  # type: ignore[override]
        """How many outputs have a gradient."""
        return 1 if self.metas is None else len(self.metas)

    @property
    def hidden(self) -> tuple[int, ...]:  # type: ignore[override]
        """Edges to operands that have no derivative."""
        return self.op.hidden

    @property
    def absent(self) -> tuple[int, ...]:  # type: ignore[override]
        """Places at which the user sees an edge to nothing."""
        return self.op.absent

    def class_name(self) -> str:
        return self.op.node_name if type(self) is OpNode else type(self).__name__

    # --- edges and saved values, however they are held ---

    @property
    def edges(self) -> tuple:  # type: ignore[override]
        """Where the gradients go: for each operand (node, output number), (leaf, None) or None."""
        if self.many is not None:
            return self.many
        first = None if self.e0 is None else (self.e0, self.n0)
        if self.e1 is not None:
            return first, (self.e1, self.n1)
        return (first,) if len(self.op.operands) == 1 else (first, None)

    @edges.setter
    def edges(self, edges: tuple) -> None:
        if not self.op.compact:
            self.many = edges
            return
        self.many = self.e0 = self.e1 = None
        if edges[0] is not None:
            self.e0, self.n0 = edges[0]
        if len(edges) > 1 and edges[1] is not None:
            self.e1, self.n1 = edges[1]

    @property
    def saved(self) -> Any:  # type: ignore[override]
        """The saved values by slots, () if there are none, None when they have been freed."""
        if self.many is not None:
            return self.kept
        slots = self.op.slots
        if not slots or self._is_freed():
            return None if slots else ()
        found = [getattr(self, _VALUES[i]) if i in slots else None for i in range(len(self.op.operands) + 1)]
        if self.packed is None and all([value is None for value in found]):
            return ()
        return tuple(found)

    def _is_freed(self) -> bool:
        return getattr(self, _COUNTERS[self.op.slots[0]]) is FREED

    @property
    def counters(self) -> tuple:  # type: ignore[override]
        """The version counters of the saved values that have one, in their order."""
        if self.many is not None:
            return self.kept_counters
        return tuple([counter for counter, _ in self._counted()])

    @property
    def versions(self) -> tuple:
        """The versions of the counters when the values were saved; empty if all were 0."""
        if self.many is not None:
            return self.kept_versions
        return tuple([version for _, version in self._counted()])

    def _counted(self) -> list:
        if not self.op.slots or self._is_freed():
            return []
        pairs = [(getattr(self, _COUNTERS[i]), getattr(self, _EXPECTED[i], 0)) for i in self.op.slots]
        return [pair for pair in pairs if pair[0] is not None]

    def become_packed(self, entries: tuple) -> None:
        """Let hooks have the saved values: what is asked for is unpacked from `entries`."""
        self.packed = entries
        self.own_hooks()  # so that no plain backward runs it, in which nobody could find out by which one it is asked
        if self.many is not None:
            self.kept = (None,) * len(entries)
            self.kept_counters, self.kept_versions = (ALWAYS_STALE,), (-1,)
            return
        for i in self.op.slots:
            setattr(self, _VALUES[i], None)
            setattr(self, _COUNTERS[i], None)
        first = self.op.slots[0]
        setattr(self, _COUNTERS[first], ALWAYS_STALE)
        setattr(self, _EXPECTED[first], -1)

    def release(self) -> None:
        if self.many is not None:
            if self.kept:
                self.packed = None
                self.kept, self.kept_counters = None, ()
        elif self.op.slots and self.saved:
            self.packed = None
            for i in self.op.slots:
                setattr(self, _VALUES[i], None)
                setattr(self, _COUNTERS[i], FREED)
                setattr(self, _EXPECTED[i], 0)

    def with_edges(self, edges: tuple) -> OpNode:
        copy = OpNode()
        copy.op, copy.xp, copy.params, copy.many = self.op, self.xp, self.params, self.many
        copy.sequence_nr, copy.code, copy.offset = self.sequence_nr, self.code, self.offset
        copy.shape, copy.dtype, copy.hooks, copy.metas = self.shape, self.dtype, self.hooks, self.metas
        if self.many is not None:
            copy.kept, copy.kept_counters, copy.kept_versions = self.kept, self.kept_counters, self.kept_versions
        for i in self.op.slots:
            for names in (_VALUES, _COUNTERS, _EXPECTED):
                setattr(copy, names[i], getattr(self, names[i], None))
        if hasattr(self, "operand_shapes"):
            copy.operand_shapes = self.operand_shapes
        if hasattr(self, "operand_dtypes"):
            copy.operand_dtypes = self.operand_dtypes
        copy.rare = None if self.rare is None else dict(self.rare)
        copy.edges = edges
        return copy

    # --- saving ---

    def save_operands(self, plan: Plan, operands: Any, arrays: Any, residuals: tuple) -> None:
        """Save what the rules will need; an operand that is None here gets no version check (it is a private copy)."""
        if plan.shapes:
            self.operand_shapes = tuple([getattr(a, "shape", ()) for a in arrays])
        if plan.dtypes:
            self.operand_dtypes = tuple([getattr(a, "dtype", None) for a in arrays])
        if self.many is None:
            for i in plan.operands:
                self._save(i, arrays[i], self._counter(i, operands[i]))
            return
        keep = plan.operands
        if keep:
            saved: list = [None] * plan.size
            if plan.variadic:
                saved[0] = tuple(arrays)
                keep = range(len(arrays))
            counters, versions = [], []
            for i in keep:
                if not plan.variadic:
                    saved[i] = arrays[i]
                counter = self._counter(i, operands[i])
                if counter is not None:
                    counters.append(counter)
                    versions.append(counter.version)
            if plan.residuals:
                saved[plan.size - len(residuals) :] = residuals
            self.kept = tuple(saved)
            self.kept_counters = tuple(counters)
            if any(versions):
                self.kept_versions = tuple(versions)
        elif plan.residuals:
            self.kept = (*(None,) * (plan.size - len(residuals)), *residuals)

    def _counter(self, i: int, operand: Any) -> VersionCounter | None:
        """The counter of an operand that is saved; None for a number."""
        if operand is None:  # a private copy: a counter that nothing moves keeps the counters in step with the values
            return new_counter()
        if not isinstance(operand, Tensor):
            self.numbers += (i,)
            return None
        return counter_of(operand)

    def _save(self, slot: int, value: Any, counter: VersionCounter | None) -> None:
        setattr(self, _VALUES[slot], value)
        setattr(self, _COUNTERS[slot], counter)
        setattr(self, _EXPECTED[slot], 0 if counter is None else counter.version)

    def save_outputs(self, plan: Plan, tensors: Any, mode: Any) -> None:
        """Save the outputs that the rules need, as they are now: after an in-place operation has bumped the version."""
        if plan.outputs and self.many is None:
            self._save(plan.n_operands, tensors[0]._array_, counter_of(tensors[0]))
        elif plan.outputs:
            saved = list(self.kept or (None,) * plan.size)
            counters = []
            for i in plan.outputs:
                saved[plan.n_operands + i] = tensors[i]._array_
                counters.append(counter_of(tensors[i]))
            self.kept = tuple(saved)
            versions = [counter.version for counter in counters]
            if self.kept_versions or any(versions):
                self.kept_versions = (*(self.kept_versions or (0,) * len(self.kept_counters)), *versions)
            self.kept_counters += tuple(counters)
        if mode.saved_hooks:
            pack_node(self, mode, tensors)

    def run(self, grad: Any) -> tuple:
        return self.op.run(self, grad)

    def run_recorded(self, grad: Any) -> tuple:
        return self.op.run_recorded(self, grad)

    def run_batched(self, grad: Any) -> tuple:
        return self.op.run_batched(self, grad)

    def has_saved(self) -> bool:
        """Whether anything is kept that a release would free."""
        return bool(self.saved)

    def stale(self) -> tuple:
        """Some saved value is not as it was: unpack it if hooks packed it, else say what freed or modified it."""
        if self.saved is None:
            raise freed_error(self)
        if self.packed is not None:
            return unpack_node(self)
        self._raise_version_error()
        return self.saved

    def _raise_version_error(self) -> None:
        arrays = []
        for slot, value in enumerate(self.saved):
            for array in value if type(value) is tuple else (value,):
                if array is not None:
                    arrays.append((slot, array))
        numbers = [] if self.many is not None else [i for i in self.op.slots if getattr(self, _COUNTERS[i]) is None]
        arrays = [pair for pair in arrays if pair[0] not in numbers]
        for index, (counter, version) in enumerate(zip(self.counters, self.versions or repeat(0), strict=False)):
            if counter.version != version:
                slot, array = arrays[min(index, len(arrays) - 1)]
                n = len(self.op.operands)
                edge = (self, slot - n) if slot >= n else None if self.op.variadic else self.edges[slot]
                producer = edge if edge is not None and edge[1] is not None else None
                raise version_error(self, array.shape, array.dtype, counter, version, producer)

    def tensors(self, values: Any = None) -> tuple:
        """The saved values as Tensors with their place in the graph, for recording the backward itself.

        values: the raw ones, where they have been fetched already.
        """
        if values is None and self.many is None and (self.rare is None or self.packed is None):
            return self._tensors_in_slots()
        if values is None:
            values = self.saved
            if values is None:
                raise freed_error(self)
            for counter, version in zip(self.counters, self.versions or repeat(0), strict=False):
                if counter.version != version:
                    values = self.stale()
                    break
        op = self.op
        n = len(op.operands)
        # What is recorded now may save these again, so they go on sharing the versions of what they were saved from.
        counters = iter(self.counters if self.packed is None else ())
        result = []
        for slot, value in enumerate(values):
            if value is None:
                result.append(None)
            elif op.variadic and slot == 0:
                pairs = zip(value, self.edges, strict=True)
                result.append(tuple(saved_tensor(v, e, next(counters, None)) for v, e in pairs))
            elif slot < n:
                is_number = slot in self.numbers or not hasattr(value, "dtype")
                edge = NOWHERE_EDGE if slot in self.dead_ends else self.edges[slot]
                result.append(saved_tensor(value, edge, None if is_number else next(counters, None)))
            else:
                index = slot - n
                is_output = index < self.n_outputs
                edge = (self, index) if is_output and value.dtype.kind not in "biu" else None
                result.append(saved_tensor(value, edge, next(counters, None) if is_output else None))
        if self._tangent_ is not None and MODE.get().dual_level >= 0:
            self._set_tangents(result)
        return tuple(result)

    def _tensors_in_slots(self) -> tuple:
        """`tensors` of a compact node that no hooks have packed."""
        op = self.op
        n = len(op.operands)
        result: list = [None] * (n + 1)
        some = False
        dead_ends = () if self.rare is None else self.dead_ends
        for i in op.slots:
            counter = getattr(self, _COUNTERS[i])
            if counter is not None and counter.version != getattr(self, _EXPECTED[i]):
                self.stale()  # raises
            value = getattr(self, _VALUES[i])
            if value is not None:
                some = True
                if i == n:
                    edge: Any = None if value.dtype.kind in "biu" else (self, 0)
                elif i in dead_ends:
                    edge = NOWHERE_EDGE
                elif i == 0:
                    edge = None if self.e0 is None else (self.e0, self.n0)
                else:
                    edge = None if self.e1 is None else (self.e1, self.n1)
                result[i] = saved_tensor(value, edge, counter)
        if self.rare is not None and self._tangent_ is not None and MODE.get().dual_level >= 0:
            self._set_tangents(result)
        return tuple(result) if some else ()

    def _set_tangents(self, values: list) -> None:
        if not values:
            return
        for level in MODE.get().dual_levels:
            if level not in self._tangent_:
                continue
            operands, outputs = self._tangent_[level]
            flat = [*(values[0] or (None,) * len(operands)), *values[1:]] if self.op.variadic else values
            for value, tangent in zip(flat, (*operands, *outputs), strict=False):
                if tangent is not None and isinstance(value, Tensor) and level not in (value._tangent_ or ()):
                    set_tangent(value, tangent, level)

    def fill(self, grads: list, xp: Any) -> list:
        """Zeros for the outputs that got no gradient, for the rules of operators with several outputs."""
        return [
            xp.zeros(meta[0], dtype=meta[1]) if grad is None else grad
            for grad, meta in zip(grads, self.metas or (), strict=True)
        ]

    def shown(self) -> OpNode:
        """This node, given the attributes of what it has saved.

        It gets them with the class of the nodes that users see, as few nodes are ever looked at: a class that has a
        `__getattr__` makes every access to an attribute slower.
        """
        if type(self) is OpNode:
            self.__class__ = self.op.node_class
        return self


# One that is not compact has all that it has saved in the places of the first value of one that is.
OpNode.kept, OpNode.kept_counters, OpNode.kept_versions = OpNode.v0, OpNode.c0, OpNode.k0  # type: ignore[attr-defined]

OPERATOR_NODES.append(OpNode)


class Shown(OpNode):
    """A recorded operator that the user has asked for: it tells what it has saved."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_saved_"):
            return saved_attribute(self, name[len("_saved_") :], saved_value)
        if name.startswith("_raw_saved_"):
            return raw_saved_attribute(self, name[len("_raw_saved_") :])
        raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *saved_names(self)})


def make_node_class(op: Any) -> type[Shown]:
    """The class that users see of an operator's nodes."""
    made: Any = type
    # Made by a call, it has no class statement for `inspect.getsource` to show; the module is where nodes are public.
    module = shown_module("mibun.autograd.graph", op.node_name)
    return made(op.node_name, (Shown,), {"__slots__": (), "__module__": module, "declared": op})


def saved_tensor(array: Any, edge: Any, counter: VersionCounter | None) -> Any:
    """A Tensor for a saved array: the leaf itself where it is one, else a new Tensor at the same place in the graph."""
    while edge is not None and type(edge[0]) is LiftBackward:
        edge = edge[0].edges[0]  # the place of the operand itself: what is recorded now is lifted for itself
    if edge is not None and edge[1] is None and edge[0]._array_ is array:
        return edge[0]
    if not hasattr(array, "dtype"):
        return array
    tensor = wrap(array)
    tensor._edge_ = edge
    tensor._version_counter_ = counter
    return tensor


class Plan:
    """What one operator saves for one choice of operands that need a gradient."""

    __slots__ = ("dtypes", "n_operands", "operands", "outputs", "residuals", "shapes", "size", "variadic")

    def __init__(self, op: Any, needs: tuple[bool, ...]) -> None:
        self.variadic = op.variadic
        names: set[str] = set()
        if op.joint is not None:
            names.update(argument_names(op.joint))
        else:
            for name, need in zip(op.operands, needs, strict=True):
                if need and name not in op.constant:
                    if name not in op.vjp:
                        raise RuntimeError(
                            f"the derivative for '{name}' of {op.name}() is not implemented, and that operand requires "
                            "grad. detach() it if no gradient is wanted."
                        )
                    names.update(argument_names(op.vjp[name]))
        outputs = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
        self.operands = tuple(i for i, name in enumerate(op.operands) if name in names)
        self.outputs = tuple(i for i, name in enumerate(outputs) if name in names)
        self.residuals = any(name in names for name in op.residuals)
        of_operands = [name for name in names if name not in op.params and not name.startswith("out_")]
        self.dtypes = any([name.endswith(("_dtype", "_dtypes")) for name in of_operands])
        self.shapes = self.dtypes or any([name.endswith(("_shape", "_shapes")) for name in of_operands])
        self.n_operands = len(op.operands)
        self.size = len(op.operands) + len(outputs) + len(op.residuals)


def plan(op: Any, needs: tuple[bool, ...]) -> Plan:
    """The operator's plan for these needs (made once)."""
    found = op.plans.get(needs)
    if found is None:
        found = op.plans[needs] = Plan(op, needs)
    return found


def argument_names(rule: Any) -> tuple[str, ...]:
    code = rule.__code__
    return code.co_varnames[2 : code.co_argcount]


def slots_of(op: Any) -> tuple[int, ...]:
    """Which of its operands (and, after those, its output) a compact operator's rules may want saved, for any needs."""
    rules = [op.joint] if op.joint is not None else op.vjp.values()
    names = {name for rule in rules if rule is not None for name in argument_names(rule)}
    return tuple([i for i, name in enumerate((*op.operands, "out")) if name in names])


__all__ = [
    "FREED",
    "NO_PARAMS",
    "OpNode",
    "Plan",
    "argument_names",
    "make_node_class",
    "plan",
    "saved_tensor",
    "slots_of",
]
