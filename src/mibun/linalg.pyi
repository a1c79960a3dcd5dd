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
        dtypes: each operand keeps its own
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
        dtypes: each operand keeps its own
    """

def cond(A: Tensor, p: _float | str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of matrices: a norm of A times that of its inverse; infinite where A is singular.

    p: None and 2 (the ratio of the extreme singular values; A need not be square), -2 (its inverse), or the order of
    a matrix norm: "fro", "nuc", 1, -1, inf, -inf.
    """

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
        vjp: {
            "input": lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim),
            "other": lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim),
        }
        node: LinalgCrossBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each operand keeps its own
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
        dtypes: each operand keeps its own
    """

def diagonal(A: Tensor, *, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal` of the last two dimensions: a view.

    offset: how far above the main diagonal (negative: below it). dim1, dim2: the two dimensions of the matrices.
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
        jvp: _eig_jvp
        node: LinalgEigBackward0
        dtypes: each operand keeps its own
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
        jvp: _eigh_jvp
        node: LinalgEighBackward0
        dtypes: each operand keeps its own
    """

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices (*, n, n), complex, in no order: (*, n). See `eig`.

    Operator linalg_eig:
        vjp: _eig_rule
        jvp: _eig_jvp
        node: LinalgEigBackward0
        dtypes: each operand keeps its own

    Operator linalg_eigvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each operand keeps its own
    """

def eigvalsh(A: Tensor, UPLO: str = 'L', *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices (*, n, n), real and ascending: (*, n). UPLO: which triangle is read. See
    `eigh`.

    >>> import mibun as torch
    >>> torch.linalg.eigvalsh(torch.tensor([[2., 1.], [1., 2.]]))
    tensor([1., 3.])

    Operator linalg_eigh:
        vjp: _eigh_rule
        jvp: _eigh_jvp
        node: LinalgEighBackward0
        dtypes: each operand keeps its own

    Operator linalg_eigvalsh:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each operand keeps its own
    """

def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of H_1 ... H_k, H_i = I - tau_i v_i v_i^H: v_i is column i of A (*, m, n) below the diagonal,
    with 1 on it. tau: (*, k), k <= n <= m. With the results of `geqrf` this is Q.

    Operator linalg_householder_product:
        joint: _householder_joint
        node: LinalgHouseholderProductBackward0
        forward mode: the vjp of the vjp
        dtypes: each operand keeps its own
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
        dtypes: each operand keeps its own
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
        dtypes: each operand keeps its own
    """

def ldl_factor(
    A: Tensor, *, hermitian: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_ldl_factor:
    """(LD, pivots) of symmetric matrices, or Hermitian ones: A = L D L^T, as LAPACK keeps them in one array.

    L is unit lower triangular up to exchanges of rows, D has blocks of size 1 and 2 on the diagonal. pivots (int32):
    the row exchanged, from 1; negative, twice, for a block of size 2. Only the lower triangle of A is read. Source:
    Bunch and Kaufman, "Some stable methods for calculating inertia and solving symmetric linear systems" (1977).
    """

def ldl_factor_ex(
    A: Tensor, *, hermitian: _bool = False, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_ldl_factor_ex:
    """(LD, pivots, info): as `ldl_factor`; info is 0, or which block of D is singular, from 1."""

def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: _bool = False, out: Tensor | None = None) -> Tensor:
    """X with A X = B, given `ldl_factor(A)`.

    Operator linalg_ldl_solve:
        vjp: {
            "LD": not_differentiable("linalg_ldl_solve"),
            "B": _ldl_solve_rule,
        }
        jvp: {
            "B": lambda xp, t, LD, pivots, hermitian: xp.linalg_ldl_solve(LD, pivots, t, hermitian=hermitian),
        }
        node: LinalgLdlSolveBackward0
        dtypes: each operand keeps its own
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
        joint: _lstsq_joint
        jvp: {
            "input": lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
                xp, t, input, b, solution, rcond, vector, True, residuals
            ),
            "b": lambda xp, t, input, b, solution, residuals, rcond, vector: _lstsq_jvp(
                xp, t, input, b, solution, rcond, vector, False, residuals
            ),
        }
        node: LinalgLstsqBackward0
        dtypes: each operand keeps its own
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
        jvp: _lu_jvp
        node: LinalgLuBackward0
        dtypes: each operand keeps its own
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
        jvp: _lu_factor_jvp
        node: LinalgLuFactorExBackward0
        dtypes: each operand keeps its own
    """

def lu_factor_ex(
    A: Tensor, *, pivot: _bool = True, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_lu_factor_ex:
    """(LU, pivots, info): as `lu_factor`, with the first zero on the diagonal of U (from 1, or 0) for an error.

    Operator linalg_lu_factor_ex:
        vjp: _lu_factor_rule
        jvp: _lu_factor_jvp
        node: LinalgLuFactorExBackward0
        dtypes: each operand keeps its own
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
        vjp: {"LU": _lu_solve_rule, "B": _lu_solution_rule}
        jvp: {
            "LU": _lu_solve_jvp,
            "B": lambda xp, t, LU, pivots, left, adjoint: xp.linalg_lu_solve(LU, pivots, t, left=left, adjoint=adjoint),
        }
        node: LinalgLuSolveBackward0
        dtypes: each operand keeps its own
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
        dtypes: each operand keeps its own
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
    """
@overload
def matrix_norm(
    A: Tensor, *, ord: _float | str = 'fro', axis: Sequence[_int] = (-2, -1), keepdims: _bool = False,
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
        dtypes: each operand keeps its own
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
    """

@overload
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
    """
@overload
def norm(
    A: Tensor, *, ord: _float | str | None = None, axis: _int | Sequence[_int] | None = None, keepdims: _bool = False,
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
        vjp: {"input": lambda xp, g, input, out: pinv_gradient(xp, g, input, out)}
        jvp: {"input": lambda xp, t, input, out: pinv_tangent(xp, t, input, out)}
        node: LinalgPinvBackward0
        dtypes: each operand keeps its own
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
        jvp: _qr_jvp
        node: LinalgQrBackward0
        dtypes: each operand keeps its own
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
        jvp: _slogdet_jvp
        node: LinalgSlogdetBackward0
        dtypes: each operand keeps its own
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
    """

def solve_ex(
    A: Tensor, B: Tensor, *, left: _bool = True, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_solve_ex:
    """(result, info): the solution as `solve` gives it, and 0 or the first zero on the diagonal of U, from 1."""

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
        vjp: {"input": _triangular_rule, "B": _triangular_solution_rule}
        jvp: {
            "input": _triangular_jvp,
            "B": lambda xp, t, input, upper, left, unitriangular: xp.linalg_solve_triangular(
                input, t, upper=upper, left=left, unitriangular=unitriangular
            ),
        }
        node: LinalgSolveTriangularBackward0
        dtypes: each operand keeps its own
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
        jvp: _svd_jvp
        node: LinalgSvdBackward0
        dtypes: each operand keeps its own
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
    """

def tensorinv(A: Tensor, ind: _int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A as a map from its last dimensions to its first `ind`: of shape A.shape[ind:] + A.shape[:ind].

    RuntimeError where the products of the two groups of sizes differ.
    """

def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[_int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """X with tensordot(A, X, X.ndim) = B: A maps tensors of the shape of its last dimensions to the shape of B.

    dims: dimensions of A that are moved to its end first.
    """

def vander(x: Tensor, *, N: _int | None = None) -> Tensor:
    """The powers 0 to N - 1 (by default as many as elements) of each number of the last dimension: (*, n, N).

    >>> import mibun as torch
    >>> torch.linalg.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])
    """

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
        node: LinalgVectorNormBackward0
        forward mode: the vjp of the vjp
        dtypes: each operand keeps its own
    """
@overload
def vector_norm(
    x: Tensor, *, ord: _float = 2, axis: _int | Sequence[_int] | None = None, keepdims: _bool = False,
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
        node: LinalgVectorNormBackward0
        forward mode: the vjp of the vjp
        dtypes: each operand keeps its own
    """
