"""Polynomials by their coefficients, from the highest power down; evenly spaced numbers between Tensors."""

from __future__ import annotations

import functools
import operator
from typing import Any

import numpy as np

from ...core.tensor import Tensor
from .arguments import axis_of, cast, common, floating, implements, ops, tensor_of
from .linalg import _eigvals
from .products import convolve


def _coefficients(p: Any) -> Tensor:
    return tensor_of(p).reshape(-1)


@implements("polyval")
def polyval(p, x) -> Tensor:
    """Horner's rule."""
    p, x = common([_coefficients(p), tensor_of(x)])
    result = ops.zeros_like(x)
    for coefficient in p.unbind():
        result = result * x + coefficient
    return result


def _aligned(a1: Any, a2: Any) -> list[Tensor]:
    parts = common([_coefficients(a1), _coefficients(a2)])
    n = max(map(len, parts))
    return [ops.cat([ops.zeros(n - len(part), dtype=part.dtype), part]) for part in parts]


@implements("polyadd")
def polyadd(a1, a2) -> Tensor:
    return operator.add(*_aligned(a1, a2))


@implements("polysub")
def polysub(a1, a2) -> Tensor:
    return operator.sub(*_aligned(a1, a2))


@implements("polymul")
def polymul(a1, a2) -> Tensor:
    return convolve(_coefficients(a1), _coefficients(a2))


@implements("polyder")
def polyder(p, m=1) -> Tensor:
    p = _coefficients(p)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    for _ in range(m):
        n = len(p) - 1
        p = p[:-1] * cast(tensor_of(np.arange(n, 0, -1)), p.dtype)
    return p


@implements("polyint")
def polyint(p, m=1, k=None) -> Tensor:
    p = floating(_coefficients(p))
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = (
        [0.0] * m if k is None else list(np.atleast_1d(k) if not isinstance(k, Tensor) else k.reshape(-1).unbind())
    )
    constants = constants * m if len(constants) == 1 and m > 1 else constants
    if len(constants) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    for constant in constants[:m]:
        p = p / cast(tensor_of(np.arange(len(p), 0, -1)), p.dtype)
        p = ops.cat([p, cast(tensor_of(constant), p.dtype).reshape(1)])
    return p


@implements("poly")
def poly(seq_of_zeros) -> Tensor:
    roots = floating(tensor_of(seq_of_zeros))
    if roots.ndim == 2:
        roots = _eigvals(roots)
    one = ops.ones(1, dtype=roots.dtype)
    return functools.reduce(convolve, [ops.cat([one, -root.reshape(1)]) for root in roots.reshape(-1).unbind()], one)


@implements("vander")
def vander(x, N=None, increasing=False) -> Tensor:  # noqa: N803
    x = tensor_of(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    n = len(x) if N is None else N
    powers = [ops.ones_like(x)]
    for _ in range(n - 1):
        powers.append(powers[-1] * x)
    powers = powers[:n]
    return ops.stack(powers if increasing else powers[::-1], 1) if powers else x.reshape(-1, 1)[:, :0]


# --- evenly spaced ---


@implements("linspace")
def linspace(
    start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None
) -> Tensor | tuple[Tensor, Tensor]:
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    start, stop = common([floating(tensor_of(start)), floating(tensor_of(stop))])
    width = stop - start
    intervals = num - 1 if endpoint else num
    step = width / intervals if intervals > 0 else width * float("nan")
    places = cast(tensor_of(np.arange(num)), start.dtype).reshape([-1, *[1] * width.ndim])
    result = start + places * (step if intervals > 0 else width)
    if endpoint and num > 1:
        result = ops.cat([result[:-1], stop.broadcast_to(width.shape).unsqueeze(0)])
    if axis != 0:
        result = result.movedim(0, axis_of(axis, result.ndim))
    result = cast(result, dtype)
    return (result, step) if retstep else result


@implements("logspace")
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0) -> Tensor:
    base = tensor_of(base)
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    assert isinstance(exponents, Tensor)
    if base.ndim:
        base = base.unsqueeze(axis)
    return cast(ops.pow(*common([base, exponents])), dtype)


@implements("geomspace")
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0) -> Tensor:
    """Between numbers of one sign: start · (stop / start)^(i / (num - 1))."""
    start, stop = common([floating(tensor_of(start)), floating(tensor_of(stop))])
    if start.is_complex() or not (np.asarray(start._array_ * stop._array_) > 0).all():
        raise ValueError("Geometric sequence cannot include zero, and has derivatives here between numbers of one sign")
    sign = ops.sgn(start)
    exponents = linspace(ops.log(start * sign), ops.log(stop * sign), num, endpoint, axis=axis)
    assert isinstance(exponents, Tensor)
    return cast(ops.exp(exponents) * (sign.unsqueeze(axis) if sign.ndim else sign), dtype)
