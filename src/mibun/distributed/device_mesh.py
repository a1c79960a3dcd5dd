"""`DeviceMesh`: the processes as a grid, with a process group along each of its dimensions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor, wrap
from .one_program import check_devices, is_of_one_program
from .process_group import ProcessGroup
from .world import (
    get_process_group_ranks,
    get_rank,
    get_world_size,
    init_process_group,
    is_initialized,
    new_group,
)

__all__ = ["DeviceMesh", "init_device_mesh"]


class DeviceMesh:
    """Processes in a grid of any number of dimensions. Along each dimension, this process is in a group with the others
    whose place differs in that dimension only.

    All processes make the same meshes in the same order.

    Args:
        device_type: "cpu"; or "jax", for the devices of this one process in the place of processes: `one_program.py`.
        mesh: the ranks, an array or nested list of integers.
        mesh_dim_names: a name for each dimension.

    Raises:
        RuntimeError: more ranks than processes, or a rank twice.
    """

    def __init__(
        self,
        device_type: str,
        mesh: Any,
        *,
        mesh_dim_names: tuple[str, ...] | None = None,
        _groups: Sequence[ProcessGroup | None] | None = None,
        _root: DeviceMesh | None = None,
    ) -> None:
        self.device_type = device_type
        ranks = mesh._array_ if isinstance(mesh, Tensor) else np.asarray(mesh)
        self._ranks = np.atleast_1d(np.asarray(ranks, np.int32))
        self.mesh_dim_names = None if mesh_dim_names is None else tuple(mesh_dim_names)
        self._root, self._flattened = _root, {}
        if is_of_one_program(device_type):
            check_devices(self._ranks, device_type)
            self._coordinate, self._groups = (0,) * self.ndim, [None] * self.ndim
            return
        if not is_initialized():
            init_process_group()
        world_size = get_world_size()
        if self._ranks.size > world_size:
            raise RuntimeError(
                f"Mesh should not be bigger than default world size {world_size}, but found {self._ranks.size} ranks!"
            )
        if np.unique(self._ranks).size != self._ranks.size:
            raise RuntimeError(f"a rank is more than once in the mesh {self._ranks.tolist()}")
        here = np.argwhere(self._ranks == get_rank())
        self._coordinate = tuple(here[0].tolist()) if len(here) else None
        self._groups = list(_groups) if _groups is not None else self._make_groups()

    def _make_groups(self) -> list[ProcessGroup | None]:
        own: list[ProcessGroup | None] = []
        for dim in range(self.ndim):
            found = None
            for line in np.moveaxis(self._ranks, dim, -1).reshape(-1, self._ranks.shape[dim]).tolist():
                made = new_group(line, group_desc=f"mesh_{self.mesh_dim_names[dim] if self.mesh_dim_names else dim}")
                if get_rank() in line:
                    found = made
            own.append(found)
        return own

    @property
    def mesh(self) -> Tensor:
        """The ranks, of dtype int32."""
        return wrap(self._ranks.copy())

    @property
    def shape(self) -> tuple[int, ...]:
        """How many processes there are along each dimension."""
        return self._ranks.shape

    @property
    def ndim(self) -> int:
        """How many dimensions there are."""
        return self._ranks.ndim

    def size(self, mesh_dim: int | None = None) -> int:
        """How many processes there are, or along one dimension."""
        return int(self._ranks.size if mesh_dim is None else self._ranks.shape[mesh_dim])

    def get_rank(self) -> int:
        """The rank of this process in the default group."""
        return get_rank()

    def get_coordinate(self) -> tuple[int, ...] | None:
        """The place of this process in the mesh; None if it has none."""
        return self._coordinate

    def _dim(self, mesh_dim: int | str | None, question: str) -> int:
        if mesh_dim is None:
            if self.ndim > 1:
                raise RuntimeError(
                    f"Found the DeviceMesh have {self.ndim} dimensions",
                    "Optional kwarg `mesh_dim` needs to be specified when device_mesh.ndim > 1.",
                    question,
                )
            return 0
        if isinstance(mesh_dim, str):
            return self._named([mesh_dim])[0]
        return mesh_dim

    def _named(self, names: Sequence[str]) -> list[int]:
        known = self.mesh_dim_names or ()
        if any(name not in known for name in names):
            raise KeyError(f"Invalid mesh_dim_names {tuple(names)} specified. Valid mesh_dim_names are {list(known)}.")
        return [known.index(name) for name in names]

    def get_local_rank(self, mesh_dim: int | str | None = None) -> int:
        """The place of this process along a dimension, by number or name. RuntimeError where there are several."""
        dim = self._dim(mesh_dim, "Ask for one dimension.")
        if self._coordinate is None:
            raise RuntimeError("this process is not in the mesh")
        return self._coordinate[dim]

    def get_group(self, mesh_dim: int | str | None = None) -> ProcessGroup:
        """The group along a dimension, by number or name. RuntimeError where there are several and none is named."""
        dim = self._dim(
            mesh_dim,
            "If you want to get the list of all the ProcessGroups in the DeviceMesh,please use `get_all_groups()` "
            "instead.",
        )
        found = self._groups[dim]
        if is_of_one_program(self.device_type):
            raise RuntimeError("a mesh of JAX's devices has no process groups: one program runs on all of them")
        if found is None:
            raise RuntimeError("this process is not in the mesh")
        return found

    def get_all_groups(self) -> list[ProcessGroup]:
        """The groups along all dimensions."""
        return [self.get_group(dim) for dim in range(self.ndim)]

    def __getitem__(self, mesh_dim_names: str | tuple[str, ...]) -> DeviceMesh:
        """The part of the mesh that has some dimensions, by name, through the place of this process."""
        names = (mesh_dim_names,) if isinstance(mesh_dim_names, str) else tuple(mesh_dim_names)
        if self.mesh_dim_names is None:
            raise RuntimeError("Cannot slice a DeviceMesh without mesh_dim_names!")
        if len(names) == 1 and names[0] in self._flattened:
            return self._flattened[names[0]]
        dims = self._named(names)
        if names == self.mesh_dim_names:
            return self
        if dims != sorted(dims):
            raise KeyError(
                f"Invalid mesh_dim_names {names} specified. They must be in the order {self.mesh_dim_names}."
            )
        if self._coordinate is None:
            raise RuntimeError("this process is not in the mesh")
        place = tuple(slice(None) if dim in dims else self._coordinate[dim] for dim in range(self.ndim))
        groups = [self._groups[dim] for dim in dims]
        return DeviceMesh(
            self.device_type, self._ranks[place], mesh_dim_names=names, _groups=groups, _root=self._root or self
        )

    def _get_root_mesh(self) -> DeviceMesh:
        return self._root or self

    def _flatten(self, mesh_dim_name: str | None = None) -> DeviceMesh:
        """The mesh as one of one dimension, whose group has all its processes. The whole mesh knows the name."""
        if self.mesh_dim_names is None:
            raise RuntimeError("Cannot flatten a DeviceMesh without mesh_dim_names!")
        name = mesh_dim_name or "_".join(self.mesh_dim_names)
        root = self._get_root_mesh()
        if name in root._flattened:
            return root._flattened[name]
        if self.ndim == 1 and name in (root.mesh_dim_names or ()):
            return self
        # All processes make the groups of all such parts of the whole mesh.
        dims = root._named(self.mesh_dim_names)
        width = math.prod(root._ranks.shape[dim] for dim in dims)
        lines = np.moveaxis(root._ranks, dims, range(-len(dims), 0)).reshape(-1, width).tolist()
        made, own = None, self._ranks.reshape(-1)
        for line in lines:
            group = new_group(line, group_desc=f"mesh_{name}")
            if get_rank() in line:
                made = group
        flat = DeviceMesh(self.device_type, own, mesh_dim_names=(name,), _groups=[made], _root=root)
        root._flattened[name] = flat
        return flat

    @staticmethod
    def from_group(
        group: ProcessGroup | list[ProcessGroup],
        device_type: str,
        mesh: Any = None,
        *,
        mesh_dim_names: tuple[str, ...] | None = None,
    ) -> DeviceMesh:
        """A mesh of one group, or of the groups along each dimension of `mesh`; ValueError if that is missing."""
        if isinstance(group, ProcessGroup):
            ranks = get_process_group_ranks(group)
            return DeviceMesh(device_type, ranks, mesh_dim_names=mesh_dim_names, _groups=[group])
        if not group:
            raise ValueError("Expects at least one ProcessGroup to be passed")
        if mesh is None:
            raise ValueError("Must pass mesh if passing multiple ProcessGroups")
        made = DeviceMesh(device_type, mesh, mesh_dim_names=mesh_dim_names, _groups=group)
        if made.ndim != len(group):
            raise ValueError(f"Expects mesh of {len(group)} dimensions, one for each group, but got {made.ndim}")
        return made

    def __repr__(self) -> str:
        if self.mesh_dim_names:
            sizes = ", ".join(f"{name}={n}" for name, n in zip(self.mesh_dim_names, self.shape, strict=True))
            return f"DeviceMesh(({sizes}), '{self.device_type}')"
        return f"DeviceMesh({self.shape}, '{self.device_type}')"

    def _key(self) -> tuple:
        return self._ranks.tobytes(), self.shape, self.device_type, self.mesh_dim_names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceMesh) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


def init_device_mesh(
    device_type: str,
    mesh_shape: tuple[int, ...],
    *,
    mesh_dim_names: tuple[str, ...] | None = None,
) -> DeviceMesh:
    """A mesh of all processes, in the order of their ranks. Makes the default group from the environment if needed.

    Args:
        device_type: "cpu", or "jax" for a mesh of JAX's devices, on which one program runs.
        mesh_shape: how many processes there are along each dimension.
        mesh_dim_names: a name for each.

    Raises:
        RuntimeError: too many names, or two alike; a device with a number; more places than processes.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> mesh = dist.init_device_mesh("cpu", (1, 1), mesh_dim_names=("data", "model"))
    >>> mesh["data"].size(), mesh.get_coordinate()
    (1, (0, 0))
    >>> dist.destroy_process_group()
    """
    if mesh_dim_names is not None:
        if len(set(mesh_dim_names)) != len(mesh_dim_names):
            raise RuntimeError(
                f"Each mesh_dim_name must be unique. Found repeated mesh_dim_name in mesh_dim_names {mesh_dim_names}"
            )
        if len(mesh_shape) != len(mesh_dim_names):
            raise RuntimeError(
                "mesh_shape and mesh_dim_names should have same length! Found len(mesh_dim_names): "
                f"{len(mesh_dim_names)} and len(mesh_shape):{len(mesh_shape)}."
            )
    if not device_type.isalpha():
        raise RuntimeError(
            f"Device type with index is not supported but got {device_type}. If you maintained a 'torch.device' "
            f"object, "
            "it's recommended to pass in 'device.type'."
        )
    ranks = np.arange(math.prod(mesh_shape), dtype=np.int32).reshape(mesh_shape)
    return DeviceMesh(device_type, ranks, mesh_dim_names=mesh_dim_names)


_explain_missing_names(__name__)
