"""The extension `linalg` of the Array API standard. Matrices are the last two axes; what is before, a batch."""

from __future__ import annotations

from typing import Any

from ..core.dtypes import dtype
from ..core.tensor import Tensor
from ..ops.linalg import cholesky as _cholesky
from ..ops.linalg import contraction, determinants, eigen, norms, powers, products, solving
from ..ops.linalg import matmul as _matmul
from ..ops.linalg import qr as _qr
from ..ops.linalg import svd as _svd
from ..ops.shape.diagonals import diagonal as _diagonal
from ..ops.shape.reshaping import unsqueeze
from .dtypes import broadcast_arrays, broadcast_shapes, promoted
from .manipulation import matrix_transpose as matrix_transpose
from .reductions import sum as _sum

# --- products ---


def matmul(x1: Tensor, x2: Tensor, /) -> Tensor:
    """Products of matrices (..., m, k) and (..., k, n): (..., m, n). A vector lacks m, or n, as does the result.

    >>> from mibun import array_api as xp
    >>> xp.matmul(xp.asarray([1, 2]), xp.asarray([3, 4]))
    tensor(11)
    """
    return _matmul.matmul(*promoted(x1, x2))


def tensordot(x1: Tensor, x2: Tensor, /, *, axes: int | tuple[Any, Any] = 2) -> Tensor:
    """Products summed over pairs of axes: the last `axes` of x1 with the first of x2, or two sequences of axes.

    >>> from mibun import array_api as xp
    >>> xp.tensordot(xp.ones((2, 3)), xp.ones((4, 3)), axes=((1,), (1,))).shape
    torch.Size([2, 4])
    """
    return contraction.tensordot(*promoted(x1, x2), axes if isinstance(axes, int) else [list(a) for a in axes])


def vecdot(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """The dot products of vectors along an axis counted from the end, the first ones conjugated; the rest is broadcast.

    >>> from mibun import array_api as xp
    >>> xp.vecdot(xp.asarray([1j, 2]), xp.asarray([1j, 1]))
    tensor(3.+0.j)
    """
    one, other = promoted(x1, x2)
    if one.shape[axis] != other.shape[axis]:
        raise ValueError(f"vecdot(): vectors of {one.shape[axis]} and {other.shape[axis]} elements")
    return _matmul_of_vectors(one.movedim(axis, -1), other.movedim(axis, -1))


def _matmul_of_vectors(one: Tensor, other: Tensor) -> Tensor:
    rows = one.conj() if one.dtype.is_complex else one
    return _matmul.matmul(unsqueeze(rows, -2), unsqueeze(other, -1)).squeeze((-2, -1))


def outer(x1: Tensor, x2: Tensor, /) -> Tensor:
    """All products of the elements of two vectors (m,) and (n,): (m, n).

    >>> from mibun import array_api as xp
    >>> xp.linalg.outer(xp.asarray([1, 2]), xp.asarray([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    return _matmul.outer(*promoted(x1, x2))


def cross(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """The cross products of vectors of three elements along an axis counted from the end; the rest is broadcast.

    >>> from mibun import array_api as xp
    >>> xp.linalg.cross(xp.asarray([1, 0, 0]), xp.asarray([0, 1, 0]))
    tensor([0, 0, 1])
    """
    return products.linalg_cross(*broadcast_arrays(*promoted(x1, x2)), dim=axis)


def matrix_power(x: Tensor, n: int, /) -> Tensor:
    """Square matrices to a whole power; of their inverse where it is negative.

    >>> from mibun import array_api as xp
    >>> xp.linalg.matrix_power(xp.asarray([[1.0, 1.0], [0.0, 1.0]]), 3)
    tensor([[1., 3.],
            [0., 1.]])
    """
    return powers.linalg_matrix_power(x, n)


# --- factorizations ---


def cholesky(x: Tensor, /, *, upper: bool = False) -> Tensor:
    """The triangular L with x = L Lᴴ, for Hermitian positive definite x; with `upper`, U with x = Uᴴ U.

    >>> from mibun import array_api as xp
    >>> xp.linalg.cholesky(xp.asarray([[4.0]]))
    tensor([[2.]])
    """
    return _cholesky.linalg_cholesky(x, upper=upper)


def qr(x: Tensor, /, *, mode: str = "reduced") -> tuple[Tensor, Tensor]:
    """x = Q R, with orthonormal columns in Q and R upper triangular: a named tuple (Q, R).

    mode: "reduced" for min(m, n) columns in Q, "complete" for m. ValueError for another.

    >>> from mibun import array_api as xp
    >>> xp.linalg.qr(xp.ones((3, 2))).Q.shape
    torch.Size([3, 2])
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr(): mode must be 'reduced' or 'complete', not {mode!r}")
    return _qr.linalg_qr(x, mode)


def svd(x: Tensor, /, *, full_matrices: bool = True) -> tuple[Tensor, Tensor, Tensor]:
    """x = U diag(S) Vh, S descending: a named tuple (U, S, Vh), with square U and Vh, or as many columns as S is long.

    >>> from mibun import array_api as xp
    >>> xp.linalg.svd(xp.ones((3, 2)), full_matrices=False).U.shape
    torch.Size([3, 2])
    """
    return _svd.linalg_svd(x, full_matrices)


def svdvals(x: Tensor, /) -> Tensor:
    """The singular values, descending.

    >>> from mibun import array_api as xp
    >>> xp.linalg.svdvals(xp.asarray([[3.0, 0.0], [0.0, 4.0]]))
    tensor([4., 3.])
    """
    return _svd.svdvals(x)


def eigh(x: Tensor, /) -> tuple[Tensor, Tensor]:
    """The eigenvalues of Hermitian matrices, ascending, and their vectors: (eigenvalues, eigenvectors), named.

    >>> from mibun import array_api as xp
    >>> xp.linalg.eigh(xp.asarray([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    return eigen.eigh(x)


def eigvalsh(x: Tensor, /) -> Tensor:
    """The eigenvalues of Hermitian matrices, ascending.

    >>> from mibun import array_api as xp
    >>> xp.linalg.eigvalsh(xp.asarray([[2.0, 0.0], [0.0, 1.0]]))
    tensor([1., 2.])
    """
    return eigen.eigvalsh(x)


def eig(x: Tensor, /) -> tuple[Tensor, Tensor]:
    """The eigenvalues of square matrices, complex, and their vectors: (eigenvalues, eigenvectors), named.

    >>> from mibun import array_api as xp
    >>> xp.linalg.eig(xp.asarray([[2.0]])).eigenvalues
    tensor([2.+0.j])
    """
    return eigen.eig(x)


def eigvals(x: Tensor, /) -> Tensor:
    """The eigenvalues of square matrices, complex.

    >>> from mibun import array_api as xp
    >>> xp.linalg.eigvals(xp.asarray([[2.0]]))
    tensor([2.+0.j])
    """
    return eigen.eigvals(x)


# --- solving ---


def solve(x1: Tensor, x2: Tensor, /) -> Tensor:
    """x with x1 x = x2.

    Args:
        x1: (..., m, m). x2: one vector (m,), or matrices (..., m, k); what is before the matrices is broadcast.

    >>> from mibun import array_api as xp
    >>> xp.linalg.solve(xp.asarray([[2.0]]), xp.asarray([4.0]))
    tensor([2.])
    """
    matrix, right = promoted(x1, x2)
    if right.ndim == 1:
        return solve(matrix, unsqueeze(right, -1)).squeeze(-1)
    # PyTorch takes an x2 of the shape (..., m) for a batch of vectors: broadcast, it has as many axes as x1.
    batch = broadcast_shapes(matrix.shape[:-2], right.shape[:-2])
    return solving.solve(matrix.expand(batch + matrix.shape[-2:]), right.expand(batch + right.shape[-2:]))


def inv(x: Tensor, /) -> Tensor:
    """The inverses of square matrices.

    >>> from mibun import array_api as xp
    >>> xp.linalg.inv(xp.asarray([[4.0]]))
    tensor([[0.2500]])
    """
    return solving.inv(x)


def pinv(x: Tensor, /, *, rtol: float | Tensor | None = None) -> Tensor:
    """The pseudo-inverses (Moore 1920, Penrose 1955): (..., n, m) for (..., m, n).

    rtol: singular values up to this times the largest count as 0; max(m, n) times the dtype's `eps` by default.

    >>> from mibun import array_api as xp
    >>> xp.linalg.pinv(xp.asarray([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    return _svd.pinv(x, rtol=rtol)


def matrix_rank(x: Tensor, /, *, rtol: float | Tensor | None = None) -> Tensor:
    """How many singular values are greater than `rtol` times the largest; max(m, n) times `eps` by default.

    >>> from mibun import array_api as xp
    >>> xp.linalg.matrix_rank(xp.ones((3, 2)))
    tensor(1)
    """
    return _svd.matrix_rank(x, rtol=rtol)


# --- numbers of matrices ---


def det(x: Tensor, /) -> Tensor:
    """The determinants of square matrices.

    >>> from mibun import array_api as xp
    >>> xp.linalg.det(xp.asarray([[2.0, 0.0], [0.0, 3.0]]))
    tensor(6.)
    """
    return determinants.linalg_det(x)


def slogdet(x: Tensor, /) -> tuple[Tensor, Tensor]:
    """The signs of the determinants and the logarithms of their absolute values: (sign, logabsdet), named.

    >>> from mibun import array_api as xp
    >>> xp.linalg.slogdet(xp.asarray([[-1.0]])).sign
    tensor(-1.)
    """
    return determinants.linalg_slogdet(x)


def diagonal(x: Tensor, /, *, offset: int = 0) -> Tensor:
    """The diagonals of matrices, as the last axis of a view. offset: above (> 0) or below the main one.

    >>> from mibun import array_api as xp
    >>> xp.linalg.diagonal(xp.asarray([[1, 2], [3, 4]]), offset=1)
    tensor([2])
    """
    return _diagonal(x, offset, -2, -1)


def trace(x: Tensor, /, *, offset: int = 0, dtype: dtype | None = None) -> Tensor:
    """The sums of the diagonals of matrices, in the dtypes of `sum`.

    >>> from mibun import array_api as xp
    >>> xp.linalg.trace(xp.asarray([[1, 2], [3, 4]]))
    tensor(5)
    """
    return _sum(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def matrix_norm(x: Tensor, /, *, keepdims: bool = False, ord: float | str | None = "fro") -> Tensor:
    """Norms of matrices: Frobenius' ("fro", None), "nuc" (the sum of singular values), ±1, ±2 or ±inf.

    >>> from mibun import array_api as xp
    >>> xp.linalg.matrix_norm(xp.asarray([[3.0, 4.0]]))
    tensor(5.)
    """
    return norms.matrix_norm(x, "fro" if ord is None else ord, keepdim=keepdims)


def vector_norm(
    x: Tensor, /, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False, ord: float = 2
) -> Tensor:
    """The norm (Σ |x|^ord)^(1/ord) over one or more axes, or all; ord = 0 counts what is not 0, ±inf takes an extreme.

    >>> from mibun import array_api as xp
    >>> xp.linalg.vector_norm(xp.asarray([3.0, 4.0]))
    tensor(5.)
    """
    if axis == ():
        x, axis, keepdims = unsqueeze(x, -1), -1, False
    return norms.vector_norm(x, ord, axis, keepdims)


__all__ = [
    "cholesky",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]
