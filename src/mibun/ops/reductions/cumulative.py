"""Running reductions along a dimension: cumsum, cumprod, cummax, cummin, logcumsumexp, and differences.

The gradients of cumprod and logcumsumexp are linear recurrences run backward, `b[j] = c[j] + a[j] * b[j-1]`; that
recurrence is an operator of its own, whose gradient is again one. So there is no division, and they are exact where
elements are zero.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import FUNCTIONS
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64, cast, numpy_names, one_dim
from .extremes import finish_pair, scalar_index


def _slice(x: Any, dim: int, start: int | None, stop: int | None) -> Any:
    return x[(slice(None),) * dim + (slice(start, stop), ...)]


def _delayed(xp: Any, x: Any, dim: int, first: Any) -> Any:
    """x moved one place up along the dimension; `first` makes the first element of its first."""
    return xp.concat([first(_slice(x, dim, 0, 1)), _slice(x, dim, 0, -1)], axis=dim)


def _running_sum_back(xp: Any, g: Any, dim: int) -> Any:
    if g.ndim == 0:
        return g
    return xp.flip(xp.cumulative_sum(xp.flip(g, axis=dim), axis=dim), axis=dim)


# --- cumsum ---


@op(linear, name="cumsum", dtype=None, vjp=lambda xp, g, dim: _running_sum_back(xp, g, dim))
def _cumsum(xp, input, *, dim, dtype):
    if dtype is not None:
        input = xp.astype(input, dtype)
    return xp.cumulative_sum(input, axis=dim) if input.ndim else xp.copy(input)


def _running_dtype(input: Any, dtype: Any) -> Any:
    return INT64 if dtype is None and input._array_.dtype.kind in "biu" else None


@public()
@numpy_names
def cumsum(input: Any, dim: int, *, dtype: Any = None, out: Any = None) -> Any:
    """The running sum along a dimension. dtype: cast to it first; without it integers are added up in int64."""
    input = cast(input, dtype, "cumsum")
    dim = one_dim(input, dim, "cumsum")
    return finish(_cumsum(input, dim=dim, dtype=_running_dtype(input, dtype)), out, "cumsum")


@public(function=False)
@numpy_names
def cumsum_(self: Any, dim: int, *, dtype: Any = None) -> Any:
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
    size = c.shape[dim]
    step = 1
    while step < size:
        head, tail = _slice(c, dim, 0, step), _slice(c, dim, step, None)
        factor = _slice(a, dim, step, None)
        c = xp.concat([head, tail + factor * _slice(c, dim, 0, -step)], axis=dim)
        a = xp.concat([_slice(a, dim, 0, step), factor * _slice(a, dim, 0, -step)], axis=dim)
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


@op(name="cumprod", dtype=None, vjp=_cumprod_rule)
def _cumprod(xp, input, *, dim, dtype):
    if dtype is not None:
        input = xp.astype(input, dtype)
    return xp.cumulative_prod(input, axis=dim) if input.ndim else xp.copy(input)


@public()
@numpy_names
def cumprod(input: Any, dim: int, *, dtype: Any = None, out: Any = None) -> Any:
    """The running product along a dimension; its gradient is exact where elements are zero. dtype: as for `cumsum`."""
    input = cast(input, dtype, "cumprod")
    dim = one_dim(input, dim, "cumprod")
    return finish(_cumprod(input, dim=dim, dtype=_running_dtype(input, dtype)), out, "cumprod")


@public(function=False)
@numpy_names
def cumprod_(self: Any, dim: int, *, dtype: Any = None) -> Any:
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


@op(name="logcumsumexp", dtype=None, vjp=_logcumsumexp_rule)
def _logcumsumexp(xp, input, *, dim):
    return xp.cumulative_logaddexp(input, dim) if input.ndim else xp.copy(input)


@public()
@numpy_names
def logcumsumexp(input: Any, dim: int, *, out: Any = None) -> Any:
    """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers."""
    check_tensor(input, "logcumsumexp")
    dim = one_dim(input, dim, "logcumsumexp")
    if input._array_.dtype.kind in "biu":
        raise NotImplementedError(f"\"logcumsumexp_out_cpu\" not implemented for '{input.dtype.scalar_name}'")
    return finish(_logcumsumexp(input, dim=dim), out, "logcumsumexp")


# --- cummax and cummin ---


def _running_index(xp: Any, input: Any, extreme: Any, dim: int) -> Any:
    """Where the running extreme was last met: the newest of equal ones; a NaN is met only by a NaN."""
    places = xp.reshape(xp.arange(input.shape[dim]), (-1, *[1] * (input.ndim - dim - 1)))
    met = xp.logical_or(xp.equal(input, extreme), xp.isnan(input))
    return xp.cumulative_max(xp.where(met, places, xp.zeros_like(places)), dim)


@op(name="cummax", dtype=None, outputs=("values", "indices"), n_differentiable=1,
    vjp=lambda xp, g, input, indices, dim:
        xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g,
    jvp=lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),))  # fmt: skip
def _cummax(xp, input, *, dim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    values = xp.cumulative_max(input, dim)
    return values, _running_index(xp, input, values, dim)


@op(name="cummin", dtype=None, outputs=("values", "indices"), n_differentiable=1,
    vjp=lambda xp, g, input, indices, dim:
        xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g,
    jvp=lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),))  # fmt: skip
def _cummin(xp, input, *, dim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    values = xp.cumulative_min(input, dim)
    return values, _running_index(xp, input, values, dim)


def _running_extreme(record: Any, input: Any, dim: int, out: Any, name: str) -> Any:
    check_tensor(input, name)
    dim = one_dim(input, dim, name)
    if input._array_.dtype.kind == "c":
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for '{input.dtype.scalar_name}'")
    return finish_pair(getattr(return_types, name), record(input, dim=dim), out, name)


@public()
@numpy_names
def cummax(input: Any, dim: int, *, out: Any = None) -> Any:
    """The running maximum along a dimension and where it was met, the newest of equal ones: (values, indices)."""
    return _running_extreme(_cummax, input, dim, out, "cummax")


@public()
@numpy_names
def cummin(input: Any, dim: int, *, out: Any = None) -> Any:
    """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices)."""
    return _running_extreme(_cummin, input, dim, out, "cummin")


# --- diff ---


@public()
@numpy_names
def diff(input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None, *, out: Any = None) -> Any:
    """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

    For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

    >>> import mibun as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    check_tensor(input, "diff")
    if input._array_.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    dim = wrap_dim(dim, input._array_.ndim, "diff")
    n = whole(n, "diff", "n")
    parts = [input]
    for other, name in ((prepend, "prepend"), (append, "append")):
        if other is None:
            continue
        check_tensor(other, "diff", name)
        if other._array_.ndim != input._array_.ndim:
            raise RuntimeError("diff expects prepend or append to be the same dimension as input")
        for i, (a, b) in enumerate(zip(other._array_.shape, input._array_.shape, strict=True)):
            if a != b and i != dim:
                raise RuntimeError(
                    "diff expects the shape of tensor to prepend or append to match that of input except along the "
                    f"differencing dimension; input.size({i}) = {b}, but got tensor.size({i}) = {a}"
                )
        parts.insert(0 if name == "prepend" else len(parts), other)
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    x = parts[0] if len(parts) == 1 else FUNCTIONS["cat"](parts, dim)
    if n == 0:
        return finish(x.clone(), out, "diff")
    for _ in range(min(n, x._array_.shape[dim])):
        later, earlier = _slice(x, dim, 1, None), _slice(x, dim, 0, -1)
        x = later ^ earlier if x._array_.dtype.kind == "b" else later - earlier
    return finish(x, out, "diff")


