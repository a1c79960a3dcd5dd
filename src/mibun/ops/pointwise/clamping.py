"""Limits, elementwise: `clamp`, `clamp_min`, `clamp_max`, and `relu`, whose limit is 0.

The derivatives are 0 or 1; at the limits they are what PyTorch chose.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op, pointwise
from ...dispatch.inplace import apply_inplace, check_inplace_result
from ...dispatch.numbers import real_part
from ...dispatch.overloads import finish, floating, number
from ...dispatch.public import public
from ..annotations import Number
from ..conversion.filling import fitted

_NO_COMPLEX = {"c": "clamp is not supported for complex types"}


def _inside(xp: Any, input: Array, low: Array, high: Array) -> Array:
    """Where the gradient passes: the bounds included. NaN is not inside."""
    if low is None:
        return input <= high
    return input >= low if high is None else (input >= low) & (input <= high)


def _clamp_rule(xp, g, input, min, max):
    return xp.where(_inside(xp, input, min, max), g, 0.0)


@op(pointwise, name="clamp_numbers", node="ClampBackward1", public=False, refuses=_NO_COMPLEX, vjp=_clamp_rule)
def _clamp_numbers(xp, input, *, min, max):
    if xp.isdtype(input.dtype, "real floating"):
        return xp.clip(input, -math.inf if min is None else min, math.inf if max is None else max)
    if min is not None:
        input = xp.maximum(input, xp.scalar(min, input.dtype))
    return input if max is None else xp.minimum(input, xp.scalar(max, input.dtype))


# A bound gets the gradient where it is what came out; where min > max, max is what comes out.
@op(
    pointwise,
    name="clamp_tensors",
    node="ClampBackward0",
    public=False,
    scalars=False,
    refuses={**_NO_COMPLEX, "b": "\"clamp_cpu\" not implemented for '{dtype}'"},
    vjp={
        "input": lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0),
        "min": lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0),
        "max": lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0),
    },
)
def _clamp_tensors(xp, input, min, max):
    return xp.minimum(xp.maximum(input, min), max)


def _bound(name: str, low: bool, node: str, with_number: bool, absent: tuple[int, ...] = ()) -> Op:
    """The operators with one bound; PyTorch has those of `clamp` and those of `clamp_min` and `clamp_max`."""
    inside = "greater_equal" if low else "less_equal"
    limit = "maximum" if low else "minimum"
    options: dict[str, Any] = {"node": node, "public": False, "refuses": _NO_COMPLEX}
    if with_number:

        @op(
            pointwise,
            name=name,
            vjp=lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0),
            **options,
        )
        def clamped(xp, input, *, bound):
            return getattr(xp, limit)(input, xp.scalar(bound, input.dtype))

    else:
        outside = "less" if low else "greater"

        @op(
            pointwise,
            name=name,
            scalars=False,
            absent=absent,
            vjp={
                "input": lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0),
                "bound": lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0),
            },
            **options,
        )
        def clamped(xp, input, bound):
            return getattr(xp, limit)(input, bound)

    return clamped


_clamp_low = _bound("clamp_low", True, "ClampBackward0", False, absent=(2,))
_clamp_high = _bound("clamp_high", False, "ClampBackward0", False, absent=(1,))
_clamp_min_number = _bound("clamp_min_number", True, "ClampMinBackward0", True)
_clamp_max_number = _bound("clamp_max_number", False, "ClampMaxBackward0", True)
_clamp_min_tensor = _bound("clamp_min_tensor", True, "ClampMinBackward1", False)
_clamp_max_tensor = _bound("clamp_max_tensor", False, "ClampMaxBackward1", False)


def _numbers_for(input: Tensor, bounds: tuple, name: str) -> tuple[Tensor, tuple]:
    """The input promoted to hold the bounds, and the bounds as Python numbers that its dtype can hold."""
    given = tuple(None if b is None else number(b, name, k) for b, k in zip(bounds, ("min", "max"), strict=False))
    if input._array_.dtype.kind == "c":
        raise NotImplementedError("clamp is not supported for complex types")
    if name.startswith("clamp_m") and any([isinstance(bound, complex) for bound in given]):
        raise NotImplementedError("clamp is not supported for complex types")
    given = tuple([None if bound is None else real_part(bound, "double") for bound in given])
    input = floating(input, *[b for b in given if b is not None])
    if input._array_.dtype.kind in "iu":
        for bound in given:
            if bound is not None:
                fitted(bound, input._array_.dtype)
    return input, given


def _clamp(
    input: Tensor, low: Tensor | Number | None, high: Tensor | Number | None, form: Callable[..., Tensor], name: str
) -> Tensor:
    if not isinstance(input, Tensor):
        raise TypeError(f"clamp(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    if low is None and high is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    tensors = [isinstance(b, Tensor) for b in (low, high) if b is not None]
    if builtins.all(tensors):
        if low is None:
            return form(_clamp_high, (input, high), {})
        return form(_clamp_low, (input, low), {}) if high is None else form(_clamp_tensors, (input, low, high), {})
    for bound in (low, high):
        # One Tensor of two bounds stands for a number.
        if isinstance(bound, Tensor):
            refused = bound._array_.ndim != 0 or bound.requires_grad
        else:
            refused = bound is not None and not isinstance(bound, SCALARS)
        if refused:
            kinds = ", ".join(type(b).__name__ for b in (input, low, high) if b is not None)
            raise TypeError(
                f"clamp() received an invalid combination of arguments - got ({kinds}), but expected (Tensor input, "
                "Tensor min = None, Tensor max = None) or (Tensor input, Number min = None, Number max = None)"
            )
    wide, (low, high) = _numbers_for(input, (low, high), "clamp")
    _check_kept(input, wide, form, name)
    return form(_clamp_numbers, (wide,), {"min": low, "max": high})


def _check_kept(input: Tensor, wide: Tensor, form: Callable[..., Tensor], name: str) -> None:
    if form is not apply and wide is not input:
        check_inplace_result(name, input, input._array_.shape, wide._array_.dtype)


@public("clamp", "clip")
def clamp(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Every element limited to [min, max]: min(max(input, min), max).

    Args:
        min, max: numbers, or Tensors that broadcast; None for no limit.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the input's dtype, or of the one that holds the limits as well. NaN stays NaN; where min > max the
        result is max.

    Raises:
        RuntimeError: without any limit, and for bool with Tensors as limits.
        NotImplementedError: for complex dtypes.

    The gradient passes where min <= input <= max, and goes to limits that are Tensors elsewhere.

    >>> import mibun as torch
    >>> torch.clamp(torch.tensor([-2., 0.5, 3.]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    return finish(_clamp(input, min, max, apply, "clamp"), out, "clamp")


@public("clamp_", "clip_")
def clamp_(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """Limit in place."""
    return _clamp(input, min, max, apply_inplace, "clamp_")


# --- one limit ---


def _one_bound(
    input: Tensor, bound: Tensor | Number, with_number: Op, with_tensor: Op, form: Callable[..., Tensor], name: str
) -> Tensor:
    check_tensor(input, name)
    if isinstance(bound, Tensor):
        return form(with_tensor, (input, bound), {})
    wide, (limit,) = _numbers_for(input, (bound,), name)
    _check_kept(input, wide, form, name)
    return form(with_number, (wide,), {"bound": limit})


@public("clamp_min")
def clamp_min(input: Tensor, min: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Every element limited from below: max(input, min).

    Args:
        min: a number, or a Tensor that broadcasts.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.clamp_min(torch.tensor([-2., 3.]), 0)
    tensor([0., 3.])
    """
    return finish(_one_bound(input, min, _clamp_min_number, _clamp_min_tensor, apply, "clamp_min"), out, "clamp_min")


@public("clamp_max")
def clamp_max(input: Tensor, max: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Every element limited from above: min(input, max).

    Args:
        max: a number, or a Tensor that broadcasts.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.clamp_max(torch.tensor([-2., 3.]), 0)
    tensor([-2.,  0.])
    """
    return finish(_one_bound(input, max, _clamp_max_number, _clamp_max_tensor, apply, "clamp_max"), out, "clamp_max")


@public("clamp_min_")
def clamp_min_(input: Tensor, min: Tensor | Number) -> Tensor:
    """Limit from below in place."""
    return _one_bound(input, min, _clamp_min_number, _clamp_min_tensor, apply_inplace, "clamp_min_")


@public("clamp_max_")
def clamp_max_(input: Tensor, max: Tensor | Number) -> Tensor:
    """Limit from above in place."""
    return _one_bound(input, max, _clamp_max_number, _clamp_max_tensor, apply_inplace, "clamp_max_")


# --- relu ---


@op(
    name="relu_backward",
    node="ThresholdBackwardBackward0",
    jvp={"g": lambda xp, t, out: xp.where(out <= 0, 0.0, t), "out": lambda xp, t: None},
    vjp={"g": lambda xp, g, out: xp.relu_backward(g, out), "out": lambda xp, g, out: xp.zeros_like(out)},
)
def _relu_backward(xp, g, out):
    """Where the output was positive, the gradient. An operator, so that the second derivative, zero, is recorded."""
    return xp.keep_where(xp.logical_not(out <= 0), g)


# The output is saved, not the input: it says as well where the input was positive.
@op(
    pointwise,
    inplace=False,
    refuses={"c": "clamp is not supported for complex types", "b": "Boolean inputs not supported for relu"},
    vjp=lambda xp, g, out: xp.relu_backward(g, out),
)
def relu(xp, input):
    """The rectified linear unit max(input, 0), elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype.

    Raises:
        RuntimeError: for bool.
        NotImplementedError: for complex dtypes.

    The gradient at 0 is 0.

    >>> import mibun as torch
    >>> torch.relu(torch.tensor([-1., 2.]))
    tensor([0., 2.])
    """
    if xp.isdtype(input.dtype, "real floating"):
        return xp.clip(input, 0.0, math.inf)
    return xp.maximum(input, xp.scalar(0, input.dtype))


@public("relu_")
def relu_(input: Tensor) -> Tensor:
    """`relu` in place."""
    return apply_inplace(relu, (input,), {}, "relu_")
