"""Storages: freeing memory and getting it back, memory of several processes, exchanged tensors."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest

import mibun as torch
from mibun import nn
from mibun.ops.conversion.between_processes import register_reducers
from mibun.xp.numpy import blocks

METHODS = [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()]


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# --- freeing ---


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux how much memory there is")
def test_freed_memory_is_given_back() -> None:
    x = torch.ones(8 << 20)
    view, before = x[5:], resident()
    storage = x.untyped_storage()
    storage.resize_(0)
    assert before - resident() > 30 << 20
    storage.resize_(32 << 20)
    x.fill_(3.0)
    assert view[-1] == 3.0 and resident() - before > -(2 << 20)


def test_what_a_graph_has_saved_is_filled_again() -> None:
    """As reversible nets do: an activation is freed after forward, and computed again before backward."""
    w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    hidden = w.exp()
    loss = (hidden * hidden).sum()
    hidden.untyped_storage().resize_(0)

    def again(grad: torch.Tensor) -> None:
        storage = hidden.untyped_storage()
        storage.resize_(12)
        storage.copy_(w.detach().exp().untyped_storage())

    loss.register_hook(again)
    loss.backward()
    np.testing.assert_allclose(w.grad.numpy(), (2 * (2 * w).exp()).detach().numpy(), rtol=1e-6)


def test_a_reversible_block() -> None:
    """The inputs are freed in forward; backward computes them from the outputs and puts them back."""
    f, g = nn.Linear(3, 3), nn.Linear(3, 3)

    class Reversible(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b, *weights):
            with torch.no_grad():
                y = a + f(b)
                z = b + g(y)
            ctx.inputs, ctx.outputs = (a, b), (y.detach(), z.detach())
            for tensor in ctx.inputs:
                tensor.untyped_storage().resize_(0)
            return y, z

        @staticmethod
        def backward(ctx, grad_y, grad_z):
            (a, b), (y, z) = ctx.inputs, ctx.outputs
            for tensor in (a, b):
                tensor.untyped_storage().resize_(tensor.numel() * 4)
            with torch.no_grad():
                b.untyped_storage().copy_((z - g(y)).untyped_storage())
                a.untyped_storage().copy_((y - f(b)).untyped_storage())
            with torch.enable_grad():
                inputs = [t.detach().requires_grad_() for t in (a, b)]
                first = inputs[0] + f(inputs[1])
                second = inputs[1] + g(first)
            grads = torch.autograd.grad((first, second), (*inputs, *f.parameters(), *g.parameters()), (grad_y, grad_z))
            return tuple(grads)

    start = torch.randn(2, 3), torch.randn(2, 3)
    weights = [*f.parameters(), *g.parameters()]
    a, b = (t.clone().requires_grad_() for t in start)
    y = a + f(b)
    want = torch.autograd.grad((y * (b + g(y))).sum(), (a, b, *weights))
    a, b = (t.clone().requires_grad_() for t in start)
    y, z = Reversible.apply(a * 1, b * 1, *weights)
    got = torch.autograd.grad((y * z).sum(), (a, b, *weights))
    for one, other in zip(got, want, strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_growing_takes_all_tensors_along() -> None:
    x = torch.arange(6.0).view(2, 3)
    views = [x[1], x.t(), x[:, ::2], x.flip(0), x.detach()]
    before = [v.tolist() for v in views]
    x.untyped_storage().resize_(4096)
    assert [v.tolist() for v in views] == before
    x.zero_()
    assert not views[0].any() and not views[1].any() and not views[4].any() and views[3].any()  # flip has copied
    assert views[1].stride() == (1, 3) and x.untyped_storage().nbytes() == 4096


def test_growing_leaves_gradients_right() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    view = y[1:]
    y.untyped_storage().resize_(64)
    view.mul_(3)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()
    (y.sum()).backward()
    assert x.grad.tolist() == [2, 6]


def test_no_storage_is_kept_alive() -> None:
    gc.collect()
    known = len(blocks._BLOCKS)
    for _ in range(5):
        x = torch.ones(4)
        x.untyped_storage().resize_(0)
        x.share_memory_()
        x.numpy()
    del x
    assert len(blocks._BLOCKS) == known


# --- several processes ---


def _add(tensor: torch.Tensor) -> None:
    with torch.no_grad():
        tensor += 1


def _train(model: nn.Module, steps: int) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.arange(8.0).view(4, 2)).pow(2).mean().backward()
        optimizer.step()


def _answer(inbox, outbox) -> None:
    first, views, parameter, freed = inbox.get()
    same = views[0].untyped_storage() == views[1].untyped_storage()
    with torch.no_grad():
        for tensor in (first, views[0], parameter):
            tensor += 10
    outbox.put((same, views[1].stride(), type(parameter).__name__, parameter.requires_grad, freed.nbytes()))
    inbox.get()


def _fail(index: int, shared: torch.Tensor) -> None:
    shared[index] = index + 1
    if index == 1:
        raise ValueError("on purpose")


@pytest.mark.parametrize("method", METHODS)
def test_memory_is_shared(method: str) -> None:
    context = multiprocessing.get_context(method)
    x = torch.zeros(3).share_memory_()
    view = x[1:]
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).share_memory()
    before = [p.clone() for p in model.state_dict().values()]
    processes = [context.Process(target=_add, args=(view,)), context.Process(target=_train, args=(model, 2))]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert x.tolist() == [0, 1, 1]
    changed = [not torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True)]
    assert changed[2] and changed[4] and changed[-1]  # a weight, and the buffers of the batch norm


@pytest.mark.parametrize("strategy", ["file_descriptor", "file_system"])
@pytest.mark.parametrize("method", METHODS)
def test_queues_send_memory(method: str, strategy: str) -> None:
    context = torch.multiprocessing.get_context(method)
    torch.multiprocessing.set_sharing_strategy(strategy)
    try:
        inbox, outbox = context.Queue(), context.Queue()
        process = context.Process(target=_answer, args=(inbox, outbox))
        process.start()
        first = torch.ones(2)
        base = torch.zeros(2, 3)
        parameter = nn.Parameter(torch.ones(1))
        freed = torch.ones(4).untyped_storage()
        freed.resize_(0)
        inbox.put((first, [base, base.t()], parameter, freed))
        assert outbox.get(timeout=60) == (True, (1, 3), "Parameter", True, 0)
        inbox.put(None)
        process.join()
    finally:
        torch.multiprocessing.set_sharing_strategy("file_descriptor")
    assert first.tolist() == [11, 11] and first.is_shared() and parameter.item() == 11
    assert base.tolist() == [[10, 10, 10]] * 2


def test_storages_by_descriptor_and_by_name() -> None:
    x = torch.arange(3.0)
    descriptor, nbytes = x.untyped_storage()._share_fd_cpu_()
    assert nbytes == 12 and torch.UntypedStorage._new_shared_fd_cpu(descriptor, nbytes) is x.untyped_storage()
    manager, name, nbytes = x.untyped_storage()._share_filename_cpu_()
    assert os.path.exists(name)
    again = torch.UntypedStorage._new_shared_filename_cpu(manager, name, nbytes)
    assert again is x.untyped_storage() and x.tolist() == [0, 1, 2] and not os.path.exists(name)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_tensors_made_on_storages(dtype: torch.dtype) -> None:
    storage = torch.arange(6, dtype=dtype).untyped_storage()
    typed = torch.arange(6, dtype=dtype)._typed_storage()
    for made, on in (
        (torch.ones(2, dtype=dtype).new(storage), storage),
        (torch.ones(2, dtype=dtype).new(typed), typed),
    ):
        assert made.tolist() == [0, 1, 2, 3, 4, 5] and made.data_ptr() == on.data_ptr()
        assert made.resize_(2, 2).data_ptr() == on.data_ptr() and made.tolist() == [[0, 1], [2, 3]]
        assert made.resize_(7).data_ptr() != on.data_ptr()
    with pytest.raises(RuntimeError, match="Expected a Storage of type Double or an UntypedStorage"):
        torch.ones(1, dtype=torch.float64).new(typed)


def test_what_this_process_has_sent_to_itself() -> None:
    register_reducers()
    x = torch.arange(3.0)
    y = pickle.loads(bytes(ForkingPickler.dumps([x, x[1:]])))
    assert y[0].is_set_to(x) and y[1].storage_offset() == 1 and y[0].untyped_storage() is x.untyped_storage()
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="Cowardly refusing to serialize non-leaf tensor"):
        ForkingPickler.dumps(w * 2)
    assert pickle.loads(bytes(ForkingPickler.dumps(w))).requires_grad


def test_spawn() -> None:
    shared = torch.zeros(2).share_memory_()
    with pytest.raises(torch.multiprocessing.ProcessRaisedException, match="ValueError: on purpose") as caught:
        torch.multiprocessing.start_processes(_fail, (shared,), nprocs=2, start_method=METHODS[0])
    assert caught.value.error_index == 1 and shared[1] == 2


def test_files_are_removed() -> None:
    torch.multiprocessing.set_sharing_strategy("file_system")
    try:
        x = torch.ones(2).share_memory_()
        name = blocks.block_of(x.untyped_storage()._array_).shared.name
        assert os.path.exists(name)
        del x
        gc.collect()
        assert not os.path.exists(name)
    finally:
        torch.multiprocessing.set_sharing_strategy("file_descriptor")


# --- exchanged ---


def test_swap_tensors() -> None:
    class Mine(torch.Tensor):
        pass

    a = torch.ones(2).as_subclass(Mine)
    b = nn.Parameter(torch.zeros(3))
    a.note, b.grad = "a", torch.ones(3)
    torch.utils.swap_tensors(a, b)
    assert type(a) is nn.Parameter and type(b) is Mine and b.note == "a" and not hasattr(a, "note")
    assert a.tolist() == [0, 0, 0] and a.requires_grad and a.grad.tolist() == [1, 1, 1] and b.grad is None
    (a * 2).sum().backward()
    assert a.grad.tolist() == [3, 3, 3]
    y = a * 2
    with pytest.raises(RuntimeError, match="Cannot swap t1"):
        torch.utils.swap_tensors(a, b)
    del y
    torch.utils.swap_tensors(a, b)
    assert type(b) is nn.Parameter


# --- files ---


def test_a_storage_on_a_file(tmp_path: Path) -> None:
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(3, dtype=np.float32).tobytes())
    private = torch.FloatStorage.from_file(str(path), size=3)
    shared = torch.UntypedStorage.from_file(str(path), shared=True, nbytes=12)
    private[0] = 5
    assert private.tolist() == [5, 1, 2] and shared.filename == str(path) and private.filename is None
    x = torch.empty(0).set_(shared)
    x[1] = 7
    assert np.frombuffer(path.read_bytes(), np.float32).tolist() == [0, 7, 2]
    with pytest.raises(RuntimeError, match="not resizable"):
        shared.resize_(0)
