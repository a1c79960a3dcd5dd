"""The element types: the class `dtype`, one object per type, and their equals in NumPy and Python.

A `dtype` knows its NumPy counterpart (`.np`); bfloat16's comes from the optional ml_dtypes package and is looked up
when first needed.
"""

from __future__ import annotations

import builtins
from typing import Any, NoReturn

import numpy


def read_only(instance: object, name: str, *value: object) -> NoReturn:
    kind = f"torch.{type(instance).__name__}"
    if hasattr(instance, name):
        raise AttributeError(f"attribute {name!r} of {kind!r} objects is not writable")
    raise AttributeError(f"{kind!r} object has no attribute {name!r}")


class dtype:
    """The type of a tensor's elements: `mibun.float32`, `mibun.int64`, ...

    There is one object per type, so dtypes are compared with `is` or `==`, and keep their identity through `pickle` and
    `copy`. They cannot be created; TypeError is raised.

    Attributes: `is_floating_point`, `is_complex`, `is_signed`, `itemsize` (bytes), `abbr` ("f32"); for use inside mibun
    `np` (the NumPy dtype), `name`, `category` (0 bool, 1 integral, 2 floating, 3 complex); in messages PyTorch calls
    it `scalar_name` ("Float", "Long"), `cpp_name` ("float", "long int") or `cpp_alias` ("float", "int64_t").

    >>> import mibun as torch
    >>> torch.float32, torch.float32.itemsize, torch.complex64.to_real()
    (torch.float32, 4, torch.float32)
    """

    __slots__ = (
        "np",
        "name",
        "category",
        "scalar_name",
        "cpp_name",
        "cpp_alias",
        "abbr",
        "is_floating_point",
        "is_complex",
        "is_signed",
        "itemsize",
    )

    np: numpy.dtype[Any]
    name: str
    category: builtins.int
    scalar_name: str
    cpp_name: str
    cpp_alias: str
    abbr: str
    is_floating_point: builtins.bool
    is_complex: builtins.bool
    is_signed: builtins.bool
    itemsize: builtins.int

    def __new__(cls, *args: object, **kwargs: object) -> dtype:
        raise TypeError("cannot create 'torch.dtype' instances")

    def __init_subclass__(cls) -> None:
        raise TypeError("type 'torch.dtype' is not an acceptable base type")

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickled and copied as the module-level name, so that identity survives

    __setattr__ = read_only
    __delattr__ = read_only

    def __getattr__(self, attribute: str) -> Any:
        # Reached only while a slot is empty, and only the `np` of those of ml_dtypes ever is.
        if attribute == "np":
            return _load(self)
        raise AttributeError(f"'torch.dtype' object has no attribute {attribute!r}")

    def to_real(self) -> dtype:
        """The dtype of the real part: `complex64.to_real()` is float32; dtypes that are not complex give themselves."""
        return _COMPLEX_TO_REAL.get(self, self)

    def to_complex(self) -> dtype:
        """The complex dtype that holds this one; RuntimeError for bool and integers.

        float16 gives complex64, because mibun has no complex32.
        """
        try:
            return TO_COMPLEX[self]
        except KeyError:
            raise RuntimeError(
                f"Unknown Complex ScalarType for {self.scalar_name}: {self} is neither floating point nor complex"
            ) from None


# The C++ types, as a compiler names them; PyTorch has these names in some of its messages.
_CPP_NAMES = {
    "bool": "bool",
    "uint8": "unsigned char",
    "uint16": "short unsigned int",
    "uint32": "unsigned int",
    "uint64": "long unsigned int",
    "int8": "signed char",
    "int16": "short int",
    "int32": "int",
    "int64": "long int",
    "float16": "c10::Half",
    "bfloat16": "c10::BFloat16",
    "float32": "float",
    "float64": "double",
    "complex32": "c10::complex<c10::Half>",
    "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}


def _define(name: str, scalar_name: str, abbr: str, category: builtins.int, itemsize: builtins.int) -> dtype:
    new = object.__new__(dtype)
    fields = {
        "name": name,
        "scalar_name": scalar_name,
        "cpp_name": _CPP_NAMES.get(name, f"c10::{scalar_name}"),
        "cpp_alias": f"{name}_t" if category == 1 and name != "int32" else _CPP_NAMES.get(name, f"c10::{scalar_name}"),
        "abbr": abbr,
        "category": category,
        "itemsize": itemsize,
        "is_floating_point": category == 2,
        "is_complex": category == 3,
        "is_signed": category >= 1 and not name.startswith("uint") and not name.endswith("e8m0fnu"),
    }
    if name not in ("bfloat16", "complex32") and not name.startswith(("float8", "q")):
        fields["np"] = numpy.dtype(name)
    for field, value in fields.items():
        object.__setattr__(new, field, value)
    return new


def _load(lazy: dtype) -> numpy.dtype[Any]:
    """Fetch the NumPy dtype of bfloat16 and its like from ml_dtypes; ImportError where the package is absent.

    NotImplementedError for dtypes of which there are no Tensors.
    """
    if lazy in NAMES_ONLY:
        raise NotImplementedError(f"there are no Tensors of {lazy} in mibun")
    try:
        import ml_dtypes
    except ImportError as error:
        raise ImportError(
            f"torch.{lazy.name} needs the package ml_dtypes, which is not installed: pip install 'mibun[bfloat16]'"
        ) from error
    loaded = numpy.dtype(getattr(ml_dtypes, lazy.name))
    object.__setattr__(lazy, "np", loaded)
    _FROM_NUMPY[loaded] = lazy
    return loaded


_BOOL = _define("bool", "Bool", "b8", 0, 1)
_UINT8 = _define("uint8", "Byte", "u8", 1, 1)
_UINT16 = _define("uint16", "UInt16", "u16", 1, 2)
_UINT32 = _define("uint32", "UInt32", "u32", 1, 4)
_UINT64 = _define("uint64", "UInt64", "u64", 1, 8)
_INT8 = _define("int8", "Char", "i8", 1, 1)
_INT16 = _define("int16", "Short", "i16", 1, 2)
_INT32 = _define("int32", "Int", "i32", 1, 4)
_INT64 = _define("int64", "Long", "i64", 1, 8)
_FLOAT16 = _define("float16", "Half", "f16", 2, 2)
_BFLOAT16 = _define("bfloat16", "BFloat16", "bf16", 2, 2)
_FLOAT32 = _define("float32", "Float", "f32", 2, 4)
_FLOAT64 = _define("float64", "Double", "f64", 2, 8)
_COMPLEX64 = _define("complex64", "ComplexFloat", "c64", 3, 8)
_COMPLEX128 = _define("complex128", "ComplexDouble", "c128", 3, 16)

# Numbers of eight bits, to store weights in: they are cast and moved, and promoted to no other.
_FLOAT8 = tuple(
    _define(f"float8_{kind}", f"Float8_{kind}", f"f8{kind}", 2, 1)
    for kind in ("e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e8m0fnu")
)
# Names only, that programs compare dtypes with: NumPy has no such numbers, so there are no Tensors of them.
complex32 = chalf = _define("complex32", "ComplexHalf", "c32", 3, 4)
qint8 = _define("qint8", "QInt8", "qi8", 1, 1)
quint8 = _define("quint8", "QUInt8", "qui8", 1, 1)
qint32 = _define("qint32", "QInt32", "qi32", 1, 4)
quint4x2 = _define("quint4x2", "QUInt4x2", "qui4x2", 1, 1)
quint2x4 = _define("quint2x4", "QUInt2x4", "qui2x4", 1, 1)
NAMES_ONLY = (complex32, qint8, quint8, qint32, quint4x2, quint2x4)

_UNSIGNED = (_UINT8, _UINT16, _UINT32, _UINT64)
_SIGNED = (_INT8, _INT16, _INT32, _INT64)
_FLOATING = (_FLOAT16, _BFLOAT16, _FLOAT32, _FLOAT64)
ALL = (_BOOL, *_UNSIGNED, *_SIGNED, *_FLOATING, _COMPLEX64, _COMPLEX128)
_COMPLEX_TO_REAL = {complex32: _FLOAT16, _COMPLEX64: _FLOAT32, _COMPLEX128: _FLOAT64}
TO_COMPLEX = {
    _FLOAT16: _COMPLEX64,
    _BFLOAT16: _COMPLEX64,
    _FLOAT32: _COMPLEX64,
    _FLOAT64: _COMPLEX128,
    complex32: complex32,
    _COMPLEX64: _COMPLEX64,
    _COMPLEX128: _COMPLEX128,
}
PYTHON_TYPES = {
    builtins.bool: _BOOL,
    builtins.int: _INT64,
    builtins.float: _FLOAT64,
    builtins.complex: _COMPLEX128,
}
_FROM_NUMPY: dict[numpy.dtype[Any], dtype] = {d.np: d for d in ALL if d is not _BFLOAT16}


# ---- between dtype, NumPy's dtypes and Python's types ----------------------------------------------------------------


def from_numpy_dtype(np_dtype: numpy.dtype[Any]) -> dtype:
    """The dtype of arrays of `np_dtype`; TypeError where tensors have no such elements, ValueError for swapped bytes.

    >>> import numpy as np
    >>> from mibun.core.dtypes import from_numpy_dtype
    >>> from_numpy_dtype(np.dtype("float32"))
    torch.float32
    """
    try:
        return _FROM_NUMPY[np_dtype]
    except (KeyError, TypeError):
        return _from_unusual_numpy_dtype(np_dtype)


def _from_unusual_numpy_dtype(np_dtype: Any) -> dtype:
    np_dtype = numpy.dtype(np_dtype)
    if np_dtype in _FROM_NUMPY:  # a scalar type or a name was given
        return _FROM_NUMPY[np_dtype]
    if np_dtype.type.__module__.partition(".")[0] == "ml_dtypes":
        for lazy in (_BFLOAT16, *_FLOAT8):
            if lazy.name == np_dtype.name and lazy.np == np_dtype:  # the look-up registers it
                return lazy
    if not np_dtype.isnative and np_dtype.newbyteorder("=") in _FROM_NUMPY:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion between byte orders is "
            f"currently not supported: convert the array first, with array.astype({np_dtype.newbyteorder('=').name!r})"
        )
    kind = np_dtype.type
    raise TypeError(
        f"can't convert np.ndarray of type {kind.__module__}.{kind.__name__}. The only supported types are: float64, "
        "float32, float16, bfloat16, complex64, complex128, int64, int32, int16, int8, uint8, and bool."
    )


def as_dtype(value: Any, function: str = "tensor") -> dtype:
    """`value` as a dtype, where PyTorch accepts it as a `dtype=` argument: a dtype, or bool, int, float, complex.

    Anything else raises TypeError that names `function`.
    """
    if type(value) is dtype:
        return value
    if isinstance(value, type) and value in PYTHON_TYPES:
        return PYTHON_TYPES[value]
    message = f"{function}(): argument 'dtype' must be torch.dtype, not {type(value).__name__}"
    try:
        meant = from_numpy_dtype(numpy.dtype(value)) if value is not None else None
    except (TypeError, ValueError):
        meant = None
    raise TypeError(message + (f"; use {meant} for {value!r}" if meant is not None else ""))


def as_numpy_dtype(value: Any, function: str = "tensor") -> numpy.dtype[Any]:
    """The NumPy dtype of a dtype, or of Python's bool, int, float, complex; TypeError otherwise (as `as_dtype`)."""
    if type(value) is dtype:
        return value.np
    return as_dtype(value, function).np


def argument_as_dtype(value: Any, function: str, name: str, position: builtins.int) -> dtype:
    if type(value) is dtype:
        return value
    if isinstance(value, type) and value in PYTHON_TYPES:
        return PYTHON_TYPES[value]
    raise TypeError(
        f"{function}(): argument '{name}' (position {position}) must be torch.dtype, not {type(value).__name__}"
    )


# ---- the public names: last, because some of them hide builtins from the module's own code ---------------------------

bool = _BOOL
uint8 = _UINT8
uint16 = _UINT16
uint32 = _UINT32
uint64 = _UINT64
int8 = _INT8
int16 = short = _INT16
int32 = int = _INT32
int64 = long = _INT64
float16 = half = _FLOAT16
bfloat16 = _BFLOAT16
float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz, float8_e8m0fnu = _FLOAT8
FLOAT8 = _FLOAT8
float32 = float = _FLOAT32
float64 = double = _FLOAT64
complex64 = cfloat = _COMPLEX64
complex128 = cdouble = _COMPLEX128
