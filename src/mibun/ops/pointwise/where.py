"""Choosing elements by a condition: `where`, `masked_fill`, and the functions that replace or choose special values."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core.dtypes import finfo, from_numpy_dtype, result_dtype
from ...core.node import raw
from ...core.registry import FUNCTIONS, METHODS, NAMESPACES
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS, apply, check_broadcast
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, not_differentiable, number
from ...dispatch.public import public
from ..conversion.casting import cast, fitted


@op(
    name="where",
    dtype=None,
    constant=("condition",),
    vjp={
        "input": lambda xp, g, condition: xp.where(condition, g, 0.0),
        "other": lambda xp, g, condition: xp.where(condition, 0.0, g),
    },
    jvp={
        "input": lambda xp, t, condition: xp.where(condition, t, 0.0),
        "other": lambda xp, t, condition: xp.where(condition, 0.0, t),
    },
)
def _where(xp, condition, input, other):
    return xp.where(condition, input, other)


@public("where", method=False)
def where(condition: Any, input: Any = None, other: Any = None, *, out: Any = None) -> Any:
    """Elements of `input` where the condition holds, of `other` elsewhere.

    With the condition alone: the indices at which it holds, as a tuple with one Tensor per dimension.

    condition: a bool Tensor. input, other: Tensors or numbers, promoted to one dtype. All three broadcast.

    >>> import mibun as torch
    >>> x = torch.tensor([-1., 2.])
    >>> torch.where(x > 0, x, 0.)
    tensor([0., 2.])
    """
    if input is None and other is None and isinstance(condition, Tensor):
        return FUNCTIONS["nonzero"](condition, as_tuple=True)
    valid = isinstance(condition, Tensor) and builtins.all(
        isinstance(v, Tensor) or isinstance(v, SCALARS) for v in (input, other)
    )
    if not valid:
        kinds = ", ".join(type(value).__name__ for value in (condition, input, other))
        raise TypeError(
            f"where() received an invalid combination of arguments - got ({kinds}), but expected (Tensor condition) or "
            "(Tensor condition, Tensor or Number input, Tensor or Number other, *, Tensor out = None)"
        )
    dtype = condition._array_.dtype
    if dtype.kind != "b":
        if dtype.name != "uint8":
            raise RuntimeError(
                f"where expected condition to be a boolean tensor, but got a tensor with dtype "
                f"{condition.dtype.scalar_name}"
            )
        condition = cast(condition, from_numpy_dtype(np.dtype("bool")))
    values = [value if isinstance(value, Tensor) else number(value, "where", "input") for value in (input, other)]
    common = result_dtype([raw(value) for value in values])
    operands = [
        (value if value._array_.dtype is common else cast(value, from_numpy_dtype(common)))
        if isinstance(value, Tensor)
        else wrap(NAMESPACES[type(condition._array_)].scalar(value, common))
        for value in values
    ]
    shapes = [condition._array_.shape, *[value._array_.shape for value in operands]]
    if not shapes[0] == shapes[1] == shapes[2]:
        check_broadcast(shapes)
    return finish(apply(_where, (condition, *operands), {}), out, "where")


@public("where", function=False)
def _where_method(self: Any, condition: Any, other: Any) -> Any:
    """`where(condition, self, other)`."""
    return where(condition, self, other)


METHODS["where"] = METHODS.pop("where")


# --- masked_fill ---


@op(
    name="masked_fill_number",
    node="MaskedFillBackward0",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, mask: xp.where(mask, 0.0, g)},
    jvp={"input": lambda xp, t, mask: xp.where(mask, 0.0, t)},
)
def _masked_fill_number(xp, input, mask, *, value):
    return xp.where(mask, value, input)


@op(
    name="masked_fill_tensor",
    node="MaskedFillBackward1",
    dtype=None,
    constant=("mask",),
    vjp={
        "input": lambda xp, g, mask: xp.where(mask, 0.0, g),
        "value": lambda xp, g, mask: xp.where(mask, g, 0.0),
    },
    jvp={
        "input": lambda xp, t, mask: xp.where(mask, 0.0, t),
        "value": lambda xp, t, mask: xp.where(mask, t, 0.0),
    },
)
def _masked_fill_tensor(xp, input, mask, value):
    return xp.where(mask, xp.astype(value, input.dtype), input)


def _masked(input: Any, mask: Any, value: Any, form: Any) -> Any:
    if not isinstance(mask, Tensor) or not (isinstance(value, Tensor) or isinstance(value, SCALARS)):
        raise TypeError(
            f"masked_fill() received an invalid combination of arguments - got ({type(mask).__name__}, "
            f"{type(value).__name__}), but expected (Tensor mask, Tensor value) or (Tensor mask, Number value)"
        )
    if mask._array_.dtype.kind != "b":
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype.cpp_name}")
    check_broadcast([input._array_.shape, mask._array_.shape])
    if isinstance(value, Tensor):
        if value._array_.ndim != 0:
            raise RuntimeError(
                f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value._array_.ndim} "
                "dimension(s)."
            )
        return form(_masked_fill_tensor, (input, mask, value), {})
    value = fitted(number(value, "masked_fill", "value"), input._array_.dtype)
    return form(_masked_fill_number, (input, mask), {"value": value})


@public("masked_fill")
def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """A copy with `value`, a number or a 0-d Tensor, where the mask holds. mask: bool, broadcasting with input.

    The dtype stays that of input; RuntimeError where it cannot hold the value.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).masked_fill(torch.tensor([True, False]), 0)
    tensor([0., 2.])
    """
    return _masked(input, mask, value, apply)


@public("masked_fill_", function=False)
def masked_fill_(self: Any, mask: Any, value: Any) -> Any:
    """`masked_fill` in place."""
    return _masked(self, mask, value, apply_inplace)


# --- special values ---


def _replace(xp: Any, x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    x = xp.where(x != x, xp.scalar(nan, x.dtype), x)
    x = xp.where(x == xp.inf, xp.scalar(posinf, x.dtype), x)
    return xp.where(x == -xp.inf, xp.scalar(neginf, x.dtype), x)


def _kept(xp, g, input):
    """The gradient where nothing was replaced; in each part of a complex number for itself."""
    if xp.isdtype(input.dtype, "complex floating"):
        return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
    return xp.where(xp.isfinite(input), g, 0.0)


@op(pointwise, name="nan_to_num", node="NanToNumBackward0", public=False, vjp=_kept)
def _nan_to_num(xp, input, *, nan, posinf, neginf):
    if xp.isdtype(input.dtype, "integral") or xp.isdtype(input.dtype, "bool"):
        return xp.copy(input)
    if xp.isdtype(input.dtype, "complex floating"):
        parts = [_replace(xp, part, nan, posinf, neginf) for part in (xp.real(input), xp.imag(input))]
        return xp.make_complex(*parts)
    return _replace(xp, input, nan, posinf, neginf)


def _replacements(input: Any, nan: Any, posinf: Any, neginf: Any) -> dict[str, Any]:
    params = {"nan": 0.0 if nan is None else nan, "posinf": posinf, "neginf": neginf}
    if input._array_.dtype.kind not in "biu":
        limits = finfo(input.dtype.to_real())
        params["posinf"] = limits.max if posinf is None else posinf
        params["neginf"] = limits.min if neginf is None else neginf
    return params


@public("nan_to_num")
def nan_to_num(input: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None, *, out: Any = None) -> Any:
    """NaN replaced by `nan`, and infinities by `posinf` and `neginf` (None: the largest and smallest finite numbers).

    For complex dtypes this is done in both parts. Gradients pass where nothing is replaced.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"nan_to_num(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    return finish(apply(_nan_to_num, (input,), _replacements(input, nan, posinf, neginf)), out, "nan_to_num")


@public("nan_to_num_", function=False)
def nan_to_num_(self: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """`nan_to_num` in place."""
    return apply_inplace(_nan_to_num, (self,), _replacements(self, nan, posinf, neginf), "nan_to_num_")


@op(
    pointwise,
    name="heaviside",
    node="NotImplemented",
    public=False,
    scalars=False,
    vjp={"input": not_differentiable("heaviside"), "values": not_differentiable("heaviside")},
)
def _heaviside(xp, input, values):
    # NaN, being neither positive nor 0, gives 0.
    return xp.where(input == 0, values, xp.astype(input > 0, values.dtype))


def _step(input: Any, values: Any, form: Any, *name: str) -> Any:
    if isinstance(input, Tensor) and isinstance(values, Tensor):
        if "c" in (input._array_.dtype.kind, values._array_.dtype.kind):
            raise RuntimeError("heaviside is not yet implemented for complex tensors.")
        if input._array_.dtype != values._array_.dtype:
            raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return form(_heaviside, (input, values), {}, *name)


@public("heaviside")
def heaviside(input: Any, values: Any, *, out: Any = None) -> Any:
    """0 below 0, 1 above, and `values` at 0, elementwise. Both of one real dtype (RuntimeError otherwise).

    PyTorch defines no derivative; backward through it raises RuntimeError.
    """
    return finish(_step(input, values, apply), out, "heaviside")


@public("heaviside_", function=False)
def heaviside_(self: Any, values: Any) -> Any:
    """`heaviside` in place."""
    return _step(self, values, apply_inplace, "heaviside_")


def _copysign_rule(xp, g, input, out):
    # The sign is kept or flipped: out / input, and no derivative at 0.
    return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))


_COPYSIGN = {"c": "\"copysign_cpu\" not implemented for '{dtype}'"}


@op(
    pointwise,
    dtype="float",
    name="copysign_tensor",
    node="CopysignBackward0",
    public=False,
    scalars=False,
    refuses=_COPYSIGN,
    vjp={"input": _copysign_rule, "other": lambda xp, g: xp.zeros_like(g)},
)
def _copysign_tensor(xp, input, other):
    return xp.copysign(input, other)


@op(
    pointwise,
    dtype="float",
    name="copysign_number",
    node="CopysignBackward1",
    public=False,
    refuses=_COPYSIGN,
    vjp=_copysign_rule,
)
def _copysign_number(xp, input, *, other):
    return xp.copysign(input, xp.scalar(other, input.dtype))


_choose_copysign = by_number(_copysign_tensor, _copysign_number)


@public("copysign")
def copysign(input: Any, other: Any, *, out: Any = None) -> Any:
    """The size of `input` with the sign of `other` (that of -0.0 is negative), elementwise. The gradient at 0 is 0.

    Integers give the default dtype; `other` may be a number.
    """
    return finish(_choose_copysign(input, other), out, "copysign")


@public("copysign_", function=False)
def copysign_(self: Any, other: Any) -> Any:
    """`copysign` in place."""
    return _choose_copysign(self, other, apply_inplace, "copysign_")
