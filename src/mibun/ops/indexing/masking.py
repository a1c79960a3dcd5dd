"""Masks that say where to write: `masked_fill`. (Masks that select are in `masked_selection.py`.)"""

from __future__ import annotations

import functools
from collections.abc import Callable

from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS, apply, check_broadcast
from ...dispatch.declare import op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import number
from ...dispatch.public import public
from ..annotations import Number
from ..conversion.filling import fitted


@op(
    name="masked_fill_number",
    memory="contiguous",
    node="MaskedFillBackward0",
    dtype=None,
    constant=("mask",),
    vjp={"input": lambda xp, g, mask: xp.where(mask, 0.0, g)},
    jvp={"input": lambda xp, t, mask: xp.where(mask, 0.0, t)},
)
def _masked_fill_number(xp, input, mask, *, value):
    return xp.where(mask, value, input)


@op(
    name="masked_fill_tensor",
    memory="contiguous",
    node="MaskedFillBackward1",
    dtype=None,
    constant=("mask",),
    vjp={
        "input": lambda xp, g, mask: xp.where(mask, 0.0, g),
        "value": lambda xp, g, mask: xp.where(mask, g, 0.0),
    },
    jvp={
        "input": lambda xp, t, mask: xp.where(mask, 0.0, t),
        "value": lambda xp, t, mask: xp.where(mask, t, 0.0),
    },
)
def _masked_fill_tensor(xp, input, mask, value):
    return xp.where(mask, xp.astype(value, input.dtype), input)


def _masked(input: Tensor, mask: Tensor, value: Tensor | Number, form: Callable[..., Tensor]) -> Tensor:
    if not isinstance(mask, Tensor) or not (isinstance(value, Tensor) or isinstance(value, SCALARS)):
        raise TypeError(
            f"masked_fill() received an invalid combination of arguments - got ({type(mask).__name__}, "
            f"{type(value).__name__}), but expected (Tensor mask, Tensor value) or (Tensor mask, Number value)"
        )
    if mask._array_.dtype.kind != "b":
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype.cpp_name}")
    check_broadcast([input._array_.shape, mask._array_.shape])
    if isinstance(value, Tensor):
        if value._array_.ndim != 0:
            raise RuntimeError(
                f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value._array_.ndim} "
                "dimension(s)."
            )
        return form(_masked_fill_tensor, (input, mask, value), {})
    scalar = fitted(number(value, "masked_fill", "value"), input._array_.dtype)
    return form(_masked_fill_number, (input, mask), {"value": scalar})


@public("masked_fill")
def masked_fill(input: Tensor, mask: Tensor, value: Tensor | Number) -> Tensor:
    """A copy with `value` where the mask holds.

    Args:
        mask: a bool Tensor that broadcasts with input.
        value: a number or a 0-d Tensor.

    Returns:
        a Tensor of the input's dtype.

    Raises:
        RuntimeError: where the dtype cannot hold the value, or the mask is not bool.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).masked_fill(torch.tensor([True, False]), 0)
    tensor([0., 2.])
    """
    return _masked(input, mask, value, apply)


@public("masked_fill_", function=False)
def masked_fill_(self: Tensor, mask: Tensor, value: Tensor | Number) -> Tensor:
    """`masked_fill` in place."""
    return _masked(self, mask, value, functools.partial(apply_inplace, name="masked_fill_"))
