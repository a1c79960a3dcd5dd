"""Low-rank approximations by random projection: svd_lowrank and pca_lowrank.

Source: Halko, Martinsson and Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1. What they
compute with has derivatives, so they have them.
"""

from __future__ import annotations

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..random.sampling import randn
from .qr import linalg_qr
from .svd import linalg_svd


def _range(A: Tensor, q: int, niter: int) -> Tensor:
    """Orthonormal columns that span about the same as the q most important columns of A can."""
    random = randn((A._array_.shape[-1], q), dtype=A.dtype)
    basis, _ = linalg_qr(A @ random)
    for _ in range(niter):
        basis, _ = linalg_qr(A.mH @ basis)
        basis, _ = linalg_qr(A @ basis)
    return basis


@public("svd_lowrank", method=False)
def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V) with A about U diag(S) V^H, of rank q: A (*, m, n), U (*, m, q), S (*, q), V (*, n, q).

    A matrix is projected at random to q dimensions (more than the rank wanted, say by 2), and `niter` times multiplied
    with A, which makes it more exact. M: subtracted from A first; it may broadcast.
    """
    check_tensor(A, "svd_lowrank", "A")
    q, niter = 6 if q is None else q, 2 if niter is None else niter
    if A._array_.ndim < 2:
        raise ValueError(f"svd_lowrank() takes a matrix or a batch of matrices, but A has {A._array_.ndim} dimensions")
    if M is not None:
        A = A - M
    wide = A._array_.shape[-2] < A._array_.shape[-1]
    if wide:
        A = A.mH
    basis = _range(A, q, niter)
    u, s, vh = linalg_svd(basis.mH @ A, full_matrices=False)
    u, v = basis @ u, vh.mH
    return (v, s, u) if wide else (u, s, v)


@public("pca_lowrank", method=False)
def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V): the principal components of the rows of A (*, m, n) are the columns of V (*, n, q), by importance.

    q: how many at most, by default min(6, m, n). center: subtract the mean of each column first. See `svd_lowrank`.
    """
    check_tensor(A, "pca_lowrank", "A")
    if A._array_.ndim < 2:
        raise ValueError(f"pca_lowrank() takes a matrix or a batch of matrices, but A has {A._array_.ndim} dimensions")
    least = min(A._array_.shape[-2:])
    q = min(6, least) if q is None else q
    if not 0 <= q <= least:
        raise ValueError(f"q(={q}) must be non-negative integer and not greater than min(m, n)={least}")
    if not niter >= 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    return svd_lowrank(A, q, niter, A.mean(-2, keepdim=True) if center else None)


__all__ = ["pca_lowrank", "svd_lowrank"]
