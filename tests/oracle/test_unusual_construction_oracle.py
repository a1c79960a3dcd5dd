"""Modules, optimizers, recurrent layers and tensors that are set up otherwise than by the book, against PyTorch.

And every optimizer with every combination of how it is told to run, its learning rate as number and as Tensor.
"""

from __future__ import annotations

import copy
import pickle
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")
MODULES = (mibun, torch)


def outcome(call: Callable, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(*args)
        except Exception as error:
            return type(error).__name__


# --- Modules before and without their constructor ---

BEFORE: dict[str, Callable] = {
    "tensor": lambda m, s: setattr(s, "a", m.ones(1)),
    "tensor that requires grad": lambda m, s: setattr(s, "a", m.ones(1, requires_grad=True)),
    "parameter": lambda m, s: setattr(s, "a", m.nn.Parameter(m.ones(1))),
    "buffer": lambda m, s: setattr(s, "a", m.nn.Buffer(m.ones(1))),
    "module": lambda m, s: setattr(s, "a", m.nn.Linear(1, 1)),
    "number": lambda m, s: setattr(s, "a", 1),
    "list": lambda m, s: setattr(s, "a", [m.ones(1)]),
    "None": lambda m, s: setattr(s, "a", None),
    "training": lambda m, s: setattr(s, "training", False),
    "register_buffer": lambda m, s: s.register_buffer("a", m.ones(1)),
    "register_parameter": lambda m, s: s.register_parameter("a", m.nn.Parameter(m.ones(1))),
    "add_module": lambda m, s: s.add_module("a", m.nn.Linear(1, 1)),
    "a missing name": lambda m, s: s.missing,
    "del": lambda m, s: delattr(s, "missing"),
    "a hook": lambda m, s: s.register_forward_hook(print),
    "parameters": lambda m, s: list(s.parameters()),
}


@pytest.mark.parametrize("name", BEFORE)
def test_what_is_set_before_the_constructor(name: str) -> None:
    def run(module: Any) -> Any:
        class Made(module.nn.Module):
            def __init__(self) -> None:
                BEFORE[name](module, self)
                super().__init__()

        made = Made()
        return type(getattr(made, "a", None)).__name__, len(list(made.parameters())), made.training

    assert outcome(run, mibun) == outcome(run, torch)


def test_a_module_without_its_constructor() -> None:
    for module in MODULES:

        class Bare(module.nn.Module):
            def __init__(self) -> None:
                self.a = module.ones(1)  # noqa: B023

        assert Bare().a.item() == 1
        assert outcome(lambda: list(Bare().parameters())) == "AttributeError"  # noqa: B023


# --- optimizers ---


def _bare(module: Any) -> tuple[Any, Any]:
    class Bare(module.optim.Optimizer):
        def __init__(self, params: Any) -> None:
            self.params = list(params)
            self.param_groups = [{"params": self.params, "lr": 0.5}]

        def step(self, closure: Any = None) -> str:
            for p in self.params:
                p.data.sub_(p.grad, alpha=0.5)
            return "stepped"

    x = module.ones(2, requires_grad=True)
    x.sum().backward()
    return Bare([x]), x


def _wrapping(module: Any) -> tuple[Any, Any]:
    class Wrapping(module.optim.Optimizer):
        def __init__(self, inner: Any) -> None:
            self.inner = inner
            self.param_groups, self.state, self.defaults = inner.param_groups, inner.state, inner.defaults

        def step(self, closure: Any = None) -> Any:
            return self.inner.step(closure)

    x = module.ones(2, requires_grad=True)
    x.sum().backward()
    return Wrapping(module.optim.SGD([x], 0.5, momentum=0.5)), x


OPTIMIZERS: dict[str, Callable] = {
    "step": lambda m, o, x: (o.step(), o.step(), x.tolist()),
    "repr": lambda m, o, x: repr(o),
    "scheduler": lambda m, o, x: (lambda s: (o.step(), s.step(), o.param_groups[0]["lr"]))(
        m.optim.lr_scheduler.ExponentialLR(o, 0.5)
    ),
    "copy": lambda m, o, x: (copy.deepcopy(o).step(), x.tolist())[1],
}


@pytest.mark.parametrize("make", [_bare, _wrapping])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_without_their_constructor(name: str, make: Callable) -> None:
    assert outcome(lambda: OPTIMIZERS[name](mibun, *make(mibun))) == outcome(
        lambda: OPTIMIZERS[name](torch, *make(torch))
    )


NAMES = [n for n in dir(mibun.optim) if isinstance(getattr(mibun.optim, n), type) and n != "Optimizer"]
OPTIONS: dict[str, dict] = {
    "plain": {},
    "lr 0-d": {"lr": "0-d"},
    "lr of one": {"lr": "one"},
    "lr of two": {"lr": "two"},
    "lr int": {"lr": 1},
    "lr float64": {"lr": "float64"},
    "lr negative": {"lr": -1.0},
    "lr negative tensor": {"lr": "negative"},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
    "capturable": {"capturable": True},
    "differentiable": {"differentiable": True},
    "maximize": {"maximize": True},
    "foreach maximize": {"foreach": True, "maximize": True},
    "fused maximize": {"fused": True, "maximize": True},
    "fused foreach": {"fused": True, "foreach": True},
    "fused differentiable": {"fused": True, "differentiable": True},
    "capturable maximize": {"capturable": True, "maximize": True},
    "lr 0-d fused": {"lr": "0-d", "fused": True},
    "lr 0-d no foreach": {"lr": "0-d", "foreach": False},
    "lr 0-d differentiable": {"lr": "0-d", "differentiable": True},
    "lr 0-d capturable": {"lr": "0-d", "capturable": True},
    "lr 0-d maximize": {"lr": "0-d", "maximize": True},
    "lr 0-d foreach": {"lr": "0-d", "foreach": True},
    "lr 0-d weight_decay": {"lr": "0-d", "weight_decay": 0.1},
    "lr 0-d momentum": {"lr": "0-d", "momentum": 0.9},
    "lr 0-d nesterov": {"lr": "0-d", "momentum": 0.9, "nesterov": True},
    "lr 0-d amsgrad": {"lr": "0-d", "amsgrad": True},
    "lr 0-d centered": {"lr": "0-d", "centered": True, "momentum": 0.5},
    "betas": {"lr": "0-d", "betas": "betas"},
    "weight_decay": {"weight_decay": "0-d"},
    "momentum": {"momentum": "0-d"},
    "eps": {"eps": "eps"},
}
# mibun's one loop runs what PyTorch's loop over many tensors refuses.
REFUSED_THERE = ("lr 0-d foreach",)


def _value(module: Any, value: Any) -> Any:
    made = {
        "0-d": lambda: module.tensor(0.01),
        "one": lambda: module.tensor([0.01]),
        "two": lambda: module.tensor([0.01, 0.02]),
        "float64": lambda: module.tensor(0.01, dtype=module.float64),
        "negative": lambda: module.tensor(-1.0),
        "betas": lambda: (module.tensor(0.9), module.tensor(0.99)),
        "eps": lambda: module.tensor(1e-6),
    }
    return made[value]() if isinstance(value, str) else value


def _run(module: Any, name: str, options: dict) -> Any:
    x = module.tensor([1.0, -2.0, 3.0], requires_grad=True)
    optimizer = getattr(module.optim, name)([x], **{k: _value(module, v) for k, v in options.items()})

    def loss() -> Any:
        optimizer.zero_grad()
        value = (x * x).sum()
        value.backward()
        return value

    for _ in range(3):
        optimizer.step(loss)
    state = sorted(optimizer.state[x]) if name != "LBFGS" else None
    return x.tolist(), state, type(optimizer.param_groups[0]["lr"]).__name__


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_with_every_option(name: str) -> None:
    for label, options in OPTIONS.items():
        ours, theirs = (outcome(_run, module, name, options) for module in MODULES)
        if isinstance(theirs, str):
            assert ours == theirs or label in REFUSED_THERE, label
        else:
            assert ours[0] == pytest.approx(theirs[0], rel=1e-4, abs=1e-6), label
            assert ours[1:] == theirs[1:], label


@pytest.mark.parametrize("name", [n for n in NAMES if n != "LBFGS"])  # PyTorch's cannot be pickled
def test_older_states(name: str) -> None:
    """Step counts and their like as plain numbers, as older files have them; learning rates replaced and scaled."""

    def run(module: Any) -> Any:
        x = module.tensor([1.0, -2.0, 3.0], requires_grad=True)

        def loss() -> Any:
            x.grad = None
            value = (x * x).sum()
            value.backward()
            return value

        optimizer = getattr(module.optim, name)([x])
        optimizer.step(loss)
        saved = optimizer.state_dict()
        for state in saved["state"].values():
            for key, value in state.items():
                if isinstance(value, module.Tensor) and value.ndim == 0:
                    state[key] = value.item()
        optimizer = getattr(module.optim, name)([x])
        optimizer.load_state_dict(saved)
        optimizer.step(loss)
        optimizer = pickle.loads(pickle.dumps(optimizer))
        (x,) = optimizer.param_groups[0]["params"]
        optimizer.param_groups[0]["lr"] = module.tensor(0.02)
        optimizer.step(loss)
        optimizer.param_groups[0]["lr"] *= 0.5
        optimizer.step(loss)
        return x.tolist()

    ours, theirs = (outcome(run, module) for module in MODULES)
    assert ours == (theirs if isinstance(theirs, str) else pytest.approx(theirs, rel=1e-4, abs=1e-6))


# --- recurrent layers ---


def _replaced(m: Any, r: Any) -> Any:
    weights = [m.zeros_like(w) for w in r._flat_weights]
    r._flat_weights = weights
    return r(m.ones(2, 1, 2))[0].abs().sum().item(), r._flat_weights[0] is weights[0], r.weight_ih_l0.any().item()


def _assigned(m: Any, r: Any) -> Any:
    r._flat_weights = list(r._flat_weights)
    r.weight_ih_l0 = m.nn.Parameter(m.zeros_like(r.weight_ih_l0))
    return r._flat_weights[0] is r.weight_ih_l0


def _dropped(m: Any, r: Any) -> Any:
    raw = r.weight_hh_l0
    del r._parameters["weight_hh_l0"]
    r.register_parameter("weight_hh_l0_raw", m.nn.Parameter(raw.data))
    r.weight_hh_l0 = r.weight_hh_l0_raw * 0
    r(m.ones(2, 1, 2))[0].sum().backward()
    return r._flat_weights[1].abs().sum().item(), r.weight_hh_l0_raw.grad.abs().sum().item()


def _converted(m: Any, r: Any) -> Any:
    r._flat_weights = [m.zeros_like(w) for w in r._flat_weights]
    r.double()
    return r._flat_weights[0].dtype is m.float64, r._flat_weights[0] is r.weight_ih_l0


def _one(m: Any, r: Any) -> Any:
    r._flat_weights[0] = m.zeros_like(r._flat_weights[0])
    return r._flat_weights[0].abs().sum().item()


def _deleted(m: Any, r: Any) -> Any:
    del r.weight_hh_l0
    return len(r._flat_weights), outcome(lambda: r.all_weights)


LAYERS: dict[str, Callable] = {
    "list replaced": _replaced,
    "attribute assigned": _assigned,
    "weight computed": _dropped,
    "converted": _converted,
    "one of the list": _one,
    "deleted": _deleted,
    "names": lambda m, r: (setattr(r, "_flat_weights_names", list(r._flat_weights_names)), r._flat_weights_names),
    "deepcopy": lambda m, r: (lambda c: (c._flat_weights[0] is c.weight_ih_l0, c.weight_ih_l0 is r.weight_ih_l0))(
        copy.deepcopy(r)
    ),
    "pickle": lambda m, r: (lambda c: c._flat_weights[0] is c.weight_ih_l0)(pickle.loads(pickle.dumps(r))),
    "loaded": lambda m, r: (
        r.load_state_dict({k: v * 0 for k, v in r.state_dict().items()}),
        r._flat_weights[0].any().item(),
    ),
    "called otherwise": lambda m, r: (
        m.func.functional_call(r, {k: v.detach() * 0 for k, v in r.named_parameters()}, (m.ones(2, 1, 2),))[0]
        .abs()
        .sum()
        .item()
    ),
}


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("name", LAYERS)
def test_weights_of_recurrent_layers(kind: str, name: str) -> None:
    ours, theirs = (outcome(LAYERS[name], m, getattr(m.nn, kind)(2, 3)) for m in MODULES)
    assert ours == theirs


# --- attributes of tensors ---


def _hooked(m: Any, change: Callable) -> Any:
    x = m.tensor([1.0, 2.0], requires_grad=True)
    change(m, x)
    x.sum().backward()
    return x.grad.tolist(), None if x._backward_hooks is None else len(x._backward_hooks)


HOOKS: dict[str, Callable] = {
    "set": lambda m, x: setattr(x, "_backward_hooks", OrderedDict({0: lambda g: g * 3})),
    "cleared": lambda m, x: (x.register_hook(lambda g: g * 3), setattr(x, "_backward_hooks", None)),
    "those of another": lambda m, x: (
        lambda y: (y.register_hook(lambda g: g * 3), setattr(x, "_backward_hooks", y._backward_hooks))
    )(m.ones(2, requires_grad=True)),
    "registered afterwards": lambda m, x: (
        setattr(x, "_backward_hooks", OrderedDict()),
        x.register_hook(lambda g: g * 3),
    ),
    "deleted": lambda m, x: delattr(x, "_backward_hooks"),
}


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_that_are_assigned(name: str) -> None:
    assert outcome(_hooked, mibun, HOOKS[name]) == outcome(_hooked, torch, HOOKS[name])


def test_hooks_of_what_does_not_require_grad() -> None:
    for module in MODULES:
        x = module.ones(2)
        hooks: OrderedDict = OrderedDict()
        x._backward_hooks = hooks
        assert x._backward_hooks is hooks or x._backward_hooks == hooks


@pytest.mark.parametrize(
    "name", "grad _grad data requires_grad grad_fn names shape dtype is_leaf retains_grad _base _version T".split()
)
def test_deleting_and_clearing_attributes(name: str) -> None:
    def delete(m: Any) -> Any:
        x = m.tensor([1.0, 2.0], requires_grad=True)
        x.grad = m.ones(2)
        delattr(x, name)
        return getattr(x, name, None) is None

    def clear(m: Any) -> Any:
        x = m.tensor([1.0, 2.0], requires_grad=True)
        setattr(x, name, None)
        return str(getattr(x, name, None))

    for act in (delete, clear):
        assert outcome(act, mibun) == outcome(act, torch), act.__name__
