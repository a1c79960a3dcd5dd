"""Forward mode: the tangent of an operation's result, for every operator, from its declaration.

A linear operator is applied to the tangents, one whose Jacobian is symmetric (every pointwise one) uses its VJP
conjugated, others have a rule of their own, and where there is none, the VJP is differentiated (the VJP of the VJP is
the JVP, since a VJP is linear in the gradient). The tangents are computed by recorded operations, so reverse mode goes
over forward mode, and forward over reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.batching import all_examples
from ..core.dtypes import from_numpy_dtype, get_default_dtype, result_dtype
from ..core.fitting import fit
from ..core.gradients import grad
from ..core.mode import MODE
from ..core.node import raw
from ..core.registry import NAMESPACES, TENSORS, zeros_beside
from ..core.tangents import (
    TangentsOff,
    modes_by_level,
    set_tangent,
    shares_tangent,
    tangent_of,
)
from ..core.tensor import Tensor, require_grad, wrap
from ..core.views import View, edge_of
from ..xp import tensor as xp


def propagate(op: Any, operands: Sequence, params: dict, outputs: Any, residuals: tuple) -> None:
    """Give the outputs of an operation their tangents, at each level at which an operand has one."""
    if op.kind == "nondifferentiable":
        return
    mode = MODE.get()
    if len(mode.dual_levels) == 1:
        _propagate_at_level(op, operands, params, outputs, residuals)
        return
    try:
        for inner in modes_by_level(mode):
            MODE.set(inner)
            _propagate_at_level(op, operands, params, outputs, residuals)
    finally:
        MODE.set(mode)


def _propagate_at_level(op: Any, operands: Sequence, params: dict, outputs: Any, residuals: tuple) -> None:
    tangents = [tangent_of(operand) for operand in operands]
    if all(tangent is None for tangent in tangents):
        return
    listed = list(outputs) if isinstance(outputs, tuple) else [outputs]
    with TangentsOff():
        results = _jvp(op, operands, params, listed, residuals, tangents)
    for output, tangent in zip(listed, results, strict=False):
        if tangent is not None and output._array_.dtype.kind not in "biu":
            with TangentsOff():
                if tangent._array_.dtype != output._array_.dtype:
                    tangent = tangent.to(output.dtype)
                if tangent._array_.shape != output._array_.shape:
                    tangent = tangent.expand(output._array_.shape)
                if type(output._array_) in TENSORS:
                    tangent = for_all_examples(tangent, output)
                if not op.view and _shares_memory(tangent, tangents):
                    tangent = _copied(tangent)
            set_tangent(output, tangent)


def for_all_examples(tangent: Any, output: Any) -> Any:
    """The tangent, one for each example if the value is: so that in-place operations can change it as they do that."""
    array, own = output._array_, getattr(tangent._array_, "levels", ())
    if own is array.levels or all([level in own for level in array.levels]):
        return tangent
    from ..xp.batched import over

    # A sum, so that its gradient is summed over the examples once they are over, and not before: see LiftBackward.
    return tangent + wrap(over(array).zeros_for((), tangent._array_.dtype, (array,)))


def _shares_memory(tangent: Any, others: Sequence) -> bool:
    """Whether to write into a tangent, as in-place operations do, would change one of the others; or cannot be done."""
    array = _memory(tangent)
    for other in others:
        if other is tangent:
            return True
        if (
            other is not None
            and getattr(array, "base", None) is not None
            and _library_of(array).may_share_memory(array, _memory(other))
        ):
            return True
    return array.size > 1 and 0 in getattr(array, "strides", ())


def _library_of(array: Any) -> Any:
    """NumPy, or the library that has its functions for an array that is a view."""
    return np if isinstance(array, np.ndarray) else NAMESPACES[type(array)].np


def _memory(tangent: Any) -> Any:
    return all_examples(tangent._array_)


def _copied(tangent: Any) -> Any:
    """The same tangent in memory of its own."""
    if tangent._edge_ is None and tangent._tangent_ is None:  # of which nobody wants a derivative
        array = tangent._array_
        return wrap(NAMESPACES[type(array)].copy(array))
    return tangent.clone()


def inplace_tangents(op: Any, operands: Sequence, params: dict) -> list[tuple]:
    """What an in-place operation will do to the tangents of its target, computed before anything is written.

    For each level at which an operand has a tangent, outermost first: (the mode in which it is the innermost, the
    operands' tangents, the tangent of the result).
    """
    mode = MODE.get()
    modes = [inner for inner in modes_by_level(mode) if _any_tangent(operands, inner)]
    MODE.set(mode)
    if not modes:
        return []
    # The tangents' own history may need what is about to be written over, values and tangents.
    target, before = operands[0], operands[0].clone()
    operands = [before if operand is target else operand for operand in operands]
    found = []
    for inner in modes:
        MODE.set(inner)
        found.append((inner, [tangent_of(operand) for operand in operands]))
    MODE.set(mode)
    result = op(*operands, **params)
    result = result[0] if isinstance(result, tuple) else result
    of_result = result._tangent_ or {}
    return [(inner, tangents, of_result.get(inner.dual_level)) for inner, tangents in found]


def _any_tangent(operands: Sequence, inner: Any) -> bool:
    MODE.set(inner)
    return any([tangent_of(operand) is not None for operand in operands])


def set_inplace_tangents(target: Any, node: Any, prepared: list[tuple]) -> None:
    """Write what `inplace_tangents` has found, and let the node of the operation remember it."""
    mode = MODE.get()
    try:
        for inner, before, tangent in prepared:
            MODE.set(inner)
            if tangent is not None:
                _set_inplace_tangent(target, tangent)
                if node is not None:
                    set_tangent(node, (before, [tangent_of(target)]))
    finally:
        MODE.set(mode)


def _set_inplace_tangent(target: Any, tangent: Any) -> None:
    """Write the tangent of an in-place result into the tangent of the target, as seen by all of its views."""
    own = tangent_of(target)
    view = target._edge_
    with TangentsOff():
        if tangent._array_.shape != target._array_.shape:
            tangent = tangent.expand(target._array_.shape)
        if tangent._array_.dtype != target._array_.dtype:
            tangent = tangent.to(target.dtype)
        if own is None and type(view) is View and shares_tangent(view):
            base_tangent = _zeros_for(view.base, tangent)
        else:
            base_tangent = None
    if base_tangent is not None:
        set_tangent(view.base, base_tangent)
        own = tangent_of(target)
    with TangentsOff():
        if own is None or (own.is_leaf and own.requires_grad):
            own = None
        else:
            own.copy_(tangent)
    if own is None:
        set_tangent(target, tangent)


def _zeros_for(base: Any, tangent: Any) -> Any:
    """A zero tangent for a base, part of which is about to be written over: batched, if that or the base is."""
    arrays = base._array_, tangent._array_
    if any([type(array) in TENSORS for array in arrays]):
        from ..core.registry import is_batched
        from ..xp.batched import over

        one = arrays[0] if is_batched(arrays[0]) else arrays[1]
        return wrap(over(one).zeros_for(arrays[0].shape, arrays[0].dtype, arrays))
    return base.detach().clone().zero_()


def _jvp(op: Any, operands: Sequence, params: dict, outputs: list, residuals: tuple, tangents: list) -> list:
    """The tangents of the outputs."""
    if op.jvp is None and op.kind == "linear":
        given = [zero_tangent(operand) if t is None else t for operand, t in zip(operands, tangents, strict=True)]
        if op.constant:  # indices and masks stay what they are
            names = zip(op.operands, operands, given, strict=True)
            given = [operand if name in op.constant else t for name, operand, t in names]
        result = op(*given, **params)
        return list(result) if isinstance(result, tuple) else [result]
    if op.jvp is None and op.kind == "multilinear":
        total = None
        for i, tangent in enumerate(tangents):
            if tangent is not None:
                part = op(*operands[:i], tangent, *operands[i + 1 :], **params)
                total = part if total is None else total + part
        return [total]
    values = _Values(op, operands, params, outputs, residuals)
    if op.jvp is not None:
        rules = {op.operands[0]: op.jvp} if callable(op.jvp) else op.jvp
        return _sum_rules(op, rules, tangents, values, outputs, conjugate=False)
    if op.kind in ("pointwise", "symmetric") and op.joint is None:
        return _sum_rules(op, op.vjp, tangents, values, outputs, conjugate=True)
    return _from_vjp(op, tangents, values, outputs)


def _sum_rules(op: Any, rules: dict, tangents: list, values: _Values, outputs: list, conjugate: bool) -> list:
    total: Any = None
    for name, tangent in zip(op.operands, tangents, strict=True):
        if tangent is None:
            continue
        if name not in rules:
            if name in op.constant:
                continue
            raise NotImplementedError(
                f"Trying to use forward AD with {op.name}() that does not support it for its operand '{name}'"
            )
        rule = rules[name]
        tangent = values.cast(tangent)
        if conjugate:
            shape = outputs[0]._array_.shape
            if tangent._array_.shape != shape:
                tangent = xp.broadcast_to(tangent, shape)
            part = rule(xp, xp.conj(tangent), *values.arguments(rule))
            part = None if part is None else xp.conj(part)
        else:
            part = rule(xp, tangent, *values.arguments(rule))
        if part is not None:
            parts = list(part) if isinstance(part, (tuple, list)) else [part]
            total = parts if total is None else [a + b for a, b in zip(total, parts, strict=True)]
    return [None] * len(outputs) if total is None else total


def zero_tangent(operand: Any) -> Any:
    if not isinstance(operand, Tensor):
        return type(operand)(0)
    return wrap(zeros_beside(operand._array_))


class _Values:
    """Looks up what the names of a rule's arguments stand for, as Tensors."""

    def __init__(self, op: Any, operands: Sequence, params: dict, outputs: list, residuals: tuple) -> None:
        self.op, self.operands, self.params = op, operands, params
        self.outputs = outputs
        self.residuals = [wrap(r) if hasattr(r, "dtype") and not isinstance(r, Tensor) else r for r in residuals]
        self.common = None
        if op.dtype_rule is not None and outputs and isinstance(outputs[0], Tensor):
            arrays = [raw(operand) for operand in operands]
            common = result_dtype(arrays)
            if op.dtype_rule == "float" and common.kind in "biu":
                common = get_default_dtype().np
            self.common = common

    def cast(self, value: Any) -> Any:
        if self.common is None or not isinstance(value, Tensor) or value._array_.dtype == self.common:
            return value
        return value.to(from_numpy_dtype(self.common))

    def arguments(self, rule: Any) -> list:
        code = rule.__code__
        return [self.get(name) for name in code.co_varnames[2 : code.co_argcount]]

    def get(self, name: str) -> Any:
        op = self.op
        output_names = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
        if op.variadic and name == op.operands[0]:
            return tuple(self.cast(operand) for operand in self.operands)
        if name in op.operands:
            return self.cast(self.operands[op.operands.index(name)])
        if name in output_names:
            return self.outputs[output_names.index(name)]
        if name in op.residuals:
            return self.residuals[op.residuals.index(name)]
        if name in op.params:
            return self.params[name]
        if name == "defined":
            return (True,) * len(self.outputs)
        if name == "out_shape":
            return self.outputs[0]._array_.shape
        if name == "out_dtype":
            return self.outputs[0]._array_.dtype
        for suffix in ("_shape", "_dtype"):
            attribute = suffix[1:]
            if op.variadic and name == op.operands[0] + suffix + "s":
                return tuple(getattr(operand._array_, attribute) for operand in self.operands)
            if name.endswith(suffix):
                operand = self.operands[op.operands.index(name[: -len(suffix)])]
                array = raw(operand)
                return getattr(array, attribute, () if attribute == "shape" else None)
        raise TypeError(f"a rule of {op.name}() asks for {name!r}, which is no operand, output, residual or parameter")


def _from_vjp(op: Any, tangents: list, values: _Values, outputs: list) -> list:
    """The JVP as the VJP of the VJP: u -> J'u is linear, and its transpose applied to the tangent is J times it."""
    mode = MODE.get()
    n = len(outputs) if op.n_differentiable is None else op.n_differentiable
    probes = []
    for output in outputs[:n]:
        probe = wrap(zeros_beside(output._array_))
        require_grad(probe)
        probes.append(probe)
    several = op.outputs is not None and (op.n_differentiable != 1 or op.outputs == "list")
    MODE.set(mode.replace(grad=True))
    try:
        g = probes if several else probes[0]
        results, given = [], []
        if op.joint is not None:
            needs = tuple(tangent is not None for tangent in tangents)
            code = op.joint.__code__
            names = code.co_varnames[2 : code.co_argcount]
            parts = op.joint(xp, g, *[needs if name == "needs" else values.get(name) for name in names])
        else:
            parts = []
            for name, tangent in zip(op.operands, tangents, strict=True):
                rule = op.vjp.get(name)
                parts.append(None if tangent is None or rule is None else rule(xp, g, *values.arguments(rule)))
        for operand, tangent, part in zip(values.operands, tangents, parts, strict=True):
            if tangent is None or part is None:
                continue
            edge = edge_of(part)
            if edge is not None:
                array = operand._array_
                if part._array_.shape != array.shape or part._array_.dtype != array.dtype:
                    part = fit(part, array.shape, array.dtype, True, edge[0], 0)
                results.append(part)
                given.append(tangent)
    finally:
        MODE.set(mode)
    if not results:
        return [None] * n
    return list(grad(results, probes, given, create_graph=mode.grad, allow_unused=True, materialize_grads=True))


def note_tangents(node: Any, operands: Sequence, outputs: Sequence) -> None:
    """Let a node remember the tangents of what it saves, for forward mode over its backward."""
    mode = MODE.get()
    try:
        for inner in modes_by_level(mode):
            MODE.set(inner)
            tangents = ([tangent_of(operand) for operand in operands], [tangent_of(output) for output in outputs])
            if any(tangent is not None for part in tangents for tangent in part):
                set_tangent(node, tangents)
    finally:
        MODE.set(mode)
