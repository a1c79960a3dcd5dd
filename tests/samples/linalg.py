"""Samples of linear algebra.

Factors that are determined only up to signs, phases or order are compared by what is determined: products of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .declare import I, S, X

C = {"complex": True, "vary": False}
RECTANGLES = {"tall": (4, 3), "wide": (3, 4)}
CLASSES = {"classes": "the checks of several arguments come in another order"}
COMPOSED = {"name": "made of other operators than PyTorch's, or in another order"}
VANDER = {**COMPOSED, "grad": "PyTorch's backward fails: it changes in place what it has saved"}
HALF = {"float16": "PyTorch's numbers overflow on the way"}
DIAGONAL = {"all": "PyTorch's complex diagonals count as real"}
UNPROMOTED = {"mixed": "PyTorch computes in the dtype of A, whatever B has"}
FIRST = {"second": "PyTorch has no second derivative"}


def shifted(torch: Any, a: Any, by: float = 3.0) -> Any:
    """a plus a multiple of the identity: far from singular."""
    return a + by * torch.diag_embed(torch.ones_like(a.sum(-1)))  # (on the device of a)


def positive(torch: Any, a: Any) -> Any:
    """A Hermitian positive-definite matrix made of a."""
    return shifted(torch, a @ a.mH, 1.0)


def on(function: Any, make: Any = shifted) -> Any:
    """A call of a function of one matrix on one of the kind that it wants."""
    return lambda torch, a, **options: function(torch, make(torch, a), **options)


def spectral(torch: Any, a: Any) -> Any:
    """A function of a Hermitian matrix by its eigenvectors, which their phases do not change."""
    w, v = torch.linalg.eigh(a + a.mH)
    return w, (v * w.sin().unsqueeze(-2)) @ v.mH


def by_eigenvectors(torch: Any, a: Any) -> Any:
    """The same for a general matrix; the sizes of the vectors' elements also have no phase."""
    w, v = torch.linalg.eig(a + torch.diag(torch.ones_like(a[0]).cumsum(0) - 1) * 4)
    return w, v.abs(), (v * w.sin().unsqueeze(-2)) @ torch.linalg.inv(v)


def by_singular_vectors(full: bool) -> Any:
    """U f(S) Vh, and U U^H restricted to one vector."""

    def call(torch: Any, a: Any) -> Any:
        u, s, vh = torch.linalg.svd(a, full_matrices=full)
        k = s.shape[-1]
        u, vh = u[..., :k], vh[..., :k, :]
        return s, (u * s.sin().unsqueeze(-2)) @ vh, u[..., :1] @ u[..., :1].mH, vh[..., :1, :].mH @ vh[..., :1, :]

    return call


def triangular(torch: Any, a: Any, b: Any, **options: Any) -> Any:
    return torch.linalg.solve_triangular(shifted(torch, a), b, **options)


def factored(torch: Any, a: Any, b: Any, **options: Any) -> Any:
    lu, pivots = torch.linalg.lu_factor(shifted(torch, a))
    return torch.linalg.lu_solve(lu, pivots, b, **options)


def older_factored(torch: Any, a: Any, b: Any) -> Any:
    return torch.lu_solve(b, *torch.linalg.lu_factor(shifted(torch, a)))


def with_factor(torch: Any, b: Any, a: Any, **options: Any) -> Any:
    return torch.cholesky_solve(b, torch.linalg.cholesky(positive(torch, a), **options), **options)


def with_triangle(torch: Any, b: Any, a: Any) -> Any:
    return torch.cholesky_solve(b, a.tril())


def inverse_from_triangle(torch: Any, a: Any) -> Any:
    return torch.cholesky_inverse(a.tril())


def inverse_from_factor(torch: Any, a: Any, **options: Any) -> Any:
    return torch.cholesky_inverse(torch.linalg.cholesky(positive(torch, a), **options), **options)


def unpacked(torch: Any, a: Any) -> Any:
    return torch.lu_unpack(*torch.linalg.lu_factor(a))


def ldl_solved(torch: Any, a: Any, b: Any, hermitian: bool) -> Any:
    a = a.detach()
    a = a + (a.mH if hermitian else a.mT)
    return torch.linalg.ldl_solve(*torch.linalg.ldl_factor(a, hermitian=hermitian), b, hermitian=hermitian)


SAMPLES: list[S] = [
    # --- determinants ---
    S("linalg.det", X(3, 3), ref=np.linalg.det, **C),
    S("linalg.det", X(2, 3, 3), id="batch", ref=np.linalg.det, **C),
    S(
        "linalg.det",
        X(3, 3, values=[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]]),
        id="singular",
        oracle={"all": "PyTorch's gradient at singular matrices is 0 or NaN"},
        tol=1e-9,
        why="the determinant is rounding",
    ),
    S("linalg.det", X(1, 1), id="1x1", ref=np.linalg.det, complex=True),
    S("linalg.det", X(2, 2), id="2x2", ref=np.linalg.det, complex=True),
    S("det", X(3, 3), ref=np.linalg.det, **C),
    S("linalg.slogdet", X(3, 3), ref=np.linalg.slogdet, **C),
    S("slogdet", X(2, 3, 3), **C),
    S("logdet", X(3, 3), call=on(lambda torch, a: torch.logdet(a), positive), **C),
    # --- solving ---
    S("linalg.inv", X(3, 3), ref=np.linalg.inv, **C),
    S("linalg.inv", X(2, 2, 2), id="batch", ref=np.linalg.inv, **C),
    S("inverse", X(3, 3), ref=np.linalg.inv, **C),
    S("linalg.inv_ex", X(3, 3), order=2, **C),
    S("linalg.solve", X(3, 3), X(3, 2), ref=np.linalg.solve, oracle=CLASSES, complex=True),
    S("linalg.solve", X(3, 3), X(3), id="vector", ref=np.linalg.solve, **C),
    S("linalg.solve", X(2, 3, 3), X(2, 3), id="batch of vectors", **C),
    S("linalg.solve", X(2, 1, 2, 2), X(3, 2, 1), id="broadcast", ref=np.linalg.solve, **C),
    S("linalg.solve", X(3, 3), X(2, 3), kw={"left": False}, id="right", **C),
    S("linalg.solve_ex", X(3, 3), X(3, 2), **C),
    S("linalg.solve_triangular", X(3, 3), X(3, 2), call=triangular, kw={"upper": True}, oracle=UNPROMOTED, **C),
    S(
        "linalg.solve_triangular",
        X(2, 3, 3),
        X(3, 2),
        call=triangular,
        kw={"upper": False},
        id="lower",
        oracle=UNPROMOTED,
        **C,
    ),
    S(
        "linalg.solve_triangular",
        X(3, 3),
        X(2, 3),
        call=triangular,
        kw={"upper": True, "left": False},
        id="right",
        oracle=UNPROMOTED,
        **C,
    ),
    S(
        "linalg.solve_triangular",
        X(3, 3),
        X(2, 3),
        call=triangular,
        id="unit",
        kw={"upper": False, "left": False, "unitriangular": True},
        oracle=UNPROMOTED,
        **C,
    ),
    S("triangular_solve", X(3, 2), X(3, 3), **C),
    S("triangular_solve", X(3, 2), X(2, 3, 3), False, True, id="transposed", **C),
    S("linalg.tensorinv", X(6, 2, 3), kw={"ind": 1}, oracle=COMPOSED, **C),
    S("linalg.tensorsolve", X(2, 3, 6), X(2, 3), oracle=COMPOSED, ref=np.linalg.tensorsolve, **C),
    S("linalg.tensorsolve", X(6, 2, 3), X(2, 3), kw={"dims": (0,)}, id="dims", oracle=COMPOSED, **C),
    S("linalg.lstsq", X(4, 3), X(4, 2), call=lambda torch, a, b: torch.linalg.lstsq(a, b)[:1], **C),
    S("linalg.lstsq", X(3, 4), X(3, 2), id="wide", call=lambda torch, a, b: torch.linalg.lstsq(a, b).solution, **C),
    S(
        "linalg.lstsq",
        X(2, 4, 3),
        X(2, 4),
        id="vectors",
        call=lambda torch, a, b: torch.linalg.lstsq(a, b).solution,
        **C,
    ),
    S(
        "linalg.lstsq",
        X(4, 2),
        X(4, 2),
        id="residuals",
        tol=1e-11,
        why="squares of differences",
        call=lambda torch, a, b: torch.linalg.lstsq(a, b, driver="gelsd")[:2],
        **C,
    ),
    # --- Cholesky ---
    S("linalg.cholesky", X(3, 3), call=on(lambda torch, a: torch.linalg.cholesky(a), positive), **C),
    S(
        "linalg.cholesky",
        X(2, 3, 3),
        id="upper",
        call=on(lambda torch, a: torch.linalg.cholesky(a, upper=True), positive),
        **C,
    ),
    S("linalg.cholesky_ex", X(3, 3), call=on(lambda torch, a: torch.linalg.cholesky_ex(a), positive), **C),
    S("cholesky", X(3, 3), call=on(lambda torch, a: torch.cholesky(a), positive), **C),
    S("cholesky", X(3, 3), id="upper", call=on(lambda torch, a: torch.cholesky(a, upper=True), positive), **C),
    S("cholesky_solve", X(3, 2), X(3, 3), id="triangle", call=with_triangle, oracle=DIAGONAL, **C),
    S("cholesky_solve", X(3, 2), X(3, 3), id="factor", call=with_factor, **C),
    S("cholesky_solve", X(2, 3, 2), X(3, 3), id="factor upper", call=with_factor, kw={"upper": True}, **C),
    S("cholesky_inverse", X(3, 3), id="triangle", call=inverse_from_triangle, oracle=DIAGONAL, **C),
    S("cholesky_inverse", X(3, 3), id="factor", call=inverse_from_factor, **C),
    S("cholesky_inverse", X(2, 3, 3), id="factor upper", call=inverse_from_factor, kw={"upper": True}, **C),
    # --- QR ---
    *[S("linalg.qr", X(*shape), id=name, **C) for name, shape in {**RECTANGLES, "batch": (2, 3, 3)}.items()],
    S("linalg.qr", X(3, 4), kw={"mode": "complete"}, id="complete", **C),
    S("linalg.qr", X(4, 3), kw={"mode": "complete"}, id="complete tall", order=0, **C),
    S("linalg.qr", X(4, 3), kw={"mode": "r"}, id="r", order=0, **C),
    S("qr", X(4, 3), **C),
    S("geqrf", X(4, 3), order=0, **C),
    S("geqrf", X(2, 3, 4), id="wide", order=0, **C),
    S("linalg.householder_product", X(4, 3), X(3), **C),
    S("linalg.householder_product", X(2, 4, 3), X(2, 2), id="fewer", **C),
    S("orgqr", X(4, 3), X(3), **C),
    S("ormqr", X(4, 3), X(3), X(4, 2), oracle=FIRST, **C),
    S("ormqr", X(4, 3), X(3), X(4, 2), kw={"transpose": True}, id="transposed", oracle=FIRST, **C),
    S("ormqr", X(2, 4, 3), X(2, 3), X(2, 2, 4), kw={"left": False}, id="right", oracle=FIRST, **C),
    S("ormqr", X(4, 3), X(3), X(2, 4), False, True, id="right transposed", oracle=FIRST, **C),
    # --- singular values ---
    *[
        S("linalg.svd", X(*shape), id=name, call=by_singular_vectors(False), **C)
        for name, shape in {**RECTANGLES, "batch": (2, 3, 3)}.items()
    ],
    *[
        S("linalg.svd", X(*shape), id=f"full {name}", call=by_singular_vectors(True), **C)
        for name, shape in RECTANGLES.items()
    ],
    S(
        "linalg.svd",
        X(4, 2),
        id="complement",
        call=lambda torch, a: torch.linalg.svd(a).U[:, 2:] @ torch.linalg.svd(a).U[:, 2:].mH,
        oracle={"all": "PyTorch gives the further vectors no gradient"},
        **C,
    ),
    S("linalg.svdvals", X(4, 3), ref=lambda a: np.linalg.svd(a, compute_uv=False), **C),
    S("svd", X(4, 3), call=lambda torch, a: (lambda r: (r.S, (r.U * r.S) @ r.V.mH))(torch.svd(a)), **C),
    S("linalg.pinv", X(4, 3), ref=np.linalg.pinv, **C),
    S("linalg.pinv", X(2, 3, 4), id="wide", ref=np.linalg.pinv, **C),
    S("linalg.pinv", X(3, 3), id="hermitian", call=lambda torch, a: torch.linalg.pinv(a + a.mH, hermitian=True), **C),
    S("pinverse", X(4, 3), ref=np.linalg.pinv, **C),
    S("linalg.matrix_rank", X(4, 3), ref=np.linalg.matrix_rank, order=0, **C),
    *[S("linalg.cond", X(3, 3), p, id=str(p), ref=np.linalg.cond, oracle=COMPOSED, **C) for p in (None, "nuc", 2, -2)],
    *[
        S(
            "linalg.cond",
            X(3, 3),
            p,
            id=str(p),
            ref=np.linalg.cond,
            **C,
            oracle={**COMPOSED, "grad": "PyTorch's backward fails: it changes in place what it has saved"},
        )
        for p in ("fro", 1, -1, np.inf, -np.inf)
    ],
    # --- eigenvalues ---
    S("linalg.eigh", X(3, 3), call=spectral, **C),
    S("linalg.eigh", X(2, 3, 3), id="batch", call=spectral, **C),
    S("linalg.eigvalsh", X(3, 3), call=lambda torch, a: torch.linalg.eigvalsh(a + a.mH), **C),
    S("linalg.eig", X(3, 3), call=by_eigenvectors, **C),
    S("linalg.eigvals", X(3, 3), call=lambda torch, a: torch.linalg.eigvals(a).abs().sort().values, **C),
    # --- LU and LDL ---
    *[S("linalg.lu", X(*shape), id=name, **C) for name, shape in {**RECTANGLES, "batch": (2, 3, 3)}.items()],
    *[S("linalg.lu_factor", X(*shape), id=name, **C) for name, shape in {**RECTANGLES, "batch": (2, 3, 3)}.items()],
    S("linalg.lu_factor_ex", X(3, 3), **C),
    S("lu", X(3, 3), **C),
    S("lu_unpack", X(3, 3), call=unpacked, **C),
    *[S("lu_unpack", X(*shape), id=name, call=unpacked, **C) for name, shape in RECTANGLES.items()],
    *[
        S(
            "linalg.lu_solve",
            X(3, 3),
            X(3, 3),
            kw={"left": left, "adjoint": adjoint},
            call=factored,
            id=f"{'left' if left else 'right'}{' adjoint' if adjoint else ''}",
            **C,
        )
        for left in (True, False)
        for adjoint in (True, False)
    ],
    S("linalg.lu_solve", X(2, 3, 3), X(3, 2), id="broadcast", call=factored, **C),
    S("lu_solve", X(3, 3), X(3, 2), call=older_factored, **C),
    S("linalg.ldl_factor", X(4, 4), order=0, **C),
    S("linalg.ldl_factor", X(2, 4, 4), kw={"hermitian": True}, id="hermitian", order=0, **C),
    S("linalg.ldl_factor_ex", X(4, 4), order=0, **C),
    *[
        S(
            "linalg.ldl_solve",
            X(4, 4, grad=False),
            X(4, 2),
            id=name,
            call=lambda torch, a, b, hermitian=hermitian: ldl_solved(torch, a, b, hermitian),
            **C,
            oracle={"grad": "PyTorch has no derivative", "name": "nor a node"},
        )
        for name, hermitian in (("symmetric", False), ("hermitian", True))
    ],
    # --- powers ---
    *[
        S(
            "linalg.matrix_power",
            X(3, 3),
            n,
            id=str(n),
            ref=np.linalg.matrix_power,
            oracle=COMPOSED,
            tol=1e-11,
            why="several products",
            **C,
        )
        for n in (0, 1, 2, 3, 5, -1, -2)
    ],
    S("matrix_power", X(2, 3, 3), 3, ref=np.linalg.matrix_power, oracle=COMPOSED, **C),
    S("linalg.matrix_exp", X(3, 3), oracle=HALF, **C),
    S(
        "matrix_exp",
        X(2, 3, 3),
        id="batch",
        call=lambda torch, a: torch.matrix_exp(torch.stack([a[0] * 0.01, a[1] * 4.0])),
        oracle=HALF,
        tol=1e-11,
        why="several squarings",
        **C,
    ),
    # --- products ---
    S("linalg.cross", X(2, 3), X(2, 3), ref=np.cross, **C),
    S("linalg.cross", X(3, 2), X(3, 1), kw={"dim": 0}, id="broadcast", **C),
    S("cross", X(2, 3), X(2, 3), 1, **C),
    S("linalg.vecdot", X(2, 3), X(2, 3), oracle=COMPOSED, **C),
    S("linalg.vecdot", X(3), X(3), id="vectors", oracle=COMPOSED, **C),
    S("linalg.vander", X(3), kw={"N": 4}, oracle=COMPOSED, **C),
    S("linalg.vander", X(2, 3), id="batch", oracle=COMPOSED, **C),
    S("vander", X(3), oracle=VANDER, ref=np.vander, **C),
    S("vander", X(3), 4, True, id="increasing", oracle=VANDER, ref=np.vander, **C),
    S("vander", I(3, lo=0, hi=4), id="integers", ref=np.vander, order=0),
    S("linalg.diagonal", X(2, 3, 3), oracle=COMPOSED, **C),
    # --- distances ---
    *[S("cdist", X(4, 3), X(2, 3), p, id=f"{p}", oracle=FIRST) for p in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, np.inf)],
    S("cdist", X(2, 1, 2, 3), X(3, 4, 3), id="broadcast", oracle=FIRST),
    S(
        "cdist",
        X(4, 3),
        X(2, 3),
        kw={"compute_mode": "use_mm_for_euclid_dist"},
        id="product",
        tol=1e-11,
        why="differences of squares",
    ),
    *[
        S("pdist", X(4, 3), p, id=f"{p}", oracle={**FIRST, "shapes": "PyTorch divides by zero, and the process ends"})
        for p in (0.0, 0.5, 1.0, 2.0, 3.0, np.inf)
    ],
    # --- integrals ---
    S("trapezoid", X(2, 3), ref=np.trapezoid, oracle=COMPOSED, complex=True),
    S("trapezoid", X(2, 3), X(2, 3), id="x", ref=np.trapezoid, oracle=COMPOSED, **C),
    S("trapezoid", X(2, 3), X(2), kw={"dim": 0}, id="vector", oracle=COMPOSED, **C),
    S("trapz", X(2, 3), kw={"dx": 0.5, "dim": 0}, oracle=COMPOSED, **C),
    S("cumulative_trapezoid", X(2, 3), complex=True),
    S("cumulative_trapezoid", X(2, 3), X(3), id="x", oracle=COMPOSED, **C),
]
