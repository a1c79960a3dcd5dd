"""The node classes of operators: what is saved at forward time, and how the rules are called at backward time.

For each operator one subclass of `OpNode` is made. Its `run` is generated from the names of the rules' arguments the
first time that it is called: a straight line that fetches what each rule asks for, so that a first-order backward is
little more than the rules themselves, on raw arrays.
"""

from __future__ import annotations

from functools import cache
from itertools import repeat
from typing import Any

from ..core.batching import LiftBackward
from ..core.dtypes import from_numpy_dtype
from ..core.mode import MODE
from ..core.naming import shown_module
from ..core.node import Node, VersionCounter, freed_error, version_error
from ..core.registry import namespace_of
from ..core.tangents import set_tangent
from ..core.tensor import Tensor, wrap
from ..core.views import NOWHERE_EDGE, counter_of
from ..xp import numpy_namespace
from ..xp import tensor as tensor_namespace
from .natively import natively
from .pieces import large_rules, rule_by_rows
from .saved import pack_node, raw_saved_attribute, saved_value, unpack_node
from .saved_names import saved_attribute, saved_names
from .straight_lines import keeps_complex, straight_line
from .template import IN_PIECES, RUN, RUN_RECORDED, STRAIGHT, function


class OpNode(Node):
    """A recorded operator. `saved` holds operands, outputs and residuals, None where no rule needs them."""

    op: Any = None
    xp: Any = numpy_namespace
    params: dict[str, Any] = {}
    saved: Any = ()
    counters: tuple[VersionCounter, ...] = ()
    versions: tuple[int, ...] = ()  # of the counters, when the values were saved; empty if all were 0
    operand_shapes: tuple = ()
    operand_dtypes: tuple = ()
    _tangent_: Any = None  # level -> (of the operands, of the outputs): what forward mode over this backward needs
    dead_ends: tuple[int, ...] = ()  # which operands required grad without a history
    numbers: tuple[int, ...] = ()  # which operands were Python numbers: no hook sees those
    packed: Any = None  # what saved-tensor hooks made of the saved values
    operands: Any = ()  # the Tensors themselves, while hooks are still to see those that are saved

    def save_operands(self, plan: Plan, operands: Any, arrays: Any, residuals: tuple) -> None:
        """Save what the rules will need; an operand that is None here gets no version check (it is a private copy)."""
        if plan.shapes and len(arrays) == 1:
            self.operand_shapes = (arrays[0].shape,)
            self.operand_dtypes = (arrays[0].dtype,)
        elif plan.shapes:
            self.operand_shapes = tuple([getattr(a, "shape", ()) for a in arrays])
            self.operand_dtypes = tuple([getattr(a, "dtype", None) for a in arrays])
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
                operand = operands[i]
                if operand is not None and isinstance(operand, Tensor):
                    counter = operand._version_counter_
                    if counter is None:
                        counter = operand._version_counter_ = VersionCounter()
                    counters.append(counter)
                    versions.append(counter.version)
                elif operand is not None:
                    self.numbers += (i,)
                else:  # a private copy: a counter that nothing moves keeps the counters in step with the values
                    counters.append(VersionCounter())
                    versions.append(0)
            if plan.residuals:
                saved[plan.size - len(residuals) :] = residuals
            self.saved = tuple(saved)
            self.counters = tuple(counters)
            if any(versions):
                self.versions = tuple(versions)
        elif plan.residuals:
            self.saved = (*(None,) * (plan.size - len(residuals)), *residuals)

    def save_outputs(self, plan: Plan, tensors: Any, mode: Any) -> None:
        """Save the outputs that the rules need, as they are now: after an in-place operation has bumped the version."""
        if plan.outputs:
            saved = list(self.saved or (None,) * plan.size)
            counters = []
            for i in plan.outputs:
                saved[plan.n_operands + i] = tensors[i]._array_
                counters.append(counter_of(tensors[i]))
            self.saved = tuple(saved)
            versions = [counter.version for counter in counters]
            if self.versions or any(versions):
                self.versions = (*(self.versions or (0,) * len(self.counters)), *versions)
            self.counters += tuple(counters)
        if mode.saved_hooks:
            pack_node(self, mode, tensors)

    def run(self, grad: Any) -> tuple:
        cls = self.op.node_class
        cls.run, cls.run_recorded = _generate(cls.op)  # type: ignore[method-assign]
        return self.run(grad)

    def run_recorded(self, grad: Any) -> tuple:
        cls = self.op.node_class
        cls.run, cls.run_recorded = _generate(cls.op)  # type: ignore[method-assign]
        return self.run_recorded(grad)

    def run_batched(self, grad: Any) -> tuple:
        cls = self.op.node_class
        cls.run_batched = _generate_batched(cls.op)  # type: ignore[method-assign]
        return self.run_batched(grad)

    def has_saved(self) -> bool:
        """Whether anything is kept that a release would free."""
        return bool(self.saved)

    def stale(self, values: Any) -> tuple:
        """Some saved value is not as it was: unpack it if hooks packed it, else say what modified it."""
        if self.packed is not None:
            return unpack_node(self)
        self._raise_version_error()
        return values

    def _raise_version_error(self) -> None:
        arrays = []
        for slot, value in enumerate(self.saved):
            for array in value if type(value) is tuple else (value,):
                if array is not None:
                    arrays.append((slot, array))
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
        if self.saved is None:
            raise freed_error(self)
        if values is None:
            values = self.saved
            for counter, version in zip(self.counters, self.versions or repeat(0), strict=False):
                if counter.version != version:
                    values = self.stale(values)
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
        if not isinstance(self, Shown):
            self.__class__ = _shown_class(type(self))
        return self


class Shown(OpNode):
    """A recorded operator that the user has asked for: it tells what it has saved."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_saved_"):
            return saved_attribute(self, name[len("_saved_") :], saved_value)
        if name.startswith("_raw_saved_"):
            return raw_saved_attribute(self, name[len("_raw_saved_") :])
        raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *saved_names(self)})


@cache
def _shown_class(kind: type[OpNode]) -> type[Shown]:
    made: Any = type  # (of the order of the bases checkers know too little)
    return made(kind.__name__, (kind, Shown), {"__module__": kind.__module__})


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

    __slots__ = ("n_operands", "operands", "outputs", "residuals", "shapes", "size", "variadic")

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
        suffixes = ("_shape", "_dtype", "_shapes", "_dtypes")
        self.operands = tuple(i for i, name in enumerate(op.operands) if name in names)
        self.outputs = tuple(i for i, name in enumerate(outputs) if name in names)
        self.residuals = any(name in names for name in op.residuals)
        self.shapes = any(
            name.endswith(suffixes) and name not in op.params and not name.startswith("out_") for name in names
        )
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


def expression(op: Any, name: str) -> str:
    """The source that fetches what the argument `name` of a rule stands for."""
    n = len(op.operands)
    outputs = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
    if name in op.operands:
        return f"values[{op.operands.index(name)}]"
    if name in outputs:
        return f"values[{n + outputs.index(name)}]"
    if name in op.residuals:
        return f"values[{n + len(outputs) + op.residuals.index(name)}]"
    if name in op.params:
        return f"node.params[{name!r}]"
    for suffix, attribute in (("_shape", "operand_shapes"), ("_dtype", "operand_dtypes")):
        if name.endswith(suffix) and name[: -len(suffix)] in op.operands:
            return f"node.{attribute}[{op.operands.index(name[: -len(suffix)])}]"
        if op.variadic and name == op.operands[0] + suffix + "s":
            return f"node.{attribute}"
    if name == "out_shape":
        return "node.shape"
    if name == "out_dtype":
        return "node.dtype"
    if name == "needs":
        return "tuple([edge is not None for edge in edges])"
    if name == "defined":
        return "defined"
    raise TypeError(f"the rule of {op.name}() asks for {name!r}, which is no operand, output, residual or parameter")


def _generate(op: Any) -> tuple[Any, Any]:
    """Write `run` and `run_recorded` for an operator."""
    blanks, scope = _filled(op)
    straight, names = _straight(op)
    scope |= names
    large, names = _in_pieces(op)
    scope |= names
    in_rows = _rules_by_rows(op)
    text = RUN.format(**blanks, xp="node.xp", large=large, straight=straight)
    run = function(text, f"backward of {op.name}", scope | in_rows)
    if op.flat or op.traced:
        blanks["result"] = f"connected(node, {blanks['result']})"
    return run, function(RUN_RECORDED.format(**blanks), f"recorded backward of {op.name}", scope)


def _rules_by_rows(op: Any) -> dict[str, Any]:
    """The rules as they are called over raw arrays, where large work is done in pieces, or in C."""
    if op.native:
        return {"joint": natively(op.joint)}
    if op.rows is None:
        return {}
    if op.joint is not None:
        return {"joint": rule_by_rows(op, op.joint, argument_names(op.joint))}
    rules = {f"rule_{i}": op.vjp.get(name) for i, name in enumerate(op.operands)}
    return {name: rule_by_rows(op, rule, argument_names(rule)) for name, rule in rules.items() if rule is not None}


def _generate_batched(op: Any) -> Any:
    """Write `run_batched`: `run` over the namespace that takes both batched arrays and others."""
    from ..xp.batched import namespace

    blanks, scope = _filled(op)
    scope["batched_namespace"] = namespace
    return function(
        RUN.format(**blanks, xp="batched_namespace", large="", straight=""), f"batched backward of {op.name}", scope
    )


def _call(op: Any, i: int) -> str:
    """The call of the rule for an operand."""
    names = argument_names(op.vjp[op.operands[i]]) if op.vjp.get(op.operands[i]) is not None else ()
    return f"rule_{i}({', '.join(['xp', 'g', *[expression(op, name) for name in names]])})"


def _gradients(op: Any, parts: dict[int, str]) -> str:
    """The tuple of all operands' gradients, where `parts` are the expressions of those that have a rule."""
    several = len(op.operands) > 1
    texts = []
    for i, operand in enumerate(op.operands):
        if op.vjp.get(operand) is None:
            texts.append("None")
        else:
            texts.append(f"{parts[i]} if edges[{i}] is not None else None" if several else parts[i])
    return f"({', '.join(texts)},)"


def _straight(op: Any) -> tuple[str, dict[str, Any]]:
    """The lines for real arrays of NumPy's, and what they name; nothing where no rule is a plain expression."""
    if op.joint is not None or op.variadic:
        return "", {}
    parts, scope = {}, {}
    found = False
    for i, operand in enumerate(op.operands):
        rule = op.vjp.get(operand)
        if rule is not None:
            line = straight_line(rule, ["g", *[expression(op, name) for name in argument_names(rule)]])
            parts[i] = _call(op, i) if line is None else line[0]
            if line is not None:
                found = True
                scope |= line[1]
    if not found or not keeps_complex(op):
        return "", {}
    scope["numpy_namespace"] = numpy_namespace
    result = _gradients(op, parts)
    for i in range(len(op.operands)) if op.scalars else ():  # what may be a Python number
        result = result.replace(f"values[{i}]", f"(v if type(v := values[{i}]) is ndarray else constant(v, g))")
    return STRAIGHT.format(result=result), scope


def _in_pieces(op: Any) -> tuple[str, dict[str, Any]]:
    """The lines for large arrays of NumPy's, and what they name; nothing for operators that are not pointwise."""
    if op.kind != "pointwise" or op.joint is not None or op.variadic or op.outputs is not None or op.residuals:
        return "", {}
    rules = [None if (rule := op.vjp.get(name)) is None else (rule, argument_names(rule)) for name in op.operands]
    texts: dict[str, str] = {}
    for name in dict.fromkeys([name for rule in rules if rule is not None for name in rule[1]]):
        if name in op.params:
            continue
        if name not in op.operands and name != "out":
            return "", {}  # a rule asks for a shape or a dtype
        texts[name] = expression(op, name)
        if len(rules) > 1:  # it is saved for some of them
            some = [f"edges[{i}] is not None" for i, rule in enumerate(rules) if rule is not None and name in rule[1]]
            texts[name] += f" if {' or '.join(some)} else None"
    scope = {"large_rules": large_rules(op, list(texts), rules), "numpy_namespace": numpy_namespace}
    return IN_PIECES.format(values="".join([f"{text}, " for text in texts.values()])), scope


def _filled(op: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """What goes into the blanks of the texts, and what that names."""
    rules: dict[str, Any] = {}
    if op.joint is not None:
        rules["joint"] = op.joint
        result = f"joint({', '.join(['xp', 'g', *(expression(op, name) for name in argument_names(op.joint))])})"
    else:
        rules = {f"rule_{i}": op.vjp[name] for i, name in enumerate(op.operands) if op.vjp.get(name) is not None}
        result = _gradients(op, {i: _call(op, i) for i in range(len(op.operands))})
    several = op.outputs is not None and (op.n_differentiable != 1 or op.outputs == "list")
    fill = "g = node.fill(g, xp)" if several else ""
    if any("defined" in argument_names(rule) for rule in rules.values()):
        fill = "defined = tuple([part is not None for part in g]); " + fill
    blanks = {
        "no_gradient": "all([part is None for part in g])" if several else "g is None",
        "fill": fill,
        "result": result,
    }
    scope = {"connected": connected, "freed_error": freed_error, "tensor_namespace": tensor_namespace, **rules}
    return blanks, scope


def connected(node: OpNode, grads: Any) -> tuple:
    """Recorded gradients, made to depend on what the operator's `flat` and `traced` say (see `op`).

    Nothing of an operand is needed for that but its place in the graph, its shape and its dtype.
    """
    if not MODE.get().grad:
        return grads
    flat, traced = _places(node, node.op.flat), _places(node, node.op.traced)
    results = []
    for grad in grads:
        if grad is not None:
            for place in flat:
                grad = _connect(node, grad, place, zeros=True)
            if traced and not grad.requires_grad:
                grad = _connect(node, grad, traced[0], zeros=False)
        results.append(grad)
    return tuple(results)


def _connect(node: OpNode, grad: Tensor, place: Tensor, zeros: bool) -> Tensor:
    grad = tensor_namespace.connect(grad, place, zeros=zeros)
    if type(grad._edge_) is tuple:  # recorded: the node gets the name that PyTorch gives the derivative's own
        connection = grad._edge_[0]
        connection.__class__ = _connection_class(node.op.node_name, type(connection))
    return grad


@cache
def _connection_class(node_name: str, connection: type) -> type:
    """The node class of `connect` under the name of the backward of a node: `LeakyReluBackwardBackward0`."""
    name = node_name.rstrip("0123456789") + "Backward0"
    return type(name, (connection,), {"__module__": connection.__module__})


def _places(node: OpNode, names: tuple[str, ...]) -> list[Tensor]:
    """Stand-ins for those operands (and the output) that require grad."""
    operands = node.op.operands
    edges = [node.edges[operands.index(name)] if name in operands else (node, 0) for name in names]
    return [_stand_in(edge, node.xp) for edge in edges if edge is not None]


def _stand_in(edge: Any, xp: Any) -> Tensor:
    """A Tensor at a place in the graph, without values: the leaf itself, or zeros that take no memory."""
    target, output_nr = edge
    if output_nr is None:
        return target
    shape, dtype = target.meta(output_nr)
    return saved_tensor(xp.broadcast_to(xp.zeros((), dtype=dtype), shape), edge, None)


def check_rules(op: Any) -> None:
    """Raise TypeError if a rule is for no operand, or asks by the name of an argument for what there is not."""
    for rules, arguments in ((op.vjp, "a vjp"), (op.jvp or {}, "a jvp")):
        if not callable(rules):
            for name in rules:
                if name not in op.operands:
                    raise TypeError(f"{op.name}() has {arguments} for {name!r}, which is none of {op.operands}")
    for name in (*op.flat, *op.traced):
        if name not in op.operands and name != "out":
            raise TypeError(f"{op.name}() is flat or traced in {name!r}, which is no operand and not its output")
    jvps = [op.jvp] if callable(op.jvp) else (op.jvp or {}).values()
    for rule in (*op.vjp.values(), *jvps, *([op.joint] if op.joint is not None else ())):
        if rule is not None:
            for name in argument_names(rule):
                expression(op, name)


def make_node_class(op: Any) -> type[OpNode]:
    """The node class of an operator."""
    hidden = tuple(
        i
        for i, name in enumerate(op.operands)
        if name in op.constant or (op.joint is None and not op.variadic and name not in op.vjp)
    )
    # Made by a call, it has no class statement for `inspect.getsource` to show; the module is where nodes are public.
    module = shown_module("mibun.autograd.graph", op.node_name)
    return type(op.node_name, (OpNode,), {"op": op, "hidden": hidden, "absent": op.absent, "__module__": module})


__all__ = ["MODE", "OpNode", "from_numpy_dtype", "make_node_class", "namespace_of", "plan", "saved_tensor"]
