"""Saved tensors, modes, checkpointing, anomaly mode and profiles, probe by probe against installed PyTorch.

A probe is a function of the library; what it returns, or the class and the first words of what it raises, must be the
same for both.
"""

from __future__ import annotations

import contextlib
import functools
import warnings

import numpy as np
import pytest

import mibun
import mibun.sparse  # which declares its operators

oracle = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

PROBES = {}


def probe(function):
    PROBES[function.__name__] = function
    return function


def plain(value):
    """A result without what is of one library: Tensors as lists, with their flags."""
    if isinstance(value, (oracle.Tensor, mibun.Tensor)):
        flags = value.requires_grad, value.is_inference(), value.grad_fn is not None and value.grad_fn.name()
        return str(np.round(value.detach().double().numpy(), 5).tolist()), flags  # (a str, as nan is not nan)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def outcome(function, t, n_words=7):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return plain(function(t))
        except Exception as error:
            return type(error).__name__, " ".join(str(error).split()[:n_words])


def leaf(t, *values):
    return t.tensor(values or (0.5, 1.0, 2.0), requires_grad=True)


def same(value):
    return value


# --- saved tensors ---

OPERATIONS = {
    name: eval(f"lambda t, x: {name}")  # noqa: S307 (the source is the test's id)
    for name in (
        "x * x",
        "x + x",
        "x / x",
        "x * 2",
        "2 / x",
        "x ** 2",
        "x ** x",
        "2 ** x",
        "x.exp()",
        "x.log()",
        "x.tanh()",
        "x.sigmoid()",
        "x.relu()",
        "x.sqrt()",
        "x.abs()",
        "x.sin().cos()",
        "x.sum()",
        "x.mean()",
        "x.prod()",
        "x.max()",
        "x.var()",
        "x.norm()",
        "x.softmax(0)",
        "x.log_softmax(0)",
        "x.cumsum(0)",
        "x.view(3, 1)",
        "x[1:]",
        "x.clamp(0, 1)",
        "x @ x",
        "t.outer(x, x)",
        "x.view(3, 1) @ x.view(1, 3)",
        "t.cat([x, x])",
        "t.stack([x, x])",
        "t.where(x > 1, x, x)",
        "x.masked_fill(x > 1, 0)",
        "x.index_select(0, t.tensor([0]))",
        "x.expand(2, 3)",
        "x.clone().mul_(x)",
        "x.clone().exp_()",
        "x.clone().add_(x)",
        "x.clone().mul_(3)",
        "t.nn.functional.gelu(x)",
        "t.nn.functional.mse_loss(x, x.detach())",
        "t.nn.functional.linear(x, t.ones(2, 3), x[:2])",
        "t.lerp(x, x, 0.5)",
        "t.atan2(x, x)",
        "x.detach() * x",
        "t.minimum(x, x.detach())",
        "x.flip(0)",
        "x.pow(t.tensor(2.))",
    )
}
# Here mibun's rules save less, or something else: what the derivative needs and no more.
SAVES_OTHERWISE = {
    "x.max()",
    "x.prod()",
    "x.norm()",
    "x.var()",
    "x.softmax(0)",
    "x.clamp(0, 1)",
    "x ** x",
    "x.index_select(0, t.tensor([0]))",
    "x.masked_fill(x > 1, 0)",
    "t.atan2(x, x)",
    "x.abs()",
    "t.minimum(x, x.detach())",
    "t.where(x > 1, x, x)",
    "x.pow(t.tensor(2.))",
    "t.nn.functional.linear(x, t.ones(2, 3), x[:2])",
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_hooks_see_the_same_tensors(name):
    def shapes(t):
        packed, unpacked = [], []
        x = leaf(t)

        def pack(tensor):
            packed.append((tuple(tensor.shape), str(tensor.dtype)[6:], tensor is x))
            return tensor.detach().clone()

        with t.autograd.graph.saved_tensors_hooks(pack, lambda tensor: (unpacked.append(1), tensor)[1]):
            y = OPERATIONS[name](t, x)
        y.sum().backward()
        return sorted(packed), len(unpacked), x.grad

    expected, found = outcome(shapes, oracle), outcome(shapes, mibun)
    if name in SAVES_OTHERWISE:
        assert found[2] == expected[2]
    else:
        assert found == expected


@pytest.mark.parametrize("name", OPERATIONS)
def test_modified_in_place_where_that_is_allowed(name):
    def gradients(t):
        x = leaf(t)
        with t.autograd.graph.allow_mutation_on_saved_tensors() as context:
            y = x.clone()
            z = OPERATIONS[name](t, y)
            y.mul_(3)
            if z.numel() == 3 and not z._is_view() and z._base is None:
                z.sum().backward(retain_graph=True)
            z.sum().backward()
            left = len(list(context.cloned.items()))
        return x.grad, left

    expected, found = outcome(gradients, oracle), outcome(gradients, mibun)
    assert found == expected


# --- inference mode ---


def inference(t):
    with t.inference_mode():
        return t.ones(3), t.ones(3, requires_grad=True)


def with_inference_tensors(t, source):
    x, w = inference(t)
    return eval(source, {"t": t, "x": x, "w": w, "n": t.ones(3), "r": t.ones(3, requires_grad=True)})


for source in """
    x + 1; x.add_(1); x[0]; x[0].add_(1); x.view(3, 1); x.clone().add_(1); x.detach(); x.data; x * r; x + r; r * 2 + x
    r.clone().add_(x); r.clone().mul_(x); r.clone().copy_(x); n.clone().mul_(x); t.cat([r, x]); t.where(x > 0, r, r)
    x.requires_grad_(); x.requires_grad_(False); x._version; x.retain_grad(); x.register_hook(print); x.split(1)[0]
    t.add(n, 1, out=x); x.zero_(); x.resize_(2); x.unsqueeze_(0); x.t_(); x.new_zeros(2); t.zeros_like(x); x.double()
    x.float() is x; x.contiguous() is x; t.nn.Parameter(x); n.clone().set_(x); w.detach(); w + r; w * r; w + n; x.sum()
    r.masked_fill(x > 0, 0.); t.nn.functional.linear(n, n.view(1, 3) * x); x.expand(2, 3); x.numpy().tolist(); x == x
    x.exp(); x.mul(x); x.is_leaf; x.grad_fn; x.output_nr; w.is_leaf; w.grad; t.autograd.graph.increment_version(x)
""".replace("\n", ";").split(";"):
    if source.strip():
        PROBES[f"inference: {source.strip()}"] = functools.partial(with_inference_tensors, source=source.strip())


@probe
def views_of_normal_tensors(t):
    x = leaf(t).clone()
    with t.inference_mode():
        view, copy = x.view(3, 1), x * 2
        found = [view.is_inference(), copy.is_inference(), view.requires_grad, view._is_view(), view._version]
        x.add_(1)
    return [*found, x._version, view._version, view * 2]


@probe
def inplace_on_a_view_of_inference_mode(t):
    x = leaf(t).clone()
    with t.inference_mode():
        view = x.view(3, 1)
    view.mul_(2)


# --- checkpoints ---


def changing(t, first, then, **options):
    """A checkpoint of a function that does something else when it is called again."""
    calls = []

    def function(x):
        calls.append(1)
        return (first if len(calls) == 1 else then)(x)

    x = leaf(t)
    t.utils.checkpoint.checkpoint(function, x, use_reentrant=False, **options).sum().backward()
    return x.grad, len(calls)


CHANGES = {
    "fewer": (lambda x: x.sin().exp(), lambda x: x.sin() + 1),
    "more": (lambda x: x.sin(), lambda x: x.sin().exp()),
    "shape": (lambda x: x.sin(), lambda x: x[:2].sin()),
    "dtype": (lambda x: x.sin(), lambda x: x.double().sin()),
    "same": (lambda x: x.sin().exp(), lambda x: x.sin().exp()),
    "values": (lambda x: x.sin(), lambda x: (x * 2).sin()),
    "none": (lambda x: x + 1, lambda x: x + 1),
}
for name, (first, then) in CHANGES.items():
    for options in ({}, {"early_stop": False}, {"determinism_check": "none"}, {"preserve_rng_state": False}):
        PROBES[f"checkpoint: {name} {options}"] = functools.partial(changing, first=first, then=then, **options)


def with_checkpoints(t, source):
    C = t.utils.checkpoint
    names = {"C": C, "c": C.checkpoint, "s": C.checkpoint_sequential, "f": lambda x: x.sin().exp(), "same": same}
    return eval(source, {"t": t, "x": leaf(t), "n": t.ones(2), **names})


for source in """
    c(f, x); c(f, x, use_reentrant=True, k=1); c(f, n, use_reentrant=True); c(f, x, use_reentrant=False)
    c(f, x, use_reentrant=False, determinism_check="x"); t.autograd.grad(c(f, x, use_reentrant=True).sum(), x)
    c(f, x, use_reentrant=True, debug=True); c(f, x, use_reentrant=False, k=1); c(f, x, use_reentrant=True)
    t.autograd.grad(c(f, x, use_reentrant=False).sum(), x); c(f, x, use_reentrant=True).sum().backward(inputs=[x])
    c(lambda x: x.detach(), x, use_reentrant=True).sum().backward(); c(lambda x: x.detach(), x, use_reentrant=False)
    c(lambda x: (x, 1, None), x, use_reentrant=True); c(same, x, use_reentrant=True); C.detach_variable((x, 1))
    s([f, f, f], 2, x, use_reentrant=True); s([f, f, f], 3, x, use_reentrant=False); C.get_device_states(x)
    s([f], 1, x, use_reentrant=True, k=1); C.detach_variable([x]); C.create_selective_checkpoint_contexts(3)
    C.create_selective_checkpoint_contexts(["mm"]); [p.name for p in C.CheckpointPolicy]
    c(f, x, use_reentrant=False, debug=True, context_fn=lambda: 1)
""".replace("\n", ";").split(";"):
    if source.strip():
        PROBES[f"checkpoint: {source.strip()}"] = functools.partial(with_checkpoints, source=source.strip())


# --- anomaly mode ---


def anomaly(t, call, **options):
    """The error of a backward in anomaly mode, and the first line of each warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.suppress(RuntimeWarning), t.autograd.detect_anomaly(**options):
            try:
                result = call(t)
            except Exception as error:
                result = type(error).__name__, " ".join(str(error).split()[:8])
    # PyTorch's kernels save a place for NaN in numbers of their own, so the names and the order are what is compared.
    return result, [str(one.message).strip().split("\n")[0] for one in caught if one.category is UserWarning]


def second_order(t):
    x = leaf(t, 0.0)
    (grad,) = t.autograd.grad((x**1.5).sum(), x, create_graph=True)
    return t.autograd.grad(grad.sum() * 0, x)


ANOMALIES = {
    "sqrt": lambda t: (leaf(t, 0.0).sqrt() * 0).backward(),
    "div": lambda t: (leaf(t, 1.0) / leaf(t, 0.0) * 0).backward(),
    "none": lambda t: leaf(t).exp().sum().backward(),
    "infinite": lambda t: leaf(t, 0.0).log().backward(),
    "second order": second_order,
    "view": lambda t: (lambda y: (y[:2].sqrt_(), (y * 0).sum().backward()))(leaf(t, 0.0, 0.0, 1.0).clone()),
    "in place": lambda t: (lambda y: (y.add_(1), y.sum().backward()))(leaf(t).exp()),
    "nan in": lambda t: (leaf(t) * 1).backward(t.full((3,), float("nan"))),
}
for name, call in ANOMALIES.items():
    for options in ({}, {"check_nan": False}):
        PROBES[f"anomaly: {name} {options}"] = functools.partial(anomaly, call=call, **options)


# --- profiles ---


@probe
def schedules(t):
    found = []
    for wait, warmup, active, repeat, skip_first, skip_first_wait in np.ndindex(2, 2, 3, 3, 3, 2):
        options = {"wait": wait, "warmup": warmup, "active": active + 1, "repeat": repeat, "skip_first": skip_first}
        plan = t.profiler.schedule(**options, skip_first_wait=skip_first_wait)
        found.append([plan(step).value for step in range(12)])
    return found


@probe
def events_of_a_layer(t):
    layer = t.nn.Linear(3, 2)
    with t.autograd.profiler.profile(record_shapes=True) as found:
        layer(t.ones(4, 3)).sum().backward()
    wanted = ("aten::linear", "aten::addmm", "SumBackward0", "AddmmBackward0")
    events = [event for event in found.function_events if event.name in wanted]
    shapes = [event.input_shapes for event in events if event.name == "aten::linear"]
    return shapes, [(event.name, event.scope, event.cpu_parent and event.cpu_parent.name) for event in events]


@pytest.mark.parametrize("name", PROBES)
def test_probe(name):
    expected, found = outcome(PROBES[name], oracle), outcome(PROBES[name], mibun)
    assert found == expected


def test_operators_have_the_names_of_the_dispatcher():
    """Other than PyTorch's are only those of derivatives, and of steps that it does inside of an operator."""
    from mibun.core.registry import OPS
    from mibun.ops.aten import aten_name

    named = [op for op in OPS.values() if any(hasattr(oracle.ops.aten, aten_name(op) + end) for end in ("", "_"))]
    assert len(named) > 0.84 * len(OPS)
    for name in ("linear_with_bias", "convolve", "softmax_over", "layer_norm_over", "sum_dim", "select", "max_pool_2d"):
        assert OPS[name] in named
