"""The hot path: `apply` specialised for one and two operands of one dtype, in the default modes.

`make_unary` and `make_binary` make the public functions of pointwise operators, `make_one` what any operator of one
operand and one output (a view, a reduction) is called through.

Everything that does not fit (subclasses, mixed dtypes, foreign types, other array libraries' quirks, errors) goes to
the general path, which gives the same result more slowly, or the right error. Here every attribute access counts:
a recorded small multiply is to cost at most 2 us, of which NumPy's own multiply is 0.3.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from operator import truediv
from typing import Any

from numpy import ndarray, ufunc

from ..core.mode import MODE, NO_GRAD
from ..core.node import LEAF, SEQUENCE, VersionCounter
from ..core.registry import NAMESPACES
from ..core.site import INTERNAL
from ..core.tensor import PLAIN, Tensor
from ..core.views import NOWHERE_EDGE, make_view
from ..xp import numpy_namespace
from .nodes import plan

_getframe: Any = sys._getframe
_new = object.__new__
_next = SEQUENCE.__next__
_mode = MODE.get


class _Kernels(dict):
    """array type -> the operator's kernel for it; where the kernel is one function of the namespace, that function."""

    def __init__(self, op: Any) -> None:
        super().__init__()
        self.op = op

    def __missing__(self, kind: type) -> Callable:
        xp = NAMESPACES[kind]
        op = self.op
        if xp is not numpy_namespace:
            raise TypeError("the fast path is NumPy's")
        direct = _direct_name(op)
        if direct is not None:
            kernel = getattr(xp, direct)
        else:

            def kernel(*arrays: Any) -> Any:
                return op.kernel(xp, *arrays)

        refuses = "".join(op.refuses or ())
        if op.dtype_rule == "float" and not _makes_floats(kernel):
            refuses += "biu"  # which the general path casts first
        if refuses:
            inner = kernel

            def kernel(*arrays: Any) -> Any:
                if arrays[0].dtype.kind in refuses:
                    raise TypeError("refused: the general path says why")
                return inner(*arrays)

        self[kind] = kernel
        return kernel


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


def make_unary(op: Any, fallback: Callable) -> Callable:
    """The function of a pointwise operator of one operand and no parameters."""
    kernels = _Kernels(op)
    kernel = kernels[ndarray]
    node_class = op.node_class
    differs = op.kind == "nondifferentiable"  # the result may be of another dtype
    made = None if node_class is None else plan(op, (True,))
    save_input, save_output = (False, False) if made is None else (bool(made.operands), bool(made.outputs))
    shapes = made is not None and bool(made.shapes)

    def call(input: Any, *, out: Any = None) -> Any:
        mode = _mode()
        if out is None and mode.fast and (type(input) is Tensor or type(input) in PLAIN):
            x = input._array_
            try:
                z = (kernel if type(x) is ndarray else kernels[type(x)])(x)
            except Exception:
                return fallback(input)
            dtype = x.dtype
            if z.dtype is not dtype and not differs:
                return fallback(input)
            result = _new(Tensor)
            result._array_ = z
            result._edge_ = result._version_counter_ = result._grad_ = None
            result._accumulator_ = result._leaf_hooks_ = result._tangent_ = None
            edge = input._edge_
            if edge is None or mode is NO_GRAD:
                return result
            if edge is LEAF:
                edge = (input, None)
            elif type(edge) is not tuple:
                edge = edge.resolve(input)
                if edge is None:
                    return result
                if edge is NOWHERE_EDGE:
                    return fallback(input)
            if node_class is None:
                return result
            node = node_class()
            node.edges = (edge,)
            node.sequence_nr = _next()
            frame = _getframe(1)
            code = frame.f_code
            while INTERNAL[code.co_filename]:
                frame = frame.f_back
                code = frame.f_code
            node.code = code
            node.offset = frame.f_lasti
            node.shape = z.shape
            node.dtype = dtype
            if shapes:
                node.operand_shapes = (x.shape,)
                node.operand_dtypes = (dtype,)
            if save_input:
                counter = input._version_counter_
                if counter is None:
                    counter = input._version_counter_ = VersionCounter()
                if save_output:
                    other = result._version_counter_ = VersionCounter()
                    node.saved = (x, z)
                    node.counters = (counter, other)
                    if counter.version:
                        node.versions = (counter.version, 0)
                else:
                    node.saved = (x,)
                    node.counters = (counter,)
                    if counter.version:
                        node.versions = (counter.version,)
            elif save_output:
                counter = result._version_counter_ = VersionCounter()
                node.saved = (None, z)
                node.counters = (counter,)
            result._edge_ = (node, 0)
            return result
        return fallback(input, out=out)

    return call


def make_binary(op: Any, fallback: Callable) -> Callable:
    """The function of a pointwise operator of two operands and no parameters."""
    kernels = _Kernels(op)
    kernel = kernels[ndarray]
    node_class = op.node_class
    differs = op.kind == "nondifferentiable"  # the result may be of another dtype
    scalars = op.scalars
    simple = True
    save_x_for_x = save_y_for_x = save_x_for_y = save_y_for_y = False
    if node_class is not None:
        for_x, for_y = plan(op, (True, False)), plan(op, (False, True))
        # A rule that asks for the output or for shapes is left to the general path.
        simple = not (for_x.outputs or for_y.outputs or for_x.shapes or for_y.shapes)
        save_x_for_x, save_y_for_x = 0 in for_x.operands, 1 in for_x.operands
        save_x_for_y, save_y_for_y = 0 in for_y.operands, 1 in for_y.operands
    if not simple:
        return fallback
    save_x_for_both, save_y_for_both = save_x_for_x or save_x_for_y, save_y_for_x or save_y_for_y
    # Operands of one dtype give a result of that dtype, but for the operators that make integers floating.
    may_differ = op.dtype_rule != "promote" or op.kind == "nondifferentiable"
    user_code = None  # the code object that called last, known to be the user's

    def call(input: Any, other: Any, *, out: Any = None) -> Any:
        nonlocal user_code
        mode = _mode()
        if out is None and mode.fast and (type(input) is Tensor or type(input) in PLAIN):
            x = input._array_
            dtype = x.dtype
            kind = type(other)
            if kind is Tensor or kind in PLAIN:
                y = other._array_
                if y.dtype is not dtype:
                    return fallback(input, other)
                edge_y = other._edge_
            elif (kind is float or kind is int) and dtype.kind in "fc" and scalars:
                y = other
                edge_y = None
            else:
                return fallback(input, other, out=out)
            try:
                z = (kernel if type(x) is ndarray else kernels[type(x)])(x, y)
            except Exception:
                return fallback(input, other)
            if may_differ and z.dtype is not dtype and not differs:
                return fallback(input, other)
            result = _new(Tensor)
            result._array_ = z
            result._edge_ = result._version_counter_ = result._grad_ = None
            result._accumulator_ = result._leaf_hooks_ = result._tangent_ = None
            edge_x = input._edge_
            if (edge_x is None and edge_y is None) or mode is NO_GRAD or node_class is None:
                return result
            if edge_x is LEAF:
                edge_x = (input, None)
            elif type(edge_x) is not tuple and edge_x is not None:
                edge_x = edge_x.resolve(input)
                if edge_x is NOWHERE_EDGE:
                    return fallback(input, other)
            if edge_y is LEAF:
                edge_y = (other, None)
            elif type(edge_y) is not tuple and edge_y is not None:
                edge_y = edge_y.resolve(other)
                if edge_y is NOWHERE_EDGE:
                    return fallback(input, other)
            if edge_x is not None:
                if edge_y is not None:
                    keep_x, keep_y = save_x_for_both, save_y_for_both
                else:
                    keep_x, keep_y = save_x_for_x, save_y_for_x
            elif edge_y is not None:
                keep_x, keep_y = save_x_for_y, save_y_for_y
            else:
                return result
            node = node_class()
            node.edges = (edge_x, edge_y)
            node.sequence_nr = _next()
            frame = _getframe(1)
            code = frame.f_code
            if code is not user_code:
                while INTERNAL[code.co_filename]:
                    frame = frame.f_back
                    code = frame.f_code
                user_code = code
            node.code = code
            node.offset = frame.f_lasti
            node.shape = z.shape
            node.dtype = dtype
            if keep_x:
                counter = input._version_counter_
                if counter is None:
                    counter = input._version_counter_ = VersionCounter()
                if keep_y:
                    node.saved = (x, y)
                    if y is not other:
                        other_counter = other._version_counter_
                        if other_counter is None:
                            other_counter = other._version_counter_ = VersionCounter()
                        node.counters = (counter, other_counter)
                        if counter.version or other_counter.version:
                            node.versions = (counter.version, other_counter.version)
                        result._edge_ = (node, 0)
                        return result
                else:
                    node.saved = (x,)
                node.counters = (counter,)
                if counter.version:
                    node.versions = (counter.version,)
            elif keep_y:
                node.saved = (None, y)
                if y is not other:
                    counter = other._version_counter_
                    if counter is None:
                        counter = other._version_counter_ = VersionCounter()
                    node.counters = (counter,)
                    if counter.version:
                        node.versions = (counter.version,)
            result._edge_ = (node, 0)
            return result
        return fallback(input, other, out=out)

    return call


def make_one(op: Any, apply: Callable) -> Callable:
    """What `op(input, **params)` does, for an operator of one operand and one output, given all of its parameters."""
    view = op.view
    name = op.node_name
    node_class: Any = op.node_class
    refuses = "".join(kind for kind in op.refuses or () if len(kind) == 1)
    if op.dtype_rule == "float":
        refuses += "biu"  # which `apply` casts first
    if op.refuses is not None and any(len(kind) != 1 for kind in op.refuses):
        refuses = "?biufcV"
    made = None
    save_input = save_output = shapes = False

    def call(input: Any, params: dict[str, Any]) -> Any:
        nonlocal made, save_input, save_output, shapes
        mode = _mode()
        if not mode.fast or type(input) not in PLAIN:
            return apply(op, (input,), params)
        x = input._array_
        if type(x) is not ndarray or (refuses and x.dtype.kind in refuses):
            return apply(op, (input,), params)
        edge = input._edge_
        if edge is not None:
            if node_class is None or not mode.grad:
                edge = None
            elif edge is LEAF:
                edge = (input, None)
            elif type(edge) is not tuple:
                edge = edge.resolve(input)
                if edge is NOWHERE_EDGE:
                    return apply(op, (input,), params)
        try:
            z = op.kernel(numpy_namespace, x, **params)
        except Exception:
            return apply(op, (input,), params)
        result = _new(Tensor)
        result._array_ = z
        result._edge_ = result._version_counter_ = result._grad_ = None
        result._accumulator_ = result._leaf_hooks_ = result._tangent_ = None
        out_edge = None
        if edge is not None and node_class is not None:
            if made is None:
                first = plan(op, (True,))
                save_input, save_output, shapes = bool(first.operands), bool(first.outputs), bool(first.shapes)
                made = first  # last, since other threads may be here too
            node = node_class()
            node.edges = (edge,)
            node.sequence_nr = _next()
            frame = _getframe(2)
            code = frame.f_code
            while INTERNAL[code.co_filename]:
                frame = frame.f_back
                code = frame.f_code
            node.code = code
            node.offset = frame.f_lasti
            node.shape = z.shape
            dtype = node.dtype = z.dtype
            if params:
                node.params = params
            if shapes:
                node.operand_shapes = (x.shape,)
                node.operand_dtypes = (x.dtype,)
            if dtype.kind in "fcV":
                out_edge = result._edge_ = (node, 0)
            if save_input:
                node.save_operands(made, (input,), (x,), ())
            if save_output:
                node.save_outputs(made, (result,), mode)
        if view:
            make_view(input, result, out_edge, (op, params, x.shape), name, mode)
        return result

    return call
