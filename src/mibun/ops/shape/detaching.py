"""The same memory in a tensor of its own: an alias in the graph, or outside of it (`detach`)."""

from __future__ import annotations

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
    result = wrap(own_array(input))
    result._version_counter_ = counter_of(input)
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
