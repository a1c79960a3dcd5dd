"""Powers and the exponential of square matrices."""

from __future__ import annotations

from typing import Any

from ...core.registry import Array, constant_beside
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.special.matrices import exponential
from ..creation.matrices import eye
from .matmul import matmul
from .matrices import adjoint, check_square
from .solving import inv


def linalg_matrix_power(A: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """The n-th power of square matrices, by repeated squaring; a negative one inverts first, n = 0 gives the identity.

    Args:
        A: (*, m, m), of any dtype but bool; for n < 0 floating or complex.
        n: the exponent, an int.

    Returns:
        (*, m, m).

    Raises:
        RuntimeError: where A is not square. linalg.LinAlgError where n < 0 and A is singular.

    >>> import mibun as torch
    >>> torch.linalg.matrix_power(torch.tensor([[1., 1.], [0., 1.]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    check_tensor(A, "linalg_matrix_power")
    check_square(A, "linalg.matrix_power")
    n = whole(n, "linalg_matrix_power", "n")
    if n == 0:
        identity = wrap(constant_beside(eye(A._array_.shape[-1], dtype=A.dtype)._array_, A._array_))
        # A copy of A with the identity written over it: it has a graph, and zero gradients, as in PyTorch.
        return finish(A.clone().copy_(identity.expand(A._array_.shape)), out, "linalg_matrix_power")
    base = A if n > 0 else inv(A)
    n = abs(n)
    result = None
    while n:
        if n % 2:
            result = base if result is None else matmul(result, base)
        n //= 2
        if n:
            base = matmul(base, base)
    return finish(result.clone() if result is A else result, out, "linalg_matrix_power")  # type: ignore[union-attr]


@public("matrix_power")
def matrix_power(input: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """The n-th power of square matrices: see `linalg.matrix_power`."""
    check_tensor(input, "matrix_power")
    return linalg_matrix_power(input, n, out=out)


def _exponential_along(xp: Any, x: Array, direction: Array) -> Array:
    """The derivative of exp at x along a direction: the upper right block of exp([[x, direction], [0, x]]).

    Source: Mathias, "A chain rule for matrix functions and applications" (1996).
    """
    n = x.shape[-1]
    upper = xp.concat([x, direction], axis=-1)
    lower = xp.concat([xp.zeros_like(x), x], axis=-1)
    return xp.linalg_matrix_exp(xp.concat([upper, lower], axis=-2))[..., :n, n:]


@op(
    name="linalg_matrix_exp",
    dtype=None,
    vjp=lambda xp, g, input: _exponential_along(xp, adjoint(xp, input), g),
    jvp=lambda xp, t, input: _exponential_along(xp, input, t),
)
def _matrix_exp(xp, input):
    if getattr(input.dtype, "itemsize", 0) == 2:
        return xp.astype(exponential(xp, xp.astype(input, xp.float32)), input.dtype)
    return exponential(xp, input)


def linalg_matrix_exp(A: Tensor) -> Tensor:
    """The exponential of square matrices, `sum_k A^k / k!`, by scaling and squaring.

    Args:
        A: (*, n, n), of a floating or complex dtype.

    Returns:
        (*, n, n).

    Raises:
        RuntimeError: where A is not square, or integers.

    Source: Higham, "The scaling and squaring method for the matrix exponential revisited" (2005); of the derivative:
    Mathias, "A chain rule for matrix functions and applications" (1996).

    >>> import mibun as torch
    >>> torch.linalg.matrix_exp(torch.tensor([[0., 1.], [0., 0.]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    check_tensor(A, "linalg_matrix_exp")
    check_square(A, "linalg.matrix_exp")
    if A._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"linalg.matrix_exp: Expected a floating point or complex tensor as input. Got {A.dtype.scalar_name}"
        )
    return _matrix_exp(A)


@public("matrix_exp")
def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of square matrices: see `linalg.matrix_exp`."""
    check_tensor(input, "matrix_exp")
    return linalg_matrix_exp(input)


__all__ = ["linalg_matrix_exp", "linalg_matrix_power", "matrix_exp", "matrix_power"]
