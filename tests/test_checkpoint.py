"""Checkpointing, both ways; selective checkpointing. Agrees with PyTorch except where marked."""

from __future__ import annotations

import contextlib
import functools
import gc
import warnings
import weakref

import pytest

import mibun as torch
from mibun.utils import checkpoint as module
from mibun.utils.checkpoint import CheckpointError, checkpoint, checkpoint_sequential

OURS = torch.__name__ == "mibun"
ours = pytest.mark.skipif(not OURS, reason="differs from PyTorch on purpose")
both_ways = pytest.mark.parametrize("use_reentrant", [True, False])


def leaf(*values):
    return torch.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)


def curve(x, y=None):
    z = (x * 2).sin().exp()
    return z if y is None else z * y


def gradient(f, x):
    return torch.autograd.grad(f(x).sum(), x)[0]


class Calls:
    def __init__(self, function):
        self.function = function
        self.count = 0

    def __call__(self, *args, **kwargs):
        self.count += 1
        return self.function(*args, **kwargs)


@both_ways
def test_values_and_gradients(use_reentrant):
    x, f = leaf(), Calls(curve)
    out = checkpoint(f, x, use_reentrant=use_reentrant)
    assert f.count == 1 and torch.equal(out, curve(x))
    name = out.grad_fn.name()
    assert name == ("CheckpointFunctionBackward" if use_reentrant else "ExpBackward0")
    out.sum().backward()
    assert f.count == 2 and torch.allclose(x.grad, gradient(curve, x))


@both_ways
def test_twice(use_reentrant):
    x, f = leaf(), Calls(curve)
    out = checkpoint(f, x, use_reentrant=use_reentrant).sum()
    out.backward(retain_graph=True)
    out.backward()
    assert f.count == 3 and torch.allclose(x.grad, 2 * gradient(curve, x))
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        out.backward()


@both_ways
def test_nested(use_reentrant):
    x = leaf()

    def inner(x):
        return checkpoint(curve, x, use_reentrant=use_reentrant).sin()

    def outer(x):
        return checkpoint(inner, x, use_reentrant=use_reentrant).cos()

    checkpoint(outer, x, use_reentrant=use_reentrant).sum().backward()
    assert torch.allclose(x.grad, gradient(lambda x: curve(x).sin().cos(), x))


@both_ways
@pytest.mark.parametrize("preserve", [True, False])
def test_random_numbers(use_reentrant, preserve):
    def noisy(x):
        return x * (torch.rand(64) > 0.5)

    x = torch.ones(64, requires_grad=True)
    torch.manual_seed(0)
    out = checkpoint(noisy, x, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    after = torch.get_rng_state()
    out.sum().backward()
    assert torch.equal(out, x.grad) == preserve
    if preserve:
        assert torch.equal(after, torch.get_rng_state())


@both_ways
def test_parameters_in_closures(use_reentrant):
    x, w = leaf(), leaf(4.0, 5.0, 6.0)
    checkpoint(lambda x: (x * w).exp().log(), x, use_reentrant=use_reentrant).sum().backward()
    assert torch.allclose(w.grad, x.detach()) and torch.allclose(x.grad, w.detach())


@both_ways
def test_sequential(use_reentrant):
    x = leaf()
    steps = [Calls(torch.sin), Calls(torch.exp), Calls(torch.cos), Calls(torch.tanh), Calls(torch.sin)]
    checkpoint_sequential(steps, 2, x, use_reentrant=use_reentrant).sum().backward()
    assert torch.allclose(x.grad, gradient(lambda x: x.sin().exp().cos().tanh().sin(), x))
    assert [step.count for step in steps[2:]] == [1, 1, 1] and steps[0].count == 2


def test_reentrant_only():
    x = leaf()
    with pytest.warns(UserWarning, match="use_reentrant parameter should be passed explicitly"):
        assert checkpoint(curve, x).grad_fn.name() == "CheckpointFunctionBackward"
    with pytest.raises(ValueError, match="Unexpected keyword arguments: y"):
        checkpoint(curve, x, y=x, use_reentrant=True)
    with pytest.raises(ValueError, match="`context_fn` or `debug` is only supported when use_reentrant=False"):
        checkpoint(curve, x, use_reentrant=True, debug=True)
    with pytest.warns(UserWarning, match="None of the inputs have requires_grad=True"):
        assert not checkpoint(curve, torch.ones(2), use_reentrant=True).requires_grad
    words = "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad()"
    with pytest.raises(RuntimeError, match=words):
        torch.autograd.grad(checkpoint(curve, x, use_reentrant=True).sum(), x)
    with pytest.raises(RuntimeError, match=words):
        checkpoint(curve, x, use_reentrant=True).sum().backward(inputs=[x])


def test_reentrant_outputs():
    x = leaf()
    out = checkpoint(lambda x: (x * 2, 3, None, [x]), x, use_reentrant=True)
    assert out[0].requires_grad and out[1:3] == (3, None) and isinstance(out[3], list)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not checkpoint(lambda xs: xs[0] * 2, (x,), use_reentrant=True).requires_grad
    assert checkpoint(lambda xs, y: xs[0] * y, (x.detach(),), x, use_reentrant=True).requires_grad


def test_keyword_arguments_and_any_output():
    x, y = leaf(), leaf()
    checkpoint(curve, x, y=y, use_reentrant=False).sum().backward()
    assert torch.allclose(y.grad, curve(x).detach())
    out = checkpoint(lambda t: {"a": t["x"].exp(), "b": 3}, {"x": x}, use_reentrant=False)
    assert out["b"] == 3 and out["a"].requires_grad
    with torch.no_grad():
        assert not checkpoint(curve, x, use_reentrant=False).requires_grad
    assert not checkpoint(curve, torch.ones(2), use_reentrant=False).requires_grad


def test_grad_and_higher_orders():
    x = leaf()
    out = checkpoint(lambda x: (x**3).sum(), x, use_reentrant=False)
    (first,) = torch.autograd.grad(out, x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    assert torch.allclose(second, 6 * x)


def test_early_stop():
    def steps(x):
        y = x.exp().sin()
        reached.append("sin")
        y = y.cos()
        reached.append("cos")
        return y + 1

    for options, context, expected in (
        ({}, contextlib.nullcontext(), ["sin"]),
        ({"early_stop": False}, contextlib.nullcontext(), ["sin", "cos"]),
        ({}, module.set_checkpoint_early_stop(False), ["sin", "cos"]),
        ({"early_stop": False}, module.set_checkpoint_early_stop(True), ["sin"]),
    ):
        reached = []
        with context:
            out = checkpoint(steps, leaf(), use_reentrant=False, **options)
        reached = []
        out.sum().backward()
        assert reached == expected


def test_context_fn():
    entered = []

    @contextlib.contextmanager
    def note(name):
        entered.append(name)
        yield

    x = leaf()
    checkpoint(curve, x, use_reentrant=False, context_fn=lambda: (note("forward"), note("again"))).sum().backward()
    assert entered == ["forward", "again"]


def changing(first, then):
    calls = Calls(lambda x: first(x) if calls.count == 1 else then(x))
    return calls


def test_determinism():
    def run(first, then, **options):
        checkpoint(changing(first, then), leaf(), use_reentrant=False, **options).sum().backward()

    with pytest.raises(CheckpointError, match="A different number of tensors was saved"):
        run(lambda x: x.sin().exp(), lambda x: x.sin())
    run(lambda x: x.sin(), lambda x: x.sin().exp())  # stops before the difference
    with pytest.raises(CheckpointError, match="trying to save more tensors during recomputation"):
        run(lambda x: x.sin(), lambda x: x.sin().exp(), early_stop=False)
    with pytest.raises(CheckpointError, match="have different metadata than during the forward pass"):
        run(lambda x: (x * 1).sin(), lambda x: torch.cat([x, x]).sin())
    run(lambda x: (x * 1).sin(), lambda x: x.reshape(3, 1).repeat(1, 3).sin()[0], determinism_check="none")
    with pytest.raises(ValueError, match="determinism_check should be one of"):
        run(curve, curve, determinism_check="other")


@ours
def test_debug():
    """PyTorch's log needs a compiler."""

    def run(**options):
        f = changing(lambda x: (x * 2).sin(), lambda x: torch.cat([x, x]).sin())
        checkpoint(f, leaf(), use_reentrant=False, **options).sum().backward()

    for context, options in (
        (contextlib.nullcontext(), {"debug": True}),
        (module.set_checkpoint_debug_enabled(True), {}),
    ):
        with context, pytest.raises(CheckpointError, match="Operations executed during the original forward") as info:
            run(**options)
        first, second = str(info.value).split("Operations executed during recomputation")
        assert "mul([3], 2)" in first and "cat([3], [3])" in second and "test_checkpoint.py" in first


def test_errors_inside():
    def fails(x):
        if f.count == 2:
            raise KeyError("again")
        return x.exp()

    f = Calls(fails)
    x = leaf()
    with pytest.raises(KeyError):
        checkpoint(f, x, use_reentrant=False).sum().backward()
    assert x.grad is None


def test_small_functions():
    x = leaf()
    detached = module.detach_variable((x, 3, torch.ones(2)))
    assert detached[0].requires_grad and detached[0] is not x and detached[1] == 3 and not detached[2].requires_grad
    with pytest.raises(RuntimeError, match="Only tuple of tensors is supported"):
        module.detach_variable(x)
    with pytest.raises(ValueError, match="Unexpected keyword arguments: other"):
        checkpoint_sequential([torch.sin], 1, x, use_reentrant=False, other=1)
    with pytest.raises(ValueError):
        checkpoint_sequential([torch.sin], 3, x, use_reentrant=False)


def test_nothing_is_kept():
    freed = []

    def function(x):
        y = x.exp()
        weakref.finalize(y, freed.append, "exp")
        return y.sin()

    gc.disable()
    try:
        x = leaf()
        out = checkpoint(function, x, use_reentrant=False)
        assert freed == ["exp"]
        out.sum().backward()
        del out
        assert freed == ["exp", "exp"]
    finally:
        gc.enable()


# --- selective ---


def keep(*names):
    """A policy that keeps the results of these operators."""

    def policy(context, op, *args, **kwargs):
        name = str(op).split(".")[1]
        seen.append((name, context.is_recompute))
        return module.CheckpointPolicy.MUST_SAVE if name in names else module.CheckpointPolicy.PREFER_RECOMPUTE

    seen = []
    policy.seen = seen
    return policy


def test_selective():
    x = leaf()
    policy = keep("sin")
    context = lambda: module.create_selective_checkpoint_contexts(policy)  # noqa: E731
    checkpoint(curve, x, use_reentrant=False, context_fn=context).sum().backward()
    assert torch.allclose(x.grad, gradient(curve, x))
    assert policy.seen[:3] == [("mul", False), ("sin", False), ("exp", False)]
    assert not any(is_recompute for _, is_recompute in policy.seen)  # what was said in forward holds


def test_selective_by_list():
    aten = torch.ops.aten
    assert aten.sin.default in [aten.sin.default] and aten.sin.default != aten.exp.default
    assert str(aten.mul.Tensor) == "aten.mul.Tensor" and aten.mul.Tensor.name() == "aten::mul.Tensor"
    assert torch.equal(aten.sin.default(torch.ones(2)), torch.ones(2).sin())
    x = leaf()
    context = functools.partial(module.create_selective_checkpoint_contexts, [aten.sin.default])
    checkpoint(curve, x, use_reentrant=False, context_fn=context).sum().backward()
    assert torch.allclose(x.grad, gradient(curve, x))
    with pytest.raises(ValueError, match="Please update the OpOverloadPacket to a specific OpOverload"):
        module.create_selective_checkpoint_contexts([aten.sin])
    with pytest.raises(AttributeError, match="object has no attribute 'nothing'"):
        _ = aten.nothing
    with pytest.raises(AttributeError, match="The underlying op of 'aten.sin' has no overload name 'nothing'"):
        _ = aten.sin.nothing


def test_selective_policies_know_the_operators_of_layers():
    seen = []

    def policy(context, op, *args, **kwargs):
        seen.append((str(op).split(".")[1], tuple(context.op_output.shape)))
        return module.CheckpointPolicy.PREFER_RECOMPUTE

    def layers(x):
        y = torch.nn.functional.linear(x, x, x[0])
        y = torch.softmax(y, 0) @ x
        y.add_(1)
        return (y * 2).sum(1)

    x = torch.eye(3, requires_grad=True)
    context = lambda: module.create_selective_checkpoint_contexts(policy)  # noqa: E731
    checkpoint(layers, x, use_reentrant=False, context_fn=context).sum().backward()
    names = [name for name, _ in seen]
    for name in ("addmm", "_softmax", "mm", "add_", "mul", "sum"):
        assert name in names
    assert ("sum", (3,)) in seen


def test_selective_refuses_changes():
    def changes(x):
        y = x.sin()
        y.mul_(2)
        return y.exp()

    def run(**options):
        x = leaf()
        context = lambda: module.create_selective_checkpoint_contexts(keep("sin"), **options)  # noqa: E731
        checkpoint(changes, x, use_reentrant=False, context_fn=context).sum().backward()

    with pytest.raises(RuntimeError, match="Tensor cached during selective activation checkpoint has been mutated"):
        run()
    run(allow_cache_entry_mutation=True)
    with pytest.raises(TypeError, match="policy_fn_or_list must be either a function or a list of ops"):
        module.create_selective_checkpoint_contexts(3)
    with pytest.raises(ValueError, match="Expected op in `op_list`"):
        module.create_selective_checkpoint_contexts([3])


@ours
def test_selective_saves_the_work():
    """The kernel of an operator whose result is kept runs once, also in a second backward, which PyTorch refuses."""
    from mibun.core.registry import OPS

    kernel, runs = OPS["sin"].kernel, []
    OPS["sin"].kernel = lambda xp, *args: (runs.append(1), kernel(xp, *args))[1]
    try:
        for name, expected in (("sin", 1), ("exp", 2)):
            runs.clear()
            overload = getattr(torch.ops.aten, name).default
            context = functools.partial(module.create_selective_checkpoint_contexts, [overload])
            out = checkpoint(curve, leaf(), use_reentrant=False, context_fn=context).sum()
            out.backward(retain_graph=True)
            assert len(runs) == expected
            out.backward()
    finally:
        OPS["sin"].kernel = kernel


@ours
def test_modified_inside():
    """PyTorch gives a wrong gradient here."""

    def changes(x):
        y = x * 2
        z = y.sin()
        y.mul_(3)
        return z.cos()

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        checkpoint(changes, leaf(), use_reentrant=False).sum().backward()


# --- several backwards, and devices ---


def test_group_computes_again_once():
    runs = []

    def both(x):
        runs.append(1)
        return x.sin().exp(), x.cos().exp()

    x = leaf()
    for context, expected in ((contextlib.nullcontext(), 3), (module.GraphExecGroup(), 2)):
        runs.clear()
        y, z = checkpoint(both, x, use_reentrant=False)
        with context:
            torch.autograd.grad(y.sum(), x, retain_graph=True)
            torch.autograd.grad(z.sum(), x)
        assert len(runs) == expected


def test_group_refuses_overlap():
    x = leaf()
    y = checkpoint(curve, x, use_reentrant=False)
    with module.GraphExecGroup():
        torch.autograd.grad(y.sum(), x, retain_graph=True)
        with pytest.raises(CheckpointError, match="triggered for a tensor that was already unpacked once"):
            torch.autograd.grad(y.sum(), x)
        with pytest.raises(RuntimeError, match="GraphExecGroup contexts cannot be nested"):
            module.GraphExecGroup().__enter__()
    torch.autograd.grad(checkpoint(curve, x, use_reentrant=False).sum(), x)


@ours
def test_values_can_be_asked_for_twice():
    """PyTorch refuses to unpack a value again in the same backward."""

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            assert torch.equal(ctx.saved_tensors[0], ctx.saved_tensors[0])
            return grad * 2 * ctx.saved_tensors[0]

    x = leaf()
    checkpoint(Square.apply, x, use_reentrant=False).sum().backward()
    assert torch.equal(x.grad, 2 * x.detach())


def test_device_states():
    assert module.get_device_states(torch.ones(2), 3) == ([], [])
    module.set_device_states([], [])
    before = module.DefaultDeviceType.get_device_type()
    module.DefaultDeviceType.set_device_type("cpu")
    assert module.DefaultDeviceType.get_device_type() == "cpu"
    module.DefaultDeviceType.set_device_type(before)


def test_every_public_name():
    names = """CheckpointError CheckpointFunction CheckpointPolicy DefaultDeviceType GraphExecGroup SAC_IGNORED_OPS
        SelectiveCheckpointContext check_backward_validity checkpoint checkpoint_sequential
        create_selective_checkpoint_contexts detach_variable get_device_states noop_context_fn
        set_checkpoint_debug_enabled set_checkpoint_early_stop set_device_states"""
    assert sorted(names.split()) == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
