"""A stand-in for CuPy, for tests on machines without a GPU: NumPy's functions on an array type that behaves as CuPy's.

It is as strict as the library that it stands for, so that whatever code takes NumPy for granted fails here as it would
on a GPU:

* NumPy's arrays are refused, in functions, operators and as indices, and nothing turns into one by itself; NumPy's
  scalars are taken.
* There is no `__array_namespace__`, `ctypes`, `flags.writeable`, `errstate`, `unstack`; functions take the keywords
  that CuPy's take (`cupy_signatures.json` was written with CuPy 14.2), so `max` has no `initial`.
* A result without dimensions is an array, never a scalar, and `a[0]` is a view.
* Only `add` and `multiply` have `reduce` and `accumulate`; `multiply.at` is missing, and `maximum.at` is wrong: it
  rounds to float32 and passes NaN by.
* Nothing is checked on the device: index arrays wrap around, an integer divided by zero is 0, a singular matrix gives
  NaN. `linalg.solve` does not broadcast batches.
"""

from __future__ import annotations

import builtins
import json
import operator
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

__version__ = "0"
_SIGNATURES: dict[str, str] = json.loads(Path(__file__).with_name("cupy_signatures.json").read_text())
_MADE: dict[str, Any] = {}
_WRAPPED = {"item", "tolist", "tobytes"}  # the methods whose results are not arrays
_WAITING = _WRAPPED | {"nonzero", "compress"}  # whose result the host has, or whose shape it has to know
_METHODS = set(
    """
    all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy cumprod cumsum diagonal
    dot fill flatten item max mean min nonzero partition prod ptp put ravel repeat reshape round searchsorted sort
    squeeze std sum swapaxes take tobytes tolist trace transpose var view
    """.split()
)


def _plain(value: Any) -> Any:
    """The NumPy arrays within, as only this module may see them."""
    if type(value) is ndarray:
        return value._own
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return tuple([_plain(part) for part in value]) if type(value) is tuple else value


def _device(value: Any) -> Any:
    """A result of NumPy's as one of this module's."""
    if isinstance(value, (np.ndarray, np.generic)):
        return ndarray._of(np.asarray(value))
    if isinstance(value, tuple):
        parts = [_device(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return [_device(part) for part in value] if isinstance(value, list) else value


def _wrapped_round(index: Any, shape: tuple[int, ...]) -> Any:
    """An index whose arrays of integers wrap around the axes that they are for."""
    items = list(_plain(index)) if type(index) is tuple else [_plain(index)]
    taken = sum([0 if i is None or i is Ellipsis else max(_axes_of(i), 1) for i in items])
    axis, found = 0, []
    for item in items:
        if item is Ellipsis:
            axis += len(shape) - taken
        elif item is not None:
            if isinstance(item, (list, np.ndarray)) and np.asarray(item).dtype.kind in "iu" and shape[axis]:
                item = np.asarray(item) % shape[axis]
            axis += max(_axes_of(item), 1)
        found.append(item)
    return tuple(found) if type(index) is tuple else found[0]


def _axes_of(item: Any) -> int:
    array = np.asarray(item) if isinstance(item, (list, np.ndarray, np.bool_, builtins.bool)) else None
    return array.ndim if array is not None and array.dtype.kind == "b" else 1


# id of the NumPy array that owns memory -> the one array here that has it: what `base` gives is always the same object.
_OWNERS: weakref.WeakValueDictionary[int, ndarray] = weakref.WeakValueDictionary()


# What has made the host wait for the device, since somebody has emptied the list: the names of the methods.
WAITS: list[str] = []


class Device:
    """A GPU by its number, as which it may be used."""

    def __init__(self, number: int = 0) -> None:
        self.id = number

    def __int__(self) -> int:
        return self.id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<CUDA Device {self.id}>"

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def synchronize(self) -> None:
        """Wait for what the device has to do: nothing."""

    def use(self) -> None:
        """Make it the current one: it is."""


class ndarray:
    """An array on the device."""

    __slots__ = ("__weakref__", "_own")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]
    _own: np.ndarray

    @staticmethod
    def _of(array: np.ndarray) -> ndarray:
        found = _OWNERS.get(id(array))
        if found is not None and found._own is array:
            return found
        made = object.__new__(ndarray)
        made._own = array
        if array.base is None:
            _OWNERS[id(array)] = made
        return made

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct one.")

    def get(self) -> np.ndarray:
        """A copy on the host."""
        WAITS.append("get")
        return self._own.copy()

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(f"'ndarray' object has no attribute '{name}'")
        method = getattr(self._own, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            out = kwargs.get("out")
            if name in _WAITING:
                WAITS.append(name)
            if name == "take" and len(args) + len(kwargs):
                return take(self, *args, **kwargs)
            result = method(*_plain(args), **{key: _plain(value) for key, value in kwargs.items()})
            if name == "diagonal":
                result.flags.writeable = True
            return result if name in _WRAPPED else out if out is not None else _device(result)

        return call

    shape = property(lambda self: self._own.shape)
    dtype = property(lambda self: self._own.dtype)
    strides = property(lambda self: self._own.strides)
    ndim = property(lambda self: self._own.ndim)
    size = property(lambda self: self._own.size)
    itemsize = property(lambda self: self._own.itemsize)
    nbytes = property(lambda self: self._own.nbytes)
    T = property(lambda self: _device(self._own.T))
    flat = property(lambda self: self.reshape(-1))  # (where it is only read)
    device = property(lambda self: Device(0))

    @property
    def real(self) -> ndarray:
        return _device(self._own.real)

    @real.setter
    def real(self, value: Any) -> None:
        self._own.real = _plain(value)

    @property
    def imag(self) -> ndarray:
        return _device(self._own.imag)

    @imag.setter
    def imag(self, value: Any) -> None:
        self._own.imag = _plain(value)

    @property
    def base(self) -> ndarray | None:
        """The array that owns the memory: the same object for all of its views."""
        base = self._own.base
        while isinstance(base, np.ndarray) and isinstance(base.base, np.ndarray):
            base = base.base
        return None if base is None else ndarray._of(base)

    @property
    def flags(self) -> Any:
        """Those that CuPy has."""
        flags = self._own.flags
        return SimpleNamespace(
            c_contiguous=flags.c_contiguous, f_contiguous=flags.f_contiguous, owndata=flags.owndata, forc=flags.forc
        )

    @property
    def data(self) -> Any:
        """The address, on the device."""
        return SimpleNamespace(ptr=self._own.__array_interface__["data"][0])

    def __getitem__(self, index: Any) -> ndarray:
        if any(isinstance(i, ndarray) and i.dtype.kind == "b" for i in (index if type(index) is tuple else (index,))):
            WAITS.append("a mask as an index")
        found = self._own[_wrapped_round(index, self._own.shape)]
        if isinstance(found, np.generic):  # a view, where NumPy has a scalar
            whole = index if type(index) is tuple else (index,)
            if not any(isinstance(i, (list, ndarray)) for i in whole):
                return _device(self._own[(*_plain(whole), ...)] if Ellipsis not in whole else self._own[_plain(whole)])
        return _device(found)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._own[_wrapped_round(index, self._own.shape)] = _plain(value)

    def __len__(self) -> int:
        return len(self._own)

    def __iter__(self) -> Iterator[ndarray]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self._own)))

    def __bool__(self) -> bool:
        WAITS.append("__bool__")
        return builtins.bool(self._own)

    def __float__(self) -> float:
        WAITS.append("__float__")
        return float(self._own)

    def __int__(self) -> int:
        WAITS.append("__int__")
        return int(self._own)

    def __complex__(self) -> complex:
        WAITS.append("__complex__")
        return complex(self._own)

    def __index__(self) -> int:
        WAITS.append("__index__")
        return operator.index(self._own)

    def __repr__(self) -> str:
        return repr(self._own)

    def __format__(self, spec: str) -> str:
        return format(self._own, spec)

    def __copy__(self) -> ndarray:
        return self.copy()

    def __deepcopy__(self, memo: dict) -> ndarray:
        return self.copy()

    def __reduce__(self) -> Any:
        return asarray, (self.get(),)

    def __dlpack__(self, **options: Any) -> Any:
        return self._own.__dlpack__()

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, 0


def _operators() -> None:
    named = dict(
        add="add", sub="subtract", mul="multiply", truediv="true_divide", floordiv="floor_divide", mod="remainder",
        pow="power", matmul="matmul", lshift="left_shift", rshift="right_shift", eq="equal", ne="not_equal",
        lt="less", le="less_equal", gt="greater", ge="greater_equal",
    )  # fmt: skip
    named.update({"and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor"})
    for name, function in named.items():
        setattr(ndarray, f"__{name}__", _infix(function, False))
        setattr(ndarray, f"__r{name}__", _infix(function, True))
        if name not in ("eq", "ne", "lt", "le", "gt", "ge"):
            setattr(ndarray, f"__i{name}__", _in_place(function))
    for name, function in dict(neg="negative", pos="positive", abs="absolute", invert="invert").items():
        setattr(ndarray, f"__{name}__", lambda self, function=function: _get(function)(self))


def _infix(name: str, reflected: bool) -> Any:
    def call(self: ndarray, other: Any) -> Any:
        if not isinstance(other, (int, float, complex, np.generic, ndarray)):
            if isinstance(other, np.ndarray):
                raise TypeError(f"Unsupported type {type(other)}")
            return NotImplemented
        return _get(name)(other, self) if reflected else _get(name)(self, other)

    return call


def _in_place(name: str) -> Any:
    def call(self: ndarray, other: Any) -> ndarray:
        if name == "matmul":
            self._own[...] = _plain(self) @ _plain(other)
            return self
        return _get(name)(self, other, out=self)

    return call


# --- functions ---

_SCATTERING = {"add", "subtract", "maximum", "minimum", "bitwise_and", "bitwise_or", "bitwise_xor"}


class ufunc:
    """An elementwise function, with what CuPy's have of methods."""

    def __init__(self, name: str) -> None:
        self.name, self._ufunc = name, getattr(np, name)
        self.types, self.nin, self.nout = self._ufunc.types, self._ufunc.nin, self._ufunc.nout
        self.__name__ = name

    def __call__(self, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            if len(args) > self.nin:
                args, out = args[: self.nin], args[self.nin :]
            given = _plain(tuple(args))
            if out is None:
                return _device(self._ufunc(*given, **{key: _plain(value) for key, value in kwargs.items()}))
            self._ufunc(*given, out=_plain(out), **kwargs)
            return out[0] if type(out) is tuple and len(out) == 1 else out

    def _only(self, method: str, *names: str) -> Any:
        if self.name not in names:
            raise NotImplementedError(f"`cupy_{self.name}.{method}` is not supported yet")
        return getattr(self._ufunc, method)

    def reduce(self, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
        """Of sums and products."""
        return _device(self._only("reduce", "add", "multiply")(_plain(array), axis, dtype, None, keepdims))

    def accumulate(self, array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        """Of sums and products."""
        return _device(self._only("accumulate", "add", "multiply")(_plain(array), axis, dtype))

    def reduceat(self, array: Any, indices: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        """Of sums."""
        return _device(self._only("reduceat", "add")(_plain(array), _plain(indices), axis, dtype))

    def at(self, a: ndarray, indices: Any, b: Any = None) -> None:
        """Of what has atomic operations; maxima and minima of floating numbers by way of float32, without NaN."""
        self._only("at", *_SCATTERING)
        values, index = _plain(b), _wrapped_round(indices, a.shape)
        if self.name in ("maximum", "minimum") and a.dtype.kind == "f":
            rounded = np.asarray(values).astype(np.float32).astype(a.dtype)
            getattr(np, "f" + self.name[:3]).at(a._own, index, rounded)
        else:
            self._ufunc.at(a._own, index, values)


def _function(path: str, names: str) -> Any:
    function: Any = np
    for part in path.split("."):
        function = getattr(function, part)
    parameters = set(names.split())
    name = path.rpartition(".")[2]

    def call(*args: Any, **kwargs: Any) -> Any:
        if not parameters & {"**kwargs", "**kwds"} and not set(kwargs) <= parameters:
            raise TypeError(f"{name}() got an unexpected keyword argument '{(set(kwargs) - parameters).pop()}'")
        out = kwargs.get("out")
        if name == "repeat" and any(type(value) is ndarray for value in (*args[1:], kwargs.get("repeats"))):
            raise ValueError("cupy.ndaray cannot be specified as `repeats` argument.")
        with np.errstate(all="ignore"):
            result = function(*_plain(args), **{key: _plain(value) for key, value in kwargs.items()})
        if name in ("diagonal", "broadcast_to"):
            result.flags.writeable = True
        return out if out is not None else _device(result)

    call.__name__ = name
    return call


def asarray(a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None, blocking: bool = False) -> ndarray:
    """An array on the device, of one on the host too; the array itself where nothing is to be done."""
    if type(a) is ndarray and copy is not True and (dtype is None or a.dtype == dtype) and order is None:
        return a
    own = a if isinstance(a, np.ndarray) else _plain(a)
    if isinstance(own, list):
        own = [np.asarray(part) if isinstance(part, np.ndarray) else part for part in own]
    return ndarray._of(np.array(own, dtype, order=order or "K", copy=type(a) is not ndarray or bool(copy) or None))


def array(
    obj: Any, dtype: Any = None, copy: Any = True, order: Any = "K", subok: bool = False, ndmin: int = 0, **_: Any
) -> ndarray:  # noqa: E501
    """A copy on the device."""
    own = obj if isinstance(obj, np.ndarray) else _plain(obj)
    return ndarray._of(np.array(own, dtype, copy=copy or None, order=order, ndmin=ndmin))


def asnumpy(a: Any, **_: Any) -> np.ndarray:
    """A copy on the host."""
    return a.get() if type(a) is ndarray else np.asarray(a)


def take(a: Any, indices: Any, axis: int | None = None, out: Any = None) -> Any:
    """By index, which wraps around."""
    result = np.take(_plain(a), _plain(indices), axis=axis, mode="wrap")
    if out is not None:
        out._own[...] = result
    return _device(result) if out is None else out


def matmul(x1: Any, x2: Any, out: Any = None) -> Any:
    """The product of matrices, as CuPy's function, which is no ufunc of its kind."""
    result = np.matmul(_plain(x1), _plain(x2))
    if out is not None:
        out._own[...] = result
    return _device(result) if out is None else out


def shares_memory(a: Any, b: Any) -> bool:
    """Whether two arrays overlap."""
    return np.shares_memory(_plain(a), _plain(b))


may_share_memory = shares_memory


class _Linalg:
    """Without errors: what can't be done gives NaN."""

    LinAlgError = np.linalg.LinAlgError

    def __getattr__(self, name: str) -> Any:
        if f"linalg.{name}" not in _SIGNATURES:
            raise AttributeError(name)
        call = _function(f"linalg.{name}", _SIGNATURES[f"linalg.{name}"])

        def silently(a: Any, *args: Any, **kwargs: Any) -> Any:
            if name == "solve" and args[0].ndim != 1 and a.shape[:-1] != args[0].shape[:-1]:
                raise ValueError("a must have (..., M, M) shape and b must have (..., M, K) for multidimensional b")
            if name == "solve" and args[0].ndim == 1:
                whole = np.broadcast_to(_plain(args[0]), a.shape[:-1])
                args = (_device(whole[..., None]),)
                return silently(a, *args)[..., 0]
            try:
                return call(a, *args, **kwargs)
            except np.linalg.LinAlgError:
                if a.ndim > 2:
                    rows = [silently(m, *[x[i] for x in args if type(x) is ndarray]) for i, m in enumerate(a)]
                    return _get("stack")(rows)
                if name in ("solve", "inv", "cholesky"):
                    return _get("full_like")(args[0] if name == "solve" else a, np.nan)
                raise

        return silently


class _Names:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        if self._prefix + name not in _SIGNATURES:
            raise AttributeError(name)
        return _function(self._prefix + name, _SIGNATURES[self._prefix + name])


linalg, fft = _Linalg(), _Names("fft.")
lib = SimpleNamespace(stride_tricks=_Names("lib.stride_tricks."))
_PROPERTIES = {"name": b"None", "major": 9, "minor": 0, "totalGlobalMem": 1 << 30, "multiProcessorCount": 1}
cuda = SimpleNamespace(
    Device=Device,
    runtime=SimpleNamespace(
        getDeviceCount=lambda: 1,
        getDevice=lambda: 0,
        getDeviceProperties=lambda number: _PROPERTIES,
        memGetInfo=lambda: (1 << 29, 1 << 30),
    ),
    is_available=lambda: True,
)


def get_default_memory_pool() -> Any:
    """The pool, of which nothing is in use."""
    return SimpleNamespace(used_bytes=lambda: 0, total_bytes=lambda: 0, free_all_blocks=lambda: None)


class _Grid:
    def __getitem__(self, index: Any) -> Any:
        return _device(list(np.ogrid[index])) if type(index) is tuple else _device(np.ogrid[index])


ogrid = _Grid()


def _get(name: str) -> Any:
    return globals().get(name) or __getattr__(name)


def __getattr__(name: str) -> Any:
    if name in _MADE:
        return _MADE[name]
    kind = _SIGNATURES.get(name)
    if kind is None:
        raise AttributeError(f"module 'cupy' has no attribute '{name}'")
    made: Any
    if kind == "value":
        made = getattr(np, name)
    else:
        made = ufunc(name) if kind == "ufunc" else _function(name, kind)
    _MADE[name] = made  # not among the globals, where `max` would hide Python's
    return made


_operators()
