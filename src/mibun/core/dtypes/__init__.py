"""The element types of tensors, and PyTorch's rules for mixing them. An index.

types: the class `dtype`, its objects, NumPy's and Python's equals. promotion: what an operation's result has, and the
default dtype. limits: `finfo` and `iinfo`. layouts: `strided` and the sparse ones, and the memory formats.
"""

from __future__ import annotations

from types import FunctionType as _FunctionType

from .layouts import (
    channels_last,
    channels_last_3d,
    contiguous_format,
    layout,
    memory_format,
    preserve_format,
    sparse_bsc,
    sparse_bsr,
    sparse_coo,
    sparse_csc,
    sparse_csr,
    strided,
)
from .limits import finfo, iinfo
from .promotion import (
    can_cast,
    get_default_complex_dtype,
    get_default_dtype,
    promote_types,
    result_dtype,
    result_type,
    set_default_dtype,
)
from .types import (
    ALL,
    FLOAT8,
    as_dtype,
    as_numpy_dtype,
    bfloat16,
    bool,
    cdouble,
    cfloat,
    complex64,
    complex128,
    double,
    dtype,
    float,
    float8_e4m3fn,
    float8_e4m3fnuz,
    float8_e5m2,
    float8_e5m2fnuz,
    float8_e8m0fnu,
    float16,
    float32,
    float64,
    from_numpy_dtype,
    half,
    int,
    int8,
    int16,
    int32,
    int64,
    long,
    short,
    uint8,
    uint16,
    uint32,
    uint64,
)

__all__ = [
    "ALL",
    "as_dtype",
    "as_numpy_dtype",
    "FLOAT8",
    "bfloat16",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "bool",
    "can_cast",
    "cdouble",
    "cfloat",
    "channels_last",
    "channels_last_3d",
    "complex128",
    "complex64",
    "contiguous_format",
    "double",
    "dtype",
    "finfo",
    "float",
    "float16",
    "float32",
    "float64",
    "from_numpy_dtype",
    "get_default_complex_dtype",
    "get_default_dtype",
    "half",
    "iinfo",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "layout",
    "long",
    "memory_format",
    "preserve_format",
    "promote_types",
    "result_dtype",
    "result_type",
    "set_default_dtype",
    "short",
    "sparse_bsc",
    "sparse_bsr",
    "sparse_coo",
    "sparse_csc",
    "sparse_csr",
    "strided",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
]

# Functions are found, and pickled, under the index's name. Classes keep the module that they are written in: `inspect`
# looks for their source there.
for _value in list(globals().values()):
    if type(_value) is _FunctionType:
        _value.__module__ = __name__
