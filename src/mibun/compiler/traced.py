"""Arrays that note what is done with them: what the tensors of a function hold while a call of it is recorded.

A `Traced` stands for one of NumPy's arrays or scalars, which it holds: what is computed is computed at once, and right,
whatever becomes of the record. Functions of NumPy come here by its protocols (`__array_ufunc__`, `__array_function__`),
those of mibun's formulas by a namespace of its own (`namespace.py`). What looks at values is noted too: as a guard, if
it is a yes or no or an integer; else the call cannot be recorded, and the record says so.

To `isinstance` it is what it stands for, so that code which asks treats it as that.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

# What tells of an array without reading it.
_ABOUT = frozenset(("shape", "dtype", "ndim", "size", "itemsize", "nbytes", "strides", "flags", "base", "ctypes"))
# Attributes that are arrays themselves, and methods that give some.
_PARTS = frozenset(("T", "mT", "real", "imag", "flat"))
_METHODS = frozenset(
    """
    all any argmax argmin argpartition argsort astype byteswap clip compress conj conjugate copy cumprod cumsum diagonal
    dot flatten max mean min prod ravel repeat reshape round searchsorted squeeze std sum swapaxes take trace transpose
    var view choose nonzero
    """.split()
)
_WRITING = frozenset(("fill", "sort", "partition", "put", "itemset"))
# Functions of NumPy's that tell about arrays without reading them.
_TELLING = frozenset(
    f for f in (np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj, np.common_type)
) | {np.may_share_memory, np.shares_memory, np.min_scalar_type}


class Traced:
    """An array in a call that is recorded. `value`: what it stands for; `number`: its name in the record."""

    __slots__ = ("__weakref__", "dtype", "ndim", "number", "recorder", "shape", "size", "value")

    value: Any
    number: int
    recorder: Any

    def __init__(self, value: Any, number: int, recorder: Any) -> None:
        _put_value(self, value)
        _put_number(self, number)
        _put_recorder(self, recorder)
        # What is asked for most often is there without a call.
        _put_shape(self, value.shape)
        _put_dtype(self, value.dtype)
        _put_ndim(self, value.ndim)
        _put_size(self, value.size)

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return type(self.value)

    def __getattr__(self, name: str) -> Any:
        if name in _ABOUT:
            return getattr(self.value, name)
        if name in _PARTS:
            return self.recorder.call(_part(name), (self,), {})
        if name in _METHODS:
            return lambda *args, **kwargs: self.recorder.call(_method(name), (self, *args), kwargs)
        if name in _WRITING:
            return lambda *args, **kwargs: self.recorder.call(_method(name), (self, *args), kwargs, writes=(self,))
        if not hasattr(self.value, name):
            raise AttributeError(name)
        self.recorder.fail(f"an array's {name} is asked for")
        return getattr(self.value, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.recorder.fail(f"an array's {name} is set")
        setattr(self.value, name, value)

    # --- NumPy's protocols ---

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        out = kwargs.get("out")
        if out is not None:
            if not isinstance(out, tuple):
                out = (out,)
            out: Any = tuple([None if one is None else self.recorder.traced(one) for one in out])
            kwargs["out"] = out if method == "__call__" or len(out) > 1 else out[0]
            self.recorder.call(function, inputs, kwargs, writes=out)
            return out[0] if len(out) == 1 else out
        if method == "at":
            return self.recorder.call(function, inputs, kwargs, writes=(self.recorder.traced(inputs[0]),))
        return self.recorder.call(function, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func in _TELLING:
            return func(*self.recorder.untraced(args), **self.recorder.untraced(kwargs))
        if func is np.copyto or func in (np.put_along_axis, np.fill_diagonal, np.place, np.putmask, np.put):
            return self.recorder.call(func, args, kwargs, writes=(self.recorder.traced(args[0]),))
        if kwargs.get("out") is not None:
            out = kwargs["out"] = self.recorder.traced(kwargs["out"])
            self.recorder.call(func, args, kwargs, writes=(out,))
            return out
        return self.recorder.call(func, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self.recorder.fail("the values of a tensor go into a NumPy array")
        return np.array(self.value, dtype=dtype, copy=copy)

    # --- values that Python reads ---

    def __bool__(self) -> bool:
        return self.recorder.look(bool, self)

    def __int__(self) -> int:
        return self.recorder.look(int, self)

    def __index__(self) -> int:
        return self.recorder.look(operator.index, self)

    def __float__(self) -> float:
        self.recorder.fail("the value of a tensor is read as a float")
        return float(self.value)

    def __complex__(self) -> complex:
        self.recorder.fail("the value of a tensor is read as a number")
        return complex(self.value)

    def item(self, *args: Any) -> Any:
        """The value as Python's number: a guard, if it is an integer; one that is only returned, if it is a float."""
        if self.value.dtype.kind in "biu" and not args:
            return self.recorder.look(_item, self)
        if self.value.dtype.kind == "f" and not args:
            return self.recorder.pending_number(self)
        self.recorder.fail("the value of a tensor is read: item()")
        return self.value.item(*args)

    def tolist(self) -> Any:
        """The values as Python's numbers."""
        self.recorder.fail("the values of a tensor are read: tolist()")
        return self.value.tolist()

    def tobytes(self, *args: Any) -> Any:
        """The values as bytes."""
        self.recorder.fail("the values of a tensor are read as bytes")
        return self.value.tobytes(*args)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Any:
        return iter([self[i] for i in range(len(self.value))])

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any())

    def __hash__(self) -> int:
        return hash(self.value)  # what NumPy says: arrays have none

    def __format__(self, spec: str) -> str:
        self.recorder.fail("the value of a tensor is written out")
        return format(self.value, spec)

    def __repr__(self) -> str:
        self.recorder.fail("the value of a tensor is written out")
        return repr(self.value)

    # --- indexing ---

    def __getitem__(self, key: Any) -> Any:
        return self.recorder.call(operator.getitem, (self, key), {})

    def __setitem__(self, key: Any, value: Any) -> None:
        self.recorder.call(operator.setitem, (self, key, value), {}, writes=(self,))


_put_value, _put_number, _put_recorder, _put_shape, _put_dtype, _put_ndim, _put_size = [
    vars(Traced)[name].__set__ for name in ("value", "number", "recorder", "shape", "dtype", "ndim", "size")
]


class _Named(dict):
    """name -> what takes an attribute of this name, or calls a method of it."""

    def __init__(self, make: Callable[[str], Callable]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, name: str) -> Callable:
        made = self[name] = self.make(name)
        return made


class Method:
    """Calls a method of its first argument; one object for each name, so that records can be compared."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, array: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(array, self.name)(*args, **kwargs)


class Part:
    """Gives an attribute of its argument."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, array: Any) -> Any:
        return getattr(array, self.name)


_method = _Named(Method).__getitem__
_part = _Named(Part).__getitem__


def _item(array: Any) -> Any:
    return array.item()


def _bind(name: str, function: Callable, reflected: bool) -> None:
    def forward(self: Any, other: Any) -> Any:
        return self.recorder.infix(function, self, other)

    def backward(self: Any, other: Any) -> Any:
        return self.recorder.infix(function, other, self)

    setattr(Traced, f"__{name}__", forward)
    if reflected:
        setattr(Traced, f"__r{name}__", backward)


def _bind_in_place(name: str, function: Callable, out_of_place: Callable) -> None:
    def call(self: Any, other: Any) -> Any:
        if isinstance(self.value, np.generic):
            return self.recorder.call(out_of_place, (self, other), {})
        self.recorder.call(function, (self, other), {}, writes=(self,))
        return self

    setattr(Traced, f"__{name}__", call)


def _bind_unary(name: str, function: Callable) -> None:
    setattr(Traced, f"__{name}__", lambda self: self.recorder.call(function, (self,), {}))


_BINARY = {"add": "add", "sub": "sub", "mul": "mul", "truediv": "truediv", "floordiv": "floordiv", "mod": "mod"}
_BINARY |= {"pow": "pow", "matmul": "matmul", "and": "and_", "or": "or_", "xor": "xor"}
_BINARY |= {"lshift": "lshift", "rshift": "rshift"}
for _name, _function in _BINARY.items():
    _bind(_name, getattr(operator, _function), reflected=True)
    _bind_in_place(f"i{_name}", getattr(operator, f"i{_function.strip('_')}"), getattr(operator, _function))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    _bind(_name, getattr(operator, _name), reflected=False)
for _name, _function in {"neg": operator.neg, "pos": operator.pos, "abs": operator.abs, "invert": operator.inv}.items():
    _bind_unary(_name, _function)
