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


# What `Mode.dual_level` is without a level, and with forward mode switched off (by `_set_fwd_grad_enabled`): the second
# is lowered by the number of the suspended level.
_NONE, _OFF, _SUSPENDED = -1, -2, -3


def _level_of(mode: Any) -> int:
    """The dual level that was entered, suspended or not; negative without one."""
    level = mode.dual_level
    return level if level >= _OFF else _SUSPENDED - level


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
        if _level_of(mode) >= 0:
            raise RuntimeError("Nested forward mode AD is not supported at the moment")
        level = 0 if not _levels else max(_levels) + 1
        _levels[level] = []
        return mode.replace(dual_level=level if mode.dual_level == _NONE else _SUSPENDED - level)

    def __enter__(self) -> int:
        super().__enter__()
        return 0

    def __exit__(self, *error: object) -> None:
        _leave(_level_of(MODE.get()))
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
    current = _level_of(mode)
    if current < 0 and level is None:
        raise RuntimeError("Dual level must be a positive number. There is none to leave: none was entered.")
    if current < 0 or level not in (None, 0):
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is not supported. "
            f"(level {level} was to be left, and {'level 0' if current >= 0 else 'none'} is entered)"
        )
    _leave(current)
    MODE.set(mode.replace(dual_level=_NONE if mode.dual_level >= 0 else _OFF))


class _set_fwd_grad_enabled(ModeContext):
    """Switch forward mode on or off: at once when called, and back again when used as a context manager."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        self._before = MODE.get()
        MODE.set(self._enter_mode(self._before))

    def _enter_mode(self, mode: Any) -> Any:
        level = _level_of(mode)
        if self.mode:
            return mode.replace(dual_level=max(level, _NONE))
        return mode.replace(dual_level=_SUSPENDED - level if level >= 0 else _OFF)

    def __enter__(self) -> None:
        # The switch happened at construction: what to go back to is what was in force before that.
        self._previous.append(self._before)

    def clone(self) -> ModeContext:
        return type(self)(self.mode)

    def __call__(self, function: Any) -> Any:
        MODE.set(self._before)  # used as a decorator: the switch is for the function's calls only
        return super().__call__(function)


def _is_fwd_grad_enabled() -> bool:
    """Whether tangents are computed where there are any."""
    return MODE.get().dual_level >= _NONE


def _check_level(level: int | None, name: str) -> None:
    if level is not None and level != 0:
        raise RuntimeError(f"Invalid level given to {name}: {level}; there is level 0 only")


def _check_kind(tensor: Any, name: str) -> None:
    if not hasattr(tensor, "_array"):
        raise AttributeError(
            f"'{type(tensor).__name__}' object has no attribute 'is_floating_point': make_dual() takes Tensors"
        )
    if tensor._array.dtype.kind in "biu":
        raise ValueError(f"Expected {name} to be floating point or complex, but got: {tensor.dtype}")


def make_dual(tensor: Any, tangent: Any, *, level: int | None = None) -> Any:
    """A view of `tensor` that carries `tangent`, of its shape, for the current level.

    The tangent is not copied, if it lies in memory as the tensor does: in-place operations on the result change both.
    ValueError for integers, RuntimeError outside of a level, for other shapes, for a complex tangent of a real tensor,
    and if either of the two is a dual tensor already. In inference mode the result has no tangent.
    """
    if (level is not None and level < 0) or (level is None and _level_of(MODE.get()) < 0):
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    _check_kind(tensor, "primal")
    _check_kind(tangent, "tangent")
    _check_level(level, "_make_dual")
    if _level_of(MODE.get()) < 0:
        raise RuntimeError(
            "Trying to access a forward AD level with an invalid index. This index was either not created or is "
            "already deleted: enter a level with dual_level() first."
        )
    if tangent_of(tensor) is not None:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 is not "
            "supported."
        )
    if tangent_of(tangent) is not None:
        raise RuntimeError(
            "Setting a forward grad that itself has a forward gradient at the same level 0 is not supported."
        )
    _check_size(tensor, tangent)
    if tangent._array.dtype.kind == "c" and tensor._array.dtype.kind != "c":
        raise RuntimeError(f"A real Tensor has a real tangent, but got {tangent.dtype} for a Tensor of {tensor.dtype}")
    with _Off():
        result = tensor.view_as(tensor)
    if not MODE.get().inference:
        set_tangent(result, _laid_out_as(tensor, tangent))
    return result


def _check_size(tensor: Any, tangent: Any) -> None:
    if tensor._array.shape != tangent._array.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not "
            f"supported. Tensor is of size {list(tensor._array.shape)} while the given forward gradient is of size "
            f"{list(tangent._array.shape)}."
        )


def _laid_out_as(tensor: Any, tangent: Any) -> Any:
    """The tangent in the memory layout of its tensor, so that views of the one are views of the other."""
    shape, of_tensor, of_tangent = tensor._array.shape, tensor.stride(), tangent.stride()
    if all(n < 2 or a == b for n, a, b in zip(shape, of_tensor, of_tangent, strict=True)):
        return tangent
    if any(n > 1 and a == 0 for n, a in zip(shape, of_tensor, strict=True)):
        return tangent  # the tensor repeats elements that have different tangents
    from ..ops._op import FUNCTIONS

    with _Off():
        return FUNCTIONS["empty_strided"](shape, of_tensor, dtype=tangent.dtype).copy_(tangent)


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """(primal, tangent) of a dual tensor; the tangent is None for others, and outside of a level."""
    if (level is not None and level < 0) or (level is None and _level_of(MODE.get()) < 0):
        return UnpackedDualTensor(tensor, None)
    _check_level(level, "_fw_primal")
    if not hasattr(tensor, "_array"):
        raise TypeError(f"_unpack_dual(): argument 'dual' (position 1) must be Tensor, not {type(tensor).__name__}")
    tangent = tangent_of(tensor)
    return UnpackedDualTensor(tensor if tangent is None else _primal(tensor), tangent)


def _primal(dual: Any) -> Any:
    """A view of the dual tensor that has its gradient, but not its tangent."""
    from ..ops._op import OPS

    with _Off():
        return OPS["fw_primal"](dual)


def _shares_tangent(view: View) -> bool:
    """Whether a view's tangent is a view of its base's: not where a primal was taken on the way."""
    return not any(step[0].name == "fw_primal" for step in view.chain)


def set_tangent(tensor: Any, tangent: Any) -> None:
    """Let `tensor` (or a node that saves tangents) carry `tangent` until the current level is left."""
    tensor._tangent = tangent
    level = _levels.get(MODE.get().dual_level)
    if level is not None:
        level.append(weakref.ref(tensor))


def tangent_of(tensor: Any) -> Any:
    """The tangent of a Tensor; a view made before its base got one sees its part of it. None for anything else."""
    mode = MODE.get()
    if mode.dual_level < 0 or mode.inference:
        return None
    tangent = getattr(tensor, "_tangent", None)
    if tangent is None:
        view = getattr(tensor, "_edge", None)
        if type(view) is View and view.base._tangent is not None and _shares_tangent(view):
            with _Off():
                tangent = replay(view.steps(tensor), None, view.base._tangent)
            set_tangent(tensor, tangent)
    return tangent


def refuse_dual(tensors: Sequence, function: str, reason: str) -> None:
    """NotImplementedError if one of the tensors is dual, for what has no tangent."""
    if any(tangent_of(tensor) is not None for tensor in tensors):
        raise NotImplementedError(f"Trying to use forward AD with {function} {reason}")


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
        if own is None and type(view) is View and _shares_tangent(view):
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
        ctx._running_jvp, ctx._forward_saved = True, ctx.saved_for_forward or ()
        try:
            given = cls.jvp(ctx, *tangents)
        finally:
            ctx._running_jvp = False
    given = given if isinstance(given, tuple) else (given,)
    if len(given) != len(results):
        raise RuntimeError(
            f"Function's jvp returned an invalid number of forward gradients (expected {len(results)} but got "
            f"{len(given)}) in {cls.__name__}.jvp"
        )
    arguments = {id(value): tangent for value, tangent in zip(args, tangents, strict=True) if tangent is not None}
    non_differentiable = {id(tensor) for tensor in ctx.non_differentiable or ()}
    for number, (result, tangent) in enumerate(zip(results, given, strict=True)):
        if tangent is None or not isinstance(result, _op.Tensor) or id(result) in non_differentiable:
            continue
        _check_given(cls, number, result, tangent)
        if id(result) in arguments:
            if tangent is not arguments[id(result)]:
                raise RuntimeError(
                    "An inplace custom Function is not modifying the forward mode gradients inplace. If the forward is "
                    "modifying an input inplace, then the jvp function must modify the corresponding gradient inplace "
                    f"and return it ({cls.__name__}.jvp)."
                )
        elif _is_view_of(result, args) and not _is_view_of(tangent, found):
            raise RuntimeError(
                "A custom Function's forward is returning a view (or an input as-is) but the jvp is not returning a "
                f"view. Return the same view of the input's tangent, or tangent.view_as(tangent) ({cls.__name__}.jvp)."
            )
        set_tangent(result, tangent)


def _is_view_of(tensor: Any, others: Sequence) -> bool:
    """Whether a Tensor is a view of one of the others, or of what that is a view of."""
    base = tensor._base
    return base is not None and any(base is other or base is getattr(other, "_base", None) for other in others)


def _check_given(cls: Any, number: int, result: Any, tangent: Any) -> None:
    from ..ops import _op

    if not isinstance(tangent, _op.Tensor):
        raise RuntimeError(
            f"expected Variable or None (got {type(tangent).__name__}) for grad output {number} of {cls.__name__}.jvp"
        )
    if tangent._array.dtype.kind in "biu" or result._array.dtype.kind in "biu":
        raise RuntimeError(
            "Expected both tensor and its forward grad to be floating point or complex, but output "
            f"{number} of {cls.__name__} is of {result.dtype} and its tangent of {tangent.dtype}"
        )
    _check_size(result, tangent)


def note_tangents(node: Any, operands: Sequence, outputs: Sequence) -> None:
    """Let a node remember the tangents of what it saves, for forward mode over its backward."""
    tangents = ([tangent_of(operand) for operand in operands], [tangent_of(output) for output in outputs])
    if any(tangent is not None for part in tangents for tangent in part):
        set_tangent(node, tangents)


__all__ = [
    "UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual",
]  # fmt: skip
