"""The groups of this process: `init_process_group`, `new_group`, and who is who in them."""

from __future__ import annotations

import datetime
import hashlib
import os
import warnings
from collections.abc import Sequence
from typing import Any

from .._launched import mpi_ranks
from ..core.site import stacklevel
from ..core.tensor import Tensor
from .backends import Backend, BackendConfig, is_mpi_available
from .constants import default_pg_timeout
from .process_group import ProcessGroup
from .rendezvous import rendezvous
from .store import HashStore, PrefixStore, Store
from .transport import Transport


class _World:
    """What `init_process_group` has made: the default group, and all others by what there is to know of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.default: ProcessGroup | None = None
        self.store: Store | None = None
        self.ranks: dict[ProcessGroup, list[int]] = {}
        self.backends: dict[ProcessGroup, str] = {}
        self.configs: dict[ProcessGroup, BackendConfig] = {}
        self.stores: dict[ProcessGroup, Store | None] = {}
        self.names: dict[str, ProcessGroup] = {}
        self.count = 0
        self.timeout = default_pg_timeout


_world = _World()
NOT_INITIALIZED = "Default process group has not been initialized, please make sure to call init_process_group."


class GroupMember:
    """`WORLD`: the default group. `NON_GROUP_MEMBER`: what `new_group` returns where this process is no member."""

    WORLD: Any = None
    NON_GROUP_MEMBER = -100


def _set_default(group: ProcessGroup | None) -> None:
    _world.default = GroupMember.WORLD = group


class _GroupNames(type):
    @property
    def WORLD(cls) -> ProcessGroup | None:
        return _world.default

    @WORLD.setter
    def WORLD(cls, group: ProcessGroup | None) -> None:
        _set_default(group)


class group(metaclass=_GroupNames):
    """`group.WORLD`: the default group, None before `init_process_group`."""


def is_initialized() -> bool:
    """Whether there is a default group."""
    return _world.default is not None


def _get_default_group() -> ProcessGroup:
    if _world.default is None:
        raise ValueError(NOT_INITIALIZED)
    return _world.default


def _get_default_store() -> Store | None:
    _get_default_group()
    return _world.store


def resolve(group: Any) -> ProcessGroup:
    """The group that an argument means: None is the default one, a string is a group's name."""
    if group is None:
        return _get_default_group()
    if isinstance(group, str):
        if group not in _world.names:
            raise ValueError(
                f"Process group {group} is not initialized in the world group map. Please initialize the group first."
            )
        return _world.names[group]
    return group


def not_in_group(group: Any, operation: str = "") -> bool:
    """Whether this process is no member of a group; with a warning, if an operation is named."""
    if not isinstance(group, int) or group != GroupMember.NON_GROUP_MEMBER:
        return False
    if operation:
        rank = get_rank() if is_initialized() else -1
        warnings.warn(
            f"Running {operation} on global rank {rank} which does not belong to the given group.",
            stacklevel=stacklevel(),
        )
    return True


_rank_not_in_group = not_in_group


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: datetime.timedelta | None = None,
    world_size: int = -1,
    rank: int = -1,
    store: Store | None = None,
    group_name: str = "",
    pg_options: Any = None,
    device_id: Any = None,
    _ranks: list[int] | None = None,
) -> None:
    """Find the other processes of the program, and make the default group of all of them.

    Args:
        backend: "gloo", "mpi", or one that was registered. Under `mpiexec`, "gloo" is MPI too, where mpi4py is
            installed. None and "cpu:gloo,cuda:nccl" are "gloo".
        init_method: where to meet: "env://" (the default: MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE in the
            environment), "tcp://host:port" of rank 0, or "file:///path". MPI needs none.
        timeout: how long an operation may take; half an hour.
        world_size, rank: how many processes there are, and which of them this is.
        store: where to meet, in the place of `init_method`.
        group_name: of no meaning, as in PyTorch.
        pg_options: handed to registered backends.
        device_id: of no meaning on the CPU.

    Raises:
        ValueError: there is a default group already, or a part of the meeting place is missing.
        RuntimeError: the backend is not there.
        AssertionError: both `store` and `init_method`, or a store without rank and size.

    >>> import mibun as torch
    >>> torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    >>> torch.distributed.get_rank(), torch.distributed.get_world_size()
    (0, 1)
    >>> torch.distributed.destroy_process_group()
    """
    if _world.default is not None:
        raise ValueError("trying to initialize the default process group twice!")
    if store is not None:
        if init_method is not None:
            raise AssertionError("Cannot specify both init_method and store.")
        if world_size <= 0:
            raise AssertionError("world_size must be positive if using store")
        if rank < 0:
            raise AssertionError("rank must be non-negative if using store")
    if timeout is not None and not isinstance(timeout, datetime.timedelta):
        raise TypeError(
            f"Expected timeout argument to be of type datetime.timedelta, got {timeout} of type {type(timeout)}"
        )
    asked = Backend(backend) if backend else Backend.UNDEFINED
    name = _backend_of(asked)
    limit = timeout or default_pg_timeout
    launched = mpi_ranks()
    # The members are numbered by MPI if it has started them, and nobody has numbered them otherwise.
    numbered_alike = launched is not None and rank in (-1, launched[0]) and world_size in (-1, launched[1])
    by_mpi = name == Backend.MPI or (
        name == Backend.GLOO and numbered_alike and launched is not None and launched[1] > 1 and is_mpi_available()
    )
    if name == Backend.MPI and not is_mpi_available():
        raise RuntimeError(
            "Distributed package doesn't have MPI built in: mpi4py is not installed. `pip install mibun[mpi]` installs "
            "it, with an MPI library."
        )
    if by_mpi:
        transport = _mpi_transport()
        rank, world_size = transport.rank, transport.size
        if store is None and name != Backend.MPI:
            store = _store_over(transport, limit)
    else:
        if store is None:
            url = init_method or "env://"
            store, rank, world_size = next(iter(rendezvous(url, rank, world_size, timeout=limit)))
            store.set_timeout(limit)
        transport = None
    _world.store = store
    _world.timeout = limit
    inner = None if store is None else PrefixStore("default_pg", store)
    made = _make(asked, name, transport, inner, list(range(world_size)), rank, "0", limit, pg_options, "default_pg")
    _set_default(made)


def _backend_of(asked: str) -> str:
    """The backend that does the work for the CPU."""
    name = BackendConfig(asked).device_backend_map.get("cpu", "")
    if asked == Backend.UNDEFINED:
        return Backend.GLOO
    if not name:
        name = asked
    if name in (Backend.NCCL, Backend.UCC, Backend.XCCL):
        raise RuntimeError(
            f"Distributed package doesn't have {name.upper()} built in: mibun computes on the CPU, use 'gloo'"
        )
    if name not in (Backend.GLOO, Backend.MPI) and name.upper() not in Backend._plugins:
        raise ValueError(
            f"Unknown backend type {name}. It is 'gloo', 'mpi' or one that Backend.register_backend has made"
        )
    return name


def _mpi_transport() -> Any:
    from .mpi import MPITransport, world

    comm = world().comm
    return MPITransport(comm, "0", range(comm.size))


def _store_over(transport: Transport, timeout: datetime.timedelta) -> Store:
    """A store for programs that ask for the default one, where MPI needs none: rank 0 serves it."""
    import numpy as np

    from .tcp_store import TCPStore

    address = np.zeros(256, np.uint8)
    served = None
    if transport.rank == 0:
        import socket

        together = os.environ.get("LOCAL_WORLD_SIZE") == str(transport.size)
        host = "127.0.0.1" if together else socket.gethostname()
        served = TCPStore(host, 0, transport.size, True, timeout, wait_for_workers=False)
        text = f"{served.port} {host}".encode()
        address[: len(text)] = np.frombuffer(text, np.uint8)
    transport.broadcast(address, 0).wait(None)
    port, host = address.tobytes().rstrip(b"\0").decode().split(" ", 1)
    return served or TCPStore(host, int(port), transport.size, False, timeout, wait_for_workers=False)


def _make(
    asked: str,
    name: str,
    transport: Transport | None,
    store: Store | None,
    ranks: list[int],
    rank: int,
    group_name: str,
    timeout: datetime.timedelta,
    options: Any,
    description: str | None,
) -> ProcessGroup:
    """A group with a transport, or of a registered backend; and note what there is to know of it."""
    if name.upper() in Backend._plugins and name not in (Backend.GLOO, Backend.MPI):
        plugin = Backend._plugins[name.upper()]
        if plugin.extended_api:
            made = plugin.creator_fn(_ExtendedOptions(store, rank, len(ranks), group_name, ranks, timeout), options)
        else:
            made = plugin.creator_fn(store or HashStore(), rank, len(ranks), timeout)
        for attribute, value in (("_group_name", group_name), ("_group_desc", description or "undefined")):
            setattr(made, attribute, value)
    else:
        if transport is None:
            from .sockets import Mesh, SocketTransport

            mesh = Mesh(store or HashStore(), rank, len(ranks), timeout)
            transport = SocketTransport(mesh, ranks, group_name, owner=True)
        made = ProcessGroup(rank, len(ranks), transport=transport, backend=name)
        made.set_timeout(timeout)
        made._set_group_name(group_name)
        made._set_group_desc(description or "undefined")
    _world.ranks[made] = ranks
    _world.backends[made] = Backend.GLOO if asked == Backend.UNDEFINED else asked
    _world.configs[made] = BackendConfig(asked)
    _world.stores[made] = store
    _world.names[group_name] = made
    return made


class _ExtendedOptions:
    """What a registered backend with `extended_api` is given."""

    def __init__(
        self,
        store: Store | None,
        group_rank: int,
        group_size: int,
        group_id: str,
        global_ranks_in_group: list[int],
        timeout: datetime.timedelta,
    ) -> None:
        self.store, self.group_rank, self.group_size, self.group_id = store, group_rank, group_size, group_id
        self.global_ranks_in_group, self.timeout = global_ranks_in_group, timeout


def destroy_process_group(group: ProcessGroup | None = None) -> None:
    """Forget a group; the default one, and with it all, if none is given. AssertionError if there is none."""
    if not_in_group(group):
        return
    if group is None or group is _world.default:
        if _world.default is None:
            raise AssertionError("Process group cannot be None")
        default = _world.default
        _set_default(None)
        _world.clear()
        default.shutdown()
        return
    if group not in _world.ranks:
        raise ValueError("Invalid process group specified or has been destroyed.")
    for known in (_world.ranks, _world.backends, _world.configs, _world.stores):
        known.pop(group, None)
    _world.names.pop(group.group_name, None)
    group.shutdown()


def new_group(
    ranks: Sequence[int] | None = None,
    timeout: datetime.timedelta | None = None,
    backend: str | None = None,
    pg_options: Any = None,
    use_local_synchronization: bool = False,
    group_desc: str | None = None,
    device_id: Any = None,
    sort_ranks: bool = True,
) -> Any:
    """Make a group of some processes. All processes call this, in the same order, members or not.

    Args:
        ranks: of the default group, all if None.
        timeout: how long an operation of the group may take.
        backend: as for `init_process_group`; that of the default group if None.
        pg_options: handed to registered backends.
        use_local_synchronization: only the members call this.
        group_desc: a name for people.
        device_id: of no meaning on the CPU.
        sort_ranks: number the members in the order of their ranks; False: in the order given.

    Returns:
        The ProcessGroup, or `GroupMember.NON_GROUP_MEMBER` where this process is no member.

    Raises:
        ValueError: no default group, too many ranks, one twice, or one that does not exist.
    """
    default = _get_default_group()
    size = default.size()
    members = list(range(size)) if ranks is None else [int(rank) for rank in ranks]
    if len(set(members)) != len(members):
        raise ValueError(f"ranks list must not contain duplicate entries, got {members}")
    if len(members) > size:
        raise ValueError(
            "the new group's world size should be less or equal to the world size set by init_process_group"
        )
    for rank in members:
        if not 0 <= rank < size:
            raise ValueError(f"Rank {rank} is out of range. Valid ranks are 0 to {size - 1} (world_size={size})")
    if sort_ranks:
        members = sorted(members)
    if use_local_synchronization:
        # Others do not count it: the name comes from the members, and from how often they have done this.
        stem = hashlib.sha1("_".join(map(str, members)).encode()).hexdigest()
        name = f"{stem}_{sum(known.startswith(stem) for known in _world.names)}"
    else:
        _world.count += 1
        name = str(_world.count)
    if default.rank() not in members:
        return GroupMember.NON_GROUP_MEMBER
    asked = Backend(backend) if backend else _world.backends[default]
    kind = _backend_of(asked)
    store = None if _world.store is None else PrefixStore(name, _world.store)
    transport = None
    if kind in (Backend.GLOO, Backend.MPI) and default._transport is not None:
        transport = default._transport.subgroup(members, name)
    rank = members.index(default.rank())
    return _make(asked, kind, transport, store, members, rank, name, timeout or _world.timeout, pg_options, group_desc)


def new_subgroups(
    group_size: int | None = None,
    group: ProcessGroup | None = None,
    timeout: datetime.timedelta | None = None,
    backend: str | None = None,
    pg_options: Any = None,
    group_desc: str | None = None,
) -> tuple[Any, list[Any]]:
    """Divide the processes into groups of one size: the group of this process, and all of them.

    ValueError where the size is missing, or the number of processes is no multiple of it.
    """
    if group_size is None:
        raise ValueError(
            "Default group size only takes effect when CUDA is available."
            "If your subgroup using a backend that does not depend on CUDA,please pass in 'group_size' correctly."
        )
    if group_size <= 0:
        raise ValueError(f"The arg 'group_size' ({group_size}) must be positive")
    world_size = get_world_size()
    if world_size < group_size:
        raise ValueError(f"The arg 'group_size' ({group_size}) must not exceed the world size ({world_size})")
    if world_size % group_size:
        raise ValueError(f"The world size ({world_size}) must be divisible by 'group_size={group_size}'")
    parts = [list(range(start, start + group_size)) for start in range(0, world_size, group_size)]
    return new_subgroups_by_enumeration(parts, timeout, backend, pg_options, group_desc)


def new_subgroups_by_enumeration(
    ranks_per_subgroup_list: Sequence[Sequence[int]],
    timeout: datetime.timedelta | None = None,
    backend: str | None = None,
    pg_options: Any = None,
    group_desc: str | None = None,
) -> tuple[Any, list[Any]]:
    """Make the groups of these ranks: the group of this process (or None), and all of them.

    ValueError for none, and for a rank in two of them.
    """
    if not ranks_per_subgroup_list:
        raise ValueError("The arg 'ranks_per_subgroup_list' cannot be empty")
    seen: set[int] = set()
    for ranks in ranks_per_subgroup_list:
        for rank in ranks:
            if rank in seen:
                raise ValueError(f"Rank {rank} has appeared in more than one subgroup")
            seen.add(rank)
    own, groups = None, []
    for ranks in ranks_per_subgroup_list:
        made = new_group(ranks, timeout, backend, pg_options, group_desc=group_desc)
        groups.append(made)
        if get_rank() in ranks:
            own = made
    return own, groups


def split_group(
    parent_pg: ProcessGroup | None = None,
    split_ranks: list | None = None,
    timeout: datetime.timedelta | None = None,
    pg_options: Any = None,
    group_desc: str | None = None,
    backend: str | None = None,
) -> ProcessGroup | None:
    """Divide a group: `split_ranks` are lists of ranks of it. Returns the new group of this process, or None.

    ValueError where the lists are missing or empty.
    """
    if not split_ranks:
        raise ValueError("split_ranks cannot be None or empty")
    parent = resolve(parent_pg)
    known = get_process_group_ranks(parent)
    own, _ = new_subgroups_by_enumeration(
        [[known[rank] for rank in ranks] for ranks in split_ranks], timeout, backend, pg_options, group_desc
    )
    return own


def get_rank(group: Any = None) -> int:
    """The rank of this process in a group, the default one if None; -1 if it is no member.

    ValueError where there is no default group.
    """
    if not_in_group(group):
        return -1
    default = _get_default_group()
    if group is None or group is default:
        return default.rank()
    return get_group_rank(group, default.rank())


def get_world_size(group: Any = None) -> int:
    """How many processes are in a group, the default one if None; -1 if this one is no member."""
    if not_in_group(group):
        return -1
    return resolve(group).size()


def _ranks_of(group: Any) -> list[int]:
    if group is None:
        group = _get_default_group()
    if group not in _world.ranks:
        raise ValueError(f"Group {group} is not registered, please create group with torch.distributed.new_group API")
    return _world.ranks[group]


def get_group_rank(group: Any, global_rank: int) -> int:
    """The rank in a group of a process that has `global_rank` in the default one. ValueError if it is no member."""
    ranks = _ranks_of(group)
    if global_rank not in ranks:
        raise ValueError(f"Global rank {global_rank} is not part of group {group}")
    return ranks.index(global_rank)


def get_global_rank(group: Any, group_rank: int) -> int:
    """The rank in the default group of a process that has `group_rank` in another. ValueError for no such rank."""
    ranks = _ranks_of(group)
    if not 0 <= group_rank < len(ranks):
        raise ValueError(f"Group rank {group_rank} is not part of group {group}")
    return ranks[group_rank]


def get_process_group_ranks(group: Any) -> list[int]:
    """The ranks, in the default group, of the members of a group."""
    return list(_ranks_of(group))


def get_node_local_rank(fallback_rank: int | None = None) -> int:
    """The rank of this process on its machine, from LOCAL_RANK. RuntimeError if that is not set, without fallback."""
    if "LOCAL_RANK" in os.environ:
        return int(os.environ["LOCAL_RANK"])
    if fallback_rank is not None:
        return int(fallback_rank)
    raise RuntimeError(
        "LOCAL_RANK is not in the environment. Consider passing fallback_rank to allow `get_node_local_rank` to work, "
        "assuming you are not running in a multi-device context and want the code to run locally instead."
    )


def get_backend(group: Any = None) -> str:
    """The name of a group's backend."""
    found = resolve(group)
    if not_in_group(found) or found not in _world.backends:
        raise ValueError("Invalid process group specified")
    name = _world.backends[found]
    return Backend(_world.configs[found].device_backend_map["cpu"]) if ":" in name else Backend(name)


def get_backend_config(group: Any = None) -> str:
    """Which backend a group has for which device, as text."""
    found = resolve(group)
    if not_in_group(found) or found not in _world.configs:
        raise ValueError("Invalid process group specified")
    return str(_world.configs[found])


def get_pg_count() -> int:
    """How many groups there are in this process."""
    return len(_world.ranks)


def _get_process_group_name(group: ProcessGroup) -> str:
    return group.group_name


def _get_process_group_store(group: ProcessGroup) -> Store | None:
    return _world.stores.get(group)


def _resolve_process_group(group_name: str) -> ProcessGroup:
    return resolve(group_name)


def one_of_two(rank: int | None, group_rank: int | None, group: Any) -> int:
    """The rank in the group, of two arguments of which one is given: the rank in the default group, or in this one."""
    if rank is not None and group_rank is not None:
        raise ValueError("Can't specify both group_rank and global_rank")
    if group_rank is not None:
        if not 0 <= group_rank < group.size():
            raise ValueError(f"Group rank {group_rank} is not part of group {group}")
        return group_rank
    if rank is None:
        raise ValueError("Must specify global_rank or group_rank")
    if group is _world.default:
        return rank
    return get_group_rank(group, rank)


def check_tensor(value: Any, name: str) -> None:
    """TypeError for an argument that is no Tensor."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"Invalid function argument. Expected parameter `{name}` of type torch.Tensor\n"
            f"             but got {type(value)} instead."
        )


def check_tensors(values: Any, name: str) -> None:
    """TypeError for an argument that is no list of Tensors."""
    if not isinstance(values, list) or not all(isinstance(value, Tensor) for value in values):
        raise TypeError(
            f"Invalid function argument. Expected parameter `{name}` of type List[torch.Tensor]\n"
            f"             but got {type(values)} with elements of type {[type(v) for v in values or ()]}."
        )


def check_one_dtype(*tensors: Any) -> None:
    """ValueError for Tensors (or lists of them) of different dtypes."""
    first = None
    for item in tensors:
        for tensor in item if isinstance(item, list) else [item]:
            if first is None:
                first = tensor.dtype
            elif tensor.dtype != first:
                raise ValueError(f"Invalid usage of tensors with different dtypesFound {first} and  {tensor.dtype}")
