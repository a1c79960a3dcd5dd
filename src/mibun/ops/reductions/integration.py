"""Integrals of sampled functions by the trapezoidal rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.overloads import number
from ...dispatch.public import public
from ..annotations import Number

_UNSET: Any = object()


def _check(y: Tensor, x: Tensor | None, dx: Any, dim: int, name: str) -> tuple[Number | Tensor, int]:
    """The widths as a number or a Tensor that broadcasts with the gaps of y, and the dimension."""
    check_tensor(y, name, "y")
    if (x is not None and not isinstance(x, Tensor)) or (x is not None and dx is not _UNSET) or dx is None:
        given = ", ".join(type(value).__name__ for value in (y, x, dx) if value is not _UNSET)
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({given}), but expected one of:\n"
            " * (Tensor y, Tensor x, *, int dim = -1)\n * (Tensor y, *, Number dx = 1, int dim = -1)"
        )
    shape = y._array_.shape
    if not shape:
        if name == "trapezoid":
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), name)
    if y._array_.dtype.kind == "b" or (x is not None and x._array_.dtype.kind == "b"):
        what = "`y`" if x is None else "`x` or `y`"
        raise RuntimeError(f"{name}: received a bool input for {what}, but bool is not supported")
    if x is None:
        return 1 if dx is _UNSET else number(dx, name, "dx"), dim
    ndim = x._array_.ndim
    if ndim == 1:
        if x._array_.shape[0] != shape[dim]:
            raise RuntimeError(
                f"{name}: There must be one `x` value for each sample point, but there are {x._array_.shape[0]} for "
                f"{shape[dim]} points"
            )
        x = x.reshape((shape[dim], *[1] * (len(shape) - dim - 1)))
    if x._array_.ndim < len(shape):
        x = x.reshape((*[1] * (len(shape) - x._array_.ndim), *x._array_.shape))
    return _gaps(x, x._array_.ndim - len(shape) + dim, lambda left, right: right - left), dim


def _gaps(x: Tensor, dim: int, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    n = max(x._array_.shape[dim] - 1, 0)
    return combine(x.narrow(dim, 0, n), x.narrow(dim, x._array_.shape[dim] - n, n))


def _sums(y: Tensor, dim: int) -> Tensor:
    return _gaps(y, dim, lambda left, right: left + right)


@public("trapezoid", "trapz", method=False)
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = _UNSET, dim: int = -1) -> Tensor:
    """The integral along a dimension by the trapezoidal rule: the sum of (x[i+1] - x[i]) (y[i] + y[i+1]) / 2.

    x: the points, for all of y or along that dimension; else they are `dx` (1) apart.

    >>> import mibun as torch
    >>> torch.trapezoid(torch.tensor([1., 5., 10.]))
    tensor(10.5000)
    """
    width, dim = _check(y, x, dx, dim, "trapezoid")
    if x is not None:
        return (_sums(y, dim) * width).sum(dim) / 2.0
    if y._array_.shape[dim] == 0:
        shape = [size for axis, size in enumerate(y._array_.shape) if axis != dim]
        return y.new_zeros(tuple(shape))
    ends = (y.select(dim, 0) + y.select(dim, -1)) * 0.5
    return (y.sum(dim) - ends) * width


@public("cumulative_trapezoid", method=False)
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = _UNSET, dim: int = -1) -> Tensor:
    """The integrals up to each point but the first along a dimension, by the trapezoidal rule: see `trapezoid`.

    >>> import mibun as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1., 5., 10.]))
    tensor([ 3.0000, 10.5000])
    """
    width, dim = _check(y, x, dx, dim, "cumulative_trapezoid")
    if x is not None:
        return (_sums(y, dim) * width).cumsum(dim) / 2.0
    return (_sums(y, dim) * (width / 2.0)).cumsum(dim)


__all__ = ["cumulative_trapezoid", "trapezoid"]
