"""Products of vectors, and matrices made of them: cross, vecdot, vander."""

from __future__ import annotations

import warnings
from typing import Any

from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import multilinear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..shape.joining import cat
from .matmul import vdot

# --- cross ---


def _crossed(xp: Any, a: Array, b: Array, dim: int) -> Array:
    def parts(x: Tensor) -> list:
        dim_ = dim + x.ndim if dim < 0 else dim
        return [x[(slice(None),) * dim_ + (i, ...)] for i in range(3)]

    (a0, a1, a2), (b0, b1, b2) = parts(a), parts(b)
    return xp.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=dim)


# The triple product g . (a x b) does not change when its vectors are moved round: the gradients are b x g and g x a.
@op(
    multilinear,
    name="linalg_cross",
    dtype=None,
    vjp={
        "input": lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim),
        "other": lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim),
    },
)
def _cross(xp, input, other, *, dim):
    return _crossed(xp, input, other, dim)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3: `(a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)`.

    Args:
        input, other: of one dtype and one number of dimensions; the others broadcast.
        dim: the dimension of the vectors, of size 3.

    Raises:
        RuntimeError: where the size is not 3, or the shapes or dtypes do not fit. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.linalg.cross(torch.tensor([1., 0., 0.]), torch.tensor([0., 1., 0.]))
    tensor([0., 0., 1.])
    """
    check_tensor(input, "linalg_cross")
    check_tensor(other, "linalg_cross", "other", 2)
    a, b = input._array_, other._array_
    if a.ndim != b.ndim:
        raise RuntimeError(f"linalg.cross: inputs must have the same number of dimensions. Got {a.ndim} and {b.ndim}")
    if a.ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = wrap_dim(dim, a.ndim, "linalg_cross")
    if a.shape[axis] != 3 or b.shape[axis] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {a.shape[axis]} and {b.shape[axis]}"
        )
    check_broadcast([a.shape, b.shape])
    if a.dtype != b.dtype:
        raise RuntimeError(f"expected scalar type {input.dtype.scalar_name} but found {other.dtype.scalar_name}")
    if a.dtype.kind == "b":
        raise NotImplementedError("\"cross\" not implemented for 'Bool'")
    return finish(_cross(input, other, dim=axis), out, "linalg_cross")


@public("cross")
def cross(input: Tensor, other: Tensor, dim: int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3 along `dim`, by default the first dimension of size 3.

    `linalg.cross`, where the default is the last dimension, is newer; without dim there is a warning.
    """
    check_tensor(input, "cross")
    check_tensor(other, "cross", "other", 2)
    axis = dim
    if axis is None:
        warnings.warn(
            "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass the dim explicitly or "
            "simply use torch.linalg.cross.\nThe default value of dim will change to agree with that of linalg.cross "
            "in a future release.",
            UserWarning,
            stacklevel=stacklevel(),
        )
        shape = input._array_.shape
        if 3 not in shape:
            raise RuntimeError(f"no dimension of size 3 in input, whose shape is {list(shape)}")
        axis = int(shape.index(3))
    return linalg_cross(input, other, dim=axis, out=out)


# --- vecdot ---


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """The dot products of vectors along a dimension: `sum conj(x) * y`.

    Args:
        x, y: of one floating or complex dtype; they broadcast.
        dim: the dimension of the vectors, which the result lacks.

    Raises:
        RuntimeError: for integers, and where the dtypes differ.

    >>> import mibun as torch
    >>> torch.linalg.vecdot(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])
    """
    check_tensor(x, "linalg_vecdot", "x")
    check_tensor(y, "linalg_vecdot", "y", 2)
    if x._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"linalg.vecdot: Expected a floating point or complex tensor as input. Got {x.dtype.scalar_name}"
        )
    if x._array_.dtype != y._array_.dtype:
        raise RuntimeError(
            f"linalg.vecdot: Expected x and y to have the same dtype, but found x of type {x.dtype.scalar_name} and y "
            f"of type {y.dtype.scalar_name} instead"
        )
    if x._array_.dtype.kind == "c":
        if x._array_.ndim == 1 and x._array_.shape == y._array_.shape:
            return finish(vdot(x, y), out, "linalg_vecdot")
        x = x.conj()
    return finish((x * y).sum(dim), out, "linalg_vecdot")


# --- Vandermonde matrices ---


def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers 0 to N - 1 (by default as many as elements) of each number of the last dimension: (*, n, N).

    >>> import mibun as torch
    >>> torch.linalg.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])
    """
    check_tensor(x, "linalg_vander", "x")
    dtype = x._array_.dtype
    if dtype.kind == "b" or dtype.itemsize == 2 and dtype.kind in "fV":
        raise RuntimeError(
            f"linalg.vander supports floating point, complex, and integer tensors, but got {x.dtype.scalar_name}"
        )
    if x._array_.ndim == 0:
        x = x.unsqueeze(-1)
    n = x._array_.shape[-1] if N is None else N
    if n <= 1:
        raise RuntimeError(f"N must be greater than 1. It is {n}: give N, or more than one element")
    powers = x.unsqueeze(-1).expand((*x._array_.shape, n - 1)).cumprod(-1)
    ones = powers.new_ones((*x._array_.shape, 1))
    return cat([ones, powers], -1)


@public("vander", method=False)
def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers N - 1 down to 0 (by default as many as elements) of a vector's numbers: (n, N); increasing: up."""
    check_tensor(x, "vander", "x")
    if x._array_.ndim != 1:
        raise RuntimeError(f"x must be a one-dimensional tensor. It has {x._array_.ndim} dimensions")
    n = x._array_.shape[0] if N is None else N
    if n < 0:
        raise RuntimeError(f"N must be non-negative. It is {n}")
    if x._array_.dtype.kind in "biu":
        x = x.long()
    ones = x.new_ones((x._array_.shape[0], min(n, 1)))
    parts = [ones]
    if n > 1:
        parts.append(x.unsqueeze(1).expand((x._array_.shape[0], n - 1)).cumprod(1))
    powers = cat(parts, 1)
    return powers if increasing else powers.flip(1)


__all__ = ["cross", "linalg_cross", "linalg_vander", "vander", "vecdot"]
