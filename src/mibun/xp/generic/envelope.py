"""Arrays whose dtypes are not NumPy's, in an envelope that shows NumPy's, as all of mibun expects of an array.

`Library(module)` is the module of such a library with functions that take and give enveloped arrays and dtypes of
NumPy's: what `Namespace` has as its base, so that the gaps and all formulas above know of no envelope. An envelope
shows besides what mibun asks arrays for and the standard does not have: `size`, `itemsize`, methods.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

_DTYPES = """
    bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
""".split()


class Enveloped:
    """An array of some library; each has a class of its own, made by `Library`."""

    __slots__ = ("dtype", "own")
    __array_ufunc__ = None  # NumPy's scalars leave their operators to this class
    __hash__ = None  # type: ignore[assignment]
    library: Library

    def __init__(self, own: Any) -> None:
        self.own, self.dtype = own, self.library.numpys(own.dtype)

    shape = property(lambda self: tuple(self.own.shape))
    ndim = property(lambda self: len(self.own.shape))
    size = property(lambda self: math.prod(self.own.shape))
    itemsize = property(lambda self: self.dtype.itemsize)
    nbytes = property(lambda self: self.dtype.itemsize * self.size)
    T = property(lambda self: self.library.permute_dims(self, tuple(reversed(range(self.ndim)))))

    @property
    def real(self) -> Any:
        """The real part (of a real array: itself)."""
        return self.library.real(self) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return self.library.imag(self) if self.dtype.kind == "c" else self.library.zeros_like(self)

    def __getitem__(self, index: Any) -> Any:
        items = index if type(index) is tuple else (index,)
        found = self.own[tuple([_index(self.library, item) for item in items])]
        return type(self)(found)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[(i, ...)] for i in range(self.shape[0]))

    def __bool__(self) -> bool:
        return bool(self.own)

    def __int__(self) -> int:
        return int(self.own)

    def __float__(self) -> float:
        return float(self.own)

    def __complex__(self) -> complex:
        return complex(self.own)

    def __index__(self) -> int:
        return operator.index(self.own)

    def __repr__(self) -> str:
        return repr(self.own)

    def __dlpack__(self, **options: Any) -> Any:
        return self.own.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.own.__dlpack_device__()

    # --- methods that mibun calls ---

    def item(self) -> Any:
        """The only element as a Python number."""
        kinds: dict[str, Any] = {"b": bool, "f": float, "c": complex}
        return kinds.get(self.dtype.kind, int)(self.reshape(()).own)

    def reshape(self, *shape: Any) -> Any:
        """The same elements in another shape."""
        return self.library.reshape(self, shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)

    def astype(self, dtype: Any, order: str = "K", copy: bool = True) -> Any:
        """Cast."""
        return self.library.astype(self, np.dtype(dtype), copy=copy)

    def copy(self) -> Any:
        """A copy."""
        return self.library.asarray(self, copy=True)

    def conjugate(self) -> Any:
        """The complex conjugate (of a real array: itself)."""
        return self.library.conj(self) if self.dtype.kind == "c" else self

    def transpose(self, axes: Any) -> Any:
        """The axes in another order."""
        return self.library.permute_dims(self, tuple(axes))

    def swapaxes(self, one: int, other: int) -> Any:
        """Two axes exchanged."""
        axes = list(range(self.ndim))
        axes[one], axes[other] = axes[other], axes[one]
        return self.library.permute_dims(self, tuple(axes))

    def nonzero(self) -> tuple:
        """The indices of what is not 0."""
        return self.library.nonzero(self)


def _reduction(name: str) -> Callable:
    def reduce(self: Any, axis: Any = None) -> Any:
        return getattr(self.library, name)(self, axis=axis)

    reduce.__name__, reduce.__doc__ = name, f"`{name}` over axes."
    return reduce


for _name in ("any", "all", "min", "max", "sum", "argmax"):
    setattr(Enveloped, _name, _reduction(_name))


def _infix(name: str) -> Callable:
    def call(self: Any, other: Any) -> Any:
        if not isinstance(other, (bool, int, float, complex)):
            if not isinstance(other, (np.ndarray, np.generic, type(self))):
                return NotImplemented
            other = self.library.library_value(other)
        found = getattr(self.own, name)(other)
        return found if found is NotImplemented else type(self)(found)

    return call


def _prefix(name: str) -> Callable:
    return lambda self: type(self)(getattr(self.own, name)())


for _name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split():
    setattr(Enveloped, f"__{_name}__", _infix(f"__{_name}__"))
    setattr(Enveloped, f"__r{_name}__", _infix(f"__r{_name}__"))
for _name in "eq ne lt le gt ge".split():
    setattr(Enveloped, f"__{_name}__", _infix(f"__{_name}__"))
for _name in "neg pos abs invert".split():
    setattr(Enveloped, f"__{_name}__", _prefix(f"__{_name}__"))


def _index(library: Library, item: Any) -> Any:
    if item is None or item is Ellipsis or isinstance(item, (int, slice)):
        return item
    return library.library_value(item if hasattr(item, "dtype") else np.asarray(item))


class Library:
    """The functions of a library of the Array API standard, for enveloped arrays.

    module: the library. `kind` is the class of the envelopes of its arrays.
    """

    def __init__(self, module: Any, root: Library | None = None) -> None:
        self.module = module
        self.__name__ = module.__name__
        if root is None:
            root = self
            self.kind = type("Enveloped", (Enveloped,), {"library": self, "__slots__": ()})
            own = {name: getattr(module, name) for name in _DTYPES if hasattr(module, name)}
            self.to_numpys = [(dtype, np.dtype(name)) for name, dtype in own.items()]
            self.from_numpys = {np.dtype(name): dtype for name, dtype in own.items()}
        self._root = root

    def numpys(self, dtype: Any) -> np.dtype:
        """NumPy's dtype for one of the library's."""
        for own, found in self._root.to_numpys:
            if own == dtype:
                return found
        raise TypeError(f"{self._root.__name__}'s dtype {dtype} is none that tensors have")

    def library_value(self, value: Any) -> Any:
        """What a function of the library is to be given for a value: its own arrays and dtypes."""
        if isinstance(value, Enveloped):
            return value.own
        if isinstance(value, (np.ndarray, np.generic)):
            return self._of_numpys(np.asarray(value))
        if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
            return self.library_dtype(value)
        if isinstance(value, (tuple, list)):
            return type(value)([self.library_value(part) for part in value])
        return value

    def _of_numpys(self, array: np.ndarray) -> Any:
        dtype = self.library_dtype(array.dtype)
        try:
            return self._root.module.asarray(array, dtype=dtype)
        except (TypeError, ValueError):  # it takes only numbers, and its own arrays
            return self._root.module.asarray(array.tolist(), dtype=dtype)

    def library_dtype(self, dtype: Any) -> Any:
        """The library's dtype for one of NumPy's. TypeError where it has none."""
        found = self._root.from_numpys.get(np.dtype(dtype))
        if found is None:
            raise TypeError(f"{self._root.__name__} has no dtype {np.dtype(dtype).name}: convert the tensor first")
        return found

    def enveloped(self, value: Any) -> Any:
        """What a function of the library has given: arrays in envelopes, NumPy's dtypes."""
        root = self._root
        if hasattr(value, "__array_namespace__") and not isinstance(value, Enveloped):
            return root.kind(value)
        if isinstance(value, (tuple, list)):
            return tuple([self.enveloped(part) for part in value])
        for own, found in root.to_numpys:
            if own is value:
                return found
        return value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _DTYPES:
            found: Any = getattr(np, name)
        else:
            found = getattr(self.module, name)
            if isinstance(found, ModuleType):
                found = Library(found, self._root)
            elif callable(found):
                found = functools.partial(self._call, found)
        setattr(self, name, found)
        return found

    def _call(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        given = {name: self.library_value(value) for name, value in kwargs.items()}
        return self.enveloped(function(*self.library_value(args), **given))

    def asarray(self, value: Any, dtype: Any = None, copy: bool | None = None) -> Any:
        """An enveloped array of an array, a NumPy array or numbers."""
        dtype = None if dtype is None else self.library_dtype(dtype)
        return self.kind(self.module.asarray(self.library_value(value), dtype=dtype, copy=copy))
