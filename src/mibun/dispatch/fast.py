"""The hot path: calls of one and two operands of one dtype, in the default modes, straight to NumPy.

`make_unary` and `make_binary` make the public functions of pointwise operators, `make_one` what any operator of one
operand and one output (a view, a reduction) is called through, `record` makes the nodes of all other calls. What they
do is in the text of `template.py`, put together here for what the rules of an operator want saved.

Everything that does not fit (subclasses, mixed dtypes, foreign types, other array libraries' quirks, errors) goes to
the general path, which gives the same result more slowly, or the right error. Here every attribute access counts:
a recorded small multiply is to cost at most 2 us, of which NumPy's own multiply is 0.3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.batching import BatchedTensor
from ..core.registry import is_elsewhere
from ..core.tensor import PLAIN
from ..core.views import outputs_of
from ..xp import numpy_namespace
from .nodes import NO_PARAMS, OpNode, Plan, plan
from .older import has_older
from .parser import MISSING
from .saving import saving
from .straight_lines import one_call
from .template import (
    ANY,
    BINARY,
    EDGE,
    MANY_EDGES,
    OF_LEAF,
    ONE,
    PARTS,
    RECORD,
    RESOLVE,
    RESULT,
    UNARY,
    VIEW,
    function,
    indented,
    lazy,
)
from .ways import AMONG, FLOATING, NUMPYS_SCALARS, BatchedWay, Way, batched_namespace, lift_lines


def _ways(op: Any, write: Callable) -> Callable:
    """What `lazy` needs of `write(way)`."""
    batched = lazy(op.name, lambda: write(BatchedWay(op)))
    return lambda: write(Way(op, batched))


def _unfit(op: Any, may_differ: bool, general: str) -> str:
    """Lines that leave a result to the general path which is not of the operands' dtype."""
    differs = op.kind == "nondifferentiable"  # the result may be of another dtype
    return f"if z.dtype is not dtype:\n    return {general}" if may_differ and not differs else ""


def _failure(general: str) -> str:
    """The call of the general path, where the kernel has failed."""
    return f"{general[:-1]}, failed=[failed.pop()])"


def _arguments(
    operands: tuple[str, ...], infix: bool, named: bool, older: bool = False
) -> tuple[dict[str, str], tuple, dict[str, Any]]:
    """How the arguments stand in the text, and their defaults: a function's, or those of a method for infix syntax.

    A function's operands may be given under NumPy's names: then they are missing here, and among the others there.
    """
    names = ", ".join(operands)
    if infix:
        return {"signature": names, "unusual": "", "everything": names}, (), {}
    if not named:
        unusual = "out is not None or "
        return (
            {"signature": f"{names}, *, out=None", "unusual": unusual, "everything": f"{names}, out=out"},
            (),
            {"out": None},
        )
    signature = ", ".join([f"{operand}=None" for operand in operands])
    pieces = {
        "signature": f"{signature}, *, out=None, **others",
        "unusual": "out is not None or others or ",
        "everything": f"{names}, out=out, **others",
    }
    if older:  # what is too much for this signature may fit another
        pieces = {
            "signature": f"{signature}, *older, out=None, **others",
            "unusual": "out is not None or older or others or ",
            "everything": f"{names}, *older, out=out, **others",
        }
    return pieces, (MISSING,) * len(operands), {"out": None}


def make_unary(op: Any, general: Callable, infix: bool = False, named: bool = True) -> Callable:
    """The function of a pointwise operator of one operand and no parameters."""

    def write(way: Way) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        (a,) = op.operands
        recording = ""
        if op.differentiable:
            recording = "\n".join(
                [
                    f"edge_0 = {a}._edge_",
                    "if edge_0 is None or not mode.grad:\n    return result",
                    RESOLVE.format(
                        i=0, operand=a, general=f"general({a})", constant="if edge_0 is None: return result"
                    ),
                    RECORD.format(depth=1, shape="z.shape", dtype="dtype", params="NONE"),
                    f"node.many = node.e1 = None{EDGE.format(i=0, operand=a)}",
                    saving(op, plan(op, (True,)), (a,), ("x",), number=False),
                    "result._edge_ = (node, 0)",
                ]
            )
        pieces, defaults, keyword_defaults = _arguments(op.operands, infix, named)
        text = UNARY.format(
            a=a,
            refused=indented(way.refused(f"general({a})")),
            quiet=indented(f"{way.quiet}\n{way.numbers}"),
            kernel=way.kernel("x"),
            away=way.away(a, pieces["everything"]),
            **pieces,
            failure=_failure(f"general({a})"),
            unfit=indented(_unfit(op, True, f"general({a})")),
            result=indented(way.result),
            recording=indented(recording),
        )
        names = {"general": general, "op": op, "OpNode": OpNode, "NONE": NO_PARAMS, **way.names}
        return text, op.name + way.among, names, defaults, keyword_defaults

    return lazy(op.name, _ways(op, write))


def make_binary(op: Any, general: Callable, infix: bool = False, named: bool = True) -> Callable:
    """The function of a pointwise operator of two operands and no parameters."""
    plans: dict[str, Plan] = {}
    if op.differentiable:
        if op.constant:
            return general
        plans = {"x": plan(op, (True, False)), "y": plan(op, (False, True)), "both": plan(op, (True, True))}
        if plans["both"].shapes:  # which a Python number has not
            return general

    def write(way: Way) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        a, b = op.operands
        number = ""
        if op.scalars:
            number = (
                "elif (kind is float or kind is int) and dtype in NUMBERS:\n"
                "    y = {b}\n    edge_1 = None\n    second = NUMBERS[dtype].get(y) if type(x) is ndarray else y\n"
                "    if second is None:\n        second = constant(y, x)"
            )
        recording = ""
        if op.differentiable:
            constant = "if edge_0 is None and edge_1 is None: return result"
            saved = {who: saving(op, one, (a, b), ("x", "y"), who == "x" and op.scalars) for who, one in plans.items()}
            recording = "\n".join(
                [
                    f"edge_0 = {a}._edge_",
                    "if (edge_0 is None and edge_1 is None) or not mode.grad:\n    return result",
                    RESOLVE.format(i=0, operand=a, general=f"general({a}, {b})", constant=constant),
                    RESOLVE.format(i=1, operand=b, general=f"general({a}, {b})", constant=constant),
                    *([] if not way.lift else [OF_LEAF.format(i=0, operand=a), OF_LEAF.format(i=1, operand=b)]),
                    lift_lines(["edge_0", "edge_1"], ["x", "y"], [a, b], "edge_0, edge_1") if way.lift else "",
                    RECORD.format(depth=1, shape="z.shape", dtype="dtype", params="NONE"),
                    way.lifted,
                    f"node.many = None{EDGE.format(i=0, operand=a)}{EDGE.format(i=1, operand=b)}",
                    _by_need(saved),
                    "result._edge_ = (node, 0)",
                ]
            )
        # Operands of one dtype give a result of that dtype, but for the operators that make integers floating.
        unfit = _unfit(op, op.dtype_rule != "promote", f"general({a}, {b})")
        older = named and not infix and has_older(op.name)
        pieces, defaults, keyword_defaults = _arguments(op.operands, infix, named, older)
        text = BINARY.format(
            a=a,
            b=b,
            refused=indented(way.refused(f"general({a}, {b})")),
            quiet=indented(way.quiet),
            kernel=way.kernel("x", "second"),
            foreign=way.foreign,
            away=way.away(a, pieces["everything"]),
            other=way.away(b, f"{a}, {b}"),
            **pieces,
            failure=_failure(f"general({a}, {b})"),
            unfit=indented(unfit),
            number=indented(number.format(b=b)),
            result=indented(way.result),
            recording=indented(recording),
        )
        names = {"general": general, "op": op, "OpNode": OpNode, "NONE": NO_PARAMS, **way.names}
        return text, op.name + way.among, names, defaults, keyword_defaults

    return lazy(op.name, _ways(op, write))


def _by_need(saved: dict[str, str]) -> str:
    """Lines that save what is needed for the operands that require grad: `x`, `y` or both."""
    if not any(saved.values()):
        return ""
    branches = ("if edge_1 is None:", saved["x"]), ("elif edge_0 is None:", saved["y"]), ("else:", saved["both"])
    return "\n".join([f"{condition}\n{indented(lines or 'pass')}" for condition, lines in branches])


def doubtful_kinds(op: Any) -> str:
    """The kinds of dtypes that the general path refuses, or casts first."""
    kinds = "".join([kind[-1] for kind in op.refuses or ()])  # "any b" may refuse bools among others
    return kinds + "biu" if op.dtype_rule == "float" else kinds


def make_one(op: Any, general: Callable, between_levels: bool = False) -> Callable:
    """What `op(input, **params)` does, for an operator of one operand and one output, given all of its parameters.

    between_levels: its results may be batched where the operand is not, or the other way round.
    """

    def write(batched: Any) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        (a,) = op.operands
        away = f"general(op, ({a},), params)"
        kinds = doubtful_kinds(op)
        if op.kind == "pointwise":
            kinds += "V"  # bfloat16, of which Python numbers in a kernel make another dtype
        # (A view is of memory, which a NumPy scalar does not have.)
        refused = "type(x) is not ndarray" + ("" if op.view else " and type(x) not in scalars")
        if batched is None:
            refused = "type(x) is not among and type(x) is not ndarray and is_elsewhere(type(x))"
        if kinds:
            refused = f"({refused}) or x.dtype.kind in {kinds!r}"
        edge, recording = "edge_0 = None", ""
        if op.differentiable:
            # (A missing rule is an error of those calls only that are recorded: the general path raises it.)
            resolve = (
                RESOLVE.format(i=0, operand=a, general=away, constant="")
                if a in op.vjp or op.joint
                else f"return {away}"
            )
            edge = f"edge_0 = {a}._edge_ if mode.grad else None\nif edge_0 is not None:\n{indented(resolve)}"
        if op.differentiable and (a in op.vjp or op.joint):
            record = "\n".join(
                [
                    RECORD.format(depth=2, shape="z.shape", dtype="z.dtype", params="params"),
                    f"node.many = node.e1 = None{EDGE.format(i=0, operand=a)}",
                    saving(op, plan(op, (True,)), (a,), ("x",), number=False),
                    f"if {FLOATING}:\n    edge_0 = result._edge_ = (node, 0)\nelse:\n    edge_0 = None",
                ]
            )
            recording = f"if edge_0 is not None:\n{indented(record)}"
        if op.view and op.differentiable:
            recording += VIEW.format(a=a)
        elif op.view:
            recording += f"\nmake_view({a}, result, edge_0, (op, params, x.shape), node_name, mode)"
        if op.view:  # the node and the view have the same tuple
            recording = "own_shape = x.shape\n" + recording.replace("x.shape", "own_shape")
        large = op.elementwise and batched is not None
        line, scope = None, {}
        if batched is not None:
            line, scope = line_of(op, "x")
        kernel = line or "op.kernel(namespace, x, **params)"
        text = ONE.format(
            a=a,
            kernel=f"{kernel} if x.size < COMPILED else large(namespace, x, **params)" if large else kernel,
            refused=refused,
            away=away,
            batched=f"batched({a}, params) if mode.fast and type({a}) is BatchedTensor else {away}"
            if batched
            else away,
            edge=indented(edge),
            failure=_failure(away),
            result=indented(BatchedWay.crossing if between_levels else Way.result if batched else BatchedWay.result),
            recording=indented(recording),
        )
        names = {
            "op": op,
            "general": general,
            "namespace": numpy_namespace,
            "OpNode": OpNode,
            "node_name": op.node_name,
            "scalars": NUMPYS_SCALARS,
            **scope,
        }
        if large:
            names["large"] = op.large
        if batched is None:
            among = batched_namespace()
            names |= {"namespace": among, "PLAIN": {*PLAIN, BatchedTensor}, "among": among.Batched}
            names["is_elsewhere"] = is_elsewhere
        else:
            names["batched"] = batched
        return text, f"{op.name}, given its parameters{AMONG if batched is None else ''}", names, (), {}

    batched = lazy(op.name, lambda: write(None))
    return batched if between_levels else lazy(op.name, lambda: write(batched))


def line_of(op: Any, operand: str) -> tuple[str | None, dict[str, Any]]:
    """The kernel as an expression, where it is one call, with the arrangement of its result; and what that names."""
    found = one_call(op, operand)
    if found is None:
        return None, {}
    if op.memory is None:
        return found
    like = operand if op.memory == "channels" and op.variadic else f"({operand},)" if op.memory == "channels" else "()"
    line = f"z if type(z := {found[0]}) is ndarray and z.ndim < 2 else namespace.arranged(z, {like})"
    return line, found[1]


def make_parts(op: Any, general: Callable) -> Callable:
    """What `op(input, **params)` does, for an operator that gives a list of views of its one operand."""

    def write() -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        (a,) = op.operands
        away = f"general(op, ({a},), params)"
        record = [
            RECORD.format(depth=2, shape="()", dtype="x.dtype", params="params"),
            MANY_EDGES.format(edges="(edge_0,)"),
            "node.metas = tuple([(z.shape, z.dtype) for z in pieces])",
            saving(op, plan(op, (True,)), (a,), ("x",), number=False),
        ]
        text = PARTS.format(
            a=a,
            away=away,
            failure=_failure(away),
            record=indented(indented("\n".join(record))),
            result=indented(indented(RESULT.format(kind="Tensor"))),
        )
        names = {
            "op": op,
            "OpNode": OpNode,
            "general": general,
            "namespace": numpy_namespace,
            "node_name": op.node_name,
            "outputs_of": outputs_of,
        }
        return text, f"{op.name}, given its parameters", names, (), {}

    return lazy(op.name, write)


_ANY = ANY.format(
    record=indented(RECORD.format(depth=2, shape="shape", dtype="dtype", params="params")).lstrip(),
    many=indented(indented(MANY_EDGES.format(edges="edges"))).lstrip(),
)
record = function(_ANY, "a call by the general path", {"namespace": numpy_namespace, "OpNode": OpNode})
