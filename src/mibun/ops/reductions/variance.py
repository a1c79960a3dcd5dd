"""Variance and standard deviation, with or without the mean."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import count, reduced_dims, spread


def _degrees(shape: tuple[int, ...], dims: tuple[int, ...], correction: float) -> float:
    return max(count(shape, dims) - correction, 0)


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.inf


def _variance(xp: Any, input: Array, dims: tuple[int, ...], keepdim: bool, correction: float) -> tuple[Array, Array]:
    """The variance and the mean, in two passes: the mean first, then the squared distances from it."""
    mean = xp.mean(input, axis=dims, keepdims=True)
    centered = input - mean
    squares = xp.real(centered * xp.conj(centered))
    total = xp.sum(squares, axis=dims, keepdims=keepdim)
    degrees = _degrees(input.shape, dims, correction)
    variance = total / degrees if degrees else xp.where(xp.greater(total, 0), math.inf, math.nan * total)
    if not keepdim:
        mean = xp.reshape(mean, tuple([size for i, size in enumerate(input.shape) if i not in dims]))
    return variance, mean


def _variance_rule(xp, g, input, dims, correction):
    """d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero."""
    scale = _ratio(2, _degrees(input.shape, dims, correction))
    return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))


def _deviation_rule(xp, g, input, out, dims, correction):
    g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
    return _variance_rule(xp, g, input, dims, correction)


def _mean_part(xp, g, input, dims):
    return xp.broadcast_to(spread(xp, g, input.shape, dims) / (count(input.shape, dims) or 1), input.shape)


@op(name="var", dtype=None, vjp=_variance_rule)
def _var(xp, input, *, dims, keepdim, correction):
    return _variance(xp, input, dims, keepdim, correction)[0]


@op(name="std", dtype=None, vjp=_deviation_rule)
def _std(xp, input, *, dims, keepdim, correction):
    return xp.sqrt(_variance(xp, input, dims, keepdim, correction)[0])


@op(
    name="var_mean",
    dtype=None,
    outputs=("var", "mean"),
    vjp=lambda xp, g, input, dims, correction: (
        _variance_rule(xp, g[0], input, dims, correction) + _mean_part(xp, g[1], input, dims)
    ),
)
def _var_mean(xp, input, *, dims, keepdim, correction):
    return _variance(xp, input, dims, keepdim, correction)


@op(
    name="std_mean",
    dtype=None,
    outputs=("std", "mean"),
    vjp=lambda xp, g, input, std, dims, correction: (
        _deviation_rule(xp, g[0], input, std, dims, correction) + _mean_part(xp, g[1], input, dims)
    ),
)
def _std_mean(xp, input, *, dims, keepdim, correction):
    variance, mean = _variance(xp, input, dims, keepdim, correction)
    return xp.sqrt(variance), mean


def _apply(
    record: Op,
    input: Tensor,
    dim: int | Sequence[int] | bool | None,
    unbiased: bool | None,
    keepdim: bool,
    correction: float | None,
) -> Any:
    name = record.name
    check_tensor(input, name)
    if isinstance(dim, bool):  # var(input, unbiased)
        dim, unbiased = None, dim
    if correction is not None and unbiased is not None:
        raise TypeError(f"{name}() received an invalid combination of arguments - got both unbiased and correction")
    if correction is None:
        correction = 0 if unbiased is False else 1
    if input._array_.dtype.kind in "biu":
        subject = "std and var" if record in (_var, _std) else name
        raise RuntimeError(f"{subject} only support floating point and complex dtypes, but got {input.dtype}")
    dims = reduced_dims(input, dim, name)
    if not _degrees(input.shape, dims, correction):
        warnings.warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor "
            "(input numel divided by output numel).",
            stacklevel=stacklevel(),
        )
    return record(input, dims=dims, keepdim=keepdim, correction=correction)


@public("var")
def var(
    input: Tensor,
    dim: int | Sequence[int] | bool | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

    Computed in two passes, the mean first, so that a large mean costs no digits.

    Args:
        input: of a floating or complex dtype.
        dim: one dimension or several; None: all.
        unbiased: the older form of `correction`: True is 1, False is 0.
        keepdim: whether the dimensions stay, with size 1.
        correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
        out: a tensor to write the result into.

    Returns:
        the variances, real; NaN or inf (with a warning) where n - correction is not positive.

    Raises:
        RuntimeError: for bools and integers.
        TypeError: for both unbiased and correction.

    >>> import mibun as torch
    >>> torch.var(torch.tensor([1., 2., 3., 4.]))
    tensor(1.6667)
    >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
    tensor(1.2500)
    """
    return finish(_apply(_var, input, dim, unbiased, keepdim, correction), out, "var")


@public("std")
def std(
    input: Tensor,
    dim: int | Sequence[int] | bool | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

    >>> import mibun as torch
    >>> torch.std(torch.tensor([1., 2., 3., 4.]))
    tensor(1.2910)
    """
    return finish(_apply(_std, input, dim, unbiased, keepdim, correction), out, "std")


@public("var_mean", method=False)
def var_mean(
    input: Tensor,
    dim: int | Sequence[int] | bool | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The variance and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.var_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))
    """
    return _apply(_var_mean, input, dim, unbiased, keepdim, correction)


@public("std_mean", method=False)
def std_mean(
    input: Tensor,
    dim: int | Sequence[int] | bool | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.std_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))
    """
    return _apply(_std_mean, input, dim, unbiased, keepdim, correction)
