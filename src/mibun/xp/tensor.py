"""The Tensor namespace: the Array API's names on mibun's Tensors, each recording what it does.

A rule that runs over this namespace instead of raw arrays is recorded like any other computation: this gives every
higher derivative. Names that are not defined here are looked up among the operators, then among the public functions.
(What `Tensor.__array_namespace__()` returns to other programs is `array_api`, which has the standard's promotion and
arguments, where formulas have PyTorch's.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.batching import BatchedTensor
from ..core.dtypes import dtype as _torch_dtype
from ..core.dtypes import from_numpy_dtype
from ..core.node import raw
from ..core.registry import FUNCTIONS, HOME, NAMESPACES, OPS, is_numpys, namespace_for
from ..core.tensor import Tensor, wrap
from .numpy import namespace as _np

_RENAMED = {
    "negative": "neg",
    "multiply": "mul",
    "subtract": "sub",
    "divide": "div",
    "power": "pow",
    "abs": "abs",
    "quick_ndtr": "special_ndtr",
    "permute_dims": "permute",
    "concat": "cat",
    "matrix_transpose": "mT",
    "cumulative_sum": "cumsum",
    "cumulative_prod": "cumprod",
    "equal": "eq",
    "not_equal": "ne",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "bitwise_invert": "bitwise_not",
    "remainder": "remainder",
    "max": "amax",
    "min": "amin",
}


def _array(value: Any) -> Any:
    return raw(value)


def _below(x: Any) -> Any:
    """The namespace for the array of a Tensor: NumPy's, or that of batched, sparse or other libraries' arrays."""
    kind = type(x._array_)
    return _np if is_numpys(kind) else NAMESPACES[kind]


mutable = True  # in-place operations on Tensors are `core`'s affair


def known(x: Any) -> bool:
    """Whether the values of a Tensor can be looked at."""
    return NAMESPACES[type(x._array_)].known(x._array_)


def device_of(x: Any) -> Any:
    """The device of a Tensor."""
    return x.device


def _home() -> Any:
    """The namespace of constants: NumPy's, unless a backward over arrays of another library is being recorded."""
    return HOME.get() or _np


def _dtype(dtype: Any) -> Any:
    return dtype.np if isinstance(dtype, _torch_dtype) else np.dtype(dtype)


def conj(x: Any) -> Any:
    """The complex conjugate; a real Tensor is returned as it is."""
    array = getattr(x, "_array_", None)
    if array is None:
        return x.conjugate()  # a Python number
    return FUNCTIONS["conj"](x) if array.dtype.kind == "c" else x


def real(x: Any) -> Any:
    """The real part (of a real Tensor: itself)."""
    return FUNCTIONS["real"](x) if x._array_.dtype.kind == "c" else x


def imag(x: Any) -> Any:
    """The imaginary part of a complex Tensor."""
    return FUNCTIONS["imag"](x)


def astype(x: Any, dtype: Any, copy: bool = False) -> Any:
    """Cast; differentiable among floating dtypes."""
    return x.to(from_numpy_dtype(_dtype(dtype)), copy=copy)


def isdtype(dtype: Any, kind: str) -> bool:
    """Whether a dtype is of a kind, as the standard names them."""
    return _np.isdtype(_dtype(dtype), kind)


def asarray(x: Any, dtype: Any = None) -> Any:
    """The Tensor itself, or a constant made of a number or raw array."""
    if not isinstance(x, Tensor):
        x = wrap(_home().asarray(x))
    return x if dtype is None else astype(x, dtype)


def scalar(value: Any, dtype: Any) -> Any:
    """A 0-d Tensor of a Python number."""
    return wrap(_dtype(dtype).type(value))


def copy(x: Any) -> Any:
    """A copy in memory of its own; differentiable."""
    return x.clone()


def ascontiguousarray(x: Any) -> Any:
    """The Tensor, contiguous in memory."""
    return x.contiguous()


def zeros(shape: Any, dtype: Any) -> Any:
    """Zeros, a constant."""
    return wrap(_home().zeros(shape, dtype=_dtype(dtype)))


def ones(shape: Any, dtype: Any) -> Any:
    """Ones, a constant."""
    return wrap(_home().ones(shape, dtype=_dtype(dtype)))


def full(shape: Any, value: Any, dtype: Any) -> Any:
    """A constant of one value."""
    return wrap(_home().full(shape, value, dtype=_dtype(dtype)))


def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Zeros of the shape of x, a constant."""
    return wrap(_below(x).zeros_like(x._array_, dtype=None if dtype is None else _dtype(dtype)))


def ones_like(x: Any, dtype: Any = None) -> Any:
    """Ones of the shape of x, a constant."""
    return wrap(_below(x).ones_like(x._array_, dtype=None if dtype is None else _dtype(dtype)))


def full_like(x: Any, value: Any, dtype: Any = None) -> Any:
    """A constant of the shape of x."""
    return wrap(_below(x).full_like(x._array_, value, dtype=None if dtype is None else _dtype(dtype)))


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """Evenly spaced numbers, a constant."""
    return wrap(_home().arange(start, stop, step, dtype=None if dtype is None else _dtype(dtype)))


def eye(n: int, m: int | None = None, *, k: int = 0, dtype: Any) -> Any:
    """The identity matrix, a constant."""
    return wrap(_home().eye(n, m, k=k, dtype=_dtype(dtype)))


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y."""
    return FUNCTIONS["where"](condition, x, y)


def reshape(x: Any, shape: Any) -> Any:
    """The same elements in another shape."""
    return x.reshape(shape)


def broadcast_to(x: Any, shape: Any) -> Any:
    """x repeated, without a copy, to a shape that it broadcasts to."""
    return x.expand(shape) if x._array_.shape != tuple(shape) else x


def sum(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:  # noqa: A001
    """Sum over axes."""
    if axis is None:
        axis = tuple(range(x._array_.ndim))
    if axis == () or axis == []:
        return x
    return FUNCTIONS["sum"](x, axis, keepdim=keepdims)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean over axes."""
    return FUNCTIONS["mean"](x, tuple(range(x._array_.ndim)) if axis is None else axis, keepdim=keepdims)


def mean_of_products(x: Any, y: Any, axis: tuple[int, ...]) -> Any:
    """The mean of x * y over axes, which are kept."""
    return mean(x * y, axis, True)


def moments(x: Any, axis: tuple[int, ...]) -> tuple[Any, Any]:
    """The mean and the variance, divided by n, over axes, which are kept."""
    average = mean(x, axis=axis, keepdims=True)
    centred = x - average
    return average, mean_of_products(centred, centred, axis)


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Product over axes."""
    axes = range(x._array_.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    for a in sorted([a % x._array_.ndim for a in axes], reverse=True):
        x = FUNCTIONS["prod"](x, a, keepdim=keepdims)
    return x


def _over_axes(name: str) -> Any:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return FUNCTIONS[name](x, tuple(range(x._array_.ndim)) if axis is None else axis, keepdim=keepdims)

    return reduce


max = _over_axes("amax")  # noqa: A001
min = _over_axes("amin")  # noqa: A001


def argmax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The index of the maximum."""
    return FUNCTIONS["argmax"](x, axis, keepdim=keepdims)


def argmin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The index of the minimum."""
    return FUNCTIONS["argmin"](x, axis, keepdim=keepdims)


def concat(arrays: Any, axis: int = 0) -> Any:
    """Join along an axis."""
    return FUNCTIONS["cat"](list(arrays), axis)


def stack(arrays: Any, axis: int = 0) -> Any:
    """Join along a new axis."""
    return FUNCTIONS["stack"](list(arrays), axis)


def flip(x: Any, axis: Any = None) -> Any:
    """Reverse along axes."""
    axes = tuple(range(x._array_.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return FUNCTIONS["flip"](x, axes)


def squeeze(x: Any, axis: Any) -> Any:
    """Drop axes of size 1."""
    return FUNCTIONS["squeeze"](x, axis)


def expand_dims(x: Any, axis: int = 0) -> Any:
    """Insert an axis of size 1."""
    return FUNCTIONS["unsqueeze"](x, axis)


def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Move axes."""
    return FUNCTIONS["movedim"](x, source, destination)


def matrix_transpose(x: Any) -> Any:
    """Swap the last two axes."""
    return FUNCTIONS["transpose"](x, -1, -2)


def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle of matrices."""
    return FUNCTIONS["tril"](x, k)


def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle of matrices."""
    return FUNCTIONS["triu"](x, k)


def epsilon_of(x: Any) -> float:
    """The distance from 1 to the next number in the precision of a Tensor."""
    return _np.epsilon_of(_array(x))


def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Raise where a gradient depends on the phases of complex vectors."""
    values, compared = _array(imaginary), _array(sizes)
    namespace = namespace_for((values, compared))
    namespace.check_phases(values, compared, message)


def cumulative_sum(x: Any, axis: int) -> Any:
    """Running sum along an axis."""
    return FUNCTIONS["cumsum"](x, axis)


def cumulative_prod(x: Any, axis: int) -> Any:
    """Running product along an axis."""
    return FUNCTIONS["cumprod"](x, axis)


def lstm_steps_back(*args: Any) -> None:
    """No quicker way than the rule's, which is recorded."""
    return None


sums_over_paths = lstm_steps_back


def take(x: Any, indices: Any, axis: int) -> Any:
    """Elements along an axis, by index."""
    return FUNCTIONS["index_select"](x, axis, asarray(indices))


def take_along_axis(x: Any, indices: Any, axis: int) -> Any:
    """Elements along an axis, by an index for each place."""
    return FUNCTIONS["take_along_dim"](x, asarray(indices), axis)


def outer_product(x: Any, y: Any) -> Any:
    """x[i] y[j] of two vectors."""
    if isinstance(x, BatchedTensor) and isinstance(y, BatchedTensor):  # a product of matrices may be summed only
        return FUNCTIONS["matmul"](expand_dims(x, axis=1), expand_dims(y, axis=0))
    return expand_dims(x, axis=1) * y


def sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    """Sum down to a shape that broadcasts to that of x: the transpose of broadcasting."""
    shape = tuple(shape)
    own = x._array_.shape
    lead = len(own) - len(shape)
    axes = tuple([i for i in range(len(own)) if i < lead or (shape[i - lead] == 1 and own[i] != 1)])
    if axes:
        x = FUNCTIONS["sum"](x, axes)
    return x if x._array_.shape == shape else x.reshape(shape)


def __getattr__(name: str) -> Any:
    """An operator by its name or the standard's; then a public function; then the standard's constants and dtypes."""
    if name.startswith("_"):
        raise AttributeError(name)
    known = _RENAMED.get(name, name)
    found = FUNCTIONS.get(known) or OPS.get(known)
    if found is None:
        if name in {"pi", "e", "inf", "nan", "newaxis"}:
            return getattr(_np, name)
        if name in {
            "bool",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "float16",
            "float32",
            "float64",
            "complex64",
            "complex128",
        }:
            return from_numpy_dtype(np.dtype(name))
        raise AttributeError(f"the Tensor namespace has no function {name!r}, and no operator has that name")
    globals()[name] = found
    return found
