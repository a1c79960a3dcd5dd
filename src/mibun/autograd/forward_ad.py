"""Forward mode: tangents that travel with the values (dual numbers), for every operator.

Inside a dual level each operation also computes the tangent of its result, from the operator's declaration: a linear
operator is applied to the tangents, a pointwise one uses its VJP conjugated, others have a rule of their own, and where
there is none, the VJP is differentiated (the VJP of the VJP is the JVP, since a VJP is linear in the gradient). The
tangents are computed by recorded operations, so reverse mode goes over forward mode, and forward over reverse.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .grad_mode import MODE, ModeContext
from .views import View, edge_of, replay

# level -> what carries a tangent at that level (tensors and nodes), to be cleared when the level is left
_levels: dict[int, list[weakref.ref]] = {}


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` returns."""

    primal: Any
    tangent: Any


class dual_level(ModeContext):
    """The region in which dual tensors exist; at its end they lose their tangents.

    >>> import mibun as torch
    >>> import mibun.autograd.forward_ad as fwAD
    >>> with fwAD.dual_level():
    ...     x = fwAD.make_dual(torch.tensor(3.), torch.tensor(1.))
    ...     fwAD.unpack_dual(x * x).tangent
    tensor(6.)
    """

    def _enter_mode(self, mode: Any) -> Any:
        if mode.dual_level >= 0:
            raise RuntimeError("Nested forward mode AD is not supported at the moment")
        _levels[0 if not _levels else max(_levels) + 1] = []
        return mode.replace(dual_level=max(_levels))

    def __enter__(self) -> int:
        super().__enter__()
        return 0

    def __exit__(self, *error: object) -> None:
        _leave(MODE.get().dual_level)
        super().__exit__(*error)


def _leave(level: int) -> None:
    for reference in _levels.pop(level, ()):
        holder = reference()
        if holder is not None:
            holder._tangent = None


def enter_dual_level() -> int:
    """Enter a dual level without a `with` block; returns its number."""
    mode = MODE.get()
    MODE.set(dual_level()._enter_mode(mode))
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Leave the dual level. RuntimeError if there is none, or if `level` is not the innermost."""
    mode = MODE.get()
    if mode.dual_level < 0 or (level is not None and level != 0):
        raise RuntimeError("Trying to exit a forward AD level that was not entered (or not the innermost)")
    _leave(mode.dual_level)
    MODE.set(mode.replace(dual_level=-1))


def make_dual(tensor: Any, tangent: Any, *, level: int | None = None) -> Any:
    """A view of `tensor` that carries `tangent` (of its shape and dtype), for the current level."""
    mode = MODE.get()
    if mode.dual_level < 0:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    if tensor._array.dtype.kind in "biu":
        raise ValueError(f"Expected primal to be floating point or complex, but got: {tensor.dtype}")
    if tangent._array.dtype.kind in "biu":
        raise ValueError(f"Expected tangent to be floating point or complex, but got: {tangent.dtype}")
    if tensor._array.shape != tangent._array.shape:
        raise RuntimeError(
            "Expected tangent to have the same metadata as primal: "
            f"shapes {list(tangent._array.shape)} and {list(tensor._array.shape)}"
        )
    if tensor._array.dtype != tangent._array.dtype:
        raise RuntimeError(
            f"Expected tangent to have the same dtype as primal: {tangent.dtype} and {tensor.dtype}"
        )
    result = _without(tensor)
    set_tangent(result, tangent)
    return result


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """(primal, tangent) of a dual tensor; the tangent is None for others, and outside of a level."""
    mode = MODE.get()
    if mode.dual_level < 0:
        return UnpackedDualTensor(tensor, None)
    tangent = tangent_of(tensor)
    return UnpackedDualTensor(tensor if tangent is None else _without(tensor), tangent)


def _without(tensor: Any) -> Any:
    mode = MODE.get()
    MODE.set(mode.replace(dual_level=-1))
    try:
        return tensor.view_as(tensor)
    finally:
        MODE.set(mode)


def set_tangent(tensor: Any, tangent: Any) -> None:
    """Let `tensor` (or a node that saves tangents) carry `tangent` until the current level is left."""
    tensor._tangent = tangent
    level = _levels.get(MODE.get().dual_level)
    if level is not None:
        level.append(weakref.ref(tensor))


def tangent_of(tensor: Any) -> Any:
    """The tangent of a Tensor; a view made before its base got one sees its part of it. None for anything else."""
    tangent = getattr(tensor, "_tangent", None)
    if tangent is None:
        view = getattr(tensor, "_edge", None)
        if type(view) is View and view.base._tangent is not None:
            mode = MODE.get()
            MODE.set(mode.replace(dual_level=-1))
            try:
                tangent = replay(view.chain, None, view.base._tangent)
            finally:
                MODE.set(mode)
            set_tangent(tensor, tangent)
    return tangent


class _Off:
    """Runs the tangents' own computation outside of the dual level."""

    def __enter__(self) -> Any:
        self.mode = MODE.get()
        MODE.set(self.mode.replace(dual_level=-1))
        return self.mode

    def __exit__(self, *error: object) -> None:
        MODE.set(self.mode)


def propagate(op: Any, operands: Sequence, params: dict, outputs: Any, residuals: tuple) -> None:
    """Give the outputs of an operation their tangents, if an operand has one."""
    if op.kind == "nondifferentiable":
        return
    tangents = [tangent_of(operand) for operand in operands]
    if all(tangent is None for tangent in tangents):
        return
    several = isinstance(outputs, tuple)
    listed = list(outputs) if several else [outputs]
    with _Off():
        results = _jvp(op, operands, params, listed, residuals, tangents)
    for output, tangent in zip(listed, results, strict=False):
        if tangent is not None and output._array.dtype.kind not in "biu":
            with _Off():
                if tangent._array.dtype != output._array.dtype:
                    tangent = tangent.to(output.dtype)
                if tangent._array.shape != output._array.shape:
                    tangent = tangent.expand(output._array.shape)
            set_tangent(output, tangent)


def inplace_tangent(op: Any, operands: Sequence, params: dict) -> Any:
    """The tangent that an in-place operation will give its target, computed before anything is written."""
    if all(tangent_of(operand) is None for operand in operands):
        return None
    from ..ops._op import apply

    with _Off() as mode:
        MODE.set(mode)
        result = apply(op, operands, params)
        result = result[0] if isinstance(result, tuple) else result
        return tangent_of(result)


def operand_tangents(operands: Sequence) -> list:
    """The tangents before an in-place operation, which will write over that of the first operand."""
    tangents = [tangent_of(operand) for operand in operands]
    if tangents[0] is not None:
        with _Off():
            tangents[0] = tangents[0].clone()
    return tangents


def set_inplace_tangent(target: Any, tangent: Any) -> None:
    """Write the tangent of an in-place result into the tangent of the target, as seen by all of its views."""
    own = tangent_of(target)
    view = target._edge
    with _Off():
        if tangent._array.shape != target._array.shape:
            tangent = tangent.expand(target._array.shape)
        if tangent._array.dtype != target._array.dtype:
            tangent = tangent.to(target.dtype)
        if own is None and type(view) is View:
            base_tangent = view.base.detach().clone().zero_()
        else:
            base_tangent = None
    if base_tangent is not None:
        set_tangent(view.base, base_tangent)
        own = tangent_of(target)
    with _Off():
        if own is None or (own.is_leaf and own.requires_grad):
            own = None
        else:
            own.copy_(tangent)
    if own is None:
        set_tangent(target, tangent)


def _jvp(op: Any, operands: Sequence, params: dict, outputs: list, residuals: tuple, tangents: list) -> list:
    """The tangents of the outputs."""
    if op.jvp is None and op.kind == "linear":
        given = [_zero(operand) if t is None else t for operand, t in zip(operands, tangents, strict=True)]
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
    if op.kind == "pointwise" and op.joint is None:
        return _sum_rules(op, op.vjp, tangents, values, outputs, conjugate=True)
    return _from_vjp(op, tangents, values, outputs)


def _sum_rules(op: Any, rules: dict, tangents: list, values: _Values, outputs: list, conjugate: bool) -> list:
    from ..xp import tensor as xp

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
            shape = outputs[0]._array.shape
            if tangent._array.shape != shape:
                tangent = xp.broadcast_to(tangent, shape)
            part = rule(xp, xp.conj(tangent), *values.arguments(rule))
            part = None if part is None else xp.conj(part)
        else:
            part = rule(xp, tangent, *values.arguments(rule))
        if part is not None:
            parts = list(part) if isinstance(part, (tuple, list)) else [part]
            total = parts if total is None else [a + b for a, b in zip(total, parts, strict=True)]
    return [None] * len(outputs) if total is None else total


def _zero(operand: Any) -> Any:
    from ..ops._op import Tensor, wrap

    if not isinstance(operand, Tensor):
        return type(operand)(0)
    return wrap(np.zeros(operand._array.shape, operand._array.dtype))


class _Values:
    """Looks up what the names of a rule's arguments stand for, as Tensors."""

    def __init__(self, op: Any, operands: Sequence, params: dict, outputs: list, residuals: tuple) -> None:
        from ..ops._op import wrap

        self.op, self.operands, self.params = op, operands, params
        self.outputs = outputs
        self.residuals = [wrap(r) if hasattr(r, "dtype") and not hasattr(r, "_array") else r for r in residuals]
        self.common = None
        if op.dtype_rule is not None and outputs and hasattr(outputs[0], "_array"):
            from ..dtypes import get_default_dtype, result_dtype

            arrays = [getattr(operand, "_array", operand) for operand in operands]
            common = result_dtype(arrays)
            if op.dtype_rule == "float" and common.kind in "biu":
                common = get_default_dtype().np
            self.common = common

    def cast(self, value: Any) -> Any:
        if self.common is None or not hasattr(value, "_array") or value._array.dtype == self.common:
            return value
        from ..dtypes import from_numpy_dtype

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
        if name == "out_shape":
            return self.outputs[0]._array.shape
        if name == "out_dtype":
            return self.outputs[0]._array.dtype
        for suffix in ("_shape", "_dtype"):
            attribute = suffix[1:]
            if op.variadic and name == op.operands[0] + suffix + "s":
                return tuple(getattr(operand._array, attribute) for operand in self.operands)
            if name.endswith(suffix):
                operand = self.operands[op.operands.index(name[: -len(suffix)])]
                array = getattr(operand, "_array", operand)
                return getattr(array, attribute, () if attribute == "shape" else None)
        raise TypeError(f"a rule of {op.name}() asks for {name!r}, which is no operand, output, residual or parameter")


def _from_vjp(op: Any, tangents: list, values: _Values, outputs: list) -> list:
    """The JVP as the VJP of the VJP: u -> J'u is linear, and its transpose applied to the tangent is J times it."""
    from ..ops._op import wrap
    from ..xp import tensor as xp
    from .engine import fit
    from .gradients import grad

    mode = MODE.get()
    n = len(outputs) if op.n_differentiable is None else op.n_differentiable
    probes = []
    for output in outputs[:n]:
        probe = wrap(np.zeros(output._array.shape, output._array.dtype))
        probe.requires_grad_()
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
                array = operand._array
                if part._array.shape != array.shape or part._array.dtype != array.dtype:
                    part = fit(part, array.shape, array.dtype, True, edge[0], 0)
                results.append(part)
                given.append(tangent)
    finally:
        MODE.set(mode)
    if not results:
        return [None] * n
    return list(grad(results, probes, given, create_graph=mode.grad, allow_unused=True, materialize_grads=True))


def _tangents_in(value: Any, materialize: bool, found: list) -> Any:
    """The tangent of an argument; for a list, tuple or dict, the tangents in it in the same arrangement."""
    from ..ops import _op

    if isinstance(value, _op.Tensor):
        tangent = tangent_of(value)
        if tangent is not None:
            found.append(tangent)
        elif materialize and value._array.dtype.kind not in "biu":
            tangent = _zero(value)
        return tangent
    if isinstance(value, (list, tuple)):
        parts = [_tangents_in(item, materialize, found) for item in value]
        return None if all(part is None for part in parts) else tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        items = {key: _tangents_in(item, materialize, found) for key, item in value.items()}
        return None if all(part is None for part in items.values()) else items
    return None


def propagate_function(cls: Any, ctx: Any, args: tuple, results: list) -> None:
    """Forward mode through a user-written Function: by its `jvp`."""
    from ..ops import _op

    found: list = []
    tangents = [_tangents_in(value, ctx.materialize_grads, found) for value in args]
    if not found:
        return
    with _Off():
        ctx._running_jvp, ctx._forward_saved = True, ctx._for_forward
        try:
            given = cls.jvp(ctx, *tangents)
        finally:
            ctx._running_jvp = False
    given = given if isinstance(given, tuple) else (given,)
    if len(given) != len(results):
        raise RuntimeError(
            f"{cls.__name__}.jvp returned {len(given)} tangents, but forward returned {len(results)} outputs"
        )
    for result, tangent in zip(results, given, strict=True):
        if tangent is None or not isinstance(result, _op.Tensor):
            continue
        if tangent._array.shape != result._array.shape:
            raise RuntimeError(
                f"{cls.__name__}.jvp returned a tangent of shape {list(tangent._array.shape)} for an output of shape "
                f"{list(result._array.shape)}"
            )
        set_tangent(result, tangent)


def note_tangents(node: Any, operands: Sequence, outputs: Sequence) -> None:
    """Let a node remember the tangents of what it saves, for forward mode over its backward."""
    tangents = ([tangent_of(operand) for operand in operands], [tangent_of(output) for output in outputs])
    if any(tangent is not None for part in tangents for tangent in part):
        set_tangent(node, tangents)


__all__ = [
    "UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual",
]  # fmt: skip
