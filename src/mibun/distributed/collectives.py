"""Collective operations: all processes of a group call the same one, with tensors of the same shape and dtype.

`group` is the default group if None. With `async_op=True` a `Work` is returned at once, and the tensors are to be left
alone until it has been waited for; otherwise None, when it is over. Where this process is no member of the group, there
is a warning and nothing happens.
"""

from __future__ import annotations

import contextlib
import datetime
import time
import warnings
from collections.abc import Iterator
from typing import Any

from ..core.site import stacklevel
from ..core.tensor import Tensor
from .errors import DistBackendError
from .process_group import (
    AllreduceCoalescedOptions,
    AllreduceOptions,
    AllToAllOptions,
    BarrierOptions,
    BroadcastOptions,
    GatherOptions,
    ProcessGroup,
    ReduceOptions,
    ReduceScatterOptions,
    ScatterOptions,
)
from .reduction import ReduceOp, kind_of, supports_complex
from .work import Work
from .world import check_one_dtype, check_tensor, check_tensors, not_in_group, one_of_two, resolve


def _over(work: Work, async_op: bool) -> Work | None:
    if async_op:
        return work
    work.wait()
    return None


def _refuse_complex(tensor: Tensor, op: Any, operation: str) -> None:
    if tensor.is_complex() and not supports_complex(op):
        raise ValueError(f"{operation} does not support {kind_of(op)} on complex tensors")


def broadcast(
    tensor: Tensor,
    src: int | None = None,
    group: ProcessGroup | None = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Give the tensor of one process to all, in place.

    Args:
        tensor: what is sent at `src`, and written elsewhere.
        src: the rank it comes from, in the default group; or `group_src`, in this group.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group(store=dist.HashStore(), rank=0, world_size=1)
    >>> x = torch.ones(2)
    >>> dist.broadcast(x, src=0)
    >>> dist.destroy_process_group()
    """
    check_tensor(tensor, "tensor")
    if not_in_group(group, "broadcast"):
        return None
    found = resolve(group)
    opts = BroadcastOptions()
    opts.rootRank, opts.asyncOp = one_of_two(src, group_src, found), async_op
    return _over(found.broadcast([tensor], opts), async_op)


def all_reduce(
    tensor: Tensor, op: Any = ReduceOp.SUM, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """Reduce the tensors of all processes to one, which all get in place.

    Args:
        tensor: of any dtype; float16 and bfloat16 are computed as float32.
        op: a ReduceOp.

    Raises:
        ValueError: a complex tensor, and an operation other than SUM and AVG.
        RuntimeError: BAND, BOR or BXOR of floats, AVG of integers.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group(store=dist.HashStore(), rank=0, world_size=1)
    >>> x = torch.tensor([1., 2.])
    >>> dist.all_reduce(x, op=dist.ReduceOp.AVG)
    >>> x
    tensor([1., 2.])
    >>> dist.destroy_process_group()
    """
    check_tensor(tensor, "tensor")
    if not_in_group(group, "all_reduce"):
        return None
    _refuse_complex(tensor, op, "all_reduce")
    opts = AllreduceOptions()
    opts.reduceOp, opts.asyncOp = op, async_op
    return _over(resolve(group).allreduce([tensor], opts), async_op)


def _deprecated(name: str, instead: str) -> None:
    warnings.warn(
        f"`torch.distributed.{name}` is deprecated. Please use `torch.distributed.{instead}` instead.",
        FutureWarning,
        stacklevel=stacklevel(),
    )


def _coalesced_is_old(name: str) -> None:
    warnings.warn(
        f"`torch.distributed.{name}` will be deprecated. If you must use it, please revisit our documentation later at "
        "https://pytorch.org/docs/main/distributed.html#collective-functions",
        FutureWarning,
        stacklevel=stacklevel(),
    )


def all_reduce_coalesced(
    tensors: list[Tensor] | Tensor, op: Any = ReduceOp.SUM, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """`all_reduce` of several tensors of one dtype."""
    _coalesced_is_old("all_reduce_coalesced")
    if isinstance(tensors, Tensor):
        tensors = [tensors]
    check_tensors(tensors, "tensor")
    check_one_dtype(tensors)
    if not_in_group(group, "all_reduce_coalesced"):
        return None
    if any(tensor.is_complex() for tensor in tensors) and not supports_complex(op):
        raise ValueError(f"all_reduce does not support {kind_of(op)} on complex tensors")
    opts = AllreduceCoalescedOptions()
    opts.reduceOp, opts.asyncOp = op, async_op
    return _over(resolve(group).allreduce_coalesced(tensors, opts), async_op)


def reduce(
    tensor: Tensor,
    dst: int | None = None,
    op: Any = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Reduce the tensors of all processes to one, which the process `dst` gets in place; others keep theirs."""
    check_tensor(tensor, "tensor")
    if not_in_group(group, "reduce"):
        return None
    _refuse_complex(tensor, op, "reduce")
    found = resolve(group)
    opts = ReduceOptions()
    opts.reduceOp, opts.asyncOp, opts.rootRank = op, async_op, one_of_two(dst, group_dst, found)
    return _over(found.reduce([tensor], opts), async_op)


def all_gather(
    tensor_list: list[Tensor], tensor: Tensor, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """Give the tensors of all processes to all: `tensor_list[i]` becomes that of rank i.

    RuntimeError where the list has another length than the group, or a tensor another shape.
    """
    check_tensors(tensor_list, "tensor_list")
    check_tensor(tensor, "tensor")
    check_one_dtype(tensor_list, tensor)
    if not_in_group(group, "all_gather"):
        return None
    return _over(resolve(group).allgather([tensor_list], [tensor], _quiet(async_op)), async_op)


def _quiet(async_op: bool) -> AllToAllOptions:
    opts = AllToAllOptions()
    opts.asyncOp = async_op
    return opts


def all_gather_coalesced(
    output_tensor_lists: list[list[Tensor]],
    input_tensor_list: list[Tensor],
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """`all_gather` of several tensors: `output_tensor_lists[i][j]` becomes tensor j of rank i."""
    _coalesced_is_old("all_gather_coalesced")
    check_tensors(input_tensor_list, "tensor_list")
    check_one_dtype(input_tensor_list)
    if not isinstance(output_tensor_lists, list):
        raise TypeError("Invalid function argument: output_tensor_lists should be a list")
    for outputs in output_tensor_lists:
        check_tensors(outputs, "output_tensor_lists")
        check_one_dtype(outputs)
    if not_in_group(group, "all_gather_coalesced"):
        return None
    work = resolve(group).allgather_coalesced(output_tensor_lists, input_tensor_list, _quiet(async_op))
    return _over(work, async_op)


def all_gather_single(
    output_tensor: Tensor, input_tensor: Tensor, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """`all_gather` into one tensor: the parts one after the other along the first dimension, or along a new one.

    Shape:
        input (n, *), output (world size · n, *) or (world size, n, *).
    """
    check_tensor(input_tensor, "input_tensor")
    check_tensor(output_tensor, "output_tensor")
    if not_in_group(group, "all_gather_single"):
        return None
    return _over(resolve(group)._allgather_base(output_tensor, input_tensor, _quiet(async_op)), async_op)


def all_gather_into_tensor(
    output_tensor: Tensor, input_tensor: Tensor, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """The older name of `all_gather_single`."""
    _deprecated("all_gather_into_tensor", "all_gather_single")
    return all_gather_single(output_tensor, input_tensor, group, async_op)


def _all_gather_base(
    output_tensor: Tensor, input_tensor: Tensor, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """The oldest name of `all_gather_single`."""
    return all_gather_single(output_tensor, input_tensor, group, async_op)


def gather(
    tensor: Tensor,
    gather_list: list[Tensor] | None = None,
    dst: int | None = None,
    group: ProcessGroup | None = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Give the tensors of all processes to `dst` (0 if not given): there, `gather_list[i]` becomes that of rank i.

    ValueError where the list is missing at `dst`, or given elsewhere.
    """
    check_tensor(tensor, "tensor")
    if gather_list:
        check_tensors(gather_list, "gather_list")
    else:
        gather_list = []
    check_one_dtype(tensor, gather_list)
    if not_in_group(group, "gather"):
        return None
    found = resolve(group)
    if dst is None and group_dst is None:
        dst = 0
    root = one_of_two(dst, group_dst, found)
    if found.rank() == root:
        if not gather_list:
            raise ValueError("Argument ``gather_list`` must be specified on destination rank.")
    elif gather_list:
        raise ValueError("Argument ``gather_list`` must NOT be specified on non-destination ranks.")
    opts = GatherOptions()
    opts.rootRank, opts.asyncOp = root, async_op
    return _over(found.gather([gather_list] if found.rank() == root else [], [tensor], opts), async_op)


def scatter(
    tensor: Tensor,
    scatter_list: list[Tensor] | None = None,
    src: int | None = None,
    group: ProcessGroup | None = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Give one tensor of `src` (0 if not given) to each process: rank i gets `scatter_list[i]`, in `tensor`.

    ValueError where the list is missing at `src`, or given elsewhere.
    """
    check_tensor(tensor, "tensor")
    if scatter_list:
        check_tensors(scatter_list, "scatter_list")
    else:
        scatter_list = []
    check_one_dtype(tensor, scatter_list)
    if not_in_group(group, "scatter"):
        return None
    found = resolve(group)
    if src is None and group_src is None:
        src = 0
    root = one_of_two(src, group_src, found)
    if found.rank() == root:
        if not scatter_list:
            raise ValueError("Argument ``scatter_list`` must be specified on source rank.")
    elif scatter_list:
        raise ValueError("Argument ``scatter_list`` must NOT be specified on non-source ranks.")
    opts = ScatterOptions()
    opts.rootRank, opts.asyncOp = root, async_op
    return _over(found.scatter([tensor], [scatter_list] if found.rank() == root else [], opts), async_op)


def reduce_scatter(
    output: Tensor,
    input_list: list[Tensor],
    op: Any = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce lists of tensors, place by place: rank i gets what has become of place i, in `output`."""
    check_tensor(output, "output")
    check_tensors(input_list, "input_list")
    check_one_dtype(output, input_list)
    if not_in_group(group, "reduce_scatter"):
        return None
    _refuse_complex(output, op, "reduce_scatter")
    opts = ReduceScatterOptions()
    opts.reduceOp, opts.asyncOp = op, async_op
    return _over(resolve(group).reduce_scatter([output], [input_list], opts), async_op)


def reduce_scatter_single(
    output: Tensor,
    input: Tensor,
    op: Any = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce the tensors of all processes and cut the result into equal parts: rank i gets part i, in `output`.

    Shape:
        input (world size · n, *) or (world size, n, *), output (n, *).
    """
    check_tensor(output, "output")
    check_tensor(input, "input")
    if not_in_group(group, "reduce_scatter_single"):
        return None
    _refuse_complex(output, op, "reduce_scatter_single")
    opts = ReduceScatterOptions()
    opts.reduceOp, opts.asyncOp = op, async_op
    return _over(resolve(group)._reduce_scatter_base(output, input, opts), async_op)


def reduce_scatter_tensor(
    output: Tensor,
    input: Tensor,
    op: Any = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """The older name of `reduce_scatter_single`."""
    _deprecated("reduce_scatter_tensor", "reduce_scatter_single")
    return reduce_scatter_single(output, input, op, group, async_op)


def _reduce_scatter_base(
    output: Tensor,
    input: Tensor,
    op: Any = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """The oldest name of `reduce_scatter_single`."""
    return reduce_scatter_single(output, input, op, group, async_op)


def all_to_all(
    output_tensor_list: list[Tensor],
    input_tensor_list: list[Tensor],
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Exchange: tensor j of rank i becomes tensor i of rank j. They may differ in size."""
    check_tensors(output_tensor_list, "output_tensor_list")
    check_tensors(input_tensor_list, "input_tensor_list")
    check_one_dtype(output_tensor_list, input_tensor_list)
    if not_in_group(group, "all_to_all"):
        return None
    return _over(resolve(group).alltoall(output_tensor_list, input_tensor_list, _quiet(async_op)), async_op)


def all_to_all_single(
    output: Tensor,
    input: Tensor,
    output_split_sizes: list[int] | None = None,
    input_split_sizes: list[int] | None = None,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Exchange parts of one tensor, cut along the first dimension: into equal parts, or of the sizes given.

    RuntimeError where the sizes do not add up to the dimension.
    """
    check_tensor(output, "output")
    check_tensor(input, "input")
    check_one_dtype(output, input)
    if not_in_group(group, "all_to_all_single"):
        return None
    work = resolve(group).alltoall_base(output, input, output_split_sizes, input_split_sizes, _quiet(async_op))
    return _over(work, async_op)


def barrier(
    group: ProcessGroup | None = None,
    async_op: bool = False,
    device_ids: list[int] | None = None,
    timeout: datetime.timedelta | None = None,
) -> Work | None:
    """Wait until all processes of the group have come here.

    device_ids: of no meaning on the CPU. timeout: that of the group if None.
    """
    if not_in_group(group, "barrier"):
        return None
    opts = BarrierOptions()
    opts.asyncOp = async_op
    if timeout is not None:
        opts.timeout = timeout
    return _over(resolve(group).barrier(opts), async_op)


def monitored_barrier(
    group: ProcessGroup | None = None, timeout: datetime.timedelta | None = None, wait_all_ranks: bool = False
) -> None:
    """`barrier` that says which ranks have not come: rank 0 asks one after the other.

    timeout: for all of them together; that of the group if None. wait_all_ranks: name all that are missing, not
    only the first.

    Raises:
        RuntimeError: a rank has not come in time; everywhere.
    """
    from ..ops.creation.filled import zeros

    if not_in_group(group, "monitored_barrier"):
        return
    found = resolve(group)
    limit = timeout if timeout is not None else found._timeout
    tag = -1 & 0x7FFF  # one that other messages do not have, and that every MPI takes
    ready, answer = zeros(1), zeros(1)
    if found.rank():
        found.send([ready], 0, tag).wait(limit)
        try:
            found.recv([answer], 0, tag).wait(limit)
        except DistBackendError:
            raise RuntimeError(
                f"Rank {found.rank()} successfully reached monitoredBarrier, but received errors while waiting for "
                f"send/recv from "
                "rank 0. Please check rank 0 logs for faulty rank."
            ) from None
        return
    end = time.monotonic() + limit.total_seconds()
    missing = []
    for rank in range(1, found.size()):
        left = datetime.timedelta(seconds=max(end - time.monotonic(), 1e-3))
        try:
            found.recv([ready], rank, tag).wait(left)
        except RuntimeError:
            missing.append(rank)
            if not wait_all_ranks:
                break
    if missing:
        whom = f"Ranks {', '.join(str(rank) for rank in missing)}" if wait_all_ranks else f"Rank {missing[0]}"
        raise RuntimeError(
            f"[Rank 0]: {whom} failed to pass monitoredBarrier in {int(1000 * limit.total_seconds())} ms"
        )
    for rank in range(1, found.size()):
        found.send([answer], rank, tag).wait(limit)


@contextlib.contextmanager
def _coalescing_manager(
    group: ProcessGroup | None = None, device: Any = None, async_ops: bool | None = False
) -> Iterator[Any]:
    """Operations within are over, or with `async_ops` can be waited for by `cm.wait()`, at the end."""
    manager = _CoalescingManager()
    yield manager
    if not async_ops:
        manager.wait()


class _CoalescingManager:
    def __init__(self) -> None:
        self.works: list[Work] = []

    def append(self, work: Work | None = None) -> None:
        if work is not None:
            self.works.append(work)

    def wait(self) -> None:
        for work in self.works:
            work.wait()
        self.works = []


@contextlib.contextmanager
def record_comm(name: str) -> Iterator[None]:
    """Name what is done within in profiles."""
    from ..autograd.profiler import record_function

    with record_function(name):
        yield
