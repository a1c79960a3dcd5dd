"""The JAX namespace: the standard's names from jax.numpy, the gaps, and the operators' kernels over them.

The names and meanings are those of the Array API standard; a name of JAX's own never stands for one of mibun's
operators (jax.numpy has a `transpose` as well). What is bound to JAX's own functions beyond the standard is in the
modules beside this one; for the rest there are the gaps in pure Array API (`xp/generic`), and the operators' kernels.

All of it is written for arrays whose values cannot be looked at, too: those that `jax.jit` or `jax.grad` traces.
"""

from __future__ import annotations

import functools
import operator
import sys
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.numpy import (  # noqa: E501
    abs,
    acos,
    acosh,
    argmax,
    argmin,
    argsort,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    broadcast_arrays,
    ceil,
    complex64,
    complex128,
    concat,
    copysign,
    cos,
    cosh,
    count_nonzero,
    diff,
    e,
    equal,
    exp,
    exp2,
    expand_dims,
    expm1,
    flip,
    float16,
    float32,
    float64,
    floor,
    fmax,
    fmin,
    greater,
    greater_equal,
    hypot,
    iinfo,
    inf,
    int8,
    int16,
    int32,
    int64,
    isfinite,
    isinf,
    isnan,
    less,
    less_equal,
    linspace,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    matrix_transpose,
    maximum,
    minimum,
    moveaxis,
    nan,
    newaxis,
    nextafter,
    nonzero,
    not_equal,
    pi,
    positive,
    reciprocal,
    repeat,
    roll,
    round,
    searchsorted,
    sign,
    signbit,
    sin,
    sinh,
    sort,
    sqrt,
    square,
    squeeze,
    stack,
    tan,
    tanh,
    tensordot,
    tile,
    tril,
    triu,
    trunc,
    uint8,
    uint16,
    uint32,
    uint64,
    unstack,
    where,
)

from ...core.registry import OPS
from ..generic.gaps import GAPS
from ..numpy.namespace import isdtype
from .convolution import (
    correlate,
    correlate_transposed,
    correlate_weights,
    max_windows,
    spread_columns,
    spread_winners,
    take_winners,
    window_columns,
)
from .device import device_count, device_of, devices_of, from_numpy, kept_in_place, known, mutable, placed, to_numpy
from .fourier import fourier, real_fourier, real_inverse
from .linalg import (
    check_phases,
    cholesky_with_info,
    determinant,
    general_eigen,
    general_eigenvalues,
    hermitian_eigen,
    hermitian_eigenvalues,
    inverse_with_info,
    log_determinant,
    lu_with_pivots,
    qr_factors,
    qr_triangle,
    singular_values,
    solution_with_info,
    svd_factors,
    svd_or_nan,
    thin_svd,
    triangular_solution,
)
from .memory import (
    add_along,
    add_rows,
    along_axis,
    arranged,
    bincount,
    broadcast_to,
    complex_of_parts,
    contiguous,
    counts_of_targets,
    embed_index,
    frequencies,
    has_geometry,
    index_with,
    make_complex,
    offset_of,
    pad_with,
    parts_of_complex,
    permute_dims,
    pick_classes,
    put_at,
    put_classes,
    put_into,
    read_along,
    repeats,
    replaced_at,
    reshape,
    search_rows,
    storage,
    strides_of,
    take,
    take_along_axis,
    take_diagonal,
    take_flat,
    take_rows,
    true_positions,
    view_as_dtype,
)
from .order import (
    cumulative_logaddexp,
    cumulative_max,
    cumulative_min,
    cumulative_prod,
    cumulative_sum,
    repeated_positions,
    stable_order,
    unique_runs,
    unique_slices,
    unique_values_of,
)
from .special import (
    digamma,
    erf,
    erfc,
    erfinv,
    i0,
    i0e,
    i1,
    i1e,
    igamma,
    igammac,
    lgamma,
    log_ndtr,
    ndtr,
    ndtri,
    polygamma,
    quick_ndtr,
    times_ndtr,
    zeta,
)

__name__ = "mibun.xp.jax"

# Python's operators, since a Python number beside an array takes the array's dtype.
add = operator.add
subtract = operator.sub
multiply = operator.mul
divide = operator.truediv
power = operator.pow
negative = operator.neg
globals()["bool"] = jnp.bool  # the dtype; the name is left to Python in this file


class _Base:
    """The library as the gaps in pure Array API see it: where JAX is set to have no 64 bits, they compute in 32."""

    __name__ = "jax.numpy"
    _NARROW = {"float64": "float32", "complex128": "complex64", "int64": "int32", "uint64": "uint32"}

    def __getattr__(self, name: str) -> Any:
        if name in self._NARROW and not jax.config.jax_enable_x64:  # type: ignore[attr-defined]
            name = self._NARROW[name]
        return getattr(jnp, name)


base: Any = _Base()


def matmul(x: Any, y: Any) -> Any:
    """The matrix product."""
    return jnp.matmul(x, y)


def conj(x: Any) -> Any:
    """The complex conjugate; a real array is returned as it is."""
    if not hasattr(x, "dtype"):
        return x.conjugate()  # a Python number
    return jnp.conj(x) if x.dtype.kind == "c" else x


def real(x: Any) -> Any:
    """The real part (of a real array: itself)."""
    return jnp.real(x) if x.dtype.kind == "c" else x


imag = jnp.imag


def astype(x: Any, dtype: Any, copy: Any = False) -> Any:  # noqa: A001
    """Cast; complex to real drops the imaginary part."""
    dtype = np.dtype(dtype)
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = jnp.real(x)
    return asarray(x).astype(dtype)


def scalar(value: Any, dtype: Any) -> Any:
    """A 0-d array of a number."""
    return jnp.asarray(value, dtype=dtype)


def asarray(x: Any, dtype: Any = None) -> Any:
    """x as an array of JAX's."""
    return jnp.asarray(x, dtype=dtype)


def copy(x: Any) -> Any:
    """x itself: nobody can write to it."""
    return x


copy_in_order = ascontiguousarray = copy


def sum(x: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:  # noqa: A001
    """Sum over axes; the dtype is kept unless one is given."""
    return jnp.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else dtype)


def prod(x: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:
    """Product over axes; the dtype is kept unless one is given."""
    return jnp.prod(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else dtype)


def mean(x: Any, axis: Any = None, keepdims: Any = False) -> Any:
    """Mean over axes; 0/0 for none."""
    return jnp.mean(x, axis=axis, keepdims=keepdims)


def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """Sum `x` down to a shape that broadcasts to its own: the transpose of broadcasting."""
    lead = x.ndim - len(shape)
    axes = tuple([i for i in range(x.ndim) if i < lead or (shape[i - lead] == 1 and x.shape[i] != 1)])
    return jnp.reshape(jnp.sum(x, axis=axes, dtype=x.dtype) if axes else x, shape)


def _reduction(function: Any) -> Any:
    def reduce(x: Any, axis: Any = None, keepdims: Any = False) -> Any:
        return function(x, axis=axis, keepdims=keepdims)

    return reduce


def einsum(equation: str, *operands: Any, **options: Any) -> Any:
    """Sums of products over the letters that the result has not."""
    return jnp.einsum(equation, *operands)


def _divided(function: Any) -> Any:
    """An integer division that refuses to divide by 0, where that can be seen."""

    def divide(x: Any, y: Any) -> Any:
        if x.dtype.kind in "iu" and known(y) and (jnp.asarray(y) == 0).any():
            raise RuntimeError("ZeroDivisionError: integers are divided by zero")
        return function(x, y)

    return divide


floor_divide = _divided(jnp.floor_divide)
remainder = _divided(jnp.remainder)
fmod = _divided(jnp.fmod)
greatest_divisor = jnp.gcd


def clip(x: Any, low: Any, high: Any) -> Any:
    """min(max(x, low), high) for numbers `low` and `high`, infinite for no limit. NaN stays NaN."""
    above = jnp.maximum(x, low)
    return above if isinstance(high, (int, float)) and high == np.inf else jnp.minimum(above, high)


def keep_where(mask: Any, x: Any) -> Any:
    """x where the mask is true, else 0."""
    return jnp.where(mask, x, jnp.zeros_like(x))


def frexp(x: Any) -> Any:
    """(mantissa, exponent), the mantissa from 1/2 to 1."""
    mantissa, exponent = jnp.frexp(x)
    return mantissa, exponent.astype(jnp.int32)


def lu_with_info(x: Any, pivot: Any = True) -> Any:
    """(LU, pivots, info); without pivots, which XLA has not, by the gap."""
    return lu_with_pivots(x) if pivot and x.size else GAPS["lu_with_info"](sys.modules[__spec__.name], x, pivot)


def _full(value: Any) -> Any:
    def make(shape: Any, dtype: Any = None) -> Any:
        return jnp.full(shape, value, dtype or jnp.result_type(float))

    return make


zeros, ones = _full(0), _full(1)
empty = zeros


def full(shape: Any, value: Any, dtype: Any = None) -> Any:
    """One value everywhere."""
    return jnp.full(shape, value, dtype)


def full_like(x: Any, value: Any, dtype: Any = None) -> Any:
    """One value everywhere, of x's shape and dtype."""
    return jnp.full(x.shape, value, x.dtype if dtype is None else dtype)


def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Zeros of x's shape and dtype."""
    return full_like(x, 0, dtype)


def ones_like(x: Any, dtype: Any = None) -> Any:
    """Ones of x's shape and dtype."""
    return full_like(x, 1, dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """Numbers from start (0, if only one is given) up to but not stop."""
    return jnp.arange(start, stop, step, dtype=dtype)


def eye(n: int, m: int | None = None, *, k: int = 0, dtype: Any = None) -> Any:
    """Ones on a diagonal."""
    return jnp.eye(n, m, k=k, dtype=dtype)


def renormalise_rows(table: Any, indices: Any, most: float, order: float) -> Any:
    """The table with those rows scaled down that occur among the indices and whose norm is larger than `most`."""
    norms = jnp.linalg.norm(table, order, axis=1, keepdims=True)
    used = jnp.zeros((table.shape[0], 1), jnp.bool).at[indices.reshape(-1)].set(True)
    return jnp.where(used & (norms > most), table * (most / (norms + 1e-7)).astype(table.dtype), table)


max = _reduction(jnp.max)
min = _reduction(jnp.min)
any = _reduction(jnp.any)
all = _reduction(jnp.all)


def __getattr__(name: str) -> Any:
    """The gap of this name, in pure Array API, or else the kernel of that operator, over this namespace."""
    if name.startswith("_"):
        raise AttributeError(name)
    this = sys.modules[__spec__.name]
    if name in GAPS:
        found = functools.partial(GAPS[name], this)
    elif name in OPS:
        found = functools.partial(OPS[name].kernel, this)
    else:
        raise AttributeError(f"the JAX namespace has no function {name!r}, and no operator has that name")
    globals()[name] = found
    return found
