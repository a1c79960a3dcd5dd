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
from functools import partial
from operator import add, mul, sub, truediv
from types import BuiltinFunctionType
from typing import Any

from numpy import ndarray, sctypeDict, ufunc

from ..core.batching import BatchedTensor
from ..core.registry import NAMESPACES, is_elsewhere
from ..core.tensor import PLAIN
from ..core.views import outputs_of
from ..xp import numpy_namespace
from .nodes import NO_PARAMS, OpNode, Plan, plan
from .older import has_older
from .parser import MISSING
from .pieces import large_call
from .straight_lines import numbers_in, straight_kernel
from .template import (
    ANY,
    BINARY,
    EDGE,
    LIFT,
    MANY_EDGES,
    OF_LEAF,
    ONE,
    PARTS,
    QUIET,
    RECORD,
    RESOLVE,
    RESULT,
    SAVE,
    SEVERAL,
    UNARY,
    VARIADIC,
    VIEW,
    function,
    indented,
    lazy,
    saving,
)

_SCALARS = frozenset(sctypeDict.values())  # NumPy's, which 0-d results are


class NotHere(TypeError):
    """Raised here for what is no mistake but none of the fast path's business: the general path does it."""


class _Kernels(dict):
    """array type -> the operator's kernel for it; where the kernel is one function of the namespace, that function."""

    def __init__(self, op: Any) -> None:
        super().__init__()
        self.op = op
        self.quiet = ""  # lines that go before a call of a kernel

    def __missing__(self, kind: type) -> Callable:
        xp = NAMESPACES[kind]
        if xp is not numpy_namespace:
            raise NotHere("the fast path is NumPy's")
        kernel = _kernel_over(self.op, xp)
        if not _is_numpys(kernel):
            self.quiet = QUIET
        self[kind] = kernel
        return kernel


def _kernel_over(op: Any, xp: Any) -> Callable:
    """The operator's kernel over a namespace; it leaves dtypes that are refused or cast to the general path."""
    direct = _direct_name(op)
    kernel = getattr(xp, direct) if direct is not None else partial(op.kernel, xp)
    refuses = "".join(op.refuses or ())
    if op.dtype_rule == "float" and not _makes_floats(kernel):
        refuses += "biu"  # which the general path casts first
    if not refuses:
        return kernel

    def checked(*arrays: Any) -> Any:
        if arrays[0].dtype.kind in refuses:
            raise NotHere("refused: the general path says why")
        return kernel(*arrays)

    return checked


_AMONG = ", of examples"  # in the names of the texts for batched arrays


class _Way:
    """What differs between the calls for raw arrays of NumPy's and those within `vmap`, whose arrays are batched.

    The latter are another function of the same text, which the former hands over to what is a `BatchedTensor`.
    """

    kind = "Tensor"  # the class of the result
    foreign = " or (type(y) is not ndarray and type(y) not in scalars)"  # another library's array beside one of NumPy's
    lift = among = ""

    def __init__(self, op: Any, batched: Any) -> None:
        kernels = _Kernels(op)
        kernel = kernels[ndarray]
        self.names = {
            "kernel": kernel,
            "kernels": kernels,
            "large": large_call(op, kernel),
            "batched": batched,
            "namespace": numpy_namespace,
            "scalars": _SCALARS,
        }
        self.quiet = kernels.quiet
        self.sign = _SIGNS.get(kernel)
        self.line = self.numbers = ""
        if op.kind == "pointwise" and len(op.operands) == 1 and not _is_numpys(kernel):
            found = straight_kernel(op, "x")
            if found is not None:
                self.line = found[0]
                self.numbers, literals = numbers_in(self.line, "x")
                self.names |= {**found[1], **literals}

    def kernel(self, *arrays: str) -> str:
        """The call of the kernel: in the syntax of Python's where there is one, which saves a call."""
        given = ", ".join(arrays)
        own = f"kernel({given})" if self.sign is None else f"{arrays[0]} {self.sign} {arrays[1]}"
        if self.line:
            own = f'({self.line} if x.dtype.kind == "f" else {own})'
        own = f"({own} if x.size < {'LARGE' if self.quiet == '' else 'COMPILED'} else large({given}))"
        return f"{own} if type(x) is ndarray else kernels[type(x)]({given})"

    def away(self, operand: str, arguments: str) -> str:
        """The call where the operand is no plain Tensor."""
        return f"(batched if mode.fast and type({operand}) is BatchedTensor else general)({arguments})"


_SIGNS = {add: "+", sub: "-", mul: "*", truediv: "/"}


class _BatchedWay(_Way):
    kind = "TENSORS.get(type(z), Tensor)"
    foreign = ""
    lift, numbers = LIFT, ""
    among = _AMONG
    quiet = QUIET

    def __init__(self, op: Any) -> None:
        namespace = _batched_namespace()
        self.names = {"kernel": _kernel_over(op, namespace), "namespace": namespace, "PLAIN": {*PLAIN, BatchedTensor}}

    def kernel(self, *arrays: str) -> str:
        return f"kernel({', '.join(arrays)})"

    def away(self, operand: str, arguments: str) -> str:
        return f"general({arguments})"


def _batched_namespace() -> Any:
    from ..xp.batched import namespace

    return namespace


def _ways(op: Any, write: Callable) -> Callable:
    """What `lazy` needs of `write(way)`."""
    batched = lazy(op.name, lambda: write(_BatchedWay(op)))
    return lambda: write(_Way(op, batched))


def _is_numpys(kernel: Any) -> bool:
    """Whether a kernel is a function of NumPy's or of `operator`: no frame of Python's that a warning could name."""
    return isinstance(kernel, (ufunc, BuiltinFunctionType))


def _makes_floats(kernel: Any) -> bool:
    """Whether a kernel gives no integers for integers."""
    return kernel is truediv or (isinstance(kernel, ufunc) and not any([types[0] in "bhil" for types in kernel.types]))


class _Probe:
    """A namespace that only notes what a kernel calls, to find those that are a single call `xp.name(operands)`."""

    def __getattr__(self, name: str) -> Callable:
        return lambda *args, **kwargs: (name, args, kwargs)


def _direct_name(op: Any) -> str | None:
    operands = tuple(object() for _ in op.operands)
    try:
        noted = op.kernel(_Probe(), *operands)
    except Exception:
        return None  # it does more than one call
    if type(noted) is tuple and len(noted) == 3 and noted[1] == operands and noted[2] == {}:
        return noted[0]
    return None


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

    def write(way: _Way) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
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
            quiet=indented(f"{way.quiet}\n{way.numbers}"),
            kernel=way.kernel("x"),
            away=way.away(a, pieces["everything"]),
            **pieces,
            failure=_failure(f"general({a})"),
            unfit=indented(_unfit(op, True, f"general({a})")),
            result=indented(RESULT.format(kind=way.kind)),
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

    def write(way: _Way) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        a, b = op.operands
        number = ""
        if op.scalars:
            number = (
                'elif (kind is float or kind is int) and dtype.kind in "fc":\n'
                "    y = {b}\n    second = constant(y, x)\n    edge_1 = None"
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
                    way.lift.format(a=a, b=b),
                    RECORD.format(depth=1, shape="z.shape", dtype="dtype", params="NONE"),
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
            quiet=indented(way.quiet),
            kernel=way.kernel("x", "second"),
            foreign=way.foreign,
            away=way.away(a, pieces["everything"]),
            other=way.away(b, f"{a}, {b}"),
            **pieces,
            failure=_failure(f"general({a}, {b})"),
            unfit=indented(unfit),
            number=indented(number.format(b=b)),
            result=indented(RESULT.format(kind=way.kind)),
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


def _doubtful_kinds(op: Any) -> str:
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
        kinds = _doubtful_kinds(op)
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
                    'if node.dtype.kind in "fcV":\n    edge_0 = result._edge_ = (node, 0)\nelse:\n    edge_0 = None',
                ]
            )
            recording = f"if edge_0 is not None:\n{indented(record)}"
        if op.view and op.differentiable:
            recording += VIEW.format(a=a)
        elif op.view:
            recording += f"\nmake_view({a}, result, edge_0, (op, params, x.shape), node_name, mode)"
        large = op.elementwise and batched is not None
        text = ONE.format(
            a=a,
            kernel="(op.kernel if x.size < COMPILED else large)" if large else "op.kernel",
            refused=refused,
            away=away,
            batched=f"batched({a}, params) if mode.fast and type({a}) is BatchedTensor else {away}"
            if batched
            else away,
            edge=indented(edge),
            failure=_failure(away),
            result=indented(RESULT.format(kind="Tensor" if batched else _BatchedWay.kind)),
            recording=indented(recording),
        )
        names = {
            "op": op,
            "general": general,
            "namespace": numpy_namespace,
            "OpNode": OpNode,
            "node_name": op.node_name,
            "scalars": _SCALARS,
        }
        if large:
            names["large"] = op.large
        if batched is None:
            among = _batched_namespace()
            names |= {"namespace": among, "PLAIN": {*PLAIN, BatchedTensor}, "among": among.Batched}
            names["is_elsewhere"] = is_elsewhere
        else:
            names["batched"] = batched
        return text, f"{op.name}, given its parameters{_AMONG if batched is None else ''}", names, (), {}

    batched = lazy(op.name, lambda: write(None))
    return batched if between_levels else lazy(op.name, lambda: write(batched))


def make_parts(op: Any, general: Callable) -> Callable:
    """What `op(input, **params)` does, for an operator that gives a list of views of its one operand."""

    def write() -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        (a,) = op.operands
        away = f"general(op, ({a},), params)"
        record = [
            RECORD.format(depth=2, shape="()", dtype="x.dtype", params="params"),
            MANY_EDGES.format(edges="(edge_0,)"),
            "node.metas = tuple([(z.shape, z.dtype) for z in pieces])",
            "node.n_outputs = len(pieces)",
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


class _Saving(dict):
    """needs (which operands require grad) -> what saves what their rules want."""

    def __init__(self, op: Any) -> None:
        super().__init__()
        self.op = op

    def __missing__(self, needs: tuple[bool, ...]) -> Callable:
        op = self.op
        raw = tuple([f"x_{i}" for i in range(len(op.operands))])
        lines = saving(op, plan(op, needs), op.operands, raw, number=False) or "pass"
        text = SAVE.format(names=", ".join(op.operands), raw=", ".join(raw), saving=indented(lines).lstrip())
        self[needs] = made = function(text, f"{op.name} saves", {})
        return made


def make_several(op: Any, general: Callable) -> Callable:
    """What `op(*operands, **params)` does, for an operator of several operands and one output, given all parameters.

    Its operands are Tensors of one dtype here; numbers, None, mixed dtypes and views are the general path's.
    """

    def write(batched: Any) -> tuple[str, str, dict[str, Any], tuple, dict[str, Any]]:
        names = op.operands
        n = len(names)
        raw = [f"x_{i}" for i in range(n)]
        away = _AWAY
        kinds_of = ", ".join([f"type({name})" for name in names])
        refused = [f"type({x}) is not ndarray" for x in raw] if batched is not None else []
        if op.dtype_rule is not None:
            refused += [f"{x}.dtype is not x_0.dtype" for x in raw[1:]] + ["x_0.dtype.kind not in 'fc'"]
        kinds = _doubtful_kinds(op) + "V"  # bfloat16, of which Python numbers in a kernel make another dtype
        refused += [f"{x}.dtype.kind in {kinds!r}" for x in raw]
        edges, recording = "", ""
        if op.differentiable:
            differentiable = [i for i in range(n) if names[i] not in op.constant]
            found = [f"edge_{i} = {name}._edge_" if i in differentiable else "" for i, name in enumerate(names)]
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
            all_edges = ", ".join([f"edge_{i}" if i in differentiable else "None" for i in range(n)])
            needs = ", ".join([f"edge_{i} is not None" if i in differentiable else "False" for i in range(n)])
            lift = f"edges = lifted(({all_edges}), operands, z.levels) if type(z) in TENSORS else ({all_edges})"
            record = [
                lift if batched is None else f"edges = ({all_edges})",
                RECORD.format(depth=2, shape="z.shape", dtype="z.dtype", params="params"),
                "node.edges = edges" if op.compact else MANY_EDGES.format(edges="edges"),
                f"saving[{needs}](node, {', '.join(names)}, {', '.join(raw)}, result, z)",
                'if node.dtype.kind in "fcV":\n    result._edge_ = (node, 0)',
            ]
            # (The edges may have turned out to lead nowhere.)
            recording = f"if recorded and ({some}):\n{indented(chr(10).join(record))}"
        large = op.elementwise and batched is not None
        text = SEVERAL.format(
            names=", ".join(names),
            kernel="(op.kernel if x_0.size < COMPILED else large)" if large else "op.kernel",
            foreign=" or ".join([f"type({name}) not in PLAIN" for name in names]),
            batched=f"batched(operands, params) if mode.fast and BatchedTensor in ({kinds_of},) else {away}"
            if batched
            else away,
            arrays="; ".join([f"{x} = {name}._array_" for x, name in zip(raw, names, strict=True)]),
            refused=" or ".join(refused) or "False",
            edges=indented(edges),
            raw=", ".join(raw),
            result=indented(RESULT.format(kind="Tensor" if batched else _BatchedWay.kind)),
            recording=indented(recording),
        )
        scope = {
            "op": op,
            "general": general,
            "namespace": numpy_namespace,
            "OpNode": OpNode,
            "saving": _Saving(op),
        }
        if large:
            scope["large"] = op.large
        if batched is None:
            scope |= {"namespace": _batched_namespace(), "PLAIN": {*PLAIN, BatchedTensor}}
        else:
            scope["batched"] = batched
        return text, f"{op.name}, given its parameters{_AMONG if batched is None else ''}", scope, (), {}

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
            record.append("node.operand_dtypes = (dtype,) * len(arrays)")
        record.append("result._edge_ = (node, 0)")
        resolve = RESOLVE.format(i=0, operand="operand", general=_AWAY, constant="")
        resolve += OF_LEAF.format(i=0, operand="operand")
        text = VARIADIC.format(
            kinds=repr("".join(set("fc") - set(_doubtful_kinds(op)))),
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
            "scalars": _SCALARS,
        }
        return text, f"{op.name}, given its parameters", names, (), {}

    return lazy(op.name, write)


_AWAY = "general(op, operands, params)"

_ANY = ANY.format(
    record=indented(RECORD.format(depth=2, shape="shape", dtype="dtype", params="params")).lstrip(),
    many=indented(indented(MANY_EDGES.format(edges="edges"))).lstrip(),
)
record = function(_ANY, "a call by the general path", {"namespace": numpy_namespace, "OpNode": OpNode})
