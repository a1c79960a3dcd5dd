"""Magnitudes and signs, elementwise: `abs`, `sign`, `sgn`, `signbit`, `copysign`, and the step `heaviside`."""

from __future__ import annotations

from collections.abc import Callable

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import nondifferentiable, op, pointwise
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import by_number, finish, not_differentiable
from ...dispatch.public import public
from ..annotations import Number
from .special_values import false_everywhere


@op(
    public=True,
    aliases=("absolute",),
    inplace=False,
    refuses="b",
    vjp=lambda xp, g, input: g * xp.sgn(input),
    jvp=lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input))),
)
def abs(xp, input):
    """The absolute value |input|, elementwise; of complex numbers the modulus.

    Args:
        input: of any shape and any dtype but bool.

    Returns:
        a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

    Raises:
        NotImplementedError: for bool.

    The gradient at 0 is 0.

    >>> import mibun as torch
    >>> torch.abs(torch.tensor([-1.5, 2.]))
    tensor([1.5000, 2.0000])
    >>> torch.abs(torch.tensor([3 + 4j]))
    tensor([5.])
    """
    return xp.abs(input)


@public("abs_")
@public("absolute_", function=False)
def abs_(input: Tensor) -> Tensor:
    """Absolute value in place. RuntimeError for complex dtypes, which cannot hold the modulus."""
    if input._array_.dtype.kind == "c":
        raise RuntimeError("In-place abs is not supported for complex tensors.")
    return apply_inplace(abs, (input,), {}, "abs_")


@op(
    pointwise,
    refuses={"c": "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."},
    vjp=lambda xp, g: xp.zeros_like(g),
)
def sign(xp, input):
    """-1, 0 or 1 as the input is negative, zero or positive, elementwise, in the same dtype; 0 for NaN.

    Args:
        input: of any shape and real dtype.

    Raises:
        NotImplementedError: for complex dtypes; use `sgn`.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.sign(torch.tensor([-3., 0., 2.]))
    tensor([-1.,  0.,  1.])
    """
    return input if xp.isdtype(input.dtype, "bool") else xp.sign_or_zero(input)


def _sgn_tangent(xp, t, input, out):
    """d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint."""
    if not xp.isdtype(input.dtype, "complex floating"):
        return xp.zeros_like(t)
    size = xp.abs(input)
    across = t - out * xp.real(xp.conj(out) * t)
    return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))


@op(public=True, vjp=_sgn_tangent, jvp=_sgn_tangent)
def sgn(xp, input):
    """input / |input|, elementwise, and 0 at 0: `sign`, for complex dtypes too.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.sgn(torch.tensor([3 + 4j, 0]))
    tensor([0.6000+0.8000j, 0.0000+0.0000j])
    """
    if xp.isdtype(input.dtype, "complex floating"):
        size = xp.abs(input)
        return xp.where(size == 0, xp.zeros_like(input), input / size)
    return input if xp.isdtype(input.dtype, "bool") else xp.sign_or_zero(input)


@op(nondifferentiable, public=True, inplace=False, refuses={"c": "signbit is not implemented for complex tensors."})
def signbit(xp, input):
    """Whether the sign bit is set, elementwise: of -0.0 too. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.signbit(torch.tensor([-0.0, 1.]))
    tensor([ True, False])
    """
    if xp.isdtype(input.dtype, "bool"):
        return false_everywhere(xp, input)
    return input < 0 if xp.isdtype(input.dtype, "integral") else xp.signbit(input)


# --- signs from elsewhere ---


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
def copysign(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The size of `input` with the sign of `other` (that of -0.0 is negative), elementwise.

    Args:
        input: of any shape and real dtype; integers and bools give the default dtype.
        other: a Tensor that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        NotImplementedError: for complex dtypes.

    The gradient at 0 is 0, that of `other` everywhere.

    >>> import mibun as torch
    >>> torch.copysign(torch.tensor([1., -2.]), -0.0)
    tensor([-1., -2.])
    """
    return finish(_choose_copysign(input, other), out, "copysign")


@public("copysign_", function=False)
def copysign_(self: Tensor, other: Tensor | Number) -> Tensor:
    """`copysign` in place."""
    return _choose_copysign(self, other, apply_inplace, "copysign_")


# --- steps ---


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


def _step(input: Tensor, values: Tensor, form: Callable[..., Tensor], *name: str) -> Tensor:
    if isinstance(input, Tensor) and isinstance(values, Tensor):
        if "c" in (input._array_.dtype.kind, values._array_.dtype.kind):
            raise RuntimeError("heaviside is not yet implemented for complex tensors.")
        if input._array_.dtype != values._array_.dtype:
            raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return form(_heaviside, (input, values), {}, *name)


@public("heaviside")
def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 below 0, 1 above, and `values` at 0, elementwise. Both of one real dtype (RuntimeError otherwise).

    PyTorch defines no derivative; backward through it raises RuntimeError.

    >>> import mibun as torch
    >>> torch.heaviside(torch.tensor([-1., 0., 2.]), torch.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return finish(_step(input, values, apply), out, "heaviside")


@public("heaviside_", function=False)
def heaviside_(self: Tensor, values: Tensor) -> Tensor:
    """`heaviside` in place."""
    return _step(self, values, apply_inplace, "heaviside_")
