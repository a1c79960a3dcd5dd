"""`Batched`: an array with hidden leading axes, one for each level of `vmap`, of the shape of one example.

Kernels and rules look at `shape`, `ndim`, `dtype`, index and use infix operators: all of that is about one example.
What is hidden comes first in memory and broadcasts like everything else, so that most functions need to know no more of
it than how many axes there are (see `rules.py`).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy import ndarray

from ...core.batching import DATA_DEPENDENT, NO_STORAGE
from ...core.registry import NAMESPACES, Array
from .library import is_array, numpy_namespace, xp


class Deferred:
    """An array that is not computed before somebody looks at it: often only its sum over the examples is wanted.

    compute(): the array. total(axes): its sum over some hidden axes, for which there is a shorter way.
    """

    __slots__ = ("compute", "dtype", "ndim", "shape", "total")

    def __init__(self, shape: tuple[int, ...], dtype: Any, compute: Callable, total: Callable) -> None:
        self.shape, self.dtype, self.ndim = shape, dtype, len(shape)
        self.compute, self.total = compute, total


class Batched:
    """An array of one example's shape, of which there are as many as the hidden axes say.

    array: of the library below, the hidden axes first. levels: the number of the level of each hidden axis, ascending.
    """

    __slots__ = ("__weakref__", "_array", "levels")
    __hash__ = object.__hash__

    def __init__(self, array: Array | Deferred, levels: tuple[int, ...]) -> None:
        self._array = array
        self.levels = levels

    @property
    def array(self) -> Array:
        array = self._array
        if type(array) is Deferred:
            array = self._array = array.compute()
        return array

    def total(self, axes: tuple[int, ...]) -> Array:
        """The sum over some hidden axes."""
        array = self._array
        return array.total(axes) if type(array) is Deferred else NAMESPACES[type(array)].sum(array, axis=axes)

    @property
    def hidden(self) -> tuple[int, ...]:
        """How many examples each level has."""
        return self._array.shape[: len(self.levels)]

    # --- what one example looks like ---

    @property
    def shape(self) -> tuple[int, ...]:
        return self._array.shape[len(self.levels) :]

    @property
    def ndim(self) -> int:
        return self._array.ndim - len(self.levels)

    @property
    def dtype(self) -> Any:
        return self._array.dtype

    @property
    def size(self) -> int:
        return math.prod(self._array.shape[len(self.levels) :])

    @property
    def itemsize(self) -> int:
        return self._array.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.size * self._array.dtype.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        return self.array.strides[len(self.levels) :] if self.array.size else self.example.strides

    @property
    def flags(self) -> Any:
        return self.example.flags

    @property
    def example(self) -> Any:
        """The first example, or what one would be like if there is none."""
        hidden = self.array.shape[: len(self.levels)]
        if 0 in hidden:
            return xp.zeros(self.shape, dtype=self.dtype)
        return self.array[(*[0] * len(hidden), ...)]

    @property
    def real(self) -> Batched:
        return Batched(self.array.real, self.levels)

    @property
    def imag(self) -> Batched:
        return Batched(self.array.imag, self.levels)

    @property
    def T(self) -> Batched:  # noqa: N802
        return self.transpose()

    @property
    def mT(self) -> Batched:  # noqa: N802
        return self.swapaxes(-1, -2)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Batched]:
        return iter([self[i] for i in range(len(self))])

    def __repr__(self) -> str:
        return f"Batched({self.array!r}, levels={self.levels})"

    # --- the methods that kernels use ---

    def astype(self, dtype: Any, order: Any = "K", copy: bool = True) -> Batched:
        array = self.array
        if type(array) is not np.ndarray:
            return Batched(xp.astype(array, np.dtype(dtype)), self.levels)
        return Batched(array.astype(dtype, order=order, copy=copy), self.levels)

    def conjugate(self) -> Batched:
        return Batched(xp.conj(self.array), self.levels)

    def copy(self, order: Any = "C") -> Batched:
        array = self.array
        return Batched(array.copy(order) if type(array) is np.ndarray else xp.copy(array), self.levels)

    def fill(self, value: Any) -> None:
        if xp.mutable:
            self.array.fill(value)
        else:
            self._array = xp.full_like(self.array, value)

    def reshape(self, *shape: Any) -> Batched:
        visible = shape[0] if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)) else shape
        hidden = self.array.shape[: len(self.levels)]
        visible = tuple(visible)
        if -1 in visible and 0 in (*hidden, *visible):  # what NumPy cannot infer, since it counts the hidden axes too
            rest = math.prod([n for n in visible if n != -1])
            visible = tuple([(self.size // rest if rest else 0) if n == -1 else n for n in visible])
        return Batched(self.array.reshape((*hidden, *visible)), self.levels)

    def ravel(self, order: str = "C") -> Batched:
        return self.reshape(-1)

    def transpose(self, *axes: Any) -> Batched:
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        k, n = len(self.levels), self.ndim
        order = [a % n + k for a in order] if order else [k + a for a in reversed(range(n))]
        return Batched(self.array.transpose((*range(k), *order)), self.levels)

    def swapaxes(self, one: int, other: int) -> Batched:
        return Batched(self.array.swapaxes(self.axis(one), self.axis(other)), self.levels)

    def squeeze(self, axis: Any) -> Batched:
        axes = (axis,) if isinstance(axis, int) else axis
        return Batched(xp.squeeze(self.array, axis=tuple([self.axis(a) for a in axes])), self.levels)

    def view(self, dtype: Any) -> Batched:
        return Batched(xp.view_as_dtype(self.array, dtype), self.levels)

    def take(self, indices: Any, axis: int | None = None) -> Any:
        namespace = NAMESPACES[Batched]
        return namespace.take_flat(self.reshape(-1), indices) if axis is None else namespace.take(self, indices, axis)

    def axis(self, axis: int) -> int:
        """An axis of one example as one of the whole array."""
        return axis % max(self.ndim, 1) + len(self.levels)

    # --- checks, of all examples at once: whether any of them is to be refused ---

    def any(self) -> bool:
        return bool(self.array.any())

    def all(self) -> bool:
        return bool(self.array.all())

    def min(self) -> Any:
        return self.array.min() if self.array.size else limits(self.dtype)[1]

    def max(self) -> Any:
        return self.array.max() if self.array.size else limits(self.dtype)[0]

    # --- indexing with what is the same for all examples ---

    def __getitem__(self, index: Any) -> Batched:
        return Batched(self.array[self._physical(index)], self.levels)

    def __setitem__(self, index: Any, value: Any) -> None:
        place = self._physical(index)
        if type(value) is Batched:
            missing = [level for level in value.levels if level not in self.levels]
            if missing:
                raise RuntimeError(INCOMPATIBLE)
            shown = self.array[place].ndim - len(self.levels)
            value = physical(value, self.levels, max(shown, value.ndim))
        if not xp.mutable:
            self._array = xp.replaced_at(self.array, place, value)
            return
        self.array[place] = value

    def _physical(self, index: Any) -> tuple:
        index = index if type(index) is tuple else (index,)
        if any([type(part) is Batched or is_array(part) for part in index]):
            raise TypeError("a batched array is indexed with arrays by index_with() and put_at() of its namespace")
        index = (*(slice(None),) * len(self.levels), *index)
        return index if xp is numpy_namespace or Ellipsis in index else (*index, ...)  # which some libraries want

    # --- what would have to be one value for all examples ---

    def __bool__(self) -> bool:
        values = set(xp.to_numpy(self.array).reshape(-1).tolist())
        if len(values) > 1:
            raise RuntimeError(DATA_DEPENDENT)
        return bool(values.pop()) if values else False

    def item(self) -> Any:
        raise RuntimeError(
            "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling .item() on a "
            "Tensor, please try to rewrite what you're doing with other operations."
        )

    def __float__(self) -> float:
        return self.item()

    def __int__(self) -> int:
        return self.item()

    def __index__(self) -> int:
        return self.item()

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        """What NumPy's ufuncs, and infix operators of NumPy's arrays, do where an operand is batched.

        `array += batched` cannot be done in place: the result is another array, to which Python binds the name.
        """
        out = options.pop("out", None)
        if method != "__call__" or (out is not None and (len(out) > 1 or out[0] is not operands[0])):
            return NotImplemented
        return elementwise(ufunc, operands, options)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(NO_STORAGE)

    def tolist(self) -> Any:
        raise RuntimeError(NO_STORAGE)


INCOMPATIBLE = (
    "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor `other` in extra_args "
    "that has more elements than `self`. This happened due to `other` being vmapped over but `self` not being vmapped "
    "over in a vmap. Please try to use out-of-place operators instead of inplace arithmetic. If said operator is being "
    "called inside the PyTorch framework, please file a bug report instead."
)


def limits(dtype: Any) -> tuple[Any, Any]:
    """The smallest and the largest number of a dtype."""
    if dtype.kind == "b":
        return False, True
    return (np.iinfo(dtype).min, np.iinfo(dtype).max) if dtype.kind in "iu" else (-np.inf, np.inf)


# --- bringing operands to common hidden axes ---


def levels_of(operands: Iterable) -> tuple[int, ...]:
    """The levels of all operands together, ascending."""
    found: tuple[int, ...] = ()
    for operand in operands:
        if type(operand) is Batched and operand.levels is not found and operand.levels != found:
            found = tuple(sorted({*found, *operand.levels})) if found else operand.levels
    return found


def sizes_of(operands: Iterable) -> dict[int, int]:
    """level -> the number of its examples."""
    return {
        level: size
        for operand in operands
        if type(operand) is Batched
        for level, size in zip(operand.levels, operand.array.shape, strict=False)
    }


def physical(x: Any, levels: tuple[int, ...], rank: int) -> Any:
    """The whole array of x, its hidden axes those of `levels` (of size 1 where x is the same for all examples).

    rank: how many axes of an example follow, axes of size 1 put before its own. What is not batched is left as it is,
    as its axes broadcast from the right.
    """
    if type(x) is not Batched:
        return x
    array, own = x.array, x.levels
    k = len(own)
    lead = (1,) * (rank + k - array.ndim)
    if own == levels:
        return array.reshape((*array.shape[:k], *lead, *array.shape[k:])) if lead else array
    sizes = dict(zip(own, array.shape, strict=False))
    return array.reshape((*[sizes.get(level, 1) for level in levels], *lead, *array.shape[k:]))


def spread(x: Any, levels: tuple[int, ...], sizes: dict[int, int]) -> Any:
    """The whole array of x with all hidden axes in full size, what is the same for all examples repeated (no copy)."""
    hidden = tuple([sizes[level] for level in levels])
    if type(x) is not Batched:
        x = xp.asarray(x)
        return xp.broadcast_to(x, (*hidden, *x.shape))
    if x.levels == levels:
        return x.array
    array = physical(x, levels, x.ndim)
    return xp.broadcast_to(array, (*hidden, *x.shape))


def elementwise(f: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A function that works on each element for itself, with broadcasting."""
    levels = levels_of(args)
    rank = max([getattr(x, "ndim", 0) for x in args])
    out = f(*[physical(x, levels, rank) if type(x) is Batched else x for x in args], **kwargs)
    return tuple([Batched(one, levels) for one in out]) if type(out) is tuple else Batched(out, levels)


def _infix(f: Callable) -> tuple[Callable, Callable]:
    def forward(self: Batched, other: Any) -> Any:
        one = self._array
        if type(one) is Deferred:
            one = self.array
        if type(other) is Batched:
            two = other._array
            if type(two) is ndarray and one.ndim == two.ndim and self.levels == other.levels:
                return Batched(f(one, two), self.levels)
            return elementwise(f, (self, other), {})
        if type(other) is float or type(other) is int or getattr(other, "ndim", 0) <= one.ndim - len(self.levels):
            return Batched(f(one, other), self.levels)
        return elementwise(f, (self, other), {})

    def reflected(self: Batched, other: Any) -> Any:
        one = self._array
        if type(other) is float or type(other) is int or getattr(other, "ndim", 0) <= one.ndim - len(self.levels):
            return Batched(f(other, one if type(one) is ndarray else self.array), self.levels)
        return elementwise(f, (other, self), {})

    return forward, reflected


for _name in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod", "lshift", "rshift", "and", "or", "xor"):
    _forward, _reflected = _infix(getattr(operator, f"{_name}_" if _name in ("and", "or") else _name))
    setattr(Batched, f"__{_name}__", _forward)
    setattr(Batched, f"__r{_name}__", _reflected)
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Batched, f"__{_name}__", _infix(getattr(operator, _name))[0])


def _in_place(f: Callable, forward: Callable) -> Callable:
    def infix(self: Batched, other: Any) -> Batched:
        """In the same memory, if what is put there has no other levels."""
        array = self.array
        if type(other) is not Batched:
            return (
                Batched(f(array, other), self.levels)
                if getattr(other, "ndim", 0) <= self.ndim
                else forward(self, other)
            )
        levels, two = self.levels, other.array
        if other.levels != levels or two.ndim > array.ndim:
            return forward(self, other)
        if two.ndim < array.ndim:
            k = len(levels)
            two = two.reshape((*two.shape[:k], *(1,) * (array.ndim - two.ndim), *two.shape[k:]))
        out = f(array, two)
        return self if out is array else Batched(out, levels)

    return infix


for _name in ("add", "mul"):
    _forward = _infix(getattr(operator, _name))[0]
    setattr(Batched, f"__i{_name}__", _in_place(getattr(operator, f"i{_name}"), _forward))


if xp is not numpy_namespace:  # infix operators of NumPy's scalars leave it to those here, which know the library's
    Batched.__array_ufunc__ = None  # type: ignore[assignment, method-assign]


def _prefix(f: Callable) -> Callable:
    return lambda self: Batched(f(self.array), self.levels)


for _name in ("neg", "abs", "invert", "pos"):
    setattr(Batched, f"__{_name}__", _prefix(getattr(operator, _name)))


def _matmul(self: Batched, other: Any) -> Any:
    namespace = NAMESPACES[Batched]
    return namespace.matmul(self, other)


def _reflected_matmul(self: Batched, other: Any) -> Any:
    namespace = NAMESPACES[Batched]
    return namespace.matmul(other, self)


Batched.__matmul__ = _matmul  # type: ignore[attr-defined]
Batched.__rmatmul__ = _reflected_matmul  # type: ignore[attr-defined]
