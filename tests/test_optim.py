"""Optimizers and schedulers: recorded steps, hooks, loading, and what else has to hold without PyTorch at hand."""

import copy
import pickle

import numpy as np
import pytest

import mibun as torch
from mibun import nn, optim

ELEMENTWISE = ["SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta", "ASGD", "Rprop"]
OPTIONS = {
    "SGD": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    "Adam": {"amsgrad": True, "weight_decay": 0.1},
    "RMSprop": {"centered": True, "momentum": 0.5},
}


@pytest.mark.parametrize("name", [*ELEMENTWISE, "LBFGS"])
def test_reaches_a_minimum(name):
    x = nn.Parameter(torch.tensor([3.0, -2.0, 0.5], dtype=torch.float64))
    optimizer = getattr(optim, name)([x], lr=1.0 if name in ("Adadelta", "LBFGS") else 0.1)

    def closure():
        optimizer.zero_grad()
        loss = ((x - 1) ** 2).sum()
        loss.backward()
        return loss

    first = closure().item()
    for _ in range(60):
        last = optimizer.step(closure)
    assert last.item() < first * (0.99 if name == "Adadelta" else 0.3)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_recorded_step(name):
    """Gradients flow through steps: compared with finite differences, for the parameters and the learning rate."""
    through_lr = name not in ("ASGD", "Rprop")

    def run(values, requires_grad):
        w = torch.tensor(values[:3], dtype=torch.float64, requires_grad=requires_grad)
        lr = torch.tensor(values[3], dtype=torch.float64, requires_grad=requires_grad) if through_lr else values[3]
        p = w * 1
        optimizer = getattr(optim, name)([p], lr=lr, differentiable=True, **OPTIONS.get(name, {}))
        weights = torch.tensor([1.0, 0.5, 2.0], dtype=torch.float64)
        for step in range(4):
            p.grad = (w * w * (step + 1) * weights).exp() * 0.1 * (-1) ** (step // 2)
            optimizer.step()
        loss = (p * p).sum()
        if not requires_grad:
            return loss.item()
        loss.backward()
        return [*w.grad.tolist(), lr.grad.item()] if through_lr else w.grad.tolist()

    at = np.array([0.3, 0.7, -0.5, 0.1])
    analytical = run(at, True)
    numerical = [(run(at + step, False) - run(at - step, False)) / 2e-6 for step in np.eye(4)[: len(analytical)] * 1e-6]
    np.testing.assert_allclose(analytical, numerical, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["ASGD", "Rprop"])
def test_recorded_step_refuses_what_gets_no_gradient(name):
    lr = torch.tensor(0.1, requires_grad=True)
    p = torch.ones(1, requires_grad=True) * 1
    optimizer = getattr(optim, name)([p], lr=lr, differentiable=True)
    p.grad = torch.ones(1)
    with pytest.raises(ValueError, match="no gradient flows to lr"):
        optimizer.step()


def test_version_counter_sees_the_step():
    x = nn.Parameter(torch.tensor([1.0, 2.0]))
    y = (x * x).sum()
    x.grad = torch.ones(2)
    optim.SGD([x], lr=0.1).step()
    assert x._version == 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_parameter_views_and_zero_dimensions():
    base = torch.zeros(4)
    x = nn.Parameter(base[1:3])
    s = torch.tensor(1.0, requires_grad=True)
    optimizer = optim.Adam([x, s], lr=0.1)
    x.grad, s.grad = torch.ones(2), torch.tensor(1.0)
    optimizer.step()
    np.testing.assert_allclose(base.numpy(), [0, -0.1, -0.1, 0], rtol=1e-5)
    assert s.item() == pytest.approx(0.9)


def test_parameters_without_gradient_stay():
    a, b = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    optimizer = optim.Adam([a, b])
    a.grad = torch.ones(1)
    optimizer.step()
    assert b.item() == 1 and list(optimizer.state_dict()["state"]) == [0]
    optimizer.zero_grad()
    assert a.grad is None


@pytest.mark.parametrize("flag", ["foreach", "fused"])
def test_hints_change_nothing(flag):
    results = []
    for value in (None, True, False):
        x = nn.Parameter(torch.ones(3))
        x.grad = torch.tensor([1.0, 2.0, 3.0])
        optim.Adam([x], **{flag: value}).step()
        results.append(x.tolist())
    assert results[0] == results[1] == results[2]
    with pytest.raises(TypeError, match=f"{flag} must be None or a bool"):
        optim.Adam([x], **{flag: 3})
    with pytest.raises(AssertionError, match="If capturable=True"):
        optim.Adam([x], capturable=True)


def test_step_hooks_and_closure():
    x = nn.Parameter(torch.ones(1))
    optimizer = optim.SGD([x], lr=1.0)
    calls = []
    optimizer.register_step_pre_hook(lambda o, args, kwargs: calls.append("pre"))
    handle = optimizer.register_step_post_hook(lambda o, args, kwargs: calls.append(x.item()))

    def closure():
        assert torch.is_grad_enabled()
        optimizer.zero_grad()
        loss = x.sum()
        loss.backward()
        return loss

    with torch.no_grad():
        assert optimizer.step(closure).item() == 1
    assert calls == ["pre", 0.0]
    handle.remove()
    optimizer.step()
    assert calls == ["pre", 0.0, "pre"]


class Halving(optim.Optimizer):
    """An optimizer of a user's own."""

    def __init__(self, params):
        super().__init__(params, {"factor": 0.5})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                p.mul_(group["factor"])


def test_own_optimizer_with_scheduler():
    x = nn.Parameter(torch.ones(1))
    optimizer = Halving([{"params": [x], "lr": 1.0}])
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    scheduler.step()
    assert x.item() == 0.5 and scheduler.get_last_lr() == [0.5]
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        optim.lr_scheduler.ExponentialLR(Halving([{"params": [x], "lr": 1.0}]), 0.5).step()


def test_copies():
    x = nn.Parameter(torch.ones(2))
    optimizer = optim.Adam([x], lr=0.1)
    x.grad = torch.ones(2)
    optimizer.step()
    model, twin = copy.deepcopy((x, optimizer))
    model.grad = torch.ones(2)
    twin.step()
    assert model.tolist() != x.tolist() and optimizer.state[x]["step"].item() == 1
    loaded = pickle.loads(pickle.dumps(optimizer))
    (param,) = loaded.param_groups[0]["params"]
    param.grad = torch.ones(2)
    loaded.step()
    assert param.tolist() == model.tolist()


def test_failed_load_changes_nothing():
    x = nn.Parameter(torch.ones(2))
    optimizer = optim.SGD([x], lr=0.1)
    with pytest.raises(ValueError, match="doesn't match the size"):
        optimizer.load_state_dict({"state": {}, "param_groups": [{"params": [0, 1], "lr": 9.0}]})
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_large_parameters_are_stepped_in_pieces():
    size = 100_003
    whole = nn.Parameter(torch.ones(size))
    part = nn.Parameter(torch.ones(3))
    grad = torch.linspace(-1, 1, size)
    whole.grad, part.grad = grad, grad[-3:].clone()
    for x in (whole, part):
        optim.AdamW([x], lr=0.1).step()
    assert whole[-3:].tolist() == part.tolist()
    strided = nn.Parameter(torch.ones(300, 400).t())
    strided.grad = torch.ones(400, 300)
    optim.SGD([strided], lr=1.0).step()
    assert strided.abs().max().item() == 0


def test_tensor_learning_rate():
    lr = torch.tensor(0.5)
    x = nn.Parameter(torch.ones(1))
    optimizer = optim.SGD([x], lr=lr)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
    x.grad = torch.ones(1)
    optimizer.step()
    scheduler.step()
    assert x.item() == 0.5 and optimizer.param_groups[0]["lr"] is lr and lr.item() == pytest.approx(0.05)


def test_scheduler_state():
    def make():
        optimizer = optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1)
        return optimizer, optim.lr_scheduler.CosineAnnealingLR(optimizer, 7)

    optimizer, scheduler = make()
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    other_optimizer, other = make()
    other.load_state_dict(scheduler.state_dict())
    other_optimizer.load_state_dict(optimizer.state_dict())
    for _ in range(3):
        for o, s in ((optimizer, scheduler), (other_optimizer, other)):
            o.step()
            s.step()
    assert other.get_last_lr() == scheduler.get_last_lr()


def copies(value):
    """What pickling and copying make of an object."""
    return [pickle.loads(pickle.dumps(value)), copy.deepcopy(value)]


def descend(optimizer):
    """One step down x², with the optimizer's own parameter, whose values are returned."""
    (param,) = optimizer.param_groups[0]["params"]

    def closure():
        optimizer.zero_grad()
        loss = (param * param).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return param.tolist()


@pytest.mark.parametrize("name", [*ELEMENTWISE, "LBFGS"])
def test_copies_go_on_alike(name):
    options = {"line_search_fn": "strong_wolfe", "max_iter": 1} if name == "LBFGS" else OPTIONS.get(name, {})
    optimizer = getattr(optim, name)([("w", nn.Parameter(torch.tensor([3.0, -2.0])))], lr=0.1, **options)
    descend(optimizer)
    others = copies(optimizer)
    for other in others:
        assert type(other) is type(optimizer) and repr(other) == repr(optimizer)
        assert other.param_groups[0]["param_names"] == ["w"] and other.defaults == optimizer.defaults
        assert list(other.state) == other.param_groups[0]["params"]
        assert not other.state_dict()["state"].keys() ^ optimizer.state_dict()["state"].keys()
    for _ in range(3):
        values = descend(optimizer)
        assert all(descend(other) == values for other in others)


def note_step(optimizer, args, kwargs):
    optimizer.noted = True


def test_copies_leave_hooks_behind():
    """Hooks belong to a process: a pickled optimizer has none, and takes new ones."""
    optimizer = optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1)
    optimizer.register_step_post_hook(lambda *given: pytest.fail("a hook of the original was called"))
    for other in copies(optimizer):
        other.register_step_post_hook(note_step)
        other.step()
        assert other.noted


def test_copies_know_what_is_required():
    groups = [{"params": [nn.Parameter(torch.ones(1))], "lr": 0.1}]
    optimizer = optim.Optimizer(groups, {"lr": optim.optimizer.required})
    for other in copies(optimizer):
        with pytest.raises(ValueError, match="didn't specify a value of required optimization parameter lr"):
            other.add_param_group({"params": [nn.Parameter(torch.ones(1))]})


class Power:
    """A function of the epoch that can be pickled."""

    def __init__(self, base):
        self.base = base

    def __call__(self, epoch):
        return self.base**epoch


def make_scheduler(expression):
    optimizer = optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    scope = {"S": optim.lr_scheduler, "o": optimizer, "Power": Power}
    return eval(expression, scope)


SCHEDULERS = [
    "S.LambdaLR(o, Power(0.9))",
    "S.MultiplicativeLR(o, Power(0.9))",
    "S.StepLR(o, 2)",
    "S.MultiStepLR(o, [2, 4, 4])",
    "S.ConstantLR(o, 0.5, 2)",
    "S.LinearLR(o)",
    "S.ExponentialLR(o, 0.9)",
    "S.PolynomialLR(o, 4)",
    "S.CosineAnnealingLR(o, 3)",
    "S.CosineAnnealingWarmRestarts(o, 2)",
    "S.OneCycleLR(o, 1.0, 12)",
    "S.CyclicLR(o, 0.1, 0.5, 3)",
    "S.CyclicLR(o, 0.1, 0.5, 3, scale_fn=Power(0.5))",
    "S.ReduceLROnPlateau(o, patience=0)",
    "S.SequentialLR(o, [S.LinearLR(o), S.ExponentialLR(o, 0.5)], [3])",
    "S.ChainedScheduler([S.LinearLR(o), S.ExponentialLR(o, 0.5)])",
]


def epoch(scheduler):
    """One epoch; the rate and the momentum after it."""
    scheduler.optimizer.step()
    scheduler.step(*[1.0] * isinstance(scheduler, optim.lr_scheduler.ReduceLROnPlateau))
    group = scheduler.optimizer.param_groups[0]
    assert scheduler.get_last_lr() == [group["lr"]]
    return group["lr"], group["momentum"]


@pytest.mark.parametrize("expression", SCHEDULERS)
def test_scheduler_copies_and_states_go_on_alike(expression):
    scheduler = make_scheduler(expression)
    for _ in range(2):
        epoch(scheduler)
    others = copies(scheduler)
    for other in others:
        assert other.optimizer is not scheduler.optimizer
        assert all(part.optimizer is other.optimizer for part in getattr(other, "_schedulers", ()))
    loaded = make_scheduler(expression)
    loaded.load_state_dict(pickle.loads(pickle.dumps(scheduler.state_dict())))
    loaded.optimizer.load_state_dict(pickle.loads(pickle.dumps(scheduler.optimizer.state_dict())))
    for _ in range(6):
        values = epoch(scheduler)
        assert [epoch(other) for other in [*others, loaded]] == [values] * 3


class Lion(optim.elementwise.ElementwiseOptimizer):
    """An elementwise optimizer of a user's own: `p ← p - lr sign(beta1 m + (1 - beta1) g)`. Chen et al. (2023)."""

    _options = {
        "lr": optim.elementwise.check_lr,
        "betas": optim.elementwise.check_betas,
        "weight_decay": optim.elementwise.check_not_negative,
        "maximize": optim.elementwise.check_flag,
        "differentiable": optim.elementwise.check_flag,
    }
    _arrays = {"exp_avg": None}

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False, differentiable=False):
        super().__init__(params, locals())

    def _shared(self, group, lr):
        return {"lr": lr, "betas": group["betas"], "shrink": 1 - lr * group["weight_decay"]}

    def _update(self, xp, param, grad, state, *, lr, betas, shrink):
        average = state["exp_avg"]
        direction = xp.sign(average * betas[0] + grad * (1 - betas[0]))
        average *= betas[1]
        average += grad * (1 - betas[1])
        param *= shrink
        param -= direction * lr


@pytest.mark.parametrize("size", [3, 50_000], ids=["whole", "in pieces"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.complex64])
def test_own_elementwise_optimizer(size, dtype):
    """From the declarations come checks, state, saving, complex numbers, pieces and recorded steps."""
    x = nn.Parameter(torch.ones(size, dtype=dtype))
    optimizer = Lion([x], lr=0.1, weight_decay=0.5)
    x.grad = torch.full((size,), -2.0 + 2.0j if dtype.is_complex else -2.0, dtype=dtype)
    optimizer.step()
    expected = 1.05 - 0.1j if dtype.is_complex else 1.05
    np.testing.assert_allclose(x.detach().numpy(), np.full(size, expected), rtol=1e-6)
    assert list(optimizer.state[x]) == ["step", "exp_avg"] and optimizer.state[x]["step"].item() == 1
    assert list(optimizer.state_dict()["param_groups"][0]) == [*Lion._options, "params"]
    with pytest.raises(ValueError, match="Invalid weight_decay value: -1"):
        Lion([x], weight_decay=-1)
    with pytest.raises(TypeError, match="maximize must be a bool"):
        Lion([x], maximize=1)


def test_own_elementwise_optimizer_recorded():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    p = w * 1
    p.grad = torch.ones(2)
    Lion([p], lr=0.1, weight_decay=0.5, differentiable=True).step()
    p.sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), [0.95, 0.95], rtol=1e-6)
