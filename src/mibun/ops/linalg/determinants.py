"""Determinants: det, slogdet, logdet.

The derivative of the determinant is the matrix of cofactors, a polynomial like the determinant itself, so that it has
derivatives at singular matrices too, where formulas with the inverse fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op, symmetric
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..pointwise.where import where
from .matrices import adjoint, check_floating, check_square_tensor, diagonal_of, finish_several, per_column, per_row

# --- cofactors: the first three derivatives of the determinant ---


def _scalars(xp: Any, x: Array) -> Array:
    """A number for each matrix, as a factor of that matrix."""
    return xp.expand_dims(xp.expand_dims(x, axis=-1), axis=-1)


def _parts(xp: Any, A: Array) -> tuple[Array, Array, Array, Array]:
    """U, s and V^H of the singular value decomposition, and det U det V^H."""
    u, s, vh = xp.svd_or_nan(A, True)
    return u, s, vh, _scalars(xp, xp.determinant(u) * xp.determinant(vh))


def _third(xp: Any, A: Array, first: Array, second: Array) -> Array:
    """The third derivative of det along two tangents, as the matrix of its coefficients; where there is an inverse X.

    In a third tangent E3 it is det A times the sum over the permutations of {1, 2, 3} of their sign times the traces
    of their cycles, tr(X E1 X E2) for (1 2): Jacobi's formula, differentiated twice.
    """
    x = xp.linalg_inv_ex(A)[0]
    a, b = xp.matmul(x, first), xp.matmul(x, second)
    ab = xp.matmul(a, b)
    trace_a, trace_b, both = (_scalars(xp, xp.sum(diagonal_of(xp, m), axis=-1)) for m in (a, b, ab))
    inner = (trace_a * trace_b - both) * x - xp.matmul(trace_a * b + trace_b * a - ab - xp.matmul(b, a), x)
    return _scalars(xp, xp.linalg_det(A)) * xp.matrix_transpose(inner)


@op(
    symmetric,
    name="cofactors_along",
    dtype=None,
    vjp={
        "A": lambda xp, g, A, tangent: xp.conj(_third(xp, A, xp.conj(g), tangent)),
        "tangent": lambda xp, g, A: xp.conj(xp.cofactors_along(A, xp.conj(g))),
    },
)
def _cofactors_along(xp, A, tangent):
    """The derivative of the cofactors along a tangent E, at any matrix.

    With A = U S V^H and F = U^H E V it is det(U) det(V^H) conj(U) D V^T, where D is the derivative at the diagonal S:
    D_ij = -F_ji p_ij and D_ii = sum_j p_ij F_jj, p_ij the product of all singular values but the i-th and the j-th.
    """
    n = A.shape[-1]
    u, s, vh, factor = _parts(xp, A)
    eye = xp.eye(n, dtype=s.dtype)
    left_out = xp.greater(xp.expand_dims(eye, axis=0) + xp.expand_dims(eye, axis=1), 0)
    p = xp.prod(xp.where(left_out, 1.0, xp.expand_dims(per_column(xp, s), axis=-2)), axis=-1)
    p = xp.astype(p * (1 - eye), A.dtype)
    f = xp.matmul(xp.matmul(adjoint(xp, u), tangent), adjoint(xp, vh))
    diagonal = xp.matmul(p, per_row(xp, diagonal_of(xp, f)))
    d = xp.eye(n, dtype=A.dtype) * diagonal - p * xp.matrix_transpose(f)
    return factor * xp.matmul(xp.matmul(xp.conj(u), d), xp.conj(vh))


@op(
    symmetric,
    name="cofactors",
    dtype=None,
    vjp=lambda xp, g, A: xp.conj(xp.cofactors_along(A, xp.conj(g))),
)
def _cofactors(xp, A):
    """The derivative of det by each element: det A A^-T, or with A = U S V^H det(U) det(V^H) conj(U) P V^T, where P has
    the products of all singular values but one."""
    inverse = xp.inverse_if_safe(A)
    if inverse is not None:
        return _scalars(xp, xp.determinant(A)) * xp.matrix_transpose(inverse)
    u, s, vh, factor = _parts(xp, A)
    others = xp.where(xp.equal(xp.eye(A.shape[-1], dtype=s.dtype), 1), 1.0, per_column(xp, s))
    p = xp.astype(xp.prod(others, axis=-1), A.dtype)
    return factor * xp.matmul(xp.conj(u) * per_column(xp, p), xp.conj(vh))


# --- det ---


@op(
    name="linalg_det",
    dtype=None,
    vjp=lambda xp, g, A: _scalars(xp, g) * xp.conj(xp.cofactors(A)),
    jvp=lambda xp, t, A: xp.sum(xp.cofactors(A) * t, axis=(-2, -1)),
)
def _det(xp, A):
    return xp.determinant(A)


def linalg_det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
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
    """
    check_square_tensor(A, "linalg_det", "A", "linalg.det")
    check_floating(A, "linalg.det", "lu_cpu")
    return finish(_det(A), out, "linalg_det")


@public("det")
def det(input: Tensor) -> Tensor:
    """The determinant: see `linalg.det`."""
    check_tensor(input, "det")
    return linalg_det(input)


# --- slogdet ---


def _slogdet_rule(xp, g, A, sign):
    """d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

    So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
    """
    g_sign, g_log = g
    if xp.isdtype(A.dtype, "complex floating"):
        turn = xp.conj(sign) * g_sign
        g_log = g_log + (turn - xp.conj(turn)) * 0.5
    return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])


def _slogdet_jvp(xp, t, A, sign):
    z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
    if xp.isdtype(A.dtype, "complex floating"):
        return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
    return xp.zeros_like(z), z


@op(name="linalg_slogdet", dtype=None, outputs=("sign", "logabsdet"), vjp=_slogdet_rule, jvp=_slogdet_jvp)
def _slogdet(xp, A):
    return xp.log_determinant(A)


def linalg_slogdet(A: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
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
    """
    check_square_tensor(A, "linalg_slogdet", "A", "linalg.slogdet")
    check_floating(A, "linalg.slogdet")
    return finish_several(return_types.linalg_slogdet, _slogdet(A), out, "linalg_slogdet")


@public("slogdet")
def slogdet(input: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """The sign and the logarithm of the absolute value of the determinant: see `linalg.slogdet`."""
    check_tensor(input, "slogdet")
    check_square_tensor(input, "slogdet", "input", "linalg.slogdet")
    check_floating(input, "linalg.slogdet")
    return finish_several(return_types.slogdet, _slogdet(input), out, "slogdet")


@public("logdet")
def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant of square matrices (*, n, n): (*,), -inf where it is 0, NaN where it is
    negative.

    RuntimeError where they are not square, or integers. See `linalg.slogdet` for the logarithm of the absolute value.

    >>> import mibun as torch
    >>> torch.logdet(torch.eye(3))
    tensor(0.)
    """
    check_tensor(input, "logdet")
    check_square_tensor(input, "logdet", "input", "logdet")
    check_floating(input, "logdet")
    sign, log = _slogdet(input)
    if input._array_.dtype.kind == "c":
        return sign.log() + log
    return where(sign == -1, float("nan"), log)


__all__ = ["det", "linalg_det", "linalg_slogdet", "logdet", "slogdet"]
