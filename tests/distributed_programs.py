"""What every rank does in the tests of `torch.distributed`: known answers of each collective, whatever carries them.

A program of its own: `mpiexec -n 4 python distributed_programs.py` runs all checks over MPI; `test_distributed.py`
calls the same functions in processes that meet by TCP.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import mibun as torch
import mibun.distributed as dist

R = dist.ReduceOp


def raises(kind: type[BaseException], words: str, call: Callable[[], Any]) -> None:
    try:
        call()
    except kind as error:
        assert words in str(error), f"{words!r} is not in {error}"
    else:
        raise AssertionError(f"{kind.__name__} was not raised: {words}")


def equal(found: torch.Tensor, wanted: Any) -> None:
    np.testing.assert_array_equal(np.asarray(found.detach().tolist()).reshape(found.shape), np.asarray(wanted))


NUMPY_OF = {
    R.SUM: np.add,
    R.PRODUCT: np.multiply,
    R.MIN: np.minimum,
    R.MAX: np.maximum,
    R.BAND: np.bitwise_and,
    R.BOR: np.bitwise_or,
    R.BXOR: np.bitwise_xor,
}
DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool, torch.complex64, torch.complex128,
]  # fmt: skip


def check_all_reduce_by_operation_and_dtype(rank: int, size: int) -> None:
    values = [np.array([r + 1, 3, r % 2]) for r in range(size)]
    for dtype in DTYPES:
        for op in R.RedOpType:
            mine = torch.tensor(values[rank].tolist()).to(dtype)
            integral = not (dtype.is_floating_point or dtype.is_complex)
            if op is R.PREMUL_SUM:
                continue
            if op in (R.BAND, R.BOR, R.BXOR) and not integral and not dtype.is_complex:
                raises(RuntimeError, "non-integral dtype", lambda t=mine, op=op: dist.all_reduce(t, op))
            elif op is R.AVG and integral:
                raises(RuntimeError, "can't be cast", lambda t=mine: dist.all_reduce(t, R.AVG))
            elif dtype.is_complex and op not in (R.SUM, R.AVG):
                raises(ValueError, "on complex tensors", lambda t=mine, op=op: dist.all_reduce(t, op))
            else:
                dist.all_reduce(mine, op)
                if dtype is torch.bool:
                    bits = [value != 0 for value in values]
                    with_bools = {R.SUM: np.logical_or, R.PRODUCT: np.logical_and}
                    combine = with_bools.get(op, NUMPY_OF[op])
                    wanted = combine.reduce(bits)
                elif op is R.AVG:
                    wanted = np.mean(values, axis=0)
                else:
                    wanted = NUMPY_OF[op].reduce(values)
                equal(mine, wanted)
                assert mine.dtype is dtype


def check_layouts(rank: int, size: int) -> None:
    total = size * (size + 1) / 2
    for tensor in (
        torch.ones(2, 3).t(),
        torch.ones(4, 4)[:, ::2],
        torch.ones(()),
        torch.ones(3, 0),
        torch.ones(5)[1:3],
    ):
        dist.all_reduce(tensor.mul_(rank + 1))
        equal(tensor, np.full(tensor.shape, total))
    whole = torch.zeros(4, 4)
    whole[:, ::2] = rank + 1.0
    dist.broadcast(whole[:, ::2], src=size - 1)
    equal(whole, [[size, 0, size, 0]] * 4)
    out = [torch.zeros(2, 4)[:, ::2] for _ in range(size)]
    dist.all_gather(out, torch.full((2, 2), float(rank)).t())
    for r, part in enumerate(out):
        equal(part, np.full((2, 2), r))
    parameter = torch.nn.Parameter(torch.full((2,), float(rank)))
    dist.broadcast(parameter, 0)
    equal(parameter, [0, 0])
    assert parameter.requires_grad and parameter.is_leaf


def check_large(rank: int, size: int) -> None:
    """More than fits into one message, and not divisible by the number of ranks."""
    count = 300_001
    tensor = torch.arange(count, dtype=torch.float64) * (rank + 1)
    work = dist.all_reduce(tensor, async_op=True)
    second = dist.all_reduce(torch.ones(3), async_op=True)
    work.wait()
    assert second.wait() and second.is_completed() and second.is_success() and second.exception() is None
    np.testing.assert_array_equal(tensor.numpy(), np.arange(count) * (size * (size + 1) // 2))
    equal(second.result()[0], [size] * 3)
    equal(second.get_future().wait()[0], [size] * 3)
    later = dist.all_reduce(torch.ones(2), async_op=True).get_future().then(lambda f: f.value()[0] / 2)
    equal(later.wait(), [size / 2] * 2)


def check_movements(rank: int, size: int) -> None:
    for dtype in DTYPES:
        mine = torch.tensor([rank, 1]).to(dtype)
        everything = [torch.tensor([r, 1]).to(dtype).tolist() for r in range(size)]
        parts = [torch.zeros(2, dtype=dtype) for _ in range(size)]
        dist.all_gather(parts, mine)
        assert [part.tolist() for part in parts] == everything
        flat, stacked = torch.zeros(2 * size, dtype=dtype), torch.zeros(size, 2, dtype=dtype)
        dist.all_gather_single(flat, mine)
        dist.all_gather_single(stacked, mine)
        assert stacked.tolist() == everything and flat.tolist() == sum(everything, [])
        root = size - 1
        gathered = [torch.zeros(2, dtype=dtype) for _ in range(size)] if rank == root else None
        dist.gather(mine, gathered, dst=root)
        assert gathered is None or [part.tolist() for part in gathered] == everything
        room = torch.zeros(2, dtype=dtype)
        dist.scatter(room, [torch.tensor([r, 1]).to(dtype) for r in range(size)] if rank == root else None, src=root)
        assert room.tolist() == everything[rank]
    reduced = torch.full((2,), rank + 1.0)
    dist.reduce(reduced, dst=0)
    equal(reduced, [size * (size + 1) / 2] * 2 if rank == 0 else [rank + 1.0] * 2)


def check_reduce_scatter(rank: int, size: int) -> None:
    out = torch.zeros(2)
    dist.reduce_scatter_single(out, torch.arange(2.0 * size) + rank, R.SUM)
    shift = size * (size - 1) / 2
    equal(out, size * np.arange(2 * rank, 2 * rank + 2) + shift)
    dist.reduce_scatter_single(out, (torch.arange(2.0 * size) + rank).reshape(size, 2), R.AVG)
    equal(out, np.arange(2 * rank, 2 * rank + 2) + shift / size)
    uneven = torch.zeros(rank + 1)
    dist.reduce_scatter(uneven, [torch.full((r + 1,), r + 10.0 * rank) for r in range(size)])
    equal(uneven, [rank * size + 10 * shift] * (rank + 1))
    complex_out = torch.zeros(1, dtype=torch.complex64)
    dist.reduce_scatter(complex_out, [torch.tensor([complex(r, 1)]) for r in range(size)])
    assert complex_out.item() == complex(rank * size, size)
    half = torch.zeros(1, dtype=torch.bfloat16)
    dist.reduce_scatter(half, [torch.tensor([r + 0.5], dtype=torch.bfloat16) for r in range(size)])
    equal(half, [size * (rank + 0.5)])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dist.reduce_scatter_tensor(out, torch.ones(2 * size))
        dist.all_gather_into_tensor(torch.zeros(size), torch.ones(1))
        dist.all_reduce_coalesced([out, out.clone()])
    assert [warning.category for warning in caught] == [FutureWarning] * 3


def check_all_to_all(rank: int, size: int) -> None:
    out = [torch.zeros(rank + 1) for _ in range(size)]
    dist.all_to_all(out, [torch.full((r + 1,), 10.0 * rank + r) for r in range(size)])
    for r, part in enumerate(out):
        equal(part, [10.0 * r + rank] * (rank + 1))
    single = torch.zeros(size, dtype=torch.int64)
    dist.all_to_all_single(single, torch.arange(size) + 10 * rank)
    equal(single, 10 * np.arange(size) + rank)
    # Uneven: rank i sends i + 1 rows of two numbers to each.
    received = torch.zeros(sum(range(1, size + 1)), 2)
    sent = torch.full((size * (rank + 1), 2), float(rank))
    work = dist.all_to_all_single(received, sent, [r + 1 for r in range(size)], [rank + 1] * size, async_op=True)
    work.wait()
    equal(received, [[r, r] for r in range(size) for _ in range(r + 1)])
    raises(
        RuntimeError, "Split sizes doesn't match", lambda: dist.all_to_all_single(sent, sent, [99] * size, [99] * size)
    )


def check_messages(rank: int, size: int) -> None:
    after, before = (rank + 1) % size, (rank - 1) % size
    received = torch.zeros(3)
    works = [dist.isend(torch.full((3,), float(rank)), after), dist.irecv(received, before)]
    for work in works:
        work.wait()
    assert works[1].source_rank() == before
    equal(received, [before] * 3)
    batch = [
        dist.P2POp(dist.isend, torch.tensor([rank]), after, tag=3),
        dist.P2POp(dist.irecv, other := torch.tensor([-1]), before, tag=3),
    ]
    for work in dist.batch_isend_irecv(batch):
        work.wait()
    assert other.item() == before
    if rank == 0:  # whoever comes first; then by tag, the later one first
        senders = []
        for _ in range(size - 1):
            senders.append(dist.recv(received))
            equal(received, [senders[-1]] * 3)
        assert sorted(senders) == list(range(1, size))
        one, two = torch.zeros(1), torch.zeros(1, dtype=torch.bfloat16)
        assert dist.recv(two, 1, tag=2) == 1 and dist.recv(one, 1, tag=1) == 1
        equal(one, [1])
        equal(two, [2])
    else:
        dist.send(torch.full((3,), float(rank)), 0)
        if rank == 1:
            dist.send(torch.ones(1), 0, tag=1)
            dist.send(torch.full((1,), 2.0, dtype=torch.bfloat16), 0, tag=2)
    raises(ValueError, "Invalid destination rank", lambda: dist.send(received, rank))
    raises(RuntimeError, "contiguous", lambda: dist.send(torch.ones(4, 4)[:, ::2], after))
    raises(ValueError, "Invalid ``op``", lambda: dist.P2POp(dist.all_reduce, received, after))


def check_objects(rank: int, size: int) -> None:
    found: list = [None] * size
    dist.all_gather_object(found, {"rank": rank, "text": "x" * rank})
    assert found == [{"rank": r, "text": "x" * r} for r in range(size)]
    objects = [{"a": 1}, "b" * 1000, None] if rank == 1 else [None] * 3
    dist.broadcast_object_list(objects, src=1)
    assert objects == [{"a": 1}, "b" * 1000, None]
    gathered: Any = [None] * size if rank == 0 else None
    dist.gather_object((rank,), gathered, dst=0)
    assert gathered in (None, [(r,) for r in range(size)])
    out: list = [None]
    dist.scatter_object_list(out, [f"for {r}" for r in range(size)] if rank == 0 else None, src=0)
    assert out == [f"for {rank}"]
    if rank == 0:
        dist.send_object_list([1, "two"], dst=1)
    elif rank == 1:
        two: list = [None, None]
        assert dist.recv_object_list(two, src=0) == 0
        assert two == [1, "two"]


def check_objects_alone(rank: int, size: int) -> None:
    found: list = [None]
    dist.all_gather_object(found, {"rank": rank})
    assert found == [{"rank": 0}]
    out: list = [None]
    dist.scatter_object_list(out, ["for me"], src=0)
    assert out == ["for me"]
    dist.barrier()
    dist.monitored_barrier()
    assert dist.new_group([0]).size() == 1


def check_groups(rank: int, size: int) -> None:
    assert dist.get_rank() == rank and dist.get_world_size() == size
    first = dist.new_group([1, 0])
    assert dist.get_rank(first) == (rank if rank < 2 else -1)
    assert dist.get_world_size(first) == (2 if rank < 2 else -1)
    value = torch.tensor([rank + 1.0])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert dist.all_reduce(value, group=first) is None
    equal(value, [3.0] if rank < 2 else [rank + 1.0])
    assert len(caught) == (rank >= 2)
    if rank < 2:
        assert dist.get_process_group_ranks(first) == [0, 1] and dist.get_group_rank(first, 1) == 1
        raises(ValueError, "is not part of group", lambda: dist.get_global_rank(first, 5))
    alone = [dist.new_group([r]) for r in range(size)]
    assert dist.get_rank(alone[rank]) == 0
    own, groups = dist.new_subgroups(group_size=2)
    assert len(groups) == size // 2 and dist.get_process_group_ranks(own) == [rank // 2 * 2, rank // 2 * 2 + 1]
    gathered = [torch.zeros(1), torch.zeros(1)]
    dist.all_gather(gathered, torch.tensor([float(rank)]), group=own)
    assert [part.item() for part in gathered] == dist.get_process_group_ranks(own)
    there = torch.tensor([float(rank)])
    dist.broadcast(there, group=own, group_src=1)
    equal(there, [rank // 2 * 2 + 1])
    dist.broadcast(there, dist.get_global_rank(own, 0), group=own)
    if rank % 2:
        dist.send(torch.tensor([rank]), group_dst=0, group=own)
    else:
        message = torch.tensor([0])
        assert dist.recv(message, group=own) == rank + 1 and message.item() == rank + 1
    backwards = dist.new_group(list(range(size))[::-1], sort_ranks=False)
    assert dist.get_rank(backwards) == size - 1 - rank
    if rank:
        local = dist.new_group(list(range(1, size)), use_local_synchronization=True)
        dist.all_reduce(local_value := torch.ones(1), group=local)
        equal(local_value, [size - 1])
    count = dist.get_pg_count()
    dist.destroy_process_group(backwards)
    assert dist.get_pg_count() == count - 1
    raises(ValueError, "is not registered", lambda: dist.get_rank(backwards))
    raises(ValueError, "out of range", lambda: dist.new_group([0, size + 4]))
    raises(ValueError, "duplicate", lambda: dist.new_group([0, 0]))


def check_mistakes(rank: int, size: int) -> None:
    raises(TypeError, "Expected parameter `tensor` of type torch.Tensor", lambda: dist.all_reduce([1]))
    raises(RuntimeError, "expected length", lambda: dist.all_gather([torch.ones(2)] * (size - 1), torch.ones(2)))
    raises(RuntimeError, "invalid tensor size", lambda: dist.all_gather([torch.ones(3)] * size, torch.ones(2)))
    raises(ValueError, "different dtypes", lambda: dist.all_gather([torch.ones(2)] * size, torch.ones(2).double()))
    raises(RuntimeError, "world_size times", lambda: dist.all_gather_single(torch.ones(3), torch.ones(2)))
    raises(RuntimeError, "world size", lambda: dist.reduce_scatter_single(torch.ones(7), torch.ones(size)))
    raises(ValueError, "Must specify", lambda: dist.broadcast(torch.ones(1)))
    raises(ValueError, "Can't specify both", lambda: dist.broadcast(torch.ones(1), 0, group_src=0))
    raises(RuntimeError, "invalid root rank", lambda: dist.broadcast(torch.ones(1), 97))
    given = [torch.ones(1)] * size
    other = "must be specified" if rank == 0 else "must NOT be specified"
    raises(ValueError, other, lambda: dist.gather(torch.ones(1), None if rank == 0 else given, dst=0))
    raises(ValueError, other, lambda: dist.scatter(torch.ones(1), None if rank == 0 else given, src=0))
    raises(ValueError, "twice", lambda: dist.init_process_group("gloo"))
    raises(ValueError, "not initialized in the world group map", lambda: dist.all_reduce(torch.ones(1), group="x"))


def check_barriers(rank: int, size: int) -> None:
    dist.barrier()
    work = dist.barrier(async_op=True)
    assert work is not None
    work.wait()
    dist.monitored_barrier(timeout=datetime.timedelta(seconds=30))
    if rank != size - 1:
        short = datetime.timedelta(seconds=0.3)
        words = f"Rank {size - 1} failed" if rank == 0 else "monitoredBarrier"
        raises(RuntimeError, words, lambda: dist.monitored_barrier(timeout=short if rank == 0 else 4 * short))
    dist.barrier()
    lonely = torch.zeros(1)
    if rank == 0:
        late = dist.irecv(lonely, 1, tag=77)
        assert not late.is_completed()
        raises(RuntimeError, "Timed out", lambda: late.wait(datetime.timedelta(seconds=0.1)))
    dist.barrier()


def check_functional(rank: int, size: int) -> None:
    """Gradients through collectives: of the sum over all ranks of what each makes of the results."""
    import mibun.distributed.nn.functional as F

    weights = torch.arange(float(size)) + 1

    x = torch.tensor([float(rank + 1)], requires_grad=True)
    y = F.all_reduce(x)
    (y * weights[rank]).sum().backward()
    equal(x.grad, [weights.sum().item()])
    x = torch.tensor([float(rank + 1)], requires_grad=True)
    parts = F.all_gather(x)
    assert [part.item() for part in parts] == [r + 1 for r in range(size)]
    sum(part * (r + 1) * weights[rank] for r, part in enumerate(parts)).sum().backward()
    equal(x.grad, [(rank + 1) * weights.sum().item()])
    x = torch.tensor([float(rank + 1)], requires_grad=True)
    (F.broadcast(x, 0) * weights[rank]).sum().backward()
    equal(x.grad, [weights.sum().item()] if rank == 0 else [0])
    x = torch.arange(float(size)).requires_grad_()
    out = F.all_to_all_single(torch.empty(size), x)
    equal(out, [rank] * size)
    (out * weights[rank]).sum().backward()
    equal(x.grad, weights.tolist())
    xs = [torch.tensor([float(r)], requires_grad=True) for r in range(size)]
    reduced = F.reduce_scatter(torch.empty(1), xs)
    equal(reduced, [rank * size])
    (reduced * weights[rank]).sum().backward()
    assert [item.grad.item() for item in xs] == weights.tolist()
    x = torch.tensor([float(rank + 1)], requires_grad=True)
    gathered = F.gather(x, dst=0)
    (sum(part * (r + 5) for r, part in enumerate(gathered)) if rank == 0 else sum(gathered) * 7).sum().backward()
    equal(x.grad, [rank + 5])
    xs = [torch.tensor([float(r)], requires_grad=True) for r in range(size)]
    (F.scatter(xs, src=0) * weights[rank]).sum().backward()
    assert [item.grad.item() for item in xs] == (weights.tolist() if rank == 0 else [0] * size)
    x = torch.tensor([float(rank + 1)], requires_grad=True)
    (F.reduce(x, 0) * weights[rank]).sum().backward()
    equal(x.grad, [1])


def network() -> torch.nn.Module:
    torch.manual_seed(3)
    nn = torch.nn
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2)).double()


def global_batches(size: int, count: int = 3) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The same in all processes; 4 examples for each."""
    generator = torch.Generator().manual_seed(5)
    made = []
    for _ in range(count):
        inputs = torch.randn(4 * size, 4, generator=generator, dtype=torch.float64)
        made.append((inputs, torch.randn(4 * size, 2, generator=generator, dtype=torch.float64)))
    return made


def trained_alone(size: int, accumulated: int = 1) -> list[torch.Tensor]:
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for step, (inputs, targets) in enumerate(global_batches(size), 1):
        torch.nn.functional.mse_loss(model(inputs), targets).backward()
        if step % accumulated == 0:
            optimizer.step()
            optimizer.zero_grad()
    return list(model.parameters())


def same(found: Any, wanted: Any) -> None:
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), rtol=1e-10, atol=1e-12)


def check_data_parallel_training(rank: int, size: int) -> None:
    """Every way to train gives the weights of one process with the whole batch."""
    from mibun.distributed.algorithms.ddp_comm_hooks import default_hooks
    from mibun.nn.parallel import DistributedDataParallel as DDP

    wanted = trained_alone(size)
    ways: list[dict[str, Any]] = [
        {},
        {"bucket_cap_mb": 0.0005},
        {"gradient_as_bucket_view": True},
        {"static_graph": True},
        {"find_unused_parameters": True, "bucket_cap_mb_list": [0.0002, 0.001]},
        {"hook": default_hooks.allreduce_hook, "bucket_cap_mb": 0.0005},
    ]
    for way in ways:
        hook = way.pop("hook", None)
        model = network()
        if rank:
            for parameter in model.parameters():  # DDP begins with those of rank 0
                parameter.data.fill_(7)
        ddp = DDP(model, **way)
        if hook is not None:
            ddp.register_comm_hook(None, hook)
        if "bucket_cap_mb" in way:
            assert len(ddp.reducer.buckets) > 1
        optimizer = torch.optim.SGD(ddp.parameters(), lr=0.1, momentum=0.9)
        for inputs, targets in global_batches(size):
            mine = slice(4 * rank, 4 * rank + 4)
            torch.nn.functional.mse_loss(ddp(inputs[mine]), targets[mine]).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=not way.get("gradient_as_bucket_view"))
        same(model.parameters(), wanted)
        ddp.reducer.remove_hooks()
    # In half precision, nearly.
    ddp = DDP(network())
    ddp.register_comm_hook(None, default_hooks.bf16_compress_hook)
    inputs, targets = global_batches(size)[0]
    torch.nn.functional.mse_loss(ddp(inputs[4 * rank : 4 * rank + 4]), targets[4 * rank : 4 * rank + 4]).backward()
    whole = network()
    torch.nn.functional.mse_loss(whole(inputs), targets).backward()
    for one, other in zip(ddp.parameters(), whole.parameters(), strict=True):
        np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rtol=0.02, atol=0.002)


def check_sparse_gradients(rank: int, size: int) -> None:
    from mibun.nn.parallel import DistributedDataParallel as DDP

    torch.manual_seed(0)
    ddp = DDP(torch.nn.Embedding(size + 2, 2, sparse=True))
    for _ in range(2):
        ddp.zero_grad()
        ddp(torch.tensor([rank, 0])).sum().backward()
        grad = ddp.module.weight.grad
        assert grad.layout is torch.sparse_coo
        row = np.arange(size + 2)
        counts = (row < size) / size + (row == 0)
        np.testing.assert_allclose(grad.to_dense().numpy(), np.stack([counts, counts], 1), rtol=1e-6)
        torch.optim.SparseAdam(ddp.parameters()).step()


def check_no_sync(rank: int, size: int) -> None:
    from mibun.nn.parallel import DistributedDataParallel as DDP

    ddp = DDP(network())
    optimizer = torch.optim.SGD(ddp.parameters(), lr=0.1, momentum=0.9)
    for step, (inputs, targets) in enumerate(global_batches(size), 1):
        mine = slice(4 * rank, 4 * rank + 4)
        if step % 3:
            with ddp.no_sync():
                torch.nn.functional.mse_loss(ddp(inputs[mine]), targets[mine]).backward()
        else:
            torch.nn.functional.mse_loss(ddp(inputs[mine]), targets[mine]).backward()
            optimizer.step()
    same(ddp.module.parameters(), trained_alone(size, accumulated=3))


class Branches(torch.nn.Module):
    """One of the layers is for some ranks only, one for nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.all, self.some, self.nobody = (torch.nn.Linear(2, 2) for _ in range(3))

    def forward(self, x: torch.Tensor, some: bool) -> dict[str, torch.Tensor]:
        return {"out": self.some(self.all(x)) if some else self.all(x)}


def check_unused_parameters(rank: int, size: int) -> None:
    from mibun.nn.parallel import DistributedDataParallel as DDP

    torch.manual_seed(0)
    ddp = DDP(Branches(), find_unused_parameters=True)
    for _ in range(2):
        ddp(torch.ones(1, 2), some=rank == 0)["out"].sum().backward()
        module = ddp.module
        equal(module.some.bias.grad, [1 / size] * 2)  # of rank 0 alone, averaged
        assert module.nobody.weight.grad is None and module.all.weight.grad is not None
        ddp.zero_grad()
    ddp = DDP(Branches())
    ddp(torch.ones(1, 2), some=True)["out"].sum().backward()
    raises(
        RuntimeError,
        "Expected to have finished reduction in the prior iteration before starting a new one",
        lambda: ddp(torch.ones(1, 2), some=True),
    )
    # Known after the first iteration, and with a reentrant checkpoint in it that uses a layer twice.
    from mibun.utils.checkpoint import checkpoint

    class Twice(Branches):
        def forward(self, x: torch.Tensor, some: bool) -> dict[str, torch.Tensor]:
            once = checkpoint(self.all, x, use_reentrant=True)
            return {"out": checkpoint(self.all, once, use_reentrant=True)}

    torch.manual_seed(0)
    static = DDP(Twice(), static_graph=True)
    alone = Twice()
    alone.load_state_dict(static.module.state_dict())
    x = torch.ones(1, 2, requires_grad=True)
    alone(x, some=False)["out"].sum().backward()
    for _ in range(3):
        static.zero_grad()
        static(x, some=False)["out"].sum().backward()
        same([static.module.all.weight.grad], [alone.all.weight.grad])
        assert static.module.nobody.weight.grad is None


def check_buffers_and_batch_norm(rank: int, size: int) -> None:
    from mibun.nn.parallel import DistributedDataParallel as DDP

    torch.manual_seed(1)
    plain = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2)).double()
    converted = DDP(torch.nn.SyncBatchNorm.convert_sync_batchnorm(plain_copy := _copy(plain)))
    assert type(plain_copy[1]).__name__ == "SyncBatchNorm"
    for inputs, targets in global_batches(size, 2):
        mine = slice(4 * rank, 4 * rank + 4)
        torch.nn.functional.mse_loss(converted(inputs[mine]), targets[mine]).backward()
        torch.nn.functional.mse_loss(plain(inputs), targets).backward()
        same([p.grad for p in converted.parameters()], [p.grad for p in plain.parameters()])
        same(converted.buffers(), plain.buffers())
    same([converted.eval()(inputs)], [plain.eval()(inputs)])
    # Without it, all take the running averages of rank 0.
    ddp = DDP(torch.nn.BatchNorm1d(2))
    ddp.module.running_mean.fill_(float(rank))
    ddp.eval()(torch.ones(1, 2))
    equal(ddp.module.running_mean, [0, 0])


def _copy(module: torch.nn.Module) -> torch.nn.Module:
    import copy

    return copy.deepcopy(module)


def check_data_parallel_mistakes(rank: int, size: int) -> None:
    from mibun.nn.parallel import DistributedDataParallel as DDP

    nn = torch.nn
    raises(RuntimeError, "DistributedDataParallel is not needed", lambda: DDP(nn.ReLU()))
    raises(ValueError, "device_ids", lambda: DDP(nn.Linear(1, 1), device_ids=[0]))
    raises(RuntimeError, "DDP expects same model across all ranks", lambda: DDP(nn.Linear(2, 2 + rank)))
    longer = nn.Sequential(*[nn.Linear(2, 2) for _ in range(1 + rank)])
    raises(RuntimeError, "Rank 1 has 4 params, while rank 0 has inconsistent 2 params", lambda: DDP(longer))
    ddp = DDP(nn.Linear(2, 2))
    raises(TypeError, "Communication hook must be callable.", lambda: ddp.register_comm_hook(None, 3))
    ddp.register_comm_hook(None, lambda state, bucket: None)
    raises(RuntimeError, "can only be called once", lambda: ddp.register_comm_hook(None, lambda s, b: None))
    assert list(ddp.state_dict()) == ["module.weight", "module.bias"]


def check_uneven_inputs(rank: int, size: int) -> None:
    """Rank r has r + 1 batches; those that have none left take part with zeros."""
    from mibun.distributed.algorithms.join import Join
    from mibun.nn.parallel import DistributedDataParallel as DDP

    for divide_by_all in (True, False):
        model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.BatchNorm1d(1, affine=False))
        model[0].weight.data.fill_(1)
        ddp = DDP(model[0])
        seen = []
        with ddp.join(divide_by_initial_world_size=divide_by_all):
            for _ in range(rank + 1):
                ddp.zero_grad()
                ddp(torch.ones(1, 1)).sum().backward()
                seen.append(round(model[0].weight.grad.item(), 6))
        active = [size - step for step in range(rank + 1)]
        assert seen == [round(n / size, 6) if divide_by_all else 1.0 for n in active], seen
    ddp = DDP(torch.nn.Linear(1, 1))
    try:
        with Join([ddp], throw_on_early_termination=True):
            for _ in range(rank + 1):
                ddp(torch.ones(1, 1)).sum().backward()
        raise AssertionError("nothing was raised")
    except RuntimeError as error:
        assert "exhausted" in str(error)


def check_sampler(rank: int, size: int) -> None:
    data = torch.arange(10 * size + 1)
    sampler = torch.utils.data.DistributedSampler(data, seed=2)
    sampler.set_epoch(4)
    loader = torch.utils.data.DataLoader(data, batch_size=3, sampler=sampler)
    mine = torch.cat(list(loader))
    assert len(mine) == len(sampler) == 11
    parts = [torch.zeros_like(mine) for _ in range(size)]
    dist.all_gather(parts, mine)
    assert set(torch.cat(parts).tolist()) == set(data.tolist())


def check_mesh(rank: int, size: int) -> None:
    mesh = dist.init_device_mesh("cpu", (size // 2, 2), mesh_dim_names=("data", "model"))
    assert mesh.shape == (size // 2, 2) and mesh.size() == size and mesh.ndim == 2
    assert mesh.get_coordinate() == (rank // 2, rank % 2)
    assert mesh.get_local_rank("model") == rank % 2 == mesh["model"].get_local_rank()
    assert dist.get_process_group_ranks(mesh.get_group("model")) == [rank // 2 * 2, rank // 2 * 2 + 1]
    assert mesh["data"].mesh.tolist() == list(range(rank % 2, size, 2))
    dist.all_reduce(value := torch.ones(1), group=mesh["data"].get_group())
    equal(value, [size // 2])
    assert mesh["data", "model"] is mesh
    flat = mesh["data", "model"]._flatten("everything")
    assert mesh["everything"] is flat and flat.size() == size and flat.get_group().size() == size
    raises(KeyError, "Invalid mesh_dim_names", lambda: mesh["x"])
    raises(RuntimeError, "mesh_dim", mesh.get_group)
    raises(RuntimeError, "should not be bigger", lambda: dist.init_device_mesh("cpu", (size + 1,)))
    again = dist.DeviceMesh.from_group(mesh.get_group("data"), "cpu")
    assert again.mesh.tolist() == mesh["data"].mesh.tolist()


def check_functional_collectives(rank: int, size: int) -> None:
    import mibun.distributed._functional_collectives as C

    group = dist.group.WORLD
    x = torch.tensor([float(rank + 1)])
    total = size * (size + 1) / 2
    equal(C.wait_tensor(C.all_reduce(x, "sum", group)), [total])
    equal(C.all_reduce(x, "avg", "0"), [total / size])
    equal(C.broadcast(x, 1, group), [2])
    equal(C.all_gather_tensor(x[None], 1, group), [[r + 1 for r in range(size)]])
    equal(C.reduce_scatter_tensor(torch.arange(size) * (rank + 1), "sum", 0, group), [rank * total])
    equal(C.all_to_all_single(torch.arange(size) + 10 * rank, None, None, group), 10 * np.arange(size) + rank)
    equal(C.permute_tensor(x, [(r + 1) % size for r in range(size)], group), [(rank - 1) % size + 1])
    y = torch.arange(float(size)).requires_grad_()
    (C.all_to_all_single_autograd(y, [1] * size, [1] * size, group) * (rank + 1)).sum().backward()
    equal(y.grad, np.arange(size) + 1)
    y = torch.ones(1, requires_grad=True)
    (C.all_gather_tensor_autograd(y, 0, group) * torch.arange(1.0, size + 1)).sum().backward()
    equal(y.grad, [size * (rank + 1)])


def check_divided_tensors(rank: int, size: int) -> None:
    from mibun.distributed.tensor import DTensor, Partial, Replicate, Shard, distribute_tensor
    from mibun.distributed.tensor._utils import compute_local_shape_and_global_offset
    from mibun.distributed.tensor.placement_types import _StridedShard

    line = dist.init_device_mesh("cpu", (size,))
    grid = dist.init_device_mesh("cpu", (size // 2, 2))
    whole = torch.arange(35.0).reshape(5, 7)
    placements: list[tuple[Any, list]] = [
        (line, [Shard(0)]),
        (line, [Shard(-1)]),
        (line, [Replicate()]),
        (line, [Partial()]),
        (grid, [Shard(0), Shard(0)]),
        (grid, [Shard(1), Shard(0)]),
        (grid, [Shard(0), Replicate()]),
        (grid, [Partial(), Shard(1)]),
    ]
    for mesh, placed in placements:
        one = distribute_tensor(whole if rank == 0 else torch.zeros(5, 7), mesh, placed)
        assert one.shape == (5, 7) and one.dtype is torch.float32
        equal(one.full_tensor(), whole)
        shape, offset = compute_local_shape_and_global_offset((5, 7), mesh, placed)
        assert tuple(one.to_local().shape) == shape
        if not any(isinstance(p, Partial) for p in placed):
            part = whole[offset[0] : offset[0] + shape[0], offset[1] : offset[1] + shape[1]]
            equal(one.to_local(), part)
        for other in [p for m, p in placements if m is mesh]:
            equal(one.redistribute(placements=other).full_tensor(), whole)
    strided = distribute_tensor(torch.arange(16.0), grid, [_StridedShard(0, split_factor=2), Shard(0)])
    equal(strided.full_tensor(), torch.arange(16.0))
    # Every operation, and gradients.
    weight = distribute_tensor(torch.ones(3, 2, requires_grad=True), line, [Shard(0)])
    x = torch.arange(6.0).reshape(2, 3)
    y = torch.nn.functional.relu(x @ weight)
    assert type(y) is DTensor and y.placements == (Replicate(),)
    equal(y.full_tensor(), [[3, 3], [12, 12]])
    y.square().sum().backward()
    assert weight.grad.placements == (Shard(0),)
    equal(weight.grad.full_tensor(), 2 * x.t() @ (x @ torch.ones(3, 2)))
    with torch.no_grad():
        weight -= 0.5 * weight.grad
        weight[0] = 7
    equal(weight.full_tensor()[0], [7, 7])
    equal(weight.full_tensor()[1], [1 - 0.5 * weight.grad.full_tensor()[1, 0]] * 2)
    local = torch.full((2,), rank + 1.0, requires_grad=True)
    summed = DTensor.from_local(local, line, [Partial()])
    summed.full_tensor().sum().backward()
    equal(summed.full_tensor(), [size * (size + 1) / 2] * 2)
    equal(local.grad, [1, 1])
    raises(TypeError, "cannot be a parameter", lambda: torch.nn.Parameter(weight))
    raises(ValueError, "same length", lambda: distribute_tensor(whole, grid, [Shard(0)]))
    raises(RuntimeError, "leaf", lambda: distribute_tensor(local * 2, line, [Shard(0)]))


def check_shared_optimizer(rank: int, size: int) -> None:
    from mibun.distributed.optim import ZeroRedundancyOptimizer

    ours, alone = network(), network()
    zero = ZeroRedundancyOptimizer(ours.parameters(), torch.optim.Adam, lr=0.05)
    adam = torch.optim.Adam(alone.parameters(), lr=0.05)
    for step, (inputs, targets) in enumerate(global_batches(1)):
        for model, optimizer in ((ours, zero), (alone, adam)):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(inputs), targets).backward()
            optimizer.step()
        if step == 1:
            raises(RuntimeError, "consolidate_state_dict", zero.state_dict)
            zero.consolidate_state_dict(to=0)
            state = [zero.state_dict() if rank == 0 else None]
            dist.broadcast_object_list(state)
            assert len(state[0]["state"]) == len(list(ours.parameters()))
            zero = ZeroRedundancyOptimizer(ours.parameters(), torch.optim.Adam, lr=0.1)
            zero.load_state_dict(state[0])
            assert zero.param_groups[0]["lr"] == 0.05
    same(ours.parameters(), alone.parameters())
    assert size == 1 or len(zero.optim.state) < len(list(ours.parameters()))


CHECKS = [
    check_all_reduce_by_operation_and_dtype,
    check_layouts,
    check_large,
    check_movements,
    check_reduce_scatter,
    check_all_to_all,
    check_messages,
    check_objects,
    check_groups,
    check_mistakes,
    check_barriers,
    check_functional,
    check_data_parallel_training,
    check_sparse_gradients,
    check_no_sync,
    check_unused_parameters,
    check_buffers_and_batch_norm,
    check_data_parallel_mistakes,
    check_uneven_inputs,
    check_sampler,
    check_mesh,
    check_functional_collectives,
    check_divided_tensors,
    check_shared_optimizer,
]


def run_checks(checks: list[Callable[[int, int], None]]) -> None:
    for check in checks:
        began = time.perf_counter()
        check(dist.get_rank(), dist.get_world_size())
        dist.barrier()
        if dist.get_rank() == 0 and os.environ.get("VERBOSE"):
            print(f"{check.__name__}  {time.perf_counter() - began:.2f} s", flush=True)


def spawned(rank: int, size: int, port: int) -> None:
    """What a process of `mp.spawn` does: meet the others at a port, as in PyTorch's tutorials."""
    warnings.simplefilter("error")
    os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"] = "127.0.0.1", str(port)
    dist.init_process_group("gloo", rank=rank, world_size=size, timeout=datetime.timedelta(seconds=60))
    run_checks(CHECKS)
    dist.destroy_process_group()


if __name__ == "__main__":
    warnings.simplefilter("error")
    assert os.environ["RANK"] == os.environ["OMPI_COMM_WORLD_RANK"]
    dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=60))
    from mibun.distributed.mpi import MPITransport

    assert isinstance(dist.group.WORLD._transport, MPITransport)
    run_checks([check for check in CHECKS if len(sys.argv) == 1 or check.__name__ in sys.argv])
    print("all right on rank", dist.get_rank())
    dist.destroy_process_group()
