"""Bessel functions, the Airy function, and the classical orthogonal polynomials, as `torch.special` has them.

The scaled modified Bessel functions i0e and i1e have derivatives, the others none, as in PyTorch. How they are computed
is in `xp/bessel_functions.py` and `xp/polynomials.py`.
"""

from __future__ import annotations

from typing import Any

from ...dispatch.declare import nondifferentiable, op, pointwise
from .normal import real_only


@op(pointwise, dtype="float", name="special_i0e", node="SpecialI0EBackward0", public=False,
    refuses=real_only("i0e_cpu"),
    vjp=lambda xp, g, input, out: g * (xp.special_i1e(input) - xp.sign(input) * out))  # fmt: skip
def i0e(xp, input):
    """exp(-|input|) * i0(input), elementwise."""
    return xp.i0e(input)


def _i1e_rule(xp, g, input, out):
    # (exp(-|x|) I1)' = exp(-|x|) (I0 - I1 / x) - sign(x) exp(-|x|) I1, which tends to 1/2 at 0.
    zero = input == 0
    safe = xp.where(zero, 1.0, input)
    return g * xp.where(zero, 0.5, xp.special_i0e(input) - out * (xp.sign(input) + 1 / safe))


@op(pointwise, dtype="float", name="special_i1e", node="SpecialI1EBackward0", public=False,
    refuses=real_only("i1e_cpu"), vjp=_i1e_rule)  # fmt: skip
def i1e(xp, input):
    """exp(-|input|) * i1(input), elementwise."""
    return xp.i1e(input)


def _declare(name: str, about: str) -> Any:
    def kernel(xp, input):
        return getattr(xp, name)(input)

    kernel.__doc__ = f"{about}, elementwise. Not differentiable."
    return op(nondifferentiable, name="special_" + name, dtype="float", refuses=real_only(name + "_cpu"))(kernel)


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


@op(nondifferentiable, name="special_modified_bessel_i0", dtype="float", refuses=real_only("modified_bessel_i0_cpu"))
def modified_bessel_i0(xp, input):
    """The modified Bessel function of the first kind of order 0, elementwise. Not differentiable: `i0` is."""
    return xp.i0(input)


@op(nondifferentiable, name="special_modified_bessel_i1", dtype="float", refuses=real_only("modified_bessel_i1_cpu"))
def modified_bessel_i1(xp, input):
    """The modified Bessel function of the first kind of order 1, elementwise. Not differentiable: `i1` is."""
    return xp.i1(input)


def _declare_polynomial(name: str, about: str) -> Any:
    def kernel(xp, input, n):
        return getattr(xp, name)(input, n)

    kernel.__doc__ = f"""{about} of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.
    """
    return op(nondifferentiable, name="special_" + name, dtype="float", refuses=real_only(name + "_cpu"))(kernel)


POLYNOMIALS = {
    name: _declare_polynomial(name, about)
    for name, about in {
        "chebyshev_polynomial_t": "The Chebyshev polynomial of the first kind",
        "chebyshev_polynomial_u": "The Chebyshev polynomial of the second kind",
        "chebyshev_polynomial_v": "The Chebyshev polynomial of the third kind",
        "chebyshev_polynomial_w": "The Chebyshev polynomial of the fourth kind",
        "hermite_polynomial_h": "The physicist's Hermite polynomial",
        "hermite_polynomial_he": "The probabilist's Hermite polynomial",
        "laguerre_polynomial_l": "The Laguerre polynomial",
        "legendre_polynomial_p": "The Legendre polynomial",
        "shifted_chebyshev_polynomial_t": "The Chebyshev polynomial of the first kind in 2 * input - 1,",
        "shifted_chebyshev_polynomial_u": "The Chebyshev polynomial of the second kind in 2 * input - 1,",
        "shifted_chebyshev_polynomial_v": "The Chebyshev polynomial of the third kind in 2 * input - 1,",
        "shifted_chebyshev_polynomial_w": "The Chebyshev polynomial of the fourth kind in 2 * input - 1,",
    }.items()
}
