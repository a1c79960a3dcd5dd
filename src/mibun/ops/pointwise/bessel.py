"""Bessel functions and the Airy function, as `torch.special` has them (and `i0`, which `torch` has too).

The modified Bessel functions i0, i1, i0e and i1e have derivatives, the others none, as in PyTorch. Real dtypes only;
integers give the default dtype. How they are computed is in `xp/special/bessel.py`.
"""

from __future__ import annotations

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


def _i1_rule(xp, g, input, out):
    # I1' = I0 - I1/x, which tends to 1/2 at 0.
    zero = input == 0
    return g * xp.where(zero, 0.5, xp.i0(input) - out / xp.where(zero, 1.0, input))


@op(
    pointwise,
    dtype="float",
    name="bessel_i1",
    node="SpecialI1Backward0",
    public=False,
    refuses=refusals("i1_cpu", "c"),
    vjp=_i1_rule,
)
def i1(xp, input):
    """The modified Bessel function of the first kind of order 1, elementwise."""
    return xp.i1(input)


@op(
    pointwise,
    dtype="float",
    name="special_i0e",
    node="SpecialI0EBackward0",
    public=False,
    refuses=refusals("i0e_cpu", "c"),
    vjp=lambda xp, g, input, out: g * (xp.special_i1e(input) - xp.sign(input) * out),
)
def i0e(xp, input):
    """exp(-|input|) * i0(input), elementwise."""
    return xp.i0e(input)


def _i1e_rule(xp, g, input, out):
    # (exp(-|x|) I1)' = exp(-|x|) (I0 - I1 / x) - sign(x) exp(-|x|) I1, which tends to 1/2 at 0.
    zero = input == 0
    safe = xp.where(zero, 1.0, input)
    return g * xp.where(zero, 0.5, xp.special_i0e(input) - out * (xp.sign(input) + 1 / safe))


@op(
    pointwise,
    dtype="float",
    name="special_i1e",
    node="SpecialI1EBackward0",
    public=False,
    refuses=refusals("i1e_cpu", "c"),
    vjp=_i1e_rule,
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
