"""Logic on elements of any dtype, where everything but 0 counts as true: `logical_and`, `_or`, `_xor` and `_not`.

None has a derivative. Operations on the bits of integers are in `bitwise.py`.
"""

from __future__ import annotations

from typing import Any

from ...core.registry import Array
from .compare import comparison


def _truth(xp: Any, x: Array) -> Array:
    """Whether not zero; NaN counts as true."""
    return x if xp.isdtype(x.dtype, "bool") else x != 0


@comparison(scalars=False, dtype=None)
def logical_and(xp, input, other):
    """Whether both are non-zero, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes.

    >>> import mibun as torch
    >>> torch.logical_and(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
    tensor([False,  True, False])
    """
    return xp.logical_and(_truth(xp, input), _truth(xp, other))


@comparison(scalars=False, dtype=None)
def logical_or(xp, input, other):
    """Whether either is non-zero, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes.

    >>> import mibun as torch
    >>> torch.logical_or(torch.tensor([0, 1, 2]), torch.tensor([False, True, False]))
    tensor([False,  True,  True])
    """
    return xp.logical_or(_truth(xp, input), _truth(xp, other))


@comparison(scalars=False, dtype=None)
def logical_xor(xp, input, other):
    """Whether exactly one is non-zero, elementwise; any dtypes.

    >>> import mibun as torch
    >>> torch.logical_xor(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
    tensor([ True, False,  True])
    """
    return xp.logical_xor(_truth(xp, input), _truth(xp, other))


@comparison()
def logical_not(xp, input):
    """Whether zero, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.logical_not(torch.tensor([0., 3.]))
    tensor([ True, False])
    """
    return xp.logical_not(_truth(xp, input))
