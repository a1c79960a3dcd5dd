"""One program on the devices of a mesh: tensors of JAX's arrays that lie divided, or whole, on several devices.

Where the devices of a mesh are JAX's, there are no processes that talk to each other. A tensor stays an ordinary one;
its array is placed on the devices by `jax.sharding`, and XLA divides what is computed with it, and adds up gradients,
as the places of the operands ask for. So a training loop needs nothing else: with its batches divided and its
parameters whole it is data parallel, and of parameters that are divided each device has, and updates, its part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.registry import DEVICES, namespace_of
from ..core.tensor import Tensor, require_grad, wrap

if TYPE_CHECKING:
    from .device_mesh import DeviceMesh


def is_of_one_program(device_type: str) -> bool:
    """Whether the devices of this kind run one program: JAX's."""
    return device_type in ("jax", "xla")


def check_devices(ranks: np.ndarray, device_type: str) -> None:
    """RuntimeError where a mesh has more devices than there are."""
    count = DEVICES[device_type]().device_count()
    if ranks.size > count or ranks.max(initial=0) >= count:
        raise RuntimeError(f"Mesh should not be bigger than the {count} devices that JAX has, but found {ranks.size}!")


def place_tensor(tensor: Tensor, mesh: DeviceMesh, placements: Sequence[Any]) -> Tensor:
    """A leaf with the values of a tensor, placed on a mesh.

    RuntimeError for a placement as terms, and for a size that does not divide by the devices along its dimension.
    """
    names: list[list[str]] = [[] for _ in range(tensor.dim())]
    for axis, placement in enumerate(placements):
        if placement.is_partial():
            raise RuntimeError("on a mesh of JAX's devices a tensor lies whole or divided, and not as terms of a sum")
        if placement.is_shard():
            names[placement.dim % tensor.dim()].append(str(axis))
    for dim, found in enumerate(names):
        parts = int(np.prod([mesh.size(int(axis)) for axis in found], dtype=int))
        if tensor.size(dim) % parts:
            raise RuntimeError(f"dimension {dim} of size {tensor.size(dim)} cannot be divided into {parts} equal parts")
    xp = DEVICES[mesh.device_type]()
    array = tensor._array_
    array = array if namespace_of(array) is xp else namespace_of(array).to_numpy(array)
    return require_grad(wrap(xp.placed(array, mesh._ranks, names)), tensor.requires_grad)


def place_module(module: Any, mesh: DeviceMesh, partition_fn: Callable | None) -> Any:
    """Place the parameters and buffers of a module: as `partition_fn(name, module, mesh)` does, the others whole."""
    if partition_fn is not None:
        for name, part in module.named_modules():
            partition_fn(name, part, mesh)
    from .tensor.placement_types import Replicate

    whole = [Replicate()] * mesh.ndim
    for held in (*module.parameters(), *module.buffers()):
        if len(DEVICES[mesh.device_type]().devices_of(held._array_)) < mesh.size():
            held.data = place_tensor(held.detach(), mesh, whole)
    return module
