"""Making the tensors of a module the same in all processes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from ..core.tensor import Tensor, wrap
from .process_group import AllreduceOptions, BroadcastOptions, ProcessGroup, _flat, _write
from .reduction import RedOpType
from .work import Work

_PORTION = 250 << 20  # bytes that are put together


def broadcast_together(tensors: Iterable[Tensor], group: ProcessGroup, root: int) -> None:
    """Give the root's tensors to all, in place; those of one dtype travel in one message."""
    by_dtype: dict[Any, list[Tensor]] = {}
    works: list[tuple[Work, list[Tensor], np.ndarray]] = []
    opts = BroadcastOptions()
    opts.rootRank = root

    def begin(chosen: list[Tensor]) -> None:
        flat = np.concatenate([_flat(tensor) for tensor in chosen])
        works.append((group.broadcast([wrap(flat)], opts), list(chosen), flat))
        chosen.clear()

    for tensor in tensors:
        chosen = by_dtype.setdefault(tensor._array_.dtype, [])
        chosen.append(tensor)
        if sum(one._array_.nbytes for one in chosen) >= _PORTION:
            begin(chosen)
    for chosen in by_dtype.values():
        if chosen:
            begin(chosen)
    for work, chosen, flat in works:
        work.wait()
        if group.rank() != root:
            bounds = np.cumsum([tensor._array_.size for tensor in chosen])[:-1]
            for tensor, part in zip(chosen, np.split(flat, bounds), strict=True):
                _write(tensor, part)


def sync_module_states(module: Any, group: ProcessGroup, src: int, ignored: Collection[str] = ()) -> None:
    """Give the parameters and buffers of rank `src` to all; `ignored` has the names of those that stay as they are."""
    states = [p.detach() for name, p in module.named_parameters() if name not in ignored]
    states += [b.detach() for name, b in module.named_buffers() if name not in ignored]
    broadcast_together(states, group, src)


def verify_parameters(parameters: Sequence[Tensor], group: ProcessGroup) -> None:
    """RuntimeError, everywhere, unless all processes have as many parameters, of the same shapes, as rank 0."""
    own = [list(p._array_.shape) for p in parameters]
    shapes = _object_of(own, group)
    wrong = [rank for rank, other in enumerate(shapes) if other != shapes[0]]
    if not wrong:
        return
    rank = wrong[0]
    if len(shapes[rank]) != len(shapes[0]):
        raise RuntimeError(
            f"DDP expects same model across all ranks, but Rank {rank} has {len(shapes[rank])} params, while rank 0 "
            f"has "
            f"inconsistent {len(shapes[0])} params."
        )
    at = next(i for i, (a, b) in enumerate(zip(shapes[rank], shapes[0], strict=True)) if a != b)
    raise RuntimeError(
        f"DDP expects same model across all ranks: [{at}]: params[{at}] in this process with sizes {own[at]} "
        f"appears not "
        f"to match sizes of the same param: rank {rank} has {shapes[rank][at]}, rank 0 has {shapes[0][at]}."
    )


def _object_of(own: list, group: ProcessGroup) -> list:
    from .objects import all_gather_object

    found: list = [None] * group.size()
    all_gather_object(found, own, group)
    return found


def common_rank(group: ProcessGroup, chosen: bool) -> int:
    """The highest rank of the group that says `chosen`; at least one does."""
    highest = wrap(np.array([group.rank() if chosen else -1], np.int64))
    opts = AllreduceOptions()
    opts.reduceOp = RedOpType.MAX
    group.allreduce([highest], opts).wait()
    if int(highest) < 0:
        raise ValueError("no process is the one to take the tensors of")
    return int(highest)
