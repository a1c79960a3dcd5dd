"""The Dask namespace: what works by chunks from dask.array, functions of elements on each chunk, the rest as tasks.

Nothing is computed here: `known` is False of every array, so no check looks at values. `.item()`, `repr` and `.numpy()`
of a Tensor compute what they show. Gradients of parameters that are arrays of NumPy's are computed at the end of a
backward, all of them in one pass over the chunks (see `settled`).
"""

# What Dask says of its types is not what it takes.
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false

from __future__ import annotations

import functools
import math
import operator
import sys
from typing import Any

import dask.array as da
import numpy as np
from dask.base import compute, tokenize

from ...core.device import CPU, device
from ...core.registry import LAZY, OPS
from ..batched.rules import POINTWISE
from ..generic.gaps import GAPS
from ..numpy import namespace as numpy_namespace
from .lazy import by_elements, computed, of_whole

__name__ = "mibun.xp.dask"
mutable = False
takes_numpy = True
globals()["bool"] = np.bool  # the dtype; the name is left to Python in this file

# Python's operators on Dask's arrays: chunk by chunk.
add = operator.add
subtract = operator.sub
multiply = operator.mul
negative = operator.neg


# --- what a namespace states ---


def known(x: Any) -> Any:
    """Whether the values of x can be looked at: never without computing them."""
    return not isinstance(x, da.Array)


def device_of(x: Any) -> device:
    """The device that a Tensor of x shows: the CPU, wherever the workers are."""
    return CPU


def limits(x: Any) -> None:
    """The smallest and the largest value: not known."""
    return None


def to_numpy(x: Any) -> np.ndarray:
    """The values of x, computed."""
    return np.array(x.compute()) if isinstance(x, da.Array) else np.asarray(x)


def from_numpy(x: Any, place: Any = None) -> da.Array:
    """An array of NumPy's as one of Dask's, in chunks of the size that Dask is set to."""
    return x if isinstance(x, da.Array) else da.from_array(x, chunks="auto", name=False)


def settled(gradients: list) -> list:
    """The values of gradients, computed together."""
    return [np.array(value) for value in compute(*gradients)]


LAZY[da.Array] = settled


# --- making arrays ---


def _chunks(shape: Any) -> Any:
    return "auto" if math.prod(shape) else shape


def asarray(x: Any, dtype: Any = None) -> Any:
    """An array of Dask's, or of numbers."""
    x = from_numpy(x if isinstance(x, da.Array) else np.asarray(x))
    return x if dtype is None else astype(x, dtype)


def zeros(shape: Any, dtype: Any = float) -> da.Array:
    """Zeros."""
    return full(shape, 0, dtype)


def ones(shape: Any, dtype: Any = float) -> da.Array:
    """Ones."""
    return full(shape, 1, dtype)


empty = zeros


def full(shape: Any, value: Any, dtype: Any = None) -> da.Array:
    """One value everywhere."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if isinstance(value, da.Array):
        return astype(da.broadcast_to(value, shape), value.dtype if dtype is None else dtype)
    dtype = np.asarray(value).dtype if dtype is None else dtype
    return da.full(shape, value, dtype=dtype, chunks=_chunks(shape), name=f"full-{tokenize(shape, value, str(dtype))}")


def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Zeros of the shape and the chunks of x."""
    return full_like(x, 0, dtype)


def ones_like(x: Any, dtype: Any = None) -> Any:
    """Ones of the shape and the chunks of x."""
    return full_like(x, 1, dtype)


def full_like(x: Any, value: Any, dtype: Any = None) -> Any:
    """One value, in the shape and the chunks of x."""
    dtype = x.dtype if dtype is None else dtype
    if not isinstance(x, da.Array) or isinstance(value, da.Array):
        return full(x.shape, value, dtype)
    return da.full(x.shape, value, dtype=dtype, chunks=x.chunks)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> da.Array:
    """Numbers in equal steps."""
    return from_numpy(numpy_namespace.arange(start, stop, step, dtype=dtype))


def eye(n: int, m: int | None = None, *, k: int = 0, dtype: Any = float) -> da.Array:
    """The identity matrix."""
    return from_numpy(numpy_namespace.eye(n, m, k=k, dtype=dtype))


# --- dtypes and copies ---


def astype(x: Any, dtype: Any, copy: Any = False) -> Any:  # noqa: A001
    """Cast; complex to real drops the imaginary part."""
    dtype = np.dtype(dtype)
    if isinstance(x, da.Array) and x.dtype == dtype:
        return x
    return by_elements(functools.partial(numpy_namespace.astype, dtype=dtype), "astype")(x)


def conj(x: Any) -> Any:
    """The complex conjugate; a real array is returned as it is."""
    if not hasattr(x, "dtype"):
        return x.conjugate()
    return da.conj(x) if x.dtype.kind == "c" else x


def real(x: Any) -> Any:
    """The real part (of a real array: itself)."""
    return x.real if x.dtype.kind == "c" else x


def same(x: Any, *_: Any, **__: Any) -> Any:
    """x: nothing can be written to, and elements have no order in memory."""
    return x


copy = copy_in_order = ascontiguousarray = contiguous = arranged = same


def has_geometry(x: Any, strides: Any, offset: int, length: int) -> Any:
    """No array has strides."""
    return False


# --- reductions ---


def _half(x: Any) -> Any:
    return x.dtype.itemsize == 2 and x.dtype.kind in "fV"


def sum(x: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:  # noqa: A001
    """Sum over axes; the dtype is kept unless one is given."""
    if dtype is None and _half(x):
        return astype(da.sum(x, axis=axis, keepdims=keepdims, dtype=np.float32), x.dtype)
    return da.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else dtype)


def prod(x: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:
    """Product over axes; the dtype is kept unless one is given."""
    return da.prod(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else dtype)


def mean(x: Any, axis: Any = None, keepdims: Any = False) -> Any:
    """Mean over axes; 0/0 for none."""
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    return sum(x, axis, keepdims) / x.dtype.type(math.prod([x.shape[a] for a in axes]))


def _reduction(name: str) -> Any:
    function, whole = getattr(da, name), of_whole(name)

    def reduce(x: Any, axis: Any = None, keepdims: Any = False) -> Any:
        if 0 in x.shape:  # which Dask's have no word for
            return whole(x, axis=axis, keepdims=keepdims)
        return function(x, axis=axis, keepdims=keepdims)

    return reduce


max, min, any, all = (_reduction(name) for name in ("max", "min", "any", "all"))


def largest_number(x: Any) -> Any:
    """The largest element."""
    return da.max(x)


# --- products ---


def matmul(x: Any, y: Any) -> Any:
    """The matrix product, the products of chunks added up."""
    if 0 in x.shape or 0 in y.shape or x.dtype != y.dtype or _half(x) or x.dtype.kind in "b":
        return of_whole("matmul")(x, y)
    return da.matmul(x, y)


def outer_product(x: Any, y: Any) -> Any:
    """x[i] y[j] of two vectors."""
    return x[:, None] * y


# --- shapes ---


def reshape(x: Any, shape: Any) -> Any:
    """The same elements in another shape."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if 0 in x.shape and isinstance(x, da.Array):
        return zeros(np.empty(x.shape, bool).reshape(shape).shape, x.dtype)
    try:
        return x.reshape(shape)
    except NotImplementedError:  # axes that are neither merged nor split
        return of_whole("reshape")(x, shape)


def permute_dims(x: Any, axes: Any) -> Any:
    """The axes in another order."""
    return x.transpose(axes)


def matrix_transpose(x: Any) -> Any:
    """The last two axes exchanged."""
    return x.transpose((*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def expand_dims(x: Any, axis: int = 0) -> Any:
    """Insert an axis of size 1."""
    return x[(*(slice(None),) * (axis % (x.ndim + 1)), None, ...)]


def squeeze(x: Any, axis: Any) -> Any:
    """Drop axes of size 1."""
    return da.squeeze(x, axis)


def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Move axes."""
    return da.moveaxis(x, source, destination)


def broadcast_to(x: Any, shape: Any) -> Any:
    """x repeated to a shape that it broadcasts to."""
    return da.broadcast_to(x, tuple(shape))


def concat(arrays: Any, axis: int = 0) -> Any:
    """Join along an axis."""
    return da.concatenate([from_numpy(x) for x in arrays], axis=axis)


def stack(arrays: Any, axis: int = 0) -> Any:
    """Join along a new axis."""
    return da.stack([from_numpy(x) for x in arrays], axis=axis)


def unstack(x: Any, axis: int = 0) -> tuple:
    """The slices along an axis."""
    lead = (slice(None),) * (axis % x.ndim)
    return tuple([x[(*lead, i)] for i in range(x.shape[axis])])


def flip(x: Any, axis: Any = None) -> Any:
    """Reverse along axes."""
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = {a % x.ndim for a in axes}
    return x[tuple([slice(None, None, -1) if a in axes else slice(None) for a in range(x.ndim)])]


def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """Sum `x` down to a shape that broadcasts to its own: the transpose of broadcasting."""
    lead = x.ndim - len(shape)
    axes = tuple([i for i in range(x.ndim) if i < lead or (shape[i - lead] == 1 and x.shape[i] != 1)])
    return reshape(sum(x, axes) if axes else x, shape)


def row_sums(x: Any, axis: Any) -> Any:
    """The sum over an axis, which is kept."""
    return sum(x, axis, True)


def mean_of_products(x: Any, y: Any, axis: Any) -> Any:
    """The mean of x * y over axes, which are kept."""
    return mean(x * y, axis, True)


def moments(x: Any, axis: Any) -> tuple:
    """The mean and the variance, divided by n, over axes, which are kept."""
    average = mean(x, axis, True)
    centred = x - average
    return average, mean_of_products(centred, centred, axis)


def take(x: Any, indices: Any, axis: int) -> Any:
    """Elements along an axis, by index."""
    if isinstance(indices, da.Array) or 0 in x.shape:
        return of_whole("take")(x, indices, axis=axis)
    return da.take(x, np.asarray(indices), axis=axis)


# --- what looks at values ---


def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Nothing: the values are not known."""


def inverse_if_safe(a: Any) -> None:
    """Whether it is depends on values."""
    return None


# The gaps in pure Array API that say what does not depend on an array, or are made of the functions above.
_FROM_GAPS = "lstm_steps lstm_steps_back sums_over_paths linear_recurrence replaced_at".split()
_SHAPED_BY_VALUES = """
    true_positions nonzero unique_values_of unique_slices unique_runs repeated_positions
""".split()


def __getattr__(name: str) -> Any:
    """A function of each element, an operator's kernel over this namespace, or NumPy's function as a task."""
    if name.startswith("_") or name == "kernel_of":
        raise AttributeError(name)
    this = sys.modules[__spec__.name]
    found: Any
    if name in _FROM_GAPS:
        found = functools.partial(GAPS[name], this)
    elif name in POINTWISE and name != "frexp":
        found = by_elements(getattr(numpy_namespace, name), name)
    elif name in _SHAPED_BY_VALUES:
        found = computed(name)
    elif name in vars(numpy_namespace) and not isinstance(vars(numpy_namespace)[name], functools.partial):
        found = of_whole(name)
    elif name in OPS:
        found = functools.partial(OPS[name].kernel, this)
    else:
        raise AttributeError(f"the Dask namespace has no function {name!r}, and no operator has that name")
    globals()[name] = found
    return found
