"""CuPy, as the modules of `xp/numpy/` want their array library: with what it lacks, and errors where it has none.

What NumPy raises CuPy does not see, as nothing is looked at on the GPU until it is asked for: a singular matrix gives
NaN. Where mibun has to raise, the result is looked at, which waits for the GPU; it is done in linear algebra alone,
where PyTorch waits too.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy

# CuPy, unless the package was made for another library (see `bind`).
_cupy: Any = getattr(sys.modules[str(__package__)], "array_library", None) or importlib.import_module("cupy")
ndarray: Any = _cupy.ndarray


def from_size(n: int) -> int:
    """How many elements there must be for a way to pay that is made for CPUs: never so many."""
    return sys.maxsize


def up_to(n: int) -> int:
    """The same for ways that pay below a size."""
    return 0


def compiled(module: str, name: str) -> Callable | None:
    """CuPy's function of the name of one of SciPy's, of `scipy.special`; None where it has none."""
    if module != "special" or _cupy.__name__ != "cupy":
        return None
    return getattr(importlib.import_module("cupyx.scipy.special"), name, None)


def address(x: Any) -> int:
    """Where the first element is in the memory of the GPU."""
    return x.data.ptr


def by_onednn(name: str, *arguments: Any) -> Any:
    """None: oneDNN is for arrays in the computer's own memory."""
    return None


def multiplies_small() -> bool:
    """Whether products are quicker in small parts: no."""
    return False


def share_parts(work: Callable[[int, int], Any], count: int, cost: int) -> None:
    """work(0, count): one thread of the host is enough."""
    work(0, count)


def over_memory(x: Any, shape: tuple[int, ...], strides: tuple[int, ...] | None = None, offset: int = 0) -> Any:
    """A view of these strides on the memory of a contiguous array, in bytes."""
    if offset:
        x = x.reshape(-1)[offset // x.dtype.itemsize :]
    if strides is None:
        return x.reshape(-1)[: numpy.prod(shape, dtype=int)].reshape(shape)
    return as_strided(x, shape, strides)


as_strided = _cupy.lib.stride_tricks.as_strided


def writable_as(view: Any, x: Any) -> Any:
    """Views are as writable as what they are of."""
    return view


# --- several values for one place ---


def scatter(how: str, out: Any, index: Any, values: Any) -> None:
    """Combine values with what is at an index of `out`.

    CuPy's `add.at` uses atomic additions, whose order changes from run to run, as PyTorch's do on a GPU. The others are
    missing there or lose digits and NaN: here values for one place are brought side by side and combined in pairs, then
    the results in pairs, and so on.
    """
    if how == "add":
        _cupy.add.at(out, index, values)
        return
    places = _cupy.arange(out.size).reshape(out.shape)[index]
    if not places.size:
        return
    values = _cupy.broadcast_to(_cupy.asarray(values, out.dtype), places.shape).reshape(-1)
    places = places.reshape(-1)
    order = _cupy.argsort(places, kind="stable")
    places, values = places[order], values[order]
    combine, position = getattr(_cupy, how), _cupy.arange(len(values))
    begins = _cupy.concatenate([_cupy.ones(1, bool), places[1:] != places[:-1]])
    starts = _cupy.nonzero(begins)[0]
    run = _cupy.cumsum(begins) - 1
    last = _cupy.concatenate([starts[1:] - 1, position[-1:]])[run]
    within = position - starts[run]
    step, longest = 1, int(within.max()) + 1
    while step < longest:
        paired = (within % (2 * step) == 0) & (position + step <= last)
        values = _cupy.where(paired, combine(values, values[_cupy.minimum(position + step, last)]), values)
        step *= 2
    flat = out.reshape(-1)
    target = places[starts]
    flat[target] = combine(flat[target], values[starts])
    if not out.flags.c_contiguous:
        out[...] = flat.reshape(out.shape)


# --- functions ---


class _Ufunc:
    """An elementwise function of CuPy's with the reductions of NumPy's."""

    def __init__(self, name: str, reduction: str = "") -> None:
        self.__name__, self._function = name, getattr(_cupy, name)
        self._reduction = getattr(_cupy, reduction, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)

    def reduce(self, x: Any, axis: Any = 0, keepdims: bool = False) -> Any:
        """Over axes."""
        if self._reduction is None:
            raise NotImplementedError(f"{self.__name__}.reduce")
        if not x.size and self.__name__ not in ("logical_and", "logical_or"):
            return self._of_nothing(x, axis, keepdims)
        return self._reduction(x, axis=axis, keepdims=keepdims)

    def _of_nothing(self, x: Any, axis: Any, keepdims: bool) -> Any:
        axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        if any([x.shape[a] == 0 for a in axes]):
            raise ValueError(f"zero-size array to reduction operation {self.__name__} which has no identity")
        return _cupy.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype)

    def accumulate(self, x: Any, axis: int = 0, dtype: Any = None) -> Any:
        """The running reduction, of an associative function: in steps of 1, 2, 4, … places (Hillis and Steele 1986)."""
        x = x.astype(x.dtype if dtype is None else dtype)
        axis %= x.ndim
        lead, step = (slice(None),) * axis, 1
        while step < x.shape[axis]:
            combined = self(x[(*lead, slice(None, -step))], x[(*lead, slice(step, None))])
            x = _cupy.concatenate([x[(*lead, slice(None, step))], combined], axis=axis)
            step *= 2
        return x


class errstate(contextlib.ContextDecorator):
    """Nothing: a GPU has no such warnings or errors."""

    def __init__(self, **kinds: str) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def unstack(x: Any, axis: int = 0) -> tuple:
    """The slices along an axis."""
    return tuple(_cupy.moveaxis(x, axis, 0))


def vecdot(x: Any, y: Any) -> Any:
    """The products of rows, added up."""
    return _cupy.sum(_cupy.conj(x) * y, axis=-1)


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Elements repeated; CuPy's takes no array of numbers."""
    if type(repeats) is not ndarray:
        return _cupy.repeat(x, repeats, axis)
    if axis is None:
        x, axis = x.reshape(-1), 0
    ends = _cupy.cumsum(_cupy.broadcast_to(repeats, (x.shape[axis],)))
    total = int(ends[-1]) if ends.size else 0
    return _cupy.take(x, _cupy.searchsorted(ends, _cupy.arange(total), side="right"), axis)


def where(condition: Any, *choices: Any) -> Any:
    """NumPy's `where`; CuPy's takes arrays of conditions alone."""
    if type(condition) is not ndarray:
        condition = _cupy.asarray(condition)
    return _cupy.where(condition, *choices)


def _refusing_zero(name: str) -> Callable:
    """A division that raises where integers are divided by 0, which gives 0 on a GPU; it is looked at for integers."""
    function = getattr(_cupy, name)

    def divide(x: Any, y: Any) -> Any:
        if x.dtype.kind in "iu" and bool((y == 0).any() if type(y) is ndarray else y == 0):
            raise FloatingPointError("integers are divided by zero")
        return function(x, y)

    return divide


# --- linear algebra ---


def _checked(name: str) -> Callable:
    """A function that raises NumPy's error where finite numbers give what is not: LAPACK's sign of failure."""
    function = getattr(_cupy.linalg, name)

    def call(a: Any, *others: Any) -> Any:
        result = function(a, *others)
        if not _finite(result) and all([_finite(x) for x in (a, *others)]):
            raise numpy.linalg.LinAlgError("Singular matrix")
        return result

    return call


def _finite(x: Any) -> bool:
    return bool(_cupy.isfinite(x).all())


_solve, _inv, _cholesky = _checked("solve"), _checked("inv"), _checked("cholesky")


def _solve_all(a: Any, b: Any) -> Any:
    """The solutions, batches broadcast."""
    batch = numpy.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    shape = (*batch, *b.shape[-2:])
    if 0 in shape:
        return _cupy.zeros(shape, numpy.result_type(a.dtype, b.dtype))
    a, b = _cupy.broadcast_to(a, (*batch, *a.shape[-2:])), _cupy.broadcast_to(b, shape)
    return _solve(_cupy.ascontiguousarray(a), _cupy.ascontiguousarray(b))


class _Linalg:
    """`cupy.linalg`, with its errors."""

    LinAlgError = numpy.linalg.LinAlgError
    solve, inv, cholesky = staticmethod(_solve_all), staticmethod(_inv), staticmethod(_cholesky)

    def __getattr__(self, name: str) -> Any:
        return getattr(_cupy.linalg, name)


# --- the library ---

_OWN = {
    "in_place": True,  # for optimizers' formulas: an array of their state is written to
    "errstate": errstate,
    "unstack": unstack,
    "vecdot": vecdot,
    "repeat": repeat,
    **{name: _refusing_zero(name) for name in ("floor_divide", "remainder", "fmod")},
    "where": where,
    "linalg": _Linalg(),
    "ndarray": ndarray,
    "bool": numpy.bool,
    "broadcast_shapes": numpy.broadcast_shapes,
    **{
        name: _Ufunc(name, reduction)
        for name, reduction in {
            "maximum": "max",
            "minimum": "min",
            "fmax": "nanmax",
            "fmin": "nanmin",
            "logical_and": "all",
            "logical_or": "any",
            "logaddexp": "",
        }.items()
    },
}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(np, name)


class _Library(SimpleNamespace):
    """CuPy with the functions above: `np` of the modules that are bound to it."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(_cupy, name)
        setattr(self, name, found)
        return found


np: Any = _Library(**_OWN)
