"""What parts of a tensor a process has."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.missing import explain_missing_names as _explain_missing_names
from ..device_mesh import DeviceMesh
from .placement_types import Placement, Shard, _StridedShard
from .redistributing import coordinate_of, normalized, shapes_within


def compute_local_shape_and_global_offset(
    global_shape: Sequence[int], mesh: DeviceMesh, placements: Sequence[Placement]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape of this process's part, and where in the whole it begins.

    NotImplementedError for a part in several pieces, which has no single beginning.
    """
    found = normalized(placements, mesh, len(global_shape))
    shapes = shapes_within(global_shape, mesh, found)
    offsets = [0] * len(global_shape)
    for dim, (placement, index) in enumerate(zip(found, coordinate_of(mesh), strict=True)):
        if isinstance(placement, _StridedShard):
            raise NotImplementedError(f"a part under {placement} is in several pieces")
        if isinstance(placement, Shard):
            offsets[placement.dim] += sum(placement.sizes(shapes[dim][placement.dim], mesh.size(dim))[:index])
    return tuple(shapes[-1]), tuple(offsets)


def compute_local_shape(
    global_shape: Sequence[int], mesh: DeviceMesh, placements: Sequence[Placement]
) -> tuple[int, ...]:
    """The shape of this process's part."""
    return tuple(shapes_within(global_shape, mesh, normalized(placements, mesh, len(global_shape)))[-1])


_explain_missing_names(__name__)
