"""Collectives that return new tensors. They are over when they return, so `wait_tensor` has nothing to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor
from . import collectives
from .device_mesh import DeviceMesh
from .nn import functional
from .process_group import ProcessGroup
from .reduction import RedOpType
from .world import resolve


def _group_of(group: Any) -> ProcessGroup:
    """The group that an argument means: itself, its name, a mesh of one dimension, or a mesh and a dimension."""
    if isinstance(group, DeviceMesh):
        return group.get_group()
    if isinstance(group, tuple):
        mesh, dim = group
        return mesh.get_group(dim)
    return resolve(group)


def _op_of(name: str) -> RedOpType:
    return RedOpType[name.upper()]


def wait_tensor(tensor: Tensor) -> Tensor:
    """The tensor."""
    return tensor


def all_reduce(self: Tensor, reduceOp: str, group: Any, tag: str = "") -> Tensor:
    """The tensors of all processes, reduced by "sum", "avg", "min", "max" or "product"."""
    result = self.detach().contiguous().clone()
    collectives.all_reduce(result, _op_of(reduceOp), _group_of(group))
    return result


def broadcast(self: Tensor, src: int, group: Any, tag: str = "") -> Tensor:
    """The tensor of one process; `src` is its rank in the default group."""
    result = self.detach().contiguous().clone()
    collectives.broadcast(result, src, _group_of(group))
    return result


def all_gather_tensor(self: Tensor, gather_dim: int, group: Any, tag: str = "") -> Tensor:
    """The tensors of all processes, one after the other along a dimension."""
    from ..ops.shape.joining import cat

    found = _group_of(group)
    parts = [self.new_empty(self.shape) for _ in range(found.size())]
    collectives.all_gather(parts, self.detach().contiguous(), found)
    return cat(parts, dim=gather_dim)


def reduce_scatter_tensor(self: Tensor, reduceOp: str, scatter_dim: int, group: Any, tag: str = "") -> Tensor:
    """The tensors of all processes, reduced; this process's part along a dimension."""
    found = _group_of(group)
    if self.size(scatter_dim) % found.size():
        raise AssertionError(
            f"input dimension {scatter_dim} ({self.size(scatter_dim)}) must be a multiple of group_size {found.size()}"
        )
    parts = [part.contiguous() for part in self.detach().chunk(found.size(), dim=scatter_dim)]
    result = parts[0].clone()
    collectives.reduce_scatter(result, parts, _op_of(reduceOp), found)
    return result


def _exchanged(self: Tensor, outputs: Sequence[int] | None, inputs: Sequence[int] | None, group: Any) -> tuple:
    found = _group_of(group)
    rows = self.size(0) if outputs is None else sum(outputs)
    room = self.new_empty([rows, *self.shape[1:]])
    return room, None if outputs is None else list(outputs), None if inputs is None else list(inputs), found


def all_to_all_single(
    self: Tensor,
    output_split_sizes: Sequence[int] | None,
    input_split_sizes: Sequence[int] | None,
    group: Any,
    tag: str = "",
) -> Tensor:
    """Exchange parts along the first dimension, equal ones if no sizes are given."""
    room, outputs, inputs, found = _exchanged(self, output_split_sizes, input_split_sizes, group)
    collectives.all_to_all_single(room, self.detach().contiguous(), outputs, inputs, found)
    return room


def all_to_all_single_autograd(
    self: Tensor,
    output_split_sizes: Sequence[int] | None,
    input_split_sizes: Sequence[int] | None,
    group: Any,
    tag: str = "",
) -> Tensor:
    """The same, with a derivative."""
    room, outputs, inputs, found = _exchanged(self, output_split_sizes, input_split_sizes, group)
    return functional.all_to_all_single(room, self, outputs, inputs, found)


def all_gather_tensor_autograd(self: Tensor, gather_dim: int, group: Any, tag: str = "") -> Tensor:
    """`all_gather_tensor` with a derivative."""
    from ..ops.shape.joining import cat

    return cat(list(functional.all_gather(self, _group_of(group))), dim=gather_dim)


def reduce_scatter_tensor_autograd(self: Tensor, reduceOp: str, scatter_dim: int, group: Any, tag: str = "") -> Tensor:
    """`reduce_scatter_tensor` with a derivative."""
    found = _group_of(group)
    parts = list(self.chunk(found.size(), dim=scatter_dim))
    return functional.reduce_scatter(parts[0], parts, _op_of(reduceOp), found)


def permute_tensor(self: Tensor, src_dst: Sequence[int], group: Any, tag: str = "") -> Tensor:
    """The tensor of rank i, in the group, goes to rank `src_dst[i]`."""
    found = _group_of(group)
    own = found.rank()
    inputs = [0] * found.size()
    outputs = [0] * found.size()
    inputs[src_dst[own]] = self.numel()
    outputs[list(src_dst).index(own)] = self.numel()
    return all_to_all_single(self.reshape(-1), outputs, inputs, found).reshape(self.shape)


_explain_missing_names(__name__)
