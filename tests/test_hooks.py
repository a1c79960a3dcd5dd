"""Hooks: on tensors, leaves, nodes and groups of tensors; their order, what they may return, and what a failure leaves.

Agrees with PyTorch except where marked.
"""

from __future__ import annotations

import gc
import pickle
import weakref

import pytest

import mibun as torch
from mibun.autograd import Function, Variable, grad, graph
from mibun.utils.hooks import RemovableHandle, unserializable_hook, warn_if_has_hooks

ours = pytest.mark.skipif(torch.__name__ != "mibun", reason="differs from PyTorch on purpose")


def leaf(*values, dtype=torch.float64):
    return torch.tensor(values or (1.0, 2.0), dtype=dtype, requires_grad=True)


def note(log, name):
    return lambda *_: log.append(name)


class NoGradient(Function):
    """Its backward gives None."""

    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad_output):
        return None


# --- order ---


def test_order_for_one_tensor():
    log = []
    x = leaf()
    y = x * 3
    accumulator = graph.get_gradient_edge(x).node
    x.register_post_accumulate_grad_hook(note(log, "accumulated"))
    accumulator.register_hook(note(log, "leaf post"))
    accumulator.register_prehook(note(log, "leaf pre"))
    x.register_hook(note(log, "leaf"))
    y.grad_fn.register_hook(note(log, "post"))
    y.grad_fn.register_prehook(note(log, "pre"))
    y.register_hook(note(log, "tensor"))
    y.sum().backward()
    assert log == ["tensor", "pre", "post", "leaf", "leaf pre", "accumulated", "leaf post"]


@pytest.mark.parametrize("kind", ["tensor", "pre", "post", "leaf", "accumulated"])
def test_hooks_of_one_kind_run_as_registered(kind):
    x = leaf()
    y = x * 2
    register = {
        "tensor": y.register_hook,
        "pre": y.grad_fn.register_prehook,
        "post": y.grad_fn.register_hook,
        "leaf": x.register_hook,
        "accumulated": x.register_post_accumulate_grad_hook,
    }[kind]
    log = []
    handles = [register(note(log, i)) for i in range(3)]
    y.sum().backward(retain_graph=True)
    handles[1].remove()
    register(note(log, 3))
    y.sum().backward(retain_graph=True)
    assert log == [0, 1, 2, 0, 2, 3]


def test_a_leaf_runs_as_soon_as_it_has_received_everything():
    """Between the nodes, not after them; and a leaf that is used twice runs once."""
    log = []
    weights = [leaf() for _ in range(3)]
    first = weights[0]
    x = first * 1
    for i, weight in enumerate(weights):
        x = x * weight
        x.register_hook(note(log, f"x{i}"))
        weight.register_hook(note(log, f"w{i}"))
        weight.register_post_accumulate_grad_hook(note(log, f"w{i}.grad"))
    x.sum().backward()
    assert log == ["x2", "w2", "w2.grad", "x1", "w1", "w1.grad", "x0", "w0", "w0.grad"]


@pytest.mark.parametrize("swap", [False, True])
def test_leaves_of_one_node_run_in_the_order_of_its_inputs(swap):
    log = []
    a, b = leaf(), leaf()
    for name, tensor in (("a", a), ("b", b)):
        tensor.register_hook(note(log, name))
        tensor.register_post_accumulate_grad_hook(note(log, name + "+"))
    ((b * a) if swap else (a * b)).sum().backward()
    assert log == (["b", "b+", "a", "a+"] if swap else ["a", "a+", "b", "b+"])


def test_what_is_ready_is_in_grad_when_a_hook_looks():
    """A hook of the first layer, which comes last, finds the gradients of all others, though these have no hooks."""
    seen = []
    first, *others = [leaf() for _ in range(4)]
    result = first * 1
    result.retain_grad()
    product = result
    for weight in others:
        product = product * weight
    result_of_hook = first.register_post_accumulate_grad_hook
    result_of_hook(lambda p: seen.append([t.grad is not None for t in (p, result, *others)]))
    others[-1].register_post_accumulate_grad_hook(lambda p: seen.append([t.grad is not None for t in (p, first)]))
    product.sum().backward()
    assert seen == [[True, False], [True] * 5]


def test_an_optimizer_step_in_the_backward():
    x, w = leaf(1.0, 1.0), leaf(2.0, 2.0)
    optimizers = {p: torch.optim.SGD([p], lr=1.0) for p in (x, w)}

    def step(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    for p in (x, w):
        p.register_post_accumulate_grad_hook(step)
    (x * w).sum().backward()
    assert x.grad is None and w.grad is None
    assert x.tolist() == [-1, -1] and w.tolist() == [1, 1]


def test_hooks_registered_during_the_backward():
    log = []
    x = leaf()
    y = x * 2
    y.register_hook(lambda g: x.register_hook(note(log, "leaf")) and None)
    y.sum().backward()
    assert log == ["leaf"]


def test_in_place_changes_keep_the_hooks_of_what_was():
    log = []
    x = leaf()
    y = x * 1
    y.register_hook(lambda g: log.append(("before", g.tolist())))
    y.retain_grad()
    y.mul_(3)
    y.register_hook(lambda g: log.append(("after", g.tolist())))
    (y * 2).sum().backward()
    assert log == [("after", [2, 2]), ("before", [6, 6])]
    assert y.grad.tolist() == [2, 2]  # a retained gradient is always that of the tensor as it is now
    base = x * 1
    view = base[0]
    view.register_hook(note(log, "view"))
    base.mul_(2)
    (base.sum() + view).backward()
    assert "view" not in log  # the view has a new history, of which the hook knows nothing


# --- what they get, and what they may give back ---


def test_replacing_the_gradient():
    x = leaf()
    y = x * 3
    y.register_hook(lambda g: g * 2)
    y.register_hook(lambda g: None)
    y.retain_grad()
    y.register_hook(lambda g: g + 1)
    y.grad_fn.register_prehook(lambda gs: (gs[0] * 10,))
    y.grad_fn.register_hook(lambda gi, go: (gi[0] - 1, None))
    x.register_hook(lambda g: g / 2)
    y.sum().backward()
    assert y.grad.tolist() == [3, 3]  # whenever it was asked for: after the hooks of the tensor, before the node's
    assert x.grad.tolist() == [44.5, 44.5]


RETURNS = [
    ("text", TypeError, "^expected Variable, but hook returned 'str'"),
    (torch.ones(3, dtype=torch.float64), RuntimeError, "^hook '<lambda>' has changed the size of value"),
    (torch.ones(2), RuntimeError, "^hook '<lambda>' has changed the type of value .was torch.DoubleTensor got torch.F"),
]


@pytest.mark.parametrize("value,error,message", RETURNS)
@pytest.mark.parametrize("kind", ["tensor", "leaf", "pre", "post"])
def test_returning_something_else(kind, value, error, message):
    x = leaf()
    y = x * 2
    if kind in ("tensor", "leaf"):
        (x if kind == "leaf" else y).register_hook(lambda g: value)
    elif kind == "pre":
        y.grad_fn.register_prehook(lambda gs: (value,))
    else:
        y.grad_fn.register_hook(lambda gi, go: (value, None))
    with pytest.raises(error, match=message):
        y.sum().backward()
    assert x.grad is None


@pytest.mark.parametrize("kind", ["pre", "post"])
@pytest.mark.parametrize(
    "result,error,message",
    [
        (lambda gs: gs[0], TypeError, "^expected tuple, but hook returned 'Tensor'"),
        (lambda gs: [gs[0]], TypeError, "^expected tuple, but hook returned 'list'"),
        (lambda gs: gs * 3, RuntimeError, "has returned an incorrect number of values .got 3, but expected 1"),
    ],
)
def test_node_hooks_return_tuples(kind, result, error, message):
    y = leaf().exp()
    if kind == "pre":
        y.grad_fn.register_prehook(result)
    else:
        y.grad_fn.register_hook(lambda gi, go: result(gi))
    with pytest.raises(error, match=message):
        y.sum().backward()


def test_what_node_hooks_see():
    """Gradients of the inputs' shapes and dtypes, None for inputs that need none: also for those not asked for."""
    x, w = leaf(1.0), torch.ones(3, 2, requires_grad=True)
    seen = []
    y = x * w * 2
    product = y.grad_fn.next_functions[0][0]
    y.grad_fn.register_hook(lambda gi, go: seen.append(([None if g is None else tuple(g.shape) for g in gi], len(go))))
    product.register_hook(lambda gi, go: seen.append([None if g is None else (tuple(g.shape), g.dtype) for g in gi]))
    y.sum().backward(retain_graph=True)
    assert seen == [([(3, 2), None], 1), [((1,), torch.float64), ((3, 2), torch.float32)]]
    del seen[:]
    grad(y.sum(), w)
    assert seen[1] == [None, ((3, 2), torch.float32)]


def test_none_gradients():
    x = leaf()
    y = x * 2
    log = []
    y.register_hook(log.append)
    y.grad_fn.register_prehook(lambda gs: log.append(gs))
    x.register_hook(log.append)
    x.register_post_accumulate_grad_hook(lambda p: log.append(p.grad))
    NoGradient.apply(y).sum().backward()
    assert log == [None, (None,), None, None] and x.grad is None
    y.register_hook(lambda g: torch.ones(2, dtype=torch.float64))
    with pytest.raises(RuntimeError, match="^can't replace a None gradient with a non-None value"):
        NoGradient.apply(y).sum().backward()
    y = x * 2
    y.grad_fn.register_prehook(lambda gs: (None,))
    y.sum().backward()
    assert x.grad is None


def test_post_accumulate_hooks_return_nothing():
    refused = (
        (leaf(), RuntimeError, "^Tensor post accumulate grad hooks should return None"),
        (1, TypeError, "^expected Variable, but hook returned 'int'"),
    )
    for value, error, message in refused:
        x = leaf()
        x.register_post_accumulate_grad_hook(lambda p, value=value: value)
        with pytest.raises(error, match=message):
            x.sum().backward()
    x = leaf()
    x.register_post_accumulate_grad_hook(lambda p: p)
    x.sum().backward()


@pytest.mark.parametrize("create_graph", [False, True])
def test_grad_mode_inside(create_graph):
    seen = []
    x = leaf()
    y = x * x
    y.register_hook(lambda g: seen.append((torch.is_grad_enabled(), g.requires_grad)))
    x.register_post_accumulate_grad_hook(lambda p: seen.append((torch.is_grad_enabled(), p.grad.requires_grad)))
    (y * y).sum().backward(create_graph=create_graph)
    assert seen == [(create_graph, create_graph)] * 2


def test_where_hooks_are_refused():
    for method in ("register_hook", "register_post_accumulate_grad_hook"):
        with pytest.raises(RuntimeError, match="^cannot register a hook on a tensor that doesn't require gradient"):
            getattr(torch.ones(2), method)(print)
    with pytest.raises(RuntimeError, match="^post accumulate grad hooks cannot be registered on non-leaf tensors"):
        (leaf() * 2).register_post_accumulate_grad_hook(print)


# --- partial backwards ---


def test_hooks_of_what_is_asked_for():
    """Under `grad`, the hooks of a tensor run and those of its node do not: the gradient stops before the node."""
    log = []
    x = leaf()
    y = x * 2
    y.register_hook(lambda g: log.append("tensor") or g * 5)
    y.grad_fn.register_prehook(note(log, "pre"))
    y.grad_fn.register_hook(note(log, "post"))
    x.register_hook(note(log, "leaf"))
    x.register_post_accumulate_grad_hook(note(log, "accumulated"))
    graph.get_gradient_edge(x).node.register_prehook(note(log, "leaf pre"))
    z = (y * 3).sum()
    assert grad(z, y, retain_graph=True)[0].tolist() == [15, 15]
    assert log == ["tensor"]
    assert grad(z, x, retain_graph=True)[0].tolist() == [30, 30]
    assert log == ["tensor", "tensor", "pre", "post", "leaf"]
    del log[:]
    other = leaf()
    (z + other.sum()).backward(inputs=[other])
    assert log == []


@ours
def test_a_captured_gradient_is_the_hooked_one():
    """In PyTorch it is so only if nothing behind the tensor is asked for as well."""
    x = leaf()
    y = x * 2
    y.register_hook(lambda g: g * 5)
    assert [g.tolist() for g in grad((y * 3).sum(), [x, y])] == [[30, 30], [15, 15]]


# --- failures ---


class Boom(Exception):
    pass


def boom(*_):
    raise Boom


@ours
@pytest.mark.parametrize("place", ["tensor", "pre", "post", "leaf", "leaf pre", "accumulated", "leaf post", "callback"])
def test_a_failing_hook_leaves_every_grad(place):
    """PyTorch keeps what was added to `.grad` before the failure."""
    early, late, plain = leaf(), leaf(3.0, 4.0), leaf(5.0, 6.0)
    (early + late + plain).sum().backward()
    seen = []
    early.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.tolist()))
    y = late * plain
    y.retain_grad()
    accumulator = graph.get_gradient_edge(late).node
    register, hook = {
        "tensor": (y.register_hook, boom),
        "pre": (y.grad_fn.register_prehook, boom),
        "post": (y.grad_fn.register_hook, boom),
        "leaf": (late.register_hook, boom),
        "leaf pre": (accumulator.register_prehook, boom),
        "leaf post": (accumulator.register_hook, boom),
        "accumulated": (late.register_post_accumulate_grad_hook, boom),
        "callback": (late.register_hook, lambda g: Variable._execution_engine.queue_callback(boom)),
    }[place]
    handle = register(hook)
    z = (y * early).sum()
    before = [(t.grad, t.grad.numpy(), t.grad._version) for t in (early, late, plain)]
    with pytest.raises(Boom):
        z.backward(retain_graph=True)
    assert seen == [[16.0, 25.0]]  # it was added, and taken back
    assert y.grad is None and torch.is_grad_enabled()
    for tensor, (old, memory, version) in zip((early, late, plain), before, strict=True):
        assert tensor.grad is old and old._version == version and memory.tolist() == [1, 1] == old.tolist()
    handle.remove()
    z.backward()
    assert [t.grad.tolist() for t in (early, late, plain, y)] == [[16, 25], [6, 13], [4, 9], [1, 2]]


@ours
def test_a_failure_after_a_hook_has_freed_a_gradient():
    x, w = leaf(), leaf()
    x.grad = torch.ones(2, dtype=torch.float64)
    old = x.grad

    def free(p):
        p.grad = None

    y = w * 1
    y.register_hook(boom)
    x.register_post_accumulate_grad_hook(free)
    with pytest.raises(Boom):
        (y * x).sum().backward()
    assert x.grad is old and old.tolist() == [1, 1] and w.grad is None


# --- handles ---


def test_handles():
    x = leaf()
    assert x._backward_hooks is None and x._post_accumulate_grad_hooks is None
    with x.register_hook(boom) as handle:
        assert isinstance(handle, RemovableHandle) and x._backward_hooks == {handle.id: boom}
    assert x._backward_hooks == {}
    handle.remove()
    x.sum().backward()
    accumulated = x.register_post_accumulate_grad_hook(boom)
    assert x._post_accumulate_grad_hooks == {accumulated.id: boom}
    accumulated.remove()
    x.sum().backward()
    log = []
    first = x.register_hook(lambda g: first.remove() or log.append("first"))
    x.register_hook(note(log, "second"))
    x.sum().backward()
    x.sum().backward()
    assert log == ["first", "second", "second"]
    again = pickle.loads(pickle.dumps(accumulated))
    assert again.id == accumulated.id
    assert leaf().register_hook(boom).id > again.id
    again.remove()


def test_hooks_do_not_travel():
    x = leaf()
    x.register_hook(unserializable_hook(lambda g: g * 2))
    warn_if_has_hooks(x)
    assert pickle.loads(pickle.dumps(x))._backward_hooks in (None, {})
    x.register_hook(boom)
    for save in (pickle.dumps, warn_if_has_hooks):
        with pytest.warns(UserWarning, match="^backward hook <function boom at .*> on tensor will not be serialized"):
            save(x)
    x.detach().requires_grad_().sum().backward()


def test_hooks_make_no_cycles_and_no_copies():
    seen = []
    x = leaf()
    x.register_hook(lambda g: seen.append(g.data_ptr()))
    x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.data_ptr()))
    y = (x * 3).exp()
    y.register_hook(lambda g: g * 1)
    reference = weakref.ref(y)
    y.sum().backward()
    assert seen[0] == seen[1]
    gc.collect()
    gc.disable()
    try:
        del y
        assert reference() is None
    finally:
        gc.enable()


# --- several tensors; the end of the backward ---


def test_multi_grad_hooks_wait_only_for_what_will_run():
    x, unused = leaf(), leaf()
    y = x * 2
    z = y * 3
    aside = y.exp()
    calls = []
    hook = graph.register_multi_grad_hook([z, aside, y], lambda gs: calls.append([g is not None for g in gs]))
    z.sum().backward(retain_graph=True)
    grad(z.sum(), z, retain_graph=True)
    grad(z.sum(), [y, unused], allow_unused=True)
    assert calls == [[True, False, True], [True, False, False], [True, False, True]]
    assert isinstance(hook, RemovableHandle)


def test_queue_callback():
    engine = Variable._execution_engine
    log = []
    x = leaf()

    def last():
        log.append(("first", x.grad.tolist(), torch.is_grad_enabled()))
        engine.queue_callback(note(log, "queued by a callback"))

    def hook(g):
        engine.queue_callback(last)
        engine.queue_callback(note(log, "second"))
        with torch.enable_grad():
            inner = leaf()
            inner.register_hook(lambda g: engine.queue_callback(note(log, "inner")))
            inner.sum().backward()
        log.append("hook")

    (x * 2).register_hook(hook)
    y = x * 2
    y.register_hook(hook)
    y.sum().backward()
    assert log == ["inner", "hook", ("first", [2, 2], False), "second", "queued by a callback"]
    with pytest.raises(RuntimeError, match="^Final callbacks can only be installed during backward pass"):
        engine.queue_callback(boom)


def test_the_engine_by_hand():
    engine = Variable._execution_engine
    x, w = leaf(), leaf()
    product = x * w
    y = product.sum()
    one = torch.ones((), dtype=torch.float64)
    result = engine.run_backward((y,), (one,), True, False, (x,), allow_unreachable=True)
    assert result[0].tolist() == [1, 2] and x.grad is None
    engine.run_backward((y,), (one,), True, False, (), allow_unreachable=True, accumulate_grad=True)
    assert w.grad.tolist() == [1, 2]
    valid = []
    product.register_hook(lambda g: valid.append(engine.is_checkpoint_valid()))
    y.backward(retain_graph=True)
    grad(y, x)
    assert valid == [True, False] and engine.is_checkpoint_valid()
