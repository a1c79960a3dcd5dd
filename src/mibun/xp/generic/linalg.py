"""The gaps in linear algebra in pure Array API, on the standard's `linalg` extension.

The standard's functions raise where a matrix is singular; here that is the library's own error, and `info` is zero.
"""

from __future__ import annotations

import math

import numpy as np

from ...core.registry import is_numpys
from ..numpy import namespace as numpy_namespace
from .gaps import GAPS, gap, is_complex


def _adjoint(xp, x):
    return xp.base.matrix_transpose(xp.conj(x))


def _no_info(xp, x):
    return xp.base.zeros(x.shape[:-2], dtype=xp.base.int32)


@gap
def largest_number(xp, x):
    return xp.base.max(x)


@gap
def outer_product(xp, x, y):
    return xp.base.expand_dims(x, axis=1) * y


@gap
def lu_with_info(xp, x, pivot=True):
    base = xp.base
    m, n = x.shape[-2:]
    rows, columns = base.arange(m), base.arange(n)
    lu, pivots = base.asarray(x, copy=True), []
    info = base.zeros(x.shape[:-2], dtype=base.int32)
    for i in range(min(m, n)):
        column = lu[..., i]
        size = base.abs(base.real(column)) + base.abs(base.imag(column)) if is_complex(xp, x) else base.abs(column)
        below = base.where((rows >= i) & ~base.isnan(size), size, base.full_like(size, -1.0))
        row = base.argmax(below, axis=-1) if pivot else base.full(x.shape[:-2], i, dtype=base.int64)
        pivots.append(base.astype(row + 1, base.int32))
        # Exchanged by their indices: row i takes the place of `row`.
        order = base.where(rows == i, row[..., None], base.where(rows == row[..., None], i, rows))
        order = base.broadcast_to(order[..., None], lu.shape)
        lu = base.take_along_axis(lu, order, axis=-2)
        diagonal = lu[..., i, i]
        zero = diagonal == 0
        info = base.where(zero & (info == 0), i + 1, info)
        factor = lu[..., i] / base.where(zero, base.ones_like(diagonal), diagonal)[..., None]
        change = factor[..., None] * lu[..., i, :][..., None, :]
        is_below = (rows > i)[:, None]
        lu = base.where(is_below & (columns > i), lu - change, lu)
        lu = base.where(is_below & (columns == i), base.broadcast_to(factor[..., None], lu.shape), lu)
    if not pivots:
        return lu, base.zeros((*x.shape[:-2], 0), dtype=base.int32), info
    return lu, base.stack(pivots, axis=-1), info


@gap
def permutation_of(xp, pivots, m):
    base = xp.base
    rows = base.arange(m)
    order = base.broadcast_to(rows, (*pivots.shape[:-1], m))
    for i in range(pivots.shape[-1]):
        row = base.astype(pivots[..., i] - 1, base.int64)[..., None]
        exchange = base.where(rows == i, row, base.where(rows == row, i, rows))
        order = base.take_along_axis(order, base.broadcast_to(exchange, order.shape), axis=-1)
    return order


@gap
def triangular_solution(xp, a, b, upper, unit):
    base = xp.base
    offset = (1 if upper else -1) if unit else 0
    triangle = base.triu(a, k=offset) if upper else base.tril(a, k=offset)
    if unit:
        triangle = triangle + base.eye(a.shape[-1], dtype=a.dtype)
    return _solve(xp, triangle, b)


def _solve(xp, a, b):
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = xp.base.broadcast_to(a, (*batch, *a.shape[-2:]))
    b = xp.base.broadcast_to(b, (*batch, *b.shape[-2:]))
    return xp.base.linalg.solve(a, b)


@gap
def solution_with_info(xp, a, b):
    return _solve(xp, a, b), _no_info(xp, a)


@gap
def inverse_with_info(xp, a):
    return xp.base.linalg.inv(a), _no_info(xp, a)


@gap
def inverse_if_safe(xp, a):
    return None  # whether it is depends on the values, which not all libraries have at hand


@gap
def cholesky_with_info(xp, a):
    return xp.base.linalg.cholesky(a), _no_info(xp, a)


@gap
def determinant(xp, x):
    return xp.base.linalg.det(x)


@gap
def log_determinant(xp, x):
    sign, log = xp.base.linalg.slogdet(x)
    return sign, log


@gap
def qr_factors(xp, x, mode):
    q, r = xp.base.linalg.qr(x, mode=mode)
    return q, r


@gap
def qr_triangle(xp, x):
    return xp.base.linalg.qr(x)[1]


@gap
def qr_reflectors(xp, x):
    """Householder's reflections, one column at a time, with LAPACK's signs: beta = -sign(re a) |x|."""
    base = xp.base
    m, n = x.shape[-2:]
    rows, columns = base.arange(m), base.arange(n)
    taus = []
    for i in range(min(m, n)):
        column = x[..., i]
        below = base.where(rows > i, column, base.zeros_like(column))
        alpha = x[..., i, i]
        rest = base.sum(xp.real(below * xp.conj(below)), axis=-1)
        first = xp.real(alpha)
        size = base.sqrt(rest + xp.real(alpha * xp.conj(alpha)))
        beta = base.where(first >= 0, -size, size)
        nothing = (rest == 0) & (alpha == xp.astype(first, x.dtype))
        beta = base.where(nothing, first, beta)
        complex_beta = xp.astype(beta, x.dtype)
        safe = base.where(nothing, base.ones_like(beta), beta)
        tau = (complex_beta - alpha) / xp.astype(safe, x.dtype)
        tau = base.where(nothing, base.zeros_like(tau), tau)
        scale = base.where(nothing, base.ones_like(alpha), alpha - complex_beta)
        v = below / scale[..., None] + xp.astype(base.astype(rows == i, base.float64), x.dtype)
        change = xp.conj(tau)[..., None, None] * v[..., None] * base.matmul(xp.conj(v)[..., None, :], x)
        reflected = base.where(columns > i, x - change, x)
        new = base.where(rows == i, complex_beta[..., None], base.where(rows > i, v, column))
        x = base.where(columns == i, new[..., None], reflected)
        taus.append(tau)
    return x, base.stack(taus, axis=-1) if taus else base.zeros((*x.shape[:-2], 0), dtype=x.dtype)


@gap
def svd_factors(xp, x, full):
    return tuple(xp.base.linalg.svd(x, full_matrices=full))


@gap
def svd_or_nan(xp, x, full):
    return xp.svd_factors(x, full)


@gap
def thin_svd(xp, x):
    return xp.svd_factors(x, False)


@gap
def singular_values(xp, x):
    return xp.base.linalg.svdvals(x)


def _whole(xp, x, lower):
    """The Hermitian matrix of one triangle, since the standard does not say which one it reads."""
    triangle = xp.base.tril(x, k=-1) if lower else xp.base.triu(x, k=1)
    eye = xp.base.eye(x.shape[-1], dtype=x.dtype)
    return triangle + _adjoint(xp, triangle) + xp.astype(xp.real(x), x.dtype) * eye


@gap
def hermitian_eigen(xp, x, lower):
    w, v = xp.base.linalg.eigh(_whole(xp, x, lower))
    return w, v


@gap
def hermitian_eigenvalues(xp, x, lower):
    return xp.base.linalg.eigvalsh(_whole(xp, x, lower))


@gap
def epsilon_of(xp, x):
    return float(xp.base.finfo(x.dtype).eps)


@gap
def check_phases(xp, imaginary, sizes, message):
    if math.prod(imaginary.shape):
        eps = xp.base.finfo(imaginary.dtype).eps
        scale = 1 + float(xp.base.max(xp.base.abs(sizes)))
        if float(xp.base.max(xp.base.abs(imaginary))) > math.sqrt(eps) * 10 * scale:
            raise RuntimeError(message)


def _through_numpy(name):
    """A gap that the standard has no means for: by way of NumPy, which every library's arrays convert to and from."""

    def function(xp, *arguments):
        is_array = [hasattr(value, "dtype") and not is_numpys(type(value)) for value in arguments]
        given = [xp.to_numpy(value) if own else value for value, own in zip(arguments, is_array, strict=True)]
        found = getattr(numpy_namespace, name)(*given)
        if isinstance(found, tuple):
            return tuple(xp.from_numpy(np.asarray(part)) for part in found)
        return xp.from_numpy(np.asarray(found))

    GAPS[name] = function


_THROUGH_NUMPY = """
    general_eigen general_eigenvalues ldl_with_info ldl_solution
    unique_values_of unique_slices unique_runs counts_of_targets
""".split()
for _name in _THROUGH_NUMPY:
    _through_numpy(_name)


@gap
def euclidean_pairs(xp, x):
    n = x.shape[0]
    first, second = (xp.base.asarray(index) for index in np.triu_indices(n, 1))
    differences = xp.base.take(x, first, axis=0) - xp.base.take(x, second, axis=0)
    return xp.base.sqrt(xp.base.sum(differences * differences, axis=-1))


@gap
def weighted_differences(xp, weights, x):
    return xp.base.sum(weights[:, :, None] * (x[:, None, :] - x[None, :, :]), axis=1)
