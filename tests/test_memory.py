"""Memory: without the garbage collector nothing is left of a program, and training does not grow.

MIBUN_MEMORY_COUNT is the number of random programs.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
import weakref

import numpy as np
import pytest

import mibun as torch
from mibun import autograd, nn
from mibun.autograd import forward_ad, graph
from mibun.core import accumulation, engine
from mibun.core.node import Node, VersionCounter
from mibun.core.views import View
from mibun.utils.checkpoint import checkpoint
from random_graphs import FAULTS, Program, Run, attempt

COUNT = int(os.environ.get("MIBUN_MEMORY_COUNT", "1000"))
KINDS = (torch.Tensor, Node, VersionCounter, View, engine._Execution, autograd.function.FunctionCtx)


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def alive() -> int:
    """How many tensors and parts of graphs there are."""
    # By type: `isinstance` asks strangers for their `__class__`, which some answer with a warning.
    return sum(issubclass(type(thing), KINDS) for thing in gc.get_objects())


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0, 3.0), dtype=torch.float64, requires_grad=True)


def without_cycles(seed: int) -> Program:
    """A program in which no leaf's `.grad` has a history, which leads back to the leaf (see below)."""
    program = Program(seed)
    steps = []
    for step in program.steps:
        if step[0] == "gradient":
            _, how, *rest, create = step
            step = ("gradient", how, *rest, create and how == "grad")
        steps.append(step)
    program.steps = steps
    return program


def run(program: Program) -> None:
    done = Run()
    for step in program.steps:
        attempt(done, step)
    done.__dict__.clear()


def test_random_programs_leave_nothing(no_collector):
    FAULTS.__init__()
    for seed in range(20):  # what is made once: node classes, rules
        run(without_cycles(seed))
    gc.collect()
    gc.freeze()  # what there is by now, of other tests above all, need not be looked at each time
    try:
        before = alive()
        for seed in range(COUNT):
            run(without_cycles(seed))
            FAULTS.kinds.clear()
            if alive_often(seed):
                left = alive() - before
                assert left <= 0, f"program {seed} or one before it leaves {left} objects"
        assert alive() <= before
    finally:
        gc.unfreeze()


def alive_often(seed: int) -> bool:
    """Looking at every object takes longer than a program."""
    return seed < 100 or seed % 200 == 0


def test_nothing_is_left_in_bytes(no_collector):
    """Neither arrays nor anything else that is no object of the collector's."""
    programs = [without_cycles(seed) for seed in range(60)]
    for program in programs:
        run(program)
    FAULTS.kinds.clear()
    tracemalloc.start()
    try:
        for _ in range(2):
            before = tracemalloc.get_traced_memory()[0]
            for program in programs:
                run(program)
            FAULTS.kinds.clear()
            grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 20_000, grown  # caches of the interpreter: one array of a program alone would be 60 times 100 bytes


def graph_of(x):
    """What hangs together after `x.grad` has a history: weak references to it."""
    y = (x * x).exp()
    y.sum().backward(create_graph=True)
    return [weakref.ref(thing) for thing in (x, x.grad, x.grad.grad_fn, y.grad_fn)]


def test_gradients_with_a_history_are_collected(no_collector):
    """x.grad -> its graph -> x is a cycle: the collector's work, or none if .grad is dropped first."""
    references = graph_of(leaf())
    assert all(reference() is not None for reference in references)
    gc.collect()
    assert all(reference() is None for reference in references)

    x = leaf()
    references = graph_of(x)
    x.grad = None
    assert references[0]() is x and all(reference() is None for reference in references[1:])
    del x
    assert references[0]() is None


def test_grad_with_create_graph_makes_no_cycle(no_collector):
    def work():
        x = leaf()
        y = x.exp() * x
        (g,) = autograd.grad(y.sum(), x, create_graph=True)
        (h,) = autograd.grad(g.sum(), x, create_graph=True)
        return [weakref.ref(thing) for thing in (x, y, g, h, y.grad_fn, g.grad_fn, h.grad_fn)]

    assert [reference() for reference in work()] == [None] * 7


class Held:
    """Something that a closure or a context holds."""


def test_what_closures_and_contexts_hold_is_freed(no_collector):
    class Keeps(autograd.Function):
        @staticmethod
        def forward(ctx, x, held):
            ctx.held = held
            ctx.save_for_backward(x, x.exp())
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            return grad * ctx.saved_tensors[1], None

    def work(fails):
        held = [Held() for _ in range(7)]
        references = [weakref.ref(one) for one in held]
        a, b, c, d, e, f, g = held
        x = leaf()
        y = Keeps.apply(x, a)
        y.register_hook(lambda grad, b=b: None)
        y.grad_fn.register_hook(lambda *grads, c=c: None)
        x.register_hook(lambda grad, d=d: 1 / 0 if fails else None)
        x.register_post_accumulate_grad_hook(lambda t, e=e: None)
        y.grad_fn.metadata["held"] = f
        graph.register_multi_grad_hook([x, y], lambda grads, g=g: None)
        references += [weakref.ref(thing) for thing in (x, y, y.grad_fn)]
        try:
            y.sum().backward(retain_graph=fails)
        except ZeroDivisionError:
            pass
        references.append(weakref.ref(x if x.grad is None else x.grad))
        return references

    for fails in (False, True):
        assert [reference() for reference in work(fails)] == [None] * 11


def test_modes_and_checkpoints_leave_nothing(no_collector):
    def work():
        x = leaf()
        made = [x]
        with autograd.set_detect_anomaly(True):
            made.append(x.exp().log())
            made[-1].sum().backward()
        with autograd.profiler.profile():
            made.append((x * x).sin())
            made[-1].sum().backward()
        with graph.saved_tensors_hooks(lambda t: t.detach(), lambda t: t):
            made.append(x.exp() * x)
            made[-1].sum().backward()
        with graph.allow_mutation_on_saved_tensors():
            made.append(x.exp() * x)
            made[-1].sum().backward()
        for use_reentrant in (True, False):
            made.append(checkpoint(lambda x: x.exp() * x, x, use_reentrant=use_reentrant))
            made[-1].sum().backward()
        with forward_ad.dual_level():
            made.append(forward_ad.make_dual(x.exp(), torch.ones(3, dtype=torch.float64)).sin())
        with torch.inference_mode():
            made.append(x.exp())
        autograd.functional.hessian(lambda x: (x**3).sum(), x)
        return [weakref.ref(t) for t in made] + [weakref.ref(t.grad_fn) for t in made if t.grad_fn is not None]

    assert {reference() for reference in work()} == {None}


def peak(work) -> int:
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_saved_values_are_freed_as_backward_goes_on():
    """Backward of a chain of n saved megabytes needs a few megabytes more than forward, not n."""
    x = torch.ones(1 << 17, dtype=torch.float64, requires_grad=True)  # 1 MB
    y = x
    for _ in range(20):
        y = y.sin()
    loss = y.sum()
    del y
    free_at = []
    node = loss.grad_fn.next_functions[0][0]
    last = node
    while last.next_functions[0][0].name() == "SinBackward0":
        last = last.next_functions[0][0]
    before = 0

    def note(grads):
        free_at.append(tracemalloc.get_traced_memory()[0] - before)

    last.register_prehook(note)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        del node, last
        loss.backward()
        most = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    # What was saved before tracing began is not counted when it is freed: the peak is of what backward makes.
    assert len(free_at) == 1 and most < 5 * (1 << 20)
    assert peak(lambda: chain(20)) < (20 + 6) * (1 << 20)


def chain(n):
    """Forward and backward of n operations that save a megabyte each."""
    x = torch.ones(1 << 17, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(n):
        y = y.sin()
    y.sum().backward()


def test_a_chain_is_freed_in_the_middle():
    x = torch.ones(10, requires_grad=True)
    y = x.sin()
    middle = [weakref.ref(y.grad_fn)]
    seen = []
    y.register_hook(lambda grad: seen.append(after.saved))
    z = y.cos()
    after = z.grad_fn
    z.sum().backward()
    assert seen == [None] and middle[0]() is y.grad_fn


def small_network(kind):
    if kind == "mlp":
        return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3)), (4, 8)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 16, 3)), (2, 1, 6, 6)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("kind", ["mlp", "conv"])
def test_a_thousand_training_steps_grow_by_nothing(kind, optimizer, no_collector):
    torch.manual_seed(0)
    model, shape = small_network(kind)
    optim = getattr(torch.optim, optimizer)(model.parameters(), lr=1e-3)
    x, target = torch.randn(*shape), torch.randint(0, 3, (shape[0],))

    def step():
        optim.zero_grad()
        nn.functional.cross_entropy(model(x), target).backward()
        optim.step()

    for _ in range(20):
        step()
    tracemalloc.start()
    try:
        objects = len(gc.get_objects())
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            step()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 100_000, f"{grown} bytes"
    assert len(gc.get_objects()) - objects < 100


def test_errors_leave_nothing(no_collector):
    def work(i):
        x = leaf()
        y = x.exp()
        y.register_hook(lambda grad: 1 / 0)
        try:
            (y * 2).sum().backward()
        except ZeroDivisionError as error:
            assert error.__traceback__ is not None
        try:
            y.mul_(torch.ones(5, dtype=torch.float64))
        except RuntimeError:
            pass
        try:
            x.mul_(2)
        except RuntimeError:
            pass
        return [weakref.ref(t) for t in (x, y, y.grad_fn)]

    for i in range(3):
        assert [reference() for reference in work(i)] == [None] * 3
    assert not engine._running and not accumulation._undoable


def test_arrays_are_not_kept_by_the_graph_of_what_does_not_save_them(no_collector):
    x = torch.ones(1000, requires_grad=True)
    y = x * 2
    array = weakref.ref(y._array_)
    z = y + 1
    del y
    assert array() is None and isinstance(z._array_, np.ndarray)
