"""`where`: elements of one Tensor or another, as a condition says. (`masked_fill` is in `indexing/masking.py`.)"""

from __future__ import annotations

import builtins

import numpy as np

from ...core.batching import BatchedTensor, dynamic_shape
from ...core.dtypes import from_numpy_dtype, result_dtype
from ...core.node import raw
from ...core.registry import NAMESPACES
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS, apply, check_broadcast
from ...dispatch.declare import op
from ...dispatch.overloads import finish, number
from ...dispatch.public import public
from ..annotations import Number
from ..conversion.casting import cast


@op(
    name="where",
    dtype=None,
    constant=("condition",),
    vjp={
        "input": lambda xp, g, condition: xp.where(condition, g, 0.0),
        "other": lambda xp, g, condition: xp.where(condition, 0.0, g),
    },
    jvp={
        "input": lambda xp, t, condition: xp.where(condition, t, 0.0),
        "other": lambda xp, t, condition: xp.where(condition, 0.0, t),
    },
)
def _where(xp, condition, input, other):
    return xp.where(condition, input, other)


@public("where", method=False)
def where(
    condition: Tensor,
    input: Tensor | Number | None = None,
    other: Tensor | Number | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """Elements of `input` where the condition holds, of `other` elsewhere.

    Args:
        condition: a bool Tensor.
        input, other: Tensors or numbers, which are promoted to one dtype. All three broadcast.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the broadcast shape; with the condition alone the indices at which it holds, a tuple with one
        Tensor for each dimension.

    Raises:
        RuntimeError: where the shapes do not broadcast or the condition is not bool.

    >>> import mibun as torch
    >>> x = torch.tensor([-1., 2.])
    >>> torch.where(x > 0, x, 0.)
    tensor([0., 2.])
    >>> torch.where(x > 0)
    (tensor([1]),)
    """
    if input is None and other is None and isinstance(condition, Tensor):
        if isinstance(condition, BatchedTensor):
            raise dynamic_shape("aten::where")
        return condition.nonzero(as_tuple=True)
    valid = isinstance(condition, Tensor) and builtins.all(
        isinstance(v, Tensor) or isinstance(v, SCALARS) for v in (input, other)
    )
    if not valid:
        kinds = ", ".join(type(value).__name__ for value in (condition, input, other))
        raise TypeError(
            f"where() received an invalid combination of arguments - got ({kinds}), but expected (Tensor condition) or "
            "(Tensor condition, Tensor or Number input, Tensor or Number other, *, Tensor out = None)"
        )
    dtype = condition._array_.dtype
    if dtype.kind != "b":
        if dtype.name != "uint8":
            raise RuntimeError(
                f"where expected condition to be a boolean tensor, but got a tensor with dtype "
                f"{condition.dtype.scalar_name}"
            )
        condition = cast(condition, from_numpy_dtype(np.dtype("bool")))
    values = [value if isinstance(value, Tensor) else number(value, "where", "input") for value in (input, other)]
    common = result_dtype([raw(value) for value in values])
    operands = [
        (value if value._array_.dtype is common else cast(value, from_numpy_dtype(common)))
        if isinstance(value, Tensor)
        else wrap(NAMESPACES[type(condition._array_)].scalar(value, common))
        for value in values
    ]
    shapes = [condition._array_.shape, *[value._array_.shape for value in operands]]
    if not shapes[0] == shapes[1] == shapes[2]:
        check_broadcast(shapes)
    return finish(apply(_where, (condition, *operands), {}), out, "where")


@public("where", function=False)
def _where_method(self: Tensor, condition: Tensor, other: Tensor | Number) -> Tensor:
    """`where(condition, self, other)`."""
    return where(condition, self, other)
