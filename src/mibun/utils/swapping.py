"""`swap_tensors`: two tensors change places behind everybody's back, as Modules do when they are converted in place."""

from __future__ import annotations

import copyreg
import gc
import weakref
from typing import Any

from ..core.node import Node
from ..core.tensor import Tensor

_MISSING = object()


def swap_tensors(t1: Tensor, t2: Tensor) -> None:
    """Exchange all that two tensors are: class, memory, place in the graph, gradient, attributes; not their identities.

    So whoever holds `t1`, such as an optimizer, has what was `t2`. RuntimeError where something would then point to the
    wrong one: a weak reference to a tensor, or a graph in which it is a leaf. TypeError for classes that Python cannot
    exchange.

    >>> import mibun as torch
    >>> a, b = torch.ones(1), torch.zeros(2)
    >>> torch.utils.swap_tensors(a, b)
    >>> a, b
    (tensor([0., 0.]), tensor([1.]))
    """
    for name, tensor in (("t1", t1), ("t2", t2)):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"swap_tensors(): {name} must be a Tensor, not {type(tensor).__name__}")
        if weakref.getweakrefs(tensor):
            raise RuntimeError(f"Cannot swap {name} because it has weakref associated with it")
        if _is_in_graph(tensor):
            raise RuntimeError(
                f"Cannot swap {name}: it is a leaf of a graph, whose backward would accumulate into the other tensor's "
                "grad. Drop the outputs of that graph first"
            )
    first, second = type(t1), type(t2)
    t1.__class__, t2.__class__ = second, first
    t1.__dict__, t2.__dict__ = t2.__dict__, t1.__dict__  # type: ignore[misc]
    for slot in {*copyreg._slotnames(first), *copyreg._slotnames(second)}:  # type: ignore[attr-defined]
        one, other = getattr(t1, slot, _MISSING), getattr(t2, slot, _MISSING)
        _put(t1, slot, other)
        _put(t2, slot, one)


def _put(tensor: Tensor, slot: str, value: Any) -> None:
    if value is not _MISSING:
        setattr(tensor, slot, value)
    elif hasattr(tensor, slot):
        delattr(tensor, slot)


def _is_in_graph(tensor: Tensor) -> bool:
    """Whether some node has an edge (leaf, None) to this leaf, as a tuple or in its slots."""
    if not tensor.requires_grad:
        return False
    for holder in gc.get_referrers(tensor):
        edges = (holder,) if type(holder) is tuple else holder.edges if isinstance(holder, Node) else ()
        if any([edge is not None and len(edge) == 2 and edge[0] is tensor and edge[1] is None for edge in edges]):
            return True
    return False
