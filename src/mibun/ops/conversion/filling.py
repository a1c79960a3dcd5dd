"""One value over what a tensor holds: `fill_`, `zero_` and, as a new Tensor, `fill`."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.registry import Array
from ...core.site import shorten
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.declare import Op, op
from ...dispatch.inplace import apply_inplace, array_to_write
from ...dispatch.once import warn_of_lost_imaginary_parts
from ...dispatch.overloads import number
from ...dispatch.public import public
from ..annotations import Number


def stored(value: Any, dtype: np.dtype) -> Array:
    """A Python number in a NumPy dtype that holds it; in float16 by way of float32, as PyTorch rounds."""
    return dtype.type(np.float32(value) if dtype.char == "e" else value)


def fitted(value: complex, dtype: np.dtype) -> Array:
    """A Python number as it is stored in a NumPy dtype; RuntimeError where the dtype cannot hold it."""
    d = dtypes.from_numpy_dtype(dtype)
    if isinstance(value, complex) and d.category < 3 and value.imag == 0:
        value = value.real
    if d.category == 0:
        return dtype.type(builtins.bool(value))
    fits = not isinstance(value, complex) or d.category == 3
    if fits and d.category == 1:
        limits = dtypes.iinfo(d)
        whole: Any = None if isinstance(value, float) and not math.isfinite(value) else int(value)  # type: ignore[arg-type]
        # Unsigned types take negative numbers of their range, wrapped around.
        fits = whole is not None and (-limits.max if limits.min == 0 else limits.min) <= whole <= limits.max
        if fits:
            return np.asarray(whole).astype(dtype)[()]
    elif fits and isinstance(value, (int, float)) and not (isinstance(value, float) and not math.isfinite(value)):
        fits = builtins.abs(value) <= dtypes.finfo(d).max
    if not fits:
        raise RuntimeError(
            f"value cannot be converted to type {d.cpp_alias} without overflow: {value!r} does not fit in {d}"
        )
    return stored(value, dtype)


def _fill_operators(first: int) -> tuple[Op, Op]:
    """The operators of filling with a number and with a 0-d Tensor; PyTorch numbers the nodes of `fill` and `fill_`."""

    @op(
        name=f"fill_number{first}",
        node=f"FillBackward{first}",
        dtype=None,
        vjp=lambda xp, g: xp.zeros_like(g),
        jvp=lambda xp, t: xp.zeros_like(t),
    )
    def with_number(xp, input, *, value):
        return xp.full_like(input, value)

    @op(
        name=f"fill_tensor{first}",
        node=f"FillBackward{first + 1}",
        dtype=None,
        vjp={"input": lambda xp, g: xp.zeros_like(g), "value": lambda xp, g: g},
        jvp={"input": lambda xp, t: xp.zeros_like(t), "value": lambda xp, t: t},
    )
    def with_tensor(xp, input, value):
        return xp.copy(xp.broadcast_to(xp.astype(value, input.dtype), input.shape))

    return with_number, with_tensor


_FILL, _FILL_INPLACE = _fill_operators(0), _fill_operators(2)


def _filled(
    operators: tuple[Op, Op], self: Tensor, value: Tensor | Number, form: Callable[..., Tensor], *name: str
) -> Tensor:
    if isinstance(value, Tensor):
        if value._array_.ndim != 0:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value._array_.ndim} dimensions."
            )
        warn_of_lost_imaginary_parts(value._array_.dtype, self._array_.dtype)
        return form(operators[1], (self, value), {}, *name)
    scalar = fitted(number(value, "fill_", "value"), self._array_.dtype)
    return form(operators[0], (self,), {"value": scalar}, *name)


@public("fill_")
def fill_(input: Tensor, value: Tensor | Number) -> Tensor:
    """Overwrite every element with one value.

    Args:
        value: a number or a 0-d Tensor, which gets the sum of the gradients.

    Returns:
        this tensor.

    Raises:
        RuntimeError: where the dtype cannot hold the value.

    >>> import mibun as torch
    >>> torch.zeros(2).fill_(3)
    tensor([3., 3.])
    """
    try:
        return _filled(_FILL_INPLACE, input, value, apply_inplace, "fill_")
    except Exception as error:
        shorten(error, 3)
        raise


@public("fill", method=False)
def fill(input: Tensor, value: Tensor | Number) -> Tensor:
    """A Tensor like `input`, filled with a number or a 0-d Tensor.

    >>> import mibun as torch
    >>> torch.fill(torch.zeros(2), 3)
    tensor([3., 3.])
    """
    return _filled(_FILL, input, value, apply)


@op(
    name="zero_",
    node="ZeroBackward0",
    dtype=None,
    vjp=lambda xp, g: xp.zeros_like(g),
    jvp=lambda xp, t: xp.zeros_like(t),
)
def _zero(xp, input):
    return xp.zeros_like(input)


@public("zero_")
def zero_(self: Tensor) -> Tensor:
    """Overwrite every element with 0.

    Returns:
        this tensor.

    >>> import mibun as torch
    >>> torch.ones(2).zero_()
    tensor([0., 0.])
    """
    array = array_to_write(self, "zero_")
    if array is None:
        return apply_inplace(_zero, (self,), {}, "zero_")
    array.fill(0)
    return self
