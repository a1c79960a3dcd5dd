"""The lower and the upper triangle of matrices: tril, triu, and in place."""

from __future__ import annotations

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public


@op(
    linear,
    name="lower_triangle",
    memory="contiguous",
    node="TrilBackward0",
    dtype=None,
    vjp=lambda xp, g, diagonal: xp.lower_triangle(g, diagonal=diagonal),
)
def _tril(xp, input, *, diagonal):
    return xp.tril(input, k=diagonal)


@op(
    linear,
    name="upper_triangle",
    memory="contiguous",
    node="TriuBackward0",
    dtype=None,
    vjp=lambda xp, g, diagonal: xp.upper_triangle(g, diagonal=diagonal),
)
def _triu(xp, input, *, diagonal):
    return xp.triu(input, k=diagonal)


def _triangle(input: Tensor, diagonal: int, name: str) -> dict:
    check_tensor(input, name)
    if input._array_.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
    return {"diagonal": whole(diagonal, name, "diagonal")}


@public("tril")
def tril(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The lower triangle of the last two dimensions; zero elsewhere.

    Args:
        input: (*, m, n), of any dtype.
        diagonal: the last diagonal that is kept: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: for less than two dimensions.

    >>> import mibun as torch
    >>> torch.tril(torch.ones(3, 3))
    tensor([[1., 0., 0.],
            [1., 1., 0.],
            [1., 1., 1.]])
    """
    result = _tril(input, **_triangle(input, diagonal, "tril"))
    return finish(result, out, "tril")


@public("triu")
def triu(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The upper triangle of the last two dimensions; zero elsewhere.

    Args:
        input: (*, m, n), of any dtype.
        diagonal: the first diagonal that is kept: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: for less than two dimensions.

    >>> import mibun as torch
    >>> torch.triu(torch.ones(3, 3), diagonal=1)
    tensor([[0., 1., 1.],
            [0., 0., 1.],
            [0., 0., 0.]])
    """
    result = _triu(input, **_triangle(input, diagonal, "triu"))
    return finish(result, out, "triu")


@public("tril_", function=False)
def _tril_(self: Tensor, diagonal: int = 0) -> Tensor:
    """`tril`, into the tensor itself."""
    return apply_inplace(_tril, (self,), _triangle(self, diagonal, "tril"), "tril_")


@public("triu_", function=False)
def _triu_(self: Tensor, diagonal: int = 0) -> Tensor:
    """`triu`, into the tensor itself."""
    return apply_inplace(_triu, (self,), _triangle(self, diagonal, "triu"), "triu_")
