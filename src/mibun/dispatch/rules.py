"""How the rules of an operator are called at backward time: straight lines that fetch what each rule asks for.

The function that runs an operator's nodes is written, from the names of the rules' arguments, when the first of them
runs, so that a first-order backward is little more than the rules themselves, on raw arrays. `run` leaves a node as it
is, `run_once` frees what it has saved, `run_recorded` goes over Tensors and `run_batched` over the namespace that takes
both batched arrays and others.
"""

from __future__ import annotations

import dis
import re
from typing import Any

from ..core.mode import MODE
from ..core.node import freed_error
from ..core.tensor import Tensor
from ..xp import numpy_namespace
from ..xp import tensor as tensor_namespace
from .natively import natively
from .nodes import FREED, OpNode, argument_names, saved_tensor
from .pieces import large_rules, rule_by_rows
from .saved import ALWAYS_STALE
from .straight_lines import keeps_complex, numbers_in, over_namespace, straight_line
from .template import (
    IN_PIECES,
    RELEASE,
    RELEASE_MANY,
    RUN,
    RUN_MANY,
    RUN_RECORDED,
    STRAIGHT,
    function,
    indented,
    tuple_of,
)


def run(node: OpNode, g: Any) -> tuple:
    """What `op.run` is until it is written."""
    op = node.op
    op.run = _generate(op, False)
    return op.run(node, g)


def run_once(node: OpNode, g: Any) -> tuple:
    """What `op.run_once` is until it is written."""
    op = node.op
    op.run_once = _generate(op, True)
    return op.run_once(node, g)


def run_recorded(node: OpNode, g: Any) -> tuple:
    """What `op.run_recorded` is until it is written."""
    op = node.op
    op.run_recorded = _generate_recorded(op)
    return op.run_recorded(node, g)


def run_batched(node: OpNode, g: Any) -> tuple:
    """What `op.run_batched` is until it is written."""
    op = node.op
    op.run_batched = _generate_batched(op)
    return op.run_batched(node, g)


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
        if op.compact:
            return tuple_of([f"node.e{i} is not None" for i in range(n)])
        return "tuple([edge is not None for edge in edges])"
    if name == "defined":
        return "defined"
    raise TypeError(f"the rule of {op.name}() asks for {name!r}, which is no operand, output, residual or parameter")


def _generate(op: Any, once: bool) -> Any:
    """Write `run` of an operator, or `run_once`."""
    blanks, scope = _filled(op)
    blanks["result"], names = _straight(op, blanks["result"])
    blanks["result"], large = _in_pieces(op, blanks["result"])
    names |= large
    what = f"backward of {op.name}{', once' if once else ''}"
    return function(_text(op, blanks, "node.xp", once), what, scope | names | _rules_by_rows(op))


def _generate_recorded(op: Any) -> Any:
    """Write `run_recorded`."""
    blanks, scope = _filled(op)
    if op.flat or op.traced:
        blanks["result"] = f"connected(node, {blanks['result']})"
    return function(RUN_RECORDED.format(**blanks), f"recorded backward of {op.name}", scope)


def _generate_batched(op: Any) -> Any:
    """Write `run_batched`."""
    from ..xp.batched import namespace, over_gradients

    blanks, scope = _filled(op)
    blanks["result"] = f"result = {blanks['result']}"
    scope |= {"batched": namespace, "Batched": namespace.Batched, "over_gradients": over_gradients}
    over = "(node.xp if node.xp is batched.prompt else batched if type(g) is Batched else over_gradients(node.xp, g))"
    return function(_text(op, blanks, over, False), f"batched backward of {op.name}", scope)


def _text(op: Any, blanks: dict[str, str], xp: str, once: bool) -> str:
    """The text of `run` or `run_once`, over the namespace `xp`."""
    blanks = {**blanks, "xp": xp, "result": indented(indented(blanks["result"]))}
    if not op.compact:
        return RUN_MANY.format(**blanks, release=indented(RELEASE_MANY) if once else "")
    slots = op.slots
    fetch, changed, again, release = [], [], [], ""
    for i in slots:
        fetch += [f"v{i} = node.v{i}", f"c{i} = node.c{i}"]
        changed.append(f"(c{i} is not None and c{i}.version != node.k{i})")
        again.append(f"v{i} = values[{i}]")
    if slots:
        fetch.append(f"if {' or '.join(changed)}:\n    values = node.stale()\n    {'; '.join(again)}")
    if slots and once:
        release = RELEASE.format(
            some=" or ".join([f"v{i} is not None" for i in slots]),
            values=" = ".join([f"node.v{i}" for i in slots]),
            counters=" = ".join([f"node.c{i}" for i in slots]),
            expected=" = ".join([f"node.k{i}" for i in slots]),
            first=slots[0],
        )
    blanks["result"] = re.sub(r"values\[(\d)\]", r"v\1", blanks["result"])
    return RUN.format(**blanks, n=len(op.operands), fetch=indented("\n".join(fetch)), release=indented(release))


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
            wanted = f"node.e{i} is not None" if op.compact else f"edges[{i}] is not None"
            texts.append(f"{parts[i]} if {wanted} else None" if several else parts[i])
    return f"({', '.join(texts)},)"


def _straight(op: Any, general: str) -> tuple[str, dict[str, Any]]:
    """The lines that give `result`, and what they name: for real arrays of NumPy's without calls, where that can be.

    general: the expression that calls the rules.
    """
    line, scope = straight_result(op)
    if not line:
        return f"result = {general}", {}
    numbers, literals = numbers_in(line, "g")
    among = over_namespace(line) if keeps_complex(op) else general  # (namespaces may have their own of what it calls)
    return STRAIGHT.format(numbers=indented(numbers), straight=line, among=among, general=general), scope | literals


def _in_pieces(op: Any, other: str) -> tuple[str, dict[str, Any]]:
    """The lines that give `result` by pieces where the arrays are large, and what they name, before the `other` lines.

    They are as they were for operators that do not go by elements, or whose rules ask for a shape or a dtype.
    """
    if not op.elementwise:
        return other, {}
    edges = [f"node.e{i}" if op.compact else f"edges[{i}]" for i in range(len(op.operands))]
    rules = [None if (rule := op.vjp.get(name)) is None else (rule, argument_names(rule)) for name in op.operands]
    if op.joint is not None:
        rules = [(op.joint, argument_names(op.joint))]
    texts: dict[str, str] = {}
    for name in dict.fromkeys([name for rule in rules if rule is not None for name in rule[1]]):
        if name in op.params or name == "needs":
            continue
        if name not in op.operands and name != "out":
            return other, {}
        texts[name] = expression(op, name)
        if len(rules) > 1:  # it is saved for some of them
            users = [edge for edge, rule in zip(edges, rules, strict=True) if rule is not None and name in rule[1]]
            texts[name] += f" if {' or '.join([f'{edge} is not None' for edge in users])} else None"
    large = "g"
    if op.kind != "pointwise":  # the result, and so the gradient, may be one number
        always = [name for name in texts if all([rule is None or name in rule[1] for rule in rules])]
        if not always:
            return other, {}
        large = expression(op, always[0])
    scope = {"large_rules": large_rules(op, list(texts), rules), "numpy_namespace": numpy_namespace}
    values = tuple_of(list(texts.values()))
    size = "COMPILED" if any([_has_several_steps(rule[0]) for rule in rules if rule is not None]) else "LARGE"
    return IN_PIECES.format(large=large, size=size, values=values, edges=tuple_of(edges), other=indented(other)), scope


def _has_several_steps(rule: Any) -> bool:
    """Whether a rule is more than one call of NumPy's, so that it is worth compiling."""
    steps = ("BINARY_", "COMPARE_OP", "UNARY_", "CALL")
    names = [instruction.opname for instruction in dis.get_instructions(rule)]
    return len([name for name in names if name.startswith(steps)]) > 1


def straight_result(op: Any) -> tuple[str, dict[str, Any]]:
    """The gradients of real arrays of NumPy's as an expression, and what it names; "" where no rule is a plain one."""
    if op.joint is not None or op.variadic:
        return "", {}
    parts, scope = {}, {}
    found = False
    any_dtype = not keeps_complex(op)
    if any_dtype and (op.outputs is not None or op.rows is not None or op.native):
        return "", {}
    for i, operand in enumerate(op.operands):
        rule = op.vjp.get(operand)
        if rule is not None:
            line = straight_line(rule, ["g", *[expression(op, name) for name in argument_names(rule)]], any_dtype)
            parts[i] = _call(op, i) if line is None else line[0]
            if line is not None:
                found = True
                scope |= line[1]
            elif any_dtype:  # as a whole, or not
                return "", {}
    if not found:
        return "", {}
    scope["numpy_namespace"] = numpy_namespace
    result = _gradients(op, parts)
    for i in range(len(op.operands)) if op.scalars and not any_dtype else ():  # what may be a Python number
        known = "REALS[g.dtype].get(v, v) if type(g) is ndarray else v"
        result = result.replace(f"values[{i}]", f"(v if type(v := values[{i}]) is ndarray else {known})")
    return result, scope


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
    scope = {
        "ALWAYS_STALE": ALWAYS_STALE,
        "FREED": FREED,
        "connected": connected,
        "freed_error": freed_error,
        "tensor_namespace": tensor_namespace,
        **rules,
    }
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
    if type(grad._edge_) is tuple:  # recorded: the node gets PyTorch's name, LeakyReluBackwardBackward0
        grad._edge_[0].rename(node.op.node_name.rstrip("0123456789") + "Backward0")
    return grad


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


__all__ = ["check_rules", "expression", "run", "run_batched", "run_once", "run_recorded", "straight_result"]
