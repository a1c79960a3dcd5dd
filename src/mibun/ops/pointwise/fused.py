"""Several operations in one, elementwise: `addcmul`, `addcdiv`, and `lerp`, the linear interpolation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.numbers import real_part
from ...dispatch.overloads import finish, number, refusals
from ...dispatch.public import public
from ..annotations import Number


def _factor(value: Any, xp: Any = None, input: Any = None) -> Any:
    """The number `value`. TypeError for what is none; RuntimeError for a complex one where `input` is real."""
    value = number(value, "addcmul and addcdiv", "value")
    if isinstance(value, complex):
        if value.imag == 0:
            return value.real
        if xp is not None and not xp.isdtype(input.dtype, "complex floating"):
            raise RuntimeError(f"value cannot be converted to type {input.dtype} without overflow: {value}")
    return value


@op(
    pointwise,
    scalars=False,
    refuses=refusals("addcmul_cpu_out", "b"),
    vjp={
        "input": lambda xp, g: g,
        "tensor1": lambda xp, g, tensor2, value: g * xp.conj(tensor2 * _factor(value)),
        "tensor2": lambda xp, g, tensor1, value: g * xp.conj(tensor1 * _factor(value)),
    },
)
def addcmul(xp, input, tensor1, tensor2, *, value: Number = 1):
    """input + value * tensor1 * tensor2, elementwise, for Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.addcmul(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([3., 4.]), value=0.5)
    tensor([1.5000, 4.0000])
    """
    return input + tensor1 * tensor2 * xp.scalar(_factor(value, xp, input), input.dtype)


@op(
    pointwise,
    scalars=False,
    refuses=dict.fromkeys(
        "biu",
        (
            "Integer division with addcdiv is no longer supported, and in a future release addcdiv will perform a true "
            "division of tensor1 and tensor2. Convert an operand to a floating dtype first."
        ),
    ),
    vjp={
        "input": lambda xp, g: g,
        "tensor1": lambda xp, g, tensor2, value: g * xp.conj(_factor(value) / tensor2),
        "tensor2": lambda xp, g, tensor1, tensor2, value: -g * xp.conj(_factor(value) * (tensor1 / tensor2) / tensor2),
    },
)
def addcdiv(xp, input, tensor1, tensor2, *, value: Number = 1):
    """input + value * tensor1 / tensor2, elementwise, for Tensors that broadcast. RuntimeError for integers.

    >>> import mibun as torch
    >>> torch.addcdiv(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([4., 4.]), value=2)
    tensor([0.5000, 1.0000])
    """
    return input + tensor1 / tensor2 * xp.scalar(_factor(value, xp, input), input.dtype)


# --- interpolation ---


def _interpolate(xp: Any, start: Array, end: Array, weight: Array) -> Array:
    """start + weight * (end - start), computed from the nearer end, so that weight 1 gives `end` exactly."""
    near = weight.real**2 + weight.imag**2 < 0.25 if isinstance(weight, complex) else -0.5 < weight < 0.5
    return start + weight * (end - start) if near else end - (end - start) * (1 - weight)


@op(
    pointwise,
    name="lerp_scalar",
    node="LerpBackward0",
    public=False,
    scalars=False,
    refuses=refusals("lerp_kernel_scalar", "biu"),
    vjp={
        "input": lambda xp, g, weight: g * (1 - weight).conjugate(),
        "end": lambda xp, g, weight: g * weight.conjugate(),
    },
)
def _lerp_scalar(xp, input, end, *, weight):
    return _interpolate(xp, input, end, weight)


@op(
    pointwise,
    name="lerp_tensor",
    node="LerpBackward1",
    public=False,
    scalars=False,
    refuses=refusals("lerp_kernel_tensor", "biu"),
    vjp={
        "input": lambda xp, g, weight: g * xp.conj(1 - weight),
        "end": lambda xp, g, weight: g * xp.conj(weight),
        "weight": lambda xp, g, input, end: g * xp.conj(end - input),
    },
)
def _lerp_tensor(xp, input, end, weight):
    difference = end - input
    near = xp.abs(weight) < 0.5
    return xp.where(near, input + weight * difference, end - difference * (1 - weight))


def _lerp(input: Tensor, end: Tensor, weight: Tensor | Number, form: Callable[..., Tensor]) -> Tensor:
    for name, value in (("end", end), ("weight", weight)):
        if isinstance(value, Tensor) and value._array_.dtype != input._array_.dtype:
            if name == "weight" and value._array_.ndim == 0:
                continue
            expected, got = input.dtype.cpp_name, value.dtype.cpp_name
            raise RuntimeError(f"expected dtype {expected} for `{name}` but got dtype {got}")
    if isinstance(weight, Tensor):
        return form(_lerp_tensor, (input, end, weight), {})
    weight = number(weight, "lerp", "weight")
    if input._array_.dtype.kind != "c":
        weight = real_part(weight, "double")
    return form(_lerp_scalar, (input, end), {"weight": weight})


@public("lerp")
def lerp(input: Tensor, end: Tensor, weight: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The linear interpolation input + weight * (end - input), elementwise.

    Args:
        input, end: of one floating or complex dtype and shapes that broadcast.
        weight: a Tensor of that dtype that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where the dtypes differ.

    It is computed from the nearer end, so that weight 1 gives `end` exactly.

    >>> import mibun as torch
    >>> torch.lerp(torch.tensor([0., 10.]), torch.tensor([10., 20.]), 0.25)
    tensor([ 2.5000, 12.5000])
    """
    check_tensor(input, "lerp")
    return finish(_lerp(input, end, weight, apply), out, "lerp")


@public("lerp_", function=False)
def lerp_(self: Tensor, end: Tensor, weight: Tensor | Number) -> Tensor:
    """Interpolate in place."""
    return _lerp(self, end, weight, apply_inplace)
