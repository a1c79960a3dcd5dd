"""The singular value decomposition, and what is made of it: svdvals, the pseudo-inverse, rank, condition, low rank.

The vectors are determined only up to signs or phases (and rotations where singular values are equal): a loss that
depends on more has no gradient, and for complex matrices the backward says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.dtypes import from_numpy_dtype, int64
from ...core.mode import MODE
from ...core.registry import Array
from ...core.tensor import Tensor, wrap
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor, refuse_gradient
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..pointwise.where import where
from .matrices import (
    adjoint,
    check_floating,
    check_square,
    diagonal_of,
    finish_several,
    over_gaps,
    pairs_of,
    per_column,
    per_row,
    rounding_alone,
    untouched,
    without_values,
)

_PHASES = (
    "svd_backward: The singular vectors in the complex case are specified up to multiplication by e^{i phi}. The "
    "specified loss function depends on this phase term, making it ill-defined."
)


def _thin(xp: Any, k: int, U: Array, Vh: Array) -> tuple[Array, Array]:
    """The first k vectors of each side, all as columns."""
    return U[..., :k], adjoint(xp, Vh[..., :k, :])


def _over_values(xp: Any, x: Array, S: Array, without: Array) -> Array:
    """Columns over their singular values, with zeros where `without` is true."""
    return over_gaps(xp, x, xp.broadcast_to(per_column(xp, S), x.shape), without)


def _svd_rule(xp, g, U, S, Vh, defined):
    """The classical reverse rule (Townsend, "Differentiating the singular value decomposition", 2016).

    With X = P - P^H of P = U^H gU, and Y likewise of V^H gV, and the sums and gaps s_j + s_i and s_j - s_i:
    gA = U ((X + Y) / 2 gaps + (X - Y) / 2 sums + diag(gS)) V^H
        + (I - U U^H) gU S^-1 V^H + U S^-1 gV^H (I - V V^H).
    Turning vectors of both sides alike, which equal singular values leave free, is worth X + Y; turning them against
    each other X - Y. Townsend has the two terms over s_j^2 - s_i^2, where equal values would lose the second. On the
    diagonal are the phases of complex vectors. Vectors beyond the first k complete the others to a unitary matrix:
    dU' = -U dU^H U', which adds -U' gU'^H U to gU.
    """
    gu, gs, gvh = g
    k = S.shape[-1]
    u, v = _thin(xp, k, U, Vh)
    m, n = U.shape[-2], Vh.shape[-1]
    vh = adjoint(xp, v)
    if not (defined[0] or defined[2]):
        return xp.matmul(u * per_column(xp, gs), vh)
    gu, gu_rest, gv_all = gu[..., :k], gu[..., k:], adjoint(xp, gvh)
    gv, gv_rest = gv_all[..., :k], gv_all[..., k:]
    if gu_rest.shape[-1]:
        gu = gu - xp.matmul(xp.matmul(U[..., k:], adjoint(xp, gu_rest)), u)
    if gv_rest.shape[-1]:
        gv = gv - xp.matmul(xp.matmul(adjoint(xp, Vh[..., k:, :]), adjoint(xp, gv_rest)), v)
    p, q = xp.matmul(adjoint(xp, u), gu), xp.matmul(vh, gv)
    x, y = p - adjoint(xp, p), q - adjoint(xp, q)
    sums, gaps = (per_column(xp, S) + per_row(xp, S)), (per_column(xp, S) - per_row(xp, S))
    both = xp.concat([gu, gv], axis=-2)
    free = untouched(xp, both)

    def meaningless(part: Array, gaps: Array, free: Array) -> Array:
        """Where a part over gaps is rounding, or of what the loss does not depend on."""
        rounding = rounding_alone(xp, part, gaps, both, S)
        return without_values(xp, rounding, gaps, gs, free) if defined[1] else rounding

    eye = xp.eye(k, dtype=xp.bool)
    pairs, alike, against = pairs_of(xp, free), (x + y) * 0.5, (x - y) * 0.5
    inner = over_gaps(xp, alike, gaps, xp.logical_or(meaningless(alike, gaps, pairs), eye))
    if xp.isdtype(U.dtype, "complex floating"):
        xp.check_phases(xp.imag(diagonal_of(xp, p)) + xp.imag(diagonal_of(xp, q)), gu, _PHASES)
        inner = inner + over_gaps(xp, against, sums, meaningless(against, sums, pairs))
    else:
        inner = inner + over_gaps(xp, against, sums, xp.logical_or(meaningless(against, sums, pairs), eye))
    if defined[1]:
        inner = inner + xp.eye(k, dtype=S.dtype) * per_column(xp, gs)
    total = xp.matmul(xp.matmul(u, inner), vh)
    columns, alone = per_column(xp, S), per_column(xp, free)
    if m > k:
        rest = gu - xp.matmul(u, p)
        total = total + xp.matmul(_over_values(xp, rest, S, meaningless(rest, columns, alone)), vh)
    if n > k:
        rest = gv - xp.matmul(v, q)
        rest = _over_values(xp, rest, S, meaningless(rest, columns, alone))
        total = total + xp.matmul(u, adjoint(xp, rest))
    return total


def _svd_jvp(xp, t, U, S, Vh):
    """dS = re diag(P) of P = U^H dA V, and the rotations of the vectors that undo the rest.

    With the Hermitian part H of P and the skew one K, dU = U (H / gaps + K / sums) and dV = V (H / gaps - K / sums).
    """
    k = S.shape[-1]
    u, v = _thin(xp, k, U, Vh)
    m, n = U.shape[-2], Vh.shape[-1]
    moved, moved_back = xp.matmul(t, v), xp.matmul(adjoint(xp, t), u)
    p = xp.matmul(adjoint(xp, u), moved)
    ph = adjoint(xp, p)
    sums, gaps = (per_column(xp, S) + per_row(xp, S)), (per_column(xp, S) - per_row(xp, S))

    def rate(part: Array, gaps: Array) -> Array:
        return over_gaps(xp, part, gaps, rounding_alone(xp, part, gaps, t, S))

    eye = xp.eye(k, dtype=S.dtype)
    alike, against = rate((p + ph) * 0.5 * (1 - eye), gaps), rate((p - ph) * 0.5, sums)
    du, dv = xp.matmul(u, alike + against), xp.matmul(v, alike - against)
    columns = per_column(xp, S)
    if m > k:
        rest = moved - xp.matmul(u, p)
        du = du + rate(rest, xp.broadcast_to(columns, rest.shape))
    if n > k:
        rest = moved_back - xp.matmul(v, ph)
        dv = dv + rate(rest, xp.broadcast_to(columns, rest.shape))
    ds = xp.real(diagonal_of(xp, p))
    if U.shape[-1] > k:
        du = xp.concat([du, -xp.matmul(u, xp.matmul(adjoint(xp, du), U[..., k:]))], axis=-1)
    if Vh.shape[-2] > k:
        further = adjoint(xp, Vh[..., k:, :])
        dv = xp.concat([dv, -xp.matmul(v, xp.matmul(adjoint(xp, dv), further))], axis=-1)
    return du, ds, adjoint(xp, dv)


@op(name="linalg_svd", dtype=None, outputs=("U", "S", "Vh"), vjp=_svd_rule, jvp=_svd_jvp)
def _svd(xp, A, *, full_matrices):
    return xp.svd_factors(A, full_matrices)


@op(nondifferentiable, name="linalg_svdvals", dtype=None)
def _svdvals(xp, A):
    return xp.singular_values(A)


def singular_values(A: Tensor) -> Tensor:
    """The singular values; with the vectors, kept for the gradient, if one will be wanted."""
    if A.requires_grad or MODE.get().dual_level >= 0:
        return _svd(A, full_matrices=False)[1]
    return _svdvals(A)


def check_decomposable(A: Tensor, function: str, argument: str = "A", older: bool = False) -> None:
    check_tensor(A, function, argument)
    ndim = A._array_.ndim
    if ndim < 2:
        if older:
            raise RuntimeError(
                f"linalg.svd: input should have at least 2 dimensions, but has {ndim} dimensions instead"
            )
        raise RuntimeError(f"linalg.svd: The input tensor A must have at least 2 dimensions, but it has {ndim}")
    check_floating(A, "linalg.svd", "linalg_svd_cpu")


def linalg_svd(
    A: Tensor, full_matrices: bool = True, *, driver: str | None = None, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
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
    """
    check_decomposable(A, "linalg_svd")
    _refuse_driver(driver)
    return finish_several(return_types.linalg_svd, _svd(A, full_matrices=bool(full_matrices)), out, "linalg_svd")


def _refuse_driver(driver: str | None) -> None:
    if driver is not None:
        raise RuntimeError(
            f"torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs, but got '{driver}'"
        )


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
    check_decomposable(A, "linalg_svdvals")
    _refuse_driver(driver)
    return finish(singular_values(A), out, "linalg_svdvals")


@public("svd")
def svd(
    input: Tensor, some: bool = True, compute_uv: bool = True, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V), V not transposed: see `linalg.svd`, which is newer.

    some: the thin decomposition. compute_uv: if not, U and V are zeros, of the full sizes.
    """
    check_decomposable(input, "svd", "input", older=True)
    if compute_uv:
        u, s, vh = _svd(input, full_matrices=not some)
        v = (vh.conj() if vh.is_complex() else vh).transpose(-2, -1)
    else:
        s = singular_values(input)
        *batch, m, n = input._array_.shape
        u, v = (input.new_zeros((*batch, size, size)) for size in (m, n))
    return finish_several(return_types.svd, (u, s, v), out, "svd")


# --- tolerances ---


def _tolerances(
    input: Tensor, atol: float | Tensor | None, rtol: float | Tensor | None, name: str
) -> tuple[float | Tensor, float | Tensor]:
    """Both as real Tensors or numbers: rtol is eps * max(m, n) unless one of them is given (and atol is above 0)."""
    real = np.finfo(input._array_.dtype)
    default = float(real.eps) * max(input._array_.shape[-2:], default=0)
    if atol is not None and rtol is None:
        if isinstance(atol, Tensor):
            rtol = where(atol > 0, 0.0, default)
        else:
            rtol = 0.0 if atol > 0 else default
    for tensor, label in ((atol, "atol"), (rtol, "rtol")):
        if isinstance(tensor, Tensor) and tensor._array_.dtype.kind == "c":
            raise RuntimeError(f"{name}: {label} tensor of complex type is not supported.")
    return 0.0 if atol is None else atol, default if rtol is None else rtol


def _as_operand(value: float | Tensor, input: Tensor) -> Tensor:
    dtype = np.zeros((), input._array_.dtype).real.dtype
    if isinstance(value, Tensor):
        return value.detach().to(from_numpy_dtype(dtype))
    return wrap(dtype.type(value))


def _cutoff(xp: Any, largest: Array, atol: Array, rtol: Array) -> Array:
    """max(atol, rtol * the largest), with a last axis of size 1."""
    relative = xp.expand_dims(rtol, axis=-1) * largest
    return xp.maximum(xp.expand_dims(atol, axis=-1), relative)


# --- the pseudo-inverse ---


def pinv_gradient(xp: Any, g: Array, A: Array, P: Array) -> Array:
    """From dP = -P dA P + P P^H dA^H (I - A P) + (I - P A) dA^H P^H P (Golub and Pereyra 1973), transposed."""
    ph, gh = adjoint(xp, P), adjoint(xp, g)
    gp = xp.matmul(gh, P)  # the products that occur twice
    total = -xp.matmul(xp.matmul(ph, g), ph)
    k = xp.matmul(gp, ph)
    total = total + k - xp.matmul(A, xp.matmul(P, k))
    k = xp.matmul(ph, xp.matmul(P, gh))
    return total + k - xp.matmul(xp.matmul(k, P), A)


def pinv_tangent(xp: Any, t: Array, A: Array, P: Array) -> Array:
    """The same derivative, forward."""
    ph, th = adjoint(xp, P), adjoint(xp, t)
    total = -xp.matmul(P, xp.matmul(t, P))
    k = xp.matmul(P, xp.matmul(ph, th))
    total = total + k - xp.matmul(k, xp.matmul(A, P))
    k = xp.matmul(th, xp.matmul(ph, P))
    return total + k - xp.matmul(P, xp.matmul(A, k))


@op(
    name="linalg_pinv",
    dtype=None,
    constant=("atol", "rtol"),
    scalars=False,
    vjp={"input": lambda xp, g, input, out: pinv_gradient(xp, g, input, out)},
    jvp={"input": lambda xp, t, input, out: pinv_tangent(xp, t, input, out)},
)
def _pinv(xp, input, atol, rtol, *, hermitian):
    if hermitian:
        w, v = xp.hermitian_eigen(input, True)
        s = xp.abs(w)
        u, vh = v, adjoint(xp, v) * per_row(xp, xp.sign(w))
        largest = xp.max(s, axis=-1, keepdims=True)
    else:
        u, s, vh = xp.thin_svd(input)
        largest = s[..., :1]
    keep = s > _cutoff(xp, largest, atol, rtol)
    inverse = xp.where(keep, 1.0 / xp.where(keep, s, 1.0), 0.0)
    return xp.matmul(adjoint(xp, vh) * per_column(xp, inverse), adjoint(xp, u))


def pinv(
    A: Tensor,
    rcond: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
    out: Tensor | None = None,
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
    """
    check_tensor(A, "linalg_pinv")
    if isinstance(rcond, bool):
        rcond, hermitian = None, rcond
    dtype, shape = A._array_.dtype, A._array_.shape
    if dtype.kind not in "fc" or dtype.itemsize == 2 or len(shape) < 2:
        raise RuntimeError(
            f"linalg.pinv({A.dtype.scalar_name}{{{list(shape)}}}): expected a tensor with 2 or more dimensions of "
            "float, double, cfloat or cdouble types"
        )
    if rcond is not None:
        rtol = rcond
    if A._array_.size == 0:
        return finish(A.transpose(-2, -1).clone(), out, "linalg_pinv")
    if hermitian:
        check_square(A, "linalg.eigh")
    refuse_gradient("linalg_pinv", atol=atol, rtol=rtol)
    atol, rtol = _tolerances(A, atol, rtol, "torch.linalg.pinv")
    result = _pinv(A, _as_operand(atol, A), _as_operand(rtol, A), hermitian=bool(hermitian))
    return finish(result, out, "linalg_pinv")


@public("pinverse")
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudo-inverse: see `linalg.pinv`. Singular values up to rcond times the largest count as zeros."""
    check_tensor(input, "pinverse")
    return pinv(input, rcond)


# --- rank and condition ---


@op(nondifferentiable, name="linalg_matrix_rank", dtype=None)
def _matrix_rank(xp, input, atol, rtol, *, hermitian):
    s = xp.abs(xp.hermitian_eigenvalues(input, True)) if hermitian else xp.singular_values(input)
    over = s > _cutoff(xp, xp.max(s, axis=-1, keepdims=True), atol, rtol)
    return xp.sum(xp.astype(over, xp.int64), axis=-1)


def matrix_rank(
    A: Tensor,
    tol: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
    out: Tensor | None = None,
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
    """
    check_tensor(A, "linalg_matrix_rank")
    if isinstance(tol, bool):
        tol, hermitian = None, tol
    shape, dtype = A._array_.shape, A._array_.dtype
    if len(shape) < 2:
        raise RuntimeError("torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions.")
    if dtype.kind not in "fc" or dtype.itemsize == 2:
        raise RuntimeError(f"This function doesn't handle types other than float and double, but got {A.dtype}")
    if tol is not None:
        atol, rtol = tol, 0.0
    if 0 in shape[-2:]:
        return finish(A.new_zeros(shape[:-2], dtype=int64), out, "linalg_matrix_rank")
    if hermitian:
        check_square(A, "linalg.eigh")
    atol, rtol = _tolerances(A, atol, rtol, "torch.linalg.matrix_rank")
    operands = (A.detach(), _as_operand(atol, A), _as_operand(rtol, A))
    return finish(_matrix_rank(*operands, hermitian=bool(hermitian)), out, "linalg_matrix_rank")


__all__ = [
    "linalg_svd",
    "matrix_rank",
    "pinv",
    "pinverse",
    "singular_values",
    "svd",
    "svdvals",
]
