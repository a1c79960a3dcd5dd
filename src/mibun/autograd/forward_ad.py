"""Forward mode: tangents that travel with the values (dual numbers), for every operator.

Inside a dual level each operation also computes the tangent of its result, from the operator's declaration: a linear
operator is applied to the tangents, a pointwise one uses its VJP conjugated, others have a rule of their own, and where
there is none, the VJP is differentiated (the VJP of the VJP is the JVP, since a VJP is linear in the gradient). The
tangents are computed by recorded operations, so reverse mode goes over forward mode, and forward over reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..core.missing import missing_name as _missing_name
from ..core.mode import MODE, ModeContext
from ..core.registry import OPS, TENSORS
from ..core.tangents import (
    LEVEL_NUMBERS,
    TangentsOff,
    check_tangent_size,
    enter_level,
    leave_level,
    modes_by_level,
    set_tangent,
    tangent_of,
)
from ..core.tensor import Tensor
from ..dispatch.jvp import for_all_examples, zero_tangent
from ..ops.creation.filled import empty_strided


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
        if mode.dual_levels:
            raise RuntimeError("Nested forward mode AD is not supported at the moment")
        return enter_level(mode, next(LEVEL_NUMBERS))

    def __enter__(self) -> int:
        super().__enter__()
        return 0

    def __exit__(self, *error: object) -> None:
        levels = MODE.get().dual_levels
        if levels:
            leave_level(levels[-1])
        super().__exit__(*error)


def enter_dual_level() -> int:
    """Enter a dual level without a `with` block; returns its number."""
    mode = MODE.get()
    MODE.set(dual_level()._enter_mode(mode))
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Leave the dual level. RuntimeError if there is none, or if `level` is not the innermost."""
    mode = MODE.get()
    levels = mode.dual_levels
    if not levels and level is None:
        raise RuntimeError("Dual level must be a positive number. There is none to leave: none was entered.")
    if not levels or level not in (None, 0):
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is not supported. "
            f"(level {level} was to be left, and {'level 0' if levels else 'none'} is entered)"
        )
    leave_level(levels[-1])
    MODE.set(mode.replace(dual_levels=levels[:-1]))


class _set_fwd_grad_enabled(ModeContext):
    """Switch forward mode on or off: at once when called, and back again when used as a context manager."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        self._before = MODE.get()
        MODE.set(self._enter_mode(self._before))

    def _enter_mode(self, mode: Any) -> Any:
        return mode.replace(forward=self.mode)

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
    return MODE.get().forward


def _check_level(level: int | None, name: str) -> None:
    if level is not None and level != 0:
        raise RuntimeError(f"Invalid level given to {name}: {level}; there is level 0 only")


def _check_kind(tensor: Any, name: str) -> None:
    if not isinstance(tensor, Tensor):
        raise AttributeError(
            f"'{type(tensor).__name__}' object has no attribute 'is_floating_point': make_dual() takes Tensors"
        )
    if tensor._array_.dtype.kind in "biu":
        raise ValueError(f"Expected {name} to be floating point or complex, but got: {tensor.dtype}")


def make_dual(tensor: Any, tangent: Any, *, level: int | None = None) -> Any:
    """A view of `tensor` that carries `tangent`, of its shape, for the current level.

    The tangent is not copied, if it lies in memory as the tensor does: in-place operations on the result change both.
    ValueError for integers, RuntimeError outside of a level, for other shapes, for a complex tangent of a real tensor,
    and if either of the two is a dual tensor already. In inference mode the result has no tangent.
    """
    if (level is not None and level < 0) or (level is None and not MODE.get().dual_levels):
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    _check_kind(tensor, "primal")
    _check_kind(tangent, "tangent")
    _check_level(level, "_make_dual")
    if not MODE.get().dual_levels:
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
    check_tangent_size(tensor, tangent)
    if tangent._array_.dtype.kind == "c" and tensor._array_.dtype.kind != "c":
        raise RuntimeError(f"A real Tensor has a real tangent, but got {tangent.dtype} for a Tensor of {tensor.dtype}")
    with TangentsOff():
        result = tensor.view_as(tensor)
    if not MODE.get().inference:
        set_tangent(result, _laid_out_as(tensor, tangent))
    return result


def _laid_out_as(tensor: Any, tangent: Any) -> Any:
    """The tangent in the memory layout of its tensor, so that views of the one are views of the other."""
    if type(tensor._array_) in TENSORS or type(tangent._array_) in TENSORS:
        if getattr(tensor._array_, "levels", ()) == getattr(tangent._array_, "levels", ()):
            return tangent  # what is batched has strides of its own
        with TangentsOff():
            return for_all_examples(tangent, tensor).clone() if type(tensor._array_) in TENSORS else tangent
    shape, of_tensor, of_tangent = tensor._array_.shape, tensor.stride(), tangent.stride()
    if all(n < 2 or a == b for n, a, b in zip(shape, of_tensor, of_tangent, strict=True)):
        return tangent
    if any(n > 1 and a == 0 for n, a in zip(shape, of_tensor, strict=True)):
        return tangent  # the tensor repeats elements that have different tangents
    with TangentsOff():
        return empty_strided(shape, of_tensor, dtype=tangent.dtype).copy_(tangent)


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """(primal, tangent) of a dual tensor; the tangent is None for others, and outside of a level."""
    if (level is not None and level < 0) or (level is None and not MODE.get().dual_levels):
        return UnpackedDualTensor(tensor, None)
    _check_level(level, "_fw_primal")
    if not isinstance(tensor, Tensor):
        raise TypeError(f"_unpack_dual(): argument 'dual' (position 1) must be Tensor, not {type(tensor).__name__}")
    tangent = tangent_of(tensor)
    return UnpackedDualTensor(tensor if tangent is None else _primal(tensor), tangent)


def _primal(dual: Any) -> Any:
    """A view of the dual tensor that has its gradient, but not its tangent."""

    with TangentsOff():
        return OPS["fw_primal"](dual)


def _tangents_in(value: Any, materialize: bool, found: list) -> Any:
    """The tangent of an argument; for a list, tuple or dict, the tangents in it in the same arrangement."""

    if isinstance(value, Tensor):
        tangent = tangent_of(value)
        if tangent is not None:
            found.append(tangent)
        elif materialize and value._array_.dtype.kind not in "biu":
            tangent = zero_tangent(value)
        return tangent
    if isinstance(value, (list, tuple)):
        parts = [_tangents_in(item, materialize, found) for item in value]
        return None if all(part is None for part in parts) else tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, dict):
        items = {key: _tangents_in(item, materialize, found) for key, item in value.items()}
        return None if all(part is None for part in items.values()) else items
    return None


def propagate_function(cls: Any, ctx: Any, args: tuple, results: list) -> None:
    """Forward mode through a user-written Function: by its `jvp`, at each level."""
    mode = MODE.get()
    try:
        for inner in modes_by_level(mode):
            MODE.set(inner)
            _propagate_at_level(cls, ctx, args, results)
    finally:
        MODE.set(mode)


def _propagate_at_level(cls: Any, ctx: Any, args: tuple, results: list) -> None:
    found: list = []
    tangents = [_tangents_in(value, ctx.materialize_grads, found) for value in args]
    if not found:
        return
    with TangentsOff():
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
        if tangent is None or not isinstance(result, Tensor) or id(result) in non_differentiable:
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

    if not isinstance(tangent, Tensor):
        raise RuntimeError(
            f"expected Variable or None (got {type(tangent).__name__}) for grad output {number} of {cls.__name__}.jvp"
        )
    if tangent._array_.dtype.kind in "biu" or result._array_.dtype.kind in "biu":
        raise RuntimeError(
            "Expected both tensor and its forward grad to be floating point or complex, but output "
            f"{number} of {cls.__name__} is of {result.dtype} and its tangent of {tangent.dtype}"
        )
    check_tangent_size(result, tangent)


__all__ = [
    "UnpackedDualTensor",
    "dual_level",
    "enter_dual_level",
    "exit_dual_level",
    "make_dual",
    "unpack_dual",
]


def __getattr__(name: str) -> Any:
    if name == "_current_level":  # the innermost level that was entered, from 0; -1 outside
        return len(MODE.get().dual_levels) - 1
    raise _missing_name(__name__, name)
