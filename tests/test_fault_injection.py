"""An exception out of any callback leaves everything as it was, crosses unchanged, and the program can go on.

MIBUN_FAULT_SEED and MIBUN_FAULT_COUNT choose the random programs (of `random_graphs.py`).
"""

from __future__ import annotations

import contextlib
import gc
import os
import random
import signal
import threading
import time
import traceback
from collections import Counter

import pytest

import mibun as torch
from mibun.autograd import graph
from mibun.core import accumulation, engine, nesting
from mibun.core.mode import MODE, PLAIN
from random_graphs import FAULTS, FREED, Program, Run, attempt, bits, everything, values

START = int(os.environ.get("MIBUN_FAULT_SEED", "0"))
COUNT = int(os.environ.get("MIBUN_FAULT_COUNT", "1000"))


class Stop(BaseException):
    """An exception of the user's own."""


ERRORS = (
    ValueError,
    KeyboardInterrupt,
    MemoryError,
    Stop,
    StopIteration,
    AttributeError,
    KeyError,
    TypeError,
    IndexError,
    RuntimeError,
    GeneratorExit,
    SystemExit,
    FloatingPointError,
    ImportError,
    RecursionError,
    NotImplementedError,
)
FORWARD = {
    "checkpointed function",
    "forward of a Function",
    "jvp of a Function",
    "jvp of an operator",
    "kernel",
    "packer",
    "setup_context",
}
IN_KERNELS = (MemoryError, KeyboardInterrupt, Stop)  # NumPy's own errors are given PyTorch's classes


def one(seed: int) -> tuple[str, str] | None:
    """Run a program without a fault, and again with one; returns what kind of fault it was and how it ended."""
    rng = random.Random(seed)
    program = Program(seed)
    FAULTS.__init__()
    clean = Run()
    outcomes = [attempt(clean, step) for step in program.steps]
    kinds = FAULTS.kinds
    if not kinds:
        return None
    # Rare kinds are as interesting as the common ones, and backward is more so than forward.
    met = sorted(set(kinds))
    kind = rng.choice([kind for kind in met if kind not in FORWARD] or met if rng.random() < 0.8 else met)
    at = rng.choice([i for i, k in enumerate(kinds) if k == kind])
    FAULTS.__init__()
    error = rng.choice(IN_KERNELS if kind == "kernel" else ERRORS)("injected")
    FAULTS.at, FAULTS.error = at, error
    run = Run()
    for step, expected in zip(program.steps, outcomes, strict=True):
        before = everything(run)
        try:
            outcome = attempt(run, step)
        except BaseException as caught:
            assert caught is error, f"{caught!r} came in the place of {error!r}, put into a {kind}"
            names = [frame.name for frame in traceback.extract_tb(caught.__traceback__)]
            assert names[-1] == "point" and "do" in names
            assert caught.__cause__ is None and caught.__context__ is None
            caught.__traceback__ = None
            after = everything(run)
            for was, now in zip(before, after, strict=True):
                assert was == now, f"{kind} changed something in {step}"
            FAULTS.disarm()
            del caught
            outcome = attempt(run, step)
            if outcome != expected:
                kept = "gradient" not in step or step[5]
                assert not kept and outcome is not None and outcome.startswith(FREED), f"the retry gave: {outcome}"
                return kind, "freed"
        assert outcome == expected
    assert FAULTS.raised
    assert values(run) == values(clean), f"after a fault in a {kind}"
    return kind, "retried"


def test_random_programs():
    seen: Counter = Counter()
    gc.collect()
    for seed in range(START, START + COUNT):
        try:
            result = one(seed)
        except BaseException as error:
            FAULTS.disarm()
            steps = "\n".join(map(str, Program(seed).steps))
            pytest.fail(
                f"program {seed} (MIBUN_FAULT_SEED={seed} MIBUN_FAULT_COUNT=1): {error!r}\n{steps}\n"
                f"{''.join(traceback.format_exception(error))}"
            )
        if result is not None:
            seen[result] += 1
    if COUNT >= 500:
        kinds = {kind for kind, _ in seen}
        assert len(kinds) >= 16, f"too few kinds of faults were met: {sorted(kinds)}"
        assert sum(n for (_, end), n in seen.items() if end == "retried") > 0.6 * COUNT


# --- what the random programs do not reach ---


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0, 3.0), dtype=torch.float64, requires_grad=True)


REFUSED = {
    "shape": lambda y, v, x: y.mul_(torch.ones(2, 3, dtype=torch.float64)),
    "shape of a view": lambda y, v, x: v.add_(torch.ones(5, dtype=torch.float64)),
    "dtype": lambda y, v, x: y.mul_(1j),
    "a leaf": lambda y, v, x: x.add_(1),
    "a view of a leaf": lambda y, v, x: x[:2].add_(1),
    "one of several views": lambda y, v, x: y.unbind(0)[0].add_(1),
    "overlap": lambda y, v, x: y[1:].add_(y[:-1]),
    "an expanded one": lambda y, v, x: y[:1].expand(4).add_(1),
    "index": lambda y, v, x: y.__setitem__(7, 1.0),
    "indexed value": lambda y, v, x: y.__setitem__(slice(0, 2), torch.ones(3, dtype=torch.float64)),
    "mask": lambda y, v, x: y.masked_fill_(torch.ones(2, dtype=torch.bool), 0.0),
    "copy": lambda y, v, x: y.copy_(torch.ones(2, dtype=torch.float64)),
    "out that requires grad": lambda y, v, x: torch.mul(y, y, out=v),
    "out of another dtype": lambda y, v, x: torch.mul(y.detach(), 1j, out=y.detach()),
    "out that is expanded": lambda y, v, x: torch.exp(y.detach(), out=y.detach()[:1].expand(3)),
    "scatter": lambda y, v, x: y.scatter_(0, torch.tensor([9]), 1.0),
    "clamp": lambda y, v, x: y.clamp_(),
    "as_strided": lambda y, v, x: y.as_strided((9,), (1,)),
    "view": lambda y, v, x: y.view(2, 2),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("packed", [False, True])
def test_a_refused_operation_changes_nothing(name, packed):
    x = leaf()
    y = x * 2
    view = y[:2]
    tensors = (x, y, view)

    def state():
        return [
            (bits(t), t._version, t.grad_fn and t.grad_fn.name(), id(t.grad_fn), t.shape, t.is_leaf) for t in tensors
        ]

    before = state()
    with graph.saved_tensors_hooks(lambda t: t, lambda t: t) if packed else contextlib.nullcontext():
        with pytest.raises((RuntimeError, IndexError, TypeError, ValueError)):
            REFUSED[name](*(y, view, x))
    assert state() == before
    (y.sum() + view.sum()).backward()
    assert x.grad.tolist() == [4, 4, 2]


def test_no_memory_for_one_gradient(monkeypatch):
    """A `.grad` is added to in place only when all that needs memory has been made."""
    old, new, more = leaf(), leaf(), leaf()
    old.grad = torch.ones(3, dtype=torch.float64)
    kept, real, calls = old.grad, accumulation._own, []

    def own(grad, references):
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        return real(grad, references + 1)

    loss = (old * 2 + new * 3 + more * 4).sum()
    monkeypatch.setattr(accumulation, "_own", own)
    with pytest.raises(MemoryError):
        loss.backward(retain_graph=True)
    assert old.grad is kept and kept.tolist() == [1, 1, 1] and kept._version == 0
    assert new.grad is None and more.grad is None
    monkeypatch.undo()
    loss.backward()
    assert (old.grad.tolist(), new.grad.tolist(), more.grad.tolist()) == ([3.0] * 3, [3.0] * 3, [4.0] * 3)


def test_a_failing_callback_of_the_engine():
    x = leaf()
    x.grad = torch.ones(3, dtype=torch.float64)
    y = x * 2
    y.register_hook(lambda grad: nesting.queue_callback(lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        y.sum().backward()
    assert x.grad.tolist() == [1, 1, 1] and x.grad._version == 0


def test_a_hook_that_registers_hooks_on_other_outputs_of_its_node():
    x = leaf()
    a, b, c = x.unbind(0)
    seen = []

    def hook(grad):
        c.register_hook(lambda grad: seen.append("c"))
        a.retain_grad()

    b.register_hook(hook)
    (a * b * c).backward(retain_graph=True)
    del seen[:]
    (a * b * c).backward()
    assert seen and x.grad.tolist() == [12, 6, 4]


def test_warnings_as_errors_do_not_stop_a_sum_half_way():
    """inf - inf warns in NumPy; where warnings are errors, as in these tests, every `.grad` is complete anyway."""
    leaves = [leaf(1.0) for _ in range(5)]
    for t in leaves:
        t.grad = torch.full((1,), float("inf"), dtype=torch.float64)
    sum([t * float("-inf") for t in leaves]).backward()
    assert all(t.grad.isnan().all() and t.grad._version == 1 for t in leaves)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer's signals")
def test_ctrl_c_at_any_moment():
    """A signal's exception comes between any two instructions: either every `.grad` is changed or none."""
    leaves = [leaf(0.0) for _ in range(30)]

    def loss():
        return sum([t * 1 for t in leaves])

    loss().backward()
    start = time.perf_counter()
    loss().backward()
    longest = time.perf_counter() - start
    rng = random.Random(0)
    interrupted = 0

    def handler(*args):
        raise Stop

    before = signal.signal(signal.SIGALRM, handler)
    try:
        for _ in range(800):
            root = loss()
            grads = [(t.grad, t.grad.item(), t.grad._version) for t in leaves]
            try:
                try:
                    signal.setitimer(signal.ITIMER_REAL, max(1e-6, rng.random() * longest))
                    root.backward()
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
            except Stop:
                interrupted += 1
            changes = {
                (t.grad is g, t.grad.item() - v, t.grad._version - n)
                for t, (g, v, n) in zip(leaves, grads, strict=True)
            }
            assert changes in ({(True, 0, 0)}, {(True, 1, 1)})
            assert MODE.get() is PLAIN and not engine._running
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert interrupted > 20
    taken: list[bool] = []

    def take() -> None:  # in another thread: this one may take a lock again that it has left locked
        taken.append(accumulation._lock.acquire(timeout=5))
        if taken[0]:
            accumulation._lock.release()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    assert taken == [True]
