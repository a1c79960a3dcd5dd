"""The classical orthogonal polynomials, as `torch.special` has them.

None has a derivative, as in PyTorch. How they are computed is in `xp/special/polynomials.py`.
"""

from __future__ import annotations

from ...dispatch.declare import Op, nondifferentiable, op
from ...dispatch.overloads import refusals


def _declare_polynomial(name: str, about: str) -> Op:
    def kernel(xp, input, n):
        return getattr(xp, name)(input, n)

    kernel.__doc__ = f"""{about} of degree n at input, elementwise; 0 for negative n. Not differentiable.

    input, n: Tensors that broadcast, or one of them a number. What is no whole number in n is truncated.
    """
    return op(nondifferentiable, name="special_" + name, dtype="float", refuses=refusals(name + "_cpu", "c"))(kernel)


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
