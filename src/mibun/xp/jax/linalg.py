"""The gaps of the JAX namespace in linear algebra. What fails is found where values can be looked at.

XLA's functions give NaN or infinities where LAPACK says that a matrix is singular. `info` comes from the factors that
they leave, so that operators refuse what they refuse on the CPU; in a traced function nothing can be refused.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from ..numpy import linalg as numpy_linalg
from .device import known, to_numpy


def _no_info(x: Any) -> Any:
    return jnp.zeros(x.shape[:-2], jnp.int32)


def _first_zero(diagonal: Any) -> Any:
    """The number, from 1, of the first zero along the last axis; 0 if there is none."""
    zero = diagonal == 0
    if not zero.shape[-1]:
        return jnp.zeros(zero.shape[:-1], jnp.int32)
    return jnp.where(zero.any(-1), zero.argmax(-1) + 1, 0).astype(jnp.int32)


def lu_with_pivots(x: Any) -> tuple[Any, Any, Any]:
    """(LU, pivots, info): A = P L U, L and U in one array, the rows exchanged (from 1), the first zero of U or 0."""
    lu, pivots, _ = lax.linalg.lu(x)
    return lu, pivots.astype(jnp.int32) + 1, _first_zero(jnp.diagonal(lu, axis1=-2, axis2=-1))


def triangular_solution(a: Any, b: Any, upper: bool, unit: bool) -> Any:
    """X with A X = B for triangular matrices, of which only that triangle is read."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = (jnp.broadcast_to(x, (*batch, *x.shape[-2:])) for x in (a, b))
    return lax.linalg.triangular_solve(a, b, left_side=True, lower=not upper, unit_diagonal=unit)


def solution_with_info(a: Any, b: Any) -> tuple[Any, Any]:
    """(X, info) with A X = B; for a singular A infinities and NaN, and how far elimination got."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    wide = jnp.broadcast_to(a, (*batch, *a.shape[-2:]))
    _, _, info = lu_with_pivots(a)
    return jnp.linalg.solve(wide, jnp.broadcast_to(b, (*batch, *b.shape[-2:]))), info


def inverse_with_info(a: Any) -> tuple[Any, Any]:
    """(inverse, info); for a singular matrix infinities and NaN, and how far elimination got."""
    return jnp.linalg.inv(a), lu_with_pivots(a)[2]


def cholesky_with_info(a: Any) -> tuple[Any, Any]:
    """(L, info): A = L L^H from the lower triangle of A; info is the order of the first minor that is not positive."""
    factor = jnp.tril(lax.linalg.cholesky(a, symmetrize_input=False))
    if not known(a) or not math.prod(a.shape) or bool(jnp.isfinite(factor).all()):
        return factor, _no_info(a)
    partial, info = numpy_linalg.cholesky_with_info(to_numpy(a))
    return jnp.asarray(partial), jnp.asarray(info)


def determinant(x: Any) -> Any:
    """The determinant."""
    return jnp.linalg.det(x)


def log_determinant(x: Any) -> tuple[Any, Any]:
    """(sign, logarithm of the absolute value) of the determinant."""
    sign, log = jnp.linalg.slogdet(x)
    return sign, log


def qr_factors(x: Any, mode: str) -> tuple[Any, Any]:
    """(Q, R), "reduced" or "complete"."""
    q, r = jnp.linalg.qr(x, mode=mode)
    return q, r


def qr_triangle(x: Any) -> Any:
    """R alone."""
    return jnp.linalg.qr(x, mode="r")


def _refuse_nan(name: str, x: Any) -> None:
    if known(x) and x.size and not bool(jnp.isfinite(x).all()):
        numpy_linalg._refuse_nan(name, to_numpy(x))


def svd_factors(x: Any, full: bool) -> tuple[Any, Any, Any]:
    """(U, s, V^H) of matrices."""
    _refuse_nan("linalg.svd", x)
    return svd_or_nan(x, full)


def svd_or_nan(x: Any, full: bool) -> tuple[Any, Any, Any]:
    """The singular value decomposition, NaN for matrices that are not finite."""
    if 0 in x.shape:
        return tuple([jnp.asarray(part) for part in numpy_linalg.svd_factors(np.zeros(x.shape, x.dtype), full)])  # type: ignore[return-value]
    u, s, vh = jnp.linalg.svd(x, full_matrices=full)
    return u, s, vh


def thin_svd(x: Any) -> tuple[Any, Any, Any]:
    """The thin singular value decomposition (U, s, V^H) of matrices."""
    return svd_factors(x, False)


def singular_values(x: Any) -> Any:
    """The singular values of matrices, largest first."""
    _refuse_nan("linalg.svd", x)
    if 0 in x.shape:
        return jnp.zeros((*x.shape[:-2], 0), x.real.dtype)
    return jnp.linalg.svd(x, compute_uv=False)


def hermitian_eigen(x: Any, lower: bool) -> tuple[Any, Any]:
    """(eigenvalues, eigenvectors) of Hermitian matrices, ascending, from one triangle."""
    if known(x) and x.size and not bool(jnp.isfinite(x).all()):
        w, v = numpy_linalg.hermitian_eigen(to_numpy(x), lower)  # which refuses what LAPACK does
        return jnp.asarray(w), jnp.asarray(v)
    w, v = jnp.linalg.eigh(x, "L" if lower else "U", symmetrize_input=False)
    return w, v


def hermitian_eigenvalues(x: Any, lower: bool) -> Any:
    """The eigenvalues of Hermitian matrices, ascending, from one triangle."""
    return hermitian_eigen(x, lower)[0]


def _by_numpy(name: str) -> Any:
    """A function that XLA has for CPUs alone, or not at all, by way of the host."""
    function = getattr(numpy_linalg, name)

    @functools.wraps(function)
    def found(*arguments: Any) -> Any:
        given = [to_numpy(value) if hasattr(value, "__array_namespace__") else value for value in arguments]
        result = function(*given)
        return tuple([jnp.asarray(part) for part in result]) if isinstance(result, tuple) else jnp.asarray(result)

    return found


general_eigen = _by_numpy("general_eigen")
general_eigenvalues = _by_numpy("general_eigenvalues")


def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Raise where a gradient depends on the phases of complex vectors, which nothing determines."""
    if known(imaginary) and known(sizes):
        numpy_linalg.check_phases(to_numpy(imaginary), to_numpy(sizes), message)
