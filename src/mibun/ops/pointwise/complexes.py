"""Complex numbers: their parts, how they are made of them, conjugates and angles.

`real`, `imag`, `view_as_real` and `view_as_complex` are views. The gradient of a complex number is PyTorch's, the
direction of steepest ascent dL/dRe + i dL/dIm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...core.dtypes import float16, float32, float64
from ...core.registry import Array
from ...core.tensor import Tensor, bind_method
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .special_values import false_everywhere

# --- views ---


@op(linear, view=True, dtype=None, name="view_as_real", vjp=lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g)))
def _view_as_real(xp, input):
    return xp.parts_of_complex(input)


@op(linear, view=True, dtype=None, name="view_as_complex", vjp=lambda xp, g: xp.view_as_real(g))
def _view_as_complex(xp, input):
    return xp.complex_of_parts(input)


@public("view_as_real", method=False)
def view_as_real(input: Tensor) -> Tensor:
    """A complex Tensor as a real one with a last dimension of size 2: a view. RuntimeError for real dtypes.

    >>> import mibun as torch
    >>> torch.view_as_real(torch.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    check_tensor(input, "view_as_real")
    if input._array_.dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return apply(_view_as_real, (input,), {})


@public("view_as_complex", method=False)
def view_as_complex(input: Tensor) -> Tensor:
    """A real Tensor with a last dimension of size 2 as a complex one: a view.

    RuntimeError unless the dtype is float32 or float64, the last dimension has size 2 and stride 1, and the others have
    even strides.

    >>> import mibun as torch
    >>> torch.view_as_complex(torch.tensor([[1., 2.], [3., 4.]]))
    tensor([1.+2.j, 3.+4.j])
    """
    check_tensor(input, "view_as_complex")
    array = input._array_
    if array.dtype.name not in ("float32", "float64"):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{input.dtype.scalar_name}"
        )
    if array.ndim == 0:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if array.shape[-1] != 2:
        raise RuntimeError(f"Tensor must have a last dimension of size 2, but its shape is {list(array.shape)}")
    strides = input.stride()
    if strides[-1] != 1:
        raise RuntimeError("Tensor must have a last dimension with stride 1; call contiguous() first")
    if any(stride % 2 for stride in strides[:-1]):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    return apply(_view_as_complex, (input,), {})


def _part(input: Tensor, index: int) -> Tensor:
    return apply(_view_as_real, (input,), {}).select(-1, index)


@public("real", method=False)
def real(input: Tensor) -> Tensor:
    """The real part, a view; a real Tensor is returned as it is.

    >>> import mibun as torch
    >>> torch.real(torch.tensor([3 + 4j, -1]))
    tensor([ 3., -1.])
    """
    check_tensor(input, "real")
    return _part(input, 0) if input._array_.dtype.kind == "c" else input


@public("imag", method=False)
def imag(input: Tensor) -> Tensor:
    """The imaginary part, a view. RuntimeError for real dtypes.

    >>> import mibun as torch
    >>> torch.imag(torch.tensor([3 + 4j, -1]))
    tensor([4., 0.])
    """
    check_tensor(input, "imag")
    if input._array_.dtype.kind != "c":
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return _part(input, 1)


def _property(part: Callable[[Tensor], Tensor]) -> property:
    def set_part(self: Tensor, value: Tensor) -> None:
        part(self).copy_(value)

    return property(part, set_part, doc=part.__doc__)


bind_method("real", _property(real))
bind_method("imag", _property(imag))


@op(nondifferentiable, public=True, inplace=False)
def isreal(xp, input):
    """Whether the imaginary part is 0, elementwise: true for every element of a real dtype.

    >>> import mibun as torch
    >>> torch.isreal(torch.tensor([3 + 4j, -1]))
    tensor([False,  True])
    """
    return xp.imag(input) == 0 if xp.isdtype(input.dtype, "complex floating") else ~false_everywhere(xp, input)


# --- conjugates ---


# Antilinear, but linear over the reals, which is all that a derivative here needs.
@op(linear, dtype=None, name="conj", node="ConjBackward0", vjp=lambda xp, g: xp.conj(g))
def _conj(xp, input):
    return xp.conj(input)


@op(linear, dtype=None, name="conj_physical", node="ConjPhysicalBackward0", vjp=lambda xp, g: xp.conj(g))
def _conj_physical(xp, input):
    return xp.conj(input)


@op(linear, dtype=None, name="conj_physical_written", node="ConjPhysicalBackward1", vjp=lambda xp, g: xp.conj(g))
def _conj_physical_written(xp, input):
    return xp.conj(input)


@public("conj")
def conj(input: Tensor) -> Tensor:
    """The complex conjugate, elementwise: a new Tensor. A real Tensor is returned as it is.

    >>> import mibun as torch
    >>> torch.conj(torch.tensor([3 + 4j, -1]))
    tensor([ 3.-4.j, -1.-0.j])
    """
    check_tensor(input, "conj")
    return apply(_conj, (input,), {}) if input._array_.dtype.kind == "c" else input


@public("conj_physical")
def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate, elementwise. A real Tensor is returned as it is."""
    check_tensor(input, "conj_physical")
    result = apply(_conj_physical, (input,), {}) if input._array_.dtype.kind == "c" else input
    return finish(result, out, "conj_physical")


@public("conj_physical_")
def conj_physical_(input: Tensor) -> Tensor:
    """The complex conjugate in place."""
    return apply_inplace(_conj_physical_written, (input,), {}, "conj_physical_")


@public("resolve_conj")
def resolve_conj(input: Tensor) -> Tensor:
    """The Tensor itself: conjugates are always computed here, never only noted."""
    return input


@public("resolve_neg")
def resolve_neg(input: Tensor) -> Tensor:
    """The Tensor itself: negatives are always computed here, never only noted."""
    return input


@public("is_conj")
def is_conj(input: Tensor) -> bool:
    """Whether the conjugation is only noted and still to be computed: never here."""
    return False


@public("is_neg")
def is_neg(input: Tensor) -> bool:
    """Whether the negation is only noted and still to be computed: never here."""
    return False


# --- polar coordinates ---


def _angle_gradient(xp: Any, input: Array) -> Array:
    """i z / |z|², the gradient of the angle: across the radius, and 0 at the origin."""
    size = xp.abs(input)
    safe = xp.where(size == 0, 1.0, size)
    return xp.where(size == 0, 0.0, 1j * (input / safe) / safe)


def _angle_rule(xp, g, input):
    if not xp.isdtype(input.dtype, "complex floating"):
        return xp.zeros_like(g)
    return g * _angle_gradient(xp, input)


def _angle_tangent(xp, t, input):
    if not xp.isdtype(input.dtype, "complex floating"):
        return xp.zeros_like(t)
    return xp.real(xp.conj(_angle_gradient(xp, input)) * t)


@op(public=True, inplace=False, dtype="float", vjp=_angle_rule, jvp=_angle_tangent)
def angle(xp, input):
    """The angle from -π to π, elementwise; for real dtypes 0, or π for negative numbers, and NaN for NaN.

    >>> import mibun as torch
    >>> torch.angle(torch.tensor([1j, -1]))
    tensor([1.5708, 3.1416])
    """
    if xp.isdtype(input.dtype, "complex floating"):
        return xp.atan2(xp.imag(input), xp.real(input))
    flat = xp.where(input < 0, xp.scalar(math.pi, input.dtype), xp.scalar(0, input.dtype))
    return xp.with_nan_of(flat, input)


def _check_pair(name: str, first: Tensor, second: Tensor, arguments: tuple[str, str]) -> None:
    for position, (argument, value) in enumerate(zip(arguments, (first, second), strict=True)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name}(): argument '{argument}' (position {position + 1}) must be Tensor, not {type(value).__name__}"
            )
    allowed = (float16, float32, float64)
    if first.dtype not in allowed or second.dtype not in allowed:
        raise RuntimeError(
            f"Expected both inputs to be Half, Float or Double tensors but got {first.dtype.scalar_name} and "
            f"{second.dtype.scalar_name}"
        )
    if first.dtype is not second.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {first.dtype.scalar_name} but got scalar type {second.dtype.scalar_name} "
            "for second argument"
        )
    check_broadcast([first._array_.shape, second._array_.shape])


@op(
    linear,
    dtype=None,
    name="make_complex",
    node="ComplexBackward0",
    vjp={
        "real": lambda xp, g: xp.real(g),
        "imag": lambda xp, g: xp.imag(g),
    },
)
def _make_complex(xp, real, imag):
    return xp.make_complex(real, imag)


@public("complex", method=False)
def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex Tensor of a real and an imaginary part: both float32 or both float64, of shapes that broadcast.

    >>> import mibun as torch
    >>> torch.complex(torch.tensor([1., 2.]), torch.tensor([0., -1.]))
    tensor([1.+0.j, 2.-1.j])
    """
    _check_pair("complex", real, imag, ("real", "imag"))
    return finish(apply(_make_complex, (real, imag), {}), out, "complex")


# dz = z/|z| d|z| + i z dθ; the gradients are the parts of conj(g) dz.
@op(
    dtype=None,
    name="make_polar",
    node="PolarBackward0",
    vjp={
        "abs": lambda xp, g, out: xp.real(xp.conj(g) * xp.sgn(out)),
        "angle": lambda xp, g, out: xp.real(xp.conj(g) * out * 1j),
    },
    jvp={
        "abs": lambda xp, t, out: t * xp.sgn(out),
        "angle": lambda xp, t, out: t * out * 1j,
    },
)
def _make_polar(xp, abs, angle):
    return xp.make_complex(abs * xp.cos(angle), abs * xp.sin(angle))


@public("polar", method=False)
def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """abs * exp(i * angle): both float32 or both float64, of shapes that broadcast; abs not negative.

    >>> import mibun as torch
    >>> torch.polar(torch.tensor([2.]), torch.tensor([0.]))
    tensor([2.+0.j])
    """
    _check_pair("polar", abs, angle, ("abs", "angle"))
    return finish(apply(_make_polar, (abs, angle), {}), out, "polar")
