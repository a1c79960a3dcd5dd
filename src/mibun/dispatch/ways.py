"""How the texts of the fast paths call kernels: for NumPy's raw arrays, and for the batched ones within `vmap`.

`fast.py` writes each call twice with what is here, over the same text: the function for raw arrays hands over to the
other what is a `BatchedTensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import add, mul, sub, truediv
from types import BuiltinFunctionType
from typing import Any

from numpy import ndarray, sctypeDict, ufunc

from ..core.batching import BatchedTensor
from ..core.registry import NAMESPACES
from ..core.tensor import PLAIN
from ..xp import numpy_namespace
from .pieces import large_call
from .straight_lines import numbers_in, straight_kernel
from .template import LACKING, LIFT, LIFTED, QUIET, RESULT, RESULT_AMONG

NUMPYS_SCALARS = frozenset(sctypeDict.values())  # which 0-d results are
FLOATING = 'node.dtype in NUMBERS or node.dtype.kind in "fcV"'  # whether there is a gradient of the result


class NotHere(TypeError):
    """Raised here for what is no mistake but none of the fast path's business: the general path does it."""


class Kernels(dict):
    """array type -> the operator's kernel for it; where the kernel is one function of the namespace, that function."""

    def __init__(self, op: Any) -> None:
        super().__init__()
        self.op = op
        self.quiet = ""  # lines that go before a call of a kernel
        self.refuses = ""  # the kinds of dtypes that are refused or cast, by the general path

    def __missing__(self, kind: type) -> Callable:
        xp = NAMESPACES[kind]
        if xp is not numpy_namespace:
            raise NotHere("the fast path is NumPy's")
        kernel, self.refuses = kernel_over(self.op, xp)
        if not calls_numpy(kernel):
            self.quiet = QUIET
        self[kind] = kernel
        return kernel


def kernel_over(op: Any, xp: Any) -> tuple[Callable, str]:
    """The operator's kernel over a namespace, and the kinds of dtypes that are not for it: refused, or cast before."""
    direct = direct_name(op)
    kernel = getattr(xp, direct) if direct is not None else partial(op.kernel, xp)
    refuses = "".join(op.refuses or ())
    if op.dtype_rule == "float" and not makes_floats(kernel):
        refuses += "biu"
    return kernel, refuses


AMONG = ", of examples"  # in the names of the texts for batched arrays


class Way:
    """What differs between the calls for raw arrays of NumPy's and those within `vmap`, whose arrays are batched.

    The latter are another function of the same text, which the former hands over to what is a `BatchedTensor`.
    """

    result = RESULT.format(kind="Tensor")
    foreign = " or (type(y) is not ndarray and type(y) not in scalars)"  # another library's array beside one of NumPy's
    lift = lifted = among = ""

    def __init__(self, op: Any, batched: Any) -> None:
        kernels = Kernels(op)
        kernel = kernels[ndarray]
        self.names = {
            "kernel": kernel,
            "kernels": kernels,
            "large": large_call(op, kernel),
            "batched": batched,
            "namespace": numpy_namespace,
            "scalars": NUMPYS_SCALARS,
        }
        self.quiet = kernels.quiet
        self.refuses = kernels.refuses
        self.sign = _SIGNS.get(kernel)
        self.line = self.numbers = ""
        if op.kind == "pointwise" and len(op.operands) == 1 and not calls_numpy(kernel):
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
            own = f"({self.line} if x.dtype in REALS else {own})"
        own = f"({own} if x.size < {'LARGE' if self.quiet == '' else 'COMPILED'} else large({given}))"
        return f"{own} if type(x) is ndarray else kernels[type(x)]({given})"

    def refused(self, general: str) -> str:
        """Lines that leave a dtype to the general path which is not for the kernel: what is refused there, or cast."""
        if not self.refuses:
            return ""
        kinds = "".join(dict.fromkeys(self.refuses.replace("any ", "").replace("all ", "")))
        known = "" if set(kinds) & set("fc") else "dtype not in NUMBERS and "
        return f"if {known}dtype.kind in {kinds!r}:\n    return {general}"

    def away(self, operand: str, arguments: str) -> str:
        """The call where the operand is no plain Tensor."""
        return f"(batched if mode.fast and type({operand}) is BatchedTensor else general)({arguments})"


_SIGNS = {add: "+", sub: "-", mul: "*", truediv: "/"}


class BatchedWay(Way):
    result = RESULT_AMONG.format(kind="TENSORS.get(type(z), Tensor)")
    crossing = RESULT.format(kind="TENSORS.get(type(z), Tensor)")  # of operators from one level to another
    foreign = ""
    lift, lifted, numbers = LIFT, LIFTED, ""
    among = AMONG
    quiet = QUIET

    def __init__(self, op: Any) -> None:
        namespace = batched_namespace()
        kernel, self.refuses = kernel_over(op, namespace)
        self.names = {
            "kernel": kernel,
            "namespace": namespace,
            "Batched": batched_type(),
            "PLAIN": {*PLAIN, BatchedTensor},
        }
        self.whole = op.kind == "pointwise"
        if self.whole:
            self.names["of_whole"] = kernel_over(op, numpy_namespace)[0]

    def kernel(self, *arrays: str) -> str:
        """The call of the kernel: for each element for itself, of the whole arrays where their axes are the same."""
        general = f"kernel({', '.join(arrays)})"
        if not self.whole:
            return general
        first, *others = arrays
        same = [
            f"type({x}) is Batched and {x}.levels == {first}.levels and {x}._array.ndim == {first}._array.ndim"
            for x in others
        ]
        condition = " and ".join([f"type({first}) is Batched", *same])
        whole = ", ".join([f"{x}.array" for x in arrays])
        return f"Batched(of_whole({whole}), {first}.levels) if {condition} else {general}"

    def away(self, operand: str, arguments: str) -> str:
        return f"general({arguments})"


def batched_namespace() -> Any:
    from ..xp.batched import namespace

    return namespace


def batched_type() -> type:
    from ..xp.batched import Batched

    return Batched


def lift_lines(edges: list[str], raw: list[str], operands: list[str], results: str) -> str:
    """Lines that put a `Lift` where an operand, if it needs a gradient, lacks levels of the result."""
    lacking = [LACKING.format(edge=edge, x=x) for edge, x in zip(edges, raw, strict=True) if edge != "None"]
    given, together = ", ".join(edges), ", ".join(operands)
    return LIFT.format(lacking=" or ".join(lacking), edges=results, given=given, operands=together)


def calls_numpy(kernel: Any) -> bool:
    """Whether a kernel is a function of NumPy's or of `operator`: no frame of Python's that a warning could name."""
    return isinstance(kernel, (ufunc, BuiltinFunctionType))


def makes_floats(kernel: Any) -> bool:
    """Whether a kernel gives no integers for integers."""
    return kernel is truediv or (isinstance(kernel, ufunc) and not any([types[0] in "bhil" for types in kernel.types]))


class _Probe:
    """A namespace that only notes what a kernel calls, to find those that are a single call `xp.name(operands)`."""

    def __getattr__(self, name: str) -> Callable:
        return lambda *args, **kwargs: (name, args, kwargs)


def direct_name(op: Any) -> str | None:
    operands = tuple(object() for _ in op.operands)
    try:
        noted = op.kernel(_Probe(), *operands)
    except Exception:
        return None  # it does more than one call
    if type(noted) is tuple and len(noted) == 3 and noted[1] == operands and noted[2] == {}:
        return noted[0]
    return None


__all__ = [
    "AMONG",
    "BatchedWay",
    "FLOATING",
    "Kernels",
    "NUMPYS_SCALARS",
    "NotHere",
    "Way",
    "batched_namespace",
    "batched_type",
    "calls_numpy",
    "direct_name",
    "kernel_over",
    "lift_lines",
]
