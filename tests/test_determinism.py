"""The same program gives the same bits: again, in other processes, under other hash seeds, beside other threads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import mibun as torch
from mibun import nn
from mibun.utils.checkpoint import checkpoint
from random_graphs import FAULTS, Program, Run, attempt, bits, values

HERE = Path(__file__).resolve().parent


def many_users(seed: int = 0) -> list:
    """A graph in which tensors have many users, whose gradients differ in size: each order of sums has its own bits."""
    torch.manual_seed(seed)
    x = torch.randn(50, requires_grad=True)
    w = torch.randn(50, requires_grad=True)
    parts = [(x * w * 10.0 ** (i % 7 - 3)).sin() + x[i:].sum() for i in range(20)]
    parts += [p * q for p, q in zip(parts, reversed(parts), strict=True)]
    parts += [part.cumsum(0).t().view(5, 10).sum(1).repeat(10) for part in parts[:5]]
    picked = torch.stack(parts)[:, torch.randint(0, 50, (200,))]
    loss = picked.exp().mean() + checkpoint(lambda x: (x * w).tanh().sum(), x, use_reentrant=False)
    loss.backward(inputs=[w, x])
    loss2 = nn.functional.dropout(x * w, 0.5).logsumexp(0) + (torch.outer(x, w) @ x).norm()
    loss2.backward()
    return [bits(t) for t in (loss, loss2, x.grad, w.grad)]


def trained() -> list:
    """The parameters after a few steps of two optimizers."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Dropout(0.2), nn.Linear(12, 4))
    for kind in (torch.optim.SGD, torch.optim.Adam):
        optimizer = kind(model.parameters(), lr=0.01)
        for _ in range(5):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(torch.randn(8, 6)), torch.randint(0, 4, (8,))).backward()
            optimizer.step()
    return [bits(p) for p in model.parameters()]


def programs(start: int, stop: int) -> list:
    """What random programs compute, and which callbacks they call in which order."""
    found = []
    for seed in range(start, stop):
        FAULTS.__init__()
        run = Run()
        outcomes = [attempt(run, step) for step in Program(seed).steps]
        found.append((outcomes, list(FAULTS.kinds), values(run)))
    return found


def digest() -> str:
    """All of it in one number."""
    return hashlib.sha256(repr((many_users(), trained(), programs(0, 60))).encode()).hexdigest()


def test_the_same_bits_a_hundred_times():
    first, second, third = many_users(), trained(), programs(100, 110)
    kept = []
    for i in range(100):
        assert many_users() == first
        kept.append([torch.zeros(i % 13) for _ in range(i % 5)])  # so that objects lie elsewhere in memory each time
        if i % 10 == 0:
            assert trained() == second and programs(100, 110) == third


def test_the_same_bits_under_any_hash_seed():
    code = "import sys; sys.path[:0] = sys.argv[1:]; import test_determinism; print(test_determinism.digest())"
    paths = [str(HERE), str(HERE.parent / "src")]
    children = []
    for seed in ("0", "1", "2", "12345", "random"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, *paths]
        children.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment))
    printed = [child.communicate(timeout=120)[0].strip() for child in children]
    assert [child.returncode for child in children] == [0] * 5
    assert set(printed) == {digest()}


def test_other_threads_do_not_change_the_bits():
    first = programs(200, 220)
    results: dict[int, list] = {}

    def backward_only(i):
        x = torch.linspace(0.1, 2, 30, dtype=torch.float64).requires_grad_()
        y = sum((x * 10.0 ** (k % 9 - 4)).exp().log() * x[k] for k in range(20))
        y.sum().backward()
        results.setdefault(i, []).append(bits(x.grad))

    threads = [threading.Thread(target=lambda i=i: [backward_only(i) for _ in range(10)]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({repr(found) for several in results.values() for found in several}) == 1
    assert programs(200, 220) == first


@pytest.mark.parametrize("n", [2, 17])
def test_sums_follow_the_order_of_the_program(n):
    """The gradients of one tensor are added in the order in which the engine meets its users: the last made first."""
    weights = [3.0 ** -(k * 5 % n) * (-1) ** k for k in range(n)]
    x = torch.ones(1, requires_grad=True)
    y = x * 1
    torch.stack([y * w for w in weights]).sum().backward()
    expected = torch.zeros(1)
    for w in reversed(weights):
        expected = expected + w
    assert bits(x.grad) == bits(expected)
