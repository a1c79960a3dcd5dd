"""The hot path of operators of several operands: all of them named, or any number of them.

As in `fast.py`, the text is put together from `template.py` for what an operator is known to need. Operands are Tensors
here, or left out; numbers, mixed dtypes and views are the general path's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.batching import BatchedTensor
from ..core.tensor import PLAIN
from ..xp import numpy_namespace
from .fast import doubtful_kinds, line_of
from .nodes import OpNode, plan
from .saving import saving
from .template import (
    LIFTED,
    MANY_EDGES,
    OF_LEAF,
    RECORD,
    RESOLVE,
    RESULT,
    SAVE,
    SEVERAL,
    VARIADIC,
    function,
    indented,
    lazy,
)
from .ways import AMONG, FLOATING, NUMPYS_SCALARS, BatchedWay, Way, batched_namespace, batched_type, lift_lines

_AWAY = "general(op, operands, params)"


class _Saving(dict):
    """needs (which operands require grad) -> what saves what their rules want."""

    def __init__(self, op: Any) -> None:
        super().__init__()
        self.op = op

    def __missing__(self, needs: tuple[bool, ...]) -> Callable:
        op = self.op
        raw = tuple([f"x_{i}" for i in range(len(op.operands))])
        lines = saving(op, plan(op, needs), op.operands, raw, number=False, optional=op.optional) or "pass"
        text = SAVE.format(names=", ".join(op.operands), raw=", ".join(raw), saving=indented(lines).lstrip())
        self[needs] = made = function(text, f"{op.name} saves", {})
        return made


def make_several(op: Any, general: Callable) -> Callable:
    """What `op(*operands, **params)` does, for an operator of several operands and one output, given all parameters.

    Its operands are Tensors here, of one dtype where the operator promotes them, but for the first one None where they
    may be left out; numbers, mixed dtypes and views are the general path's.
    """

    def write(batched: Any) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        names = op.operands
        n = len(names)
        raw = [f"x_{i}" for i in range(n)]
        away = _AWAY
        kinds_of = ", ".join([f"type({name})" for name in names])
        given = ["" if i == 0 or not op.optional else f"{name} is not None and " for i, name in enumerate(names)]
        unless = [
            "" if not condition else f"None if {name} is None else "
            for name, condition in zip(names, given, strict=True)
        ]
        refused = []
        if batched is not None:
            refused = [
                f"({there}type({x}) is not ndarray and type({x}) not in scalars)"
                for there, x in zip(given, raw, strict=True)
            ]
        if op.dtype_rule is not None:
            refused += [f"{x}.dtype is not x_0.dtype" for x in raw[1:]] + ["x_0.dtype.kind not in 'fc'"]
        kinds = doubtful_kinds(op) + "V"  # bfloat16, of which Python numbers in a kernel make another dtype
        refused += [f"({there}{x}.dtype.kind in {kinds!r})" for there, x in zip(given, raw, strict=True)]
        edges, recording = "", ""
        if op.differentiable:
            differentiable = [i for i in range(n) if names[i] not in op.constant]
            found = [f"edge_{i} = {unless[i]}{names[i]}._edge_" for i in differentiable]
            some = " or ".join([f"edge_{i} is not None" for i in differentiable])
            resolve = "\n".join(
                [
                    RESOLVE.format(i=i, operand=names[i], general=away, constant="")
                    + OF_LEAF.format(i=i, operand=names[i])
                    for i in differentiable
                ]
            )
            found += [f"recorded = mode.grad and ({some})", f"if recorded:\n{indented(resolve)}"]
            edges = "\n".join(found)
            each = [f"edge_{i}" if i in differentiable else "None" for i in range(n)]
            all_edges = ", ".join(each)
            needs = ", ".join([f"edge_{i} is not None" if i in differentiable else "False" for i in range(n)])
            record = [
                f"edges = ({all_edges})",
                lift_lines(each, raw, list(names), "edges") if batched is None else "",
                RECORD.format(depth=2, shape="z.shape", dtype="z.dtype", params="params"),
                LIFTED if batched is None else "",
                "node.edges = edges" if op.compact else MANY_EDGES.format(edges="edges"),
                f"saving[{needs}](node, {', '.join(names)}, {', '.join(raw)}, result, z)",
                f"if {FLOATING}:\n    result._edge_ = (node, 0)",
            ]
            # (The edges may have turned out to lead nowhere.)
            recording = f"if recorded and ({some}):\n{indented(chr(10).join(record))}"
        large = op.elementwise and batched is not None
        text = SEVERAL.format(
            names=", ".join(names),
            kernel="(op.kernel if x_0.size < COMPILED else large)" if large else "op.kernel",
            foreign=" or ".join(
                [f"({there}type({name}) not in PLAIN)" for there, name in zip(given, names, strict=True)]
            ),
            batched=f"batched(operands, params) if mode.fast and BatchedTensor in ({kinds_of},) else {away}"
            if batched
            else away,
            arrays="; ".join(
                [f"{x} = {other}{name}._array_" for x, other, name in zip(raw, unless, names, strict=True)]
            ),
            refused=" or ".join(refused) or "False",
            edges=indented(edges),
            raw=", ".join(raw),
            result=indented(Way.result if batched else BatchedWay.result),
            recording=indented(recording),
        )
        scope = {
            "op": op,
            "general": general,
            "namespace": numpy_namespace,
            "OpNode": OpNode,
            "scalars": NUMPYS_SCALARS,
            "saving": _Saving(op),
        }
        if large:
            scope["large"] = op.large
        if batched is None:
            scope |= {"namespace": batched_namespace(), "Batched": batched_type(), "PLAIN": {*PLAIN, BatchedTensor}}
        else:
            scope["batched"] = batched
        return text, f"{op.name}, given its parameters{AMONG if batched is None else ''}", scope, (), {}

    batched = lazy(op.name, lambda: write(None))
    return lazy(op.name, lambda: write(batched))


def make_variadic(op: Any, general: Callable) -> Callable:
    """What `op(*operands, **params)` does, for a linear operator of any number of operands, given all parameters."""

    def write() -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        record = [
            RECORD.format(depth=2, shape="z.shape", dtype="dtype", params="params"),
            MANY_EDGES.format(edges="tuple(edges)"),
        ]
        if plan(op, (True,)).shapes:
            record.append("node.operand_shapes = tuple([x.shape for x in arrays])")
        if plan(op, (True,)).dtypes:
            record.append("node.operand_dtypes = (dtype,) * len(arrays)")
        record.append("result._edge_ = (node, 0)")
        resolve = RESOLVE.format(i=0, operand="operand", general=_AWAY, constant="")
        resolve += OF_LEAF.format(i=0, operand="operand")
        line, scope = line_of(op, "arrays")
        text = VARIADIC.format(
            kernel=line or "op.kernel(namespace, *arrays, **params)",
            kinds=repr("".join(set("fc") - set(doubtful_kinds(op)))),
            resolve=indented(indented(indented(resolve))),
            away=_AWAY,
            result=indented(RESULT.format(kind="Tensor")),
            recording=indented(f"if recorded:\n{indented(chr(10).join(record))}"),
        )
        names = {
            "op": op,
            "general": general,
            "namespace": numpy_namespace,
            "OpNode": OpNode,
            "scalars": NUMPYS_SCALARS,
            **scope,
        }
        return text, f"{op.name}, given its parameters", names, (), {}

    return lazy(op.name, write)


__all__ = ["make_several", "make_variadic"]
