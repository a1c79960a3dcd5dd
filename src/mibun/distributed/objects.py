"""Collectives of Python objects, which travel pickled. Unpickling runs code: only among processes you trust."""

from __future__ import annotations

import io
import pickle
from typing import Any

from ..core.dtypes import int64, uint8
from ..core.tensor import Tensor
from ..ops.creation.buffers import from_numpy
from ..ops.creation.filled import empty, zeros
from ..ops.creation.from_data import tensor
from .collectives import all_gather, all_gather_single, broadcast, gather, scatter
from .point_to_point import recv, send
from .process_group import ProcessGroup
from .world import get_global_rank, not_in_group, one_of_two, resolve


def _object_to_tensor(obj: Any) -> tuple[Tensor, Tensor]:
    """The bytes of an object, and how many they are, as tensors (n) of uint8 and (1) of int64."""
    import numpy as np

    file = io.BytesIO()
    pickle.Pickler(file).dump(obj)
    data = from_numpy(np.frombuffer(file.getvalue(), np.uint8).copy())
    return data, tensor([data.numel()], dtype=int64)


def _tensor_to_object(data: Tensor, size: int) -> Any:
    return pickle.loads(data.numpy().tobytes()[: int(size)])


def all_gather_object(object_list: list[Any], obj: Any, group: ProcessGroup | None = None) -> None:
    """`all_gather` of objects: `object_list[i]` becomes that of rank i.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group(store=dist.HashStore(), rank=0, world_size=1)
    >>> found = [None]
    >>> dist.all_gather_object(found, {"rank": dist.get_rank()})
    >>> found
    [{'rank': 0}]
    >>> dist.destroy_process_group()
    """
    if not_in_group(group, "all_gather_object"):
        return
    data, size = _object_to_tensor(obj)
    count = resolve(group).size()
    sizes = zeros(count, dtype=int64)
    all_gather_single(sizes, size, group)
    longest = int(sizes.max())
    padded = zeros(longest, dtype=uint8)
    padded[: data.numel()] = data
    parts = [empty(longest, dtype=uint8) for _ in range(count)]
    all_gather(parts, padded, group)
    for i, part in enumerate(parts):
        object_list[i] = _tensor_to_object(part, int(sizes[i]))


def gather_object(
    obj: Any,
    object_gather_list: list[Any] | None = None,
    dst: int | None = None,
    group: ProcessGroup | None = None,
    group_dst: int | None = None,
) -> None:
    """`gather` of objects: at `dst` (0 if not given), `object_gather_list[i]` becomes that of rank i.

    ValueError where the list is missing at `dst`, or given elsewhere.
    """
    if not_in_group(group, "gather_object"):
        return
    found = resolve(group)
    root = one_of_two(0 if dst is None and group_dst is None else dst, group_dst, found)
    here = found.rank() == root
    if here and not object_gather_list:
        raise ValueError("Argument ``gather_list`` must be specified on destination rank.")
    if not here and object_gather_list:
        raise ValueError("Argument ``gather_list`` must NOT be specified on non-destination ranks.")
    data, size = _object_to_tensor(obj)
    sizes = zeros(found.size(), dtype=int64)
    all_gather_single(sizes, size, group)
    longest = int(sizes.max())
    padded = zeros(longest, dtype=uint8)
    padded[: data.numel()] = data
    parts = [empty(longest, dtype=uint8) for _ in range(found.size())] if here else None
    gather(padded, parts, group=group, group_dst=root)
    if parts is not None and object_gather_list is not None:
        for i, part in enumerate(parts):
            object_gather_list[i] = _tensor_to_object(part, int(sizes[i]))


def broadcast_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: ProcessGroup | None = None,
    device: Any = None,
    group_src: int | None = None,
) -> None:
    """`broadcast` of the objects in a list, which must be as long everywhere; elsewhere they replace what is there.

    device: of no meaning on the CPU.
    """
    if not_in_group(group, "broadcast_object_list"):
        return
    found = resolve(group)
    root = one_of_two(0 if src is None and group_src is None else src, group_src, found)
    here = found.rank() == root
    sizes = zeros(len(object_list), dtype=int64)
    data = empty(0, dtype=uint8)
    if here:
        data, sizes = _joined(object_list)
    broadcast(sizes, group=group, group_src=root)
    if not here:
        data = empty(int(sizes.sum()), dtype=uint8)
    broadcast(data, group=group, group_src=root)
    if not here:
        _split_into(object_list, data, sizes)


def _joined(objects: list[Any]) -> tuple[Tensor, Tensor]:
    from ..ops.shape.joining import cat

    parts = [_object_to_tensor(obj) for obj in objects]
    return (cat([data for data, _ in parts]), cat([size for _, size in parts])) if parts else _nothing()


def _nothing() -> tuple[Tensor, Tensor]:
    return empty(0, dtype=uint8), empty(0, dtype=int64)


def _split_into(objects: list[Any], data: Tensor, sizes: Tensor) -> None:
    start = 0
    for i, size in enumerate(sizes.tolist()):
        objects[i] = _tensor_to_object(data[start : start + size], size)
        start += size


def scatter_object_list(
    scatter_object_output_list: list[Any],
    scatter_object_input_list: list[Any] | None = None,
    src: int | None = None,
    group: ProcessGroup | None = None,
    group_src: int | None = None,
) -> None:
    """`scatter` of objects: the first item of the output list becomes the one of this rank's place at `src`.

    ValueError for an output list without items, or an input list of another length than the group.
    """
    if not_in_group(group, "scatter_object_list"):
        return
    if not isinstance(scatter_object_output_list, list) or len(scatter_object_output_list) < 1:
        raise ValueError("Expected argument scatter_object_output_list to be a list of size at least 1.")
    found = resolve(group)
    root = one_of_two(0 if src is None and group_src is None else src, group_src, found)
    here = found.rank() == root
    parts, sizes = [], []
    longest = zeros(1, dtype=int64)
    if here:
        if scatter_object_input_list is None or len(scatter_object_input_list) != found.size():
            raise ValueError("source rank must provide non-None scatter_object_input_list, one object for each rank")
        pairs = [_object_to_tensor(obj) for obj in scatter_object_input_list]
        sizes = [size for _, size in pairs]
        longest = tensor([max(int(size) for size in sizes)], dtype=int64)
        for data, _ in pairs:
            padded = zeros(int(longest), dtype=uint8)
            padded[: data.numel()] = data
            parts.append(padded)
    broadcast(longest, group=group, group_src=root)
    mine, size = empty(int(longest), dtype=uint8), zeros(1, dtype=int64)
    scatter(mine, parts if here else None, group=group, group_src=root)
    scatter(size, sizes if here else None, group=group, group_src=root)
    scatter_object_output_list[0] = _tensor_to_object(mine, int(size))


def send_object_list(
    object_list: list[Any],
    dst: int | None = None,
    group: ProcessGroup | None = None,
    device: Any = None,
    group_dst: int | None = None,
    use_batch: bool = False,
) -> None:
    """Send the objects in a list. device, use_batch: of no meaning on the CPU."""
    if not_in_group(group, "send_object_list"):
        return
    found = resolve(group)
    peer = one_of_two(dst, group_dst, found)
    data, sizes = _joined(object_list)
    send(sizes, group=group, group_dst=peer)
    send(data, group=group, group_dst=peer)


def recv_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: ProcessGroup | None = None,
    device: Any = None,
    group_src: int | None = None,
    use_batch: bool = False,
) -> int:
    """Receive objects into a list, which is as long as the one that was sent. Returns the rank they came from."""
    if not_in_group(group, "recv_object_list"):
        return -1
    found = resolve(group)
    sizes = zeros(len(object_list), dtype=int64)
    if src is None and group_src is None:
        rank = recv(sizes, group=group)
        peer = one_of_two(rank, None, found)
    else:
        peer = one_of_two(src, group_src, found)
        recv(sizes, group=group, group_src=peer)
        rank = get_global_rank(found, peer)
    data = empty(int(sizes.sum()), dtype=uint8)
    recv(data, group=group, group_src=peer)
    _split_into(object_list, data, sizes)
    return rank
