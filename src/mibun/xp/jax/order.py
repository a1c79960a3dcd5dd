"""The gaps of the JAX namespace about order: running reductions, and distinct elements, which NumPy finds.

How many distinct elements there are depends on the values, so no traced function can have them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from ..numpy import counting
from .device import to_numpy


def cumulative_sum(x: Any, axis: int) -> Any:
    """The running sum, in the dtype of x."""
    return jnp.cumsum(x, axis=axis, dtype=x.dtype)


def cumulative_prod(x: Any, axis: int) -> Any:
    """The running product, in the dtype of x."""
    return jnp.cumprod(x, axis=axis, dtype=x.dtype)


def cumulative_max(x: Any, axis: int) -> Any:
    """The running maximum; NaN wins."""
    return lax.cummax(x, axis % x.ndim) if x.size else x


def cumulative_min(x: Any, axis: int) -> Any:
    """The running minimum; NaN wins."""
    return lax.cummin(x, axis % x.ndim) if x.size else x


def _logaddexp(a: Any, b: Any) -> Any:
    first = jnp.real(a) >= jnp.real(b)
    high, low = jnp.where(first, a, b), jnp.where(first, b, a)
    return high + jnp.log1p(jnp.exp(jnp.where(jnp.isfinite(jnp.real(high)), low - high, 0)))


def cumulative_logaddexp(x: Any, axis: int) -> Any:
    """log(cumsum(exp(x))), without overflow."""
    if not x.size:
        return x
    if x.dtype.kind != "c":
        return lax.cumlogsumexp(x, axis % x.ndim)
    return lax.associative_scan(_logaddexp, x, axis=axis % x.ndim)


def stable_order(x: Any, axis: int, descending: bool) -> Any:
    """The indices that sort along an axis; equal elements keep their order, NaN is largest."""
    if not descending:
        return jnp.argsort(x, axis=axis, stable=True)
    # Reversed before and after, equal elements keep their order and NaN comes first.
    order = jnp.flip(jnp.argsort(jnp.flip(x, axis), axis=axis, stable=True), axis)
    return x.shape[axis] - 1 - order


def _by_numpy(function: Callable) -> Callable:
    def found(x: Any, *args: Any) -> tuple[Any, ...]:
        return tuple([jnp.asarray(part) for part in function(to_numpy(x), *args)])

    found.__name__, found.__doc__ = function.__name__, function.__doc__
    return found


unique_values_of = _by_numpy(counting.unique_values_of)
unique_slices = _by_numpy(counting.unique_slices)
unique_runs = _by_numpy(counting.unique_runs)


def repeated_positions(counts: Any, size: int) -> Any:
    """0 to size - 1, each as often as its count says (or the one count)."""
    return jnp.repeat(np.arange(size, dtype=np.int64), jnp.asarray(counts))
