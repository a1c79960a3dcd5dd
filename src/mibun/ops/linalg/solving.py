"""Linear systems: inv, solve, solve_triangular, and the forms for tensors as operators, tensorinv and tensorsolve.

The `_ex` forms return how far elimination got (`info`) in the place of an error for singular matrices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.batching import all_values
from ...core.dtypes import promote_types
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.numpy.linalg import LinAlgError
from .matrices import (
    adjoint,
    broadcast_batches,
    check_floating,
    check_square,
    check_square_tensor,
    check_wide,
    finish_several,
)


def first_failure(info: Tensor) -> tuple[str, int] | None:
    """Where the first positive `info` is, in PyTorch's words, and what it is; None if all are zero."""
    array = all_values(info._array_)
    if not array.any():
        return None
    flat = array.reshape(-1)
    at = int((flat != 0).argmax())
    return (f"(Batch element {at}): " if array.ndim else ""), int(flat[at])


# --- inverses ---


@op(
    name="linalg_inv_ex",
    dtype=None,
    outputs=("inverse", "info"),
    n_differentiable=1,
    vjp=lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse))),
    jvp=lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),),
)
def _inv_ex(xp, A):
    return xp.inverse_with_info(A)


def _check_inverse(info: Tensor, name: str) -> None:
    failure = first_failure(info)
    if failure is not None:
        raise LinAlgError(
            f"{name}: {failure[0]}The diagonal element {failure[1]} is zero, the inversion could not be completed "
            "because the input matrix is singular."
        )


def inv_ex(A: Tensor, *, check_errors: bool = False, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """(inverse, info) of square matrices; info (int32) is 0, or the first zero on the diagonal of U, counted from 1.

    check_errors: raise `linalg.LinAlgError` as `inv` does.
    """
    check_square_tensor(A, "linalg_inv_ex", "A", "linalg.inv")
    check_floating(A, "linalg.inv")
    results = _inv_ex(A)
    if check_errors:
        _check_inverse(results[1], "linalg.inv_ex")
    return finish_several(return_types.linalg_inv_ex, results, out, "linalg_inv_ex")


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
    """
    check_square_tensor(A, "linalg_inv", "A", "linalg.inv")
    check_floating(A, "linalg.inv")
    inverse, info = _inv_ex(A)
    _check_inverse(info, "linalg.inv")
    return finish(inverse, out, "linalg_inv")


@public("inverse")
def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of square matrices: see `linalg.inv`."""
    check_tensor(input, "inverse")
    return inv(input, out=out)


# --- solve ---


def _solution_rule(xp, g, A, left, vector):
    """The gradient of the right-hand side: A^-H g."""
    return xp.linalg_solve_ex(adjoint(xp, A), g, left=left, vector=vector)[0]


def _matrix_rule(xp, g, A, result, left, vector):
    """d(A^-1 B) = -A^-1 dA X, so that the gradient of A is -(A^-H g) X^H (Giles 2008)."""
    solved = _solution_rule(xp, g, A, left, vector)
    if vector:
        return -xp.expand_dims(solved, axis=-1) * xp.expand_dims(xp.conj(result), axis=-2)
    if left:
        return -xp.matmul(solved, adjoint(xp, result))
    return -xp.matmul(adjoint(xp, result), solved)


def _product_in(xp: Any, t: Array, result: Array, left: bool, vector: bool) -> Array:
    if vector:
        return xp.sum(t * xp.expand_dims(result, axis=-2), axis=-1)
    return xp.matmul(t, result) if left else xp.matmul(result, t)


def _matrix_jvp(xp, t, A, result, left, vector):
    return (-xp.linalg_solve_ex(A, _product_in(xp, t, result, left, vector), left=left, vector=vector)[0],)


@op(
    name="linalg_solve_ex",
    memory="contiguous",
    dtype=None,
    outputs=("result", "info"),
    n_differentiable=1,
    vjp={"A": _matrix_rule, "B": _solution_rule},
    jvp={
        "A": _matrix_jvp,
        "B": lambda xp, t, A, left, vector: (xp.linalg_solve_ex(A, t, left=left, vector=vector)[0],),
    },
)
def _solve_ex(xp, A, B, *, left, vector):
    if vector:
        x, info = xp.solution_with_info(A, xp.expand_dims(B, axis=-1))
        return xp.squeeze(x, axis=-1), info
    if left:
        return xp.solution_with_info(A, B)
    x, info = xp.solution_with_info(xp.matrix_transpose(A), xp.matrix_transpose(B))
    return xp.matrix_transpose(x), info


def incompatible(name: str, A: Tensor, B: Tensor, left: bool, vector: bool = False) -> RuntimeError:
    """The error for right-hand sides that do not fit the matrix."""
    n, m = A._array_.shape[-1], B._array_
    shape = f"{m.shape[-1]}x1" if vector or m.ndim < 2 else f"{m.shape[-2]}x{m.shape[-1]}"
    equation = "AX = B" if left else "XA = B"
    return RuntimeError(f"{name}: Incompatible shapes of A and B for the equation {equation} ({n}x{n} and {shape})")


def _solved(A: Tensor, B: Tensor, left: bool, function: str) -> tuple:
    check_tensor(A, function, "A")
    check_tensor(B, function, "B", 2)
    name = "linalg.solve"
    check_floating(A, name, "lu_cpu")
    check_square(A, name)
    a, b = A._array_, B._array_
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{name}: Expected A and B to have the same dtype, but found A of type {A.dtype.scalar_name} and B of type "
            f"{B.dtype.scalar_name} instead"
        )
    if b.ndim == 0:
        raise RuntimeError(f"{name}: The input tensor B must have at least 2 dimensions.")
    vector = b.ndim == 1 or (b.ndim == a.ndim - 1 and b.shape == a.shape[:-1])
    if vector and not left:
        raise incompatible(name, A, B, left, vector)
    if b.shape[-1 if vector or not left else -2] != a.shape[-1]:
        raise incompatible(name, A, B, left, vector)
    if vector:
        broadcast_batches(b[..., None], a)
    else:
        broadcast_batches(b, a)
    return _solve_ex(A, B, left=left, vector=vector)


def _check_solution(info: Tensor, name: str) -> None:
    failure = first_failure(info)
    if failure is not None:
        raise LinAlgError(f"{name}: {failure[0]}The solver failed because the input matrix is singular.")


def solve_ex(
    A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """(result, info): the solution as `solve` gives it, and 0 or the first zero on the diagonal of U, from 1."""
    results = _solved(A, B, left, "linalg_solve_ex")
    if check_errors:
        _check_solution(results[1], "torch.linalg.solve_ex")
    return finish_several(return_types.linalg_solve_ex, results, out, "linalg_solve_ex")


def solve(A: Tensor, B: Tensor, *, left: bool = True, out: Tensor | None = None) -> Tensor:
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
    result, info = _solved(A, B, left, "linalg_solve")
    _check_solution(info, "torch.linalg.solve")
    return finish(result, out, "linalg_solve")


# --- triangular systems ---


def _triangle(xp: Any, x: Array, upper: bool, unit: bool) -> Array:
    return xp.triu(x, k=1 if unit else 0) if upper else xp.tril(x, k=-1 if unit else 0)


def _triangular_solution_rule(xp, g, input, upper, left, unitriangular):
    return xp.linalg_solve_triangular(adjoint(xp, input), g, upper=not upper, left=left, unitriangular=unitriangular)


def _triangular_rule(xp, g, input, out, upper, left, unitriangular):
    """As for `solve`, but only the triangle that is read has a gradient."""
    solved = _triangular_solution_rule(xp, g, input, upper, left, unitriangular)
    product = xp.matmul(solved, adjoint(xp, out)) if left else xp.matmul(adjoint(xp, out), solved)
    return -_triangle(xp, product, upper, unitriangular)


def _triangular_jvp(xp, t, input, out, upper, left, unitriangular):
    t = _triangle(xp, t, upper, unitriangular)
    product = xp.matmul(t, out) if left else xp.matmul(out, t)
    return -xp.linalg_solve_triangular(input, product, upper=upper, left=left, unitriangular=unitriangular)


@op(
    name="linalg_solve_triangular",
    dtype=None,
    vjp={"input": _triangular_rule, "B": _triangular_solution_rule},
    jvp={
        "input": _triangular_jvp,
        "B": lambda xp, t, input, upper, left, unitriangular: xp.linalg_solve_triangular(
            input, t, upper=upper, left=left, unitriangular=unitriangular
        ),
    },
)
def _solve_triangular(xp, input, B, *, upper, left, unitriangular):
    if left:
        return xp.triangular_solution(input, B, upper, unitriangular)
    x = xp.triangular_solution(xp.matrix_transpose(input), xp.matrix_transpose(B), not upper, unitriangular)
    return xp.matrix_transpose(x)


def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False, out: Tensor | None = None
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
    """
    check_tensor(A, "linalg_solve_triangular")
    check_tensor(B, "linalg_solve_triangular", "B", 2)
    name = "linalg.solve_triangular"
    check_square(A, name)
    a, b = A._array_, B._array_
    if b.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor B must have at least 2 dimensions.")
    if b.shape[-2 if left else -1] != a.shape[-1]:
        raise incompatible(name, A, B, left)
    if a.dtype != b.dtype:
        A, B = (t.to(promote_types(A.dtype, B.dtype)) for t in (A, B))
    check_wide(A, "triangular_solve_cpu")
    broadcast_batches(b, a)
    result = _solve_triangular(A, B, upper=bool(upper), left=left, unitriangular=unitriangular)
    return finish(result, out, "linalg_solve_triangular")


def check_system(b: Tensor, A: Tensor, name: str, words: str) -> None:
    """The checks of the older solvers, which take the right-hand side first."""
    check_tensor(b, name)
    check_tensor(A, name, "A" if name == "triangular_solve" else "input2", 2)
    prefix = "torch.triangular_solve: Expected b to" if name == "triangular_solve" else "b should"
    for tensor, letter in ((b, "b"), (A, "A" if name == "triangular_solve" else "u")):
        if tensor._array_.ndim < 2:
            start = prefix if letter == "b" else prefix.replace(" b ", f" {letter} ").replace("b should", "u should")
            verb = ", but it has" if name == "triangular_solve" else ", but has"
            raise RuntimeError(f"{start} have at least 2 dimensions{verb} {tensor._array_.ndim} dimensions instead")
    if A._array_.dtype != b._array_.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {b.dtype.scalar_name} and A of type "
            f"{A.dtype.scalar_name} instead."
        )
    check_square(A, "")
    m, n = A._array_.shape[-2:]
    if b._array_.shape[-2] != n:
        raise RuntimeError(
            f"Incompatible matrix sizes for {name}: each A matrix is {m} by {n} but each b matrix is "
            f"{b._array_.shape[-2]} by {b._array_.shape[-1]}"
        )
    broadcast_batches(b._array_, A._array_)
    check_wide(A, words)


def _older_triangular_joint(xp, g, A, solution, upper, transpose, unitriangular, needs):
    g_solution, g_clone = g
    options = {"left": True, "unitriangular": unitriangular}
    # Of A^T X = B for complex A: the matrix of the system is the transpose, not the adjoint.
    solved = (
        xp.linalg_solve_triangular(xp.conj(A), g_solution, upper=upper, **options)
        if transpose
        else xp.linalg_solve_triangular(adjoint(xp, A), g_solution, upper=not upper, **options)
    )
    product = xp.matmul(solved, adjoint(xp, solution))
    if transpose:
        product = xp.matrix_transpose(product)
    return solved, g_clone - _triangle(xp, product, upper, unitriangular)


@op(
    name="triangular_solve",
    node="TriangularSolveBackward0",
    dtype=None,
    outputs=("solution", "cloned_coefficient"),
    joint=_older_triangular_joint,
)
def _older_triangular_solve(xp, input, A, *, upper, transpose, unitriangular):
    matrix = xp.matrix_transpose(A) if transpose else A
    solution = xp.triangular_solution(matrix, input, upper != transpose, unitriangular)
    clone = xp.copy(xp.broadcast_to(A, (*solution.shape[:-2], *A.shape[-2:])))
    return solution, clone


@public("triangular_solve")
def triangular_solve(
    b: Tensor,
    A: Tensor,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
    *,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """(solution, cloned_coefficient) of A X = b, or A^T X = b, for triangular A. `linalg.solve_triangular` is newer."""
    check_system(b, A, "triangular_solve", "triangular_solve_cpu")
    options = {"upper": bool(upper), "transpose": bool(transpose), "unitriangular": bool(unitriangular)}
    results = _older_triangular_solve(b, A, **options)
    return finish_several(return_types.triangular_solve, results, out, "triangular_solve")


# --- tensors as operators ---


def tensorinv(A: Tensor, ind: int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A as a map from its last dimensions to its first `ind`: of shape A.shape[ind:] + A.shape[:ind].

    RuntimeError where the products of the two groups of sizes differ.
    """
    check_tensor(A, "linalg_tensorinv")
    shape = tuple(A._array_.shape)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    first, last = shape[:ind], shape[ind:]
    if math.prod(first) != math.prod(last):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{math.prod(last)} != {math.prod(first)}"
        )
    inverse_ = inv(A.reshape((math.prod(first), math.prod(last))))
    return finish(inverse_.reshape((*last, *first)), out, "linalg_tensorinv")


def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """X with tensordot(A, X, X.ndim) = B: A maps tensors of the shape of its last dimensions to the shape of B.

    dims: dimensions of A that are moved to its end first.
    """
    check_tensor(A, "linalg_tensorsolve")
    check_tensor(B, "linalg_tensorsolve", "other", 2)
    if dims is not None:
        dims = tuple(dims)
        A = A.movedim(dims, tuple(range(A._array_.ndim - len(dims), A._array_.ndim)))
    shape, n = tuple(A._array_.shape), B._array_.ndim
    size, wanted = math.prod(shape[n:]), math.prod(shape[:n])
    if size != wanted:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
            f"but got {size} != {wanted}"
        )
    result = solve(A.reshape((B._array_.size, size)), B.reshape((-1,)))
    return finish(result.reshape(shape[n:]), out, "linalg_tensorsolve")


__all__ = [
    "LinAlgError",
    "inv",
    "inv_ex",
    "inverse",
    "solve",
    "solve_ex",
    "solve_triangular",
    "tensorinv",
    "tensorsolve",
    "triangular_solve",
]
