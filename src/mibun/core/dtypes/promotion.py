"""What dtype the result of an operation has, by PyTorch's rules, and the default dtype that these ask for.

Promotion is not NumPy's: the category (bool < integral < floating < complex) is decided first by tensors with
dimensions, then by 0-d tensors, then by Python numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from .types import (
    ALL,
    FLOAT8,
    NAMES_ONLY,
    PYTHON_TYPES,
    TO_COMPLEX,
    argument_as_dtype,
    complex64,
    complex128,
    dtype,
    float32,
    float64,
    from_numpy_dtype,
    int16,
    int32,
    int64,
)
from .types import bool as bool_dtype

# ---- the default dtype -----------------------------------------------------------------------------------------------


class _Defaults:
    """The default dtypes, together with the promotions worked out under them: replaced as one, never changed."""

    __slots__ = ("floating", "complex", "scalars", "results")

    def __init__(self, floating: dtype) -> None:
        self.floating = floating
        self.complex = TO_COMPLEX[floating]
        self.scalars = {  # what a Python number of each type counts as
            bool: bool_dtype,
            int: int64,
            float: self.floating,
            complex: self.complex,
        }
        self.results: dict[tuple[Any, ...], numpy.dtype[Any]] = {}


_defaults = _Defaults(float32)


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


# ---- promotion -------------------------------------------------------------------------------------------------------


def _promote(a: dtype, b: dtype) -> dtype | None:
    if a is b:
        return a
    if a.category < b.category:
        a, b = b, a
    if a.category == 3:
        return complex128 if b.to_real() is float64 or a is complex128 else complex64
    if a.category > b.category:
        return a
    if a.itemsize < b.itemsize:
        a, b = b, a
    if a.itemsize > b.itemsize and (a.is_signed or not b.is_signed):
        return a
    # Each holds values that the other does not; the next larger type holds both, if there is one.
    if a.category == 2:
        return float32
    return {1: int16, 2: int32, 4: int64}.get(a.itemsize)


class _Promotions(dict):
    """Two dtypes -> the one that holds both."""

    def __missing__(self, pair: tuple[dtype, dtype]) -> dtype:
        if pair[0] is pair[1]:
            return pair[0]
        if pair[0] in FLOAT8 or pair[1] in FLOAT8:
            raise RuntimeError(
                f"Promotion for Float8 Types is not supported, attempted to promote {pair[0].scalar_name} and "
                f"{pair[1].scalar_name}: cast one of them first"
            )
        if pair[0] in NAMES_ONLY or pair[1] in NAMES_ONLY:
            raise NotImplementedError(f"there are no Tensors of {pair[0]} and {pair[1]} together in mibun")
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
            f"{pair[0].scalar_name} and {pair[1].scalar_name}: no integer type holds both. Cast one of them first"
        )


_PROMOTED = _Promotions({(a, b): found for a in ALL for b in ALL if (found := _promote(a, b)) is not None})


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
    return _PROMOTED[
        argument_as_dtype(type1, "promote_types", "type1", 1), argument_as_dtype(type2, "promote_types", "type2", 2)
    ]


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether a result of dtype `from_` may be stored in a tensor of dtype `to`.

    It may not lose its category: complex to real, floating to integral and number to bool are refused; a smaller type
    of the same category is allowed. TypeError where an argument is no dtype.

    >>> import mibun as torch
    >>> torch.can_cast(torch.double, torch.float), torch.can_cast(torch.float, torch.int)
    (True, False)
    """
    source = argument_as_dtype(from_, "can_cast", "from_", 1)
    return source.category <= argument_as_dtype(to, "can_cast", "to", 2).category


def _combine(higher: dtype | None, lower: dtype | None) -> dtype | None:
    """Join the results of two priority levels: the lower counts only where it brings a higher category."""
    if higher is None:
        return lower
    if lower is None or lower.category <= higher.category:
        return higher
    if higher.category == 2:  # a complex operand of lower priority: complex, in the precision of the higher
        return TO_COMPLEX[higher]
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
            level, found = int(item[1]), from_numpy_dtype(item[0])
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
    for kind in (bool, int, float, complex):
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
        elif isinstance(value, (bool, int, float, complex)):
            operands.append(value if type(value) in PYTHON_TYPES else _python_number(value)(value))
        elif isinstance(value, (numpy.number, numpy.bool)):
            operands.append(value.item())
        else:
            names = [("Tensor" if hasattr(v, "_array_") else type(v).__name__) for v in (tensor, other)]
            raise TypeError(
                f"result_type() received an invalid combination of arguments - got ({', '.join(names)}), but expected "
                "two arguments, each a Tensor or a number"
            )
    return from_numpy_dtype(result_dtype(operands))
