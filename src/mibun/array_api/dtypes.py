"""Dtypes as the Array API standard has them: which there are, what two of them give, and what holds for each.

Promotion is by dtype alone here: a 0-d float64 array and a float32 vector give float64, where PyTorch's operators give
float32. So the functions of this package cast their operands (`promoted`) before they call PyTorch's.
"""

from __future__ import annotations

import builtins
import math
from typing import Any, NamedTuple

import numpy as np

from ..core.device import check_device
from ..core.dtypes import (
    bool as bool_,
)
from ..core.dtypes import (
    complex64,
    complex128,
    dtype,
    float32,
    float64,
    get_default_complex_dtype,
    get_default_dtype,
    int8,
    int16,
    int32,
    int64,
    promote_types,
    uint8,
    uint16,
    uint32,
    uint64,
)
from ..core.dtypes import finfo as _floating_limits
from ..core.dtypes import iinfo as _integer_limits
from ..core.tensor import Tensor
from ..ops.annotations import Device
from ..ops.creation.filled import full
from ..ops.shape.broadcasting import broadcast_to as _broadcast_to

KINDS: dict[str, tuple[dtype, ...]] = {
    "bool": (bool_,),
    "signed integer": (int8, int16, int32, int64),
    "unsigned integer": (uint8, uint16, uint32, uint64),
    "real floating": (float32, float64),
    "complex floating": (complex64, complex128),
}
KINDS["integral"] = KINDS["signed integer"] + KINDS["unsigned integer"]
KINDS["numeric"] = KINDS["integral"] + KINDS["real floating"] + KINDS["complex floating"]

_NUMBERS = (builtins.bool, int, float, complex)


# --- promotion ---


def _with_number(tensors: dtype, number: Any) -> dtype:
    """The dtype of an operation between arrays of one dtype and a Python number, whose kind alone counts."""
    if isinstance(number, builtins.bool):
        return tensors
    if isinstance(number, int):
        return int64 if tensors is bool_ else tensors
    if isinstance(number, float):
        return tensors if tensors.category >= 2 else get_default_dtype()
    return tensors.to_complex() if tensors.category >= 2 else get_default_complex_dtype()


def result_type(*arrays_and_dtypes: Any) -> dtype:
    """The dtype that an operation on these operands gives.

    Args:
        arrays_and_dtypes: Tensors, dtypes and Python numbers, of which one at least is no number. Numbers count by
            their kind alone; the dimensions of Tensors do not matter. Where the standard leaves the result open
            (integers and floats), it is PyTorch's.

    Raises:
        ValueError: for no operand but numbers. RuntimeError: for uint64 and a signed integer. TypeError: else.

    >>> from mibun import array_api as xp
    >>> xp.result_type(xp.uint8, xp.int8), xp.result_type(xp.asarray(1.0), xp.float64, 1j)
    (torch.int16, torch.complex128)
    """
    result = None
    for operand in arrays_and_dtypes:
        if isinstance(operand, Tensor):
            operand = operand.dtype
        if isinstance(operand, dtype):
            result = operand if result is None else promote_types(result, operand)
        elif not isinstance(operand, _NUMBERS):
            raise TypeError(f"result_type() takes arrays, dtypes and Python numbers, not {type(operand).__name__}")
    if result is None:
        raise ValueError("result_type() needs at least one array or dtype")
    for operand in arrays_and_dtypes:
        if isinstance(operand, _NUMBERS):
            result = _with_number(result, operand)
    return result


def promoted(*operands: Any, floating: builtins.bool = False) -> list[Tensor]:
    """Tensors and Python numbers as Tensors of the one dtype that `result_type` gives, none of them broadcast.

    With `floating` integers become the default floating dtype, for functions that need it.
    """
    found = result_type(*operands)
    if floating and found.category < 2:
        found = get_default_dtype()
    return [
        (operand if operand.dtype is found else operand.to(found))
        if isinstance(operand, Tensor)
        else full((), operand, dtype=found)
        for operand in operands
    ]


def can_cast(from_: dtype | Tensor, to: dtype, /) -> builtins.bool:
    """Whether a dtype, or that of a Tensor, is turned into another by promotion: `result_type(from_, to) == to`.

    >>> from mibun import array_api as xp
    >>> xp.can_cast(xp.int8, xp.int16), xp.can_cast(xp.float64, xp.float32)
    (True, False)
    """
    source = from_.dtype if isinstance(from_, Tensor) else from_
    if {source, to} in ({uint64, signed} for signed in KINDS["signed integer"]):
        return False
    return result_type(source, to) is to


# --- casts and shapes ---


def astype(x: Tensor, dtype: dtype, /, *, copy: builtins.bool = True, device: Device | None = None) -> Tensor:
    """`x` in another dtype, in memory of its own (with `copy=False`: itself if it has the dtype). Differentiable.

    >>> from mibun import array_api as xp
    >>> xp.astype(xp.asarray([1.5, -2.5]), xp.int64)
    tensor([ 1, -2])
    """
    if device is not None:
        check_device(device, "astype")
    return x.to(dtype, copy=copy)


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape to which arrays of these shapes are broadcast; ValueError if they do not fit.

    >>> from mibun import array_api as xp
    >>> xp.broadcast_shapes((3, 1), (4,))
    (3, 4)
    """
    return np.broadcast_shapes(*shapes)


def broadcast_to(x: Tensor, /, shape: tuple[int, ...]) -> Tensor:
    """`x` repeated, without a copy, to a shape; RuntimeError if it does not fit.

    >>> from mibun import array_api as xp
    >>> xp.broadcast_to(xp.asarray([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    return _broadcast_to(x, tuple(shape))


def broadcast_arrays(*arrays: Tensor) -> tuple[Tensor, ...]:
    """All arrays, repeated without copies to the shape that they have together; ValueError if they do not fit.

    >>> from mibun import array_api as xp
    >>> xp.broadcast_arrays(xp.asarray([1, 2]), xp.asarray(3))
    (tensor([1, 2]), tensor([3, 3]))
    """
    shape = broadcast_shapes(*(x.shape for x in arrays))
    return tuple(_broadcast_to(x, shape) for x in arrays)


# --- what holds for a dtype ---


class FloatLimits(NamedTuple):
    """What `finfo` returns: of the parts of a complex dtype. All but `bits` and `dtype` are Python floats."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: dtype


class IntegerLimits(NamedTuple):
    """What `iinfo` returns."""

    bits: int
    max: int
    min: int
    dtype: dtype


def finfo(type: dtype | Tensor, /) -> FloatLimits:
    """The limits of a floating dtype, or of that of a Tensor; TypeError for bool and integers.

    >>> from mibun import array_api as xp
    >>> xp.finfo(xp.float32).eps, xp.finfo(xp.complex64).dtype
    (1.1920928955078125e-07, torch.float32)
    """
    kind = type.dtype if isinstance(type, Tensor) else type
    found = _floating_limits(kind)
    return FloatLimits(found.bits, found.eps, found.max, found.min, found.smallest_normal, kind.to_real())


def iinfo(type: dtype | Tensor, /) -> IntegerLimits:
    """The limits of an integer dtype, or of that of a Tensor; TypeError for others.

    >>> from mibun import array_api as xp
    >>> xp.iinfo(xp.uint16).max
    65535
    """
    kind = type.dtype if isinstance(type, Tensor) else type
    found = _integer_limits(kind)
    return IntegerLimits(found.bits, found.max, found.min, kind)


def isdtype(dtype: dtype, kind: dtype | str | tuple[dtype | str, ...]) -> builtins.bool:
    """Whether a dtype is another, or of a kind, or one of several of these.

    Args:
        kind: a dtype; "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating" or
            "numeric"; or a tuple of these. float16 and bfloat16 count as real floating.

    Raises:
        ValueError: for an unknown kind. TypeError: for something else than a dtype or a kind.

    >>> from mibun import array_api as xp
    >>> xp.isdtype(xp.float32, ("real floating", xp.bool)), xp.isdtype(xp.uint8, "signed integer")
    (True, False)
    """
    if not hasattr(dtype, "is_floating_point"):
        raise TypeError(f"isdtype() takes a dtype, not {dtype!r}")
    if isinstance(kind, tuple):
        if any(isinstance(one, tuple) for one in kind):
            raise TypeError("isdtype(): a tuple of kinds can't hold tuples")
        return any(isdtype(dtype, one) for one in kind)
    if isinstance(kind, str):
        if kind not in KINDS:
            raise ValueError(f"isdtype(): unknown kind {kind!r}; there are {', '.join(map(repr, KINDS))}")
        return dtype in KINDS[kind] or (dtype.is_floating_point and kind in ("real floating", "numeric"))
    if not hasattr(kind, "is_floating_point"):
        raise TypeError(f"isdtype(): a kind is a dtype, a string or a tuple of these, not {kind!r}")
    return dtype is kind


def sum_dtype(x: Tensor) -> dtype:
    """The dtype of sums and products: 64 bits for integers and bool, of their sign; that of x otherwise."""
    if x.dtype.category >= 2:
        return x.dtype
    return uint64 if x.dtype in KINDS["unsigned integer"] else int64


def with_floating(x: Tensor) -> Tensor:
    """`x`, in the default dtype if it is of integers, as the functions want it that have real results."""
    return x if x.dtype.category >= 2 else x.to(get_default_dtype())


def axes_of(x: Tensor, axis: int | tuple[int, ...] | None) -> tuple[int, ...]:
    """An `axis` argument as the tuple of axes that it means: all of them for None."""
    if axis is None:
        return tuple(range(x.ndim))
    return (axis,) if isinstance(axis, int) else tuple(axis)


e, pi, inf, nan, newaxis = math.e, math.pi, math.inf, math.nan, None
