"""Bitwise operations on integers and bools: and, or, xor, not, and shifts.

None has a derivative. Floating and complex dtypes are refused.
"""

from __future__ import annotations

from ...core.tensor import Tensor
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.public import public

_SHIFTS = {kind: "\"{name}_cpu\" not implemented for '{dtype}'" for kind in "bfVc"}


@op(nondifferentiable, public=True, refuses="fVc")
def bitwise_and(xp, input, other):
    """Bitwise and, elementwise; logical and for bool.

    >>> import mibun as torch
    >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
    tensor([4, 2])
    """
    return xp.bitwise_and(input, other)


@op(nondifferentiable, public=True, refuses="fVc")
def bitwise_or(xp, input, other):
    """Bitwise or, elementwise; logical or for bool.

    >>> import mibun as torch
    >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
    tensor([14, 14])
    """
    return xp.bitwise_or(input, other)


@op(nondifferentiable, public=True, refuses="fVc")
def bitwise_xor(xp, input, other):
    """Bitwise exclusive or, elementwise; logical for bool.

    >>> import mibun as torch
    >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
    tensor([10, 12])
    """
    return xp.bitwise_xor(input, other)


@op(nondifferentiable, public=True, refuses="fVc")
def bitwise_not(xp, input):
    """Every bit inverted, elementwise; logical not for bool.

    >>> import mibun as torch
    >>> torch.bitwise_not(torch.tensor([0, 5]))
    tensor([-1, -6])
    """
    return xp.bitwise_invert(input)


@public("__invert__", function=False)
def _invert(self: Tensor) -> Tensor:
    if self._array_.dtype.kind not in "biu":
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return bitwise_not(self)


def _bits(xp, dtype):
    return xp.iinfo(dtype).bits


@op(nondifferentiable, public=True, refuses={k: w.replace("{name}", "lshift") for k, w in _SHIFTS.items()})
def bitwise_left_shift(xp, input, other):
    """input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

    >>> import mibun as torch
    >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
    tensor([ 4, 12])
    """
    valid = (other >= 0) & (other < _bits(xp, input.dtype))
    return xp.where(valid, xp.bitwise_left_shift(input, xp.where(valid, other, 0)), 0)


@op(nondifferentiable, public=True, refuses={k: w.replace("{name}", "rshift") for k, w in _SHIFTS.items()})
def bitwise_right_shift(xp, input, other):
    """input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

    >>> import mibun as torch
    >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
    tensor([ 6, -2])
    """
    bits = _bits(xp, input.dtype)
    valid = (other >= 0) & (other < bits)
    # One bit less than all leaves the sign; for unsigned types, shift the last bit out as well.
    shifted = xp.bitwise_right_shift(input, xp.where(valid, other, bits - 1))
    return xp.where(valid | xp.isdtype(input.dtype, "signed integer"), shifted, 0)
