"""Where a number on the CPU, a tensor of no dimension, takes part in an operation on another device.

PyTorch allows that. The gradient of such an operand has to come home: a node between the operation and the operand
brings it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .device import CPU
from .node import SEQUENCE, Node
from .registry import LAZY, LEADING, OPS, TENSORS, is_numpys, namespace_of
from .tensor import Tensor
from .views import NOWHERE_EDGE


class ToCopyBackward0(Node):
    """Brings the gradient of a number to the CPU."""

    def run(self, grad: Any) -> tuple:
        if grad is None or is_numpys(type(grad)):
            return (grad,)
        return (np.asarray(namespace_of(grad).to_numpy(grad)),)

    def run_recorded(self, grad: Any) -> tuple:
        if grad is None or grad.is_cpu:
            return (grad,)
        return (OPS["to_device"](grad, place=CPU, origin=grad.device),)


def homeward(edges: Sequence, operands: Sequence) -> Sequence:
    """The edges to the operands of an operation, some of which may be on other devices."""
    arrays = [operand._array_ if isinstance(operand, Tensor) else None for operand in operands]
    kinds = [type(array) for array in arrays if array is not None]
    if all(map(is_numpys, kinds)) or any([kind in TENSORS or kind in LEADING for kind in kinds]):
        return edges
    found = list(edges)
    for i, (edge, array) in enumerate(zip(edges, arrays, strict=False)):
        if edge is not None and edge is not NOWHERE_EDGE and array is not None and is_numpys(type(array)):
            if edge[1] is None and any([kind in LAZY for kind in kinds]):
                continue  # a leaf: the gradients of all of them are computed together, at the end of the backward
            node = ToCopyBackward0()
            node.edges = (edge,)
            node.sequence_nr = next(SEQUENCE)
            node.shape, node.dtype = array.shape, array.dtype
            found[i] = (node, 0)
    return found


__all__ = ["homeward"]
