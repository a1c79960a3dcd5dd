"""Moving a tensor from one placement on a mesh to another, and the same for its gradient.

It goes through the whole tensor: the last dimension of the mesh is undone first, since the first one divided first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...autograd.function import Function
from ...core.tensor import Tensor
from ...ops.creation.filled import empty, zeros
from ...ops.creation.like import full_like
from ..collectives import all_gather, all_reduce
from ..device_mesh import DeviceMesh
from ..reduction import ReduceOp
from .placement_types import Partial, Placement, Replicate, Shard

Placements = tuple[Placement, ...]
_OPS = {
    "sum": ReduceOp.SUM,
    "avg": ReduceOp.AVG,
    "min": ReduceOp.MIN,
    "max": ReduceOp.MAX,
    "product": ReduceOp.PRODUCT,
}
_NEUTRAL = {"sum": 0, "product": 1}


def normalized(placements: Sequence[Placement] | None, mesh: DeviceMesh, ndim: int) -> Placements:
    """One placement for each dimension of the mesh, with dimensions counted from the front; Replicate if not given."""
    found: list[Placement] = [Replicate() for _ in range(mesh.ndim)] if placements is None else list(placements)
    if len(found) != mesh.ndim:
        raise ValueError(
            f"`placements` must have the same length as `device_mesh.ndim`! Found placements length: {len(found)}, and "
            f"device_mesh.ndim: {mesh.ndim}."
        )
    for place, placement in enumerate(found):
        if isinstance(placement, Shard) and placement.dim < 0:
            copy = object.__new__(type(placement))
            vars(copy).update(vars(placement))
            copy.dim += ndim
            found[place] = copy
        if isinstance(placement, Shard) and not 0 <= found[place].dim < max(ndim, 1):  # type: ignore[attr-defined]
            raise ValueError(f"{placement} is not a dimension of a tensor of {ndim} dimensions")
    return tuple(found)


def coordinate_of(mesh: DeviceMesh) -> tuple[int, ...]:
    """The place of this process. RuntimeError if it has none."""
    found = mesh.get_coordinate()
    if found is None:
        raise RuntimeError("this process is not in the mesh")
    return found


def shapes_within(shape: Sequence[int], mesh: DeviceMesh, placements: Placements) -> list[list[int]]:
    """The shape of what this process's line along each dimension of the mesh divides; the last item is its own part."""
    coordinate = coordinate_of(mesh)
    found = [list(shape)]
    for dim, placement in enumerate(placements):
        inner = list(found[-1])
        if isinstance(placement, Shard):
            inner[placement.dim] = placement.sizes(inner[placement.dim], mesh.size(dim))[coordinate[dim]]
        found.append(inner)
    return found


def gathered(local: Tensor, shape: Sequence[int], mesh: DeviceMesh, placements: Placements) -> Tensor:
    """The whole tensor, in every process."""
    shapes = shapes_within(shape, mesh, placements)
    for dim in reversed(range(mesh.ndim)):
        placement = placements[dim]
        count = mesh.size(dim)
        if isinstance(placement, Partial):
            local = local.contiguous().clone()
            all_reduce(local, _OPS[placement.reduce_op], mesh.get_group(dim))
        elif isinstance(placement, Shard) and count > 1:
            sizes = placement.sizes(shapes[dim][placement.dim], count)
            # Collectives want parts of one size.
            room = list(local.shape)
            room[placement.dim] = max(sizes)
            padded = zeros(room, dtype=local.dtype)
            padded.narrow(placement.dim, 0, local.size(placement.dim)).copy_(local)
            parts = [empty(room, dtype=local.dtype) for _ in range(count)]
            all_gather(parts, padded, mesh.get_group(dim))
            local = placement.whole(
                [part.narrow(placement.dim, 0, size) for part, size in zip(parts, sizes, strict=True)]
            )
    return local


def divided(whole: Tensor, mesh: DeviceMesh, placements: Placements) -> Tensor:
    """This process's part of a tensor that is whole everywhere."""
    coordinate = coordinate_of(mesh)
    for dim, placement in enumerate(placements):
        if isinstance(placement, Shard):
            whole = placement.part(whole, mesh.size(dim), coordinate[dim])
        elif isinstance(placement, Partial) and placement.reduce_op in _NEUTRAL and coordinate[dim]:
            whole = full_like(whole, _NEUTRAL[placement.reduce_op])  # the first one has all of it
    return whole.contiguous()


def _of_gradient(placements: Placements) -> Placements:
    """How the gradient lies: that of each term of a sum is that of the sum."""
    return tuple([Replicate() if isinstance(placement, Partial) else placement for placement in placements])


class Redistribute(Function):
    """From one placement to another. The gradient goes the other way."""

    @staticmethod
    def forward(
        ctx: Any, local: Tensor, shape: tuple[int, ...], mesh: DeviceMesh, source: Placements, target: Placements
    ) -> Tensor:
        ctx.place = shape, mesh, _of_gradient(target), _of_gradient(source)
        if source == target:
            return local.view_as(local)
        return divided(gathered(local.detach(), shape, mesh, source), mesh, target).clone()

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return Redistribute.apply(grad, *ctx.place), None, None, None, None


def redistributed(
    local: Tensor, shape: Sequence[int], mesh: DeviceMesh, source: Placements, target: Placements
) -> Tensor:
    """This process's part, after, from its part before."""
    return Redistribute.apply(local, tuple(shape), mesh, source, target)
