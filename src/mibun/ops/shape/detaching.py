"""The same values at another place in the graph: an alias; `detach`, which leaves it; `connect`, which adds a way."""

from __future__ import annotations

import numpy as np

from ...core.memory import share
from ...core.registry import LEADING
from ...core.tensor import Tensor, wrap
from ...core.views import counter_of, own_array
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import linear, op
from ...dispatch.public import public


# The primal of a dual tensor: the same memory, and the same gradient, but none of the tangent.
@op(linear, name="fw_primal", node="Identity", view=True, dtype=None, vjp=lambda xp, g: g)
def _fw_primal(xp, input):
    return xp.reshape(input, input.shape)


@op(linear, view=True, dtype=None, vjp=lambda xp, g: g)
def alias(xp, input):
    """A view of the whole tensor."""
    return input[...]


def _connect_zeros(xp, g, at_shape, at_dtype, zeros):
    return xp.zeros(at_shape, dtype=at_dtype) if zeros else None


@op(
    name="connect",
    dtype=None,
    scalars=False,
    vjp={"grad": lambda xp, g: g, "at": _connect_zeros},
    jvp={"grad": lambda xp, t: t, "at": lambda xp, t: None},
)
def _connect(xp, grad, at, *, zeros):
    """A gradient that depends on `at` too, with derivative zero (or none): what operators declared `flat` give."""
    return xp.copy(grad)  # since a rule may return the very gradient that it was given


@public("detach")
def detach(input: Tensor) -> Tensor:
    """The same memory outside of the graph: a leaf that does not require grad.

    Modifying it in place modifies the input too, and the graph notices that: a backward that needs the old values
    raises.

    >>> import mibun as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> (x * 2).detach().requires_grad
    False
    """
    check_tensor(input, "detach")
    array = own_array(input)
    result = wrap(array.like(array.values) if type(array) in LEADING else array)
    result._version_counter_ = counter_of(input)
    if type(array) is not np.ndarray:
        share(result, input)
    return result


@public("detach_")
def detach_(input: Tensor) -> Tensor:
    """Take the tensor itself out of the graph. RuntimeError for views.

    >>> import mibun as torch
    >>> (torch.ones(1, requires_grad=True) * 2).detach_().requires_grad
    False
    """
    check_tensor(input, "detach_")
    if input._is_view():
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. The tensor is a view of another one, whose history "
            "would still lead to it."
        )
    input._edge_ = None
    input._tangent_ = None
    return input
