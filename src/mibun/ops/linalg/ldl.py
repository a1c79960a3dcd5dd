"""The LDL factorization of symmetric and Hermitian matrices that need not be positive-definite, and solving with it.

As in PyTorch neither the factors nor their pivots have a derivative; the solution has one for the right-hand side.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.overloads import finish, not_differentiable
from .matrices import broadcast_batches, check_floating, check_square, finish_several
from .solving import first_failure


@op(
    name="linalg_ldl_factor_ex",
    node="NotImplemented",
    dtype=None,
    outputs=("LD", "pivots", "info"),
    n_differentiable=1,
    vjp=not_differentiable("linalg_ldl_factor_ex"),
)
def _ldl_factor_ex(xp, input, *, hermitian):
    return xp.ldl_with_info(input, hermitian)


def _factored(A: Tensor, hermitian: bool, function: str) -> tuple:
    check_tensor(A, function)
    name = "torch.linalg.ldl_factor_ex"
    check_square(A, name)
    check_floating(A, name, "ldl_factor_kernel_cpu")
    return _ldl_factor_ex(A, hermitian=bool(hermitian) and A._array_.dtype.kind == "c")


def ldl_factor_ex(
    A: Tensor, *, hermitian: bool = False, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """(LD, pivots, info): as `ldl_factor`; info is 0, or which block of D is singular, from 1."""
    results = _factored(A, hermitian, "linalg_ldl_factor_ex")
    if check_errors:
        _check_blocks(results[2], "torch.linalg.ldl_factor_ex")
    return finish_several(return_types.linalg_ldl_factor_ex, results, out, "linalg_ldl_factor_ex")


def _check_blocks(info: Tensor, name: str) -> None:
    failure = first_failure(info)
    if failure is not None:
        raise RuntimeError(
            f"{name}: {failure[0]}the block of D at {failure[1]} is singular, or the input has NaN: one cannot solve "
            "with these factors"
        )


def ldl_factor(A: Tensor, *, hermitian: bool = False, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(LD, pivots) of symmetric matrices, or Hermitian ones: A = L D L^T, as LAPACK keeps them in one array.

    L is unit lower triangular up to exchanges of rows, D has blocks of size 1 and 2 on the diagonal. pivots (int32):
    the row exchanged, from 1; negative, twice, for a block of size 2. Only the lower triangle of A is read. Source:
    Bunch and Kaufman, "Some stable methods for calculating inertia and solving symmetric linear systems" (1977).
    """
    ld, pivots, info = _factored(A, hermitian, "linalg_ldl_factor")
    _check_blocks(info, "torch.linalg.ldl_factor")
    return finish_several(return_types.linalg_ldl_factor, (ld, pivots), out, "linalg_ldl_factor")


def _ldl_solve_rule(xp, g, LD, pivots, hermitian):
    """A^-H g: A itself is Hermitian, or symmetric, and then A^H is the conjugate of A."""
    if hermitian:
        return xp.linalg_ldl_solve(LD, pivots, g, hermitian=True)
    return xp.conj(xp.linalg_ldl_solve(LD, pivots, xp.conj(g), hermitian=False))


@op(
    name="linalg_ldl_solve",
    dtype=None,
    constant=("pivots",),
    vjp={
        "LD": not_differentiable("linalg_ldl_solve"),
        "B": _ldl_solve_rule,
    },
    jvp={
        "B": lambda xp, t, LD, pivots, hermitian: xp.linalg_ldl_solve(LD, pivots, t, hermitian=hermitian),
    },
)
def _ldl_solve(xp, LD, pivots, B, *, hermitian):
    return xp.ldl_solution(LD, pivots, B, hermitian)


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False, out: Tensor | None = None) -> Tensor:
    """X with A X = B, given `ldl_factor(A)`."""
    for position, (tensor, name) in enumerate(((LD, "LD"), (pivots, "pivots"), (B, "B")), 1):
        check_tensor(tensor, "linalg_ldl_solve", name, position)
    name = "torch.linalg.ldl_solve"
    check_square(LD, name)
    check_floating(LD, name, "ldl_solve_kernel_cpu")
    a, p, b = LD._array_, pivots._array_, B._array_
    if b.ndim < 2:
        raise RuntimeError(f"{name}: Expected B to have at least 2 dimensions, but it has {b.ndim} dimensions instead")
    if p.shape != a.shape[:-1]:
        raise RuntimeError(
            f"{name}: Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
            f"{list(p.shape)} instead"
        )
    if p.dtype.kind not in "iu":
        raise RuntimeError(f"{name}: Expected pivots to be integers. Got {pivots.dtype.scalar_name}")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {B.dtype.scalar_name} and A of type "
            f"{LD.dtype.scalar_name} instead."
        )
    if b.shape[-2] != a.shape[-1]:
        raise RuntimeError(
            f"Incompatible matrix sizes for linalg.ldl_solve: each A matrix is {a.shape[-1]} by {a.shape[-1]} but each "
            f"b matrix is {b.shape[-2]} by {b.shape[-1]}"
        )
    broadcast_batches(a, b)
    hermitian = bool(hermitian) and a.dtype.kind == "c"
    return finish(_ldl_solve(LD, pivots, B, hermitian=hermitian), out, "linalg_ldl_solve")


__all__ = ["ldl_factor", "ldl_factor_ex", "ldl_solve"]
