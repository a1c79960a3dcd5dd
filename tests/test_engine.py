"""The engine: deep graphs, accumulation, failures that change nothing, hooks' order, threads, memory."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import numpy as np
import pytest

import mibun as torch
from mibun import autograd


def leaf(*values):
    return torch.tensor(list(values), dtype=torch.float64, requires_grad=True)


def test_a_million_nodes_forward_backward_and_freed():
    assert sys.getrecursionlimit() <= 1000 or sys.getrecursionlimit() < 100_000
    x = leaf(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + 1.0
    first = weakref.ref(y.grad_fn)
    y.backward()
    assert x.grad.item() == 1.0
    del y
    assert first() is None


def test_dropped_graphs_leave_nothing_behind():
    def work():
        x = leaf(1.0, 2.0)
        y = (x * x).exp()
        y.retain_grad()
        v = y.reshape(2, 1)
        (v * x).sum().backward(create_graph=True)
        autograd.grad(x.grad.sum(), x)
        return weakref.ref(x.grad_fn if x.grad_fn else y.grad_fn), weakref.ref(x)

    gc.collect()
    gc.disable()
    try:
        for reference in work():
            # x.grad holds the graph of the double backward, which holds x: a cycle of the user's own making,
            # which PyTorch has too; without create_graph there is none (below).
            del reference

        def plain():
            x = leaf(1.0, 2.0)
            y = (x * x).exp()
            y.retain_grad()
            v = y.reshape(2, 1)[0]
            z = (v * x).sum()
            z.backward(retain_graph=True)
            w = y.detach() * x
            w.mul_(x)
            return [weakref.ref(o) for o in (x, y, v, z, w, y.grad_fn, z.grad_fn, w.grad_fn)]

        assert [reference() for reference in plain()] == [None] * 8
    finally:
        gc.enable()


def test_a_failed_backward_changes_nothing():
    a, b = leaf(1.0), leaf(2.0)
    c = b * 3
    c.register_hook(lambda grad: 1 / 0)
    z = (a * a + c * c).sum()
    (a * 1.0).sum().backward()
    before = a.grad.clone()
    with pytest.raises(ZeroDivisionError):
        z.backward(retain_graph=True)
    assert torch.equal(a.grad, before) and b.grad is None
    assert torch.is_grad_enabled()


def test_a_failing_rule_then_a_retry():
    class Fails(autograd.Function):
        fail = True

        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            if Fails.fail:
                raise ValueError("no")
            return grad * 2

    x, w = leaf(3.0), leaf(4.0)
    z = (Fails.apply(x * 1) + w * w).sum()
    with pytest.raises(ValueError):
        z.backward(retain_graph=True)
    assert x.grad is None and w.grad is None
    Fails.fail = False
    z.backward()
    assert (x.grad.item(), w.grad.item()) == (2.0, 8.0)


def test_a_failing_post_accumulate_hook_restores_every_grad():
    a, b = leaf(1.0), leaf(2.0)
    (a + b).sum().backward()
    old = a.grad, b.grad

    def hook(parameter):
        raise KeyError("x")

    b.register_post_accumulate_grad_hook(hook)
    with pytest.raises(KeyError):
        (a * b).sum().backward()
    assert a.grad is old[0] and b.grad is old[1]
    assert (a.grad.item(), b.grad.item()) == (1.0, 1.0)


def test_gradients_are_not_shared():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    seed = torch.ones(2, dtype=torch.float64)
    (a + b).backward(seed)
    a.grad.mul_(5)
    assert b.grad.tolist() == [1, 1] and seed.tolist() == [1, 1]
    (a + b).backward(seed)
    assert a.grad.tolist() == [6, 6] and b.grad.tolist() == [2, 2] and seed.tolist() == [1, 1]


def test_accumulation_is_in_place():
    a = leaf(1.0, 2.0)
    (a * 2).sum().backward()
    grad = a.grad
    (a * 2).sum().backward()
    assert a.grad is grad and grad.tolist() == [4, 4]


def test_grad_arguments():
    x, unused = leaf(2.0), leaf(1.0)
    y = x * x
    with pytest.raises(RuntimeError, match="^The differentiated Tensor at index 1 appears to not have been used in"):
        autograd.grad(y, [x, unused], retain_graph=True)
    assert autograd.grad(y, [x, unused], retain_graph=True, allow_unused=True)[1] is None
    assert autograd.grad(y, [x, unused], materialize_grads=True)[1].tolist() == [0]
    y = x * x
    assert autograd.grad(y, {"x": x})["x"].item() == 4
    assert x.grad is None
    w = x * 3
    z = w * w
    assert autograd.grad(z, w, retain_graph=True)[0].item() == 12
    assert autograd.grad(z, [w, x])[1].item() == 36
    with pytest.raises(RuntimeError, match="`inputs` argument to `grad\\(\\)` cannot be empty"):
        autograd.grad(x * x, [])
    with pytest.raises(RuntimeError, match="does not require grad"):
        autograd.grad(x * x, torch.ones(1))


def test_backward_inputs():
    x, y = leaf(2.0), leaf(3.0)
    (x * y).backward(inputs=[x])
    assert x.grad.item() == 3 and y.grad is None
    w = x * 2
    (w * y).backward(inputs=[w, y])
    assert w.grad.item() == 3 and y.grad.item() == 4 and x.grad.item() == 3


def test_shape_and_dtype_of_gradients():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="^Mismatch in shape: grad_output"):
        (x * 2).backward(torch.ones(3, dtype=torch.float64))
    with pytest.raises(RuntimeError, match="assign a gradient of size"):
        x.grad = torch.ones(3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="dtype"):
        x.grad = torch.ones(2)
    with pytest.raises(TypeError):
        x.grad = 3
    half = torch.tensor([1.0, 2.0], requires_grad=True)
    (half * x).sum().backward()
    assert half.grad.dtype is torch.float32 and x.grad.dtype is torch.float64
    column = torch.ones(3, 1, requires_grad=True)
    (column * torch.ones(2, 3, 4)).sum().backward()
    assert column.grad.shape == (3, 1) and column.grad.flatten().tolist() == [8, 8, 8]


def test_integer_requires_grad():
    with pytest.raises(RuntimeError, match="^[oO]nly Tensors of floating point and complex dtype can require"):
        torch.tensor([1, 2], requires_grad=True)
    with pytest.raises(RuntimeError, match="only change requires_grad flags of leaf"):
        (leaf(1.0) * 2).requires_grad_(False)


def test_hooks_in_order():
    log = []
    x = leaf(2.0)
    y = x * 3
    y.register_hook(lambda g: log.append("tensor"))
    y.grad_fn.register_prehook(lambda g: log.append("pre"))
    y.grad_fn.register_hook(lambda gi, go: log.append("post"))
    x.register_hook(lambda g: log.append("leaf"))
    x.register_post_accumulate_grad_hook(lambda p: log.append(f"accumulated {p.grad.item()}"))
    (y * y).sum().backward()
    assert log == ["tensor", "pre", "post", "leaf", "accumulated 36.0"]


def test_hooks_replace_gradients_and_are_removed():
    x = leaf(2.0)
    handle = x.register_hook(lambda g: g * 10)
    (x * 3).backward()
    assert x.grad.item() == 30
    handle.remove()
    x.grad = None
    (x * 3).backward()
    assert x.grad.item() == 3
    y = x * 3
    y.register_hook(lambda g: torch.ones(2))
    with pytest.raises(RuntimeError, match="^hook '<lambda>' has changed the size of value"):
        y.backward()


def test_threads_lose_no_update():
    x = torch.ones(100, dtype=torch.float64, requires_grad=True)

    def work():
        for _ in range(50):
            (x * 2).sum().backward()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.array_equal(x.grad.numpy(), np.full(100, 800.0))


def test_grad_mode_belongs_to_the_thread():
    seen = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: seen.append(torch.is_grad_enabled()))
        thread.start()
        thread.join()
        assert not torch.is_grad_enabled()
    assert seen == [True]


def test_grad_mode_belongs_to_the_task():
    import asyncio

    async def one(entered, other_done):
        with torch.no_grad():
            entered.set()
            await other_done.wait()
            return torch.is_grad_enabled()

    async def two(entered, other_done):
        await entered.wait()
        state = torch.is_grad_enabled()
        other_done.set()
        return state

    async def main():
        entered, done = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(one(entered, done), two(entered, done))

    assert asyncio.run(main()) == [False, True]


def test_modes_as_decorators():
    x = leaf(1.0)

    @torch.no_grad()
    def function():
        return (x * 2).requires_grad

    @torch.no_grad()
    def generator():
        yield (x * 2).requires_grad
        yield (x * 2).requires_grad

    @torch.set_grad_enabled(False)
    def switched():
        return (x * 2).requires_grad

    assert torch.is_grad_enabled()
    assert not function() and not switched()
    found = []
    for value in generator():
        found.append((value, (x * 2).requires_grad))
    assert found == [(False, True)] * 2
    with torch.no_grad(), torch.enable_grad():
        assert (x * 2).requires_grad
    torch.set_grad_enabled(False)
    assert not (x * 2).requires_grad
    torch.set_grad_enabled(True)


def test_reentrant_backward():
    class Inner(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.x = x.detach()
            return x * x

        @staticmethod
        def backward(ctx, grad):
            with torch.enable_grad():
                y = ctx.x.requires_grad_()
                (y * y).sum().backward()
            return y.grad * grad

    x = leaf(3.0)
    Inner.apply(x).sum().backward()
    assert x.grad.item() == 6


def test_same_bits_every_time():
    def gradient():
        rng = np.random.default_rng(0)
        x = torch.from_numpy(rng.normal(size=50)).requires_grad_()
        y = x
        for _ in range(5):
            y = (y * x).exp().log() + x * y.sum()
        y.sum().backward()
        return x.grad.numpy().tobytes()

    assert len({gradient() for _ in range(20)}) == 1
