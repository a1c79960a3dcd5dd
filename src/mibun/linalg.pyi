"""Linear algebra, as `torch.linalg` names it: an index. The operators are in `ops/linalg/`, norms in `ops/norms.py`.

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
    """The lower triangular L with A = L L^H, of Hermitian positive-definite matrices (*, n, n); upper: L^H.

    One triangle of A is read. The gradient is Hermitian. `linalg.LinAlgError` where A is not positive-definite.

    >>> import mibun as torch
    >>> torch.linalg.cholesky(torch.tensor([[4., 2.], [2., 5.]]))
    tensor([[2., 0.],
            [1., 2.]])
    """

def cholesky_ex(
    A: Tensor, *, upper: _bool = False, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_cholesky_ex:
    """(L, info): the factor as `linalg.cholesky` gives it; info is 0, or the order of the first minor that is not
    positive-definite, up to which L is right.
    """

def cond(A: Tensor, p: Number | str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition number of matrices: a norm of A times that of its inverse; infinite where A is singular.

    p: None and 2 (the ratio of the extreme singular values; A need not be square), -2 (its inverse), or the order of
    a matrix norm: "fro", "nuc", 1, -1, inf, -inf.
    """

def cross(input: Tensor, other: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3 along a dimension; other dimensions broadcast.

    >>> import mibun as torch
    >>> torch.linalg.cross(torch.tensor([1., 0., 0.]), torch.tensor([0., 1., 0.]))
    tensor([0., 0., 1.])
    """

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinant of square matrices (*, n, n), real or complex. Of an empty matrix: 1.

    RuntimeError where they are not square or integers. Its gradient, the cofactors, is exact at singular matrices too.

    >>> import mibun as torch
    >>> torch.linalg.det(torch.tensor([[2., 5.], [0., 4.]]))
    tensor(8.)
    """

def diagonal(A: Tensor, *, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal` of the last two dimensions: a view."""

def eig(A: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.linalg_eig:
    """(eigenvalues, eigenvectors) of square matrices (*, n, n), both complex; the columns have norm 1.

    A is assumed diagonalizable: of others the vectors are not independent. The gradient of the eigenvectors is finite
    only where the eigenvalues differ; it raises where the loss depends on the vectors' phases.

    >>> import mibun as torch
    >>> torch.linalg.eig(torch.tensor([[0., 1.], [-1., 0.]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """

def eigh(A: Tensor, UPLO: str = 'L', *, out: Sequence[Tensor] | None = None) -> return_types.linalg_eigh:
    """(eigenvalues, eigenvectors) of Hermitian matrices (*, n, n): real, ascending, and the orthonormal columns.

    UPLO: which triangle is read. The gradient of the eigenvectors is finite only where the eigenvalues differ; for
    complex A it raises where the loss depends on the vectors' phases.

    >>> import mibun as torch
    >>> torch.linalg.eigh(torch.tensor([[2., 1.], [1., 2.]])).eigenvalues
    tensor([1., 3.])
    """

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices, complex: see `eig`."""

def eigvalsh(A: Tensor, UPLO: str = 'L', *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices, real and ascending: see `eigh`."""

def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of H_1 ... H_k, H_i = I - tau_i v_i v_i^H: v_i is column i of A (*, m, n) below the diagonal,
    with 1 on it. tau: (*, k), k <= n <= m. With the results of `geqrf` this is Q.
    """

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of square matrices (*, n, n). `linalg.LinAlgError` where one is singular.

    >>> import mibun as torch
    >>> torch.linalg.inv(torch.tensor([[2., 0.], [0., 4.]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """

def inv_ex(
    A: Tensor, *, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_inv_ex:
    """(inverse, info) of square matrices; info (int32) is 0, or the first zero on the diagonal of U, counted from 1.

    check_errors: raise `linalg.LinAlgError` as `inv` does.
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
    """X with A X = B, given `ldl_factor(A)`."""

def lstsq(
    A: Tensor, B: Tensor, rcond: _float | None = None, *, driver: str | None = None,
    out: Sequence[Tensor] | None = None,
) -> return_types.linalg_lstsq:
    """(solution, residuals, rank, singular_values): X that minimizes |A X - B|, the smallest such X.

    A: (*, m, n), B: (*, m, k) or (*, m). Singular values up to rcond times the largest count as zeros (by default eps *
    max(m, n)). The method is always the singular value decomposition; the driver says what is returned: residuals,
    the sums of squares of A X - B for m > n and full rank, by "gels", "gelsd" and "gelss", the rank by all but "gels",
    the singular values by "gelsd" and "gelss"; by default ("gelsy") only solution and rank.

    >>> import mibun as torch
    >>> torch.linalg.lstsq(torch.tensor([[2.], [0.]]), torch.tensor([[4.], [3.]])).solution
    tensor([[2.]])
    """

def lu(A: Tensor, *, pivot: _bool = True, out: Sequence[Tensor] | None = None) -> return_types.linalg_lu:
    """(P, L, U) with A = P L U: A (*, m, n), P a permutation (*, m, m), L unit lower (*, m, k), U upper (*, k, n).

    RuntimeError for pivot=False, which is for GPUs.
    """

def lu_factor(A: Tensor, *, pivot: _bool = True, out: Sequence[Tensor] | None = None) -> return_types.linalg_lu_factor:
    """(LU, pivots) of matrices (*, m, n): L (unit lower) and U in one array, and the exchanged rows, int32 from 1.

    RuntimeError where U has a zero on its diagonal, and for pivot=False, which is for GPUs.
    """

def lu_factor_ex(
    A: Tensor, *, pivot: _bool = True, check_errors: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_lu_factor_ex:
    """(LU, pivots, info): as `lu_factor`, with the first zero on the diagonal of U (from 1, or 0) for an error."""

def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: _bool = True, adjoint: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """X with A X = B (left) or X A = B, or with A^H in the place of A (adjoint), given `lu_factor(A)`."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of vectors, matrices and batches of matrices, as `input @ other`.

    Both 1-D: their dot product. 2-D: the matrix product. 1-D with 2-D or more: the vector is a row on the left, a
    column on the right. More dimensions: the last two are matrices, the ones before them are a batch and broadcast.
    RuntimeError where the sizes do not fit, one is 0-d, or the dtypes differ.

    >>> import mibun as torch
    >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
    torch.Size([5, 2, 4])
    """

def matrix_exp(A: Tensor) -> Tensor:
    """The exponential of square matrices (*, n, n), by scaling and squaring (Higham 2005).

    >>> import mibun as torch
    >>> torch.linalg.matrix_exp(torch.tensor([[0., 1.], [0., 0.]]))
    tensor([[1., 1.],
            [0., 1.]])
    """

@overload
def matrix_norm(
    A: Tensor, ord: Number | str = 'fro', dim: Sequence[_int] = (-2, -1), keepdim: _bool = False, *,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices, in the two dimensions `dim`.

    ord: "fro" (Frobenius), "nuc" (the sum of the singular values), 2 and -2 (the largest and smallest of them), 1 and
    -1 (the largest and smallest sum of a column's absolute values), inf and -inf (of a row's).
    """
@overload
def matrix_norm(
    A: Tensor, *, ord: Number | str = 'fro', axis: Sequence[_int] = (-2, -1), keepdims: _bool = False,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices, in the two dimensions `dim`.

    ord: "fro" (Frobenius), "nuc" (the sum of the singular values), 2 and -2 (the largest and smallest of them), 1 and
    -1 (the largest and smallest sum of a column's absolute values), inf and -inf (of a row's).
    """

def matrix_power(A: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """The n-th power of square matrices (*, m, m), by repeated squaring; a negative one inverts first.

    >>> import mibun as torch
    >>> torch.linalg.matrix_power(torch.tensor([[1., 1.], [0., 1.]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """

def matrix_rank(
    A: Tensor, tol: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None,
    rtol: _float | Tensor | None = None, out: Tensor | None = None,
) -> Tensor:
    """The number of singular values above max(atol, rtol * the largest), int64; tolerances as for `pinv`.

    tol: an absolute one alone, as NumPy has it. hermitian: A is Hermitian, and its eigenvalues are used.
    """

def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the order of multiplication that takes the fewest operations.

    The first and the last may be vectors. Source of the order: the textbook dynamic programme over split points.
    """

@overload
def norm(
    A: Tensor, ord: Number | str | None = None, dim: Ints | None = None, keepdim: _bool = False, *,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """A vector or a matrix norm, as the arguments say: see `vector_norm` and `matrix_norm`.

    Without ord: the 2-norm of all elements or over `dim`. With ord: a vector norm for a 1-D tensor or an int dim, a
    matrix norm for a 2-D tensor or a pair of dims.
    """
@overload
def norm(
    A: Tensor, *, ord: Number | str | None = None, axis: Ints | None = None, keepdims: _bool = False,
    dtype: _dtype | None = None, out: Tensor | None = None,
) -> Tensor:
    """A vector or a matrix norm, as the arguments say: see `vector_norm` and `matrix_norm`.

    Without ord: the 2-norm of all elements or over `dim`. With ord: a vector norm for a 1-D tensor or an int dim, a
    matrix norm for a 2-D tensor or a pair of dims.
    """

def pinv(
    A: Tensor, rcond: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None,
    rtol: _float | Tensor | None = None, out: Tensor | None = None,
) -> Tensor:
    """The Moore-Penrose pseudo-inverse of matrices (*, m, n): (*, n, m).

    Singular values up to max(atol, rtol * the largest) count as zeros; rtol is eps * max(m, n) unless atol is given;
    both may be Tensors for the batch. hermitian: A is Hermitian, which is quicker. Its gradient assumes that the rank
    does not change nearby (Golub and Pereyra 1973).

    >>> import mibun as torch
    >>> torch.linalg.pinv(torch.tensor([[2.], [0.]]))
    tensor([[0.5000, 0.0000]])
    """

def qr(A: Tensor, mode: str = 'reduced', *, out: Sequence[Tensor] | None = None) -> return_types.linalg_qr:
    """(Q, R) with A = Q R, Q of orthonormal columns, R upper triangular: A (*, m, n), k = min(m, n).

    mode: "reduced": Q (*, m, k), R (*, k, n); "complete": (*, m, m) and (*, m, n), differentiable if m <= n; "r": R
    alone, Q empty, not differentiable. The first k columns of A are assumed independent by the derivative.

    >>> import mibun as torch
    >>> torch.linalg.qr(torch.tensor([[3.], [4.]])).R
    tensor([[-5.]])
    """

def slogdet(A: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.linalg_slogdet:
    """(sign, logabsdet): the determinant's sign (a complex number of size 1 for complex matrices, 0 for singular ones)
    and the logarithm of its absolute value (-inf for singular ones), without overflow.

    >>> import mibun as torch
    >>> torch.linalg.slogdet(torch.tensor([[1., 2.], [3., 4.]])).sign
    tensor(-1.)
    """

def solve(A: Tensor, B: Tensor, *, left: _bool = True, out: Tensor | None = None) -> Tensor:
    """X with A X = B (left) or X A = B, for square A (*, n, n) and matrices or vectors B; batch dimensions broadcast.

    B is a vector if it is 1-D or has the shape of A but for the last dimension. `linalg.LinAlgError` where A is
    singular, RuntimeError where shapes or dtypes do not fit.

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
    """X with A X = B (left) or X A = B, for triangular A, of which only that triangle is read; batches broadcast.

    unitriangular: take the diagonal of A for ones. A zero on the diagonal gives infinities, not an error.
    """

def svd(
    A: Tensor, full_matrices: _bool = True, *, driver: str | None = None, out: Sequence[Tensor] | None = None,
) -> return_types.linalg_svd:
    """(U, S, Vh) with A = U diag(S) Vh: U and Vh unitary, S real, not negative, largest first.

    A: (*, m, n), k = min(m, n). full_matrices: U is (*, m, m) and Vh (*, n, n), else (*, m, k) and (*, k, n).
    RuntimeError for a driver, which is for GPUs. The gradient is finite only where the singular values that it needs
    apart are different; for complex A it raises where the loss depends on the vectors' phases.

    >>> import mibun as torch
    >>> torch.linalg.svd(torch.tensor([[3., 0.], [0., 4.]])).S
    tensor([4., 3.])
    """

def svdvals(A: Tensor, *, driver: str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of a matrix or a batch of them, largest first.

    RuntimeError where it is not at least 2-D, or its elements are integers.
    """

def tensorinv(A: Tensor, ind: _int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A as a map from its last dimensions to its first `ind`: of shape A.shape[ind:] + A.shape[:ind].

    RuntimeError where the products of the two groups of sizes differ.
    """

def tensorsolve(A: Tensor, B: Tensor, dims: Ints | None = None, *, out: Tensor | None = None) -> Tensor:
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
    """The sum of conj(x) * y along a dimension; x and y broadcast. RuntimeError for integers and mixed dtypes."""

@overload
def vector_norm(
    x: Tensor, ord: Number | str = 2, dim: Ints | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The vector norm (sum |x|^ord)^(1/ord) of all elements, or over some dimensions, however many.

    ord: any number; 0 counts the elements that are not zero, inf and -inf are the largest and the smallest absolute
    value. dtype: a wider one to compute in. RuntimeError for integers, and for a negative or infinite ord of nothing.

    >>> import mibun as torch
    >>> torch.linalg.vector_norm(torch.tensor([3., 4.]))
    tensor(5.)
    """
@overload
def vector_norm(
    x: Tensor, *, ord: Number | str = 2, axis: Ints | None = None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The vector norm (sum |x|^ord)^(1/ord) of all elements, or over some dimensions, however many.

    ord: any number; 0 counts the elements that are not zero, inf and -inf are the largest and the smallest absolute
    value. dtype: a wider one to compute in. RuntimeError for integers, and for a negative or infinite ord of nothing.

    >>> import mibun as torch
    >>> torch.linalg.vector_norm(torch.tensor([3., 4.]))
    tensor(5.)
    """
