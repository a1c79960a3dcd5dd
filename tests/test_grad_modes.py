"""Grad mode: contexts, switches and decorators; per thread and per task. Agrees with PyTorch except where marked."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading

import pytest

import mibun as torch
from mibun.autograd import grad_mode

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="PyTorch's mode belongs to the thread alone")
enabled = torch.is_grad_enabled


@pytest.fixture(autouse=True)
def nothing_leaks():
    assert enabled()
    yield
    assert enabled() and not torch.is_inference_mode_enabled()


@pytest.mark.parametrize(
    "make, value",
    [
        (torch.no_grad, False),
        (torch.enable_grad, True),
        (lambda: torch.set_grad_enabled(False), False),
        (lambda: torch.set_grad_enabled(True), True),
        (torch.inference_mode, False),
        (lambda: torch.inference_mode(False), True),
    ],
)
def test_contexts(make, value):
    for outer in (True, False):
        with torch.set_grad_enabled(outer):
            with make() as entered:
                assert entered is None and enabled() is value
                with torch.enable_grad(), torch.no_grad():
                    assert not enabled()
                assert enabled() is value
            assert enabled() is outer
            with pytest.raises(KeyError):
                with make():
                    raise KeyError
            assert enabled() is outer
    context = make()
    torch.set_grad_enabled(True)
    for again in (context, context, context.clone()):
        with again:
            assert enabled() is value
        torch.set_grad_enabled(True)


def test_switch():
    try:
        torch.set_grad_enabled(False)
        assert not enabled()
        torch.set_grad_enabled(mode=True)
        assert enabled()
        torch._C._set_grad_enabled(False)
        assert not torch._C.is_grad_enabled()
    finally:
        torch.set_grad_enabled(True)
    for bad in ((), ("x",), (1,), (None,)):
        with pytest.raises(TypeError):
            torch.set_grad_enabled(*bad)
    with torch.autograd.set_multithreading_enabled(False):
        assert not torch._C._is_multithreading_enabled()
    assert torch._C._is_multithreading_enabled()


def test_every_public_name():
    for name in ("no_grad", "enable_grad", "set_grad_enabled", "inference_mode", "set_multithreading_enabled"):
        assert name in grad_mode.__all__ and hasattr(grad_mode, name)
        assert getattr(torch.autograd, name) is getattr(grad_mode, name)


@pytest.mark.parametrize("make", [lambda: torch.no_grad, torch.no_grad, lambda: torch.set_grad_enabled(False)])
def test_decorated_functions(make):
    def decorate(function):
        return make()(function)

    @decorate
    def f(mode, func=1, *args, self=2, **kwargs):
        """Documented."""
        if mode > 0:
            f(mode - 1)
        return enabled(), mode, func, args, self, kwargs

    assert f(2, 3, 4, self=5, ctx=6) == (False, 2, 3, (4,), 5, {"ctx": 6})
    assert f.__name__ == "f" and f.__doc__ == "Documented." and enabled()

    class Thing:
        @decorate
        def method(self):
            return enabled()

        @classmethod
        @decorate
        def of_class(cls):
            return enabled()

        def __call__(self, x):
            return enabled()

    assert not Thing().method() and not Thing.of_class() and not decorate(Thing())(1)
    assert not decorate(functools.partial(Thing(), 1))() and not decorate(lambda: enabled())()


def test_generators():
    log = []

    @torch.no_grad()
    def generator(n):
        got = None
        try:
            for i in range(n):
                log.append(enabled())
                try:
                    got = yield i, got
                except ValueError as error:
                    got = yield "caught", type(error)
                log.append(enabled())
            return "returned"
        finally:
            log.append(enabled())

    assert inspect.isgeneratorfunction(generator)
    running = generator(3)
    assert next(running) == (0, None) and enabled()
    assert running.send("sent") == (1, "sent") and enabled()
    assert running.throw(ValueError()) == ("caught", ValueError)
    assert next(running) == (2, None)
    with pytest.raises(StopIteration) as stop:
        next(running)
    assert stop.value.value == "returned"
    running = generator(3)
    next(running)
    running.close()
    running = generator(3)
    next(running)
    with pytest.raises(KeyError):
        running.throw(KeyError())
    assert enabled() and log and not any(log)

    def delegates():
        return (yield from generator(1))

    assert list(delegates()) == [(0, None)]


def test_a_generator_of_recorded_work_within_no_grad():
    @torch.enable_grad()
    def generator():
        yield enabled()
        yield enabled()

    with torch.no_grad():
        assert [(value, enabled()) for value in generator()] == [(True, False)] * 2


@ours
def test_coroutines_and_tasks():
    log = []

    @torch.no_grad()
    async def coroutine():
        before = enabled()
        await asyncio.sleep(0)
        return before, enabled()

    @torch.no_grad()
    async def generator():
        try:
            while True:
                log.append(enabled())
                await asyncio.sleep(0)
                try:
                    yield len(log)
                except ValueError:
                    yield "caught"
        finally:
            log.append(enabled())

    async def in_context():
        with torch.no_grad():
            await asyncio.sleep(0.001)
            assert not enabled()

    async def main():
        results = await asyncio.gather(coroutine(), in_context(), coroutine(), in_context())
        assert enabled()
        running = generator()
        assert await anext(running) == 1 and await running.asend(None) == 2 and enabled()
        assert await running.athrow(ValueError()) == "caught" and enabled()
        await running.aclose()
        assert log == [False] * 3 and enabled()
        return results

    assert asyncio.run(main())[::2] == [(False, False)] * 2


@pytest.mark.parametrize("decorate", [torch.no_grad(), torch.inference_mode(), torch.enable_grad()])
def test_classes_warn(decorate):
    with pytest.warns(FutureWarning, match="Decorating classes is deprecated and will be disabled in future versions"):

        @decorate
        class Thing:
            def __init__(self):
                self.made_with = enabled()

            def method(self):
                return enabled()

    with torch.set_grad_enabled(isinstance(decorate, torch.no_grad)):
        assert Thing().made_with is isinstance(decorate, torch.enable_grad)
        assert Thing().method() is enabled()


def test_threads_start_afresh():
    found = []
    with torch.no_grad(), torch.inference_mode():
        thread = threading.Thread(target=lambda: found.append((enabled(), torch.is_inference_mode_enabled())))
        thread.start()
        thread.join()
    assert found == [(True, False)]


def test_modes_of_backward():
    modes = []

    class Identity(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            modes.append(enabled())
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            modes.append(enabled())
            return grad

    x = torch.ones(2, requires_grad=True)
    y = Identity.apply(x)
    y.register_hook(lambda grad: modes.append(enabled()))
    out = y.sum()
    with torch.no_grad():
        (grad,) = torch.autograd.grad(out, x, retain_graph=True)
        assert modes == [False] * 3 and not grad.requires_grad and not enabled()
        torch.autograd.grad(out, x, create_graph=True)
        assert modes[3:] == [True] * 2 and not enabled()


def test_versions_kept():
    x, y = torch.ones(2), torch.ones(2)
    x.add_(1)
    with torch.autograd._unsafe_preserve_version_counter(x):
        x.add_(1)
    with torch.autograd._unsafe_preserve_version_counter((x, y)):
        x.add_(1)
        y.add_(1)
    assert (x._version, y._version) == (1, 0)


def test_order_of_gradients_in_memory():
    def stride_of_gradient():
        x = torch.ones(2, 3).t().requires_grad_()
        (x * torch.ones(3, 2)).sum().backward()
        return x.grad.stride()

    assert stride_of_gradient() == (1, 3)
    with torch.autograd.enforce_grad_layout_policy(False):
        assert stride_of_gradient() == (2, 1)
        with torch.autograd.enforce_grad_layout_policy():
            assert stride_of_gradient() == (1, 3)
    assert torch.autograd.enforce_grad_layout_policy(False)(stride_of_gradient)() == (2, 1)
    assert stride_of_gradient() == (1, 3)


def test_gradients_made_in_inference_mode():
    """They can be added to in that mode only, and a refusal changes nothing. (PyTorch refuses after it has added.)"""
    x = torch.ones(2, requires_grad=True)
    losses = [(x * 2).sum() for _ in range(3)]
    with torch.inference_mode():
        for loss in losses[:2]:
            loss.backward()
        assert x.grad.is_inference() and x.grad.tolist() == [4.0, 4.0]
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor outside InferenceMode is not allowed"):
        losses[2].backward(retain_graph=True)
    if OURS:
        assert x.grad.tolist() == [4.0, 4.0]
        x.register_post_accumulate_grad_hook(lambda leaf: None)
        with pytest.raises(RuntimeError, match="Inplace update to inference tensor"):
            losses[2].backward()
        assert x.grad.tolist() == [4.0, 4.0]
