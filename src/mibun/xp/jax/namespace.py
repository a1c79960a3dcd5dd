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
from .device import device_of, from_numpy, known, mutable, to_numpy

__name__ = "mibun.xp.jax"

# Python's operators, since a Python number beside an array takes the array's dtype.
add = operator.add
subtract = operator.sub
multiply = operator.mul
divide = operator.truediv
power = operator.pow
negative = operator.neg
globals()["bool"] = jnp.bool  # the dtype; the name is left to Python in this file


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
