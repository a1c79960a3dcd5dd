"""Bessel functions and the Airy function, as `torch.special` has them (and `i0`, which `torch` has too).

The modified Bessel functions i0, i1, i0e and i1e have derivatives, the others none, as in PyTorch. Real dtypes only;
integers give the default dtype. How they are computed is in `xp/special/bessel.py`.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import Array
from ...dispatch.declare import Op, nondifferentiable, op, pointwise
from ...dispatch.overloads import refusals

# --- with derivatives ---


@op(pointwise, dtype="float", refuses=refusals("i0_vml_cpu", "c"), vjp=lambda xp, g, input: g * xp.bessel_i1(input))
def i0(xp, input):
    """The modified Bessel function of the first kind of order 0, elementwise.

    >>> import mibun as torch
    >>> torch.i0(torch.tensor([0., 1.]))
    tensor([1.0000, 1.2661])
    """
    return xp.i0(input)


# I1' is I0 - I1/x, which tends to 1/2 at 0; but its derivatives have no digits there, nor any where I0 overflows.
@op(
    pointwise,
    name="bessel_i0_derivative",
    public=False,
    vjp=lambda xp, g, input, n: g * xp.bessel_i0_derivative(input, n=n + 1),
)
def _i0_derivative(xp, input, *, n):
    return xp.bessel_i0_slope(n, input)


# exp(-|x|) I_n(x)/x^n; (I_n/x^n)' is I_(n+1)/x^n, x times the next.
@op(
    pointwise,
    name="bessel_i_ratio_scaled",
    public=False,
    vjp=lambda xp, g, input, out, n: g * (input * xp.bessel_i_ratio_scaled(input, n=n + 1) - xp.sign(input) * out),
)
def _i_ratio_scaled(xp, input, *, n):
    return xp.bessel_i_over_power_scaled(n, input)


@op(
    pointwise,
    name="bessel_i0_moment",
    public=False,
    vjp=lambda xp, g, input, n: -g * xp.bessel_i0_moment(input, n=n + 1),
)
def _i0_moment(xp, input, *, n):
    """(-d/dx)^n of exp(-x) I0(x), for positive x."""
    return xp.bessel_i0_scaled_slope(n, input)


@op(
    pointwise,
    dtype="float",
    name="bessel_i1",
    node="SpecialI1Backward0",
    public=False,
    refuses=refusals("i1_cpu", "c"),
    vjp=lambda xp, g, input: g * xp.bessel_i0_derivative(input, n=2),
)
def i1(xp, input):
    """The modified Bessel function of the first kind of order 1, elementwise."""
    return xp.i1(input)


# The first derivatives are operators, computed at once from both functions; theirs take more.
# Up to 4 by the usual formulas, which join at 0 as PyTorch's do: exp(-|x|) has a kink there, and sign(0) is 0. Beyond,
# these lose a digit with each order and each power of ten; the moments do not.


def _split(xp: Any, input: Array) -> tuple[Array, Array, Array]:
    size = xp.abs(input)
    far = size > 4
    return far, xp.where(far, 4.0, input), xp.where(far, size, 4.0)


def _i0e_slope_rule(xp, g, input):
    far, near, large = _split(xp, input)
    inside = xp.i1e_slope(near) - xp.sign(near) * xp.i0e_slope(near)
    return g * xp.where(far, xp.bessel_i0_moment(large, n=2), inside)


@op(pointwise, name="i0e_slope", public=False, vjp=_i0e_slope_rule)
def _i0e_slope(xp, input):
    return -xp.sign(input) * xp.bessel_i0_scaled_slope(1, xp.abs(input))


def _i1e_slope_rule(xp, g, input):
    far, near, large = _split(xp, input)
    ratio = xp.bessel_i_ratio_scaled(near, n=1)
    ratio_slope = near * xp.bessel_i_ratio_scaled(near, n=2) - xp.sign(near) * ratio
    inside = xp.i0e_slope(near) - ratio_slope - xp.sign(near) * xp.i1e_slope(near)
    outside = xp.sign(input) * (xp.bessel_i0_moment(large, n=2) - xp.bessel_i0_moment(large, n=3))
    # PyTorch takes the derivative at 0 for a constant; it has no other there.
    return g * xp.where(far, outside, xp.where(input == 0, 0.0, inside))


@op(pointwise, name="i1e_slope", public=False, vjp=_i1e_slope_rule)
def _i1e_slope(xp, input):
    """exp(-|x|) (I0 - I1 / x) - sign(x) exp(-|x|) I1, which is 1/2 at 0."""
    size = xp.abs(input)
    far, near = size > 25, xp.where((size > 25) | (size == 0), 1.0, size)
    first = xp.i1e(near)
    large = xp.where(far, size, 26.0)
    outside = xp.bessel_i0_scaled_slope(2, large) - xp.bessel_i0_scaled_slope(1, large)
    return xp.where(far, outside, xp.where(size == 0, 0.5, xp.i0e(near) - first / near - first))


@op(
    pointwise,
    dtype="float",
    name="special_i0e",
    node="SpecialI0EBackward0",
    public=False,
    refuses=refusals("i0e_cpu", "c"),
    vjp=lambda xp, g, input: g * xp.i0e_slope(input),
)
def i0e(xp, input):
    """exp(-|input|) * i0(input), elementwise."""
    return xp.i0e(input)


@op(
    pointwise,
    dtype="float",
    name="special_i1e",
    node="SpecialI1EBackward0",
    public=False,
    refuses=refusals("i1e_cpu", "c"),
    vjp=lambda xp, g, input: g * xp.i1e_slope(input),
)
def i1e(xp, input):
    """exp(-|input|) * i1(input), elementwise."""
    return xp.i1e(input)


# --- without ---


def _declare(name: str, about: str) -> Op:
    def kernel(xp, input):
        return getattr(xp, name)(input)

    kernel.__doc__ = f"{about}, elementwise. Not differentiable."
    return op(nondifferentiable, name="special_" + name, dtype="float", refuses=refusals(name + "_cpu", "c"))(kernel)


FUNCTIONS_OF_ONE = {
    name: _declare(name, about)
    for name, about in {
        "airy_ai": "The Airy function Ai",
        "bessel_j0": "The Bessel function of the first kind of order 0",
        "bessel_j1": "The Bessel function of the first kind of order 1",
        "bessel_y0": "The Bessel function of the second kind of order 0",
        "bessel_y1": "The Bessel function of the second kind of order 1",
        "modified_bessel_k0": "The modified Bessel function of the second kind of order 0",
        "modified_bessel_k1": "The modified Bessel function of the second kind of order 1",
        "scaled_modified_bessel_k0": "exp(input) * modified_bessel_k0(input)",
        "scaled_modified_bessel_k1": "exp(input) * modified_bessel_k1(input)",
        "spherical_bessel_j0": "sin(input) / input",
    }.items()
}


@op(
    nondifferentiable, name="special_modified_bessel_i0", dtype="float", refuses=refusals("modified_bessel_i0_cpu", "c")
)
def modified_bessel_i0(xp, input):
    """The modified Bessel function of the first kind of order 0, elementwise. Not differentiable: `i0` is."""
    return xp.i0(input)


@op(
    nondifferentiable, name="special_modified_bessel_i1", dtype="float", refuses=refusals("modified_bessel_i1_cpu", "c")
)
def modified_bessel_i1(xp, input):
    """The modified Bessel function of the first kind of order 1, elementwise. Not differentiable: `i1` is."""
    return xp.i1(input)
