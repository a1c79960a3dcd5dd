"""Messages from one process to another. `tag` tells apart messages between the same two processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from .process_group import ProcessGroup
from .work import Work
from .world import check_tensor, get_global_rank, not_in_group, one_of_two, resolve


def _refuse_gaps(tensor: Tensor, which: str) -> None:
    if not tensor.is_contiguous():
        raise RuntimeError(f"{which} tensor has to be contiguous")


def isend(
    tensor: Tensor,
    dst: int | None = None,
    group: ProcessGroup | None = None,
    tag: int = 0,
    group_dst: int | None = None,
) -> Work | None:
    """Begin to send a tensor, which is not to be changed until the Work has been waited for.

    Args:
        tensor: contiguous.
        dst: the rank it goes to, in the default group; or `group_dst`, in this group.

    Raises:
        ValueError: to this process itself. RuntimeError: the tensor is not contiguous.
    """
    check_tensor(tensor, "tensor")
    if not_in_group(group, "isend"):
        return None
    found = resolve(group)
    peer = one_of_two(dst, group_dst, found)
    if peer == found.rank():
        raise ValueError(
            "Invalid destination rank: destination rank should not be the same as the rank of the current process."
        )
    _refuse_gaps(tensor, "input")
    return found.send([tensor], peer, tag)


def send(
    tensor: Tensor,
    dst: int | None = None,
    group: ProcessGroup | None = None,
    tag: int = 0,
    group_dst: int | None = None,
) -> None:
    """Send a tensor: `isend`, and wait for it."""
    work = isend(tensor, dst, group, tag, group_dst)
    if work is not None:
        work.wait()


def irecv(
    tensor: Tensor,
    src: int | None = None,
    group: ProcessGroup | None = None,
    tag: int = 0,
    group_src: int | None = None,
) -> Work | None:
    """Begin to receive into a tensor, which has its value when the Work has been waited for.

    Args:
        tensor: contiguous, of the shape and dtype of what is sent.
        src: the rank it comes from, in the default group; or `group_src`, in this group; anybody if neither is given.
    """
    check_tensor(tensor, "tensor")
    if not_in_group(group, "irecv"):
        return None
    found = resolve(group)
    _refuse_gaps(tensor, "output")
    if src is None and group_src is None:
        return found.recv_anysource([tensor], tag)
    peer = one_of_two(src, group_src, found)
    if peer == found.rank():
        raise ValueError("Invalid source rank: source rank should not be the same as the rank of the current process.")
    return found.recv([tensor], peer, tag)


def recv(
    tensor: Tensor,
    src: int | None = None,
    group: ProcessGroup | None = None,
    tag: int = 0,
    group_src: int | None = None,
) -> int:
    """Receive into a tensor: `irecv`, and wait for it. Returns the rank it came from; -1 if this is no member."""
    work = irecv(tensor, src, group, tag, group_src)
    if work is None:
        return -1
    work.wait()
    return get_global_rank(resolve(group), work.source_rank()) if src is None else src


class P2POp:
    """A message for `batch_isend_irecv`: `op` is `isend` or `irecv`, `peer` the other rank in the default group.

    ValueError for another `op`.
    """

    def __init__(
        self,
        op: Callable,
        tensor: Tensor,
        peer: int | None = None,
        group: ProcessGroup | None = None,
        tag: int = 0,
        group_peer: int | None = None,
    ) -> None:
        if op not in (isend, irecv):
            raise ValueError(
                "Invalid ``op``. Expected ``op`` to be of type ``torch.distributed.isend`` or "
                "``torch.distributed.irecv``."
            )
        check_tensor(tensor, "tensor")
        self.op, self.tensor, self.tag = op, tensor, tag
        self.group = resolve(group)
        self.group_peer = one_of_two(peer, group_peer, self.group)
        self.peer = get_global_rank(self.group, self.group_peer)

    def __repr__(self) -> str:
        return f"P2POp({self.op.__name__}, peer={self.peer}, tag={self.tag}, shape={tuple(self.tensor.shape)})"


def batch_isend_irecv(p2p_op_list: list[P2POp]) -> list[Work]:
    """Begin several messages; returns their Works.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> def exchange(mine, other, partner):
    ...     for work in dist.batch_isend_irecv(
    ...         [dist.P2POp(dist.isend, mine, partner), dist.P2POp(dist.irecv, other, partner)]
    ...     ):
    ...         work.wait()

    ValueError for what is no P2POp, or for different groups.
    """
    if not isinstance(p2p_op_list, list) or not all(isinstance(item, P2POp) for item in p2p_op_list):
        raise ValueError("Invalid ``p2p_op_list``. Each op is expected to to be of type ``torch.distributed.P2POp``.")
    first = p2p_op_list[0].group
    if any(item.group is not first for item in p2p_op_list):
        raise ValueError("All ops need to use the same group.")
    works: list[Any] = [
        item.op(item.tensor, group=item.group, tag=item.tag, **{_PEER[item.op]: item.group_peer})
        for item in p2p_op_list
    ]
    return [work for work in works if work is not None]


_PEER = {isend: "group_dst", irecv: "group_src"}
