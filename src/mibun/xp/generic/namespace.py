"""The gaps in pure Array API: what the NumPy namespace has beyond the standard, for any other array library.

`namespace_for(array type)` and `Namespace(module)` give a namespace that looks a name up in three places: the gaps
below (written with the standard's functions alone), the library's own functions, and the kernels of mibun's
operators. It is meant to be right, not fast; a library that matters gets a namespace of its own. The gaps about
memory and indexing, order, convolution and pooling, linear algebra and special functions have modules of their own.
"""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.device import CPU
from ...core.registry import NAMESPACES, OPS
from ..special import functions as special_functions
from ..special.complexes import log1p_of_complex
from .envelope import Library
from .gaps import GAPS, gap, is_complex, library_dtype


class Namespace:
    """One array library's functions, the gaps, and the operators' kernels, under one roof."""

    # The standard has no word on whether arrays can be written to and whether an index gives a view. So nothing here
    # relies on either.
    mutable = False
    takes_numpy = False

    def __init__(self, base: Any) -> None:
        self.base = base
        self.__name__ = f"mibun.xp.generic({base.__name__})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in GAPS:
            found = functools.partial(GAPS[name], self)
        elif hasattr(self.base, name):
            found = getattr(self.base, name)
        else:
            if name not in OPS:
                raise AttributeError(
                    f"{self.base.__name__} has no function {name!r}, mibun no gap of that name, and no operator either"
                )
            found = functools.partial(OPS[name].kernel, self)
        setattr(self, name, found)
        return found

    def known(self, x: Any) -> bool:
        """Whether the values of x can be looked at."""
        return True

    def device_of(self, x: Any) -> Any:
        """The device that a Tensor of x shows: the CPU, whatever the library calls it."""
        return CPU

    def to_numpy(self, x: Any) -> np.ndarray:
        """x as an array of NumPy's, by DLPack or by the library's own conversion."""
        try:
            return np.from_dlpack(x)
        except (AttributeError, BufferError, RuntimeError, TypeError):
            return np.asarray(x)

    def from_numpy(self, x: np.ndarray, device: Any = None) -> Any:
        """An array of NumPy's as one of the library's."""
        return self.base.asarray(x)


_FOUND: dict[Any, Namespace] = {}  # library -> its namespace, which is the same for all types of its arrays


def namespace_for(kind: type) -> Namespace:
    """The namespace of an array type that follows the standard."""
    base = importlib.import_module(kind.__module__.split(".")[0])
    if base not in _FOUND:
        if _has_numpys_dtypes(base):
            _FOUND[base] = Namespace(base)
        else:
            found = _FOUND[base] = EnvelopedNamespace(Library(base))
            NAMESPACES[found.base.kind] = found
    return _FOUND[base]


def _has_numpys_dtypes(base: Any) -> bool:
    try:
        return np.dtype(base.float64) == np.float64
    except TypeError:
        return False


class EnvelopedNamespace(Namespace):
    """The same for a library whose dtypes are not NumPy's, over its arrays in envelopes (see `envelope.py`)."""

    def adopt(self, x: Any) -> Any:
        """An array of the library as a Tensor has it: in its envelope."""
        return self.base.kind(x)

    def released(self, x: Any) -> Any:
        """The array of the library in an envelope."""
        return x.own

    def to_numpy(self, x: Any) -> np.ndarray:
        """x as an array of NumPy's, in memory of its own."""
        return np.array(super().to_numpy(x.own), dtype=x.dtype)


@gap
def power(xp, x, y):
    return xp.base.pow(x, y)


@gap
def conj(xp, x):
    if isinstance(x, (int, float, complex)):
        return x.conjugate()
    return xp.base.conj(x) if xp.base.isdtype(x.dtype, "complex floating") else x


@gap
def real(xp, x):
    return xp.base.real(x) if xp.base.isdtype(x.dtype, "complex floating") else x


@gap
def astype(xp, x, dtype, copy=False):
    dtype = library_dtype(xp, dtype)
    if xp.base.isdtype(x.dtype, "complex floating") and not xp.base.isdtype(dtype, ("complex floating", "bool")):
        x = xp.base.real(x)
    return xp.base.astype(x, dtype, copy=copy)


@gap
def scalar(xp, value, dtype):
    return xp.base.asarray(value, dtype=library_dtype(xp, dtype))


@gap
def copy(xp, x):
    return xp.base.asarray(x, copy=True)


@gap
def ascontiguousarray(xp, x):
    return x


@gap
def zeros(xp, shape, dtype=None):
    return xp.base.zeros(shape, dtype=library_dtype(xp, dtype))


@gap
def ones(xp, shape, dtype=None):
    return xp.base.ones(shape, dtype=library_dtype(xp, dtype))


@gap
def full(xp, shape, value, dtype=None):
    if hasattr(value, "dtype"):
        return xp.copy(xp.base.broadcast_to(xp.astype(xp.base.asarray(value), dtype), shape))
    return xp.base.full(shape, value, dtype=library_dtype(xp, dtype))


@gap
def arange(xp, start, stop=None, step=1, dtype=None):
    return xp.base.arange(start, stop, step, dtype=library_dtype(xp, dtype))


@gap
def sum_(xp, x, axis=None, keepdims=False, dtype=None):
    if xp.base.isdtype(x.dtype, "bool"):
        x = xp.base.astype(x, xp.base.int64 if dtype is None else library_dtype(xp, dtype))
    return xp.base.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else library_dtype(xp, dtype))


@gap
def row_sums(xp, x, axis):
    return xp.sum(x, axis=axis, keepdims=True)


@gap
def prod(xp, x, axis=None, keepdims=False, dtype=None):
    if xp.base.isdtype(x.dtype, "bool"):
        x = xp.base.astype(x, xp.base.int64 if dtype is None else library_dtype(xp, dtype))
    return xp.base.prod(x, axis=axis, keepdims=keepdims, dtype=x.dtype if dtype is None else library_dtype(xp, dtype))


@gap
def mean(xp, x, axis=None, keepdims=False):
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    return xp.sum(x, axis=axis, keepdims=keepdims) / math.prod([x.shape[a] for a in axes])


@gap
def sum_to(xp, x, shape):
    lead = x.ndim - len(shape)
    axes = tuple(i for i in range(x.ndim) if i < lead or (shape[i - lead] == 1 and x.shape[i] != 1))
    if axes:
        x = xp.sum(x, axis=axes)
    return xp.base.reshape(x, tuple(shape))


@gap
def lstm_steps(xp, input, hidden, cell, w_ih, w_hh, bias, reverse):
    return None  # no quicker way than the kernel's


@gap
def lstm_steps_back(xp, for_output, for_cells, work, cells, weight, reverse):
    return None


@gap
def sums_over_paths(xp, scores, skip, starts, back=False):
    return None


@gap
def mean_of_products(xp, x, y, axis):
    return xp.mean(x * y, axis=axis, keepdims=True)


@gap
def moments(xp, x, axis):
    """The mean and the variance, divided by n, with the axes kept."""
    mean = xp.mean(x, axis=axis, keepdims=True)
    centred = x - mean
    return mean, xp.mean_of_products(centred, centred, axis)


@gap
def einsum(xp, equation, *operands, **options):
    """Sum over products, by broadcasting; explicit equations without ellipsis or repeated letters in one operand."""
    inputs, output = equation.replace(" ", "").split("->")
    letters = sorted(set(inputs.replace(",", "")))
    total = None
    for term, operand in zip(inputs.split(","), operands, strict=True):
        order = sorted(range(len(term)), key=lambda i, term=term: letters.index(term[i]))
        aligned = xp.base.permute_dims(operand, tuple(order))
        sizes = dict(zip(term, operand.shape, strict=True))
        aligned = xp.base.reshape(aligned, tuple(sizes.get(letter, 1) for letter in letters))
        total = aligned if total is None else total * aligned
    axes = tuple(i for i, letter in enumerate(letters) if letter not in output)
    if axes:
        total = xp.sum(total, axis=axes)
    kept = [letter for letter in letters if letter in output]
    return xp.base.permute_dims(total, tuple(kept.index(letter) for letter in output))


# --- dtypes and copies ---


@gap
def isdtype(xp, dtype, kind):
    return xp.base.isdtype(library_dtype(xp, dtype), kind)


@gap
def zeros_like(xp, x, dtype=None):
    return xp.base.zeros_like(x, dtype=library_dtype(xp, dtype))


@gap
def ones_like(xp, x, dtype=None):
    return xp.base.ones_like(x, dtype=library_dtype(xp, dtype))


@gap
def full_like(xp, x, value, dtype=None):
    return xp.full(x.shape, value, x.dtype if dtype is None else dtype)


@gap
def empty(xp, shape, dtype=None):
    return xp.base.zeros(shape, dtype=library_dtype(xp, dtype))


@gap
def eye(xp, n, m=None, *, k=0, dtype=None):
    return xp.base.eye(n, m, k=k, dtype=library_dtype(xp, dtype))


@gap
def asarray(xp, x, dtype=None):
    return xp.base.asarray(x, dtype=library_dtype(xp, dtype))


@gap
def copy_in_order(xp, x):
    return xp.base.asarray(x, copy=True)


# --- complex numbers ---


@gap
def make_complex(xp, real, imag):
    real, imag = xp.base.broadcast_arrays(real, imag)
    dtype = xp.base.complex64 if real.dtype == xp.base.float32 else xp.base.complex128
    # 1j * inf would be nan+infj: the parts that are not finite are constants.
    second = xp.base.astype(xp.base.where(xp.base.isfinite(imag), imag, xp.base.zeros_like(imag)), dtype) * 1j
    for mask, value in ((imag == math.inf, math.inf), (imag == -math.inf, -math.inf), (xp.base.isnan(imag), math.nan)):
        second = xp.base.where(mask, xp.base.asarray(complex(0, value), dtype=dtype), second)
    return xp.base.astype(real, dtype) + second


@gap
def parts_of_complex(xp, x):
    return xp.base.stack([xp.base.real(x), xp.base.imag(x)], axis=-1)


@gap
def complex_of_parts(xp, x):
    return xp.make_complex(x[..., 0], x[..., 1])


# --- elementwise functions ---


@gap
def log1p(xp, x):
    if not is_complex(xp, x):
        return xp.base.log1p(x)
    return xp.base.astype(log1p_of_complex(xp, xp.base.astype(x, xp.base.complex128)), x.dtype)


@gap
def exp2(xp, x):
    return xp.base.exp(x * math.log(2)) if is_complex(xp, x) else xp.base.pow(xp.base.full_like(x, 2), x)


@gap
def fmax(xp, x, y):
    return xp.base.where(xp.base.isnan(x), y, xp.base.where(xp.base.isnan(y), x, xp.base.maximum(x, y)))


@gap
def fmin(xp, x, y):
    return xp.base.where(xp.base.isnan(x), y, xp.base.where(xp.base.isnan(y), x, xp.base.minimum(x, y)))


@gap
def fmod(xp, x, y):
    size = xp.base.remainder(xp.base.abs(x), xp.base.abs(y))
    return xp.base.where(x < 0, -size, size)


@gap
def logaddexp2(xp, x, y):
    return xp.base.logaddexp(x * math.log(2), y * math.log(2)) / math.log(2)


def _special(name: str) -> None:
    own = getattr(special_functions, name)

    def function(xp: Any, x: Any) -> Any:
        return xp.base.astype(own(xp, xp.base.astype(x, xp.base.float64)), x.dtype)

    GAPS[name] = function


for _name in ("erf", "erfc", "erfinv", "i0", "i1", "lgamma", "digamma"):
    _special(_name)


@gap
def polygamma(xp, n, x):
    return xp.base.astype(special_functions.polygamma(xp, n, xp.base.astype(x, xp.base.float64)), x.dtype)
