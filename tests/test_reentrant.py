"""Backwards called inside of backwards: to any depth, and all or nothing as one call."""

from __future__ import annotations

import sys
import threading
import traceback

import pytest

import mibun as torch
from mibun import autograd
from mibun.core import accumulation, engine, nesting
from mibun.core.mode import MODE, PLAIN
from mibun.utils.checkpoint import checkpoint


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0), dtype=torch.float64, requires_grad=True)


@pytest.fixture(autouse=True)
def nothing_left():
    yield
    assert MODE.get() is PLAIN
    assert not engine._running and not accumulation._undoable
    assert not [t for t in threading.enumerate() if t.name == "mibun-deep-backward"]


class Deeper(autograd.Function):
    """Its backward runs the backward of another one, `levels` deep; the last calls `bottom`."""

    @staticmethod
    def forward(ctx, x, levels, bottom):
        ctx.levels, ctx.bottom = levels, bottom
        ctx.save_for_backward(x)
        return x * 1

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors  # a leaf
        if ctx.levels > 1:
            with torch.enable_grad():
                Deeper.apply(x, ctx.levels - 1, ctx.bottom).sum().backward()
        else:
            ctx.bottom()
        return grad, None, None


@pytest.mark.parametrize("levels", [1, 2, 100, 1000])
def test_in_a_function(levels):
    assert sys.getrecursionlimit() <= 1000 or levels < 1000
    reached = []
    x = leaf()
    Deeper.apply(x, levels, lambda: reached.append(MODE.get().grad)).sum().backward()
    assert reached == [False]
    assert x.grad.tolist() == [levels] * 2


@pytest.mark.parametrize("levels", [100, 400])
def test_in_hooks(levels):
    x = leaf()

    def go(level):
        y = x * 1
        if level > 1:
            y.register_hook(torch.enable_grad()(lambda grad: go(level - 1)))
        y.sum().backward()

    go(levels)
    assert x.grad.tolist() == [levels] * 2


def test_in_hooks_of_the_leaf():
    x = leaf()
    left = [100]

    @torch.enable_grad()
    def hook(t):
        if left[0]:
            left[0] -= 1
            (x * 2).sum().backward()

    x.register_post_accumulate_grad_hook(hook)
    (x * 2).sum().backward()
    assert x.grad.tolist() == [202.0] * 2


@pytest.mark.parametrize("use_reentrant", [True, False])
def test_in_checkpoints(use_reentrant):
    w = leaf(3.0)

    def nested(level):
        def function(x):
            return (x if level == 0 else checkpoint(nested(level - 1), x, use_reentrant=use_reentrant)) * 1 + w

        return function

    # Forward itself recurses, in the user's own functions.
    levels = 100
    x = leaf(1.0)
    nested(levels)(x).backward()
    assert (x.grad.item(), w.grad.item()) == (1, levels + 1)


def test_a_hundred_re_entrant_checkpoints_in_a_row():
    x, w = leaf(1.0), leaf(0.5)
    y = x
    for _ in range(100):
        y = checkpoint(lambda y: y + w, y, use_reentrant=True)
    y.backward()
    assert (x.grad.item(), w.grad.item()) == (1, 100)


@pytest.mark.parametrize("levels", [3, 100, 300])
def test_an_error_from_the_depth(levels):
    x = leaf()
    x.grad = torch.ones(2, dtype=torch.float64)
    before = x.grad
    error = KeyboardInterrupt("from below")

    def fail():
        raise error

    y = Deeper.apply(x, levels, fail).sum() + (x * x).sum()
    with pytest.raises(KeyboardInterrupt) as caught:
        y.backward(retain_graph=True)
    assert caught.value is error
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names[-1] == "fail" and names.count("backward") >= 2 * levels and names[0] == "test_an_error_from_the_depth"
    assert x.grad is before and before.tolist() == [1, 1] and before._version == 0


def test_endless_recursion_ends(monkeypatch):
    monkeypatch.setattr(engine, "MOST_THREADS", 4)
    x = leaf()
    x.register_hook(torch.enable_grad()(lambda grad: (x * 1).sum().backward()))
    with pytest.raises(RecursionError):
        (x * 1).sum().backward()
    assert x.grad is None


def test_an_outer_failure_undoes_the_inner_ones():
    x, w = leaf(), leaf(5.0, 6.0)
    (x * 1).sum().backward()
    kept = x.grad

    @torch.enable_grad()
    def inner(grad):
        (x * 10).sum().backward()
        (w * 3).sum().backward()
        assert x.grad is kept and x.grad.tolist() == [11, 11] and w.grad.tolist() == [3, 3]

    y = x * 1
    y.register_hook(inner)
    x.register_post_accumulate_grad_hook(lambda t: None)
    z = x * 2
    z.register_hook(lambda grad: 1 / 0)  # made before y's node, so that it runs after
    z2 = z + 0
    with pytest.raises(ZeroDivisionError):
        (z2 + y).sum().backward()
    assert x.grad is kept and kept.tolist() == [1, 1] and w.grad is None


def test_an_inner_failure_that_is_caught_undoes_the_inner_one_only():
    x = leaf()
    x.register_post_accumulate_grad_hook(lambda t: None)

    @torch.enable_grad()
    def inner(grad):
        (x * 100).sum().backward()
        bad = x * 1000
        bad.register_hook(lambda grad: 1 / 0)
        good = x * 1000
        with pytest.raises(ZeroDivisionError):
            (good * 1 + bad).sum().backward()

    y = x * 1
    y.register_hook(inner)
    y.sum().backward()
    assert x.grad.tolist() == [101, 101]


def test_context_variables_come_back_from_the_depth():
    from contextvars import ContextVar

    variable = ContextVar("variable", default=0)
    x = leaf()
    Deeper.apply(x, 150, lambda: variable.set(variable.get() + 1)).sum().backward()
    assert variable.get() == 1


def test_callbacks_of_the_engine_inside():
    called = []
    x = leaf()

    @torch.enable_grad()
    def inner(grad):
        y = x * 1
        y.register_hook(lambda grad: nesting.queue_callback(lambda: called.append("inner")))
        y.sum().backward()
        called.append("hook")

    y = x * 1
    y.register_hook(inner)
    y.register_hook(lambda grad: nesting.queue_callback(lambda: called.append("outer")))
    y.sum().backward()
    assert called == ["inner", "hook", "outer"]
