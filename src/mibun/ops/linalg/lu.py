"""The LU factorization with partial pivoting, A = P L U, and solving with its factors.

The derivative follows from P^T dA = dL U + L dU: L^-1 P^T dA U^-1 has L^-1 dL below the diagonal and dU U^-1 on and
above it (de Hoog, Anderssen and Lukas 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.batching import limits_of
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .matrices import adjoint as conjugate_transpose
from .matrices import broadcast_batches, check_floating, check_square, check_wide, finish_several
from .solving import first_failure, incompatible


def _unit_lower(xp: Any, lu: Array, k: int) -> Array:
    lower = xp.tril(lu[..., :k], k=-1)
    return lower + xp.eye(lower.shape[-2], k, dtype=lu.dtype)


def _split(xp: Any, lu: Array) -> tuple[Array, Array]:
    """L (m, k) and U (k, n) from the two in one array."""
    k = min(lu.shape[-2:])
    return _unit_lower(xp, lu, k), xp.triu(lu[..., :k, :])


@op(nondifferentiable, name="pivots_to_matrix", dtype=None)
def _pivots_to_matrix(xp, pivots, *, size):
    """P with A = P L U, from the exchanges of rows, as bools."""
    places = xp.expand_dims(xp.arange(size), axis=-1)
    return xp.equal(places, xp.expand_dims(xp.permutation_of(pivots, size), axis=-2))


def _rows_matrix(xp: Any, pivots: Array, m: int, dtype: Array) -> Array:
    return xp.astype(xp.pivots_to_matrix(pivots, size=m), dtype)


def _factors_gradient(xp: Any, gl: Array, gu: Array, L: Array, U: Array) -> Array:
    """The gradient of P^T A from those of L (m, k) and U (k, n).

    Of a tall L = [L1; L2] with L2 = A2 U^-1, and a wide U = [U1 U2] with U2 = L^-1 A2, the further part is solved for
    first, which leaves a square problem: L1^-H (tril(L1^H gL1) + triu(gU1 U1^H)) U1^-H.
    """
    m, k, n = L.shape[-2], L.shape[-1], U.shape[-1]
    below = right = None
    if m > k:
        uh = conjugate_transpose(xp, U)
        below = xp.linalg_solve_triangular(uh, gl[..., k:, :], upper=False, left=False, unitriangular=False)
        gu = gu - xp.matmul(conjugate_transpose(xp, L[..., k:, :]), below)
        gl, L = gl[..., :k, :], L[..., :k, :]
    if n > k:
        lh = conjugate_transpose(xp, L)
        right = xp.linalg_solve_triangular(lh, gu[..., k:], upper=True, left=True, unitriangular=True)
        gl = gl - xp.matmul(right, conjugate_transpose(xp, U[..., k:]))
        gu, U = gu[..., :k], U[..., :k]
    lh, uh = conjugate_transpose(xp, L), conjugate_transpose(xp, U)
    inner = xp.tril(xp.matmul(lh, gl), k=-1) + xp.triu(xp.matmul(gu, uh))
    total = xp.linalg_solve_triangular(lh, inner, upper=True, left=True, unitriangular=True)
    total = xp.linalg_solve_triangular(uh, total, upper=False, left=False, unitriangular=False)
    if right is not None:
        total = xp.concat([total, right], axis=-1)
    return total if below is None else xp.concat([total, below], axis=-2)


def _factors_tangent(xp: Any, t: Array, L: Array, U: Array) -> tuple[Array, Array]:
    """(dL, dU) from P^T dA."""
    m, k, n = L.shape[-2], L.shape[-1], U.shape[-1]
    first, square_u = L[..., :k, :], U[..., :k]
    inner = xp.linalg_solve_triangular(first, t[..., :k, :k], upper=False, left=True, unitriangular=True)
    inner = xp.linalg_solve_triangular(square_u, inner, upper=True, left=False, unitriangular=False)
    dl, du = xp.matmul(first, xp.tril(inner, k=-1)), xp.matmul(xp.triu(inner), square_u)
    if n > k:
        rest = t[..., :k, k:] - xp.matmul(dl, U[..., k:])
        rest = xp.linalg_solve_triangular(first, rest, upper=False, left=True, unitriangular=True)
        du = xp.concat([du, rest], axis=-1)
    if m > k:
        rest = t[..., k:, :k] - xp.matmul(L[..., k:, :], du[..., :k])
        rest = xp.linalg_solve_triangular(square_u, rest, upper=True, left=False, unitriangular=False)
        dl = xp.concat([dl, rest], axis=-2)
    return dl, du


def _triangles(xp: Any, g: Array) -> tuple[Array, Array]:
    """The gradients of L and of U in that of the two in one array."""
    k = min(g.shape[-2:])
    return xp.tril(g[..., :k], k=-1), xp.triu(g[..., :k, :])


# --- factorizations ---


def _lu_factor_rule(xp, g, LU, pivots):
    p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
    return xp.matmul(p, _factors_gradient(xp, *_triangles(xp, g), *_split(xp, LU)))


def _packed(xp: Any, lower: Array, upper: Array) -> Array:
    """A strictly lower (m, k) and an upper (k, n) triangle in one (m, n) array."""
    m, k, n = lower.shape[-2], lower.shape[-1], upper.shape[-1]
    if n > k:
        lower = xp.concat([lower, xp.zeros((*lower.shape[:-1], n - k), dtype=lower.dtype)], axis=-1)
    if m > k:
        upper = xp.concat([upper, xp.zeros((*upper.shape[:-2], m - k, n), dtype=upper.dtype)], axis=-2)
    return lower + upper


def _lu_factor_jvp(xp, t, LU, pivots):
    p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
    dl, du = _factors_tangent(xp, xp.matmul(xp.matrix_transpose(p), t), *_split(xp, LU))
    return (_packed(xp, xp.tril(dl, k=-1), du),)


@op(
    name="linalg_lu_factor_ex",
    dtype=None,
    outputs=("LU", "pivots", "info"),
    n_differentiable=1,
    vjp=_lu_factor_rule,
    jvp=_lu_factor_jvp,
)
def _lu_factor_ex(xp, A):
    return xp.lu_with_info(A)


def _check_lu(A: Tensor, function: str, name: str, pivot: bool) -> None:
    check_tensor(A, function, "A" if function != "_lu_with_info" else "input")
    if A._array_.ndim < 2:
        raise RuntimeError(
            f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(A._array_.shape)} instead"
        )
    check_wide(A, "lu_cpu")
    if not pivot:
        raise RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU")


def lu_factor_ex(
    A: Tensor, *, pivot: bool = True, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """(LU, pivots, info): as `lu_factor`, with the first zero on the diagonal of U (from 1, or 0) for an error."""
    _check_lu(A, "linalg_lu_factor_ex", "torch.lu_factor", pivot)
    results = _lu_factor_ex(A)
    if check_errors:
        _check_pivots(results[2], "torch.linalg.lu_factor_ex")
    return finish_several(return_types.linalg_lu_factor_ex, results, out, "linalg_lu_factor_ex")


def _check_pivots(info: Tensor, name: str) -> None:
    failure = first_failure(info)
    if failure is not None:
        where, at = failure
        raise RuntimeError(
            f"{name}: {where}U[{at},{at}] is zero and using it on lu_solve would result in a division by zero. If you "
            "still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, "
            "pivot)"
        )


def lu_factor(A: Tensor, *, pivot: bool = True, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
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
    """
    _check_lu(A, "linalg_lu_factor", "torch.lu_factor", pivot)
    lu, pivots, info = _lu_factor_ex(A)
    _check_pivots(info, "torch.linalg.lu_factor")
    return finish_several(return_types.linalg_lu_factor, (lu, pivots), out, "linalg_lu_factor")


@public("lu")
def older_lu(
    A: Tensor, pivot: bool = True, get_infos: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """(LU, pivots), and info if `get_infos`: see `linalg.lu_factor`, which is newer."""
    _check_lu(A, "_lu_with_info", "torch.lu_factor", pivot)
    results = tuple(_lu_factor_ex(A))
    results = results if get_infos else results[:2]
    if out is None:
        return results
    if not isinstance(out, (tuple, list)) or len(out) != len(results):
        raise TypeError(f"expected tuple of {len(results)} elements but got {type(out).__name__}")
    return tuple(finish(result, target, "lu") for result, target in zip(results, out, strict=True))


def _lu_rule(xp, g, P, L, U):
    gl, gu = g
    return xp.matmul(P, _factors_gradient(xp, gl, gu, L, U))


def _lu_jvp(xp, t, P, L, U):
    return _factors_tangent(xp, xp.matmul(xp.matrix_transpose(P), t), L, U)


# The outputs with a derivative come first here; the public function puts P before them.
@op(name="linalg_lu", dtype=None, outputs=("L", "U", "P"), n_differentiable=2, vjp=_lu_rule, jvp=_lu_jvp)
def _lu(xp, A):
    packed, pivots, _ = xp.lu_with_info(A)
    return *_split(xp, packed), _rows_matrix(xp, pivots, A.shape[-2], A.dtype)


def lu(A: Tensor, *, pivot: bool = True, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor, Tensor]:
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
    """
    _check_lu(A, "linalg_lu", "linalg.lu", pivot)
    lower, upper, p = _lu(A)
    return finish_several(return_types.linalg_lu, (p, lower, upper), out, "linalg_lu")


# --- with the factors ---


@op(
    linear,
    name="lu_unpack",
    dtype=None,
    outputs=("L", "U"),
    vjp=lambda xp, g: _packed(xp, xp.tril(g[0], k=-1), xp.triu(g[1])),
    jvp=lambda xp, t: _triangles(xp, t),
)
def _lu_unpack(xp, LU_data):
    return _split(xp, LU_data)


@public("lu_unpack", method=False)
def lu_unpack(
    LU_data: Tensor,
    LU_pivots: Tensor,
    unpack_data: bool = True,
    unpack_pivots: bool = True,
    *,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """(P, L, U) from the factorization of `linalg.lu_factor`; what is not unpacked is empty."""
    check_tensor(LU_data, "lu_unpack", "LU_data")
    check_tensor(LU_pivots, "lu_unpack", "LU_pivots", 2)
    shape = LU_data._array_.shape
    if len(shape) < 2:
        raise RuntimeError(
            f"torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: {list(shape)} instead"
        )
    if unpack_pivots and LU_pivots._array_.dtype.name != "int32":
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype. Note: this "
            "function is intended to be used with the output produced by torch.linalg.lu_factor"
        )
    empty = LU_data.new_zeros((0,))
    p, lower, upper = empty, empty, LU_data.new_zeros((0,))
    if unpack_data:
        lower, upper = _lu_unpack(LU_data)
    if unpack_pivots:
        p = _pivots_to_matrix(LU_pivots, size=shape[-2]).to(LU_data.dtype)
    return finish_several(return_types.lu_unpack, (p, lower, upper), out, "lu_unpack")


def _solve_packed(xp: Any, lu: Array, pivots: Array, b: Array, adjoint: bool) -> Array:
    """A^-1 b or A^-H b."""
    p = _rows_matrix(xp, pivots, lu.shape[-1], lu.dtype)
    if adjoint:
        y = xp.triangular_solution(conjugate_transpose(xp, lu), b, False, False)
        return xp.matmul(p, xp.triangular_solution(conjugate_transpose(xp, lu), y, True, True))
    y = xp.triangular_solution(lu, xp.matmul(xp.matrix_transpose(p), b), False, True)
    return xp.triangular_solution(lu, y, True, False)


def _lu_solution_rule(xp, g, LU, pivots, left, adjoint):
    return xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)


def _lu_solve_rule(xp, g, LU, pivots, out, left, adjoint):
    """The gradient G of A first, as for any solve, then of its factors: gL = P^T G U^H, gU = L^H P^T G."""
    solved = xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
    total = _gradient_of_matrix(xp, solved, out, left, adjoint)
    p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
    total = xp.matmul(xp.matrix_transpose(p), total)
    lower, upper = _split(xp, LU)
    gl = xp.matmul(total, conjugate_transpose(xp, upper))
    gu = xp.matmul(conjugate_transpose(xp, lower), total)
    return xp.tril(gl, k=-1) + xp.triu(gu)


def _gradient_of_matrix(xp: Any, solved: Array, result: Array, left: bool, adjoint: bool) -> Array:
    """-(A^-H g) X^H for A X = B, and its like for the other three equations."""
    first, second = (result, solved) if adjoint == left else (solved, result)
    if left:
        return -xp.matmul(first, conjugate_transpose(xp, second))
    return -xp.matmul(conjugate_transpose(xp, first), second)


def _lu_solve_jvp(xp, t, LU, pivots, out, left, adjoint):
    lower, upper = _split(xp, LU)
    p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
    change = xp.matmul(p, xp.matmul(xp.tril(t, k=-1), upper) + xp.matmul(lower, xp.triu(t)))
    if adjoint:
        change = conjugate_transpose(xp, change)
    product = xp.matmul(change, out) if left else xp.matmul(out, change)
    return -xp.linalg_lu_solve(LU, pivots, product, left=left, adjoint=adjoint)


@op(
    name="linalg_lu_solve",
    memory="contiguous",
    dtype=None,
    constant=("pivots",),
    vjp={"LU": _lu_solve_rule, "B": _lu_solution_rule},
    jvp={
        "LU": _lu_solve_jvp,
        "B": lambda xp, t, LU, pivots, left, adjoint: xp.linalg_lu_solve(LU, pivots, t, left=left, adjoint=adjoint),
    },
)
def _lu_solve(xp, LU, pivots, B, *, left, adjoint):
    if left:
        return _solve_packed(xp, LU, pivots, B, adjoint)
    # X A = B is A^H X^H = B^H.
    return conjugate_transpose(xp, _solve_packed(xp, LU, pivots, conjugate_transpose(xp, B), not adjoint))


def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False, out: Tensor | None = None
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
    """
    for position, (tensor, name) in enumerate(((LU, "LU"), (pivots, "pivots"), (B, "B")), 1):
        check_tensor(tensor, "linalg_lu_solve", name, position)
    check_floating(LU, "torch.linalg.lu_solve", "linalg.lu_solve_cpu")
    a, p, b = LU._array_, pivots._array_, B._array_
    if p.dtype.name != "int32":
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    check_square(LU, "torch.linalg.lu_solve")
    if b.ndim < 2:
        raise RuntimeError("linalg.lu_solve: The input tensor B must have at least 2 dimensions.")
    if b.dtype != a.dtype:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type {LU.dtype.scalar_name} "
            f"and B of type {B.dtype.scalar_name} instead"
        )
    if b.shape[-2 if left else -1] != a.shape[-1]:
        raise incompatible("linalg.lu_solve", LU, B, left)
    if p.ndim and p.shape[-1] != a.shape[-1]:
        raise RuntimeError("linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix")
    if p.shape != a.shape[:-1]:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
            f"{list(p.shape)} instead"
        )
    limits = limits_of(p)
    if limits is not None and (limits[0] < 1 or limits[1] > a.shape[-1]):
        raise RuntimeError(
            "Pivots given to lu_solve must all be greater or equal to 1. Did you properly pass the result of lu_factor?"
        )
    broadcast_batches(a, b)
    return finish(_lu_solve(LU, pivots, B, left=bool(left), adjoint=bool(adjoint)), out, "linalg_lu_solve")


@public("lu_solve")
def older_lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """X with A X = b, given the factorization of A: see `linalg.lu_solve`, which is newer."""
    check_tensor(b, "lu_solve")
    check_tensor(LU_data, "lu_solve", "LU_data", 2)
    check_tensor(LU_pivots, "lu_solve", "LU_pivots", 3)
    return lu_solve(LU_data, LU_pivots, b, out=out)


__all__ = ["lu", "lu_factor", "lu_factor_ex", "lu_solve", "lu_unpack", "older_lu", "older_lu_solve"]
