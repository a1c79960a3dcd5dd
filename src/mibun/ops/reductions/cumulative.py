"""Running reductions along a dimension: cumsum, cumprod, cummax, cummin, logcumsumexp.

The gradients of cumprod and logcumsumexp are linear recurrences run backward, `b[j] = c[j] + a[j] * b[j-1]`; that
recurrence is an operator of its own, whose gradient is again one. So there is no division, and they are exact where
elements are zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.dtypes import as_dtype, dtype
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64, dtype_for, in_dtype, one_dim, section
from .extremes import finish_pair, scalar_index


def _delayed(xp: Any, x: Array, dim: int, first: Array) -> Array:
    """x moved one place up along the dimension; `first` makes the first element of its first."""
    return xp.concat([first(section(x, dim, 0, 1)), section(x, dim, 0, -1)], axis=dim)


def _running_sum_back(xp: Any, g: Array, dim: int) -> Array:
    if g.ndim == 0:
        return g
    return xp.flip(xp.cumulative_sum(xp.flip(g, axis=dim), axis=dim), axis=dim)


# --- cumsum ---


@op(linear, name="cumsum", memory="contiguous", dtype=None, vjp=lambda xp, g, dim: _running_sum_back(xp, g, dim))
def _cumsum(xp, input, *, dim, dtype):
    if dtype is not None:
        input = xp.astype(input, dtype)
    return xp.cumulative_sum(input, axis=dim) if input.ndim else xp.copy(input)


def _running_dtype(input: Tensor, dtype: dtype | None) -> np.dtype | None:
    return INT64 if dtype is None and input._array_.dtype.kind in "biu" else None


def _no_bool(dtype: dtype | None, name: str) -> dtype | None:
    if dtype is not None and as_dtype(dtype, name).category == 0:
        raise NotImplementedError(f"\"{name}_out_cpu\" not implemented for 'Bool'")
    return dtype


@public("cumsum")
def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running sum along a dimension: out[i] = x[0] + ... + x[i].

    Args:
        input: of any dtype.
        dim: the dimension.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape. The gradient is the running sum from the other end.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
    tensor([1, 3, 6])
    """
    dtype = _no_bool(dtype_for(out, dtype, "cumsum"), "cumsum")
    input = in_dtype(input, dtype, "cumsum")
    dim = one_dim(input, dim, "cumsum")
    return finish(_cumsum(input, dim=dim, dtype=_running_dtype(input, dtype)), out, "cumsum")


@public("cumsum_", function=False)
def cumsum_(self: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The running sum along a dimension, written over this tensor, in its dtype."""
    return apply_inplace(_cumsum, (self,), {"dim": one_dim(self, dim, "cumsum_"), "dtype": None}, "cumsum_")


# --- the linear recurrence ---


def _scan_rule(xp, g, c, a, out, dim):
    """Backward in time: s[j] = g[j] + conj(a[j+1]) * s[j+1]; then dc = s and da[j] = s[j] * conj(b[j-1])."""
    flipped = xp.flip(xp.conj(a), axis=dim)
    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, flipped, dim, xp.zeros_like), dim=dim), axis=dim)
    return s, s * xp.conj(_delayed(xp, out, dim, xp.zeros_like))


@op(name="linear_scan", dtype=None, joint=_scan_rule)
def _linear_scan(xp, c, a, *, dim):
    """b[j] = c[j] + a[j] * b[j-1]: in log2(n) steps, each of which doubles how far back every element reaches."""
    found = xp.linear_recurrence(c, a, dim)
    if found is not None:
        return found
    size = c.shape[dim]
    step = 1
    while step < size:
        head, tail = section(c, dim, 0, step), section(c, dim, step, None)
        factor = section(a, dim, step, None)
        c = xp.concat([head, tail + factor * section(c, dim, 0, -step)], axis=dim)
        a = xp.concat([section(a, dim, 0, step), factor * section(a, dim, 0, -step)], axis=dim)
        step *= 2
    return c


# --- cumprod ---


def _cumprod_rule(xp, g, input, out, dim):
    """With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1])."""
    if input.ndim == 0 or 0 in input.shape:
        return g
    factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
    s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
    return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))


@op(name="cumprod", memory="contiguous", dtype=None, vjp=_cumprod_rule)
def _cumprod(xp, input, *, dim, dtype):
    if dtype is not None:
        input = xp.astype(input, dtype)
    return xp.cumulative_prod(input, axis=dim) if input.ndim else xp.copy(input)


@public("cumprod")
def cumprod(input: Tensor, dim: int, *, dtype: dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running product along a dimension: out[i] = x[0] * ... * x[i].

    Its gradient is a linear recurrence from the other end, exact where elements are zero. dtype: as for `cumsum`.

    >>> import mibun as torch
    >>> torch.cumprod(torch.tensor([1, 2, 3]), 0)
    tensor([1, 2, 6])
    """
    dtype = _no_bool(dtype_for(out, dtype, "cumprod"), "cumprod")
    input = in_dtype(input, dtype, "cumprod")
    dim = one_dim(input, dim, "cumprod")
    return finish(_cumprod(input, dim=dim, dtype=_running_dtype(input, dtype)), out, "cumprod")


@public("cumprod_", function=False)
def cumprod_(self: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The running product along a dimension, written over this tensor, in its dtype."""
    return apply_inplace(_cumprod, (self,), {"dim": one_dim(self, dim, "cumprod_"), "dtype": None}, "cumprod_")


# --- logcumsumexp ---


def _logcumsumexp_rule(xp, g, input, out, dim):
    """sum over j >= i of g[j] exp(x[i] - out[j]), as a recurrence with factors exp(out[i] - out[i+1]) <= 1.

    Where the sum has become infinite, and stays so, the factor is 1: what was finite has no gradient from there.
    """
    if input.ndim == 0:
        return g * xp.conj(xp.exp(input - out))
    if 0 in input.shape:
        return g
    previous = _delayed(xp, out, dim, lambda x: x)
    stays = xp.logical_and(xp.isinf(out), xp.equal(previous, out))
    ratios = xp.flip(xp.conj(xp.exp(xp.where(stays, xp.zeros_like(out), previous - out))), axis=dim)
    s = xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, ratios, dim, xp.zeros_like), dim=dim)
    return xp.flip(s, axis=dim) * xp.conj(xp.exp(input - out))


@op(name="logcumsumexp", memory="contiguous", dtype=None, vjp=_logcumsumexp_rule)
def _logcumsumexp(xp, input, *, dim):
    return xp.cumulative_logaddexp(input, dim) if input.ndim else xp.copy(input)


@public("logcumsumexp")
def logcumsumexp(input: Tensor, dim: int, *, out: Tensor | None = None) -> Tensor:
    """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers.

    >>> import mibun as torch
    >>> torch.logcumsumexp(torch.tensor([0., 0.]), 0)
    tensor([0.0000, 0.6931])
    """
    check_tensor(input, "logcumsumexp")
    dim = one_dim(input, dim, "logcumsumexp")
    if input._array_.dtype.kind in "biu":
        raise NotImplementedError(f"\"logcumsumexp_out_cpu\" not implemented for '{input.dtype.scalar_name}'")
    return finish(_logcumsumexp(input, dim=dim), out, "logcumsumexp")


# --- cummax and cummin ---


@op(
    name="cummax",
    dtype=None,
    outputs=("values", "indices"),
    n_differentiable=1,
    vjp=lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g,
    jvp=lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),),
)
def _cummax(xp, input, *, dim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    values = xp.cumulative_max(input, dim)
    return values, xp.newest_equal(input, values, dim)  # where it was last met: of equal ones the newest


@op(
    name="cummin",
    dtype=None,
    outputs=("values", "indices"),
    n_differentiable=1,
    vjp=lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g,
    jvp=lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),),
)
def _cummin(xp, input, *, dim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    values = xp.cumulative_min(input, dim)
    return values, xp.newest_equal(input, values, dim)  # where it was last met: of equal ones the newest


def _running_extreme(
    record: Op, input: Tensor, dim: int, out: Sequence[Tensor] | None, name: str
) -> tuple[Tensor, Tensor]:
    check_tensor(input, name)
    dim = one_dim(input, dim, name)
    if input._array_.dtype.kind == "c":
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for '{input.dtype.scalar_name}'")
    return finish_pair(getattr(return_types, name), record(input, dim=dim), out, name)


@public("cummax")
def cummax(input: Tensor, dim: int, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """The running maximum along a dimension and where it was met, the newest of equal ones.

    Returns (values, indices); the gradient of a value goes to the element at its index. NaN stays once it is met.
    NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
    tensor([1, 3, 3])
    """
    return _running_extreme(_cummax, input, dim, out, "cummax")


@public("cummin")
def cummin(input: Tensor, dim: int, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
    """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices).

    >>> import mibun as torch
    >>> torch.cummin(torch.tensor([3, 1, 2]), 0).values
    tensor([3, 1, 1])
    """
    return _running_extreme(_cummin, input, dim, out, "cummin")
