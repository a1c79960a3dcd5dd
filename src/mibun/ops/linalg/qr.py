"""QR: the factorization, and Householder's reflections that it is made of: geqrf, householder_product, ormqr.

The derivative of Q and R is that of Walter and Lehmann, "Algorithmic differentiation of linear algebra functions"
(2010); that of a product of reflections is taken one reflection at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.overloads import finish, not_differentiable
from ...dispatch.public import public
from .matrices import adjoint, check_floating, check_matrices, check_wide, finish_several

_ONLY_R = (
    "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, "
    "mode='reduced') if you are going to differentiate through linalg.qr."
)
_COMPLETE = "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."


def _lower_and_mirrored(xp: Any, x: Array) -> Array:
    """The lower triangle with its adjoint above, and the real part of the diagonal: what R's triangle leaves free."""
    below = xp.tril(x, k=-1)
    eye = xp.eye(x.shape[-1], dtype=x.dtype)
    return below + adjoint(xp, below) + eye * xp.real(x)


def _qr_rule(xp, g, Q, R, mode):
    """gA = (gQ + Q C(R gR^H - gQ^H Q)) R^-H, C the mirrored lower triangle.

    With more columns than rows A = [X Y] = Q [U V], V = Q^H Y: gY = Q gV, and gQ grows by Y gV^H.
    """
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


def _qr_jvp(xp, t, Q, R, mode):
    """With K = Q^H dA R^-1: dR = (K - W) R and dQ = (dA R^-1 - Q K) + Q W, W skew with the lower triangle of K."""
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


@op(name="linalg_qr", dtype=None, outputs=("Q", "R"), vjp=_qr_rule, jvp=_qr_jvp)
def _qr(xp, A, *, mode):
    if mode == "r":
        return xp.zeros((0,), dtype=A.dtype), xp.qr_triangle(A)
    return xp.qr_factors(A, mode)


def linalg_qr(A: Tensor, mode: str = "reduced", *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
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
    """
    check_tensor(A, "linalg_qr", "A")
    check_matrices(A, "linalg.qr")
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    check_floating(A, "linalg.qr", "geqrf_cpu")
    return finish_several(return_types.linalg_qr, _qr(A, mode=mode), out, "linalg_qr")


@public("qr")
def qr(input: Tensor, some: bool = True, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(Q, R): see `linalg.qr`, which is newer. some: the reduced factors, else the complete ones."""
    check_tensor(input, "qr")
    results = linalg_qr(input, "reduced" if some else "complete")
    return finish_several(return_types.qr, results, out, "qr")


@op(name="geqrf", dtype=None, outputs=("a", "tau"), vjp=not_differentiable("geqrf"))
def _geqrf(xp, input):
    return xp.qr_reflectors(input)


@public("geqrf")
def geqrf(input: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(a, tau): QR as LAPACK keeps it, R in the upper triangle of a, the reflections below it, their factors in tau.

    `linalg.householder_product(a, tau)` is Q. As in PyTorch it has no derivative; that of `linalg.qr` is there.
    """
    check_tensor(input, "geqrf")
    if input._array_.ndim < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 dimensions.")
    check_wide(input, "geqrf_cpu")
    return finish_several(return_types.geqrf, _geqrf(input), out, "geqrf")


# --- products of reflections ---


def _vectors(xp: Any, input: Array, count: int) -> list:
    """The vectors of the reflections: below the diagonal of the input, with 1 on it and 0 above."""
    lower = xp.tril(input, k=-1)
    eye = xp.eye(input.shape[-2], input.shape[-1], dtype=input.dtype)
    whole = lower + eye
    return [whole[..., i : i + 1] for i in range(count)]


def _factors(xp: Any, tau: Array) -> list:
    return [xp.expand_dims(tau[..., i : i + 1], axis=-1) for i in range(tau.shape[-1])]


def _reflect(xp: Any, v: Array, tau: Array, x: Array) -> Array:
    """(I - tau v v^H) x."""
    return x - (tau * v) * xp.matmul(adjoint(xp, v), x)


def _stages(xp: Any, vectors: list, taus: list, x: Array) -> list:
    """H_k x, H_(k-1) H_k x, ..., with x first."""
    found = [x]
    for v, tau in zip(reversed(vectors), reversed(taus), strict=True):
        found.append(_reflect(xp, v, tau, found[-1]))
    return found


def _reflections_gradient(xp: Any, g: Array, vectors: list, taus: list, x: Array) -> tuple[list, list, Array]:
    """The gradients of the vectors, the factors and x in H_1 ... H_k x, one reflection at a time.

    y = z - tau v (v^H z) gives g_tau = -(z^H v)(v^H g), g_v = -(conj(tau) g (z^H v) + tau z (g^H v)), each summed over
    the columns of z, and g_z = (I - conj(tau) v v^H) g.
    """
    stages = _stages(xp, vectors, taus, x)
    g_vectors, g_taus = [], []
    for i, (v, tau) in enumerate(zip(vectors, taus, strict=True)):
        z = stages[len(taus) - 1 - i]
        along_z, along_g = xp.matmul(adjoint(xp, v), z), xp.matmul(adjoint(xp, v), g)
        g_taus.append(-xp.sum(xp.conj(along_z) * along_g, axis=-1))
        g_v = xp.matmul(g, adjoint(xp, along_z)) * xp.conj(tau) + xp.matmul(z, adjoint(xp, along_g)) * tau
        g_vectors.append(-g_v)
        g = g - (xp.conj(tau) * v) * along_g
    return g_vectors, g_taus, g


def _collected(xp: Any, g_vectors: list, g_taus: list, input: Array, tau: Array) -> tuple[Array, Array]:
    """The gradients of (input, tau) from those of the vectors and factors."""
    if not g_taus:
        return xp.zeros_like(input), xp.zeros_like(tau)
    missing = input.shape[-1] - len(g_taus)
    if missing:
        g_vectors = [*g_vectors, xp.zeros((*input.shape[:-1], missing), dtype=input.dtype)]
    return xp.tril(xp.concat(g_vectors, axis=-1), k=-1), xp.concat(g_taus, axis=-1)


def _columns_of_eye(xp: Any, input: Array) -> Array:
    eye = xp.eye(input.shape[-2], input.shape[-1], dtype=input.dtype)
    return xp.broadcast_to(eye, input.shape)


def _householder_joint(xp, g, input, tau):
    vectors, taus = _vectors(xp, input, tau.shape[-1]), _factors(xp, tau)
    g_vectors, g_taus, _ = _reflections_gradient(xp, g, vectors, taus, _columns_of_eye(xp, input))
    return _collected(xp, g_vectors, g_taus, input, tau)


@op(name="linalg_householder_product", dtype=None, joint=_householder_joint)
def _householder_product(xp, input, tau):
    stages = _stages(xp, _vectors(xp, input, tau.shape[-1]), _factors(xp, tau), _columns_of_eye(xp, input))
    return xp.copy(stages[-1])


def _check_reflections(input: Tensor, tau: Tensor, name: str) -> None:
    a, t = input._array_, tau._array_
    if a.ndim < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if name == "torch.linalg.householder_product" and a.shape[-2] < a.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if t.ndim and t.shape[-1] > a.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]")
    if a.ndim - t.ndim != 1:
        raise RuntimeError(
            f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal to {t.ndim} and "
            f"input.ndim is equal to {a.ndim}"
        )
    if a.shape[:-2] != t.shape[:-1]:
        raise RuntimeError(
            f"{name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {list(t.shape[:-1])}"
        )
    if a.dtype != t.dtype:
        raise RuntimeError(
            f"{name}: tau dtype {tau.dtype.scalar_name} does not match input dtype {input.dtype.scalar_name}"
        )


def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of H_1 ... H_k, H_i = I - tau_i v_i v_i^H: v_i is column i of A (*, m, n) below the diagonal,
    with 1 on it. tau: (*, k), k <= n <= m. With the results of `geqrf` this is Q."""
    check_tensor(A, "linalg_householder_product")
    check_tensor(tau, "linalg_householder_product", "tau", 2)
    _check_reflections(A, tau, "torch.linalg.householder_product")
    check_wide(A, "orgqr_cpu")
    return finish(_householder_product(A, tau), out, "linalg_householder_product")


@public("orgqr")
def orgqr(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`linalg.householder_product` by the name that LAPACK has for it."""
    check_tensor(input, "orgqr")
    return householder_product(input, tau, out=out)


# For products with another matrix every case comes down to H_1 ... H_k x: the transposed product takes the reflections
# backwards with conjugate factors, one from the right is the adjoint of one from the left.


def _ordered(xp: Any, input: Array, tau: Array, other: Array, left: bool, transpose: bool) -> tuple:
    x = other if left else adjoint(xp, other)
    backwards = transpose == left  # H_k^H ... H_1^H
    vectors, taus = _vectors(xp, input, tau.shape[-1]), _factors(xp, tau)
    if backwards:
        vectors, taus = vectors[::-1], [xp.conj(factor) for factor in taus[::-1]]
    return vectors, taus, x, backwards


def _ormqr_joint(xp, g, input, tau, other, left, transpose):
    vectors, taus, x, backwards = _ordered(xp, input, tau, other, left, transpose)
    g_vectors, g_taus, g = _reflections_gradient(xp, g if left else adjoint(xp, g), vectors, taus, x)
    if backwards:
        g_vectors, g_taus = g_vectors[::-1], [xp.conj(part) for part in g_taus[::-1]]
    return *_collected(xp, g_vectors, g_taus, input, tau), g if left else adjoint(xp, g)


@op(name="ormqr", dtype=None, joint=_ormqr_joint)
def _ormqr(xp, input, tau, other, *, left, transpose):
    vectors, taus, x, _ = _ordered(xp, input, tau, other, left, transpose)
    result = xp.copy(_stages(xp, vectors, taus, x)[-1])
    return result if left else adjoint(xp, result)


@public("ormqr")
def ormqr(
    input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """Q other (left) or other Q, or with the adjoint of Q (transpose), Q the full product of the reflections.

    input (*, m, k) and tau (*, k) as `geqrf` gives them, with m the size of `other` that Q acts on.
    """
    for position, (tensor, name) in enumerate(((input, "input"), (tau, "tau"), (other, "other")), 1):
        check_tensor(tensor, "ormqr", name, position)
    a, t, c = input._array_, tau._array_, other._array_
    if a.ndim < 2:
        raise RuntimeError("torch.ormqr: input must have at least 2 dimensions.")
    if c.ndim < 2:
        raise RuntimeError("torch.ormqr: other must have at least 2 dimensions.")
    size = c.shape[-2 if left else -1]
    where = "other.shape[-2]" if left else "other.shape[-1]"
    if t.ndim and t.shape[-1] != min(size, a.shape[-1]):
        raise RuntimeError(f"torch.ormqr: tau.shape[-1] must be equal to min({where}, input.shape[-1])")
    if size != a.shape[-2]:
        raise RuntimeError(f"torch.ormqr: {where} must be equal to input.shape[-2]")
    if a.ndim - t.ndim != 1:
        raise RuntimeError(
            f"torch.ormqr: Expected tau to have one dimension less than input, but got tau.ndim equal to {t.ndim} and "
            f"input.ndim is equal to {a.ndim}"
        )
    if a.ndim != c.ndim:
        raise RuntimeError(
            "torch.ormqr: Expected other to have the same number of dimensions as input, but got other.ndim equal to "
            f"{c.ndim} and input.ndim is equal to {a.ndim}"
        )
    for tensor, array, lead, name in ((tau, t, 1, "tau"), (other, c, 2, "other")):
        if array.shape[: array.ndim - lead] != a.shape[:-2]:
            raise RuntimeError(
                f"torch.ormqr: Expected batch dimensions of {name} to be equal to input.shape[:-2], but got "
                f"{list(array.shape[: array.ndim - lead])}"
            )
        if array.dtype != a.dtype:
            raise RuntimeError(
                f"torch.ormqr: Expected input and {name} to have the same dtype, but input has dtype "
                f"{input.dtype.scalar_name} and {name} has dtype {tensor.dtype.scalar_name}"
            )
    check_wide(input, "ormqr_cpu")
    return finish(_ormqr(input, tau, other, left=bool(left), transpose=bool(transpose)), out, "ormqr")


__all__ = ["geqrf", "householder_product", "linalg_qr", "orgqr", "ormqr", "qr"]
