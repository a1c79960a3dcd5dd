"""Derivatives of all decompositions where eigenvalues, singular values or columns coincide, vanish, or nearly do.

Every function here depends on the matrix alone, not on the signs, phases or rotations that a decomposition happens to
choose, so that finite differences are the measure. mibun must be right wherever PyTorch is; where PyTorch gives NaN,
mibun may be right or give NaN, but no wrong number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

N = 3
RIGHT = 2e-6
Loss = Callable[[Any, Any], Any]  # (the library, the matrix) -> a tensor of any shape


def rotation(complex_: bool, size: int = N, seed: int = 5) -> np.ndarray:
    random = np.random.default_rng(seed)
    a = random.standard_normal((size, size))
    return np.linalg.qr(a + 1j * random.standard_normal((size, size)) if complex_ else a)[0]


def adjoint(x: np.ndarray) -> np.ndarray:
    return np.conj(np.swapaxes(x, -1, -2))


# --- matrices ---

SPECTRA = {
    "equal": [1.0, 1, 4],
    "1e-15 apart": [1.0, 1 + 1e-15, 4],
    "1e-8 apart": [1.0, 1 + 1e-8, 4],
    "distinct": [0.5, 1, 4],
}


def hermitian(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    """Hermitian positive-definite ones: the first two eigenvalues meet, the third is apart."""
    q = rotation(complex_)
    for name, values in SPECTRA.items():
        diagonal = np.diag(values).astype(q.dtype)
        yield name, diagonal
        turned = q @ diagonal @ adjoint(q)
        yield f"{name} turned", (turned + adjoint(turned)) / 2
    yield "batch", np.stack([np.diag([1.0, 1, 4]).astype(q.dtype), q @ np.diag([0.5, 1.5, 4]) @ adjoint(q)])


def general(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    """Square, wide and tall ones, of full rank: the last two singular values meet, the first is apart."""
    u = rotation(complex_, seed=6)
    yield from hermitian(complex_)
    for name in ("equal", "1e-15 apart", "distinct"):
        for shape in ((4, 3), (3, 4)):
            a = np.zeros(shape, u.dtype)
            a[:3, :3] = u @ np.diag(SPECTRA[name]) @ adjoint(rotation(complex_))
            yield f"{name} {shape}", a


def semisimple(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    """Diagonalizable, neither symmetric nor normal."""
    s = rotation(complex_) + 0.4 * rotation(complex_, seed=9)
    for name in ("equal", "1e-8 apart", "distinct"):
        yield name, np.diag(SPECTRA[name]).astype(s.dtype)
        yield f"{name} turned", s @ np.diag(SPECTRA[name]) @ np.linalg.inv(s)


def scalar(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    eye = np.eye(N, dtype=complex if complex_ else float)
    yield "identity", eye
    yield "twice the identity", 2 * eye
    yield "batch of identities", np.stack([eye, 2 * eye])


def deficient(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    """Of rank 2."""
    q, p = rotation(complex_, 4), rotation(complex_, 4, seed=8)
    for shape in ((3, 3), (4, 3), (3, 4), (4, 4)):
        d = np.zeros(shape, q.dtype)
        d[0, 0], d[1, 1] = 3, 1
        yield f"diagonal {shape}", d
        yield f"turned {shape}", q[: shape[0], :2] @ np.diag([3.0, 1]) @ p[:2, : shape[1]]


def zero(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    yield "zero", np.zeros((N, N), complex if complex_ else float)
    yield "batch with a zero", np.stack([np.zeros((N, N)), np.eye(N)]).astype(complex if complex_ else float)


def square_deficient(complex_: bool) -> Iterator[tuple[str, np.ndarray]]:
    return ((name, a) for name, a in deficient(complex_) if a.shape[-1] == a.shape[-2])


# --- functions ---


def symmetric(function: Loss) -> Loss:
    return lambda torch, a: function(torch, (a + a.mH) / 2)


def of_vectors(choose: Callable, **options: Any) -> Loss:
    def function(torch: Any, a: Any) -> Any:
        w, v = torch.linalg.eigh(a, **options)
        return choose(w, v)

    return symmetric(function)


def of_singular(choose: Callable, full_matrices: bool = False) -> Loss:
    return lambda torch, a: choose(*torch.linalg.svd(a, full_matrices=full_matrices))


def spectral(f: Callable) -> Loss:
    return of_vectors(lambda w, v: (v * f(w).unsqueeze(-2).to(v.dtype)) @ v.mH)


def by_general_vectors(torch: Any, a: Any) -> Any:
    """The projector onto the eigenspace of the largest eigenvalue along the others."""
    w, v = torch.linalg.eig(a)
    largest = (w.real == w.real.amax(-1, keepdim=True)).to(v.dtype)
    return (v * largest.unsqueeze(-2)) @ torch.linalg.inv(v)


def by_left_and_right_vectors(torch: Any, a: Any) -> Any:
    """The same without the vectors of the other eigenvalues, which are nearly dependent beside nearly equal ones."""
    right, left = (
        (lambda w, v: v * (w.real == w.real.amax(-1, keepdim=True)).unsqueeze(-2))(*torch.linalg.eig(m))
        for m in (a, a.mH)
    )
    right, left = right.sum(-1, keepdim=True), left.sum(-1, keepdim=True)
    return right @ left.mH / (left.mH @ right)


def lu_product(torch: Any, a: Any) -> Any:
    p, lower, upper = torch.linalg.lu(a)
    return p @ lower @ upper @ upper.mH @ lower.mH


def by_qr(torch: Any, a: Any, mode: str = "reduced") -> Any:
    q, r = torch.linalg.qr(a, mode=mode)
    return (
        torch.cat([q[..., :2] @ q[..., :2].mH, r.mH @ r], -1)
        if a.shape[-1] == a.shape[-2]
        else r[..., :2, :].mH @ r[..., :2, :]
    )


def right_side(torch: Any, a: Any) -> Any:
    return torch.arange(1.0, 1 + 2 * a.shape[-2], dtype=torch.float64).reshape(a.shape[-2], 2).to(a.dtype)


def each(a: Any, function: Callable) -> Any:
    """For functions of one matrix only."""
    if a.ndim == 2:
        return function(a)
    return (torch if isinstance(a, torch.Tensor) else mibun).stack([function(m) for m in a])


def ldl_right_side(torch: Any, a: Any) -> Any:
    """Of the right-hand side, as the factors have no derivative: A^-1 A^2."""
    fixed = torch.full((N, N), 0.5, dtype=a.dtype) - torch.eye(N, dtype=a.dtype)
    return torch.linalg.ldl_solve(*torch.linalg.ldl_factor(fixed.expand(a.shape)), a @ a)


FUNCTIONS: dict[str, tuple[tuple[Callable, ...], Loss]] = {
    "eigh: projector of a cluster": ((hermitian,), of_vectors(lambda w, v: v[..., :2] @ v[..., :2].mH)),
    "eigh: the same, upper triangle": ((hermitian,), of_vectors(lambda w, v: v[..., :2] @ v[..., :2].mH, UPLO="U")),
    "eigh: projector of the vector apart": ((hermitian,), of_vectors(lambda w, v: v[..., 2:] @ v[..., 2:].mH)),
    "eigh: best approximation of rank 1": (
        (hermitian,),
        of_vectors(lambda w, v: v[..., 2:] * w[..., None, 2:] @ v[..., 2:].mH),
    ),
    "eigh: nearest positive semidefinite": ((hermitian,), spectral(lambda w: (w - 2).relu())),
    "eigh: sign": ((hermitian,), spectral(lambda w: (w - 2).sign())),
    "eigh: square root": ((hermitian, scalar), spectral(lambda w: w.sqrt())),
    "eigh: logarithm": ((hermitian, scalar), spectral(lambda w: w.log())),
    "eigh: as it was": ((hermitian, scalar, zero), spectral(lambda w: w)),
    "eigh: products of both": (
        (hermitian,),
        of_vectors(lambda w, v: v[..., 2:] @ v[..., 2:].mH * w.sum(-1)[..., None, None]),
    ),
    "eigvalsh: sum of exponentials": (
        (hermitian, scalar, zero),
        symmetric(lambda torch, a: torch.linalg.eigvalsh(a).exp().sum(-1)),
    ),
    "eigvalsh: logarithm of the determinant": (
        (hermitian, scalar),
        symmetric(lambda torch, a: torch.linalg.eigvalsh(a).log().sum(-1)),
    ),
    "eigvalsh: the value apart": ((hermitian,), symmetric(lambda torch, a: torch.linalg.eigvalsh(a)[..., 2])),
    "eig: projector": ((semisimple,), by_general_vectors),
    "eigvals: sum of squares": ((semisimple, scalar), lambda torch, a: (torch.linalg.eigvals(a) ** 2).sum(-1)),
    "eigvals: product": ((semisimple, scalar, square_deficient), lambda torch, a: torch.linalg.eigvals(a).prod(-1)),
    "svd: polar factor": ((general, scalar), of_singular(lambda u, s, vh: u @ vh)),
    "svd: low-rank isometry": ((general,), of_singular(lambda u, s, vh: u[..., 1:] @ vh[..., 1:, :])),
    "svd: isometry apart": ((general, deficient), of_singular(lambda u, s, vh: u[..., :1] @ vh[..., :1, :])),
    "svd: left projector": ((general,), of_singular(lambda u, s, vh: u[..., 1:3] @ u[..., 1:3].mH)),
    "svd: right projector": ((general,), of_singular(lambda u, s, vh: vh[..., :1, :].mH @ vh[..., :1, :])),
    "svd: range": ((deficient,), of_singular(lambda u, s, vh: u[..., :2] @ u[..., :2].mH)),
    "svd: complement of the range": ((deficient,), of_singular(lambda u, s, vh: u[..., 2:] @ u[..., 2:].mH, True)),
    "svd: null space": ((deficient,), of_singular(lambda u, s, vh: vh[..., 2:, :].mH @ vh[..., 2:, :], True)),
    "svd: truncated": (
        (general, deficient),
        of_singular(lambda u, s, vh: u[..., :1] * s[..., None, :1] @ vh[..., :1, :]),
    ),
    "svd: as it was": (
        (general, scalar, deficient, zero),
        of_singular(lambda u, s, vh: (u * s[..., None, :].to(u.dtype)) @ vh),
    ),
    "svd: old name": ((general,), lambda torch, a: (lambda u, s, v: u[..., 1:] @ v[..., 1:].mH)(*torch.svd(a))),
    "svdvals: sum of squares": (
        (general, scalar, deficient, zero),
        lambda torch, a: (torch.linalg.svdvals(a) ** 2).sum(-1),
    ),
    "svdvals: the largest": ((general, deficient), lambda torch, a: torch.linalg.svdvals(a)[..., 0]),
    "norm: nuclear": ((general, scalar), lambda torch, a: torch.linalg.matrix_norm(a, "nuc")),
    "norm: 2": ((general, deficient), lambda torch, a: torch.linalg.matrix_norm(a, 2)),
    "norm: -2": ((hermitian,), lambda torch, a: torch.linalg.matrix_norm(torch.linalg.inv(a), -2)),
    "cond: fro": ((hermitian, scalar), lambda torch, a: torch.linalg.cond(a, "fro")),
    "pinv": ((general, scalar), lambda torch, a: torch.linalg.pinv(a)),
    "pinv: Hermitian": ((hermitian, scalar), symmetric(lambda torch, a: torch.linalg.pinv(a, hermitian=True))),
    "lstsq": (
        (general, scalar),
        lambda torch, a: torch.linalg.lstsq(a, right_side(torch, a).expand((*a.shape[:-1], 2))).solution,
    ),
    "det": ((hermitian, scalar, zero, square_deficient), lambda torch, a: torch.linalg.det(a)),
    "slogdet": ((hermitian, semisimple, scalar), lambda torch, a: torch.linalg.slogdet(a)[1]),
    "logdet": ((hermitian, scalar), lambda torch, a: torch.logdet(a)),
    "inv": ((hermitian, semisimple, scalar), lambda torch, a: torch.linalg.inv(a)),
    "solve": ((hermitian, semisimple, scalar), lambda torch, a: torch.linalg.solve(a, right_side(torch, a))),
    "cholesky": ((hermitian, scalar), symmetric(lambda torch, a: torch.linalg.cholesky(a))),
    "cholesky: upper": ((hermitian, scalar), symmetric(lambda torch, a: torch.linalg.cholesky(a, upper=True))),
    "cholesky_inverse": (
        (hermitian, scalar),
        symmetric(lambda torch, a: torch.cholesky_inverse(torch.linalg.cholesky(a))),
    ),
    "lu": ((hermitian, semisimple, scalar), lu_product),
    "lu_factor": (
        (hermitian, semisimple, scalar),
        lambda torch, a: torch.linalg.lu_solve(*torch.linalg.lu_factor(a), right_side(torch, a)),
    ),
    "ldl_solve": ((hermitian, scalar), ldl_right_side),
    "qr": ((general, scalar), by_qr),
    "qr: complete": ((hermitian, scalar), lambda torch, a: by_qr(torch, a, "complete")),
    "householder_product": (
        (general,),
        lambda torch, a: torch.linalg.householder_product(a[..., :3], a[..., 0, :3]) if a.shape[-2] >= 3 else a,
    ),
    "matrix_exp": (
        (hermitian, semisimple, scalar, zero, square_deficient),
        lambda torch, a: torch.linalg.matrix_exp(a),
    ),
    "matrix_power": ((semisimple, scalar, zero), lambda torch, a: torch.linalg.matrix_power(a, 3)),
    "matrix_power: -2": ((semisimple, scalar), lambda torch, a: torch.linalg.matrix_power(a, -2)),
    "tensorinv": (
        (hermitian, scalar),
        lambda torch, a: each(a, lambda m: torch.linalg.tensorinv(m.reshape(N, 1, N), ind=1)),
    ),
    "tensorsolve": (
        (hermitian, scalar),
        lambda torch, a: each(a, lambda m: torch.linalg.tensorsolve(m, right_side(torch, m)[:, 0])),
    ),
}


# Functions of the values and the vectors: at equal values their derivative cannot be told from what there is (see
# `ops/linalg/matrices.py`), and near them it is one rounding error over another.
BOTH = {"eigh: square root", "eigh: logarithm", "eigh: as it was", "eigh: products of both", "svd: as it was"}
# That a function of the eigenvalues doesn't change by rounding is all that can be known: a sign is one.
STEPS = {"eigh: sign"}
# What is differenced in the place of a function whose values are less exact than its derivative.
INSTEAD = {"eig: projector": by_left_and_right_vectors}

# --- measures ---


def loss(library: Any, function: Loss, a: Any) -> Any:
    """A weighted sum of the real parts of the function's elements, for each matrix of a batch."""
    result = function(library, a)
    shape = tuple(result.shape[a.ndim - 2 :])
    random = np.random.default_rng(3)
    w = random.uniform(0.5, 1.5, shape) * np.where(random.random(shape) < 0.3, -1, 1)
    if result.is_complex():
        w = w + 1j * random.uniform(0.5, 1.5, shape)
    product = library.as_tensor(np.asarray(w)).conj() * result
    product = product.real if result.is_complex() else product
    return product.sum(tuple(range(a.ndim - 2, product.ndim))) if shape else product


def gradient(library: Any, function: Loss, values: np.ndarray) -> np.ndarray:
    a = library.tensor(values, requires_grad=True)
    loss(library, function, a).sum().backward()
    return a.grad.numpy()


def second(library: Any, function: Loss, values: np.ndarray) -> np.ndarray:
    """The gradient of the gradient's scalar product with a direction."""
    a = library.tensor(values, requires_grad=True)
    (first,) = library.autograd.grad(loss(library, function, a).sum(), a, create_graph=True)
    along = (
        (first * library.as_tensor(direction(values)).conj()).real
        if a.is_complex()
        else first * library.as_tensor(direction(values))
    )
    return library.autograd.grad(along.sum(), a)[0].numpy() if along.requires_grad else np.zeros_like(values)


def direction(values: np.ndarray) -> np.ndarray:
    d = np.random.default_rng(4).standard_normal(values.shape[-2:])
    return d + 1j * d[::-1] if values.dtype.kind == "c" else d


def differences(function: Callable, values: np.ndarray) -> np.ndarray:
    """Central differences of fourth order of a function of a batch of matrices, in the real and imaginary parts."""
    if values.ndim > 2:
        return np.stack([differences(function, matrix) for matrix in values])
    h, units = 2e-3, (1, 1j) if values.dtype.kind == "c" else (1,)
    basis = np.eye(values.size).reshape(-1, *values.shape)
    moves = np.concatenate([unit * basis for unit in units])
    steps = np.array([-2, -1, 1, 2]) * h
    at = function(values + steps[:, None, None, None] * moves).reshape(4, *moves.shape[:1])
    slopes = (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * h)
    return sum(unit * part for unit, part in zip(units, slopes.reshape(len(units), *values.shape), strict=True))


def values_of(function: Loss) -> Callable:
    return lambda moved: loss(torch, function, torch.as_tensor(moved.reshape(-1, *moved.shape[-2:]))).numpy()


def slopes_of(function: Loss) -> Callable:
    def slopes(moved: np.ndarray) -> np.ndarray:
        moved = moved.reshape(-1, *moved.shape[-2:])
        found = gradient(mibun, function, moved)
        return (found * direction(moved).conj()).real.sum((-2, -1))

    return slopes


def outcome(derivative: Callable, library: Any, function: Loss, values: np.ndarray, truth: np.ndarray) -> float:
    """The error, infinite where the library refuses."""
    try:
        found = derivative(library, function, values)
    except (RuntimeError, NotImplementedError):
        return np.inf
    return np.abs(found - truth).max() / max(1.0, np.abs(truth).max())


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def is_known(derivative: Callable, name: str, label: str) -> bool:
    """Whether the derivative can be computed from what there is.

    The second one of functions of vectors or values can be for different values only: the first is a function of both.
    """
    if derivative is second and name.startswith(("eig", "svd")):
        return label.startswith("distinct")
    return name not in BOTH | STEPS or label.startswith(("distinct", "1e-8"))


@pytest.mark.parametrize("complex_", [False, True], ids=["real", "complex"])
@pytest.mark.parametrize("derivative", [gradient, second])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives(name: str, derivative: Callable, complex_: bool) -> None:
    families, function = FUNCTIONS[name]
    measured = (values_of if derivative is gradient else slopes_of)(INSTEAD.get(name, function))
    for family in families:
        for label, values in family(complex_):
            known = is_known(derivative, name, label)
            if derivative is second and not known:
                continue
            truth = differences(measured, values)
            error = outcome(derivative, mibun, function, values, truth)
            if known:
                assert error < RIGHT, label
            elif not error < RIGHT:
                # No number where the values are exactly equal; in any case none where PyTorch has the right one.
                assert np.isnan(error) or ("turned" in label or "apart" in label or "(" in label), label
                assert not outcome(gradient, torch, function, values, truth) < RIGHT, label


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of PyTorch's own, by its `jvp`
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("kind", ["float64", "complex128"])
def test_gradients_of_a_cholesky_factor(upper, kind):
    """They fill the whole matrix, as PyTorch's do; so do the tangents (those of the inverse are wrong in PyTorch)."""
    generator = np.random.default_rng(3)

    def numbers(*shape):
        return generator.normal(size=shape) + (1j * generator.normal(size=shape) if kind == "complex128" else 0)

    matrix = numbers(2, 4, 4)
    factor = np.linalg.cholesky(matrix @ matrix.conj().swapaxes(-1, -2) + np.eye(4))
    factor = np.ascontiguousarray(factor.conj().swapaxes(-1, -2)) if upper else factor
    given, direction, weights = numbers(2, 4, 3), numbers(2, 4, 4), [numbers(2, 4, 3), numbers(2, 4, 4)]

    def found(library):
        functions = (
            lambda a: library.cholesky_solve(library.tensor(given), a, upper=upper),
            lambda a: library.stack([library.cholesky_inverse(one, upper=upper) for one in a]),
        )
        for function, weight in zip(functions, weights, strict=True):
            leaf = library.tensor(factor, requires_grad=True)
            yield library.autograd.grad(function(leaf), leaf, library.tensor(weight))[0].numpy()
        yield library.func.jvp(functions[0], (library.tensor(factor),), (library.tensor(direction),))[1].numpy()

    for ours, theirs in zip(found(mibun), found(torch), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
