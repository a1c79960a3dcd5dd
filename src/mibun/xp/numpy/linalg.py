"""The gaps of the NumPy namespace in linear algebra: factorizations that say what failed, instead of raising.

Each works on the last two axes and on any number of matrices at once. Where LAPACK, through `np.linalg`, refuses a
matrix (singular, not positive-definite), the slow path finds for each matrix how far elimination got: LAPACK's `info`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


class LinAlgError(RuntimeError):
    """A matrix for which the computation asked for cannot be done: singular, not positive-definite, no convergence."""


def _adjoint(x: Any) -> Any:
    return np.conj(x.swapaxes(-1, -2))


def _no_info(x: Any) -> Any:
    return np.zeros(x.shape[:-2], np.int32)


# --- elimination ---

_PANEL = 32


def lu_with_info(x: Any, pivot: bool = True) -> tuple[Any, Any, Any]:
    """(LU, pivots, info): A = P L U with L and U in one array, the rows exchanged (from 1), the first zero of U or 0.

    Right-looking elimination with partial pivoting (Golub and Van Loan, 3.4), over all matrices at once.
    """
    lu: Any = np.array(x)
    m, n = lu.shape[-2:]
    k = min(m, n)
    lu = lu.reshape((math.prod(x.shape[:-2]), m, n))
    batch = np.arange(lu.shape[0])
    pivots = np.empty((lu.shape[0], k), np.int32)
    info = np.zeros(lu.shape[0], np.int32)
    with np.errstate(all="ignore"):
        for i in range(k):
            if pivot and lu.shape[0]:
                # LAPACK's size of a complex number, for the choice of the pivot, is |re| + |im|.
                column: Any = lu[:, i:, i]
                size = np.abs(column.real) + np.abs(column.imag) if column.dtype.kind == "c" else np.abs(column)
                row = i + np.argmax(np.where(np.isnan(size), -1, size), axis=-1)
            else:
                row = np.full(lu.shape[0], i)
            pivots[:, i] = row + 1
            lu[batch, i], lu[batch, row] = lu[batch, row], lu[batch, i]
            zero = lu[:, i, i] == 0
            info[zero & (info == 0)] = i + 1
            lu[:, i + 1 :, i] /= np.where(zero, 1, lu[:, i, i])[:, None]
            end = min(i - i % _PANEL + _PANEL, k)  # the columns to the right of a panel are changed all at once
            lu[:, i + 1 :, i + 1 : end] -= lu[:, i + 1 :, i, None] * lu[:, None, i, i + 1 : end]
            if i + 1 == end and end < n:
                rows = slice(i - i % _PANEL, end)
                lu[:, rows, end:] = triangular_solution(lu[:, rows, rows], lu[:, rows, end:], False, True)
                lu[:, end:, end:] -= lu[:, end:, rows] @ lu[:, rows, end:]
    return lu.reshape(x.shape), pivots.reshape((*x.shape[:-2], k)), info.reshape(x.shape[:-2])


def permutation_of(pivots: Any, m: int) -> Any:
    """The order of rows that a sequence of exchanges makes of 0, 1, ..., m - 1."""
    flat = pivots.reshape((math.prod(pivots.shape[:-1]), pivots.shape[-1]))
    order = np.tile(np.arange(m), (flat.shape[0], 1))
    batch = np.arange(flat.shape[0])
    for i in range(flat.shape[1]):
        row = flat[:, i] - 1
        order[batch, i], order[batch, row] = order[batch, row], order[batch, i]
    return order.reshape((*pivots.shape[:-1], m))


def triangular_solution(a: Any, b: Any, upper: bool, unit: bool) -> Any:
    """X with A X = B for triangular matrices, of which only that triangle is read; infinities where A is singular.

    Halves first, so that most of the work is matrix products.
    """
    n = a.shape[-1]
    if n > 64:
        h = n // 2
        first, second = (slice(h, None), slice(None, h)) if upper else (slice(None, h), slice(h, None))
        one = triangular_solution(a[..., first, first], b[..., first, :], upper, unit)
        rest = b[..., second, :] - a[..., second, first] @ one
        other = triangular_solution(a[..., second, second], rest, upper, unit)
        return np.concatenate([other, one] if upper else [one, other], axis=-2)
    triangle = np.triu(a, 1 if unit else 0) if upper else np.tril(a, -1 if unit else 0)
    if unit:
        triangle = triangle + np.eye(n, dtype=a.dtype)
    try:
        return np.linalg.solve(triangle, b)
    except np.linalg.LinAlgError:
        return _substitute(triangle, b, upper)


def _substitute(a: Any, b: Any, upper: bool) -> Any:
    """Substitution row by row, which divides by the zeros on the diagonal."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = np.array(np.broadcast_to(b, (*batch, *b.shape[-2:])))
    n = a.shape[-1]
    with np.errstate(all="ignore"):
        for i in range(n - 1, -1, -1) if upper else range(n):
            x[..., i, :] /= a[..., i, i, None]
            rest = slice(None, i) if upper else slice(i + 1, None)
            x[..., rest, :] -= a[..., rest, i, None] * x[..., None, i, :]
    return x


def solution_with_info(a: Any, b: Any) -> tuple[Any, Any]:
    """(X, info) with A X = B; for a singular A infinities and NaN, and how far elimination got."""
    try:
        return np.linalg.solve(a, b), _no_info(a)
    except np.linalg.LinAlgError:
        lu, pivots, info = lu_with_info(a)
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        rows = np.broadcast_to(permutation_of(pivots, a.shape[-1]), (*batch, a.shape[-1]))
        b = np.broadcast_to(b, (*batch, *b.shape[-2:]))
        x = triangular_solution(lu, np.take_along_axis(b, rows[..., None], -2), False, True)
        return _substitute(np.triu(lu), x, True), info


def inverse_with_info(a: Any) -> tuple[Any, Any]:
    """(inverse, info); for a singular matrix infinities and NaN, and how far elimination got."""
    try:
        return np.linalg.inv(a), _no_info(a)
    except np.linalg.LinAlgError:
        return solution_with_info(a, np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape))


def inverse_if_safe(a: Any) -> Any:
    """The inverse, or None if some matrix is so near to a singular one that it has less than half of the digits."""
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return None
    condition = np.abs(a).sum(-2).max(-1, initial=0) * np.abs(inverse).sum(-2).max(-1, initial=0)
    return inverse if (condition < np.finfo(a.dtype).eps ** -0.5).all() else None


def cholesky_with_info(a: Any) -> tuple[Any, Any]:
    """(L, info): A = L L^H from the lower triangle of A; info is the order of the first minor that is not positive."""
    try:
        factor = np.linalg.cholesky(a)
        if np.isfinite(factor).all():
            return factor, _no_info(a)
    except np.linalg.LinAlgError:
        pass
    factor = np.tril(a)
    flat = factor.reshape((math.prod(a.shape[:-2]), *a.shape[-2:]))
    info = np.zeros(flat.shape[0], np.int32)
    for k, matrix in enumerate(flat):
        for i in range(matrix.shape[0]):
            pivot = (matrix[i, i] - matrix[i, :i] @ np.conj(matrix[i, :i])).real
            matrix[i, i] = pivot
            if not pivot > 0:
                info[k] = i + 1
                break
            matrix[i, i] = np.sqrt(pivot)
            below = matrix[i + 1 :, i] - matrix[i + 1 :, :i] @ np.conj(matrix[i, :i])
            matrix[i + 1 :, i] = below / matrix[i, i]
    return flat.reshape(a.shape), info.reshape(a.shape[:-2])


# --- determinants ---


@np.errstate(all="ignore")
def determinant(x: Any) -> Any:
    """The determinant."""
    return np.linalg.det(x)


@np.errstate(all="ignore")
def log_determinant(x: Any) -> tuple[Any, Any]:
    """(sign, logarithm of the absolute value) of the determinant."""
    sign, log = np.linalg.slogdet(x)
    if np.isnan(log).any():  # NumPy's sign is NaN or 1 there, PyTorch's is 0
        sign = np.where(np.isnan(log), 0, sign)
    return sign, log


# --- orthogonal and spectral factorizations ---


def qr_factors(x: Any, mode: str) -> tuple[Any, Any]:
    """(Q, R), reduced or complete."""
    q, r = np.linalg.qr(x, mode=mode)  # type: ignore[misc]
    return q, r


def qr_triangle(x: Any) -> Any:
    """R alone."""
    return np.linalg.qr(x, mode="r")


def qr_reflectors(x: Any) -> tuple[Any, Any]:
    """(the reflectors below R, their factors): LAPACK's geqrf."""
    if 0 in x.shape[-2:]:
        return x.copy(), np.zeros((*x.shape[:-2], 0), x.dtype)
    h, tau = np.linalg.qr(x, mode="raw")  # type: ignore[misc]
    return np.ascontiguousarray(h.swapaxes(-1, -2)), tau


def svd_factors(x: Any, full: bool) -> tuple[Any, Any, Any]:
    """The singular value decomposition (U, s, V^H), thin or with all vectors."""
    if x.shape[-1] == 0 or x.shape[-2] == 0:
        m, n = x.shape[-2:]
        batch, real = x.shape[:-2], x.real.dtype
        u = np.broadcast_to(np.eye(m, m if full else 0, dtype=x.dtype), (*batch, m, m if full else 0)).copy()
        vh = np.broadcast_to(np.eye(n if full else 0, n, dtype=x.dtype), (*batch, n if full else 0, n)).copy()
        return u, np.zeros((*batch, 0), real), vh
    try:
        u, s, vh = np.linalg.svd(x, full_matrices=full)
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.svd", x) from error
    return u, s, vh


def thin_svd(x: Any) -> tuple[Any, Any, Any]:
    """The thin singular value decomposition (U, s, V^H) of matrices."""
    return svd_factors(x, False)


def singular_values(x: Any) -> Any:
    """The singular values of matrices, largest first."""
    try:
        return np.linalg.svd(x, compute_uv=False)
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.svd", x) from error


def _not_converged(name: str, x: Any) -> LinAlgError:
    finite = np.isfinite(x).all(axis=(-1, -2))
    where = f"(Batch element {np.flatnonzero(~finite)[0]}): " if x.ndim > 2 and not finite.all() else ""
    if not finite.all():
        return LinAlgError(
            f"{name}: {where}The algorithm failed to converge because the input matrix contained non-finite values."
        )
    return LinAlgError(
        f"{name}: The algorithm failed to converge because the input matrix is ill-conditioned or has too many "
        "repeated singular values or eigenvalues"
    )


def hermitian_eigen(x: Any, lower: bool) -> tuple[Any, Any]:
    """(eigenvalues, eigenvectors) of Hermitian matrices, ascending, from one triangle."""
    try:
        w, v = np.linalg.eigh(x, "L" if lower else "U")
        if w.size and np.isnan(w).any() and not np.isfinite(x).all():
            raise np.linalg.LinAlgError
        return w, v
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.eigh", x) from error


def hermitian_eigenvalues(x: Any, lower: bool) -> Any:
    """The eigenvalues of Hermitian matrices, ascending, from one triangle."""
    try:
        return np.linalg.eigvalsh(x, "L" if lower else "U")
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.eigh", x) from error


def _complex_of(x: Any) -> Any:
    return x if x.dtype.kind == "c" else x.astype(np.result_type(x.dtype, np.complex64))


def general_eigen(x: Any) -> tuple[Any, Any]:
    """(eigenvalues, eigenvectors of norm 1), complex."""
    if x.size == 0:
        return _complex_of(np.zeros(x.shape[:-1], x.dtype)), _complex_of(x)
    try:
        w, v = np.linalg.eig(x)
    except np.linalg.LinAlgError as error:
        raise _eigen_error(x) from error
    return _complex_of(w), _complex_of(v)


def general_eigenvalues(x: Any) -> Any:
    """The eigenvalues, complex."""
    if x.size == 0:
        return _complex_of(np.zeros(x.shape[:-1], x.dtype))
    try:
        return _complex_of(np.linalg.eigvals(x))
    except np.linalg.LinAlgError as error:
        raise _eigen_error(x) from error


def _eigen_error(x: Any) -> Exception:
    if not np.isfinite(x).all():
        return RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")
    return _not_converged("linalg.eig", x)


def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Raise where a gradient depends on the phases of complex vectors, which nothing determines.

    imaginary: the gradients' components along a change of phase, which are zero but for rounding if all is well; sizes:
    an array whose largest absolute value is their scale.
    """
    if imaginary.size:
        eps = np.finfo(imaginary.dtype).eps
        scale = 1 + np.abs(sizes).max(initial=0)
        if np.abs(imaginary).max() > np.sqrt(eps) * 10 * scale:
            raise RuntimeError(message)
