"""Eigenvalues and eigenvectors: eigh for Hermitian matrices, eig for all square ones.

Eigenvectors are determined only up to signs or phases (and rotations where eigenvalues are equal): a loss that depends
on more has no gradient, and for complex vectors the backward says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.batching import all_values
from ...core.mode import MODE
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.overloads import finish
from .matrices import (
    adjoint,
    check_square,
    check_wide,
    diagonal_of,
    finish_several,
    kernel_missing,
    over_gaps,
    pairs_of,
    per_column,
    per_row,
    rounding_alone,
    untouched,
    without_values,
)

_PHASES = (
    "linalg_{}_backward: The eigenvectors in the complex case are specified up to multiplication by e^{{i phi}}. The "
    "specified loss function depends on this quantity, so it is ill-defined."
)


def _gaps(xp: Any, w: Array) -> Array:
    """w_j - w_i."""
    return per_column(xp, w) - per_row(xp, w)


def _turned(xp: Any, x: Array, g: Any, defined: tuple, w: Array, gaps: Array) -> Array:
    """x_ij / gap_ij off the diagonal: what turning vector j towards vector i is worth, given the gradients of both
    outputs."""
    gw, gv = g
    without = rounding_alone(xp, x, gaps, gv, w)
    if defined[0]:
        without = without_values(xp, without, gaps, gw, pairs_of(xp, untouched(xp, gv)))
    return over_gaps(xp, x, gaps, xp.logical_or(without, xp.eye(w.shape[-1], dtype=xp.bool)))


def _rates(xp: Any, p: Array, w: Array) -> Array:
    """The same in forward mode: p_ij / (w_j - w_i), where p is the change of the matrix in terms of its eigenvectors.

    What rounding leaves of it does no harm where it is left out, whatever the vectors are used for.
    """
    gaps = _gaps(xp, w)
    without = rounding_alone(xp, p, gaps, p, w)
    return over_gaps(xp, p, gaps, xp.logical_or(without, xp.eye(w.shape[-1], dtype=xp.bool)))


# --- Hermitian matrices ---


def _eigh_rule(xp, g, eigenvalues, eigenvectors, defined):
    """gA = V (diag(gw) + X / (w_j - w_i)) V^H with X the skew-Hermitian part of V^H gV (Giles 2008).

    A changes by Hermitian matrices only, of which there is one gradient that is Hermitian, too: the quotient of X and
    the gaps is, as both change sign with their indices.
    """
    gw, gv = g
    vh = adjoint(xp, eigenvectors)
    if not defined[1]:
        return xp.matmul(eigenvectors * per_column(xp, gw), vh)
    x = xp.matmul(vh, gv)
    if xp.isdtype(eigenvectors.dtype, "complex floating"):
        xp.check_phases(xp.imag(diagonal_of(xp, x)), gv, _PHASES.format("eigh"))
    x = (x - adjoint(xp, x)) * 0.5
    inner = _turned(xp, x, g, defined, eigenvalues, _gaps(xp, eigenvalues))
    if defined[0]:
        inner = inner + xp.eye(eigenvalues.shape[-1], dtype=eigenvalues.dtype) * per_column(xp, gw)
    return xp.matmul(eigenvectors, xp.matmul(inner, vh))


def _eigh_jvp(xp, t, eigenvalues, eigenvectors):
    vh = adjoint(xp, eigenvectors)
    p = xp.matmul(vh, xp.matmul((t + adjoint(xp, t)) * 0.5, eigenvectors))
    return xp.real(diagonal_of(xp, p)), xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))


@op(name="linalg_eigh", dtype=None, outputs=("eigenvalues", "eigenvectors"), vjp=_eigh_rule, jvp=_eigh_jvp)
def _eigh(xp, A, *, lower):
    return xp.hermitian_eigen(A, lower)


@op(nondifferentiable, name="linalg_eigvalsh", dtype=None)
def _eigvalsh(xp, A, *, lower):
    return xp.hermitian_eigenvalues(A, lower)


def _check_hermitian(A: Tensor, UPLO: str, function: str) -> bool:
    check_tensor(A, function)
    check_square(A, "linalg.eigh")
    if not isinstance(UPLO, str):
        raise TypeError(f"{function}(): argument 'UPLO' (position 2) must be str, not {type(UPLO).__name__}")
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    check_wide(A, "linalg_eigh_cpu")
    return UPLO.upper() == "L"


def eigh(A: Tensor, UPLO: str = "L", *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(eigenvalues, eigenvectors) of Hermitian matrices: A V = V diag(w).

    Args:
        A: (*, n, n), of a floating or complex dtype; of half precision there is no kernel.
        UPLO: which triangle is read, "L" or "U".

    Returns:
        the named tuple (eigenvalues (*, n), real and ascending, eigenvectors (*, n, n), the orthonormal columns). The
        gradient of the vectors is finite only where the eigenvalues differ.

    Raises:
        RuntimeError: where A is not square; in the backward, where the loss depends on the phases of complex vectors,
            which are arbitrary.

    Source of the derivative: Giles, "Collected matrix derivative results for forward and reverse mode" (2008).

    >>> import mibun as torch
    >>> torch.linalg.eigh(torch.tensor([[2., 1.], [1., 2.]])).eigenvalues
    tensor([1., 3.])
    """
    lower = _check_hermitian(A, UPLO, "linalg_eigh")
    return finish_several(return_types.linalg_eigh, _eigh(A, lower=lower), out, "linalg_eigh")


def eigvalsh(A: Tensor, UPLO: str = "L", *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices (*, n, n), real and ascending: (*, n). UPLO: which triangle is read. See
    `eigh`.

    >>> import mibun as torch
    >>> torch.linalg.eigvalsh(torch.tensor([[2., 1.], [1., 2.]]))
    tensor([1., 3.])
    """
    lower = _check_hermitian(A, UPLO, "linalg_eigvalsh")
    if A.requires_grad or MODE.get().dual_level >= 0:
        return finish(_eigh(A, lower=lower)[0], out, "linalg_eigvalsh")
    return finish(_eigvalsh(A, lower=lower), out, "linalg_eigvalsh")


# --- all square matrices ---


def _eig_rule(xp, g, eigenvalues, eigenvectors, defined):
    """gA = V^-H (diag(gw) + (V^H gV - V^H V re diag(V^H gV)) / conj(w_j - w_i)) V^H.

    From A V = V diag(w): V^-1 dV = (V^-1 dA V) / (w_j - w_i), with columns then kept at norm 1 (Boeddeker et al. 2017).
    """
    gw, gv = g
    vh = adjoint(xp, eigenvectors)
    if not defined[1]:
        return xp.linalg_solve_ex(vh, per_row(xp, gw) * vh, left=True, vector=False)[0]
    x = xp.matmul(vh, gv)
    along = diagonal_of(xp, x)
    xp.check_phases(xp.imag(along), gv, _PHASES.format("eig"))
    x = x - xp.matmul(vh, eigenvectors) * per_column(xp, xp.real(along))
    inner = _turned(xp, x, g, defined, eigenvalues, xp.conj(_gaps(xp, eigenvalues)))
    if defined[0]:
        inner = inner + xp.eye(eigenvalues.shape[-1], dtype=eigenvalues.dtype) * per_column(xp, gw)
    return xp.linalg_solve_ex(vh, xp.matmul(inner, vh), left=True, vector=False)[0]


def _eig_jvp(xp, t, eigenvalues, eigenvectors):
    t = xp.astype(t, eigenvectors.dtype)
    p = xp.linalg_solve_ex(eigenvectors, xp.matmul(t, eigenvectors), left=True, vector=False)[0]
    dv = xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))
    growth = xp.sum(xp.real(xp.conj(eigenvectors) * dv), axis=-2)
    return diagonal_of(xp, p), dv - eigenvectors * per_column(xp, growth)


@op(name="linalg_eig", dtype=None, outputs=("eigenvalues", "eigenvectors"), vjp=_eig_rule, jvp=_eig_jvp)
def _eig(xp, A):
    return xp.general_eigen(A)


@op(nondifferentiable, name="linalg_eigvals", dtype=None)
def _eigvals(xp, A):
    return xp.general_eigenvalues(A)


def _check_general(A: Tensor, function: str, name: str) -> None:
    check_tensor(A, function)
    check_square(A, name)
    dtype = A._array_.dtype
    if dtype.kind in "biu":
        raise RuntimeError(f"Unknown Complex ScalarType for {A.dtype.scalar_name}: {name} takes floating dtypes")
    if dtype.itemsize == 2:
        raise kernel_missing(A, "linalg_eig_out_cpu")
    if not np.isfinite(all_values(A._array_)).all():  # (copied from a GPU: eigenvalues wait for it anyway)
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")


def eig(A: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(eigenvalues, eigenvectors) of square matrices: A V = V diag(w), both complex.

    Args:
        A: (*, n, n), of a floating or complex dtype, finite, and assumed diagonalizable: of others the vectors are not
            independent.

    Returns:
        the named tuple (eigenvalues (*, n), eigenvectors (*, n, n), columns of norm 1). The gradient of the vectors is
        finite only where the eigenvalues differ.

    Raises:
        RuntimeError: where A is not square, integer or not finite; in the backward, where the loss depends on the
            phases of the vectors, which are arbitrary.

    Source of the derivative: Boeddeker et al., "On the computation of complex-valued gradients" (2017).

    >>> import mibun as torch
    >>> torch.linalg.eig(torch.tensor([[0., 1.], [-1., 0.]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    _check_general(A, "linalg_eig", "linalg.eig")
    return finish_several(return_types.linalg_eig, _eig(A), out, "linalg_eig")


def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices (*, n, n), complex, in no order: (*, n). See `eig`."""
    _check_general(A, "linalg_eigvals", "linalg.eigvals")
    if A.requires_grad or MODE.get().dual_level >= 0:
        return finish(_eig(A)[0], out, "linalg_eigvals")
    return finish(_eigvals(A), out, "linalg_eigvals")


__all__ = ["eig", "eigh", "eigvals", "eigvalsh"]
