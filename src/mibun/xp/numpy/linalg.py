"""The gaps of the NumPy namespace in linear algebra: factorizations that say what failed, instead of raising.

Each works on the last two axes and on any number of matrices at once. Where LAPACK, through `np.linalg`, refuses a
matrix (singular, not positive-definite), the slow path finds for each matrix how far elimination got: LAPACK's `info`.
"""

from __future__ import annotations

import functools
import math
from typing import Any

from .library import compiled, np


class LinAlgError(RuntimeError):
    """A matrix for which the computation asked for cannot be done: singular, not positive-definite, no convergence."""


# As in PyTorch, whose tracebacks say `torch._C._LinAlgError`.
LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"
LinAlgError.__module__ = "mibun._C"


def _adjoint(x: Any) -> Any:
    return np.conj(x.swapaxes(-1, -2))


def _no_info(x: Any) -> Any:
    return np.zeros(x.shape[:-2], np.int32)


def _all_finite(x: Any) -> bool:
    return np.logical_and.reduce(np.isfinite(x), axis=None)


# --- products of integers ---


def integer_product(x: Any, y: Any) -> Any:
    """The product of matrices of integers by BLAS, in float64, where sums below 2^53 are exact. It wraps around, as
    integers do.

    Large numbers are cut into digits small enough for that; the product of digits is the digit of a higher place, and
    places from 64 bits on are left out.
    """
    k = x.shape[-1]
    bound = k
    for array in (x, y):
        bound *= max(int(array.max()), -int(array.min()), 0) if array.size else 0
    if bound < 2**53:
        product = x.astype(np.float64) @ y.astype(np.float64)
        return product.astype(np.int64).astype(x.dtype)
    if x.shape[-2] * k * y.shape[-1] < 500_000:
        return x @ y
    bits = (53 - k.bit_length()) // 2
    digits = [
        [((array >> np.uint64(place)) & np.uint64(2**bits - 1)).astype(np.float64) for place in range(0, 64, bits)]
        for array in (x.astype(np.int64).view(np.uint64), y.astype(np.int64).view(np.uint64))
    ]
    total: Any = 0
    for i, first in enumerate(digits[0]):
        for j, second in enumerate(digits[1]):
            if (i + j) * bits < 64:
                total = total + ((first @ second).astype(np.uint64) << np.uint64((i + j) * bits))
    return total.view(np.int64).astype(x.dtype)


# --- elimination ---

_PANEL = 32
_LETTERS = {"f": "s", "d": "d", "F": "c", "D": "z"}  # LAPACK's names of NumPy's dtypes


@functools.cache
def _lapack(name: str, char: str) -> Any:
    """A function of LAPACK or BLAS for a dtype by SciPy, which NumPy has not; None where SciPy is not installed."""
    return compiled("linalg.lapack", _LETTERS[char] + name) or compiled("linalg.blas", _LETTERS[char] + name)


def lu_with_info(x: Any, pivot: bool = True) -> tuple[Any, Any, Any]:
    """(LU, pivots, info): A = P L U, L and U in one array, the rows exchanged (from 1), the first zero of U or 0."""
    m, n = x.shape[-2:]
    count, k = math.prod(x.shape[:-2]), min(m, n)
    # One matrix after another by LAPACK, unless they are many small ones; its choice of pivots may pass NaN by.
    if pivot and k and count and (count <= 8 * k or k >= 16) and _all_finite(x):
        factor = _lapack("getrf", x.dtype.char)
        if factor is not None:
            if x.ndim == 2:
                lu, pivots, info = factor(x)
                return np.ascontiguousarray(lu), pivots + 1, np.int32(info)
            found = [factor(matrix) for matrix in x.reshape((count, m, n))]
            lu, pivots, info = (np.stack([part[i] for part in found]) for i in range(3))
            lu, pivots = np.ascontiguousarray(lu), (pivots + 1).astype(np.int32)
            return lu.reshape(x.shape), pivots.reshape((*x.shape[:-2], k)), info.astype(np.int32).reshape(x.shape[:-2])
    return eliminate(x, pivot)


def eliminate(x: Any, pivot: bool) -> tuple[Any, Any, Any]:
    """`lu_with_info` by NumPy alone.

    Right-looking elimination with partial pivoting (Golub and Van Loan, 3.4), over all matrices at once.
    """
    m, n = x.shape[-2:]
    k = min(m, n)
    if pivot and 0 < k < _PANEL and x.size > k * n * k:
        return _eliminate_side_by_side(x)
    lu: Any = np.array(x)
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
                row = i + np.argmax(size, axis=-1)  # NaN is the largest, so that it isn't left behind
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


def _eliminate_side_by_side(x: Any) -> tuple[Any, Any, Any]:
    """`eliminate` for many small matrices, whose elements of one place lie next to each other."""
    m, n = x.shape[-2:]
    count, k = math.prod(x.shape[:-2]), min(m, n)
    columns: Any = np.array(x.reshape((count, m, n)).transpose((2, 1, 0)), order="C")
    flat = columns.reshape(-1)
    first_row = np.arange(0, columns.size, m * count)[:, None] + np.arange(count)
    pivots = np.zeros((count, k), np.int32)
    for i in range(min(k, m - 1)):
        column, rest = columns[i, i:], flat[i * count :]
        # LAPACK's size of a complex number, for the choice of the pivot, is |re| + |im|. NaN is the largest.
        size = np.abs(column.real) + np.abs(column.imag) if column.dtype.kind == "c" else np.abs(column)
        row = size.argmax(0)
        pivots[:, i] = row
        row *= count
        chosen = first_row + row
        picked = rest.take(chosen)
        rest[chosen] = columns[:, i]
        columns[:, i] = picked
        pivot, factors = picked[i], column[1:]
        factors /= pivot if np.count_nonzero(pivot) == count else pivot + (pivot == 0)  # under a zero there are zeros
        if i + 1 < n:
            below = columns[i + 1 :, i + 1 :]
            below -= factors * picked[i + 1 :, None]
    pivots += np.arange(1, k + 1, dtype=np.int32)
    zero = columns.reshape(m * n, count)[: k * (m + 1) : m + 1] == 0
    info = np.zeros(count, np.int32)
    if np.count_nonzero(zero):
        info = np.where(zero.any(0), zero.argmax(0) + 1, 0).astype(np.int32)
    lu = np.ascontiguousarray(columns.transpose((2, 1, 0)))
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
    if a.ndim == b.ndim == 2 and n and b.shape[1] and a.dtype == b.dtype and a.dtype.char in _LETTERS:
        solve = _lapack("trsm", a.dtype.char)
        if solve is not None and (unit or a.diagonal().all()):
            # Its arrays are Fortran's, which is the transposed matrix in memory: X^T A^T = B^T.
            return solve(1.0, a.T, b.T, side=1, lower=upper, diag=unit).T
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


def _with_nan(a: Any, x: Any) -> Any:
    """NaN all over the solution where the matrix has NaN: LAPACK may choose its pivots so that some rows escape it."""
    if _all_finite(x):
        return x
    bad = np.isnan(a).any(axis=(-2, -1))
    return np.where(bad[..., None, None], np.asarray(np.nan, x.dtype), x) if bad.any() else x


def solution_with_info(a: Any, b: Any) -> tuple[Any, Any]:
    """(X, info) with A X = B; for a singular A infinities and NaN, and how far elimination got."""
    try:
        return _with_nan(a, np.linalg.solve(a, b)), _no_info(a)
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
        return _with_nan(a, np.linalg.inv(a)), _no_info(a)
    except np.linalg.LinAlgError:
        return solution_with_info(a, np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape))


def inverse_if_safe(a: Any) -> Any:
    """The inverse, or None if some matrix is so near to a singular one that it has less than half of the digits."""
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return None
    if not a.size:
        return inverse
    size = np.abs(a).sum(-2).max(-1)
    condition = size * np.abs(inverse).sum(-2).max(-1)
    safe = condition < np.finfo(a.dtype).eps ** -0.5
    return inverse if safe.all() or (safe | ~np.isfinite(size)).all() else None


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
            # An infinite one divides to zeros; PyTorch's LAPACK stops at the next, but only in single precision.
            if not pivot > 0 or (i and np.isinf(matrix[i - 1, i - 1]) and pivot.dtype.itemsize == 4):
                info[k] = i + 1
                break
            matrix[i, i] = np.sqrt(pivot)
            below = matrix[i + 1 :, i] - matrix[i + 1 :, :i] @ np.conj(matrix[i, :i])
            matrix[i + 1 :, i] = below / matrix[i, i]
    return flat.reshape(a.shape), info.reshape(a.shape[:-2])


# --- determinants ---


@np.errstate(all="ignore")
def determinant(x: Any) -> Any:
    """The determinant; where elimination meets a zero, what is not finite is not forgotten."""
    with np.errstate(invalid="ignore"):
        det = np.linalg.det(x)
    if not (det if x.ndim == 2 else det.all()):
        bad = (det == 0) & ~_finite(x)
        if bad.any():
            det = np.where(bad, np.asarray(np.nan, x.dtype), det)[()]
    return det


@np.errstate(all="ignore")
def log_determinant(x: Any) -> tuple[Any, Any]:
    """(sign, logarithm of the absolute value) of the determinant."""
    with np.errstate(invalid="ignore"):
        sign, log = np.linalg.slogdet(x)
    if not np.isfinite(log).all():
        bad = np.isneginf(log) & ~_finite(x)
        if bad.any():
            log = np.where(bad, np.asarray(np.nan, log.dtype), log)[()]
        sign = np.where(np.isnan(log), 0, sign)[()]  # NumPy's is NaN or 1 there, PyTorch's is 0
    return sign, log


# --- orthogonal and spectral factorizations ---


_SMALL_QR = 1024  # elements of a single matrix for which what surrounds LAPACK in NumPy takes most of the time


@functools.lru_cache(64)
def _above(k: int, n: int) -> Any:
    """Where the upper triangle of a (k, n) matrix is."""
    return ~np.tri(k, n, -1, dtype=bool)


def _qr_by_lapack(x: Any, vectors: bool) -> tuple[Any, Any] | None:
    """(Q, R), reduced, of a small matrix, in double precision, as NumPy's; None if it is not, or without SciPy."""
    if x.ndim != 2 or not 0 < x.size <= _SMALL_QR or x.dtype.char not in _LETTERS:
        return None
    char = "D" if x.dtype.kind == "c" else "d"
    factor = _lapack("geqrf", char)
    if factor is None:
        return None
    k = min(x.shape)
    reflectors, scales, _, _ = factor(np.array(x, char, order="F"), overwrite_a=True)
    r = np.where(_above(k, x.shape[1]), reflectors[:k], 0).astype(x.dtype, order="C")
    if not vectors:
        return x, r
    q = _lapack("ungqr" if char == "D" else "orgqr", char)(reflectors[:, :k], scales, overwrite_a=True)[0]
    return q.astype(x.dtype, order="C"), r


def qr_factors(x: Any, mode: str) -> tuple[Any, Any]:
    """(Q, R), reduced or complete."""
    found = _qr_by_lapack(x, True) if mode == "reduced" or x.shape[-2] <= x.shape[-1] else None
    q, r = np.linalg.qr(x, mode=mode) if found is None else found  # type: ignore[misc]
    return q, r


def qr_triangle(x: Any) -> Any:
    """R alone."""
    found = _qr_by_lapack(x, False)
    return np.linalg.qr(x, mode="r") if found is None else found[1]


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
    bad = _refuse_nan("linalg.svd", x)
    try:
        u, s, vh = np.linalg.svd(x if bad is None else _replaced(x, bad), full_matrices=full)
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.svd", x) from error
    return (u, s, vh) if bad is None else (_spoilt(u, bad, 2), _spoilt(s, bad, 1), _spoilt(vh, bad, 2))


def svd_or_nan(x: Any, full: bool) -> tuple[Any, Any, Any]:
    """The singular value decomposition, NaN for matrices that are not finite."""
    bad = ~_finite(x)
    if not bad.any():
        return svd_factors(x, full)
    u, s, vh = svd_factors(_replaced(x, bad), full)
    return _spoilt(u, bad, 2), _spoilt(s, bad, 1), _spoilt(vh, bad, 2)


# LAPACK may loop for ever over what is not finite, so it never sees it. PyTorch's refuses NaN and lets infinities
# through as NaN, unless its steps do not converge.


def _finite(x: Any) -> Any:
    """Which matrices are finite."""
    return np.isfinite(x).all(axis=(-2, -1))


def _replaced(x: Any, bad: Any) -> Any:
    """Identities in the place of some matrices."""
    return np.where(bad[..., None, None], np.eye(x.shape[-2], x.shape[-1], dtype=x.dtype), x)


def _spoilt(result: Any, bad: Any, axes: int) -> Any:
    """NaN in the place of the results of some matrices."""
    return np.where(np.expand_dims(bad, tuple(range(-axes, 0))), np.asarray(np.nan, result.dtype), result)


def _refuse_nan(name: str, x: Any) -> Any:
    """LinAlgError for NaN and for infinities throughout; else which matrices have infinities, None if none."""
    if _all_finite(x):
        return None
    if np.isnan(x).any() or (np.isinf(x).all(axis=(-2, -1)) & (min(x.shape[-2:]) > 2)).any():
        raise _not_converged(name, x)
    return ~_finite(x)


def thin_svd(x: Any) -> tuple[Any, Any, Any]:
    """The thin singular value decomposition (U, s, V^H) of matrices."""
    return svd_factors(x, False)


def singular_values(x: Any) -> Any:
    """The singular values of matrices, largest first."""
    bad = _refuse_nan("linalg.svd", x)
    try:
        s = np.linalg.svd(x if bad is None else _replaced(x, bad), compute_uv=False)
        return s if bad is None else _spoilt(s, bad, 1)
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
    bad, x = _hermitian_input(x, lower)
    try:
        w, v = np.linalg.eigh(x, "L" if lower else "U")
        if bad is None:
            return w, v
        spoilt, diagonal = bad
        return _spoilt(w, spoilt, 1), np.where((spoilt & ~diagonal)[..., None, None], np.asarray(np.nan, v.dtype), v)
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.eigh", x) from error


def hermitian_eigenvalues(x: Any, lower: bool) -> Any:
    """The eigenvalues of Hermitian matrices, ascending, from one triangle."""
    bad, x = _hermitian_input(x, lower)
    try:
        w = np.linalg.eigvalsh(x, "L" if lower else "U")
        return w if bad is None else _spoilt(w, bad[0], 1)
    except np.linalg.LinAlgError as error:
        raise _not_converged("linalg.eigh", x) from error


def _hermitian_input(x: Any, lower: bool) -> tuple[Any, Any]:
    """(None or which matrices are not finite, and which of these on the diagonal only; the matrices for LAPACK).

    Of the triangle that is read. PyTorch's LAPACK doesn't converge for NaN in more than two dimensions, nor for
    infinities two places off the diagonal; infinities on the diagonal leave the vectors as they were before the first
    rotation.
    """
    if _all_finite(x):
        return None, x
    read = np.tril(x) if lower else np.triu(x)
    bad = ~_finite(read)
    if not bad.any():
        return None, x
    off = np.tril(x, -2) if lower else np.triu(x, 2)
    if x.shape[-1] > 2 and (np.isnan(read).any() or not np.isfinite(off).all()):
        raise _not_converged("linalg.eigh", read)
    infinite = np.isinf(np.diagonal(read, axis1=-2, axis2=-1)).sum(-1) == (~np.isfinite(read)).sum((-2, -1))
    return (bad, infinite if x.shape[-1] > 1 else bad), _replaced(x, bad)


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


def epsilon_of(x: Any) -> float:
    """The distance from 1 to the next number in the precision of an array."""
    return float(np.finfo(x.dtype).eps)


def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Raise where a gradient depends on the phases of complex vectors, which nothing determines.

    imaginary: the gradients' components along a change of phase, which are zero but for rounding if all is well; sizes:
    an array whose largest absolute value is their scale.
    """
    if imaginary.size:
        eps = np.finfo(imaginary.dtype).eps
        scale = 1 + float(np.abs(sizes).max()) if sizes.size else 1.0
        if np.abs(imaginary).max() > math.sqrt(eps) * 10 * scale:
            raise RuntimeError(message)
