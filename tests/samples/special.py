"""Samples of special functions: `torch.special`'s own, the incomplete gamma functions, numbers taken apart."""

from __future__ import annotations

import numpy as np
import scipy.special as sp

from .declare import I, S, X, inf, nan, unary

HALF = {"float16": "PyTorch has none for float16"}
CLOSE = {"tol": 1e-11, "why": "two series for one function"}
ROUGHER = {"tol": 1e-8, "why": "PyTorch's is good to 1e-9"}
FIRST = dict.fromkeys(("grad", "second"), "PyTorch has no derivative for the first operand")
ROUGH = {"float16": "PyTorch's is off by 3 %"}
EDGES = [([0.0, -0.0, 1.0, 0.5, 2.0, 3.0, -1.0, -2.5, 20.0, -20.0, 35.0, nan],)]
BESSEL = {"boundary": "at infinity PyTorch has NaN", "float16": "PyTorch has none for float16"}
IMPLICIT = {
    "tol": 1e-7,
    "why": "the reference is a difference quotient",
    "oracle": {"all": "PyTorch's is a fit of three digits: see oracle/test_distributions.py"},
}


def slope(function, x, step=1e-5):
    """A derivative by differences, of fourth order."""
    near, far = (function(x + k * step) - function(x - k * step) for k in (1, 2))
    return (8 * near - far) / (12 * step)


POLYNOMIALS = {
    "chebyshev_polynomial_t": sp.eval_chebyt,
    "chebyshev_polynomial_u": sp.eval_chebyu,
    "chebyshev_polynomial_v": None,
    "chebyshev_polynomial_w": None,
    "hermite_polynomial_h": sp.eval_hermite,
    "hermite_polynomial_he": sp.eval_hermitenorm,
    "laguerre_polynomial_l": sp.eval_laguerre,
    "legendre_polynomial_p": sp.eval_legendre,
    "shifted_chebyshev_polynomial_t": sp.eval_sh_chebyt,
    "shifted_chebyshev_polynomial_u": sp.eval_sh_chebyu,
    "shifted_chebyshev_polynomial_v": None,
    "shifted_chebyshev_polynomial_w": None,
}


def special(names, **options):
    return unary(" ".join("special." + name for name in names.split()), **{"boundary": EDGES, **CLOSE, **options})


SAMPLES = [
    *special("entr", lo=0.2, hi=2.0, refs={"special.entr": sp.entr}, boundary=True),
    *special("erfcx", refs={"special.erfcx": sp.erfcx}, oracle=HALF),
    *special(
        "i0e i1e",
        refs={"special.i0e": sp.i0e, "special.i1e": sp.i1e},
        boundary=[([0.0, -0.0, 1.0, -2.5, 20.0, inf, -inf],)],
    ),
    *special("i1", refs={"special.i1": sp.i1}, boundary=[([0.0, -0.0, 1.0, -2.5, 20.0],)]),
    *special("ndtr", refs={"special.ndtr": sp.ndtr}),
    *special("log_ndtr", refs={"special.log_ndtr": sp.log_ndtr}, oracle=HALF),
    *special("ndtri", lo=0.05, hi=0.95, refs={"special.ndtri": sp.ndtri}, oracle=HALF, boundary=True),
    S("special.xlog1py", X(2, 3), X(2, 3, lo=-0.6), ref=sp.xlog1py, boundary=True, pointwise=True),
    S("special.xlog1py", X(2, 3), 2.5, id="number", ref=sp.xlog1py),
    S("special.xlog1py", 2.5, X(2, 3, lo=-0.6), id="number first", ref=sp.xlog1py),
    S(
        "special.zeta",
        X(2, 3, lo=1.5, hi=4.0),
        X(2, 3, lo=0.5, hi=4.0),
        ref=sp.zeta,
        pointwise=True,
        oracle=FIRST,
        **CLOSE,
    ),
    S(
        "special.zeta",
        X(2, 3, lo=1.5, hi=4.0),
        2.5,
        id="number last",
        ref=sp.zeta,
        oracle=FIRST,
        **CLOSE,
    ),
    S("special.zeta", 3, X(2, 3, lo=0.5, hi=4.0), id="number", ref=sp.zeta, **CLOSE),
    S(
        "igamma",
        X(2, 3, lo=0.5, hi=4.0),
        X(2, 3, lo=0.5, hi=4.0),
        ref=sp.gammainc,
        pointwise=True,
        inplace=False,
        oracle={**ROUGH, **FIRST},
        **ROUGHER,
    ),
    S(
        "igammac",
        X(2, 3, lo=0.5, hi=4.0),
        X(2, 3, lo=0.5, hi=4.0),
        ref=sp.gammaincc,
        pointwise=True,
        inplace=False,
        oracle={**ROUGH, **FIRST},
        **ROUGHER,
    ),
    S(
        "igamma",
        X(4, lo=20.0, hi=1e3),
        X(4, lo=0.9, hi=1.1),
        id="large",
        call=lambda torch, a, x: torch.igamma(a, a * x),
        oracle={**ROUGH, **FIRST},
        **ROUGHER,
    ),
    S(
        "_standard_gamma_grad",
        X(2, 3, lo=0.3, hi=6.0),
        X(2, 3, lo=0.1, hi=8.0),
        order=0,
        ref=lambda a, x: -slope(lambda a: sp.gammainc(a, x), a) / np.exp((a - 1) * np.log(x) - x - sp.gammaln(a)),
        **IMPLICIT,
    ),
    S(
        "_dirichlet_grad",
        X(2, 3, lo=0.05, hi=0.95),
        X(2, 3, lo=0.3, hi=4.0),
        X(2, 3, lo=4.5, hi=9.0),
        order=0,
        ref=lambda x, a, total: (
            -slope(lambda p: sp.betainc(p, total - a, x), a)
            / np.exp((a - 1) * np.log(x) + (total - a) * np.log1p(-x) - sp.betaln(a, total - a))
        ),
        **IMPLICIT,
    ),
    S("mvlgamma", X(2, 3, lo=1.5, hi=4.0), 3, ref=sp.multigammaln, **ROUGHER),
    *[
        S(
            "special." + name,
            X(2, 3),
            order=0,
            tol=1e-5,
            pointwise=True,
            oracle=BESSEL,
            why="PyTorch's is good to single precision in places",
            ref=reference,
        )
        for name, reference in {
            "bessel_j0": sp.j0,
            "bessel_j1": sp.j1,
            "modified_bessel_i0": sp.i0,
            "modified_bessel_i1": sp.i1,
            "airy_ai": lambda x: sp.airy(x)[0],
            "spherical_bessel_j0": lambda x: sp.spherical_jn(0, x),
        }.items()
    ],
    *[
        S(
            "special." + name,
            X(2, 3, lo=0.3, hi=12.0),
            order=0,
            tol=1e-5,
            pointwise=True,
            oracle=BESSEL,
            why="PyTorch's is good to single precision in places",
            ref=reference,
        )
        for name, reference in {
            "bessel_y0": sp.y0,
            "bessel_y1": sp.y1,
            "modified_bessel_k0": sp.k0,
            "modified_bessel_k1": sp.k1,
            "scaled_modified_bessel_k0": sp.k0e,
            "scaled_modified_bessel_k1": sp.k1e,
        }.items()
    ],
    *[
        S(
            "special." + name,
            X(2, 3),
            I(values=[[0, 1, 2], [-1, 3, 5]]),
            order=0,
            oracle=HALF,
            ref=None if reference is None else lambda x, n, reference=reference: np.where(n < 0, 0, reference(n, x)),
        )
        for name, reference in POLYNOMIALS.items()
    ],
    S(
        "ldexp",
        X(2, 3),
        X(2, 3),
        complex=True,
        pointwise=True,
        tol=1e-11,
        why="a power of 2 more",
        oracle={"mixed": "PyTorch multiplies by a power of 2 in a dtype of its own"},
    ),
    S("frexp", X(2, 3), ref=np.frexp, boundary=True),
    S("nextafter", X(2, 3), X(2, 3), order=1, numeric=False, ref=np.nextafter, boundary=True, pointwise=True),
    S("gcd", I(values=[-8, 0, 0, 12, 7]), I(values=[12, 0, -5, 18, 3]), order=0, ref=np.gcd),
    S("lcm", I(values=[-8, 0, 0, 12, 7]), I(values=[12, 0, -5, 18, 3]), order=0, ref=np.lcm),
]
