"""The element types of tensors, and PyTorch's rules for mixing them.

A `dtype` is a singleton that knows its NumPy counterpart (`.np`); bfloat16's comes from the optional ml_dtypes package
and is looked up when first needed. Promotion is PyTorch's, not NumPy's: the category (bool < integral < floating <
complex) is decided first by tensors with dimensions, then by 0-d tensors, then by Python numbers.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy

__all__ = [
    "dtype",
    "bool",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "short",
    "int",
    "long",
    "half",
    "float",
    "double",
    "cfloat",
    "cdouble",
    "finfo",
    "iinfo",
    "promote_types",
    "can_cast",
    "result_type",
    "get_default_dtype",
    "set_default_dtype",
    "layout",
    "strided",
    "memory_format",
    "contiguous_format",
    "preserve_format",
    "channels_last",
    "channels_last_3d",
]


def _read_only(instance: object, name: str, *value: object) -> NoReturn:
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

    __setattr__ = _read_only
    __delattr__ = _read_only

    def __getattr__(self, attribute: str) -> Any:
        # Reached only while a slot is empty, and only bfloat16's `np` ever is.
        if attribute == "np":
            return _load_bfloat16()
        raise AttributeError(f"'torch.dtype' object has no attribute {attribute!r}")

    def to_real(self) -> dtype:
        """The dtype of the real part: `complex64.to_real()` is float32; dtypes that are not complex give themselves."""
        return _COMPLEX_TO_REAL.get(self, self)

    def to_complex(self) -> dtype:
        """The complex dtype that holds this one; RuntimeError for bool and integers.

        float16 gives complex64, because mibun has no complex32.
        """
        try:
            return _TO_COMPLEX[self]
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
    "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}


def _define(name: str, scalar_name: str, abbr: str, category: builtins.int, itemsize: builtins.int) -> dtype:
    new = object.__new__(dtype)
    fields = {
        "name": name,
        "scalar_name": scalar_name,
        "cpp_name": _CPP_NAMES[name],
        "cpp_alias": f"{name}_t" if category == 1 and name != "int32" else _CPP_NAMES[name],
        "abbr": abbr,
        "category": category,
        "itemsize": itemsize,
        "is_floating_point": category == 2,
        "is_complex": category == 3,
        "is_signed": category >= 1 and not name.startswith("uint"),
    }
    if name != "bfloat16":
        fields["np"] = numpy.dtype(name)
    for field, value in fields.items():
        object.__setattr__(new, field, value)
    return new


def _load_bfloat16() -> numpy.dtype[Any]:
    """Fetch bfloat16's NumPy dtype from ml_dtypes and remember it; ImportError where the package is absent."""
    try:
        import ml_dtypes
    except ImportError as error:
        raise ImportError(
            "torch.bfloat16 needs the package ml_dtypes, which is not installed: pip install 'mibun[bfloat16]'"
        ) from error
    loaded = numpy.dtype(ml_dtypes.bfloat16)
    object.__setattr__(_BFLOAT16, "np", loaded)
    _FROM_NUMPY[loaded] = _BFLOAT16
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

_UNSIGNED = (_UINT8, _UINT16, _UINT32, _UINT64)
_SIGNED = (_INT8, _INT16, _INT32, _INT64)
_FLOATING = (_FLOAT16, _BFLOAT16, _FLOAT32, _FLOAT64)
_ALL = (_BOOL, *_UNSIGNED, *_SIGNED, *_FLOATING, _COMPLEX64, _COMPLEX128)
_COMPLEX_TO_REAL = {_COMPLEX64: _FLOAT32, _COMPLEX128: _FLOAT64}
_TO_COMPLEX = {
    _FLOAT16: _COMPLEX64,
    _BFLOAT16: _COMPLEX64,
    _FLOAT32: _COMPLEX64,
    _FLOAT64: _COMPLEX128,
    _COMPLEX64: _COMPLEX64,
    _COMPLEX128: _COMPLEX128,
}
_PYTHON_TYPES = {
    builtins.bool: _BOOL,
    builtins.int: _INT64,
    builtins.float: _FLOAT64,
    builtins.complex: _COMPLEX128,
}
_FROM_NUMPY: dict[numpy.dtype[Any], dtype] = {d.np: d for d in _ALL if d is not _BFLOAT16}


# ---- between dtype, NumPy's dtypes and Python's types ---------------------------------------------------------------


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
    if np_dtype.name == "bfloat16" and np_dtype.type.__module__.partition(".")[0] == "ml_dtypes":
        if _BFLOAT16.np == np_dtype:  # the look-up registers it
            return _BFLOAT16
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
    if isinstance(value, type) and value in _PYTHON_TYPES:
        return _PYTHON_TYPES[value]
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


# ---- the default dtype ----------------------------------------------------------------------------------------------


class _Defaults:
    """The default dtypes, together with the promotions worked out under them: replaced as one, never changed."""

    __slots__ = ("floating", "complex", "scalars", "results")

    def __init__(self, floating: dtype) -> None:
        self.floating = floating
        self.complex = _TO_COMPLEX[floating]
        self.scalars = {  # what a Python number of each type counts as
            builtins.bool: _BOOL,
            builtins.int: _INT64,
            builtins.float: self.floating,
            builtins.complex: self.complex,
        }
        self.results: dict[tuple[Any, ...], numpy.dtype[Any]] = {}


_defaults = _Defaults(_FLOAT32)


def get_default_dtype() -> dtype:
    """The dtype that Python floats become, and that integer tensors become in division, `exp` and the like: float32.

    >>> import mibun as torch
    >>> torch.get_default_dtype()
    torch.float32
    """
    return _defaults.floating


def get_default_complex_dtype() -> dtype:
    """The dtype that Python complex numbers become: the complex partner of the default dtype."""
    return _defaults.complex


def set_default_dtype(d: dtype, /) -> None:
    """Set the dtype that floats become by default; Python complex numbers become its complex partner.

    `d` must be a floating point dtype; anything else raises TypeError.

    >>> import mibun as torch
    >>> torch.set_default_dtype(torch.float64)
    >>> torch.tensor([1.5]).dtype
    torch.float64
    >>> torch.set_default_dtype(torch.float32)
    """
    global _defaults
    if type(d) is not dtype:
        raise TypeError(
            f"invalid dtype object: only floating-point types are supported as the default type, got {d!r}; "
            "pass a dtype such as torch.float64"
        )
    if not d.is_floating_point:
        raise TypeError(f"only floating-point types are supported as the default type, got {d}")
    _ = d.np  # bfloat16 without ml_dtypes must fail here, before anything has changed
    _defaults = _Defaults(d)


# ---- promotion ------------------------------------------------------------------------------------------------------


def _promote(a: dtype, b: dtype) -> dtype | None:
    if a is b:
        return a
    if a.category < b.category:
        a, b = b, a
    if a.category == 3:
        return _COMPLEX128 if b.to_real() is _FLOAT64 or a is _COMPLEX128 else _COMPLEX64
    if a.category > b.category:
        return a
    if a.itemsize < b.itemsize:
        a, b = b, a
    if a.itemsize > b.itemsize and (a.is_signed or not b.is_signed):
        return a
    # Each holds values that the other does not; the next larger type holds both, if there is one.
    if a.category == 2:
        return _FLOAT32
    return {1: _INT16, 2: _INT32, 4: _INT64}.get(a.itemsize)


class _Promotions(dict):
    """Two dtypes -> the one that holds both."""

    def __missing__(self, pair: tuple[dtype, dtype]) -> NoReturn:
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
            f"{pair[0].scalar_name} and {pair[1].scalar_name}: no integer type holds both. Cast one of them first"
        )


_PROMOTED = _Promotions({(a, b): found for a in _ALL for b in _ALL if (found := _promote(a, b)) is not None})


def _argument(value: Any, function: str, name: str, position: builtins.int) -> dtype:
    if type(value) is dtype:
        return value
    if isinstance(value, type) and value in _PYTHON_TYPES:
        return _PYTHON_TYPES[value]
    raise TypeError(
        f"{function}(): argument '{name}' (position {position}) must be torch.dtype, not {type(value).__name__}"
    )


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype of sufficient category that holds both: what an operation between two tensors gives.

    TypeError where an argument is no dtype. RuntimeError for uint64 and a signed integer: no dtype holds both.
    (PyTorch raises it for uint16 and uint32 too; here they are promoted as the Array API standard says.)

    >>> import mibun as torch
    >>> torch.promote_types(torch.int64, torch.float32)
    torch.float32
    >>> torch.promote_types(torch.uint8, torch.int8)
    torch.int16
    """
    return _PROMOTED[_argument(type1, "promote_types", "type1", 1), _argument(type2, "promote_types", "type2", 2)]


def can_cast(from_: dtype, to: dtype) -> builtins.bool:
    """Whether a result of dtype `from_` may be stored in a tensor of dtype `to`.

    It may not lose its category: complex to real, floating to integral and number to bool are refused; a smaller type
    of the same category is allowed. TypeError where an argument is no dtype.

    >>> import mibun as torch
    >>> torch.can_cast(torch.double, torch.float), torch.can_cast(torch.float, torch.int)
    (True, False)
    """
    source = _argument(from_, "can_cast", "from_", 1)
    return source.category <= _argument(to, "can_cast", "to", 2).category


def _combine(higher: dtype | None, lower: dtype | None) -> dtype | None:
    """Join the results of two priority levels: the lower counts only where it brings a higher category."""
    if higher is None:
        return lower
    if lower is None or lower.category <= higher.category:
        return higher
    if higher.category == 2:  # a complex operand of lower priority: complex, in the precision of the higher
        return _TO_COMPLEX[higher]
    return lower


def _result(levels: tuple[dtype | None, dtype | None, dtype | None]) -> dtype:
    with_dims, zero_dim, scalar = levels
    result = _combine(with_dims, _combine(zero_dim, scalar))
    if result is None:
        raise ValueError("result_dtype() needs at least one operand")
    return result


def result_dtype(operands: Sequence[Any]) -> numpy.dtype[Any]:
    """The NumPy dtype in which an operation on `operands` is done, by PyTorch's rule.

    An operand is an array or NumPy scalar (it has `dtype` and `ndim`), or a Python bool, int, float or complex. Arrays
    with dimensions decide; 0-d arrays and NumPy scalars change only the category; Python numbers come last, floats
    counting as the default dtype. TypeError for other operands.

    >>> import numpy as np
    >>> from mibun.core.dtypes import result_dtype
    >>> result_dtype([np.ones(3, "float32"), np.float64(2.0)])
    dtype('float32')
    >>> result_dtype([np.ones(3, "int64"), 2.5])
    dtype('float32')
    """
    defaults = _defaults  # read once: another thread may replace it
    scalars = defaults.scalars
    key: list[Any] = []
    first = None
    agree = True
    for operand in operands:
        kind = type(operand)
        if kind in scalars:
            key.append(kind)
            agree = False
        else:
            try:
                current = operand.dtype
                key.append((current, operand.ndim == 0))
            except AttributeError:
                kind = _python_number(operand)
                key.append(kind)
                agree = False
                continue
            if first is None:
                first = current
            elif current is not first:
                agree = False
    if agree and first is not None:
        return first
    lookup = tuple(key)
    try:
        return defaults.results[lookup]
    except KeyError:
        pass
    levels: list[dtype | None] = [None, None, None]
    for item in key:
        if isinstance(item, tuple):
            level, found = builtins.int(item[1]), from_numpy_dtype(item[0])
        else:
            level, found = 2, scalars[item]
        previous = levels[level]
        levels[level] = found if previous is None else _PROMOTED[previous, found]
    result = _result((levels[0], levels[1], levels[2])).np
    if len(lookup) <= 4:  # longer ones (`cat` of many) come in too many kinds to be remembered
        defaults.results[lookup] = result
    return result


def _python_number(operand: Any) -> type:
    """The Python number type that a subclass of one (an enum, say) counts as."""
    for kind in (builtins.bool, builtins.int, builtins.float, builtins.complex):
        if isinstance(operand, kind):
            return kind
    raise TypeError(f"unsupported operand type: expected an array or a Python number, got {type(operand).__name__}")


def result_type(tensor: Any, other: Any) -> dtype:
    """The dtype that arithmetic on two operands gives; each is a tensor or a Python or NumPy number.

    TypeError where one is neither.

    >>> import mibun as torch
    >>> torch.result_type(torch.tensor([1, 2], dtype=torch.int32), 1.0)
    torch.float32
    >>> torch.result_type(torch.tensor([1.0, 2.0]), torch.tensor(1.0, dtype=torch.float64))
    torch.float32
    """
    operands = []
    for value in (tensor, other):
        if hasattr(value, "_array_"):
            operands.append(value._array_)
        elif isinstance(value, (builtins.bool, builtins.int, builtins.float, builtins.complex)):
            operands.append(value if type(value) in _PYTHON_TYPES else _python_number(value)(value))
        elif isinstance(value, (numpy.number, numpy.bool)):
            operands.append(value.item())
        else:
            names = [("Tensor" if hasattr(v, "_array_") else type(v).__name__) for v in (tensor, other)]
            raise TypeError(
                f"result_type() received an invalid combination of arguments - got ({', '.join(names)}), but expected "
                "two arguments, each a Tensor or a number"
            )
    return from_numpy_dtype(result_dtype(operands))


# ---- limits of the types --------------------------------------------------------------------------------------------


class _Limits:
    """What finfo and iinfo share: read-only fields, equality by dtype, no hash (as in PyTorch)."""

    __slots__ = ("bits", "min", "max", "dtype")

    bits: builtins.int
    dtype: str

    __hash__ = None  # type: ignore[assignment]
    __setattr__ = _read_only
    __delattr__ = _read_only

    def _fill(self, **fields: Any) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> builtins.bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.dtype == other.dtype  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (_BY_NAME[self.dtype],)


_BY_NAME = {d.name: d for d in _ALL}
# (decimal digits that survive, explicit bits of the significand, largest exponent)
_FLOATING_LIMITS = {_FLOAT16: (3, 10, 15), _BFLOAT16: (2, 7, 127), _FLOAT32: (6, 23, 127), _FLOAT64: (15, 52, 1023)}


class finfo(_Limits):
    """Limits of a floating point dtype (of the parts of a complex one): the default dtype where none is given.

    Attributes: `bits`, `eps` (from 1 to the next number), `max`, `min`, `tiny` = `smallest_normal`, `resolution`,
    `dtype` (a string). TypeError for bool and integers. Derived from the IEEE 754 formats.

    >>> import mibun as torch
    >>> torch.finfo(torch.float32).eps
    1.1920928955078125e-07
    """

    __slots__ = ("eps", "resolution", "tiny", "smallest_normal")

    min: builtins.float
    max: builtins.float
    eps: builtins.float
    resolution: builtins.float
    tiny: builtins.float
    smallest_normal: builtins.float

    def __init__(self, type: dtype | None = None) -> None:
        chosen = _defaults.floating if type is None else _argument(type, "finfo", "type", 1)
        real = chosen.to_real()
        if real not in _FLOATING_LIMITS:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo': "
                f"got {chosen}"
            )
        digits, significand, exponent = _FLOATING_LIMITS[real]
        largest = (2.0 - 2.0**-significand) * 2.0**exponent
        smallest = 2.0 ** (1 - exponent)
        self._fill(
            bits=8 * real.itemsize,
            dtype=real.name,
            eps=2.0**-significand,
            max=largest,
            min=-largest,
            resolution=builtins.float(f"1e-{digits}"),
            tiny=smallest,
            smallest_normal=smallest,
        )

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
            f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})"
        )


class iinfo(_Limits):
    """Limits of an integer dtype: `bits`, `max`, `min`, `dtype` (a string). TypeError for other dtypes.

    >>> import mibun as torch
    >>> torch.iinfo(torch.int8).max
    127
    """

    __slots__ = ()

    min: builtins.int
    max: builtins.int

    def __init__(self, type: dtype) -> None:
        chosen = _argument(type, "iinfo", "type", 1)
        if chosen is _BOOL:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if chosen.category != 1:
            raise TypeError(
                f"torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo': got {chosen}"
            )
        bits = 8 * chosen.itemsize
        low = -(1 << (bits - 1)) if chosen.is_signed else 0
        self._fill(bits=bits, dtype=chosen.name, min=low, max=low + (1 << bits) - 1)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


# ---- layouts and memory formats -------------------------------------------------------------------------------------


class _Named:
    """A named constant that prints as `torch.<name>` and keeps its identity through pickle and copy."""

    __slots__ = ("_name",)

    def __new__(cls, *args: object, **kwargs: object) -> _Named:
        raise TypeError(f"cannot create 'torch.{cls.__name__}' instances")

    __setattr__ = _read_only
    __delattr__ = _read_only

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._name


class layout(_Named):
    """How a tensor is stored. There is one, `mibun.strided`; layouts cannot be created."""

    __slots__ = ()


class memory_format(_Named):
    """The order in which a tensor's dimensions lie in memory, named; memory formats cannot be created."""

    __slots__ = ()


def _named(kind: type, name: str) -> Any:
    constant = object.__new__(kind)
    object.__setattr__(constant, "_name", name)
    return constant


strided: layout = _named(layout, "strided")
contiguous_format: memory_format = _named(memory_format, "contiguous_format")
preserve_format: memory_format = _named(memory_format, "preserve_format")
channels_last: memory_format = _named(memory_format, "channels_last")
channels_last_3d: memory_format = _named(memory_format, "channels_last_3d")

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
float32 = float = _FLOAT32
float64 = double = _FLOAT64
complex64 = cfloat = _COMPLEX64
complex128 = cdouble = _COMPLEX128
