"""`debug_unwrap`: what a Tensor within transforms is made of, for a look in a debugger."""

from __future__ import annotations

from ..core.batching import BatchedTensor
from ..core.mode import MODE
from ..core.tensor import Tensor, wrap
from ..core.views import counter_of, edge_of, own_array
from ..xp.batched.memory import out_of_examples


def debug_unwrap(tensor: Tensor, *, recurse: bool = True) -> Tensor:
    """The Tensor outside of the transforms that are running: with all examples, and without the gradients of inside.

    The axis of the examples is in front. recurse: outside of all of them, or of the innermost only. What is no part of
    a running transform is returned itself. Only for looking: what is computed with the result is undefined.

    >>> import mibun as torch
    >>> def shown(x):
    ...     print(torch.func.debug_unwrap(x).shape)
    ...     return x
    >>> _ = torch.vmap(shown)(torch.zeros(3, 2))
    torch.Size([3, 2])
    """
    while True:
        unwrapped = _innermost_off(tensor)
        if unwrapped is None:
            return tensor
        tensor = unwrapped
        if not recurse:
            return tensor


def _innermost_off(tensor: Tensor) -> Tensor | None:
    levels = getattr(tensor._array_, "levels", ())
    for level in reversed(MODE.get().transforms):
        if level.kind == "vmap" and isinstance(tensor, BatchedTensor) and level.number in levels:
            return wrap(out_of_examples(tensor._array_, 0, level.number, level.size))
        if level.kind == "grad" and _made_within(tensor, level.first):
            result = wrap(own_array(tensor))
            result._version_counter_ = counter_of(tensor)
            return result
        if level.kind == "jvp" and tensor._tangent_ is not None and level.number in tensor._tangent_:
            result = wrap(own_array(tensor))
            result._version_counter_, result._edge_ = counter_of(tensor), edge_of(tensor)
            outer = {number: tangent for number, tangent in tensor._tangent_.items() if number < level.number}
            result._tangent_ = outer or None
            return result
    return None


def _made_within(tensor: Tensor, first: int) -> bool:
    edge = edge_of(tensor)
    return edge is not None and edge[1] is not None and edge[0].sequence_nr >= first
