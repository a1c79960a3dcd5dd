"""The Cholesky factorization of positive-definite matrices, and what is solved with its factor.

The derivative is that of Murray, "Differentiation of the Cholesky decomposition" (2016): with Phi the lower triangle
and half of the diagonal, dL = L Phi(L^-1 dA L^-H).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.batching import all_values
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.numpy.linalg import LinAlgError
from .matrices import adjoint, check_floating, check_square, check_wide, finish_several, halved_lower, kernel_missing
from .solving import check_system, first_failure


def _factor_rule(xp: Any, g: Array, L: Array, upper: bool) -> Array:
    """S = L^-H Phi(L^H gL) L^-1, made Hermitian."""
    if upper:
        L, g = adjoint(xp, L), adjoint(xp, g)
    inner = halved_lower(xp, xp.matmul(adjoint(xp, L), g))
    s = xp.linalg_solve_triangular(adjoint(xp, L), inner, upper=True, left=True, unitriangular=False)
    s = xp.linalg_solve_triangular(L, s, left=False, upper=False, unitriangular=False)
    return (s + adjoint(xp, s)) * 0.5


def _factor_jvp(xp: Any, t: Array, L: Array, upper: bool) -> Array:
    if upper:
        L = adjoint(xp, L)
    t = (t + adjoint(xp, t)) * 0.5
    inner = xp.linalg_solve_triangular(L, t, upper=False, left=True, unitriangular=False)
    inner = xp.linalg_solve_triangular(adjoint(xp, L), inner, upper=True, left=False, unitriangular=False)
    lower = halved_lower(xp, inner)
    tangent = xp.matmul(L, lower)
    return adjoint(xp, tangent) if upper else tangent


def _factor(xp: Any, A: Array, upper: bool) -> tuple[Array, Array]:
    if not upper:
        return xp.cholesky_with_info(A)
    factor, info = xp.cholesky_with_info(adjoint(xp, A))
    return adjoint(xp, factor), info


@op(
    name="linalg_cholesky_ex",
    dtype=None,
    outputs=("L", "info"),
    n_differentiable=1,
    vjp=lambda xp, g, L, upper: _factor_rule(xp, g, L, upper),
    jvp=lambda xp, t, L, upper: (_factor_jvp(xp, t, L, upper),),
)
def _cholesky_ex(xp, input, *, upper):
    return _factor(xp, input, upper)


@op(
    name="cholesky",
    dtype=None,
    outputs=("result", "info"),
    n_differentiable=1,
    vjp=lambda xp, g, result, upper: _factor_rule(xp, g, result, upper),
    jvp=lambda xp, t, result, upper: (_factor_jvp(xp, t, result, upper),),
)
def _older_cholesky(xp, input, *, upper):
    return _factor(xp, input, upper)


def _check_factor(info: Tensor, name: str) -> None:
    failure = first_failure(info)
    if failure is not None:
        raise LinAlgError(
            f"{name}: {failure[0]}The factorization could not be completed because the input is not positive-definite "
            f"(the leading minor of order {failure[1]} is not positive-definite)."
        )


def cholesky_ex(
    A: Tensor, *, upper: bool = False, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """(L, info): the factor as `linalg.cholesky` gives it; info is 0, or the order of the first minor that is not
    positive-definite, up to which L is right."""
    check_tensor(A, "linalg_cholesky_ex")
    check_square(A, "linalg.cholesky")
    check_floating(A, "linalg.cholesky", "cholesky_cpu")
    results = _cholesky_ex(A, upper=bool(upper))
    if check_errors:
        _check_factor(results[1], "linalg.cholesky_ex")
    return finish_several(return_types.linalg_cholesky_ex, results, out, "linalg_cholesky_ex")


def linalg_cholesky(A: Tensor, *, upper: bool = False, out: Tensor | None = None) -> Tensor:
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
    """
    check_tensor(A, "linalg_cholesky")
    check_square(A, "linalg.cholesky")
    check_floating(A, "linalg.cholesky", "cholesky_cpu")
    factor, info = _cholesky_ex(A, upper=bool(upper))
    _check_factor(info, "linalg.cholesky")
    return finish(factor, out, "linalg_cholesky")


@public("cholesky")
def cholesky(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The Cholesky factor: see `linalg.cholesky`, which is newer."""
    check_tensor(input, "cholesky")
    if 0 in input._array_.shape:  # PyTorch asks nothing more of these
        return finish(input.clone(), out, "cholesky")
    check_square(input, "cholesky")
    check_wide(input, "cholesky_cpu")
    factor, info = _older_cholesky(input, upper=bool(upper))
    _check_factor(info, "cholesky")
    return finish(factor, out, "cholesky")


# --- with a factor ---


def _gram(xp: Any, factor: Array, upper: bool) -> Array:
    """The factor as a lower triangle."""
    return adjoint(xp, xp.triu(factor)) if upper else xp.tril(factor)


def _solve_factor(xp: Any, factor: Array, b: Array, upper: bool) -> Array:
    """(L L^H)^-1 b."""
    if upper:
        factor = adjoint(xp, factor)
    y = xp.triangular_solution(factor, b, False, False)
    return xp.triangular_solution(adjoint(xp, factor), y, True, False)


def _from_gram(xp: Any, gram: Array, factor: Array, upper: bool) -> Array:
    """The gradient of a factor from that of A = L L^H: (G + G^H) L.

    It is not cut down to the triangle, as in PyTorch: what is read is the triangle, and the derivative is that of
    L L^H by all elements of L.
    """
    both = gram + adjoint(xp, gram)
    return xp.matmul(xp.triu(factor), both) if upper else xp.matmul(both, xp.tril(factor))


def _solve_rule(xp, g, input2, out, upper):
    solved = xp.cholesky_solve_factor(g, input2, upper=upper)
    return _from_gram(xp, -xp.matmul(solved, adjoint(xp, out)), input2, upper)


def _change(xp: Any, t: Array, factor: Array, upper: bool) -> Array:
    """dL L^H + L dL^H."""
    half = xp.matmul(adjoint(xp, t) if upper else t, adjoint(xp, _gram(xp, factor, upper)))
    return half + adjoint(xp, half)


def _solve_jvp(xp, t, input2, out, upper):
    change = _change(xp, t, input2, upper)
    return -xp.cholesky_solve_factor(xp.matmul(change, out), input2, upper=upper)


@op(
    name="cholesky_solve_factor",
    node="CholeskySolveBackward0",
    dtype=None,
    vjp={"input": lambda xp, g, input2, upper: xp.cholesky_solve_factor(g, input2, upper=upper), "input2": _solve_rule},
    jvp={"input": lambda xp, t, input2, upper: xp.cholesky_solve_factor(t, input2, upper=upper), "input2": _solve_jvp},
)
def _cholesky_solve(xp, input, input2, *, upper):
    return _solve_factor(xp, input2, input, upper)


@public("cholesky_solve")
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """X with A X = B, given the Cholesky factor L of A (upper: its adjoint): B (*, n, k), L (*, n, n).

    >>> import mibun as torch
    >>> torch.cholesky_solve(torch.tensor([[8.]]), torch.tensor([[2.]]))
    tensor([[2.]])
    """
    check_system(B, L, "cholesky_solve", "cholesky_solve_cpu")
    return finish(_cholesky_solve(B, L, upper=bool(upper)), out, "cholesky_solve")


def _inverse_jvp(xp, t, input, out, upper):
    """dX = -X (dL L^H + L dL^H) X."""
    return -xp.matmul(out, xp.matmul(_change(xp, t, input, upper), out))


@op(
    name="cholesky_inverse",
    dtype=None,
    vjp=lambda xp, g, input, out, upper: _from_gram(xp, -xp.matmul(out, xp.matmul(g, out)), input, upper),
    jvp=_inverse_jvp,
)
def _cholesky_inverse(xp, input, *, upper):
    eye = xp.broadcast_to(xp.eye(input.shape[-1], dtype=input.dtype), input.shape)
    return _solve_factor(xp, input, eye, upper)


@public("cholesky_inverse")
def cholesky_inverse(L: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A, given its Cholesky factor L (upper: its adjoint). `linalg.LinAlgError` where L is singular."""
    check_tensor(L, "cholesky_inverse")
    check_square(L, "cholesky_inverse")
    if L._array_.dtype.kind not in "fc" or L._array_.dtype.itemsize == 2:
        raise kernel_missing(L, "cholesky_inverse_out_cpu")
    zero = all_values(L._array_).diagonal(axis1=-2, axis2=-1) == 0
    if zero.any():
        at = [int(place[0]) for place in zero.nonzero()]
        batch = "" if len(at) == 1 else f"(Batch element {int(zero.reshape(-1, zero.shape[-1]).any(-1).argmax())}): "
        raise LinAlgError(
            f"cholesky_inverse: {batch}The diagonal element {at[-1] + 1} is zero, the inversion could not be completed "
            "because the input matrix is singular."
        )
    return finish(_cholesky_inverse(L, upper=bool(upper)), out, "cholesky_inverse")


__all__ = ["cholesky", "cholesky_ex", "cholesky_inverse", "cholesky_solve", "linalg_cholesky"]
