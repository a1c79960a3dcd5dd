"""Linear algebra, as `torch.linalg` names it: an index. The functions are in `ops/linalg/`.

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from mibun import Generator, Tensor, return_types
from mibun import dtype as _dtype, device as _device, layout as _layout, memory_format as _memory_format
from mibun.core.tensor_methods import Number, Device, Ints, Index

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]

from .xp.numpy.linalg import LinAlgError as LinAlgError

def cholesky(A: Tensor, *, upper: _bool = False, out: Tensor | None = None) -> Tensor:
    """The Cholesky factor of Hermitian positive-definite matrices: the lower triangular L with A = L L^H.

    Args:
        A: (*, n, n), of a floating or complex dtype; of half precision there is no kernel. One triangle is read.
        upper: give L^H, and read the upper triangle.

    Returns:
        (*, n, n). The gradient of A is Hermitian.

    Raises:
        linalg.LinAlgError: where A is not positive-definite. RuntimeError where it is not square, or integers.

    Source of the derivative: Murray, "Differentiation of the Cholesky decomposition" (2016).

    >>> import mibun as torch
    >>> torch.linalg.cholesky(torch.tensor([[4., 2.], [2., 5.]]))
    tensor([[2., 0.],
            [1., 2.]])

    Operator linalg_cholesky_ex:
        vjp: lambda xp, g, L, upper: _factor_rule(xp, g, L, upper)
        jvp: lambda xp, t, L, upper: (_factor_jvp(xp, t, L, upper),)
        node: LinalgCholeskyExBackward0
        dtypes: each as it is
    """

def cholesky_ex(
    A: Tensor, *, upper: _bool = False, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_cholesky_ex:
    """(L, info): the factor as `linalg.cholesky` gives it; info is 0, or the order of the first minor that is not
    positive-definite, up to which L is right.

    Operator linalg_cholesky_ex:
        vjp: lambda xp, g, L, upper: _factor_rule(xp, g, L, upper)
        jvp: lambda xp, t, L, upper: (_factor_jvp(xp, t, L, upper),)
        node: LinalgCholeskyExBackward0
        dtypes: each as it is
    """

def cond(A: Tensor, p: _float | str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of matrices: a norm of A times that of its inverse; infinite where A is singular.

    p: None and 2 (the ratio of the extreme singular values; A need not be square), -2 (its inverse), or the order of
    a matrix norm: "fro", "nuc", 1, -1, inf, -inf.

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

@overload
def cross(input: Tensor, other: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3: `(a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)`.

    Args:
        input, other: of one dtype and one number of dimensions; the others broadcast.
        dim: the dimension of the vectors, of size 3.

    Raises:
        RuntimeError: where the size is not 3, or the shapes or dtypes do not fit. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.linalg.cross(torch.tensor([1., 0., 0.]), torch.tensor([0., 1., 0.]))
    tensor([0., 0., 1.])

    Operator linalg_cross:
        vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
        vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
        node: LinalgCrossBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """
@overload
def cross(input: Tensor, other: Tensor, *, axis: _int, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3: `(a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)`.

    Args:
        input, other: of one dtype and one number of dimensions; the others broadcast.
        dim: the dimension of the vectors, of size 3.

    Raises:
        RuntimeError: where the size is not 3, or the shapes or dtypes do not fit. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.linalg.cross(torch.tensor([1., 0., 0.]), torch.tensor([0., 1., 0.]))
    tensor([0., 0., 1.])

    Operator linalg_cross:
        vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
        vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
        node: LinalgCrossBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinant of square matrices, the signed volume of the box that their rows span. Of an empty matrix: 1.

    Args:
        A: (*, n, n), of a floating or complex dtype.

    Returns:
        (*,), of that dtype. Its gradient, the cofactors, is exact at singular matrices too.

    Raises:
        RuntimeError: where they are not square, or integers.

    >>> import mibun as torch
    >>> torch.linalg.det(torch.tensor([[2., 5.], [0., 4.]]))
    tensor(8.)

    Operator linalg_det:
        vjp: lambda xp, g, A: _scalars(xp, g) * xp.conj(xp.cofactors(A))
        jvp: lambda xp, t, A: xp.sum(xp.cofactors(A) * t, axis=(-2, -1))
        node: LinalgDetBackward0
        dtypes: each as it is
    """

def diagonal(A: Tensor, *, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal` of the last two dimensions: a view.

    offset: how far above the main diagonal (negative: below it). dim1, dim2: the two dimensions of the matrices.

    Operator diagonal:
        vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
            g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
        )
        node: DiagonalBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def eig(A: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.linalg_eig:
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

    Operator linalg_eig:
        vjp: _eig_rule
            def _eig_rule(xp, g, eigenvalues, eigenvectors, defined):
                \"""gA = V^-H (diag(gw) + (V^H gV - V^H V re diag(V^H gV)) / conj(w_j - w_i)) V^H.

                From A V = V diag(w): V^-1 dV = (V^-1 dA V) / (w_j - w_i), with columns then kept at norm 1 (Boeddeker et al. 2017).
                \"""
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
        jvp: _eig_jvp
            def _eig_jvp(xp, t, eigenvalues, eigenvectors):
                t = xp.astype(t, eigenvectors.dtype)
                p = xp.linalg_solve_ex(eigenvectors, xp.matmul(t, eigenvectors), left=True, vector=False)[0]
                dv = xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))
                growth = xp.sum(xp.real(xp.conj(eigenvectors) * dv), axis=-2)
                return diagonal_of(xp, p), dv - eigenvectors * per_column(xp, growth)
        node: LinalgEigBackward0
        dtypes: each as it is
    """

def eigh(A: Tensor, UPLO: str = 'L', *, out: Sequence[Tensor] | None = None) -> return_types.linalg_eigh:
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

    Operator linalg_eigh:
        vjp: _eigh_rule
            def _eigh_rule(xp, g, eigenvalues, eigenvectors, defined):
                \"""gA = V (diag(gw) + X / (w_j - w_i)) V^H with X the skew-Hermitian part of V^H gV (Giles 2008).

                A changes by Hermitian matrices only, of which there is one gradient that is Hermitian, too: the quotient of X and
                the gaps is, as both change sign with their indices.
                \"""
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
        jvp: _eigh_jvp
            def _eigh_jvp(xp, t, eigenvalues, eigenvectors):
                vh = adjoint(xp, eigenvectors)
                p = xp.matmul(vh, xp.matmul((t + adjoint(xp, t)) * 0.5, eigenvectors))
                return xp.real(diagonal_of(xp, p)), xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))
        node: LinalgEighBackward0
        dtypes: each as it is
    """

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices (*, n, n), complex, in no order: (*, n). See `eig`.

    Operator linalg_eig:
        vjp: _eig_rule
            def _eig_rule(xp, g, eigenvalues, eigenvectors, defined):
                \"""gA = V^-H (diag(gw) + (V^H gV - V^H V re diag(V^H gV)) / conj(w_j - w_i)) V^H.

                From A V = V diag(w): V^-1 dV = (V^-1 dA V) / (w_j - w_i), with columns then kept at norm 1 (Boeddeker et al. 2017).
                \"""
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
        jvp: _eig_jvp
            def _eig_jvp(xp, t, eigenvalues, eigenvectors):
                t = xp.astype(t, eigenvectors.dtype)
                p = xp.linalg_solve_ex(eigenvectors, xp.matmul(t, eigenvectors), left=True, vector=False)[0]
                dv = xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))
                growth = xp.sum(xp.real(xp.conj(eigenvectors) * dv), axis=-2)
                return diagonal_of(xp, p), dv - eigenvectors * per_column(xp, growth)
        node: LinalgEigBackward0
        dtypes: each as it is

    Operator linalg_eigvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def eigvalsh(A: Tensor, UPLO: str = 'L', *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices (*, n, n), real and ascending: (*, n). UPLO: which triangle is read. See
    `eigh`.

    >>> import mibun as torch
    >>> torch.linalg.eigvalsh(torch.tensor([[2., 1.], [1., 2.]]))
    tensor([1., 3.])

    Operator linalg_eigh:
        vjp: _eigh_rule
            def _eigh_rule(xp, g, eigenvalues, eigenvectors, defined):
                \"""gA = V (diag(gw) + X / (w_j - w_i)) V^H with X the skew-Hermitian part of V^H gV (Giles 2008).

                A changes by Hermitian matrices only, of which there is one gradient that is Hermitian, too: the quotient of X and
                the gaps is, as both change sign with their indices.
                \"""
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
        jvp: _eigh_jvp
            def _eigh_jvp(xp, t, eigenvalues, eigenvectors):
                vh = adjoint(xp, eigenvectors)
                p = xp.matmul(vh, xp.matmul((t + adjoint(xp, t)) * 0.5, eigenvectors))
                return xp.real(diagonal_of(xp, p)), xp.matmul(eigenvectors, _rates(xp, p, eigenvalues))
        node: LinalgEighBackward0
        dtypes: each as it is

    Operator linalg_eigvalsh:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of H_1 ... H_k, H_i = I - tau_i v_i v_i^H: v_i is column i of A (*, m, n) below the diagonal,
    with 1 on it. tau: (*, k), k <= n <= m. With the results of `geqrf` this is Q.

    Operator linalg_householder_product:
        vjp: _householder_joint
            def _householder_joint(xp, g, input, tau):
                vectors, taus = _vectors(xp, input, tau.shape[-1]), _factors(xp, tau)
                g_vectors, g_taus, _ = _reflections_gradient(xp, g, vectors, taus, _columns_of_eye(xp, input))
                return _collected(xp, g_vectors, g_taus, input, tau)
        node: LinalgHouseholderProductBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of square matrices: the X with A X = X A = I.

    Args:
        A: (*, n, n), of a floating or complex dtype; of half precision there is no kernel.

    Returns:
        (*, n, n).

    Raises:
        linalg.LinAlgError: where one of them is singular. RuntimeError where they are not square, or integers.

    To multiply with an inverse, `linalg.solve(A, B)` is quicker and more exact than `inv(A) @ B`.

    >>> import mibun as torch
    >>> torch.linalg.inv(torch.tensor([[2., 0.], [0., 4.]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def inv_ex(
    A: Tensor, *, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_inv_ex:
    """(inverse, info) of square matrices; info (int32) is 0, or the first zero on the diagonal of U, counted from 1.

    check_errors: raise `linalg.LinAlgError` as `inv` does.

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def ldl_factor(
    A: Tensor, *, hermitian: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_ldl_factor:
    """(LD, pivots) of symmetric matrices, or Hermitian ones: A = L D L^T, as LAPACK keeps them in one array.

    L is unit lower triangular up to exchanges of rows, D has blocks of size 1 and 2 on the diagonal. pivots (int32):
    the row exchanged, from 1; negative, twice, for a block of size 2. Only the lower triangle of A is read. Source:
    Bunch and Kaufman, "Some stable methods for calculating inertia and solving symmetric linear systems" (1977).

    Operator linalg_ldl_factor_ex:
        vjp: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'linalg_ldl_factor_ex'
        node: NotImplemented
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ldl_factor_ex(
    A: Tensor, *, hermitian: _bool = False, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_ldl_factor_ex:
    """(LD, pivots, info): as `ldl_factor`; info is 0, or which block of D is singular, from 1.

    Operator linalg_ldl_factor_ex:
        vjp: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'linalg_ldl_factor_ex'
        node: NotImplemented
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: _bool = False, out: Tensor | None = None) -> Tensor:
    """X with A X = B, given `ldl_factor(A)`.

    Operator linalg_ldl_solve:
        vjp of LD: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'linalg_ldl_solve'
        vjp of B: _ldl_solve_rule
            def _ldl_solve_rule(xp, g, LD, pivots, hermitian):
                \"""A^-H g: A itself is Hermitian, or symmetric, and then A^H is the conjugate of A.\"""
                if hermitian:
                    return xp.linalg_ldl_solve(LD, pivots, g, hermitian=True)
                return xp.conj(xp.linalg_ldl_solve(LD, pivots, xp.conj(g), hermitian=False))
        jvp of B: lambda xp, t, LD, pivots, hermitian: xp.linalg_ldl_solve(LD, pivots, t, hermitian=hermitian)
        node: LinalgLdlSolveBackward0
        dtypes: each as it is
    """

def lstsq(
    A: Tensor, B: Tensor, rcond: _float | None = None, *, driver: str | None = None,
    out: Sequence[Tensor] | None = None,
) -> return_types.linalg_lstsq:
    """Least squares: the X that minimizes |A X - B|, and of several the smallest.

    Args:
        A: (*, m, n), of a floating or complex dtype.
        B: (*, m, k) or (*, m), of the same dtype.
        rcond: singular values up to rcond times the largest count as zeros; by default eps * max(m, n).
        driver: what is returned beside the solution; the method is always the singular value decomposition. "gelsy"
            (the default): the rank; "gelsd" and "gelss": residuals, rank and singular values; "gels": residuals.

    Returns:
        the named tuple (solution (*, n, k) or (*, n), residuals, rank, singular_values). The residuals are the sums of
        squares of A X - B, for m > n and full rank; what there is not is empty. The first two have derivatives.

    Raises:
        RuntimeError: for another driver, for shapes and dtypes that do not fit, integers and half precision.

    >>> import mibun as torch
    >>> torch.linalg.lstsq(torch.tensor([[2.], [0.]]), torch.tensor([[4.], [3.]])).solution
    tensor([[2.]])

    Operator linalg_lstsq:
        vjp: _lstsq_joint
            def _lstsq_joint(xp, g, input, b, solution, rcond, vector, needs):
                \"""X = A^+ B; the residuals sum |A X - B|^2 are least at X, so that X may count as a constant in them.\"""
                gx, gr = g[0], g[1]
                if vector:
                    gx, b, solution = (xp.expand_dims(x, axis=-1) for x in (gx, b, solution))
                inverse = _inverse(xp, input, rcond)
                g_b = xp.matmul(adjoint(xp, inverse), gx)
                g_a = pinv_gradient(xp, xp.matmul(gx, adjoint(xp, b)), input, inverse) if needs[0] else None
                if len(gr.shape) == len(input.shape) - 1 and gr.shape[-1] == b.shape[-1] and input.shape[-2] > input.shape[-1]:
                    error = (xp.matmul(input, solution) - b) * per_column(xp, 2 * gr)
                    g_b = g_b - error
                    if g_a is not None:
                        g_a = g_a + xp.matmul(error, adjoint(xp, solution))
                return g_a, xp.squeeze(g_b, axis=-1) if vector else g_b
        jvp of input: lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
            xp, t, input, b, solution, rcond, vector, True, residuals
        )
        jvp of b: lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
            xp, t, input, b, solution, rcond, vector, False, residuals
        )
        node: LinalgLstsqBackward0
        dtypes: each as it is
    """

def lu(A: Tensor, *, pivot: _bool = True, out: Sequence[Tensor] | None = None) -> return_types.linalg_lu:
    """(P, L, U) with A = P L U, P a permutation, L unit lower and U upper triangular.

    Args:
        A: (*, m, n), of a floating or complex dtype; k = min(m, n).
        pivot: True; False is for GPUs.

    Returns:
        the named tuple (P (*, m, m), L (*, m, k), U (*, k, n)).

    Raises:
        RuntimeError: for fewer than 2 dimensions, and for pivot=False.

    Source of the derivative: de Hoog, Anderssen and Lukas, "Differentiation of matrix functionals using triangular
    factorization" (2011).

    >>> import mibun as torch
    >>> P, L, U = torch.linalg.lu(torch.tensor([[1., 2.], [2., 2.]]))
    >>> U
    tensor([[2., 2.],
            [0., 1.]])

    Operator linalg_lu:
        vjp: _lu_rule
            def _lu_rule(xp, g, P, L, U):
                gl, gu = g
                return xp.matmul(P, _factors_gradient(xp, gl, gu, L, U))
        jvp: _lu_jvp
            def _lu_jvp(xp, t, P, L, U):
                return _factors_tangent(xp, xp.matmul(xp.matrix_transpose(P), t), L, U)
        node: LinalgLuBackward0
        dtypes: each as it is
    """

def lu_factor(A: Tensor, *, pivot: _bool = True, out: Sequence[Tensor] | None = None) -> return_types.linalg_lu_factor:
    """(LU, pivots): the LU factorization with row exchanges, for `lu_solve`: L (unit lower) and U in one array.

    Args:
        A: (*, m, n), of a floating or complex dtype.
        pivot: True; False is for GPUs.

    Returns:
        the named tuple (LU (*, m, n), pivots (*, min(m, n)), int32: which row was exchanged with this one, from 1).

    Raises:
        RuntimeError: where U has a zero on its diagonal, and for pivot=False.

    >>> import mibun as torch
    >>> torch.linalg.lu_factor(torch.tensor([[1., 2.], [2., 2.]])).LU
    tensor([[2.0000, 2.0000],
            [0.5000, 1.0000]])

    Operator linalg_lu_factor_ex:
        vjp: _lu_factor_rule
            def _lu_factor_rule(xp, g, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                return xp.matmul(p, _factors_gradient(xp, *_triangles(xp, g), *_split(xp, LU)))
        jvp: _lu_factor_jvp
            def _lu_factor_jvp(xp, t, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                dl, du = _factors_tangent(xp, xp.matmul(xp.matrix_transpose(p), t), *_split(xp, LU))
                return (_packed(xp, xp.tril(dl, k=-1), du),)
        node: LinalgLuFactorExBackward0
        dtypes: each as it is
    """

def lu_factor_ex(
    A: Tensor, *, pivot: _bool = True, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_lu_factor_ex:
    """(LU, pivots, info): as `lu_factor`, with the first zero on the diagonal of U (from 1, or 0) for an error.

    Operator linalg_lu_factor_ex:
        vjp: _lu_factor_rule
            def _lu_factor_rule(xp, g, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                return xp.matmul(p, _factors_gradient(xp, *_triangles(xp, g), *_split(xp, LU)))
        jvp: _lu_factor_jvp
            def _lu_factor_jvp(xp, t, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                dl, du = _factors_tangent(xp, xp.matmul(xp.matrix_transpose(p), t), *_split(xp, LU))
                return (_packed(xp, xp.tril(dl, k=-1), du),)
        node: LinalgLuFactorExBackward0
        dtypes: each as it is
    """

def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: _bool = True, adjoint: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """X with A X = B (left) or X A = B, given `lu_factor(A)`: for many B that are not known at once.

    Args:
        LU, pivots: what `lu_factor` gives, (*, n, n) and (*, n).
        B: (*, n, k), or (*, k, n) if not left, of the same dtype; batch dimensions broadcast.
        left: which side of X the matrix is on.
        adjoint: take A^H in the place of A.

    Raises:
        RuntimeError: where shapes, dtypes or pivots do not fit.

    >>> import mibun as torch
    >>> LU, pivots = torch.linalg.lu_factor(torch.tensor([[2., 0.], [0., 4.]]))
    >>> torch.linalg.lu_solve(LU, pivots, torch.tensor([[2.], [2.]]))
    tensor([[1.0000],
            [0.5000]])

    Operator linalg_lu_solve:
        vjp of LU: _lu_solve_rule
            def _lu_solve_rule(xp, g, LU, pivots, out, left, adjoint):
                \"""The gradient G of A first, as for any solve, then of its factors: gL = P^T G U^H, gU = L^H P^T G.\"""
                solved = xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
                total = _gradient_of_matrix(xp, solved, out, left, adjoint)
                p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                total = xp.matmul(xp.matrix_transpose(p), total)
                lower, upper = _split(xp, LU)
                gl = xp.matmul(total, conjugate_transpose(xp, upper))
                gu = xp.matmul(conjugate_transpose(xp, lower), total)
                return xp.tril(gl, k=-1) + xp.triu(gu)
        vjp of B: _lu_solution_rule
            def _lu_solution_rule(xp, g, LU, pivots, left, adjoint):
                return xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
        jvp of LU: _lu_solve_jvp
            def _lu_solve_jvp(xp, t, LU, pivots, out, left, adjoint):
                lower, upper = _split(xp, LU)
                p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                change = xp.matmul(p, xp.matmul(xp.tril(t, k=-1), upper) + xp.matmul(lower, xp.triu(t)))
                if adjoint:
                    change = conjugate_transpose(xp, change)
                product = xp.matmul(change, out) if left else xp.matmul(out, change)
                return -xp.linalg_lu_solve(LU, pivots, product, left=left, adjoint=adjoint)
        jvp of B: lambda xp, t, LU, pivots, left, adjoint: xp.linalg_lu_solve(LU, pivots, t, left=left, adjoint=adjoint)
        node: LinalgLuSolveBackward0
        dtypes: each as it is
    """

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of vectors, matrices and batches of matrices, as `input @ other`.

    Two vectors: their dot product. Two matrices: their product, `out[i, k] = sum_j input[i, j] other[j, k]`. A vector
    beside a matrix or more is a row on the left, a column on the right. More dimensions: the last two are matrices, the
    ones before them are a batch and broadcast.

    Args:
        input, other: of one dtype, any but bool; none of them 0-d.
        out: a tensor to write the result into.

    Returns:
        (*, n, p) from (*, n, m) and (*, m, p), without the dimension that a vector has not.

    Raises:
        RuntimeError: where the sizes do not fit, the batches do not broadcast, one is 0-d, or the dtypes differ.
        NotImplementedError: for bools.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]]) @ torch.tensor([1., 1.])
    tensor([3., 7.])
    >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
    torch.Size([5, 2, 4])

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mv:
        vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MvBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator vm:
        vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
        vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
        node: SqueezeBackward4
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_vector:
        vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_rows:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_batched:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def matrix_exp(A: Tensor) -> Tensor:
    """The exponential of square matrices, `sum_k A^k / k!`, by scaling and squaring.

    Args:
        A: (*, n, n), of a floating or complex dtype.

    Returns:
        (*, n, n).

    Raises:
        RuntimeError: where A is not square, or integers.

    Source: Higham, "The scaling and squaring method for the matrix exponential revisited" (2005); of the derivative:
    Mathias, "A chain rule for matrix functions and applications" (1996).

    >>> import mibun as torch
    >>> torch.linalg.matrix_exp(torch.tensor([[0., 1.], [0., 0.]]))
    tensor([[1., 1.],
            [0., 1.]])

    Operator linalg_matrix_exp:
        vjp: lambda xp, g, input: _exponential_along(xp, adjoint(xp, input), g)
        jvp: lambda xp, t, input: _exponential_along(xp, input, t)
        node: LinalgMatrixExpBackward0
        dtypes: each as it is
    """

@overload
def matrix_norm(
    A: Tensor, ord: _float | str = 'fro', dim: Sequence[_int] = (-2, -1), keepdim: _bool = False, *,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices, in the two dimensions `dim`.

    Args:
        A: of a floating or complex dtype, with 2 dimensions or more.
        ord: "fro" (Frobenius: the root of the sum of squares), "nuc" (the sum of the singular values), 2 and -2 (the
            largest and the smallest of them), 1 and -1 (the largest and the smallest sum of a column's absolute
            values), inf and -inf (of a row's).
        dim: the dimensions of the rows and of the columns.
        keepdim: whether the two stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real.

    Raises:
        RuntimeError: for integers, for another ord, and for dims that are not two different ones.

    >>> import mibun as torch
    >>> torch.linalg.matrix_norm(torch.tensor([[3., 0.], [0., 4.]]), ord="nuc")
    tensor(7.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def matrix_norm(
    A: Tensor, ord: _float | str = 'fro', *, axis: Sequence[_int], keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices, in the two dimensions `dim`.

    Args:
        A: of a floating or complex dtype, with 2 dimensions or more.
        ord: "fro" (Frobenius: the root of the sum of squares), "nuc" (the sum of the singular values), 2 and -2 (the
            largest and the smallest of them), 1 and -1 (the largest and the smallest sum of a column's absolute
            values), inf and -inf (of a row's).
        dim: the dimensions of the rows and of the columns.
        keepdim: whether the two stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real.

    Raises:
        RuntimeError: for integers, for another ord, and for dims that are not two different ones.

    >>> import mibun as torch
    >>> torch.linalg.matrix_norm(torch.tensor([[3., 0.], [0., 4.]]), ord="nuc")
    tensor(7.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def matrix_power(A: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """The n-th power of square matrices, by repeated squaring; a negative one inverts first, n = 0 gives the identity.

    Args:
        A: (*, m, m), of any dtype but bool; for n < 0 floating or complex.
        n: the exponent, an int.

    Returns:
        (*, m, m).

    Raises:
        RuntimeError: where A is not square. linalg.LinAlgError where n < 0 and A is singular.

    >>> import mibun as torch
    >>> torch.linalg.matrix_power(torch.tensor([[1., 1.], [0., 1.]]), 5)
    tensor([[1., 5.],
            [0., 1.]])

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def matrix_rank(
    A: Tensor, tol: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None,
    rtol: _float | Tensor | None = None, out: Tensor | None = None,
) -> Tensor:
    """The number of singular values above max(atol, rtol * the largest).

    Args:
        A: (*, m, n), of a floating or complex dtype.
        tol: an absolute tolerance alone, as NumPy has it.
        hermitian: A is Hermitian, and its eigenvalues are used.
        atol, rtol: tolerances as for `pinv`.

    Returns:
        (*,), int64; not differentiable.

    Raises:
        RuntimeError: for fewer than 2 dimensions, integers and half precision.

    >>> import mibun as torch
    >>> torch.linalg.matrix_rank(torch.tensor([[1., 2.], [2., 4.]]))
    tensor(1)

    Operator linalg_matrix_rank:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the order of multiplication that takes the fewest operations.

    Args:
        tensors: two or more, all 2-D but for the first and the last, which may be vectors (a row, a column).
        out: a tensor to write the result into.

    Returns:
        the product, without the dimensions that vectors have not.

    Raises:
        RuntimeError: for fewer than two tensors, another number of dimensions, and where sizes do not fit.

    Source: the dynamic programme over split points of Godbole, "On efficient computation of matrix chain products"
        (1973).

    >>> import mibun as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 100), torch.ones(100, 3), torch.ones(3)])
    tensor([300., 300.])

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mv:
        vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MvBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator vm:
        vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
        vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
        node: SqueezeBackward4
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_vector:
        vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_rows:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_batched:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def norm(
    A: Tensor, ord: _float | str | None = None, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """A vector or a matrix norm, as the arguments say: see `vector_norm` and `matrix_norm`.

    Args:
        A: of a floating or complex dtype.
        ord: None: the 2-norm of all elements, or over `dim`. A number: a vector norm for a 1-D tensor or an int `dim`,
            a matrix norm for a 2-D tensor or a pair of dims. A word: a matrix norm.
        dim: an int, or a pair.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Raises:
        RuntimeError: for integers, and where `ord` is given without `dim` for a tensor that is neither 1-D nor 2-D.

    >>> import mibun as torch
    >>> torch.linalg.norm(torch.tensor([[3., 0.], [0., 4.]]))
    tensor(5.)
    >>> torch.linalg.norm(torch.tensor([[3., 0.], [0., 4.]]), ord=2)
    tensor(4.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def pinv(
    A: Tensor, rcond: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None,
    rtol: _float | Tensor | None = None, out: Tensor | None = None,
) -> Tensor:
    """The Moore-Penrose pseudo-inverse of matrices: the inverse where there is one, else that of the nonzero part.

    Args:
        A: (*, m, n), of a floating or complex dtype.
        rcond: another name for `rtol`.
        hermitian: A is Hermitian, which is quicker; its lower triangle is read.
        atol, rtol: singular values up to max(atol, rtol * the largest) count as zeros; rtol is eps * max(m, n) unless
            atol is given. Both may be Tensors for the batch.

    Returns:
        (*, n, m). The gradient assumes that the rank does not change nearby.

    Raises:
        RuntimeError: for fewer than 2 dimensions, integers and half precision.

    Source of the derivative: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares
    problems whose variables separate" (1973).

    >>> import mibun as torch
    >>> torch.linalg.pinv(torch.tensor([[2.], [0.]]))
    tensor([[0.5000, 0.0000]])

    Operator linalg_pinv:
        vjp of input: lambda xp, g, input, out: pinv_gradient(xp, g, input, out)
        jvp of input: lambda xp, t, input, out: pinv_tangent(xp, t, input, out)
        node: LinalgPinvBackward0
        dtypes: each as it is
    """

def qr(A: Tensor, mode: str = 'reduced', *, out: Sequence[Tensor] | None = None) -> return_types.linalg_qr:
    """(Q, R) with A = Q R: Q of orthonormal columns, R upper triangular.

    Args:
        A: (*, m, n), of a floating or complex dtype; k = min(m, n).
        mode: "reduced": Q (*, m, k), R (*, k, n); "complete": (*, m, m) and (*, m, n), differentiable if m <= n; "r": R
            alone, Q empty, not differentiable.

    Returns:
        the named tuple (Q, R). The derivative assumes the first k columns of A to be independent.

    Raises:
        RuntimeError: for another mode, fewer than 2 dimensions, integers; in the backward, where there is no
            derivative.

    Source of the derivative: Walter and Lehmann, "Algorithmic differentiation of linear algebra functions" (2010).

    >>> import mibun as torch
    >>> torch.linalg.qr(torch.tensor([[3.], [4.]])).R
    tensor([[-5.]])

    Operator linalg_qr:
        vjp: _qr_rule
            def _qr_rule(xp, g, Q, R, mode):
                \"""gA = (gQ + Q C(R gR^H - gQ^H Q)) R^-H, C the mirrored lower triangle.

                With more columns than rows A = [X Y] = Q [U V], V = Q^H Y: gY = Q gV, and gQ grows by Y gV^H.
                \"""
                if mode == "r":
                    raise RuntimeError(_ONLY_R)
                gq, gr = g
                m, n = Q.shape[-2], R.shape[-1]
                if mode == "complete" and m > n:
                    raise RuntimeError(_COMPLETE)
                further = None
                if m < n:
                    gv, v = gr[..., m:], R[..., m:]
                    gr, R = gr[..., :m], R[..., :m]
                    further = xp.matmul(Q, gv)
                    gq = gq + xp.matmul(Q, xp.matmul(v, adjoint(xp, gv)))
                middle = xp.matmul(R, adjoint(xp, gr)) - xp.matmul(adjoint(xp, gq), Q)
                inner = gq + xp.matmul(Q, _lower_and_mirrored(xp, middle))
                total = xp.linalg_solve_triangular(adjoint(xp, R), inner, upper=False, left=False, unitriangular=False)
                return total if further is None else xp.concat([total, further], axis=-1)
        jvp: _qr_jvp
            def _qr_jvp(xp, t, Q, R, mode):
                \"""With K = Q^H dA R^-1: dR = (K - W) R and dQ = (dA R^-1 - Q K) + Q W, W skew with the lower triangle of K.\"""
                if mode == "r":
                    raise RuntimeError(_ONLY_R)
                m, n = Q.shape[-2], R.shape[-1]
                if mode == "complete" and m > n:
                    raise RuntimeError(_COMPLETE)
                k = min(m, n)
                first, square = t[..., :k], R[..., :k]
                moved = xp.linalg_solve_triangular(square, first, upper=True, left=False, unitriangular=False)
                kernel = xp.matmul(adjoint(xp, Q), moved)
                below = xp.tril(kernel, k=-1)
                eye = xp.eye(k, dtype=kernel.dtype)
                skew = below - adjoint(xp, below) + eye * (kernel - xp.conj(kernel)) * 0.5
                dq = moved - xp.matmul(Q, kernel) + xp.matmul(Q, skew)
                dr = xp.triu(xp.matmul(kernel - skew, square))
                if m < n:
                    v = R[..., m:]
                    dr = xp.concat([dr, xp.matmul(adjoint(xp, Q), t[..., m:]) - xp.matmul(skew, v)], axis=-1)
                return dq, dr
        node: LinalgQrBackward0
        dtypes: each as it is
    """

def slogdet(A: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.linalg_slogdet:
    """(sign, logabsdet): the determinant's sign and the logarithm of its absolute value, without overflow.

    Args:
        A: (*, n, n), of a floating or complex dtype.

    Returns:
        sign (*,): of complex matrices a complex number of size 1; 0 for singular ones. logabsdet (*,): real, -inf
        there.

    Raises:
        RuntimeError: where they are not square, or integers.

    >>> import mibun as torch
    >>> torch.linalg.slogdet(torch.tensor([[1., 2.], [3., 4.]])).sign
    tensor(-1.)

    Operator linalg_slogdet:
        vjp: _slogdet_rule
            def _slogdet_rule(xp, g, A, sign):
                \"""d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

                So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
                \"""
                g_sign, g_log = g
                if xp.isdtype(A.dtype, "complex floating"):
                    turn = xp.conj(sign) * g_sign
                    g_log = g_log + (turn - xp.conj(turn)) * 0.5
                return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])
        jvp: _slogdet_jvp
            def _slogdet_jvp(xp, t, A, sign):
                z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
                if xp.isdtype(A.dtype, "complex floating"):
                    return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
                return xp.zeros_like(z), z
        node: LinalgSlogdetBackward0
        dtypes: each as it is
    """

def solve(A: Tensor, B: Tensor, *, left: _bool = True, out: Tensor | None = None) -> Tensor:
    """X with A X = B (left) or X A = B, for square A; by LU factorization with row exchanges.

    Args:
        A: (*, n, n), of a floating or complex dtype.
        B: (*, n, k) (not left: (*, k, n)), of the same dtype; or vectors (*, n): if it is 1-D, or has the shape of A
            but for the last dimension. Batch dimensions broadcast.
        left: which side of X the matrix is on.

    Returns:
        X, of the shape of B after broadcasting.

    Raises:
        linalg.LinAlgError: where A is singular. RuntimeError where shapes or dtypes do not fit.

    Source of the derivative: Giles, "Collected matrix derivative results for forward and reverse mode" (2008).

    >>> import mibun as torch
    >>> torch.linalg.solve(torch.tensor([[2., 0.], [0., 4.]]), torch.tensor([2., 2.]))
    tensor([1.0000, 0.5000])

    Operator linalg_solve_ex:
        vjp of A: _matrix_rule
            def _matrix_rule(xp, g, A, result, left, vector):
                \"""d(A^-1 B) = -A^-1 dA X, so that the gradient of A is -(A^-H g) X^H (Giles 2008).\"""
                solved = _solution_rule(xp, g, A, left, vector)
                if vector:
                    return -xp.expand_dims(solved, axis=-1) * xp.expand_dims(xp.conj(result), axis=-2)
                if left:
                    return -xp.matmul(solved, adjoint(xp, result))
                return -xp.matmul(adjoint(xp, result), solved)
        vjp of B: _solution_rule
            def _solution_rule(xp, g, A, left, vector):
                \"""The gradient of the right-hand side: A^-H g.\"""
                return xp.linalg_solve_ex(adjoint(xp, A), g, left=left, vector=vector)[0]
        jvp of A: _matrix_jvp
            def _matrix_jvp(xp, t, A, result, left, vector):
                return (-xp.linalg_solve_ex(A, _product_in(xp, t, result, left, vector), left=left, vector=vector)[0],)
        jvp of B: lambda xp, t, A, left, vector: (xp.linalg_solve_ex(A, t, left=left, vector=vector)[0],)
        node: LinalgSolveExBackward0
        dtypes: each as it is
    """

def solve_ex(
    A: Tensor, B: Tensor, *, left: _bool = True, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_solve_ex:
    """(result, info): the solution as `solve` gives it, and 0 or the first zero on the diagonal of U, from 1.

    Operator linalg_solve_ex:
        vjp of A: _matrix_rule
            def _matrix_rule(xp, g, A, result, left, vector):
                \"""d(A^-1 B) = -A^-1 dA X, so that the gradient of A is -(A^-H g) X^H (Giles 2008).\"""
                solved = _solution_rule(xp, g, A, left, vector)
                if vector:
                    return -xp.expand_dims(solved, axis=-1) * xp.expand_dims(xp.conj(result), axis=-2)
                if left:
                    return -xp.matmul(solved, adjoint(xp, result))
                return -xp.matmul(adjoint(xp, result), solved)
        vjp of B: _solution_rule
            def _solution_rule(xp, g, A, left, vector):
                \"""The gradient of the right-hand side: A^-H g.\"""
                return xp.linalg_solve_ex(adjoint(xp, A), g, left=left, vector=vector)[0]
        jvp of A: _matrix_jvp
            def _matrix_jvp(xp, t, A, result, left, vector):
                return (-xp.linalg_solve_ex(A, _product_in(xp, t, result, left, vector), left=left, vector=vector)[0],)
        jvp of B: lambda xp, t, A, left, vector: (xp.linalg_solve_ex(A, t, left=left, vector=vector)[0],)
        node: LinalgSolveExBackward0
        dtypes: each as it is
    """

def solve_triangular(
    A: Tensor, B: Tensor, *, upper: _bool, left: _bool = True, unitriangular: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """X with A X = B (left) or X A = B, for triangular A, of which only that triangle is read.

    Args:
        A: (*, n, n), of a floating or complex dtype.
        B: (*, n, k), or (*, k, n) if not left; batch dimensions broadcast, and dtypes are promoted.
        upper: whether A is upper triangular.
        left: which side of X the matrix is on.
        unitriangular: take the diagonal of A for ones.

    Returns:
        X, of the shape of B after broadcasting. A zero on the diagonal gives infinities, not an error.

    Raises:
        RuntimeError: where A is not square, B has fewer than 2 dimensions, or the sizes do not fit.

    >>> import mibun as torch
    >>> A = torch.tensor([[2., 0.], [1., 1.]])
    >>> torch.linalg.solve_triangular(A, torch.tensor([[2.], [3.]]), upper=False)
    tensor([[1.],
            [2.]])

    Operator linalg_solve_triangular:
        vjp of input: _triangular_rule
            def _triangular_rule(xp, g, input, out, upper, left, unitriangular):
                \"""As for `solve`, but only the triangle that is read has a gradient.\"""
                solved = _triangular_solution_rule(xp, g, input, upper, left, unitriangular)
                product = xp.matmul(solved, adjoint(xp, out)) if left else xp.matmul(adjoint(xp, out), solved)
                return -_triangle(xp, product, upper, unitriangular)
        vjp of B: _triangular_solution_rule
            def _triangular_solution_rule(xp, g, input, upper, left, unitriangular):
                return xp.linalg_solve_triangular(adjoint(xp, input), g, upper=not upper, left=left, unitriangular=unitriangular)
        jvp of input: _triangular_jvp
            def _triangular_jvp(xp, t, input, out, upper, left, unitriangular):
                t = _triangle(xp, t, upper, unitriangular)
                product = xp.matmul(t, out) if left else xp.matmul(out, t)
                return -xp.linalg_solve_triangular(input, product, upper=upper, left=left, unitriangular=unitriangular)
        jvp of B: lambda xp, t, input, upper, left, unitriangular: xp.linalg_solve_triangular(
            input, t, upper=upper, left=left, unitriangular=unitriangular
        )
        node: LinalgSolveTriangularBackward0
        dtypes: each as it is
    """

def svd(
    A: Tensor, full_matrices: _bool = True, *, driver: str | None = None, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_svd:
    """(U, S, Vh) with A = U diag(S) Vh: U and Vh unitary, S real, not negative, largest first.

    Args:
        A: (*, m, n), of a floating or complex dtype; k = min(m, n).
        full_matrices: U is (*, m, m) and Vh (*, n, n), else (*, m, k) and (*, k, n).
        driver: None; others are for GPUs.

    Returns:
        the named tuple (U, S, Vh); S is (*, k). The gradient is finite only where the singular values that it needs
        apart are different.

    Raises:
        RuntimeError: for a driver, fewer than 2 dimensions, integers; in the backward, where the loss depends on the
            phases of complex vectors, which are arbitrary.

    Source of the derivative: Townsend, "Differentiating the singular value decomposition" (2016).

    >>> import mibun as torch
    >>> torch.linalg.svd(torch.tensor([[3., 0.], [0., 4.]])).S
    tensor([4., 3.])

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is
    """

def svdvals(A: Tensor, *, driver: str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of matrices, largest first: S of `linalg.svd`, with a gradient everywhere that they differ
    from 0.

    Args:
        A: (*, m, n), of a floating or complex dtype.
        driver: None; others are for GPUs.

    Returns:
        (*, min(m, n)), real.

    Raises:
        RuntimeError: for a driver, fewer than 2 dimensions, integers.

    >>> import mibun as torch
    >>> torch.linalg.svdvals(torch.tensor([[3., 0.], [0., -4.]]))
    tensor([4., 3.])

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def tensorinv(A: Tensor, ind: _int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A as a map from its last dimensions to its first `ind`: of shape A.shape[ind:] + A.shape[:ind].

    RuntimeError where the products of the two groups of sizes differ.

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[_int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """X with tensordot(A, X, X.ndim) = B: A maps tensors of the shape of its last dimensions to the shape of B.

    dims: dimensions of A that are moved to its end first.

    Operator linalg_solve_ex:
        vjp of A: _matrix_rule
            def _matrix_rule(xp, g, A, result, left, vector):
                \"""d(A^-1 B) = -A^-1 dA X, so that the gradient of A is -(A^-H g) X^H (Giles 2008).\"""
                solved = _solution_rule(xp, g, A, left, vector)
                if vector:
                    return -xp.expand_dims(solved, axis=-1) * xp.expand_dims(xp.conj(result), axis=-2)
                if left:
                    return -xp.matmul(solved, adjoint(xp, result))
                return -xp.matmul(adjoint(xp, result), solved)
        vjp of B: _solution_rule
            def _solution_rule(xp, g, A, left, vector):
                \"""The gradient of the right-hand side: A^-H g.\"""
                return xp.linalg_solve_ex(adjoint(xp, A), g, left=left, vector=vector)[0]
        jvp of A: _matrix_jvp
            def _matrix_jvp(xp, t, A, result, left, vector):
                return (-xp.linalg_solve_ex(A, _product_in(xp, t, result, left, vector), left=left, vector=vector)[0],)
        jvp of B: lambda xp, t, A, left, vector: (xp.linalg_solve_ex(A, t, left=left, vector=vector)[0],)
        node: LinalgSolveExBackward0
        dtypes: each as it is
    """

def vander(x: Tensor, *, N: _int | None = None) -> Tensor:
    """The powers 0 to N - 1 (by default as many as elements) of each number of the last dimension: (*, n, N).

    >>> import mibun as torch
    >>> torch.linalg.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def vecdot(x: Tensor, y: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The dot products of vectors along a dimension: `sum conj(x) * y`.

    Args:
        x, y: of one floating or complex dtype; they broadcast.
        dim: the dimension of the vectors, which the result lacks.

    Raises:
        RuntimeError: for integers, and where the dtypes differ.

    >>> import mibun as torch
    >>> torch.linalg.vecdot(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])

    Operator vdot:
        vjp of input: lambda xp, g, other: xp.conj(g) * other
        vjp of other: lambda xp, g, input: g * input
        jvp of input: lambda xp, t, other: xp.vdot(t, other)
        jvp of other: lambda xp, t, input: xp.vdot(input, t)
        node: VdotBackward0
        dtypes: each as it is
    """
@overload
def vecdot(x: Tensor, y: Tensor, *, axis: _int, out: Tensor | None = None) -> Tensor:
    """The dot products of vectors along a dimension: `sum conj(x) * y`.

    Args:
        x, y: of one floating or complex dtype; they broadcast.
        dim: the dimension of the vectors, which the result lacks.

    Raises:
        RuntimeError: for integers, and where the dtypes differ.

    >>> import mibun as torch
    >>> torch.linalg.vecdot(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])

    Operator vdot:
        vjp of input: lambda xp, g, other: xp.conj(g) * other
        vjp of other: lambda xp, g, input: g * input
        jvp of input: lambda xp, t, other: xp.vdot(t, other)
        jvp of other: lambda xp, t, input: xp.vdot(input, t)
        node: VdotBackward0
        dtypes: each as it is
    """

@overload
def vector_norm(
    x: Tensor, ord: _float = 2, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """The vector norm `(sum |x|^ord)^(1/ord)` of all elements, or over some dimensions, however many.

    Args:
        x: of a floating or complex dtype.
        ord: any number. 0 counts the elements that are not zero; inf and -inf: the largest and the smallest |x|.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real. At zero the gradient is zero.

    Raises:
        RuntimeError: for integers, for a dtype that is narrower, and for a negative or infinite ord of nothing.

    >>> import mibun as torch
    >>> torch.linalg.vector_norm(torch.tensor([3., 4.]))
    tensor(5.)
    >>> torch.linalg.vector_norm(torch.tensor([[3., 4.], [0., -2.]]), ord=1, dim=1)
    tensor([7., 2.])

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def vector_norm(
    x: Tensor, ord: _float = 2, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """The vector norm `(sum |x|^ord)^(1/ord)` of all elements, or over some dimensions, however many.

    Args:
        x: of a floating or complex dtype.
        ord: any number. 0 counts the elements that are not zero; inf and -inf: the largest and the smallest |x|.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real. At zero the gradient is zero.

    Raises:
        RuntimeError: for integers, for a dtype that is narrower, and for a negative or infinite ord of nothing.

    >>> import mibun as torch
    >>> torch.linalg.vector_norm(torch.tensor([3., 4.]))
    tensor(5.)
    >>> torch.linalg.vector_norm(torch.tensor([[3., 4.], [0., -2.]]), ord=1, dim=1)
    tensor([7., 2.])

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
