"""Threads and tasks: no update is lost, switches belong to the thread, errors of one do not disturb another."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import mibun as torch
from mibun import autograd
from mibun.autograd import forward_ad, graph
from mibun.core.mode import MODE
from mibun.utils.checkpoint import checkpoint


@pytest.fixture(autouse=True)
def switching_often():
    """Threads take turns often, so that a race is met; not more often than a busy machine can do it."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(2e-5)
    yield
    sys.setswitchinterval(before)


def in_threads(n, work):
    """Call work(0) to work(n - 1) in threads of their own, which start together; the first error is raised here."""
    errors = []
    barrier = threading.Barrier(n)

    def call(i):
        try:
            barrier.wait()
            work(i)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call, args=(i,), daemon=True) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
        assert not thread.is_alive(), "a deadlock"
    if errors:
        raise errors[0]


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0, 3.0), dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("how", ["plain", "inputs", "hooks", "create_graph", "through views", "checkpoint"])
def test_no_update_is_lost(how):
    n, rounds = 8, 40 if how == "create_graph" else 80
    x, w, number = leaf(), leaf(4.0, 5.0, 6.0), leaf(2.0)[0].detach().requires_grad_()
    calls = []
    if how == "hooks":
        for t in (x, w, number):
            t.register_hook(lambda grad: grad * 1)
            t.register_post_accumulate_grad_hook(lambda t: calls.append("accumulated"))
        for mode in ("all", "any"):
            graph.register_multi_grad_hook([x, w, number], lambda grads, mode=mode: calls.append(mode), mode=mode)
    inputs = [x, w, number] if how == "inputs" else None

    def work(i):
        for _ in range(rounds):
            if how == "through views":
                y = x.view(3, 1).t()[0].clone()
                y[1:].mul_(2)
                (y * w).sum().backward()
                (number * 3).backward()
            elif how == "checkpoint":
                checkpoint(lambda x, w: x * w * 2 * number, x, w, use_reentrant=bool(i % 2)).sum().backward()
            else:
                (x * w * 2).sum().add(number * 3).backward(inputs=inputs, create_graph=how == "create_graph")

    in_threads(n, work)
    times = n * rounds
    if how == "through views":
        assert x.grad.tolist() == [4 * times, 10 * times, 12 * times]
        assert w.grad.tolist() == [times, 4 * times, 6 * times]
    else:
        k = 2 if how == "checkpoint" else 1
        assert x.grad.tolist() == [8 * k * times, 10 * k * times, 12 * k * times]
        assert w.grad.tolist() == [2 * k * times, 4 * k * times, 6 * k * times]
    assert number.grad.item() == (64 if how == "checkpoint" else 3) * times
    if how == "hooks":
        assert (calls.count("accumulated"), calls.count("all"), calls.count("any")) == (3 * times, times, times)
    x.grad = w.grad = number.grad = None


@pytest.mark.parametrize("way", ["plain", "packed", "checkpointed", "Function"])
def test_a_shared_graph(way):
    """Many backwards through one graph at the same time; the first ones make the nodes' code."""

    class Cube(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return 3 * x * x * grad

    x = leaf()
    packing = graph.saved_tensors_hooks(lambda t: t.detach().clone(), lambda t: t)
    with packing if way == "packed" else contextlib.nullcontext():
        if way == "checkpointed":
            y = checkpoint(lambda x: (x * x) * x, x, use_reentrant=False)
        elif way == "Function":
            y = Cube.apply(x)
        else:
            y = x.square() * x
    y.retain_grad()
    loss = y.sum()

    def work(i):
        for _ in range(25):
            loss.backward(retain_graph=True)
            (grad,) = autograd.grad(loss, x, retain_graph=True)
            assert grad.tolist() == [3, 12, 27]

    in_threads(8, work)
    assert x.grad.tolist() == [3 * 200, 12 * 200, 27 * 200]
    assert y.grad.tolist() == [400.0] * 3  # grad() adds to what is retained too


def switches():
    """The switches of this thread."""
    return (
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_anomaly_enabled(),
        MODE.get().saved_hooks == (),
        MODE.get().dual_levels != (),
        MODE.get().watchers == (),
        graph.is_multithreading_enabled(),
    )


DEFAULT = (True, False, False, True, False, True, True)
CONTEXTS = [
    (torch.no_grad, (False, *DEFAULT[1:])),
    (torch.inference_mode, (False, True, *DEFAULT[2:])),
    (lambda: autograd.set_detect_anomaly(True), (True, False, True, *DEFAULT[3:])),
    (lambda: graph.saved_tensors_hooks(lambda t: t, lambda t: t), (*DEFAULT[:3], False, *DEFAULT[4:])),
    (forward_ad.dual_level, (*DEFAULT[:4], True, *DEFAULT[5:])),
    (autograd.profiler.profile, (*DEFAULT[:5], False, True)),
    (lambda: graph.set_multithreading_enabled(False), (*DEFAULT[:6], False)),
    (contextlib.nullcontext, DEFAULT),
]


def test_switches_belong_to_the_thread():
    barrier = threading.Barrier(len(CONTEXTS))

    def work(i):
        context, expected = CONTEXTS[i]
        for _ in range(20):
            assert switches() == DEFAULT
            with context():
                barrier.wait(30)
                assert switches() == expected
                barrier.wait(30)
            assert switches() == DEFAULT

    in_threads(len(CONTEXTS), work)


def test_a_new_thread_starts_with_the_defaults():
    for context, _ in CONTEXTS:
        seen = []
        with context():
            thread = threading.Thread(target=lambda seen=seen: seen.append(switches()))
            thread.start()
            thread.join()
        assert seen == [DEFAULT]


def test_forward_here_backward_there():
    x = leaf()
    y = (x.exp() * x)[1:].sum()
    made = []

    def work(i):
        z = y * 2
        z.backward()
        made.append(z)

    in_threads(1, work)
    assert x.grad[0] == 0 and torch.allclose(x.grad[1:], 2 * (x.exp() * (1 + x))[1:].detach())
    with pytest.raises(RuntimeError, match="second time"):
        made[0].backward()


def test_callbacks_run_in_the_calling_thread():
    seen = []

    def note(*args):
        seen.append(threading.get_ident())

    class Noted(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            note()
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            note()
            return grad * 2

    x = leaf()

    def work(i):
        with graph.saved_tensors_hooks(lambda t: (note(), t)[1], lambda t: (note(), t)[1]):
            y = Noted.apply(x.exp())
        y.register_hook(note)
        x.register_hook(note)
        x.register_post_accumulate_grad_hook(note)
        y.grad_fn.register_hook(note)
        y.grad_fn.register_prehook(note)
        y.sum().backward()

    in_threads(1, work)
    assert len(seen) == 9 and len(set(seen)) == 1 and seen[0] != threading.get_ident()


def test_errors_of_one_thread_do_not_disturb_another():
    x = leaf(0.0)

    def work(i):
        for _ in range(100):
            y = x * (1000 if i % 2 else 1)
            if i % 2:
                y.register_hook(lambda grad: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    y.sum().backward()
            else:
                y.sum().backward()
            assert switches() == DEFAULT

    in_threads(8, work)
    assert x.grad.item() == 400


def test_a_failure_after_the_update_loses_none():
    """A post-accumulate hook runs when `.grad` has been updated: undoing that must not undo another thread's update."""
    x = leaf(0.0)
    failing = threading.local()

    def hook(t):
        if getattr(failing, "now", False):
            raise ZeroDivisionError

    x.register_post_accumulate_grad_hook(hook)

    def work(i):
        failing.now = bool(i % 2)
        for _ in range(200):
            if i % 2:
                with pytest.raises(ZeroDivisionError):
                    (x * 10000).sum().backward()
            else:
                (x * 1).sum().backward()

    in_threads(8, work)
    # What failed is taken back, unless two threads were adding to the same `.grad` at that moment.
    assert x.grad.item() % 10000 == 800


def test_a_failure_after_another_threads_update_keeps_that():
    x, y = leaf(0.0), leaf(0.0)
    x.grad, y.grad = torch.full((1,), 5.0, dtype=torch.float64), torch.full((1,), 7.0, dtype=torch.float64)

    def hook(t):
        if threading.current_thread() is threading.main_thread():
            in_threads(1, lambda i: (x * 100).sum().backward())
            raise ZeroDivisionError

    x.register_post_accumulate_grad_hook(hook)
    with pytest.raises(ZeroDivisionError):
        (x * 3 + y).sum().backward()
    assert (x.grad.item(), y.grad.item()) == (108, 7)
    from mibun.core import accumulation, engine

    assert not accumulation._undoable and not engine._running


@pytest.mark.parametrize("kind", ["tensor", "leaf", "accumulate", "Function"])
def test_a_hook_waits_for_another_threads_backward(kind):
    x = leaf()

    def elsewhere(*args):
        if threading.current_thread() is threading.main_thread():
            in_threads(1, lambda i: (x * 10).sum().backward())

    class Waits(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            elsewhere()
            return grad

    y = Waits.apply(x) if kind == "Function" else x * 1
    if kind == "tensor":
        y.register_hook(elsewhere)
    elif kind == "leaf":
        x.register_hook(elsewhere)
    elif kind == "accumulate":
        x.register_post_accumulate_grad_hook(elsewhere)
    y.sum().backward()
    assert x.grad.tolist() == [11.0] * 3


def test_tasks():
    x = leaf()

    async def work(i):
        context, expected = CONTEXTS[i]
        for _ in range(5):
            assert switches() == DEFAULT
            with context():
                await asyncio.sleep(0)
                assert switches() == expected
                (autograd.grad_mode.enable_grad()(lambda: x * 2))()
            await asyncio.sleep(0)
            (x * 1).sum().backward()

    async def everything():
        await asyncio.gather(*[work(i) for i in range(len(CONTEXTS))])

    asyncio.run(everything())
    assert x.grad.tolist() == [5.0 * len(CONTEXTS)] * 3 and switches() == DEFAULT


def test_a_task_starts_in_its_makers_mode():
    async def seen():
        await asyncio.sleep(0)
        return torch.is_grad_enabled()

    async def maker():
        with torch.no_grad():
            task = asyncio.create_task(seen())
        return await task, torch.is_grad_enabled()

    assert asyncio.run(maker()) == (False, True)


def test_random_numbers_are_not_drawn_twice():
    for draw in (lambda: torch.randn(3), lambda: torch.rand(5), lambda: torch.poisson(torch.full((4,), 20.0))):
        torch.manual_seed(0)
        drawn = []
        in_threads(8, lambda i, draw=draw, drawn=drawn: drawn.extend([tuple(draw().tolist()) for _ in range(25)]))
        if draw().dtype.is_floating_point and len(draw()) != 4:
            assert len(set(drawn)) == 200


FIRST_USES = [
    lambda x: x.view(16),
    lambda x: x.t(),
    lambda x: x.exp(),
    lambda x: x * x,
    lambda x: x @ x,
    lambda x: x.sum(0),
    lambda x: x.mean(),
    lambda x: x.cumsum(0),
    lambda x: x[0, 1:],
    lambda x: x.softmax(0),
    lambda x: x.std(),
    lambda x: torch.stack([x, x]),
    lambda x: torch.cat([x, x]),
    lambda x: x.clone().mul_(x),
    lambda x: x.max(0)[0],
    lambda x: torch.linalg.inv(x),
    lambda x: x.sort()[0],
    lambda x: x.permute(1, 0),
    lambda x: x.expand(2, 4, 4),
    lambda x: torch.where(x > 1, x, x * 2),
    lambda x: torch.nn.functional.linear(x, x),
    lambda x: x.unbind(0)[1],
    lambda x: x.norm(),
    lambda x: x.pow(3),
    lambda x: x.diagonal(),
    lambda x: torch.einsum("ij,jk->ik", x, x),
    lambda x: x.logsumexp(0),
    lambda x: x.flip(0),
    lambda x: x / x,
    lambda x: x.squeeze(),
    lambda x: x.unsqueeze(0),
    lambda x: x.tanh(),
    lambda x: x.reshape(2, 8),
    lambda x: x.movedim(0, 1),
    lambda x: x.narrow(0, 1, 2),
]


def first_uses():
    """Call each operator, forward and backward, in 8 threads at once; in a process that has not used it before."""
    sys.setswitchinterval(1e-6)
    x = (torch.arange(16, dtype=torch.float64).reshape(4, 4).sin() + 2).requires_grad_()
    for function in FIRST_USES:
        found = []

        def work(i, function=function, found=found):
            found.append(autograd.grad(function(x).sum(), x)[0].tolist())

        in_threads(8, work)
        assert all(grad == found[0] for grad in found)


def test_first_uses_in_many_threads():
    here = Path(__file__).resolve().parent
    code = "import sys; sys.path[:0] = sys.argv[1:]; import test_threads; test_threads.first_uses()"
    command = [sys.executable, "-c", code, str(here), str(here.parent / "src")]
    children = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for child in children:
        assert not child.communicate(timeout=120)[1]
        assert child.returncode == 0
